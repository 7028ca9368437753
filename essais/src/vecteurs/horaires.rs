//! The reference's functions on opening hours.

use super::Fonction;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];
