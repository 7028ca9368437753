//! One file for each command: it reads arguments, calls an action, and says what happened.

pub mod affectation;
pub mod base;
pub mod bench_comptes;
pub mod bench_journal;
pub mod comptes;
pub mod contexte;
pub mod demo;
pub mod journal;
pub mod lieux;
pub mod openapi;
pub mod secrets;
pub mod serve;
pub mod territoire;

use crate::fin::Fin;
use serde::Serialize;
use socle::{
    errors::Erreur,
    permissions::{Action, Actor, Everything, Permit, authorise},
};
use std::{io::Write, path::Path};

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
