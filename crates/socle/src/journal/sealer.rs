//! The sealer: follows the writes, and links into the chain the lines that wait, in batches. Two nodes never seal at once.

use super::{
    Line,
    chain::{self, Head, Knot, ORIGIN},
    heads, seal,
};
use crate::{
    App,
    db::{DbResult, Tx},
    errors::Erreur,
    params,
    secrets::Keys,
    sql,
};
use std::{io, path::PathBuf, time::Duration};

/// How many lines one transaction links.
const BATCH: u32 = 1000;
/// The row of `lease` that the sealer of the moment holds.
const LEASE: &str = "journal";

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The chain was tampered with: going on would make a forgery lasting.
    #[error("la tête du journal n’est pas celle que le programme avait écrite : lancez « maillage journal verify »")]
    Broken,
    /// A file outside the database cannot be written.
    #[error("{path} : {source}")]
    File {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database failed.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
}

impl From<SealError> for Erreur {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Db(error) => Erreur::Db(error),
            other => Erreur::faute(other),
        }
    }
}

/// Takes the lease for this transaction: another node that seals waits until it ends.
pub(super) async fn lock(tx: &mut Tx, app: &App) -> DbResult<()> {
    let now = app.clock.now();
    tx.execute(
        sql!(
            "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
              ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3"
        ),
        &params![LEASE, app.ids.next(now), now],
    )
    .await
    .map(drop)
}

/// The head, once it is known to be the program's and that of the last link; none for a chain that has not begun.
pub(super) async fn sound_head(tx: &mut Tx, keys: &Keys) -> Result<Option<Head>, SealError> {
    match (chain::head(tx).await?, chain::last(tx).await?) {
        (None, None) => Ok(None),
        (Some(head), Some(last)) if head.seq == last.seq && head.hash == last.hash && head.is_authentic(keys) => {
            Ok(Some(head))
        }
        _ => Err(SealError::Broken),
    }
}

/// Links one batch of the lines that wait; gives how many.
///
/// # Errors
/// When the database does not answer, or the head is not the program's.
pub async fn seal_pending(app: &App) -> Result<usize, SealError> {
    if !waits(app).await? {
        return Ok(0);
    }
    let keys = &app.settings.keys;
    let mut tx = app.db.write().await?;
    lock(&mut tx, app).await?;
    let (start, mut previous) = match sound_head(&mut tx, keys).await? {
        Some(head) => (head.seq, head.hash),
        None => (0, ORIGIN.to_vec()),
    };
    let lines = waiting(&mut tx).await?;
    let mut knots = Vec::with_capacity(lines.len());
    for (seq, line) in (start + 1..).zip(&lines) {
        previous = chain::hash(&previous, line).to_vec();
        knots.push(Knot {
            seq,
            journal_id: line.id,
            hash: previous.clone(),
        });
    }
    let head = chain::extend(&mut tx, keys, &knots).await?;
    if let Some(last) = lines.last() {
        settle(&mut tx, last, start).await?;
    }
    tx.commit().await?;
    if let Some(head) = head {
        keep_outside(app, &head);
    }
    Ok(knots.len())
}

async fn waits(app: &App) -> DbResult<bool> {
    let mut tx = app.db.read().await?;
    let row: Option<(i64,)> = tx
        .fetch_optional(sql!("SELECT CAST(1 AS BIGINT) FROM journal_pending LIMIT 1"), &[])
        .await?;
    Ok(row.is_some())
}

async fn waiting(tx: &mut Tx) -> DbResult<Vec<Line>> {
    tx.fetch_all(
        sql!(
            "SELECT j.id, j.at, j.actor, j.function, j.perimeter, j.action, j.object_kind, j.object_id, j.detail, j.commitments
               FROM journal_pending p JOIN journal j ON j.id = p.journal_id ORDER BY p.at, p.journal_id LIMIT $1"
        ),
        &params![BATCH],
    )
    .await
}

/// Ends the wait of the lines linked after `start`; one written meanwhile, with an earlier time, goes on waiting.
async fn settle(tx: &mut Tx, last: &Line, start: i64) -> DbResult<()> {
    tx.execute(
        sql!(
            "DELETE FROM journal_pending WHERE (at, journal_id) <= ($1, $2)
                AND journal_id IN (SELECT journal_id FROM journal_chain WHERE seq > $3)"
        ),
        &params![last.at, last.id, start],
    )
    .await
    .map(drop)
}

/// Writes the head outside the database. The chain is already lasting: a folder that fails is told, and the next head goes there too.
fn keep_outside(app: &App, head: &Head) {
    if let Some(folder) = &app.settings.journal_heads
        && let Err(error) = heads::append(folder, head, app.clock.now())
    {
        tracing::error!(%error, "the head of the journal cannot be written outside the database");
    }
}

/// Seals until the bell asks to stop: what waits about every second, and the day before once a day.
pub async fn work(app: App) {
    while !app.bell.is_stopped() {
        match round(&app).await {
            Ok(true) => {}
            Ok(false) => app.bell.pause(Duration::from_secs(1)).await,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be sealed; waiting");
                app.bell.pause(Duration::from_secs(10)).await;
            }
        }
    }
}

/// One turn; gives whether more lines wait.
async fn round(app: &App) -> Result<bool, SealError> {
    let full = seal_pending(app).await? == BATCH as usize;
    if !full {
        seal::seal_day(app).await?;
    }
    Ok(full)
}
