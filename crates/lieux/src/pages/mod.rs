//! The public pages about places.

pub mod accueil;
pub mod assistant;
pub mod bref;
pub mod demande;
pub mod donnees;
pub mod en_mots;
pub mod espace;
pub mod feuilles;
pub mod fiche;
pub mod filtres;
pub mod fond;
pub mod integration;
pub mod json_ld;
pub mod mois;
pub mod origines;
pub mod pratique;
pub mod propositions;
pub mod recherche;
pub mod resultats;
pub mod semaine;
pub mod signalement;
pub mod suggestions;

use crate::permissions::{ConsulterLieux, SignalerErreur};
use axum::{handler::Handler, http::Method};
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

const IMPRIMER: Adresses = &["/lieux/{identifiant}/imprimer", "/en/lieux/{identifiant}/imprimer"];
const ORIENTATION_PAPIER: Adresses = &[
    "/lieux/{identifiant}/orientation",
    "/en/lieux/{identifiant}/orientation",
];
const AFFICHE: Adresses = &["/lieux/{identifiant}/affiche", "/en/lieux/{identifiant}/affiche"];
const SIGNALER: Adresses = &["/lieux/{identifiant}/signaler", "/en/lieux/{identifiant}/signaler"];
const CALENDRIER: Adresses = &["/calendrier/{territoire}/{mois}", "/en/calendrier/{territoire}/{mois}"];
const MOIS: Adresses = &["/mois", "/en/mois"];
const DONNEES: Adresses = &["/donnees-ouvertes", "/en/donnees-ouvertes"];
const INTEGRER: Adresses = &["/integrer", "/en/integrer"];
const INTEGRATION: Adresses = &[
    "/integration",
    "/en/integration",
    "/ar/integration",
    "/pt/integration",
    "/uk/integration",
];

/// Every page about places.
const SUGGESTIONS: Adresses = &[
    "/recherche/suggestions",
    "/en/recherche/suggestions",
    "/ar/recherche/suggestions",
    "/pt/recherche/suggestions",
    "/uk/recherche/suggestions",
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
    let routes = pages(routes, IMPRIMER, feuilles::imprimer);
    let routes = pages(routes, ORIENTATION_PAPIER, feuilles::orientation);
    let routes = pages(routes, AFFICHE, feuilles::affiche);
    let routes = pages(routes, CALENDRIER, mois::mois);
    let routes = pages(routes, MOIS, mois::choisir);
    let routes = pages(routes, DONNEES, donnees::page);
    let routes = pages(routes, INTEGRER, integration::mode_d_emploi);
    let routes = SIGNALER.iter().fold(routes, |routes, adresse| {
        routes
            .page::<SignalerErreur, _, _>(adresse, signalement::montrer)
            .post::<SignalerErreur, _, _>(adresse, signalement::envoyer)
    });
    let routes = INTEGRATION.iter().fold(routes, |routes, adresse| {
        routes.add::<ConsulterLieux, _, _>(Kind::Embed, Method::GET, adresse, integration::cadre)
    });
    let routes = SUGGESTIONS.iter().fold(routes, |routes, adresse| {
        routes.add::<ConsulterLieux, _, _>(Kind::File, Method::GET, adresse, suggestions::suggestions)
    });
    routes
        .merge(espace::routes())
        .page::<ConsulterLieux, _, _>("/l/{court}", feuilles::court)
        .add::<ConsulterLieux, _, _>(Kind::File, Method::GET, "/donnees-ouvertes/{fichier}", donnees::fichier)
        .add::<ConsulterLieux, _, _>(Kind::File, Method::GET, "/carte/fond.svg", fond::fond)
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
    page.menu.extend(espace::menu(page));
}
