//! Signing in by the operator's identity provider, and linking an account to it. A provider that fails is told, and stops nothing else.

use super::{
    connexion::Reconnue,
    defis,
    facteurs::{les_miens, prevenir},
};
use crate::{
    domain::{courriel::Courriel, fournisseur::est_fort, session::MoyenConnexion},
    permissions::{GererSesFacteurs, SeConnecter},
    store::{defi::GenreDefi, identite_externe as store, personne as personnes},
};
use identite::{
    Secret,
    oidc::{self, Callback, ClientAuthentication, Identity, LazyProvider, OidcError, Pending},
};
use serde_json::json;
use socle::{
    App, AppBuilder, IdentityProvider,
    change::Act,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Actor, Everything, authorise},
    secrets::{random, token},
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// How long each question to the provider may take; a sign-in asks three.
const BUDGET: Duration = Duration::from_secs(5);
/// What the token that signs out is sealed for.
pub const USAGE_JETON: &str = "jeton-fournisseur";
/// The page that the provider sends people back to.
pub const RETOUR: &str = "/connexion/fournisseur/retour";

/// The identity provider of this instance.
pub struct Fournisseur {
    /// Its name on screen.
    pub nom: String,
    provider: LazyProvider,
}

/// Prepares the provider that the operator named, if there is one; it is not asked anything before somebody signs in by it.
///
/// # Errors
/// When the machine has no certificates of the authorities.
pub fn demarrer(builder: &mut AppBuilder) -> Result<(), Erreur> {
    if let Some(choisi) = &builder.settings.provider {
        let reglages = reglages(choisi, &builder.settings.public_url);
        let client = oidc::client(BUDGET).map_err(Erreur::faute)?;
        builder.insert(Arc::new(Fournisseur {
            nom: choisi.name.clone(),
            provider: LazyProvider::new(reglages, client),
        }));
    }
    Ok(())
}

fn reglages(choisi: &IdentityProvider, public_url: &str) -> oidc::Settings {
    let secret = Secret::new(choisi.secret.as_str());
    let retour = format!("{public_url}{RETOUR}");
    let mut reglages = oidc::Settings::new(&choisi.issuer, &choisi.client, secret, retour);
    reglages.pkce = choisi.pkce;
    if choisi.basic {
        reglages.authentication = ClientAuthentication::Basic;
    }
    reglages.levels.clone_from(&choisi.levels);
    reglages.means.clone_from(&choisi.means);
    reglages.signed_userinfo = choisi.signed;
    reglages
}

fn fournisseur(app: &App) -> Result<Arc<Fournisseur>, Erreur> {
    let absent =
        || Refus::new("ce site n’a pas de service de connexion extérieur\u{a0}: connectez-vous par un message");
    Ok(app.try_part::<Fournisseur>().ok_or_else(absent)?)
}

fn refus(erreur: &OidcError) -> Refus {
    // The variant names what failed, and holds nothing of the person.
    tracing::warn!(?erreur, "a sign-in by the identity provider failed");
    Refus::new(erreur.to_string())
}

/// Where to send a browser, and the cookie under which it comes back.
#[derive(Debug)]
pub struct Depart {
    /// The provider's address.
    pub url: String,
    /// The value of the cookie.
    pub temoin: String,
}

/// Begins to sign in by the provider.
///
/// # Errors
/// When there is no provider, or when it does not answer; the engine's.
pub async fn partir(app: &App, suite: &str) -> Result<Depart, Erreur> {
    envoyer(app, None, suite).await
}

/// Begins to link the actor's account to who they are at the provider.
///
/// # Errors
/// As [`partir`], and when the actor may not change how they sign in.
pub async fn partir_lier(acte: &Act<'_>) -> Result<Depart, Erreur> {
    let mut tx = acte.app.db.read().await?;
    let (moi, _) = les_miens(acte, &mut tx).await?;
    drop(tx);
    envoyer(acte.app, Some(moi), "/compte/securite").await
}

async fn envoyer(app: &App, personne: Option<Uuid>, suite: &str) -> Result<Depart, Erreur> {
    let at = app.clock.now();
    let fournisseur = fournisseur(app)?;
    let provider = fournisseur.provider.get(at).await.map_err(|e| refus(&e))?;
    let (url, attente) = provider.begin(&random(), at);
    let mut tx = app.db.write().await?;
    let temoin = defis::poser(&mut tx, app, GenreDefi::Fournisseur, (personne, suite), &attente).await?;
    tx.commit().await?;
    Ok(Depart { url, temoin })
}

/// Who came back from the provider.
#[derive(Debug)]
pub struct Revenu {
    /// Who the provider says they are.
    pub identite: Identity,
    /// The person whose account is being linked; none for a sign-in.
    pub lier: Option<Uuid>,
    /// Where they wanted to go.
    pub suite: String,
}

/// Finishes what this browser began at the provider; what it began does not serve again, whatever comes of it.
///
/// # Errors
/// When anything in the answer is not by this provider, for this browser, now; the engine's.
pub async fn revenir(app: &App, temoin: Option<&str>, reponse: Callback) -> Result<Revenu, Erreur> {
    let fournisseur = fournisseur(app)?;
    let mut tx = app.db.write().await?;
    let repris = defis::reprendre::<Pending>(&mut tx, app, GenreDefi::Fournisseur, temoin).await?;
    tx.commit().await?;
    let repris = repris.ok_or_else(|| refus(&OidcError::State))?;
    let at = app.clock.now();
    let provider = fournisseur.provider.get(at).await.map_err(|e| refus(&e))?;
    let identite = provider.finish(repris.etat, reponse, at).await.map_err(|e| refus(&e))?;
    Ok(Revenu {
        identite,
        lier: repris.personne,
        suite: repris.suite,
    })
}

