//! Telling people what concerns them, as each of them chose: at once, in a daily message, in the application, or not at all.

use super::compte::adresse_principale;
use crate::{
    courriels::{self, Message},
    domain::notification::{GenreNotification, Mode, Notification},
    permissions::GererSonCompte,
    store::{notification as store, personne as personnes},
};
use socle::{
    App,
    change::Act,
    db::Tx,
    errors::Erreur,
    jobs::Report,
    module::BoxFuture,
    permissions::{authorise, person_code},
};
use uuid::Uuid;

/// Tells a person what happened, under the file that is kept of them.
///
/// # Errors
/// The engine's.
pub async fn prevenir(
    acte: &Act<'_>,
    tx: &mut Tx,
    personne: Uuid,
    genre: GenreNotification,
    (phrase, chemin): (String, &str),
) -> Result<(), Erreur> {
    let personne = personnes::gardee(tx, personne).await?;
    let mode = store::mode(tx, personne, genre).await?.pour(genre);
    if mode == Mode::Rien {
        return Ok(());
    }
    let une = Notification {
        id: acte.id(),
        genre,
        phrase: phrase.clone(),
        chemin: chemin.to_owned(),
        faite_at: acte.at,
        lue_at: None,
    };
    store::creer(tx, personne, &une, mode == Mode::Resume).await?;
    if mode != Mode::Courriel {
        return Ok(());
    }
    let contacts = personnes::contacts(tx, personne).await?;
    let Some(adresse) = adresse_principale(&contacts) else {
        return Ok(());
    };
    let lien = format!("{}{chemin}", acte.app.settings.public_url);
    let message = match genre {
        GenreNotification::Facteurs => Message::Facteurs { phrase, lien },
        GenreNotification::Fiche => Message::Fiche { phrase, lien },
        GenreNotification::Fonction | GenreNotification::Invitation => Message::Fonction { phrase, lien },
        GenreNotification::Lieu => Message::Lieu { phrase, lien },
    };
    courriels::deposer(tx, acte.app, adresse, Some(personne), &message).await
}

/// Chooses how one is told of each kind.
///
/// # Errors
/// The engine's.
pub async fn choisir(acte: &Act<'_>, tx: &mut Tx, choix: &[(GenreNotification, Mode)]) -> Result<(), Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    authorise::<GererSonCompte>(acte.actor, &vec![person_code(moi)])?;
    for (genre, mode) in choix {
        store::choisir(tx, moi, *genre, mode.pour(*genre)).await?;
    }
    Ok(())
}

/// The job that sends the daily messages, one person a transaction: cut anywhere, it tells nobody twice.
pub fn resumer(app: App) -> BoxFuture<'static, Result<Report, Erreur>> {
    Box::pin(async move {
        let mut envoyes = 0;
        loop {
            let mut tx = app.db.write().await?;
            let Some(personne) = store::a_resumer(&mut tx).await? else {
                break;
            };
            let phrases = store::prendre(&mut tx, personne).await?;
            let contacts = personnes::contacts(&mut tx, personne).await?;
            if let Some(adresse) = adresse_principale(&contacts) {
                let lien = format!("{}/compte/notifications", app.settings.public_url);
                let message = Message::Resume { phrases, lien };
                courriels::deposer(&mut tx, &app, adresse, Some(personne), &message).await?;
                envoyes += 1;
            }
            tx.commit().await?;
        }
        Ok(match envoyes {
            0 => Report::nothing(),
            envoyes => Report::counted(envoyes, ["résumé envoyé", "résumés envoyés"]),
        })
    })
}
