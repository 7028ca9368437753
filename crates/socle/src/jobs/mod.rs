//! Jobs that come back: declared in code with their schedule, run by one node at a time, with what each run gave.

mod schedule;
mod store;

pub use schedule::Schedule;
pub use store::{ask, list, purge, runs};

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    module::BoxFuture,
    queue,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use tokio::{task::JoinSet, time::Instant as Monotonic};
use uuid::Uuid;

/// A job of the application.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// Its name for programs, such as `lieux.export`.
    pub name: &'static str,
    /// Its name for people, in French.
    pub title: &'static str,
    /// When it runs.
    pub schedule: Schedule,
    /// The work. It may be cut anywhere, and must then leave nothing half-done.
    pub run: fn(App) -> BoxFuture<'static, Result<Report, Erreur>>,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many things it did; a run that did nothing leaves no history.
    pub done: u64,
    /// What it did, in French, without personal data.
    pub detail: String,
}

impl Report {
    /// Nothing was to be done.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// This many things were done, of which one is told so, or more.
    pub fn counted(done: u64, [one, many]: [&str; 2]) -> Self {
        Self::new(done, count(done, [one, many]))
    }

    /// This many things were done.
    pub fn new(done: u64, detail: impl Into<String>) -> Self {
        Self {
            done,
            detail: detail.into(),
        }
    }
}

/// A number and what it counts, in French: zero and one take the singular.
pub fn count(n: u64, [one, many]: [&str; 2]) -> String {
    format!("{n} {}", if n < 2 { one } else { many })
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did something.
    Done,
    /// There was nothing to do.
    Nothing,
    /// It failed, and is tried again.
    Failed,
    /// The node that ran it died.
    Interrupted,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Done, Self::Nothing, Self::Failed, Self::Interrupted];

    /// What the database keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Nothing => "nothing",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A job as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct JobState {
    /// Its name for programs.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Seconds beyond its hour after which it is late.
    pub grace_s: i64,
    /// When it runs next.
    pub next_due_at: Instant,
    /// The node that runs it.
    pub holder: Option<Uuid>,
    /// Until when that node holds it, unless it says again that it lives.
    pub held_until: Option<Instant>,
    /// When its last run began.
    pub last_started_at: Option<Instant>,
    /// When its last finished run ended.
    pub last_ended_at: Option<Instant>,
    /// How, as the code of an [`Outcome`].
    pub last_outcome: Option<String>,
    /// What it gave, or why it failed.
    pub last_detail: Option<String>,
    /// How long it took, in milliseconds.
    pub last_duration_ms: Option<i64>,
    /// How many times in a row it failed.
    pub failures: i64,
}

impl JobState {
    /// Whether a node runs it.
    pub fn is_running(&self, now: Instant) -> bool {
        self.held_until.is_some_and(|until| until >= now)
    }

    /// Whether it should have run, and nobody does.
    pub fn is_late(&self, now: Instant) -> bool {
        !self.is_running(now) && self.next_due_at.plus_seconds(self.grace_s) < now
    }
}

/// A run that did something or failed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    /// Its identifier.
    pub id: Uuid,
    /// The job's name.
    pub job: String,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
    /// How, as the code of an [`Outcome`].
    pub outcome: String,
    /// What it gave, or why it failed.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// How long a node that says nothing keeps a job.
const LEASE_SECONDS: i64 = 60;
/// How often a node says that it still runs a job.
const BEAT: Duration = Duration::from_secs(15);
/// How long a job may go on while the database cannot be told: less than the lease, so that no other node has taken it.
const SILENCE: Duration = Duration::from_secs(40);
/// How long what a run gave is kept in mind while it cannot be written. Beyond the lease, it is kept if no other node took the job.
const PATIENCE: Duration = Duration::from_secs(120);
/// The longest wait before a job's row is read again: another node may have run it meanwhile.
const LONGEST_WAIT_SECONDS: i64 = 30;
/// How often late jobs are looked for.
const WATCH: Duration = Duration::from_secs(60);
/// How long to wait for a database that went away.
const PAUSE: Duration = Duration::from_secs(5);

/// The jobs that should have run, and that nobody runs.
///
/// # Errors
/// The engine's.
pub async fn late(tx: &mut Tx, now: Instant) -> DbResult<Vec<JobState>> {
    let jobs = list(tx).await?;
    Ok(jobs.into_iter().filter(|job| job.is_late(now)).collect())
}

/// Runs the jobs when they are due, until the bell asks to stop.
pub async fn work(app: App, jobs: Vec<Job>) {
    let node = app.ids.next(app.clock.now());
    let forgotten = async {
        let mut tx = app.db.write().await?;
        store::keep_only(&mut tx, &jobs).await?;
        tx.commit().await
    };
    if let Err(error) = forgotten.await {
        tracing::warn!(%error, "the jobs of a former program stay listed");
    }
    let mut tasks = JoinSet::new();
    for job in jobs {
        tasks.spawn(repeat(app.clone(), job, node));
    }
    tasks.spawn(watch(app));
    while tasks.join_next().await.is_some() {}
}

/// One job, again and again.
async fn repeat(app: App, job: Job, node: Uuid) {
    while !app.bell.is_stopped() {
        match turn(&app, &job, node).await {
            Ok(due) => {
                let now = app.clock.now();
                let wait = (due.micros() - now.micros()).clamp(0, LONGEST_WAIT_SECONDS * 1_000_000);
                app.bell.pause(Duration::from_micros(wait.unsigned_abs())).await;
            }
            Err(error) => {
                tracing::warn!(job = job.name, %error, "a job cannot be looked at; waiting");
                app.bell.pause(PAUSE).await;
            }
        }
    }
}

