//! `territoire` on the command line.

use super::{Reponse, Source, TEMPLATE};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use territoire::Nature;

/// `territoire`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Territoire {
    /// Importe une couche datée : quartiers prioritaires, zonages, fragilité numérique, France Services
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage territoire import ifn-communes.csv --nature fragilite_communes --source \"France Numérique Ensemble\" --millesime 2023 --licence \"Licence Ouverte 2.0\" --valable-du 2023-01-01\n\nLe code de sortie est 1 quand une ligne est écartée. Le même fichier importé deux fois ne change rien la seconde fois.")]
    Import(Import),
}

/// `territoire import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    pub base: Source,
    /// Fichier de la couche, CSV ou GeoJSON
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
    /// Ce que dit la couche : qpv, frr, zrr, fragilite_communes, fragilite_epci ou france_services
    #[arg(long, value_name = "NATURE", value_parser = nature)]
    pub nature: Nature,
    /// Qui l’a publiée
    #[arg(long, value_name = "NOM")]
    pub source: String,
    /// Son millésime
    #[arg(long, value_name = "TEXTE")]
    pub millesime: String,
    /// Sa licence
    #[arg(long, value_name = "NOM")]
    pub licence: String,
    /// Premier jour où elle vaut
    #[arg(long, value_name = "AAAA-MM-JJ")]
    pub valable_du: Date,
    /// Dernier jour où elle vaut [par défaut : inconnu]
    #[arg(long, value_name = "AAAA-MM-JJ")]
    pub valable_au: Option<Date>,
    #[command(flatten)]
    pub sortie: Reponse,
}

fn nature(code: &str) -> Result<Nature, String> {
    Nature::depuis_code(code).ok_or_else(|| "cette nature n’existe pas".to_owned())
}
