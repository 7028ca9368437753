//! The command line, in French.

pub mod affectation;
pub mod comptes;
pub mod journal;
pub mod lieux;
pub mod territoire;

use clap::{
    ArgAction, Args, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ErrorKind},
};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

pub(crate) const TEMPLATE: &str = "{before-help}{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}\n";

/// Maillage : les lieux d’aide au numérique de toute la France.
#[derive(Debug, Parser)]
#[command(
    name = "maillage",
    version,
    disable_version_flag = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    help_template = TEMPLATE,
    subcommand_help_heading = "Commandes",
    next_help_heading = "Options",
    subcommand_value_name = "COMMANDE",
    after_help = "Exemple :\n  maillage demo\n\nChaque commande a son aide : maillage COMMANDE --help"
)]
pub struct Cli {
    /// Ce qu’il faut faire
    #[command(subcommand)]
    pub command: Command,
    /// Affiche cette aide
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Affiche la version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Command {
    /// Sert le site, l’API et les données ouvertes
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage serve --config /etc/maillage.toml\n\nChaque option peut aussi venir de l’environnement (MAILLAGE_LISTEN pour --listen) ou du fichier de configuration (listen). L’option l’emporte sur l’environnement, qui l’emporte sur le fichier.")]
    Serve(Box<Serve>),
    /// Crée des lieux de démonstration et sert le site, en une commande
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage demo --data /tmp/demo --places 2000\n\nLa même graine donne les mêmes lieux. Un dossier qui les contient déjà est repris aussitôt.")]
    Demo(Demo),
    /// Importe les couches datées du territoire
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage territoire import qpv.geojson --nature qpv --source ANCT --millesime 2024 --licence \"Licence Ouverte 2.0\" --valable-du 2024-01-01")]
    Territoire(territoire::Territoire),
    /// Importe, vérifie, exporte et dédoublonne les lieux
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage lieux check lieux.csv")]
    Lieux(lieux::Lieux),
    /// Répartit les postes et choisit les candidats, en montrant le calcul
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage affectation solve instance.json --out solution.json")]
    Affectation(affectation::Affectation),
    /// Gère les comptes depuis le serveur
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage comptes create-admin --courriel prenom.nom@exemple.fr")]
    Comptes(comptes::Comptes),
    /// Prépare, sauvegarde et vérifie la base de données
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage db backup sauvegarde.sqlite")]
    Db(Db),
    /// Change la clé qui chiffre les secrets de la base
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage secrets rotate --config /etc/maillage.toml")]
    Secrets(Secrets),
    /// Vérifie et scelle le journal des décisions
    #[command(subcommand, help_template = TEMPLATE, subcommand_value_name = "COMMANDE", after_help = "Exemple :\n  maillage journal verify")]
    Journal(journal::Journal),
    /// Écrit le document OpenAPI de l’API
    #[command(help_template = TEMPLATE, after_help = "Exemple :\n  maillage openapi > openapi.json")]
    Openapi,
    /// Répond « bonjour » et rien d’autre : l’étalon de `make bench`
    #[command(hide = true, name = "bench-hello", help_template = TEMPLATE)]
    BenchHello(BenchHello),
    /// Répond par une ligne de la base et rien d’autre : l’étalon d’une page avec une requête
    #[command(hide = true, name = "bench-select", help_template = TEMPLATE)]
    BenchSelect(comptes::BenchSelect),
    /// Ouvre une session, ou mesure la création de liens de connexion
    #[command(hide = true, name = "bench-comptes", help_template = TEMPLATE)]
    BenchComptes(comptes::BenchComptes),
    /// Mesure le journal dans une base à lui, pour `make bench`
    #[command(hide = true, name = "bench-journal", help_template = TEMPLATE)]
    BenchJournal(journal::BenchJournal),
}

