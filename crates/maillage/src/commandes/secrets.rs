//! `secrets`: what the operator's keys seal.

use super::contexte;
use crate::{
    MODULES,
    cli::{Format, SecretsRotate},
    fin::{Fin, Issue},
};
use socle::db::rotate;
use std::io::stdout;

/// Seals everything again with the first key.
pub async fn rotate(args: SecretsRotate) -> Result<Issue, Fin> {
    let atelier = contexte::atelier(&args.source).await?;
    let sealed: Vec<_> = MODULES.iter().flat_map(|m| m.sealed.iter().copied()).collect();
    let done = rotate::rotate(&atelier.db, &atelier.keys, &sealed).await?;
    atelier.db.close().await;
    let is_whole = done.iter().all(|column| column.unreadable == 0);
    match args.sortie.format {
        Format::Json => super::ecrire_json(&mut stdout().lock(), &done)?,
        Format::Texte => {
            for column in &done {
                println!(
                    "{}.{} : {} valeurs, {} chiffrées à nouveau, {} illisibles",
                    column.table, column.column, column.seen, column.resealed, column.unreadable
                );
            }
            println!(
                "{}",
                if is_whole {
                    "Tout est chiffré avec la première clé."
                } else {
                    "Des valeurs ne s’ouvrent avec aucune de vos clés : remettez la clé qui manque, puis recommencez."
                }
            );
        }
    }
    Ok(if is_whole { Issue::Faite } else { Issue::Constats })
}
