//! The embedded stylesheets, scripts, fonts and pictures: their hashed names, and the answer that serves them.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

// `make assets` writes this folder. The crate compiles without it, so that reading and checking code needs no npm.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Logical names and the hashed names under which they are published.
static MANIFESTE: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json")
        .and_then(|f| serde_json::from_slice(&f.data).ok())
        .unwrap_or_default()
});

/// Whether `make assets` ran before the build.
pub fn sont_presents() -> bool {
    !MANIFESTE.is_empty()
}

/// The published name of a file such as `app.css`; the name itself when the assets were not built.
pub fn nom_publie(nom: &str) -> &str {
    MANIFESTE.get(nom).map_or(nom, String::as_str)
}

/// The bytes of a file by its logical name, uncompressed.
pub fn contenu(nom: &str) -> Option<Cow<'static, [u8]>> {
    Dist::get(nom_publie(nom)).map(|f| f.data)
}

/// Answers `/assets/{*chemin}`: a hashed name for ever, a logical name (for the script that other sites include) for an hour.
pub async fn servir(Path(chemin): Path<String>, headers: HeaderMap) -> Response {
    let publie = nom_publie(&chemin);
    let Some(fichier) = Dist::get(publie) else {
        let aide = if sont_presents() {
            ""
        } else {
            "The assets are not built: run `make assets`."
        };
        return (StatusCode::NOT_FOUND, aide).into_response();
    };
    let duree = if publie == chemin {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let (encodage, fichier) = negocier(publie, fichier, &headers);
    let etag = format!("\"{}\"", hex(&fichier.metadata.sha256_hash()[..12]));
    let connu = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let mut reponse = if connu.is_some_and(|v| v.split(',').any(|e| e.trim().trim_start_matches("W/") == etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(match fichier.data {
            Cow::Borrowed(octets) => Body::from(octets),
            Cow::Owned(octets) => Body::from(octets),
        })
    };
    let entetes = reponse.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(type_de(publie)));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static(duree));
    entetes.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        entetes.insert(header::ETAG, etag);
    }
    if let Some(encodage) = encodage {
        entetes.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encodage));
    }
    reponse
}

/// The smallest form of a file that the client reads.
fn negocier(nom: &str, entier: EmbeddedFile, headers: &HeaderMap) -> (Option<&'static str>, EmbeddedFile) {
    let accepte = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    for (encodage, extension) in [("br", "br"), ("gzip", "gz")] {
        if accepte_encodage(accepte, encodage)
            && let Some(compresse) = Dist::get(&format!("{nom}.{extension}"))
        {
            return (Some(encodage), compresse);
        }
    }
    (None, entier)
}

fn accepte_encodage(accepte: &str, encodage: &str) -> bool {
    accepte.split(',').any(|element| {
        let (nom, qualite) = element.split_once(';').unwrap_or((element, ""));
        let refuse = qualite.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        nom.trim().eq_ignore_ascii_case(encodage) && !refuse
    })
}

fn type_de(nom: &str) -> &'static str {
    match nom.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|o| format!("{o:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_encodage_refuse_ne_sert_pas() {
        assert!(accepte_encodage("gzip, deflate, br", "br"));
        assert!(accepte_encodage("br;q=1.0, gzip;q=0.8", "gzip"));
        assert!(!accepte_encodage("gzip, br;q=0", "br"));
        assert!(!accepte_encodage("", "br"));
    }

    #[tokio::test]
    async fn un_fichier_haché_se_garde_pour_toujours_et_sous_son_vrai_type() {
        if !sont_presents() {
            assert!(std::env::var_os("CI").is_none(), "run `make assets` before the tests");
            println!("skip: web/dist is absent, run `make assets`");
            return;
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br"));
        let reponse = servir(Path(nom_publie("app.css").to_owned()), headers.clone()).await;
        assert_eq!(reponse.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(reponse.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            reponse.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        headers.insert(header::IF_NONE_MATCH, reponse.headers()[header::ETAG].clone());
        let reponse = servir(Path(nom_publie("app.css").to_owned()), headers).await;
        assert_eq!(reponse.status(), StatusCode::NOT_MODIFIED);
        let stable = servir(Path("integration.js".to_owned()), HeaderMap::new()).await;
        assert_eq!(stable.headers()[header::CACHE_CONTROL], "public, max-age=3600");
        assert_eq!(
            servir(Path("absent.css".to_owned()), HeaderMap::new()).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}
