//! The map of a neighbourhood: it frames the places of the page, and names the larger communes.

use super::{Cadre, entiere, points_en_chemin};
use std::sync::LazyLock;
use territoire::{Boite, Commune, Point, Referentiel};

/// The side of the square drawing.
const COTE: f64 = 600.0;
/// What stays empty along the edges.
const MARGE: f64 = 36.0;
/// The narrowest view, in metres from the centre to the edge: closer, dots say nothing.
const RAYON_MINIMAL_M: f64 = 2_000.0;
/// How many communes are drawn and named: the largest of those in sight.
const COMMUNES: usize = 250;
const NOMS: usize = 9;
/// Nearer than this, two pins are one.
const ECART_DES_EPINGLES: f64 = 40.0;
/// Half the room that a name takes.
const DEMI_NOM: (f64, f64) = (90.0, 15.0);
/// Where a name may stand, from its dot: just under, just over, or clear of a pin.
const PLACES_D_UN_NOM: [f64; 4] = [20.0, -20.0, 34.0, -34.0];
/// The radius of a pin, its edge included.
const RAYON_D_EPINGLE: f64 = 22.0;

/// The communes from south to north, so that those in sight are found by a few comparisons.
static PAR_LATITUDE: LazyLock<Vec<&'static Commune>> = LazyLock::new(|| {
    let mut communes: Vec<_> = Referentiel::embarque().communes().collect();
    communes.sort_by(|a, b| a.point.latitude.total_cmp(&b.point.latitude));
    communes
});

/// The map of a neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct CarteLocale {
    /// The communes, as the path of their dots.
    pub communes: String,
    /// The names of the larger ones.
    pub noms: Vec<Nom>,
    /// The other places of the search, as the path of their dots.
    pub autres: String,
    /// The places of the page, those that touch together.
    pub epingles: Vec<Epingle>,
    /// From where distances count.
    pub depart: Option<Repere>,
    /// A length of the drawing and the distance that it stands for, in metres.
    pub echelle: (i32, f64),
}

/// A place of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repere {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A name at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nom {
    /// Where.
    pub place: Repere,
    /// What is read.
    pub texte: &'static str,
}

/// A pin: one place of the list, or several too near one another to be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epingle {
    /// Where.
    pub place: Repere,
    /// The numbers of its places in the list.
    pub numeros: Vec<usize>,
}

impl Epingle {
    /// What is written on it.
    pub fn texte(&self) -> String {
        match self.numeros.as_slice() {
            [un] => un.to_string(),
            [premier, ..] => format!("{premier}+"),
            [] => String::new(),
        }
    }

    /// The first of its places.
    pub fn premier(&self) -> usize {
        self.numeros.first().copied().unwrap_or_default()
    }
}

impl CarteLocale {
    /// The map that shows the numbered places, the others as dots, and the starting point; nothing when there is nothing to frame.
    pub fn tracer(
        depart: Option<Point>,
        places: &[(usize, Point)],
        autres: impl IntoIterator<Item = Point>,
    ) -> Option<Self> {
        let cadre = cadrer(depart, places)?;
        let dans_le_dessin = |(x, y): &(f64, f64)| (0.0..=COTE).contains(x) && (0.0..=COTE).contains(y);
        let communes = communes_en_vue(&cadre);
        let epingles = epingler(places.iter().map(|(n, p)| (*n, cadre.projeter(*p))));
        Some(Self {
            noms: nommer(&communes, &epingles),
            communes: points_en_chemin(communes.into_iter().map(|(place, _)| place)),
            autres: points_en_chemin(autres.into_iter().map(|p| cadre.projeter(p)).filter(dans_le_dessin)),
            epingles,
            depart: depart.map(|p| repere(cadre.projeter(p))),
            echelle: echelle(&cadre),
        })
    }
}

fn repere(place: (f64, f64)) -> Repere {
    let (x, y) = entiere(place);
    Repere { x, y }
}

/// A frame that holds the starting point and every numbered place, the starting point in the middle when there is one.
fn cadrer(depart: Option<Point>, places: &[(usize, Point)]) -> Option<Cadre> {
    let points = places.iter().map(|(_, p)| *p);
    let centre = match depart {
        Some(depart) => depart,
        None => {
            let boite = Boite::englobant(points.clone())?;
            Point {
                longitude: (boite.ouest + boite.est) / 2.0,
                latitude: (boite.sud + boite.nord) / 2.0,
            }
        }
    };
    let rayon = points.map(|p| centre.distance_m(p)).fold(RAYON_MINIMAL_M, f64::max);
    Some(Cadre {
        centre,
        milieu: (COTE / 2.0, COTE / 2.0),
        unites_par_metre: (COTE / 2.0 - MARGE) / rayon,
    })
}

