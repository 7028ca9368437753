//! Reading the journal by object, person, action and date, and what is known of its chain.

use super::{Line, Link, chain};
use crate::{
    clock::Instant,
    db::{DbResult, Tx, Value},
    params, sql,
};
use uuid::Uuid;

/// What is looked for; what is empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The kind of thing.
    pub object_kind: String,
    /// The thing.
    pub object_id: String,
    /// The action's name.
    pub action: String,
    /// A person whom the lines concern in any way.
    pub person: Option<Uuid>,
    /// The first instant.
    pub from: Option<Instant>,
    /// The instant before which everything lies.
    pub until: Option<Instant>,
}

/// The lines that answer to a search, newest first, at most `limit`; `before` is the last line already seen.
///
/// # Errors
/// The engine's.
pub async fn search(tx: &mut Tx, search: &Search, before: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<Line>> {
    let end = search.until.map(|until| (until, Uuid::nil()));
    let latest = (Instant::from_micros(i64::MAX), Uuid::max());
    let (at, id) = [end, before].into_iter().flatten().min().unwrap_or(latest);
    let from = search.from.unwrap_or(Instant::from_micros(0));
    let (kind, object, action) = (
        search.object_kind.as_str(),
        search.object_id.as_str(),
        search.action.as_str(),
    );
    // One statement for each criterion that leads, so that its index serves.
    let statement = match (object, action, kind) {
        _ if search.person.is_some() => sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE id IN (SELECT journal_id FROM journal_person WHERE person_id = $8)
                AND (at, id) < ($1, $2) AND at >= $3 AND ($4 = '' OR object_kind = $4)
                AND ($5 = '' OR object_id = $5) AND ($6 = '' OR action = $6)
              ORDER BY at DESC, id DESC LIMIT $7"
        ),
        ("", "", "") => sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE (at, id) < ($1, $2) AND at >= $3 AND $4 = '' AND $5 = '' AND $6 = ''
              ORDER BY at DESC, id DESC LIMIT $7"
        ),
        ("", "", _) => sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE object_kind = $4 AND (at, id) < ($1, $2) AND at >= $3 AND $5 = '' AND $6 = ''
              ORDER BY at DESC, id DESC LIMIT $7"
        ),
        ("", _, _) => sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE action = $6 AND (at, id) < ($1, $2) AND at >= $3 AND ($4 = '' OR object_kind = $4) AND $5 = ''
              ORDER BY at DESC, id DESC LIMIT $7"
        ),
        _ => sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE object_id = $5 AND ($4 = '' OR object_kind = $4) AND (at, id) < ($1, $2) AND at >= $3
                AND ($6 = '' OR action = $6)
              ORDER BY at DESC, id DESC LIMIT $7"
        ),
    };
    let mut parameters = params![at, id, from, kind, object, action, limit].to_vec();
    parameters.extend(search.person.map(Value::from));
    tx.fetch_all(statement, &parameters).await
}

#[derive(sqlx::FromRow)]
struct Linked {
    journal_id: Uuid,
    link: String,
}

/// How each line of a page of [`concerning`](super::concerning) concerns the person.
///
/// # Errors
/// The engine's.
pub async fn links(tx: &mut Tx, person: Uuid, lines: &[Line]) -> DbResult<Vec<(Uuid, Link)>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let statement = sql!(
        "SELECT journal_id, link FROM journal_person
          WHERE person_id = $1 AND journal_id IN ($2, ...) ORDER BY journal_id, rank"
    );
    let parameters: Vec<_> = [person]
        .into_iter()
        .chain(lines.iter().map(|line| line.id))
        .map(Value::from)
        .collect();
    let rows: Vec<Linked> = tx.fetch_all(statement.with_list(2, lines.len()), &parameters).await?;
    let link = |row: Linked| {
        let found = Link::ALL.into_iter().find(|link| link.code() == row.link)?;
        Some((row.journal_id, found))
    };
    Ok(rows.into_iter().filter_map(link).collect())
}

/// What is known of the chain without checking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The rank of its last link, 0 before the first.
    pub links: i64,
    /// That link's hash in hexadecimal, empty before the first.
    pub fingerprint: String,
    /// How many lines wait for their link.
    pub pending: i64,
    /// When the first of them was written.
    pub pending_since: Option<Instant>,
}

#[derive(sqlx::FromRow)]
struct Pending {
    pending: i64,
    since: Option<Instant>,
}

/// The state of the chain.
///
/// # Errors
/// The engine's.
pub async fn state(tx: &mut Tx) -> DbResult<State> {
    let waiting: Pending = tx
        .fetch_one(
            sql!("SELECT CAST(COUNT(*) AS BIGINT) AS pending, MIN(at) AS since FROM journal_pending"),
            &[],
        )
        .await?;
    let head = chain::head(tx).await?;
    Ok(State {
        links: head.as_ref().map_or(0, |head| head.seq),
        fingerprint: head.map(|head| hex::encode(head.hash)).unwrap_or_default(),
        pending: waiting.pending,
        pending_since: waiting.since,
    })
}

/// The latest lines about what others did to a person's file, looked at or changed, newest first, at most `limit`; `before` is the last
/// line already seen.
///
/// # Errors
/// The engine's.
pub async fn done_by_others(tx: &mut Tx, person: Uuid, before: Option<Uuid>, limit: u32) -> DbResult<Vec<Line>> {
    tx.fetch_all(
        sql!(
            "SELECT id, at, actor, function, perimeter, action, object_kind, object_id, detail, commitments FROM journal
              WHERE id IN (SELECT DISTINCT c.journal_id FROM journal_person c
                            WHERE c.person_id = $1 AND c.journal_id < $2 AND c.link IN ('objet', 'concerne', 'au_nom_de')
                              AND NOT EXISTS (SELECT 1 FROM journal_person a
                                               WHERE a.journal_id = c.journal_id AND a.person_id = $1 AND a.link = 'acteur')
                            ORDER BY c.journal_id DESC LIMIT $3) ORDER BY id DESC"
        ),
        &params![person, before.unwrap_or(Uuid::max()), limit],
    )
    .await
}
