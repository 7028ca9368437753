//! The map of the whole country: every commune as a dot, drawn once, and the places counted by département on top.

use super::{Cadre, entiere, points_en_chemin};
use std::{
    collections::HashMap,
    fmt::Write,
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};
use territoire::{Boite, Commune, Point, Referentiel};

const LARGEUR: f64 = 1_000.0;
const HAUTEUR: f64 = 1_310.0;
const HAUTEUR_METROPOLE: f64 = 1_000.0;
const COLONNES: usize = 5;
/// The height of an inset and, under it, of its name.
const ENCART: (f64, f64) = (120.0, 35.0);
/// The radius of the smallest and of the largest circle.
const RAYONS: (f64, f64) = (9.0, 34.0);

/// A part of the world with a frame of its own: its name, then west, south, east, north in degrees.
type Partie = (&'static str, [f64; 4]);

/// Metropolitan France first, since the others fill the rows under it.
const PARTIES: [Partie; 11] = [
    ("France métropolitaine", [-5.2, 41.3, 9.65, 51.1]),
    ("Guadeloupe", [-61.85, 15.8, -61.0, 16.55]),
    ("Martinique", [-61.25, 14.37, -60.8, 14.9]),
    ("Guyane", [-54.6, 2.1, -51.6, 5.9]),
    ("La Réunion", [55.2, -21.4, 55.85, -20.86]),
    ("Mayotte", [45.0, -13.03, 45.32, -12.6]),
    ("Saint-Pierre-et-Miquelon", [-56.5, 46.72, -56.1, 47.15]),
    ("Saint-Martin, Saint-Barthélemy", [-63.2, 17.85, -62.75, 18.15]),
    ("Wallis-et-Futuna", [-178.3, -14.4, -176.1, -13.1]),
    ("Polynésie française", [-154.8, -27.8, -134.9, -7.8]),
    ("Nouvelle-Calédonie", [163.5, -22.8, 168.2, -19.5]),
];

/// The dots of every commune, as a picture that browsers keep.
pub static FOND: LazyLock<String> = LazyLock::new(|| {
    let places = Referentiel::embarque().communes().filter_map(|c| place(c.point));
    let mut image = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {HAUTEUR}"><path d="{}" fill="none" stroke="#7d8ca3" stroke-width="2.2" stroke-linecap="round"/>"##,
        points_en_chemin(places)
    );
    for rang in 1..PARTIES.len() {
        let (x, y) = coin(rang);
        let largeur = LARGEUR / COLONNES as f64;
        let _ = write!(
            image,
            r##"<path d="M{x} {y}h{largeur}v{h}h-{largeur}z" fill="none" stroke="#7d8ca3" stroke-opacity=".35"/>"##,
            h = ENCART.0 + ENCART.1
        );
    }
    image.push_str("</svg>");
    image
});

/// What tells browsers whether their copy of [`FOND`] is the current one.
pub static ETIQUETTE_DU_FOND: LazyLock<String> = LazyLock::new(|| {
    let mut empreinte = DefaultHasher::new();
    FOND.hash(&mut empreinte);
    format!("\"{:016x}\"", empreinte.finish())
});

/// Where the circle of each département or collectivity stands: in the middle of its communes.
static CENTRES: LazyLock<HashMap<&'static str, (f64, f64)>> = LazyLock::new(|| {
    let mut sommes: HashMap<&'static str, (f64, f64, f64)> = HashMap::new();
    for commune in Referentiel::embarque().communes() {
        if let Some((x, y)) = place(commune.point) {
            let somme = sommes.entry(commune.code.prefixe()).or_default();
            *somme = (somme.0 + x, somme.1 + y, somme.2 + 1.0);
        }
    }
    let milieu = |(code, (x, y, n)): (_, (f64, f64, f64))| (code, (x / n, y / n));
    sommes.into_iter().map(milieu).collect()
});

/// The circles and names to lay over [`FOND`].
#[derive(Debug, Clone, PartialEq)]
pub struct CarteNationale {
    /// One for each département or collectivity that has places, the smallest last so that none is hidden.
    pub bulles: Vec<Bulle>,
    /// The names of the insets.
    pub encarts: Vec<Encart>,
}

/// The places of a département.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulle {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// The radius.
    pub rayon: i32,
    /// The code of the département or collectivity.
    pub code: &'static str,
    /// Its name.
    pub nom: &'static str,
    /// How many places.
    pub nombre: usize,
}

/// The name of an inset, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encart {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// The name.
    pub nom: &'static str,
}

