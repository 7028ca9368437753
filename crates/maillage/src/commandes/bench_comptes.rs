//! What `make bench` needs of accounts: the measure that an authenticated page is compared with, a session, and the rate of sign-in links.

use super::contexte;
use crate::{
    MODULES,
    cli::comptes::{BenchComptes, BenchSelect},
    fin::{Fin, Issue},
};
use axum::{Router, extract::State, routing::get};
use comptes::{
    actions::connexion::{self, Ouverture},
    domain::{courriel::Courriel, session::MoyenConnexion},
    store::demonstration,
};
use socle::{App, AppBuilder, change::Stored, clock::Clock, db::Db, errors::Erreur, ids::Ids};
use std::{
    net::{IpAddr, Ipv6Addr},
    time::Instant as Stopwatch,
};
use uuid::Uuid;

async fn application(args: &crate::cli::Source) -> Result<App, Fin> {
    let mut config = contexte::config(args, Vec::new())?;
    config.load_keys().map_err(Fin::Refus)?;
    let (clock, db) = (Clock::system(), contexte::open(&config).await?);
    db.migrate(clock.now()).await?;
    let modules: Vec<_> = MODULES
        .iter()
        .filter(|module| module.name == "comptes")
        .copied()
        .collect();
    Ok(AppBuilder::new(db, clock, Ids::random(), config.settings())
        .start(&modules)
        .await?)
}

/// Serves a bare axum route with one indexed SELECT: the least that a page with a query can do on this database.
pub async fn select(args: BenchSelect) -> Result<Issue, Fin> {
    let app = application(&args.source).await?;
    let mut tx = app.db.read().await?;
    let gens = demonstration::lister(&mut tx).await?;
    drop(tx);
    let personne = gens.first().map_or_else(Uuid::nil, |un| un.personne_id);
    let router = Router::new()
        .route("/", get(lire))
        .with_state((app.db.clone(), personne));
    super::serve::listen_at(args.listen, router).await
}

async fn lire(State((db, personne)): State<(Db, Uuid)>) -> Result<String, Erreur> {
    let mut tx = db.read().await?;
    let lue = comptes::domain::personne::Personne::load(&mut tx, personne).await?;
    Ok(lue.map_or_else(String::new, |p| p.nom.to_string()))
}

/// Opens a session for the first administrator of a demonstration and prints its secret, or measures how many sign-in links are made a second.
pub async fn comptes(args: BenchComptes) -> Result<Issue, Fin> {
    let app = application(&args.source).await?;
    if args.liens == 0 {
        let mut tx = app.db.write().await?;
        let gens = demonstration::lister(&mut tx).await?;
        let admin = gens.iter().find(|un| un.fonction == "administration");
        let admin =
            admin.ok_or_else(|| Fin::Refus("cette base n’a pas d’administrateur de démonstration".to_owned()))?;
        let ouverture = Ouverture {
            personne: admin.personne_id,
            moyen: MoyenConnexion::Operateur,
            fort: true,
            appareil: "mesure",
            place: None,
        };
        let secret = connexion::ouvrir(&mut tx, &app, ouverture).await?;
        tx.commit().await?;
        app.db.close().await;
        println!("{secret}");
        return Ok(Issue::Faite);
    }
    let begun = Stopwatch::now();
    for rang in 0..args.liens {
        // Another address and another network each time: waiting is not what is measured.
        let adresse = format!("mesure-{rang}@maillage.example");
        let courriel = Courriel::lire(&adresse).map_err(|e| Fin::Refus(e.to_string()))?;
        let reseau = IpAddr::V6(Ipv6Addr::from(u128::from(rang) << 64));
        let mut tx = app.db.write().await?;
        connexion::demander(&mut tx, &app, &courriel, ("mesure", "/compte"), reseau).await?;
        tx.commit().await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    app.db.close().await;
    println!("{:.0}", f64::from(args.liens) / seconds);
    Ok(Issue::Faite)
}
