//! Requests to sign in by a link or a code.

use crate::domain::connexion::{Demande, ESSAIS_MAX};
use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// The fingerprints of what a request must be found and checked by; none of them can be turned back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Empreintes {
    /// Of the link's token.
    pub jeton: Vec<u8>,
    /// Of the code, mixed with the request's identifier.
    pub code: Vec<u8>,
    /// Of the cookie that the browser received.
    pub navigateur: Vec<u8>,
    /// Of the address typed.
    pub adresse: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    jeton: Vec<u8>,
    code: Vec<u8>,
    navigateur: Vec<u8>,
    adresse: Vec<u8>,
    personne_id: Option<Uuid>,
    contact_id: Option<Uuid>,
    suite: String,
    demandee_at: Instant,
    essais: i64,
    utilisee_at: Option<Instant>,
}

impl Ligne {
    fn lire(self) -> (Demande, Empreintes) {
        let demande = Demande {
            id: self.id,
            personne: self.personne_id,
            contact: self.contact_id,
            suite: self.suite,
            demandee_at: self.demandee_at,
            essais: self.essais,
            utilisee_at: self.utilisee_at,
        };
        let empreintes = Empreintes {
            jeton: self.jeton,
            code: self.code,
            navigateur: self.navigateur,
            adresse: self.adresse,
        };
        (demande, empreintes)
    }
}

/// Keeps a request.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, demande: &Demande, empreintes: &Empreintes) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO demande_connexion (id, jeton, code, navigateur, adresse, personne_id, contact_id, suite, demandee_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            demande.id,
            empreintes.jeton.clone(),
            empreintes.code.clone(),
            empreintes.navigateur.clone(),
            empreintes.adresse.clone(),
            demande.personne,
            demande.contact,
            demande.suite.as_str(),
            demande.demandee_at
        ],
    )
    .await
    .map(drop)
}

/// The request behind a link.
///
/// # Errors
/// The engine's.
pub async fn par_jeton(tx: &mut Tx, jeton: &[u8]) -> DbResult<Option<(Demande, Empreintes)>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, jeton, code, navigateur, adresse, personne_id, contact_id, suite, demandee_at, essais, utilisee_at
                   FROM demande_connexion WHERE jeton = $1"
            ),
            &params![jeton.to_vec()],
        )
        .await?;
    Ok(ligne.map(Ligne::lire))
}

/// A request by its identifier.
///
/// # Errors
/// The engine's.
pub async fn par_id(tx: &mut Tx, id: Uuid) -> DbResult<Option<(Demande, Empreintes)>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, jeton, code, navigateur, adresse, personne_id, contact_id, suite, demandee_at, essais, utilisee_at
                   FROM demande_connexion WHERE id = $1"
            ),
            &params![id],
        )
        .await?;
    Ok(ligne.map(Ligne::lire))
}

/// The latest request for an address.
///
/// # Errors
/// The engine's.
pub async fn derniere(tx: &mut Tx, adresse: &[u8]) -> DbResult<Option<(Demande, Empreintes)>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, jeton, code, navigateur, adresse, personne_id, contact_id, suite, demandee_at, essais, utilisee_at
                   FROM demande_connexion WHERE adresse = $1 ORDER BY demandee_at DESC, id DESC LIMIT 1"
            ),
            &params![adresse.to_vec()],
        )
        .await?;
    Ok(ligne.map(Ligne::lire))
}

/// Marks a request as used; gives whether nobody used it before.
///
/// # Errors
/// The engine's.
pub async fn utiliser(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE demande_connexion SET utilisee_at = $2 WHERE id = $1 AND utilisee_at IS NULL"),
            &params![id, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Counts a code that is about to be tried, so that many at once are counted one by one; gives whether one may still be tried.
///
/// # Errors
/// The engine's.
pub async fn compter_essai(tx: &mut Tx, id: Uuid) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "UPDATE demande_connexion SET essais = essais + 1 WHERE id = $1 AND essais < $2 AND utilisee_at IS NULL"
            ),
            &params![id, ESSAIS_MAX],
        )
        .await?;
    Ok(lignes == 1)
}

/// Removes the requests made before this instant.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM demande_connexion WHERE demandee_at < $1"),
        &params![avant],
    )
    .await
}
