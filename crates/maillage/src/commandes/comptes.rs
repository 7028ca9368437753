//! `comptes`: the first administrator.

use super::contexte;
use crate::{
    MODULES,
    cli::comptes::{Comptes, CreateAdmin},
    fin::{Fin, Issue},
};
use comptes::{actions::invitations, domain::courriel::Courriel};
use socle::{AppBuilder, change::Act, clock::Clock, ids::Ids, permissions::Actor};

/// Runs a command on accounts.
pub async fn run(command: Comptes) -> Result<Issue, Fin> {
    match command {
        Comptes::CreateAdmin(args) => create_admin(args).await,
    }
}

async fn create_admin(args: CreateAdmin) -> Result<Issue, Fin> {
    let courriel = Courriel::lire(&args.courriel).map_err(|e| Fin::Refus(e.to_string()))?;
    let url = args.public_url.map(|url| ("public_url", url));
    let mut config = contexte::config(&args.source, url.into_iter().collect())?;
    config.load_keys().map_err(Fin::Refus)?;
    let (clock, db) = (Clock::system(), contexte::open(&config).await?);
    db.migrate(clock.now()).await?;
    // Nothing is served here: of the modules, only the one that owns people is asked.
    let comptes: Vec<_> = MODULES
        .iter()
        .filter(|module| module.name == "comptes")
        .copied()
        .collect();
    let app = AppBuilder::new(db.clone(), clock, Ids::random(), config.settings())
        .start(&comptes)
        .await?;
    let actor = Actor::operator();
    let mut tx = db.write().await?;
    let lien = invitations::inviter_administrateur(&Act::now(&app, &actor), &mut tx, courriel).await?;
    tx.commit().await?;
    db.close().await;
    println!("{lien}");
    Ok(Issue::Faite)
}
