//! A place with what rights and concurrent changes ask of it: where it lies, and its version.

use comptes::domain::perimetre::codes_de_commune;
use socle::permissions::Resource;
use territoire::{CodeCommune, Referentiel};

use super::lieu::Lieu;

/// A place as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct LieuSitue {
    /// What is said of it.
    pub lieu: Lieu,
    /// Whether it is shown.
    pub publie: bool,
    /// How many times it changed.
    pub version: i64,
    /// The codes of its territories and of the organisations that answer for it.
    pub codes: Vec<String>,
}

impl Resource for LieuSitue {
    fn codes(&self) -> Vec<String> {
        self.codes.clone()
    }
}

/// The codes of what lies in the commune that has this INSEE code; none when nobody knows it.
pub fn codes_de_territoire(commune: CodeCommune) -> Vec<String> {
    let connue = Referentiel::embarque().resoudre(commune);
    connue.map(codes_de_commune).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_lieu_est_dans_les_territoires_de_sa_commune_meme_ancienne() {
        let codes = |code: &str| codes_de_territoire(code.parse().unwrap());
        assert_eq!(codes("01053"), ["C:01053", "E:200071751", "D:01", "R:84"]);
        assert_eq!(codes("98818"), ["C:98818", "T:988"]);
    }
}
