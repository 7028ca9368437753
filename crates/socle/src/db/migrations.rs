//! The one list of migrations, applied at start in one transaction under a lock, so that two nodes may start together.

use super::{Db, DbResult, Engine, Sql, Tx};
use crate::{clock::Instant, params, sql};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../migrations"]
#[include = "*.sql"]
struct Files;

/// A migration: `0002_territoire.sql` is number 2 of the context `territoire`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number; migrations are applied in this order.
    pub number: i64,
    /// Its name without number and extension; its first word names the context that owns its tables.
    pub name: String,
    /// Its text, with PostgreSQL's type names.
    pub sql: String,
}

/// What can stop a migration.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database refused.
    #[error("la base de données a refusé la migration {name} : {source}")]
    Refused {
        /// The migration's name.
        name: String,
        /// The engine's error.
        source: sqlx::Error,
    },
    /// A migration that was applied is not the one in this program.
    #[error(
        "la migration {number} de cette base n'est pas celle de ce programme : restaurez une sauvegarde, ou utilisez la version qui l'a écrite"
    )]
    Changed {
        /// Its number.
        number: i64,
    },
    /// The database comes from a later program.
    #[error("cette base vient d'une version plus récente (migration {number}) : mettez le programme à jour")]
    TooNew {
        /// The unknown migration's number.
        number: i64,
    },
    /// The database does not answer.
    #[error("la base de données ne répond pas : {0}")]
    Db(#[from] sqlx::Error),
}

#[derive(sqlx::FromRow)]
struct Applied {
    number: i64,
    checksum: String,
}

/// Every migration of this program, in order.
pub fn all() -> Vec<Migration> {
    let mut list: Vec<_> = Files::iter()
        .filter_map(|file| {
            let (number, name) = file.strip_suffix(".sql")?.split_once('_')?;
            let sql = String::from_utf8_lossy(&Files::get(&file)?.data).into_owned();
            Some(Migration {
                number: number.parse().ok()?,
                name: name.to_owned(),
                sql,
            })
        })
        .collect();
    list.sort_by_key(|m| m.number);
    list
}

impl Migration {
    fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.sql.as_bytes()))
    }

    /// The statements for one engine: its `-- @sqlite` or `-- @postgres` blocks (closed by `-- @end`), and its type names.
    pub fn statements(&self, engine: Engine) -> Vec<String> {
        let mut kept = String::new();
        let mut only: Option<Engine> = None;
        for line in self.sql.lines() {
            match line.trim() {
                "-- @sqlite" => only = Some(Engine::Sqlite),
                "-- @postgres" => only = Some(Engine::Postgres),
                "-- @end" => only = None,
                comment if comment.starts_with("--") => {}
                _ if only.is_none_or(|e| e == engine) => {
                    kept.push_str(line);
                    kept.push('\n');
                }
                _ => {}
            }
        }
        split_statements(&kept)
            .into_iter()
            .map(|s| if engine == Engine::Sqlite { for_sqlite(&s) } else { s })
            .collect()
    }
}

/// A statement ends with a semicolon that closes a line, unless the line is indented inside a block that goes on.
fn split_statements(sql: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut lines = sql.lines().peekable();
    while let Some(line) = lines.next() {
        current.push_str(line);
        current.push('\n');
        let closes = !line.starts_with(char::is_whitespace) || lines.peek().is_none_or(|next| next.trim().is_empty());
        if line.trim_end().ends_with(';') && closes {
            statements.push(current.trim().trim_end_matches(';').to_owned());
            current.clear();
        }
    }
    if !current.trim().is_empty() {
        statements.push(current.trim().to_owned());
    }
    statements
}

/// Migrations are written with PostgreSQL's types; SQLite gets its own, in STRICT tables.
fn for_sqlite(sql: &str) -> String {
    const TYPES: [(&str, &str); 8] = [
        (" UUID", " BLOB"),
        (" TIMESTAMPTZ", " TEXT"),
        (" DATE", " TEXT"),
        (" JSONB", " TEXT"),
        (" BYTEA", " BLOB"),
        (" BOOLEAN", " INTEGER"),
        (" BIGINT", " INTEGER"),
        (" DOUBLE PRECISION", " REAL"),
    ];
    let mut text = TYPES
        .iter()
        .fold(sql.to_owned(), |text, (pg, lite)| text.replace(pg, lite));
    if text.starts_with("CREATE TABLE") {
        text.push_str(" STRICT");
    }
    text
}

