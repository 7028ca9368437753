//! The SQL of the places.

pub mod lieu;
