//! The people beside the journal: one key each, which makes the commitments of their lines and is destroyed when they are erased.

use super::{Entry, write};
use crate::{
    db::{DbResult, Tx},
    params,
    secrets::{self, KEY_LEN, Keys},
    sql,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The use for which the keys of people are sealed.
pub(crate) const KEY_USAGE: &str = "journal";
/// What the line of an erasure says of the commitments that nobody can open any more.
pub(super) const FORGOTTEN: &str = "engagements_oublies";

/// How a line concerns a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// They did it.
    Acteur,
    /// It was done in their name.
    AuNomDe,
    /// It was done to them.
    Objet,
    /// It concerns them otherwise.
    Concerne,
}

impl Link {
    /// Every link.
    pub const ALL: [Self; 4] = [Self::Acteur, Self::AuNomDe, Self::Objet, Self::Concerne];

    /// Its code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Acteur => "acteur",
            Self::AuNomDe => "au_nom_de",
            Self::Objet => "objet",
            Self::Concerne => "concerne",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

/// A sealed key of a person, opened; a key that does not open is a fault of the database or of the operator's keys.
pub(super) fn open(keys: &Keys, sealed: &[u8]) -> DbResult<Vec<u8>> {
    keys.open(KEY_USAGE, sealed)
        .map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The commitment to a person, under the person's key: `HMAC-SHA256(key, line || link)`, in hexadecimal.
pub(super) fn commitment(key: &[u8], line: Uuid, link: &str) -> String {
    hex::encode(secrets::mac(key, &[line.as_bytes(), link.as_bytes()].concat()))
}

/// The commitments of a line, as the journal keeps them.
pub(super) async fn commit(tx: &mut Tx, keys: &Keys, line: Uuid, people: &[(Link, Uuid)]) -> DbResult<Value> {
    let mut list = Vec::with_capacity(people.len());
    for (link, person) in people {
        let key = key_of(tx, keys, *person).await?;
        list.push(json!({ "link": link.code(), "commitment": commitment(&key, line, link.code()) }));
    }
    Ok(Value::Array(list))
}

/// The key of a person, made at their first line.
async fn key_of(tx: &mut Tx, keys: &Keys, person: Uuid) -> DbResult<Vec<u8>> {
    let find = sql!("SELECT sealed FROM journal_key WHERE person_id = $1");
    if let Some(row) = tx.fetch_optional::<Sealed>(find, &params![person]).await? {
        return open(keys, &row.sealed);
    }
    let made: [u8; KEY_LEN] = secrets::random();
    tx.execute(
        sql!("INSERT INTO journal_key (person_id, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
        &params![person, keys.seal(KEY_USAGE, &made)],
    )
    .await?;
    // Somebody else may have made it meanwhile: the one that is kept counts.
    let row: Sealed = tx.fetch_one(find, &params![person]).await?;
    open(keys, &row.sealed)
}

/// Keeps the people of a line beside it. An erasure that happens meanwhile makes this fail, never half done.
pub(super) async fn keep(tx: &mut Tx, line: Uuid, people: &[(Link, Uuid)]) -> DbResult<()> {
    for (rank, (link, person)) in (0_i64..).zip(people) {
        tx.execute(
            sql!("INSERT INTO journal_person (journal_id, rank, link, person_id) VALUES ($1, $2, $3, $4)"),
            &params![line, rank, link.code(), *person],
        )
        .await?;
    }
    Ok(())
}

/// Forgets a person: their key is destroyed, no line tells them any more, and the chain holds. `entry` is the line of the erasure, which must
/// not concern the person; it says how many commitments nobody can open any more, and that number is given.
///
/// # Errors
/// The engine's; a line about the person that is being written at this instant refuses the erasure, to be asked again.
pub async fn forget(tx: &mut Tx, keys: &Keys, person: Uuid, mut entry: Entry) -> DbResult<u64> {
    let emptied = tx
        .execute(
            sql!("UPDATE journal_person SET person_id = NULL WHERE person_id = $1"),
            &params![person],
        )
        .await?;
    tx.execute(sql!("DELETE FROM journal_key WHERE person_id = $1"), &params![person])
        .await?;
    let mut detail = match entry.detail {
        Value::Object(detail) => detail,
        other => serde_json::Map::from_iter([("detail".to_owned(), other)]),
    };
    detail.insert(FORGOTTEN.to_owned(), emptied.into());
    entry.detail = Value::Object(detail);
    write(tx, keys, entry).await?;
    Ok(emptied)
}
