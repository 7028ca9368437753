//! The monthly page of a commune or an EPCI, to print and pin up: who comes, and when.

use super::{
    pratique::{self, Mots},
    propositions::Propositions,
    semaine::{heures, semaine_type},
};
use crate::{
    domain::lieu::{Lieu, Passage, Visite},
    index::{Index, Lieux},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use horaires::Horaires;
use jiff::{Span, civil::Date};
use socle::{App, errors::Erreur};
use territoire::{CodeCommune, Referentiel, SirenEpci};
use ui::{formats, page::Page, rendu::rendre};

/// A visit on a day.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ligne {
    jour: Date,
    quand: String,
    heures: String,
    ou: String,
    qui: String,
    telephone: Option<String>,
}

/// A place that stays.
#[derive(Debug)]
struct Permanent {
    nom: String,
    url: String,
    adresse: String,
    telephone: Option<String>,
    horaires: Vec<String>,
}

#[derive(Debug, Template)]
#[template(path = "lieux/mois.html")]
struct PageMois {
    page: Page,
    t: &'static Mots,
    lignes: Vec<Ligne>,
    permanents: Vec<Permanent>,
    precedent: String,
    suivant: String,
    en_ligne: String,
}

#[derive(Debug, Template)]
#[template(path = "lieux/mois_choix.html")]
struct Choisir {
    page: Page,
    t: &'static Mots,
    saisie: String,
    propositions: Propositions,
}

/// `GET /mois?q=`: which sheet to print.
pub async fn choisir(
    State(app): State<App>,
    mut page: Page,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let t = pratique::mots(&page);
    pratique::preparer(&mut page, t.mois.choix.to_string(), false);
    let saisie = valeurs
        .into_iter()
        .find(|(cle, _)| cle == "q")
        .map(|(_, texte)| texte)
        .unwrap_or_default();
    let mois = app.clock.now().day_in("Europe/Paris").strftime("%Y-%m").to_string();
    let propositions = Propositions::pour(&saisie, |_, code| page.url(&format!("/calendrier/{code}/{mois}")));
    rendre(&Choisir {
        page,
        t,
        saisie,
        propositions,
    })
}

/// `GET /calendrier/{territoire}/{mois}`: a commune's code or an EPCI's SIREN, and a month as `2026-11`.
pub async fn mois(
    State(app): State<App>,
    mut page: Page,
    Path((territoire, mois)): Path<(String, String)>,
) -> Result<Response, Erreur> {
    let (nom, communes) = communes(&territoire).ok_or(Erreur::Introuvable)?;
    let premier: Date = format!("{mois}-01").parse().map_err(|_| Erreur::Introuvable)?;
    let index = app.part::<Lieux>().index();
    let t = pratique::mots(&page);
    let nom_du_mois = formats::mois_et_annee(premier, page.langue);
    let titre = t.mois.titre.avec("lieu", nom).avec("mois", nom_du_mois);
    pratique::preparer(&mut page, titre.to_string(), true);
    page.scripts = vec!["imprimer.js"];
    let lieux = index.des_communes(&communes);
    let mut lignes: Vec<Ligne> = lieux
        .iter()
        .flat_map(|lieu| lieu.visites.iter().map(move |visite| (*lieu, visite)))
        .filter(|(_, visite)| visite.commune.is_some_and(|c| communes.contains(&c)))
        .flat_map(|(lieu, visite)| passages(&index, lieu, visite, premier, &page))
        .collect();
    lignes.sort();
    let adresse = |pas: i64| {
        let autre = premier.saturating_add(Span::new().months(pas));
        page.url(&format!("/calendrier/{territoire}/{}", autre.strftime("%Y-%m")))
    };
    let (precedent, suivant) = (adresse(-1), adresse(1));
    let permanents = lieux
        .iter()
        .filter(|lieu| lieu.visites.is_empty())
        .map(|lieu| permanent(&index, lieu, premier, &page))
        .collect();
    let cle = if territoire.len() == 5 { "commune" } else { "epci" };
    let en_ligne = page.absolue(&page.url(&format!("/lieux?{cle}={territoire}")));
    rendre(&PageMois {
        t,
        lignes,
        permanents,
        precedent,
        suivant,
        en_ligne,
        page,
    })
}

/// The name and communes of a territory.
fn communes(code: &str) -> Option<(&'static str, Vec<CodeCommune>)> {
    let referentiel = Referentiel::embarque();
    if let Ok(commune) = code.parse::<CodeCommune>() {
        let commune = referentiel.resoudre(commune)?;
        return Some((commune.nom, vec![commune.code]));
    }
    let siren: SirenEpci = code.parse().ok()?;
    let epci = referentiel.epci(siren)?;
    let communes = referentiel
        .communes()
        .filter(|c| c.epci == Some(siren))
        .map(|c| c.code)
        .collect();
    Some((epci.nom, communes))
}

fn passages(index: &Index, lieu: &Lieu, visite: &Visite, premier: Date, page: &Page) -> Vec<Ligne> {
    let Some(calendrier) = index.calendrier(lieu.id) else {
        return Vec::new();
    };
    let dernier = premier.last_of_month();
    let commune = visite
        .commune
        .and_then(|code| Referentiel::embarque().resoudre(code))
        .map(|c| c.nom);
    let ou = [commune, visite.endroit.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let ligne = |jour: Date, heures: String| Ligne {
        jour,
        quand: formats::jour_et_mois(jour, page.langue),
        heures,
        ou: ou.clone(),
        qui: lieu.nom.clone(),
        telephone: lieu.contact.telephone.as_ref().map(|numero| numero.affiche()),
    };
    match &visite.quand {
        Passage::Date { date, horaires } => {
            let lues = horaires.as_deref().and_then(|texte| Horaires::parse(texte).ok());
            let heures = lues.map(|h| heures(&h, *date, calendrier, page)).unwrap_or_default();
            (premier..=dernier)
                .contains(date)
                .then(|| ligne(*date, heures))
                .into_iter()
                .collect()
        }
        Passage::Recurrent { regle } => {
            let Ok(regle) = Horaires::parse(regle) else {
                return Vec::new();
            };
            premier
                .series(Span::new().days(1))
                .take_while(|jour| *jour <= dernier)
                .filter(|jour| !regle.jour(*jour, calendrier).plages.is_empty())
                .map(|jour| ligne(jour, heures(&regle, jour, calendrier, page)))
                .collect()
        }
    }
}

/// A fixed place with the hours of an ordinary week of the month.
fn permanent(index: &Index, lieu: &Lieu, premier: Date, page: &Page) -> Permanent {
    let horaires = index
        .horaires(lieu.id)
        .zip(index.calendrier(lieu.id))
        .map(|(lus, calendrier)| semaine_type(lus, calendrier, premier, page))
        .unwrap_or_default();
    let adresse = format!(
        "{}, {} {}",
        lieu.adresse.voie, lieu.adresse.code_postal, lieu.adresse.commune
    );
    Permanent {
        nom: lieu.nom.clone(),
        url: page.url(&format!("/lieux/{}", lieu.id)),
        adresse,
        telephone: lieu.contact.telephone.as_ref().map(|numero| numero.affiche()),
        horaires,
    }
}
