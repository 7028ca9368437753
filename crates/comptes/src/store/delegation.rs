//! Delegations of functions.

use super::incoherente;
use crate::domain::delegation::{Delegation, GenreDelegation};
use socle::{
    change::Stored,
    clock::Instant,
    db::{DayColumn, DbResult, Tx},
    params,
    permissions::person_code,
    sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    attribution_id: Uuid,
    personne_id: Uuid,
    genre: String,
    acte: String,
    du: DayColumn,
    au: DayColumn,
    accordee_par: Uuid,
    accordee_at: Instant,
    retiree_at: Option<Instant>,
    version: i64,
}

impl Ligne {
    fn delegation(self, codes: Vec<String>) -> DbResult<Delegation> {
        Ok(Delegation {
            genre: GenreDelegation::depuis_code(&self.genre).ok_or_else(|| incoherente("delegation", self.id))?,
            id: self.id,
            attribution: self.attribution_id,
            codes,
            personne: self.personne_id,
            acte: self.acte,
            du: self.du.0,
            au: self.au.0,
            accordee_par: self.accordee_par,
            accordee_at: self.accordee_at,
            retiree_at: self.retiree_at,
            version: self.version,
        })
    }
}

/// The codes of the attribution passed on, its holder's included.
async fn codes(tx: &mut Tx, attribution: Uuid) -> DbResult<Vec<String>> {
    let lignes: Vec<(String,)> = tx
        .fetch_all(
            sql!("SELECT code FROM attribution_portee WHERE attribution_id = $1 ORDER BY code"),
            &params![attribution],
        )
        .await?;
    let (titulaire,): (Uuid,) = tx
        .fetch_one(
            sql!("SELECT personne_id FROM attribution WHERE id = $1"),
            &params![attribution],
        )
        .await?;
    Ok(std::iter::once(person_code(titulaire))
        .chain(lignes.into_iter().map(|(code,)| code))
        .collect())
}

impl Stored for Delegation {
    const KIND: &'static str = "delegation";

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
                    "SELECT id, attribution_id, personne_id, genre, acte, du, au, accordee_par, accordee_at, retiree_at, version
                       FROM delegation WHERE id = $1"
                ),
                &params![id],
            )
            .await?;
        let Some(ligne) = ligne else { return Ok(None) };
        let codes = codes(tx, ligne.attribution_id).await?;
        ligne.delegation(codes).map(Some)
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO delegation (id, attribution_id, personne_id, genre, acte, du, au, accordee_par, accordee_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            ),
            &params![
                self.id,
                self.attribution,
                self.personne,
                self.genre.code(),
                self.acte.as_str(),
                self.du,
                self.au,
                self.accordee_par,
                self.accordee_at
            ],
        )
        .await
        .map(drop)
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let lignes = tx
            .execute(
                sql!("UPDATE delegation SET retiree_at = $3, version = version + 1 WHERE id = $1 AND version = $2"),
                &params![self.id, self.version, self.retiree_at],
            )
            .await?;
        Ok(lignes == 1)
    }
}

/// The delegations of an attribution, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_attribution(tx: &mut Tx, attribution: Uuid) -> DbResult<Vec<Delegation>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, attribution_id, personne_id, genre, acte, du, au, accordee_par, accordee_at, retiree_at, version
                   FROM delegation WHERE attribution_id = $1 ORDER BY du DESC, id DESC LIMIT 50"
            ),
            &params![attribution],
        )
        .await?;
    let codes = codes(tx, attribution).await?;
    lignes
        .into_iter()
        .map(|ligne| ligne.delegation(codes.clone()))
        .collect()
}
