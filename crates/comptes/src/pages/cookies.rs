//! The cookies of accounts: the session, the browser that asked for a link, the request that it made. None of them says anything of anybody by itself.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use socle::{
    App,
    security::{cookie, session_cookie},
};

/// How long a session's cookie is kept, in seconds: the server ends the session before.
const DUREE_SESSION: i64 = crate::domain::session::DUREE_MAX;
/// How long what a browser was asked is kept, in seconds.
const DUREE_DEFI: i64 = crate::actions::defis::DUREE;
/// How long the browser that asked is known again, in seconds.
const DUREE_NAVIGATEUR: i64 = 86_400;
/// How long an invitation is kept at hand while its person signs in, in seconds.
const DUREE_INVITATION: i64 = 3600;

/// Which cookie.
#[derive(Debug, Clone, Copy)]
pub enum Cookie {
    /// The session.
    Session,
    /// The browser that asked for a link.
    Navigateur,
    /// The request to sign in that it made, for as long as its code holds.
    Demande,
    /// The invitation that it was opened with.
    Invitation,
    /// What it was asked to do with a passkey.
    Cle,
    /// What it began at the identity provider.
    Fournisseur,
}

impl Cookie {
    fn nom(self, app: &App) -> String {
        let url = &app.settings.public_url;
        let nom = match self {
            Self::Session => return session_cookie(url).to_owned(),
            Self::Navigateur => "navigateur",
            Self::Demande => "demande",
            Self::Invitation => "invitation",
            Self::Cle => "cle",
            Self::Fournisseur => "fournisseur",
        };
        if url.starts_with("https://") {
            format!("__Host-{nom}")
        } else {
            nom.to_owned()
        }
    }

    /// Its value in a request.
    pub fn lire<'a>(self, app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
        cookie(headers, &self.nom(app))
    }

    /// Writes it in an answer.
    pub fn poser(self, app: &App, reponse: &mut Response, valeur: &str) {
        let duree = match self {
            Self::Session => DUREE_SESSION,
            Self::Navigateur => DUREE_NAVIGATEUR,
            Self::Demande => crate::domain::connexion::DUREE_CODE,
            Self::Invitation => DUREE_INVITATION,
            Self::Cle | Self::Fournisseur => DUREE_DEFI,
        };
        self.ecrire(app, reponse, valeur, duree);
    }

    /// Removes it.
    pub fn oter(self, app: &App, reponse: &mut Response) {
        self.ecrire(app, reponse, "", 0);
    }

    fn ecrire(self, app: &App, reponse: &mut Response, valeur: &str, duree: i64) {
        let secure = if app.settings.public_url.starts_with("https://") {
            "; Secure"
        } else {
            ""
        };
        let texte = format!(
            "{}={valeur}; Path=/; Max-Age={duree}; SameSite=Lax; HttpOnly{secure}",
            self.nom(app)
        );
        if let Ok(texte) = HeaderValue::from_str(&texte) {
            reponse.headers_mut().append(header::SET_COOKIE, texte);
        }
    }
}
