//! `journal`.

use super::{Reponse, Source, TEMPLATE};
use clap::{Args, Subcommand};

/// `journal`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Journal {
    /// Vérifie tout le journal et nomme le premier maillon rompu
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage journal verify --format json\n\nLe code de sortie est 1 quand le journal a été modifié. Le service peut continuer pendant la vérification.")]
    Verify(Verify),
    /// Enchaîne les lignes en attente et scelle la veille
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage journal seal --database maillage.sqlite\n\nLe service le fait de lui-même : cette commande sert quand il est arrêté.")]
    Seal(Source),
}

/// `journal verify`.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `bench-journal`.
#[derive(Debug, Args)]
pub struct BenchJournal {
    /// Nombre de lignes à écrire puis à vérifier [par défaut : 1000000]
    #[arg(long, value_name = "NOMBRE", default_value_t = 1_000_000, hide_default_value = true)]
    pub rows: u32,
}