type EnVue = ((f64, f64), &'static Commune);

/// The most populated communes in sight, the largest first.
fn communes_en_vue(cadre: &Cadre) -> Vec<EnVue> {
    let demi_hauteur = COTE / 2.0 / cadre.unites_par_metre / super::DEGRE_M;
    let (sud, nord) = (
        cadre.centre.latitude - demi_hauteur,
        cadre.centre.latitude + demi_hauteur,
    );
    let debut = PAR_LATITUDE.partition_point(|c| c.point.latitude < sud);
    let mut communes: Vec<EnVue> = PAR_LATITUDE[debut..]
        .iter()
        .take_while(|c| c.point.latitude <= nord)
        .map(|c| (cadre.projeter(c.point), *c))
        .filter(|((x, _), _)| (0.0..=COTE).contains(x))
        .collect();
    let plus_peuplee = |a: &EnVue, b: &EnVue| b.1.population.cmp(&a.1.population).then(a.1.code.cmp(&b.1.code));
    if communes.len() > COMMUNES {
        communes.select_nth_unstable_by(COMMUNES, plus_peuplee);
        communes.truncate(COMMUNES);
    }
    communes.sort_unstable_by(plus_peuplee);
    communes
}

/// The names that fit without touching one another or a pin, the largest communes first.
fn nommer(communes: &[EnVue], epingles: &[Epingle]) -> Vec<Nom> {
    let mut pris: Vec<(f64, f64)> = Vec::with_capacity(NOMS);
    let mut noms = Vec::with_capacity(NOMS);
    let libre = |pris: &[(f64, f64)], x: f64, y: f64| {
        let entier =
            (DEMI_NOM.0..=COTE - DEMI_NOM.0).contains(&x) && (DEMI_NOM.1..=COTE - 2.0 * DEMI_NOM.1).contains(&y);
        let autre_nom =
            |(px, py): &(f64, f64)| (px - x).abs() <= 2.0 * DEMI_NOM.0 && (py - y).abs() <= 2.0 * DEMI_NOM.1;
        let epingle = |e: &Epingle| {
            let (dx, dy) = ((f64::from(e.place.x) - x).abs(), (f64::from(e.place.y) - y).abs());
            dx <= DEMI_NOM.0 + RAYON_D_EPINGLE && dy <= DEMI_NOM.1 / 2.0 + RAYON_D_EPINGLE
        };
        entier && !pris.iter().any(autre_nom) && !epingles.iter().any(epingle)
    };
    for ((x, y), commune) in communes {
        let mut places = PLACES_D_UN_NOM.into_iter().map(|decalage| y + decalage);
        if let Some(y) = places.find(|y| libre(&pris, *x, *y)) {
            pris.push((*x, y));
            noms.push(Nom {
                place: repere((*x, y)),
                texte: commune.nom,
            });
        }
        if noms.len() == NOMS {
            break;
        }
    }
    noms
}

fn epingler(places: impl Iterator<Item = (usize, (f64, f64))>) -> Vec<Epingle> {
    let mut epingles: Vec<((f64, f64), Vec<usize>)> = Vec::new();
    for (numero, (x, y)) in places {
        let voisine = epingles
            .iter_mut()
            .find(|((ex, ey), _)| (ex - x).hypot(ey - y) < ECART_DES_EPINGLES);
        match voisine {
            Some((_, numeros)) => numeros.push(numero),
            None => epingles.push(((x, y), vec![numero])),
        }
    }
    epingles
        .into_iter()
        .map(|(place, numeros)| Epingle {
            place: repere(place),
            numeros,
        })
        .collect()
}

/// The longest round distance that takes less than a quarter of the width.
fn echelle(cadre: &Cadre) -> (i32, f64) {
    const RONDES: [f64; 9] = [
        100_000.0, 50_000.0, 20_000.0, 10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0, 200.0,
    ];
    let longueur = |metres: f64| metres * cadre.unites_par_metre;
    let metres = RONDES.into_iter().find(|m| longueur(*m) <= COTE / 4.0).unwrap_or(200.0);
    (longueur(metres).round() as i32, metres)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOURG: Point = Point {
        longitude: 5.23,
        latitude: 46.2,
    };

    fn a_l_est(metres: f64) -> Point {
        Point {
            longitude: BOURG.longitude + metres / (super::super::DEGRE_M * BOURG.latitude.to_radians().cos()),
            ..BOURG
        }
    }

    #[test]
    fn tous_les_lieux_de_la_page_sont_dans_le_cadre() {
        let places = [(1, a_l_est(300.0)), (2, a_l_est(9_000.0)), (3, a_l_est(-40_000.0))];
        let carte = CarteLocale::tracer(Some(BOURG), &places, []).unwrap();
        assert_eq!(carte.depart, Some(Repere { x: 300, y: 300 }));
        for epingle in &carte.epingles {
            assert!((0..=600).contains(&epingle.place.x), "{epingle:?}");
        }
        assert!(carte.communes.matches("h0").count() > 50);
        assert!(carte.noms.iter().any(|n| n.texte == "Bourg-en-Bresse"));
        assert_eq!(carte.echelle.1, 20_000.0);
    }

    #[test]
    fn deux_lieux_voisins_partagent_une_epingle() {
        let places = [(1, BOURG), (2, a_l_est(20.0)), (3, a_l_est(5_000.0))];
        let carte = CarteLocale::tracer(None, &places, []).unwrap();
        let numeros: Vec<_> = carte.epingles.iter().map(|e| e.numeros.clone()).collect();
        assert_eq!(numeros, [vec![1, 2], vec![3]]);
        assert_eq!(carte.epingles[0].texte(), "1+");
    }

    #[test]
    fn sans_depart_ni_lieu_il_n_y_a_pas_de_carte() {
        assert_eq!(CarteLocale::tracer(None, &[], []), None);
    }
}
