//! Invitations as those who invite see them: the list, a new one, sending again, withdrawing.

use super::{
    Champs,
    fonctions::{hors_de_portee, lire_date},
    perimetre,
};
use crate::{
    actions::invitations::{self as actions, Offre},
    domain::{
        courriel::Courriel,
        invitation::{EtatInvitation, Invitation},
    },
    permissions::InviterPersonne,
    reconnaissance::FUSEAU_DES_JOURS,
    store::{
        invitation as store,
        perimetre::{Noms, noms},
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
    form::Formulaire,
    gabarits::{Champ, Element, Geste, PageFiche, PageFormulaire, Section},
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
    let suivante = suivante(&page, &mut toutes);
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

/// Keeps one page of them, and gives the way to the next.
fn suivante(page: &Page, toutes: &mut Vec<Invitation>) -> Option<Geste> {
    let reste = toutes.len() > PAR_PAGE as usize;
    toutes.truncate(PAR_PAGE as usize);
    let derniere = toutes.last().filter(|_| reste)?;
    let requete: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("avant", derniere.creee_at.to_string()),
            ("id", derniere.id.to_string()),
        ])
        .finish();
    let adresse = page.fixe(&format!("/invitations?{requete}"));
    Some(Geste::Lien(Lien::new("Plus anciennes", adresse)))
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
    let faite = actions::inviter(&Act::now(&app, &actor), &mut tx, offre).await;
    match form.conclure(tx, faite.map_err(hors_de_portee), "fonction").await? {
        Some(_) => Ok(Redirect::to(&page.fixe("/invitations")).into_response()),
        None => page_nouvelle(page, champs, form).reponse(),
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
