//! The pages that belong to no one context: accessibility statement, legal pages, status, plan of the site, reading page of the API.

mod accessibilite;
mod api;
mod legal;
mod module;
mod plan;
mod statut;
mod textes;

pub use accessibilite::{Critere, ErreurGrille, Etat, Grille};
pub use api::openapi;
pub use module::MODULE;
