//! A refusal that the person can act on, or a fault that is logged once; the page or problem document that shows it is chosen by the route.

use crate::permissions::Forbidden;
use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::borrow::Cow;

/// Something asked for that cannot be done, said so that the person can act: what, which field, and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refus {
    /// The field at fault, by its name in the form or the query.
    pub champ: Option<Cow<'static, str>>,
    /// What to do about it, in plain French.
    pub message: String,
}

impl Refus {
    /// A refusal that bears on no one field.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            champ: None,
            message: message.into(),
        }
    }

    /// A refusal at a field.
    pub fn champ(champ: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            champ: Some(champ.into()),
            message: message.into(),
        }
    }
}

/// The ways a request can fail.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// Nothing there, or nothing that this person may see.
    #[error("cette page n’existe pas")]
    Introuvable,
    /// The query or path of a read is malformed.
    #[error(transparent)]
    Demande(Refus),
    /// The rules refuse.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// Someone changed the same thing meanwhile.
    #[error("quelqu’un a modifié cet élément entre-temps : rechargez la page avant de recommencer")]
    Conflit,
    /// Too many requests from one address.
    #[error("trop de demandes à la suite : attendez {secondes} s avant de recommencer")]
    Limite {
        /// How long to wait.
        secondes: u32,
    },
    /// The answer took longer than the operator allows.
    #[error("la réponse prend trop de temps : réessayez dans une minute, ou demandez moins à la fois")]
    Delai,
    /// The database failed.
    #[error("une erreur est survenue de notre côté")]
    Db(#[from] sqlx::Error),
    /// Something that should not happen; its cause is logged, never shown.
    #[error("une erreur est survenue de notre côté")]
    Faute(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Erreur {
    /// Whether two requests wrote at once what only one may hold: the transaction is lost, and the second is told so.
    pub fn est_doublon(&self) -> bool {
        matches!(self, Self::Db(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

impl From<Forbidden> for Erreur {
    // Forbidden and absent look alike, so that nobody can probe for files.
    fn from(_: Forbidden) -> Self {
        Erreur::Introuvable
    }
}

impl Erreur {
    /// A fault with its cause.
    pub fn faute(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Erreur::Faute(cause.into())
    }

    /// What operators read of a failure that happened outside any request; `place` says where the log names its cause, such as
    /// `à cet identifiant`.
    pub fn for_operators(&self, place: &str) -> String {
        match self {
            Erreur::Db(_) | Erreur::Faute(_) => {
                format!("erreur interne\u{a0}: sa cause est au journal technique, {place}")
            }
            told => told.to_string(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Erreur::Introuvable => StatusCode::NOT_FOUND,
            Erreur::Demande(_) => StatusCode::BAD_REQUEST,
            Erreur::Refus(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Erreur::Conflit => StatusCode::CONFLICT,
            Erreur::Limite { .. } => StatusCode::TOO_MANY_REQUESTS,
            Erreur::Delai => StatusCode::SERVICE_UNAVAILABLE,
            Erreur::Db(e) if is_full(e) => StatusCode::INSUFFICIENT_STORAGE,
            Erreur::Db(e) if is_unreachable(e) => StatusCode::SERVICE_UNAVAILABLE,
            Erreur::Db(_) | Erreur::Faute(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Whether the database has no room left.
pub fn is_full(e: &sqlx::Error) -> bool {
    // SQLITE_FULL is 13; PostgreSQL's disk_full is 53100.
    matches!(e, sqlx::Error::Database(d) if d.code().is_some_and(|c| c == "13" || c == "53100"))
}

/// Whether the database went away, and may come back.
pub fn is_unreachable(e: &sqlx::Error) -> bool {
    match e {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => true,
        // Class 57P is a shutdown, 08 a connection failure, 53300 too many connections.
        sqlx::Error::Database(d) => d
            .code()
            .is_some_and(|c| c.starts_with("57P") || c.starts_with("08") || c == "53300"),
        _ => false,
    }
}

/// What a person or a program is told of a failure (RFC 9457); pages draw it, the API sends it as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probleme {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What to do about it.
    pub detail: String,
    /// The parameter or field at fault.
    #[serde(rename = "parametre", skip_serializing_if = "Option::is_none")]
    pub champ: Option<String>,
}

impl Probleme {
    /// The usual words for a status, with a detail of one's own.
    pub fn new(status: StatusCode, detail: impl Into<String>, champ: Option<String>) -> Self {
        let title = match status {
            StatusCode::NOT_FOUND => "Page introuvable",
            StatusCode::BAD_REQUEST => "Demande mal formée",
            StatusCode::UNPROCESSABLE_ENTITY => "Demande refusée",
            StatusCode::CONFLICT => "Modification simultanée",
            StatusCode::TOO_MANY_REQUESTS => "Trop de demandes",
            StatusCode::METHOD_NOT_ALLOWED => "Méthode non prévue",
            StatusCode::PAYLOAD_TOO_LARGE => "Envoi trop volumineux",
            StatusCode::FORBIDDEN => "Envoi refusé",
            StatusCode::REQUEST_TIMEOUT => "Demande trop longue",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "Format non prévu",
            StatusCode::INSUFFICIENT_STORAGE => "Plus de place pour enregistrer",
            StatusCode::SERVICE_UNAVAILABLE => "Service momentanément indisponible",
            _ => "Une erreur est survenue de notre côté",
        };
        Self {
            status: status.as_u16(),
            title,
            detail: detail.into(),
            champ,
        }
    }

    /// The problem document.
    pub fn json_response(&self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        response.headers_mut().insert(
            axum::http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}

impl IntoResponse for Erreur {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %SourceChain(&self), "a request failed");
        }
        let detail = match status {
            _ if matches!(self, Erreur::Delai) => capitalised(&self.to_string()),
            StatusCode::NOT_FOUND => "Cette page n’existe pas, ou a été déplacée.".to_owned(),
            StatusCode::INSUFFICIENT_STORAGE => {
                "Rien n’a été enregistré, car l’espace de stockage est plein. L’exploitant doit libérer de la place ; vous pourrez ensuite recommencer.".to_owned()
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                "La base de données ne répond pas. Rien n’a été enregistré ; réessayez dans une minute.".to_owned()
            }
            s if s.is_server_error() => "Rien n’a été enregistré. Réessayez ; si l’erreur revient, signalez-la à l’exploitant.".to_owned(),
            _ => capitalised(&self.to_string()),
        };
        let champ = match &self {
            Erreur::Refus(r) | Erreur::Demande(r) => r.champ.as_ref().map(|c| c.to_string()),
            _ => None,
        };
        let mut response = (status, detail.clone()).into_response();
        if let Erreur::Limite { secondes } = self {
            response.headers_mut().insert(RETRY_AFTER, secondes.into());
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(Probleme::new(status, detail, champ));
        response
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

struct SourceChain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for SourceChain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut next = Some(self.0);
        while let Some(error) = next {
            write!(f, "{error}; ")?;
            next = error.source();
        }
        Ok(())
    }
}
