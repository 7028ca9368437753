//! Inviting someone to a function: for one address, once, for some days.

use super::{
    connexion::Reconnue,
    fonctions::{self, exiger_a_venir, exiger_accordable, exiger_entier},
    notifications,
};
use crate::{
    courriels::{self, Message},
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        fonction::Fonction,
        invitation::{EtatInvitation, Invitation},
        notification::GenreNotification,
        perimetre::Perimetre,
        personne::{Contact, Moyen, Nom, Personne},
        session::MoyenConnexion,
    },
    permissions::{AccepterInvitation, CreerAdministrateur, InviterPersonne},
    reconnaissance::jour,
    references::INVITATION_VALIDITE,
    store::{invitation as store, perimetre as perimetres, personne as personnes},
};
use serde_json::json;
use socle::{
    change::{Act, Decision, Stored},
    clock::{Day, Instant},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{authorise, person_code},
    reference,
    secrets::{sha256, token},
};
use uuid::Uuid;

const SECONDES_PAR_JOUR: i64 = 86_400;

/// What an invitation offers, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offre {
    /// The address invited.
    pub courriel: Courriel,
    /// The function offered.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The last day of the function, when it is known.
    pub au: Option<Day>,
}

/// Invites, and sends the message.
///
/// # Errors
/// When the inviter's function or perimeter does not allow it; the engine's.
pub async fn inviter(acte: &Act<'_>, tx: &mut Tx, offre: Offre) -> Result<Invitation, Erreur> {
    let portee = fonctions::portee(acte, tx, &offre.perimetre).await?;
    let permit = portee.exiger::<InviterPersonne>(acte.actor)?;
    exiger_accordable(permit.grant(), offre.fonction, &offre.perimetre)?;
    exiger_a_venir(offre.au, jour(acte.at))?;
    let (invitation, jeton) = preparer(acte, offre, portee.codes(), fin(acte, tx).await?);
    let detail = json!({ "fonction": invitation.fonction.code(), "perimetre": invitation.perimetre.code() });
    let invitation = acte
        .create::<InviterPersonne, _>(tx, Decision::new(invitation, detail))
        .await?;
    envoyer(acte, tx, &invitation, &jeton).await?;
    Ok(invitation)
}

/// When an invitation sent now no longer holds.
async fn fin(acte: &Act<'_>, tx: &mut Tx) -> Result<Instant, Erreur> {
    let jours = reference::value(tx, &INVITATION_VALIDITE, jour(acte.at)).await?;
    Ok(acte.at.plus_seconds(jours * SECONDES_PAR_JOUR))
}

fn preparer(acte: &Act<'_>, offre: Offre, portee: Vec<String>, expire_at: Instant) -> (Invitation, String) {
    let jeton = token();
    let invitation = Invitation {
        id: acte.id(),
        jeton: sha256(jeton.as_bytes()).to_vec(),
        courriel: offre.courriel,
        fonction: offre.fonction,
        perimetre: offre.perimetre,
        portee,
        au: offre.au,
        par: acte.actor.really.or(acte.actor.person),
        creee_at: acte.at,
        envoyee_at: acte.at,
        expire_at,
        etat: EtatInvitation::Envoyee,
        version: 0,
    };
    (invitation, jeton)
}

/// Invites an administrator from the command line; gives the link, which nobody is sent.
///
/// # Errors
/// The engine's.
pub async fn inviter_administrateur(acte: &Act<'_>, tx: &mut Tx, courriel: Courriel) -> Result<String, Erreur> {
    let offre = Offre {
        courriel,
        fonction: Fonction::Administration,
        perimetre: Perimetre::Nation,
        au: None,
    };
    let portee = offre.perimetre.codes();
    let (invitation, jeton) = preparer(acte, offre, portee, fin(acte, tx).await?);
    let detail = json!({ "fonction": invitation.fonction.code(), "perimetre": invitation.perimetre.code() });
    acte.create::<CreerAdministrateur, _>(tx, Decision::new(invitation, detail))
        .await?;
    Ok(lien(acte, &jeton))
}

fn lien(acte: &Act<'_>, jeton: &str) -> String {
    format!("{}/invitation/{jeton}", acte.app.settings.public_url)
}

async fn envoyer(acte: &Act<'_>, tx: &mut Tx, invitation: &Invitation, jeton: &str) -> Result<(), Erreur> {
    let fin = ui::formats::date(jour(invitation.expire_at), ui::langue::Langue::Fr);
    let message = Message::Invitation {
        par: acte
            .actor
            .name
            .clone()
            .unwrap_or_else(|| "L’équipe de Maillage".to_owned()),
        fonction: format!(
            "{} ({})",
            invitation.fonction.titre(),
            perimetres::nom(tx, &invitation.perimetre).await?
        ),
        lien: lien(acte, jeton),
        jusqu_au: fin,
    };
    courriels::deposer(tx, acte.app, &invitation.courriel, None, &message).await
}

