//! The reference's functions on the national standard, cleaning and import.

use super::Fonction;
use super::deviations::Predicat;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[];
