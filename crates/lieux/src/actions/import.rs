//! Importing a file of places: read and decide without writing, then write what was decided.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use socle::{
    clock::Instant,
    db::Tx,
    errors::{Erreur, Refus},
    ids::Ids,
    outbox,
};
use territoire::actions::lire_couches::couches_du_jour;
use uuid::Uuid;

use super::{Cadre, doublons};
use crate::{
    domain::{
        correspondance::Correspondance,
        import::{Gardee, NATURES_DES_LABELS, Provenance, Rapport, Traduction, decider, etiqueter},
        lieu::Lieu,
        standard::table,
    },
    permissions::GererLieux,
    store::{
        import::{self as store, Comptes, Connue},
        lieu::{self as lieux, Etat},
    },
};

/// A file that a person gives.
#[derive(Clone, Copy, Debug)]
pub struct Fichier<'f> {
    /// Its name, for the record.
    pub nom: &'f str,
    /// What it holds.
    pub octets: &'f [u8],
    /// The source, when the person names it.
    pub source: Option<&'f str>,
    /// The name and the mapping that the person gives.
    pub correspondance: Option<(&'f str, &'f Correspondance)>,
}

/// What an import would do, and what it needs to do it.
#[derive(Clone, Debug)]
pub struct Preparation {
    /// The decision, row by row.
    pub rapport: Rapport,
    /// The source under which the places are kept.
    pub source: String,
    /// Name of the file.
    pub fichier: String,
    connues: HashMap<String, Connue>,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BilanImport {
    /// Its identifier.
    pub import: Uuid,
    /// The source.
    pub source: String,
    /// How many of each.
    #[serde(flatten)]
    pub comptes: Comptes,
}

/// Reads a file and decides of each row; nothing is written, so that this alone is a dry run.
///
/// # Errors
/// When the file cannot be read as rows, or when nothing recognises its columns.
pub async fn preparer(tx: &mut Tx, fichier: Fichier<'_>, ids: &Ids, at: Instant) -> Result<Preparation, Erreur> {
    let refus = |raison: String| Erreur::from(Refus::champ("fichier", raison));
    let lectures = table::lire_tout(fichier.octets).map_err(|e| refus(e.to_string()))?;
    let traduction = match fichier.correspondance {
        Some((nom, regles)) => Traduction::Correspondance { nom, regles },
        None => Traduction::deviner(&lectures).map_err(|e| refus(e.to_string()))?,
    };
    let tige = fichier.nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let tige = tige.split('.').next().unwrap_or_default();
    let source = fichier.source.or(traduction.source()).unwrap_or(tige).trim().to_owned();
    if source.is_empty() {
        return Err(Refus::champ("source", "donnez le nom de la source").into());
    }
    let connues = store::connues(tx, &source).await?;
    // A place that was withdrawn keeps its identifier for the day when it comes back, and is not withdrawn twice.
    let noms: HashMap<String, Uuid> = connues.iter().map(|c| (c.id_externe.clone(), c.lieu_id)).collect();
    let mut rapport = decider(lectures, &traduction, &source, &noms, || ids.next(at));
    let jour = at.day_in("Europe/Paris");
    let couches = couches_du_jour(tx, &NATURES_DES_LABELS, jour).await?;
    etiqueter(&mut rapport.gardees, &couches, jour);
    let connues: HashMap<String, Connue> = connues.into_iter().map(|c| (c.id_externe.clone(), c)).collect();
    let publie = Etat::Publie.code();
    rapport
        .retirees
        .retain(|r| connues.get(&r.id_externe).is_some_and(|c| c.etat == publie));
    Ok(Preparation {
        rapport,
        source,
        fichier: tige.to_owned(),
        connues,
    })
}

/// Writes what was decided: places made, changed and withdrawn, where each field comes from, one line of journal.
///
/// The same file again writes no place.
///
/// # Errors
/// When more than half of the source would be withdrawn and `retrait_massif` does not allow it.
pub async fn importer(
    tx: &mut Tx,
    cadre: Cadre<'_, GererLieux>,
    preparation: &Preparation,
    retrait_massif: bool,
) -> Result<BilanImport, Erreur> {
    let Preparation {
        rapport,
        source,
        fichier,
        connues,
    } = preparation;
    if rapport.est_un_retrait_massif() && !retrait_massif {
        let message = format!(
            "ce fichier retirerait {} lieux, plus de la moitié de la source « {source} » : vérifiez qu’il est complet, ou confirmez le retrait",
            rapport.retirees.len()
        );
        return Err(Refus::champ("fichier", message).into());
    }
    let at = cadre.at;
    let import = cadre.ids.next(at);
    let mut comptes = Comptes {
        lues: compter(rapport.gardees.len() + rapport.refusees.len()),
        refusees: compter(rapport.refusees.len()),
        retirees: compter(rapport.retirees.len()),
        ..Comptes::default()
    };
    let suites: Vec<(&Gardee, Suite, String)> = rapport
        .gardees
        .iter()
        .map(|gardee| {
            let empreinte = empreinte(&gardee.lieu);
            (gardee, suite(connues.get(&gardee.id_externe), &empreinte), empreinte)
        })
        .collect();
    for (_, suite, _) in &suites {
        match suite {
            Suite::Creer => comptes.creees += 1,
            Suite::Modifier => comptes.modifiees += 1,
            Suite::Laisser => comptes.inchangees += 1,
        }
    }
    store::creer(tx, import, at, source, fichier, &comptes).await?;
    let changees: Vec<_> = suites
        .into_iter()
        .filter(|(_, suite, _)| *suite != Suite::Laisser)
        .collect();
    for (gardee, suite, empreinte) in &changees {
        ecrire(tx, gardee, *suite, source, at).await?;
        store::lier(tx, source, &gardee.id_externe, gardee.lieu.id, empreinte, import).await?;
    }
    let provenances: Vec<(Uuid, &[Provenance])> = changees
        .iter()
        .map(|(gardee, ..)| (gardee.lieu.id, gardee.provenances.as_slice()))
        .collect();
    store::garder_provenances(tx, source, &provenances, at).await?;
    for retiree in &rapport.retirees {
        if !doublons::est_fusionnee(tx, retiree.id).await? {
            lieux::changer_etat(tx, retiree.id, Etat::Retire, at).await?;
        }
    }
    let bilan = BilanImport {
        import,
        source: source.clone(),
        comptes,
    };
    annoncer(tx, cadre, &bilan).await?;
    Ok(bilan)
}

/// What happens to one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suite {
    Creer,
    Modifier,
    Laisser,
}

