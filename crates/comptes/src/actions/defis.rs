//! What a browser is asked to prove, kept until it answers: sealed, under the fingerprint of its cookie, for ten minutes, once.

use crate::store::defi::{self as store, Defi, GenreDefi};
use serde::{Serialize, de::DeserializeOwned};
use socle::{
    App,
    db::Tx,
    errors::Erreur,
    secrets::{sha256, token},
};
use uuid::Uuid;

/// How long a browser has to answer, in seconds.
pub const DUREE: i64 = 600;
/// How long what nobody answered is kept, in seconds.
const GARDE: i64 = 86_400;
/// What it is sealed for.
const USAGE: &str = "defi";

/// What was asked of this browser.
#[derive(Debug)]
pub struct Repris<T> {
    /// What the answer is checked against.
    pub etat: T,
    /// The person who was known already.
    pub personne: Option<Uuid>,
    /// Where the person wanted to go.
    pub suite: String,
}

/// Keeps what is asked, and gives the value of the cookie under which this browser, and no other, answers.
///
/// # Errors
/// The engine's.
pub async fn poser(
    tx: &mut Tx,
    app: &App,
    genre: GenreDefi,
    (personne, suite): (Option<Uuid>, &str),
    etat: &impl Serialize,
) -> Result<String, Erreur> {
    let (at, temoin) = (app.clock.now(), token());
    let clair = serde_json::to_vec(etat).map_err(Erreur::faute)?;
    let defi = Defi {
        personne_id: personne,
        donnees: app.settings.keys.seal(USAGE, &clair),
        suite: suite.to_owned(),
        pose_at: at,
    };
    store::purger(tx, at.plus_seconds(-GARDE)).await?;
    store::poser(tx, &sha256(temoin.as_bytes()), genre, &defi).await?;
    Ok(temoin)
}

/// Takes what was asked of this browser; nothing when nothing was, when it answered already, or when it answers too late. The caller
/// commits whatever the answer is worth, so that it serves once.
///
/// # Errors
/// The engine's.
pub async fn reprendre<T: DeserializeOwned>(
    tx: &mut Tx,
    app: &App,
    genre: GenreDefi,
    temoin: Option<&str>,
) -> Result<Option<Repris<T>>, Erreur> {
    let Some(temoin) = temoin else { return Ok(None) };
    let pris = store::prendre(tx, &sha256(temoin.as_bytes()), genre).await?;
    let at = app.clock.now();
    let Some(defi) = pris.filter(|d| d.pose_at <= at && at < d.pose_at.plus_seconds(DUREE)) else {
        return Ok(None);
    };
    let clair = app.settings.keys.open(USAGE, &defi.donnees).map_err(Erreur::faute)?;
    Ok(Some(Repris {
        etat: serde_json::from_slice(&clair).map_err(Erreur::faute)?,
        personne: defi.personne_id,
        suite: defi.suite,
    }))
}
