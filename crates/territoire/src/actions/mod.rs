//! What people do to the territory.

pub mod importer_couche;
pub mod lire_couches;