/// Whom an identity leads to: the person linked to it or, the first time, the one who confirmed the address that the provider has verified.
///
/// # Errors
/// When it leads to nobody, with what to do; the engine's.
pub async fn connecter(tx: &mut Tx, app: &App, revenu: Revenu) -> Result<Reconnue, Erreur> {
    let identite = revenu.identite;
    let (emetteur, sujet) = (identite.issuer.as_str(), identite.subject.as_str());
    let at = app.clock.now();
    let personne = match store::personne(tx, emetteur, sujet).await? {
        Some(personne) => personne,
        None => premiere_fois(tx, app, &identite).await?,
    };
    if !store::noter_vue(tx, emetteur, sujet, at).await? {
        return Err(Refus::new(
            "le compte lié à cette identité n’est plus en usage\u{a0}: connectez-vous par un message",
        )
        .into());
    }
    Ok(Reconnue {
        personne,
        moyen: MoyenConnexion::Fournisseur,
        suite: revenu.suite,
        fort: est_fort(identite.acr.as_deref(), &identite.amr),
        jeton: Some(identite.id_token),
    })
}

async fn premiere_fois(tx: &mut Tx, app: &App, identite: &Identity) -> Result<Uuid, Erreur> {
    let verifiee = identite.email.as_deref().filter(|_| identite.email_verified);
    let titulaire = match verifiee.and_then(|adresse| Courriel::lire(adresse).ok()) {
        Some(courriel) => personnes::titulaire(tx, &courriel).await?,
        None => None,
    };
    let Some(contact) = titulaire else {
        let nom = &fournisseur(app)?.nom;
        return Err(Refus::new(format!(
            "aucun compte n’a confirmé l’adresse que {nom} nous donne\u{a0}: connectez-vous d’abord par un message, puis liez {nom} depuis votre compte, page « Mes moyens de connexion »"
        ))
        .into());
    };
    let actor = Actor::signed_in(contact.personne);
    let acte = Act::now(app, &actor);
    let permit = authorise::<SeConnecter>(&actor, &Everything)?;
    garder(&acte, tx, &permit, identite, contact.personne).await?;
    Ok(contact.personne)
}

/// Links the actor's account to who they are at the provider.
///
/// # Errors
/// When someone else began it, or when the identity is another account's; the engine's.
pub async fn lier(acte: &Act<'_>, tx: &mut Tx, revenu: &Revenu) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    if revenu.lier != Some(moi) {
        return Err(refus(&OidcError::State).into());
    }
    let identite = &revenu.identite;
    match store::personne(tx, &identite.issuer, &identite.subject).await? {
        Some(deja) if deja == moi => Ok(()),
        Some(_) => Err(deja_liee()),
        None => garder(acte, tx, &permit, identite, moi).await,
    }
}

fn deja_liee() -> Erreur {
    Refus::new(
        "cette identité est déjà liée à un autre compte\u{a0}: retirez-la de cet autre compte, ou écrivez à l’assistance",
    )
    .into()
}

async fn garder<A: socle::permissions::Action>(
    acte: &Act<'_>,
    tx: &mut Tx,
    permit: &socle::permissions::Permit<A>,
    identite: &Identity,
    personne: Uuid,
) -> Result<(), Erreur> {
    if !store::lier(tx, (&identite.issuer, &identite.subject), personne, acte.at).await? {
        return Err(deja_liee());
    }
    acte.journal(
        tx,
        permit,
        ("identite_externe", personne),
        json!({ "liee": true }),
        &[personne],
    )
    .await?;
    let nom = &fournisseur(acte.app)?.nom;
    prevenir(
        acte,
        tx,
        personne,
        &format!("Votre compte est maintenant lié à {nom}\u{a0}: vous pouvez vous connecter par ce service."),
    )
    .await
}

/// Unlinks an identity from the actor's account.
///
/// # Errors
/// When it is not theirs; the engine's.
pub async fn delier(acte: &Act<'_>, tx: &mut Tx, emetteur: &str, sujet: &str) -> Result<(), Erreur> {
    let (moi, permit) = les_miens(acte, tx).await?;
    if !store::delier(tx, moi, emetteur, sujet).await? {
        return Err(Refus::new("cette identité n’est pas, ou plus, liée à votre compte").into());
    }
    acte.journal::<GererSesFacteurs>(
        tx,
        &permit,
        ("identite_externe", moi),
        json!({ "deliee": true }),
        &[moi],
    )
    .await?;
    prevenir(
        acte,
        tx,
        moi,
        "Le lien entre votre compte et un service de connexion a été retiré.",
    )
    .await
}

/// The name of the provider and the address at which it signs a person out too, when it can.
pub async fn sortie(app: &App, jeton_scelle: &[u8]) -> Option<(String, String)> {
    let fournisseur = app.try_part::<Fournisseur>()?;
    let clair = app.settings.keys.open(USAGE_JETON, jeton_scelle).ok()?;
    let jeton = Secret::new(String::from_utf8(clair).ok()?);
    let provider = fournisseur.provider.get(app.clock.now()).await.ok()?;
    let retour = format!("{}/connexion", app.settings.public_url);
    Some((fournisseur.nom.clone(), provider.logout_url(&jeton, &retour, &token())?))
}
