//! The journal: who did what to which thing, written in the caller's transaction, never changed, and linked by the sealer into a chain of hashes.
//!
//! A line names no person. It holds a keyed commitment for each person that it concerns, and the person stands beside it, in a table that
//! an erasure may empty without breaking the chain.

mod chain;
mod heads;
mod people;
mod seal;
mod sealer;
mod search;
mod verify;

pub(crate) use people::KEY_USAGE;
pub use people::{Link, forget};
pub use seal::{Seal, of_day as seal_of_day, seal_day, seals};
pub use sealer::{SealError, seal_pending, work};
pub use search::{Search, State, done_by_others, links, search, state};
pub use verify::{Broken, Fault, Report, VerifyError, verify};

use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    ids::Ids,
    params,
    permissions::{Action, Actor, Grant, PUBLIC, Permit, person_code},
    secrets::Keys,
    sql,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A line to write. Nothing of it but `people` may say who a person is.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its identifier.
    pub id: Uuid,
    /// When it was done.
    pub at: Instant,
    /// Who did it, as a role and its perimeter.
    pub actor: String,
    /// The code of the role that acted.
    pub function: String,
    /// The code of the perimeter over which it is held, empty when it has none.
    pub perimeter: String,
    /// The action's name.
    pub action: String,
    /// The kind of thing.
    pub object_kind: String,
    /// The thing; empty when it is a person, whom [`Link::Objet`] names.
    pub object_id: String,
    /// What changed.
    pub detail: Value,
    /// The people whom it concerns.
    pub people: Vec<(Link, Uuid)>,
}

impl Entry {
    /// What this actor did to a thing, in the last quality that they hold; the actor's person, when known, is kept beside the line.
    pub fn new(ids: &Ids, at: Instant, actor: &Actor, action: &str, object: (&str, impl ToString)) -> Self {
        let public = Grant::plain(PUBLIC);
        Self::in_quality(ids, at, (actor, actor.grants.last().unwrap_or(&public)), action, object)
    }

    /// What an actor did with this permit, in the quality that gave it.
    pub fn by<A: Action>(ids: &Ids, at: Instant, permit: &Permit<A>, object: (&str, impl ToString)) -> Self {
        Self::under(ids, at, permit, A::NAME, object)
    }

    /// As [`Entry::by`], for a deed that has another name than the action that lets do it.
    pub fn under<A>(ids: &Ids, at: Instant, permit: &Permit<A>, action: &str, object: (&str, impl ToString)) -> Self {
        Self::in_quality(ids, at, (permit.actor(), permit.grant()), action, object)
    }

    fn in_quality(
        ids: &Ids,
        at: Instant,
        (actor, grant): (&Actor, &Grant),
        action: &str,
        (object_kind, object_id): (&str, impl ToString),
    ) -> Self {
        // A person's own perimeter would name them.
        let own = actor.person.map(person_code);
        let perimeter = Some(grant.perimeter.clone())
            .filter(|code| own.as_ref() != Some(code))
            .unwrap_or_default();
        let label = format!("{} {perimeter}", grant.role);
        let people = match (actor.really, actor.person) {
            (Some(really), Some(person)) => vec![(Link::Acteur, really), (Link::AuNomDe, person)],
            (really, person) => really.or(person).map(|one| (Link::Acteur, one)).into_iter().collect(),
        };
        Self {
            id: ids.next(at),
            at,
            actor: label.trim_end().to_owned(),
            function: grant.role.to_owned(),
            perimeter,
            action: action.to_owned(),
            object_kind: object_kind.to_owned(),
            object_id: object_id.to_string(),
            detail: json!({}),
            people,
        }
    }

    /// The same line, with what changed.
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }

    /// The same line, which also concerns a person.
    pub fn about(mut self, link: Link, person: Uuid) -> Self {
        self.people.push((link, person));
        self
    }
}

/// A line as it is kept.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Line {
    /// Its identifier.
    pub id: Uuid,
    /// When it was done.
    pub at: Instant,
    /// Who did it, as a role and its perimeter.
    pub actor: String,
    /// The code of the role that acted.
    pub function: String,
    /// The code of the perimeter over which it is held.
    pub perimeter: String,
    /// The action's name.
    pub action: String,
    /// The kind of thing.
    pub object_kind: String,
    /// The thing.
    pub object_id: String,
    /// What changed.
    pub detail: Value,
    /// A list of `{ "link", "commitment" }`, one for each person concerned.
    pub commitments: Value,
}

/// Writes a line; the sealer links it into the chain soon after.
///
/// # Errors
/// The engine's, and a key of a person that does not open.
pub async fn write(tx: &mut Tx, keys: &Keys, entry: Entry) -> DbResult<()> {
    let Entry {
        id,
        at,
        actor,
        function,
        perimeter,
        action,
        object_kind,
        object_id,
        detail,
        people,
    } = entry;
    let commitments = people::commit(tx, keys, id, &people).await?;
    tx.execute(
        sql!(
            "INSERT INTO journal (id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &params![
            id,
            at,
            actor,
            function,
            perimeter,
            action,
            object_kind,
            object_id,
            detail,
            commitments
        ],
    )
    .await?;
    tx.execute(
        sql!("INSERT INTO journal_pending (at, journal_id) VALUES ($1, $2)"),
        &params![at, id],
    )
    .await?;
    people::keep(tx, id, &people).await
}

/// The latest lines about a thing, newest first, at most `limit`.
///
/// # Errors
/// The engine's.
pub async fn about(tx: &mut Tx, object_kind: &str, object_id: &str, limit: u32) -> DbResult<Vec<Line>> {
    tx.fetch_all(
        sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE object_kind = $1 AND object_id = $2 ORDER BY at DESC, id DESC LIMIT $3"
        ),
        &params![object_kind, object_id, limit],
    )
    .await
}

/// The latest lines that concern a person in any way, newest first, at most `limit`; `before` is the last line already seen.
///
/// # Errors
/// The engine's.
pub async fn concerning(tx: &mut Tx, person: Uuid, before: Option<Uuid>, limit: u32) -> DbResult<Vec<Line>> {
    tx.fetch_all(
        sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE id IN (SELECT DISTINCT journal_id FROM journal_person WHERE person_id = $1 AND journal_id < $2
                            ORDER BY journal_id DESC LIMIT $3) ORDER BY id DESC"
        ),
        &params![person, before.unwrap_or(Uuid::max()), limit],
    )
    .await
}
