//! Removing the second factors of someone who lost them.

use super::{Champs, compte::quand, personnes::trouver};
use crate::{
    actions::liberation,
    domain::personne::Personne,
    permissions::LibererFacteurs,
    reconnaissance::FUSEAU_DES_JOURS,
    store::liberation::{self as store, Liberation},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, Message, PageFormulaire},
    page::Page,
};
use uuid::Uuid;

fn vue(page: Page, personne: &Personne, deja: &[Liberation], form: Formulaire) -> Result<Response, Erreur> {
    let fiche = format!("/personnes/{}", personne.id);
    let mut faits = vec![Description::new("Personne", personne.nom.to_string())];
    faits.extend(deja.iter().map(|une| {
        let le = quand(&page, une.faite_at, FUSEAU_DES_JOURS);
        Description::new(format!("Déjà retirés le {le}"), une.motif.clone())
    }));
    PageFormulaire::new(
        page,
        "Retirer les seconds moyens de connexion",
        &format!("{fiche}/facteurs"),
        "Retirer et fermer les sessions",
    )
    .intro("Pour une personne qui a perdu son téléphone ou sa clé, et ses codes de secours. Elle se connectera par un message, puis ajoutera un autre moyen.")
    .faits(faits)
    .message(Message::attention(
        "Vérifiez d’abord qui vous le demande",
        "Rappelez la personne à un numéro que vous connaissez, ou voyez-la\u{a0}: un message ou un appel ne suffisent pas. Elle sera prévenue.",
    ))
    .champs(vec![Champ::zone("motif", "Pourquoi").aide(
        "La personne le lira. Par exemple\u{a0}: «\u{a0}téléphone perdu, vérifié en la rappelant au service\u{a0}»",
    )])
    .form(form)
    .dangereux()
    .lien("Annuler", &fiche)
    .reponse()
}

/// `GET /personnes/{personne}/facteurs`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<LibererFacteurs>(&mut tx, &app, &actor, id).await?;
    let deja = store::de_personne(&mut tx, id).await?;
    vue(page, &personne, &deja, Formulaire::vide())
}

/// `POST /personnes/{personne}/facteurs`
pub async fn liberer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (personne, _) = trouver::<LibererFacteurs>(&mut tx, &app, &actor, id).await?;
    let deja = store::de_personne(&mut tx, id).await?;
    let fait = liberation::liberer(&Act::now(&app, &actor), &mut tx, id, form.valeur("motif")).await;
    match form.conclure(tx, fait, "contenu").await? {
        Some(()) => Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response()),
        None => vue(page, &personne, &deja, form),
    }
}
