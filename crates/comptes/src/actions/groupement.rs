//! Making a group and changing its members.

use serde_json::json;
use socle::{
    change::{Act, Decision},
    clock::Day,
    db::Tx,
    errors::Erreur,
};
use uuid::Uuid;

use crate::{
    domain::{
        groupement::{GenreGroupement, Groupement},
        organisation::lire_nom,
    },
    permissions::GererGroupements,
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
        nom: lire_nom(nom)?,
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
/// When the group is absent or changed since, or does not hold such a member.
pub async fn ajouter(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    code: &str,
    du: Day,
) -> Result<Groupement, Erreur> {
    act.change::<GererGroupements, Groupement>(tx, id, Some(vue), |groupement, _| {
        let suite = groupement.ajouter(code, du)?;
        Ok(Decision::new(suite, json!({ "membres": "ajout" })).tell(TOPIC))
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
    act.change::<GererGroupements, Groupement>(tx, id, Some(vue), |groupement, _| {
        let suite = groupement.retirer(code, au)?;
        Ok(Decision::new(suite, json!({ "membres": "retrait" })).tell(TOPIC))
    })
    .await
}
