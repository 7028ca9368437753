//! Delegations of functions.

use super::incoherente;
use crate::domain::{
    delegation::{Delegation, GenreDelegation},
    fonction::Fonction,
    perimetre::Perimetre,
};
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

/// A delegation, with what it passes on and between whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dite {
    /// The delegation.
    pub delegation: Delegation,
    /// The function passed on.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The name of who holds the function.
    pub titulaire: String,
    /// The name of who receives it.
    pub delegataire: String,
}

#[derive(sqlx::FromRow)]
struct LigneDite {
    #[sqlx(flatten)]
    ligne: Ligne,
    fonction: String,
    perimetre: String,
    titulaire: String,
    delegataire: String,
}

/// What a person passed on and received, the latest first; at most fifty.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Dite>> {
    let lignes: Vec<LigneDite> = tx
        .fetch_all(
            sql!(
                "SELECT d.id, d.attribution_id, d.personne_id, d.genre, d.acte, d.du, d.au, d.accordee_par, d.accordee_at, d.retiree_at,
                        d.version, a.fonction, a.perimetre, t.prenom || ' ' || t.nom AS titulaire, r.prenom || ' ' || r.nom AS delegataire
                   FROM delegation d JOIN attribution a ON a.id = d.attribution_id
                   JOIN personne t ON t.id = a.personne_id JOIN personne r ON r.id = d.personne_id
                  WHERE d.id IN (SELECT id FROM delegation WHERE personne_id = $1
                     UNION SELECT passee.id FROM delegation passee JOIN attribution sienne ON sienne.id = passee.attribution_id
                            WHERE sienne.personne_id = $1)
                  ORDER BY d.du DESC, d.id DESC LIMIT 50"
            ),
            &params![personne],
        )
        .await?;
    let mut dites = Vec::with_capacity(lignes.len());
    for l in lignes {
        let faute = || incoherente("delegation", l.ligne.id);
        let fonction = Fonction::depuis_code(&l.fonction).ok_or_else(faute)?;
        let perimetre = Perimetre::lire(&l.perimetre).map_err(|_| faute())?;
        let codes = codes(tx, l.ligne.attribution_id).await?;
        dites.push(Dite {
            delegation: l.ligne.delegation(codes)?,
            fonction,
            perimetre,
            titulaire: l.titulaire,
            delegataire: l.delegataire,
        });
    }
    Ok(dites)
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
