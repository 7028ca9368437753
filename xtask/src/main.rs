//! Chores of the repository that are programs: `cargo xtask --help`.

mod territoire;
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;

#[derive(Parser)]
#[command(name = "xtask", about = "Chores of the repository")]
enum Commande {
    /// Builds the compact file of the French territory from its public sources.
    Territoire {
        #[command(flatten)]
        sources: territoire::Sources,
        /// Where to write it.
        #[arg(long, default_value = "crates/territoire/donnees/territoire.bin")]
        sortie: PathBuf,
    },
    /// Judges what no compiler sees: file lengths, machine paths, table ownership, templates, glossary.
    Tidy,
}

fn main() -> ExitCode {
    match executer(Commande::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(erreur) => {
            eprintln!("{erreur}");
            ExitCode::FAILURE
        }
    }
}

fn executer(commande: Commande) -> Result<(), Box<dyn std::error::Error>> {
    match commande {
        Commande::Territoire { sources, sortie } => {
            let octets = territoire::construire(&sources)?;
            std::fs::write(&sortie, &octets)?;
            println!("{} : {} octets", sortie.display(), octets.len());
            Ok(())
        }
        Commande::Tidy => tidy::run(Path::new(".")),
    }
}
