//! One database handle for SQLite and PostgreSQL: the only code that names an engine.
//!
//! A statement is written once with [`sql!`](crate::sql!), in the dialect that both engines share, with `$1…$n` parameters.

use crate::clock::{Day, Instant};
use sqlx::{
    AssertSqlSafe, Connection, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{
    borrow::Cow,
    path::PathBuf,
    str::FromStr,
    time::{Duration, Instant as Monotonic},
};
use uuid::Uuid;

pub mod backup;
mod columns;
pub mod migrations;
pub mod roles;
pub mod rotate;
pub mod schema;
pub mod transfer;

pub use columns::DayColumn;

/// What a database call gives.
pub type DbResult<T> = Result<T, sqlx::Error>;

/// A statement known at compile time; [`sql!`](crate::sql!) makes one, and a test finds each in the sources and prepares it on both engines.
#[derive(Debug, Clone, Copy)]
pub struct Statement(pub &'static str);

/// Marks a statement: `sql!("SELECT nom FROM lieu WHERE id = $1")`. It takes one string literal, so that the sources can be read for it.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::db::Statement($text)
    };
}

/// The text sent to the engine: a registered statement, or one whose `@list` was expanded.
#[derive(Debug, Clone)]
pub struct Sql(Cow<'static, str>);

impl From<Statement> for Sql {
    fn from(statement: Statement) -> Self {
        Self(Cow::Borrowed(statement.0))
    }
}

impl Statement {
    /// Expands the marker `($n, ...)` of a list: `IN ($2, ...)` with three values becomes `IN ($2, $3, $4)`. The list is the last parameter.
    pub fn with_list(self, first: usize, values: usize) -> Sql {
        let marker = format!("(${first}, ...)");
        let list = (first..first + values.max(1))
            .map(|n| format!("${n}"))
            .collect::<Vec<_>>()
            .join(", ");
        Sql(Cow::Owned(self.0.replace(&marker, &format!("({list})"))))
    }

    /// Repeats the one row of values `VALUES ($1, $2)`, numbered on: two rows give `VALUES ($1, $2), ($3, $4)`. The parameters are those
    /// of the rows one after the other.
    pub fn with_rows(self, rows: usize) -> Sql {
        let Some((before, row, after)) = row_of_values(self.0) else {
            return Sql(Cow::Borrowed(self.0));
        };
        let columns = row.split(',').count();
        let list = (0..rows.max(1))
            .map(|n| {
                let first = n * columns + 1;
                let row: Vec<String> = (first..first + columns).map(|n| format!("${n}")).collect();
                format!("({})", row.join(", "))
            })
            .collect::<Vec<_>>()
            .join(", ");
        Sql(Cow::Owned(format!("{before}{list}{after}")))
    }
}

/// What stands before the row of values, in its parentheses, and after it.
fn row_of_values(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let start = text.find("VALUES (")? + "VALUES ".len();
    let end = start + text[start..].find(')')?;
    Some((&text[..start], &text[start + 1..end], &text[end + 1..]))
}

/// What a parameter can be; `None` keeps its type, which PostgreSQL needs.
#[derive(Debug, Clone)]
pub enum Value {
    /// An identifier.
    Uuid(Option<Uuid>),
    /// A text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// A real number.
    Real(Option<f64>),
    /// A boolean.
    Bool(Option<bool>),
    /// An instant.
    Instant(Option<Instant>),
    /// A civil day.
    Day(Option<DayColumn>),
    /// A JSON document.
    Json(Option<serde_json::Value>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($t:ty => $v:ident),* $(,)?) => { $(
        impl From<$t> for Value { fn from(v: $t) -> Self { Value::$v(Some(v.into())) } }
        impl From<Option<$t>> for Value { fn from(v: Option<$t>) -> Self { Value::$v(v.map(Into::into)) } }
    )* };
}
value_from! { Uuid => Uuid, String => Text, &str => Text, i64 => Int, i32 => Int, u32 => Int, f64 => Real, bool => Bool, Instant => Instant, Day => Day, Vec<u8> => Bytes }

impl From<serde_json::Value> for Value {
    fn from(v: serde_json::Value) -> Self {
        Value::Json(Some(v))
    }
}
impl From<Option<serde_json::Value>> for Value {
    fn from(v: Option<serde_json::Value>) -> Self {
        Value::Json(v)
    }
}

/// The parameters of a statement, in order: `params![id, nom]`.
#[macro_export]
macro_rules! params {
    ($($v:expr),* $(,)?) => { [$($crate::db::Value::from($v)),*] };
}

/// A row readable from either engine; `#[derive(sqlx::FromRow)]` gives it.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

macro_rules! bind {
    ($name:ident, $db:ty, $args:ty) => {
        fn $name(sql: Sql, params: &[Value]) -> Query<'static, $db, $args> {
            let query = match sql.0 {
                Cow::Borrowed(text) => sqlx::query(text),
                Cow::Owned(text) => sqlx::query(AssertSqlSafe(text)),
            };
            params.iter().cloned().fold(query, |q, v| match v {
                Value::Uuid(v) => q.bind(v),
                Value::Text(v) => q.bind(v),
                Value::Int(v) => q.bind(v),
                Value::Real(v) => q.bind(v),
                Value::Bool(v) => q.bind(v),
                Value::Instant(v) => q.bind(v),
                Value::Day(v) => q.bind(v),
                Value::Json(v) => q.bind(v),
                Value::Bytes(v) => q.bind(v),
            })
        }
    };
}
bind!(bind_sqlite, Sqlite, SqliteArguments);
bind!(bind_postgres, Postgres, PgArguments);