/// Sends an invitation again: the link sent before no longer holds.
///
/// # Errors
/// When it was accepted or withdrawn; the engine's.
pub async fn renvoyer(acte: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<Invitation, Erreur> {
    let (jeton, expire_at) = (token(), fin(acte, tx).await?);
    let envoyee = Invitation::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<InviterPersonne>(acte.actor, &envoyee)?;
    exiger_entier::<InviterPersonne>(acte, tx, &envoyee.perimetre).await?;
    let invitation = acte
        .change::<InviterPersonne, Invitation>(tx, id, None, |invitation, permit| {
            exiger_accordable(permit.grant(), invitation.fonction, &invitation.perimetre)?;
            let renvoyee = invitation.renvoyer(sha256(jeton.as_bytes()).to_vec(), acte.at, expire_at)?;
            Ok(Decision::new(renvoyee, json!({ "renvoyee": true })))
        })
        .await?;
    envoyer(acte, tx, &invitation, &jeton).await?;
    Ok(invitation)
}

/// Withdraws an invitation.
///
/// # Errors
/// When it was accepted or withdrawn; the engine's.
pub async fn retirer(acte: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<Invitation, Erreur> {
    acte.change::<InviterPersonne, Invitation>(tx, id, None, |invitation, _| {
        Ok(Decision::new(invitation.retirer()?, json!({ "retiree": true })))
    })
    .await
}

/// The open invitation behind a link.
///
/// # Errors
/// `Introuvable` when there is none; the engine's.
pub async fn lire(tx: &mut Tx, jeton: &str) -> Result<Invitation, Erreur> {
    let trouvee = store::par_jeton(tx, &sha256(jeton.as_bytes())).await?;
    trouvee.ok_or(Erreur::Introuvable)
}

/// Where a browser that was given an invitation finds it again: the address does not hold its token.
pub const REPRISE: &str = "/invitation";

/// Opens an account for a person invited whom nobody knows: the link came to their address, which confirms it. It serves once, since the
/// address is known afterwards.
///
/// # Errors
/// When the invitation no longer holds, or when the address became known meanwhile; the engine's.
pub async fn accueillir(acte: &Act<'_>, tx: &mut Tx, invitation: &Invitation, nom: Nom) -> Result<Reconnue, Erreur> {
    exiger_ouverte(invitation, acte.at)?;
    if personnes::titulaire(tx, &invitation.courriel).await?.is_some() {
        return Err(Erreur::Conflit);
    }
    let personne = Personne::nouvelle(acte.id(), nom, acte.at);
    personne.insert(tx).await?;
    let contact = Contact {
        id: acte.id(),
        personne: personne.id,
        moyen: Moyen::Courriel(invitation.courriel.clone()),
        confirme_at: Some(acte.at),
        ajoute_at: acte.at,
    };
    if !personnes::ajouter_contact(tx, &contact).await? {
        return Err(Erreur::Conflit);
    }
    // Nobody but the operator's command invites in nobody's name, and it sends no message.
    let moyen = match invitation.par {
        Some(_) => MoyenConnexion::Lien,
        None => MoyenConnexion::Operateur,
    };
    Ok(Reconnue::simple(personne.id, moyen, REPRISE))
}

/// Checks that an invitation can still be accepted.
///
/// # Errors
/// When it was accepted, withdrawn, or is too old, with what to do.
pub fn exiger_ouverte(invitation: &Invitation, at: Instant) -> Result<(), Refus> {
    if invitation.est_ouverte(at) {
        return Ok(());
    }
    Err(Refus::new(
        "cette invitation ne vaut plus\u{a0}: demandez à la personne qui vous a invité de la renvoyer",
    ))
}

/// Whether the invitation was sent to an address that this person confirmed.
///
/// # Errors
/// The engine's.
pub async fn est_pour(tx: &mut Tx, invitation: &Invitation, personne: Uuid) -> Result<bool, Erreur> {
    let titulaire = personnes::titulaire(tx, &invitation.courriel).await?;
    Ok(titulaire.is_some_and(|contact| contact.personne == personne))
}

/// Accepts an invitation in the name of the person signed in, whose address was invited.
///
/// # Errors
/// When it no longer holds, or was sent to someone else's address; the engine's.
pub async fn accepter(acte: &Act<'_>, tx: &mut Tx, jeton: &str) -> Result<Attribution, Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<AccepterInvitation>(acte.actor, &vec![person_code(moi)])?;
    if acte.actor.really.is_some() {
        return Err(Refus::new("vous agissez à la place de quelqu’un\u{a0}: la personne accepte elle-même").into());
    }
    let invitation = lire(tx, jeton).await?;
    if !est_pour(tx, &invitation, moi).await? {
        return Err(Refus::new("cette invitation a été envoyée à une autre adresse que les vôtres : connectez-vous avec l’adresse qui l’a reçue").into());
    }
    let accord = Accord {
        personne: moi,
        fonction: invitation.fonction,
        perimetre: invitation.perimetre.clone(),
        portee: invitation.portee.clone(),
        du: jour(acte.at),
        au: invitation.au,
    };
    let attribution = Attribution::accorder(acte.id(), accord, invitation.par, acte.at)?;
    let acceptee = invitation.clone().accepter(moi, acte.at)?;
    if !acceptee.update(tx).await? {
        return Err(Erreur::Conflit);
    }
    attribution.insert(tx).await?;
    let detail = json!({ "fonction": attribution.fonction.code(), "perimetre": attribution.perimetre.code() });
    acte.journal(tx, &permit, (Attribution::KIND, attribution.id), detail, &[moi])
        .await?;
    if let Some(invitant) = invitation.par {
        // Without a name: who accepted may be erased later, and the list of invitations says who it was until then.
        let ou = perimetres::nom(tx, &attribution.perimetre).await?;
        let phrase = format!(
            "Votre invitation est acceptée\u{a0}: {} ({ou}).",
            attribution.fonction.titre()
        );
        notifications::prevenir(
            acte,
            tx,
            invitant,
            GenreNotification::Invitation,
            (phrase, "/invitations"),
        )
        .await?;
    }
    Ok(attribution)
}
