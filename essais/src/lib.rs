//! What crosses several contexts and is proven here: see ARCHITECTURE.md.

pub mod documents;
pub mod grappe;
pub mod sources;
pub mod vecteurs;
