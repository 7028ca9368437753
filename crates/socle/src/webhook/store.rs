//! The rows of webhooks and of their deliveries.

use super::{NewWebhook, State};
use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    outbox::Event,
    params, sql,
};
use uuid::Uuid;

/// A webhook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Webhook {
    /// Its identifier.
    pub id: Uuid,
    /// The code of who asked for it.
    pub owner: String,
    /// The address.
    pub url: String,
    /// The topics, joined by `|`.
    pub topics: String,
    /// Whether events are sent to it.
    pub active: bool,
    /// When it was registered.
    pub created_at: Instant,
}

/// A delivery, as people see it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Its identifier.
    pub id: Uuid,
    /// Where it goes.
    pub webhook_id: Uuid,
    /// The event that it tells.
    pub event_id: Uuid,
    /// The event's topic.
    pub topic: String,
    /// The event's object.
    pub object: Option<String>,
    /// When the event happened.
    pub at: Instant,
    /// The code of its [`State`].
    pub state: String,
    /// How many times it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub due_at: Instant,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was delivered, or given up.
    pub ended_at: Option<Instant>,
}

/// A delivery that a worker took, with its webhook.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Taken {
    pub id: Uuid,
    pub webhook_id: Uuid,
    pub event_id: Uuid,
    pub topic: String,
    pub object: Option<String>,
    pub at: Instant,
    pub attempts: i64,
}

/// Where a delivery goes.
#[derive(sqlx::FromRow)]
pub(super) struct Target {
    pub url: String,
    pub secret: Vec<u8>,
    pub active: bool,
}

pub(super) async fn insert(tx: &mut Tx, id: Uuid, at: Instant, new: &NewWebhook, secret: Vec<u8>) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO webhook (id, owner, url, secret, topics, active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![id, new.owner.as_str(), new.url.as_str(), secret, new.topics.join("|"), true, at],
    )
    .await
    .map(drop)
}

/// The webhooks of an owner, in the order of their registration.
///
/// # Errors
/// The engine's.
pub async fn list(tx: &mut Tx, owner: &str) -> DbResult<Vec<Webhook>> {
    tx.fetch_all(
        sql!("SELECT id, owner, url, topics, active, created_at FROM webhook WHERE owner = $1 ORDER BY id"),
        &params![owner],
    )
    .await
}

/// A webhook.
///
/// # Errors
/// The engine's.
pub async fn find(tx: &mut Tx, id: Uuid) -> DbResult<Option<Webhook>> {
    tx.fetch_optional(
        sql!("SELECT id, owner, url, topics, active, created_at FROM webhook WHERE id = $1"),
        &params![id],
    )
    .await
}

/// Stops or resumes a webhook; what is queued for one that is stopped waits. Gives whether it exists.
///
/// # Errors
/// The engine's.
pub async fn set_active(tx: &mut Tx, id: Uuid, active: bool) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!("UPDATE webhook SET active = $2 WHERE id = $1"),
            &params![id, active],
        )
        .await?;
    Ok(changed == 1)
}

/// The active webhooks that want this topic.
pub(super) async fn wanting(tx: &mut Tx, topic: &str) -> DbResult<Vec<Uuid>> {
    #[derive(sqlx::FromRow)]
    struct Wanting {
        id: Uuid,
        topics: String,
    }
    let active: Vec<Wanting> = tx
        .fetch_all(
            sql!("SELECT id, topics FROM webhook WHERE active = $1 ORDER BY id"),
            &params![true],
        )
        .await?;
    let wants = |w: &Wanting| w.topics.split('|').any(|one| one == topic);
    Ok(active.into_iter().filter(wants).map(|w| w.id).collect())
}

pub(super) async fn enqueue(tx: &mut Tx, id: Uuid, webhook: Uuid, event: &Event, now: Instant) -> DbResult<()> {
    let (turn,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COALESCE(MAX(turn), 0) + 1 FROM webhook_delivery WHERE webhook_id = $1 AND object = $2"),
            &params![webhook, event.object.clone()],
        )
        .await?;
    tx.execute(
        sql!(
            "INSERT INTO webhook_delivery (id, webhook_id, event_id, topic, object, turn, at, state, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8) ON CONFLICT (webhook_id, event_id) DO NOTHING"
        ),
        &params![
            id,
            webhook,
            event.id,
            event.topic.as_str(),
            event.object.clone(),
            turn,
            event.at,
            now
        ],
    )
    .await
    .map(drop)
}

/// Whether [`take`] would find a delivery, without taking the writer.
pub(super) async fn has_work(tx: &mut Tx, now: Instant) -> DbResult<bool> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "SELECT CAST(1 AS BIGINT) FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
                  WHERE w.active = $2
                    AND ((d.state = 'waiting' AND d.due_at <= $1) OR (d.state = 'sending' AND d.taken_until < $1))
                    AND NOT EXISTS (SELECT 1 FROM webhook_delivery f
                                     WHERE f.webhook_id = d.webhook_id AND f.object = d.object
                                       AND f.state IN ('waiting', 'sending', 'dead')
                                       AND (f.turn, f.id) < (d.turn, d.id))
                  LIMIT 1"
            ),
            &params![now, true],
        )
        .await?;
    Ok(row.is_some())
}

