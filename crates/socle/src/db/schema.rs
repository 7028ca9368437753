//! What a database really holds: its tables and columns as the engine tells them, to compare with the program's own schema and to copy rows.

use super::{Db, DbOptions, DbResult, Engine, Tx, Value, migrations::raw};
use crate::clock::{Day, Instant};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a column holds, as migrations name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// An identifier.
    Uuid,
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A real number.
    Real,
    /// A boolean.
    Bool,
    /// An instant.
    Instant,
    /// A civil day.
    Day,
    /// A JSON document.
    Json,
    /// Bytes.
    Bytes,
}

/// Each kind with its name in PostgreSQL's catalogue, and its name in SQLite.
const NAMES: [(ColumnKind, &str, &str); 9] = [
    (ColumnKind::Uuid, "uuid", "BLOB"),
    (ColumnKind::Text, "text", "TEXT"),
    (ColumnKind::Int, "bigint", "INTEGER"),
    (ColumnKind::Real, "double precision", "REAL"),
    (ColumnKind::Bool, "boolean", "INTEGER"),
    (ColumnKind::Instant, "timestamp with time zone", "TEXT"),
    (ColumnKind::Day, "date", "TEXT"),
    (ColumnKind::Json, "jsonb", "TEXT"),
    (ColumnKind::Bytes, "bytea", "BLOB"),
];

impl ColumnKind {
    fn of_postgres(name: &str) -> Option<Self> {
        NAMES.iter().find(|n| n.1 == name).map(|n| n.0)
    }

    /// The type that SQLite gives to this kind.
    pub fn sqlite_type(self) -> &'static str {
        NAMES.iter().find(|n| n.0 == self).map_or("", |n| n.2)
    }
}

/// A column as the engine tells it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Column {
    /// Its table.
    #[sqlx(rename = "table_name")]
    pub table: String,
    /// Its name.
    #[sqlx(rename = "column_name")]
    pub name: String,
    /// The engine's name of its type.
    pub type_name: String,
    /// Whether it must have a value.
    pub required: bool,
}

impl Column {
    /// What it holds, when PostgreSQL tells it: SQLite has fewer types.
    pub fn kind(&self) -> Option<ColumnKind> {
        ColumnKind::of_postgres(&self.type_name)
    }
}

/// The columns of every table, in the order of their declaration.
///
/// # Errors
/// The engine's.
pub async fn columns(tx: &mut Tx) -> DbResult<Vec<Column>> {
    let query = match tx.engine() {
        Engine::Sqlite => {
            "SELECT m.name AS table_name, c.name AS column_name, c.type AS type_name, c.\"notnull\" <> 0 AS required
               FROM sqlite_schema m JOIN pragma_table_info(m.name) c
              WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name,
                    CAST(data_type AS TEXT) AS type_name, is_nullable = 'NO' AS required
               FROM information_schema.columns WHERE table_schema = current_schema()
              ORDER BY table_name, ordinal_position"
        }
    };
    tx.fetch_all(raw(query), &[]).await
}

/// The columns of every table, by table.
///
/// # Errors
/// The engine's.
pub async fn tables(tx: &mut Tx) -> DbResult<BTreeMap<String, Vec<Column>>> {
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in columns(tx).await? {
        tables.entry(column.table.clone()).or_default().push(column);
    }
    Ok(tables)
}

/// The references between tables: `(from, to)`.
///
/// # Errors
/// The engine's.
pub async fn references(tx: &mut Tx) -> DbResult<BTreeSet<(String, String)>> {
    let query = match tx.engine() {
        Engine::Sqlite => {
            "SELECT m.name, f.\"table\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT CAST(a.relname AS TEXT), CAST(b.relname AS TEXT) FROM pg_constraint c
               JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid
              WHERE c.contype = 'f' AND a.relnamespace = CAST(current_schema() AS regnamespace)"
        }
    };
    Ok(tx.fetch_all(raw(query), &[]).await?.into_iter().collect())
}

/// The tables ordered so that each comes after those that it refers to.
///
/// # Errors
/// The engine's.
pub async fn tables_in_order(tx: &mut Tx) -> DbResult<Vec<(String, Vec<Column>)>> {
    let mut waiting = tables(tx).await?;
    let references = references(tx).await?;
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let waits = |name: &String| {
            references
                .iter()
                .any(|(from, to)| from == name && to != name && waiting.contains_key(to))
        };
        let ready: Vec<String> = waiting.keys().filter(|name| !waits(name)).cloned().collect();
        // A cycle has no order: the tables come as they are, and the engine judges.
        let ready = if ready.is_empty() {
            waiting.keys().cloned().collect()
        } else {
            ready
        };
        ordered.extend(ready.into_iter().filter_map(|name| waiting.remove_entry(&name)));
    }
    Ok(ordered)
}

