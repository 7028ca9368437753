//! The only SQL about tickets.

use socle::{
    clock::Instant,
    db::{DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

use super::portee;
use crate::domain::ticket::{EtatTicket, Ticket};

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    lieu_id: Uuid,
    champ: String,
    message: String,
    etat: String,
    ouvert_at: Instant,
    clos_at: Option<Instant>,
    reponse: Option<String>,
    version: i64,
}

impl Ligne {
    fn ticket(self) -> DbResult<Ticket> {
        let etat = match (self.etat.as_str(), self.clos_at, self.reponse) {
            ("ouvert", None, None) => EtatTicket::Ouvert,
            ("corrige", Some(clos_at), Some(reponse)) => EtatTicket::Corrige { clos_at, reponse },
            ("sans_suite", Some(clos_at), Some(reponse)) => EtatTicket::SansSuite { clos_at, reponse },
            _ => {
                return Err(sqlx::Error::Decode(
                    format!("ticket {} : état incohérent", self.id).into(),
                ));
            }
        };
        Ok(Ticket {
            id: self.id,
            lieu: self.lieu_id,
            champ: self.champ,
            message: self.message,
            ouvert_at: self.ouvert_at,
            etat,
            version: self.version,
        })
    }
}

/// Keeps a new ticket.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, ticket: &Ticket) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO ticket (id, lieu_id, champ, message, etat, ouvert_at) VALUES ($1, $2, $3, $4, 'ouvert', $5)"),
        &params![
            ticket.id,
            ticket.lieu,
            ticket.champ.as_str(),
            ticket.message.as_str(),
            ticket.ouvert_at
        ],
    )
    .await
    .map(drop)
}

/// A ticket.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Ticket>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(sql!("SELECT * FROM ticket WHERE id = $1"), &params![id])
        .await?;
    ligne.map(Ligne::ticket).transpose()
}

/// The oldest tickets in a state (`ouvert`, `corrige` or `sans_suite`).
///
/// # Errors
/// The engine's.
pub async fn lister(tx: &mut Tx, etat: &str, limite: u32) -> DbResult<Vec<Ticket>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!("SELECT * FROM ticket WHERE etat = $1 ORDER BY ouvert_at, id LIMIT $2"),
            &params![etat, limite],
        )
        .await?;
    lignes.into_iter().map(Ligne::ticket).collect()
}

/// A ticket in a list, with the name of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The ticket.
    pub ticket: Ticket,
    /// The name of the place.
    pub nom: String,
    /// The commune of the place.
    pub commune: String,
}

#[derive(sqlx::FromRow)]
struct LigneResume {
    nom: String,
    commune: String,
    #[sqlx(flatten)]
    ligne: Ligne,
}

/// The tickets in a state (`ouvert`, `corrige` or `sans_suite`) on the places of this scope, the oldest first, after that one.
///
/// # Errors
/// The engine's.
pub async fn lister_dans(
    tx: &mut Tx,
    portee: &Scope,
    etat: &str,
    apres: Option<(Instant, Uuid)>,
    limite: u32,
) -> DbResult<Vec<Resume>> {
    let (at, id) = apres.unwrap_or((Instant::from_micros(0), Uuid::nil()));
    let mut valeurs: Vec<Value> = params![portee.is_everything(), etat, at, id, limite].into();
    valeurs.extend(portee::codes(portee));
    let requete = sql!(
        "SELECT t.*, l.nom, l.commune FROM ticket t JOIN lieu l ON l.id = t.lieu_id
          WHERE t.etat = $2 AND (t.ouvert_at, t.id) > ($3, $4)
            AND ($1 OR EXISTS (SELECT 1 FROM lieu_portee p WHERE p.lieu_id = t.lieu_id AND p.code IN ($6, ...)))
          ORDER BY t.ouvert_at, t.id LIMIT $5"
    );
    let lignes: Vec<LigneResume> = tx.fetch_all(requete.with_list(6, valeurs.len() - 5), &valeurs).await?;
    let resume = |l: LigneResume| {
        Ok(Resume {
            ticket: l.ligne.ticket()?,
            nom: l.nom,
            commune: l.commune,
        })
    };
    lignes.into_iter().map(resume).collect()
}

/// Saves the end of a ticket, unless somebody else ended it meanwhile.
///
/// # Errors
/// The engine's.
pub async fn clore(tx: &mut Tx, ticket: &Ticket) -> DbResult<bool> {
    let (clos_at, reponse) = match &ticket.etat {
        EtatTicket::Ouvert => (None, None),
        EtatTicket::Corrige { clos_at, reponse } | EtatTicket::SansSuite { clos_at, reponse } => {
            (Some(*clos_at), Some(reponse.as_str()))
        }
    };
    let lignes = tx
        .execute(
            sql!("UPDATE ticket SET etat = $2, clos_at = $3, reponse = $4, version = version + 1 WHERE id = $1 AND version = $5"),
            &params![ticket.id, ticket.etat.code(), clos_at, reponse, ticket.version],
        )
        .await?;
    Ok(lignes == 1)
}
