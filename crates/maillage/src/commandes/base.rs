//! `db`: the database as the operator sees it.

use super::contexte;
use crate::{
    cli::{Backup, Check, Copy, Format, Restore, Source},
    fin::{Fin, Issue},
    progres::Progres,
};
use socle::{
    clock::Clock,
    config::Config,
    db::{Db, DbOptions, backup, transfer},
};

/// Brings the database up to this program's schema.
pub async fn migrate(source: Source) -> Result<Issue, Fin> {
    let config = contexte::config(&source, Vec::new())?;
    let db = contexte::open(&config).await?;
    let applied = contexte::migrate(&config, &db, Clock::system().now()).await?;
    db.close().await;
    match applied.as_slice() {
        [] => println!("La base est déjà à jour."),
        names => println!("Migrations appliquées : {}.", names.join(", ")),
    }
    Ok(Issue::Faite)
}

/// Copies a live database into a file.
pub async fn backup(args: Backup) -> Result<Issue, Fin> {
    let db = existing(&contexte::config(&args.source, Vec::new())?).await?;
    let progres = Progres::new("Sauvegarde", 0);
    backup::backup(&db, &args.fichier).await?;
    db.close().await;
    progres.done(&format!("écrite dans {}", args.fichier.display()));
    Ok(Issue::Faite)
}

/// Puts a backup in the place of the database.
pub async fn restore(args: Restore) -> Result<Issue, Fin> {
    let options = contexte::config(&args.source, Vec::new())?.db_options();
    let progres = Progres::new("Restauration", 0);
    let former = backup::restore(&args.fichier, &options).await?;
    progres.done("la base est en place");
    if let Some(former) = former {
        println!("L’ancienne base est gardée dans {}.", former.display());
    }
    Ok(Issue::Faite)
}

/// Checks the database.
pub async fn check(args: Check) -> Result<Issue, Fin> {
    let db = existing(&contexte::config(&args.source, Vec::new())?).await?;
    let report = backup::check(&db).await?;
    db.close().await;
    match args.sortie.format {
        Format::Json => println!(
            "{}",
            serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?
        ),
        Format::Texte => {
            for (table, rows) in &report.tables {
                println!("{table} : {rows} lignes");
            }
            for fault in &report.faults {
                println!("Défaut : {fault}");
            }
            println!(
                "{}",
                if report.faults.is_empty() {
                    "La base est saine."
                } else {
                    "La base a des défauts."
                }
            );
        }
    }
    Ok(if report.faults.is_empty() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

/// Copies an SQLite database into an empty PostgreSQL one.
pub async fn copy(args: Copy) -> Result<Issue, Fin> {
    let from = existing(&contexte::config(&args.source, Vec::new())?).await?;
    let to = Db::open(&DbOptions::new(args.vers))
        .await
        .map_err(|e| Fin::Refus(format!("la base d’arrivée ne répond pas : {e}")))?;
    let mut progres = Progres::new("Copie", 0);
    let mut rows = 0;
    let copied = transfer::copy(&from, &to, Clock::system().now(), |table| {
        rows += table.rows;
        progres.at(rows);
    })
    .await?;
    from.close().await;
    to.close().await;
    progres.done(&format!("{} tables, {rows} lignes, relues à l’identique", copied.len()));
    Ok(Issue::Faite)
}

/// Opens a database that must be there: a misspelt name must not make an empty one.
pub(super) async fn existing(config: &Config) -> Result<Db, Fin> {
    match config.db_options().sqlite_path() {
        Some(path) if !path.exists() => Err(Fin::Refus(format!("la base {} n’existe pas", path.display()))),
        _ => contexte::open(config).await,
    }
}