/// Takes the next due delivery whose object has no earlier one that is still to be delivered.
pub(super) async fn take(tx: &mut Tx, now: Instant, until: Instant) -> DbResult<Option<Taken>> {
    tx.fetch_optional(
        sql!(
            "UPDATE webhook_delivery SET state = 'sending', taken_until = $2, attempts = attempts + 1
              WHERE id = (SELECT d.id FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
                           WHERE w.active = $3
                             AND ((d.state = 'waiting' AND d.due_at <= $1) OR (d.state = 'sending' AND d.taken_until < $1))
                             AND NOT EXISTS (SELECT 1 FROM webhook_delivery f
                                              WHERE f.webhook_id = d.webhook_id AND f.object = d.object
                                                AND f.state IN ('waiting', 'sending', 'dead')
                                                AND (f.turn, f.id) < (d.turn, d.id))
                           ORDER BY d.due_at, d.id LIMIT 1)
                AND (state = 'waiting' OR (state = 'sending' AND taken_until < $1))
              RETURNING id, webhook_id, event_id, topic, object, at, attempts"
        ),
        &params![now, until, true],
    )
    .await
}

pub(super) async fn target(tx: &mut Tx, webhook: Uuid) -> DbResult<Option<Target>> {
    tx.fetch_optional(
        sql!("SELECT url, secret, active FROM webhook WHERE id = $1"),
        &params![webhook],
    )
    .await
}

/// Keeps what an attempt gave, unless another worker took the delivery since.
pub(super) async fn settle(
    tx: &mut Tx,
    (id, attempts): (Uuid, i64),
    (state, failure): (State, Option<&str>),
    now: Instant,
    due: Instant,
) -> DbResult<()> {
    let ended = matches!(state, State::Delivered | State::Dead).then_some(now);
    tx.execute(
        sql!(
            "UPDATE webhook_delivery SET state = $3, failure = $4, due_at = $5, ended_at = $6, taken_until = NULL
              WHERE id = $1 AND attempts = $2 AND state = 'sending'"
        ),
        &params![id, attempts, state.code(), failure, due, ended],
    )
    .await
    .map(drop)
}

/// At most `limit` dead deliveries, the latest first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn dead(tx: &mut Tx, after: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<Delivery>> {
    let (at, id) = after.unwrap_or((Instant::from_micros(i64::MAX), Uuid::max()));
    tx.fetch_all(
        sql!(
            "SELECT id, webhook_id, event_id, topic, object, at, state, attempts, due_at, failure, ended_at
               FROM webhook_delivery WHERE state = 'dead' AND (ended_at, id) < ($1, $2)
              ORDER BY ended_at DESC, id DESC LIMIT $3"
        ),
        &params![at, id, limit],
    )
    .await
}

/// At most `limit` deliveries of a webhook, the latest first, before the one given.
///
/// # Errors
/// The engine's.
pub async fn deliveries(tx: &mut Tx, webhook: Uuid, before: Option<Uuid>, limit: u32) -> DbResult<Vec<Delivery>> {
    tx.fetch_all(
        sql!(
            "SELECT id, webhook_id, event_id, topic, object, at, state, attempts, due_at, failure, ended_at
               FROM webhook_delivery WHERE webhook_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        ),
        &params![webhook, before.unwrap_or(Uuid::max()), limit],
    )
    .await
}

/// Whether there is such a delivery, in whatever state.
///
/// # Errors
/// The engine's.
pub async fn exists(tx: &mut Tx, id: Uuid) -> DbResult<bool> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            sql!("SELECT CAST(1 AS BIGINT) FROM webhook_delivery WHERE id = $1"),
            &params![id],
        )
        .await?;
    Ok(row.is_some())
}

/// Sends a delivery again: a dead one, or one that the receiver took and lost. Gives whether it could be.
///
/// # Errors
/// The engine's.
pub async fn replay(tx: &mut Tx, id: Uuid, now: Instant) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = $2, ended_at = NULL
                  WHERE id = $1 AND state IN ('dead', 'delivered')"
            ),
            &params![id, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives a dead delivery up, with the reason; the later ones of its object go on. Gives whether it was dead.
///
/// # Errors
/// The engine's.
pub async fn abandon(tx: &mut Tx, id: Uuid, now: Instant, reason: &str) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE webhook_delivery SET state = 'abandoned', failure = $3, ended_at = $2
                  WHERE id = $1 AND state = 'dead'"
            ),
            &params![id, now, reason],
        )
        .await?;
    Ok(changed == 1)
}

/// Removes at most `batch` deliveries that ended before this instant; gives how many.
///
/// # Errors
/// The engine's.
pub async fn purge(tx: &mut Tx, before: Instant, batch: u32) -> DbResult<u64> {
    tx.execute(
        sql!(
            "DELETE FROM webhook_delivery WHERE id IN
             (SELECT id FROM webhook_delivery WHERE state IN ('delivered', 'abandoned') AND ended_at < $1
               ORDER BY ended_at LIMIT $2)"
        ),
        &params![before, batch],
    )
    .await
}
