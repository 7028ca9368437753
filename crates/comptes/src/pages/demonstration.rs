//! Entering the demonstration as anyone of its list; nothing of it answers anywhere else.

use super::{
    Champs,
    connexion::{self, Expediteur},
};
use crate::{
    actions::connexion::Reconnue,
    domain::{fonction::Fonction, perimetre::Perimetre, session::MoyenConnexion},
    store::{demonstration as store, perimetre},
};
use axum::{extract::State, response::Response};
use socle::{App, errors::Erreur, permissions::Actor};
use ui::{
    composants::Choix,
    form::Formulaire,
    gabarits::{Champ, PageFormulaire},
    page::Page,
};

async fn vue(app: &App, page: Page, form: Formulaire) -> Result<PageFormulaire, Erreur> {
    let mut tx = app.db.read().await?;
    let gens = store::lister(&mut tx).await?;
    let perimetres: Vec<_> = gens
        .iter()
        .filter_map(|un| Perimetre::lire(&un.perimetre).ok())
        .collect();
    let noms = perimetre::noms(&mut tx, &perimetres).await?;
    // Someone who holds several functions is chosen once, and then chooses among them.
    let mut vues = std::collections::HashSet::new();
    let choix = gens
        .into_iter()
        .filter(|un| vues.insert(un.personne_id))
        .map(|un| {
            let fonction = Fonction::depuis_code(&un.fonction).map_or("", Fonction::titre);
            let perimetre = Perimetre::lire(&un.perimetre).map_or_else(|_| un.perimetre.clone(), |p| noms.de(&p));
            Choix::new(un.personne_id.to_string(), format!("{} {}", un.prenom, un.nom))
                .aide(format!("{fonction}, {perimetre}"))
        })
        .collect();
    Ok(
        PageFormulaire::new(page, "Entrer dans la démonstration", "/demonstration", "Entrer")
            .intro("Choisissez une personne : toutes sont inventées. Vous verrez la plateforme comme elle la voit.")
            .champs(vec![Champ::radios("personne", "Qui voulez-vous être ?", choix)])
            .form(form),
    )
}

/// `GET /demonstration`
pub async fn montrer(State(app): State<App>, page: Page) -> Result<Response, Erreur> {
    exiger_demonstration(&app)?;
    vue(&app, page, Formulaire::vide()).await?.reponse()
}

/// `POST /demonstration`
pub async fn entrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    exiger_demonstration(&app)?;
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let gens = store::lister(&mut tx).await?;
    let choisie = form.valeur("personne").to_owned();
    let Some(personne) = gens
        .iter()
        .map(|un| un.personne_id)
        .find(|id| id.to_string() == choisie)
    else {
        tx.rollback().await?;
        form.refuser("personne", "choisissez une personne de la liste");
        return vue(&app, page, form).await?.reponse();
    };
    let reconnue = Reconnue {
        fort: true,
        ..Reconnue::simple(personne, MoyenConnexion::Demonstration, "/compte")
    };
    connexion::entrer(tx, (&app, &page), (&actor, &expediteur), reconnue).await
}

fn exiger_demonstration(app: &App) -> Result<(), Erreur> {
    if app.settings.demo {
        Ok(())
    } else {
        Err(Erreur::Introuvable)
    }
}
