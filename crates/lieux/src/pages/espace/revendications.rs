//! Claims of places: a host asks, a prefecture or an administrator decides.

use super::{Champs, PAR_PAGE, autres_etats, etat_voulu, jour, paginer};
use crate::{
    actions::revendication::{self as actions, Sort},
    domain::{
        lieu::Lieu,
        revendication::{EtatRevendication, MotifRefus, Revendication, lire_mots},
    },
    permissions::{DeciderRevendication, RetirerRevendication, RevendiquerLieu, SuivreRevendications},
    store::{lieu as lieux, revendication as store},
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use comptes::{
    domain::perimetre::{Perimetre, lire_code_organisation},
    store::perimetre as perimetres,
};
use socle::{
    App,
    change::{Act, Stored},
    db::Tx,
    errors::Erreur,
    permissions::{Actor, authorise, scope},
};
use ui::{
    composants::{Choix, Colonne, Description, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, PageListe, Section, en_conflit},
    page::Page,
};
use uuid::Uuid;

const CHEMIN: &str = "/espace/revendications";

/// The states of a list, with the words of their link.
const ETATS: [(&str, &str); 4] = [
    ("demandee", "En attente"),
    ("accordee", "Accordées"),
    ("refusee", "Refusées"),
    ("retiree", "Abandonnées"),
];

/// `GET /espace/revendications?etat=&apres=`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<SuivreRevendications>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let etat = etat_voulu(&demande, &ETATS);
    let mut tx = app.db.read().await?;
    let apres = match demande.valeur("apres").parse() {
        Ok(id) => Revendication::load(&mut tx, id).await?.map(|r| (r.demandee_at, r.id)),
        Err(_) => None,
    };
    let mut lignes = store::lister_dans(&mut tx, &portee, etat, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, CHEMIN, &mut lignes, |derniere| {
        [("etat", etat.to_owned()), ("apres", derniere.id.to_string())]
    });
    let vide = (
        "Aucune demande",
        "Une structure demande à gérer un lieu depuis la page de ce lieu.",
    );
    let mut liste = PageListe::new(page, "Demandes de gestion d’un lieu", Tableau::default(), vide);
    let page = &liste.page;
    liste.tableau = tableau(page, &lignes);
    liste.gestes = autres_etats(page, CHEMIN, &ETATS, etat);
    liste.pagination = pagination;
    liste.reponse()
}

fn tableau(page: &Page, lignes: &[store::Resume]) -> Tableau {
    let ligne = |resume: &store::Resume| {
        vec![
            Valeur::lien(&resume.nom, page.fixe(&format!("{CHEMIN}/{}", resume.id))),
            Valeur::texte(&resume.commune),
            Valeur::texte(jour(page, resume.demandee_at)),
        ]
    };
    Tableau {
        legende: "Demandes de votre périmètre".to_owned(),
        colonnes: ["Lieu", "Commune", "Demandé le"].map(Colonne::new).into(),
        lignes: lignes.iter().map(ligne).collect(),
    }
}

/// The organisations for which the actor may ask.
async fn organisations(tx: &mut Tx, actor: &Actor) -> Result<Vec<(Uuid, String)>, Erreur> {
    let (_, portee) = scope::<RevendiquerLieu>(actor)?;
    let ids: Vec<Uuid> = portee
        .codes()
        .iter()
        .filter_map(|c| lire_code_organisation(c))
        .collect();
    let choix = comptes::store::organisation::a_choisir(tx, &ids).await?;
    let nommee = |nom: Option<String>| nom.unwrap_or_else(|| "Votre structure".to_owned());
    Ok(choix.into_iter().map(|(id, nom)| (id, nommee(nom))).collect())
}

fn page_nouvelle(page: Page, lieu: Option<&Lieu>, pour: &[(Uuid, String)], form: Formulaire) -> PageFormulaire {
    let mut vue = PageFormulaire::new(
        page,
        "Demander à gérer un lieu",
        &format!("{CHEMIN}/nouvelle"),
        "Envoyer la demande",
    )
    .intro(
        "La préfecture vérifie que votre structure gère ce lieu. Vous pourrez ensuite tenir sa fiche à jour vous-même.",
    );
    if let Some(lieu) = lieu {
        vue.faits = vec![
            Description::new("Lieu", lieu.nom.as_str()),
            Description::new("Adresse", format!("{}, {}", lieu.adresse.voie, lieu.adresse.commune)),
        ];
        vue.champs.push(Champ::cache("lieu", lieu.id));
    } else {
        vue = vue.lien("Chercher un lieu", "/lieux");
    }
    match pour {
        [(id, _)] => vue.champs.push(Champ::cache("organisation", id)),
        plusieurs => {
            let choix = plusieurs
                .iter()
                .map(|(id, nom)| Choix::new(id.to_string(), nom.clone()));
            vue.champs.push(Champ::radios(
                "organisation",
                "Pour quelle structure ?",
                choix.collect(),
            ));
        }
    }
    let aide = "Par exemple : vos agents y tiennent une permanence ; n’écrivez pas le nom d’une personne";
    vue.champs
        .push(Champ::zone("motivation", "Pourquoi votre structure gère-t-elle ce lieu ?").aide(aide));
    vue.form(form)
}

