//! Events that failed too often: listed for a person, who has them done again or gives them up.

use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// An event that no attempt could settle.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DeadEvent {
    /// Its identifier.
    pub id: Uuid,
    /// When it happened.
    pub at: Instant,
    /// What kind of thing happened.
    pub topic: String,
    /// The object whose later events wait for this one.
    pub object: Option<String>,
    /// How many times the work was begun.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was given up by the worker.
    pub dead_at: Instant,
}

/// At most `limit` dead events, the latest first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn list(tx: &mut Tx, after: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<DeadEvent>> {
    let (at, id) = after.unwrap_or((Instant::from_micros(i64::MAX), Uuid::max()));
    tx.fetch_all(
        sql!(
            "SELECT id, at, topic, object, attempts, failure, dead_at FROM outbox
              WHERE dead_at IS NOT NULL AND done_at IS NULL AND (dead_at, id) < ($1, $2)
              ORDER BY dead_at DESC, id DESC LIMIT $3"
        ),
        &params![at, id, limit],
    )
    .await
}

/// Whether there is such an event, in whatever state.
///
/// # Errors
/// The engine's.
pub async fn exists(tx: &mut Tx, id: Uuid) -> DbResult<bool> {
    let row: Option<(i64,)> = tx
        .fetch_optional(sql!("SELECT CAST(1 AS BIGINT) FROM outbox WHERE id = $1"), &params![id])
        .await?;
    Ok(row.is_some())
}

/// Has a dead event done again, from its first attempt; gives whether it was dead.
///
/// # Errors
/// The engine's.
pub async fn replay(tx: &mut Tx, id: Uuid, now: Instant) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE outbox SET dead_at = NULL, attempts = 0, due_at = $2, taken_until = NULL
                  WHERE id = $1 AND dead_at IS NOT NULL AND done_at IS NULL"
            ),
            &params![id, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives a dead event up, with the reason; the later events of its object go on. Gives whether it was dead.
///
/// # Errors
/// The engine's.
pub async fn abandon(tx: &mut Tx, id: Uuid, now: Instant, reason: &str) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE outbox SET done_at = $2, abandoned = $3
                  WHERE id = $1 AND dead_at IS NOT NULL AND done_at IS NULL"
            ),
            &params![id, now, reason],
        )
        .await?;
    Ok(changed == 1)
}
