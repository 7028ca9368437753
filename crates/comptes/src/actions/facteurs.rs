//! The second factor: enrolling an application of codes, showing a code, recovery codes, confirming again by a message.

use super::{
    limites::{self, Cle},
    notifications,
};
use crate::{
    domain::{attribution::EtatAttribution, connexion::chiffres, notification::GenreNotification},
    permissions::{GererSesFacteurs, GererSonCompte},
    reconnaissance::jour,
    store::{attribution, cles, facteurs as store, personne as personnes, session},
};
use identite::{recovery, totp};
use serde_json::json;
use socle::{
    App,
    change::Act,
    clock::Instant,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Actor, Permit, authorise, person_code},
    secrets::random,
};
use uuid::Uuid;

/// What the secret of an application is sealed for.
pub const USAGE: &str = "code-temporel";

/// What someone who enrols an application must see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolement {
    /// The address that the application reads from a picture.
    pub uri: String,
    /// The secret as it is typed by hand.
    pub a_taper: String,
}

fn secret(app: &App, scelle: &[u8]) -> Result<[u8; totp::SECRET_LEN], Erreur> {
    let clair = app.settings.keys.open(USAGE, scelle).map_err(Erreur::faute)?;
    clair
        .try_into()
        .map_err(|_| Erreur::faute("un secret de codes n’a pas la bonne longueur"))
}

/// The account whose ways of signing in the actor may change: their own, never in someone's place. Who has a second factor has shown it, or
/// else a mailbox would be enough to take it away.
pub(super) async fn les_miens(acte: &Act<'_>, tx: &mut Tx) -> Result<(Uuid, Permit<GererSesFacteurs>), Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSesFacteurs>(acte.actor, &vec![person_code(moi)])?;
    if acte.actor.really.is_some() {
        return Err(Refus::new(
            "ces moyens de connexion sont ceux de quelqu’un d’autre\u{a0}: rendez d’abord sa place",
        )
        .into());
    }
    if doit_prouver(acte.actor, tx, moi).await? {
        return Err(Refus::new("montrez d’abord votre second moyen de connexion\u{a0}: ouvrez la page « Mes moyens de connexion », puis recommencez").into());
    }
    Ok((moi, permit))
}

/// Whether the person has a second factor, which this session has not seen.
///
/// # Errors
/// The engine's.
pub async fn doit_prouver(actor: &Actor, tx: &mut Tx, personne: Uuid) -> Result<bool, Erreur> {
    if actor.proof.is_none_or(|proof| proof.strong) {
        return Ok(false);
    }
    let application = store::application(tx, personne).await?;
    Ok(application.is_some_and(|a| a.confirme_at.is_some()) || cles::compter(tx, personne).await? > 0)
}

/// Whether the person holds, today, a function that is exercised with two factors, in their own right or by delegation.
///
/// # Errors
/// The engine's.
pub async fn sont_exiges(tx: &mut Tx, personne: Uuid, at: Instant) -> Result<bool, Erreur> {
    let jour = jour(at);
    let tenues = attribution::tenues(tx, personne, jour).await?;
    Ok(tenues
        .iter()
        .map(|tenue| &tenue.attribution)
        .any(|une| une.fonction.demande_deux_facteurs() && une.etat(jour) == EtatAttribution::EnCours))
}

/// Proposes a secret for an application, the same until it is confirmed.
///
/// # Errors
/// When an application serves already; the engine's.
pub async fn enroler(acte: &Act<'_>, tx: &mut Tx) -> Result<Enrolement, Erreur> {
    let (moi, _) = les_miens(acte, tx).await?;
    let scelle = match store::application(tx, moi).await? {
        Some(application) if application.confirme_at.is_some() => {
            return Err(Refus::new("une application sert déjà : retirez-la d’abord").into());
        }
        Some(application) => application.secret,
        None => {
            let scelle = acte.app.settings.keys.seal(USAGE, &random::<{ totp::SECRET_LEN }>());
            store::proposer(tx, moi, &scelle).await?;
            scelle
        }
    };
    let secret = secret(acte.app, &scelle)?;
    let contacts = personnes::contacts(tx, moi).await?;
    let compte = super::compte::adresse_principale(&contacts).map_or("compte", |a| a.as_str());
    Ok(Enrolement {
        uri: totp::uri(&secret, compte),
        a_taper: totp::typed(&secret),
    })
}

/// Confirms an application by its first code; gives recovery codes, shown this once, when the person has none.
///
/// # Errors
/// When the code is wrong; the engine's.
pub async fn confirmer_application(acte: &Act<'_>, tx: &mut Tx, code: &str) -> Result<Vec<String>, Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    limites::compter(tx, acte.app, "facteur", &[Cle::Personne(moi)], acte.at).await?;
    if !est_juste(acte, tx, moi, code).await? {
        return Err(code_faux());
    }
    limites::oublier(tx, acte.app, "facteur", Cle::Personne(moi)).await?;
    if let Some(session) = acte.actor.session {
        session::noter_preuve(tx, session, true, acte.at).await?;
    }
    acte.journal(tx, &permit, ("code_temporel", moi), json!({ "ajoute": true }), &[moi])
        .await?;
    prevenir(acte, tx, moi, "Une application de codes a été ajoutée à votre compte.").await?;
    premiers_secours(acte, tx, moi).await
}

