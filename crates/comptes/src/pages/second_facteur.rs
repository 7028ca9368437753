//! Confirming who one is: by the application's code or a recovery code, or by a code sent to one's address when there is no second factor.

use super::{
    Champs,
    connexion::{Expediteur, envoyer},
    cookies::Cookie,
    suite_sure, vers,
};
use crate::{
    actions::{compte::adresse_principale, connexion, facteurs},
    domain::connexion::RefusConnexion,
    store::{cles, facteurs as store, personne as personnes},
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    errors::{Erreur, Refus},
    permissions::Actor,
};
use ui::{
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, Section},
    page::Page,
};

/// What the person can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moyen {
    /// A code of the application.
    Application {
        /// Whether a passkey would do too.
        cle: bool,
    },
    /// A passkey, or a recovery code.
    Cle,
    /// A code sent to their address.
    Message {
        /// Whether one was sent.
        envoye: bool,
    },
    /// Nothing yet: a second factor must be added first.
    AAjouter,
}

async fn moyen(app: &App, actor: &Actor, headers: &HeaderMap, suite: &str) -> Result<Moyen, Erreur> {
    let moi = actor.really.or(actor.person).ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let confirmee = store::application(&mut tx, moi)
        .await?
        .is_some_and(|a| a.confirme_at.is_some());
    let cle = cles::compter(&mut tx, moi).await? > 0;
    Ok(match confirmee {
        true => Moyen::Application { cle },
        false if cle => Moyen::Cle,
        // The page that adds a factor asks for a recent proof, not for the factor that it is there to add.
        false if !actor.withheld.is_empty() && !suite.starts_with("/compte/securite") => Moyen::AAjouter,
        false => Moyen::Message {
            envoye: Cookie::Demande.lire(app, headers).is_some(),
        },
    })
}

fn vue(app: &App, page: Page, moyen: Moyen, form: Formulaire) -> Result<Response, Erreur> {
    let suite = suite_sure(form.valeur("suite")).to_owned();
    let vue = match moyen {
        Moyen::AAjouter => return page_a_ajouter(page),
        Moyen::Cle => par_cle(page, &suite).intro(perte(app)),
        Moyen::Application { cle } => par_application(page, cle, &suite).intro(perte(app)),
        Moyen::Message { envoye } => par_courriel(page, envoye, &suite),
    };
    let mut vue = vue.form(form);
    vue.champs.push(Champ::cache("suite", &suite));
    vue.reponse()
}

const TITRE: &str = "Confirmez que c’est bien vous";

fn geste_cle(page: &Page, suite: &str) -> Geste {
    Geste::lien(
        page,
        "Utiliser ma clé d’accès",
        &vers("/connexion/confirmer/cle", suite),
    )
}

/// Whom to ask when everything that proves who one is was lost.
fn perte(app: &App) -> String {
    let a_qui = match &app.settings.operator.contact {
        Some(contact) => format!("Écrivez à {contact}."),
        None => "Adressez-vous à la personne qui vous a invité, ou à l’exploitant du site.".to_owned(),
    };
    format!(
        "Vous avez perdu votre appareil et vos codes de secours ? Un administrateur national peut les retirer de votre compte, après avoir vérifié que c’est bien vous. {a_qui}"
    )
}

fn par_cle(page: Page, suite: &str) -> PageFormulaire {
    let cle = geste_cle(&page, suite);
    PageFormulaire::new(page, TITRE, "/connexion/confirmer", "Confirmer par ce code")
        .intro("Utilisez votre clé d’accès, avec le bouton du bas. Si vous ne l’avez pas sous la main, tapez un code de secours.")
        .champs(vec![Champ::ligne("code", "Code de secours").aide("Par exemple 7KQ2M-X0R9D")])
        .gestes([cle])
}

fn par_application(page: Page, cle: bool, suite: &str) -> PageFormulaire {
    let cle = cle.then(|| geste_cle(&page, suite));
    PageFormulaire::new(page, TITRE, "/connexion/confirmer", "Confirmer")
        .intro("Ouvrez votre application de codes et tapez le code qu’elle affiche pour Maillage.")
        .champs(vec![
            Champ::ligne("code", "Code de l’application, ou code de secours")
                .aide("Six chiffres, ou un code de secours tel que 7KQ2M-X0R9D")
                .rempli_par("one-time-code"),
        ])
        .gestes(cle)
}

