//! How one signs in: the application of codes, the recovery codes.

use super::compte::quand;
use super::{Champs, vers};
use crate::{
    actions::{cles::possibles, facteurs, fournisseur::Fournisseur},
    domain::personne::Personne,
    store::{
        cles::{self, CleAcces},
        facteurs as store,
        identite_externe::{self, IdentiteExterne},
    },
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use qrcodegen::{QrCode, QrCodeEcc};
use socle::{
    App,
    change::{Act, Stored},
    db::Tx,
    errors::Erreur,
    permissions::Actor,
};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Element, Geste, Message, PageFiche, Section},
    page::{Lien, Page},
    rendu::rendre,
};

/// `GET /compte/securite`
pub async fn montrer(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    if facteurs::doit_prouver(&actor, &mut tx, moi).await? {
        return Ok(Redirect::to(&page.fixe(&vers("/connexion/confirmer", "/compte/securite"))).into_response());
    }
    drop(tx);
    fiche(&app, page, &actor).await?.reponse()
}

/// The path to the pages under this one.
pub(super) fn fil(page: &Page) -> Vec<Lien> {
    vec![
        Lien::new("Mon compte", page.fixe("/compte")),
        Lien::new("Mes moyens de connexion", page.fixe("/compte/securite")),
    ]
}

/// The page of the ways in which the actor signs in.
///
/// # Errors
/// The engine's.
pub(super) async fn fiche(app: &App, mut page: Page, actor: &Actor) -> Result<PageFiche, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let cles = cles::de_personne(&mut tx, moi).await?;
    let identites = identite_externe::de_personne(&mut tx, moi).await?;
    let personne = Personne::load(&mut tx, moi).await?.ok_or(Erreur::Introuvable)?;
    let application = store::application(&mut tx, moi)
        .await?
        .filter(|a| a.confirme_at.is_some());
    let restants = store::secours_restants(&mut tx, moi).await?;
    drop(tx);
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    let mut fiche = PageFiche::new(page, "Mes moyens de connexion");
    fiche.surtitre = "Vous vous connectez par un message envoyé à votre adresse. Un second moyen protège mieux votre compte ; certaines fonctions l’exigent.".into();
    let page = &fiche.page;
    let mut codes = Section::new("Application de codes");
    let mut secours = Section::new("Codes de secours")
        .intro("Ils servent si vous perdez votre téléphone. Chacun ne sert qu’une fois. Gardez-les sur papier, dans un endroit sûr.");
    if restants > 0 || application.is_some() || !cles.is_empty() {
        secours = secours
            .faits(vec![Description::new("Codes qui restent", restants.to_string())])
            .geste(Geste::bouton(
                page,
                "Faire de nouveaux codes",
                "/compte/securite/secours",
            ));
    } else {
        secours = secours.intro("Ils vous seront donnés quand vous ajouterez un second moyen.");
    }
    if application.is_some() {
        codes = codes
            .faits(vec![Description::new("État", "en service")])
            .geste(Geste::bouton(page, "Retirer l’application", "/compte/securite/application/retirer").dangereux());
    } else {
        codes = codes
            .intro("Une application sur votre téléphone affiche un code de six chiffres qui change toutes les trente secondes. Elle marche sans réseau.")
            .geste(Geste::lien(page, "Ajouter une application de codes", "/compte/securite/application"));
    }
    let mut sections = vec![cles_acces(app, page, &cles, &personne.fuseau), codes, secours];
    sections.extend(identites_externes(app, page, &identites, &personne.fuseau));
    fiche.sections = sections;
    Ok(fiche)
}

fn cles_acces(app: &App, page: &Page, cles: &[CleAcces], fuseau: &str) -> Section {
    let mut section = Section::new("Clés d’accès").intro(
        "Votre téléphone, votre ordinateur ou une clé physique vous reconnaît par une empreinte, un visage ou un code, sans message ni mot de passe. C’est le moyen le plus sûr.",
    );
    section.elements = cles
        .iter()
        .map(|cle| Element {
            titre: cle.nom.clone(),
            details: vec![
                format!("ajoutée le {}", quand(page, cle.ajoutee_at, fuseau)),
                match cle.utilisee_at {
                    Some(at) => format!("a servi le {}", quand(page, at, fuseau)),
                    None => "n’a pas encore servi".to_owned(),
                },
            ],
            gestes: vec![
                Geste::lien(
                    page,
                    format!("Renommer {}", cle.nom),
                    &format!("/compte/securite/cles/renommer?cle={}", cle.id),
                ),
                Geste::bouton(page, format!("Retirer {}", cle.nom), "/compte/securite/cles/retirer")
                    .avec("cle", cle.id)
                    .dangereux(),
            ],
        })
        .collect();
    match possibles(app) {
        true => section.geste(Geste::lien(
            page,
            "Ajouter une clé d’accès",
            "/compte/securite/cles/nouvelle",
        )),
        false => section.intro("L’adresse de cette plateforme ne permet pas d’en ajouter."),
    }
}

