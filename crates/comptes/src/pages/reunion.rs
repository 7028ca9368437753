//! Joining two files of one person, and separating them again.

use super::{Champs, personnes::trouver, refuser};
use crate::{
    actions::personnes as actions, domain::personne::Personne, permissions::ReunirPersonnes, store::fusion as fusions,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, PageFormulaire},
    page::Page,
};
use uuid::Uuid;

fn page_reunir(page: Page, personne: &Personne, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(page, "Réunir deux fiches", &format!("/personnes/{}/reunir", personne.id), "Réunir les deux fiches")
        .intro("Une même personne a deux fiches. Celle-ci sera gardée ; les fonctions et les contacts de l’autre lui seront ajoutés. Vous pourrez les séparer de nouveau.")
        .faits(vec![Description::new("Fiche gardée", personne.nom.to_string())])
        .champs(vec![
            Champ::ligne("absorbee", "Numéro de l’autre fiche").aide("Il figure dans l’adresse de sa page, après « personnes »"),
            Champ::zone("motif", "Comment vous savez que c’est la même personne"),
        ])
        .form(form)
        .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /personnes/{personne}/reunir`
pub async fn montrer_reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<ReunirPersonnes>(&mut tx, &app, &actor, id).await?;
    page_reunir(page, &personne, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/reunir`
pub async fn reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (personne, _) = trouver::<ReunirPersonnes>(&mut tx, &app, &actor, id).await?;
    let autre = form.lire("absorbee", |t| {
        t.parse::<Uuid>().map_err(|_| "écrivez le numéro d’une fiche")
    });
    let Some(autre) = autre else {
        return page_reunir(page, &personne, form).reponse();
    };
    let motif = form.valeur("motif").to_owned();
    match actions::reunir(&Act::now(&app, &actor), &mut tx, id, autre, &motif).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
        }
        Err(Erreur::Introuvable) => {
            form.refuser("absorbee", "aucune fiche ne porte ce numéro");
            page_reunir(page, &personne, form).reponse()
        }
        Err(erreur) => {
            refuser(&mut form, "absorbee", erreur)?;
            page_reunir(page, &personne, form).reponse()
        }
    }
}

/// `POST /fusions/{fusion}/defaire`
pub async fn separer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let fusion = fusions::trouver(&mut tx, id).await?.ok_or(Erreur::Introuvable)?;
    actions::separer(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", fusion.gardee))).into_response())
}
