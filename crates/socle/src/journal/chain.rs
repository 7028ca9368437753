//! The chain: the hash of each line covers the hash of the one before, and the head, whose keyed fingerprint nobody can forge, says where it ends.

use super::Line;
use crate::{
    db::{DbResult, Tx, Value, schema},
    params,
    secrets::{self, Keys},
    sql,
};
use uuid::Uuid;

/// The length of a hash, in bytes.
const HASH_LEN: usize = 32;
/// What stands before the first link.
pub(super) const ORIGIN: [u8; HASH_LEN] = [0; HASH_LEN];
/// The use of the keyed fingerprint of a head.
const USAGE: &str = "journal-head";
/// The name of the only chain.
const NAME: &str = "journal";

/// The hash of the link of a line: `SHA-256(previous || every column)`, each column prefixed by its length.
pub(super) fn hash(previous: &[u8], line: &Line) -> [u8; HASH_LEN] {
    // Taken apart, so that a column added one day does not compile until it is covered.
    let Line {
        id,
        at,
        actor,
        function,
        perimeter,
        action,
        object_kind,
        object_id,
        detail,
        commitments,
    } = line;
    let columns: [Value; 10] = params![
        *id,
        *at,
        actor.as_str(),
        function.as_str(),
        perimeter.as_str(),
        action.as_str(),
        object_kind.as_str(),
        object_id.as_str(),
        detail.clone(),
        commitments.clone()
    ];
    let mut bytes = previous.to_vec();
    columns.iter().for_each(|value| schema::canonical(value, &mut bytes));
    secrets::sha256(&bytes)
}

/// Where the chain ends.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Head {
    pub seq: i64,
    pub hash: Vec<u8>,
    pub mac: Vec<u8>,
}

impl Head {
    /// The head at this link, with its keyed fingerprint.
    pub fn new(keys: &Keys, seq: i64, hash: &[u8]) -> Self {
        Self {
            seq,
            hash: hash.to_vec(),
            mac: keys.fingerprint(USAGE, &covered(seq, hash)).to_vec(),
        }
    }

    /// Whether a program that held the keys made it.
    pub fn is_authentic(&self, keys: &Keys) -> bool {
        let expected = keys.fingerprint(USAGE, &covered(self.seq, &self.hash));
        secrets::same(&expected, &self.mac)
    }
}

fn covered(seq: i64, hash: &[u8]) -> Vec<u8> {
    [&seq.to_be_bytes(), hash].concat()
}

/// A link, without its line.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Knot {
    pub seq: i64,
    pub journal_id: Uuid,
    pub hash: Vec<u8>,
}

/// The head of the chain.
pub(super) async fn head(tx: &mut Tx) -> DbResult<Option<Head>> {
    tx.fetch_optional(
        sql!("SELECT seq, hash, mac FROM journal_head WHERE name = $1"),
        &params![NAME],
    )
    .await
}

/// The last link.
pub(super) async fn last(tx: &mut Tx) -> DbResult<Option<Knot>> {
    tx.fetch_optional(
        sql!("SELECT seq, journal_id, hash FROM journal_chain ORDER BY seq DESC LIMIT 1"),
        &[],
    )
    .await
}

/// Adds links at the end, and moves the head forward to the last.
pub(super) async fn extend(tx: &mut Tx, keys: &Keys, knots: &[Knot]) -> DbResult<Option<Head>> {
    let Some(last) = knots.last() else { return Ok(None) };
    let values: Vec<Value> = knots
        .iter()
        .flat_map(|knot| params![knot.seq, knot.journal_id, knot.hash.clone()])
        .collect();
    let insert = sql!("INSERT INTO journal_chain (seq, journal_id, hash) VALUES ($1, $2, $3)");
    tx.execute(insert.with_rows(knots.len()), &values).await?;
    let head = Head::new(keys, last.seq, &last.hash);
    tx.execute(
        sql!(
            "INSERT INTO journal_head (name, seq, hash, mac) VALUES ($1, $2, $3, $4)
              ON CONFLICT (name) DO UPDATE SET seq = $2, hash = $3, mac = $4"
        ),
        &params![NAME, head.seq, head.hash.clone(), head.mac.clone()],
    )
    .await?;
    Ok(Some(head))
}
