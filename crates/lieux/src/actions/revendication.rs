//! Asking to answer for a place, deciding on it, giving it up.

use comptes::{
    actions::notifications,
    domain::{
        notification::GenreNotification,
        perimetre::{Perimetre, code_organisation},
    },
    store::{organisation::meme_organisation, perimetre as perimetres, personne as personnes},
};
use serde_json::json;
use socle::{
    change::{Act, Decision as Changement, Stored},
    db::{DbResult, Tx},
    errors::{Erreur, Refus},
    module::Export,
};
use uuid::Uuid;

use crate::{
    domain::revendication::{Decision, EtatRevendication, MotifRefus, Revendication, lire_mots},
    permissions::{DeciderRevendication, RetirerRevendication, RevendiquerLieu},
    store::{lieu as lieux, portee, revendication as store},
};

/// Asks that an organisation answer for a place.
///
/// # Errors
/// When the place is not shown, when the organisation asked before or answers for it already, or without a reason.
pub async fn demander(
    act: &Act<'_>,
    tx: &mut Tx,
    (lieu, organisation): (Uuid, Uuid),
    motivation: &str,
) -> Result<Revendication, Erreur> {
    let motivation = lire_mots("motivation", motivation)?;
    let situe = portee::situe(tx, lieu).await?.filter(|situe| situe.publie);
    let situe = situe.ok_or_else(|| Refus::champ("lieu", "ce lieu n’est plus sur la carte"))?;
    let deja = || Refus::champ("lieu", "votre structure gère déjà ce lieu, ou l’a déjà demandé");
    let mut memes = meme_organisation(tx, organisation).await?;
    memes.push(code_organisation(organisation));
    if memes.iter().any(|code| situe.codes.contains(code)) || store::en_cours(tx, lieu, organisation).await?.is_some() {
        return Err(deja().into());
    }
    let revendication = Revendication {
        id: act.id(),
        lieu,
        organisation,
        par: act.actor.person.ok_or(Erreur::Introuvable)?,
        motivation,
        demandee_at: act.at,
        territoires: portee::territoires(tx, lieu).await?,
        etat: EtatRevendication::Demandee,
        version: 0,
    };
    let detail = json!({ "lieu": lieu, "etat": revendication.etat.code() });
    let creee = act
        .create::<RevendiquerLieu, _>(tx, Changement::new(revendication, detail))
        .await;
    // Two managers of one organisation may ask at once: the second is told so.
    creee.map_err(|erreur| if erreur.est_doublon() { deja().into() } else { erreur })
}

/// What is decided of a claim.
#[derive(Debug, Clone)]
pub enum Sort {
    /// The organisation answers for the place.
    Accorder,
    /// It does not, for this reason and in these words.
    Refuser(MotifRefus, String),
}

/// Decides on a claim; a place that is granted is at once in the perimeter of the organisation.
///
/// # Errors
/// When it was decided before, changed since it was seen, or was asked by who decides.
pub async fn decider(act: &Act<'_>, tx: &mut Tx, id: Uuid, vue: i64, sort: Sort) -> Result<Revendication, Erreur> {
    let personne = act.actor.person.ok_or(Erreur::Introuvable)?;
    let vraie = act.actor.really.unwrap_or(personne);
    let demande = Revendication::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    // Who asked under a file that was joined to another is the same person still.
    let demandeur = personnes::gardee(tx, demande.par).await?;
    let decidee = act
        .change::<DeciderRevendication, Revendication>(tx, id, Some(vue), |revendication, _| {
            // Acting in someone's place makes nobody else: neither of the two may have asked.
            let sienne = [personne, vraie].contains(&demandeur);
            let par = if sienne { revendication.par } else { vraie };
            let decision = Decision { par, at: act.at };
            let decidee = match sort {
                Sort::Accorder => revendication.accorder(decision),
                Sort::Refuser(motif, mots) => revendication.refuser(decision, motif, mots),
            };
            decidee.map(changement)
        })
        .await?;
    if matches!(decidee.etat, EtatRevendication::Accordee { .. }) {
        portee::attribuer(tx, decidee.lieu).await?;
    }
    prevenir(act, tx, &decidee).await?;
    Ok(decidee)
}

/// Tells who asked what was decided.
async fn prevenir(act: &Act<'_>, tx: &mut Tx, decidee: &Revendication) -> Result<(), Erreur> {
    let nom = lieux::trouver(tx, decidee.lieu)
        .await?
        .map_or_else(String::new, |lieu| lieu.nom);
    let sort = match &decidee.etat {
        EtatRevendication::Refusee { motif, .. } => format!("refusée\u{a0}: {}", motif.libelle().to_lowercase()),
        _ => "accordée".to_owned(),
    };
    let phrase = format!("Votre demande de gérer «\u{a0}{nom}\u{a0}» est {sort}.");
    let chemin = format!("/espace/revendications/{}", decidee.id);
    notifications::prevenir(act, tx, decidee.par, GenreNotification::Lieu, (phrase, &chemin)).await
}

/// Gives up a claim, or a place that was granted.
///
/// # Errors
/// When it was refused or given up before, or changed since it was seen.
pub async fn retirer(act: &Act<'_>, tx: &mut Tx, id: Uuid, vue: i64) -> Result<Revendication, Erreur> {
    let retiree = act
        .change::<RetirerRevendication, Revendication>(tx, id, Some(vue), |revendication, _| {
            revendication.retirer(act.at).map(changement)
        })
        .await?;
    portee::attribuer(tx, retiree.lieu).await?;
    Ok(retiree)
}

/// What this context holds on a person: the places for which they asked.
pub const EXPORT: Export = Export {
    title: "Demandes de gérer un lieu",
    run: |tx, id, _| Box::pin(exporter(tx, id)),
};

async fn exporter(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<serde_json::Value>> {
    let demandes = store::de_personne(tx, personne).await?;
    let lues: Vec<_> = demandes
        .iter()
        .filter_map(|une| Perimetre::lire(&une.organisation).ok())
        .collect();
    let noms = perimetres::noms(tx, &lues).await?;
    let une = |une: &store::Demandee| {
        json!({
            "lieu": une.nom,
            "pour": Perimetre::lire(&une.organisation).map_or_else(|_| une.organisation.clone(), |p| noms.de(&p)),
            "motivation": une.motivation,
            "le": une.demandee_at,
            "état": match une.etat.as_str() {
                "demandee" => "en attente",
                "accordee" => "accordée",
                "refusee" => "refusée",
                _ => "abandonnée",
            },
            "close": une.close_at,
            "réponse": une.mots,
        })
    };
    Ok(demandes.iter().map(une).collect())
}

/// The place and the state, never the words of anyone.
fn changement(suivante: Revendication) -> Changement<Revendication> {
    let detail = json!({ "lieu": suivante.lieu, "etat": suivante.etat.code() });
    Changement::new(suivante, detail)
}
