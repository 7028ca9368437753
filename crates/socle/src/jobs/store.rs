//! The rows of jobs and of their runs.

use super::{Job, JobState, Outcome, Run};
use crate::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// Every job, in the order of their names.
///
/// # Errors
/// The engine's.
pub async fn list(tx: &mut Tx) -> DbResult<Vec<JobState>> {
    tx.fetch_all(
        sql!(
            "SELECT name, title, grace_s, next_due_at, holder, held_until, last_started_at, last_ended_at, last_outcome,
                    last_detail, last_duration_ms, failures FROM job ORDER BY name"
        ),
        &[],
    )
    .await
}

/// One job.
pub(super) async fn state(tx: &mut Tx, name: &str) -> DbResult<Option<JobState>> {
    tx.fetch_optional(
        sql!(
            "SELECT name, title, grace_s, next_due_at, holder, held_until, last_started_at, last_ended_at, last_outcome,
                    last_detail, last_duration_ms, failures FROM job WHERE name = $1"
        ),
        &params![name],
    )
    .await
}

/// Makes the row of a job that has none, due at this instant.
pub(super) async fn declare(tx: &mut Tx, job: &Job, due: Instant) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO job (name, title, grace_s, next_due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING"
        ),
        &params![job.name, job.title, job.schedule.grace_seconds(), due],
    )
    .await
    .map(drop)
}

/// Removes the rows of jobs that the program no longer has, so that none of them is ever late.
pub(super) async fn keep_only(tx: &mut Tx, jobs: &[Job]) -> DbResult<()> {
    let known: Vec<_> = jobs.iter().map(|job| job.name).collect();
    for state in list(tx).await? {
        if !known.contains(&state.name.as_str()) {
            tx.execute(sql!("DELETE FROM job WHERE name = $1"), &params![state.name])
                .await?;
        }
    }
    Ok(())
}

/// Makes a job due now, unless a node runs it; gives whether it is.
///
/// # Errors
/// The engine's.
pub async fn ask(tx: &mut Tx, name: &str, now: Instant) -> DbResult<bool> {
    let asked = tx
        .execute(
            sql!("UPDATE job SET next_due_at = $2 WHERE name = $1 AND (held_until IS NULL OR held_until < $2)"),
            &params![name, now],
        )
        .await?;
    Ok(asked == 1)
}

/// Takes a due job for this node, unless another holds it.
pub(super) async fn claim(tx: &mut Tx, job: &Job, node: Uuid, now: Instant, until: Instant) -> DbResult<bool> {
    let taken = tx
        .execute(
            sql!(
                "UPDATE job SET holder = $2, held_until = $4, last_started_at = $3, title = $5, grace_s = $6
                  WHERE name = $1 AND next_due_at <= $3 AND (held_until IS NULL OR held_until < $3)"
            ),
            &params![job.name, node, now, until, job.title, job.schedule.grace_seconds()],
        )
        .await?;
    Ok(taken == 1)
}

/// Holds a job for longer; gives whether this node still had it.
pub(super) async fn renew(tx: &mut Tx, name: &str, node: Uuid, until: Instant) -> DbResult<bool> {
    let renewed = tx
        .execute(
            sql!("UPDATE job SET held_until = $3 WHERE name = $1 AND holder = $2"),
            &params![name, node, until],
        )
        .await?;
    Ok(renewed == 1)
}

/// Gives a job back with what its run gave; gives whether this node still had it.
pub(super) async fn release(tx: &mut Tx, node: Uuid, run: &Run, failures: i64, next: Instant) -> DbResult<bool> {
    let released = tx
        .execute(
            sql!(
                "UPDATE job SET holder = NULL, held_until = NULL, last_ended_at = $3, last_outcome = $4, last_detail = $5,
                        last_duration_ms = $6, failures = $7, next_due_at = $8 WHERE name = $1 AND holder = $2"
            ),
            &params![
                run.job.as_str(),
                node,
                run.ended_at,
                run.outcome.as_str(),
                run.detail.as_str(),
                run.duration_ms,
                failures,
                next
            ],
        )
        .await?;
    Ok(released == 1)
}

/// Keeps a run in the history.
pub(super) async fn record(tx: &mut Tx, run: &Run) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO job_run (id, job, started_at, ended_at, outcome, detail, duration_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            run.id,
            run.job.as_str(),
            run.started_at,
            run.ended_at,
            run.outcome.as_str(),
            run.detail.as_str(),
            run.duration_ms
        ],
    )
    .await
    .map(drop)
}

/// At most `limit` kept runs of a job, the latest first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn runs(tx: &mut Tx, job: &str, after: Option<(Instant, Uuid)>, limit: u32) -> DbResult<Vec<Run>> {
    let (at, id) = after.unwrap_or((Instant::from_micros(i64::MAX), Uuid::max()));
    tx.fetch_all(
        sql!(
            "SELECT id, job, started_at, ended_at, outcome, detail, duration_ms FROM job_run
              WHERE job = $1 AND (started_at, id) < ($2, $3) ORDER BY started_at DESC, id DESC LIMIT $4"
        ),
        &params![job, at, id, limit],
    )
    .await
}

/// Removes at most `batch` runs that ended before this instant; gives how many.
///
/// # Errors
/// The engine's.
pub async fn purge(tx: &mut Tx, before: Instant, batch: u32) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM job_run WHERE id IN (SELECT id FROM job_run WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)"),
        &params![before, batch],
    )
    .await
}

/// The run that a node which died left unfinished.
pub(super) fn interrupted(state: &JobState, id: Uuid, now: Instant) -> Run {
    let started_at = state.last_started_at.unwrap_or(now);
    Run {
        id,
        job: state.name.clone(),
        started_at,
        ended_at: now,
        outcome: Outcome::Interrupted.code().to_owned(),
        detail: "le serveur qui s’en occupait s’est arrêté".to_owned(),
        duration_ms: (now.micros() - started_at.micros()) / 1000,
    }
}