impl Db {
    /// Brings the database up to this program's schema; gives the names of the migrations applied now.
    ///
    /// # Errors
    /// When a migration is refused, was changed since it was applied, or the database comes from a later program. Then nothing was applied.
    pub async fn migrate(&self, at: Instant) -> Result<Vec<String>, MigrationError> {
        self.migrate_with(&all(), at).await
    }

    /// As [`Db::migrate`], with a given list.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate_with(&self, list: &[Migration], at: Instant) -> Result<Vec<String>, MigrationError> {
        let mut tx = self.write().await?;
        lock(&mut tx).await?;
        let known = "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)";
        let known = if tx.engine() == Engine::Sqlite {
            for_sqlite(known)
        } else {
            known.to_owned()
        };
        tx.execute(raw(known), &[]).await?;
        let applied: Vec<Applied> = tx
            .fetch_all(
                raw("SELECT number, checksum FROM schema_migration ORDER BY number"),
                &[],
            )
            .await?;
        for done in &applied {
            match list.iter().find(|m| m.number == done.number) {
                None => return Err(MigrationError::TooNew { number: done.number }),
                Some(m) if m.checksum() != done.checksum => {
                    return Err(MigrationError::Changed { number: done.number });
                }
                Some(_) => {}
            }
        }
        let mut names = Vec::new();
        for migration in list.iter().filter(|m| applied.iter().all(|a| a.number != m.number)) {
            apply(&mut tx, migration, at)
                .await
                .map_err(|source| MigrationError::Refused {
                    name: migration.name.clone(),
                    source,
                })?;
            names.push(format!("{:04}_{}", migration.number, migration.name));
        }
        tx.commit().await?;
        Ok(names)
    }
}

/// Waits until no other node changes the schema, and keeps it so until the transaction ends.
pub(super) async fn lock(tx: &mut Tx) -> DbResult<()> {
    if tx.engine() == Engine::Postgres {
        // Any constant does: it only has to be the same in every node.
        tx.fetch_all::<(i32,)>(raw("SELECT 1 FROM pg_advisory_xact_lock(7261)"), &[])
            .await?;
    }
    Ok(())
}

async fn apply(tx: &mut Tx, migration: &Migration, at: Instant) -> DbResult<()> {
    for statement in migration.statements(tx.engine()) {
        tx.execute(raw(statement), &[]).await?;
    }
    let done = params![migration.number, migration.name.clone(), migration.checksum(), at];
    tx.execute(
        raw("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)"),
        &done,
    )
    .await
    .map(drop)
}

/// Text that this file alone makes; the rest of the program goes through `sql!`.
pub(super) fn raw(sql: impl Into<Cow<'static, str>>) -> Sql {
    Sql(sql.into())
}

/// Whether the program's own schema is there.
///
/// # Errors
/// When the database does not answer.
pub async fn version(tx: &mut Tx) -> DbResult<i64> {
    let row: (i64,) = tx
        .fetch_one(
            sql!("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM schema_migration"),
            &[],
        )
        .await?;
    Ok(row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_migration_prend_les_types_et_les_blocs_de_son_moteur() {
        let m = Migration {
            number: 1,
            name: "essai".into(),
            sql: "-- why\nCREATE TABLE t (\n    id UUID NOT NULL PRIMARY KEY,\n    ok BOOLEAN NOT NULL\n);\nCREATE INDEX i ON t (ok);\n\n-- @sqlite\nCREATE TRIGGER x BEFORE UPDATE ON t BEGIN\n    SELECT RAISE(ABORT, 'non');\nEND;\n\n-- @end\n-- @postgres\nSELECT 2;\n\n-- @end\n".into(),
        };
        assert_eq!(
            m.statements(Engine::Sqlite),
            [
                "CREATE TABLE t (\n    id BLOB NOT NULL PRIMARY KEY,\n    ok INTEGER NOT NULL\n) STRICT",
                "CREATE INDEX i ON t (ok)",
                "CREATE TRIGGER x BEFORE UPDATE ON t BEGIN\n    SELECT RAISE(ABORT, 'non');\nEND"
            ]
        );
        assert_eq!(m.statements(Engine::Postgres)[2], "SELECT 2");
    }
}
