//! What a person does with their own account: names, contacts, the function in use.

use super::{
    facteurs::{self, les_miens},
    limites::{self, Cle},
};
use crate::{
    courriels::{self, Message},
    domain::{
        attribution::{Attribution, EtatAttribution},
        courriel::Courriel,
        personne::{Contact, Moyen, Nom, Personne},
    },
    permissions::GererSonCompte,
    reconnaissance::jour,
    store::{delegation, personne as store, session},
};
use serde_json::json;
use socle::{
    App,
    change::{Act, Decision, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{authorise, person_code},
    secrets::token,
};
use uuid::Uuid;

/// What is sealed in the link that confirms an address: the contact point.
const CONFIRMATION: &str = "confirmation";

/// What a person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identite {
    /// Their names.
    pub nom: Nom,
    /// Their year of birth, when they give it.
    pub annee_naissance: Option<i16>,
    /// Their time zone.
    pub fuseau: String,
}

/// Corrects one's own names.
///
/// # Errors
/// `Conflit` when the file changed since it was shown; the engine's.
pub async fn corriger(acte: &Act<'_>, tx: &mut Tx, vue: i64, identite: Identite) -> Result<Personne, Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    acte.change::<GererSonCompte, Personne>(tx, moi, Some(vue), |personne, _| {
        let detail = json!({
            "nom": personne.nom != identite.nom,
            "annee_naissance": personne.annee_naissance != identite.annee_naissance,
            "fuseau": personne.fuseau != identite.fuseau,
        });
        let corrigee = personne.corriger(identite.nom, identite.annee_naissance, identite.fuseau)?;
        Ok(Decision::new(corrigee, detail))
    })
    .await
}

/// Adds a contact point; an address is sent a link that confirms it.
///
/// # Errors
/// When it is already there, or when there are too many; `Limite` after too many messages; the engine's.
pub async fn ajouter_contact(acte: &Act<'_>, tx: &mut Tx, moyen: Moyen) -> Result<Contact, Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    if store::contacts(tx, moi).await?.len() >= store::CONTACTS_MAX as usize {
        let trop = format!(
            "votre compte a déjà {} adresses et numéros\u{a0}: retirez-en un d’abord",
            store::CONTACTS_MAX
        );
        return Err(Refus::champ(moyen.code(), trop).into());
    }
    let contact = Contact {
        id: acte.id(),
        personne: moi,
        moyen,
        confirme_at: None,
        ajoute_at: acte.at,
    };
    if !store::ajouter_contact(tx, &contact).await? {
        return Err(Refus::champ(
            contact.moyen.code(),
            "ce moyen de vous joindre est déjà dans votre compte",
        )
        .into());
    }
    if let Moyen::Courriel(courriel) = &contact.moyen {
        // Each address added writes to somebody who asked for nothing yet.
        limites::compter(tx, acte.app, "contact", &[Cle::Personne(moi)], acte.at).await?;
        let message = Message::Confirmation {
            lien: lien_de_confirmation(acte, contact.id),
        };
        courriels::deposer(tx, acte.app, courriel, Some(moi), &message).await?;
    }
    let detail = json!({ "ajoute": contact.moyen.code() });
    acte.journal(tx, &permit, ("contact", contact.id), detail, &[moi])
        .await?;
    Ok(contact)
}

/// Tells every confirmed address of a person that the ways to sign in change: whoever holds one of them cannot hide it from the others.
pub(super) async fn prevenir_partout(
    acte: &Act<'_>,
    tx: &mut Tx,
    (personne, contacts): (Uuid, &[Contact]),
    phrase: &str,
) -> Result<(), Erreur> {
    facteurs::prevenir(acte, tx, personne, phrase).await?;
    for adresse in adresses_confirmees(contacts).skip(1) {
        let message = Message::Facteurs {
            phrase: phrase.to_owned(),
            lien: format!("{}/compte", acte.app.settings.public_url),
        };
        courriels::deposer(tx, acte.app, adresse, Some(personne), &message).await?;
    }
    Ok(())
}

/// The link carries the sealed contact point and a day's life: nothing needs to be stored, and nobody can make one.
fn lien_de_confirmation(acte: &Act<'_>, contact: Uuid) -> String {
    let fin = acte.at.plus_seconds(86_400).micros();
    let clair = format!("{contact}/{fin}");
    let scelle = acte.app.settings.keys.seal(CONFIRMATION, clair.as_bytes());
    format!(
        "{}/compte/contacts/confirmer/{}",
        acte.app.settings.public_url,
        hex::encode(scelle)
    )
}

