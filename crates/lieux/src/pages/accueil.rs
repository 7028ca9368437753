//! The home page: one search box, and a way in for who does not know what to type.

use crate::{
    index::{Index, Lieux},
    textes::{Mots, mots},
};
use askama::Template;
use axum::{extract::State, response::Response};
use socle::{App, errors::Erreur};
use ui::{langue::Langue, page::Page, rendu::rendre};

/// The home page.
#[derive(Debug, Template)]
#[template(path = "lieux/accueil.html")]
pub struct Accueil {
    page: Page,
    t: &'static Mots,
    total: usize,
}

/// `GET /`
pub async fn accueil(State(app): State<App>, page: Page) -> Result<Response, Erreur> {
    rendre(&Accueil::nouveau(&app.part::<Lieux>().index(), page))
}

impl Accueil {
    /// The page over these places.
    pub fn nouveau(index: &Index, mut page: Page) -> Self {
        let t = mots(&page);
        page.titre = t.accueil.titre.to_string();
        page.description = Some(t.accueil.description.to_string());
        page.canonique = Some("/".to_owned());
        page.langues = Langue::TOUTES.to_vec();
        page.scripts = vec!["recherche.js", "autour.js"];
        Self {
            t,
            total: index.total(),
            page,
        }
    }
}
