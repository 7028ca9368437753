//! Reporting a mistake on a place, listing the reports, ending one.

use serde_json::{Value, json};
use socle::{
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Action, Permit},
};
use uuid::Uuid;

use super::{Cadre, modification::modifier};
use crate::{
    domain::{
        modification::{MODIFIABLES, Origine},
        situe::LieuSitue,
        ticket::{Issue, Signalement, Ticket},
    },
    permissions::{GererLieux, SignalerErreur, TraiterSignalements},
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
        let connus = "un signalement est « ouvert », « corrige » ou « sans_suite »";
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
    clore(tx, cadre, ticket, issue, reponse).await
}

/// What is answered to a report.
#[derive(Clone, Copy, Debug)]
pub struct Reponse<'r> {
    /// The right value, when the field was wrong; it is written to the place at once.
    pub valeur: Option<&'r str>,
    /// What was done, or why nothing is.
    pub mots: &'r str,
}

/// Ends a ticket; the right value goes to the place in the same transaction, read as an import reads it.
///
/// # Errors
/// When the value cannot be read or changes nothing, when the ticket was ended before, or when the ticket or its place changed meanwhile.
pub async fn repondre(
    tx: &mut Tx,
    cadre: Cadre<'_, TraiterSignalements>,
    (ticket, situe): (Ticket, &LieuSitue),
    reponse: Reponse<'_>,
) -> Result<Ticket, Erreur> {
    let issue = match reponse.valeur {
        None => Issue::SansSuite,
        Some(valeur) => {
            let champ = MODIFIABLES.into_iter().find(|c| *c == ticket.champ);
            let champ = champ.ok_or_else(|| Refus::champ("valeur", "cette information ne se corrige pas d’ici"))?;
            let saisies = [(champ, valeur.to_owned())];
            let changes = modifier(tx, cadre, situe, &saisies, Origine::Signalement).await;
            let changes = changes.map_err(|erreur| au_champ("valeur", erreur))?;
            if changes.is_empty() {
                let pareil = "c’est déjà ce que dit la fiche : donnez une autre valeur, ou répondez que rien ne change";
                return Err(Refus::champ("valeur", pareil).into());
            }
            Issue::Corrige
        }
    };
    clore(tx, cadre, ticket, issue, reponse.mots).await
}

fn au_champ(champ: &'static str, erreur: Erreur) -> Erreur {
    match erreur {
        Erreur::Refus(refus) => Refus::champ(champ, refus.message).into(),
        autre => autre,
    }
}

async fn clore<A: Action>(
    tx: &mut Tx,
    cadre: Cadre<'_, A>,
    ticket: Ticket,
    issue: Issue,
    reponse: &str,
) -> Result<Ticket, Erreur> {
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
