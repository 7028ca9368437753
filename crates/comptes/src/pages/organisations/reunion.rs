//! Making one file of two: finding the other, comparing them side by side, confirming with a reason, and undoing it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use socle::{
    App,
    change::Act,
    errors::{Erreur, Refus},
    permissions::{Actor, scope},
};
use ui::{
    composants::{Colonne, Tableau, Valeur},
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
};
use uuid::Uuid;

use super::{adresse, charger, page_de, vers};
use crate::{
    actions::organisation as actions,
    domain::organisation::{Motivation, Organisation, Paire},
    permissions::FusionnerOrganisations,
    store::organisation::{Recherche, lister},
};

const PROPOSEES: u32 = 20;

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/reunir.html")]
struct Chercher {
    page: Page,
    nom: String,
    q: String,
    trouvees: Vec<Lien>,
}

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/comparer.html")]
struct Comparer {
    page: Page,
    form: Formulaire,
    tableau: Tableau,
    versions: [i64; 2],
    /// Why the two cannot be one.
    impossible: Option<String>,
    conflit: bool,
    retour: String,
}

/// `GET /organisations/{id}/reunir?q=`
pub async fn chercher(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let organisation = charger::<FusionnerOrganisations>(&mut tx, &acteur, id).await?;
    let (_, portee) = scope::<FusionnerOrganisations>(&acteur)?;
    let form = Formulaire::rempli(valeurs);
    let page = page_de(page, &organisation, "Réunir deux fiches");
    let q = form.valeur("q").to_owned();
    // Without words, what bears nearly the same name is what one came for.
    let cherchee = if q.is_empty() {
        premier_mot(organisation.nom())
    } else {
        q.clone()
    };
    let lignes = lister(&mut tx, &portee, &Recherche::lire(&cherchee), None, PROPOSEES).await?;
    let trouvees = lignes
        .into_iter()
        .filter(|bref| bref.id != id)
        .map(|bref| Lien::new(bref.nom, page.url(&format!("/organisations/{id}/reunir/{}", bref.id))))
        .collect();
    rendre(&Chercher {
        nom: organisation.nom().to_owned(),
        q,
        trouvees,
        page,
    })
}

fn premier_mot(nom: &str) -> String {
    let mots = nom.split_whitespace();
    mots.max_by_key(|mot| mot.chars().count())
        .unwrap_or_default()
        .to_owned()
}

/// `GET /organisations/{id}/reunir/{autre}`
pub async fn comparer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path((id, autre)): Path<(Uuid, Uuid)>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let paire = actions::paire(&Act::now(&app, &acteur), &mut tx, id, autre).await?;
    cote_a_cote(page, &paire, Formulaire::vide(), false)
}

fn cote_a_cote(page: Page, paire: &Paire, form: Formulaire, conflit: bool) -> Result<Response, Erreur> {
    let essai = Motivation {
        id: Uuid::nil(),
        at: paire.reste.creee_at,
        raison: String::new(),
    };
    let impossible = paire.clone().fusionner(essai).err().map(|refus| refus.message);
    let statut = if conflit { StatusCode::CONFLICT } else { form.statut() };
    let page = page_de(page, &paire.reste, "Comparer avant de réunir");
    let vue = Comparer {
        form,
        tableau: tableau(paire),
        versions: [paire.reste.version, paire.part.version],
        impossible,
        conflit,
        retour: page.url(&format!("/organisations/{}/reunir", paire.reste.id)),
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// What a line of the comparison shows of each file.
type Champ = (&'static str, fn(&Organisation) -> String);

fn tableau(paire: &Paire) -> Tableau {
    let lignes: [Champ; 5] = [
        ("Nom", |o| o.nom().to_owned()),
        ("Nature", |o| o.forme.libelle().to_owned()),
        ("SIREN", |o| o.siren.as_ref().map(|n| n.presente()).unwrap_or_default()),
        ("RNA", |o| o.rna.as_ref().map(|n| n.presente()).unwrap_or_default()),
        ("Établissements", |o| {
            let numeros: Vec<String> = o.etablissements.iter().map(|e| e.identifiant.to_string()).collect();
            numeros.join(", ")
        }),
    ];
    let ligne = |(libelle, lire): Champ| {
        vec![
            Valeur::texte(libelle),
            vide(lire(&paire.reste)),
            vide(lire(&paire.part)),
        ]
    };
    Tableau {
        legende: "Les deux fiches côte à côte".to_owned(),
        colonnes: ["Champ", "Fiche qui reste", "Fiche qui disparaît"]
            .map(Colonne::new)
            .into(),
        lignes: lignes.into_iter().map(ligne).collect(),
    }
}

fn vide(texte: String) -> Valeur {
    Valeur::texte(if texte.is_empty() {
        "non renseigné".to_owned()
    } else {
        texte
    })
}

/// `POST /organisations/{id}/reunir/{autre}`
pub async fn reunir(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path((id, autre)): Path<(Uuid, Uuid)>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let act = Act::now(&app, &acteur);
    let mut tx = app.db.write().await?;
    let paire = actions::paire(&act, &mut tx, id, autre).await?;
    let vue = |champ: &str| form.valeur(champ).parse().unwrap_or(-1);
    let (ici, la) = ((id, vue("version")), (autre, vue("version_autre")));
    let faite = match actions::fusionner(&act, &mut tx, ici, la, form.valeur("raison")).await {
        Err(Erreur::Conflit) => return cote_a_cote(page, &paire, form, true),
        // What makes the two different is told above the form, which has one field.
        Err(Erreur::Refus(refus)) => Err(Refus::new(refus.message).into()),
        autre => autre,
    };
    match form.conclure(tx, faite, "raison").await? {
        Some(_) => Ok(vers(&adresse(&page, id))),
        None => cote_a_cote(page, &paire, form, false),
    }
}

/// `POST /organisations/fusions/{id}/separer`
pub async fn separer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let fusion = actions::separer(&Act::now(&app, &acteur), &mut tx, id).await?;
    tx.commit().await?;
    Ok(vers(&adresse(&page, fusion.part)))
}
