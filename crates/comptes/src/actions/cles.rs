//! Passkeys: adding, naming and removing one's own, and proving who one is with one of them.

use super::{
    compte::adresse_principale,
    connexion::Reconnue,
    defis,
    facteurs::{les_miens, premiers_secours, prevenir},
};
use crate::{
    domain::{cle::CLES_MAX, personne::Personne, session::MoyenConnexion},
    permissions::GererSonCompte,
    store::{
        cles::{self as store, CleAcces},
        defi::GenreDefi,
        personne as personnes, session,
    },
};
use identite::passkey::{Assertion, Authentication, Passkey, PasskeyError, Registration, RelyingParty, User};
use serde_json::{Value, json};
use socle::{
    App,
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{authorise, person_code},
    secrets::{random, sha256},
};
use uuid::Uuid;

/// What the browser shows as the site's name.
const SITE: &str = "Maillage";

/// What a browser needs to make or use a passkey.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceremonie {
    /// What its script is given.
    pub options: Value,
    /// The value of the cookie under which it answers.
    pub temoin: String,
}

fn refus(erreur: PasskeyError) -> Refus {
    Refus::new(erreur.to_string())
}

fn site(app: &App) -> Result<RelyingParty, Refus> {
    RelyingParty::new(&app.settings.public_url, SITE).map_err(refus)
}

/// Whether this site's address lets browsers use passkeys.
pub fn possibles(app: &App) -> bool {
    site(app).is_ok()
}

fn introuvable() -> Erreur {
    Refus::new("cette clé d’accès n’est pas, ou plus, dans votre compte").into()
}

/// Begins to make a passkey of the actor's own.
///
/// # Errors
/// When the site's address allows none, or when there are too many; the engine's.
pub async fn proposer(acte: &Act<'_>, tx: &mut Tx) -> Result<Ceremonie, Erreur> {
    let (moi, _) = les_miens(acte, tx).await?;
    let personne = Personne::load(tx, moi).await?.ok_or(Erreur::Introuvable)?;
    let siennes = passkeys(tx, moi).await?;
    if siennes.len() >= CLES_MAX {
        return Err(Refus::new(format!(
            "votre compte a déjà {CLES_MAX} clés d’accès\u{a0}: retirez-en une d’abord"
        ))
        .into());
    }
    let contacts = personnes::contacts(tx, moi).await?;
    let user = User {
        // The same for all the keys of a person, and nothing of them can be read in it.
        handle: sha256(moi.as_bytes()).to_vec(),
        name: adresse_principale(&contacts).map_or_else(|| personne.nom.to_string(), |a| a.as_str().to_owned()),
        display_name: personne.nom.to_string(),
    };
    let (options, etat) = site(acte.app)?.begin_registration(&user, &siennes, random());
    let temoin = defis::poser(tx, acte.app, GenreDefi::CleCreation, (Some(moi), ""), &etat).await?;
    Ok(Ceremonie { options, temoin })
}

async fn passkeys(tx: &mut Tx, personne: Uuid) -> Result<Vec<Passkey>, Erreur> {
    let cles = store::de_personne(tx, personne).await?;
    Ok(cles.into_iter().map(|cle| cle.passkey).collect())
}

/// Adds the passkey that the browser made; gives recovery codes, shown this once, when the person has none. The caller commits in any case.
///
/// # Errors
/// When the answer is not what was asked for; the engine's.
pub async fn ajouter(
    acte: &Act<'_>,
    tx: &mut Tx,
    temoin: Option<&str>,
    (nom, reponse): (String, &str),
) -> Result<Vec<String>, Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    let repris = defis::reprendre::<Registration>(tx, acte.app, GenreDefi::CleCreation, temoin)
        .await?
        .filter(|repris| repris.personne == Some(moi))
        .ok_or_else(|| refus(PasskeyError::Challenge))?;
    let passkey = site(acte.app)?
        .finish_registration(repris.etat, reponse)
        .map_err(refus)?;
    let cle = CleAcces {
        id: acte.id(),
        personne: moi,
        nom,
        passkey,
        ajoutee_at: acte.at,
        utilisee_at: None,
    };
    if !store::ajouter(tx, &cle).await? {
        return Err(refus(PasskeyError::Known).into());
    }
    if let Some(session) = acte.actor.session {
        session::noter_preuve(tx, session, true, acte.at).await?;
    }
    acte.journal(tx, &permit, ("cle_acces", cle.id), json!({ "ajoutee": true }), &[moi])
        .await?;
    prevenir(
        acte,
        tx,
        moi,
        &format!("La clé d’accès « {} » a été ajoutée à votre compte.", cle.nom),
    )
    .await?;
    premiers_secours(acte, tx, moi).await
}

