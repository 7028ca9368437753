//! The backup of a live SQLite database, its restoration, and the check of either engine's database.

use super::{
    Db, DbOptions, Engine,
    migrations::{self, MigrationError, raw},
    schema,
};
use crate::files::{Partial, named};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What stops a backup, a restoration or a check; then nothing was left half-written.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has its own tools.
    #[error("cette commande sert aux bases SQLite ; pour PostgreSQL, utilisez pg_dump et pg_restore")]
    Postgres,
    /// A file is already there.
    #[error("{0} existe déjà")]
    Exists(PathBuf),
    /// The file is not a sound backup.
    #[error("{path} n’est pas une sauvegarde utilisable : {why}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why it is not, in French.
        why: String,
    },
    /// A program uses the database that would be replaced.
    #[error("{0} est utilisée par un programme : arrêtez-le avant de restaurer")]
    InUse(PathBuf),
    /// A file cannot be read or written.
    #[error("{path} : {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database failed.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
    /// The schema of this program cannot be made, or the database's is not of this program.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// What is wrong, in French; empty when the database is sound.
    pub faults: Vec<String>,
    /// The tables with their number of rows.
    pub tables: Vec<(String, i64)>,
}

/// Writes a copy of a database that may be in use to a file that must not exist; the file appears whole or not at all.
///
/// # Errors
/// When the database is not SQLite, the file exists or cannot be written, or the disk is full.
pub async fn backup(db: &Db, to: &Path) -> Result<(), BackupError> {
    let Db::Sqlite { writer, .. } = db else {
        return Err(BackupError::Postgres);
    };
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let partial = Partial::beside(to).map_err(|source| file(to, source))?;
    let name = partial.path().to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO $1").bind(name).execute(writer).await?;
    partial.keep().map_err(|source| file(to, source))
}

/// Puts a backup in the place of an SQLite database. The one that was there is kept beside it, and its name given.
///
/// # Errors
/// When the backup is not sound or comes from a later program, or the database is in use. Then nothing was changed.
pub async fn restore(from: &Path, to: &DbOptions) -> Result<Option<PathBuf>, BackupError> {
    let Some(target) = to.sqlite_path() else {
        return Err(BackupError::Postgres);
    };
    let partial = Partial::beside(&target).map_err(|source| file(&target, source))?;
    prove(from, partial.path()).await?;
    let former = named(&target, ".avant-restauration");
    let replaced = target.exists();
    if replaced {
        leave_wal(&target).await?;
        // A second name first, so that a crash between the two leaves a database in its place.
        let _ = std::fs::remove_file(&former);
        std::fs::hard_link(&target, &former).map_err(|source| file(&former, source))?;
    }
    partial.keep().map_err(|source| file(&target, source))?;
    Ok(replaced.then_some(former))
}

/// Copies the backup beside its place, and proves that it is sound there.
async fn prove(from: &Path, partial: &Path) -> Result<(), BackupError> {
    let unusable = |why: String| BackupError::Unusable {
        path: from.to_owned(),
        why,
    };
    std::fs::copy(from, partial).map_err(|source| file(from, source))?;
    let options = DbOptions {
        connections: 1,
        ..DbOptions::new(partial.to_string_lossy())
    };
    let db = Db::open(&options).await.map_err(|e| unusable(e.to_string()))?;
    let checked = check_backup(&db).await;
    db.close().await;
    checked.map_err(unusable)
}

async fn check_backup(db: &Db) -> Result<(), String> {
    let mut tx = db.read().await.map_err(|e| e.to_string())?;
    let known = migrations::version(&mut tx)
        .await
        .map_err(|_| "ce n’est pas une base de Maillage".to_owned())?;
    let last = migrations::all().last().map_or(0, |m| m.number);
    if known > last {
        return Err("elle vient d’une version plus récente de ce programme".into());
    }
    match integrity(&mut tx).await.map_err(|e| e.to_string())?.first() {
        Some(fault) => Err(fault.clone()),
        None => Ok(()),
    }
}

/// Folds the write-ahead log into the file; SQLite refuses while another program has the database open.
async fn leave_wal(target: &Path) -> Result<(), BackupError> {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new()
        .filename(target)
        .busy_timeout(std::time::Duration::from_millis(200));
    let mut connection = options.connect().await?;
    let left = sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut connection)
        .await;
    connection.close().await?;
    left.map(drop).map_err(|_| BackupError::InUse(target.to_owned()))
}

/// Checks a database: the engine's own integrity, references, and the schema against this program's.
///
/// # Errors
/// When the database does not answer.
pub async fn check(db: &Db) -> Result<Report, BackupError> {
    let expected = schema::expected().await?;
    let mut tx = db.read().await?;
    let mut faults = match db.engine() {
        Engine::Sqlite => integrity(&mut tx).await?,
        // PostgreSQL checks its pages and references at each write.
        Engine::Postgres => Vec::new(),
    };
    let held = schema::tables(&mut tx).await?;
    for (table, columns) in &expected {
        let found = held.get(table).map_or(&[] as &[_], Vec::as_slice);
        if found.is_empty() {
            faults.push(format!("la table « {table} » manque"));
            continue;
        }
        for column in columns {
            match found.iter().find(|f| f.name == column.name) {
                None => faults.push(format!("la colonne « {table}.{} » manque", column.name)),
                Some(f) if f.kind().map_or(f.type_name.as_str(), |k| k.sqlite_type()) != column.type_name => {
                    faults.push(format!(
                        "la colonne « {table}.{} » est du type {}",
                        column.name, f.type_name
                    ));
                }
                Some(_) => {}
            }
        }
    }
    let mut tables = Vec::new();
    for table in held.keys() {
        tables.push((table.clone(), schema::count(&mut tx, table).await?));
    }
    Ok(Report { faults, tables })
}

/// SQLite's own checks, as faults.
async fn integrity(tx: &mut super::Tx) -> Result<Vec<String>, sqlx::Error> {
    let lines: Vec<(String,)> = tx.fetch_all(raw("PRAGMA integrity_check(20)"), &[]).await?;
    let pages = lines.into_iter().map(|(line,)| line).filter(|line| line != "ok");
    let mut faults: Vec<_> = pages.map(|line| format!("le fichier est abîmé : {line}")).collect();
    let orphans: Vec<(String, i64)> = tx
        .fetch_all(
            raw("SELECT \"table\", COUNT(*) FROM pragma_foreign_key_check GROUP BY 1"),
            &[],
        )
        .await?;
    faults.extend(
        orphans
            .into_iter()
            .map(|(table, rows)| format!("la table « {table} » a {rows} lignes dont la référence n’existe pas")),
    );
    Ok(faults)
}

fn file(path: &Path, source: io::Error) -> BackupError {
    BackupError::File {
        path: path.to_owned(),
        source,
    }
}
