//! `comptes`: the first administrator, and who lost what proves who they are.

use super::contexte;
use crate::{
    MODULES,
    cli::{
        Source,
        comptes::{Comptes, CreateAdmin, ResetFactors},
    },
    fin::{Fin, Issue},
};
use comptes::{
    actions::{invitations, liberation},
    domain::courriel::Courriel,
    store::personne,
};
use socle::{App, AppBuilder, change::Act, clock::Clock, ids::Ids, permissions::Actor};

/// Runs a command on accounts.
pub async fn run(command: Comptes) -> Result<Issue, Fin> {
    match command {
        Comptes::CreateAdmin(args) => create_admin(args).await,
        Comptes::ResetFactors(args) => reset_factors(args).await,
    }
}

/// The application of a command. Nothing is served here: of the modules, only the one that owns people is asked.
async fn application(source: &Source, public_url: Option<String>) -> Result<App, Fin> {
    let url = public_url.map(|url| ("public_url", url));
    let mut config = contexte::config(source, url.into_iter().collect())?;
    config.load_keys().map_err(Fin::Refus)?;
    let (clock, db) = (Clock::system(), contexte::open(&config).await?);
    contexte::migrate(&config, &db, clock.now()).await?;
    let comptes: Vec<_> = MODULES
        .iter()
        .filter(|module| module.name == "comptes")
        .copied()
        .collect();
    Ok(AppBuilder::new(db, clock, Ids::random(), config.settings())
        .start(&comptes)
        .await?)
}

async fn create_admin(args: CreateAdmin) -> Result<Issue, Fin> {
    let courriel = Courriel::lire(&args.courriel).map_err(|e| Fin::Refus(e.to_string()))?;
    let app = application(&args.source, args.public_url).await?;
    let actor = Actor::operator();
    let mut tx = app.db.write().await?;
    let lien = invitations::inviter_administrateur(&Act::now(&app, &actor), &mut tx, courriel).await?;
    tx.commit().await?;
    app.db.close().await;
    println!("{lien}");
    Ok(Issue::Faite)
}

async fn reset_factors(args: ResetFactors) -> Result<Issue, Fin> {
    let courriel = Courriel::lire(&args.courriel).map_err(|e| Fin::Refus(e.to_string()))?;
    let app = application(&args.source, args.public_url).await?;
    let actor = Actor::operator();
    let mut tx = app.db.write().await?;
    let titulaire = personne::titulaire(&mut tx, &courriel).await?;
    let titulaire = titulaire.ok_or_else(|| Fin::Refus(format!("personne n’a confirmé l’adresse {courriel}")))?;
    liberation::liberer(&Act::now(&app, &actor), &mut tx, titulaire.personne, &args.motif).await?;
    tx.commit().await?;
    app.db.close().await;
    println!("Seconds moyens de connexion retirés. La personne est prévenue par courriel.");
    Ok(Issue::Faite)
}
