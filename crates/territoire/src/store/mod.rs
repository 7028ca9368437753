//! The SQL of the territory.

pub mod couche;
