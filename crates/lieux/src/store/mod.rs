//! The SQL of the places.

pub mod doublons;
pub mod import;
pub mod lieu;
pub mod ticket;
