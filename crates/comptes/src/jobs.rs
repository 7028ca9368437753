//! What comes back each day: removing what is no longer needed, sending the daily messages.

use crate::{
    actions::{conservation, notifications, rapprochement},
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    references::{DEMANDES, INVITATIONS, NOTIFICATIONS, SESSIONS},
    store::{connexion, defi, essai, invitation, notification, session},
};
use socle::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::{Job, Report, Schedule},
    module::BoxFuture,
    reference::{self, Key},
};

const SECONDES_PAR_JOUR: i64 = 86_400;

/// Removes what is past its retention, once a night.
pub const CONSERVATION: Job = Job {
    name: "comptes.conservation",
    title: "Effacer les connexions, invitations et notifications anciennes",
    schedule: Schedule::Daily {
        hour: 4,
        minute: 10,
        zone: FUSEAU_DES_JOURS,
    },
    run: |app| Box::pin(effacer(app)),
};

/// Warns those who no longer come, then anonymises them, once a night.
pub const INACTIVITE: Job = Job {
    name: "comptes.inactivite",
    title: "Prévenir puis rendre anonymes les comptes qui ne servent plus",
    schedule: Schedule::Daily {
        hour: 4,
        minute: 40,
        zone: FUSEAU_DES_JOURS,
    },
    run: |app| Box::pin(conservation::appliquer(app)),
};

/// Sends the daily messages to who chose to be told once a day.
pub const RESUME: Job = Job {
    name: "comptes.resume",
    title: "Envoyer les résumés quotidiens",
    schedule: Schedule::Daily {
        hour: 7,
        minute: 0,
        zone: FUSEAU_DES_JOURS,
    },
    run: notifications::resumer,
};

/// Finds the files that may be of one person, among those that changed.
pub const RAPPROCHEMENT: Job = Job {
    name: "comptes.rapprochement",
    title: "Chercher les fiches d’une même personne",
    schedule: Schedule::Every(300),
    run: |app| Box::pin(rapprocher(app)),
};

/// How many lots of files are compared in one run at most.
const LOTS_MAX: u32 = 40;

async fn rapprocher(app: App) -> Result<Report, Erreur> {
    let mut comparees = 0;
    for _ in 0..LOTS_MAX {
        match rapprochement::comparer(&app).await? {
            0 => break,
            lot => comparees += lot,
        }
    }
    Ok(Report::counted(
        comparees,
        ["fiche comparée aux autres", "fiches comparées aux autres"],
    ))
}

type Purge = for<'a> fn(&'a mut Tx, Instant) -> BoxFuture<'a, DbResult<u64>>;

/// What is removed, with the days for which it is kept, which the classes of the tables name too.
const PURGES: [(Purge, Key<i64>); 6] = [
    (|tx, avant| Box::pin(connexion::purger(tx, avant)), DEMANDES),
    (|tx, avant| Box::pin(defi::purger(tx, avant)), DEMANDES),
    (|tx, avant| Box::pin(essai::purger(tx, avant)), DEMANDES),
    (|tx, avant| Box::pin(session::purger(tx, avant)), SESSIONS),
    (|tx, avant| Box::pin(invitation::purger(tx, avant)), INVITATIONS),
    (|tx, avant| Box::pin(notification::purger(tx, avant)), NOTIFICATIONS),
];

async fn effacer(app: App) -> Result<Report, Erreur> {
    let now = app.clock.now();
    let mut effacees = 0;
    for (purger, cle) in PURGES {
        let mut tx = app.db.write().await?;
        let jours = reference::value(&mut tx, &cle, jour(now)).await?;
        effacees += purger(&mut tx, now.plus_seconds(-jours * SECONDES_PAR_JOUR)).await?;
        tx.commit().await?;
    }
    Ok(Report::counted(effacees, ["ligne effacée", "lignes effacées"]))
}
