//! The journal: who did what to which thing, written in the caller's transaction and never changed.

use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// One line of the journal. `detail` holds no personal data.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    /// Its identifier.
    pub id: Uuid,
    /// When it was done.
    pub at: Instant,
    /// Who did it: a person's identifier or a role.
    pub actor: String,
    /// The action's name.
    pub action: String,
    /// The kind of thing.
    pub object_kind: String,
    /// The thing.
    pub object_id: String,
    /// What changed.
    pub detail: serde_json::Value,
}

/// Writes a line.
///
/// # Errors
/// The engine's.
pub async fn write(tx: &mut Tx, entry: Entry) -> DbResult<()> {
    let Entry {
        id,
        at,
        actor,
        action,
        object_kind,
        object_id,
        detail,
    } = entry;
    tx.execute(
        sql!("INSERT INTO journal (id, at, actor, action, object_kind, object_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        &params![id, at, actor, action, object_kind, object_id, detail],
    )
    .await
    .map(drop)
}

/// The latest lines about a thing, newest first, at most `limit`.
///
/// # Errors
/// The engine's.
pub async fn about(tx: &mut Tx, object_kind: &str, object_id: &str, limit: u32) -> DbResult<Vec<Entry>> {
    tx.fetch_all(
        sql!("SELECT id, at, actor, action, object_kind, object_id, detail FROM journal WHERE object_kind = $1 AND object_id = $2 ORDER BY at DESC, id DESC LIMIT $3"),
        &params![object_kind, object_id, limit],
    )
    .await
}
