//! Somebody who owns the database and tampers with it, with or without the triggers in their way.

use socle::{db::Engine, testing::TestDb};
use sqlx::{
    AssertSqlSafe, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A folder, removed when dropped.
pub struct Dossier(PathBuf);

impl Dossier {
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("maillage-{}", Uuid::new_v4())))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

pub struct Saboteur {
    pool: Pool,
    engine: Engine,
}

impl Saboteur {
    /// Nothing stands in their way.
    pub async fn new(test: &TestDb) -> Self {
        let saboteur = Self::honest(test).await;
        match &saboteur.pool {
            Pool::Sqlite(pool) => {
                let triggers: Vec<(String,)> = sqlx::query_as("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
                    .fetch_all(pool)
                    .await
                    .unwrap();
                for (name,) in triggers {
                    saboteur.run(&format!("DROP TRIGGER {name}")).await;
                }
            }
            Pool::Postgres(_) => saboteur.run("SET session_replication_role = replica").await,
        }
        saboteur
    }

    /// The triggers and references stand in their way.
    pub async fn honest(test: &TestDb) -> Self {
        let engine = test.db.engine();
        let pool = match engine {
            Engine::Sqlite => {
                let options = SqliteConnectOptions::new().filename(&test.url).foreign_keys(false);
                let one = SqlitePoolOptions::new().max_connections(1);
                Pool::Sqlite(one.connect_with(options).await.unwrap())
            }
            // One connection, which keeps the settings of its session.
            Engine::Postgres => Pool::Postgres(
                PgPoolOptions::new()
                    .max_connections(1)
                    .connect(&test.url)
                    .await
                    .unwrap(),
            ),
        };
        Self { pool, engine }
    }

    pub async fn run(&self, statement: &str) {
        self.try_run(statement)
            .await
            .unwrap_or_else(|e| panic!("{statement} : {e}"));
    }

    pub async fn try_run(&self, statement: &str) -> Result<(), sqlx::Error> {
        let statement = AssertSqlSafe(statement.to_owned());
        match &self.pool {
            Pool::Sqlite(pool) => sqlx::raw_sql(statement).execute(pool).await.map(drop),
            Pool::Postgres(pool) => sqlx::raw_sql(statement).execute(pool).await.map(drop),
        }
    }

    /// How SQLite would answer a statement.
    pub async fn plan(&self, statement: &str) -> String {
        let Pool::Sqlite(pool) = &self.pool else {
            panic!("only SQLite explains itself so");
        };
        let explained: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
                .fetch_all(pool)
                .await
                .unwrap();
        explained.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
    }

    /// Puts the identifiers of the lines in the place of `{1}` to `{8}`, Nadia's in that of `{nadia}`, one that nothing has in that of
    /// `{new}`, and bytes in that of `{hash}`.
    pub fn fill(&self, statement: &str, lines: &[Uuid]) -> String {
        let blob = |bytes: &[u8]| match self.engine {
            Engine::Sqlite => format!("X'{}'", hex(bytes)),
            Engine::Postgres => format!("'\\x{}'", hex(bytes)),
        };
        let uuid = |id: &Uuid| match self.engine {
            Engine::Sqlite => blob(id.as_bytes()),
            Engine::Postgres => format!("CAST('{id}' AS UUID)"),
        };
        let mut text = statement
            .replace("{new}", &uuid(&Uuid::from_u128(99)))
            .replace("{nadia}", &uuid(&Uuid::from_u128(0xa)))
            .replace("{hash}", &blob(&[7; 32]));
        for (number, id) in (1..).zip(lines) {
            text = text.replace(&format!("{{{number}}}"), &uuid(id));
        }
        text
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
