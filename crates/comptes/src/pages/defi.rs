//! What a person is asked when a route wants a proof: to sign in, to show a second factor, or to confirm that it is still them.
//! What they had typed is never lost: it goes along, and is sent again by one button.

use super::{cookies::Cookie, vers};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use http_body_util::{BodyExt, Limited};
use socle::{App, errors::Erreur, module::BoxFuture, permissions::Actor, routes::Challenge};
use ui::page::Page;

/// The longest form that is carried along: what the server takes at most, so that none is lost for its size.
const TAILLE_MAX: usize = 1 << 20;

/// Asks what the challenge says.
pub fn demander(defi: Challenge, actor: Actor, app: App, request: Request) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let (parts, body) = request.into_parts();
        let page = Page::de_l_application(&parts, &app);
        let chemin = page.chemin.clone();
        let ici = if page.requete.is_empty() {
            chemin.clone()
        } else {
            format!("{chemin}?{}", page.requete)
        };
        if parts.method == Method::GET {
            return aller(&page, defi, &ici);
        }
        let genre = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let est = |attendu| genre.is_some_and(|genre| genre.starts_with(attendu));
        let venu = actor.person.is_some() || vient_d_ici(&app, &parts.headers);
        if venu && est("multipart/form-data") {
            // A file cannot be carried along: the person chooses it again on the page of its form.
            return aller(&page, defi, &ici);
        }
        // Someone who was never here typed nothing on this site: a program, or a guess.
        if !venu || !est("application/x-www-form-urlencoded") {
            return Erreur::Introuvable.into_response();
        }
        match renvoyer(page, defi, &chemin, body).await {
            Ok(reponse) => reponse,
            Err(erreur) => erreur.into_response(),
        }
    })
}

fn porte(defi: Challenge) -> &'static str {
    match defi {
        Challenge::SignIn => "/connexion",
        Challenge::SecondFactor | Challenge::Confirm => "/connexion/confirmer",
    }
}

/// Whether a form was filled on a page of this site, even by someone who signed out meanwhile: the browser says so (writes that another site
/// started were refused before), or it has a cookie of ours.
fn vient_d_ici(app: &App, headers: &HeaderMap) -> bool {
    let dit = headers.get("sec-fetch-site").is_some_and(|v| v == "same-origin") || headers.contains_key(header::ORIGIN);
    dit || [Cookie::Session, Cookie::Navigateur]
        .iter()
        .any(|cookie| cookie.lire(app, headers).is_some())
}

fn aller(page: &Page, defi: Challenge, ici: &str) -> Response {
    Redirect::to(&page.fixe(&vers(porte(defi), ici))).into_response()
}

/// A page that keeps what was typed, says what to do first, and sends it again.
async fn renvoyer(page: Page, defi: Challenge, chemin: &str, body: Body) -> Result<Response, Erreur> {
    let Ok(recu) = Limited::new(body, TAILLE_MAX).collect().await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let octets = recu.to_bytes();
    let champs = form_urlencoded::parse(&octets).map(|(nom, valeur)| (nom.into_owned(), valeur.into_owned()));
    let (titre, texte, lien) = match defi {
        Challenge::SignIn => (
            "Votre session a pris fin",
            "Ce que vous avez saisi est gardé sur cette page. Connectez-vous dans un nouvel onglet, puis revenez ici et envoyez de nouveau.",
            "Me connecter dans un nouvel onglet",
        ),
        Challenge::SecondFactor | Challenge::Confirm => (
            "Confirmez que c’est bien vous",
            "Ce geste est sensible : nous vérifions qui vous êtes. Ce que vous avez saisi est gardé sur cette page. Confirmez dans un nouvel onglet, puis revenez ici et envoyez de nouveau.",
            "Confirmer dans un nouvel onglet",
        ),
    };
    let vue = super::renvoi::Renvoi {
        action: page.fixe(chemin),
        porte: page.fixe(&vers(porte(defi), "/compte")),
        page: page.intitulee(titre),
        texte,
        lien,
        champs: champs.collect(),
    };
    Ok((StatusCode::UNAUTHORIZED, ui::rendu::rendre(&vue)?).into_response())
}
