//! Acting in someone's place.

use super::{Champs, connexion::Expediteur, cookies::Cookie, personnes::trouver};
use crate::{actions::place, domain::personne::Personne, permissions::PrendreLaPlace};
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

fn page_place(page: Page, personne: &Personne, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(
        page,
        "Agir à la place de quelqu’un",
        &format!("/personnes/{}/place", personne.id),
        "Prendre sa place",
    )
    .faits(vec![Description::new("Personne", personne.nom.to_string())])
    .message(Message::attention(
        "La personne en sera prévenue",
        "Tout ce que vous ferez sera écrit au journal sous vos deux noms. La session dure une heure au plus.",
    ))
    .champs(vec![Champ::zone("motif", "Pourquoi").aide(
        "La personne le lira. Par exemple : « à votre demande par téléphone ce matin »",
    )])
    .form(form)
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /personnes/{personne}/place`
pub async fn montrer_place(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<PrendreLaPlace>(&mut tx, &app, &actor, id).await?;
    page_place(page, &personne, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/place`
pub async fn prendre_la_place(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (personne, _) = trouver::<PrendreLaPlace>(&mut tx, &app, &actor, id).await?;
    let motif = form.valeur("motif").to_owned();
    let prise = place::prendre(&Act::now(&app, &actor), &mut tx, id, &motif, &expediteur.appareil).await;
    let Some(secret) = form.conclure(tx, prise, "motif").await? else {
        return page_place(page, &personne, form).reponse();
    };
    let mut reponse = Redirect::to(&page.fixe("/compte")).into_response();
    Cookie::Session.poser(&app, &mut reponse, &secret);
    Ok(reponse)
}

/// `POST /place/rendre`: back to one's own name, on the page of the person helped.
pub async fn rendre_la_place(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let (de, secret) = place::rendre(&Act::now(&app, &actor), &mut tx).await?;
    tx.commit().await?;
    let mut reponse = Redirect::to(&page.fixe(&format!("/personnes/{de}"))).into_response();
    Cookie::Session.poser(&app, &mut reponse, &secret);
    Ok(reponse)
}
