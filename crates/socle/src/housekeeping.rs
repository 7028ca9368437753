//! The ground's own job: what was done long ago is removed, a batch at a time.

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::{self, Job, Report, Schedule},
    letters,
    module::BoxFuture,
    outbox,
    reference::{self, Key},
    webhook,
};

/// How many rows one transaction removes, so that it never holds the writer for long.
const BATCH: u32 = 1000;
const SECONDS_A_DAY: i64 = 86_400;
/// How long the history of jobs, letters and deliveries is kept.
pub(crate) const HISTORY: Key<i64> = Key::days(
    "socle.historiques",
    "Conservation des passages des travaux, des courriels envoyés et des livraisons",
    (30, 90, 365),
);

/// How long the work that must not be done twice is remembered.
pub(crate) const ONCE: Key<i64> = Key::days(
    "socle.deja_fait",
    "Temps pendant lequel un travail déjà fait est reconnu",
    (90, 400, 800),
);

/// How long a letter waits for a person with its recipient and its words.
pub(crate) const REVIEW: Key<i64> = Key::days(
    "socle.courriers_a_examiner",
    "Temps laissé pour examiner un courriel ou un SMS avant que son adresse et son contenu soient effacés",
    (7, 30, 90),
);

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
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let today = now.day_in("Europe/Paris");
    let mut since = [now; 3];
    for (instant, key) in since.iter_mut().zip([HISTORY, ONCE, REVIEW]) {
        let days = reference::value(&mut tx, &key, today).await?;
        *instant = now.plus_seconds(-days * SECONDS_A_DAY);
    }
    drop(tx);
    let [history, once, review] = since;
    let mut removed = 0;
    loop {
        let events = outbox::purge_once(&app, once).await?;
        removed += events;
        if events == 0 {
            break;
        }
    }
    for purge in HISTORIES {
        removed += in_batches(&app, |tx| purge(tx, history, BATCH)).await?;
    }
    removed += in_batches(&app, |tx| Box::pin(letters::empty_unreviewed(tx, review, now, BATCH))).await?;
    Ok(Report::counted(removed, ["ligne effacée", "lignes effacées"]))
}

/// Does a purge again, each time in its own transaction, until a batch is not full; gives how many rows it took.
async fn in_batches(
    app: &App,
    purge: impl for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, DbResult<u64>>,
) -> Result<u64, Erreur> {
    let mut removed = 0;
    loop {
        let mut tx = app.db.write().await?;
        let rows = purge(&mut tx).await?;
        tx.commit().await?;
        removed += rows;
        if rows < u64::from(BATCH) {
            return Ok(removed);
        }
    }
}
