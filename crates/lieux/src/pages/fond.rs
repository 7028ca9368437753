//! The picture of every commune, which the map of the country lies upon.

use crate::carte::{ETIQUETTE_DU_FOND, FOND};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// `GET /carte/fond.svg`
pub async fn fond(headers: HeaderMap) -> Response {
    let connue = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let a_jour = connue.is_some_and(|v| {
        v.split(',')
            .any(|e| e.trim().trim_start_matches("W/") == *ETIQUETTE_DU_FOND)
    });
    let mut reponse = if a_jour {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        FOND.as_str().into_response()
    };
    let entetes = reponse.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    if let Ok(etiquette) = HeaderValue::from_str(&ETIQUETTE_DU_FOND) {
        entetes.insert(header::ETAG, etiquette);
    }
    reponse
}
