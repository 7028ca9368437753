//! `affectation` on the command line.

use super::{Reponse, TEMPLATE};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `affectation`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Affectation {
    /// Choisit les candidats et leurs postes, et écrit la solution
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage affectation solve instance.json --out solution.json --quick\n\nL’objectif, la borne et l’écart sont toujours donnés. L’heuristique donne les mêmes octets sur toute machine.")]
    Solve(Solve),
    /// Recalcule chaque contrainte et l’objectif d’une solution
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage affectation check instance.json solution.json\n\nLe code de sortie est 1 quand une règle n’est pas respectée.")]
    Check(Check),
}

/// `affectation solve`.
#[derive(Debug, Args)]
pub struct Solve {
    /// Fichier de l’instance, en JSON
    #[arg(value_name = "INSTANCE")]
    pub instance: PathBuf,
    /// Fichier de la solution ; il est remplacé s’il existe
    #[arg(long, value_name = "FICHIER")]
    pub out: PathBuf,
    /// S’en tient à l’heuristique, en une ou deux secondes
    #[arg(long)]
    pub quick: bool,
    /// Secondes laissées au solveur [par défaut : 25]
    #[arg(long, value_name = "SECONDES", default_value_t = 25, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub time_limit: u32,
    /// Nœuds que le solveur explore au plus [par défaut : 1000000]
    #[arg(long, value_name = "NOMBRE", default_value_t = 1_000_000, hide_default_value = true)]
    pub node_limit: u32,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `affectation check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Fichier de l’instance, en JSON
    #[arg(value_name = "INSTANCE")]
    pub instance: PathBuf,
    /// Fichier de la solution, en JSON
    #[arg(value_name = "SOLUTION")]
    pub solution: PathBuf,
    #[command(flatten)]
    pub sortie: Reponse,
}
