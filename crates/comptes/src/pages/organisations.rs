//! Organisations: the list of one's perimeter, a file with its history, and what can be done with it.

pub mod correction;
pub mod creation;
pub mod fiche;
pub mod liste;
pub mod reunion;
mod saisie;

use axum::{
    http::Method,
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    change::Stored,
    db::Tx,
    errors::Erreur,
    permissions::{Action, Actor, authorise},
    routes::{Kind, Routes},
};
use territoire::{CodeCommune, Referentiel};
use ui::page::{Lien, Page};
use uuid::Uuid;

use crate::{
    domain::organisation::Organisation,
    permissions::{CreerOrganisation, FusionnerOrganisations, ModifierOrganisation, VoirOrganisations},
};

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .page::<VoirOrganisations, _, _>("/organisations", liste::montrer)
        .add::<VoirOrganisations, _, _>(Kind::File, Method::GET, "/organisations/liste.csv", liste::telecharger)
        .page::<CreerOrganisation, _, _>("/organisations/nouvelle", creation::demander)
        .post::<CreerOrganisation, _, _>("/organisations/nouvelle", creation::consulter)
        .post::<CreerOrganisation, _, _>("/organisations", creation::creer)
        .page::<VoirOrganisations, _, _>("/organisations/{organisation}", fiche::montrer)
        .page::<ModifierOrganisation, _, _>("/organisations/{organisation}/modifier", correction::montrer)
        .post::<ModifierOrganisation, _, _>("/organisations/{organisation}/modifier", correction::corriger)
        .page::<ModifierOrganisation, _, _>(
            "/organisations/{organisation}/etablissement",
            correction::montrer_etablissement,
        )
        .post::<ModifierOrganisation, _, _>(
            "/organisations/{organisation}/etablissement",
            correction::ajouter_etablissement,
        )
        .page::<FusionnerOrganisations, _, _>("/organisations/{organisation}/reunir", reunion::chercher)
        .page::<FusionnerOrganisations, _, _>("/organisations/{organisation}/reunir/{autre}", reunion::comparer)
        .post::<FusionnerOrganisations, _, _>("/organisations/{organisation}/reunir/{autre}", reunion::reunir)
        .post::<FusionnerOrganisations, _, _>("/organisations/fusions/{fusion_organisation}/separer", reunion::separer)
}

/// A page of this part of the site, after the list in the breadcrumb.
fn page(page: Page, titre: impl Into<String>) -> Page {
    let mut page = page.intitulee(titre);
    page.noindex = true;
    page.fil = vec![
        Lien::new(page.t().site.accueil.to_string(), page.url("/")),
        Lien::new("Organisations", page.url("/organisations")),
    ];
    page
}

/// A page about one organisation.
fn page_de(page: Page, organisation: &Organisation, titre: impl Into<String>) -> Page {
    let mut page = self::page(page, titre);
    page.fil
        .push(Lien::new(organisation.nom(), adresse(&page, organisation.id)));
    page
}

fn adresse(page: &Page, id: Uuid) -> String {
    page.url(&format!("/organisations/{id}"))
}

/// An organisation on which the actor may do `A`; absent otherwise.
async fn charger<A: Action>(tx: &mut Tx, acteur: &Actor, id: Uuid) -> Result<Organisation, Erreur> {
    let organisation = Organisation::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<A>(acteur, &organisation)?;
    Ok(organisation)
}

fn vers(url: &str) -> Response {
    Redirect::to(url).into_response()
}

/// A commune and its département, in words; its code when the territory does not know it.
fn nom_de_commune(code: CodeCommune) -> String {
    let carte = Referentiel::embarque();
    carte
        .resoudre(code)
        .map_or_else(|| code.to_string(), |commune| carte.libelle(commune))
}
