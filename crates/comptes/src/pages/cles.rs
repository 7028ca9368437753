//! Passkeys: making one, naming and removing one's own, signing in and confirming with one.

use super::{
    Champs,
    connexion::{self, Expediteur},
    cookies::Cookie,
    identifiant,
    securite::montrer_secours,
    suite_sure, vers,
};
use crate::{
    actions::cles::{self, Ceremonie},
    domain::cle::nom_de_cle,
    store::cles as store,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
use ui::{
    form::Formulaire,
    gabarits::{Champ, PageFormulaire},
    page::{Lien, Page},
    rendu::rendre,
};

/// A page on which the browser makes or uses a passkey.
#[derive(Debug, Template)]
#[template(path = "comptes/cle.html")]
struct PageCle {
    page: Page,
    form: Formulaire,
    intro: &'static str,
    /// What `cle-acces.js` does: `creer` or `utiliser`.
    genre: &'static str,
    options: String,
    action: String,
    nommee: bool,
    bouton: &'static str,
    /// What to do without the button.
    autrement: Vec<Lien>,
}

impl PageCle {
    fn utiliser(page: Page, titre: &str, action: &str, autrement: Lien) -> Self {
        let mut page = page.intitulee(titre);
        page.noindex = true;
        page.scripts = vec!["cle-acces.js"];
        Self {
            action: page.fixe(action),
            page,
            form: Formulaire::vide(),
            intro: "Votre téléphone, votre ordinateur ou votre clé physique vous reconnaît par une empreinte, un visage ou un code. Rien de cela ne nous parvient.",
            genre: "utiliser",
            options: String::new(),
            nommee: false,
            bouton: "Utiliser ma clé d’accès",
            autrement: vec![autrement],
        }
    }

    /// The page as an answer, with the cookie under which this browser answers.
    fn reponse(mut self, app: &App, ceremonie: &Ceremonie) -> Result<Response, Erreur> {
        self.options = ceremonie.options.to_string();
        let mut reponse = (self.form.statut(), rendre(&self)?).into_response();
        Cookie::Cle.poser(app, &mut reponse, &ceremonie.temoin);
        Ok(reponse)
    }
}

async fn page_nouvelle(app: &App, mut page: Page, acte: &Act<'_>, form: Formulaire) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let ceremonie = cles::proposer(acte, &mut tx).await?;
    tx.commit().await?;
    page.fil = super::securite::fil(&page);
    let retour = Lien::new("Revenir à mes moyens de connexion", page.fixe("/compte/securite"));
    let mut vue = PageCle::utiliser(
        page,
        "Ajouter une clé d’accès",
        "/compte/securite/cles/nouvelle",
        retour,
    );
    vue.genre = "creer";
    vue.nommee = true;
    vue.bouton = "Créer la clé d’accès";
    vue.form = form;
    vue.reponse(app, &ceremonie)
}

/// `GET /compte/securite/cles/nouvelle`
pub async fn montrer_nouvelle(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
) -> Result<Response, Erreur> {
    let form = Formulaire::vide().avec("nom", &expediteur.appareil);
    page_nouvelle(&app, page, &Act::now(&app, &actor), form).await
}

/// `POST /compte/securite/cles/nouvelle`
pub async fn ajouter(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let acte = Act::now(&app, &actor);
    let nom = nom_de_cle(form.valeur("nom"), &expediteur.appareil);
    let mut tx = app.db.write().await?;
    let temoin = Cookie::Cle.lire(&app, &headers);
    let ajoutee = cles::ajouter(&acte, &mut tx, temoin, (nom, form.valeur("reponse"))).await;
    // What was asked does not serve again, even when the answer was refused.
    tx.commit().await?;
    match ajoutee {
        Ok(codes) => {
            let mut reponse = montrer_secours(page, codes)?;
            Cookie::Cle.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Err(erreur) => {
            form.refuser_de("contenu", erreur)?;
            page_nouvelle(&app, page, &acte, form).await
        }
    }
}

/// `GET /compte/securite/cles/renommer?cle=…`
pub async fn montrer_renommer(
    State(app): State<App>,
    mut page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let siennes = store::de_personne(&mut tx, moi).await?;
    drop(tx);
    let demandee = Formulaire::rempli(valeurs);
    let Some(cle) = siennes
        .into_iter()
        .find(|cle| cle.id.to_string() == demandee.valeur("cle"))
    else {
        return Ok(Redirect::to(&page.fixe("/compte/securite")).into_response());
    };
    page.fil = super::securite::fil(&page);
    PageFormulaire::new(
        page,
        "Renommer une clé d’accès",
        "/compte/securite/cles/renommer",
        "Renommer",
    )
    .champs(vec![
        Champ::ligne("nom", "Nom de la clé").aide("Par exemple « Mon téléphone »"),
        Champ::cache("cle", cle.id),
    ])
    .form(Formulaire::vide().avec("nom", cle.nom))
    .reponse()
}

/// `POST /compte/securite/cles/renommer`
pub async fn renommer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let cle = identifiant(&form, "cle")?;
    let nom = nom_de_cle(form.valeur("nom"), &expediteur.appareil);
    let mut tx = app.db.write().await?;
    cles::renommer(&Act::now(&app, &actor), &mut tx, cle, &nom).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/securite")).into_response())
}

/// `POST /compte/securite/cles/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let cle = identifiant(&Formulaire::rempli(valeurs), "cle")?;
    let mut tx = app.db.write().await?;
    cles::retirer(&Act::now(&app, &actor), &mut tx, cle).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/securite")).into_response())
}

