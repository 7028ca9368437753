//! Signing in by a message: the address, then the link confirmed by a click, or the code.

use super::{Champs, cookies::Cookie, est_jeton, suite_sure, vers};
use crate::{
    actions::{
        cles,
        compte::nouveau_navigateur,
        connexion::{self, Ouverture, Recherche, Reconnue},
        facteurs,
        fournisseur::{self, Fournisseur, USAGE_JETON},
    },
    domain::{
        connexion::{DUREE_CODE, DUREE_LIEN, RefusConnexion},
        courriel::Courriel,
        session::appareil,
    },
    reconnaissance::empreinte,
    store::session,
};
use axum::{
    extract::{Path, Query, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, db::Tx, errors::Erreur, permissions::Actor, security};
use std::net::IpAddr;
use ui::{
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, Section},
    page::{Lien, Page},
};
use uuid::Uuid;

/// Who sends a request: their network and their device, said roughly.
#[derive(Debug, Clone)]
pub struct Expediteur {
    /// The network.
    pub reseau: IpAddr,
    /// The device.
    pub appareil: String,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Expediteur {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("");
        let appareil = appareil(agent);
        let request = Request::from_parts(parts.clone(), axum::body::Body::empty());
        Ok(Self {
            reseau: security::sender(&request),
            appareil,
        })
    }
}

/// The page that asks for an address, with every other way in.
pub(super) fn page_adresse(page: Page, app: &App, form: Formulaire) -> PageFormulaire {
    let suite = form.valeur("suite").to_owned();
    let mut vue = PageFormulaire::new(page, "Se connecter", "/connexion", "Recevoir un lien de connexion")
        .intro("Écrivez votre adresse : nous vous envoyons un lien et un code. Il n’y a pas de mot de passe.")
        .champs(vec![
            Champ::courriel("courriel", "Adresse de courriel").aide("Par exemple prenom.nom@exemple.fr"),
            Champ::cache("suite", &suite),
        ])
        .form(form)
        .lien("J’ai déjà un code", "/connexion/code");
    let fournisseur = app.try_part::<Fournisseur>().map(|fournisseur| {
        let libelle = format!("Se connecter avec {}", fournisseur.nom);
        Geste::lien(&vue.page, libelle, &vers("/connexion/fournisseur", &suite))
    });
    let cle = cles::possibles(app).then(|| {
        Geste::lien(
            &vue.page,
            "Se connecter avec une clé d’accès",
            &vers("/connexion/cle", &suite),
        )
    });
    vue = vue.gestes(fournisseur.into_iter().chain(cle));
    if app.settings.demo {
        vue = vue.lien("Entrer dans la démonstration sans adresse", "/demonstration");
    }
    vue
}

/// `GET /connexion?suite=/personnes`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let recu = Formulaire::rempli(valeurs);
    let form = Formulaire::vide().avec("suite", suite_sure(recu.valeur("suite")));
    let mut vue = page_adresse(page, &app, form);
    if recu.valeur("sortie") == "1" {
        vue = vue.message(Message::succes("Vous êtes déconnecté"));
    }
    vue.reponse()
}

/// `POST /connexion`
pub async fn demander(
    State(app): State<App>,
    page: Page,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let Some(courriel) = form.lire("courriel", Courriel::lire) else {
        return page_adresse(page, &app, form).reponse();
    };
    let suite = suite_sure(form.valeur("suite")).to_owned();
    let code = page.fixe("/connexion/code?envoye=1");
    match envoyer(&app, (&headers, &expediteur), (&courriel, &suite), &code).await {
        Ok(reponse) => Ok(reponse),
        Err(erreur) => {
            form.refuser_de("courriel", erreur)?;
            page_adresse(page, &app, form).reponse()
        }
    }
}

/// Sends a link and a code to an address, for this browser, which waits for them at `attente`.
pub(super) async fn envoyer(
    app: &App,
    (headers, expediteur): (&HeaderMap, &Expediteur),
    (courriel, suite): (&Courriel, &str),
    attente: &str,
) -> Result<Response, Erreur> {
    let navigateur = Cookie::Navigateur
        .lire(app, headers)
        .filter(|v| v.len() == 64)
        .map_or_else(nouveau_navigateur, str::to_owned);
    let mut tx = app.db.write().await?;
    let demande = connexion::demander(&mut tx, app, courriel, (&navigateur, suite), expediteur.reseau).await?;
    tx.commit().await?;
    let mut reponse = Redirect::to(attente).into_response();
    Cookie::Navigateur.poser(app, &mut reponse, &navigateur);
    Cookie::Demande.poser(app, &mut reponse, &demande.to_string());
    Ok(reponse)
}

