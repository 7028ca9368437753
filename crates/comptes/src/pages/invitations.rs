//! Invitations: the list, a new one, sending again, withdrawing; and the page that the invited person reads.

use super::{
    Champs,
    connexion::{Expediteur, entrer},
    fonctions::lire_date,
    perimetre, refuser,
};
use crate::{
    actions::{
        connexion::Reconnue,
        fonctions::INCONNU,
        invitations::{self as actions, Offre},
    },
    domain::{
        courriel::Courriel,
        invitation::{EtatInvitation, Invitation},
        personne::{Nom, Personne},
        session::MoyenConnexion,
    },
    permissions::InviterPersonne,
    reconnaissance::FUSEAU_DES_JOURS,
    store::{
        invitation as store,
        perimetre::{Noms, noms},
        personne as personnes,
    },
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    clock::Instant,
    errors::Erreur,
    permissions::{Actor, scope},
};
use ui::{
    composants::Description,
    form::Formulaire,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, Section},
    page::{Lien, Page},
};
use uuid::Uuid;

/// How many invitations stand on a page.
const PAR_PAGE: u32 = 50;

/// `GET /invitations`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, scope) = scope::<InviterPersonne>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let avant = demande
        .valeur("avant")
        .parse::<Instant>()
        .ok()
        .zip(demande.valeur("id").parse().ok());
    let mut tx = app.db.read().await?;
    let mut toutes = store::lister(&mut tx, &scope, avant, PAR_PAGE + 1).await?;
    let noms = noms(&mut tx, toutes.iter().map(|une| &une.perimetre)).await?;
    drop(tx);
    let suite = toutes.len() > PAR_PAGE as usize;
    toutes.truncate(PAR_PAGE as usize);
    let suivante = toutes.last().filter(|_| suite).map(|derniere| {
        let requete: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("avant", derniere.creee_at.to_string()),
                ("id", derniere.id.to_string()),
            ])
            .finish();
        Geste::Lien(Lien::new(
            "Plus anciennes",
            page.fixe(&format!("/invitations?{requete}")),
        ))
    });
    let at = app.clock.now();
    let mut fiche = PageFiche::new(page, "Invitations");
    fiche.surtitre = "Les personnes invitées à exercer une fonction dans votre périmètre.".into();
    let page = &fiche.page;
    fiche.gestes = vec![
        Geste::lien(page, "Inviter quelqu’un", "/invitations/nouvelle"),
        Geste::lien(page, "Personnes", "/personnes"),
    ];
    let mut section = Section::new(if toutes.is_empty() {
        "Aucune invitation"
    } else {
        "Les plus récentes d’abord"
    });
    if toutes.is_empty() {
        section = section.intro("Invitez une première personne : elle recevra un message, et pourra accepter ou non.");
    }
    section.elements = toutes.iter().map(|une| element(page, une, &noms, at)).collect();
    section.gestes.extend(suivante);
    fiche.sections = vec![section];
    fiche.reponse()
}

fn element(page: &Page, une: &Invitation, noms: &Noms, at: Instant) -> Element {
    let jour = |at: Instant| page.date(at.day_in(FUSEAU_DES_JOURS));
    let ouverte = une.etat == EtatInvitation::Envoyee;
    let etat = match une.etat {
        EtatInvitation::Acceptee { .. } => "acceptée".to_owned(),
        EtatInvitation::Retiree => "retirée".to_owned(),
        EtatInvitation::Envoyee if une.est_ouverte(at) => format!(
            "envoyée le {}, vaut jusqu’au {}",
            jour(une.envoyee_at),
            jour(une.expire_at)
        ),
        EtatInvitation::Envoyee => format!(
            "envoyée le {}, ne vaut plus depuis le {}",
            jour(une.envoyee_at),
            jour(une.expire_at)
        ),
    };
    let gestes = vec![
        Geste::bouton(page, "Renvoyer", &format!("/invitations/{}/renvoyer", une.id)),
        Geste::bouton(page, "Retirer", &format!("/invitations/{}/retirer", une.id)).dangereux(),
    ];
    Element {
        titre: une.courriel.to_string(),
        details: vec![format!("{}, {}", une.fonction.titre(), noms.de(&une.perimetre)), etat],
        gestes: if ouverte { gestes } else { Vec::new() },
    }
}

fn page_nouvelle(page: Page, fonction: Vec<Champ>, form: Formulaire) -> PageFormulaire {
    let mut champs = vec![
        Champ::courriel("courriel", "Adresse de courriel de la personne")
            .aide("Une adresse nominative, pas une boîte partagée"),
    ];
    champs.extend(fonction);
    champs.push(
        Champ::date("au", "Dernier jour de la fonction")
            .aide("Sans limite si vous ne l’indiquez pas")
            .facultatif(),
    );
    PageFormulaire::new(
        page,
        "Inviter quelqu’un",
        "/invitations/nouvelle",
        "Envoyer l’invitation",
    )
    .intro("La personne recevra un lien pour elle seule, et la date jusqu’à laquelle il vaut.")
    .champs(champs)
    .form(form)
    .lien("Annuler", "/invitations")
}

/// `GET /invitations/nouvelle`
pub async fn montrer_nouvelle(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let champs = perimetre::champs(&mut app.db.read().await?, &actor, &[]).await?;
    page_nouvelle(page, champs, Formulaire::vide()).reponse()
}

