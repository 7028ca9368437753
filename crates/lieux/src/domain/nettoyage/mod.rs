//! Cleaning what sources write, one field a file: pure functions from a text to a value.

pub mod acces_libre;
pub mod adresse;
pub mod commune;
pub mod contact;
pub mod date;
pub mod horaires;
pub mod position;
pub mod presentation;
pub mod texte;
pub mod typologie;
