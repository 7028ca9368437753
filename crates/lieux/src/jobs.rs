//! What comes back each day: forgetting what is no longer kept of places and of their files.

use crate::{
    references::{IMPORTS, PASSAGES, RETIRES, SIGNALEMENTS},
    store::conservation::{details, expires, imports, passages, retires, signalements},
};
use comptes::reconnaissance::{FUSEAU_DES_JOURS, jour};
use socle::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::{Job, Report, Schedule},
    module::BoxFuture,
    reference::{self, Key},
};

/// Forgets the files that nobody confirmed, what undid those that ended, and what is older than its retention.
pub const CONSERVATION: Job = Job {
    name: "lieux.conservation",
    title: "Effacer ce qui n’est plus gardé des lieux et de leurs fichiers",
    schedule: Schedule::Daily {
        hour: 4,
        minute: 20,
        zone: FUSEAU_DES_JOURS,
    },
    run: |app| Box::pin(effacer(app)),
};

const SECONDES_PAR_JOUR: i64 = 86_400;

type Purge = for<'a> fn(&'a mut Tx, Instant) -> BoxFuture<'a, DbResult<u64>>;

/// What is removed, with the days for which it is kept; without, what carries its own end.
const PURGES: [(Purge, Option<Key<i64>>); 6] = [
    (|tx, avant| Box::pin(expires(tx, avant)), None),
    (|tx, avant| Box::pin(details(tx, avant)), None),
    (|tx, avant| Box::pin(imports(tx, avant)), Some(IMPORTS)),
    (|tx, avant| Box::pin(signalements(tx, avant)), Some(SIGNALEMENTS)),
    (|tx, avant| Box::pin(passages(tx, avant)), Some(PASSAGES)),
    (|tx, avant| Box::pin(retires(tx, avant)), Some(RETIRES)),
];

async fn effacer(app: App) -> Result<Report, Erreur> {
    let now = app.clock.now();
    let mut effacees = 0;
    for (purger, cle) in PURGES {
        let mut tx = app.db.write().await?;
        let jours = match cle {
            Some(cle) => reference::value(&mut tx, &cle, jour(now)).await?,
            None => 0,
        };
        effacees += purger(&mut tx, now.plus_seconds(-jours * SECONDES_PAR_JOUR)).await?;
        tx.commit().await?;
    }
    Ok(Report::counted(effacees, ["ligne effacée", "lignes effacées"]))
}
