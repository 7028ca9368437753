//! Merges of organisations: what each moved, enough to undo it.

use crate::domain::organisation::Fusion;
use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// Keeps a merge.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, fusion: &Fusion) -> DbResult<()> {
    let deplaces = serde_json::to_value(fusion).map_err(|e| sqlx::Error::Encode(e.into()))?;
    tx.execute(
        sql!("INSERT INTO organisation_fusion (id, reste_id, part_id, raison, deplaces, faite_at) VALUES ($1, $2, $3, $4, $5, $6)"),
        &params![fusion.id, fusion.reste, fusion.part, fusion.raison.as_str(), deplaces, fusion.at],
    )
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct LigneFusion {
    deplaces: serde_json::Value,
    defaite_at: Option<Instant>,
}

/// A merge, and when it was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FusionGardee {
    /// What was done.
    pub fusion: Fusion,
    /// When it was undone.
    pub defaite_at: Option<Instant>,
}

impl LigneFusion {
    fn fusion(self) -> DbResult<FusionGardee> {
        Ok(FusionGardee {
            fusion: serde_json::from_value(self.deplaces).map_err(|e| sqlx::Error::Decode(e.into()))?,
            defaite_at: self.defaite_at,
        })
    }
}

/// A merge.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<FusionGardee>> {
    let ligne: Option<LigneFusion> = tx
        .fetch_optional(
            sql!("SELECT deplaces, defaite_at FROM organisation_fusion WHERE id = $1"),
            &params![id],
        )
        .await?;
    ligne.map(LigneFusion::fusion).transpose()
}

/// The merges into an organisation, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_organisation(tx: &mut Tx, reste: Uuid) -> DbResult<Vec<FusionGardee>> {
    let lignes: Vec<LigneFusion> = tx
        .fetch_all(
            sql!("SELECT deplaces, defaite_at FROM organisation_fusion WHERE reste_id = $1 ORDER BY faite_at DESC, id LIMIT 100"),
            &params![reste],
        )
        .await?;
    lignes.into_iter().map(LigneFusion::fusion).collect()
}

/// Says that a merge was undone; gives whether it had not been before.
///
/// # Errors
/// The engine's.
pub async fn defaire(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE organisation_fusion SET defaite_at = $2 WHERE id = $1 AND defaite_at IS NULL"),
            &params![id, at],
        )
        .await?;
    Ok(lignes == 1)
}
