//! What each trait weighs, and where the bands begin.
//!
//! Weights are tenths of a bit of evidence: +10 makes "same place" twice as likely, -10 half as likely. They follow how
//! much more often a level is met in true pairs than in neighbours that only look alike, and `mesure.rs` holds them to
//! their precision and recall. A level that says nothing weighs nothing, which is why every unknown is 0: a place
//! without coordinates is not thereby at the same spot.

use serde::{Deserialize, Serialize};

use super::comparaison::{Adresse, Communes, Ecart, Genre, Identifiant, Joignable, Nom, Typologies};

/// What to do with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bande {
    /// Two places.
    Distincts,
    /// A person decides.
    ADecider,
    /// One place.
    Fusionner,
}

/// The weights and thresholds, in tenths of a bit.
#[derive(Debug)]
pub struct Bareme {
    /// From this weight on, a person is asked.
    pub seuil_question: i32,
    /// From this weight on, two records are one place, if the record also says where it is.
    pub seuil_fusion: i32,
    /// Added to both thresholds inside one source, which knows its own places apart.
    pub exigence_meme_source: i32,
}

/// The scale in force.
pub const BAREME: Bareme = Bareme {
    seuil_question: 30,
    seuil_fusion: 75,
    exigence_meme_source: 25,
};

/// A trait that weighs in a comparison.
pub trait Poids {
    /// Tenths of a bit for "same place".
    fn poids(self) -> i32;
}

impl Poids for Nom {
    fn poids(self) -> i32 {
        match self {
            Self::Identique => 50,
            Self::Proche => 40,
            Self::Inclus => 20,
            Self::Voisin => 0,
            Self::Different => -50,
            Self::Inconnu => 0,
        }
    }
}

impl Poids for Adresse {
    fn poids(self) -> i32 {
        match self {
            Self::Identique => 35,
            Self::MemeVoie => 20,
            Self::AutreNumero => -25,
            Self::Differente => -35,
            Self::Inconnue => 0,
        }
    }
}

impl Poids for Communes {
    fn poids(self) -> i32 {
        match self {
            Self::Meme => 0,
            // Half of the town halls of France stand at "Place de la Mairie".
            Self::Differentes => -40,
            Self::Inconnues => 0,
        }
    }
}

impl Poids for Ecart {
    fn poids(self) -> i32 {
        match self {
            Self::SurPlace => 25,
            Self::ToutPres => 15,
            Self::Quartier => 0,
            Self::Eloigne => -25,
            Self::Loin => -80,
            Self::Inconnu => 0,
        }
    }
}

impl Poids for Identifiant {
    fn poids(self) -> i32 {
        match self {
            Self::MemeEtablissement => 30,
            Self::MemeUnite => 5,
            Self::Autre => -15,
            Self::Inconnu => 0,
        }
    }
}

impl Poids for Joignable {
    fn poids(self) -> i32 {
        match self {
            Self::Meme => 25,
            Self::Autre => -10,
            Self::Inconnu => 0,
        }
    }
}

impl Poids for Typologies {
    fn poids(self) -> i32 {
        match self {
            Self::Commune => 10,
            Self::Incompatibles => -15,
            Self::Inconnues => 0,
        }
    }
}

impl Poids for Genre {
    fn poids(self) -> i32 {
        match self {
            Self::Meme => 5,
            // A town hall and a library of one building share everything but what they are.
            Self::ServicesDistincts => -70,
            Self::Inconnu => 0,
        }
    }
}
