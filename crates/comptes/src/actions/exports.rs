//! What a person takes away of how they sign in, of what passed through them and of what they were told.

use crate::{
    domain::{
        invitation::{EtatInvitation, Invitation},
        notification::GenreNotification,
        personne::Moyen,
    },
    store::{
        cles, delegation, facteurs, fusion, identite_externe, invitation, liberation, notification, perimetre, personne,
    },
};
use serde_json::{Value, json};
use socle::db::{DbResult, Tx};
use uuid::Uuid;

/// Every notification is given: a year of them is kept at most.
const NOTIFICATIONS_MAX: u32 = 100_000;

/// Passkeys, by the names that their owner gave them; their secret part never left the owner.
///
/// # Errors
/// The engine's.
pub async fn cles(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let cles = cles::de_personne(tx, id).await?;
    let une =
        |cle: cles::CleAcces| json!({ "nom": cle.nom, "ajoutée": cle.ajoutee_at, "dernier usage": cle.utilisee_at });
    Ok(cles.into_iter().map(une).collect())
}

/// When their second factors were removed by another, and why.
///
/// # Errors
/// The engine's.
pub async fn liberations(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let faites = liberation::de_personne(tx, id).await?;
    let une = |faite: liberation::Liberation| json!({ "le": faite.faite_at, "pourquoi": faite.motif });
    Ok(faites.into_iter().map(une).collect())
}

/// The application of codes and the identities of providers.
///
/// # Errors
/// The engine's.
pub async fn autres_moyens(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let application = facteurs::application(tx, id).await?;
    let identites = identite_externe::de_personne(tx, id).await?;
    let une = |identite: identite_externe::IdentiteExterne| {
        json!({
            "moyen": "fournisseur d’identité",
            "fournisseur": identite.emetteur,
            "identifiant": identite.sujet,
            "ajouté": identite.ajoutee_at,
            "dernier usage": identite.vue_at,
        })
    };
    let application = application.map(|a| json!({ "moyen": "application de codes", "confirmée": a.confirme_at }));
    Ok(application.into_iter().chain(identites.into_iter().map(une)).collect())
}

/// What the person passed on and received; the other person is not theirs to take away.
///
/// # Errors
/// The engine's.
pub async fn delegations(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let dites = delegation::de_personne(tx, id).await?;
    let noms = perimetre::noms(tx, dites.iter().map(|dite| &dite.perimetre)).await?;
    let une = |dite: &delegation::Dite| {
        let une = &dite.delegation;
        json!({
            "sens": if une.personne == id { "reçue" } else { "donnée" },
            "ce qui est délégué": une.genre.titre(),
            "fonction": dite.fonction.titre(),
            "périmètre": noms.de(&dite.perimetre),
            "acte": une.acte,
            "du": une.du.to_string(),
            "au": une.au.to_string(),
            "terminée": une.retiree_at,
        })
    };
    Ok(dites.iter().map(une).collect())
}

/// What the person was told, and how they chose to be told.
///
/// # Errors
/// The engine's.
pub async fn notifications(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let mut tout = Vec::new();
    for genre in GenreNotification::TOUS {
        let mode = notification::mode(tx, id, genre).await?.pour(genre);
        tout.push(json!({ "genre": genre.titre(), "façon d’être prévenu": mode.titre() }));
    }
    for une in notification::lister(tx, id, NOTIFICATIONS_MAX).await? {
        tout.push(json!({ "genre": une.genre.titre(), "phrase": une.phrase, "le": une.faite_at, "lue": une.lue_at }));
    }
    Ok(tout)
}

/// The invitations that the person sent, accepted, or received at an address of theirs.
///
/// # Errors
/// The engine's.
pub async fn invitations(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let contacts = personne::contacts(tx, id).await?;
    let siennes: Vec<String> = contacts
        .iter()
        .filter(|contact| contact.confirme_at.is_some())
        .filter_map(|contact| match &contact.moyen {
            Moyen::Courriel(courriel) => Some(courriel.as_str().to_owned()),
            Moyen::Telephone(_) => None,
        })
        .collect();
    let toutes = invitation::de_personne(tx, id, &siennes).await?;
    let noms = perimetre::noms(tx, toutes.iter().map(|une| &une.perimetre)).await?;
    let une = |une: &Invitation| {
        let envoyee = une.par == Some(id);
        json!({
            "sens": if envoyee { "envoyée" } else { "reçue" },
            "adresse": (!envoyee).then(|| une.courriel.as_str()),
            "fonction": une.fonction.titre(),
            "périmètre": noms.de(&une.perimetre),
            "le": une.creee_at,
            "état": match une.etat {
                EtatInvitation::Envoyee => "envoyée",
                EtatInvitation::Acceptee { .. } => "acceptée",
                EtatInvitation::Retiree => "retirée",
            },
        })
    };
    Ok(toutes.iter().map(une).collect())
}

/// The files that were joined into the person's.
///
/// # Errors
/// The engine's.
pub async fn fusions(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let faites = fusion::de_personne(tx, id).await?;
    let une =
        |faite: fusion::Fusion| json!({ "fiche réunie": faite.absorbee, "le": faite.faite_at, "motif": faite.motif });
    Ok(faites.into_iter().map(une).collect())
}
