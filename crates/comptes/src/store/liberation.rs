//! When someone's second factors were removed by another, and why.

use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// Second factors removed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Liberation {
    /// Its identifier.
    pub id: Uuid,
    /// Whose factors they were.
    pub personne_id: Uuid,
    /// Who removed them; nobody when it was the operator's command.
    pub par: Option<Uuid>,
    /// Why.
    pub motif: String,
    /// When.
    pub faite_at: Instant,
}

/// Keeps it.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, une: &Liberation) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO liberation_facteurs (id, personne_id, par, motif, faite_at) VALUES ($1, $2, $3, $4, $5)"),
        &params![une.id, une.personne_id, une.par, une.motif.as_str(), une.faite_at],
    )
    .await
    .map(drop)
}

/// The latest of a person, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Liberation>> {
    tx.fetch_all(
        sql!(
            "SELECT id, personne_id, par, motif, faite_at FROM liberation_facteurs WHERE personne_id = $1
              ORDER BY faite_at DESC, id DESC LIMIT 10"
        ),
        &params![personne],
    )
    .await
}
