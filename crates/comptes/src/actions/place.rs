//! Acting in someone's place: a reason is asked, a banner stays on, the person is told, everything is journalled under both names.

use super::{
    compte::adresse_principale,
    connexion::{Ouverture, fermer, ouvrir},
    facteurs,
};
use crate::{
    courriels::{self, Message},
    domain::{fonction::Fonction, motif::lire_motif, personne::Personne, session::Place},
    permissions::PrendreLaPlace,
    reconnaissance::{empreinte, jour},
    store::{attribution as attributions, personne as personnes, session},
};
use serde_json::json;
use socle::{
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Role, authorise},
};
use uuid::Uuid;

/// Opens a session in someone's place, which takes over from the actor's own, and gives its secret.
///
/// # Errors
/// When no reason is given, when the person holds a function that decides, pays or administers, when it is oneself, or when one already
/// acts in someone's place; the engine's.
pub async fn prendre(acte: &Act<'_>, tx: &mut Tx, de: Uuid, motif: &str, appareil: &str) -> Result<String, Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let personne = Personne::load(tx, de).await?.ok_or(Erreur::Introuvable)?;
    personne.exiger_active()?;
    let codes = attributions::codes_du_jour(tx, de, jour(acte.at)).await?;
    let permit = authorise::<PrendreLaPlace>(acte.actor, &codes)?;
    let motif = lire_motif(motif, "motif", "la personne le lira")?;
    exiger_possible(acte, tx, de).await?;
    let titre = permit.grant().source.ok_or(Erreur::Introuvable)?;
    acte.journal(tx, &permit, (Personne::KIND, de), json!({ "place": true }), &[moi, de])
        .await?;
    prevenir(acte, tx, &personne, permit.grant().role, motif).await?;
    let place = Place {
        de,
        titre,
        motif: motif.to_owned(),
    };
    remplacer(acte, tx, moi, appareil.to_owned(), Some(place)).await
}

async fn exiger_possible(acte: &Act<'_>, tx: &mut Tx, de: Uuid) -> Result<(), Erreur> {
    let refus = if acte.actor.really.is_some() {
        "vous agissez déjà pour quelqu’un\u{a0}: rendez d’abord sa place"
    } else if acte.actor.person == Some(de) {
        "c’est votre propre compte\u{a0}: vous y êtes déjà"
    } else if facteurs::sont_exiges(tx, de, acte.at).await? {
        "cette personne décide, paie ou administre\u{a0}: nul n’agit à sa place"
    } else {
        return Ok(());
    };
    Err(Refus::new(refus).into())
}

/// Tells the person, at the address that they are written to.
async fn prevenir(acte: &Act<'_>, tx: &mut Tx, personne: &Personne, role: Role, motif: &str) -> Result<(), Erreur> {
    let contacts = personnes::contacts(tx, personne.id).await?;
    let Some(adresse) = adresse_principale(&contacts) else {
        return Ok(());
    };
    let titre = Fonction::TOUTES
        .iter()
        .find(|f| f.role() == role)
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
    courriels::deposer(tx, acte.app, adresse, Some(personne.id), &message).await
}

/// Ends the session in use, and opens one for who is really there, with the proofs that it had.
async fn remplacer(
    acte: &Act<'_>,
    tx: &mut Tx,
    moi: Uuid,
    appareil: String,
    place: Option<Place>,
) -> Result<String, Erreur> {
    let id = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let ancienne = session::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let ouverture = Ouverture {
        personne: moi,
        moyen: ancienne.moyen,
        fort: ancienne.fort,
        appareil: &appareil,
        place,
    };
    let secret = ouvrir(tx, acte.app, ouverture).await?;
    session::succeder(tx, &empreinte(&secret), id).await?;
    fermer(tx, acte.app, acte.actor, id).await?;
    Ok(secret)
}

/// Gives the place back: ends the session that acts for someone and opens one in one's own name. Gives the person helped, and the secret.
///
/// # Errors
/// When nobody's place was taken; the engine's.
pub async fn rendre(acte: &Act<'_>, tx: &mut Tx) -> Result<(Uuid, String), Erreur> {
    let personne = acte.actor.really.zip(acte.actor.person);
    let (moi, de) = personne.ok_or_else(|| Refus::new("vous n’agissez à la place de personne"))?;
    let id = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let ancienne = session::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let secret = remplacer(acte, tx, moi, ancienne.appareil, None).await?;
    Ok((de, secret))
}
