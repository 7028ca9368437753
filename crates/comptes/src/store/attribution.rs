//! Attributions, and what someone holds today.

use super::{incoherente, perimetre};
use crate::domain::{
    attribution::{Attribution, Retrait},
    fonction::Fonction,
    perimetre::Perimetre,
};
use socle::{
    change::Stored,
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params, sql,
};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    personne_id: Uuid,
    fonction: String,
    perimetre: String,
    du: DayColumn,
    au: Option<DayColumn>,
    accordee_par: Option<Uuid>,
    accordee_at: Instant,
    retiree_par: Option<Uuid>,
    retiree_at: Option<Instant>,
    motif_retrait: Option<String>,
    version: i64,
}

impl Ligne {
    fn attribution(self, portee: Vec<String>) -> DbResult<Attribution> {
        let fonction = Fonction::depuis_code(&self.fonction).ok_or_else(|| incoherente("attribution", self.id))?;
        let perimetre = Perimetre::lire(&self.perimetre).map_err(|_| incoherente("attribution", self.id))?;
        let retrait = match (self.retiree_at, self.motif_retrait) {
            (None, None) => None,
            (Some(at), Some(motif)) => Some(Retrait {
                par: self.retiree_par,
                at,
                motif,
            }),
            _ => return Err(incoherente("attribution", self.id)),
        };
        Ok(Attribution {
            id: self.id,
            personne: self.personne_id,
            fonction,
            perimetre,
            portee,
            du: self.du.0,
            au: self.au.map(|au| au.0),
            accordee_par: self.accordee_par,
            accordee_at: self.accordee_at,
            retrait,
            version: self.version,
        })
    }
}

/// The codes of where an attribution's perimeter lies.
///
/// # Errors
/// The engine's.
pub async fn portee(tx: &mut Tx, id: Uuid) -> DbResult<Vec<String>> {
    let codes: Vec<(String,)> = tx
        .fetch_all(
            sql!("SELECT code FROM attribution_portee WHERE attribution_id = $1 ORDER BY code"),
            &params![id],
        )
        .await?;
    Ok(codes.into_iter().map(|(code,)| code).collect())
}

impl Stored for Attribution {
    const KIND: &'static str = "attribution";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn people(&self) -> Vec<Uuid> {
        vec![self.personne]
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(
                sql!(
                    "SELECT id, personne_id, fonction, perimetre, du, au, accordee_par, accordee_at, retiree_par, retiree_at, motif_retrait,
                            version FROM attribution WHERE id = $1"
                ),
                &params![id],
            )
            .await?;
        let Some(ligne) = ligne else { return Ok(None) };
        let portee = portee(tx, id).await?;
        ligne.attribution(portee).map(Some)
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO attribution (id, personne_id, fonction, perimetre, du, au, accordee_par, accordee_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            &params![
                self.id,
                self.personne,
                self.fonction.code(),
                self.perimetre.code(),
                self.du,
                self.au,
                self.accordee_par,
                self.accordee_at
            ],
        )
        .await?;
        for code in &self.portee {
            tx.execute(
                sql!("INSERT INTO attribution_portee (attribution_id, code) VALUES ($1, $2)"),
                &params![self.id, code.as_str()],
            )
            .await?;
        }
        Ok(())
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let retrait = self.retrait.as_ref();
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE attribution SET au = $3, retiree_par = $4, retiree_at = $5, motif_retrait = $6, version = version + 1
                      WHERE id = $1 AND version = $2"
                ),
                &params![
                    self.id,
                    self.version,
                    self.au,
                    retrait.and_then(|r| r.par),
                    retrait.map(|r| r.at),
                    retrait.map(|r| r.motif.clone())
                ],
            )
            .await?;
        Ok(lignes == 1)
    }
}

/// The most attributions read for one person.
const MAX: u32 = 100;

/// What a person holds and held, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Attribution>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, personne_id, fonction, perimetre, du, au, accordee_par, accordee_at, retiree_par, retiree_at, motif_retrait,
                        version FROM attribution WHERE personne_id = $1 ORDER BY du DESC, id DESC LIMIT $2"
            ),
            &params![personne, MAX],
        )
        .await?;
    let mut codes = portees(tx, personne).await?;
    lignes
        .into_iter()
        .map(|ligne| {
            let portee = codes.remove(&ligne.id).unwrap_or_default();
            ligne.attribution(portee)
        })
        .collect()
}