/// Who the person is for identity providers; nothing without a provider and without a link.
fn identites_externes(app: &App, page: &Page, identites: &[IdentiteExterne], fuseau: &str) -> Option<Section> {
    let fournisseur = app.try_part::<Fournisseur>();
    let nom = match &fournisseur {
        Some(fournisseur) => fournisseur.nom.clone(),
        None if identites.is_empty() => return None,
        None => "Service de connexion".to_owned(),
    };
    let mut section = Section::new(nom.clone());
    section.elements = identites
        .iter()
        .map(|une| Element {
            titre: une.emetteur.clone(),
            details: vec![
                format!("lié le {}", quand(page, une.ajoutee_at, fuseau)),
                format!("a servi le {}", quand(page, une.vue_at, fuseau)),
            ],
            gestes: vec![
                Geste::bouton(page, "Retirer ce lien", "/compte/securite/fournisseur/retirer")
                    .avec("emetteur", &une.emetteur)
                    .avec("sujet", &une.sujet)
                    .dangereux(),
            ],
        })
        .collect();
    if fournisseur.is_some() {
        let phrase = format!("Liez votre compte à {nom} pour vous connecter par ce service.");
        section = section.intro(phrase).geste(Geste::bouton(
            page,
            format!("Lier mon compte à {nom}"),
            "/compte/securite/fournisseur",
        ));
    }
    Some(section)
}

#[derive(Debug, Template)]
#[template(path = "comptes/application.html")]
struct Enroler {
    page: Page,
    form: Formulaire,
    cote: i32,
    modules: Vec<(i32, i32)>,
    a_taper: String,
}

async fn enroler(acte: &Act<'_>, tx: &mut Tx, mut page: Page, form: Formulaire) -> Result<Enroler, Erreur> {
    let enrolement = facteurs::enroler(acte, tx).await?;
    let qr = QrCode::encode_text(&enrolement.uri, QrCodeEcc::Medium)
        .map_err(|_| Erreur::faute("l’adresse d’enrôlement est trop longue"))?;
    let cote = qr.size();
    let modules = (0..cote)
        .flat_map(|y| (0..cote).map(move |x| (x, y)))
        .filter(|(x, y)| qr.get_module(*x, *y))
        .collect();
    page.fil = fil(&page);
    page.noindex = true;
    Ok(Enroler {
        page: page.intitulee("Ajouter une application de codes"),
        form,
        cote,
        modules,
        a_taper: enrolement.a_taper,
    })
}

/// `GET /compte/securite/application`
pub async fn montrer_application(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let acte = Act::now(&app, &actor);
    let mut tx = app.db.write().await?;
    let vue = enroler(&acte, &mut tx, page, Formulaire::vide()).await?;
    tx.commit().await?;
    rendre(&vue)
}

/// `POST /compte/securite/application`
pub async fn ajouter_application(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let acte = Act::now(&app, &actor);
    let code = form.valeur("code").to_owned();
    let mut tx = app.db.write().await?;
    let confirmee = facteurs::confirmer_application(&acte, &mut tx, &code).await;
    match confirmee {
        Ok(codes) => {
            tx.commit().await?;
            montrer_secours(page, codes)
        }
        Err(erreur) => {
            form.refuser_de("code", erreur)?;
            let statut = form.statut();
            let vue = enroler(&acte, &mut tx, page, form).await?;
            // A wrong code stays counted.
            tx.commit().await?;
            Ok((statut, rendre(&vue)?).into_response())
        }
    }
}

/// The page that shows recovery codes, once; without new ones, those kept on paper still hold.
pub(super) fn montrer_secours(mut page: Page, codes: Vec<String>) -> Result<Response, Erreur> {
    if codes.is_empty() {
        return Ok(Redirect::to(&page.fixe("/compte/securite")).into_response());
    }
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    let mut fiche = PageFiche::new(page, "Vos codes de secours");
    fiche.message = Some(Message::attention(
        "Notez ces codes maintenant",
        "Ils ne seront plus montrés. Chacun ne sert qu’une fois, si vous perdez votre téléphone. Gardez-les sur papier.",
    ));
    let faits = (1..)
        .zip(codes)
        .map(|(rang, code)| Description::new(format!("Code {rang}"), code))
        .collect();
    let suite = Geste::lien(&fiche.page, "C’est noté, continuer", "/compte");
    fiche.sections = vec![Section::new("Dix codes").faits(faits).geste(suite)];
    fiche.reponse()
}

/// `POST /compte/securite/application/retirer`
pub async fn retirer_application(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    facteurs::retirer_application(&Act::now(&app, &actor), &mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte/securite")).into_response())
}

/// `POST /compte/securite/secours`
pub async fn renouveler_secours(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let codes = facteurs::renouveler_secours(&Act::now(&app, &actor), &mut tx).await?;
    tx.commit().await?;
    montrer_secours(page, codes)
}
