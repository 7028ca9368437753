//! Changing a place by hand, and undoing the last change.

use serde_json::json;
use socle::{
    db::Tx,
    errors::{Erreur, Refus},
    outbox,
    permissions::Action,
};
use uuid::Uuid;

use super::Cadre;
use crate::{
    domain::{
        modification::{self, Origine, differences},
        situe::LieuSitue,
    },
    store::{
        import::provenances,
        lieu as lieux,
        modification::{self as store, ModificationGardee},
    },
};

/// What was typed, by column of the standard.
pub type Saisies = [(&'static str, String)];

/// Changes fields of a place; what is typed is read as an import reads it. Gives the columns changed, none when all is as it was.
///
/// # Errors
/// What cannot be read, `Conflit` when the place changed since it was read.
pub async fn modifier<A: Action>(
    tx: &mut Tx,
    cadre: Cadre<'_, A>,
    situe: &LieuSitue,
    saisies: &Saisies,
    origine: Origine,
) -> Result<Vec<&'static str>, Erreur> {
    let jour = cadre.at.day_in("Europe/Paris");
    let decidee = modification::modifier(&situe.lieu, saisies, jour).map_err(premier)?;
    let champs: Vec<&'static str> = differences(&situe.lieu, &decidee.lieu)
        .iter()
        .map(|d| d.champ)
        .collect();
    if champs.is_empty() {
        return Ok(champs);
    }
    let lieu = decidee.lieu.id;
    if !store::prendre(tx, lieu, situe.version, cadre.at).await? {
        return Err(Erreur::Conflit);
    }
    let mut anciennes = provenances(tx, lieu).await?;
    anciennes.retain(|p| champs.contains(&p.champ.as_str()));
    lieux::enregistrer(tx, &decidee.lieu, cadre.at).await?;
    store::noter(tx, lieu, origine, &decidee.provenances, cadre.at).await?;
    let gardee = ModificationGardee {
        id: cadre.ids.next(cadre.at),
        lieu,
        at: cadre.at,
        par: cadre.permis.actor().label(),
        origine,
        champs: champs.iter().map(|c| (*c).to_owned()).collect(),
        avant: situe.lieu.clone(),
        provenances: anciennes,
        version: situe.version + 1,
        defaite_at: None,
    };
    store::garder(tx, &gardee).await?;
    let detail = json!({ "champs": champs, "origine": origine.code() });
    cadre.journaliser(tx, "ModifierLieu", ("lieu", lieu), detail).await?;
    annoncer(tx, cadre, lieu).await?;
    Ok(champs)
}

/// Brings a place back to what it was before its last change by hand.
///
/// # Errors
/// When nothing was changed by hand, or when the place changed otherwise since.
pub async fn defaire<A: Action>(tx: &mut Tx, cadre: Cadre<'_, A>, situe: &LieuSitue) -> Result<(), Erreur> {
    let lieu = situe.lieu.id;
    let derniere = store::du_lieu(tx, lieu, 1).await?.into_iter().next();
    let derniere = derniere.ok_or_else(|| Refus::new("aucune modification n’est à défaire"))?;
    if derniere.version != situe.version {
        let depuis = "ce lieu a changé depuis cette modification : corrigez plutôt l’information elle-même";
        return Err(Refus::new(depuis).into());
    }
    if !store::defaire(tx, derniere.id, cadre.at).await? || !store::prendre(tx, lieu, situe.version, cadre.at).await? {
        return Err(Erreur::Conflit);
    }
    lieux::enregistrer(tx, &derniere.avant, cadre.at).await?;
    store::oublier(tx, lieu, &derniere.champs).await?;
    store::rendre(tx, lieu, &derniere.provenances).await?;
    let detail = json!({ "champs": derniere.champs, "modification": derniere.id });
    cadre
        .journaliser(tx, "DefaireModification", ("lieu", lieu), detail)
        .await?;
    annoncer(tx, cadre, lieu).await
}

/// Tells those who follow places, and the read copies, that this one changed.
async fn annoncer<A: Action>(tx: &mut Tx, cadre: Cadre<'_, A>, lieu: Uuid) -> Result<(), Erreur> {
    let id = cadre.ids.next(cadre.at);
    outbox::publish(tx, id, cadre.at, "lieux.modification", json!({ "lieux": [lieu] })).await?;
    outbox::bump_version(tx, "lieux").await?;
    Ok(())
}

fn premier(refus: Vec<Refus>) -> Erreur {
    let defaut = || Refus::new("cette modification ne se lit pas");
    refus.into_iter().next().unwrap_or_else(defaut).into()
}