async fn portees(tx: &mut Tx, personne: Uuid) -> DbResult<HashMap<Uuid, Vec<String>>> {
    let lignes: Vec<(Uuid, String)> = tx
        .fetch_all(
            sql!(
                "SELECT ap.attribution_id, ap.code FROM attribution_portee ap JOIN attribution a ON a.id = ap.attribution_id
                  WHERE a.personne_id = $1 ORDER BY ap.code"
            ),
            &params![personne],
        )
        .await?;
    let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (id, code) in lignes {
        codes.entry(id).or_default().push(code);
    }
    Ok(codes)
}

/// The codes of where a person stands today, through what they hold and where their file was opened: what a rule asks of a person.
///
/// # Errors
/// The engine's.
pub async fn codes_du_jour(tx: &mut Tx, personne: Uuid, jour: Day) -> DbResult<Vec<String>> {
    let lignes: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "SELECT DISTINCT ap.code FROM attribution_portee ap JOIN attribution a ON a.id = ap.attribution_id
                  WHERE a.personne_id = $1 AND a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $2)
                 UNION SELECT code FROM personne_portee WHERE personne_id = $1"
            ),
            &params![personne, jour],
        )
        .await?;
    Ok(lignes.into_iter().map(|(code,)| code).collect())
}

/// Moves what a person holds to another; gives the attributions moved.
///
/// # Errors
/// The engine's.
pub async fn deplacer(tx: &mut Tx, de: Uuid, vers: Uuid) -> DbResult<Vec<Uuid>> {
    let ids: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!("UPDATE attribution SET personne_id = $2, version = version + 1 WHERE personne_id = $1 RETURNING id"),
            &params![de, vers],
        )
        .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Something that a person holds or will hold, in their own right or by delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenue {
    /// The attribution.
    pub attribution: Attribution,
    /// Whether someone else's was passed on.
    pub par_delegation: bool,
    /// What its perimeter is called.
    pub perimetre: String,
}

/// What a person holds that day or later.
///
/// # Errors
/// The engine's.
pub async fn tenues(tx: &mut Tx, personne: Uuid, jour: Day) -> DbResult<Vec<Tenue>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, personne_id, fonction, perimetre, du, au, accordee_par, accordee_at, retiree_par, retiree_at, motif_retrait,
                        version FROM attribution
                  WHERE personne_id = $1 AND retiree_at IS NULL AND (au IS NULL OR au >= $2)
                 UNION ALL
                 SELECT a.id, a.personne_id, a.fonction, a.perimetre, a.du, a.au, a.accordee_par, a.accordee_at, a.retiree_par, a.retiree_at,
                        a.motif_retrait, a.version
                   FROM delegation d JOIN attribution a ON a.id = d.attribution_id AND a.retiree_at IS NULL
                  WHERE d.personne_id = $1 AND d.retiree_at IS NULL AND d.au >= $2
                  LIMIT 100"
            ),
            &params![personne, jour],
        )
        .await?;
    let attributions: Vec<Attribution> = lignes
        .into_iter()
        .map(|ligne| ligne.attribution(Vec::new()))
        .collect::<DbResult<_>>()?;
    let noms = perimetre::noms(tx, attributions.iter().map(|a| &a.perimetre)).await?;
    Ok(attributions
        .into_iter()
        .map(|attribution| Tenue {
            par_delegation: attribution.personne != personne,
            perimetre: noms.de(&attribution.perimetre),
            attribution,
        })
        .collect())
}

/// The people who hold something over a perimeter on a day or later, each once.
///
/// # Errors
/// The engine's.
pub async fn de_perimetre(tx: &mut Tx, perimetre: &Perimetre, jour: Day) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!(
                "SELECT DISTINCT a.personne_id FROM attribution_portee ap JOIN attribution a ON a.id = ap.attribution_id
                  WHERE ap.code = $1 AND a.perimetre = $1 AND a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $2)
                  ORDER BY a.personne_id"
            ),
            &params![perimetre.code(), jour],
        )
        .await?;
    Ok(lignes.into_iter().map(|(id,)| id).collect())
}

/// The people who hold a function on a day, each once, wherever they hold it.
///
/// # Errors
/// The engine's.
pub async fn titulaires(tx: &mut Tx, fonction: Fonction, jour: Day) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!(
                "SELECT DISTINCT personne_id FROM attribution
                  WHERE fonction = $1 AND retiree_at IS NULL AND du <= $2 AND (au IS NULL OR au >= $2) ORDER BY personne_id"
            ),
            &params![fonction.code(), jour],
        )
        .await?;
    Ok(lignes.into_iter().map(|(id,)| id).collect())
}