impl CarteNationale {
    /// Counts the communes of the places by département or collectivity.
    pub fn compter<'c>(communes: impl IntoIterator<Item = &'c Commune>) -> Self {
        let mut nombres: HashMap<&'static str, (usize, &'static str)> = HashMap::new();
        for commune in communes {
            let Some((code, _)) = CENTRES.get_key_value(commune.code.prefixe()) else {
                continue;
            };
            let nom = || Referentiel::embarque().situation(commune).0;
            nombres.entry(code).or_insert_with(|| (0, nom())).0 += 1;
        }
        let maximum = nombres.values().map(|(n, _)| *n).max().unwrap_or(1);
        let mut bulles: Vec<Bulle> = nombres
            .into_iter()
            .map(|(code, (nombre, nom))| bulle(code, nom, nombre, maximum))
            .collect();
        bulles.sort_by(|a, b| b.nombre.cmp(&a.nombre).then(a.code.cmp(b.code)));
        Self {
            bulles,
            encarts: encarts(),
        }
    }
}

fn bulle(code: &'static str, nom: &'static str, nombre: usize, maximum: usize) -> Bulle {
    // The area, not the radius, follows the count.
    let part = (nombre as f64 / maximum as f64).sqrt();
    let (x, y) = entiere(CENTRES[code]);
    Bulle {
        x,
        y,
        rayon: (RAYONS.0 + (RAYONS.1 - RAYONS.0) * part).round() as i32,
        code,
        nom,
        nombre,
    }
}

fn encarts() -> Vec<Encart> {
    let encart = |rang: usize| {
        let (x, y) = coin(rang);
        let (x, y) = entiere((x + LARGEUR / COLONNES as f64 / 2.0, y + ENCART.0 + ENCART.1 / 2.0));
        let nom = PARTIES[rang].0;
        Encart { x, y, nom }
    };
    (1..PARTIES.len()).map(encart).collect()
}

/// The top left corner of an inset.
fn coin(rang: usize) -> (f64, f64) {
    let (ligne, colonne) = ((rang - 1) / COLONNES, (rang - 1) % COLONNES);
    (
        colonne as f64 * LARGEUR / COLONNES as f64,
        HAUTEUR_METROPOLE + ligne as f64 * (ENCART.0 + ENCART.1),
    )
}

/// The place of a point in the drawing; nothing for the lands where nobody lives.
fn place(point: Point) -> Option<(f64, f64)> {
    let partie = |(_, [ouest, sud, est, nord]): &Partie| Boite::valide(*ouest, *sud, *est, *nord);
    let rang = PARTIES
        .iter()
        .position(|p| partie(p).is_some_and(|boite| boite.contient(point)))?;
    let boite = partie(&PARTIES[rang])?;
    let cadre = if rang == 0 {
        Cadre::contenant(boite, 10.0, 10.0, LARGEUR - 20.0, HAUTEUR_METROPOLE - 20.0)
    } else {
        let (x, y) = coin(rang);
        Cadre::contenant(
            boite,
            x + 8.0,
            y + 8.0,
            LARGEUR / COLONNES as f64 - 16.0,
            ENCART.0 - 16.0,
        )
    };
    Some(cadre.projeter(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toutes_les_communes_habitees_ont_leur_point() {
        let oubliees: Vec<_> = Referentiel::embarque()
            .communes()
            .filter(|c| c.population.is_some_and(|n| n > 0) && place(c.point).is_none())
            .map(|c| c.nom)
            .collect();
        assert!(oubliees.is_empty(), "{oubliees:?}");
    }

    #[test]
    fn le_fond_reste_leger() {
        assert!(FOND.len() < 300_000, "{} octets", FOND.len());
        assert!(FOND.matches("h0").count() > 20_000);
    }

    #[test]
    fn les_lieux_se_comptent_par_departement_outre_mer_compris() {
        let referentiel = Referentiel::embarque();
        let communes = ["01053", "01004", "97411", "98818"]
            .into_iter()
            .filter_map(|code| referentiel.commune(code.parse().ok()?));
        let carte = CarteNationale::compter(communes);
        let nombres: Vec<_> = carte.bulles.iter().map(|b| (b.code, b.nom, b.nombre)).collect();
        assert_eq!(
            nombres,
            [
                ("01", "Ain", 2),
                ("974", "La Réunion", 1),
                ("988", "Nouvelle-Calédonie", 1)
            ]
        );
        assert_eq!(carte.encarts.len(), 10);
    }
}
