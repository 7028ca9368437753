//! `journal`: the check of the chain, and what is due to it.

use super::{base, contexte, ecrire_json};
use crate::{
    cli::{
        Format, Source,
        journal::{Journal, Verify},
    },
    fin::{Fin, Issue},
};
use socle::{
    AppBuilder,
    clock::Clock,
    ids::Ids,
    journal::{self, Report},
};
use std::io::{Write, stdout};

/// Runs one of the commands.
pub async fn run(command: Journal) -> Result<Issue, Fin> {
    match command {
        Journal::Verify(args) => verify(args).await,
        Journal::Seal(source) => seal(&source).await,
    }
}

async fn verify(args: Verify) -> Result<Issue, Fin> {
    let mut config = contexte::config(&args.source, Vec::new())?;
    let db = base::existing(&config).await?;
    config.load_keys().map_err(Fin::Refus)?;
    let settings = config.settings();
    let report = journal::verify(&db, &settings.keys, settings.journal_heads.as_deref()).await?;
    db.close().await;
    let mut out = stdout().lock();
    match args.sortie.format {
        Format::Json => ecrire_json(&mut out, &report)?,
        Format::Texte => tell(&mut out, &report)?,
    }
    Ok(if report.broken.is_none() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

fn tell(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    writeln!(
        out,
        "Maillons vérifiés : {} ; lignes en attente : {}.",
        report.links, report.pending
    )?;
    writeln!(
        out,
        "Liens avec des personnes vérifiés : {} ; effacés : {}.",
        report.commitments, report.forgotten
    )?;
    writeln!(
        out,
        "Sceaux dans la base : {} ; têtes gardées hors de la base : {}.",
        report.seals, report.heads
    )?;
    if report.torn > 0 {
        writeln!(
            out,
            "Têtes écrites à moitié lors d’une coupure, qui ne prouvent rien : {}.",
            report.torn
        )?;
    }
    match &report.broken {
        None => writeln!(out, "Le journal est intact."),
        Some(broken) => writeln!(out, "Le journal a été modifié. Premier maillon rompu : {broken}."),
    }
}

async fn seal(source: &Source) -> Result<Issue, Fin> {
    let mut config = contexte::config(source, Vec::new())?;
    let db = base::existing(&config).await?;
    config.load_keys().map_err(Fin::Refus)?;
    let clock = Clock::system();
    contexte::migrate(&config, &db, clock.now()).await?;
    let app = AppBuilder::new(db, clock, Ids::random(), config.settings())
        .start(&[])
        .await?;
    let mut lines = 0;
    loop {
        match journal::seal_pending(&app).await? {
            0 => break,
            more => lines += more,
        }
    }
    let sealed = journal::seal_day(&app).await?;
    app.db.close().await;
    println!("Lignes enchaînées : {lines}.");
    println!(
        "{}",
        if sealed {
            "La journée d’hier est scellée."
        } else {
            "Aucune journée à sceller."
        }
    );
    Ok(Issue::Faite)
}
