//! Signing in by a message, opening and ending sessions.

use super::limites::{self, Cle};
use crate::{
    courriels::{self, Message},
    domain::{
        connexion::{Demande, RefusConnexion, chiffres, code_de, lisible},
        courriel::Courriel,
        session::{MoyenConnexion, Place, Session},
    },
    permissions::{GererSonCompte, SeConnecter},
    reconnaissance::empreinte,
    store::{connexion as store, connexion::Empreintes, personne as personnes, session},
};
use identite::Secret;
use serde_json::json;
use socle::{
    App,
    change::Act,
    clock::Instant,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Actor, Everything, authorise, person_code},
    secrets::{random, same, sha256, token},
};
use std::net::IpAddr;
use uuid::Uuid;

/// What tries to sign in are counted as.
const CONNEXION: &str = "connexion";

/// Asks for a link and a code; gives the request, which the browser keeps so that its code need not come with an address. What is done and
/// said is the same whether the address is known or not.
///
/// # Errors
/// `Limite` after too many tries; the engine's.
pub async fn demander(
    tx: &mut Tx,
    app: &App,
    courriel: &Courriel,
    (navigateur, suite): (&str, &str),
    reseau: IpAddr,
) -> Result<Uuid, Erreur> {
    let at = app.clock.now();
    limites::compter(
        tx,
        app,
        CONNEXION,
        &[Cle::Adresse(courriel.as_str()), Cle::Reseau(reseau)],
        at,
    )
    .await?;
    let contact = personnes::titulaire(tx, courriel).await?;
    let (jeton, code) = (token(), code_de(random()));
    let demande = Demande {
        id: app.ids.next(at),
        personne: contact.as_ref().map(|c| c.personne),
        contact: contact.as_ref().map(|c| c.id),
        suite: suite.to_owned(),
        demandee_at: at,
        essais: 0,
        utilisee_at: None,
    };
    let empreintes = Empreintes {
        jeton: sha256(jeton.as_bytes()).to_vec(),
        code: empreinte_code(app, demande.id, &code),
        navigateur: sha256(navigateur.as_bytes()).to_vec(),
        adresse: empreinte_adresse(app, courriel),
    };
    store::creer(tx, &demande, &empreintes).await?;
    if demande.personne.is_some() {
        let message = Message::Connexion {
            lien: format!("{}/connexion/lien/{jeton}", app.settings.public_url),
            code: lisible(&code),
        };
        courriels::deposer(tx, app, courriel, demande.personne, &message).await?;
    }
    Ok(demande.id)
}

/// A code has too few digits to be kept by its hash alone: the operator's key and the request's identifier are mixed in.
fn empreinte_code(app: &App, demande: Uuid, code: &str) -> Vec<u8> {
    let texte = format!("{demande}/{code}");
    app.settings.keys.fingerprint("code", texte.as_bytes()).to_vec()
}

fn empreinte_adresse(app: &App, courriel: &Courriel) -> Vec<u8> {
    app.settings
        .keys
        .fingerprint("adresse", courriel.as_str().as_bytes())
        .to_vec()
}

/// Someone recognised by a first factor, and what goes on from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconnue {
    /// Who.
    pub personne: Uuid,
    /// By which means.
    pub moyen: MoyenConnexion,
    /// Where they wanted to go.
    pub suite: String,
    /// Whether they showed two factors.
    pub fort: bool,
    /// What the identity provider wants back when they sign out.
    pub jeton: Option<Secret>,
}

impl Reconnue {
    /// Recognised by one factor.
    pub fn simple(personne: Uuid, moyen: MoyenConnexion, suite: impl Into<String>) -> Self {
        Self {
            personne,
            moyen,
            suite: suite.into(),
            fort: false,
            jeton: None,
        }
    }
}

