//! Files of people that were joined, and what went from one to the other.

use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// What went from the file absorbed to the file kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deplaces {
    /// Attributions.
    pub attributions: Vec<Uuid>,
    /// Contact points.
    pub contacts: Vec<Uuid>,
}

/// Two files joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fusion {
    /// Its identifier.
    pub id: Uuid,
    /// The file kept.
    pub gardee: Uuid,
    /// The file absorbed.
    pub absorbee: Uuid,
    /// What went from one to the other.
    pub deplaces: Deplaces,
    /// Why.
    pub motif: String,
    /// Who did it.
    pub par: Uuid,
    /// When.
    pub faite_at: Instant,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    gardee_id: Uuid,
    absorbee_id: Uuid,
    deplaces: serde_json::Value,
    motif: String,
    par: Uuid,
    faite_at: Instant,
}

/// Moves attributions and contact points, save the contact points that the file kept has too.
///
/// # Errors
/// The engine's.
pub async fn deplacer(tx: &mut Tx, de: Uuid, vers: Uuid) -> DbResult<Deplaces> {
    let contacts: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!(
                "UPDATE contact SET personne_id = $2 WHERE personne_id = $1 AND NOT EXISTS (
                   SELECT 1 FROM contact autre WHERE autre.personne_id = $2 AND autre.genre = contact.genre AND autre.valeur = contact.valeur)
                  RETURNING id"
            ),
            &params![de, vers],
        )
        .await?;
    Ok(Deplaces {
        attributions: super::attribution::deplacer(tx, de, vers).await?,
        contacts: contacts.into_iter().map(|(id,)| id).collect(),
    })
}

/// Keeps the memory of a join.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, fusion: &Fusion) -> DbResult<()> {
    let deplaces = serde_json::to_value(&fusion.deplaces).map_err(|e| sqlx::Error::Encode(e.into()))?;
    tx.execute(
        sql!(
            "INSERT INTO fusion_personne (id, gardee_id, absorbee_id, deplaces, motif, par, faite_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            fusion.id,
            fusion.gardee,
            fusion.absorbee,
            deplaces,
            fusion.motif.as_str(),
            fusion.par,
            fusion.faite_at
        ],
    )
    .await
    .map(drop)
}

/// A join that still holds.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Fusion>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, gardee_id, absorbee_id, deplaces, motif, par, faite_at FROM fusion_personne WHERE id = $1 AND defaite_at IS NULL"
            ),
            &params![id],
        )
        .await?;
    ligne.map(lire).transpose()
}

/// The joins that a file kept, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, gardee: Uuid) -> DbResult<Vec<Fusion>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, gardee_id, absorbee_id, deplaces, motif, par, faite_at FROM fusion_personne
                  WHERE gardee_id = $1 AND defaite_at IS NULL ORDER BY faite_at DESC, id DESC LIMIT 20"
            ),
            &params![gardee],
        )
        .await?;
    lignes.into_iter().map(lire).collect()
}

fn lire(l: Ligne) -> DbResult<Fusion> {
    Ok(Fusion {
        deplaces: serde_json::from_value(l.deplaces).map_err(|e| sqlx::Error::Decode(e.into()))?,
        id: l.id,
        gardee: l.gardee_id,
        absorbee: l.absorbee_id,
        motif: l.motif,
        par: l.par,
        faite_at: l.faite_at,
    })
}

/// Undoes a join: what went comes back; gives whether nobody undid it before.
///
/// # Errors
/// The engine's.
pub async fn defaire(tx: &mut Tx, fusion: &Fusion, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE fusion_personne SET defaite_at = $2 WHERE id = $1 AND defaite_at IS NULL"),
            &params![fusion.id, at],
        )
        .await?;
    for id in &fusion.deplaces.attributions {
        tx.execute(
            sql!("UPDATE attribution SET personne_id = $2, version = version + 1 WHERE id = $1 AND personne_id = $3"),
            &params![*id, fusion.absorbee, fusion.gardee],
        )
        .await?;
    }
    for id in &fusion.deplaces.contacts {
        tx.execute(
            sql!("UPDATE contact SET personne_id = $2 WHERE id = $1 AND personne_id = $3"),
            &params![*id, fusion.absorbee, fusion.gardee],
        )
        .await?;
    }
    Ok(lignes == 1)
}
