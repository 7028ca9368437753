//! An invitation as the person invited sees it: what is offered, opening an account or signing in, accepting.

use super::{
    Champs,
    connexion::{Expediteur, entrer, envoyer},
    cookies::Cookie,
    est_jeton, vers,
};
use crate::{
    actions::invitations::{self as actions, REPRISE},
    domain::{invitation::Invitation, personne::Nom},
    store::{perimetre as perimetres, personne as personnes, session},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, change::Act, db::Tx, errors::Erreur, permissions::Actor};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, Section},
    page::Page,
};

/// Who stands before an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Devant {
    /// Nobody can accept it any more.
    Close,
    /// The person invited.
    Invite,
    /// Somebody else, or somebody in another's place; the address invited has an account or none.
    AutreCompte {
        /// Whether it has one.
        connue: bool,
    },
    /// Nobody is signed in; the address invited has an account.
    AConnecter,
    /// Nobody is signed in; nobody has this address.
    Inconnu,
}

async fn devant(app: &App, tx: &mut Tx, actor: &Actor, invitation: &Invitation) -> Result<Devant, Erreur> {
    if !invitation.est_ouverte(app.clock.now()) {
        return Ok(Devant::Close);
    }
    let connue = personnes::titulaire(tx, &invitation.courriel).await?.is_some();
    Ok(match actor.person {
        None if connue => Devant::AConnecter,
        None => Devant::Inconnu,
        Some(moi) if actor.really.is_none() && actions::est_pour(tx, invitation, moi).await? => Devant::Invite,
        Some(_) => Devant::AutreCompte { connue },
    })
}

fn offre(page: &Page, invitation: &Invitation, perimetre: String) -> Vec<Description> {
    let mut faits = vec![
        Description::new("Fonction", invitation.fonction.titre()),
        Description::new("Périmètre", perimetre),
    ];
    if let Some(au) = invitation.au {
        faits.push(Description::new("Jusqu’au", page.date(au)));
    }
    faits
}

/// The page for who stands there.
async fn vue(app: &App, page: Page, actor: &Actor, jeton: &str, form: Formulaire) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let invitation = actions::lire(&mut tx, jeton).await?;
    let devant = devant(app, &mut tx, actor, &invitation).await?;
    let perimetre = perimetres::nom(&mut tx, &invitation.perimetre).await?;
    drop(tx);
    let faits = offre(&page, &invitation, perimetre);
    let ici = format!("{REPRISE}/{jeton}");
    let formulaire = |page, titre, action: &str, bouton| PageFormulaire::new(page, titre, action, bouton).faits(faits);
    match devant {
        Devant::Close => Ok((form.statut(), page_close(page)?).into_response()),
        Devant::AutreCompte { connue } => Ok((form.statut(), page_autre_compte(page, actor, connue)?).into_response()),
        Devant::Invite => formulaire(page, "Accepter l’invitation", &format!("{ici}/accepter"), "Accepter")
            .intro("Vous exercerez cette fonction dès maintenant. Vous pourrez y renoncer en écrivant à la personne qui vous a invité.")
            .form(form)
            .reponse(),
        Devant::AConnecter => {
            let autrement = Geste::lien(&page, "Me connecter autrement", &vers("/connexion", REPRISE));
            formulaire(page, "Vous êtes invité", &ici, "Recevoir un lien de connexion")
                .intro("L’adresse invitée a déjà un compte. Nous lui envoyons un lien de connexion\u{a0}: une fois connecté, vous pourrez accepter.")
                .gestes([autrement])
                .form(form)
                .reponse()
        }
        Devant::Inconnu => {
            formulaire(page, "Vous êtes invité", &ici, "Continuer")
                .intro("Dites-nous comment vous vous appelez. Vous serez connecté, puis vous pourrez accepter.")
                .champs(vec![
                    Champ::ligne("prenom", "Prénom").rempli_par("given-name"),
                    Champ::ligne("nom", "Nom").rempli_par("family-name"),
                ])
                .form(form)
                .reponse()
        }
    }
}

fn page_close(page: Page) -> Result<Response, Erreur> {
    let mut fiche = PageFiche::new(page, "Cette invitation ne vaut plus");
    fiche.message = Some(Message::attention(
        "Demandez qu’elle soit renvoyée",
        "Elle a été acceptée, retirée, ou sa date est passée. La personne qui vous a invité peut la renvoyer.",
    ));
    fiche.gestes = vec![Geste::lien(&fiche.page, "Aller à mon compte", "/compte")];
    fiche.reponse()
}

