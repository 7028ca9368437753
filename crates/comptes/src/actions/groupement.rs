//! Making a group and changing its members.

use serde_json::json;
use socle::{
    change::{Act, Decision, Stored},
    clock::Day,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::authorise,
};
use uuid::Uuid;

use crate::{
    domain::{
        groupement::{GenreGroupement, Groupement},
        organisation::{EtatOrganisation, Organisation, lire_nom},
        perimetre::Perimetre,
        personne::{EtatPersonne, Personne},
    },
    permissions::GererGroupements,
    reconnaissance::jour,
    store::{attribution as attributions, perimetre as perimetres},
};

const TOPIC: &str = "comptes.groupement";

/// Makes a group without members.
///
/// # Errors
/// When the name cannot be read, or the actor may not.
pub async fn creer(act: &Act<'_>, tx: &mut Tx, genre: GenreGroupement, nom: &str) -> Result<Groupement, Erreur> {
    let groupement = Groupement {
        id: act.id(),
        genre,
        nom: lire_nom(nom).map_err(|refus| match nom.trim() {
            "" => Refus::champ("nom", "écrivez le nom du groupement, par exemple Hub du Rhône"),
            _ => refus,
        })?,
        membres: Vec::new(),
        cree_at: act.at,
        version: 0,
    };
    let decision = Decision::new(groupement, json!({ "genre": genre.code() })).tell(TOPIC);
    act.create::<GererGroupements, _>(tx, decision).await
}

/// Adds a member from a day on, to a group as it was seen.
///
/// # Errors
/// When the group is absent or changed since, or does not hold such a member, or when the member does not stand.
pub async fn ajouter(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    code: &str,
    du: Day,
) -> Result<Groupement, Erreur> {
    exiger_present(tx, code, du).await?;
    let titulaires = attributions::de_perimetre(tx, &Perimetre::Groupement(id), jour(act.at)).await?;
    let qui = [act.actor.person, act.actor.really];
    if qui.into_iter().flatten().any(|moi| titulaires.contains(&moi)) {
        return Err(Refus::champ(
            "membre",
            "vous exercez une fonction sur ce groupement\u{a0}: une autre personne doit y ajouter des membres",
        )
        .into());
    }
    changer(act, tx, (id, vue), code, "ajout", |groupement| {
        groupement.ajouter(code, du)
    })
    .await
}

/// Ends a membership on a day, in a group as it was seen.
///
/// # Errors
/// When the group is absent or changed since, or has no such member.
pub async fn retirer(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    code: &str,
    au: Day,
) -> Result<Groupement, Erreur> {
    changer(act, tx, (id, vue), code, "retrait", |groupement| {
        groupement.retirer(code, au)
    })
    .await
}

/// A code names an organisation or a person that stands; territories were read against their file.
async fn exiger_present(tx: &mut Tx, code: &str, du: Day) -> Result<(), Erreur> {
    let presente = match (personne(code), Perimetre::lire(code)) {
        (Some(id), _) => {
            let personne = Personne::load(tx, id).await?;
            personne.is_some_and(|p| p.etat == EtatPersonne::Active)
        }
        (None, Ok(Perimetre::Organisation(id))) => {
            let organisation = Organisation::load(tx, id).await?;
            organisation.is_some_and(|o| o.etat == EtatOrganisation::Active)
        }
        (None, Ok(perimetre)) => perimetres::portee(tx, &perimetre, du).await?.is_some(),
        // What the group refuses by itself, in its own words.
        (None, Err(_)) => true,
    };
    if presente {
        return Ok(());
    }
    Err(Refus::champ("membre", "cette fiche n’existe pas, ou a été réunie à une autre").into())
}

fn personne(code: &str) -> Option<Uuid> {
    code.strip_prefix("P:")?.parse().ok()
}

/// The journal says which member came or went: what a group covers is a right. A person stands beside the line, never in it.
async fn changer(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    code: &str,
    quoi: &'static str,
    decider: impl FnOnce(Groupement) -> Result<Groupement, Refus>,
) -> Result<Groupement, Erreur> {
    let personne = personne(code);
    let detail = match personne {
        Some(_) => json!({ "membres": quoi }),
        None => json!({ "membres": quoi, "code": code }),
    };
    let groupement = act
        .change::<GererGroupements, Groupement>(tx, id, Some(vue), |groupement, _| {
            Ok(Decision::new(decider(groupement)?, detail.clone()).tell(TOPIC))
        })
        .await?;
    if let Some(personne) = personne {
        let permit = authorise::<GererGroupements>(act.actor, &groupement)?;
        act.journal(tx, &permit, (Groupement::KIND, id), detail, &[personne])
            .await?;
    }
    Ok(groupement)
}
