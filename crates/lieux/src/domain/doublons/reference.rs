//! The scores of the reference implementation (mednum-cli), reproduced to compare with ours.
//!
//! Three scores of equal weight: names, streets, distance. One quirk is refused: there, a missing coordinate counts as
//! the same spot; here, the distance of such a pair is unknown and the score is the mean of the other two.

use territoire::Point;

use super::comparaison::vont_ensemble;
use crate::domain::typologie::Typologie;

/// What the reference compares of a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fiche<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Name.
    pub nom: &'a str,
    /// Street.
    pub adresse: &'a str,
    /// INSEE code; a place without one is compared with nothing.
    pub code_insee: Option<&'a str>,
    /// Source.
    pub source: Option<&'a str>,
    /// Position.
    pub point: Option<Point>,
    /// Kinds.
    pub typologies: Vec<Typologie>,
}

/// The scores of a pair, from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// Likeness of the names.
    pub nom: u32,
    /// Likeness of the streets.
    pub adresse: u32,
    /// Nearness, when both positions are known.
    pub distance: Option<u32>,
}

impl Scores {
    /// Compares two records.
    pub fn de(a: &Fiche, b: &Fiche) -> Self {
        Self {
            nom: ratio(a.nom, b.nom),
            adresse: ratio(a.adresse, b.adresse),
            distance: a.point.zip(b.point).map(|(p, q)| proximite(p, q)),
        }
    }

    /// The mean of the known scores, rounded down.
    pub fn moyenne(self) -> u32 {
        match self.distance {
            Some(distance) => (self.nom + self.adresse + distance) / 3,
            None => (self.nom + self.adresse) / 2,
        }
    }
}

/// Whether the reference compares these two: one commune, two sources unless one is allowed, kinds that go together.
pub fn sont_candidats(a: &Fiche, b: &Fiche, meme_source_permise: bool) -> bool {
    let typologies_compatibles = a.typologies.is_empty()
        || b.typologies.is_empty()
        || a.typologies
            .iter()
            .any(|x| b.typologies.iter().any(|y| vont_ensemble(*x, *y)));
    a.id != b.id
        && a.code_insee.is_some()
        && a.code_insee == b.code_insee
        && (meme_source_permise || a.source != b.source)
        && typologies_compatibles
}

/// The likeness of two texts from 0 to 100: what insertions and deletions leave of both, case and punctuation apart.
pub fn ratio(a: &str, b: &str) -> u32 {
    let (a, b) = (aplatir(a), aplatir(b));
    let longueur = a.len() + b.len();
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let commun = 2 * plus_longue_sous_suite(&a, &b);
    // Rounded to the nearest, halves up.
    u32::try_from((200 * commun + longueur) / (2 * longueur)).unwrap_or(100)
}

/// Accents are kept: for the reference, "Médiathèque" and "mediatheque" differ.
fn aplatir(texte: &str) -> Vec<char> {
    let minuscules = texte.to_lowercase();
    let mots: Vec<&str> = minuscules
        .split(|c: char| !c.is_alphanumeric())
        .filter(|mot| !mot.is_empty())
        .collect();
    mots.join(" ").chars().collect()
}

fn plus_longue_sous_suite(a: &[char], b: &[char]) -> usize {
    let mut ligne = vec![0; b.len() + 1];
    for x in a {
        let mut diagonale = 0;
        for (j, y) in b.iter().enumerate() {
            let dessus = ligne[j + 1];
            ligne[j + 1] = if x == y { diagonale + 1 } else { dessus.max(ligne[j]) };
            diagonale = dessus;
        }
    }
    ligne[b.len()]
}

fn proximite(a: Point, b: Point) -> u32 {
    const MEME_POINT: f64 = 0.0004;
    let degres = (a.latitude - b.latitude).hypot(a.longitude - b.longitude);
    if degres < MEME_POINT {
        100
    } else {
        (100.0 / (degres * 1000.0 + 1.0)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_ratio_est_celui_de_la_reference() {
        for (a, b, attendu) in [
            ("Numerinaute", "La Turbine.Coop", 38),
            ("12 Rue Joseph Rey (chez Aconit)", "5 esplanade Andry Farcy", 38),
            ("Médiathèque", "mediatheque", 82),
            (
                "Maison des Services (Saint-Laurent)",
                "maison des services saint laurent",
                100,
            ),
            ("", "", 0),
        ] {
            assert_eq!(ratio(a, b), attendu, "{a} / {b}");
        }
    }

    #[test]
    fn une_position_absente_ne_vaut_pas_le_meme_endroit() {
        let a = Fiche {
            nom: "La Poste",
            adresse: "1 rue Haute",
            ..Fiche::default()
        };
        let b = Fiche {
            nom: "La Poste",
            adresse: "9 quai Bas",
            ..Fiche::default()
        };
        let scores = Scores::de(&a, &b);
        assert_eq!(scores.distance, None);
        assert_eq!(scores.moyenne(), (scores.nom + scores.adresse) / 2);
    }
}
