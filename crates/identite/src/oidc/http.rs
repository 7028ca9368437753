//! Questions to the provider, with a time budget and a size limit.

use super::OidcError;
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::{Host, Url};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// A client that gives up after `budget` at each question; a sign-in asks three.
///
/// # Errors
/// When the system gives no TLS roots.
pub fn client(budget: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // Another part of the program may have chosen the provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(budget)
        // Secrets go to the host that the operator named, and to no other.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("maillage")
        .build()
}

pub(super) struct Reply {
    pub status: u16,
    /// Without its parameters, in lower case.
    pub media_type: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json<T: DeserializeOwned>(&self, what: &'static str) -> Result<T, OidcError> {
        serde_json::from_slice(&self.body).map_err(|_| OidcError::Malformed(what))
    }

    /// The same reply when it is a success.
    pub fn ok(self) -> Result<Self, OidcError> {
        if self.status == 200 {
            Ok(self)
        } else {
            Err(OidcError::Unreachable)
        }
    }
}

pub(super) async fn ask(request: RequestBuilder) -> Result<Reply, OidcError> {
    let mut response = request.send().await.map_err(failure)?;
    let status = response.status().as_u16();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(OidcError::Malformed("size"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status,
        media_type,
        body,
    })
}

/// The error itself would tell addresses, which tell nothing more.
fn failure(error: reqwest::Error) -> OidcError {
    if error.is_timeout() {
        OidcError::TooSlow
    } else {
        OidcError::Unreachable
    }
}

/// An address that secrets may be sent to: HTTPS, or this very machine.
pub(super) fn safe(address: &str, what: &'static str) -> Result<Url, OidcError> {
    let url = Url::parse(address).map_err(|_| OidcError::Settings(what))?;
    let local = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(domain)) => domain == "localhost",
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && local) {
        Ok(url)
    } else {
        Err(OidcError::Settings(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_secret_ne_part_qu_en_https_ou_sur_cette_machine() {
        for (address, accepted) in [
            ("https://proconnect.gouv.fr/api/v2", true),
            ("http://127.0.0.1:3000", true),
            ("http://[::1]:3000", true),
            ("http://localhost:3000", true),
            ("http://proconnect.gouv.fr", false),
            ("http://localhost.example.fr", false),
            ("ftp://localhost", false),
            ("proconnect.gouv.fr", false),
        ] {
            assert_eq!(safe(address, "issuer").is_ok(), accepted, "{address}");
        }
    }
}