/// How many rows a table has.
///
/// # Errors
/// The engine's.
pub async fn count(tx: &mut Tx, table: &str) -> DbResult<i64> {
    let row: (i64,) = tx
        .fetch_one(raw(format!("SELECT COUNT(*) FROM {}", quoted(table))), &[])
        .await?;
    Ok(row.0)
}

/// A name that the catalogue gave, quoted.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What this program's migrations make, on an empty SQLite database in memory.
///
/// # Errors
/// Never for a program whose tests passed.
pub async fn expected() -> Result<BTreeMap<String, Vec<Column>>, super::migrations::MigrationError> {
    let options = DbOptions {
        connections: 1,
        ..DbOptions::new(":memory:")
    };
    let db = Db::open(&options).await?;
    db.migrate(Instant::from_micros(0)).await?;
    let mut tx = db.write().await?;
    let tables = tables(&mut tx).await?;
    tx.rollback().await?;
    db.close().await;
    Ok(tables)
}

macro_rules! read_value {
    ($name:ident, $row:ty) => {
        /// The value of a column, read as its kind.
        pub(super) fn $name(row: &$row, at: usize, kind: ColumnKind) -> DbResult<Value> {
            Ok(match kind {
                ColumnKind::Uuid => Value::Uuid(row.try_get::<Option<Uuid>, _>(at)?),
                ColumnKind::Text => Value::Text(row.try_get(at)?),
                ColumnKind::Int => Value::Int(row.try_get(at)?),
                ColumnKind::Real => Value::Real(row.try_get(at)?),
                ColumnKind::Bool => Value::Bool(row.try_get(at)?),
                ColumnKind::Instant => Value::Instant(row.try_get::<Option<Instant>, _>(at)?),
                ColumnKind::Day => Value::Day(row.try_get(at)?),
                ColumnKind::Json => Value::Json(row.try_get(at)?),
                ColumnKind::Bytes => Value::Bytes(row.try_get(at)?),
            })
        }
    };
}
read_value!(sqlite_value, SqliteRow);
read_value!(postgres_value, PgRow);

/// A value as bytes that are the same for both engines, prefixed by its length so that two rows never run together.
pub(crate) fn canonical(value: &Value, into: &mut Vec<u8>) {
    let text = match value {
        Value::Uuid(v) => v.map(|v| v.as_bytes().to_vec()),
        Value::Text(v) => v.clone().map(String::into_bytes),
        Value::Int(v) => v.map(|v| v.to_be_bytes().to_vec()),
        // Zero has two signs, and one meaning.
        Value::Real(v) => v.map(|v| (v + 0.0).to_bits().to_be_bytes().to_vec()),
        Value::Bool(v) => v.map(|v| vec![u8::from(v)]),
        Value::Instant(v) => v.map(|v| v.micros().to_be_bytes().to_vec()),
        Value::Day(v) => v.map(|v| Day::to_string(&v.0).into_bytes()),
        Value::Json(v) => v.as_ref().map(|v| canonical_json(v).into_bytes()),
        Value::Bytes(v) => v.clone(),
    };
    match text {
        None => into.push(0),
        Some(bytes) => {
            into.push(1);
            into.extend((bytes.len() as u64).to_be_bytes());
            into.extend(bytes);
        }
    }
}

/// PostgreSQL orders the keys and rewrites the numbers of a document; neither is content.
fn canonical_json(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().map(|(k, v)| (k, canonical_json(v))).collect();
            let parts: Vec<_> = sorted.iter().map(|(k, v)| format!("{k:?}:{v}")).collect();
            format!("{{{}}}", parts.join(","))
        }
        serde_json::Value::Array(list) => {
            let parts: Vec<_> = list.iter().map(canonical_json).collect();
            format!("[{}]", parts.join(","))
        }
        serde_json::Value::Number(n) => n.as_i64().map_or_else(
            || n.as_f64().map_or_else(|| n.to_string(), |real| real.to_string()),
            |int| int.to_string(),
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn deux_lignes_differentes_ne_se_confondent_pas() {
        let bytes = |values: &[Value]| {
            let mut into = Vec::new();
            values.iter().for_each(|v| canonical(v, &mut into));
            into
        };
        assert_ne!(bytes(&["ab".into(), "c".into()]), bytes(&["a".into(), "bc".into()]));
        assert_ne!(bytes(&[Value::Text(None)]), bytes(&["".into()]));
        assert_eq!(bytes(&[(-0.0).into()]), bytes(&[0.0.into()]));
    }

    #[test]
    fn un_document_json_garde_son_sens_d_un_moteur_a_l_autre() {
        let (a, b) = (json!({ "b": [1, 2.5], "a": 1e3 }), json!({ "a": 1000, "b": [1, 2.50] }));
        assert_eq!(canonical_json(&a), canonical_json(&b));
        assert_ne!(canonical_json(&json!("1")), canonical_json(&json!(1)));
    }
}