fn page_autre_compte(page: Page, actor: &Actor, connue: bool) -> Result<Response, Erreur> {
    let nom = actor.name.clone().unwrap_or_default();
    let mut fiche = PageFiche::new(page, "Cette invitation est pour une autre adresse");
    fiche.message = Some(Message::attention(
        "Un autre compte est ouvert",
        format!(
            "Le compte de {nom} est ouvert sur cet appareil. L’invitation a été envoyée à une autre adresse que les siennes."
        ),
    ));
    let page = &fiche.page;
    let changer = Section::new("Cette invitation est pour vous")
        .intro("Déconnectez-vous de ce compte\u{a0}: vous reviendrez à l’invitation.")
        .geste(Geste::bouton(page, "Me déconnecter", "/deconnexion").avec("suite", REPRISE));
    let mut sections = vec![changer];
    if !connue && actor.really.is_none() {
        sections.push(
            Section::new("Ce compte est bien le vôtre")
                .intro(
                    "Ajoutez-y l’adresse qui a reçu l’invitation et confirmez-la, puis ouvrez de nouveau l’invitation.",
                )
                .geste(Geste::lien(page, "Ajouter une adresse", "/compte/contacts/nouveau")),
        );
    }
    fiche.gestes = vec![Geste::lien(page, "Garder ce compte ouvert", "/compte")];
    fiche.sections = sections;
    fiche.reponse()
}

/// `GET /invitation/{jeton}`: what is offered. The browser keeps the token at hand, so that no address in between holds it.
pub async fn lire(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(jeton): Path<String>,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let mut reponse = vue(&app, page, &actor, &jeton, Formulaire::vide()).await?;
    Cookie::Invitation.poser(&app, &mut reponse, &jeton);
    Ok(reponse)
}

/// `GET /invitation`: the invitation that this browser was opened with.
pub async fn reprendre(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Response, Erreur> {
    match Cookie::Invitation.lire(&app, &headers).filter(|jeton| est_jeton(jeton)) {
        Some(jeton) => vue(&app, page, &actor, jeton, Formulaire::vide()).await,
        None => {
            let mut fiche = PageFiche::new(page, "Ouvrez de nouveau votre invitation");
            fiche.message = Some(Message::attention(
                "Cet appareil n’a pas d’invitation en attente",
                "Retrouvez le message qui vous invite, et ouvrez son lien ici\u{a0}: vous pourrez accepter.",
            ));
            fiche.gestes = vec![Geste::lien(&fiche.page, "Aller à mon compte", "/compte")];
            fiche.reponse()
        }
    }
}

/// `POST /invitation/{jeton}`: opens an account for who has none. An address that has one is sent a link to sign in: an invitation may be
/// forwarded, and alone opens no account that exists.
pub async fn continuer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    headers: HeaderMap,
    Path(jeton): Path<String>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let mut form = Formulaire::rempli(valeurs);
    let essai = match actor.person {
        // Who is signed in meanwhile is shown what they can do.
        Some(_) => Ok(Redirect::to(&page.fixe(REPRISE)).into_response()),
        None => avancer(&app, (&page, &headers), (&actor, &expediteur), &jeton, &form).await,
    };
    match essai {
        Ok(mut reponse) => {
            Cookie::Invitation.poser(&app, &mut reponse, &jeton);
            Ok(reponse)
        }
        Err(erreur) => {
            form.refuser_de("contenu", erreur)?;
            vue(&app, page, &actor, &jeton, form).await
        }
    }
}

async fn avancer(
    app: &App,
    (page, headers): (&Page, &HeaderMap),
    (actor, expediteur): (&Actor, &Expediteur),
    jeton: &str,
    form: &Formulaire,
) -> Result<Response, Erreur> {
    let acte = Act::now(app, actor);
    let mut tx = app.db.write().await?;
    let invitation = actions::lire(&mut tx, jeton).await?;
    actions::exiger_ouverte(&invitation, acte.at)?;
    if personnes::titulaire(&mut tx, &invitation.courriel).await?.is_some() {
        tx.rollback().await?;
        let attente = page.fixe("/connexion/code?envoye=1");
        return envoyer(app, (headers, expediteur), (&invitation.courriel, REPRISE), &attente).await;
    }
    let nom = Nom::lire(form.valeur("prenom"), form.valeur("nom"))?;
    let reconnue = actions::accueillir(&acte, &mut tx, &invitation, nom).await?;
    entrer(tx, (app, page), (actor, expediteur), reconnue).await
}

/// `POST /invitation/{jeton}/accepter`
pub async fn accepter(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(jeton): Path<String>,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let mut tx = app.db.write().await?;
    let acceptee = actions::accepter(&Act::now(&app, &actor), &mut tx, &jeton).await;
    if let (Ok(attribution), Some(ici)) = (&acceptee, actor.session) {
        session::choisir(&mut tx, ici, Some(attribution.id)).await?;
    }
    let mut form = Formulaire::vide();
    if form.conclure(tx, acceptee, "contenu").await?.is_none() {
        return vue(&app, page, &actor, &jeton, form).await;
    }
    let mut reponse = Redirect::to(&page.fixe("/compte")).into_response();
    Cookie::Invitation.oter(&app, &mut reponse);
    Ok(reponse)
}
