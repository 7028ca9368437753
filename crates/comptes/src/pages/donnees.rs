//! What is held on the person who reads, as a page and as a file, and asking for its erasure.

use super::Champs;
use crate::{
    actions::{conservation, donnees as actions},
    domain::conservation::echeance,
    reconnaissance::jour,
    store::conservation as store,
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Map, Value};
use socle::{App, change::Act, clock::Instant, errors::Erreur, permissions::Actor};
use ui::{
    composants::Choix,
    form::Formulaire,
    formats::majuscule,
    gabarits::{Champ, Element, Geste, PageFiche, PageFormulaire, Section},
    page::{Lien, Page},
};

fn sous_le_compte(mut page: Page) -> Page {
    page.fil = vec![
        Lien::new(page.t().site.accueil.to_string(), page.url("/")),
        Lien::new("Mon compte", page.fixe("/compte")),
    ];
    page
}

/// `GET /compte/donnees`
pub async fn montrer(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let parties = actions::exporter(&app, moi, Some(A_L_ECRAN + 1)).await?;
    let mut fiche = PageFiche::new(sous_le_compte(page), "Mes données");
    fiche.surtitre = "Tout ce que la plateforme garde sur vous".into();
    let page = fiche.page.clone();
    fiche.gestes = vec![
        Geste::lien(&page, "Télécharger mes données (JSON)", "/compte/donnees.json"),
        Geste::lien(&page, "Voir qui a consulté mon dossier", "/mon-journal?vue=autres"),
        Geste::lien(&page, "Lire le registre des données", "/registre"),
    ];
    fiche.sections = parties
        .into_iter()
        .map(|(titre, lignes)| partie(&page, titre, &lignes))
        .collect();
    fiche
        .sections
        .push(Section::new("Combien de temps").intro(duree(&app, &page, moi).await?));
    fiche.sections.push(
        Section::new("Demander l’effacement")
            .intro("Vos noms, vos moyens de contact et vos connexions seront effacés. Les décisions que vous avez prises restent, sans votre nom.")
            .geste(Geste::lien(&page, "Demander l’effacement", "/compte/donnees/effacer")),
    );
    fiche.reponse()
}

/// Until when the account of the person who reads is kept.
async fn duree(app: &App, page: &Page, moi: uuid::Uuid) -> Result<String, Erreur> {
    let aujourd_hui = jour(app.clock.now());
    let mut tx = app.db.read().await?;
    let situation = store::situation(&mut tx, moi, aujourd_hui).await?;
    let situation = situation.ok_or(Erreur::Introuvable)?;
    let delais = conservation::delais(&mut tx, aujourd_hui).await?;
    let preavis = delais.preavis;
    let regle = if situation.tient {
        format!(
            "Tant que vous exercez une fonction, votre compte est gardé. Ensuite, il est rendu anonyme {} jours après votre dernière venue.",
            delais.inactivite
        )
    } else {
        let le = echeance(jour(situation.venue_at), delais);
        format!(
            "Sans venue de votre part, votre compte sera anonymisé le {}.",
            page.date(le)
        )
    };
    Ok(format!("{regle} Un courriel vous préviendra {preavis} jours avant."))
}

/// How many things of each part the page shows; the file holds all of them.
const A_L_ECRAN: usize = 50;

fn partie(page: &Page, titre: &'static str, lignes: &[Value]) -> Section {
    let mut section = Section::new(titre);
    if lignes.is_empty() {
        return section.intro("Rien n’est gardé.");
    }
    if lignes.len() > A_L_ECRAN {
        section = section.intro(format!(
            "Seuls {A_L_ECRAN} éléments sont montrés ici\u{a0}: le fichier à télécharger les donne tous."
        ));
    }
    let element = |ligne: &Value| {
        let mut mots = ligne
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, valeur)| !valeur.is_null())
            .map(|(nom, valeur)| format!("{}\u{a0}: {}", majuscule(nom), dite(page, valeur)));
        Element {
            titre: mots.next().unwrap_or_default(),
            details: mots.collect(),
            gestes: Vec::new(),
        }
    };
    Section {
        elements: lignes.iter().take(A_L_ECRAN).map(element).collect(),
        ..section
    }
}

/// A value in words; an instant is told as a date.
fn dite(page: &Page, valeur: &Value) -> String {
    let Some(texte) = valeur.as_str() else {
        return valeur.to_string();
    };
    match texte.parse::<Instant>() {
        Ok(at) => super::compte::quand(page, at, crate::reconnaissance::FUSEAU_DES_JOURS),
        Err(_) => texte.to_owned(),
    }
}

/// `GET /compte/donnees.json`
pub async fn telecharger(State(app): State<App>, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let parties = actions::exporter(&app, moi, None).await?;
    let document: Map<_, _> = parties
        .into_iter()
        .map(|(titre, lignes)| (titre.to_owned(), Value::Array(lignes)))
        .collect();
    let entetes = [(header::CONTENT_DISPOSITION, "attachment; filename=\"mes-donnees.json\"")];
    Ok((entetes, Json(Value::Object(document))).into_response())
}

fn formulaire(page: Page, form: Formulaire) -> PageFormulaire {
    let oui = Choix::new("oui", "Je demande l’effacement de mes données");
    PageFormulaire::new(
        sous_le_compte(page),
        "Effacer mes données",
        "/compte/donnees/effacer",
        "Effacer mes données",
    )
    .intro("Cela ne peut pas être défait. Vous ne pourrez plus vous connecter avec ce compte.")
    .champs(vec![Champ::cases("accord", "Confirmez votre demande", vec![oui])])
    .form(form)
    .dangereux()
    .lien("Revenir à mes données", "/compte/donnees")
}

/// `GET /compte/donnees/effacer`
pub async fn montrer_effacement(page: Page) -> Result<Response, Erreur> {
    formulaire(page, Formulaire::vide()).reponse()
}

/// `POST /compte/donnees/effacer`
pub async fn effacer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    if !form.choisi("accord", "oui") {
        form.refuser("accord", "cochez la case pour confirmer votre demande");
        return formulaire(page, form).reponse();
    }
    let mut tx = app.db.write().await?;
    let fait = actions::effacer(&Act::now(&app, &actor), &mut tx).await;
    match form.conclure(tx, fait, "accord").await? {
        Some(()) => Ok(Redirect::to(&page.fixe("/")).into_response()),
        None => formulaire(page, form).reponse(),
    }
}
