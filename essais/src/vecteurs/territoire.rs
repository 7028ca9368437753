//! The reference's functions on communes, territories and distances.

use super::Fonction;
use super::deviations::Predicat;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[];
