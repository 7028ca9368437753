//! Sessions, and who stands behind one.

use super::incoherente;
use crate::domain::session::{MoyenConnexion, Place, Session};
use socle::{
    clock::{Day, Instant},
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    personne_id: Uuid,
    moyen: String,
    fort: bool,
    preuve_at: Instant,
    appareil: String,
    attribution_id: Option<Uuid>,
    place_de: Option<Uuid>,
    place_titre: Option<Uuid>,
    motif_place: Option<String>,
    ouverte_at: Instant,
    vue_at: Instant,
    expire_at: Instant,
    fermee_at: Option<Instant>,
}

impl TryFrom<Ligne> for Session {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        let place = match (l.place_de, l.place_titre, l.motif_place) {
            (None, None, None) => None,
            (Some(de), Some(titre), Some(motif)) => Some(Place { de, titre, motif }),
            _ => return Err(incoherente("session", l.id)),
        };
        Ok(Self {
            moyen: MoyenConnexion::depuis_code(&l.moyen).ok_or_else(|| incoherente("session", l.id))?,
            id: l.id,
            personne: l.personne_id,
            fort: l.fort,
            preuve_at: l.preuve_at,
            appareil: l.appareil,
            attribution: l.attribution_id,
            place,
            ouverte_at: l.ouverte_at,
            vue_at: l.vue_at,
            expire_at: l.expire_at,
            fermee_at: l.fermee_at,
        })
    }
}

/// Opens a session; `secret` is the fingerprint of its cookie.
///
/// # Errors
/// The engine's.
pub async fn ouvrir(tx: &mut Tx, session: &Session, secret: &[u8]) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO session (id, secret, personne_id, moyen, fort, preuve_at, appareil, attribution_id, place_de, place_titre, motif_place,
                                  ouverte_at, vue_at, expire_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        &params![
            session.id,
            secret.to_vec(),
            session.personne,
            session.moyen.code(),
            session.fort,
            session.preuve_at,
            session.appareil.as_str(),
            session.attribution,
            session.place.as_ref().map(|p| p.de),
            session.place.as_ref().map(|p| p.titre),
            session.place.as_ref().map(|p| p.motif.clone()),
            session.ouverte_at,
            session.vue_at,
            session.expire_at
        ],
    )
    .await
    .map(drop)
}

/// The sessions of a person that are open, the latest used first.
///
/// # Errors
/// The engine's.
pub async fn ouvertes(tx: &mut Tx, personne: Uuid, at: Instant) -> DbResult<Vec<Session>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, personne_id, moyen, fort, preuve_at, appareil, attribution_id, place_de, place_titre, motif_place, ouverte_at, vue_at,
                        expire_at, fermee_at
                   FROM session WHERE personne_id = $1 AND fermee_at IS NULL AND expire_at > $2 ORDER BY vue_at DESC, id DESC LIMIT 50"
            ),
            &params![personne, at],
        )
        .await?;
    lignes.into_iter().map(Session::try_from).collect()
}

/// A session by its identifier.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Session>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, personne_id, moyen, fort, preuve_at, appareil, attribution_id, place_de, place_titre, motif_place, ouverte_at, vue_at,
                        expire_at, fermee_at
                   FROM session WHERE id = $1"
            ),
            &params![id],
        )
        .await?;
    ligne.map(Session::try_from).transpose()
}

/// Ends a session; gives whether it was open.
///
/// # Errors
/// The engine's.
pub async fn fermer(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE session SET fermee_at = $2, jeton = NULL WHERE id = $1 AND fermee_at IS NULL"),
            &params![id, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Ends every session of a person, but one when it is given; gives how many.
///
/// # Errors
/// The engine's.
pub async fn fermer_toutes(tx: &mut Tx, personne: Uuid, sauf: Option<Uuid>, at: Instant) -> DbResult<u64> {
    tx.execute(
        sql!(
            "UPDATE session SET fermee_at = $3, jeton = NULL WHERE personne_id = $1 AND id <> $2 AND fermee_at IS NULL"
        ),
        &params![personne, sauf.unwrap_or_default(), at],
    )
    .await
}

/// Notes that a session is in use, and moves its end.
///
/// # Errors
/// The engine's.
pub async fn noter_usage(tx: &mut Tx, id: Uuid, at: Instant, expire_at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE session SET vue_at = $2, expire_at = $3 WHERE id = $1 AND fermee_at IS NULL"),
        &params![id, at, expire_at],
    )
    .await
    .map(drop)
}

/// Notes a proof just shown: `fort` when it was a second factor.
///
/// # Errors
/// The engine's.
pub async fn noter_preuve(tx: &mut Tx, id: Uuid, fort: bool, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE session SET preuve_at = $3, fort = (fort OR $2) WHERE id = $1 AND fermee_at IS NULL"),
        &params![id, fort, at],
    )
    .await
    .map(drop)
}

/// Keeps what the identity provider wants back at sign-out, sealed, in the session of this secret's fingerprint.
///
/// # Errors
/// The engine's.
pub async fn garder_jeton(tx: &mut Tx, secret: &[u8], jeton: &[u8]) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE session SET jeton = $2 WHERE secret = $1 AND fermee_at IS NULL"),
        &params![secret.to_vec(), jeton.to_vec()],
    )
    .await
    .map(drop)
}

