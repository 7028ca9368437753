//! Granting, ending and delegating functions, from the page of who holds them.

use super::{Champs, personnes::trouver, refuser};
use crate::{
    actions::fonctions::{self, Octroi},
    domain::{
        attribution::Attribution,
        delegation::{Acte, GenreDelegation},
        fonction::Fonction,
        perimetre::Perimetre,
        personne::Personne,
    },
    permissions::{DeleguerFonction, RetirerFonction, VoirPersonnes},
    reconnaissance::jour,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::{Act, Stored},
    clock::Day,
    db::Tx,
    errors::Erreur,
    permissions::{Action, Actor, authorise},
};
use ui::{
    composants::{Choix, Description},
    form::Formulaire,
    gabarits::{Champ, PageFormulaire},
    page::Page,
};
use uuid::Uuid;

/// The functions and perimeters that can be chosen, for the forms that grant.
pub fn champs_de_fonction(actor: &Actor) -> Vec<Champ> {
    let accordables: Vec<Fonction> = Fonction::TOUTES
        .iter()
        .filter(|f| actor.holds(f.role()))
        .flat_map(|f| f.accorde())
        .copied()
        .collect();
    let mut choix: Vec<Choix> = accordables.iter().map(|f| Choix::new(f.code(), f.titre())).collect();
    choix.dedup_by(|a, b| a.valeur == b.valeur);
    let sien = sien(actor).map_or_else(|| "aucun".to_owned(), |p| p.nom());
    vec![
        Champ::liste("fonction", "Fonction", choix),
        Champ::ligne("perimetre", "Périmètre")
            .aide(format!(
                "Par exemple «\u{a0}Ain\u{a0}», «\u{a0}69\u{a0}», «\u{a0}Auvergne-Rhône-Alpes\u{a0}» ou «\u{a0}Bourg-en-Bresse\u{a0}». Vide, c’est le vôtre\u{a0}: {sien}"
            ))
            .facultatif(),
    ]
}

/// The perimeter of the function in which someone acts.
pub(super) fn sien(actor: &Actor) -> Option<Perimetre> {
    let tenue = actor.grants.iter().rev().find(|grant| grant.source.is_some())?;
    Perimetre::lire(&tenue.perimeter).ok()
}

/// Reads the function and perimeter that a form grants.
pub fn lire_fonction(form: &mut Formulaire, actor: &Actor) -> Option<(Fonction, Perimetre)> {
    let fonction = form.lire("fonction", |code| {
        Fonction::depuis_code(code).ok_or("choisissez une fonction de la liste")
    });
    let genres = fonction.map_or(&[][..], Fonction::genres);
    let perimetre = form.lire("perimetre", |texte| match sien(actor) {
        Some(sien) if texte.is_empty() => Ok(sien),
        _ => Perimetre::reconnaitre(texte, genres),
    });
    Some((fonction?, perimetre?))
}

/// Reads a date in three fields, which may be left empty.
pub fn lire_date(form: &mut Formulaire, champ: &str) -> Option<Option<Day>> {
    let parties = ["annee", "mois", "jour"].map(|p| form.partie(champ, p).to_owned());
    if parties.iter().all(String::is_empty) {
        return Some(None);
    }
    let lue = (|| {
        Day::new(
            parties[0].parse().ok()?,
            parties[1].parse().ok()?,
            parties[2].parse().ok()?,
        )
        .ok()
    })();
    if lue.is_none() {
        form.refuser(
            champ,
            "écrivez un jour, un mois et une année qui existent, par exemple 31 12 2026",
        );
    }
    lue.map(Some)
}

/// Reads a first and a last day, both expected.
pub(super) fn lire_dates(form: &mut Formulaire, manque: &str) -> Option<(Day, Day)> {
    let (du, au) = (lire_date(form, "du"), lire_date(form, "au"));
    for (champ, date) in [("du", du), ("au", au)] {
        if date == Some(None) {
            form.refuser(champ, manque);
        }
    }
    Some((du??, au??))
}

fn page_accorder(page: Page, actor: &Actor, id: Uuid, form: Formulaire) -> PageFormulaire {
    let mut champs = champs_de_fonction(actor);
    champs.push(
        Champ::date("du", "Premier jour")
            .aide("Aujourd’hui si vous ne l’indiquez pas")
            .facultatif(),
    );
    champs.push(
        Champ::date("au", "Dernier jour")
            .aide("Sans limite si vous ne l’indiquez pas")
            .facultatif(),
    );
    PageFormulaire::new(
        page,
        "Accorder une fonction",
        &format!("/personnes/{id}/accorder"),
        "Accorder la fonction",
    )
    .intro("La personne en sera prévenue. Tout est écrit au journal.")
    .champs(champs)
    .form(form)
    .lien("Annuler", &format!("/personnes/{id}"))
}

