//! `affectation`: the allocation engine at the command line.

mod apportion;
mod explain;
mod selection;

use super::lire;
use crate::{
    cli::affectation::Affectation,
    fin::{Fin, Issue},
};
use serde::Serialize;
use socle::files::Partial;
use std::{
    fmt,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Runs one of the commands.
pub async fn run(commande: Affectation) -> Result<Issue, Fin> {
    match commande {
        Affectation::Solve(args) => selection::solve(args).await,
        Affectation::Check(args) => selection::check(&args),
        Affectation::Explain(args) => explain::run(args).await,
        Affectation::Apportion(args) => apportion::run(&args),
    }
}

/// A refusal that names its file before each line.
fn dans(fichier: &Path, erreur: impl fmt::Display) -> Fin {
    let lignes: Vec<_> = erreur
        .to_string()
        .lines()
        .map(|l| format!("{} : {l}", fichier.display()))
        .collect();
    Fin::Refus(lignes.join("\n"))
}

/// Writes a file whole, or not at all.
fn poser(fichier: &Path, valeur: &impl Serialize) -> Result<(), Fin> {
    let nommer = |erreur: std::io::Error| dans(fichier, erreur);
    let partiel = Partial::beside(fichier).map_err(nommer)?;
    let mut sortie = BufWriter::new(File::create(partiel.path()).map_err(nommer)?);
    serde_json::to_writer(&mut sortie, valeur).map_err(|erreur| nommer(erreur.into()))?;
    writeln!(sortie).and_then(|()| sortie.flush()).map_err(nommer)?;
    partiel.keep().map_err(nommer)
}

/// A number as French writes it, with some decimals.
fn decimal(valeur: f64, decimales: usize) -> String {
    format!("{valeur:.decimales$}").replace('.', ",")
}
