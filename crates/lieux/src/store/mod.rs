//! The SQL of the places.

pub mod avant;
pub mod conservation;
pub mod depot;
pub mod doublons;
pub mod import;
pub mod lieu;
pub mod modification;
pub mod portee;
pub mod revendication;
pub mod ticket;

use serde::{Serialize, de::DeserializeOwned};
use socle::db::DbResult;

/// A value as a column of JSON.
fn json(valeur: impl Serialize) -> DbResult<serde_json::Value> {
    serde_json::to_value(valeur).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// A value from a column of JSON.
fn lire_json<T: DeserializeOwned>(valeur: serde_json::Value) -> DbResult<T> {
    serde_json::from_value(valeur).map_err(|e| sqlx::Error::Decode(e.into()))
}
