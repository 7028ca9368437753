//! Signing in by the identity provider, linking an account to it and unlinking it.

use super::{
    Champs,
    connexion::{self, Expediteur, page_adresse},
    cookies::Cookie,
    securite, suite_sure,
};
use crate::actions::fournisseur::{self as actions, Depart, Fournisseur};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use identite::{Secret, oidc::Callback};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
use ui::{
    form::Formulaire,
    gabarits::{Geste, Message, PageFiche, Section},
    page::{Lien, Page},
};

/// `GET /connexion/fournisseur?suite=/personnes`
pub async fn partir(
    State(app): State<App>,
    page: Page,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let recu = Formulaire::rempli(valeurs);
    let suite = suite_sure(recu.valeur("suite")).to_owned();
    match actions::partir(&app, &suite).await {
        Ok(depart) => Ok(envoyer(&app, Redirect::to(&depart.url).into_response(), &depart)),
        Err(erreur) => echec(&app, page, &suite, erreur),
    }
}

fn envoyer(app: &App, mut reponse: Response, depart: &Depart) -> Response {
    Cookie::Fournisseur.poser(app, &mut reponse, &depart.temoin);
    reponse
}

/// The page of the message, which says what failed at the provider: it is the way in that remains.
fn echec(app: &App, page: Page, suite: &str, erreur: Erreur) -> Result<Response, Erreur> {
    let mut form = Formulaire::vide().avec("suite", suite);
    form.refuser_de("contenu", erreur)?;
    page_adresse(page, app, form).reponse()
}

/// `GET /connexion/fournisseur/retour`: the provider sends the person back here.
pub async fn revenir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let lire = |nom: &str| {
        valeurs
            .iter()
            .find(|(cle, _)| cle == nom)
            .map(|(_, valeur)| valeur.clone())
    };
    let reponse = Callback {
        code: lire("code").map(Secret::new),
        state: lire("state").map(Secret::new),
        iss: lire("iss"),
        error: lire("error"),
    };
    let temoin = Cookie::Fournisseur.lire(&app, &headers);
    let mut rendue = aboutir(&app, page, &actor, &expediteur, (temoin, reponse)).await?;
    Cookie::Fournisseur.oter(&app, &mut rendue);
    Ok(rendue)
}

async fn aboutir(
    app: &App,
    page: Page,
    actor: &Actor,
    expediteur: &Expediteur,
    (temoin, reponse): (Option<&str>, Callback),
) -> Result<Response, Erreur> {
    let revenu = match actions::revenir(app, temoin, reponse).await {
        Ok(revenu) => revenu,
        Err(erreur) if actor.person.is_some() => return non_lie(app, page, actor, erreur).await,
        Err(erreur) => return echec(app, page, "/compte", erreur),
    };
    let mut tx = app.db.write().await?;
    if revenu.lier.is_some() {
        return match actions::lier(&Act::now(app, actor), &mut tx, &revenu).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(Redirect::to(&page.fixe(suite_sure(&revenu.suite))).into_response())
            }
            Err(erreur) => {
                tx.rollback().await?;
                non_lie(app, page, actor, erreur).await
            }
        };
    }
    let suite = revenu.suite.clone();
    match actions::connecter(&mut tx, app, revenu).await {
        Ok(reconnue) => connexion::entrer(tx, (app, &page), (actor, expediteur), reconnue).await,
        Err(erreur) => {
            tx.rollback().await?;
            echec(app, page, &suite, erreur)
        }
    }
}

/// The page of the means to sign in, which says why nothing was linked.
async fn non_lie(app: &App, page: Page, actor: &Actor, erreur: Erreur) -> Result<Response, Erreur> {
    let mut form = Formulaire::vide();
    form.refuser_de("contenu", erreur)?;
    if actor.person.is_none() {
        return page_adresse(page, app, form).reponse();
    }
    let texte = form.erreur("contenu").unwrap_or_default().to_owned();
    let mut fiche = securite::fiche(app, page, actor).await?;
    fiche.message = Some(Message::attention("Rien n’a été lié à votre compte", texte));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, fiche.reponse()?).into_response())
}

/// `POST /compte/securite/fournisseur`: a page with a link, since browsers refuse that a form leads to another site.
pub async fn partir_lier(State(app): State<App>, mut page: Page, actor: Actor) -> Result<Response, Erreur> {
    let depart = match actions::partir_lier(&Act::now(&app, &actor)).await {
        Ok(depart) => depart,
        Err(erreur) => return non_lie(&app, page, &actor, erreur).await,
    };
    let nom = app.part::<Fournisseur>().nom.clone();
    page.fil = securite::fil(&page);
    let mut fiche = PageFiche::new(page, format!("Lier mon compte à {nom}"));
    fiche.sections = vec![
        Section::new("Dernière étape")
            .intro(format!("Connectez-vous chez {nom} avec votre identité à vous. Vous reviendrez ici ensuite. Vous avez dix minutes."))
            .geste(Geste::Lien(Lien::new(format!("Continuer vers {nom}"), depart.url.clone()))),
    ];
    Ok(envoyer(&app, fiche.reponse()?, &depart))
}

/// `POST /compte/securite/fournisseur/retirer`
pub async fn delier(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let acte = Act::now(&app, &actor);
    actions::delier(&acte, &mut tx, form.valeur("emetteur"), form.valeur("sujet")).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/securite")).into_response())
}
