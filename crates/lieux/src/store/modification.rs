//! The only SQL about what people change by hand.

use socle::{
    clock::Instant,
    db::{DbResult, Tx, Value},
    params, sql,
};
use uuid::Uuid;

use super::import::ProvenanceGardee;
use crate::domain::{import::Provenance, lieu::Lieu, modification::Origine};

/// A change as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ModificationGardee {
    /// Its identifier.
    pub id: Uuid,
    /// The place.
    pub lieu: Uuid,
    /// When.
    pub at: Instant,
    /// In what quality somebody made it, as the journal names it.
    pub par: String,
    /// Where it comes from.
    pub origine: Origine,
    /// The columns changed.
    pub champs: Vec<String>,
    /// The place before.
    pub avant: Lieu,
    /// Where the changed fields came from before.
    pub provenances: Vec<ProvenanceGardee>,
    /// The version of the place after it.
    pub version: i64,
    /// When it was undone.
    pub defaite_at: Option<Instant>,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    lieu_id: Uuid,
    at: Instant,
    par: String,
    origine: String,
    champs: String,
    avant: serde_json::Value,
    provenances: serde_json::Value,
    version: i64,
    defaite_at: Option<Instant>,
}

impl TryFrom<Ligne> for ModificationGardee {
    type Error = sqlx::Error;

    fn try_from(ligne: Ligne) -> DbResult<Self> {
        let inconnue = || sqlx::Error::Decode(format!("modification {} : origine inconnue", ligne.id).into());
        Ok(Self {
            origine: Origine::du_code(&ligne.origine).ok_or_else(inconnue)?,
            id: ligne.id,
            lieu: ligne.lieu_id,
            at: ligne.at,
            par: ligne.par,
            champs: ligne.champs.split('|').map(str::to_owned).collect(),
            avant: super::lire_json(ligne.avant)?,
            provenances: super::lire_json(ligne.provenances)?,
            version: ligne.version,
            defaite_at: ligne.defaite_at,
        })
    }
}

/// Keeps a change.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, modification: &ModificationGardee) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO lieu_modification (id, lieu_id, at, par, origine, champs, avant, provenances, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &params![
            modification.id,
            modification.lieu,
            modification.at,
            modification.par.as_str(),
            modification.origine.code(),
            modification.champs.join("|"),
            super::json(&modification.avant)?,
            super::json(&modification.provenances)?,
            modification.version
        ],
    )
    .await
    .map(drop)
}

/// The latest changes of a place that nobody undid, the last one first.
///
/// # Errors
/// The engine's, or a row that cannot be read back.
pub async fn du_lieu(tx: &mut Tx, lieu: Uuid, limite: u32) -> DbResult<Vec<ModificationGardee>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!("SELECT * FROM lieu_modification WHERE lieu_id = $1 AND defaite_at IS NULL ORDER BY at DESC, id DESC LIMIT $2"),
            &params![lieu, limite],
        )
        .await?;
    lignes.into_iter().map(ModificationGardee::try_from).collect()
}

/// Marks a change as undone, once; gives whether it was not yet.
///
/// # Errors
/// The engine's.
pub async fn defaire(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE lieu_modification SET defaite_at = $2 WHERE id = $1 AND defaite_at IS NULL"),
            &params![id, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Takes a shown place for a change if it still has this version; gives whether it had.
///
/// # Errors
/// The engine's.
pub async fn prendre(tx: &mut Tx, lieu: Uuid, version: i64, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE lieu SET modifie_at = $3 WHERE id = $1 AND version = $2 AND etat = 'publie'"),
            &params![lieu, version, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Says where the changed fields of a place come from now.
///
/// # Errors
/// The engine's.
pub async fn noter(tx: &mut Tx, lieu: Uuid, origine: Origine, provenances: &[Provenance], at: Instant) -> DbResult<()> {
    let gardees: Vec<ProvenanceGardee> = provenances
        .iter()
        .map(|p| ProvenanceGardee {
            champ: p.champ.to_owned(),
            source: origine.source().to_owned(),
            recu: Some(p.recu.clone()),
            regle: Some(p.regle.to_owned()),
            at,
        })
        .collect();
    rendre(tx, lieu, &gardees).await
}

/// Says again where fields of a place came from.
///
/// # Errors
/// The engine's.
pub async fn rendre(tx: &mut Tx, lieu: Uuid, provenances: &[ProvenanceGardee]) -> DbResult<()> {
    for p in provenances {
        let (recu, regle) = (p.recu.as_deref(), p.regle.as_deref());
        tx.execute(
            sql!(
                "INSERT INTO lieu_provenance (lieu_id, champ, source, recu, regle, at) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT (lieu_id, champ) DO UPDATE SET source = $3, recu = $4, regle = $5, at = $6"
            ),
            &params![lieu, p.champ.as_str(), p.source.as_str(), recu, regle, p.at],
        )
        .await?;
    }
    Ok(())
}

/// Forgets where these fields of a place come from.
///
/// # Errors
/// The engine's.
pub async fn oublier(tx: &mut Tx, lieu: Uuid, champs: &[String]) -> DbResult<()> {
    let mut valeurs: Vec<Value> = vec![lieu.into()];
    valeurs.extend(champs.iter().map(|champ| Value::from(champ.as_str())));
    let requete = sql!("DELETE FROM lieu_provenance WHERE lieu_id = $1 AND champ IN ($2, ...)");
    tx.execute(requete.with_list(2, champs.len()), &valeurs).await.map(drop)
}
