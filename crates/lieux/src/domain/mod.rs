//! Pure rules of the places: no database, network or clock.

pub mod contact;
pub mod doublons;
pub mod filtres;
pub mod lieu;
pub mod listes;
pub mod pivot;
pub mod typologie;
