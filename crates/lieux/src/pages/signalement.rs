//! Reporting a mistake on a field of a place, without account or name.

use super::pratique::{self, Mots};
use crate::{
    actions::{Cadre, tickets},
    domain::lieu::Lieu,
    index::{Index, Lieux},
    permissions::SignalerErreur,
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use socle::{
    App,
    errors::Erreur,
    permissions::{Actor, Everything, authorise},
};
use ui::{
    composants::Choix,
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
};

#[derive(Debug, Template)]
#[template(path = "lieux/signaler.html")]
struct Signaler {
    page: Page,
    t: &'static Mots,
    nom: String,
    form: Formulaire,
    champs: Vec<Choix>,
    merci: bool,
    retour: String,
}

impl Signaler {
    fn de(mut page: Page, lieu: &Lieu, form: Formulaire, merci: bool) -> Self {
        let t = pratique::mots(&page);
        pratique::preparer(&mut page, t.signaler.titre.to_string(), true);
        let retour = page.url(&format!("/lieux/{}", lieu.id));
        page.fil.push(Lien::new(lieu.nom.clone(), retour.clone()));
        let champs = t
            .signaler
            .champs
            .tous()
            .into_iter()
            .map(|(nom, mots)| Choix::new(nom, mots.to_string()))
            .collect();
        Self {
            t,
            nom: lieu.nom.clone(),
            form,
            champs,
            merci,
            retour,
            page,
        }
    }
}

/// The place behind a present or former identifier.
fn trouver<'a>(index: &'a Index, identifiant: &str) -> Result<&'a Lieu, Erreur> {
    let id = index.resoudre(identifiant);
    id.and_then(|id| index.fiche(id)).ok_or(Erreur::Introuvable)
}

/// `GET /lieux/{identifiant}/signaler?champ=horaires`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    Path(identifiant): Path<String>,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let lieu = trouver(&index, &identifiant)?;
    let merci = valeurs.iter().any(|(cle, _)| cle == "merci");
    rendre(&Signaler::de(page, lieu, Formulaire::rempli(valeurs), merci))
}

/// `POST /lieux/{identifiant}/signaler`
pub async fn envoyer(
    State(app): State<App>,
    page: Page,
    Path(identifiant): Path<String>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let lieu = trouver(&index, &identifiant)?;
    let mut form = Formulaire::rempli(valeurs);
    let permis = authorise::<SignalerErreur>(&Actor::public(), &Everything)?;
    let cadre = Cadre::de(&app, &permis);
    let mut tx = app.db.write().await?;
    match tickets::signaler_erreur(&mut tx, cadre, lieu.id, form.valeur("champ"), form.valeur("message")).await {
        Ok(_) => {
            tx.commit().await?;
            let suite = format!("{}?merci=1", page.url(&format!("/lieux/{}/signaler", lieu.id)));
            Ok(axum::response::Redirect::to(&suite).into_response())
        }
        Err(Erreur::Refus(refus)) => {
            form.refuser(refus.champ.as_deref().unwrap_or("message"), &refus.message);
            let statut = form.statut();
            Ok((statut, rendre(&Signaler::de(page, lieu, form, false))?).into_response())
        }
        Err(erreur) => Err(erreur),
    }
}
