//! How one signs in: the application of codes, the recovery codes.

use super::{Champs, refuser};
use crate::{actions::facteurs, store::facteurs as store};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use qrcodegen::{QrCode, QrCodeEcc};
use socle::{App, change::Act, db::Tx, errors::Erreur, permissions::Actor};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Geste, Message, PageFiche, Section},
    page::{Lien, Page},
    rendu::rendre,
};

/// `GET /compte/securite`
pub async fn montrer(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    fiche(&app, page, &actor).await?.reponse()
}

async fn fiche(app: &App, mut page: Page, actor: &Actor) -> Result<PageFiche, Erreur> {
    let moi = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let application = store::application(&mut tx, moi)
        .await?
        .filter(|a| a.confirme_at.is_some());
    let restants = store::secours_restants(&mut tx, moi).await?;
    drop(tx);
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    let mut fiche = PageFiche::new(page, "Mes moyens de connexion");
    fiche.surtitre = "Vous vous connectez par un message envoyé à votre adresse. Un second moyen protège mieux votre compte ; certaines fonctions l’exigent.".into();
    let page = &fiche.page;
    let mut codes = Section::new("Application de codes");
    let mut secours = Section::new("Codes de secours")
        .intro("Ils servent si vous perdez votre téléphone. Chacun ne sert qu’une fois. Gardez-les sur papier, dans un endroit sûr.");
    if application.is_some() {
        codes = codes
            .faits(vec![Description::new("État", "en service")])
            .geste(Geste::bouton(page, "Retirer l’application", "/compte/securite/application/retirer").dangereux());
        secours = secours
            .faits(vec![Description::new("Codes qui restent", restants.to_string())])
            .geste(Geste::bouton(
                page,
                "Faire de nouveaux codes",
                "/compte/securite/secours",
            ));
    } else {
        codes = codes
            .intro("Une application sur votre téléphone affiche un code de six chiffres qui change toutes les trente secondes. Elle marche sans réseau.")
            .geste(Geste::lien(page, "Ajouter une application de codes", "/compte/securite/application"));
        secours = secours.intro("Ils vous seront donnés quand vous ajouterez un second moyen.");
    }
    fiche.sections = vec![codes, secours];
    Ok(fiche)
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
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    page.fil
        .push(Lien::new("Mes moyens de connexion", page.fixe("/compte/securite")));
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
            refuser(&mut form, "code", erreur)?;
            let statut = form.statut();
            let vue = enroler(&acte, &mut tx, page, form).await?;
            // A wrong code stays counted.
            tx.commit().await?;
            Ok((statut, rendre(&vue)?).into_response())
        }
    }
}

fn montrer_secours(mut page: Page, codes: Vec<String>) -> Result<Response, Erreur> {
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