fn par_courriel(page: Page, envoye: bool, suite: &str) -> PageFormulaire {
    if !envoye {
        return PageFormulaire::new(page, TITRE, "/connexion/confirmer/code", "Recevoir un code")
            .intro("Ce geste est sensible, et votre connexion date de plus de quinze minutes. Nous envoyons un code à votre adresse.");
    }
    let autre = Geste::bouton(&page, "Recevoir un autre code", "/connexion/confirmer/code").avec("suite", suite);
    PageFormulaire::new(page, TITRE, "/connexion/confirmer", "Confirmer")
        .intro("Tapez le code que nous venons d’envoyer à votre adresse.")
        .champs(vec![
            Champ::chiffres("code", "Code reçu par courriel", "one-time-code")
                .aide("Huit chiffres, par exemple 1234 5678"),
        ])
        .gestes([autre])
}

fn page_a_ajouter(page: Page) -> Result<Response, Erreur> {
    let mut fiche = PageFiche::new(page, "Ajoutez un second moyen de prouver qui vous êtes");
    fiche.surtitre = "Votre fonction décide, paie ou administre\u{a0}: elle s’exerce avec deux preuves.".into();
    fiche.message = Some(Message::attention(
        "Votre fonction attend cette étape",
        "Tant qu’elle n’est pas faite, vous voyez votre compte mais pas les pages de votre fonction.",
    ));
    let page = &fiche.page;
    let section = Section::new("Une application de codes sur votre téléphone")
        .intro("Elle affiche un code de six chiffres qui change toutes les trente secondes. Elle marche sans réseau et ne demande pas de compte.")
        .geste(Geste::lien(page, "Ajouter une application de codes", "/compte/securite/application"));
    let cle = Section::new("Une clé d’accès")
        .intro("Votre téléphone, votre ordinateur ou une clé physique vous reconnaît par une empreinte, un visage ou un code.")
        .geste(Geste::lien(page, "Ajouter une clé d’accès", "/compte/securite/cles/nouvelle"));
    fiche.sections = vec![cle, section];
    fiche.reponse()
}

/// `GET /connexion/confirmer?suite=/personnes`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    headers: HeaderMap,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let moyen = moyen(&app, &actor, &headers, form.valeur("suite")).await?;
    vue(&app, page, moyen, form)
}

/// `POST /connexion/confirmer/code`: sends a code to the person's own address.
pub async fn envoyer_code(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let moi = actor.really.or(actor.person).ok_or(Erreur::Introuvable)?;
    let suite = suite_sure(form.valeur("suite")).to_owned();
    let mut tx = app.db.read().await?;
    let contacts = personnes::contacts(&mut tx, moi).await?;
    drop(tx);
    let envoi = match adresse_principale(&contacts) {
        Some(adresse) => {
            let attente = page.fixe(&vers("/connexion/confirmer", &suite));
            envoyer(&app, (&headers, &expediteur), (adresse, &suite), &attente).await
        }
        None => Err(Refus::new("votre compte n’a pas d’adresse confirmée\u{a0}: demandez à un administrateur").into()),
    };
    match envoi {
        Ok(reponse) => Ok(reponse),
        Err(erreur) => {
            form.refuser_de("contenu", erreur)?;
            let envoye = Cookie::Demande.lire(&app, &headers).is_some();
            vue(&app, page, Moyen::Message { envoye }, form)
        }
    }
}

/// `POST /connexion/confirmer`
pub async fn verifier(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let moyen = moyen(&app, &actor, &headers, form.valeur("suite")).await?;
    let acte = Act::now(&app, &actor);
    let code = form.valeur("code").to_owned();
    let mut tx = app.db.write().await?;
    let preuve = match moyen {
        Moyen::Application { .. } | Moyen::Cle => facteurs::prouver(&acte, &mut tx, &code).await.map(Ok),
        Moyen::Message { .. } | Moyen::AAjouter => {
            match Cookie::Demande.lire(&app, &headers).and_then(|v| v.parse().ok()) {
                Some(demande) => connexion::prouver(&acte, &mut tx, demande, &code, expediteur.reseau).await,
                None => Ok(Err(RefusConnexion::Perime)),
            }
        }
    };
    // A wrong code stays counted.
    tx.commit().await?;
    match preuve {
        Ok(Ok(())) => {
            let ensuite = page.fixe(suite_sure(form.valeur("suite")));
            let mut reponse = Redirect::to(&ensuite).into_response();
            Cookie::Demande.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Ok(Err(RefusConnexion::Perime)) => {
            form.refuser("contenu", "ce code ne vaut plus\u{a0}: demandez-en un autre");
            let mut reponse = vue(&app, page, Moyen::Message { envoye: false }, form)?;
            Cookie::Demande.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Ok(Err(refus)) => {
            form.refuser("code", refus);
            vue(&app, page, moyen, form)
        }
        Err(erreur) => {
            form.refuser_de("code", erreur)?;
            vue(&app, page, moyen, form)
        }
    }
}
