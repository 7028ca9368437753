//! Correcting an organisation and adding an establishment, as the page was seen: what somebody else changed meanwhile is shown beside.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use socle::{
    App,
    change::Act,
    clock::Day,
    errors::{Erreur, Refus},
    permissions::Actor,
};
use ui::{
    composants::{Choix, Colonne, Tableau, Valeur},
    form::Formulaire,
    page::Page,
    rendu::rendre,
};
use uuid::Uuid;

use super::{adresse, charger, page_de, saisie, vers};
use crate::{
    actions::organisation::{self as actions, Correction},
    domain::{
        forme::FormeJuridique,
        organisation::{Organisation, lire_nom},
    },
    pages::fonctions::lire_date,
    permissions::ModifierOrganisation,
    reconnaissance::jour,
};

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/modifier.html")]
struct Modifier {
    page: Page,
    form: Formulaire,
    formes: Vec<Choix>,
    version: i64,
    /// What the person sent beside what is kept, when somebody else changed it meanwhile.
    conflit: Option<Tableau>,
}

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/etablissement.html")]
struct Ajouter {
    page: Page,
    form: Formulaire,
    genres: Vec<Choix>,
    version: i64,
    conflit: bool,
}

/// `GET /organisations/{id}/modifier`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let organisation = charger::<ModifierOrganisation>(&mut tx, &acteur, id).await?;
    let aujourd_hui = jour(app.clock.now());
    let form = Formulaire::vide()
        .avec("nom", organisation.nom())
        .avec("forme", organisation.forme.code())
        .avec("rna", organisation.rna.as_ref().map_or("", |rna| rna.as_str()))
        .avec("depuis_jour", aujourd_hui.day())
        .avec("depuis_mois", aujourd_hui.month())
        .avec("depuis_annee", aujourd_hui.year());
    formulaire(page, &organisation, form, None)
}

fn formulaire(
    page: Page,
    organisation: &Organisation,
    form: Formulaire,
    conflit: Option<Tableau>,
) -> Result<Response, Erreur> {
    let statut = if conflit.is_some() {
        StatusCode::CONFLICT
    } else {
        form.statut()
    };
    let vue = Modifier {
        version: version(organisation, &form, conflit.is_some()),
        form,
        formes: saisie::formes(),
        conflit,
        page: page_de(page, organisation, "Modifier l’organisation"),
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// The version that a form goes on with: the one that it came with, so that a mistake to mend hides no change; once both were shown, what
/// is kept now.
fn version(organisation: &Organisation, form: &Formulaire, conflit: bool) -> i64 {
    let vue = form.valeur("version").parse().ok().filter(|_| !conflit);
    vue.unwrap_or(organisation.version)
}

/// `POST /organisations/{id}/modifier`
pub async fn corriger(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let act = Act::now(&app, &acteur);
    let mut tx = app.db.write().await?;
    let organisation = charger::<ModifierOrganisation>(&mut tx, &acteur, id).await?;
    let Some(correction) = lire(&mut form, jour(act.at)) else {
        return formulaire(page, &organisation, form, None);
    };
    let vue = form.valeur("version").parse().unwrap_or(-1);
    let faite = match actions::corriger(&act, &mut tx, (id, vue), correction.clone()).await {
        Err(Erreur::Conflit) => {
            let conflit = deux_versions(&organisation, &correction);
            return formulaire(page, &organisation, form, Some(conflit));
        }
        // The domain calls the first day `du`; the form calls it `depuis`.
        Err(Erreur::Refus(refus)) if refus.champ.as_deref() == Some("du") => {
            Err(Refus::champ("depuis", refus.message).into())
        }
        autre => autre,
    };
    match form.conclure(tx, faite, "nom").await? {
        Some(_) => Ok(vers(&adresse(&page, id))),
        None => formulaire(page, &organisation, form, None),
    }
}

fn lire(form: &mut Formulaire, aujourd_hui: Day) -> Option<Correction> {
    let nom = form.lire("nom", lire_nom);
    let forme = saisie::forme(form);
    let rna = saisie::rna(form);
    let depuis = depuis(form, aujourd_hui);
    Some(Correction {
        nom: nom?,
        forme: forme?,
        rna: rna?,
        depuis: depuis?,
    })
}

fn depuis(form: &mut Formulaire, aujourd_hui: Day) -> Option<Day> {
    let refus = match lire_date(form, "depuis")? {
        Some(jour) if jour <= aujourd_hui => return Some(jour),
        Some(_) => "cette date est à venir\u{a0}: enregistrez le nom le jour où il prend effet",
        None => "écrivez le jour, le mois et l’année en chiffres, par exemple 3 3 2026",
    };
    form.refuser("depuis", refus);
    None
}

fn deux_versions(gardee: &Organisation, envoyee: &Correction) -> Tableau {
    let rna = |rna: Option<&str>| rna.unwrap_or("non renseigné").to_owned();
    let ligne = |champ: &str, envoye: String, garde: String| vec![champ.into(), envoye.into(), garde.into()];
    let forme = |forme: FormeJuridique| forme.libelle().to_owned();
    let lignes: Vec<Vec<Valeur>> = vec![
        ligne("Nom", envoyee.nom.clone(), gardee.nom().to_owned()),
        ligne("Nature", forme(envoyee.forme), forme(gardee.forme)),
        ligne(
            "RNA",
            rna(envoyee.rna.as_ref().map(|n| n.as_str())),
            rna(gardee.rna.as_ref().map(|n| n.as_str())),
        ),
    ];
    Tableau {
        legende: "Votre saisie et ce qui est enregistré".to_owned(),
        colonnes: ["Champ", "Votre saisie", "Enregistré par une autre personne"]
            .map(Colonne::new)
            .into(),
        lignes,
    }
}

/// `GET /organisations/{id}/etablissement`
pub async fn montrer_etablissement(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let organisation = charger::<ModifierOrganisation>(&mut tx, &acteur, id).await?;
    ajout(page, &organisation, Formulaire::vide().avec("genre", "siret"), false)
}

fn ajout(page: Page, organisation: &Organisation, form: Formulaire, conflit: bool) -> Result<Response, Erreur> {
    let statut = if conflit { StatusCode::CONFLICT } else { form.statut() };
    let vue = Ajouter {
        version: version(organisation, &form, conflit),
        form,
        genres: saisie::genres(),
        conflit,
        page: page_de(page, organisation, "Ajouter un établissement"),
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// `POST /organisations/{id}/etablissement`
pub async fn ajouter_etablissement(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let act = Act::now(&app, &acteur);
    let mut tx = app.db.write().await?;
    let organisation = charger::<ModifierOrganisation>(&mut tx, &acteur, id).await?;
    let lu = saisie::identifiant(&mut form)
        .and_then(|identifiant| saisie::etablissement(&mut form, act.id(), identifiant, false));
    let Some(etablissement) = lu else {
        return ajout(page, &organisation, form, false);
    };
    let vue = form.valeur("version").parse().unwrap_or(-1);
    let fait = actions::ajouter_etablissement(&act, &mut tx, (id, vue), etablissement).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        return ajout(page, &organisation, form, true);
    }
    match form.conclure(tx, fait, "numero").await? {
        Some(_) => Ok(vers(&adresse(&page, id))),
        None => ajout(page, &organisation, form, false),
    }
}