async fn page_connexion(app: &App, page: Page, suite: &str, form: Formulaire) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let ceremonie = cles::proposer_connexion(&mut tx, app, suite).await?;
    tx.commit().await?;
    let message = Lien::new(
        "Recevoir plutôt un lien de connexion",
        page.fixe(&vers("/connexion", suite)),
    );
    let mut vue = PageCle::utiliser(page, "Se connecter avec une clé d’accès", "/connexion/cle", message);
    vue.form = form;
    vue.reponse(app, &ceremonie)
}

/// `GET /connexion/cle?suite=/personnes`
pub async fn montrer_connexion(
    State(app): State<App>,
    page: Page,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let suite = suite_sure(Formulaire::rempli(valeurs).valeur("suite")).to_owned();
    let form = Formulaire::vide().avec("suite", &suite);
    page_connexion(&app, page, &suite, form).await
}

/// `POST /connexion/cle`
pub async fn entrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let temoin = Cookie::Cle.lire(&app, &headers);
    match cles::connecter(&mut tx, &app, temoin, form.valeur("reponse")).await {
        Ok(reconnue) => {
            let mut reponse = connexion::entrer(tx, (&app, &page), (&actor, &expediteur), reconnue).await?;
            Cookie::Cle.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Err(erreur) => {
            // What was asked does not serve again.
            tx.commit().await?;
            form.refuser_de("contenu", erreur)?;
            let suite = suite_sure(form.valeur("suite")).to_owned();
            page_connexion(&app, page, &suite, form).await
        }
    }
}

async fn page_preuve(app: &App, page: Page, acte: &Act<'_>, form: Formulaire) -> Result<Response, Erreur> {
    let suite = suite_sure(form.valeur("suite")).to_owned();
    let mut tx = app.db.write().await?;
    let ceremonie = cles::proposer_preuve(acte, &mut tx, &suite).await?;
    tx.commit().await?;
    let code = Lien::new("Taper plutôt un code", page.fixe(&vers("/connexion/confirmer", &suite)));
    let mut vue = PageCle::utiliser(
        page,
        "Confirmez avec votre clé d’accès",
        "/connexion/confirmer/cle",
        code,
    );
    vue.form = form;
    vue.reponse(app, &ceremonie)
}

/// `GET /connexion/confirmer/cle?suite=/personnes`
pub async fn montrer_preuve(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    page_preuve(&app, page, &Act::now(&app, &actor), Formulaire::rempli(valeurs)).await
}

/// `POST /connexion/confirmer/cle`
pub async fn prouver(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let acte = Act::now(&app, &actor);
    let mut tx = app.db.write().await?;
    let temoin = Cookie::Cle.lire(&app, &headers);
    let preuve = cles::prouver(&acte, &mut tx, temoin, form.valeur("reponse")).await;
    // What was asked does not serve again, even when the answer was refused.
    tx.commit().await?;
    match preuve {
        Ok(suite) => {
            let mut reponse = Redirect::to(&page.fixe(suite_sure(&suite))).into_response();
            Cookie::Cle.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Err(erreur) => {
            form.refuser_de("contenu", erreur)?;
            page_preuve(&app, page, &acte, form).await
        }
    }
}
