//! Reporting a mistake on a place, listing the reports, ending one.

use serde_json::{Value, json};
use socle::{
    db::Tx,
    errors::{Erreur, Refus},
    permissions::Permit,
};
use uuid::Uuid;

use super::Cadre;
use crate::{
    domain::ticket::{Issue, Signalement, Ticket},
    permissions::{GererLieux, SignalerErreur},
    store::{lieu, ticket as store},
};

/// Most tickets in one list.
pub const LISTE_MAX: u32 = 500;

/// Keeps a report on a field of a place.
///
/// # Errors
/// When the place is unknown, or when the report cannot be read.
pub async fn signaler_erreur(
    tx: &mut Tx,
    cadre: Cadre<'_, SignalerErreur>,
    sur: Uuid,
    champ: &str,
    message: &str,
) -> Result<Ticket, Erreur> {
    let signalement = Signalement::lire(champ, message)?;
    lieu::trouver(tx, sur).await?.ok_or(Erreur::Introuvable)?;
    let ticket = signalement.ouvrir(cadre.ids.next(cadre.at), sur, cadre.at);
    store::creer(tx, &ticket).await?;
    cadre
        .journaliser(tx, "SignalerErreur", ("ticket", ticket.id), trace(&ticket))
        .await?;
    Ok(ticket)
}

/// The oldest tickets in a state.
///
/// # Errors
/// When the state is unknown.
pub async fn lister_tickets(tx: &mut Tx, _: &Permit<GererLieux>, etat: &str) -> Result<Vec<Ticket>, Erreur> {
    if !["ouvert", "corrige", "sans_suite"].contains(&etat) {
        let connus = "un signalement est « ouvert », « corrige » ou « sans_suite »";
        return Err(Refus::champ("etat", connus).into());
    }
    Ok(store::lister(tx, etat, LISTE_MAX).await?)
}

/// Ends a ticket.
///
/// # Errors
/// When it is unknown, was ended before, or is being ended by somebody else.
pub async fn clore_ticket(
    tx: &mut Tx,
    cadre: Cadre<'_, GererLieux>,
    id: Uuid,
    issue: Issue,
    reponse: &str,
) -> Result<Ticket, Erreur> {
    let ticket = store::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let ticket = ticket.clore(issue, reponse, cadre.at)?;
    if !store::clore(tx, &ticket).await? {
        return Err(Erreur::Conflit);
    }
    cadre
        .journaliser(tx, "CloreTicket", ("ticket", ticket.id), trace(&ticket))
        .await?;
    Ok(ticket)
}

/// The field and the state, never the words of the person.
fn trace(ticket: &Ticket) -> Value {
    json!({ "lieu": ticket.lieu, "champ": ticket.champ, "etat": ticket.etat.code() })
}
