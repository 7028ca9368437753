//! Acting in someone's place: a reason is asked, a banner stays on, the person is told, everything is journalled under both names.

use super::{
    compte::adresse_principale,
    connexion::{Ouverture, fermer, ouvrir},
};
use crate::{
    courriels::{self, Message},
    domain::{
        fonction::Fonction,
        personne::Personne,
        session::{MoyenConnexion, Place},
    },
    permissions::PrendreLaPlace,
    reconnaissance::jour,
    store::{attribution as attributions, personne as personnes},
};
use serde_json::json;
use socle::{
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::authorise,
};
use uuid::Uuid;

/// The shortest reason.
const MOTIF_MIN: usize = 10;

/// Opens a session in someone's place, and gives its secret.
///
/// # Errors
/// When no reason is given, when the person holds a function that decides, pays or administers, or when one already acts in someone's
/// place; the engine's.
pub async fn prendre(acte: &Act<'_>, tx: &mut Tx, de: Uuid, motif: &str, appareil: &str) -> Result<String, Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let personne = Personne::load(tx, de).await?.ok_or(Erreur::Introuvable)?;
    personne.exiger_active()?;
    let codes = attributions::codes_du_jour(tx, de, jour(acte.at)).await?;
    let permit = authorise::<PrendreLaPlace>(acte.actor, &codes)?;
    let motif = motif.trim();
    if motif.chars().count() < MOTIF_MIN {
        return Err(Refus::champ(
            "motif",
            format!("dites pourquoi, en {MOTIF_MIN} caractères au moins : la personne le lira"),
        )
        .into());
    }
    if acte.actor.really.is_some() || de == moi {
        return Err(Refus::new("vous agissez déjà pour quelqu’un : rendez d’abord sa place").into());
    }
    let tenues = attributions::de_personne(tx, de).await?;
    let jour_meme = jour(acte.at);
    let engage = tenues.iter().any(|a| {
        a.etat(jour_meme) == crate::domain::attribution::EtatAttribution::EnCours && a.fonction.demande_deux_facteurs()
    });
    if engage {
        return Err(Refus::new("cette personne décide, paie ou administre : nul n’agit à sa place").into());
    }
    let detail = json!({ "place": true });
    acte.journal(tx, &permit, (Personne::KIND, de), detail, &[moi, de])
        .await?;
    let contacts = personnes::contacts(tx, de).await?;
    if let Some(adresse) = adresse_principale(&contacts) {
        let titre = Fonction::TOUTES
            .iter()
            .find(|f| f.role() == permit.grant().role)
            .map_or("équipe de Maillage", |f| f.titre());
        let civil = acte.at.civil_in(&personne.fuseau);
        let quand = format!(
            "Le {} à {}",
            ui::formats::date(civil.date(), ui::langue::Langue::Fr),
            ui::formats::heure(civil.time(), ui::langue::Langue::Fr)
        );
        let message = Message::Place {
            par: titre.to_owned(),
            motif: motif.to_owned(),
            quand,
        };
        courriels::deposer(tx, acte.app, adresse, Some(de), &message).await?;
    }
    let ouverture = Ouverture {
        personne: moi,
        moyen: MoyenConnexion::Lien,
        fort: false,
        appareil,
        place: Some(Place {
            de,
            motif: motif.to_owned(),
        }),
    };
    ouvrir(tx, acte.app, ouverture).await
}

/// Gives the place back: ends the session that acts for someone.
///
/// # Errors
/// When nobody's place was taken; the engine's.
pub async fn rendre(acte: &Act<'_>, tx: &mut Tx) -> Result<(), Erreur> {
    let session = acte.actor.session.filter(|_| acte.actor.really.is_some());
    let session = session.ok_or_else(|| Refus::new("vous n’agissez à la place de personne"))?;
    fermer(tx, acte.app, acte.actor, session).await
}
