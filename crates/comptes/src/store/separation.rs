//! Where the separation of duties was lifted.

use super::incoherente;
use crate::domain::{perimetre::Perimetre, separation::Levee};
use socle::{
    change::Stored,
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params,
    permissions::WHOLE,
    sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    perimetre: String,
    motif: String,
    du: DayColumn,
    au: DayColumn,
    levee_par: Uuid,
    levee_at: Instant,
    retablie_at: Option<Instant>,
    version: i64,
}

impl TryFrom<Ligne> for Levee {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        Ok(Self {
            perimetre: Perimetre::lire(&l.perimetre).map_err(|_| incoherente("levee_separation", l.id))?,
            id: l.id,
            motif: l.motif,
            du: l.du.0,
            au: l.au.0,
            par: l.levee_par,
            levee_at: l.levee_at,
            retablie_at: l.retablie_at,
            version: l.version,
        })
    }
}

impl Stored for Levee {
    const KIND: &'static str = "levee_separation";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(
                sql!(
                    "SELECT id, perimetre, motif, du, au, levee_par, levee_at, retablie_at, version FROM levee_separation WHERE id = $1"
                ),
                &params![id],
            )
            .await?;
        ligne.map(Self::try_from).transpose()
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO levee_separation (id, perimetre, motif, du, au, levee_par, levee_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            &params![
                self.id,
                self.perimetre.code(),
                self.motif.as_str(),
                self.du,
                self.au,
                self.par,
                self.levee_at
            ],
        )
        .await
        .map(drop)
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE levee_separation SET retablie_at = $3, version = version + 1 WHERE id = $1 AND version = $2"
                ),
                &params![self.id, self.version, self.retablie_at],
            )
            .await?;
        Ok(lignes == 1)
    }
}

/// Where the rule is or was lifted, the latest first, from before this one on.
///
/// # Errors
/// The engine's.
pub async fn lister(tx: &mut Tx, avant: Option<Uuid>, limite: u32) -> DbResult<Vec<Levee>> {
    let avant = avant.unwrap_or(Uuid::max());
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, perimetre, motif, du, au, levee_par, levee_at, retablie_at, version FROM levee_separation
                  WHERE id < $1 ORDER BY id DESC LIMIT $2"
            ),
            &params![avant, limite],
        )
        .await?;
    lignes.into_iter().map(Levee::try_from).collect()
}

/// Whether the separation of duties is lifted that day where a thing lies.
///
/// # Errors
/// The engine's.
pub async fn est_levee(tx: &mut Tx, codes: &[String], jour: Day) -> DbResult<bool> {
    let mut params = params![jour].to_vec();
    params.extend(codes.iter().map(|code| code.as_str().into()));
    // Lifted everywhere, it is lifted here.
    params.push(WHOLE.into());
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!("SELECT id FROM levee_separation WHERE retablie_at IS NULL AND du <= $1 AND au >= $1 AND perimetre IN ($2, ...) LIMIT 1")
                .with_list(2, codes.len() + 1),
            &params,
        )
        .await?;
    Ok(!lignes.is_empty())
}
