//! Passing a function on by a dated act, seeing what was passed on, and ending it.

use super::{
    Champs,
    fonctions::{Examen, lire_dates},
};
use crate::{
    actions::fonctions,
    domain::{
        courriel::Courriel,
        delegation::{Acte, GenreDelegation},
    },
    permissions::{DeleguerFonction, VoirPersonnes},
    store::{
        delegation::{Dite, de_personne},
        perimetre,
        personne::titulaire,
    },
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    clock::Day,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, authorise},
};
use ui::{
    composants::Choix,
    form::Formulaire,
    gabarits::{Champ, Element, Geste, PageFormulaire, Section},
    page::Page,
};
use uuid::Uuid;

/// What someone passed on and received, as far as the actor may see it; nothing when there is nothing to show.
///
/// # Errors
/// The engine's.
pub(super) async fn section(
    tx: &mut Tx,
    page: &Page,
    actor: &Actor,
    personne: Uuid,
    jour: Day,
) -> Result<Option<Section>, Erreur> {
    let mut dites = de_personne(tx, personne).await?;
    dites.retain(|dite| actor.person == Some(personne) || authorise::<VoirPersonnes>(actor, &dite.delegation).is_ok());
    if dites.is_empty() {
        return Ok(None);
    }
    let noms = perimetre::noms(tx, dites.iter().map(|dite| &dite.perimetre)).await?;
    let mut section = Section::new("Délégations");
    section.elements = dites
        .iter()
        .map(|dite| element(page, actor, (dite, personne), &noms.de(&dite.perimetre), jour))
        .collect();
    Ok(Some(section))
}

fn element(page: &Page, actor: &Actor, (dite, personne): (&Dite, Uuid), ou: &str, jour: Day) -> Element {
    let une = &dite.delegation;
    let sens = if une.personne == personne {
        format!("reçue de {}", dite.titulaire)
    } else {
        format!("donnée à {}", dite.delegataire)
    };
    let fin = match une.retiree_at {
        Some(at) => format!("terminée le {}", page.date(crate::reconnaissance::jour(at))),
        None => format!("du {} au {}", page.date(une.du), page.date(une.au)),
    };
    let ouverte = une.retiree_at.is_none() && une.au >= jour;
    let mut gestes = Vec::new();
    if ouverte && authorise::<DeleguerFonction>(actor, une).is_ok() {
        let chemin = format!("/delegations/{}/retirer", une.id);
        gestes.push(Geste::bouton(page, "Mettre fin à cette délégation", &chemin).dangereux());
    }
    Element {
        titre: format!("{}, {ou}\u{a0}: {sens}", dite.fonction.titre()),
        details: vec![une.genre.titre().to_owned(), fin, format!("acte\u{a0}: {}", une.acte)],
        gestes,
    }
}

fn page_deleguer(page: Page, examen: &Examen, form: Formulaire) -> PageFormulaire {
    let genres = GenreDelegation::TOUS.map(|g| Choix::new(g.code(), g.titre())).to_vec();
    PageFormulaire::new(
        page,
        "Déléguer une fonction",
        &format!("/attributions/{}/deleguer", examen.une.id),
        "Enregistrer la délégation",
    )
    .intro("Une délégation suit un acte signé et publié. Elle vaut pour ses dates seulement. Les deux personnes en seront prévenues.")
    .faits(examen.faits())
    .champs(vec![
        Champ::ligne("personne", "Personne qui reçoit la délégation")
            .aide("Son adresse de courriel, ou le numéro de sa fiche\u{a0}: il figure dans l’adresse de sa page, après «\u{a0}personnes\u{a0}»"),
        Champ::radios("genre", "Ce qui est délégué", genres),
        Champ::ligne("acte", "Référence de l’acte signé")
            .aide("Par exemple «\u{a0}arrêté n°\u{a0}2026-12 du 3 mars 2026\u{a0}»"),
        Champ::date("du", "Premier jour"),
        Champ::date("au", "Dernier jour"),
    ])
    .form(form)
    .lien("Annuler", &format!("/personnes/{}", examen.personne.id))
}

/// `GET /attributions/{attribution}/deleguer`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let examen = Examen::charger::<DeleguerFonction>(&mut tx, &actor, id).await?;
    page_deleguer(page, &examen, Formulaire::vide()).reponse()
}

/// The person whom an address that they confirmed, or the number of their file, names.
///
/// # Errors
/// The engine's; what does not read is refused at its field.
pub(super) async fn lire_personne(tx: &mut Tx, form: &mut Formulaire, champ: &str) -> Result<Option<Uuid>, Erreur> {
    if !form.valeur(champ).contains('@') {
        return Ok(form.lire(champ, |t| {
            t.parse::<Uuid>()
                .map_err(|_| "écrivez l’adresse de courriel de la personne, ou le numéro de sa fiche")
        }));
    }
    let Some(courriel) = form.lire(champ, Courriel::lire) else {
        return Ok(None);
    };
    let connue = titulaire(tx, &courriel).await?;
    if connue.is_none() {
        form.refuser(
            champ,
            "personne n’a confirmé cette adresse sur la plateforme\u{a0}: invitez d’abord la personne",
        );
    }
    Ok(connue.map(|contact| contact.personne))
}

async fn lire_acte(tx: &mut Tx, form: &mut Formulaire) -> Result<Option<Acte>, Erreur> {
    let personne = lire_personne(tx, form, "personne").await?;
    let genre = form.lire("genre", |code| {
        GenreDelegation::depuis_code(code).ok_or("choisissez ce qui est délégué")
    });
    let dates = lire_dates(form, "indiquez ce jour\u{a0}: une délégation a des dates");
    let (Some(personne), Some(genre), Some((du, au))) = (personne, genre, dates) else {
        return Ok(None);
    };
    Ok(Some(Acte {
        personne,
        genre,
        reference: form.valeur("acte").to_owned(),
        du,
        au,
    }))
}

/// `POST /attributions/{attribution}/deleguer`
pub async fn deleguer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let examen = Examen::charger::<DeleguerFonction>(&mut tx, &actor, id).await?;
    let Some(acte) = lire_acte(&mut tx, &mut form).await? else {
        return page_deleguer(page, &examen, form).reponse();
    };
    let fait = fonctions::deleguer(&Act::now(&app, &actor), &mut tx, id, acte).await;
    match form.conclure(tx, fait, "acte").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", examen.personne.id))).into_response()),
        None => page_deleguer(page, &examen, form).reponse(),
    }
}

/// `POST /delegations/{delegation}/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let titulaire = fonctions::retirer_delegation(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", titulaire.personne))).into_response())
}
