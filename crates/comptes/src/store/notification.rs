//! Notifications and preferences.

use super::incoherente;
use crate::domain::notification::{GenreNotification, Mode, Notification};
use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    genre: String,
    phrase: String,
    chemin: String,
    faite_at: Instant,
    lue_at: Option<Instant>,
}

impl TryFrom<Ligne> for Notification {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        Ok(Self {
            genre: GenreNotification::depuis_code(&l.genre).ok_or_else(|| incoherente("notification", l.id))?,
            id: l.id,
            phrase: l.phrase,
            chemin: l.chemin,
            faite_at: l.faite_at,
            lue_at: l.lue_at,
        })
    }
}

/// Keeps a notification; `a_resumer` when the daily message will hold it.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, personne: Uuid, une: &Notification, a_resumer: bool) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO notification (id, personne_id, genre, phrase, chemin, faite_at, a_resumer) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            une.id,
            personne,
            une.genre.code(),
            une.phrase.as_str(),
            une.chemin.as_str(),
            une.faite_at,
            a_resumer
        ],
    )
    .await
    .map(drop)
}

/// The latest notifications of a person.
///
/// # Errors
/// The engine's.
pub async fn lister(tx: &mut Tx, personne: Uuid, limite: u32) -> DbResult<Vec<Notification>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, genre, phrase, chemin, faite_at, lue_at FROM notification WHERE personne_id = $1
                  ORDER BY faite_at DESC, id DESC LIMIT $2"
            ),
            &params![personne, limite],
        )
        .await?;
    lignes.into_iter().map(Notification::try_from).collect()
}

/// How many notifications a person has not read.
///
/// # Errors
/// The engine's.
pub async fn non_lues(tx: &mut Tx, personne: Uuid) -> DbResult<i64> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COUNT(*) FROM notification WHERE personne_id = $1 AND lue_at IS NULL"),
            &params![personne],
        )
        .await?;
    Ok(nombre)
}

/// Marks every notification of a person as read.
///
/// # Errors
/// The engine's.
pub async fn tout_lire(tx: &mut Tx, personne: Uuid, at: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("UPDATE notification SET lue_at = $2 WHERE personne_id = $1 AND lue_at IS NULL"),
        &params![personne, at],
    )
    .await
}

/// Removes the notifications made before this instant.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(sql!("DELETE FROM notification WHERE faite_at < $1"), &params![avant])
        .await
}

/// What a person chose for a kind.
///
/// # Errors
/// The engine's.
pub async fn mode(tx: &mut Tx, personne: Uuid, genre: GenreNotification) -> DbResult<Mode> {
    let ligne: Option<(String,)> = tx
        .fetch_optional(
            sql!("SELECT mode FROM preference_notification WHERE personne_id = $1 AND genre = $2"),
            &params![personne, genre.code()],
        )
        .await?;
    Ok(ligne.and_then(|(code,)| Mode::depuis_code(&code)).unwrap_or_default())
}

/// Keeps what a person chose for a kind.
///
/// # Errors
/// The engine's.
pub async fn choisir(tx: &mut Tx, personne: Uuid, genre: GenreNotification, mode: Mode) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO preference_notification (personne_id, genre, mode) VALUES ($1, $2, $3)
              ON CONFLICT (personne_id, genre) DO UPDATE SET mode = $3"
        ),
        &params![personne, genre.code(), mode.code()],
    )
    .await
    .map(drop)
}

/// Someone who waits for the daily message.
///
/// # Errors
/// The engine's.
pub async fn a_resumer(tx: &mut Tx) -> DbResult<Option<Uuid>> {
    let ligne: Option<(Uuid,)> = tx
        .fetch_optional(
            sql!("SELECT personne_id FROM notification WHERE a_resumer ORDER BY personne_id LIMIT 1"),
            &[],
        )
        .await?;
    Ok(ligne.map(|(id,)| id))
}

/// Takes the sentences that the daily message of a person holds, which no other message will hold.
///
/// # Errors
/// The engine's.
pub async fn prendre(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<String>> {
    let mut lignes: Vec<(Instant, String)> = tx
        .fetch_all(
            sql!("UPDATE notification SET a_resumer = FALSE WHERE personne_id = $1 AND a_resumer RETURNING faite_at, phrase"),
            &params![personne],
        )
        .await?;
    lignes.sort();
    Ok(lignes.into_iter().map(|(_, phrase)| phrase).collect())
}
