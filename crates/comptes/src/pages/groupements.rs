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
    db::Tx,
    errors::Erreur,
    permissions::{Action, Actor, authorise, may_try, person_code, scope},
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

use super::{
    delegations::lire_personne,
    perimetre::{Nomme, nommer},
};
use crate::{
    actions::groupement as actions,
    domain::{
        groupement::{GenreGroupement, Groupement, Membre},
        perimetre::Perimetre,
    },
    permissions::{GererGroupements, VoirGroupements},
    reconnaissance::jour,
    store::{groupement::lister, perimetre, personne as personnes},
};

const PAR_PAGE: u32 = 50;
/// How many members stand on a page.
const MEMBRES_PAR_PAGE: usize = 100;

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .page::<VoirGroupements, _, _>("/groupements", montrer_liste)
        .post::<GererGroupements, _, _>("/groupements", creer)
        .page::<VoirGroupements, _, _>("/groupements/{groupement}", montrer)
        .post::<GererGroupements, _, _>("/groupements/{groupement}/ajouter", ajouter)
        .post::<GererGroupements, _, _>("/groupements/{groupement}/retirer", retirer)
}

#[derive(Debug, Template)]
#[template(path = "comptes/groupements/liste.html")]
struct Liste {
    page: Page,
    form: Formulaire,
    modifiable: bool,
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
    modifiable: bool,
    conflit: bool,
    candidats: Vec<Choix>,
    membres: Vec<MembreVu>,
    pagination: Pagination,
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
    scope::<VoirGroupements>(&acteur)?;
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
        modifiable: may_try::<GererGroupements>(&page.acteur),
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
    let cree = actions::creer(&Act::now(&app, &acteur), &mut tx, genre, form.valeur("nom")).await;
    match form.conclure(tx, cree, "nom").await? {
        Some(groupement) => Ok(vers(&page, groupement.id)),
        None => liste(&app, page, form).await,
    }
}

fn vers(page: &Page, id: Uuid) -> Response {
    Redirect::to(&page.url(&format!("/groupements/{id}"))).into_response()
}

/// `GET /groupements/{id}?page=`
async fn montrer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    fiche(&app, page, &acteur, (id, Formulaire::rempli(valeurs)), Suite::default()).await
}

async fn charger<A: Action>(tx: &mut Tx, acteur: &Actor, id: Uuid) -> Result<Groupement, Erreur> {
    let groupement = Groupement::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<A>(acteur, &groupement)?;
    Ok(groupement)
}

/// What is shown of a change that was not made.
#[derive(Debug, Default)]
struct Suite {
    conflit: bool,
    candidats: Vec<Choix>,
}

