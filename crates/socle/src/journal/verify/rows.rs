//! What the check reads, in batches.

use super::{
    super::{Line, Seal},
    Broken, Fault,
};
use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A link with its line, when the line is there.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Found {
    pub seq: i64,
    pub journal_id: Uuid,
    pub hash: Vec<u8>,
    at: Option<Instant>,
    actor: Option<String>,
    function: Option<String>,
    perimeter: Option<String>,
    action: Option<String>,
    object_kind: Option<String>,
    object_id: Option<String>,
    detail: Option<Value>,
    commitments: Option<Value>,
}

impl Found {
    /// The line of the journal.
    pub fn line(&self) -> Option<Line> {
        Some(Line {
            id: self.journal_id,
            at: self.at?,
            actor: self.actor.clone()?,
            function: self.function.clone()?,
            perimeter: self.perimeter.clone()?,
            action: self.action.clone()?,
            object_kind: self.object_kind.clone()?,
            object_id: self.object_id.clone()?,
            detail: self.detail.clone()?,
            commitments: self.commitments.clone()?,
        })
    }

    /// This link, broken.
    pub fn broken(&self, fault: Fault) -> Broken {
        Broken {
            seq: Some(self.seq),
            journal_id: Some(self.journal_id),
            at: self.at,
            action: self.action.clone(),
            fault,
        }
    }
}

/// A batch of links, with who stands beside their lines and the sealed keys of those people.
pub(super) struct Read {
    pub links: Vec<Found>,
    beside: HashMap<i64, Vec<Beside>>,
    pub keys: Vec<(Uuid, Vec<u8>)>,
}

impl Read {
    /// Who stands beside the line of a link, in the order of their ranks.
    pub fn beside(&self, link: &Found) -> &[Beside] {
        self.beside.get(&link.seq).map_or(&[], Vec::as_slice)
    }
}

/// Reads at most `limit` links after this rank; none when the chain ends there.
pub(super) async fn read(tx: &mut Tx, after: i64, limit: u32) -> DbResult<Read> {
    let links = links(tx, after, limit).await?;
    let last = links.last().map_or(after, |link| link.seq);
    Ok(Read {
        beside: beside(tx, after, last).await?,
        keys: keys(tx, after, last).await?,
        links,
    })
}

async fn links(tx: &mut Tx, after: i64, limit: u32) -> DbResult<Vec<Found>> {
    tx.fetch_all(
        sql!(
            "SELECT c.seq, c.journal_id, c.hash, j.at, j.actor, j.function, j.perimeter, j.action, j.object_kind, j.object_id,
                    j.detail, j.commitments
               FROM journal_chain c LEFT JOIN journal j ON j.id = c.journal_id WHERE c.seq > $1 ORDER BY c.seq LIMIT $2"
        ),
        &params![after, limit],
    )
    .await
}

/// Whether a row was there, and could not be read.
pub(super) fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
}

/// Names the link after this rank, whose row cannot be read, by what of it can be.
pub(super) async fn unreadable(tx: &mut Tx, after: i64) -> DbResult<Broken> {
    let next = sql!("SELECT seq FROM journal_chain WHERE seq > $1 ORDER BY seq LIMIT 1");
    let (seq,): (i64,) = tx.fetch_one(next, &params![after]).await?;
    let knot = sql!("SELECT journal_id FROM journal_chain WHERE seq = $1");
    let journal_id = tx.fetch_one::<(Uuid,)>(knot, &params![seq]).await.ok().map(|row| row.0);
    let told = sql!("SELECT action FROM journal WHERE id = $1");
    let action = tx
        .fetch_one::<(String,)>(told, &params![journal_id])
        .await
        .ok()
        .map(|row| row.0);
    Ok(Broken {
        journal_id,
        action,
        ..Broken::at(seq, Fault::Unreadable)
    })
}

/// The hash of a link.
pub(super) async fn hash_at(tx: &mut Tx, seq: i64) -> DbResult<Option<Vec<u8>>> {
    let find = sql!("SELECT hash FROM journal_chain WHERE seq = $1");
    Ok(tx
        .fetch_optional::<(Vec<u8>,)>(find, &params![seq])
        .await?
        .map(|row| row.0))
}

/// A person who stands beside a line.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Beside {
    seq: i64,
    pub rank: i64,
    pub link: String,
    pub person_id: Option<Uuid>,
}

