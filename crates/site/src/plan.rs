//! The plan of the site for people, and for search engines.

use crate::textes::{Mots, mots, preparer};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use lieux::index::Lieux;
use socle::{App, errors::Erreur};
use std::fmt::Write;
use territoire::Referentiel;
use ui::{
    page::{Lien, Page},
    rendu::rendre,
};

/// Addresses in one file of the site map; the protocol allows 50 000.
const LOT: usize = 10_000;
/// The pages that search engines should know.
const PAGES: [&str; 8] = [
    "/",
    "/lieux",
    "/orientation",
    "/donnees-ouvertes",
    "/integrer",
    "/api",
    "/accessibilite",
    "/mentions-legales",
];

#[derive(Debug, Template)]
#[template(path = "site/plan.html")]
struct Plan {
    page: Page,
    t: &'static Mots,
    departements: Vec<Lien>,
}

pub(crate) async fn page(mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    preparer(&mut page, &t.plan.titre);
    let referentiel = Referentiel::embarque();
    let lien = |nom: &str, code: &str| {
        Lien::new(
            format!("{nom} ({code})"),
            page.url(&format!("/lieux?departement={code}")),
        )
    };
    let departements = referentiel.departements().map(|d| lien(d.nom, d.code.as_str()));
    let collectivites = referentiel.collectivites().map(|c| lien(c.nom, c.code.as_str()));
    let departements = departements.chain(collectivites).collect();
    rendre(&Plan { page, t, departements })
}

pub(crate) async fn robots(State(app): State<App>) -> Response {
    let (public, base) = (&app.settings.public_url, &app.settings.base_path);
    let texte = if app.settings.demo {
        "User-agent: *\nDisallow: /\n".to_owned()
    } else {
        format!("User-agent: *\nDisallow: {base}/api/\nDisallow: {base}/integration\nSitemap: {public}/sitemap.xml\n")
    };
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], texte).into_response()
}

pub(crate) async fn sitemap(State(app): State<App>) -> Response {
    let public = &app.settings.public_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let lots = app.part::<Lieux>().index().total().div_ceil(LOT);
    for numero in 0..=lots {
        let _ = writeln!(xml, "<sitemap><loc>{public}/sitemap/{numero}.xml</loc></sitemap>");
    }
    xml.push_str("</sitemapindex>\n");
    ([(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// Number 0 holds the pages of the site, the others ten thousand places each.
pub(crate) async fn sitemap_lieux(State(app): State<App>, Path(fichier): Path<String>) -> Result<Response, Erreur> {
    let numero: usize = fichier
        .strip_suffix(".xml")
        .and_then(|n| n.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let public = &app.settings.public_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let index = app.part::<Lieux>().index();
    match numero.checked_sub(1) {
        None => {
            for chemin in PAGES {
                let _ = writeln!(xml, "<url><loc>{public}{chemin}</loc></url>");
            }
        }
        Some(lot) => {
            let debut = lot
                .checked_mul(LOT)
                .filter(|d| *d < index.total())
                .ok_or(Erreur::Introuvable)?;
            for lieu in index.lieux().iter().skip(debut).take(LOT) {
                let jour = lieu.mise_a_jour().map(|jour| format!("<lastmod>{jour}</lastmod>"));
                let jour = jour.unwrap_or_default();
                let _ = writeln!(xml, "<url><loc>{public}/lieux/{}</loc>{jour}</url>", lieu.id);
            }
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml")], xml).into_response())
}
