//! Removing the second factors of someone who lost them: they sign in by a message again, and add others.

use super::compte::prevenir_partout;
use crate::{
    domain::{motif::lire_motif, personne::Personne},
    permissions::LibererFacteurs,
    reconnaissance::jour,
    store::{
        attribution as attributions, facteurs,
        liberation::{self as store, Liberation},
        personne as personnes, session,
    },
};
use serde_json::json;
use socle::{
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::authorise,
};
use uuid::Uuid;

/// Removes the second factors of a person and ends their sessions; they are told, with the reason.
///
/// # Errors
/// When the actor may not, is that person, acts in someone's place, or gives no reason; when there is nothing to remove; the engine's.
pub async fn liberer(acte: &Act<'_>, tx: &mut Tx, personne: Uuid, motif: &str) -> Result<(), Erreur> {
    let fiche = Personne::load(tx, personne).await?.ok_or(Erreur::Introuvable)?;
    fiche.exiger_active()?;
    let codes = attributions::codes_du_jour(tx, personne, jour(acte.at)).await?;
    let permit = authorise::<LibererFacteurs>(acte.actor, &codes)?;
    if acte.actor.really.is_some() {
        return Err(Refus::new("vous agissez à la place de quelqu’un\u{a0}: rendez d’abord sa place").into());
    }
    // Who could do it for themselves would need one factor less than their function asks for.
    if acte.actor.person == Some(personne) {
        return Err(Refus::new("ce sont vos propres moyens de connexion\u{a0}: demandez à un autre administrateur, ou changez-les dans votre compte").into());
    }
    let motif = lire_motif(motif, "motif", "la personne le lira")?;
    if facteurs::retirer_tous(tx, personne).await? == 0 {
        return Err(
            Refus::new("cette personne n’a pas de second moyen de connexion\u{a0}: il n’y a rien à retirer").into(),
        );
    }
    session::fermer_toutes(tx, personne, None, acte.at).await?;
    let une = Liberation {
        id: acte.id(),
        personne_id: personne,
        par: acte.actor.person,
        motif: motif.to_owned(),
        faite_at: acte.at,
    };
    store::garder(tx, &une).await?;
    let concernees: Vec<_> = acte.actor.person.into_iter().chain([personne]).collect();
    let detail = json!({ "liberes": true });
    acte.journal(tx, &permit, ("liberation_facteurs", une.id), detail, &concernees)
        .await?;
    let phrase = format!(
        "Un administrateur a retiré de votre compte votre application de codes, vos clés d’accès et vos codes de secours, et a fermé vos sessions. Motif indiqué\u{a0}: {motif}"
    );
    let contacts = personnes::contacts(tx, personne).await?;
    prevenir_partout(acte, tx, (personne, &contacts), &phrase).await
}
