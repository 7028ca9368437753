//! One function for each thing that people do with their account and with what they hold.

pub mod cles;
pub mod compte;
pub mod connexion;
pub mod conservation;
pub mod defis;
pub mod donnees;
mod exports;
pub mod facteurs;
pub mod fonctions;
pub mod fournisseur;
pub mod groupement;
pub mod invitations;
pub mod liberation;
pub mod limites;
pub mod notifications;
pub mod organisation;
pub mod personnes;
pub mod place;
pub mod rapprochement;
