//! Duplicates: the same place told by two sources, or twice by one.
//!
//! Candidates come from [`blocage`]; each pair is compared trait by trait ([`comparaison`]), the traits are weighed by
//! one table ([`bareme`]), and the weight falls in one of three bands: merge, ask a person, distinct. An unknown trait
//! weighs nothing, either way. [`groupes`] closes the pairs to merge into groups, [`fusion`] makes one place of a
//! group and keeps what undoing it needs, [`paire`] remembers what people decided, [`reference`] reproduces the scores
//! of the reference implementation.

pub mod bareme;
mod blocage;
pub mod comparaison;
mod empreinte;
pub mod fusion;
pub mod groupes;
mod mots;
pub mod paire;
pub mod reference;

#[cfg(test)]
mod mesure;

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lieu::Lieu;
use bareme::{BAREME, Bande};
use comparaison::Comparaison;
use empreinte::Empreinte;

/// Two different places, the smaller identifier first, so that a pair has one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Couple {
    premier: Uuid,
    second: Uuid,
}

impl Couple {
    /// The pair of these two places; a place is not its own pair.
    pub fn de(a: Uuid, b: Uuid) -> Option<Self> {
        (a != b).then(|| Self {
            premier: a.min(b),
            second: a.max(b),
        })
    }

    /// The place whose identifier is smaller.
    pub fn premier(self) -> Uuid {
        self.premier
    }

    /// The other place.
    pub fn second(self) -> Uuid {
        self.second
    }

    /// The pair that its own text names.
    pub fn lire(texte: &str) -> Option<Self> {
        let (premier, second) = texte.split_once('.')?;
        let couple = Self::de(premier.parse().ok()?, second.parse().ok()?)?;
        (couple.to_string() == texte).then_some(couple)
    }
}

impl fmt::Display for Couple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.premier, self.second)
    }
}

/// A pair that may be one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Doublon {
    /// The two places.
    pub couple: Couple,
    /// How they compare, trait by trait.
    pub comparaison: Comparaison,
    /// What to do: merge or ask; distinct pairs are not reported.
    pub bande: Bande,
}

/// Finds the pairs to merge or to ask about, surest first; a pair in `jamais` is never reported.
pub fn detecter(lieux: &[&Lieu], jamais: &HashSet<Couple>) -> Vec<Doublon> {
    let empreintes: Vec<Empreinte> = lieux.iter().map(|lieu| Empreinte::de(lieu)).collect();
    let mut doublons: Vec<Doublon> = blocage::candidats(&empreintes)
        .into_iter()
        .filter_map(|(i, j)| rapprocher(&empreintes[i], &empreintes[j]))
        .filter(|doublon| !jamais.contains(&doublon.couple))
        .collect();
    doublons.sort_by_key(|d| (std::cmp::Reverse(d.comparaison.note()), d.couple));
    doublons
}

/// Compares two places as [`detecter`] would if they were candidates.
pub fn comparer(a: &Lieu, b: &Lieu) -> Comparaison {
    Comparaison::de(&Empreinte::de(a), &Empreinte::de(b))
}

fn rapprocher(a: &Empreinte, b: &Empreinte) -> Option<Doublon> {
    let couple = Couple::de(a.id, b.id)?;
    let comparaison = Comparaison::si_possible(a, b, BAREME.seuil_question)?;
    let bande = comparaison.bande();
    (bande != Bande::Distincts).then_some(Doublon {
        couple,
        comparaison,
        bande,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_paire_n_a_qu_un_nom() {
        let [a, b] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let couple = Couple::de(b, a).unwrap();
        assert_eq!(Couple::lire(&couple.to_string()), Some(couple));
        for faux in [format!("{b}.{a}"), format!("{a}.{a}"), a.to_string(), String::new()] {
            assert_eq!(Couple::lire(&faux), None, "{faux}");
        }
    }
}
