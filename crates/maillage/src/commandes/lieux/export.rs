//! `lieux export`: open data to a file or to the standard output.

use crate::{
    cli::lieux::{Export, Ouverte},
    commandes::contexte,
    fin::{Fin, Issue},
    progres::Progres,
};
use lieux::{
    domain::{
        export::{csv, data_inclusion, geojson, json, ligne::CodesInsee, territoire},
        lieu::Lieu,
    },
    store::lieu as store,
};
use socle::files::Partial;
use std::{
    fs::File,
    io::{self, BufWriter, Write, stdout},
};

/// Writes the public places of a territory; a file appears whole or not at all.
pub async fn run(args: Export) -> Result<Issue, Fin> {
    let perimetre = territoire::lire(&args.territoire).map_err(|erreur| Fin::Usage(erreur.to_string()))?;
    let codes = if args.arrondissements {
        CodesInsee::Arrondissements
    } else {
        CodesInsee::Communes
    };
    let atelier = contexte::atelier(&args.base).await?;
    let mut tx = atelier.db.read().await?;
    let mut lieux = store::publics(&mut tx).await?;
    drop(tx);
    atelier.db.close().await;
    lieux.retain(|lieu| territoire::contient(&perimetre, lieu));
    match &args.sortie {
        None => ecrire(BufWriter::new(stdout().lock()), &lieux, args.format, codes)?,
        Some(fichier) => {
            let progres = Progres::new("Export", 0);
            let partiel = Partial::beside(fichier)?;
            ecrire(
                BufWriter::new(File::create(partiel.path())?),
                &lieux,
                args.format,
                codes,
            )?;
            partiel.keep()?;
            progres.done(&format!("{} lieux dans {}", lieux.len(), fichier.display()));
        }
    }
    Ok(Issue::Faite)
}

fn ecrire(sortie: impl Write, lieux: &[Lieu], forme: Ouverte, codes: CodesInsee) -> io::Result<()> {
    match forme {
        Ouverte::Csv => csv::ecrire(sortie, lieux, codes),
        Ouverte::Json => json::ecrire(sortie, lieux, codes),
        Ouverte::Geojson => geojson::ecrire(sortie, lieux, codes),
        Ouverte::DataInclusion => data_inclusion::ecrire(sortie, lieux),
    }
}
