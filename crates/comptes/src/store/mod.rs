//! The only SQL about people and organisations, what they hold, and how people prove who they are.

pub mod attribution;
pub mod cles;
pub mod connexion;
pub mod conservation;
pub mod defi;
pub mod delegation;
pub mod demonstration;
pub mod donnees;
pub mod essai;
pub mod facteurs;
pub mod fusion;
pub mod fusion_organisation;
pub mod groupement;
pub mod identite_externe;
pub mod invitation;
pub mod liberation;
pub mod notification;
pub mod organisation;
pub mod perimetre;
pub mod personne;
pub mod rapprochement;
pub mod separation;
pub mod session;

/// A row whose columns do not make a thing: a defect of this program or of a hand in the database.
fn incoherente(quoi: &str, id: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Decode(format!("{quoi} {id} : ligne incohérente").into())
}