/// Takes it out of a session that ends; nothing when the session was not opened by a provider.
///
/// # Errors
/// The engine's.
pub async fn jeton(tx: &mut Tx, id: Uuid) -> DbResult<Option<Vec<u8>>> {
    let ligne: Option<(Option<Vec<u8>>,)> = tx
        .fetch_optional(sql!("SELECT jeton FROM session WHERE id = $1"), &params![id])
        .await?;
    Ok(ligne.and_then(|(jeton,)| jeton))
}

/// Gives the session of this secret's fingerprint what was shown in another one: when, and what its identity provider wants back.
///
/// # Errors
/// The engine's.
pub async fn succeder(tx: &mut Tx, secret: &[u8], a: Uuid) -> DbResult<()> {
    tx.execute(
        sql!(
            "UPDATE session SET preuve_at = (SELECT a.preuve_at FROM session a WHERE a.id = $2),
                    jeton = (SELECT a.jeton FROM session a WHERE a.id = $2) WHERE secret = $1"
        ),
        &params![secret.to_vec(), a],
    )
    .await
    .map(drop)
}

/// Chooses the attribution in which a session acts.
///
/// # Errors
/// The engine's.
pub async fn choisir(tx: &mut Tx, id: Uuid, attribution: Option<Uuid>) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE session SET attribution_id = $2 WHERE id = $1 AND fermee_at IS NULL"),
        &params![id, attribution],
    )
    .await
    .map(drop)
}

/// Removes the sessions that ended before this instant.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM session WHERE expire_at < $1 OR fermee_at < $1"),
        &params![avant],
    )
    .await
}

/// What a session says of who is behind it, once for each thing that they hold today.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reconnu {
    /// The session.
    pub session_id: Uuid,
    /// Who signed in.
    pub connecte: Uuid,
    /// In whose name they act: themselves, or the person whose place they take.
    pub personne_id: Uuid,
    /// That person's first name.
    pub prenom: String,
    /// That person's last name.
    pub nom: String,
    /// Whether two factors were shown.
    pub fort: bool,
    /// When a factor was last shown.
    pub preuve_at: Instant,
    /// The attribution chosen.
    pub choisie: Option<Uuid>,
    /// When the session began.
    pub ouverte_at: Instant,
    /// When the session's use was last written.
    pub vue_at: Instant,
    /// An attribution held today, in one's own right or by delegation.
    pub attribution_id: Option<Uuid>,
    /// Its function.
    pub fonction: Option<String>,
    /// Its perimeter.
    pub perimetre: Option<String>,
}

/// Who stands behind the secret of a session, and what they hold that day: one row for each attribution, the oldest first; no row when
/// the session is unknown or over, or when who acts in someone's place no longer holds what lets them.
///
/// # Errors
/// The engine's.
pub async fn reconnaitre(tx: &mut Tx, secret: &[u8], at: Instant, jour: Day) -> DbResult<Vec<Reconnu>> {
    tx.fetch_all(
        sql!(
            "WITH ouverte AS (
               SELECT s.id AS session_id, s.personne_id AS connecte, p.id AS personne_id, p.prenom, p.nom, s.fort, s.preuve_at,
                      s.attribution_id AS choisie, s.ouverte_at, s.vue_at
                 FROM session s
                 JOIN personne p ON p.id = COALESCE(s.place_de, s.personne_id) AND p.etat = 'active'
                WHERE s.secret = $1 AND s.fermee_at IS NULL AND s.expire_at > $2 AND (s.place_de IS NULL OR EXISTS (
                  SELECT 1 FROM attribution t JOIN personne q ON q.id = s.personne_id AND q.etat = 'active'
                   WHERE t.id = s.place_titre AND t.retiree_at IS NULL AND t.du <= $3 AND (t.au IS NULL OR t.au >= $3)
                     AND (t.personne_id = q.id OR EXISTS (
                       SELECT 1 FROM delegation e
                        WHERE e.attribution_id = t.id AND e.personne_id = q.id AND e.retiree_at IS NULL AND e.du <= $3 AND e.au >= $3)))))
             SELECT o.session_id, o.connecte, o.personne_id, o.prenom, o.nom, o.fort, o.preuve_at, o.choisie, o.ouverte_at, o.vue_at,
                    a.id AS attribution_id, a.fonction, a.perimetre, a.du AS depuis
               FROM ouverte o
               LEFT JOIN attribution a ON a.personne_id = o.personne_id AND a.retiree_at IS NULL AND a.du <= $3 AND (a.au IS NULL OR a.au >= $3)
             UNION ALL
             SELECT o.session_id, o.connecte, o.personne_id, o.prenom, o.nom, o.fort, o.preuve_at, o.choisie, o.ouverte_at, o.vue_at,
                    a.id, a.fonction, a.perimetre, d.du
               FROM ouverte o
               JOIN delegation d ON d.personne_id = o.personne_id AND d.retiree_at IS NULL AND d.du <= $3 AND d.au >= $3
               JOIN attribution a ON a.id = d.attribution_id AND a.retiree_at IS NULL AND a.du <= $3 AND (a.au IS NULL OR a.au >= $3)
              ORDER BY depuis, attribution_id LIMIT 100"
        ),
        &params![secret.to_vec(), at, jour],
    )
    .await
}
