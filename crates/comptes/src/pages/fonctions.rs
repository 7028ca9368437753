//! Granting and ending functions, from the page of who holds them.

use super::{Champs, perimetre, personnes::trouver};
use crate::{
    actions::fonctions::{self, INCONNU, Octroi},
    domain::{attribution::Attribution, perimetre::Perimetre, personne::Personne},
    permissions::{AccorderFonction, RetirerFonction, VoirPersonnes},
    reconnaissance::jour,
    store::perimetre as noms,
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
    errors::{Erreur, Refus},
    permissions::{Action, Actor, authorise},
};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, Message, PageFormulaire, en_conflit},
    page::Page,
};
use uuid::Uuid;

/// The perimeter of the function in which someone acts.
pub(super) fn sien(actor: &Actor) -> Option<Perimetre> {
    let tenue = actor.grants.iter().rev().find(|grant| grant.source.is_some())?;
    Perimetre::lire(&tenue.perimeter).ok()
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

fn page_accorder(page: Page, mut champs: Vec<Champ>, id: Uuid, form: Formulaire) -> PageFormulaire {
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
    let champs = perimetre::champs(&mut tx, &actor, &[]).await?;
    page_accorder(page, champs, id, Formulaire::vide()).reponse()
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
    let lecture = perimetre::lire::<AccorderFonction>(&mut tx, &mut form, &actor).await?;
    let champs = perimetre::champs(&mut tx, &actor, &lecture.candidats).await?;
    let dates = (lire_date(&mut form, "du"), lire_date(&mut form, "au"));
    let (Some((fonction, perimetre)), (Some(du), Some(au))) = (lecture.lue, dates) else {
        return page_accorder(page, champs, id, form).reponse();
    };
    let octroi = Octroi {
        personne: id,
        fonction,
        perimetre,
        du: du.unwrap_or_else(|| jour(at)),
        au,
    };
    let fait = fonctions::accorder(&Act::now(&app, &actor), &mut tx, octroi).await;
    match form.conclure(tx, fait.map_err(hors_de_portee), "fonction").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response()),
        None => page_accorder(page, champs, id, form).reponse(),
    }
}

/// What lies out of reach is told at the perimeter.
pub(super) fn hors_de_portee(erreur: Erreur) -> Erreur {
    match erreur {
        Erreur::Introuvable => Refus::champ("perimetre", INCONNU).into(),
        autre => autre,
    }
}

/// An attribution on which the actor may do `A`, its holder, and what its perimeter is called.
pub(super) struct Examen {
    pub une: Attribution,
    pub personne: Personne,
    perimetre: String,
}

impl Examen {
    pub(super) async fn charger<A: Action>(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Self, Erreur> {
        let une = Attribution::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
        authorise::<A>(actor, &une)?;
        Ok(Self {
            personne: Personne::load(tx, une.personne).await?.ok_or(Erreur::Introuvable)?,
            perimetre: noms::nom(tx, &une.perimetre).await?,
            une,
        })
    }

    pub(super) fn faits(&self) -> Vec<Description> {
        vec![
            Description::new("Personne", self.personne.nom.to_string()),
            Description::new("Fonction", self.une.fonction.titre()),
            Description::new("Périmètre", self.perimetre.clone()),
        ]
    }
}

fn page_retirer(page: Page, examen: &Examen, form: Formulaire) -> PageFormulaire {
    let version = form.valeur("version").to_owned();
    PageFormulaire::new(
        page,
        "Retirer une fonction",
        &format!("/attributions/{}/retirer", examen.une.id),
        "Retirer la fonction",
    )
    .intro("La fonction prend fin tout de suite, sur tous les appareils de la personne. Elle en est prévenue.")
    .faits(examen.faits())
    .champs(vec![
        Champ::zone("motif", "Pourquoi").aide("La personne et les auditeurs le liront"),
        Champ::cache("version", version),
    ])
    .form(form)
    .dangereux()
    .lien("Annuler", &format!("/personnes/{}", examen.personne.id))
}

/// `GET /attributions/{attribution}/retirer`
pub async fn montrer_retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let examen = Examen::charger::<RetirerFonction>(&mut tx, &actor, id).await?;
    let form = Formulaire::vide().avec("version", examen.une.version);
    page_retirer(page, &examen, form).reponse()
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
    let examen = Examen::charger::<RetirerFonction>(&mut tx, &actor, id).await?;
    let (vue, motif) = (
        form.valeur("version").parse().unwrap_or(-1),
        form.valeur("motif").to_owned(),
    );
    let fait = fonctions::retirer(&Act::now(&app, &actor), &mut tx, id, Some(vue), &motif).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        return trop_tard(page, &examen, form, jour(app.clock.now()));
    }
    match form.conclure(tx, fait, "motif").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", examen.personne.id))).into_response()),
        None => page_retirer(page, &examen, form).reponse(),
    }
}

/// The function as it is kept now beside the reason that was typed, since somebody changed it meanwhile.
fn trop_tard(page: Page, examen: &Examen, form: Formulaire, jour: Day) -> Result<Response, Erreur> {
    let form = form.avec("version", examen.une.version);
    let etat = examen.une.etat(jour).titre();
    let mut faits = vec![Description::new("Enregistré maintenant", etat)];
    if let Some(retrait) = &examen.une.retrait {
        faits.push(Description::new("Motif enregistré", retrait.motif.clone()));
    }
    let mut vue = page_retirer(page, examen, form).message(Message::attention(
        "Rien n’est enregistré",
        "Quelqu’un a changé cette fonction entre-temps. Voici ce qui est enregistré, et le motif que vous aviez écrit.",
    ));
    vue.faits.extend(faits);
    en_conflit(vue.reponse())
}
