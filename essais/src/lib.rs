//! What crosses several contexts and is proven here: see ARCHITECTURE.md.

pub mod vecteurs;