/// Which engine stands behind a [`Db`]; for messages and tests, never for a second way of doing things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded engine.
    Sqlite,
    /// The server.
    Postgres,
}

/// Where the database is, and what bounds it.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// `postgres://…`, or the path of an SQLite file (with or without `sqlite:`).
    pub url: String,
    /// Connections for PostgreSQL, readers for SQLite.
    pub connections: u32,
    /// How long a request waits for a connection.
    pub wait: Duration,
    /// The largest number of pages of an SQLite file, when bounded.
    pub max_pages: Option<u32>,
}

impl DbOptions {
    /// The usual bounds for a database at this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 8,
            wait: Duration::from_secs(5),
            max_pages: None,
        }
    }

    /// The engine that the address names.
    pub fn engine(&self) -> Engine {
        let postgres = self.url.starts_with("postgres://") || self.url.starts_with("postgresql://");
        if postgres { Engine::Postgres } else { Engine::Sqlite }
    }

    /// The file of an SQLite database.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        (self.engine() == Engine::Sqlite).then(|| {
            let path = self.url.strip_prefix("sqlite:").unwrap_or(&self.url);
            PathBuf::from(path.strip_prefix("//").unwrap_or(path))
        })
    }
}

/// The database.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite has one writer: a pool of one for writes, a pool of many for reads.
    Sqlite {
        /// The one writer.
        writer: SqlitePool,
        /// The readers, which cannot write.
        readers: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// A unit of work: every read and write goes through one.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens a database; an SQLite file is created when absent.
    ///
    /// # Errors
    /// When the address is malformed or the database does not answer.
    pub async fn open(options: &DbOptions) -> DbResult<Self> {
        let Some(path) = options.sqlite_path() else {
            let connect = PgConnectOptions::from_str(&options.url)?.application_name("maillage");
            let pool = PgPoolOptions::new()
                .max_connections(options.connections)
                .acquire_timeout(options.wait);
            return Ok(Db::Postgres(pool.connect_with(connect).await?));
        };
        let mut connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Full, so that what was acknowledged survives a power cut too.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(options.wait);
        if let Some(pages) = options.max_pages {
            connect = connect.pragma("max_page_count", pages.to_string());
        }
        let pool = |n: u32| {
            SqlitePoolOptions::new()
                .max_connections(n)
                .acquire_timeout(options.wait)
                // A full disk ends a transaction by itself, and sqlx goes on counting it: such a connection is replaced.
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        };
        let until = Monotonic::now() + options.wait;
        let writer = patiently(until, || pool(1).connect_with(connect.clone())).await?;
        let reading = connect.read_only(true);
        let readers = patiently(until, || pool(options.connections.max(1)).connect_with(reading.clone())).await?;
        Ok(Db::Sqlite { writer, readers })
    }

    /// The engine behind this handle.
    pub fn engine(&self) -> Engine {
        match self {
            Db::Sqlite { .. } => Engine::Sqlite,
            Db::Postgres(_) => Engine::Postgres,
        }
    }

    /// A unit of work that only reads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> DbResult<Tx> {
        Ok(match self {
            Db::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A unit of work that reads the database as it stood at its first statement, however long it lasts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn snapshot(&self) -> DbResult<Tx> {
        match self {
            Db::Sqlite { .. } => self.read().await,
            Db::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Ok(Tx::Postgres(pool.begin_with(begin).await?))
            }
        }
    }

    /// A unit of work that writes; on SQLite it takes the write lock at once, so that a read-then-write never finds it busy.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn write(&self) -> DbResult<Tx> {
        Ok(match self {
            Db::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Closes every connection; on SQLite this folds the write-ahead log back into the file.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// Opens again while another process holds the file: SQLite's own wait does not cover the change to WAL, so two nodes that start together meet there.
async fn patiently<T, F: Future<Output = DbResult<T>>>(until: Monotonic, open: impl Fn() -> F) -> DbResult<T> {
    const PAUSE: Duration = Duration::from_millis(10);
    loop {
        match open().await {
            Err(error) if is_busy(&error) && Monotonic::now() < until => tokio::time::sleep(PAUSE).await,
            opened => return opened,
        }
    }
}

/// `SQLITE_BUSY` and its extended codes, whose low byte is 5.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

impl Tx {
    /// The engine behind this unit of work.
    pub fn engine(&self) -> Engine {
        match self {
            Tx::Sqlite(_) => Engine::Sqlite,
            Tx::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and gives the number of rows that it changed.
    ///
    /// # Errors
    /// The engine's.
    pub async fn execute(&mut self, sql: impl Into<Sql>, params: &[Value]) -> DbResult<u64> {
        Ok(match self {
            Tx::Sqlite(t) => bind_sqlite(sql.into(), params).execute(&mut **t).await?.rows_affected(),
            Tx::Postgres(t) => bind_postgres(sql.into(), params)
                .execute(&mut **t)
                .await?
                .rows_affected(),
        })
    }

    /// Every row of a query that is bounded by its own text.
    ///
    /// # Errors
    /// The engine's, or a row that does not have the expected columns.
    pub async fn fetch_all<T: Row>(&mut self, sql: impl Into<Sql>, params: &[Value]) -> DbResult<Vec<T>> {
        match self {
            Tx::Sqlite(t) => bind_sqlite(sql.into(), params)
                .fetch_all(&mut **t)
                .await?
                .iter()
                .map(T::from_row)
                .collect(),
            Tx::Postgres(t) => bind_postgres(sql.into(), params)
                .fetch_all(&mut **t)
                .await?
                .iter()
                .map(T::from_row)
                .collect(),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Tx::fetch_all`].
    pub async fn fetch_optional<T: Row>(&mut self, sql: impl Into<Sql>, params: &[Value]) -> DbResult<Option<T>> {
        Ok(self.fetch_all(sql, params).await?.into_iter().next())
    }

    /// The one row.
    ///
    /// # Errors
    /// As [`Tx::fetch_all`], and `RowNotFound`.
    pub async fn fetch_one<T: Row>(&mut self, sql: impl Into<Sql>, params: &[Value]) -> DbResult<T> {
        self.fetch_optional(sql, params).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Makes the work lasting.
    ///
    /// # Errors
    /// The engine's; then nothing of the work was kept.
    pub async fn commit(self) -> DbResult<()> {
        match self {
            Tx::Sqlite(t) => t.commit().await,
            Tx::Postgres(t) => t.commit().await,
        }
    }

    /// Drops the work.
    ///
    /// # Errors
    /// The engine's.
    pub async fn rollback(self) -> DbResult<()> {
        match self {
            Tx::Sqlite(t) => t.rollback().await,
            Tx::Postgres(t) => t.rollback().await,
        }
    }
}
