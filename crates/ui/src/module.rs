//! What the design system gives the application: files, preferences, the catalogue, and the look of errors.

use crate::{
    assets,
    catalogue::Catalogue,
    formats,
    page::{COOKIE_APPARENCE, COOKIE_VERSION, Page, Theme},
    rendu::rendre,
};
use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App, AppBuilder,
    errors::{Erreur, Probleme},
    module::{BoxFuture, Module},
    permissions,
    routes::{Kind, Routes},
};

permissions! {
    /// Reading the stylesheets, scripts, fonts and pictures.
    LireFichiersDuSite: Public Partout;
    /// Choosing colours and version.
    ChoisirApparence: Public Partout;
    /// Looking at the catalogue of components.
    VoirCatalogue: Public Partout;
}

/// The design system, as a module.
pub const MODULE: Module = Module {
    name: "ui",
    routes,
    permissions: PERMISSIONS,
    start,
    ..Module::EMPTY
};

fn routes() -> Routes {
    Routes::new()
        .add::<LireFichiersDuSite, _, _>(Kind::File, Method::GET, "/assets/{*chemin}", assets::servir)
        .post::<ChoisirApparence, _, _>("/preferences", preferences)
        .page::<VoirCatalogue, _, _>("/_composants", catalogue)
}

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    builder.error_page = page_d_erreur;
    Box::pin(async { Ok(()) })
}

async fn catalogue(page: Page) -> Result<Response, Erreur> {
    rendre(&Catalogue::new(page))
}

/// A year: the choice is the person's, and says nothing of them.
const DUREE: u32 = 31_536_000;

async fn preferences(State(app): State<App>, Form(champs): Form<Vec<(String, String)>>) -> Response {
    let valeur = |nom: &str| {
        champs
            .iter()
            .find(|(cle, _)| cle == nom)
            .map(|(_, valeur)| valeur.as_str())
    };
    let base = app.settings.base_path.as_str();
    let retour = valeur("retour")
        .filter(|url| est_interne(url, base))
        .map_or_else(|| format!("{base}/"), str::to_owned);
    let choix = [
        valeur("apparence").map(|code| (COOKIE_APPARENCE, Theme::depuis_code(code).code())),
        valeur("version").map(|v| (COOKIE_VERSION, if v == "texte" { "texte" } else { "complete" })),
    ];
    let mut reponse = Redirect::to(&retour).into_response();
    let chemin = if base.is_empty() { "/" } else { base };
    let secure = if app.settings.public_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    for (nom, valeur) in choix.into_iter().flatten() {
        let cookie = format!("{nom}={valeur}; Path={chemin}; Max-Age={DUREE}; SameSite=Lax; HttpOnly{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            reponse.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    reponse
}

/// Whether an address stays on this site: a path under the base that no browser reads as another host.
fn est_interne(url: &str, base: &str) -> bool {
    url.strip_prefix(base).is_some_and(|reste| {
        reste.starts_with('/') && !reste.starts_with("//") && !reste.contains(['\\', '\r', '\n', '\t'])
    }) && !url.starts_with("//")
}

#[derive(Debug, Template)]
#[template(path = "erreur.html")]
struct PageErreur {
    page: Page,
    probleme: Probleme,
}

impl PageErreur {
    fn detail(&self) -> String {
        let erreurs = &self.page.t().erreurs;
        formats::majuscule(match self.probleme.status {
            // The ground speaks French; the usual failures have their words in every language.
            404 => &erreurs.introuvable_detail,
            500.. if self.page.langue != crate::langue::Langue::Fr => &erreurs.panne_detail,
            _ => &self.probleme.detail,
        })
    }
}

fn page_d_erreur(probleme: &Probleme, parts: &Parts, app: &App) -> Response {
    let mut page = Page::de_l_application(parts, app);
    let erreurs = &page.t().erreurs;
    page.titre = match probleme.status {
        404 => &erreurs.introuvable,
        429 => &erreurs.trop,
        500.. => &erreurs.panne,
        _ => &erreurs.refusee,
    }
    .to_string();
    page.noindex = true;
    let statut = StatusCode::from_u16(probleme.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match rendre(&PageErreur {
        page,
        probleme: probleme.clone(),
    }) {
        Ok(reponse) => (statut, reponse).into_response(),
        Err(_) => (statut, probleme.detail.clone()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_ne_revient_que_sur_ce_site() {
        let cas = [
            ("/lieux?q=lyon", "", true),
            ("/base/lieux", "/base", true),
            ("/base", "/base", false),
            ("/baseball", "/base", false),
            ("//ailleurs.example", "", false),
            ("https://ailleurs.example", "", false),
            ("/\\ailleurs.example", "", false),
            ("/base//ailleurs.example", "/base", false),
        ];
        for (url, base, attendu) in cas {
            assert_eq!(est_interne(url, base), attendu, "{url} {base}");
        }
    }
}
