//! `lieux tickets`: the mistakes that people reported.

use crate::commandes::{ecrire_json, permis};
use crate::{
    cli::{
        Format,
        lieux::{Fin as Sort, Tickets},
    },
    commandes::contexte::{self, Atelier},
    fin::{Fin, Issue},
};
use lieux::{
    actions::{
        Cadre,
        tickets::{clore_ticket, lister_tickets},
    },
    domain::ticket::{Issue as Fermeture, Ticket},
    permissions::GererLieux,
};
use std::io::{BufWriter, Write, stdout};
use uuid::Uuid;

/// Lists the tickets, or ends one.
pub async fn run(args: Tickets) -> Result<Issue, Fin> {
    let atelier = contexte::atelier(&args.base).await?;
    let permis = permis::<GererLieux>()?;
    let tickets = match (args.close, args.issue, &args.reponse) {
        (Some(id), Some(sort), Some(reponse)) => vec![clore(&atelier, &permis, id, sort, reponse).await?],
        _ => {
            let mut tx = atelier.db.read().await?;
            lister_tickets(&mut tx, &permis, &args.etat).await?
        }
    };
    atelier.db.close().await;
    let mut sortie = BufWriter::new(stdout().lock());
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &tickets)?,
        Format::Texte => raconter(&mut sortie, &tickets)?,
    }
    sortie.flush()?;
    Ok(Issue::Faite)
}

async fn clore(
    atelier: &Atelier,
    permis: &socle::permissions::Permit<GererLieux>,
    id: Uuid,
    sort: Sort,
    reponse: &str,
) -> Result<Ticket, Fin> {
    let fermeture = match sort {
        Sort::Corrige => Fermeture::Corrige,
        Sort::SansSuite => Fermeture::SansSuite,
    };
    let cadre = Cadre {
        permis,
        ids: &atelier.ids,
        keys: &atelier.keys,
        at: atelier.clock.now(),
    };
    let mut tx = atelier.db.write().await?;
    let ticket = clore_ticket(&mut tx, cadre, id, fermeture, reponse).await?;
    tx.commit().await?;
    Ok(ticket)
}

fn raconter(sortie: &mut impl Write, tickets: &[Ticket]) -> Result<(), Fin> {
    for ticket in tickets {
        let jour = ticket.ouvert_at.day_in("Europe/Paris");
        writeln!(
            sortie,
            "{} ({}), ouvert le {jour}, lieu {}, champ {} : {}",
            ticket.id,
            ticket.etat.code(),
            ticket.lieu,
            ticket.champ,
            ticket.message
        )?;
    }
    Ok(writeln!(sortie, "{} signalements.", tickets.len())?)
}
