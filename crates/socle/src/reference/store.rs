//! The values recorded beyond those of the code.

use super::{Key, Recorded, Reference, Typed, Value};
use crate::{
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params, sql,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The most that is read of one key, and of all of them at once.
const OF_A_KEY: u32 = 1_000;
const OF_ALL: u32 = 10_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    key: String,
    from_day: DayColumn,
    turn: i64,
    value: Option<String>,
    source: String,
    author_role: String,
    recorded_at: Instant,
}

impl Row {
    fn recorded(self, reference: &Reference) -> DbResult<Recorded> {
        Ok(Recorded {
            value: self.value.map(|text| reference.decode(&text)).transpose()?,
            id: self.id,
            from: self.from_day.0,
            turn: self.turn,
            source: self.source,
            author_role: self.author_role,
            recorded_at: self.recorded_at,
        })
    }
}

/// The value of a key on a day.
///
/// # Errors
/// The engine's, or a stored value that does not read.
pub async fn value<T: Typed>(tx: &mut Tx, key: &Key<T>, day: Day) -> DbResult<T> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "SELECT r.value FROM reference_value r WHERE r.key = $1 AND r.from_day <= $2 AND r.value IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM reference_value l WHERE l.key = r.key AND l.from_day = r.from_day AND l.turn > r.turn)
                  ORDER BY r.from_day DESC LIMIT 1"
            ),
            &params![key.reference.key, day],
        )
        .await?;
    let value = match row {
        Some((text,)) => key.reference.decode(&text)?,
        None => key.reference.first(),
    };
    T::of(value).ok_or_else(|| sqlx::Error::Decode(format!("reference {} : type inattendu", key.reference.key).into()))
}

/// Everything recorded of a key, the latest day first.
///
/// # Errors
/// The engine's, or a stored value that does not read.
pub async fn history(tx: &mut Tx, reference: &Reference) -> DbResult<Vec<Recorded>> {
    let rows: Vec<Row> = tx
        .fetch_all(
            sql!(
                "SELECT id, key, from_day, turn, value, source, author_role, recorded_at FROM reference_value
                  WHERE key = $1 ORDER BY from_day DESC, turn DESC LIMIT $2"
            ),
            &params![reference.key, OF_A_KEY],
        )
        .await?;
    rows.into_iter().map(|row| row.recorded(reference)).collect()
}

/// Everything recorded of each of these, by key.
///
/// # Errors
/// The engine's, or a stored value that does not read.
pub async fn all(tx: &mut Tx, references: &[Reference]) -> DbResult<HashMap<&'static str, Vec<Recorded>>> {
    let rows: Vec<Row> = tx
        .fetch_all(
            sql!(
                "SELECT id, key, from_day, turn, value, source, author_role, recorded_at FROM reference_value
                  ORDER BY key, from_day DESC, turn DESC LIMIT $1"
            ),
            &params![OF_ALL],
        )
        .await?;
    let mut by_key: HashMap<&'static str, Vec<Recorded>> = HashMap::new();
    for row in rows {
        // A key that a later program no longer declares keeps its rows, and is not shown.
        if let Some(reference) = references.iter().find(|reference| reference.key == row.key) {
            by_key.entry(reference.key).or_default().push(row.recorded(reference)?);
        }
    }
    Ok(by_key)
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct NewValue<'a> {
    /// Its identifier.
    pub id: Uuid,
    /// The first day on which it counts.
    pub from: Day,
    /// Its rank among what was said of this day.
    pub turn: i64,
    /// The value; nothing to withdraw what the turn before it said.
    pub value: Option<&'a Value>,
    /// Where it comes from, or why it is withdrawn.
    pub source: &'a str,
    /// Who records it.
    pub author: Option<Uuid>,
    /// In which role.
    pub author_role: &'a str,
    /// When.
    pub at: Instant,
}

/// Records a value, or a withdrawal; gives whether nobody recorded this turn of this day before.
///
/// # Errors
/// The engine's.
pub async fn record(tx: &mut Tx, reference: &Reference, new: NewValue<'_>) -> DbResult<bool> {
    let rows = tx
        .execute(
            sql!(
                "INSERT INTO reference_value (id, key, from_day, turn, value, source, author, author_role, recorded_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
            ),
            &params![
                new.id,
                reference.key,
                new.from,
                new.turn,
                new.value.map(Value::text),
                new.source,
                new.author,
                new.author_role,
                new.at
            ],
        )
        .await?;
    Ok(rows == 1)
}
