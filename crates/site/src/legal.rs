//! Legal notice and personal data, with what the operator still has to fill in.

use crate::textes::{Mots, mots, preparer};
use askama::Template;
use axum::{extract::State, response::Response};
use socle::{App, errors::Erreur};
use ui::{composants::Description, page::Page, rendu::rendre, textes::Phrase};

#[derive(Debug, Template)]
#[template(path = "site/mentions.html")]
struct Mentions {
    page: Page,
    t: &'static Mots,
    editeur: Vec<Description>,
}

#[derive(Debug, Template)]
#[template(path = "site/donnees_personnelles.html")]
struct DonneesPersonnelles {
    page: Page,
    t: &'static Mots,
    adresses: Option<Phrase>,
}

pub(crate) async fn mentions(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    preparer(&mut page, &t.legal.mentions);
    let operateur = &app.settings.operator;
    let ligne = |terme: &'static str, valeur: &Option<String>| {
        Description::new(terme, valeur.clone().unwrap_or_else(|| t.legal.a_completer.to_string()))
    };
    let editeur = vec![
        ligne(&t.legal.nom, &operateur.name),
        ligne(&t.legal.adresse, &operateur.address),
        ligne(&t.legal.contact, &operateur.contact),
        ligne(&t.legal.directeur, &operateur.publisher),
        ligne(&t.legal.hebergeur, &operateur.host),
    ];
    rendre(&Mentions { page, t, editeur })
}

pub(crate) async fn donnees_personnelles(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    preparer(&mut page, &t.legal.donnees);
    let hote = |url: &str| url.split('/').nth(2).unwrap_or(url).to_owned();
    let service = app.settings.addresses.as_ref();
    let adresses = service.map(|s| t.legal.recherche_adresses.avec("hote", hote(&s.url)));
    rendre(&DonneesPersonnelles { page, t, adresses })
}
