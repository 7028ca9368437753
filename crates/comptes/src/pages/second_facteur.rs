//! Confirming who one is: by the application's code or a recovery code, or by a code sent to one's address when there is no second factor.

use super::{Champs, connexion::Expediteur, cookies::Cookie, refuser, suite_sure};
use crate::{
    actions::{
        compte::{adresse_principale, nouveau_navigateur},
        connexion::{self, Recherche},
        facteurs,
    },
    store::{cles, facteurs as store, personne as personnes, session},
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, errors::Erreur, permissions::Actor};
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

fn vue(page: Page, moyen: Moyen, form: Formulaire) -> Result<Response, Erreur> {
    let suite = suite_sure(form.valeur("suite")).to_owned();
    let titre = "Confirmez que c’est bien vous";
    let cache = Champ::cache("suite", &suite);
    let encodee: String = form_urlencoded::byte_serialize(suite.as_bytes()).collect();
    let par_cle = Geste::lien(
        &page,
        "Utiliser ma clé d’accès",
        &format!("/connexion/confirmer/cle?suite={encodee}"),
    );
    match moyen {
        Moyen::Cle => PageFormulaire::new(page, titre, "/connexion/confirmer", "Confirmer par ce code")
            .intro("Utilisez votre clé d’accès, avec le bouton du bas. Si vous ne l’avez pas sous la main, tapez un code de secours.")
            .champs(vec![Champ::ligne("code", "Code de secours").aide("Par exemple 7KQ2M-X0R9D"), cache])
            .gestes([par_cle])
            .form(form)
            .reponse(),
        Moyen::Application { cle } => PageFormulaire::new(page, titre, "/connexion/confirmer", "Confirmer")
            .intro("Ouvrez votre application de codes et tapez le code qu’elle affiche pour Maillage.")
            .champs(vec![
                Champ::ligne("code", "Code de l’application, ou code de secours")
                    .aide("Six chiffres, ou un code de secours tel que 7KQ2M-X0R9D")
                    .rempli_par("one-time-code"),
                cache,
            ])
            .gestes(cle.then_some(par_cle))
            .form(form)
            .reponse(),
        Moyen::Message { envoye: true } => PageFormulaire::new(page, titre, "/connexion/confirmer", "Confirmer")
            .intro("Tapez le code que nous venons d’envoyer à votre adresse.")
            .champs(vec![
                Champ::chiffres("code", "Code reçu par courriel", "one-time-code").aide("Huit chiffres, par exemple 1234 5678"),
                cache,
            ])
            .form(form)
            .reponse(),
        Moyen::Message { envoye: false } => PageFormulaire::new(page, titre, "/connexion/confirmer/code", "Recevoir un code")
            .intro("Ce geste est sensible, et votre connexion date de plus de quinze minutes. Nous envoyons un code à votre adresse.")
            .champs(vec![cache])
            .form(form)
            .reponse(),
        Moyen::AAjouter => {
            let mut fiche = PageFiche::new(page, "Ajoutez un second moyen de prouver qui vous êtes");
            fiche.surtitre = "Votre fonction décide, paie ou administre : elle s’exerce avec deux preuves.".into();
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
    }
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
    vue(page, moyen, form)
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
    let mut tx = app.db.write().await?;
    let contacts = personnes::contacts(&mut tx, moi).await?;
    let Some(adresse) = adresse_principale(&contacts) else {
        tx.rollback().await?;
        form.refuser(
            "contenu",
            "votre compte n’a pas d’adresse confirmée : demandez à un administrateur",
        );
        return vue(page, Moyen::Message { envoye: false }, form);
    };
    let navigateur = Cookie::Navigateur
        .lire(&app, &headers)
        .map_or_else(nouveau_navigateur, str::to_owned);
    match connexion::demander(&mut tx, &app, adresse, (&navigateur, &suite), expediteur.reseau).await {
        Ok(posee) => {
            tx.commit().await?;
            let suite: String = form_urlencoded::byte_serialize(suite.as_bytes()).collect();
            let vers = page.fixe(&format!("/connexion/confirmer?suite={suite}"));
            let mut reponse = Redirect::to(&vers).into_response();
            Cookie::Navigateur.poser(&app, &mut reponse, &navigateur);
            Cookie::Demande.poser(&app, &mut reponse, &posee.demande.to_string());
            Ok(reponse)
        }
        Err(erreur) => {
            refuser(&mut form, "contenu", erreur)?;
            vue(page, Moyen::Message { envoye: false }, form)
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
        Moyen::Application { .. } | Moyen::Cle => facteurs::prouver(&acte, &mut tx, &code).await,
        _ => par_message(&acte, &mut tx, &headers, &code, &expediteur).await,
    };
    // A wrong code stays counted.
    tx.commit().await?;
    match preuve {
        Ok(()) => {
            let vers = page.fixe(suite_sure(form.valeur("suite")));
            let mut reponse = Redirect::to(&vers).into_response();
            Cookie::Demande.oter(&app, &mut reponse);
            Ok(reponse)
        }
        Err(erreur) => {
            refuser(&mut form, "code", erreur)?;
            vue(page, moyen, form)
        }
    }
}

async fn par_message(
    acte: &Act<'_>,
    tx: &mut socle::db::Tx,
    headers: &HeaderMap,
    code: &str,
    expediteur: &Expediteur,
) -> Result<(), Erreur> {
    let moi = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let session = acte.actor.session.ok_or(Erreur::Introuvable)?;
    let perime = || socle::errors::Refus::champ("code", "ce code ne vaut plus : demandez-en un autre");
    let demande = Cookie::Demande
        .lire(acte.app, headers)
        .and_then(|v| v.parse().ok())
        .ok_or_else(perime)?;
    let reconnue = connexion::par_code(tx, acte.app, &Recherche::Demande(demande), code, expediteur.reseau).await?;
    match reconnue {
        Ok(reconnue) if reconnue.personne == moi => Ok(session::noter_preuve(tx, session, false, acte.at).await?),
        Ok(_) => Err(perime().into()),
        Err(refus) => Err(socle::errors::Refus::champ("code", refus.to_string()).into()),
    }
}
