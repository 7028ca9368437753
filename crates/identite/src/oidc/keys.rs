//! The provider's keys, kept in memory and read again when they change.

use super::{OidcError, http};
use crate::jws::{KeySet, Token};
use socle::clock::Instant;
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// How long keys are believed, in seconds: one that the provider withdrew no longer serves after that.
const LIFETIME: i64 = 3600;
/// How long between two readings, in seconds, so that forged tokens do not make us flood the provider.
const PAUSE: i64 = 60;

pub(super) struct Keys {
    address: Url,
    client: reqwest::Client,
    cache: Mutex<Cache>,
}

struct Cache {
    keys: Arc<KeySet>,
    read_at: Instant,
    /// When they were last asked for again; the first time need not wait.
    asked_at: Option<Instant>,
}

impl Keys {
    /// Reads the keys for the first time.
    pub async fn read(address: Url, client: reqwest::Client, now: Instant) -> Result<Self, OidcError> {
        let cache = Cache {
            keys: fetch(&address, &client).await?,
            read_at: now,
            asked_at: None,
        };
        Ok(Self {
            address,
            client,
            cache: Mutex::new(cache),
        })
    }

    /// The keys to check this token with, read again when they are old or when none fits.
    pub async fn for_token(&self, token: &Token<'_>, now: Instant) -> Result<Arc<KeySet>, OidcError> {
        // Held while reading, so that a hundred sign-ins after a rotation read the keys once.
        let mut cache = self.cache.lock().await;
        let old = now >= cache.read_at.plus_seconds(LIFETIME);
        let rested = cache.asked_at.is_none_or(|at| now >= at.plus_seconds(PAUSE));
        if rested && (old || !cache.keys.knows(token)) {
            cache.asked_at = Some(now);
            cache.keys = fetch(&self.address, &self.client).await?;
            cache.read_at = now;
        }
        Ok(cache.keys.clone())
    }
}

async fn fetch(address: &Url, client: &reqwest::Client) -> Result<Arc<KeySet>, OidcError> {
    let reply = http::ask(client.get(address.clone())).await?.ok()?;
    KeySet::parse(&reply.body)
        .map(Arc::new)
        .ok_or(OidcError::Malformed("keys"))
}
