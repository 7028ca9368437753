//! What a provider says of a sign-in and of a person, and the rules by which it is believed.

use super::{OidcError, Settings};
use crate::base64url;
use serde::{Deserialize, Deserializer};
use socle::{
    clock::Instant,
    secrets::{same, sha256},
};

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY: i64 = 60;

/// What an ID token says (OpenID Connect Core, 2).
#[derive(Deserialize)]
pub(super) struct SignIn {
    pub iss: String,
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    #[serde(deserialize_with = "seconds")]
    exp: i64,
    #[serde(deserialize_with = "seconds")]
    iat: i64,
    #[serde(default, deserialize_with = "maybe_seconds")]
    nbf: Option<i64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    pub acr: Option<String>,
    pub amr: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn of(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(several) => several.iter().any(|one| one == client),
        }
    }

    fn is_shared(&self) -> bool {
        matches!(self, Self::Several(several) if several.len() > 1)
    }
}

/// A date in a token may have decimals (RFC 7519, 2).
fn seconds<'de, D: Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a date out of range saturates, and is refused as such"
    )]
    f64::deserialize(d).map(|seconds| seconds as i64)
}

fn maybe_seconds<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    seconds(d).map(Some)
}

impl SignIn {
    /// Checks that this sign-in is by our provider, for us, now, for this request, and as strict as asked (OpenID Connect Core, 3.1.3.7).
    pub fn check(&self, settings: &Settings, nonce: &str, access_token: &str, now: Instant) -> Result<(), OidcError> {
        if self.iss != settings.issuer {
            return Err(OidcError::Issuer);
        }
        let client = &settings.client_id;
        let authorised = match &self.azp {
            Some(azp) => azp == client,
            None => !self.aud.is_shared(),
        };
        if !self.aud.of(client) || !authorised {
            return Err(OidcError::Audience);
        }
        let now = now.micros().div_euclid(1_000_000);
        if now.saturating_sub(LEEWAY) >= self.exp {
            return Err(OidcError::Expired);
        }
        if self.iat.max(self.nbf.unwrap_or(self.iat)) > now.saturating_add(LEEWAY) {
            return Err(OidcError::Early);
        }
        if !self
            .nonce
            .as_ref()
            .is_some_and(|given| same(given.as_bytes(), nonce.as_bytes()))
        {
            return Err(OidcError::Nonce);
        }
        self.check_access_token(access_token)?;
        self.check_strictness(settings)
    }

    /// The first half of the access token's hash, when the provider gives it (3.1.3.6): the algorithms taken here all hash with SHA-256.
    fn check_access_token(&self, access_token: &str) -> Result<(), OidcError> {
        let Some(given) = &self.at_hash else { return Ok(()) };
        let expected = base64url::encode(&sha256(access_token.as_bytes())[..16]);
        if *given == expected {
            Ok(())
        } else {
            Err(OidcError::AccessToken)
        }
    }

    fn check_strictness(&self, settings: &Settings) -> Result<(), OidcError> {
        let reached = |level: &String| self.acr.as_ref() == Some(level);
        if !settings.levels.is_empty() && !settings.levels.iter().any(reached) {
            return Err(OidcError::Level);
        }
        let used = self.amr.as_deref().unwrap_or_default();
        if !settings.means.is_empty() && !settings.means.iter().any(|means| used.contains(means)) {
            return Err(OidcError::Means);
        }
        Ok(())
    }
}

/// What is read of what a provider says of a person.
#[derive(Deserialize)]
pub(super) struct Person {
    pub sub: String,
    pub email: Option<String>,
    pub email_verified: Option<bool>,
}

/// What a signed answer about a person says of itself.
#[derive(Deserialize)]
pub(super) struct Envelope {
    iss: Option<String>,
    aud: Option<Audience>,
    #[serde(default, deserialize_with = "maybe_seconds")]
    exp: Option<i64>,
}

impl Envelope {
    /// Checks that a signed answer about a person was made by our provider, for us, and still holds (5.3.2).
    pub fn check(&self, settings: &Settings, now: Instant) -> Result<(), OidcError> {
        if self.iss.as_ref().is_some_and(|iss| *iss != settings.issuer) {
            return Err(OidcError::Issuer);
        }
        if self.aud.as_ref().is_some_and(|aud| !aud.of(&settings.client_id)) {
            return Err(OidcError::Audience);
        }
        let now = now.micros().div_euclid(1_000_000);
        if self.exp.is_some_and(|exp| now.saturating_sub(LEEWAY) >= exp) {
            return Err(OidcError::Expired);
        }
        Ok(())
    }
}
