//! Networks, hubs, arrondissements and lists of people: making one, and its members through time.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::{Act, Stored},
    clock::Day,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, authorise, scope},
    routes::Routes,
};
use territoire::plier;
use ui::{
    composants::{Choix, Colonne, Pagination, Tableau, Valeur},
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
};
use uuid::Uuid;

use crate::{
    actions::groupement as actions,
    domain::{
        groupement::{GenreGroupement, Groupement, Membre},
        organisation::Organisation,
        perimetre::Perimetre,
    },
    permissions::GererGroupements,
    store::groupement::lister,
};

const PAR_PAGE: u32 = 50;

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .page::<GererGroupements, _, _>("/groupements", montrer_liste)
        .post::<GererGroupements, _, _>("/groupements", creer)
        .page::<GererGroupements, _, _>("/groupements/{groupement}", montrer)
        .post::<GererGroupements, _, _>("/groupements/{groupement}/ajouter", ajouter)
        .post::<GererGroupements, _, _>("/groupements/{groupement}/retirer", retirer)
}

#[derive(Debug, Template)]
#[template(path = "comptes/groupements/liste.html")]
struct Liste {
    page: Page,
    form: Formulaire,
    genres: Vec<Choix>,
    tableau: Tableau,
    pagination: Pagination,
}

#[derive(Debug, Template)]
#[template(path = "comptes/groupements/fiche.html")]
struct Fiche {
    page: Page,
    genre: &'static str,
    form: Formulaire,
    version: i64,
    conflit: bool,
    membres: Vec<MembreVu>,
    aide: &'static str,
    ajouter: String,
    retirer: String,
}

/// A member as it is shown.
#[derive(Debug)]
struct MembreVu {
    code: String,
    nom: String,
    du: String,
    au: Option<String>,
    /// The words of the button that ends the membership.
    retirer: String,
}

fn page(page: Page, titre: impl Into<String>) -> Page {
    let mut page = page.intitulee(titre);
    page.noindex = true;
    page.fil = vec![
        Lien::new(page.t().site.accueil.to_string(), page.url("/")),
        Lien::new("Groupements", page.url("/groupements")),
    ];
    page
}

/// `GET /groupements?apres=`
async fn montrer_liste(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    scope::<GererGroupements>(&acteur)?;
    liste(&app, page, Formulaire::rempli(valeurs)).await
}

async fn liste(app: &App, page: Page, form: Formulaire) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let apres = match form.valeur("apres").parse() {
        Ok(id) => Groupement::load(&mut tx, id).await?.map(|g| (plier(&g.nom), g.id)),
        Err(_) => None,
    };
    let suite = apres.as_ref().map(|(plie, id)| (plie.as_str(), *id));
    let mut lignes = lister(&mut tx, suite, PAR_PAGE + 1).await?;
    let encore = lignes.len() > PAR_PAGE as usize;
    lignes.truncate(PAR_PAGE as usize);
    let statut = form.statut();
    let page = self::page(page, "Groupements");
    let suivante = lignes.last().filter(|_| encore);
    let suivante = suivante.map(|dernier| page.url(&format!("/groupements?apres={}", dernier.id)));
    let ligne = |bref: &crate::store::groupement::Bref| {
        let genre = GenreGroupement::lire(&bref.genre).map_or("", GenreGroupement::libelle);
        vec![
            Valeur::lien(&bref.nom, page.url(&format!("/groupements/{}", bref.id))),
            Valeur::texte(genre),
        ]
    };
    let tableau = Tableau {
        legende: "Groupements, par nom".to_owned(),
        colonnes: ["Nom", "Genre"].map(Colonne::new).into(),
        lignes: lignes.iter().map(ligne).collect(),
    };
    let vue = Liste {
        form,
        genres: GenreGroupement::TOUS.map(|g| Choix::new(g.code(), g.libelle())).into(),
        tableau,
        pagination: Pagination::par_cle(None, suivante),
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// `POST /groupements`
async fn creer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let genre = form.lire("genre", |code| {
        GenreGroupement::lire(code).ok_or("choisissez ce que le groupement réunit")
    });
    let Some(genre) = genre else {
        return liste(&app, page, form).await;
    };
    let mut tx = app.db.write().await?;
    match actions::creer(&Act::now(&app, &acteur), &mut tx, genre, form.valeur("nom")).await {
        Ok(groupement) => {
            tx.commit().await?;
            Ok(vers(&page, groupement.id))
        }
        Err(Erreur::Refus(refus)) => {
            drop(tx);
            form.refuser("nom", &refus.message);
            liste(&app, page, form).await
        }
        Err(erreur) => Err(erreur),
    }
}

