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
    permissions::{Action, Scope},
    secrets::sha256,
};
use territoire::actions::lire_couches::couches_du_jour;
use uuid::Uuid;

use super::{Cadre, depot::SOURCE_OCCUPEE, doublons};
use crate::{
    domain::{
        correspondance::Correspondance,
        import::{
            Comptes, FormeInconnue, Gardee, NATURES_DES_LABELS, Provenance, Rapport, Retiree, Traduction, decider,
            etiqueter,
        },
        lieu::Lieu,
        standard::table::{self, ErreurTable, Lecture},
    },
    permissions::GererLieux,
    store::{
        depot as depots,
        import::{self as store, Connue},
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

/// A place to write.
#[derive(Clone, Debug)]
pub(super) enum Travail<'p> {
    /// To make.
    Creer(&'p Gardee, String),
    /// To change, with what was known of its row.
    Modifier(&'p Gardee, String, &'p Connue),
    /// To withdraw.
    Retirer(&'p Retiree),
}

impl Travail<'_> {
    /// The place.
    pub(super) fn lieu(&self) -> Uuid {
        match self {
            Self::Creer(gardee, _) | Self::Modifier(gardee, ..) => gardee.lieu.id,
            Self::Retirer(retiree) => retiree.id,
        }
    }

    /// Its identifier in the source.
    pub(super) fn id_externe(&self) -> &str {
        match self {
            Self::Creer(gardee, _) | Self::Modifier(gardee, ..) => &gardee.id_externe,
            Self::Retirer(retiree) => &retiree.id_externe,
        }
    }
}

impl Preparation {
    /// How many of each, and what is left to write, in the order of the file.
    pub(super) fn travaux(&self) -> (Comptes, Vec<Travail<'_>>) {
        let rapport = &self.rapport;
        let mut comptes = Comptes {
            lues: compter(rapport.gardees.len() + rapport.refusees.len()),
            refusees: compter(rapport.refusees.len()),
            retirees: compter(rapport.retirees.len()),
            ..Comptes::default()
        };
        let mut travaux = Vec::new();
        for gardee in &rapport.gardees {
            let empreinte = empreinte(&gardee.lieu);
            match self.connues.get(&gardee.id_externe) {
                None => {
                    comptes.creees += 1;
                    travaux.push(Travail::Creer(gardee, empreinte));
                }
                // A place that is part of another one stays so: what its row says anew is told by the place that absorbed it.
                Some(connue) if connue.empreinte == empreinte && connue.etat != Etat::Retire.code() => {
                    comptes.inchangees += 1;
                }
                Some(connue) => {
                    comptes.modifiees += 1;
                    travaux.push(Travail::Modifier(gardee, empreinte, connue));
                }
            }
        }
        travaux.extend(rapport.retirees.iter().map(Travail::Retirer));
        (comptes, travaux)
    }

    /// Digest of what is known of the source and of where the import may act: another one calls for another decision.
    pub(super) fn temoin(&self, portee: &Scope) -> Vec<u8> {
        temoin(self.connues.values(), portee)
    }
}

/// As [`Preparation::temoin`], without reading the file again.
pub(super) fn temoin<'c>(connues: impl IntoIterator<Item = &'c Connue>, portee: &Scope) -> Vec<u8> {
    let mut lignes: Vec<_> = connues
        .into_iter()
        .map(|c| (&c.id_externe, c.lieu_id, &c.empreinte, &c.etat, c.version))
        .collect();
    lignes.sort();
    let texte = serde_json::to_vec(&(lignes, portee.is_everything(), portee.codes())).expect("plain data");
    sha256(&texte).to_vec()
}

/// Why a file cannot be read as places.
#[derive(Debug, thiserror::Error)]
pub enum Illisible {
    /// No rows can be told.
    #[error(transparent)]
    Table(#[from] ErreurTable),
    /// Nothing recognises its columns.
    #[error(transparent)]
    Forme(#[from] FormeInconnue),
}

/// Reads a file and decides of each row; nothing is written, so that this alone is a dry run.
///
/// # Errors
/// When the file cannot be read as rows, or when nothing recognises its columns.
pub async fn preparer(tx: &mut Tx, fichier: Fichier<'_>, ids: &Ids, at: Instant) -> Result<Preparation, Erreur> {
    let lue = lire(fichier).map_err(|illisible| match illisible {
        Illisible::Table(erreur) => erreur.to_string(),
        Illisible::Forme(forme) => {
            format!("{forme}. Décrivez-les dans un fichier de correspondance, puis relancez avec --columns")
        }
    });
    let lue = lue.map_err(|raison| Refus::champ("fichier", raison))?;
    if lue.source.is_empty() {
        return Err(Refus::champ("source", "donnez le nom de la source").into());
    }
    decider_dans(tx, lue, &Scope::Everything, ids, at).await
}

/// A file read as rows.
#[derive(Clone, Debug)]
pub(super) struct Lue<'f> {
    lectures: Vec<Lecture>,
    traduction: Traduction<'f>,
    source: String,
    tige: String,
}

/// Reads the rows of a file, and what gives them their meaning.
pub(super) fn lire(fichier: Fichier<'_>) -> Result<Lue<'_>, Illisible> {
    let lectures = table::lire_tout(fichier.octets)?;
    let traduction = match fichier.correspondance {
        Some((nom, regles)) => Traduction::Correspondance { nom, regles },
        None => Traduction::deviner(&lectures)?,
    };
    let tige = fichier.nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let tige = tige.split('.').next().unwrap_or_default();
    let source = fichier.source.or(traduction.source()).unwrap_or(tige).trim().to_owned();
    Ok(Lue {
        lectures,
        traduction,
        source,
        tige: tige.to_owned(),
    })
}

/// Decides of each row, where the import may act.
pub(super) async fn decider_dans(
    tx: &mut Tx,
    lue: Lue<'_>,
    portee: &Scope,
    ids: &Ids,
    at: Instant,
) -> Result<Preparation, Erreur> {
    let Lue {
        lectures,
        traduction,
        source,
        tige,
    } = lue;
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
    for retiree in std::mem::take(&mut rapport.retirees) {
        // A record that is part of a merge stays when one source forgets it and another does not.
        if !doublons::est_fusionnee(tx, retiree.id).await? {
            rapport.retirees.push(retiree);
        }
    }
    if !portee.is_everything() {
        let tenus = store::tenus(tx, &source, portee.codes()).await?;
        rapport.restreindre(portee, &tenus);
    }
    Ok(Preparation {
        rapport,
        source,
        fichier: tige,
        connues,
    })
}

/// Writes what was decided: places made, changed and withdrawn, where each field comes from, one line of journal.
///
/// The same file again writes no place.
///
/// # Errors
/// When more than half of the source would be withdrawn and `retrait_massif` does not allow it, or while a file of the source is being written.
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
        ..
    } = preparation;
    if rapport.est_un_retrait_massif() && !retrait_massif {
        let message = format!(
            "ce fichier retirerait {} lieux, plus de la moitié de la source « {source} » : vérifiez qu’il est complet, ou confirmez le retrait",
            rapport.retirees.len()
        );
        return Err(Refus::champ("fichier", message).into());
    }
    if depots::est_occupee(tx, source, Uuid::nil()).await? {
        return Err(Refus::champ("source", SOURCE_OCCUPEE).into());
    }
    let at = cadre.at;
    let import = cadre.ids.next(at);
    let (comptes, travaux) = preparation.travaux();
    store::creer(tx, import, at, source, fichier, &comptes).await?;
    ecrire(tx, (import, source, at), &travaux).await?;
    let bilan = BilanImport {
        import,
        source: source.clone(),
        comptes,
    };
    annoncer(tx, cadre, &bilan).await?;
    Ok(bilan)
}

/// Writes places, and gives for each the one that shows it, or nothing when it was left.
pub(super) async fn ecrire(
    tx: &mut Tx,
    (import, source, at): (Uuid, &str, Instant),
    travaux: &[Travail<'_>],
) -> Result<Vec<Option<Uuid>>, Erreur> {
    let mut porteurs = Vec::with_capacity(travaux.len());
    let mut provenances: Vec<(Uuid, &[Provenance])> = Vec::new();
    for travail in travaux {
        let porteur = match travail {
            Travail::Creer(gardee, empreinte) => {
                creer(tx, (import, source, at), gardee, empreinte).await?;
                Some(gardee.lieu.id)
            }
            Travail::Modifier(gardee, empreinte, _) => {
                let porteur = doublons::reporter(tx, &gardee.lieu, at).await?;
                store::lier(tx, source, &gardee.id_externe, gardee.lieu.id, empreinte, import).await?;
                Some(porteur)
            }
            Travail::Retirer(retiree) if doublons::est_fusionnee(tx, retiree.id).await? => None,
            Travail::Retirer(retiree) => {
                lieux::changer_etat(tx, retiree.id, Etat::Retire, at).await?;
                Some(retiree.id)
            }
        };
        if let Travail::Creer(gardee, _) | Travail::Modifier(gardee, ..) = travail {
            provenances.push((gardee.lieu.id, &gardee.provenances));
        }
        porteurs.push(porteur);
    }
    store::garder_provenances(tx, source, &provenances, at).await?;
    Ok(porteurs)
}

async fn creer(
    tx: &mut Tx,
    (import, source, at): (Uuid, &str, Instant),
    gardee: &Gardee,
    empreinte: &str,
) -> Result<(), Erreur> {
    lieux::creer(tx, &gardee.lieu, at).await?;
    if !gardee.id_externe.starts_with("calcule-") {
        // The form that the national map gave to identifiers, so that its links go on; two sources may write the same one, and the link of
        // the first place must not lead to another.
        let alias = format!("{source}_{}", gardee.id_externe).replace(' ', "-");
        lieux::ajouter_alias_libre(tx, &alias, gardee.lieu.id, at).await?;
    }
    let id_externe = &gardee.id_externe;
    // Another import of the same source must not make the place twice.
    if !store::lier_nouvelle(tx, source, id_externe, gardee.lieu.id, empreinte, import).await? {
        return Err(Erreur::Conflit);
    }
    Ok(())
}

pub(super) async fn annoncer<A: Action>(tx: &mut Tx, cadre: Cadre<'_, A>, bilan: &BilanImport) -> Result<(), Erreur> {
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
