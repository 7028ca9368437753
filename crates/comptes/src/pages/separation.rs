//! Where the separation of duties is lifted: the list that auditors read, lifting it, putting it back.

use super::{
    Champs,
    compte::quand,
    fonctions::{lire_dates, sien},
};
use crate::{
    actions::fonctions as actions,
    domain::{
        perimetre::{Genre, Perimetre},
        personne::Nom,
        separation::{Demande, Levee},
    },
    permissions::{LeverSeparation, VoirSeparation},
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    store::{personne as personnes, separation as store},
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    clock::Day,
    errors::Erreur,
    permissions::{Actor, Everything, authorise, may_try, scope},
    routes::Routes,
};
use ui::{
    form::Formulaire,
    gabarits::{Champ, Element, Geste, PageFiche, PageFormulaire, Section},
    page::Page,
};
use uuid::Uuid;

const CHEMIN: &str = "/separation";
const PAR_PAGE: u32 = 20;

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .page::<VoirSeparation, _, _>(CHEMIN, lister)
        .page::<LeverSeparation, _, _>("/separation/lever", montrer_lever)
        .post::<LeverSeparation, _, _>("/separation/lever", lever)
        .post::<LeverSeparation, _, _>("/separation/{levee}/retablir", retablir)
}

/// `GET /separation?avant=`
async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    authorise::<VoirSeparation>(&actor, &Everything)?;
    let avant = Formulaire::rempli(valeurs).valeur("avant").parse().ok();
    let mut tx = app.db.read().await?;
    let mut levees = store::lister(&mut tx, avant, PAR_PAGE + 1).await?;
    let encore = levees.len() > PAR_PAGE as usize;
    levees.truncate(PAR_PAGE as usize);
    let auteurs: Vec<Uuid> = levees.iter().map(|une| une.par).collect();
    let noms = personnes::noms(&mut tx, &auteurs).await?;
    drop(tx);
    let mut fiche = PageFiche::new(page, "Séparation des rôles");
    fiche.surtitre = "Celui qui instruit un dossier, celui qui décide et celui qui paie sont trois personnes. Un administrateur peut lever cette règle quelque part, pour un temps et une raison que chacun peut lire ici. Qui fait une demande n’en décide jamais.".into();
    let page = &fiche.page;
    if may_try::<LeverSeparation>(&actor) {
        fiche.gestes = vec![Geste::lien(page, "Lever la règle quelque part", "/separation/lever")];
    }
    let mut section = Section::new("Où la règle est ou a été levée");
    if levees.is_empty() {
        section = section.intro("Nulle part\u{a0}: la règle s’applique partout.");
    }
    let aujourdhui = jour(app.clock.now());
    section.elements = levees
        .iter()
        .map(|une| element(page, &actor, (une, noms.get(&une.par)), aujourdhui))
        .collect();
    if let Some(derniere) = levees.last().filter(|_| encore) {
        section = section.geste(Geste::lien(
            page,
            "Plus anciennes",
            &format!("{CHEMIN}?avant={}", derniere.id),
        ));
    }
    fiche.sections = vec![section];
    fiche.reponse()
}

fn element(page: &Page, actor: &Actor, (une, par): (&Levee, Option<&Nom>), aujourdhui: Day) -> Element {
    let etat = match une.retablie_at {
        Some(at) => format!("règle rétablie le {}", quand(page, at, FUSEAU_DES_JOURS)),
        None if une.vaut(aujourdhui) => "règle levée en ce moment".to_owned(),
        None if une.du > aujourdhui => "à venir".to_owned(),
        None => "terminée".to_owned(),
    };
    let a_retablir = une.retablie_at.is_none() && une.au >= aujourdhui && may_try::<LeverSeparation>(actor);
    let chemin = format!("{CHEMIN}/{}/retablir", une.id);
    Element {
        titre: une.perimetre.nom(),
        details: vec![
            format!("du {} au {}\u{a0}: {etat}", page.date(une.du), page.date(une.au)),
            une.motif.clone(),
            format!(
                "levée par {}",
                par.map_or_else(|| "une personne inconnue".to_owned(), Nom::to_string)
            ),
            format!("enregistrée le {}", quand(page, une.levee_at, FUSEAU_DES_JOURS)),
        ],
        gestes: a_retablir
            .then(|| Geste::bouton(page, "Rétablir la règle maintenant", &chemin))
            .into_iter()
            .collect(),
    }
}

fn page_lever(page: Page, actor: &Actor, form: Formulaire) -> PageFormulaire {
    let sien = sien(actor).map_or_else(|| "aucun".to_owned(), |perimetre| perimetre.nom());
    PageFormulaire::new(page, "Lever la séparation des rôles", "/separation/lever", "Lever la règle")
        .intro("Pendant ces dates, une même personne pourra instruire, décider et payer un dossier de ce périmètre. Tout est écrit au journal.")
        .champs(vec![
            Champ::ligne("perimetre", "Périmètre")
                .aide(format!("Par exemple «\u{a0}Mayotte\u{a0}» ou «\u{a0}Ain\u{a0}». Vide, c’est le vôtre\u{a0}: {sien}"))
                .facultatif(),
            Champ::zone("motif", "Pourquoi").aide("Les auditeurs le liront. N’y nommez personne."),
            Champ::date("du", "Premier jour"),
            Champ::date("au", "Dernier jour").aide("Un an au plus après le premier"),
        ])
        .form(form)
        .lien("Annuler", CHEMIN)
}

/// `GET /separation/lever`
async fn montrer_lever(page: Page, actor: Actor) -> Result<Response, Erreur> {
    scope::<LeverSeparation>(&actor)?;
    page_lever(page, &actor, Formulaire::vide()).reponse()
}

fn lire_demande(form: &mut Formulaire, actor: &Actor) -> Option<Demande> {
    let genres = [Genre::Nation, Genre::Region, Genre::Departement, Genre::Collectivite];
    let perimetre = form.lire("perimetre", |texte| match sien(actor) {
        Some(sien) if texte.is_empty() => Ok(sien),
        _ => Perimetre::reconnaitre(texte, &genres),
    });
    let dates = lire_dates(form, "indiquez ce jour\u{a0}: la règle est levée pour un temps");
    let (du, au) = dates?;
    Some(Demande {
        perimetre: perimetre?,
        motif: form.valeur("motif").to_owned(),
        du,
        au,
    })
}

/// `POST /separation/lever`
async fn lever(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    scope::<LeverSeparation>(&actor)?;
    let mut form = Formulaire::rempli(valeurs);
    let Some(demande) = lire_demande(&mut form, &actor) else {
        return page_lever(page, &actor, form).reponse();
    };
    let mut tx = app.db.write().await?;
    let fait = actions::lever_separation(&Act::now(&app, &actor), &mut tx, demande).await;
    match form.conclure(tx, fait, "perimetre").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(CHEMIN)).into_response()),
        None => page_lever(page, &actor, form).reponse(),
    }
}

/// `POST /separation/{levee}/retablir`
async fn retablir(State(app): State<App>, page: Page, actor: Actor, Path(id): Path<Uuid>) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    actions::retablir_separation(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(CHEMIN)).into_response())
}
