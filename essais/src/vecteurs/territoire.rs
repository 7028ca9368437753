//! The reference's functions on communes, territories and distances.

use super::Fonction;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];
