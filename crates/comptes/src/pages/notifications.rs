//! What one was told, and how one wants to be told.

use super::{Champs, compte::quand};
use crate::{
    actions::notifications as actions,
    domain::notification::{GenreNotification, Mode},
    reconnaissance::FUSEAU_DES_JOURS,
    store::notification as store,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
use ui::{
    composants::Choix,
    form::Formulaire,
    gabarits::{Champ, Element, Geste, PageFiche, PageFormulaire, Section},
    page::{Lien, Page},
};

/// How many notifications are shown.
const MONTREES: u32 = 100;

/// `GET /compte/notifications`
pub async fn montrer(State(app): State<App>, mut page: Page, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let toutes = store::lister(&mut tx, moi, MONTREES).await?;
    drop(tx);
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    let mut fiche = PageFiche::new(page, "Mes notifications");
    let page = &fiche.page;
    fiche.gestes = vec![Geste::lien(
        page,
        "Choisir comment être prévenu",
        "/compte/notifications/preferences",
    )];
    if toutes.iter().any(|une| une.lue_at.is_none()) {
        fiche.gestes.push(Geste::bouton(
            page,
            "Tout marquer comme lu",
            "/compte/notifications/lire",
        ));
    }
    let mut section = Section::new(if toutes.is_empty() {
        "Rien pour l’instant"
    } else {
        "Les plus récentes d’abord"
    });
    if toutes.is_empty() {
        section = section.intro("Vous serez prévenu ici quand quelque chose vous concerne.");
    }
    section.elements = toutes
        .iter()
        .map(|une| Element {
            titre: une.phrase.clone(),
            details: vec![format!(
                "{}{}",
                quand(page, une.faite_at, FUSEAU_DES_JOURS),
                if une.lue_at.is_none() { ", non lue" } else { "" }
            )],
            gestes: vec![Geste::lien(page, "Voir", &une.chemin)],
        })
        .collect();
    fiche.sections = vec![section];
    fiche.reponse()
}

/// `POST /compte/notifications/lire`
pub async fn lire(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.write().await?;
    store::tout_lire(&mut tx, moi, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/notifications")).into_response())
}

/// The kinds that a person may choose for: what protects the account is always sent.
fn au_choix() -> impl Iterator<Item = GenreNotification> {
    GenreNotification::TOUS.into_iter().filter(|g| !g.est_de_securite())
}

fn vue(mut page: Page, form: Formulaire) -> PageFormulaire {
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    page.fil
        .push(Lien::new("Mes notifications", page.fixe("/compte/notifications")));
    let modes = |genre| {
        let possibles = Mode::TOUS.into_iter().filter(move |mode| mode.pour(genre) == *mode);
        possibles.map(|mode| Choix::new(mode.code(), mode.titre())).collect()
    };
    PageFormulaire::new(
        page,
        "Comment être prévenu",
        "/compte/notifications/preferences",
        "Enregistrer",
    )
    .intro("Ce qui protège votre compte vous est toujours envoyé par courriel.")
    .champs(
        au_choix()
            .map(|g| Champ::liste(g.code(), g.titre(), modes(g)))
            .collect(),
    )
    .form(form)
}

/// `GET /compte/notifications/preferences`
pub async fn montrer_preferences(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let mut form = Formulaire::vide();
    for genre in au_choix() {
        form = form.avec(genre.code(), store::mode(&mut tx, moi, genre).await?.pour(genre).code());
    }
    vue(page, form).reponse()
}

/// `POST /compte/notifications/preferences`
pub async fn choisir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let choix: Vec<_> = au_choix()
        .filter_map(|genre| {
            let mode = form.lire(genre.code(), |code| {
                Mode::depuis_code(code).ok_or("choisissez comment être prévenu")
            })?;
            Some((genre, mode))
        })
        .collect();
    if !form.est_correct() {
        return vue(page, form).reponse();
    }
    let mut tx = app.db.write().await?;
    actions::choisir(&Act::now(&app, &actor), &mut tx, &choix).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/notifications")).into_response())
}
