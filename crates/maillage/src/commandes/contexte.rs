//! What commands start from: the configuration, the database, the time and the identifiers.

use crate::{cli::Source, fin::Fin};
use socle::{
    clock::{Clock, Instant},
    config::{Config, Sources},
    db::{Db, DbOptions, roles},
    ids::Ids,
    secrets::Keys,
};
use std::path::PathBuf;

/// Reads the configuration of a command.
pub fn config(source: &Source, flags: Vec<(&'static str, String)>) -> Result<Config, Fin> {
    let environment: Vec<_> = std::env::vars()
        .filter(|(name, _)| name.starts_with("MAILLAGE_"))
        .collect();
    let path = source
        .config
        .clone()
        .or_else(|| std::env::var_os("MAILLAGE_CONFIG").map(PathBuf::from));
    let text = match &path {
        Some(path) => std::fs::read_to_string(path).map_err(|e| Fin::Usage(format!("{} : {e}", path.display())))?,
        None => String::new(),
    };
    let database = source.database.clone().map(|value| ("database", value));
    let sources = Sources {
        file: path.map(|path| (path, text.as_str())),
        environment,
        flags: flags.into_iter().chain(database).collect(),
    };
    Config::read(&sources).map_err(Fin::Configuration)
}

/// A database ready to use, with the time and identifiers of a real run.
#[derive(Debug)]
pub struct Atelier {
    pub db: Db,
    pub clock: Clock,
    pub ids: Ids,
    pub keys: Keys,
}

/// Opens the database of a command and brings it up to date.
pub async fn atelier(source: &Source) -> Result<Atelier, Fin> {
    let mut config = config(source, Vec::new())?;
    config.load_keys().map_err(Fin::Refus)?;
    let (clock, db) = (Clock::system(), open(&config).await?);
    migrate(&config, &db, clock.now()).await?;
    Ok(Atelier {
        db,
        clock,
        ids: Ids::random(),
        keys: config.settings().keys,
    })
}

/// Opens a database, or says which one does not open.
pub async fn open(config: &Config) -> Result<Db, Fin> {
    let options = config.db_options();
    Db::open(&options).await.map_err(|error| match options.sqlite_path() {
        Some(path) => Fin::Refus(format!("la base {} ne s’ouvre pas : {error}", path.display())),
        None => Fin::Refus(format!("la base PostgreSQL ne répond pas : {error}")),
    })
}

/// Brings a database up to date, by the role that owns its tables when the operator named one; gives the migrations applied.
pub async fn migrate(config: &Config, db: &Db, at: Instant) -> Result<Vec<String>, Fin> {
    let Some(address) = &config.database_admin else {
        return Ok(db.migrate(at).await?);
    };
    let options = DbOptions {
        connections: 1,
        ..DbOptions::new(address.clone())
    };
    let admin = Db::open(&options).await.map_err(|error| {
        Fin::Refus(format!(
            "la base PostgreSQL de « database_admin » ne répond pas : {error}"
        ))
    })?;
    let applied = admin.migrate(at).await?;
    roles::grant(&admin, db).await?;
    admin.close().await;
    Ok(applied)
}
