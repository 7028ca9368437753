//! One function for one thing that a person does.

mod cadre;
pub mod depot;
pub mod doublons;
pub mod ecriture;
pub mod import;
pub mod modification;
pub mod portee;
pub mod revendication;
pub mod tickets;

pub use cadre::Cadre;
