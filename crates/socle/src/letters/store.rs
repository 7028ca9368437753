//! The rows of letters.

use super::{Channel, Draft, State};
use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// A letter as operators see it: without its recipient and its words.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LetterState {
    /// Its identifier.
    pub id: Uuid,
    /// The code of its channel.
    pub channel: String,
    /// What kind of letter it is, such as `comptes.lien`.
    pub kind: String,
    /// When it was queued.
    pub queued_at: Instant,
    /// The code of its state.
    pub state: String,
    /// How many times it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub due_at: Instant,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it left or was refused.
    pub ended_at: Option<Instant>,
}

/// A letter that a worker took.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Taken {
    pub id: Uuid,
    pub queued_at: Instant,
    pub recipient: Option<Vec<u8>>,
    pub content: Option<Vec<u8>>,
    pub attempts: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    at: Instant,
    draft: &Draft<'_>,
    [recipient, content]: [Vec<u8>; 2],
) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO letter (id, channel, kind, about, queued_at, state, recipient, content, due_at)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $5)"
        ),
        &params![
            id,
            draft.channel.code(),
            draft.kind,
            draft.about,
            at,
            recipient,
            content
        ],
    )
    .await
    .map(drop)
}

/// Whether a letter may be waiting for a worker, without taking the writer.
pub(super) async fn has_work(tx: &mut Tx, channel: Channel, now: Instant) -> DbResult<bool> {
    let row: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "SELECT CAST(1 AS BIGINT) FROM letter
                  WHERE channel = $1 AND ((state = 'waiting' AND due_at <= $2) OR (state = 'sending' AND taken_until < $2)) LIMIT 1"
            ),
            &params![channel.code(), now],
        )
        .await?;
    Ok(row.is_some())
}

/// What becomes of the letters whose worker said nothing more: sent again, or shown to a person when they may have left.
pub(super) async fn recover(tx: &mut Tx, channel: Channel, now: Instant, again: bool) -> DbResult<u64> {
    let state = if again { State::Waiting } else { State::ToReview };
    tx.execute(
        sql!(
            "UPDATE letter SET state = $3, taken_until = NULL, due_at = $2,
                    failure = 'l’envoi s’est interrompu sans que l’on sache s’il est parti'
              WHERE channel = $1 AND state = 'sending' AND taken_until < $2"
        ),
        &params![channel.code(), now, state.code()],
    )
    .await
}

pub(super) async fn take(tx: &mut Tx, channel: Channel, now: Instant, until: Instant) -> DbResult<Option<Taken>> {
    tx.fetch_optional(
        sql!(
            "UPDATE letter SET state = 'sending', taken_until = $3, attempts = attempts + 1
              WHERE id = (SELECT id FROM letter WHERE channel = $1 AND state = 'waiting' AND due_at <= $2
                          ORDER BY due_at, id LIMIT 1)
                AND state = 'waiting'
              RETURNING id, queued_at, recipient, content, attempts"
        ),
        &params![channel.code(), now, until],
    )
    .await
}

/// Closes a letter and erases it, unless another worker took it since.
pub(super) async fn end(
    tx: &mut Tx,
    (id, attempts): (Uuid, i64),
    state: State,
    now: Instant,
    failure: Option<&str>,
) -> DbResult<u64> {
    tx.execute(
        sql!(
            "UPDATE letter SET state = $3, recipient = NULL, content = NULL, taken_until = NULL, failure = $4, ended_at = $5
              WHERE id = $1 AND attempts = $2 AND state = 'sending'"
        ),
        &params![id, attempts, state.code(), failure, now],
    )
    .await
}

/// Puts a letter back, or before a person, unless another worker took it since.
pub(super) async fn put_back(
    tx: &mut Tx,
    (id, attempts): (Uuid, i64),
    state: State,
    due: Instant,
    failure: &str,
) -> DbResult<u64> {
    tx.execute(
        sql!(
            "UPDATE letter SET state = $3, taken_until = NULL, failure = $4, due_at = $5
              WHERE id = $1 AND attempts = $2 AND state = 'sending'"
        ),
        &params![id, attempts, state.code(), failure, due],
    )
    .await
}

