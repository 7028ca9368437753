//! Webhooks: other systems told of what happens, in the order of each object, with a thin payload that they alone can trust.

mod address;
mod client;
mod store;

pub use address::Allowed;
pub use client::{Client, deliver_once, work};
pub use store::{Delivery, Webhook, abandon, dead, deliveries, exists, find, list, purge, replay, set_active};

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    module::StateMachine,
    outbox::Event,
    secrets,
};
use uuid::Uuid;

/// The topic of a delivery that only tries a webhook.
pub const TRIAL: &str = "webhook.essai";
/// What the secret of a webhook is sealed for.
pub(crate) const USAGE: &str = "webhook";

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for its turn.
    Waiting,
    /// A worker has it.
    Sending,
    /// The receiver took it.
    Delivered,
    /// It failed too often: a person decides.
    Dead,
    /// A person gave it up.
    Abandoned,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Sending,
        Self::Delivered,
        Self::Dead,
        Self::Abandoned,
    ];

    /// What the database keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Abandoned => "abandoned",
        }
    }
}

/// How a delivery goes from one state to the next.
pub const STATES: StateMachine = StateMachine {
    name: "webhook_delivery",
    transitions: &[
        ("", "fan_out", "waiting"),
        ("waiting", "take", "sending"),
        ("sending", "accept", "delivered"),
        ("sending", "postpone", "waiting"),
        ("sending", "bury", "dead"),
        ("dead", "replay", "waiting"),
        ("dead", "abandon", "abandoned"),
    ],
};

/// Where a system wants to be told, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// The code of who asked for it, such as an organisation's.
    pub owner: String,
    /// The address.
    pub url: String,
    /// The topics of events.
    pub topics: Vec<String>,
}

/// A webhook just registered.
#[derive(Clone)]
pub struct Registered {
    /// Its identifier.
    pub id: Uuid,
    /// What signs its deliveries; shown once, never again.
    pub secret: String,
}

/// Registers a webhook in the caller's transaction.
///
/// # Errors
/// A refusal at `url` or `topics`; the engine's.
pub async fn register(tx: &mut Tx, app: &App, new: NewWebhook) -> Result<Registered, Erreur> {
    Allowed::of(&app.settings).url(&new.url)?;
    if new.topics.is_empty() || new.topics.iter().any(|topic| topic.is_empty() || topic.contains('|')) {
        return Err(crate::errors::Refus::champ("topics", "choisissez au moins un sujet").into());
    }
    let at = app.clock.now();
    let registered = Registered {
        id: app.ids.next(at),
        secret: secrets::token(),
    };
    let sealed = app.settings.keys.seal(USAGE, registered.secret.as_bytes());
    store::insert(tx, registered.id, at, &new, sealed).await?;
    Ok(registered)
}

/// Queues a delivery of this event for each webhook that wants it; twice for the same event changes nothing more.
///
/// # Errors
/// The engine's.
pub async fn fan_out(tx: &mut Tx, app: &App, event: &Event) -> DbResult<()> {
    let now = app.clock.now();
    for webhook in store::wanting(tx, &event.topic).await? {
        store::enqueue(tx, app.ids.next(now), webhook, event, now).await?;
    }
    Ok(())
}

/// Queues a delivery that tells nothing, so that a receiver can be tried.
///
/// # Errors
/// The engine's.
pub async fn try_out(tx: &mut Tx, app: &App, webhook: Uuid) -> DbResult<()> {
    let at = app.clock.now();
    let event = Event {
        id: app.ids.next(at),
        at,
        topic: TRIAL.to_owned(),
        object: None,
        payload: serde_json::Value::Null,
        attempts: 0,
    };
    store::enqueue(tx, app.ids.next(at), webhook, &event, at).await
}

/// The signature of a body sent at this Unix time: `v1=` and the HMAC-SHA256 of the time, a dot and the body.
pub fn signature(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let signed = [timestamp.to_string().as_bytes(), b".", body].concat();
    format!("v1={}", hex::encode(secrets::mac(secret.as_bytes(), &signed)))
}

/// Whether a receiver may trust a delivery: signed with the secret, and sent at most this many seconds ago or ahead.
pub fn is_signed(secret: &str, timestamp: i64, body: &[u8], given: &str, now: Instant, tolerance: i64) -> bool {
    let age = now.micros() / 1_000_000 - timestamp;
    age.abs() <= tolerance && secrets::same(signature(secret, timestamp, body).as_bytes(), given.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_signature_vaut_pour_son_corps_son_heure_et_son_secret() {
        let now = Instant::from_micros(1_772_528_400_000_000);
        let at = 1_772_528_400;
        let signed = signature("secret", at, b"{}");
        assert_eq!(signed.len(), "v1=".len() + 64);
        assert!(is_signed("secret", at, b"{}", &signed, now, 300));
        assert!(!is_signed("autre", at, b"{}", &signed, now, 300));
        assert!(!is_signed("secret", at, b"{ }", &signed, now, 300));
        assert!(!is_signed("secret", at + 1, b"{}", &signed, now, 300));
        assert!(!is_signed("secret", at, b"{}", &signed, now.plus_seconds(301), 300));
    }
}
