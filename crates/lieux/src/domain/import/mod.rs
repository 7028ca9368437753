//! Import: from the rows of a file to what is kept, mended, refused and withdrawn; nothing here touches the database.

mod decision;
mod forme;
mod interpretation;
mod listes;
mod portee;
mod zonages;

pub use decision::{Comptes, Correction, Gardee, Rapport, Refusee, Retiree, decider};
pub use forme::{FormeInconnue, Traduction};
pub use interpretation::{Interpretee, Motif, Provenance, VALEUR_INCONNUE, interpreter};
pub use zonages::{NATURES as NATURES_DES_LABELS, etiqueter};