/// At most `limit` letters in a state, the latest first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn list(tx: &mut Tx, state: State, after: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<LetterState>> {
    let (at, id) = after.unwrap_or((Instant::from_micros(i64::MAX), Uuid::max()));
    tx.fetch_all(
        sql!(
            "SELECT id, channel, kind, queued_at, state, attempts, due_at, failure, ended_at FROM letter
              WHERE state = $1 AND (queued_at, id) < ($2, $3) ORDER BY queued_at DESC, id DESC LIMIT $4"
        ),
        &params![state.code(), at, id, limit],
    )
    .await
}

/// Whether there is such a letter, in whatever state.
///
/// # Errors
/// The engine's.
pub async fn exists(tx: &mut Tx, id: Uuid) -> DbResult<bool> {
    let row: Option<(i64,)> = tx
        .fetch_optional(sql!("SELECT CAST(1 AS BIGINT) FROM letter WHERE id = $1"), &params![id])
        .await?;
    Ok(row.is_some())
}

/// Sends a letter under review again, at the risk that it leaves twice; gives whether it was under review.
///
/// # Errors
/// The engine's.
pub async fn resend(tx: &mut Tx, id: Uuid, now: Instant) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE letter SET state = 'waiting', attempts = 0, due_at = $2 WHERE id = $1 AND state = 'to_review'"
            ),
            &params![id, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives a letter under review up and erases it; gives whether it was under review.
///
/// # Errors
/// The engine's.
pub async fn give_up(tx: &mut Tx, id: Uuid, now: Instant, reason: &str) -> DbResult<bool> {
    let changed = tx
        .execute(
            sql!(
                "UPDATE letter SET state = 'refused', recipient = NULL, content = NULL, failure = $3, ended_at = $2
                  WHERE id = $1 AND state = 'to_review'"
            ),
            &params![id, now, reason],
        )
        .await?;
    Ok(changed == 1)
}

/// What became of the last letter of a kind about a person, while it is remembered.
///
/// # Errors
/// The engine's.
pub async fn last_about(tx: &mut Tx, person: Uuid, kind: &str) -> DbResult<Option<State>> {
    let row: Option<(String,)> = tx
        .fetch_optional(
            sql!("SELECT state FROM letter WHERE about = $1 AND kind = $2 ORDER BY queued_at DESC, id DESC LIMIT 1"),
            &params![person, kind],
        )
        .await?;
    Ok(row.and_then(|(code,)| State::ALL.into_iter().find(|state| state.code() == code)))
}

/// Erases the letters about a person: those that have not left never will, and none says any more that it was theirs.
///
/// # Errors
/// The engine's.
pub async fn forget(tx: &mut Tx, person: Uuid, now: Instant) -> DbResult<()> {
    tx.execute(
        sql!(
            "UPDATE letter SET state = 'refused', recipient = NULL, content = NULL, taken_until = NULL,
                    failure = 'la personne a été effacée', ended_at = $2
              WHERE about = $1 AND state IN ('waiting', 'sending', 'to_review')"
        ),
        &params![person, now],
    )
    .await?;
    tx.execute(
        sql!("UPDATE letter SET about = NULL WHERE about = $1"),
        &params![person],
    )
    .await
    .map(drop)
}

/// Gives up and erases at most `batch` letters that nobody reviewed since this instant; gives how many.
///
/// # Errors
/// The engine's.
pub async fn empty_unreviewed(tx: &mut Tx, since: Instant, now: Instant, batch: u32) -> DbResult<u64> {
    tx.execute(
        sql!(
            "UPDATE letter SET state = 'refused', recipient = NULL, content = NULL, ended_at = $2,
                    failure = 'personne n’a décidé de son envoi à temps'
              WHERE state = 'to_review' AND id IN
                    (SELECT id FROM letter WHERE state = 'to_review' AND due_at < $1 ORDER BY queued_at LIMIT $3)"
        ),
        &params![since, now, batch],
    )
    .await
}

/// Removes at most `batch` letters that left or were refused before this instant; gives how many.
///
/// # Errors
/// The engine's.
pub async fn purge(tx: &mut Tx, before: Instant, batch: u32) -> DbResult<u64> {
    tx.execute(
        sql!(
            "DELETE FROM letter WHERE id IN
             (SELECT id FROM letter WHERE state IN ('sent', 'refused') AND ended_at < $1 ORDER BY queued_at LIMIT $2)"
        ),
        &params![before, batch],
    )
    .await
}