/// Where the configuration and the database are.
#[derive(Debug, Args, Default, Clone)]
pub struct Source {
    /// Fichier de configuration TOML (ou MAILLAGE_CONFIG)
    #[arg(long, value_name = "FICHIER")]
    pub config: Option<PathBuf>,
    /// Base de données : un fichier SQLite, ou postgres://… [par défaut : maillage.sqlite]
    #[arg(long, value_name = "BASE")]
    pub database: Option<String>,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub source: Source,
    /// Adresse et port d’écoute [par défaut : 127.0.0.1:8080]
    #[arg(long, value_name = "ADRESSE")]
    pub listen: Option<String>,
    /// Adresse que voit le public, chemin compris
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Mandataires dont l’adresse transmise est crue, séparés par des virgules
    #[arg(long, value_name = "IP,IP")]
    pub trusted_proxies: Option<String>,
    /// Adresse et port où Prometheus lit les mesures [par défaut : aucune]
    #[arg(long, value_name = "ADRESSE")]
    pub metrics_listen: Option<String>,
    /// Demandes par minute et par adresse à l’API ; 0 pour ne pas limiter [par défaut : 600]
    #[arg(long, value_name = "NOMBRE")]
    pub api_per_minute: Option<String>,
    /// Secondes au bout desquelles une demande sans réponse est abandonnée [par défaut : 30]
    #[arg(long, value_name = "SECONDES")]
    pub request_timeout_s: Option<String>,
    /// Modèle d’adresse du serveur de tuiles, avec {z}, {x} et {y} [par défaut : aucun]
    #[arg(long, value_name = "MODELE")]
    pub tiles: Option<String>,
    /// Adresse du service national d’adresses [par défaut : aucun]
    #[arg(long, value_name = "URL")]
    pub geocodeur_url: Option<String>,
    /// Adresse de l’annuaire des entreprises [par défaut : aucun]
    #[arg(long, value_name = "URL")]
    pub annuaire_url: Option<String>,
    /// Dossier où sont publiées les données ouvertes
    #[arg(long, value_name = "DOSSIER")]
    pub open_data: Option<String>,
    /// Nombre maximal de pages du fichier SQLite [par défaut : sans limite]
    #[arg(long, value_name = "NOMBRE")]
    pub database_max_pages: Option<String>,
    /// Forme du journal technique : texte ou json [par défaut : texte]
    #[arg(long, value_name = "FORME")]
    pub log: Option<String>,
    /// Vérifie la configuration, nomme chaque valeur qui ne convient pas, et s’arrête
    #[arg(long)]
    pub check_config: bool,
}

impl Serve {
    /// The flags given, by the name of their key.
    pub fn flags(&self) -> Vec<(&'static str, String)> {
        let given = [
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("trusted_proxies", &self.trusted_proxies),
            ("metrics_listen", &self.metrics_listen),
            ("api_per_minute", &self.api_per_minute),
            ("request_timeout_s", &self.request_timeout_s),
            ("tiles", &self.tiles),
            ("geocodeur.url", &self.geocodeur_url),
            ("annuaire.url", &self.annuaire_url),
            ("open_data", &self.open_data),
            ("database_max_pages", &self.database_max_pages),
            ("log", &self.log),
        ];
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }
}

/// `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Dossier de la base de démonstration [par défaut : maillage-demo]
    #[arg(
        long,
        value_name = "DOSSIER",
        default_value = "maillage-demo",
        hide_default_value = true
    )]
    pub data: PathBuf,
    /// Adresse et port d’écoute [par défaut : 127.0.0.1:8080]
    #[arg(long, value_name = "ADRESSE")]
    pub listen: Option<String>,
    /// Adresse que voit le public, chemin compris
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Graine qui décide des lieux inventés [par défaut : 1]
    #[arg(long, value_name = "NOMBRE", default_value_t = 1, hide_default_value = true)]
    pub seed: u64,
    /// Nombre de lieux, de 100 à 1000000 [par défaut : 18000]
    #[arg(long, value_name = "NOMBRE", default_value_t = 18_000, hide_default_value = true, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub places: u32,
    /// Jour à partir duquel les dates sont comptées [par défaut : aujourd’hui]
    #[arg(long, value_name = "AAAA-MM-JJ", hide = true)]
    pub date: Option<jiff::civil::Date>,
    /// Crée la base et s’arrête sans servir le site
    #[arg(long)]
    pub only_create: bool,
}

