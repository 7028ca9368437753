//! The reference's functions on duplicates and merges.

use super::Fonction;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];
