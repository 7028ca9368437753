//! Chores of the repository that are programs: `cargo xtask --help`.

mod territoire;

use std::{path::PathBuf, process::ExitCode};

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
    }
}
