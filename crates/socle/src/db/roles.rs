//! Two roles on PostgreSQL: one owns the tables and migrates, the other serves and can only add to the journal.

use super::{
    Db, DbResult, Engine, Tx,
    migrations::{self, raw},
    schema::quoted,
};

/// What the serving role may read and add to, never change: the journal, and the dated values of rules.
const ONLY_GROW: &str = "journal, journal_chain, journal_seal, reference_value";

/// Why the serving role was not given what it needs.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Roles are PostgreSQL's.
    #[error("« database_admin » ne sert qu’avec PostgreSQL")]
    Engine,
    /// The serving role could change the journal whatever is granted to it.
    #[error(
        "le rôle {0}, qui sert le site, possède les tables du journal ou est superutilisateur : il pourrait modifier le journal. Donnez à « database » un autre rôle, ou les tables au rôle de « database_admin » (REASSIGN OWNED BY)"
    )]
    TooPowerful(String),
    /// The database refused.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
}

/// Gives the role of `serving` what it needs on the tables that `admin` migrated.
///
/// # Errors
/// When the engine is not PostgreSQL, the serving role could change the journal all the same, or the database refuses.
pub async fn grant(admin: &Db, serving: &Db) -> Result<(), RoleError> {
    if (admin.engine(), serving.engine()) != (Engine::Postgres, Engine::Postgres) {
        return Err(RoleError::Engine);
    }
    let (role,): (String,) = serving
        .read()
        .await?
        .fetch_one(raw("SELECT CAST(current_user AS TEXT)"), &[])
        .await?;
    let mut tx = admin.write().await?;
    migrations::lock(&mut tx).await?;
    if is_powerful(&mut tx, &role).await? {
        return Err(RoleError::TooPowerful(role));
    }
    let (schema,): (String,) = tx.fetch_one(raw("SELECT CAST(current_schema() AS TEXT)"), &[]).await?;
    let (schema, role) = (quoted(&schema), quoted(&role));
    for statement in [
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"),
        format!("REVOKE ALL ON {ONLY_GROW} FROM {role}"),
        format!("GRANT SELECT, INSERT ON {ONLY_GROW} TO {role}"),
    ] {
        tx.execute(raw(statement), &[]).await?;
    }
    Ok(tx.commit().await?)
}

/// Whether a role has the rights of who owns the journal; a superuser has those of everybody.
async fn is_powerful(tx: &mut Tx, role: &str) -> DbResult<bool> {
    let (powerful,): (bool,) = tx
        .fetch_one(
            raw(
                "SELECT pg_has_role($1::name, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = CAST('journal' AS regclass)",
            ),
            &crate::params![role],
        )
        .await?;
    Ok(powerful)
}
