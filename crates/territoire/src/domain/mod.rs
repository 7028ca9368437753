//! Pure rules of the territory: no database, network or clock.

pub mod boite;
pub mod code;
pub mod couche;
pub mod couches;
pub mod decodage;
pub mod entites;
pub mod feries;
pub mod fuseaux;
pub mod lecture_couche;
mod lexique;
pub mod perimetre;
pub mod pliage;
pub mod point;
pub mod rapprochement;
pub mod recherche;
pub mod referentiel;
pub mod surface;
