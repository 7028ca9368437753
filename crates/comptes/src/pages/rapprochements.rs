//! Files that may be of one person: the pairs, the comparison, and saying that they are two people.

use super::{Champs, personnes::non_confirme};
use crate::{
    actions::rapprochement::{self as actions, Examen},
    domain::{
        personne::Nom,
        rapprochement::{EtatPaire, Rapprochement, Signalement, Verdict, rapprocher},
        telephone::Telephone,
    },
    permissions::ReunirPersonnes,
    reconnaissance::jour,
    store::rapprochement::{self as store, Rapproches},
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::Act,
    errors::{Erreur, Refus},
    permissions::{Actor, scope},
    routes::Routes,
};
use std::collections::HashMap;
use ui::{
    composants::{Colonne, Pagination, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Geste, Message, PageFiche, PageListe, Section, en_conflit},
    page::{Lien, Page},
};
use uuid::Uuid;

const CHEMIN: &str = "/personnes/doublons";
const PAR_PAGE: u32 = 50;

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .page::<ReunirPersonnes, _, _>(CHEMIN, lister)
        .page::<ReunirPersonnes, _, _>("/personnes/doublons/{rapprochement}", montrer)
        .post::<ReunirPersonnes, _, _>("/personnes/doublons/{rapprochement}", juger)
}

/// `GET /personnes/doublons?etat=&apres=`
async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<ReunirPersonnes>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let etat = EtatPaire::depuis_code(demande.valeur("etat")).unwrap_or(EtatPaire::AVoir);
    let mut tx = app.db.read().await?;
    let apres = match demande.valeur("apres").parse() {
        Ok(id) => store::trouver(&mut tx, id).await?.map(|une| (une.score, une.id)),
        Err(_) => None,
    };
    let jour = jour(app.clock.now());
    let mut paires = store::lister(&mut tx, &portee, jour, etat, apres, PAR_PAGE + 1).await?;
    let encore = paires.len() > PAR_PAGE as usize;
    paires.truncate(PAR_PAGE as usize);
    let ids: Vec<Uuid> = paires.iter().flat_map(|une| [une.paire.0, une.paire.1]).collect();
    let signalements = match ids.as_slice() {
        [] => HashMap::new(),
        ids => store::signalements(&mut tx, ids).await?,
    };
    drop(tx);
    let suite = paires
        .last()
        .filter(|_| encore)
        .map(|une| page.fixe(&format!("{CHEMIN}?etat={}&apres={}", etat.code(), une.id)));
    let vide = (
        "Aucune paire de fiches",
        "Quand deux fiches semblent être celles d’une même personne, elles apparaissent ici dans les minutes qui suivent.",
    );
    let mut liste = PageListe::new(page, "Personnes en double", Tableau::default(), vide);
    let page = &mut liste.page;
    page.fil.push(Lien::new("Personnes", page.fixe("/personnes")));
    let page = &liste.page;
    liste.intro = vec!["Des fiches qui sont peut-être celles d’une même personne, les plus ressemblantes d’abord. Rien n’est réuni sans vous.".into()];
    let lignes = paires.iter().filter_map(|une| ligne(page, une, &signalements));
    liste.tableau = Tableau {
        legende: "Paires de fiches".into(),
        colonnes: vec![
            Colonne::new("Fiches"),
            Colonne::new("Ressemblance"),
            Colonne::new("Pourquoi"),
        ],
        lignes: lignes.collect(),
    };
    let (libelle, autre) = match etat {
        EtatPaire::AVoir => ("Voir celles jugées distinctes", EtatPaire::Distinctes),
        EtatPaire::Distinctes => ("Voir celles à juger", EtatPaire::AVoir),
    };
    liste.gestes = vec![Geste::lien(page, libelle, &format!("{CHEMIN}?etat={}", autre.code()))];
    liste.pagination = Pagination::par_cle(None, suite);
    liste.reponse()
}

fn ligne(page: &Page, une: &Rapproches, signalements: &HashMap<Uuid, Signalement>) -> Option<Vec<Valeur>> {
    let (a, b) = (signalements.get(&une.paire.0)?, signalements.get(&une.paire.1)?);
    let comparaison = rapprocher(a, b);
    Some(vec![
        Valeur::lien(
            format!("{} et {}", nom(a), nom(b)),
            page.fixe(&format!("{CHEMIN}/{}", une.id)),
        ),
        verdict(&comparaison).into(),
        raisons(&comparaison).into(),
    ])
}

fn nom(une: &Signalement) -> Nom {
    Nom {
        prenom: une.prenom.clone(),
        nom: une.nom.clone(),
    }
}

fn verdict(comparaison: &Rapprochement) -> String {
    match comparaison.verdict {
        Verdict::Certain => "très forte",
        Verdict::Probable => "forte",
        Verdict::Aucun => "faible, depuis un changement",
    }
    .to_owned()
}

fn raisons(comparaison: &Rapprochement) -> String {
    let raisons: Vec<_> = comparaison.motifs.iter().map(|motif| motif.libelle()).collect();
    raisons.join(", ")
}

/// `GET /personnes/doublons/{rapprochement}`: who looked is journalled.
async fn montrer(State(app): State<App>, page: Page, actor: Actor, Path(id): Path<Uuid>) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let examen = actions::examiner(&app, &mut tx, &actor, id).await?;
    actions::noter_vue(&Act::now(&app, &actor), &mut tx, &examen).await?;
    tx.commit().await?;
    vue(page, &examen).reponse()
}

