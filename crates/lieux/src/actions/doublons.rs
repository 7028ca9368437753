//! What is done about duplicates: a run over all places, and a person's decision on one pair or one merge.

use std::collections::HashSet;

use serde_json::json;
use socle::clock::Instant;
use socle::db::Tx;
use socle::errors::{Erreur, Refus};
use socle::outbox;
use uuid::Uuid;

use crate::domain::doublons::fusion::{Fusion, fusionner as fondre};
use crate::domain::doublons::groupes::{Groupes, grouper};
use crate::domain::doublons::paire::{Decision, RefusPaire};
use crate::domain::doublons::{Couple, comparer, detecter};
use crate::domain::lieu::Lieu;
use crate::permissions::DeciderDoublons;
use crate::store::doublons::{self as store, PaireGardee};
use crate::store::lieu::{self as lieux, Etat};
use crate::store::portee;

/// The topic of what follows a change of places; readers of the index listen to it.
const LIEUX: &str = "lieux";

/// What the journal calls a place.
const LIEU: &str = "lieu";

/// Who decides, when, and where new identifiers come from.
pub type Cadre<'a> = super::Cadre<'a, DeciderDoublons>;

impl Cadre<'_> {
    fn decision(&self) -> Decision {
        Decision {
            at: self.at,
            par: self.permis.actor().label(),
        }
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Bilan {
    /// Groups merged.
    pub fusions: usize,
    /// Records that are now part of another.
    pub absorbes: usize,
    /// New pairs that wait for a person.
    pub a_decider: usize,
}

/// Everything a run needs, read at once; the comparison itself holds no transaction.
///
/// # Errors
/// The engine's.
pub async fn lire(tx: &mut Tx) -> Result<(Vec<Lieu>, HashSet<Couple>), Erreur> {
    Ok((lieux::publics(tx).await?, store::jamais(tx).await?))
}

/// What a run would do.
pub fn analyser(lieux: &[Lieu], jamais: &HashSet<Couple>) -> Groupes {
    let lieux: Vec<&Lieu> = lieux.iter().collect();
    grouper(&lieux, detecter(&lieux, jamais), jamais)
}

/// Merges the sure groups and keeps the other pairs for a person.
///
/// # Errors
/// The engine's.
pub async fn appliquer(tx: &mut Tx, cadre: Cadre<'_>, groupes: &Groupes) -> Result<Bilan, Erreur> {
    let mut bilan = Bilan::default();
    for doublon in &groupes.a_decider {
        bilan.a_decider += usize::from(store::proposer(tx, doublon.couple, &doublon.comparaison).await?);
    }
    for groupe in &groupes.a_fusionner {
        let fusion = fusionner_groupe(tx, cadre, groupe).await?;
        bilan.fusions += 1;
        bilan.absorbes += fusion.absorbes.len();
    }
    Ok(bilan)
}

/// A person says that both are one place.
///
/// # Errors
/// When either is gone, when something was decided before, or when somebody decides at the same time.
pub async fn fusionner(tx: &mut Tx, cadre: Cadre<'_>, couple: Couple) -> Result<Fusion, Erreur> {
    if let Some(paire) = store::trouver(tx, couple).await? {
        paire.etat.fusionner(Uuid::nil(), cadre.decision()).map_err(refus)?;
    }
    fusionner_groupe(tx, cadre, &[couple.premier(), couple.second()]).await
}

/// A person says that both are places of their own: nobody shall ask again.
///
/// # Errors
/// When the pair is unknown, was decided before, or is being decided by somebody else.
pub async fn separer(tx: &mut Tx, cadre: Cadre<'_>, couple: Couple) -> Result<(), Erreur> {
    let paire = store::trouver(tx, couple).await?.ok_or(Erreur::Introuvable)?;
    let etat = paire.etat.separer(cadre.decision()).map_err(refus)?;
    enregistrer(tx, PaireGardee { etat, ..paire }).await?;
    cadre
        .journaliser(
            tx,
            "SeparerLieux",
            (LIEU, couple.premier()),
            json!({ "autre": couple.second() }),
        )
        .await
}

/// Asks again about two places once kept apart.
///
/// # Errors
/// When they were not kept apart, or when somebody decides at the same time.
pub async fn rouvrir(tx: &mut Tx, cadre: Cadre<'_>, couple: Couple) -> Result<(), Erreur> {
    let paire = store::trouver(tx, couple).await?.ok_or(Erreur::Introuvable)?;
    let etat = paire.etat.rouvrir().map_err(refus)?;
    enregistrer(tx, PaireGardee { etat, ..paire }).await?;
    cadre
        .journaliser(
            tx,
            "RouvrirPaire",
            (LIEU, couple.premier()),
            json!({ "autre": couple.second() }),
        )
        .await
}

/// Brings back the records that a merge replaced; the next run shall not merge them again.
///
/// # Errors
/// When there is no such merge, when it was undone before, or when a later merge holds its place.
pub async fn defaire_fusion(tx: &mut Tx, cadre: Cadre<'_>, id: Uuid) -> Result<Vec<Lieu>, Erreur> {
    let fusion = store::fusion(tx, id).await?.ok_or(Erreur::Introuvable)?;
    if fusion.defaite.is_some() {
        return Err(Refus::new("cette fusion a déjà été défaite").into());
    }
    if store::derniere_fusion(tx, fusion.lieu_id).await? != Some(id) {
        return Err(Refus::new("une fusion plus récente porte sur ce lieu : défaites-la d’abord").into());
    }
    if !store::defaire(tx, id, &cadre.decision()).await? {
        return Err(Erreur::Conflit);
    }
    for (alias, lieu) in &fusion.alias_deplaces {
        store::rendre_alias(tx, alias, *lieu).await?;
    }
    for original in &fusion.originaux {
        store::oublier_alias(tx, original.id).await?;
        lieux::enregistrer(tx, original, cadre.at).await?;
    }
    for original in &fusion.originaux {
        portee::attribuer(tx, original.id).await?;
    }
    for paire in store::de_la_fusion(tx, id).await? {
        let etat = paire.etat.defaire_fusion(cadre.decision()).map_err(refus)?;
        enregistrer(tx, PaireGardee { etat, ..paire }).await?;
    }
    cadre
        .journaliser(tx, "DefaireFusion", (LIEU, fusion.lieu_id), json!({ "fusion": id }))
        .await?;
    annoncer(tx, cadre, fusion.originaux.iter().map(|l| l.id)).await?;
    Ok(fusion.originaux)
}

/// Saves a record that its source changed. A record that is part of a merge changes the merged place instead, and
/// through it every merge that was made of that one. Gives the place that shows it in the end.
///
/// # Errors
/// The engine's.
pub async fn reporter(tx: &mut Tx, fiche: &Lieu, at: Instant) -> Result<Uuid, Erreur> {
    let mut fiche = fiche.clone();
    let mut faites = HashSet::new();
    while let Some(id) = store::fusions_de(tx, fiche.id)
        .await?
        .into_iter()
        .find(|id| faites.insert(*id))
    {
        let Some(mut fusion) = store::fusion(tx, id).await? else {
            break;
        };
        fusion
            .originaux
            .iter_mut()
            .filter(|o| o.id == fiche.id)
            .for_each(|o| *o = fiche.clone());
        let originaux: Vec<&Lieu> = fusion.originaux.iter().collect();
        // Seen from the day of the merge: time that passes must not take away what the merge gathered.
        let Some(refondue) = fondre(&originaux, fusion.at.day_in("Europe/Paris")) else {
            break;
        };
        store::remplacer_originaux(tx, &fusion, &refondue.provenance).await?;
        fiche = refondue.lieu;
    }
    lieux::enregistrer(tx, &fiche, at).await?;
    Ok(fiche.id)
}

/// A record as its source last left it: a merge keeps those that it is made of.
///
/// # Errors
/// `Introuvable` when there is none; the engine's.
pub async fn fiche(tx: &mut Tx, id: Uuid) -> Result<Lieu, Erreur> {
    if let Some(fusion) = store::fusions_de(tx, id).await?.first()
        && let Some(fusion) = store::fusion(tx, *fusion).await?
        && let Some(original) = fusion.originaux.into_iter().find(|o| o.id == id)
    {
        return Ok(original);
    }
    lieux::trouver(tx, id).await?.ok_or(Erreur::Introuvable)
}

/// Whether a record is part of a merge: it stays when one source forgets it and another does not.
///
/// # Errors
/// The engine's.
pub async fn est_fusionnee(tx: &mut Tx, fiche: Uuid) -> Result<bool, Erreur> {
    Ok(!store::fusions_de(tx, fiche).await?.is_empty())
}

async fn fusionner_groupe(tx: &mut Tx, cadre: Cadre<'_>, groupe: &[Uuid]) -> Result<Fusion, Erreur> {
    let mut originaux = Vec::with_capacity(groupe.len());
    for id in groupe {
        if !store::est_publie(tx, *id).await? {
            return Err(Erreur::Conflit);
        }
        originaux.push(lieux::trouver(tx, *id).await?.ok_or(Erreur::Introuvable)?);
    }
    let fiches: Vec<&Lieu> = originaux.iter().collect();
    let fusion = fondre(&fiches, cadre.at.day_in("Europe/Paris")).ok_or(Erreur::Introuvable)?;
    let id = cadre.ids.next(cadre.at);
    let mut alias_deplaces = Vec::new();
    for absorbe in &fusion.absorbes {
        alias_deplaces.extend(store::deplacer_alias(tx, *absorbe, fusion.lieu.id).await?);
        lieux::ajouter_alias(tx, &absorbe.to_string(), fusion.lieu.id, cadre.at).await?;
        lieux::changer_etat(tx, *absorbe, Etat::Fusionne, cadre.at).await?;
    }
    portee::attribuer(tx, fusion.lieu.id).await?;
    lieux::enregistrer(tx, &fusion.lieu, cadre.at).await?;
    let decision = cadre.decision();
    let gardee = store::FusionGardee {
        id,
        lieu_id: fusion.lieu.id,
        at: decision.at,
        originaux,
        alias_deplaces,
        defaite: None,
    };
    store::garder_fusion(tx, &gardee, &fusion.provenance, &decision).await?;
    lier_les_paires(tx, &gardee, &decision).await?;
    cadre
        .journaliser(
            tx,
            "FusionnerLieux",
            (LIEU, fusion.lieu.id),
            json!({ "fusion": id, "absorbes": fusion.absorbes }),
        )
        .await?;
    annoncer(tx, cadre, groupe.iter().copied()).await?;
    Ok(fusion)
}

/// Every pair of a merge remembers it, so that undoing the merge settles them all.
async fn lier_les_paires(tx: &mut Tx, fusion: &store::FusionGardee, decision: &Decision) -> Result<(), Erreur> {
    for (rang, a) in fusion.originaux.iter().enumerate() {
        for b in &fusion.originaux[rang + 1..] {
            let Some(couple) = Couple::de(a.id, b.id) else { continue };
            store::proposer(tx, couple, &comparer(a, b)).await?;
            let paire = store::trouver(tx, couple).await?.ok_or(Erreur::Conflit)?;
            let etat = paire.etat.fusionner(fusion.id, decision.clone()).map_err(refus)?;
            enregistrer(tx, PaireGardee { etat, ..paire }).await?;
        }
    }
    Ok(())
}

async fn enregistrer(tx: &mut Tx, paire: PaireGardee) -> Result<(), Erreur> {
    if store::decider(tx, &paire).await? {
        Ok(())
    } else {
        Err(Erreur::Conflit)
    }
}

async fn annoncer(tx: &mut Tx, cadre: Cadre<'_>, ids: impl Iterator<Item = Uuid>) -> Result<(), Erreur> {
    let ids: Vec<Uuid> = ids.collect();
    outbox::publish(
        tx,
        cadre.ids.next(cadre.at),
        cadre.at,
        "lieux.fusion",
        json!({ "lieux": ids }),
    )
    .await?;
    outbox::bump_version(tx, LIEUX).await?;
    Ok(())
}

fn refus(refus: RefusPaire) -> Erreur {
    Refus::new(refus.to_string()).into()
}