/// Renames a passkey of the actor's own.
///
/// # Errors
/// When it is not theirs; the engine's.
pub async fn renommer(acte: &Act<'_>, tx: &mut Tx, cle: Uuid, nom: &str) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    if !store::renommer(tx, moi, cle, nom).await? {
        return Err(introuvable());
    }
    acte.journal(tx, &permit, ("cle_acces", cle), json!({ "renommee": true }), &[moi])
        .await
}

/// Removes a passkey of the actor's own.
///
/// # Errors
/// When it is not theirs; the engine's.
pub async fn retirer(acte: &Act<'_>, tx: &mut Tx, cle: Uuid) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    let nom = store::retirer(tx, moi, cle).await?.ok_or_else(introuvable)?;
    acte.journal(tx, &permit, ("cle_acces", cle), json!({ "retiree": true }), &[moi])
        .await?;
    prevenir(
        acte,
        tx,
        moi,
        &format!("La clé d’accès « {nom} » a été retirée de votre compte."),
    )
    .await
}

/// Begins to sign in with a passkey, whoever's it is: the browser offers those that it holds for this site.
///
/// # Errors
/// When the site's address allows none; the engine's.
pub async fn proposer_connexion(tx: &mut Tx, app: &App, suite: &str) -> Result<Ceremonie, Erreur> {
    demander(tx, app, (None, suite), &[]).await
}

async fn demander(tx: &mut Tx, app: &App, qui: (Option<Uuid>, &str), siennes: &[Passkey]) -> Result<Ceremonie, Erreur> {
    let (options, etat) = site(app)?.begin_authentication(siennes, random());
    let temoin = defis::poser(tx, app, GenreDefi::CleConnexion, qui, &etat).await?;
    Ok(Ceremonie { options, temoin })
}

/// Signs in with a passkey, which is two factors: the device, and what unlocks it. The caller commits in any case.
///
/// # Errors
/// When the answer is not what was asked for, or when nobody has this key; the engine's.
pub async fn connecter(tx: &mut Tx, app: &App, temoin: Option<&str>, reponse: &str) -> Result<Reconnue, Erreur> {
    let (cle, suite) = verifier(tx, app, None, temoin, reponse).await?;
    Ok(Reconnue {
        personne: cle.personne,
        moyen: MoyenConnexion::CleAcces,
        suite,
        fort: true,
        jeton: None,
    })
}

/// The passkey that answered, and where its owner wanted to go.
async fn verifier(
    tx: &mut Tx,
    app: &App,
    personne: Option<Uuid>,
    temoin: Option<&str>,
    reponse: &str,
) -> Result<(CleAcces, String), Erreur> {
    let repris = defis::reprendre::<Authentication>(tx, app, GenreDefi::CleConnexion, temoin)
        .await?
        .filter(|repris| repris.personne == personne)
        .ok_or_else(|| refus(PasskeyError::Challenge))?;
    let assertion = Assertion::parse(reponse).map_err(refus)?;
    let inconnue = || {
        Refus::new(
            "cette clé d’accès n’est liée à aucun compte\u{a0}: connectez-vous par un message, puis ajoutez-la à votre compte",
        )
    };
    let cle = store::par_identifiant(tx, assertion.passkey())
        .await?
        .ok_or_else(inconnue)?;
    let servie = site(app)?
        .finish_authentication(repris.etat, &assertion, cle.passkey.clone())
        .map_err(refus)?;
    store::noter_usage(tx, cle.id, &servie, app.clock.now()).await?;
    Ok((cle, repris.suite))
}

/// Begins to show again who one is with a passkey of one's own.
///
/// # Errors
/// When there is none; the engine's.
pub async fn proposer_preuve(acte: &Act<'_>, tx: &mut Tx, suite: &str) -> Result<Ceremonie, Erreur> {
    let moi = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let siennes = passkeys(tx, moi).await?;
    // Without any, the browser would be asked for anybody's.
    if siennes.is_empty() {
        return Err(Refus::new("votre compte n’a pas de clé d’accès\u{a0}: confirmez autrement").into());
    }
    demander(tx, acte.app, (Some(moi), suite), &siennes).await
}

/// Shows again who one is with a passkey; gives where the person wanted to go. The caller commits in any case.
///
/// # Errors
/// When the answer is not what was asked for; the engine's.
pub async fn prouver(acte: &Act<'_>, tx: &mut Tx, temoin: Option<&str>, reponse: &str) -> Result<String, Erreur> {
    let moi = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let session = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSonCompte>(acte.actor, &vec![person_code(acte.actor.person.unwrap_or(moi))])?;
    let (cle, suite) = verifier(tx, acte.app, Some(moi), temoin, reponse).await?;
    if cle.personne != moi {
        return Err(refus(PasskeyError::OtherPerson).into());
    }
    session::noter_preuve(tx, session, true, acte.at).await?;
    acte.journal(
        tx,
        &permit,
        ("session", session),
        json!({ "preuve": "cle_acces" }),
        &[moi],
    )
    .await?;
    Ok(suite)
}
