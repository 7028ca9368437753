//! What a person is asked when a route wants a proof: to sign in, to show a second factor, or to confirm that it is still them.
//! What they had typed is never lost: it goes along, and is sent again by one button.

use axum::{
    body::Body,
    extract::Request,
    http::{Method, header},
    response::{IntoResponse, Redirect, Response},
};
use http_body_util::{BodyExt, Limited};
use socle::{App, errors::Erreur, module::BoxFuture, permissions::Actor, routes::Challenge};
use ui::page::Page;

/// The longest form that is carried along.
const TAILLE_MAX: usize = 256 * 1024;

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
        let est_formulaire = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
        // Someone who was never here typed nothing on this site: a program, or a guess.
        if !est_formulaire
            || (actor.person.is_none() && super::cookies::Cookie::Session.lire(&app, &parts.headers).is_none())
        {
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

fn aller(page: &Page, defi: Challenge, ici: &str) -> Response {
    let suite: String = form_urlencoded::byte_serialize(ici.as_bytes()).collect();
    Redirect::to(&page.fixe(&format!("{}?suite={suite}", porte(defi)))).into_response()
}

/// A page that keeps what was typed, says what to do first, and sends it again.
async fn renvoyer(page: Page, defi: Challenge, chemin: &str, body: Body) -> Result<Response, Erreur> {
    let octets = Limited::new(body, TAILLE_MAX)
        .collect()
        .await
        .map_err(|_| Erreur::Introuvable)?
        .to_bytes();
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
        porte: page.fixe(&format!("{}?suite=/compte", porte(defi))),
        page: page.intitulee(titre),
        texte,
        lien,
        champs: champs.collect(),
    };
    let statut = axum::http::StatusCode::UNAUTHORIZED;
    Ok((statut, ui::rendu::rendre(&vue)?).into_response())
}
