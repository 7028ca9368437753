//! The second factors of people: one-time codes and recovery codes.

use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// A person's application of one-time codes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Application {
    /// Its secret, sealed.
    pub secret: Vec<u8>,
    /// When a first right code was typed.
    pub confirme_at: Option<Instant>,
    /// The step of the last code that served.
    pub dernier_pas: i64,
}

/// The application of a person.
///
/// # Errors
/// The engine's.
pub async fn application(tx: &mut Tx, personne: Uuid) -> DbResult<Option<Application>> {
    tx.fetch_optional(
        sql!("SELECT secret, confirme_at, dernier_pas FROM code_temporel WHERE personne_id = $1"),
        &params![personne],
    )
    .await
}

/// Proposes a secret, which serves once a right code is typed; it never replaces one that serves.
///
/// # Errors
/// The engine's.
pub async fn proposer(tx: &mut Tx, personne: Uuid, scelle: &[u8]) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO code_temporel (personne_id, secret) VALUES ($1, $2)
              ON CONFLICT (personne_id) DO UPDATE SET secret = $2, dernier_pas = 0 WHERE code_temporel.confirme_at IS NULL"
        ),
        &params![personne, scelle.to_vec()],
    )
    .await
    .map(drop)
}

/// Notes the step of a code that was right; gives whether it is later than the last, so that a code serves once.
///
/// # Errors
/// The engine's.
pub async fn noter_pas(tx: &mut Tx, personne: Uuid, pas: i64, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "UPDATE code_temporel SET dernier_pas = $2, confirme_at = COALESCE(confirme_at, $3) WHERE personne_id = $1 AND dernier_pas < $2"
            ),
            &params![personne, pas, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Removes the application of a person; gives whether there was one.
///
/// # Errors
/// The engine's.
pub async fn retirer_application(tx: &mut Tx, personne: Uuid) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("DELETE FROM code_temporel WHERE personne_id = $1"),
            &params![personne],
        )
        .await?;
    Ok(lignes == 1)
}

/// Replaces the recovery codes of a person by these fingerprints.
///
/// # Errors
/// The engine's.
pub async fn remplacer_secours(tx: &mut Tx, personne: Uuid, empreintes: &[[u8; 32]], at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("DELETE FROM code_secours WHERE personne_id = $1"),
        &params![personne],
    )
    .await?;
    for empreinte in empreintes {
        tx.execute(
            sql!("INSERT INTO code_secours (personne_id, empreinte, cree_at) VALUES ($1, $2, $3)"),
            &params![personne, empreinte.to_vec(), at],
        )
        .await?;
    }
    Ok(())
}

/// Uses a recovery code; gives whether it was one of the person's that had not served.
///
/// # Errors
/// The engine's.
pub async fn utiliser_secours(tx: &mut Tx, personne: Uuid, empreinte: &[u8], at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE code_secours SET utilise_at = $3 WHERE personne_id = $1 AND empreinte = $2 AND utilise_at IS NULL"),
            &params![personne, empreinte.to_vec(), at],
        )
        .await?;
    Ok(lignes == 1)
}

/// How many recovery codes a person has left.
///
/// # Errors
/// The engine's.
pub async fn secours_restants(tx: &mut Tx, personne: Uuid) -> DbResult<i64> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COUNT(*) FROM code_secours WHERE personne_id = $1 AND utilise_at IS NULL"),
            &params![personne],
        )
        .await?;
    Ok(nombre)
}

/// Removes every second factor of a person: their application, passkeys and recovery codes; gives how many there were.
///
/// # Errors
/// The engine's.
pub async fn retirer_tous(tx: &mut Tx, personne: Uuid) -> DbResult<u64> {
    let mut retires = 0;
    for table in [
        sql!("DELETE FROM code_temporel WHERE personne_id = $1"),
        sql!("DELETE FROM code_secours WHERE personne_id = $1"),
        sql!("DELETE FROM cle_acces WHERE personne_id = $1"),
    ] {
        retires += tx.execute(table, &params![personne]).await?;
    }
    Ok(retires)
}
