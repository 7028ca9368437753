//! `comptes` on the command line.

use super::{Source, TEMPLATE};
use clap::{Args, Subcommand};

/// `comptes`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Comptes {
    /// Invite le premier administrateur, et affiche un lien qui ne sert qu’une fois
    #[command(name = "create-admin", help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage comptes create-admin --courriel prenom.nom@exemple.fr --public-url https://lieux.exemple.fr\n\nLe lien vaut quelques jours, pour cette adresse seule. La fonction s’exerce après l’ajout d’un second moyen de connexion.")]
    CreateAdmin(CreateAdmin),
    /// Retire les seconds moyens de connexion d’une personne qui les a perdus
    #[command(name = "reset-factors", help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage comptes reset-factors --courriel prenom.nom@exemple.fr --motif \"téléphone perdu, vérifié de vive voix\"\n\nL’application de codes, les clés d’accès et les codes de secours sont retirés, les sessions fermées. La personne est prévenue du motif par courriel, se connecte par un message, puis ajoute un autre moyen. Vérifiez d’abord que c’est bien elle qui le demande.")]
    ResetFactors(ResetFactors),
}

/// `comptes create-admin`.
#[derive(Debug, Args)]
pub struct CreateAdmin {
    #[command(flatten)]
    pub source: Source,
    /// Adresse de courriel de la personne
    #[arg(long, value_name = "ADRESSE")]
    pub courriel: String,
    /// Adresse que voit le public, chemin compris, si la configuration ne la donne pas
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

/// `comptes reset-factors`.
#[derive(Debug, Args)]
pub struct ResetFactors {
    #[command(flatten)]
    pub source: Source,
    /// Adresse de courriel confirmée de la personne
    #[arg(long, value_name = "ADRESSE")]
    pub courriel: String,
    /// Pourquoi, en dix caractères au moins : la personne le lira
    #[arg(long, value_name = "TEXTE")]
    pub motif: String,
    /// Adresse que voit le public, chemin compris, si la configuration ne la donne pas
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

/// `bench-select`.
#[derive(Debug, Args)]
pub struct BenchSelect {
    #[command(flatten)]
    pub source: Source,
    /// Adresse et port d’écoute
    #[arg(
        long,
        value_name = "ADRESSE",
        default_value = "127.0.0.1:8082",
        hide_default_value = true
    )]
    pub listen: std::net::SocketAddr,
}

/// `bench-comptes`.
#[derive(Debug, Args)]
pub struct BenchComptes {
    #[command(flatten)]
    pub source: Source,
    /// Nombre de liens de connexion à créer ; 0 pour ouvrir une session et afficher son secret
    #[arg(long, value_name = "NOMBRE", default_value_t = 0, hide_default_value = true)]
    pub liens: u32,
}
