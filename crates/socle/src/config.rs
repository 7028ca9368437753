//! What the operator decides, read from a TOML file, then the environment, then flags: the later wins, and every bad value is named where it stands.

use crate::{
    IdentityProvider, Operator, OutsideService, Settings,
    db::DbOptions,
    mail::{self, MailSettings},
    secrets::Keys,
    telemetry::LogFormat,
};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use toml::de::{DeTable, DeValue};

mod key_file;
mod keys;

pub use keys::{KEYS, Key};

/// The prefix of the environment's names: `MAILLAGE_PUBLIC_URL` is the key `public_url`.
const PREFIX: &str = "MAILLAGE_";

/// What a server needs to know before it starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// `postgres://…`, or the path of an SQLite file.
    pub database: String,
    /// The largest number of pages of an SQLite file, when bounded.
    pub database_max_pages: Option<u32>,
    /// Where the site listens.
    pub listen: SocketAddr,
    /// Where the figures for Prometheus are read, when they are.
    pub metrics_listen: Option<SocketAddr>,
    /// The address that the public sees; by default the one it listens on.
    pub public_url: Option<String>,
    /// The proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests that one address may make each minute to the API; 0 means no limit.
    pub api_per_minute: u32,
    /// How long the server works on an answer before it gives up.
    pub request_timeout: Duration,
    /// Days for which an event is kept once it is done.
    pub outbox_days: u32,
    /// How many times what follows a change is tried before it waits for a person.
    pub outbox_attempts: u32,
    /// The template of the tile server's addresses.
    pub tiles: Option<String>,
    /// The national address API, off when absent.
    pub geocodeur: Option<String>,
    /// How long a search may wait for the address API.
    pub geocodeur_budget: Duration,
    /// The public company search, off when absent.
    pub annuaire: Option<String>,
    /// How long a form may wait for the company search.
    pub annuaire_budget: Duration,
    /// The service by which people may sign in; it is off while it has no issuer.
    pub provider: IdentityProvider,
    /// How the logs are written.
    pub log: LogFormat,
    /// Where the open data files are published from; beside the database by default.
    pub open_data: Option<PathBuf>,
    /// Who answers for the site.
    pub operator: Operator,
    /// What seals the secrets that the database keeps, when the operator wrote it here.
    pub keys: Option<Keys>,
    /// The file of those keys; beside an SQLite database by default.
    pub keys_file: Option<PathBuf>,
    /// How mails are sent; their folder is beside an SQLite database by default.
    pub mail: MailSettings,
    /// The folder that SMS are written in.
    pub sms_folder: Option<PathBuf>,
    /// Whether webhooks may call private networks.
    pub webhook_private: bool,
    /// The PostgreSQL address of the role that migrates and grants, when it is not the one that serves.
    pub database_admin: Option<String>,
    /// The folder of the heads and seals of the journal; none are kept outside the database by default.
    pub journal_heads: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: "maillage.sqlite".into(),
            database_max_pages: None,
            listen: ([127, 0, 0, 1], 8080).into(),
            metrics_listen: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            api_per_minute: 600,
            request_timeout: Duration::from_secs(30),
            outbox_days: 30,
            outbox_attempts: 12,
            tiles: None,
            geocodeur: None,
            geocodeur_budget: Duration::from_millis(800),
            annuaire: None,
            annuaire_budget: Duration::from_millis(2000),
            provider: IdentityProvider::default(),
            log: LogFormat::Text,
            open_data: None,
            operator: Operator::default(),
            keys: None,
            keys_file: None,
            mail: MailSettings::default(),
            sms_folder: None,
            webhook_private: false,
            database_admin: None,
            journal_heads: None,
        }
    }
}

/// Where a value was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A line of the file, counted from 1.
    File(PathBuf, usize),
    /// A variable of the environment.
    Environment(String),
    /// A flag of the command.
    Flag(String),
    /// Several keys, which hold together.
    Together(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(path, line) => write!(f, "{}, ligne {line}", path.display()),
            Origin::Environment(name) => write!(f, "variable {name}"),
            Origin::Flag(name) => write!(f, "option {name}"),
            Origin::Together(names) => f.write_str(names),
        }
    }
}

/// A value that cannot be used, or a key that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin} : {message}")]
pub struct Fault {
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong and what is expected, in French.
    pub message: String,
}

