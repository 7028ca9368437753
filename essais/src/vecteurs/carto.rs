//! The reference's functions on the public map: filters, telephone numbers, views.

use super::Fonction;

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[];
