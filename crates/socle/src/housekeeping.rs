//! The ground's own job: what was done long ago is removed, a batch at a time.

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::{self, Job, Report, Schedule},
    letters,
    module::BoxFuture,
    outbox, webhook,
};

/// How many rows one transaction removes, so that it never holds the writer for long.
const BATCH: u32 = 1000;
const SECONDS_A_DAY: i64 = 86_400;
/// Days for which the history of jobs, letters and deliveries is kept.
const HISTORY_DAYS: i64 = 90;

/// Removes what the operator keeps no longer.
pub const JOB: Job = Job {
    name: "socle.menage",
    title: "Effacer ce qui est fait depuis longtemps",
    schedule: Schedule::Every(3600),
    run: |app| Box::pin(clean(app)),
};

type Purge = for<'a> fn(&'a mut Tx, Instant, u32) -> BoxFuture<'a, DbResult<u64>>;

const HISTORIES: [Purge; 3] = [
    |tx, before, batch| Box::pin(jobs::purge(tx, before, batch)),
    |tx, before, batch| Box::pin(letters::purge(tx, before, batch)),
    |tx, before, batch| Box::pin(webhook::purge(tx, before, batch)),
];

async fn clean(app: App) -> Result<Report, Erreur> {
    let mut removed = 0;
    loop {
        let events = outbox::purge_once(&app).await?;
        removed += events;
        if events == 0 {
            break;
        }
    }
    let before = app.clock.now().plus_seconds(-HISTORY_DAYS * SECONDS_A_DAY);
    for purge in HISTORIES {
        loop {
            let mut tx = app.db.write().await?;
            let rows = purge(&mut tx, before, BATCH).await?;
            tx.commit().await?;
            removed += rows;
            if rows < u64::from(BATCH) {
                break;
            }
        }
    }
    Ok(Report::new(removed, format!("{removed} lignes effacées")))
}