fn vers(page: &Page, id: Uuid) -> Response {
    Redirect::to(&page.url(&format!("/groupements/{id}"))).into_response()
}

/// `GET /groupements/{id}`
async fn montrer(State(app): State<App>, page: Page, acteur: Actor, Path(id): Path<Uuid>) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let groupement = charger(&mut tx, &acteur, id).await?;
    fiche(&mut tx, page, &groupement, Formulaire::vide(), false).await
}

async fn charger(tx: &mut Tx, acteur: &Actor, id: Uuid) -> Result<Groupement, Erreur> {
    let groupement = Groupement::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<GererGroupements>(acteur, &groupement)?;
    Ok(groupement)
}

async fn fiche(
    tx: &mut Tx,
    page: Page,
    groupement: &Groupement,
    form: Formulaire,
    conflit: bool,
) -> Result<Response, Erreur> {
    let statut = if conflit { StatusCode::CONFLICT } else { form.statut() };
    let page = self::page(page, groupement.nom.clone());
    let mut membres = Vec::with_capacity(groupement.membres.len());
    for membre in &groupement.membres {
        membres.push(vu(tx, &page, membre).await?);
    }
    let lien = |suite: &str| page.url(&format!("/groupements/{}/{suite}", groupement.id));
    let vue = Fiche {
        genre: groupement.genre.libelle(),
        aide: groupement.genre.attendu(),
        version: groupement.version,
        form,
        conflit,
        membres,
        ajouter: lien("ajouter"),
        retirer: lien("retirer"),
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

async fn vu(tx: &mut Tx, page: &Page, membre: &Membre) -> Result<MembreVu, Erreur> {
    let nom = match Perimetre::lire(&membre.code) {
        Ok(Perimetre::Organisation(id)) => Organisation::load(tx, id).await?.map(|o| o.nom().to_owned()),
        Ok(perimetre) => Some(perimetre.nom()),
        Err(_) => None,
    };
    let nom = nom.unwrap_or_else(|| membre.code.clone());
    Ok(MembreVu {
        retirer: format!("Retirer {nom}"),
        nom,
        code: membre.code.clone(),
        du: page.date(membre.du),
        au: membre.au.map(|au| page.date(au)),
    })
}

/// `POST /groupements/{id}/ajouter`: a member from today on.
async fn ajouter(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    changer(&app, page, &acteur, id, form, true).await
}

/// `POST /groupements/{id}/retirer`: a membership ends today.
async fn retirer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    changer(&app, page, &acteur, id, form, false).await
}

async fn changer(
    app: &App,
    page: Page,
    acteur: &Actor,
    id: Uuid,
    mut form: Formulaire,
    ajoute: bool,
) -> Result<Response, Erreur> {
    let act = Act::now(app, acteur);
    let jour: Day = act.at.day_in("Europe/Paris");
    let mut tx = app.db.write().await?;
    let groupement = charger(&mut tx, acteur, id).await?;
    let vue = (id, form.valeur("version").parse().unwrap_or(-1));
    let membre = form.valeur("membre").to_owned();
    let fait = if ajoute {
        actions::ajouter(&act, &mut tx, vue, &membre, jour).await
    } else {
        actions::retirer(&act, &mut tx, vue, &membre, jour).await
    };
    match fait {
        Ok(_) => {
            tx.commit().await?;
            Ok(vers(&page, id))
        }
        Err(Erreur::Refus(refus)) => {
            form.refuser("membre", &refus.message);
            fiche(&mut tx, page, &groupement, form, false).await
        }
        Err(Erreur::Conflit) => fiche(&mut tx, page, &groupement, form, true).await,
        Err(erreur) => Err(erreur),
    }
}
