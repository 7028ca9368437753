//! The worker that calls webhooks.

use super::{Allowed, State, USAGE, signature, store};
use crate::{App, clock::Instant, db::DbResult, queue};
use futures_util::future::join_all;
use reqwest::{StatusCode, redirect::Policy};
use serde::Serialize;
use std::{sync::Arc, time::Duration};

/// How long a receiver has to answer.
const BUDGET: Duration = Duration::from_secs(10);
/// How long a worker keeps a delivery: longer than a receiver may take.
const LEASE_SECONDS: i64 = 60;
/// How long their answers are kept in mind while they cannot be written: with the budget, less than the lease.
const PATIENCE: Duration = Duration::from_secs(40);
/// How many receivers are called at the same time.
const TOGETHER: usize = 4;

/// What a receiver gets: enough to come and read the rest, with its own rights.
#[derive(Serialize)]
struct Payload<'a> {
    id: uuid::Uuid,
    topic: &'a str,
    object: Option<&'a str>,
    at: Instant,
}

/// Calls receivers, within a time budget, without following where they point.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    allowed: Allowed,
}

impl Client {
    /// A client that calls what is allowed.
    ///
    /// # Errors
    /// When TLS cannot start.
    pub fn new(allowed: Allowed, budget: Duration) -> Result<Self, reqwest::Error> {
        // Another client may have installed it first: they are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(budget)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(allowed))
            .user_agent(concat!("Maillage/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, allowed })
    }

    /// Sends a body; or why the receiver did not take it, in French.
    async fn send(&self, url: &str, secret: &str, body: Vec<u8>, now: Instant) -> Result<(), String> {
        // Settings may have changed since it was registered, and an address without a name is never resolved.
        let url = self.allowed.url(url).map_err(|refus| refus.message)?;
        let timestamp = now.micros() / 1_000_000;
        let sent = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("maillage-timestamp", timestamp.to_string())
            .header("maillage-signature", signature(secret, timestamp, &body))
            .body(body)
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) if answer.status().is_redirection() => Err(format!(
                "le destinataire renvoie ailleurs ({})",
                answer.status().as_u16()
            )),
            Ok(answer) if answer.status() == StatusCode::GONE => Err("le destinataire n’existe plus (410)".to_owned()),
            Ok(answer) => Err(format!("le destinataire a répondu {}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Err("le destinataire ne répond pas à temps".to_owned()),
            Err(_) => Err("le destinataire ne répond pas, ou son adresse n’est pas permise".to_owned()),
        }
    }
}

/// Calls webhooks until the bell asks to stop.
pub async fn work(app: App) {
    match Client::new(Allowed::of(&app.settings), BUDGET) {
        Ok(client) => queue::drain("webhook", &app.bell, || deliver_once(&app, &client)).await,
        Err(error) => {
            tracing::error!(%error, "webhooks cannot be called");
            app.bell.stopped().await;
        }
    }
}

/// Calls the receivers whose turn it is, a few at once; gives whether there was one.
///
/// # Errors
/// The engine's; what a receiver refuses is kept with its delivery.
pub async fn deliver_once(app: &App, client: &Client) -> DbResult<bool> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let has_work = store::has_work(&mut tx, now).await?;
    tx.rollback().await?;
    if !has_work {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    let mut taken = Vec::with_capacity(TOGETHER);
    while taken.len() < TOGETHER
        && let Some(one) = store::take(&mut tx, now, now.plus_seconds(LEASE_SECONDS)).await?
    {
        let target = store::target(&mut tx, one.webhook_id).await?;
        taken.push((one, target));
    }
    tx.commit().await?;
    let calls = taken
        .iter()
        .map(|(one, target)| call(app, client, one, target.as_ref()));
    let answers = join_all(calls).await;
    let now = app.clock.now();
    queue::patiently(PATIENCE, || async {
        let mut tx = app.db.write().await?;
        for ((one, _), answer) in taken.iter().zip(&answers) {
            let (state, due) = next(app, one, now, answer.is_ok());
            let failure = answer.as_ref().err().map(String::as_str);
            store::settle(&mut tx, (one.id, one.attempts), (state, failure), now, due).await?;
        }
        tx.commit().await
    })
    .await?;
    for ((one, _), answer) in taken.iter().zip(&answers) {
        if next(app, one, now, answer.is_ok()).0 == State::Dead {
            tracing::error!(delivery = %one.id, topic = one.topic, "a delivery failed too often: it waits for a person");
            metrics::counter!("maillage_dead_letters_total", "queue" => "webhook").increment(1);
        }
    }
    Ok(!taken.is_empty())
}

async fn call(app: &App, client: &Client, one: &store::Taken, target: Option<&store::Target>) -> Result<(), String> {
    let target = target.filter(|t| t.active).ok_or("le destinataire a été retiré")?;
    let secret = app
        .settings
        .keys
        .open(USAGE, &target.secret)
        .map_err(|e| e.to_string())?;
    let secret = String::from_utf8(secret).map_err(|e| e.to_string())?;
    let payload = Payload {
        id: one.event_id,
        topic: &one.topic,
        object: one.object.as_deref(),
        at: one.at,
    };
    let body = serde_json::to_vec(&payload).map_err(|e| e.to_string())?;
    client.send(&target.url, &secret, body, app.clock.now()).await
}

fn next(app: &App, one: &store::Taken, now: Instant, delivered: bool) -> (State, Instant) {
    if delivered {
        return (State::Delivered, now);
    }
    if one.attempts >= i64::from(app.settings.outbox_attempts) {
        return (State::Dead, now);
    }
    (
        State::Waiting,
        now.plus_seconds(queue::delay_seconds(one.attempts, one.id)),
    )
}