async fn fiche(
    app: &App,
    page: Page,
    acteur: &Actor,
    (id, form): (Uuid, Formulaire),
    suite: Suite,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let mut groupement = charger::<VoirGroupements>(&mut tx, acteur, id).await?;
    let statut = if suite.conflit {
        StatusCode::CONFLICT
    } else {
        form.statut()
    };
    let page = self::page(page, groupement.nom.clone());
    let lien = |suite: &str| page.url(&format!("/groupements/{id}/{suite}"));
    // Present members first: past ones are history.
    groupement
        .membres
        .sort_by(|a, b| (a.au.is_some(), &a.code, a.du).cmp(&(b.au.is_some(), &b.code, b.du)));
    let rang: usize = form.valeur("page").parse().unwrap_or(0);
    let de = rang.saturating_mul(MEMBRES_PAR_PAGE).min(groupement.membres.len());
    let montres = &groupement.membres[de..groupement.membres.len().min(de + MEMBRES_PAR_PAGE)];
    let autre = |rang: usize| page.url(&format!("/groupements/{id}?page={rang}"));
    let encore = de + montres.len() < groupement.membres.len();
    let vue = Fiche {
        genre: groupement.genre.libelle(),
        aide: groupement.genre.attendu(),
        version: groupement.version,
        modifiable: authorise::<GererGroupements>(acteur, &groupement).is_ok(),
        form,
        conflit: suite.conflit,
        candidats: suite.candidats,
        membres: vus(&mut tx, &page, montres).await?,
        pagination: Pagination::par_cle(rang.checked_sub(1).map(autre), encore.then(|| autre(rang + 1))),
        ajouter: lien("ajouter"),
        retirer: lien("retirer"),
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// The members of a page, with their names read at once.
async fn vus(tx: &mut Tx, page: &Page, membres: &[Membre]) -> Result<Vec<MembreVu>, Erreur> {
    let personne = |m: &Membre| m.code.strip_prefix("P:")?.parse::<Uuid>().ok();
    let gens: Vec<Uuid> = membres.iter().filter_map(personne).collect();
    let gens = personnes::noms(tx, &gens).await?;
    let lus: Vec<Option<Perimetre>> = membres.iter().map(|m| Perimetre::lire(&m.code).ok()).collect();
    let noms = perimetre::noms(tx, lus.iter().flatten()).await?;
    let nommer = |membre: &Membre, lu: &Option<Perimetre>| {
        let nom = personne(membre).and_then(|id| gens.get(&id).map(ToString::to_string));
        let nom = nom.or_else(|| lu.as_ref().map(|p| noms.de(p)));
        nom.unwrap_or_else(|| "une fiche qui n’existe plus".to_owned())
    };
    let vu = |(membre, lu): (&Membre, &Option<Perimetre>)| {
        let nom = nommer(membre, lu);
        MembreVu {
            retirer: format!("Retirer {nom}"),
            nom,
            code: membre.code.clone(),
            du: page.date(membre.du),
            au: membre.au.map(|au| page.date(au)),
        }
    };
    Ok(membres.iter().zip(&lus).map(vu).collect())
}

/// `POST /groupements/{id}/ajouter`: a member from today on, named as people name it.
async fn ajouter(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let act = Act::now(&app, &acteur);
    let mut tx = app.db.write().await?;
    let groupement = charger::<GererGroupements>(&mut tx, &acteur, id).await?;
    let nomme = match groupement.genre {
        GenreGroupement::Liste => Nomme::Rien(String::new()),
        genre => nommer::<GererGroupements>(&mut tx, &acteur, genre.genres(), choisi_ou_tape(&form)).await?,
    };
    let code = match (groupement.genre, nomme) {
        (GenreGroupement::Liste, _) => lire_personne(&mut tx, &mut form, "membre").await?.map(person_code),
        (_, Nomme::Un(perimetre)) => Some(perimetre.code()),
        (_, Nomme::Plusieurs(candidats)) => {
            tx.rollback().await?;
            form.refuser(
                "membre_choisi",
                "plusieurs portent ce nom\u{a0}: choisissez celui dont il s’agit",
            );
            let suite = Suite {
                conflit: false,
                candidats,
            };
            return fiche(&app, page, &acteur, (id, form), suite).await;
        }
        (_, Nomme::Rien(pourquoi)) => {
            form.refuser("membre", pourquoi);
            None
        }
    };
    let vue = (id, form.valeur("version").parse().unwrap_or(-1));
    let fait = match code {
        Some(code) => actions::ajouter(&act, &mut tx, vue, &code, jour(act.at))
            .await
            .map(drop),
        None => Err(Erreur::Introuvable),
    };
    // One chosen by hand stays chosen among the others, when something else is refused.
    let candidats = match form.valeur("membre_choisi") {
        "" => Vec::new(),
        _ => candidats(&mut tx, &acteur, &groupement, form.valeur("membre")).await?,
    };
    finir((&app, tx), page, &acteur, (id, form), (fait, candidats)).await
}

/// Those that the words typed may name.
async fn candidats(tx: &mut Tx, acteur: &Actor, groupement: &Groupement, texte: &str) -> Result<Vec<Choix>, Erreur> {
    let nomme = nommer::<GererGroupements>(tx, acteur, groupement.genre.genres(), texte).await?;
    Ok(match nomme {
        Nomme::Plusieurs(candidats) => candidats,
        Nomme::Un(_) | Nomme::Rien(_) => Vec::new(),
    })
}

/// The candidate chosen by hand, or else what was typed.
fn choisi_ou_tape(form: &Formulaire) -> &str {
    match form.valeur("membre_choisi") {
        "" => form.valeur("membre"),
        choisi => choisi,
    }
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
    let act = Act::now(&app, &acteur);
    let mut tx = app.db.write().await?;
    charger::<GererGroupements>(&mut tx, &acteur, id).await?;
    let vue = (id, form.valeur("version").parse().unwrap_or(-1));
    let fait = actions::retirer(&act, &mut tx, vue, form.valeur("membre"), jour(act.at)).await;
    finir((&app, tx), page, &acteur, (id, form), (fait.map(drop), Vec::new())).await
}

/// Commits and goes back to the group, or says what was refused; the group is drawn once nobody waits for its transaction.
async fn finir(
    (app, tx): (&App, Tx),
    page: Page,
    acteur: &Actor,
    (id, mut form): (Uuid, Formulaire),
    (fait, candidats): (Result<(), Erreur>, Vec<Choix>),
) -> Result<Response, Erreur> {
    let conflit = matches!(fait, Err(Erreur::Conflit));
    if conflit || !form.est_correct() {
        tx.rollback().await?;
    } else if form.conclure(tx, fait, "membre").await?.is_some() {
        return Ok(vers(&page, id));
    }
    fiche(app, page, acteur, (id, form), Suite { conflit, candidats }).await
}
