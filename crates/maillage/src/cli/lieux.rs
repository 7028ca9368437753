//! `lieux` on the command line.

use super::{Reponse, Source, TEMPLATE};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use uuid::Uuid;

/// `lieux`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Lieux {
    /// Importe un fichier de lieux, et dit ce qui est gardé, réparé et refusé
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage lieux import lieux.csv --source Hinaura --dry-run\n\nLe code de sortie est 1 quand une ligne est refusée. Le même fichier importé deux fois ne change rien la seconde fois.")]
    Import(Import),
    /// Vérifie un fichier, CSV ou JSON, selon le standard national
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage lieux check lieux.csv --format json\n\nLe code de sortie est 1 quand une cellule ne convient pas.")]
    Check(Check),
    /// Écrit les lieux en données ouvertes
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage lieux export --territoire 38 --sortie isere.csv")]
    Export(Export),
    /// Cherche les doublons, et applique ce qu’une personne décide
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage lieux dedup --dry-run\n\nSans option de décision, les doublons sûrs sont fusionnés et les autres attendent une personne. Une fusion se défait.")]
    Dedup(Dedup),
    /// Liste les signalements d’erreur, ou en clôt un
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage lieux tickets --close 01980000-0000-7000-8000-000000000000 --issue corrige --reponse \"numéro corrigé\"")]
    Tickets(Tickets),
}

/// `lieux import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    pub base: Source,
    /// Fichier à importer, CSV ou JSON
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
    /// Nom de la source [par défaut : celui que donne le fichier]
    #[arg(long, value_name = "NOM")]
    pub source: Option<String>,
    /// Correspondance entre les colonnes du fichier et celles du standard
    #[arg(long, value_name = "FICHIER")]
    pub columns: Option<PathBuf>,
    /// Dit ce qui serait fait, sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Confirme le retrait de plus de la moitié des lieux de la source
    #[arg(long)]
    pub allow_mass_removal: bool,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `lieux check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Fichier à vérifier
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// The form of open data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ouverte {
    /// The standard in CSV.
    Csv,
    /// The standard in JSON.
    Json,
    /// GeoJSON.
    Geojson,
    /// data.inclusion v1.
    DataInclusion,
}

/// `lieux export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub base: Source,
    /// Forme : csv, json, geojson ou data-inclusion [par défaut : csv]
    #[arg(
        long,
        value_name = "FORME",
        default_value = "csv",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: Ouverte,
    /// Territoire : france, un département (38), une région (R84), une intercommunalité, ou des communes [par défaut : france]
    #[arg(long, value_name = "CODE", default_value = "france", hide_default_value = true)]
    pub territoire: String,
    /// Écrit le code de l’arrondissement à Paris, Lyon et Marseille
    #[arg(long)]
    pub arrondissements: bool,
    /// Fichier à écrire [par défaut : la sortie standard]
    #[arg(long, value_name = "FICHIER")]
    pub sortie: Option<PathBuf>,
}

/// `lieux dedup`.
#[derive(Debug, Args)]
pub struct Dedup {
    #[command(flatten)]
    pub base: Source,
    /// Dit ce qui serait fait, sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Liste les paires qui attendent une décision
    #[arg(long, conflicts_with = "dry_run")]
    pub pending: bool,
    /// Fusionne ces deux lieux
    #[arg(long, num_args = 2, value_names = ["LIEU", "LIEU"], conflicts_with_all = ["dry_run", "pending"])]
    pub merge: Option<Vec<Uuid>>,
    /// Ces deux lieux sont distincts : ne plus jamais les rapprocher
    #[arg(long, num_args = 2, value_names = ["LIEU", "LIEU"], conflicts_with_all = ["dry_run", "pending", "merge"])]
    pub distinct: Option<Vec<Uuid>>,
    /// Défait cette fusion
    #[arg(long, value_name = "FUSION", conflicts_with_all = ["dry_run", "pending", "merge", "distinct"])]
    pub undo: Option<Uuid>,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// How a ticket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Fin {
    /// The field was corrected.
    Corrige,
    /// Nothing to correct.
    SansSuite,
}

/// `lieux tickets`.
#[derive(Debug, Args)]
pub struct Tickets {
    #[command(flatten)]
    pub base: Source,
    /// État des signalements listés : ouvert, corrige ou sans_suite [par défaut : ouvert]
    #[arg(long, value_name = "ETAT", default_value = "ouvert", hide_default_value = true)]
    pub etat: String,
    /// Clôt ce signalement
    #[arg(long, value_name = "SIGNALEMENT", requires_all = ["issue", "reponse"])]
    pub close: Option<Uuid>,
    /// Comment il se termine : corrige ou sans-suite
    #[arg(long, value_name = "ISSUE", hide_possible_values = true)]
    pub issue: Option<Fin>,
    /// Ce qui a été fait
    #[arg(long, value_name = "TEXTE")]
    pub reponse: Option<String>,
    #[command(flatten)]
    pub sortie: Reponse,
}
