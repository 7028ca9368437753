//! Pure rules of the territory: no database, network or clock.

pub mod boite;
pub mod code;
pub mod pliage;
pub mod point;
