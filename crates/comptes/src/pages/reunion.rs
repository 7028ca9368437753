//! Joining two files of one person, and separating them again.

use super::{Champs, personnes::trouver};
use crate::{
    actions::personnes as actions, domain::personne::Personne, permissions::ReunirPersonnes, store::fusion as fusions,
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, Permit},
};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, PageFormulaire},
    page::Page,
};
use uuid::Uuid;

/// The two files, when the second is known.
struct Deux {
    gardee: Personne,
    autre: Option<Personne>,
    permit: Permit<ReunirPersonnes>,
}

async fn charger(tx: &mut Tx, app: &App, actor: &Actor, id: Uuid, autre: &str) -> Result<Deux, Erreur> {
    let (gardee, permit) = trouver::<ReunirPersonnes>(tx, app, actor, id).await?;
    let autre = match autre.parse() {
        Ok(autre) => Some(trouver::<ReunirPersonnes>(tx, app, actor, autre).await?.0),
        Err(_) => None,
    };
    Ok(Deux { gardee, autre, permit })
}

/// Draws the form, once it is noted that the names of both were read.
async fn dessiner(app: &App, page: Page, actor: &Actor, deux: &Deux, form: Formulaire) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let mut vues = vec![deux.gardee.id];
    vues.extend(deux.autre.as_ref().map(|autre| autre.id));
    actions::noter_vues(&Act::now(app, actor), &mut tx, &deux.permit, &vues).await?;
    tx.commit().await?;
    page_reunir(page, deux, form).reponse()
}

fn page_reunir(page: Page, deux: &Deux, form: Formulaire) -> PageFormulaire {
    let id = deux.gardee.id;
    let dite = |p: &Personne| match p.annee_naissance {
        Some(annee) => format!("{}, {annee}", p.nom),
        None => p.nom.to_string(),
    };
    let mut faits = vec![Description::new("Fiche gardée", dite(&deux.gardee))];
    let absorbee = match &deux.autre {
        Some(autre) => {
            faits.push(Description::new("Fiche réunie à la première", dite(autre)));
            Champ::cache("absorbee", autre.id)
        }
        None => Champ::ligne("absorbee", "Numéro de l’autre fiche")
            .aide("Il figure dans l’adresse de sa page, après «\u{a0}personnes\u{a0}»"),
    };
    PageFormulaire::new(page, "Réunir deux fiches", &format!("/personnes/{id}/reunir"), "Réunir les deux fiches")
        .intro("Une même personne a deux fiches. La première sera gardée\u{202f}; les fonctions, les contacts, les clés d’accès et les identités de fournisseur de l’autre lui seront ajoutés. L’application de codes et les codes de secours de l’autre suivent si la première n’en a pas. Les deux seront déconnectées partout, et prévenues à toutes leurs adresses. Vous pourrez les séparer de nouveau.")
        .faits(faits)
        .champs(vec![absorbee, Champ::zone("motif", "Comment vous savez que c’est la même personne")])
        .form(form)
        .lien("Annuler", &format!("/personnes/{id}"))
}

/// `GET /personnes/{personne}/reunir?avec=`
pub async fn montrer_reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let avec = Formulaire::rempli(valeurs);
    let deux = charger(&mut tx, &app, &actor, id, avec.valeur("avec")).await?;
    drop(tx);
    dessiner(&app, page, &actor, &deux, Formulaire::vide()).await
}

/// `POST /personnes/{personne}/reunir`
pub async fn reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let lue = form.lire("absorbee", |t| {
        t.parse::<Uuid>()
            .map(|autre| autre.to_string())
            .map_err(|_| "écrivez le numéro d’une fiche")
    });
    let deux = match charger(&mut tx, &app, &actor, id, lue.as_deref().unwrap_or_default()).await {
        // The first file is asked for by the address: only the second can be mistyped.
        Err(Erreur::Introuvable) if lue.is_some() => {
            form.refuser("absorbee", "aucune fiche de votre périmètre ne porte ce numéro");
            charger(&mut tx, &app, &actor, id, "").await?
        }
        autre => autre?,
    };
    let Some(autre) = deux.autre.as_ref().map(|autre| autre.id) else {
        tx.rollback().await?;
        return dessiner(&app, page, &actor, &deux, form).await;
    };
    let motif = form.valeur("motif").to_owned();
    let fait = actions::reunir(&Act::now(&app, &actor), &mut tx, id, autre, &motif).await;
    if form.conclure(tx, fait, "absorbee").await?.is_some() {
        return Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response());
    }
    // Another file is asked for when this one is what was refused.
    let autre = deux.autre.filter(|_| form.erreur("absorbee").is_none());
    dessiner(&app, page, &actor, &Deux { autre, ..deux }, form).await
}

/// `POST /fusions/{fusion}/defaire`
pub async fn separer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let fusion = fusions::trouver(&mut tx, id).await?.ok_or(Erreur::Introuvable)?;
    actions::separer(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", fusion.gardee))).into_response())
}
