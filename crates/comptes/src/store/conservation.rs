//! Those who no longer come, and the warnings that they were given.

use crate::{
    courriels::INACTIVITE,
    domain::conservation::{Preavis, Remise, Situation},
};
use socle::{
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    letters::{self, State},
    params, sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    etat: String,
    venue_at: Instant,
    preavis_venue_at: Option<Instant>,
    effacement_le: Option<DayColumn>,
    dit_a: Option<String>,
}

/// What the rule needs to know of a person on a day; nothing when there is no such person.
///
/// # Errors
/// The engine's.
pub async fn situation(tx: &mut Tx, personne: Uuid, jour: Day) -> DbResult<Option<Situation>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT p.etat, COALESCE(p.vue_at, p.creee_at) AS venue_at, e.venue_at AS preavis_venue_at, e.effacement_le, e.dit_a
                   FROM personne p LEFT JOIN preavis_effacement e ON e.personne_id = p.id WHERE p.id = $1"
            ),
            &params![personne],
        )
        .await?;
    let Some(ligne) = ligne else { return Ok(None) };
    let tenues = super::attribution::tenues(tx, personne, jour).await?;
    let remise = match ligne.dit_a.as_deref() {
        Some(dit_a) if dit_a == DitA::Personne.code() => remise(tx, personne).await?,
        _ => Remise::Faite,
    };
    Ok(Some(Situation {
        active: ligne.etat == "active",
        tient: !tenues.is_empty(),
        venue_at: ligne.venue_at,
        preavis: ligne
            .preavis_venue_at
            .zip(ligne.effacement_le)
            .map(|(venue_at, le)| Preavis {
                venue_at,
                effacement_le: le.0,
                remise,
            }),
    }))
}

/// What became of the mail that warned a person; once forgotten, it had left.
async fn remise(tx: &mut Tx, personne: Uuid) -> DbResult<Remise> {
    let etat = letters::last_about(tx, personne, INACTIVITE).await?;
    Ok(match etat {
        Some(State::Waiting | State::Sending | State::ToReview) => Remise::EnAttente,
        Some(State::Refused) => Remise::Refusee,
        Some(State::Sent) | None => Remise::Faite,
    })
}

/// Someone who may have to be warned: when they last came, and who they are.
pub type Absent = (Instant, Uuid);

/// At most `limite` people in use, whom nobody warned and who hold nothing in their own right that day, who did not come since `avant`; the
/// longest absent first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn absents(
    tx: &mut Tx,
    avant: Instant,
    jour: Day,
    (apres, apres_id): Absent,
    limite: u32,
) -> DbResult<Vec<Absent>> {
    tx.fetch_all(
        sql!(
            "SELECT COALESCE(p.vue_at, p.creee_at) AS venue_at, p.id FROM personne p
              WHERE p.etat = 'active' AND COALESCE(p.vue_at, p.creee_at) < $1 AND (COALESCE(p.vue_at, p.creee_at), p.id) > ($2, $3)
                AND NOT EXISTS (SELECT 1 FROM preavis_effacement e WHERE e.personne_id = p.id)
                AND NOT EXISTS (SELECT 1 FROM attribution a
                                 WHERE a.personne_id = p.id AND a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $4))
              ORDER BY COALESCE(p.vue_at, p.creee_at), p.id LIMIT $5"
        ),
        &params![avant, apres, apres_id, jour, limite],
    )
    .await
}

/// At most `limite` people whose announced day has come, the earliest first, after the one given.
///
/// # Errors
/// The engine's.
pub async fn echus(tx: &mut Tx, jour: Day, (apres, apres_id): (Day, Uuid), limite: u32) -> DbResult<Vec<(Day, Uuid)>> {
    let lignes: Vec<(DayColumn, Uuid)> = tx
        .fetch_all(
            sql!(
                "SELECT effacement_le, personne_id FROM preavis_effacement
                  WHERE effacement_le <= $1 AND (effacement_le, personne_id) > ($2, $3)
                  ORDER BY effacement_le, personne_id LIMIT $4"
            ),
            &params![jour, apres, apres_id, limite],
        )
        .await?;
    Ok(lignes.into_iter().map(|(le, id)| (le.0, id)).collect())
}

/// Who is told of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DitA {
    /// The person.
    Personne,
    /// The agent who opened their file, or who administers the platform.
    Agent,
}

impl DitA {
    /// Every one.
    pub const TOUS: [Self; 2] = [Self::Personne, Self::Agent];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Personne => "personne",
            Self::Agent => "agent",
        }
    }
}

/// Keeps that someone is warned: when they last came, and the day announced; gives whether nobody did it before.
///
/// # Errors
/// The engine's.
pub async fn prevenir(
    tx: &mut Tx,
    personne: Uuid,
    (venue_at, effacement_le): (Instant, Day),
    dit_a: DitA,
    at: Instant,
) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO preavis_effacement (personne_id, venue_at, donne_at, effacement_le, dit_a) VALUES ($1, $2, $3, $4, $5)
                  ON CONFLICT (personne_id) DO NOTHING"
            ),
            &params![personne, venue_at, at, effacement_le, dit_a.code()],
        )
        .await?;
    Ok(lignes == 1)
}

/// Lifts the warning of a person; gives whether there was one. Whoever lifts it first decides between a visit and an erasure.
///
/// # Errors
/// The engine's.
pub async fn lever(tx: &mut Tx, personne: Uuid) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("DELETE FROM preavis_effacement WHERE personne_id = $1"),
            &params![personne],
        )
        .await?;
    Ok(lignes == 1)
}
