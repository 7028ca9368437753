//! Pairs of places that may be one: the list, the comparison, the decision.

use super::{Champs, PAR_PAGE, autres_etats, etat_voulu, libelles::libelle, lisible, paginer, rapprochement};
use crate::{
    actions::{Cadre, doublons as actions},
    domain::{
        doublons::{Couple, paire::Paire},
        modification::valeur,
        situe::LieuSitue,
        standard::colonnes::COLONNES,
    },
    permissions::DeciderDoublons,
    store::{
        doublons::{self as store, PaireGardee},
        portee,
    },
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
    composants::{Colonne, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Geste, Message, PageFiche, PageListe, Section, en_conflit},
    page::Page,
};

const CHEMIN: &str = "/espace/doublons";

/// The states of a list, with the words of their link.
const ETATS: [(&str, &str); 3] = [
    ("a_decider", "À décider"),
    ("fusionnee", "Réunies"),
    ("distincte", "Distinctes"),
];

/// `GET /espace/doublons?etat=&apres=`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<DeciderDoublons>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let etat = etat_voulu(&demande, &ETATS);
    let mut tx = app.db.read().await?;
    let apres = match Couple::lire(demande.valeur("apres")) {
        Some(couple) => store::trouver(&mut tx, couple).await?,
        None => None,
    };
    let apres = apres.map(|paire| (i64::from(paire.comparaison.note()), paire.couple));
    let mut lignes = store::lister_dans(&mut tx, &portee, etat, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, CHEMIN, &mut lignes, |derniere| {
        [("etat", etat.to_owned()), ("apres", derniere.couple.to_string())]
    });
    let vide = (
        "Aucune paire de fiches",
        "Quand deux fiches de votre périmètre se ressemblent sans qu’une machine puisse trancher, elles apparaissent ici.",
    );
    let mut liste = PageListe::new(page, "Doublons possibles", Tableau::default(), vide);
    let page = &liste.page;
    liste.tableau = tableau(page, &lignes);
    liste.intro = vec!["Des fiches qui décrivent peut-être un même lieu, les plus ressemblantes d’abord.".into()];
    liste.gestes = autres_etats(page, CHEMIN, &ETATS, etat);
    liste.pagination = pagination;
    liste.reponse()
}

fn tableau(page: &Page, lignes: &[store::Resume]) -> Tableau {
    let ligne = |resume: &store::Resume| {
        let [premier, second] = &resume.noms;
        let url = page.fixe(&format!("{CHEMIN}/{}", resume.couple));
        vec![
            Valeur::lien(format!("{premier} et {second}"), url),
            Valeur::texte(&resume.commune),
            Valeur::texte(resume.note.to_string()),
        ]
    };
    Tableau {
        legende: "Paires de fiches de votre périmètre".to_owned(),
        colonnes: vec![
            Colonne::new("Fiches"),
            Colonne::new("Commune"),
            Colonne::chiffres("Ressemblance"),
        ],
        lignes: lignes.iter().map(ligne).collect(),
    }
}

/// A pair whose two places the actor may decide on.
struct Examen {
    paire: PaireGardee,
    lieux: [LieuSitue; 2],
    permis: Permit<DeciderDoublons>,
}

async fn charger(tx: &mut Tx, actor: &Actor, code: &str) -> Result<Examen, Erreur> {
    let couple = Couple::lire(code).ok_or(Erreur::Introuvable)?;
    let paire = store::trouver(tx, couple).await?.ok_or(Erreur::Introuvable)?;
    let premier = portee::situe(tx, couple.premier()).await?.ok_or(Erreur::Introuvable)?;
    let second = portee::situe(tx, couple.second()).await?.ok_or(Erreur::Introuvable)?;
    authorise::<DeciderDoublons>(actor, &premier)?;
    let permis = authorise::<DeciderDoublons>(actor, &second)?;
    Ok(Examen {
        paire,
        lieux: [premier, second],
        permis,
    })
}

/// `GET /espace/doublons/{paire}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(code): Path<String>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<DeciderDoublons>(&actor)?;
    let mut tx = app.db.read().await?;
    let examen = charger(&mut tx, &actor, &code).await?;
    let ici = (i64::from(examen.paire.comparaison.note()), examen.paire.couple);
    let suivante = store::lister_dans(&mut tx, &portee, "a_decider", Some(ici), 1).await?;
    drop(tx);
    let plus_tard = suivante.first().map(|resume| resume.couple);
    vue(page, &examen, plus_tard).reponse()
}

