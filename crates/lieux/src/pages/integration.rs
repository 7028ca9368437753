//! Showing the search inside another site: the page of the frame, and how to embed it.

use super::{
    bref::Bref,
    demande::Recherche,
    pratique::{self, Mots},
};
use crate::{
    index::{Demande, Index, Lieux},
    textes,
};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use socle::{App, errors::Erreur};
use ui::{form::Formulaire, page::Page, rendu::rendre};

/// Places shown in a frame; the rest is on the site.
const LIMITE: usize = 20;

#[derive(Debug, Template)]
#[template(path = "lieux/integration.html")]
struct Integration<'a> {
    page: Page,
    t: &'static textes::Mots,
    lieux: Vec<Bref<'a>>,
    total: usize,
    form: Formulaire,
    caches: Vec<(String, String)>,
    suite: String,
}

#[derive(Debug, Template)]
#[template(path = "lieux/integrer.html")]
struct Integrer {
    page: Page,
    t: &'static Mots,
    script: String,
    cadre: String,
    voir: String,
}

/// `GET /integration`: the search, limited to a territory and filters, without header or footer.
pub async fn cadre(State(app): State<App>, mut page: Page, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let requete = requete.unwrap_or_default();
    let index = app.part::<Lieux>().index();
    let t = textes::mots(&page);
    page.integree = true;
    page.menu.clear();
    page.titre = t.resultats.titre.to_string();
    page.scripts = vec!["cadre.js"];
    // The territory limits here: it is not where a person starts from.
    let paires: Vec<(String, String)> = form_urlencoded::parse(requete.as_bytes()).into_owned().collect();
    let filtres = crate::domain::filtres::Filtres::lire(paires.iter().map(|(k, v)| (k.as_str(), v.as_str()))).filtres;
    let saisie = Recherche::lire(&requete).saisie.unwrap_or_default();
    let demande = Demande {
        filtres,
        texte: (!saisie.is_empty()).then(|| saisie.clone()),
        limite: LIMITE,
        ..Demande::default()
    };
    let reponse = Index::chercher(&index, &demande, app.clock.now());
    let lieux = (1..)
        .zip(&reponse.lieux)
        .map(|(n, trouve)| Bref::de(trouve, n, &index, app.clock.now(), &page))
        .collect();
    let suite = page.absolue(&format!("{}?{}", page.url("/lieux"), demande.filtres.requete()));
    let caches = demande
        .filtres
        .paires()
        .into_iter()
        .map(|(cle, valeur)| (cle.to_owned(), valeur))
        .collect();
    rendre(&Integration {
        t,
        lieux,
        total: reponse.total,
        form: Formulaire::vide().avec("q", saisie),
        caches,
        suite,
        page,
    })
}

/// `GET /integrer`: what to copy.
pub async fn mode_d_emploi(mut page: Page) -> Result<Response, Erreur> {
    let t = pratique::mots(&page);
    pratique::preparer(&mut page, t.integrer.titre.to_string(), false);
    page.scripts = vec!["copie.js"];
    // The name without hash stays valid from one version to the next.
    let adresse = page.absolue(&page.fixe("/assets/integration.js"));
    let script = format!(
        "<script src=\"{adresse}\" data-territoire=\"departement:01\" data-filtres=\"frais_a_charge=gratuit\" defer></script>"
    );
    let voir = page.absolue(&page.url("/integration?departement=01"));
    let cadre = format!(
        "<iframe src=\"{voir}\" title=\"{}\" width=\"100%\" height=\"640\"></iframe>",
        t.integrer.titre
    );
    rendre(&Integrer {
        page,
        t,
        script,
        cadre,
        voir,
    })
}