/// Who stands beside the lines of the links after `after` and up to `last`, in the order of their ranks.
async fn beside(tx: &mut Tx, after: i64, last: i64) -> DbResult<HashMap<i64, Vec<Beside>>> {
    let rows: Vec<Beside> = tx
        .fetch_all(
            sql!(
                "SELECT c.seq, p.rank, p.link, p.person_id FROM journal_chain c JOIN journal_person p ON p.journal_id = c.journal_id
                  WHERE c.seq > $1 AND c.seq <= $2 ORDER BY c.seq, p.rank"
            ),
            &params![after, last],
        )
        .await?;
    let mut by_link: HashMap<i64, Vec<Beside>> = HashMap::new();
    for row in rows {
        by_link.entry(row.seq).or_default().push(row);
    }
    Ok(by_link)
}

/// The sealed keys of those people.
async fn keys(tx: &mut Tx, after: i64, last: i64) -> DbResult<Vec<(Uuid, Vec<u8>)>> {
    tx.fetch_all(
        sql!(
            "SELECT DISTINCT k.person_id, k.sealed FROM journal_chain c JOIN journal_person p ON p.journal_id = c.journal_id
               JOIN journal_key k ON k.person_id = p.person_id WHERE c.seq > $1 AND c.seq <= $2"
        ),
        &params![after, last],
    )
    .await
}

/// Every seal: one a day.
pub(super) async fn seals(tx: &mut Tx) -> DbResult<Vec<Seal>> {
    tx.fetch_all(
        sql!("SELECT day, seq, hash, public_key, signature, at FROM journal_seal ORDER BY day"),
        &[],
    )
    .await
}

#[derive(sqlx::FromRow)]
struct Stranger {
    id: Uuid,
    at: Instant,
    action: String,
}

/// The first line of the journal that neither has a link nor waits for one; the chain begins at 1, and a rank before it links nothing.
pub(super) async fn stranger(tx: &mut Tx) -> DbResult<Option<Broken>> {
    let row: Option<Stranger> = tx
        .fetch_optional(
            sql!(
                "SELECT j.id, j.at, j.action FROM journal j
                  WHERE NOT EXISTS (SELECT 1 FROM journal_chain c WHERE c.journal_id = j.id AND c.seq > 0)
                    AND NOT EXISTS (SELECT 1 FROM journal_pending p WHERE p.at = j.at AND p.journal_id = j.id)
                  ORDER BY j.at, j.id LIMIT 1"
            ),
            &[],
        )
        .await?;
    Ok(row.map(|row| Broken {
        journal_id: Some(row.id),
        at: Some(row.at),
        action: Some(row.action),
        ..Broken::of(Fault::Inserted)
    }))
}

/// A line that waits for its link.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Waiting {
    pub at: Instant,
    pub journal_id: Uuid,
    pub detail: Option<Value>,
}

impl Waiting {
    /// This line, which is no longer in the journal.
    pub fn removed(&self) -> Broken {
        Broken {
            journal_id: Some(self.journal_id),
            at: Some(self.at),
            ..Broken::of(Fault::WaitingRemoved)
        }
    }
}

/// The first microsecond of the year 1: before every line, and an instant that both engines hold.
const BEGINNING: i64 = -62_135_596_800_000_000;

/// The lines that wait, after the one given.
pub(super) async fn pending(tx: &mut Tx, after: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<Waiting>> {
    let (at, id) = after.unwrap_or((Instant::from_micros(BEGINNING), Uuid::nil()));
    tx.fetch_all(
        sql!(
            "SELECT p.at, p.journal_id, j.detail FROM journal_pending p LEFT JOIN journal j ON j.id = p.journal_id
              WHERE (p.at, p.journal_id) > ($1, $2) ORDER BY p.at, p.journal_id LIMIT $3"
        ),
        &params![at, id, limit],
    )
    .await
}

/// How many commitments of the lines that wait nobody can open any more.
pub(super) async fn forgotten_pending(tx: &mut Tx) -> DbResult<u64> {
    let (count,): (i64,) = tx
        .fetch_one(
            sql!(
                "SELECT COUNT(*) FROM journal_pending w JOIN journal_person p ON p.journal_id = w.journal_id
                  WHERE p.person_id IS NULL"
            ),
            &[],
        )
        .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}
