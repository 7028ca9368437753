//! Signing in by a message, opening and ending sessions.

use super::limites::{self, Cle};
use crate::{
    courriels::{self, Message},
    domain::{
        connexion::{Demande, RefusConnexion, chiffres, code_de, lisible},
        courriel::Courriel,
        session::{DUREE_PLACE, MoyenConnexion, Place, Session},
    },
    permissions::SeConnecter,
    reconnaissance::empreinte,
    store::{connexion as store, connexion::Empreintes, personne, session},
};
use identite::Secret;
use serde_json::json;
use socle::{
    App,
    change::Act,
    clock::Instant,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Actor, Everything, authorise},
    secrets::{random, same, sha256, token},
};
use std::net::IpAddr;
use uuid::Uuid;

/// What tries to sign in are counted as.
const CONNEXION: &str = "connexion";

/// What a request to sign in leaves with the browser that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posee {
    /// The request, which the browser keeps so that a code need not come with an address.
    pub demande: Uuid,
    /// Where the message went, or would have gone.
    pub courriel: Courriel,
}

/// Asks for a link and a code. What is done and said is the same whether the address is known or not.
///
/// # Errors
/// `Limite` after too many tries; the engine's.
pub async fn demander(
    tx: &mut Tx,
    app: &App,
    courriel: &Courriel,
    (navigateur, suite): (&str, &str),
    reseau: IpAddr,
) -> Result<Posee, Erreur> {
    let at = app.clock.now();
    limites::compter(
        tx,
        app,
        CONNEXION,
        &[Cle::Adresse(courriel.as_str()), Cle::Reseau(reseau)],
        at,
    )
    .await?;
    let contact = titulaire(tx, courriel).await?;
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
    Ok(Posee {
        demande: demande.id,
        courriel: courriel.clone(),
    })
}

/// The contact point that this address signs in through: the confirmed one, or the only one that claims it.
async fn titulaire(tx: &mut Tx, courriel: &Courriel) -> Result<Option<crate::domain::personne::Contact>, Erreur> {
    let porteurs = personne::porteurs(tx, courriel).await?;
    let seul = porteurs.len() == 1;
    Ok(porteurs.into_iter().next().filter(|c| seul || c.confirme_at.is_some()))
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
    /// Where they wanted to go.
    pub suite: String,
    /// Whether they showed two factors.
    pub fort: bool,
    /// What the identity provider wants back when they sign out.
    pub jeton: Option<Secret>,
}

impl Reconnue {
    /// Recognised by one factor.
    pub fn simple(personne: Uuid, suite: impl Into<String>) -> Self {
        Self {
            personne,
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
    let suite = demande.suite.clone();
    let contact = demande.contact;
    match demande.par_lien(meme, at) {
        Ok((utilisee, personne)) => aboutir(tx, app, &utilisee, contact, Reconnue::simple(personne, suite), at).await,
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
    let juste = same(&empreinte_code(app, demande.id, &chiffres(code)), &empreintes.code);
    let (id, suite, contact) = (demande.id, demande.suite.clone(), demande.contact);
    match demande.par_code(juste, at) {
        Ok((utilisee, personne)) => {
            limites::oublier(tx, app, "code", Cle::Reseau(reseau)).await?;
            aboutir(tx, app, &utilisee, contact, Reconnue::simple(personne, suite), at).await
        }
        Err(refus) => {
            store::compter_essai(tx, id).await?;
            Ok(Err(refus))
        }
    }
}

async fn aboutir(
    tx: &mut Tx,
    app: &App,
    demande: &Demande,
    contact: Option<Uuid>,
    reconnue: Reconnue,
    at: Instant,
) -> Result<Result<Reconnue, RefusConnexion>, Erreur> {
    if !store::utiliser(tx, demande.id, at).await? {
        return Ok(Err(RefusConnexion::Perime));
    }
    if let Some(contact) = contact
        && !personne::confirmer_contact(tx, contact, at).await?
    {
        return Ok(Err(RefusConnexion::Perime));
    }
    let contacts = personne::contacts(tx, reconnue.personne).await?;
    for adresse in contacts.iter().filter(|c| Some(c.id) == contact) {
        limites::oublier(tx, app, CONNEXION, Cle::Adresse(adresse.moyen.valeur())).await?;
    }
    Ok(Ok(reconnue))
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
/// The engine's.
pub async fn ouvrir(tx: &mut Tx, app: &App, ouverture: Ouverture<'_>) -> Result<String, Erreur> {
    let (at, secret) = (app.clock.now(), token());
    let expire_at = match ouverture.place {
        Some(_) => at.plus_seconds(DUREE_PLACE),
        None => Session::fin(at, at),
    };
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
    session::ouvrir(tx, &session, &empreinte(&secret)).await?;
    personne::noter_venue(tx, session.personne, at).await?;
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
