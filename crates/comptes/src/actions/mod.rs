//! One function for each thing that a person does.

pub mod groupement;
pub mod organisation;
