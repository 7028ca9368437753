//! What must follow a change: written in the same transaction, done later by a worker, at least once, with growing delays.

pub mod dead;

pub use dead::{DeadEvent, abandon, list as list_dead, replay};

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    module::Consumer,
    params, queue, sql, webhook,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use uuid::Uuid;

/// Something that happened.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    /// Its identifier, which makes the work idempotent.
    pub id: Uuid,
    /// When it happened.
    pub at: Instant,
    /// What kind of thing happened.
    pub topic: String,
    /// The object whose events are done one after the other, when order was asked.
    pub object: Option<String>,
    /// The facts, thin: identifiers, never personal data.
    pub payload: serde_json::Value,
    /// How many times the work was begun.
    pub attempts: i64,
}

/// How long a worker keeps an event that it took before another may take it.
const LEASE_SECONDS: i64 = 120;
/// How long the end of an attempt is kept in mind while it cannot be written.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many rows one transaction removes, so that it never holds the writer for long.
const PURGE_BATCH: u32 = 1000;
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

/// As [`publish`], about an object such as `ticket:0198…`: its events are done one after the other, and a dead one holds the next ones back.
///
/// # Errors
/// The engine's.
pub async fn publish_in_order(
    tx: &mut Tx,
    (id, at): (Uuid, Instant),
    topic: &str,
    object: &str,
    payload: serde_json::Value,
) -> DbResult<()> {
    let (turn,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COALESCE(MAX(turn), 0) + 1 FROM outbox WHERE object = $1 AND done_at IS NULL"),
            &params![object],
        )
        .await?;
    tx.execute(
        sql!("INSERT INTO outbox (id, at, topic, payload, due_at, object, turn) VALUES ($1, $2, $3, $4, $2, $5, $6)"),
        &params![id, at, topic, payload, object, turn],
    )
    .await
    .map(drop)
}

/// Claims a piece of work in the transaction that does it; false when it was done before, and then nothing more must change.
/// The key says who does what: `lieux.index:` and the event's identifier.
///
/// # Errors
/// The engine's.
pub async fn once(tx: &mut Tx, key: &str, now: Instant) -> DbResult<bool> {
    let inserted = tx
        .execute(
            sql!("INSERT INTO done_once (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING"),
            &params![key, now],
        )
        .await?;
    Ok(inserted == 1)
}

/// Takes the next due event, if there is one, so that no other worker does it meanwhile.
///
/// # Errors
/// The engine's.
pub async fn take(tx: &mut Tx, now: Instant) -> DbResult<Option<Event>> {
    tx.fetch_optional(
        sql!(
            "UPDATE outbox SET taken_until = $2, attempts = attempts + 1
              WHERE id = (SELECT o.id FROM outbox o WHERE o.done_at IS NULL AND o.dead_at IS NULL AND o.due_at <= $1
                            AND (o.taken_until IS NULL OR o.taken_until < $1)
                            AND (o.object IS NULL OR o.id = (SELECT f.id FROM outbox f WHERE f.object = o.object AND f.done_at IS NULL
                                                              ORDER BY f.turn, f.id LIMIT 1))
                          ORDER BY o.due_at, o.id LIMIT 1)
                AND done_at IS NULL AND dead_at IS NULL AND (taken_until IS NULL OR taken_until < $1)
              RETURNING id, at, topic, object, payload, attempts"
        ),
        &params![now, now.plus_seconds(LEASE_SECONDS)],
    )
    .await
}

/// Marks an event as done, unless another worker took it since.
///
/// # Errors
/// The engine's.
pub async fn finish(tx: &mut Tx, event: &Event, now: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE outbox SET done_at = $2, failure = NULL WHERE id = $1 AND attempts = $3 AND done_at IS NULL"),
        &params![event.id, now, event.attempts],
    )
    .await
    .map(drop)
}

