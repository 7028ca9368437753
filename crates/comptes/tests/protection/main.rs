//! What keeps an account to its owner: invitations, acting in someone's place, tries, addresses and second factors.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../navigateur/mod.rs"]
mod navigateur;

mod administration;
mod adresses;
mod essais;
mod invitations;
mod place;

use axum::{Router, http::StatusCode};
use comptes::{
    actions::connexion::{Ouverture, ouvrir},
    domain::session::MoyenConnexion,
};
use navigateur::Navigateur;
use socle::{
    App,
    journal::{self, Search},
    testing::Answer,
};
use uuid::Uuid;

/// A browser where this person is signed in with two factors, just now.
async fn connectee<'a>(app: &App, service: &'a Router, id: Uuid) -> Navigateur<'a> {
    let ouverture = Ouverture {
        personne: id,
        moyen: MoyenConnexion::CleAcces,
        fort: true,
        appareil: "Firefox sur Linux",
        place: None,
    };
    let mut tx = app.db.write().await.unwrap();
    let secret = ouvrir(&mut tx, app, ouverture).await.unwrap();
    tx.commit().await.unwrap();
    let mut navigateur = Navigateur::new(service);
    navigateur.cookies.push(("session".to_owned(), secret));
    navigateur
}

fn est_refuse(reponse: &Answer, pourquoi: &str) {
    assert_eq!(reponse.status, StatusCode::UNPROCESSABLE_ENTITY, "{pourquoi}");
    assert!(reponse.text.contains(pourquoi), "{pourquoi} : {}", reponse.text);
}

/// Whether a line of the journal holds this.
async fn est_au_journal(app: &App, texte: &str) -> bool {
    let mut tx = app.db.read().await.unwrap();
    let lignes = journal::search(&mut tx, &Search::default(), None, 1000).await.unwrap();
    lignes.iter().any(|ligne| format!("{ligne:?}").contains(texte))
}
