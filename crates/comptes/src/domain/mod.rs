//! What people and organisations are and hold, and the rules of both: no database, no page, no clock.

pub mod attribution;
pub mod cle;
pub mod connexion;
pub mod conservation;
pub mod courriel;
pub mod delegation;
pub mod fonction;
pub mod forme;
pub mod fournisseur;
pub mod groupement;
pub mod identifiant;
pub mod invitation;
pub mod limite;
pub mod motif;
pub mod notification;
pub mod organisation;
pub mod perimetre;
pub mod personne;
pub mod rapprochement;
pub mod separation;
pub mod session;
pub mod telephone;
