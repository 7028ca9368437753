//! What a browser was asked to prove, until it answers.

use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenreDefi {
    /// To come back from the identity provider.
    Fournisseur,
    /// To make a passkey.
    CleCreation,
    /// To use a passkey.
    CleConnexion,
}

impl GenreDefi {
    const fn code(self) -> &'static str {
        match self {
            Self::Fournisseur => "fournisseur",
            Self::CleCreation => "cle_creation",
            Self::CleConnexion => "cle_connexion",
        }
    }
}

/// What was asked of a browser.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Defi {
    /// The person who was known already.
    pub personne_id: Option<Uuid>,
    /// What the answer is checked against, sealed.
    pub donnees: Vec<u8>,
    /// Where the person wanted to go.
    pub suite: String,
    /// When it was asked.
    pub pose_at: Instant,
}

/// Keeps what was asked under the fingerprint of the browser's cookie.
///
/// # Errors
/// The engine's.
pub async fn poser(tx: &mut Tx, id: &[u8], genre: GenreDefi, defi: &Defi) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO defi (id, genre, personne_id, donnees, suite, pose_at) VALUES ($1, $2, $3, $4, $5, $6)"),
        &params![
            id.to_vec(),
            genre.code(),
            defi.personne_id,
            defi.donnees.clone(),
            defi.suite.as_str(),
            defi.pose_at
        ],
    )
    .await
    .map(drop)
}

/// Takes what was asked, so that it is answered once.
///
/// # Errors
/// The engine's.
pub async fn prendre(tx: &mut Tx, id: &[u8], genre: GenreDefi) -> DbResult<Option<Defi>> {
    tx.fetch_optional(
        sql!("DELETE FROM defi WHERE id = $1 AND genre = $2 RETURNING personne_id, donnees, suite, pose_at"),
        &params![id.to_vec(), genre.code()],
    )
    .await
}

/// Removes what was asked before this instant.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(sql!("DELETE FROM defi WHERE pose_at < $1"), &params![avant])
        .await
}
