//! The passkeys of people.

use super::incoherente;
use identite::passkey::Passkey;
use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// A passkey and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleAcces {
    /// Its identifier here.
    pub id: Uuid,
    /// Whose it is.
    pub personne: Uuid,
    /// What its owner calls it.
    pub nom: String,
    /// Its public part.
    pub passkey: Passkey,
    /// When it was added.
    pub ajoutee_at: Instant,
    /// When it last served.
    pub utilisee_at: Option<Instant>,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    personne_id: Uuid,
    nom: String,
    donnees: serde_json::Value,
    ajoutee_at: Instant,
    utilisee_at: Option<Instant>,
}

impl TryFrom<Ligne> for CleAcces {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        Ok(Self {
            passkey: serde_json::from_value(l.donnees).map_err(|_| incoherente("cle_acces", l.id))?,
            id: l.id,
            personne: l.personne_id,
            nom: l.nom,
            ajoutee_at: l.ajoutee_at,
            utilisee_at: l.utilisee_at,
        })
    }
}

fn donnees(passkey: &Passkey) -> DbResult<serde_json::Value> {
    serde_json::to_value(passkey).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// The passkeys of a person, the oldest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<CleAcces>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, personne_id, nom, donnees, ajoutee_at, utilisee_at FROM cle_acces WHERE personne_id = $1
                  ORDER BY ajoutee_at, id LIMIT 50"
            ),
            &params![personne],
        )
        .await?;
    lignes.into_iter().map(CleAcces::try_from).collect()
}

/// How many passkeys a person has.
///
/// # Errors
/// The engine's.
pub async fn compter(tx: &mut Tx, personne: Uuid) -> DbResult<i64> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COUNT(*) FROM cle_acces WHERE personne_id = $1"),
            &params![personne],
        )
        .await?;
    Ok(nombre)
}

/// The passkey of this identifier, when its owner's file is in use.
///
/// # Errors
/// The engine's.
pub async fn par_identifiant(tx: &mut Tx, identifiant: &[u8]) -> DbResult<Option<CleAcces>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT c.id, c.personne_id, c.nom, c.donnees, c.ajoutee_at, c.utilisee_at FROM cle_acces c
                   JOIN personne p ON p.id = c.personne_id AND p.etat = 'active' WHERE c.identifiant = $1"
            ),
            &params![identifiant.to_vec()],
        )
        .await?;
    ligne.map(CleAcces::try_from).transpose()
}

/// Adds a passkey; gives whether nobody had it.
///
/// # Errors
/// The engine's.
pub async fn ajouter(tx: &mut Tx, cle: &CleAcces) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO cle_acces (id, personne_id, identifiant, donnees, nom, ajoutee_at) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT (identifiant) DO NOTHING"
            ),
            &params![
                cle.id,
                cle.personne,
                cle.passkey.id.to_vec(),
                donnees(&cle.passkey)?,
                cle.nom.as_str(),
                cle.ajoutee_at
            ],
        )
        .await?;
    Ok(lignes == 1)
}

/// Notes that a passkey served, and what it says of itself now.
///
/// # Errors
/// The engine's.
pub async fn noter_usage(tx: &mut Tx, id: Uuid, passkey: &Passkey, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE cle_acces SET donnees = $2, utilisee_at = $3 WHERE id = $1"),
        &params![id, donnees(passkey)?, at],
    )
    .await
    .map(drop)
}

/// Renames a passkey of a person; gives whether it is theirs.
///
/// # Errors
/// The engine's.
pub async fn renommer(tx: &mut Tx, personne: Uuid, id: Uuid, nom: &str) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE cle_acces SET nom = $3 WHERE id = $1 AND personne_id = $2"),
            &params![id, personne, nom],
        )
        .await?;
    Ok(lignes == 1)
}

/// Removes a passkey of a person, and gives its name; nothing when it is not theirs.
///
/// # Errors
/// The engine's.
pub async fn retirer(tx: &mut Tx, personne: Uuid, id: Uuid) -> DbResult<Option<String>> {
    let nom: Option<(String,)> = tx
        .fetch_optional(
            sql!("DELETE FROM cle_acces WHERE id = $1 AND personne_id = $2 RETURNING nom"),
            &params![id, personne],
        )
        .await?;
    Ok(nom.map(|(nom,)| nom))
}