/// Puts an event back, later each time, unless another worker took it since; after so many attempts it is dead, and waits for a person.
/// Gives whether it is.
///
/// # Errors
/// The engine's.
pub async fn postpone(tx: &mut Tx, event: &Event, now: Instant, failure: &str, max_attempts: u32) -> DbResult<bool> {
    let is_dead = event.attempts >= i64::from(max_attempts);
    let due = now.plus_seconds(queue::delay_seconds(event.attempts, event.id));
    let changed = tx
        .execute(
            sql!(
                "UPDATE outbox SET taken_until = NULL, due_at = $2, failure = $3, dead_at = $4
                  WHERE id = $1 AND attempts = $5 AND done_at IS NULL"
            ),
            &params![event.id, due, failure, is_dead.then_some(now), event.attempts],
        )
        .await?;
    Ok(is_dead && changed == 1)
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

/// Removes one batch of the events done longer ago than the operator keeps them, and of the work remembered since before `once`; gives how
/// many rows.
///
/// # Errors
/// The engine's.
pub async fn purge_once(app: &App, once: Instant) -> DbResult<u64> {
    let now = app.clock.now();
    let days = i64::from(app.settings.outbox_days);
    let mut tx = app.db.write().await?;
    let events = purge(&mut tx, now.plus_seconds(-days * SECONDS_A_DAY)).await?;
    let keys = tx
        .execute(
            sql!("DELETE FROM done_once WHERE key IN (SELECT key FROM done_once WHERE at < $1 ORDER BY at LIMIT $2)"),
            &params![once, PURGE_BATCH],
        )
        .await?;
    tx.commit().await?;
    Ok(events + keys)
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
    let failure = if event.attempts > i64::from(app.settings.outbox_attempts) {
        // Its last attempt ended with the process: it must not end another.
        Some("le traitement s’est interrompu sans rendre compte".to_owned())
    } else {
        consume(app, consumers, &event).await
    };
    let now = app.clock.now();
    let is_dead = queue::patiently(PATIENCE, || settle(app, &event, now, failure.as_deref())).await?;
    if is_dead {
        tracing::error!(topic = event.topic, event = %event.id, "an event failed too often: it waits for a person");
        metrics::counter!("maillage_dead_letters_total", "queue" => "outbox").increment(1);
    }
    // Consumers queue letters, and this queued deliveries.
    app.bell.ring();
    Ok(true)
}

/// Keeps how an attempt ended, and queues the calls to other systems when it succeeded; gives whether the event is now dead.
async fn settle(app: &App, event: &Event, now: Instant, failure: Option<&str>) -> DbResult<bool> {
    let mut tx = app.db.write().await?;
    let is_dead = match failure {
        None => {
            webhook::fan_out(&mut tx, app, event).await?;
            finish(&mut tx, event, now).await?;
            false
        }
        Some(failure) => postpone(&mut tx, event, now, failure, app.settings.outbox_attempts).await?,
    };
    tx.commit().await?;
    Ok(is_dead)
}

/// Runs each consumer of the event's topic; gives why the last of those that failed did.
async fn consume(app: &App, consumers: &[Consumer], event: &Event) -> Option<String> {
    let mut failure = None;
    for consumer in consumers.iter().filter(|c| c.topic == event.topic) {
        // A panic must end one attempt, not the worker.
        let run = AssertUnwindSafe((consumer.run)(app.clone(), event.clone())).catch_unwind();
        let done = run.await.unwrap_or_else(|_| Err(Erreur::faute("a consumer panicked")));
        if let Err(error) = done {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(topic = event.topic, event = %event.id, %error, cause, "an event will be tried again");
            failure = Some(error.for_operators("à cet identifiant"));
        }
    }
    failure
}

/// Works until the bell asks to stop; a database that goes away is waited for.
pub async fn work(app: App, consumers: Vec<Consumer>) {
    queue::drain("outbox", &app.bell, || work_once(&app, &consumers)).await;
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