/// The request that this browser made, so that its code need not come with an address; none when the code is for another request.
fn demande(app: &App, headers: &HeaderMap, form: &Formulaire) -> Option<Uuid> {
    let sienne = Cookie::Demande.lire(app, headers)?.parse().ok();
    sienne.filter(|_| form.valeur("autre") != "1")
}

/// The page that asks for a code: with the address when `connue` is false.
fn page_code(page: Page, form: Formulaire, connue: bool) -> PageFormulaire {
    let mut champs = Vec::new();
    if !connue {
        champs.push(Champ::courriel("courriel", "Adresse de courriel"));
        champs.push(Champ::cache("autre", "1"));
    }
    champs.push(
        Champ::chiffres("code", "Code reçu par courriel", "one-time-code").aide("Huit chiffres, par exemple 1234 5678"),
    );
    let vue = PageFormulaire::new(page, "Entrer le code", "/connexion/code", "Me connecter")
        .champs(champs)
        .form(form)
        .lien("Recevoir un autre message", "/connexion");
    match connue {
        true => vue.lien("J’ai demandé ce code sur un autre appareil", "/connexion/code?autre=1"),
        false => vue,
    }
}

/// `GET /connexion/code`
pub async fn montrer_code(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let recu = Formulaire::rempli(valeurs);
    let connue = demande(&app, &headers, &recu).is_some();
    let vue = page_code(page, Formulaire::vide(), connue);
    if recu.valeur("envoye") != "1" {
        return vue
            .intro("Tapez ici le code que contient le message, sur l’appareil où vous voulez travailler.")
            .reponse();
    }
    vue.intro(format!(
        "Si cette adresse est connue, un message vient de partir. Ouvrez son lien ici même dans les {} minutes, ou tapez son code dans les {} minutes.",
        DUREE_LIEN / 60,
        DUREE_CODE / 60
    ))
    .intro("Rien n’arrive\u{202f}? Regardez dans les courriers indésirables. Seule une personne déjà connue, ou invitée, peut se connecter.")
    .reponse()
}

/// `POST /connexion/code`
pub async fn par_code(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let connue = demande(&app, &headers, &form);
    let recherche = match connue {
        Some(id) => Recherche::Demande(id),
        None => match form.lire("courriel", Courriel::lire) {
            Some(courriel) => Recherche::Adresse(courriel),
            None => return page_code(page, form, false).reponse(),
        },
    };
    let mut tx = app.db.write().await?;
    let code = form.valeur("code").to_owned();
    let essai = connexion::par_code(&mut tx, &app, &recherche, &code, expediteur.reseau).await;
    match essai {
        Ok(Ok(reconnue)) => entrer(tx, (&app, &page), (&actor, &expediteur), reconnue).await,
        Ok(Err(refus)) => {
            // The try stays counted.
            tx.commit().await?;
            form.refuser("code", refus);
            // A request that is over must not stand in the way of another one.
            let finie = refus == RefusConnexion::Perime;
            let mut reponse = page_code(page, form, connue.is_some() && !finie).reponse()?;
            if finie {
                Cookie::Demande.oter(&app, &mut reponse);
            }
            Ok(reponse)
        }
        Err(erreur) => {
            form.refuser_de("code", erreur)?;
            page_code(page, form, connue.is_some()).reponse()
        }
    }
}

fn page_lien(page: Page, jeton: &str, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(page, "Confirmer la connexion", &format!("/connexion/lien/{jeton}"), "Me connecter")
        .intro("Appuyez sur le bouton pour entrer. Cette étape empêche qu’un logiciel qui ouvre vos messages se connecte à votre place.")
        .form(form)
        .lien("Taper plutôt le code", "/connexion/code")
        .lien("Recevoir un autre message", "/connexion")
}

/// `GET /connexion/lien/{jeton}`: shows a button, and changes nothing.
pub async fn montrer_lien(page: Page, Path(jeton): Path<String>) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    page_lien(page, &jeton, Formulaire::vide()).reponse()
}

