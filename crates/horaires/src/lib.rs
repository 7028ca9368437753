//! Opening hours: the OpenStreetMap grammar as the field uses it, read, evaluated, told in words, and drawn from
//! French free text.
//!
//! Times are the local civil time of the place; the caller converts, and gives its holidays as a [`Calendrier`].
//!
//! ```
//! use horaires::{Etat, Horaires, SansFerie};
//!
//! let mairie = Horaires::parse("Mo-Fr 09:00-12:00,14:00-17:00; PH off")?;
//! let lundi = jiff::civil::date(2026, 11, 23);
//! assert_eq!(mairie.est_ouvert(lundi.at(10, 30, 0, 0), &SansFerie), Some(true));
//! assert_eq!(
//!     mairie.etat(lundi.at(12, 30, 0, 0), &SansFerie),
//!     Etat::Ferme { ouvre_a: Some(lundi.at(14, 0, 0, 0)), commentaire: None },
//! );
//! # Ok::<(), horaires::ErreurHoraires>(())
//! ```

mod calendrier;
mod erreur;
mod etat;
mod evaluation;
pub mod francais;
mod jour;
mod lecture;
pub mod mots;
mod regle;
mod selecteur;
pub mod tableau;

pub use calendrier::{Calendrier, SansFerie};
pub use erreur::{ErreurHoraires, LONGUEUR_MAX};
pub use etat::{Etat, HORIZON};
pub use jour::{Heure, JourOuvert, Nature, Plage};

use std::fmt;
use std::str::FromStr;

use evaluation::Regles;

/// Opening hours, read and ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horaires {
    regles: Regles,
}

impl Horaires {
    /// Read an OpenStreetMap expression such as `Mo-Fr 09:00-12:00; PH off`.
    ///
    /// # Errors
    /// The first thing that is not understood, with its place.
    pub fn parse(texte: &str) -> Result<Self, ErreurHoraires> {
        lecture::lire(texte).map(|regles| Self {
            regles: Regles::new(regles),
        })
    }

    /// The first comment, such as `sur rendez-vous`.
    #[must_use]
    pub fn commentaire(&self) -> Option<&str> {
        self.regles.liste.iter().find_map(|r| r.commentaire.as_deref())
    }
}

impl FromStr for Horaires {
    type Err = ErreurHoraires;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        Self::parse(texte)
    }
}

/// The normal form: reading it gives the same hours.
impl fmt::Display for Horaires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        regle::ecrire(&self.regles.liste, f)
    }
}
