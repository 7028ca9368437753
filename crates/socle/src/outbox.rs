//! What must follow a change: written in the same transaction, done later by a worker, at least once, with growing delays.

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    module::Consumer,
    params, sql,
};
use std::time::Duration;
use uuid::Uuid;

/// Something that happened.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    /// Its identifier, which makes the work idempotent.
    pub id: Uuid,
    /// What kind of thing happened.
    pub topic: String,
    /// The facts, thin: identifiers, never personal data.
    pub payload: serde_json::Value,
    /// How many times the work was begun.
    pub attempts: i64,
}

/// How long a worker keeps an event that it took before another may take it.
const LEASE_SECONDS: i64 = 120;
/// The longest delay between two attempts.
const MAX_DELAY_SECONDS: i64 = 3600;
/// How many events one transaction removes, so that it never holds the writer for long.
const PURGE_BATCH: u32 = 1000;
/// How long between two searches for events to remove.
const PURGE_SECONDS: i64 = 3600;
const SECONDS_A_DAY: i64 = 86_400;

/// Writes an event in the caller's transaction.
///
/// # Errors
/// The engine's.
pub async fn publish(tx: &mut Tx, id: Uuid, at: Instant, topic: &str, payload: serde_json::Value) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO outbox (id, at, topic, payload, due_at) VALUES ($1, $2, $3, $4, $2)"),
        &params![id, at, topic, payload],
    )
    .await
    .map(drop)
}

/// Takes the next due event, if there is one, so that no other worker does it meanwhile.
///
/// # Errors
/// The engine's.
pub async fn take(tx: &mut Tx, now: Instant) -> DbResult<Option<Event>> {
    tx.fetch_optional(
        sql!(
            "UPDATE outbox SET taken_until = $2, attempts = attempts + 1
              WHERE id = (SELECT id FROM outbox WHERE done_at IS NULL AND due_at <= $1
                            AND (taken_until IS NULL OR taken_until < $1) ORDER BY due_at, id LIMIT 1)
                AND done_at IS NULL AND (taken_until IS NULL OR taken_until < $1)
              RETURNING id, topic, payload, attempts"
        ),
        &params![now, now.plus_seconds(LEASE_SECONDS)],
    )
    .await
}

/// Marks an event as done.
///
/// # Errors
/// The engine's.
pub async fn finish(tx: &mut Tx, id: Uuid, now: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE outbox SET done_at = $2, failure = NULL WHERE id = $1 AND done_at IS NULL"),
        &params![id, now],
    )
    .await
    .map(drop)
}

/// Puts an event back, later each time.
///
/// # Errors
/// The engine's.
pub async fn postpone(tx: &mut Tx, event: &Event, now: Instant, failure: &str) -> DbResult<()> {
    let delay = 2_i64
        .saturating_pow(u32::try_from(event.attempts).unwrap_or(u32::MAX))
        .clamp(2, MAX_DELAY_SECONDS);
    tx.execute(
        sql!("UPDATE outbox SET taken_until = NULL, due_at = $2, failure = $3 WHERE id = $1 AND done_at IS NULL"),
        &params![event.id, now.plus_seconds(delay), failure],
    )
    .await
    .map(drop)
}

/// Removes one batch of the events that were done before this instant; gives how many.
///
/// # Errors
/// The engine's.
pub async fn purge(tx: &mut Tx, before: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < $1 ORDER BY done_at LIMIT $2)"),
        &params![before, PURGE_BATCH],
    )
    .await
}

/// Removes one batch of the events done longer ago than the operator keeps them; gives whether more may remain.
///
/// # Errors
/// The engine's.
pub async fn purge_once(app: &App) -> DbResult<bool> {
    let days = i64::from(app.settings.outbox_days);
    let mut tx = app.db.write().await?;
    let removed = purge(&mut tx, app.clock.now().plus_seconds(-days * SECONDS_A_DAY)).await?;
    tx.commit().await?;
    Ok(removed == u64::from(PURGE_BATCH))
}

/// Does one due event; gives whether there was one.
///
/// # Errors
/// The engine's; a consumer's failure postpones the event instead.
pub async fn work_once(app: &App, consumers: &[Consumer]) -> DbResult<bool> {
    let mut tx = app.db.write().await?;
    let event = take(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    let Some(event) = event else { return Ok(false) };
    let mut failure = None;
    for consumer in consumers.iter().filter(|c| c.topic == event.topic) {
        if let Err(error) = (consumer.run)(app.clone(), event.clone()).await {
            tracing::warn!(topic = event.topic, event = %event.id, %error, "an event will be tried again");
            failure = Some(error.to_string());
        }
    }
    let mut tx = app.db.write().await?;
    match failure {
        None => finish(&mut tx, event.id, app.clock.now()).await?,
        Some(why) => postpone(&mut tx, &event, app.clock.now(), &why).await?,
    }
    tx.commit().await?;
    Ok(true)
}

/// Works until the task is dropped; a database that goes away is waited for. Old events are removed when there is nothing else to do.
pub async fn work(app: App, consumers: Vec<Consumer>) {
    let mut purge_due = app.clock.now();
    loop {
        let done = match work_once(&app, &consumers).await {
            Ok(false) if purge_due <= app.clock.now() => {
                purge_due = app.clock.now().plus_seconds(PURGE_SECONDS);
                purge_all(&app).await.map(|()| true)
            }
            done => done,
        };
        match done {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(Duration::from_millis(500)).await,
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read; waiting");
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
    }
}

async fn purge_all(app: &App) -> DbResult<()> {
    while purge_once(app).await? {}
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Version {
    version: i64,
}

/// Says that a read copy is stale.
///
/// # Errors
/// The engine's.
pub async fn bump_version(tx: &mut Tx, name: &str) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO read_version (name, version) VALUES ($1, 1)
              ON CONFLICT (name) DO UPDATE SET version = read_version.version + 1"
        ),
        &params![name],
    )
    .await
    .map(drop)
}

/// The version of what a read copy is made from; 0 before the first change.
///
/// # Errors
/// The engine's.
pub async fn version(tx: &mut Tx, name: &str) -> DbResult<i64> {
    let row: Option<Version> = tx
        .fetch_optional(sql!("SELECT version FROM read_version WHERE name = $1"), &params![name])
        .await?;
    Ok(row.map_or(0, |r| r.version))
}
