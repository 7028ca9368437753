//! The need of a territory: people counted by criterion, weighed, less those already served.

use crate::fraction::Fraction;

/// A criterion and what one person of it weighs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critere {
    /// Its code, such as `sans_diplome`.
    pub code: String,
    /// Weight of a person.
    pub poids: Fraction,
}

/// The need of a territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Besoin {
    /// Weighed people not yet served, zero at least.
    Connu(Fraction),
    /// Some counts are missing: people decide.
    Inconnu {
        /// Codes of the criteria without a count.
        manquants: Vec<String>,
    },
}

impl Besoin {
    /// The need, when it is known.
    #[must_use]
    pub const fn connu(&self) -> Option<Fraction> {
        match self {
            Self::Connu(besoin) => Some(*besoin),
            Self::Inconnu { .. } => None,
        }
    }
}

/// A count below zero, a weight below zero, or numbers too large to be added exactly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurBesoin {
    /// A count or what is deducted is below zero.
    #[error("« {0} » est négatif")]
    Negatif(String),
    /// Exact numbers overflow.
    #[error("ces nombres ont trop de chiffres pour être additionnés exactement")]
    TropGrand,
}

/// The need of a territory from its counts of people, in the order of the criteria, and the weighed people already served.
///
/// A count that is missing makes the need unknown, unless its criterion weighs nothing.
///
/// # Errors
/// A negative number, or one too large.
pub fn besoin(criteres: &[Critere], effectifs: &[Option<Fraction>], servis: Fraction) -> Result<Besoin, ErreurBesoin> {
    let mut somme = Fraction::ZERO;
    let mut manquants = Vec::new();
    for (i, critere) in criteres.iter().enumerate() {
        if critere.poids.est_nulle() {
            continue;
        }
        let Some(effectif) = effectifs.get(i).copied().flatten() else {
            manquants.push(critere.code.clone());
            continue;
        };
        if effectif.est_negative() || critere.poids.est_negative() {
            return Err(ErreurBesoin::Negatif(critere.code.clone()));
        }
        let pese = critere.poids.fois(effectif).and_then(|p| somme.plus(p));
        somme = pese.ok_or(ErreurBesoin::TropGrand)?;
    }
    if servis.est_negative() {
        return Err(ErreurBesoin::Negatif("servis".to_owned()));
    }
    if !manquants.is_empty() {
        return Ok(Besoin::Inconnu { manquants });
    }
    let reste = somme.moins(servis).ok_or(ErreurBesoin::TropGrand)?;
    Ok(Besoin::Connu(reste.max(Fraction::ZERO)))
}
