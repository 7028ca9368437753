//! The mistakes reported on the places of one's perimeter, and their answers.

use super::{Champs, PAR_PAGE, autres_etats, etat_voulu, jour, libelles::libelle, lisible, paginer};
use crate::{
    actions::{
        Cadre,
        tickets::{self as actions, Reponse},
    },
    domain::{
        modification::{MODIFIABLES, valeur},
        situe::LieuSitue,
        ticket::{EtatTicket, Ticket},
    },
    permissions::TraiterSignalements,
    store::{portee, ticket as store},
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, Permit, authorise, scope},
};
use ui::{
    composants::{Choix, Colonne, Description, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, PageListe, Section, en_conflit},
    page::Page,
};
use uuid::Uuid;

const CHEMIN: &str = "/espace/signalements";

/// The states of a list, with the words of their link.
const ETATS: [(&str, &str); 3] = [
    ("ouvert", "À traiter"),
    ("corrige", "Corrigés"),
    ("sans_suite", "Sans changement"),
];

/// `GET /espace/signalements?etat=&apres=`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<TraiterSignalements>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let etat = etat_voulu(&demande, &ETATS);
    let mut tx = app.db.read().await?;
    let apres = match demande.valeur("apres").parse() {
        Ok(id) => store::trouver(&mut tx, id).await?.map(|t| (t.ouvert_at, t.id)),
        Err(_) => None,
    };
    let mut lignes = store::lister_dans(&mut tx, &portee, etat, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, CHEMIN, &mut lignes, |dernier| {
        [("etat", etat.to_owned()), ("apres", dernier.ticket.id.to_string())]
    });
    let tableau = tableau(&page, &lignes);
    let vide = (
        "Aucun signalement",
        "Quand quelqu’un signale une erreur sur un lieu de votre périmètre, elle apparaît ici.",
    );
    let mut liste = PageListe::new(page, "Signalements", tableau, vide);
    let page = &liste.page;
    liste.intro = vec!["Les erreurs signalées sur les lieux de votre périmètre, les plus anciennes d’abord.".into()];
    liste.gestes = autres_etats(page, CHEMIN, &ETATS, etat);
    liste.pagination = pagination;
    liste.reponse()
}

fn tableau(page: &Page, lignes: &[store::Resume]) -> Tableau {
    let ligne = |resume: &store::Resume| {
        let ticket = &resume.ticket;
        vec![
            Valeur::lien(&resume.nom, page.fixe(&format!("{CHEMIN}/{}", ticket.id))),
            Valeur::texte(&resume.commune),
            Valeur::texte(libelle(&ticket.champ)),
            Valeur::texte(&ticket.message),
            Valeur::texte(jour(page, ticket.ouvert_at)),
        ]
    };
    Tableau {
        legende: "Signalements de votre périmètre".to_owned(),
        colonnes: ["Lieu", "Commune", "Information", "Ce qui est signalé", "Reçu le"]
            .map(Colonne::new)
            .into(),
        lignes: lignes.iter().map(ligne).collect(),
    }
}

/// A ticket that the actor may answer, and its place.
async fn charger(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
) -> Result<(Ticket, LieuSitue, Permit<TraiterSignalements>), Erreur> {
    let ticket = store::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let situe = portee::situe(tx, ticket.lieu).await?.ok_or(Erreur::Introuvable)?;
    let permis = authorise::<TraiterSignalements>(actor, &situe)?;
    Ok((ticket, situe, permis))
}

/// `GET /espace/signalements/{ticket}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let (ticket, situe, _) = charger(&mut app.db.read().await?, &actor, id).await?;
    match ticket.etat {
        EtatTicket::Ouvert => page_reponse(page, &ticket, &situe, Formulaire::vide()).reponse(),
        _ => page_close(page, &ticket, &situe).reponse(),
    }
}

fn faits(page: &Page, ticket: &Ticket, situe: &LieuSitue) -> Vec<Description> {
    let lieu = &situe.lieu;
    let url = page.fixe(&format!("/lieux/{}", lieu.id));
    vec![
        Description::new("Lieu", Valeur::lien(&lieu.nom, url)),
        Description::new("Commune", lieu.adresse.commune.as_str()),
        Description::new("Information", libelle(&ticket.champ).to_owned()),
        Description::new("Ce que dit la fiche", lisible(&valeur(lieu, &ticket.champ))),
        Description::new("Ce qui est signalé", ticket.message.as_str()),
        Description::new("Reçu le", jour(page, ticket.ouvert_at)),
    ]
}

fn page_close(page: Page, ticket: &Ticket, situe: &LieuSitue) -> PageFiche {
    let mut faits = faits(&page, ticket, situe);
    if let EtatTicket::Corrige { clos_at, reponse } | EtatTicket::SansSuite { clos_at, reponse } = &ticket.etat {
        faits.push(Description::new("Réponse", reponse.as_str()));
        faits.push(Description::new("Traité le", jour(&page, *clos_at)));
    }
    let titre = match ticket.etat {
        EtatTicket::Corrige { .. } => "Signalement : fiche corrigée",
        _ => "Signalement : rien n’a changé",
    };
    let mut fiche = PageFiche::new(page, titre);
    fiche.sections = vec![Section::new("Le signalement").faits(faits)];
    fiche.gestes = vec![Geste::lien(&fiche.page, "Tous les signalements", CHEMIN)];
    fiche
}

