//! `lieux`: places, from files and to files.

mod check;
mod dedup;
mod export;
mod import;
mod tickets;

use crate::{
    cli::lieux::Lieux,
    fin::{Fin, Issue},
};
use serde::Serialize;
use socle::{
    errors::Erreur,
    permissions::{Action, Actor, Everything, Permit, authorise},
};
use std::{io::Write, path::Path};

/// Runs a command on places.
pub async fn run(command: Lieux) -> Result<Issue, Fin> {
    match command {
        Lieux::Import(args) => import::run(args).await,
        Lieux::Check(args) => check::run(&args),
        Lieux::Export(args) => export::run(args).await,
        Lieux::Dedup(args) => dedup::run(args).await,
        Lieux::Tickets(args) => tickets::run(args).await,
    }
}

/// The proof that who runs a command on the server may do this.
fn permis<A: Action>() -> Result<Permit<A>, Fin> {
    authorise::<A>(&Actor::operator(), &Everything).map_err(|refus| Erreur::from(refus).into())
}

fn lire(fichier: &Path) -> Result<Vec<u8>, Fin> {
    std::fs::read(fichier).map_err(|erreur| Fin::Refus(format!("{} : {erreur}", fichier.display())))
}

fn ecrire_json(sortie: &mut impl Write, valeur: &impl Serialize) -> Result<(), Fin> {
    serde_json::to_writer_pretty(&mut *sortie, valeur).map_err(std::io::Error::from)?;
    Ok(writeln!(sortie)?)
}
