//! The public pages about places.

pub mod accueil;
pub mod assistant;
pub mod bref;
pub mod demande;
pub mod en_mots;
pub mod fiche;
pub mod filtres;
pub mod fond;
pub mod json_ld;
pub mod recherche;
pub mod resultats;

use crate::permissions::ConsulterLieux;
use axum::handler::Handler;
use socle::{
    App,
    routes::{Kind, Routes},
};
use ui::page::{EntreeMenu, Habillage, Lien, Page};

/// The addresses of a page in each of its languages.
type Adresses = &'static [&'static str];

const ACCUEIL: Adresses = &["/", "/en", "/en/", "/ar", "/ar/", "/pt", "/pt/", "/uk", "/uk/"];
const LIEUX: Adresses = &["/lieux", "/en/lieux", "/ar/lieux", "/pt/lieux", "/uk/lieux"];
const FICHE: Adresses = &[
    "/lieux/{identifiant}",
    "/en/lieux/{identifiant}",
    "/ar/lieux/{identifiant}",
    "/pt/lieux/{identifiant}",
    "/uk/lieux/{identifiant}",
];
const ORIENTATION: Adresses = &[
    "/orientation",
    "/en/orientation",
    "/ar/orientation",
    "/pt/orientation",
    "/uk/orientation",
];

/// Home, results, place and wizard.
pub fn routes() -> Routes {
    let routes = Routes::new();
    let routes = pages(routes, ACCUEIL, accueil::accueil);
    let routes = pages(routes, LIEUX, resultats::resultats);
    let routes = pages(routes, FICHE, fiche::fiche);
    let routes = pages(routes, ORIENTATION, assistant::etape);
    let routes = formulaires(routes, LIEUX, resultats::chercher);
    let routes = formulaires(routes, ORIENTATION, assistant::situer);
    routes.add::<ConsulterLieux, _, _>(Kind::File, axum::http::Method::GET, "/carte/fond.svg", fond::fond)
}

fn pages<H: Handler<T, App>, T: 'static>(routes: Routes, adresses: Adresses, lire: H) -> Routes {
    adresses.iter().fold(routes, |routes, adresse| {
        routes.page::<ConsulterLieux, _, _>(adresse, lire.clone())
    })
}

fn formulaires<H: Handler<T, App>, T: 'static>(routes: Routes, adresses: Adresses, recevoir: H) -> Routes {
    adresses.iter().fold(routes, |routes, adresse| {
        routes.post::<ConsulterLieux, _, _>(adresse, recevoir.clone())
    })
}

/// Gives every page of the site its menu.
pub const HABILLAGE: Habillage = Habillage(habiller);

fn habiller(page: &mut Page) {
    let t = &crate::textes::mots(page).menu;
    let entree = |libelle: &str, chemin: &str, url: String| EntreeMenu {
        lien: Lien::new(libelle, url),
        actif: page.chemin.starts_with(chemin),
    };
    page.menu = vec![
        entree(&t.trouver, "/lieux", page.url("/lieux")),
        entree(&t.orientation, "/orientation", page.url("/orientation")),
        entree(&t.donnees, "/donnees-ouvertes", page.url_generale("/donnees-ouvertes")),
    ];
}