fn page_reponse(page: Page, ticket: &Ticket, situe: &LieuSitue, form: Formulaire) -> PageFormulaire {
    let faits = faits(&page, ticket, situe);
    let mut issues = vec![Choix::new("sans_suite", "Rien ne change").aide("Dites pourquoi dans la réponse")];
    let modifiable = MODIFIABLES.contains(&ticket.champ.as_str()) && situe.publie;
    if modifiable {
        let corriger = Choix::new("corrige", "Corriger la fiche").aide("La nouvelle valeur est publiée tout de suite");
        issues.insert(0, corriger);
    }
    let mut champs = vec![Champ::radios("issue", "Que faites-vous ?", issues)];
    if modifiable {
        let aide = aide_de(&ticket.champ);
        champs.push(Champ::zone("valeur", "Nouvelle valeur").aide(aide).facultatif());
    }
    champs.push(
        Champ::zone("reponse", "Réponse")
            .aide("Ce que vous avez fait, ou pourquoi rien ne change ; n’écrivez pas le nom d’une personne"),
    );
    champs.push(Champ::cache("version", ticket.version));
    champs.push(Champ::cache("version_lieu", situe.version));
    let action = format!("{CHEMIN}/{}", ticket.id);
    PageFormulaire::new(page, "Répondre à un signalement", &action, "Envoyer la réponse")
        .faits(faits)
        .champs(champs)
        .form(form)
        .lien("Tous les signalements", CHEMIN)
}

fn aide_de(champ: &str) -> &'static str {
    match champ {
        "horaires" => "En français, par exemple « lundi au vendredi 9h-12h », ou dans la grammaire d’OpenStreetMap",
        "adresse" => "Le numéro et la rue seuls",
        "courriels" | "site_web" => "Séparez plusieurs adresses par une virgule",
        "services" | "frais_a_charge" | "modalites_acces" | "itinerance" => {
            "Les valeurs du standard, séparées par une barre verticale |"
        }
        _ => "La valeur entière, telle qu’elle doit paraître",
    }
}

/// `POST /espace/signalements/{ticket}`
pub async fn repondre(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (ticket, situe, permis) = charger(&mut tx, &actor, id).await?;
    let vu = |champ: &str| form.valeur(champ).parse::<i64>().ok();
    if ticket.etat != EtatTicket::Ouvert
        || vu("version") != Some(ticket.version)
        || vu("version_lieu") != Some(situe.version)
    {
        tx.rollback().await?;
        return trop_tard(page, &ticket, &situe, form);
    }
    let corriger = match form.valeur("issue") {
        "corrige" => true,
        "sans_suite" => false,
        _ => {
            form.refuser("issue", "choisissez ce que vous faites");
            return page_reponse(page, &ticket, &situe, form).reponse();
        }
    };
    let (nouvelle, mots) = (form.valeur("valeur").to_owned(), form.valeur("reponse").to_owned());
    let reponse = Reponse {
        valeur: corriger.then_some(nouvelle.as_str()),
        mots: &mots,
    };
    let cadre = Cadre::de(&app, &permis);
    let fait = actions::repondre(&mut tx, cadre, (ticket.clone(), &situe), reponse).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        tx.rollback().await?;
        let (ticket, situe, _) = charger(&mut app.db.read().await?, &actor, id).await?;
        return trop_tard(page, &ticket, &situe, form);
    }
    match form.conclure(tx, fait, "reponse").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        None => page_reponse(page, &ticket, &situe, form).reponse(),
    }
}

/// What is kept now beside what was sent, which is not: the person decides again.
fn trop_tard(page: Page, ticket: &Ticket, situe: &LieuSitue, form: Formulaire) -> Result<Response, Erreur> {
    let envoi: Vec<Description> = [("Votre valeur", "valeur"), ("Votre réponse", "reponse")]
        .into_iter()
        .map(|(terme, champ)| Description::new(terme, lisible(form.valeur(champ))))
        .collect();
    if ticket.etat == EtatTicket::Ouvert {
        let message = Message::attention(
            "Cette fiche a changé pendant que vous répondiez",
            "Votre réponse n’est pas enregistrée. Comparez-la à ce que dit maintenant la fiche, puis envoyez-la de nouveau si elle vaut toujours.",
        );
        let mut vue = page_reponse(page, ticket, situe, form).message(message);
        vue.faits.extend(envoi);
        return en_conflit(vue.reponse());
    }
    let mut fiche = page_close(page, ticket, situe);
    fiche.message = Some(Message::attention(
        "Quelqu’un a répondu avant vous",
        "Votre réponse n’est pas enregistrée : voici les deux.",
    ));
    fiche
        .sections
        .push(Section::new("Votre réponse, non enregistrée").faits(envoi));
    en_conflit(fiche.reponse())
}
