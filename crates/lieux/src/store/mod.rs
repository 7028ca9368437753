//! The SQL of the places.

pub mod doublons;
pub mod lieu;
