//! Who stands behind a request: the session of its cookie, the person, and what they hold today.

use crate::{
    domain::{
        fonction::Fonction,
        perimetre::Perimetre,
        session::{PAS_DE_VUE, Session},
    },
    store::{
        attribution as store, groupement, organisation,
        session::{self, Reconnu},
    },
};
use axum::http::request::Parts;
use socle::{
    App,
    clock::{Day, Instant},
    db::{DbResult, Tx},
    errors::Erreur,
    module::BoxFuture,
    permissions::{Actor, Grant, Proof},
    secrets::sha256,
    security::{cookie, session_cookie},
};
use uuid::Uuid;

/// The zone in which the first and last days of functions are counted.
pub const FUSEAU_DES_JOURS: &str = "Europe/Paris";

/// The day that counts for functions.
pub fn jour(at: Instant) -> Day {
    at.day_in(FUSEAU_DES_JOURS)
}

/// The fingerprint under which a session's secret is kept; the secret is 32 random bytes, which nobody can try out.
pub fn empreinte(secret: &str) -> Vec<u8> {
    sha256(secret.as_bytes()).to_vec()
}

/// The secret of the session that a request carries.
pub fn secret<'a>(app: &App, parts: &'a Parts) -> Option<&'a str> {
    cookie(&parts.headers, session_cookie(&app.settings.public_url)).filter(|secret| secret.len() == 64)
}

/// Recognises who asks; a cookie that leads to no open session is anyone's.
pub fn reconnaitre<'a>(app: &'a App, parts: &'a Parts) -> BoxFuture<'a, Result<Actor, Erreur>> {
    Box::pin(async move {
        let Some(secret) = secret(app, parts) else {
            return Ok(Actor::public());
        };
        let (empreinte, at) = (empreinte(secret), app.clock.now());
        let mut tx = app.db.read().await?;
        let lignes = session::reconnaitre(&mut tx, &empreinte, at, jour(at)).await?;
        let Some(premiere) = lignes.first().cloned() else {
            return Ok(Actor::public());
        };
        let actor = acteur(&mut tx, &premiere, &lignes, jour(at)).await?;
        drop(tx);
        if premiere.vue_at.plus_seconds(PAS_DE_VUE) <= at {
            noter(app, &premiere, at).await;
        }
        Ok(actor)
    })
}

/// The attribution in which someone acts: the one chosen while it holds, or else the oldest.
fn en_usage(lignes: &[Reconnu]) -> Option<&Reconnu> {
    let tenues = || lignes.iter().filter(|l| l.attribution_id.is_some());
    tenues()
        .find(|l| l.choisie.is_some() && l.attribution_id == l.choisie)
        .or_else(|| tenues().next())
}

async fn acteur(tx: &mut Tx, reconnu: &Reconnu, lignes: &[Reconnu], jour: Day) -> Result<Actor, Erreur> {
    let mut actor = Actor::signed_in(reconnu.personne_id);
    actor.session = Some(reconnu.session_id);
    actor.name = Some(format!("{} {}", reconnu.prenom, reconnu.nom));
    actor.really = (reconnu.connecte != reconnu.personne_id).then_some(reconnu.connecte);
    actor.proof = Some(Proof {
        strong: reconnu.fort,
        at: reconnu.preuve_at,
    });
    let Some(tenue) = en_usage(lignes) else {
        return Ok(actor);
    };
    let lue = tenue.fonction.as_deref().and_then(Fonction::depuis_code);
    let perimetre = tenue.perimetre.as_deref().and_then(|code| Perimetre::lire(code).ok());
    // A function or a territory that this program does not know gives no right.
    let (Some(fonction), Some(perimetre)) = (lue, perimetre) else {
        return Ok(actor);
    };
    // Nobody decides, pays or administers in someone's place, whatever they were given since.
    if fonction.demande_deux_facteurs() && actor.really.is_some() {
        return Ok(actor);
    }
    if fonction.demande_deux_facteurs() && !reconnu.fort {
        actor.withheld.push(fonction.role());
        return Ok(actor);
    }
    let grant = accorde(tx, (fonction, &perimetre), tenue.attribution_id, jour).await?;
    Ok(actor.with(grant))
}

async fn accorde(
    tx: &mut Tx,
    (fonction, perimetre): (Fonction, &Perimetre),
    attribution: Option<Uuid>,
    jour: Day,
) -> DbResult<Grant> {
    let mut grant = Grant::over(fonction.role(), perimetre.code());
    grant.source = attribution;
    match perimetre {
        // A group is what its members are that day: a network that grows reaches further at once.
        Perimetre::Groupement(id) => grant.covers.extend(groupement::couvre_au(tx, *id, jour).await?),
        Perimetre::Organisation(id) => {
            let memes = organisation::meme_organisation(tx, *id).await?;
            grant
                .covers
                .extend(memes.into_iter().filter(|code| *code != grant.perimeter));
        }
        _ => {}
    }
    Ok(grant)
}

/// A person as they act by this attribution that day, for work that goes on after their request; nothing once they no longer hold it.
///
/// # Errors
/// The engine's.
pub async fn titulaire(tx: &mut Tx, personne: Uuid, attribution: Uuid, jour: Day) -> DbResult<Option<Actor>> {
    let tenues = store::tenues(tx, personne, jour).await?;
    let mut siennes = tenues.into_iter().map(|tenue| tenue.attribution);
    let Some(tenue) = siennes.find(|a| a.id == attribution && a.du <= jour) else {
        return Ok(None);
    };
    let grant = accorde(tx, (tenue.fonction, &tenue.perimetre), Some(attribution), jour).await?;
    Ok(Some(Actor::signed_in(personne).with(grant)))
}

/// A use that cannot be written is not worth refusing the page.
async fn noter(app: &App, reconnu: &Reconnu, at: Instant) {
    let noter = async {
        let mut tx = app.db.write().await?;
        let en_place = reconnu.connecte != reconnu.personne_id;
        let fin = Session::fin(reconnu.ouverte_at, at, en_place);
        session::noter_usage(&mut tx, reconnu.session_id, at, fin).await?;
        crate::store::personne::noter_venue(&mut tx, reconnu.connecte, at).await?;
        tx.commit().await
    };
    if let Err(error) = noter.await {
        tracing::warn!(%error, "the use of a session is not noted");
    }
}