async fn lieu_voulu(tx: &mut Tx, form: &Formulaire) -> Result<Option<Lieu>, Erreur> {
    match form.valeur("lieu").parse() {
        Ok(id) => Ok(lieux::trouver(tx, id).await?),
        Err(_) => Ok(None),
    }
}

/// `GET /espace/revendications/nouvelle?lieu=`
pub async fn montrer_nouvelle(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.read().await?;
    let pour = organisations(&mut tx, &actor).await?;
    let lieu = lieu_voulu(&mut tx, &form).await?;
    page_nouvelle(page, lieu.as_ref(), &pour, Formulaire::vide()).reponse()
}

/// `POST /espace/revendications/nouvelle`
pub async fn demander(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let pour = organisations(&mut tx, &actor).await?;
    let lieu = lieu_voulu(&mut tx, &form).await?;
    let choisie = pour
        .iter()
        .map(|(id, _)| *id)
        .find(|id| form.valeur("organisation") == id.to_string());
    let demandee = match (&lieu, choisie) {
        (Some(lieu), Some(organisation)) => {
            let motivation = form.valeur("motivation").to_owned();
            actions::demander(&Act::now(&app, &actor), &mut tx, (lieu.id, organisation), &motivation).await
        }
        (None, _) => Err(socle::errors::Refus::champ("motivation", "choisissez d’abord un lieu de la carte").into()),
        (_, None) => Err(socle::errors::Refus::champ("organisation", "choisissez une structure de la liste").into()),
    };
    match form.conclure(tx, demandee, "motivation").await? {
        Some(revendication) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{}", revendication.id))).into_response()),
        None => page_nouvelle(page, lieu.as_ref(), &pour, form).reponse(),
    }
}

/// A claim with what its page says of it.
struct Dossier {
    revendication: Revendication,
    lieu: Lieu,
    organisation: String,
}

async fn charger(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Dossier, Erreur> {
    let revendication = Revendication::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<SuivreRevendications>(actor, &revendication)?;
    let lieu = lieux::trouver(tx, revendication.lieu)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let organisation = perimetres::nom(tx, &Perimetre::Organisation(revendication.organisation)).await?;
    Ok(Dossier {
        revendication,
        lieu,
        organisation,
    })
}

/// `GET /espace/revendications/{revendication}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let dossier = charger(&mut app.db.read().await?, &actor, id).await?;
    vue(page, &actor, &dossier).reponse()
}

fn faits(page: &Page, dossier: &Dossier) -> Vec<Description> {
    let (revendication, lieu) = (&dossier.revendication, &dossier.lieu);
    let etat = ETATS.into_iter().find(|(code, _)| *code == revendication.etat.code());
    let url = page.fixe(&format!("/lieux/{}", lieu.id));
    let mut faits = vec![
        Description::new("Lieu", Valeur::lien(&lieu.nom, url)),
        Description::new("Adresse", format!("{}, {}", lieu.adresse.voie, lieu.adresse.commune)),
        Description::new("Structure", dossier.organisation.as_str()),
        Description::new("Raison donnée", revendication.motivation.as_str()),
        Description::new("Demandé le", jour(page, revendication.demandee_at)),
        Description::new("Où en est la demande", etat.map_or("", |(_, libelle)| libelle)),
    ];
    if let EtatRevendication::Refusee { motif, mots, .. } = &revendication.etat {
        faits.push(Description::new("Motif du refus", motif.libelle()));
        faits.push(Description::new("Explication", mots.as_str()));
    }
    faits
}

fn vue(page: Page, actor: &Actor, dossier: &Dossier) -> PageFiche {
    let revendication = &dossier.revendication;
    let faits = faits(&page, dossier);
    let mut fiche = PageFiche::new(page, "Demande de gestion d’un lieu");
    let page = &fiche.page;
    let chemin = format!("{CHEMIN}/{}", revendication.id);
    let mut gestes = Vec::new();
    let ouverte = revendication.etat == EtatRevendication::Demandee;
    if ouverte && authorise::<DeciderRevendication>(actor, revendication).is_ok() {
        gestes.push(Geste::lien(page, "Décider", &format!("{chemin}/decider")));
    }
    let tenue = ouverte || matches!(revendication.etat, EtatRevendication::Accordee { .. });
    if tenue && authorise::<RetirerRevendication>(actor, revendication).is_ok() {
        let retirer = Geste::bouton(page, "Ne plus gérer ce lieu", &format!("{chemin}/retirer"));
        gestes.push(retirer.avec("version", revendication.version).dangereux());
    }
    gestes.push(Geste::lien(page, "Toutes les demandes", CHEMIN));
    fiche.gestes = gestes;
    fiche.sections = vec![Section::new("La demande").faits(faits)];
    fiche
}

