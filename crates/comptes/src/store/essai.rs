//! How often something was tried.

use crate::domain::limite::Essais;
use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};

#[derive(sqlx::FromRow)]
struct Ligne {
    nombre: i64,
    dernier_at: Instant,
}

/// The tries seen under a fingerprint.
///
/// # Errors
/// The engine's.
pub async fn lire(tx: &mut Tx, cle: &[u8]) -> DbResult<Option<Essais>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!("SELECT nombre, dernier_at FROM essai WHERE cle = $1"),
            &params![cle.to_vec()],
        )
        .await?;
    Ok(ligne.map(|l| Essais {
        nombre: l.nombre,
        dernier_at: l.dernier_at,
    }))
}

/// Keeps the tries under a fingerprint.
///
/// # Errors
/// The engine's.
pub async fn ecrire(tx: &mut Tx, cle: &[u8], essais: Essais) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO essai (cle, nombre, dernier_at) VALUES ($1, $2, $3)
              ON CONFLICT (cle) DO UPDATE SET nombre = $2, dernier_at = $3"
        ),
        &params![cle.to_vec(), essais.nombre, essais.dernier_at],
    )
    .await
    .map(drop)
}

/// Forgets the tries under a fingerprint, after a success.
///
/// # Errors
/// The engine's.
pub async fn oublier(tx: &mut Tx, cle: &[u8]) -> DbResult<()> {
    tx.execute(sql!("DELETE FROM essai WHERE cle = $1"), &params![cle.to_vec()])
        .await
        .map(drop)
}

/// Removes the tries that no longer count.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(sql!("DELETE FROM essai WHERE dernier_at < $1"), &params![avant])
        .await
}