/// Signs in by the link of a message, confirmed by a click in the browser that asked.
///
/// # Errors
/// A refusal that tells what to do; the engine's.
pub async fn par_lien(
    tx: &mut Tx,
    app: &App,
    jeton: &str,
    navigateur: &str,
) -> Result<Result<Reconnue, RefusConnexion>, Erreur> {
    let at = app.clock.now();
    let Some((demande, empreintes)) = store::par_jeton(tx, &sha256(jeton.as_bytes())).await? else {
        return Ok(Err(RefusConnexion::Perime));
    };
    let meme = same(&sha256(navigateur.as_bytes()), &empreintes.navigateur);
    match demande.par_lien(meme, at) {
        Ok((utilisee, personne)) => aboutir(tx, app, utilisee, (personne, MoyenConnexion::Lien), at).await,
        Err(refus) => Ok(Err(refus)),
    }
}

/// Where a code is looked for: the request that this browser made, or the latest for an address typed on another device.
#[derive(Debug, Clone)]
pub enum Recherche {
    /// The request of this browser.
    Demande(Uuid),
    /// The latest for an address.
    Adresse(Courriel),
}

/// Signs in by the code of a message. A wrong code is counted, and the caller commits so that the count stays.
///
/// # Errors
/// A refusal that tells what to do, `Limite` after too many tries; the engine's.
pub async fn par_code(
    tx: &mut Tx,
    app: &App,
    recherche: &Recherche,
    code: &str,
    reseau: IpAddr,
) -> Result<Result<Reconnue, RefusConnexion>, Erreur> {
    let at = app.clock.now();
    limites::compter(tx, app, "code", &[Cle::Reseau(reseau)], at).await?;
    let trouvee = match recherche {
        Recherche::Demande(id) => store::par_id(tx, *id).await?,
        Recherche::Adresse(courriel) => store::derniere(tx, &empreinte_adresse(app, courriel)).await?,
    };
    let Some((demande, empreintes)) = trouvee else {
        return Ok(Err(RefusConnexion::Perime));
    };
    if !store::compter_essai(tx, demande.id).await? {
        return Ok(Err(RefusConnexion::Perime));
    }
    let juste = same(&empreinte_code(app, demande.id, &chiffres(code)), &empreintes.code);
    match demande.par_code(juste, at) {
        Ok((utilisee, personne)) => aboutir(tx, app, utilisee, (personne, MoyenConnexion::Code), at).await,
        Err(refus) => Ok(Err(refus)),
    }
}

async fn aboutir(
    tx: &mut Tx,
    app: &App,
    demande: Demande,
    (personne, moyen): (Uuid, MoyenConnexion),
    at: Instant,
) -> Result<Result<Reconnue, RefusConnexion>, Erreur> {
    if !store::utiliser(tx, demande.id, at).await? {
        return Ok(Err(RefusConnexion::Perime));
    }
    // The address may have been removed, or gone to another account, since the message left.
    let contact = match demande.contact {
        Some(id) => personnes::contact(tx, id).await?,
        None => None,
    };
    let Some(contact) = contact.filter(|c| c.personne == personne && c.confirme_at.is_some()) else {
        return Ok(Err(RefusConnexion::Perime));
    };
    limites::oublier(tx, app, CONNEXION, Cle::Adresse(contact.moyen.valeur())).await?;
    Ok(Ok(Reconnue::simple(personne, moyen, demande.suite)))
}

/// How a session is opened.
#[derive(Debug, Clone)]
pub struct Ouverture<'a> {
    /// Who signs in.
    pub personne: Uuid,
    /// By which means.
    pub moyen: MoyenConnexion,
    /// Whether two factors were shown.
    pub fort: bool,
    /// The device, said roughly.
    pub appareil: &'a str,
    /// In whose place, when it is.
    pub place: Option<Place>,
}

