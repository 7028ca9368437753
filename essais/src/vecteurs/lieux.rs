//! The reference's functions on the national standard, cleaning and import.

use super::Fonction;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];