/// A place that is part of another one stays so: what its row says anew is told by the place that absorbed it.
fn suite(connue: Option<&Connue>, empreinte: &str) -> Suite {
    match connue {
        None => Suite::Creer,
        Some(connue) if connue.empreinte == empreinte && connue.etat != Etat::Retire.code() => Suite::Laisser,
        Some(_) => Suite::Modifier,
    }
}

async fn ecrire(tx: &mut Tx, gardee: &Gardee, suite: Suite, source: &str, at: Instant) -> Result<(), Erreur> {
    match suite {
        Suite::Laisser => {}
        Suite::Creer => lieux::creer(tx, &gardee.lieu, at).await?,
        Suite::Modifier => doublons::reporter(tx, &gardee.lieu, at).await?,
    }
    if suite == Suite::Creer && !gardee.id_externe.starts_with("calcule-") {
        // The form that the national map gave to identifiers, so that its links go on.
        let alias = format!("{source}_{}", gardee.id_externe).replace(' ', "-");
        lieux::ajouter_alias(tx, &alias, gardee.lieu.id, at).await?;
    }
    Ok(())
}

async fn annoncer(tx: &mut Tx, cadre: Cadre<'_, GererLieux>, bilan: &BilanImport) -> Result<(), Erreur> {
    cadre
        .journaliser(tx, "ImporterLieux", ("import", bilan.import), json!(bilan))
        .await?;
    outbox::publish(tx, cadre.ids.next(cadre.at), cadre.at, "lieux.import", json!(bilan)).await?;
    outbox::bump_version(tx, "lieux").await?;
    Ok(())
}

/// Digest of everything that a row says of a place.
fn empreinte(lieu: &Lieu) -> String {
    let sans_id = Lieu {
        id: Uuid::nil(),
        ..lieu.clone()
    };
    let texte = serde_json::to_vec(&sans_id).expect("a place is plain data");
    Sha256::digest(texte)
        .iter()
        .take(16)
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

fn compter(nombre: usize) -> i64 {
    i64::try_from(nombre).unwrap_or(i64::MAX)
}