/// Opens a session and gives the secret for its cookie; a session never takes over the secret of another.
///
/// # Errors
/// When the person's file is no longer in use; the engine's.
pub async fn ouvrir(tx: &mut Tx, app: &App, ouverture: Ouverture<'_>) -> Result<String, Erreur> {
    let (at, secret) = (app.clock.now(), token());
    let expire_at = Session::fin(at, at, ouverture.place.is_some());
    let session = Session {
        id: app.ids.next(at),
        personne: ouverture.personne,
        moyen: ouverture.moyen,
        fort: ouverture.fort,
        preuve_at: at,
        appareil: ouverture.appareil.to_owned(),
        attribution: None,
        place: ouverture.place,
        ouverte_at: at,
        vue_at: at,
        expire_at,
        fermee_at: None,
    };
    // First, so that who is forgotten at this instant opens nothing.
    if !personnes::noter_venue(tx, session.personne, at).await? {
        return Err(Refus::new(
            "ce compte n’existe plus\u{a0}: demandez une nouvelle invitation à qui vous l’a ouvert",
        )
        .into());
    }
    session::ouvrir(tx, &session, &empreinte(&secret)).await?;
    let actor = Actor::signed_in(session.personne);
    let permit = authorise::<SeConnecter>(&actor, &Everything)?;
    let acte = Act { app, actor: &actor, at };
    let detail = json!({ "moyen": session.moyen.code(), "deux_facteurs": session.fort });
    acte.journal(tx, &permit, ("session", session.id), detail, &[session.personne])
        .await?;
    Ok(secret)
}

/// Ends a session of the actor's own.
///
/// # Errors
/// `Introuvable` when it is someone else's or over; the engine's.
pub async fn fermer(tx: &mut Tx, app: &App, actor: &Actor, id: Uuid) -> Result<(), Erreur> {
    let sienne = session::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let moi = actor.really.or(actor.person).ok_or(Erreur::Introuvable)?;
    if sienne.personne != moi {
        return Err(Erreur::Introuvable);
    }
    let at = app.clock.now();
    if !session::fermer(tx, id, at).await? {
        return Err(Refus::new("cette session est déjà fermée").into());
    }
    let permit = authorise::<SeConnecter>(actor, &Everything)?;
    let acte = Act { app, actor, at };
    acte.journal(tx, &permit, ("session", id), json!({ "fermee": true }), &[moi])
        .await
}

/// Ends every session of the actor's own but the one in use.
///
/// # Errors
/// In someone's place; the engine's.
pub async fn fermer_les_autres(acte: &Act<'_>, tx: &mut Tx) -> Result<(), Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let ici = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSonCompte>(acte.actor, &vec![person_code(moi)])?;
    if acte.actor.really.is_some() {
        return Err(Refus::new(
            "vous agissez à la place de quelqu’un\u{a0}: ses appareils ne se déconnectent pas d’ici",
        )
        .into());
    }
    let fermees = session::fermer_toutes(tx, moi, Some(ici), acte.at).await?;
    acte.journal(tx, &permit, ("session", ici), json!({ "fermees": fermees }), &[moi])
        .await
}

/// Notes that the actor showed again who they are, by a message.
///
/// # Errors
/// When the code is wrong, with what to do; `Limite` after too many tries; the engine's.
pub async fn prouver(
    acte: &Act<'_>,
    tx: &mut Tx,
    demande: Uuid,
    code: &str,
    reseau: IpAddr,
) -> Result<Result<(), RefusConnexion>, Erreur> {
    let moi = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let session = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<GererSonCompte>(acte.actor, &vec![person_code(acte.actor.person.unwrap_or(moi))])?;
    match par_code(tx, acte.app, &Recherche::Demande(demande), code, reseau).await? {
        Ok(reconnue) if reconnue.personne == moi => {}
        Ok(_) => return Ok(Err(RefusConnexion::Perime)),
        Err(refus) => return Ok(Err(refus)),
    }
    session::noter_preuve(tx, session, false, acte.at).await?;
    acte.journal(
        tx,
        &permit,
        ("session", session),
        json!({ "preuve": "message" }),
        &[moi],
    )
    .await?;
    Ok(Ok(()))
}
