//! Invitations.

use super::incoherente;
use crate::domain::{
    courriel::Courriel,
    fonction::Fonction,
    invitation::{EtatInvitation, Invitation},
    perimetre::Perimetre,
};
use socle::{
    change::Stored,
    clock::Instant,
    db::{DayColumn, DbResult, Tx},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    jeton: Vec<u8>,
    courriel: String,
    fonction: String,
    perimetre: String,
    au: Option<DayColumn>,
    par: Option<Uuid>,
    creee_at: Instant,
    envoyee_at: Instant,
    expire_at: Instant,
    etat: String,
    acceptee_par: Option<Uuid>,
    version: i64,
}

impl Ligne {
    fn invitation(self, portee: Vec<String>) -> DbResult<Invitation> {
        let l = self;
        let faute = || incoherente("invitation", l.id);
        let etat = match (l.etat.as_str(), l.acceptee_par) {
            ("envoyee", None) => EtatInvitation::Envoyee,
            ("retiree", None) => EtatInvitation::Retiree,
            ("acceptee", Some(par)) => EtatInvitation::Acceptee { par },
            _ => return Err(faute()),
        };
        let perimetre = Perimetre::lire(&l.perimetre).map_err(|_| faute())?;
        Ok(Invitation {
            courriel: Courriel::lire(&l.courriel).map_err(|_| faute())?,
            fonction: Fonction::depuis_code(&l.fonction).ok_or_else(faute)?,
            portee,
            perimetre,
            id: l.id,
            jeton: l.jeton,
            au: l.au.map(|au| au.0),
            par: l.par,
            creee_at: l.creee_at,
            envoyee_at: l.envoyee_at,
            expire_at: l.expire_at,
            etat,
            version: l.version,
        })
    }
}

impl Stored for Invitation {
    const KIND: &'static str = "invitation";

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
                    "SELECT id, jeton, courriel, fonction, perimetre, au, par, creee_at, envoyee_at, expire_at, etat, acceptee_par, version
                       FROM invitation WHERE id = $1"
                ),
                &params![id],
            )
            .await?;
        situer(tx, ligne).await
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO invitation (id, jeton, courriel, fonction, perimetre, au, par, creee_at, envoyee_at, expire_at, etat)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'envoyee')"
            ),
            &params![
                self.id,
                self.jeton.clone(),
                self.courriel.as_str(),
                self.fonction.code(),
                self.perimetre.code(),
                self.au,
                self.par,
                self.creee_at,
                self.envoyee_at,
                self.expire_at
            ],
        )
        .await?;
        for code in &self.portee {
            tx.execute(
                sql!("INSERT INTO invitation_portee (invitation_id, code) VALUES ($1, $2)"),
                &params![self.id, code.as_str()],
            )
            .await?;
        }
        Ok(())
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let par = match self.etat {
            EtatInvitation::Acceptee { par } => Some(par),
            EtatInvitation::Envoyee | EtatInvitation::Retiree => None,
        };
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE invitation SET jeton = $3, envoyee_at = $4, expire_at = $5, etat = $6, acceptee_par = $7, version = version + 1
                      WHERE id = $1 AND version = $2"
                ),
                &params![
                    self.id,
                    self.version,
                    self.jeton.clone(),
                    self.envoyee_at,
                    self.expire_at,
                    self.etat.code(),
                    par
                ],
            )
            .await?;
        Ok(lignes == 1)
    }
}

/// An invitation with where it lies.
async fn situer(tx: &mut Tx, ligne: Option<Ligne>) -> DbResult<Option<Invitation>> {
    let Some(ligne) = ligne else { return Ok(None) };
    let codes: Vec<(String,)> = tx
        .fetch_all(
            sql!("SELECT code FROM invitation_portee WHERE invitation_id = $1 ORDER BY code"),
            &params![ligne.id],
        )
        .await?;
    let portee = codes.into_iter().map(|(code,)| code).collect();
    ligne.invitation(portee).map(Some)
}

/// The invitation behind a link.
///
/// # Errors
/// The engine's.
pub async fn par_jeton(tx: &mut Tx, jeton: &[u8]) -> DbResult<Option<Invitation>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, jeton, courriel, fonction, perimetre, au, par, creee_at, envoyee_at, expire_at, etat, acceptee_par, version
                   FROM invitation WHERE jeton = $1"
            ),
            &params![jeton.to_vec()],
        )
        .await?;
    situer(tx, ligne).await
}

/// The invitations of a scope, the latest first, from before this one on; without where they lie, which a list does not ask.
///
/// # Errors
/// The engine's.
pub async fn lister(
    tx: &mut Tx,
    scope: &Scope,
    avant: Option<(Instant, Uuid)>,
    limite: u32,
) -> DbResult<Vec<Invitation>> {
    let (at, id) = avant.unwrap_or((Instant::from_micros(i64::MAX), Uuid::max()));
    let codes = scope.codes();
    let mut params = params![scope.is_everything(), at, id, limite].to_vec();
    params.extend(codes.iter().map(|code| code.as_str().into()));
    if codes.is_empty() {
        params.push("".into());
    }
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, jeton, courriel, fonction, perimetre, au, par, creee_at, envoyee_at, expire_at, etat, acceptee_par, version
                   FROM invitation WHERE (creee_at, id) < ($2, $3)
                    AND ($1 OR id IN (SELECT invitation_id FROM invitation_portee WHERE code IN ($5, ...)))
                  ORDER BY creee_at DESC, id DESC LIMIT $4"
            )
            .with_list(5, codes.len()),
            &params,
        )
        .await?;
    lignes.into_iter().map(|ligne| ligne.invitation(Vec::new())).collect()
}

/// The invitations that a person sent or accepted, or that one of these addresses received, the latest first; without where they lie.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid, courriels: &[String]) -> DbResult<Vec<Invitation>> {
    let mut params = params![personne].to_vec();
    params.extend(courriels.iter().map(|courriel| courriel.as_str().into()));
    if courriels.is_empty() {
        params.push("".into());
    }
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, jeton, courriel, fonction, perimetre, au, par, creee_at, envoyee_at, expire_at, etat, acceptee_par, version
                   FROM invitation WHERE par = $1 OR acceptee_par = $1 OR courriel IN ($2, ...) ORDER BY creee_at DESC, id DESC"
            )
            .with_list(2, courriels.len()),
            &params,
        )
        .await?;
    lignes.into_iter().map(|ligne| ligne.invitation(Vec::new())).collect()
}

/// Removes the invitations whose link ended before this instant, with where they lay; gives how many.
///
/// # Errors
/// The engine's.
pub async fn purger(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM invitation_portee WHERE invitation_id IN (SELECT id FROM invitation WHERE expire_at < $1)"),
        &params![avant],
    )
    .await?;
    tx.execute(sql!("DELETE FROM invitation WHERE expire_at < $1"), &params![avant])
        .await
}