/// Says which jobs are late, so that somebody is told of what did not happen.
async fn watch(app: App) {
    loop {
        app.bell.pause(WATCH).await;
        if app.bell.is_stopped() {
            return;
        }
        let now = app.clock.now();
        let found = async { late(&mut app.db.read().await?, now).await };
        let Ok(found) = found.await else { continue };
        metrics::gauge!("maillage_jobs_late").set(found.len() as f64);
        for job in found {
            tracing::error!(job = job.name, due = %job.next_due_at, "a job is late");
        }
    }
}

/// Runs a job if it is due and free; gives when to look at it again.
///
/// # Errors
/// The engine's; the job's own failure is kept with it.
pub async fn turn(app: &App, job: &Job, node: Uuid) -> DbResult<Instant> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let state = store::state(&mut tx, job.name).await?;
    tx.rollback().await?;
    match &state {
        Some(state) if state.next_due_at > now => return Ok(state.next_due_at),
        Some(state) if state.is_running(now) => {
            let again = job.schedule.next(now).max(now.plus_seconds(1));
            return Ok(again.min(now.plus_seconds(LONGEST_WAIT_SECONDS)));
        }
        _ => {}
    }
    let Some(failures) = claim(app, job, node, now).await? else {
        return Ok(now.plus_seconds(1));
    };
    let Some(done) = held(app, job, node).await else {
        tracing::error!(job = job.name, "a job was given up: this node no longer holds it");
        return Ok(now.plus_seconds(LONGEST_WAIT_SECONDS));
    };
    settle(app, job, node, now, failures, done).await
}

/// Takes the job; gives how many times in a row it failed, or nothing when it is not due or not free.
async fn claim(app: &App, job: &Job, node: Uuid, now: Instant) -> DbResult<Option<i64>> {
    let mut tx = app.db.write().await?;
    if store::state(&mut tx, job.name).await?.is_none() {
        let due = match job.schedule {
            Schedule::Every(_) => now,
            daily @ Schedule::Daily { .. } => daily.next(now),
        };
        store::declare(&mut tx, job, due).await?;
    }
    let former = store::state(&mut tx, job.name).await?;
    if !store::claim(&mut tx, job, node, now, now.plus_seconds(LEASE_SECONDS)).await? {
        tx.commit().await?;
        return Ok(None);
    }
    let mut failures = 0;
    if let Some(former) = former {
        failures = former.failures;
        if former.holder.is_some() {
            let run = store::interrupted(&former, app.ids.next(now), now);
            store::record(&mut tx, &run).await?;
        }
    }
    tx.commit().await?;
    Ok(Some(failures))
}

/// Runs the job while this node holds it; nothing when it was lost on the way.
async fn held(app: &App, job: &Job, node: Uuid) -> Option<Result<Report, Erreur>> {
    let run = AssertUnwindSafe((job.run)(app.clone())).catch_unwind();
    let lost = async {
        let mut heard = Monotonic::now();
        loop {
            tokio::time::sleep(BEAT).await;
            match beat(app, job.name, node).await {
                Ok(true) => heard = Monotonic::now(),
                Ok(false) => return,
                Err(_) if heard.elapsed() > SILENCE => return,
                Err(error) => tracing::warn!(job = job.name, %error, "a job cannot say that it goes on"),
            }
        }
    };
    tokio::select! {
        biased;
        done = run => Some(done.unwrap_or_else(|_| Err(Erreur::faute("a job panicked")))),
        () = lost => None,
    }
}

async fn beat(app: &App, name: &str, node: Uuid) -> DbResult<bool> {
    let mut tx = app.db.write().await?;
    let until = app.clock.now().plus_seconds(LEASE_SECONDS);
    let kept = store::renew(&mut tx, name, node, until).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Keeps what a run gave, and says when the next one is.
async fn settle(
    app: &App,
    job: &Job,
    node: Uuid,
    started_at: Instant,
    failures: i64,
    done: Result<Report, Erreur>,
) -> DbResult<Instant> {
    let now = app.clock.now();
    let (outcome, detail) = match done {
        Ok(report) if report.done == 0 => (Outcome::Nothing, report.detail),
        Ok(report) => (Outcome::Done, report.detail),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(job = job.name, %error, cause, "a job failed");
            (Outcome::Failed, error.for_operators("au nom de ce travail"))
        }
    };
    let failures = if outcome == Outcome::Failed { failures + 1 } else { 0 };
    let next = match failures {
        0 => job.schedule.next(now),
        _ => job.schedule.after_failures(now, failures),
    };
    let duration_ms = (now.micros() - started_at.micros()) / 1000;
    metrics::counter!("maillage_job_runs_total", "job" => job.name, "outcome" => outcome.code()).increment(1);
    metrics::histogram!("maillage_job_seconds", "job" => job.name).record(duration_ms as f64 / 1000.0);
    let run = Run {
        id: app.ids.next(now),
        job: job.name.to_owned(),
        started_at,
        ended_at: now,
        outcome: outcome.code().to_owned(),
        detail,
        duration_ms,
    };
    queue::patiently(PATIENCE, || async {
        let mut tx = app.db.write().await?;
        if store::release(&mut tx, node, &run, failures, next).await? && outcome != Outcome::Nothing {
            store::record(&mut tx, &run).await?;
        }
        tx.commit().await
    })
    .await?;
    Ok(next)
}