/// `POST /invitations/nouvelle`
pub async fn inviter(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let courriel = form.lire("courriel", Courriel::lire);
    let au = lire_date(&mut form, "au");
    let mut tx = app.db.write().await?;
    let lecture = perimetre::lire::<InviterPersonne>(&mut tx, &mut form, &actor).await?;
    let champs = perimetre::champs(&mut tx, &actor, &lecture.candidats).await?;
    let (Some(courriel), Some((fonction, perimetre)), Some(au)) = (courriel, lecture.lue, au) else {
        return page_nouvelle(page, champs, form).reponse();
    };
    let offre = Offre {
        courriel,
        fonction,
        perimetre,
        au,
    };
    match actions::inviter(&Act::now(&app, &actor), &mut tx, offre).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe("/invitations")).into_response())
        }
        Err(Erreur::Introuvable) => {
            form.refuser("perimetre", INCONNU);
            page_nouvelle(page, champs, form).reponse()
        }
        Err(erreur) => {
            refuser(&mut form, "fonction", erreur)?;
            page_nouvelle(page, champs, form).reponse()
        }
    }
}

/// `POST /invitations/{invitation}/renvoyer`
pub async fn renvoyer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    actions::renvoyer(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/invitations")).into_response())
}

/// `POST /invitations/{invitation}/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    actions::retirer(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/invitations")).into_response())
}

fn est_jeton(jeton: &str) -> bool {
    jeton.len() == 64 && jeton.bytes().all(|b| b.is_ascii_hexdigit())
}

fn offre(page: &Page, invitation: &Invitation) -> Vec<Description> {
    let mut faits = vec![
        Description::new("Fonction", invitation.fonction.titre()),
        Description::new("Périmètre", invitation.perimetre.nom()),
    ];
    if let Some(au) = invitation.au {
        faits.push(Description::new("Jusqu’au", page.date(au)));
    }
    faits
}

/// `GET /invitation/{jeton}`: what is offered; accepting asks to be signed in with the address invited.
pub async fn lire(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(jeton): Path<String>,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let mut tx = app.db.read().await?;
    let invitation = actions::lire(&mut tx, &jeton).await?;
    let connue = !personnes::porteurs(&mut tx, &invitation.courriel).await?.is_empty();
    drop(tx);
    vue(&app, page, &actor, (&jeton, &invitation, connue), Formulaire::vide())
}

fn vue(
    app: &App,
    page: Page,
    actor: &Actor,
    (jeton, invitation, connue): (&str, &Invitation, bool),
    form: Formulaire,
) -> Result<Response, Erreur> {
    let faits = offre(&page, invitation);
    if !invitation.est_ouverte(app.clock.now()) {
        let mut fiche = PageFiche::new(page, "Cette invitation ne vaut plus");
        fiche.message = Some(Message::attention(
            "Demandez qu’elle soit renvoyée",
            "Elle a été acceptée, retirée, ou sa date est passée. La personne qui vous a invité peut la renvoyer.",
        ));
        return fiche.reponse();
    }
    if actor.person.is_some() {
        return PageFormulaire::new(page, "Accepter l’invitation", &format!("/invitation/{jeton}/accepter"), "Accepter")
            .intro("Vous exercerez cette fonction dès maintenant. Vous pourrez y renoncer en écrivant à la personne qui vous a invité.")
            .faits(faits)
            .form(form)
            .reponse();
    }
    let vue = PageFormulaire::new(page, "Vous êtes invité", &format!("/invitation/{jeton}"), "Continuer")
        .faits(faits)
        .form(form);
    if connue {
        return vue
            .intro("Votre adresse est déjà connue. Continuez : vous serez connecté, puis vous pourrez accepter.")
            .reponse();
    }
    vue.intro("Dites-nous comment vous vous appelez. Vous serez connecté, puis vous pourrez accepter.")
        .champs(vec![
            Champ::ligne("prenom", "Prénom").rempli_par("given-name"),
            Champ::ligne("nom", "Nom").rempli_par("family-name"),
        ])
        .reponse()
}

/// `POST /invitation/{jeton}`: the link came to the address, so whoever holds it signs in with it.
pub async fn accueillir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    Path(jeton): Path<String>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    if !est_jeton(&jeton) {
        return Err(Erreur::Introuvable);
    }
    let mut form = Formulaire::rempli(valeurs);
    let acte = Act::now(&app, &actor);
    let mut tx = app.db.write().await?;
    let invitation = actions::lire(&mut tx, &jeton).await?;
    let connue = !personnes::porteurs(&mut tx, &invitation.courriel).await?.is_empty();
    let nom = match Nom::lire(form.valeur("prenom"), form.valeur("nom")) {
        Ok(nom) => nom,
        // A known person keeps the name that they have.
        Err(_) if connue => Nom {
            prenom: String::new(),
            nom: String::new(),
        },
        Err(refus) => {
            tx.rollback().await?;
            form.refuser(refus.champ.as_deref().unwrap_or("nom"), &refus.message);
            return vue(&app, page, &actor, (&jeton, &invitation, connue), form);
        }
    };
    let personne = Personne::nouvelle(acte.id(), nom, acte.at);
    let id = match actions::accueillir(&acte, &mut tx, &invitation, personne).await {
        Ok(id) => id,
        Err(erreur) => {
            tx.rollback().await?;
            refuser(&mut form, "contenu", erreur)?;
            return vue(&app, page, &actor, (&jeton, &invitation, connue), form);
        }
    };
    let reconnue = Reconnue::simple(id, format!("/invitation/{jeton}"));
    entrer(tx, &app, &page, &actor, reconnue, MoyenConnexion::Lien, &expediteur).await
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
    let attribution = actions::accepter(&Act::now(&app, &actor), &mut tx, &jeton).await?;
    if let Some(session) = actor.session {
        crate::store::session::choisir(&mut tx, session, Some(attribution.id)).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}
