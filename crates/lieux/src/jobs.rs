//! What comes back each day: forgetting what was kept of the files of places.

use crate::{domain::depot::JOURS_DE_RETOUR, store::depot};
use comptes::reconnaissance::FUSEAU_DES_JOURS;
use socle::{
    App,
    errors::Erreur,
    jobs::{Job, Report, Schedule},
};

/// Forgets the files that nobody confirmed, and what undid those that ended long ago.
pub const CONSERVATION: Job = Job {
    name: "lieux.conservation",
    title: "Effacer les fichiers de lieux qui n’ont plus à attendre",
    schedule: Schedule::Daily {
        hour: 4,
        minute: 20,
        zone: FUSEAU_DES_JOURS,
    },
    run: |app| Box::pin(effacer(app)),
};

async fn effacer(app: App) -> Result<Report, Erreur> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let fichiers = depot::oublier_expires(&mut tx, now).await?;
    let details = depot::oublier_details(&mut tx, now.plus_seconds(-JOURS_DE_RETOUR * 86_400)).await?;
    tx.commit().await?;
    let detail = format!("{fichiers} fichiers et {details} lignes effacés");
    Ok(Report::new(fichiers + details, detail))
}