/// `GET /personnes/{personne}/accorder`
pub async fn montrer_accorder(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    trouver::<VoirPersonnes>(&mut tx, &app, &actor, id).await?;
    page_accorder(page, &actor, id, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/accorder`
pub async fn accorder(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let at = app.clock.now();
    let mut tx = app.db.write().await?;
    trouver::<VoirPersonnes>(&mut tx, &app, &actor, id).await?;
    let fonction = lire_fonction(&mut form, &actor);
    let dates = (lire_date(&mut form, "du"), lire_date(&mut form, "au"));
    let (Some((fonction, perimetre)), (Some(du), Some(au))) = (fonction, dates) else {
        return page_accorder(page, &actor, id, form).reponse();
    };
    let octroi = Octroi {
        personne: id,
        fonction,
        perimetre,
        du: du.unwrap_or_else(|| jour(at)),
        au,
    };
    match fonctions::accorder(&Act::now(&app, &actor), &mut tx, octroi).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
        }
        Err(Erreur::Introuvable) => {
            form.refuser("perimetre", "ce périmètre n’est pas dans le vôtre");
            page_accorder(page, &actor, id, form).reponse()
        }
        Err(erreur) => {
            refuser(&mut form, "fonction", erreur)?;
            page_accorder(page, &actor, id, form).reponse()
        }
    }
}

/// An attribution on which the actor may do `A`, and its holder.
async fn trouver_attribution<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
) -> Result<(Attribution, Personne), Erreur> {
    let une = Attribution::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<A>(actor, &une)?;
    let personne = Personne::load(tx, une.personne).await?.ok_or(Erreur::Introuvable)?;
    Ok((une, personne))
}

fn faits(une: &Attribution, personne: &Personne) -> Vec<Description> {
    vec![
        Description::new("Personne", personne.nom.to_string()),
        Description::new("Fonction", une.fonction.titre()),
        Description::new("Périmètre", une.perimetre.nom()),
    ]
}

fn page_retirer(page: Page, (une, personne): (&Attribution, &Personne), form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(
        page,
        "Retirer une fonction",
        &format!("/attributions/{}/retirer", une.id),
        "Retirer la fonction",
    )
    .intro("La fonction prend fin tout de suite, sur tous les appareils de la personne. Elle en est prévenue.")
    .faits(faits(une, personne))
    .champs(vec![
        Champ::zone("motif", "Pourquoi").aide("La personne et les auditeurs le liront"),
        Champ::cache("version", une.version),
    ])
    .form(form)
    .dangereux()
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /attributions/{attribution}/retirer`
pub async fn montrer_retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (une, personne) = trouver_attribution::<RetirerFonction>(&mut tx, &actor, id).await?;
    page_retirer(page, (&une, &personne), Formulaire::vide()).reponse()
}

/// `POST /attributions/{attribution}/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (une, personne) = trouver_attribution::<RetirerFonction>(&mut tx, &actor, id).await?;
    let motif = form.valeur("motif").to_owned();
    match fonctions::retirer(&Act::now(&app, &actor), &mut tx, id, None, &motif).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", personne.id))).into_response())
        }
        Err(erreur) => {
            refuser(&mut form, "motif", erreur)?;
            page_retirer(page, (&une, &personne), form).reponse()
        }
    }
}

fn page_deleguer(page: Page, (une, personne): (&Attribution, &Personne), form: Formulaire) -> PageFormulaire {
    let genres = GenreDelegation::TOUS.map(|g| Choix::new(g.code(), g.titre())).to_vec();
    PageFormulaire::new(
        page,
        "Déléguer une fonction",
        &format!("/attributions/{}/deleguer", une.id),
        "Enregistrer la délégation",
    )
    .intro("Une délégation suit un acte signé et publié. Elle vaut pour ses dates seulement.")
    .faits(faits(une, personne))
    .champs(vec![
        Champ::ligne("personne", "Numéro de la fiche de la personne qui reçoit la délégation")
            .aide("Il figure dans l’adresse de sa page, après « personnes »"),
        Champ::radios("genre", "Ce qui est délégué", genres),
        Champ::ligne("acte", "Référence de l’acte signé").aide("Par exemple « arrêté n° 2026-12 du 3 mars 2026 »"),
        Champ::date("du", "Premier jour"),
        Champ::date("au", "Dernier jour"),
    ])
    .form(form)
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /attributions/{attribution}/deleguer`
pub async fn montrer_deleguer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (une, personne) = trouver_attribution::<DeleguerFonction>(&mut tx, &actor, id).await?;
    page_deleguer(page, (&une, &personne), Formulaire::vide()).reponse()
}

fn lire_acte(form: &mut Formulaire) -> Option<Acte> {
    let personne = form.lire("personne", |t| {
        t.parse::<Uuid>()
            .map_err(|_| "écrivez le numéro d’une fiche, tel qu’il figure dans l’adresse de sa page")
    });
    let genre = form.lire("genre", |code| {
        GenreDelegation::depuis_code(code).ok_or("choisissez ce qui est délégué")
    });
    let (du, au) = (lire_date(form, "du"), lire_date(form, "au"));
    for (champ, date) in [("du", du), ("au", au)] {
        if date == Some(None) {
            form.refuser(champ, "indiquez ce jour : une délégation a des dates");
        }
    }
    Some(Acte {
        personne: personne?,
        genre: genre?,
        reference: form.valeur("acte").to_owned(),
        du: du??,
        au: au??,
    })
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
    let (une, personne) = trouver_attribution::<DeleguerFonction>(&mut tx, &actor, id).await?;
    let Some(acte) = lire_acte(&mut form) else {
        return page_deleguer(page, (&une, &personne), form).reponse();
    };
    match fonctions::deleguer(&Act::now(&app, &actor), &mut tx, id, acte).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", personne.id))).into_response())
        }
        Err(erreur) => {
            refuser(&mut form, "acte", erreur)?;
            page_deleguer(page, (&une, &personne), form).reponse()
        }
    }
}

/// `POST /delegations/{delegation}/retirer`
pub async fn retirer_delegation(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let delegation = fonctions::retirer_delegation(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", delegation.personne))).into_response())
}