fn vue(page: Page, examen: &Examen) -> PageFiche {
    let une = &examen.rapproches;
    let (premiere, seconde) = une.paire;
    let deux = (examen.signalements.get(&premiere), examen.signalements.get(&seconde));
    let mut fiche = PageFiche::new(page, "Une personne, ou deux\u{202f}?");
    let page = &mut fiche.page;
    page.fil.push(Lien::new("Personnes", page.fixe("/personnes")));
    page.fil.push(Lien::new("Personnes en double", page.fixe(CHEMIN)));
    let page = &fiche.page;
    let chemin = format!("{CHEMIN}/{}", une.id);
    let mut gestes = Vec::new();
    let (Some(a), Some(b)) = deux else {
        fiche.surtitre = "L’une de ces fiches n’est plus en usage\u{a0}: il n’y a plus rien à décider.".into();
        fiche.gestes = vec![Geste::lien(page, "Toutes les paires", CHEMIN)];
        return fiche;
    };
    let comparaison = rapprocher(a, b);
    let juger = |libelle: &'static str, etat: EtatPaire| {
        Geste::bouton(page, libelle, &chemin)
            .avec("etat", etat.code())
            .avec("version", une.version)
    };
    let explication = match une.etat {
        EtatPaire::AVoir => {
            let reunir = |garde: Uuid, autre: Uuid| format!("/personnes/{garde}/reunir?avec={autre}");
            gestes.push(Geste::lien(
                page,
                "Réunir et garder la première",
                &reunir(premiere, seconde),
            ));
            gestes.push(Geste::lien(
                page,
                "Réunir et garder la seconde",
                &reunir(seconde, premiere),
            ));
            gestes.push(juger("Ce sont deux personnes", EtatPaire::Distinctes));
            "Réunir donne à une fiche les fonctions, les contacts et les moyens de connexion de l’autre\u{202f}; cela peut se défaire."
        }
        EtatPaire::Distinctes => {
            gestes.push(juger("Rouvrir la question", EtatPaire::AVoir));
            "Quelqu’un a jugé que ce sont deux personnes. Vous pouvez rouvrir la question."
        }
    };
    gestes.push(Geste::lien(page, "Toutes les paires", CHEMIN));
    let mut decision = Section::new("Votre décision").intro(explication);
    decision.gestes = gestes;
    let raisons = Section::new("Pourquoi elles se ressemblent").intro(format!(
        "Ressemblance {}\u{a0}: {}.",
        verdict(&comparaison),
        raisons(&comparaison)
    ));
    let mut face_a_face = Section::new("Les deux fiches");
    face_a_face.tableau = Some(cote_a_cote(page, (premiere, a), (seconde, b)));
    fiche.sections = vec![decision, raisons, face_a_face];
    fiche
}

fn cote_a_cote(page: &Page, (premiere, a): (Uuid, &Signalement), (seconde, b): (Uuid, &Signalement)) -> Tableau {
    let texte = |valeur: Option<String>| Valeur::texte(valeur.unwrap_or_else(|| "non renseigné".to_owned()));
    let annee = |une: &Signalement| texte(une.naissance.map(|annee| annee.to_string()));
    let telephones = |une: &Signalement| {
        let lisibles = une.telephones.iter().map(|numero| Telephone::lisible(numero));
        texte(Some(lisibles.collect::<Vec<_>>().join(", ")).filter(|t| !t.is_empty()))
    };
    let courriels = |une: &Signalement| {
        let dites = une.courriels.iter().map(|adresse| match adresse.confirmee {
            true => adresse.courriel.clone(),
            false => non_confirme(&adresse.courriel),
        });
        texte(Some(dites.collect::<Vec<_>>().join(", ")).filter(|t| !t.is_empty()))
    };
    let fiche =
        |id: Uuid, une: &Signalement| Valeur::lien(nom(une).to_string(), page.fixe(&format!("/personnes/{id}")));
    Tableau {
        legende: "Les deux fiches, information par information".to_owned(),
        colonnes: ["Information", "Première fiche", "Seconde fiche"]
            .map(Colonne::new)
            .into(),
        lignes: vec![
            vec![Valeur::texte("Nom"), fiche(premiere, a), fiche(seconde, b)],
            vec![Valeur::texte("Année de naissance"), annee(a), annee(b)],
            vec![Valeur::texte("Téléphone"), telephones(a), telephones(b)],
            vec![Valeur::texte("Courriel"), courriels(a), courriels(b)],
        ],
    }
}

/// `POST /personnes/doublons/{rapprochement}`
async fn juger(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let examen = actions::examiner(&app, &mut tx, &actor, id).await?;
    let vue_alors = form.valeur("version").parse().unwrap_or(-1);
    let etat = EtatPaire::depuis_code(form.valeur("etat")).ok_or_else(|| {
        Refus::champ(
            "etat",
            "dites ce que sont ces deux fiches, par l’un des boutons de la page",
        )
    })?;
    match actions::juger(&Act::now(&app, &actor), &mut tx, &examen, vue_alors, etat).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(CHEMIN)).into_response())
        }
        Err(Erreur::Conflit) => {
            tx.rollback().await?;
            let mut fiche = vue(page, &examen);
            fiche.message = Some(Message::attention(
                "Votre décision n’est pas enregistrée",
                "Quelqu’un a jugé ces fiches entre-temps. Voici où elles en sont.",
            ));
            en_conflit(fiche.reponse())
        }
        Err(erreur) => Err(erreur),
    }
}
