//! Pure rules of the places: no database, network or clock.

pub mod comprehension;
pub mod contact;
pub mod correspondance;
pub mod depot;
pub mod doublons;
pub mod export;
pub mod filtres;
pub mod import;
pub mod lieu;
pub mod liste_fermee;
pub mod listes;
pub mod modification;
pub mod nettoyage;
pub mod pivot;
pub mod revendication;
pub mod situe;
pub mod standard;
pub mod ticket;
pub mod typologie;
pub mod venue;
