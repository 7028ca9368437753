//! The copy of a whole SQLite database into an empty PostgreSQL one, in one transaction, verified by counts and by content before it is kept.

use super::{
    Db, Tx, Value,
    migrations::{self, MigrationError, raw},
    schema::{self, Column, ColumnKind, quoted},
};
use crate::clock::Instant;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

/// The table that each engine fills by itself.
const OWN: &str = "schema_migration";
/// PostgreSQL takes at most 65 535 parameters a statement.
const PARAMETERS: usize = 20_000;

/// What stops a copy; then the target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The source or the target is not of the engine expected.
    #[error("la copie va d’une base SQLite vers une base PostgreSQL")]
    Engines,
    /// The target holds rows.
    #[error("la base d’arrivée n’est pas vide : la table « {0} » contient des lignes")]
    NotEmpty(String),
    /// The source is not at this program's schema.
    #[error("la base de départ n’est pas au schéma de ce programme : lancez d’abord « maillage db migrate »")]
    SourceNotMigrated,
    /// A column whose type is unknown here, or absent from the source.
    #[error("la colonne {0} ne se copie pas : les deux bases ne la décrivent pas de la même façon")]
    Column(String),
    /// What was written is not what was read.
    #[error("la table « {0} » ne se relit pas à l’identique ; rien n’a été gardé")]
    Differs(String),
    /// A database failed.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
    /// The target could not be prepared.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}

/// A table once copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
}

/// The sum of the hashes of rows: the same for the same rows in any order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Content {
    rows: u64,
    sum: [u128; 2],
}

impl Content {
    fn add(&mut self, row: &[Value]) {
        let mut bytes = Vec::new();
        row.iter().for_each(|value| schema::canonical(value, &mut bytes));
        let hash = Sha256::digest(&bytes);
        for (sum, half) in self.sum.iter_mut().zip(hash.chunks_exact(16)) {
            let half = half.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
            *sum = sum.wrapping_add(half);
        }
        self.rows += 1;
    }
}

/// Copies every table of `from` into `to`; `see` is told of each table once it is written and read back.
///
/// # Errors
/// When the target holds rows, the schemas differ, a database fails, or what is read back is not what was written.
pub async fn copy(
    from: &Db,
    to: &Db,
    at: Instant,
    mut see: impl FnMut(&CopiedTable),
) -> Result<Vec<CopiedTable>, CopyError> {
    if !matches!((from, to), (Db::Sqlite { .. }, Db::Postgres(_))) {
        return Err(CopyError::Engines);
    }
    let mut source = from.read().await?;
    let last = migrations::all().last().map_or(0, |m| m.number);
    if migrations::version(&mut source).await.ok() != Some(last) {
        return Err(CopyError::SourceNotMigrated);
    }
    to.migrate(at).await?;
    let mut target = to.write().await?;
    let held = schema::tables(&mut source).await?;
    let tables = schema::tables_in_order(&mut target).await?;
    for (table, _) in tables.iter().filter(|(table, _)| table != OWN) {
        if schema::count(&mut target, table).await? > 0 {
            return Err(CopyError::NotEmpty(table.clone()));
        }
    }
    let mut copied = Vec::new();
    for (table, columns) in tables.iter().filter(|(table, _)| table != OWN) {
        let plan = Plan::new(table, columns, held.get(table))?;
        let read = plan.pour(&mut source, &mut target).await?;
        if plan.read_back(&mut target).await? != read {
            return Err(CopyError::Differs(table.clone()));
        }
        let done = CopiedTable {
            table: table.clone(),
            rows: read.rows,
        };
        see(&done);
        copied.push(done);
    }
    target.commit().await?;
    Ok(copied)
}

/// How one table is read and written.
struct Plan {
    table: String,
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
}

impl Plan {
    fn new(table: &str, target: &[Column], source: Option<&Vec<Column>>) -> Result<Self, CopyError> {
        let source = source.map_or(&[] as &[_], Vec::as_slice);
        let differs = |name: &str| CopyError::Column(format!("{table}.{name}"));
        if let Some(extra) = source.iter().find(|s| target.iter().all(|t| t.name != s.name)) {
            return Err(differs(&extra.name));
        }
        let mut kinds = Vec::new();
        for column in target {
            let kind = column.kind().ok_or_else(|| differs(&column.name))?;
            let same = source
                .iter()
                .any(|s| s.name == column.name && s.type_name == kind.sqlite_type());
            kinds.push(same.then_some(kind).ok_or_else(|| differs(&column.name))?);
        }
        let names = target.iter().map(|c| quoted(&c.name)).collect();
        Ok(Self {
            table: quoted(table),
            names,
            kinds,
        })
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names.join(", "), self.table)
    }

    /// `INSERT` of that many rows.
    fn insert(&self, rows: usize) -> String {
        let width = self.names.len();
        let group = |row: usize| {
            let places: Vec<_> = (1..=width).map(|n| format!("${}", row * width + n)).collect();
            format!("({})", places.join(", "))
        };
        let groups: Vec<_> = (0..rows).map(group).collect();
        format!(
            "INSERT INTO {} ({}) VALUES {}",
            self.table,
            self.names.join(", "),
            groups.join(", ")
        )
    }

    /// Streams the rows of the source into the target, and gives what was read.
    async fn pour(&self, source: &mut Tx, target: &mut Tx) -> Result<Content, CopyError> {
        let Tx::Sqlite(source) = source else {
            return Err(CopyError::Engines);
        };
        let per_batch = (PARAMETERS / self.names.len().max(1)).max(1);
        let mut content = Content::default();
        let mut batch: Vec<Value> = Vec::new();
        // In the order of writing, so that a row comes after the one of its own table that it refers to.
        let mut rows =
            sqlx::query(sqlx::AssertSqlSafe(format!("{} ORDER BY rowid", self.select()))).fetch(&mut **source);
        while let Some(row) = rows.try_next().await? {
            let values = self
                .kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| schema::sqlite_value(&row, at, *kind));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            content.add(&values);
            batch.extend(values);
            if batch.len() == per_batch * self.names.len() {
                target.execute(raw(self.insert(per_batch)), &batch).await?;
                batch.clear();
            }
        }
        if !batch.is_empty() {
            target
                .execute(raw(self.insert(batch.len() / self.names.len())), &batch)
                .await?;
        }
        Ok(content)
    }

    async fn read_back(&self, target: &mut Tx) -> Result<Content, CopyError> {
        let Tx::Postgres(target) = target else {
            return Err(CopyError::Engines);
        };
        let mut content = Content::default();
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(self.select())).fetch(&mut **target);
        while let Some(row) = rows.try_next().await? {
            let values = self
                .kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| schema::postgres_value(&row, at, *kind));
            content.add(&values.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(content)
    }
}
