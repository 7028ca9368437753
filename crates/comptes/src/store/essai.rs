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

/// The tries seen under a fingerprint, which nobody else reads or changes before this unit of work ends: many at once are counted one by one.
///
/// # Errors
/// The engine's.
pub async fn prendre(tx: &mut Tx, cle: &[u8], at: Instant) -> DbResult<Essais> {
    let ligne: Ligne = tx
        .fetch_one(
            sql!(
                "INSERT INTO essai (cle, nombre, dernier_at) VALUES ($1, 0, $2)
                  ON CONFLICT (cle) DO UPDATE SET nombre = essai.nombre RETURNING nombre, dernier_at"
            ),
            &params![cle.to_vec(), at],
        )
        .await?;
    Ok(Essais {
        milliemes: ligne.nombre,
        dernier_at: ligne.dernier_at,
    })
}

/// Keeps the tries under a fingerprint that was taken.
///
/// # Errors
/// The engine's.
pub async fn ecrire(tx: &mut Tx, cle: &[u8], essais: Essais) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE essai SET nombre = $2, dernier_at = $3 WHERE cle = $1"),
        &params![cle.to_vec(), essais.milliemes, essais.dernier_at],
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
