//! Sealing again with the first key what another key sealed, so that an old key can be kept for opening alone.

use super::{Db, DbResult, Tx, migrations::raw, schema::quoted};
use crate::{module::Sealed, params, secrets::Keys};
use uuid::Uuid;

/// How many rows one transaction reads, so that the service goes on meanwhile.
const BATCH: u32 = 500;

/// What became of the values of a column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rotated {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// How many values it holds.
    pub seen: u64,
    /// How many were sealed again.
    pub resealed: u64,
    /// How many no key opens: they were left as they are.
    pub unreadable: u64,
}

#[derive(sqlx::FromRow)]
struct Value {
    id: Uuid,
    value: Vec<u8>,
}

/// Seals again what the first key did not seal, a batch at a time; cut anywhere, it goes on where it stopped when it is run again.
///
/// # Errors
/// The engine's; then the batches done stay done.
pub async fn rotate(db: &Db, keys: &Keys, sealed: &[Sealed]) -> DbResult<Vec<Rotated>> {
    let mut done = Vec::with_capacity(sealed.len());
    for column in sealed {
        done.push(rotate_column(db, keys, column).await?);
    }
    Ok(done)
}

async fn rotate_column(db: &Db, keys: &Keys, sealed: &Sealed) -> DbResult<Rotated> {
    let mut rotated = Rotated {
        table: sealed.table,
        column: sealed.column,
        seen: 0,
        resealed: 0,
        unreadable: 0,
    };
    let mut last = Uuid::nil();
    loop {
        let mut tx = db.write().await?;
        let values = batch(&mut tx, sealed, last).await?;
        for value in &values {
            rotated.seen += 1;
            if !keys.is_stale(&value.value) {
                continue;
            }
            match keys.open(sealed.usage, &value.value) {
                Ok(clear) => {
                    let again = keys.seal(sealed.usage, &clear);
                    rotated.resealed += replace(&mut tx, sealed, value, again).await?;
                }
                Err(_) => rotated.unreadable += 1,
            }
        }
        tx.commit().await?;
        match values.last() {
            Some(value) => last = value.id,
            None => return Ok(rotated),
        }
    }
}

async fn batch(tx: &mut Tx, sealed: &Sealed, after: Uuid) -> DbResult<Vec<Value>> {
    let (table, key, column) = names(sealed);
    let query = format!(
        "SELECT {key} AS id, {column} AS value FROM {table} WHERE {column} IS NOT NULL AND {key} > $1 ORDER BY {key} LIMIT $2"
    );
    tx.fetch_all(raw(query), &params![after, BATCH]).await
}

/// Replaces a value that nobody changed meanwhile.
async fn replace(tx: &mut Tx, sealed: &Sealed, former: &Value, again: Vec<u8>) -> DbResult<u64> {
    let (table, key, column) = names(sealed);
    let query = format!("UPDATE {table} SET {column} = $2 WHERE {key} = $1 AND {column} = $3");
    tx.execute(raw(query), &params![former.id, again, former.value.clone()])
        .await
}

fn names(sealed: &Sealed) -> (String, String, String) {
    (quoted(sealed.table), quoted(sealed.key), quoted(sealed.column))
}