/// Confirms the address of a link. The account that added it must be open: a link that anyone could confirm would give their address to
/// whoever typed it.
///
/// # Errors
/// When the link is wrong or too old, when another account is open, or when somebody else showed before that the address is theirs.
pub async fn confirmer_contact(acte: &Act<'_>, tx: &mut Tx, jeton: &str) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    let perime = || {
        Refus::new("ce lien ne vaut plus\u{a0}: ajoutez de nouveau l’adresse à votre compte pour en recevoir un autre")
    };
    let (id, fin) = lire_confirmation(acte.app, jeton).ok_or_else(perime)?;
    if acte.at.micros() >= fin {
        return Err(perime().into());
    }
    let contacts = store::contacts(tx, moi).await?;
    let Some(contact) = contacts.iter().find(|c| c.id == id) else {
        return Err(Refus::new(
            "cette adresse n’est pas dans le compte ouvert sur cet appareil\u{a0}: connectez-vous au compte où vous l’avez ajoutée, puis ouvrez de nouveau le lien",
        )
        .into());
    };
    if contact.confirme_at.is_some() {
        return Ok(());
    }
    let phrase = "Une adresse de courriel a été ajoutée à votre compte\u{a0}: elle sert à se connecter.";
    prevenir_partout(acte, tx, (moi, &contacts), phrase).await?;
    let confirmee = match store::confirmer_contact(tx, id, acte.at).await.map_err(Erreur::from) {
        // Somebody else confirms it at this very moment.
        Err(erreur) if erreur.est_doublon() => false,
        autre => autre?,
    };
    if !confirmee {
        return Err(Refus::new("cette adresse est déjà confirmée par une autre personne").into());
    }
    acte.journal(tx, &permit, ("contact", id), json!({ "confirme": "courriel" }), &[moi])
        .await
}

/// The contact point that a link confirms, and until when in microseconds.
fn lire_confirmation(app: &App, jeton: &str) -> Option<(Uuid, i64)> {
    let scelle = hex::decode(jeton).ok()?;
    let clair = String::from_utf8(app.settings.keys.open(CONFIRMATION, &scelle).ok()?).ok()?;
    let (contact, fin) = clair.split_once('/')?;
    Some((contact.parse().ok()?, fin.parse().ok()?))
}

/// Removes a contact point.
///
/// # Errors
/// When it is the last confirmed address, through which the person signs in; the engine's.
pub async fn retirer_contact(acte: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    let contacts = store::contacts(tx, moi).await?;
    let contact = contacts.iter().find(|c| c.id == id).ok_or(Erreur::Introuvable)?;
    if contact.confirme_at.is_some() {
        let phrase = "Une adresse de courriel a été retirée de votre compte.";
        prevenir_partout(acte, tx, (moi, &contacts), phrase).await?;
    }
    if !store::retirer_contact(tx, moi, id).await? {
        return Err(Refus::champ(
            "contact",
            "c’est votre dernière adresse confirmée, celle qui sert à vous connecter\u{a0}: ajoutez-en une autre d’abord",
        )
        .into());
    }
    let detail = json!({ "retire": contact.moyen.code() });
    acte.journal(tx, &permit, ("contact", id), detail, &[moi]).await
}

/// Chooses the function in which one acts from now on.
///
/// # Errors
/// `Introuvable` when it is not held today; the engine's.
pub async fn choisir_fonction(acte: &Act<'_>, tx: &mut Tx, attribution: Uuid) -> Result<(), Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let session = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSonCompte>(acte.actor, &vec![person_code(moi)])?;
    let jour = jour(acte.at);
    let une = Attribution::load(tx, attribution).await?.ok_or(Erreur::Introuvable)?;
    let deleguee = delegation::de_attribution(tx, attribution)
        .await?
        .iter()
        .any(|d| d.personne == moi && d.vaut(jour));
    if une.etat(jour) != EtatAttribution::EnCours || (une.personne != moi && !deleguee) {
        return Err(Erreur::Introuvable);
    }
    session::choisir(tx, session, Some(attribution)).await?;
    let detail = json!({ "fonction": une.fonction.code(), "perimetre": une.perimetre.code() });
    acte.journal(tx, &permit, ("attribution", attribution), detail, &[moi])
        .await
}

/// A random value for the cookie that binds a sign-in link to a browser.
pub fn nouveau_navigateur() -> String {
    token()
}

/// The addresses that a person confirmed, the oldest first.
fn adresses_confirmees(contacts: &[Contact]) -> impl Iterator<Item = &Courriel> {
    let confirmes = contacts.iter().filter(|c| c.confirme_at.is_some());
    confirmes.filter_map(|c| match &c.moyen {
        Moyen::Courriel(courriel) => Some(courriel),
        Moyen::Telephone(_) => None,
    })
}

/// The address that a person is written to: the first that they confirmed.
pub fn adresse_principale(contacts: &[Contact]) -> Option<&Courriel> {
    adresses_confirmees(contacts).next()
}
