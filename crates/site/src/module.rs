//! What these pages give the application.

use crate::{accessibilite, api, legal, plan, statut};
use axum::http::Method;
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module},
    permissions,
    routes::{Kind, Routes},
};

permissions! {
    /// Read the legal pages, the accessibility statement, the status and the plan of the site.
    LireSite: Public Partout;
    /// Read the description of the API.
    LireApi: Public Partout;
}

/// The site's own pages, as a module.
pub const MODULE: Module = Module {
    name: "site",
    routes,
    permissions: PERMISSIONS,
    start,
    ..Module::EMPTY
};

fn routes() -> Routes {
    Routes::new()
        .page::<LireSite, _, _>("/accessibilite", accessibilite::page)
        .page::<LireSite, _, _>("/en/accessibilite", accessibilite::page)
        .page::<LireSite, _, _>("/mentions-legales", legal::mentions)
        .page::<LireSite, _, _>("/en/mentions-legales", legal::mentions)
        .page::<LireSite, _, _>("/donnees-personnelles", legal::donnees_personnelles)
        .page::<LireSite, _, _>("/en/donnees-personnelles", legal::donnees_personnelles)
        .page::<LireSite, _, _>("/statut", statut::page)
        .page::<LireSite, _, _>("/en/statut", statut::page)
        .page::<LireSite, _, _>("/plan", plan::page)
        .page::<LireSite, _, _>("/en/plan", plan::page)
        .page::<LireApi, _, _>("/api", api::page)
        .api::<LireApi, _, _>("/api/v1/openapi.json", api::document)
        .add::<LireSite, _, _>(Kind::File, Method::GET, "/robots.txt", plan::robots)
        .add::<LireSite, _, _>(Kind::File, Method::GET, "/sitemap.xml", plan::sitemap)
        .add::<LireSite, _, _>(Kind::File, Method::GET, "/sitemap/{fichier}", plan::sitemap_lieux)
}

/// Reads the audit grid, so that a mistake in it stops the start rather than a page.
fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    let grille = accessibilite::Grille::embarquee().map_err(Erreur::faute);
    Box::pin(async move {
        builder.insert(std::sync::Arc::new(grille?));
        Ok(())
    })
}