/// `db`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Db {
    /// Met la base au schéma de ce programme
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage db migrate --database postgres://maillage@localhost/maillage")]
    Migrate(Source),
    /// Sauvegarde une base SQLite, même en service
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage db backup sauvegarde.sqlite")]
    Backup(Backup),
    /// Remet une sauvegarde à la place de la base, et garde l’ancienne à côté
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage db restore sauvegarde.sqlite --database maillage.sqlite")]
    Restore(Restore),
    /// Vérifie le fichier, les références et le schéma, et compte les lignes
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage db check --format json\n\nLe code de sortie est 1 quand la base a un défaut.")]
    Check(Check),
    /// Copie une base SQLite dans une base PostgreSQL vide, et relit tout
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage db copy postgres://maillage@localhost/maillage --database maillage.sqlite")]
    Copy(Copy),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    Texte,
    /// For a program.
    Json,
}

/// The form of the answer, for the commands whose answer a program may read.
#[derive(Debug, Args)]
pub struct Reponse {
    /// Forme de la réponse : texte ou json [par défaut : texte]
    #[arg(
        long,
        value_name = "FORME",
        default_value = "texte",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: Format,
}

/// `db backup`.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub source: Source,
    /// Fichier à écrire ; il ne doit pas exister
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
}

/// `db restore`.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub source: Source,
    /// Sauvegarde à remettre en place
    #[arg(value_name = "FICHIER")]
    pub fichier: PathBuf,
}

/// `db check`.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `db copy`.
#[derive(Debug, Args)]
pub struct Copy {
    #[command(flatten)]
    pub source: Source,
    /// Base PostgreSQL d’arrivée, vide
    #[arg(value_name = "ARRIVEE")]
    pub vers: String,
}

/// `secrets`.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commandes")]
pub enum Secrets {
    /// Chiffre à nouveau, avec la première clé, ce qu’une autre a chiffré
    #[command(help_template = TEMPLATE, next_help_heading = "Options", after_help = "Exemple :\n  maillage secrets rotate --config /etc/maillage.toml\n\nÉcrivez d’abord la nouvelle clé devant l’ancienne. Le service continue ; une commande interrompue se relance. Le code de sortie est 1 quand une valeur ne s’ouvre avec aucune clé.")]
    Rotate(SecretsRotate),
}

/// `secrets rotate`.
#[derive(Debug, Args)]
pub struct SecretsRotate {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub sortie: Reponse,
}

/// `bench-hello`.
#[derive(Debug, Args)]
pub struct BenchHello {
    /// Adresse et port d’écoute
    #[arg(
        long,
        value_name = "ADRESSE",
        default_value = "127.0.0.1:8081",
        hide_default_value = true
    )]
    pub listen: SocketAddr,
}

/// Says in French what is wrong with a command line; help and version are not errors.
pub fn refuse(error: &clap::Error) -> ExitCode {
    let text = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print!("{error}");
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{error}");
            return ExitCode::from(2);
        }
        ErrorKind::UnknownArgument => format!("l’argument « {} » n’est pas prévu", text(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            format!("la commande « {} » n’existe pas", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("il manque : {}", text(ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => format!(
            "{} et {} ne vont pas ensemble",
            text(ContextKind::InvalidArg),
            text(ContextKind::PriorArg)
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = text(ContextKind::ValidValue);
            let valid = if valid.is_empty() {
                valid
            } else {
                format!(" ; valeurs possibles : {valid}")
            };
            format!(
                "« {} » ne convient pas pour {}{valid}",
                text(ContextKind::InvalidValue),
                text(ContextKind::InvalidArg)
            )
        }
        _ => error.to_string(),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .map(text)
        .concat();
    // The likeliest comes last.
    let near = near.rsplit(", ").next().unwrap_or_default();
    let near = if near.is_empty() {
        String::new()
    } else {
        format!(" ; vouliez-vous écrire « {near} » ?")
    };
    eprintln!("{what}{near}\nPour en savoir plus : maillage --help");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn walk(command: &clap::Command, path: &str, see: &mut impl FnMut(&clap::Command, &str)) {
        see(command, path);
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()), see);
        }
    }

    #[test]
    fn chaque_commande_se_decrit_avec_un_exemple() {
        Cli::command().debug_assert();
        walk(&Cli::command(), "maillage", &mut |command, path| {
            if command.is_hide_set() {
                return;
            }
            assert!(command.get_about().is_some(), "{path} : sans description");
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(
                example.contains(&format!("Exemple :\n  {path} ")),
                "{path} : sans exemple"
            );
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{path} : {} sans aide",
                    argument.get_id()
                );
            }
        });
    }
}