fn page_decision(page: Page, dossier: &Dossier, form: Formulaire) -> PageFormulaire {
    let faits = faits(&page, dossier);
    let issues = vec![
        Choix::new("accorder", "Accorder").aide("La structure pourra tenir la fiche à jour dès maintenant"),
        Choix::new("refuser", "Refuser"),
    ];
    let motifs = MotifRefus::TOUS.map(|m| Choix::new(m.code(), m.libelle()));
    let action = format!("{CHEMIN}/{}/decider", dossier.revendication.id);
    PageFormulaire::new(page, "Décider d’une demande", &action, "Enregistrer la décision")
        .faits(faits)
        .champs(vec![
            Champ::radios("issue", "Votre décision", issues),
            Champ::liste("motif", "Motif, si vous refusez", motifs.into()).facultatif(),
            Champ::zone("mots", "Explication, si vous refusez")
                .aide("La structure la lira")
                .facultatif(),
            Champ::cache("version", dossier.revendication.version),
        ])
        .form(form)
        .lien(
            "Revenir à la demande",
            &format!("{CHEMIN}/{}", dossier.revendication.id),
        )
}

/// `GET /espace/revendications/{revendication}/decider`
pub async fn montrer_decision(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let dossier = charger(&mut app.db.read().await?, &actor, id).await?;
    authorise::<DeciderRevendication>(&actor, &dossier.revendication)?;
    page_decision(page, &dossier, Formulaire::vide()).reponse()
}

/// `POST /espace/revendications/{revendication}/decider`
pub async fn decider(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let dossier = charger(&mut tx, &actor, id).await?;
    authorise::<DeciderRevendication>(&actor, &dossier.revendication)?;
    let Some(sort) = lire_sort(&mut form) else {
        tx.rollback().await?;
        return page_decision(page, &dossier, form).reponse();
    };
    let vue_a = form.valeur("version").parse().unwrap_or(-1);
    let fait = actions::decider(&Act::now(&app, &actor), &mut tx, id, vue_a, sort).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        tx.rollback().await?;
        return trop_tard(page, &actor, &dossier, choisi(&form));
    }
    match form.conclure(tx, fait, "issue").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        None => page_decision(page, &dossier, form).reponse(),
    }
}

fn lire_sort(form: &mut Formulaire) -> Option<Sort> {
    match form.valeur("issue") {
        "accorder" => Some(Sort::Accorder),
        "refuser" => {
            let motif = form.lire("motif", |code| MotifRefus::du_code(code).ok_or("choisissez un motif"));
            let mots = form.lire("mots", |texte| lire_mots("mots", texte));
            motif.zip(mots).map(|(motif, mots)| Sort::Refuser(motif, mots))
        }
        _ => {
            form.refuser("issue", "choisissez votre décision");
            None
        }
    }
}

/// `POST /espace/revendications/{revendication}/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let dossier = charger(&mut tx, &actor, id).await?;
    authorise::<RetirerRevendication>(&actor, &dossier.revendication)?;
    let vue_a = form.valeur("version").parse().unwrap_or(-1);
    match actions::retirer(&Act::now(&app, &actor), &mut tx, id, vue_a).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response())
        }
        Err(Erreur::Conflit) => {
            tx.rollback().await?;
            trop_tard(
                page,
                &actor,
                &dossier,
                vec![Description::new("Décision", "Ne plus gérer ce lieu")],
            )
        }
        Err(erreur) => Err(erreur),
    }
}

/// What a decision says, as it was typed.
fn choisi(form: &Formulaire) -> Vec<Description> {
    let decision = match form.valeur("issue") {
        "accorder" => "Accorder",
        _ => "Refuser",
    };
    let motif = MotifRefus::TOUS.into_iter().find(|m| m.code() == form.valeur("motif"));
    let mots = form.valeur("mots");
    let mut faits = vec![Description::new("Décision", decision)];
    faits.extend(motif.map(|motif| Description::new("Motif du refus", motif.libelle())));
    faits.extend((!mots.is_empty()).then(|| Description::new("Explication", mots.to_owned())));
    faits
}

/// Where the claim stands now, since what was decided bears on something else, and what was decided.
fn trop_tard(page: Page, actor: &Actor, dossier: &Dossier, choisi: Vec<Description>) -> Result<Response, Erreur> {
    let mut fiche = vue(page, actor, dossier);
    fiche.message = Some(Message::attention(
        "Votre décision n’est pas enregistrée",
        "La demande a changé entre-temps, ou la page était trop ancienne. Voici où elle en est, et ce que vous aviez choisi.",
    ));
    fiche
        .sections
        .push(Section::new("Ce que vous aviez choisi").faits(choisi));
    en_conflit(fiche.reponse())
}