/// What a configuration is read from.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// The file's path and text.
    pub file: Option<(PathBuf, &'a str)>,
    /// The environment.
    pub environment: Vec<(String, String)>,
    /// The flags given, by the name of their key.
    pub flags: Vec<(&'static str, String)>,
}

impl Config {
    /// Reads every source, the later over the earlier.
    ///
    /// # Errors
    /// Every fault of every source, in the order of reading.
    pub fn read(sources: &Sources<'_>) -> Result<Self, Vec<Fault>> {
        let mut config = Self::default();
        let mut faults = Vec::new();
        if let Some((path, text)) = &sources.file {
            let mut reader = FileReader {
                path,
                text,
                config: &mut config,
                faults: &mut faults,
            };
            reader.read();
        }
        for (name, value) in &sources.environment {
            let key = KEYS.iter().find(|k| environment_name(k) == *name);
            if let Some(key) = key {
                config.set(key, value, Origin::Environment(name.clone()), &mut faults);
            }
        }
        for (name, value) in &sources.flags {
            if let Some(key) = KEYS.iter().find(|k| k.name == *name) {
                let flag = format!("--{}", name.replace(['.', '_'], "-"));
                config.set(key, value, Origin::Flag(flag), &mut faults);
            }
        }
        faults.extend(config.incomplete_provider());
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// A provider needs its three keys, or none.
    fn incomplete_provider(&self) -> Option<Fault> {
        let provider = &self.provider;
        let given = [&provider.issuer, &provider.client, &provider.secret].map(|text| !text.is_empty());
        (given.contains(&true) && given.contains(&false)).then(|| Fault {
            origin: Origin::Together("fournisseur.*"),
            message: "emetteur, client et secret vont ensemble : donnez les trois, ou aucun".to_owned(),
        })
    }

    fn set(&mut self, key: &Key, value: &str, origin: Origin, faults: &mut Vec<Fault>) {
        if (key.set)(self, value.trim()).is_none() {
            // The address of a database or of a server may hold a password, and a key is one.
            let shown = if [
                "database",
                "database_admin",
                "cles",
                "courriel.smtp",
                "fournisseur.secret",
            ]
            .contains(&key.name)
            {
                "…"
            } else {
                value
            };
            let message = format!(
                "{} = « {shown} » ne convient pas ; attendu : {}",
                key.name, key.expected
            );
            faults.push(Fault { origin, message });
        }
    }

    /// How to open the database.
    pub fn db_options(&self) -> DbOptions {
        DbOptions {
            max_pages: self.database_max_pages,
            ..DbOptions::new(self.database.clone())
        }
    }

    /// Where the open data files are: beside an SQLite database unless the operator says otherwise.
    fn open_data_folder(&self) -> Option<PathBuf> {
        let beside = || Some(self.db_options().sqlite_path()?.parent()?.join("donnees-ouvertes"));
        self.open_data.clone().or_else(beside)
    }

    /// How mails are sent: into a folder beside an SQLite database unless the operator says otherwise.
    fn mail_settings(&self) -> MailSettings {
        let beside = || Some(self.db_options().sqlite_path()?.parent()?.join("courriels"));
        let contact = self.operator.contact.clone();
        MailSettings {
            folder: self.mail.folder.clone().or_else(beside),
            reply_to: contact.filter(|contact| mail::is_address(contact)),
            ..self.mail.clone()
        }
    }

    /// What the handlers need to know.
    pub fn settings(&self) -> Settings {
        let public_url = self.public_url.clone().unwrap_or_else(|| local_url(self.listen));
        let after_scheme = public_url.split_once("://").map_or("", |(_, rest)| rest);
        let base_path = after_scheme
            .split_once('/')
            .map_or_else(String::new, |(_, path)| format!("/{path}"));
        Settings {
            public_url,
            base_path,
            trusted_proxies: self.trusted_proxies.clone(),
            api_per_minute: self.api_per_minute,
            request_timeout: self.request_timeout,
            outbox_days: self.outbox_days,
            outbox_attempts: self.outbox_attempts,
            tiles: self.tiles.clone(),
            addresses: self.geocodeur.clone().map(|url| OutsideService {
                url,
                budget: self.geocodeur_budget,
            }),
            directory: self.annuaire.clone().map(|url| OutsideService {
                url,
                budget: self.annuaire_budget,
            }),
            provider: Some(self.provider.clone()).filter(|provider| !provider.issuer.is_empty()),
            demo: false,
            open_data: self.open_data_folder(),
            operator: self.operator.clone(),
            keys: self.keys.clone().unwrap_or_else(Keys::ephemeral),
            mail: self.mail_settings(),
            sms_folder: self.sms_folder.clone(),
            webhook_private: self.webhook_private,
            journal_heads: self.journal_heads.clone(),
        }
    }

    /// Where the keys are kept when the configuration does not hold them.
    fn keys_path(&self) -> Option<PathBuf> {
        let beside = || Some(self.db_options().sqlite_path()?.with_extension("cle"));
        self.keys_file.clone().or_else(beside)
    }

    /// Reads the keys from their file, or makes the file beside an SQLite database at the first start, readable by its owner alone.
    ///
    /// # Errors
    /// When PostgreSQL serves and no key is given, or when the file cannot be read or made.
    pub fn load_keys(&mut self) -> Result<(), String> {
        if self.keys.is_some() {
            return Ok(());
        }
        let path = self.keys_path().ok_or(
            "il manque la clé qui chiffre les secrets : donnez « cles » (64 chiffres hexadécimaux, par exemple avec « openssl rand -hex 32 ») ou « cles_fichier »",
        )?;
        let unreadable = |e: std::io::Error| format!("{} : {e}", path.display());
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && self.keys_file.is_none() => {
                key_file::make(&path).map_err(unreadable)?
            }
            Err(e) => return Err(unreadable(e)),
        };
        let keys = Keys::parse(&text.split_whitespace().collect::<Vec<_>>().join(","));
        self.keys =
            Some(keys.ok_or_else(|| format!("{} : attendu, 64 chiffres hexadécimaux par ligne", path.display()))?);
        Ok(())
    }
}

/// The address that a person on this machine opens.
fn local_url(listen: SocketAddr) -> String {
    if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

fn environment_name(key: &Key) -> String {
    format!("{PREFIX}{}", key.name.replace('.', "_").to_uppercase())
}

struct FileReader<'a> {
    path: &'a PathBuf,
    text: &'a str,
    config: &'a mut Config,
    faults: &'a mut Vec<Fault>,
}

impl FileReader<'_> {
    fn read(&mut self) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("ce n’est pas une écriture TOML correcte ({})", error.message());
            self.fault(at, message);
        }
        self.read_table("", table.get_ref());
    }

    fn read_table(&mut self, prefix: &str, table: &DeTable<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let full = format!("{prefix}{}", name.get_ref());
            let at = name.span().start;
            match (KEYS.iter().find(|k| k.name == full), value.get_ref()) {
                (Some(key), value) => match as_text(value) {
                    Some(text) => {
                        let origin = self.origin(at);
                        self.config.set(key, &text, origin, self.faults);
                    }
                    None => self.fault(at, format!("{full} ne convient pas ; attendu : {}", key.expected)),
                },
                (None, DeValue::Table(inner)) if is_table(&full) => self.read_table(&format!("{full}."), inner),
                (None, _) => self.fault(at, unknown(&full)),
            }
        }
    }

    fn origin(&self, at: usize) -> Origin {
        let line = self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
        Origin::File(self.path.clone(), line)
    }

    fn fault(&mut self, at: usize, message: String) {
        let origin = self.origin(at);
        self.faults.push(Fault { origin, message });
    }
}