fn code_faux() -> Erreur {
    Refus::champ(
        "code",
        "ce code n’est pas celui qu’affiche l’application en ce moment : attendez le suivant et recommencez",
    )
    .into()
}

async fn est_juste(acte: &Act<'_>, tx: &mut Tx, personne: Uuid, code: &str) -> Result<bool, Erreur> {
    let Some(application) = store::application(tx, personne).await? else {
        return Ok(false);
    };
    let secret = secret(acte.app, &application.secret)?;
    let dernier = (application.dernier_pas > 0).then_some(application.dernier_pas);
    match totp::verify(&secret, &chiffres(code), acte.at, dernier) {
        Some(pas) => Ok(store::noter_pas(tx, personne, pas, acte.at).await?),
        None => Ok(false),
    }
}

/// Recovery codes for who has none left; those that someone keeps on paper go on holding.
pub(super) async fn premiers_secours(acte: &Act<'_>, tx: &mut Tx, personne: Uuid) -> Result<Vec<String>, Erreur> {
    if store::secours_restants(tx, personne).await? > 0 {
        return Ok(Vec::new());
    }
    donner_secours(acte, tx, personne).await
}

/// New recovery codes, of which only the fingerprints are kept.
async fn donner_secours(acte: &Act<'_>, tx: &mut Tx, personne: Uuid) -> Result<Vec<String>, Erreur> {
    let codes = recovery::codes(&random());
    let empreintes: Vec<_> = codes
        .iter()
        .filter_map(|code| recovery::fingerprint(&acte.app.settings.keys, code))
        .collect();
    store::remplacer_secours(tx, personne, &empreintes, acte.at).await?;
    Ok(codes)
}

/// Gives new recovery codes: the former no longer serve.
///
/// # Errors
/// When there is no second factor to recover; the engine's.
pub async fn renouveler_secours(acte: &Act<'_>, tx: &mut Tx) -> Result<Vec<String>, Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    acte.journal(
        tx,
        &permit,
        ("code_secours", moi),
        json!({ "renouveles": true }),
        &[moi],
    )
    .await?;
    prevenir(acte, tx, moi, "Vos codes de secours ont été remplacés.").await?;
    donner_secours(acte, tx, moi).await
}

/// Removes the application of codes.
///
/// # Errors
/// When there is none; the engine's.
pub async fn retirer_application(acte: &Act<'_>, tx: &mut Tx) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    if !store::retirer_application(tx, moi).await? {
        return Err(Refus::new("votre compte n’a pas d’application de codes").into());
    }
    acte.journal(tx, &permit, ("code_temporel", moi), json!({ "retire": true }), &[moi])
        .await?;
    prevenir(acte, tx, moi, "L’application de codes a été retirée de votre compte.").await
}

/// Shows again who one is, by a code of the application or a recovery code.
///
/// # Errors
/// When the code is wrong, `Limite` after too many tries; the engine's.
pub async fn prouver(acte: &Act<'_>, tx: &mut Tx, code: &str) -> Result<(), Erreur> {
    let moi = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let session = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSonCompte>(acte.actor, &vec![person_code(acte.actor.person.unwrap_or(moi))])?;
    limites::compter(tx, acte.app, "facteur", &[Cle::Personne(moi)], acte.at).await?;
    let confirmee = store::application(tx, moi)
        .await?
        .is_some_and(|a| a.confirme_at.is_some());
    let (juste, moyen) = match recovery::fingerprint(&acte.app.settings.keys, code) {
        Some(empreinte) => (store::utiliser_secours(tx, moi, &empreinte, acte.at).await?, "secours"),
        None => (confirmee && est_juste(acte, tx, moi, code).await?, "application"),
    };
    if !juste {
        return Err(code_faux());
    }
    limites::oublier(tx, acte.app, "facteur", Cle::Personne(moi)).await?;
    session::noter_preuve(tx, session, true, acte.at).await?;
    if moyen == "secours" {
        let restants = store::secours_restants(tx, moi).await?;
        let phrase = format!("Un code de secours a servi à vous connecter. Il en reste {restants}.");
        prevenir(acte, tx, moi, &phrase).await?;
    }
    acte.journal(tx, &permit, ("session", session), json!({ "preuve": moyen }), &[moi])
        .await
}

/// Tells the person that their ways of signing in changed.
pub(super) async fn prevenir(acte: &Act<'_>, tx: &mut Tx, personne: Uuid, phrase: &str) -> Result<(), Erreur> {
    let dit = (phrase.to_owned(), "/compte/securite");
    notifications::prevenir(acte, tx, personne, GenreNotification::Facteurs, dit).await
}
