//! The only SQL about the places as they were before an import, so that it can be undone.

use socle::{
    db::{DbResult, Tx, Value},
    params, sql,
};
use uuid::Uuid;

use super::{depot::LieuCite, import::ProvenanceGardee, json, lire_json};
use crate::domain::lieu::Lieu;

/// What an import did to a place, with what undoes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Genre {
    /// It made the place.
    Creation,
    /// It changed the place.
    Modification {
        /// The record before.
        avant: Box<Lieu>,
        /// Its state before.
        etat: String,
        /// Where its fields came from.
        provenances: Vec<ProvenanceGardee>,
        /// The digest of the row of the source that had made it, and the import that had written it.
        ligne: (String, Uuid),
    },
    /// It withdrew the place.
    Retrait,
}

impl Genre {
    /// Every code in the database.
    pub const CODES: [&'static str; 3] = ["creation", "modification", "retrait"];

    fn code(&self) -> &'static str {
        let [creation, modification, retrait] = Self::CODES;
        match self {
            Self::Creation => creation,
            Self::Modification { .. } => modification,
            Self::Retrait => retrait,
        }
    }
}

/// A place before an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Avant {
    /// The place.
    pub lieu: Uuid,
    /// The place that shows it: another one when it is part of a merge.
    pub porteur: Uuid,
    /// Its identifier in the source.
    pub id_externe: String,
    /// What was done to it.
    pub genre: Genre,
    /// The version of the place that shows it, once written.
    pub version: i64,
    /// Its version before, when it was there.
    pub version_avant: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    lieu_id: Uuid,
    porteur_id: Uuid,
    genre: String,
    avant: Option<serde_json::Value>,
    etat_avant: Option<String>,
    provenances: Option<serde_json::Value>,
    id_externe: String,
    empreinte: Option<String>,
    dernier_import_id: Option<Uuid>,
    version_apres: i64,
    version_avant: Option<i64>,
}

impl TryFrom<Ligne> for Avant {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        let incoherente = || sqlx::Error::Decode(format!("import du lieu {} incohérent", l.lieu_id).into());
        let [creation, _, retrait] = Genre::CODES;
        let genre = match l.genre.as_str() {
            genre if genre == creation => Genre::Creation,
            genre if genre == retrait => Genre::Retrait,
            _ => Genre::Modification {
                avant: lire_json(l.avant.ok_or_else(incoherente)?)?,
                etat: l.etat_avant.ok_or_else(incoherente)?,
                provenances: lire_json(l.provenances.ok_or_else(incoherente)?)?,
                ligne: l.empreinte.zip(l.dernier_import_id).ok_or_else(incoherente)?,
            },
        };
        Ok(Self {
            lieu: l.lieu_id,
            porteur: l.porteur_id,
            id_externe: l.id_externe,
            genre,
            version: l.version_apres,
            version_avant: l.version_avant,
        })
    }
}

/// Keeps a place as it was before an import; when the import wrote it before, what was kept then stays.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, import: Uuid, avant: &Avant) -> DbResult<()> {
    let (fiche, etat, provenances, empreinte, dernier) = match &avant.genre {
        Genre::Modification {
            avant,
            etat,
            provenances,
            ligne: (empreinte, dernier),
        } => (
            Some(json(avant)?),
            Some(etat.as_str()),
            Some(json(provenances)?),
            Some(empreinte.as_str()),
            Some(*dernier),
        ),
        _ => (None, None, None, None, None),
    };
    tx.execute(
        sql!(
            "INSERT INTO import_avant (import_id, lieu_id, porteur_id, genre, avant, etat_avant, provenances, id_externe, empreinte,
                dernier_import_id, version_apres, version_avant) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
              ON CONFLICT (import_id, lieu_id) DO UPDATE SET porteur_id = $3, version_apres = $11"
        ),
        &params![
            import,
            avant.lieu,
            avant.porteur,
            avant.genre.code(),
            fiche,
            etat,
            provenances,
            avant.id_externe.as_str(),
            empreinte,
            dernier,
            avant.version,
            avant.version_avant
        ],
    )
    .await
    .map(drop)
}

/// Says at which version the import leaves a place that shows several of its records.
///
/// # Errors
/// The engine's.
pub async fn noter_version(tx: &mut Tx, import: Uuid, porteur: Uuid, version: i64) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE import_avant SET version_apres = $3 WHERE import_id = $1 AND porteur_id = $2"),
        &params![import, porteur, version],
    )
    .await
    .map(drop)
}

/// Says at which version a place that one import put back is now, to the imports that had left it as it was before that one or as it was
/// until now: each can then be undone in its turn.
///
/// # Errors
/// The engine's.
pub async fn rattacher(tx: &mut Tx, import: Uuid, rendu: &Avant, version: i64) -> DbResult<()> {
    tx.execute(
        sql!(
            "UPDATE import_avant SET version_apres = $4
              WHERE porteur_id = $2 AND import_id <> $1 AND NOT laisse AND version_apres IN ($3, $5)"
        ),
        &params![
            import,
            rendu.porteur,
            rendu.version_avant.unwrap_or(rendu.version),
            version,
            rendu.version
        ],
    )
    .await
    .map(drop)
}