fn vue(page: Page, examen: &Examen, plus_tard: Option<Couple>) -> PageFiche {
    let [premier, second] = &examen.lieux;
    let mut fiche = PageFiche::new(page, "Un seul lieu, ou deux ?");
    fiche.surtitre = format!("{} et {}", premier.lieu.nom, second.lieu.nom).into();
    let page = &fiche.page;
    let gestes = gestes(page, &examen.paire, plus_tard);
    let (titre, explication) = match &examen.paire.etat {
        Paire::ADecider => (
            "Votre décision",
            "Réunir garde un lieu, avec le meilleur des deux fiches ; cela peut se défaire. Deux lieux distincts ne seront plus rapprochés.",
        ),
        Paire::Fusionnee { .. } => (
            "Ces fiches sont réunies",
            "Défaire rend chaque fiche telle qu’elle était.",
        ),
        Paire::Distincte { .. } => (
            "Ces fiches sont distinctes",
            "Rouvrez la question si vous pensez maintenant qu’il s’agit d’un seul lieu.",
        ),
    };
    let mut decision = Section::new(titre).intro(explication);
    decision.gestes = gestes;
    let mut raisons = Section::new("Pourquoi elles se ressemblent");
    raisons.tableau = Some(rapprochement::tableau(&examen.paire.comparaison, page));
    let mut face_a_face = Section::new("Les deux fiches");
    face_a_face.tableau = Some(cote_a_cote(premier, second));
    fiche.sections = vec![decision, raisons, face_a_face];
    fiche
}

fn gestes(page: &Page, paire: &PaireGardee, plus_tard: Option<Couple>) -> Vec<Geste> {
    let chemin = format!("{CHEMIN}/{}", paire.couple);
    let bouton = |libelle: &'static str, decision: &str| {
        Geste::bouton(page, libelle, &chemin)
            .avec("decision", decision)
            .avec("version", paire.version)
    };
    let mut gestes = match paire.etat {
        Paire::ADecider => {
            let suite = plus_tard.map_or_else(|| CHEMIN.to_owned(), |couple| format!("{CHEMIN}/{couple}"));
            vec![
                bouton("C’est un seul lieu : réunir", "fusionner"),
                bouton("Ce sont deux lieux", "separer"),
                Geste::lien(page, "Plus tard", &suite),
            ]
        }
        Paire::Fusionnee { .. } => vec![bouton("Défaire la réunion", "defaire").dangereux()],
        Paire::Distincte { .. } => vec![bouton("Rouvrir la question", "rouvrir")],
    };
    gestes.push(Geste::lien(page, "Toutes les paires", CHEMIN));
    gestes
}

/// What each record says, field by field, where one of them says something.
fn cote_a_cote(premier: &LieuSitue, second: &LieuSitue) -> Tableau {
    let ligne = |champ: &'static str| {
        let [a, b] = [premier, second].map(|situe| valeur(&situe.lieu, champ));
        if champ == "id" || (a.is_empty() && b.is_empty()) {
            return None;
        }
        let verdict = if a == b { "identique" } else { "différent" };
        Some(vec![
            Valeur::texte(libelle(champ)),
            Valeur::texte(lisible(&a)),
            Valeur::texte(lisible(&b)),
            Valeur::texte(verdict),
        ])
    };
    let colonne = |rang: &str, situe: &LieuSitue| Colonne::new(format!("{rang} fiche : {}", situe.lieu.nom));
    Tableau {
        legende: "Les deux fiches, information par information".to_owned(),
        colonnes: vec![
            Colonne::new("Information"),
            colonne("Première", premier),
            colonne("Seconde", second),
            Colonne::new("Comparaison"),
        ],
        lignes: COLONNES.into_iter().filter_map(ligne).collect(),
    }
}

/// `POST /espace/doublons/{paire}`
pub async fn decider(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(code): Path<String>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let examen = charger(&mut tx, &actor, &code).await?;
    if form.valeur("version").parse() != Ok(examen.paire.version) {
        tx.rollback().await?;
        return trop_tard(page, &examen, form.valeur("decision"));
    }
    let cadre = Cadre::de(&app, &examen.permis);
    let couple = examen.paire.couple;
    match (form.valeur("decision"), &examen.paire.etat) {
        ("fusionner", _) => drop(actions::fusionner(&mut tx, cadre, couple).await?),
        ("separer", _) => actions::separer(&mut tx, cadre, couple).await?,
        ("rouvrir", _) => actions::rouvrir(&mut tx, cadre, couple).await?,
        ("defaire", Paire::Fusionnee { fusion, .. }) => {
            // A merge of more than two records may reach out of the perimeter in which this pair lies.
            for paire in store::de_la_fusion(&mut tx, *fusion).await? {
                charger(&mut tx, &actor, &paire.couple.to_string()).await?;
            }
            drop(actions::defaire_fusion(&mut tx, cadre, *fusion).await?);
        }
        _ => {
            tx.rollback().await?;
            return trop_tard(page, &examen, form.valeur("decision"));
        }
    }
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{couple}"))).into_response())
}

/// What is kept now, since what was decided bears on something else, and what was decided.
fn trop_tard(page: Page, examen: &Examen, decision: &str) -> Result<Response, Erreur> {
    let choisi = match decision {
        "fusionner" => "réunir les deux fiches",
        "separer" => "dire que ce sont deux lieux",
        "defaire" => "défaire la réunion",
        _ => "rouvrir la question",
    };
    let mut fiche = vue(page, examen, None);
    fiche.message = Some(Message::attention(
        "Votre décision n’est pas enregistrée",
        format!(
            "Quelqu’un a décidé de ces fiches entre-temps, ou la page était trop ancienne. Vous vouliez {choisi}. Voici où elles en sont."
        ),
    ));
    en_conflit(fiche.reponse())
}