fn is_table(name: &str) -> bool {
    KEYS.iter()
        .any(|k| k.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

fn unknown(name: &str) -> String {
    let nearest = KEYS
        .iter()
        .map(|k| (strsim::jaro_winkler(k.name, name), k.name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, near)) => format!("la clé « {name} » n’existe pas ; vouliez-vous écrire « {near} » ?"),
        None => {
            let known: Vec<_> = KEYS.iter().map(|k| k.name).collect();
            format!("la clé « {name} » n’existe pas ; les clés sont : {}", known.join(", "))
        }
    }
}

/// A TOML value as the text that an environment variable would hold; none for a table or a nested list.
fn as_text(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(parts) => {
            let texts = parts.iter().map(|part| match part.get_ref() {
                DeValue::Array(_) | DeValue::Table(_) => None,
                scalar => as_text(scalar),
            });
            texts.collect::<Option<Vec<_>>>()?.join(",")
        }
        DeValue::Table(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{keys::public_url, *};

    fn read(text: &str, environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, Vec<String>> {
        let sources = Sources {
            file: Some(("maillage.toml".into(), text)),
            environment: environment.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            flags: flags.iter().map(|(k, v)| (*k, (*v).into())).collect(),
        };
        Config::read(&sources).map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn l_option_l_emporte_sur_l_environnement_qui_l_emporte_sur_le_fichier() {
        let file = "listen = \"127.0.0.1:1\"\napi_per_minute = 10\npublic_url = \"https://exemple.fr/lieux/\"\n[geocodeur]\nurl = \"https://data.geopf.fr/geocodage\"\n[annuaire]\nurl = \"https://annuaire.exemple.fr/\"\n";
        let env = [
            ("MAILLAGE_LISTEN", "127.0.0.1:2"),
            ("MAILLAGE_GEOCODEUR_BUDGET_MS", "300"),
        ];
        let config = read(file, &env, &[("listen", "127.0.0.1:3")]).unwrap();
        assert_eq!((config.listen.port(), config.api_per_minute), (3, 10));
        assert_eq!(config.geocodeur_budget, Duration::from_millis(300));
        let settings = config.settings();
        assert_eq!(
            settings.addresses,
            Some(OutsideService {
                url: "https://data.geopf.fr/geocodage".into(),
                budget: Duration::from_millis(300),
            })
        );
        assert_eq!(
            settings.directory,
            Some(OutsideService {
                url: "https://annuaire.exemple.fr".into(),
                budget: Duration::from_millis(2000),
            })
        );
        let nothing = Config::default().settings();
        assert_eq!((nothing.addresses, nothing.directory), (None, None));
        assert_eq!(
            (settings.public_url.as_str(), settings.base_path.as_str()),
            ("https://exemple.fr/lieux", "/lieux")
        );
    }

    #[test]
    fn chaque_mauvaise_valeur_est_nommee_avec_sa_ligne() {
        let file = "listen = \"ici\"\n\ntrusted_proxies = [\"10.0.0.1\", \"mandataire\"]\napi_per_minutes = 3\n[geocodeur]\nbudget_ms = 5\n[carte]\n";
        let faults = read(
            file,
            &[("MAILLAGE_LOG", "xml")],
            &[("tiles", "https://tuiles.exemple.fr")],
        )
        .unwrap_err();
        let starts: Vec<_> = faults.iter().map(|f| f.split(" ; ").next().unwrap_or("")).collect();
        assert_eq!(
            starts,
            [
                "maillage.toml, ligne 1 : listen = « ici » ne convient pas",
                "maillage.toml, ligne 3 : trusted_proxies = « 10.0.0.1,mandataire » ne convient pas",
                "maillage.toml, ligne 4 : la clé « api_per_minutes » n’existe pas",
                "maillage.toml, ligne 6 : geocodeur.budget_ms = « 5 » ne convient pas",
                "maillage.toml, ligne 7 : la clé « carte » n’existe pas",
                "variable MAILLAGE_LOG : log = « xml » ne convient pas",
                "option --tiles : tiles = « https://tuiles.exemple.fr » ne convient pas",
            ]
        );
    }

    #[test]
    fn un_fournisseur_se_donne_entier_et_son_secret_ne_s_ecrit_nulle_part() {
        let file = "[fournisseur]\nemetteur = \"https://identite.exemple.fr\"\nclient = \"maillage\"\nniveaux = [\"eidas2\", \"eidas3\"]\nmoyens = [\"mfa\"]\nauthentification = \"basic\"\nsigne = true\n";
        let secret = [("MAILLAGE_FOURNISSEUR_SECRET", "sel & poivre")];
        let settings = read(file, &secret, &[]).unwrap().settings();
        let provider = settings.provider.clone().unwrap();
        assert_eq!((provider.name.as_str(), provider.pkce), ("ProConnect", true));
        assert_eq!(
            (provider.secret.as_str(), provider.levels),
            ("sel & poivre", vec!["eidas2".into(), "eidas3".into()])
        );
        assert_eq!(
            (provider.means, provider.basic, provider.signed),
            (vec!["mfa".into()], true, true)
        );
        assert!(!format!("{settings:?}").contains("poivre"));
        assert_eq!(
            read(file, &[], &[]).unwrap_err(),
            ["fournisseur.* : emetteur, client et secret vont ensemble : donnez les trois, ou aucun"]
        );
        assert_eq!(Config::default().settings().provider, None);
    }

    #[test]
    fn une_faute_d_ecriture_ne_cache_pas_les_autres() {
        let faults = read("listen = \nlog = \"xml\"\n", &[], &[]).unwrap_err();
        assert!(
            faults[0].starts_with("maillage.toml, ligne 1 : ce n’est pas une écriture TOML correcte"),
            "{faults:?}"
        );
        assert!(
            faults.iter().any(|f| f.contains("ligne 2 : log = « xml »")),
            "{faults:?}"
        );
    }

    #[test]
    fn le_mot_de_passe_de_la_base_n_est_jamais_repete() {
        let key = &KEYS[0];
        let (mut config, mut faults) = (Config::default(), Vec::new());
        config.set(key, "", Origin::Flag("--database".into()), &mut faults);
        assert!(faults[0].message.starts_with("database = « … »"));
    }

    #[test]
    fn une_adresse_publique_garde_son_chemin_et_refuse_le_reste() {
        let cases = [
            ("https://lieux.exemple.fr/", Some("https://lieux.exemple.fr")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("https://exemple.fr/a/b", Some("https://exemple.fr/a/b")),
            ("https://exemple.fr/a?b=c", None),
            ("https://exemple.fr//a", None),
            ("https:///a", None),
            ("ftp://exemple.fr", None),
            ("exemple.fr", None),
        ];
        for (text, expected) in cases {
            assert_eq!(public_url(text).as_deref(), expected, "{text}");
        }
    }
}