/// A place of an import that is not put back yet, the same one until it is forgotten or left.
///
/// # Errors
/// The engine's.
pub async fn suivant(tx: &mut Tx, import: Uuid) -> DbResult<Option<Avant>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT lieu_id, porteur_id, genre, avant, etat_avant, provenances, id_externe, empreinte, dernier_import_id, version_apres, version_avant
                   FROM import_avant WHERE import_id = $1 AND NOT laisse ORDER BY lieu_id LIMIT 1"
            ),
            &params![import],
        )
        .await?;
    ligne.map(Avant::try_from).transpose()
}

/// Forgets a place of an import, once it is put back.
///
/// # Errors
/// The engine's.
pub async fn oublier(tx: &mut Tx, import: Uuid, lieu: Uuid) -> DbResult<()> {
    tx.execute(
        sql!("DELETE FROM import_avant WHERE import_id = $1 AND lieu_id = $2"),
        &params![import, lieu],
    )
    .await
    .map(drop)
}

/// Leaves a place as the import made it: all that is kept is that it was left.
///
/// # Errors
/// The engine's.
pub async fn laisser(tx: &mut Tx, import: Uuid, lieu: Uuid) -> DbResult<()> {
    tx.execute(
        sql!(
            "UPDATE import_avant SET laisse = $3, avant = NULL, provenances = NULL WHERE import_id = $1 AND lieu_id = $2"
        ),
        &params![import, lieu, true],
    )
    .await
    .map(drop)
}

/// The places that the undoing of an import left, after this one, at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn laisses(tx: &mut Tx, import: Uuid, apres: Uuid, limite: u32) -> DbResult<Vec<LieuCite>> {
    tx.fetch_all(
        sql!(
            "SELECT a.lieu_id AS cle, l.id AS lieu_id, l.nom, l.commune FROM import_avant a JOIN lieu l ON l.id = a.porteur_id
              WHERE a.import_id = $1 AND a.laisse AND a.lieu_id > $2 ORDER BY a.lieu_id LIMIT $3"
        ),
        &params![import, apres, limite],
    )
    .await
}

/// How many places an import wrote, of each kind.
///
/// # Errors
/// The engine's.
pub async fn ecrits(tx: &mut Tx, import: Uuid) -> DbResult<Ecrits> {
    tx.fetch_one(
        sql!(
            "SELECT CAST(COALESCE(SUM(CASE WHEN genre = 'creation' THEN 1 ELSE 0 END), 0) AS BIGINT) AS creees,
                    CAST(COALESCE(SUM(CASE WHEN genre = 'modification' THEN 1 ELSE 0 END), 0) AS BIGINT) AS modifiees,
                    CAST(COALESCE(SUM(CASE WHEN genre = 'retrait' THEN 1 ELSE 0 END), 0) AS BIGINT) AS retirees
               FROM import_avant WHERE import_id = $1"
        ),
        &params![import],
    )
    .await
}

/// How many places an import wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ecrits {
    /// Made.
    pub creees: i64,
    /// Changed.
    pub modifiees: i64,
    /// Withdrawn.
    pub retirees: i64,
}

/// How many places an import can put back, and how many of these changed since.
///
/// # Errors
/// The engine's.
pub async fn compter(tx: &mut Tx, import: Uuid) -> DbResult<(i64, i64)> {
    tx.fetch_one(
        sql!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN l.version <> a.version_apres THEN 1 ELSE 0 END), 0) AS BIGINT)
               FROM import_avant a JOIN lieu l ON l.id = a.porteur_id WHERE a.import_id = $1 AND NOT a.laisse"
        ),
        &params![import],
    )
    .await
}

/// Whether a place still lies in one of these codes.
///
/// # Errors
/// The engine's.
pub async fn est_tenu(tx: &mut Tx, lieu: Uuid, codes: &[String]) -> DbResult<bool> {
    let mut valeurs: Vec<Value> = params![lieu].into();
    valeurs.extend(codes.iter().map(|code| Value::from(code.as_str())));
    let requete = sql!("SELECT COUNT(*) FROM lieu_portee WHERE lieu_id = $1 AND code IN ($2, ...)");
    let (nombre,): (i64,) = tx.fetch_one(requete.with_list(2, codes.len()), &valeurs).await?;
    Ok(nombre > 0)
}

#[derive(sqlx::FromRow)]
struct LigneEtat {
    etat: String,
    version: i64,
}

/// The state and the version of a place.
///
/// # Errors
/// The engine's.
pub async fn etat(tx: &mut Tx, lieu: Uuid) -> DbResult<Option<(String, i64)>> {
    let ligne: Option<LigneEtat> = tx
        .fetch_optional(sql!("SELECT etat, version FROM lieu WHERE id = $1"), &params![lieu])
        .await?;
    Ok(ligne.map(|l| (l.etat, l.version)))
}
