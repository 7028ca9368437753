//! `affectation` on the command line.

use super::{Reponse, TEMPLATE};
use clap::{Args, Subcommand, ValueEnum};
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
    /// Explique ce que chaque candidat reçoit, et mesure l’équité
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage affectation explain instance.json solution.json --structure 12\n\nAvec --format json, le bilan des départements, les causes et chaque explication.")]
    Explain(Explain),
    /// Répartit des postes entre territoires selon leur besoin
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage affectation apportion territoires.csv --postes 4000 --poids sans_diplome=1 --poids plus_65=0,5\n\nColonnes lues : code, parent, besoin (ou une colonne par --poids), servis, plancher, plafond, reel. Une case vide est une valeur inconnue, jamais zéro. La réponse est en JSON.")]
    Apportion(Apportion),
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
    /// Secondes laissées au solveur [par défaut : 22]
    #[arg(long, value_name = "SECONDES", default_value_t = 22, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=86_400))]
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

/// `affectation explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Fichier de l’instance, en JSON
    #[arg(value_name = "INSTANCE")]
    pub instance: PathBuf,
    /// Fichier de la solution, en JSON
    #[arg(value_name = "SOLUTION")]
    pub solution: PathBuf,
    /// N’explique que cette structure ; l’option se répète
    #[arg(long, value_name = "ID")]
    pub structure: Vec<u64>,
    /// Compare avec une autre solution de la même instance
    #[arg(long, value_name = "SOLUTION")]
    pub compare: Option<PathBuf>,
    /// Dit ce qui changerait avec chaque poids, un cinquième de moins et de plus
    #[arg(long)]
    pub sensitivity: bool,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `affectation apportion`.
#[derive(Debug, Args)]
pub struct Apportion {
    /// Fichier des territoires, CSV ou JSON (une liste d’objets)
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
    /// Postes à répartir
    #[arg(long, value_name = "NOMBRE")]
    pub postes: u32,
    /// Méthode : sainte-lague, dhondt ou plus-fort-reste [par défaut : sainte-lague]
    #[arg(
        long,
        value_name = "METHODE",
        default_value = "sainte-lague",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub methode: MethodeDite,
    /// Poids d’une personne d’un critère, comme sans_diplome=0,5 ; l’option se répète
    #[arg(long, value_name = "CRITERE=POIDS")]
    pub poids: Vec<String>,
    /// Fichier de la réponse ; il est remplacé s’il existe [par défaut : la sortie standard]
    #[arg(long, value_name = "FICHIER")]
    pub out: Option<PathBuf>,
}

/// A method of apportionment, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodeDite {
    SainteLague,
    Dhondt,
    PlusFortReste,
}
