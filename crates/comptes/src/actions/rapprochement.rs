//! Finding the files that may be of one person, and saying that two of them are not.

use super::personnes::noter_vues;
use crate::{
    domain::rapprochement::{EtatPaire, Signalement, Verdict, cles, rapprocher},
    permissions::ReunirPersonnes,
    reconnaissance::jour,
    store::{
        attribution as attributions,
        rapprochement::{self as store, Rapproches},
    },
};
use serde_json::json;
use socle::{
    App,
    change::Act,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, Permit, authorise},
};
use std::collections::HashMap;
use uuid::Uuid;

/// How many files are compared in one transaction.
const PAR_LOT: u32 = 50;
/// With how many others a file is compared at most, those that share most with it first.
const VOISINS_MAX: u32 = 100;

/// Files with which one was compared, and how much they look alike.
pub type Ressemblants = Vec<(Uuid, Signalement, u8)>;

/// The files in use that somebody should compare with this one, those that look most alike first; `de` is its own, when it has one.
///
/// # Errors
/// The engine's.
pub async fn ressemblants(tx: &mut Tx, de: Uuid, signalement: &Signalement) -> Result<Ressemblants, Erreur> {
    let cles = cles(signalement);
    if cles.is_empty() {
        return Ok(Vec::new());
    }
    let voisins = store::voisins(tx, de, &cles, VOISINS_MAX).await?;
    if voisins.is_empty() {
        return Ok(Vec::new());
    }
    let trouves = store::signalements(tx, &voisins).await?;
    let mut ressemblants: Ressemblants = trouves
        .into_iter()
        .map(|(id, autre)| (id, rapprocher(signalement, &autre), autre))
        .filter(|(_, comparaison, _)| comparaison.verdict > Verdict::Aucun)
        .map(|(id, comparaison, autre)| (id, autre, comparaison.score))
        .collect();
    ressemblants.sort_by_key(|(id, _, score)| (std::cmp::Reverse(*score), *id));
    Ok(ressemblants)
}

/// Makes a new file known at once to those who are about to open another.
///
/// # Errors
/// The engine's.
pub async fn indexer(tx: &mut Tx, id: Uuid) -> Result<(), Erreur> {
    let signalements = store::signalements(tx, &[id]).await?;
    let cles = signalements.get(&id).map(cles).unwrap_or_default();
    Ok(store::indexer(tx, id, &cles).await?)
}

/// Compares with the others the files that changed, some at a time; gives how many were compared.
///
/// # Errors
/// The engine's.
pub async fn comparer(app: &App) -> Result<u64, Erreur> {
    let mut tx = app.db.write().await?;
    let pris = store::prendre(&mut tx, PAR_LOT).await?;
    if pris.is_empty() {
        return Ok(0);
    }
    let signalements = store::signalements(&mut tx, &pris).await?;
    // All keys first: two files of one lot find each other too.
    for id in &pris {
        let cles = signalements.get(id).map(cles).unwrap_or_default();
        store::indexer(&mut tx, *id, &cles).await?;
    }
    let mut trouvees: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for id in &pris {
        let Some(signalement) = signalements.get(id) else {
            continue;
        };
        for (autre, _, score) in ressemblants(&mut tx, *id, signalement).await? {
            let at = app.clock.now();
            let paire = (*id.min(&autre), *id.max(&autre));
            store::garder(&mut tx, app.ids.next(at), paire, score, at).await?;
            trouvees.entry(*id).or_default().push(autre);
            trouvees.entry(autre).or_default().push(*id);
        }
    }
    // A pair found again stays the one that somebody may be looking at.
    for id in &pris {
        let sauf = trouvees.get(id).map(Vec::as_slice).unwrap_or_default();
        store::oublier_paires(&mut tx, *id, sauf).await?;
    }
    tx.commit().await?;
    Ok(pris.len() as u64)
}

/// A pair whose two files the actor may join, with what is compared of each.
#[derive(Debug)]
pub struct Examen {
    /// The pair.
    pub rapproches: Rapproches,
    /// What is compared of the files that are still in use.
    pub signalements: HashMap<Uuid, Signalement>,
    permit: Permit<ReunirPersonnes>,
}

/// Reads a pair.
///
/// # Errors
/// `Introuvable` when it is not there or lies out of reach; the engine's.
pub async fn examiner(app: &App, tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Examen, Erreur> {
    let rapproches = store::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let (premiere, seconde) = rapproches.paire;
    let jour = jour(app.clock.now());
    authorise::<ReunirPersonnes>(actor, &attributions::codes_du_jour(tx, premiere, jour).await?)?;
    let permit = authorise::<ReunirPersonnes>(actor, &attributions::codes_du_jour(tx, seconde, jour).await?)?;
    Ok(Examen {
        signalements: store::signalements(tx, &[premiere, seconde]).await?,
        rapproches,
        permit,
    })
}

/// Notes that somebody looked at both files.
///
/// # Errors
/// The engine's.
pub async fn noter_vue(acte: &Act<'_>, tx: &mut Tx, examen: &Examen) -> Result<(), Erreur> {
    let (premiere, seconde) = examen.rapproches.paire;
    noter_vues(acte, tx, &examen.permit, &[premiere, seconde]).await
}

/// Says of a pair that they are two people, or that it must be looked at again.
///
/// # Errors
/// `Conflit` when somebody judged it since it was shown; the engine's.
pub async fn juger(acte: &Act<'_>, tx: &mut Tx, examen: &Examen, vue: i64, etat: EtatPaire) -> Result<(), Erreur> {
    let rapproches = &examen.rapproches;
    if rapproches.version != vue || !store::juger(tx, rapproches, etat).await? {
        return Err(Erreur::Conflit);
    }
    let (premiere, seconde) = rapproches.paire;
    let detail = json!({ "rapprochement": etat.code() });
    let object = ("rapprochement", rapproches.id);
    acte.journal(tx, &examen.permit, object, detail, &[premiere, seconde])
        .await
}
