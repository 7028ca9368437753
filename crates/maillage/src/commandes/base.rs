//! `db`: the database as the operator sees it.

use super::contexte;
use crate::{
    cli::Source,
    fin::{Fin, Issue},
};
use socle::clock::Clock;

/// Brings the database up to this program's schema.
pub async fn migrate(source: Source) -> Result<Issue, Fin> {
    let db = contexte::open(&contexte::config(&source, Vec::new())?).await?;
    let applied = db.migrate(Clock::system().now()).await?;
    db.close().await;
    match applied.as_slice() {
        [] => println!("La base est déjà à jour."),
        names => println!("Migrations appliquées : {}.", names.join(", ")),
    }
    Ok(Issue::Faite)
}