/// `POST /connexion/lien/{jeton}`
pub async fn par_lien(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    Path(jeton): Path<String>,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let navigateur = Cookie::Navigateur.lire(&app, &headers).unwrap_or("");
    let mut tx = app.db.write().await?;
    match connexion::par_lien(&mut tx, &app, &jeton, navigateur).await? {
        Ok(reconnue) => entrer(tx, (&app, &page), (&actor, &expediteur), reconnue).await,
        Err(refus) => {
            tx.rollback().await?;
            let mut form = Formulaire::vide();
            form.refuser("contenu", refus);
            match refus {
                // Here the code of the same message would do: its address finds it.
                RefusConnexion::AutreNavigateur => page_code(page, form, false).reponse(),
                RefusConnexion::Perime | RefusConnexion::CodeFaux => page_adresse(page, &app, form).reponse(),
            }
        }
    }
}

/// Opens the session, ends the one that this browser had, and goes on: to the second factor when a function held asks for it.
///
/// # Errors
/// The engine's.
pub async fn entrer(
    mut tx: Tx,
    (app, page): (&App, &Page),
    (actor, expediteur): (&Actor, &Expediteur),
    reconnue: Reconnue,
) -> Result<Response, Erreur> {
    let at = app.clock.now();
    if let Some(ancienne) = actor.session {
        session::fermer(&mut tx, ancienne, at).await?;
    }
    let fort = reconnue.fort;
    let ouverture = Ouverture {
        personne: reconnue.personne,
        moyen: reconnue.moyen,
        fort,
        appareil: &expediteur.appareil,
        place: None,
    };
    let secret = connexion::ouvrir(&mut tx, app, ouverture).await?;
    if let Some(jeton) = &reconnue.jeton {
        let scelle = app.settings.keys.seal(USAGE_JETON, jeton.expose().as_bytes());
        session::garder_jeton(&mut tx, &empreinte(&secret), &scelle).await?;
    }
    let a_prouver = !fort && facteurs::sont_exiges(&mut tx, reconnue.personne, at).await?;
    tx.commit().await?;
    let suite = suite_sure(&reconnue.suite);
    let ensuite = match a_prouver {
        true => vers("/connexion/confirmer", suite),
        false => suite.to_owned(),
    };
    let mut reponse = Redirect::to(&page.fixe(&ensuite)).into_response();
    Cookie::Session.poser(app, &mut reponse, &secret);
    Cookie::Demande.oter(app, &mut reponse);
    Ok(reponse)
}

/// A page with a link, since browsers refuse that a form leads to another site.
fn page_sortie(mut page: Page, nom: &str, url: String) -> Result<Response, Erreur> {
    page.acteur = Actor::public();
    page.alerte = None;
    (super::entete::ENTETE.0)(&mut page);
    let mut fiche = PageFiche::new(page, "Vous êtes déconnecté");
    let section = Section::new(format!("Et chez {nom} ?"))
        .intro(format!(
            "Votre session chez {nom} reste ouverte. Sur un appareil que d’autres utilisent, fermez-la aussi."
        ))
        .geste(Geste::Lien(Lien::new(format!("Me déconnecter aussi de {nom}"), url)))
        .geste(Geste::lien(&fiche.page, "Revenir à l’accueil", "/"));
    fiche.sections = vec![section];
    fiche.reponse()
}

/// `POST /deconnexion`: `suite` says where to go on, for who leaves one account for another.
pub async fn sortir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let ensuite = match form.valeur("suite") {
        "" => "/connexion?sortie=1",
        suite => suite_sure(suite),
    };
    let mut jeton = None;
    if let Some(ouverte) = actor.session {
        let mut tx = app.db.write().await?;
        jeton = session::jeton(&mut tx, ouverte).await?;
        connexion::fermer(&mut tx, &app, &actor, ouverte).await?;
        tx.commit().await?;
    }
    let ailleurs = match jeton {
        Some(jeton) => fournisseur::sortie(&app, &jeton).await,
        None => None,
    };
    let mut reponse = match ailleurs {
        Some((nom, url)) => page_sortie(page, &nom, url)?,
        None => Redirect::to(&page.fixe(ensuite)).into_response(),
    };
    Cookie::Session.oter(&app, &mut reponse);
    Ok(reponse)
}
