//! What follows the words of the search box: the results when they are understood, a choice when they are not.

use super::demande::{Compris, Recherche};
use crate::{
    domain::comprehension::{Comprise, comprendre, est_une_adresse},
    index::{Demande, Index},
    textes::{Mots, mots},
};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use socle::{clock::Instant, errors::Erreur};
use territoire::{Commune, Referentiel};
use ui::{composants::Lien, langue::Langue, page::Page, rendu::rendre};

/// Several communes, or none.
#[derive(Debug, Template)]
#[template(path = "lieux/recherche.html")]
pub struct Choisir {
    page: Page,
    t: &'static Mots,
    saisie: String,
    communes: Vec<Proposition>,
    par_nom: Option<Lien>,
}

/// A commune that may be meant.
#[derive(Debug)]
struct Proposition {
    lien: Lien,
    detail: String,
}

/// Sends to the results, or asks.
///
/// # Errors
/// When the page cannot be drawn.
pub fn repondre(index: &Index, recherche: Recherche, saisie: &str, page: Page) -> Result<Response, Erreur> {
    let vers = |recherche: Recherche| Ok(Redirect::to(&recherche.url(&page)).into_response());
    match comprendre(saisie) {
        Comprise::Commune(commune) => vers(recherche.depuis_commune(commune)),
        Comprise::Adresse(commune) => vers(recherche.depuis_commune(commune).comprise(Compris::Commune)),
        Comprise::CodePostal(commune) => vers(recherche.depuis_commune(commune).comprise(Compris::CodePostal)),
        Comprise::Plusieurs(communes) => rendre(&Choisir::nouveau(index, &recherche, saisie, &communes, page)),
        Comprise::Autre if !est_une_adresse(saisie) && nommes(index, saisie) > 0 => vers(recherche.par_nom(saisie)),
        Comprise::Autre => rendre(&Choisir::nouveau(index, &recherche, saisie, &[], page)),
    }
}

/// How many places have these words in their name or address.
fn nommes(index: &Index, saisie: &str) -> usize {
    let demande = Demande {
        texte: Some(saisie.to_owned()),
        ..Demande::default()
    };
    // Which places are open does not matter here.
    index.chercher(&demande, Instant::from_micros(0)).total
}

impl Choisir {
    /// The page that asks which commune is meant.
    pub fn nouveau(
        index: &Index,
        recherche: &Recherche,
        saisie: &str,
        communes: &[&'static Commune],
        mut page: Page,
    ) -> Self {
        let t = mots(&page);
        let titre = if communes.is_empty() {
            &t.recherche.introuvable_titre
        } else {
            &t.recherche.ambigue_titre
        };
        page.titre = titre.avec("q", saisie).to_string();
        page.langues = Langue::TOUTES.to_vec();
        page.noindex = true;
        page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
        page.scripts = vec!["recherche.js", "autour.js"];
        let propositions = communes.iter().map(|c| proposition(c, recherche, t, &page)).collect();
        let nom = t.recherche.chercher_nom.avec("q", saisie).to_string();
        let par_nom = (nommes(index, saisie) > 0).then(|| Lien::new(nom, recherche.clone().par_nom(saisie).url(&page)));
        Self {
            t,
            saisie: saisie.to_owned(),
            communes: propositions,
            par_nom,
            page,
        }
    }
}

fn proposition(commune: &'static Commune, recherche: &Recherche, t: &Mots, page: &Page) -> Proposition {
    let habitants = commune
        .population
        .map(|n| t.recherche.habitants.avec("n", page.entier(n)).to_string());
    let codes = commune.codes_postaux.first().map(ToString::to_string);
    let detail = [codes, habitants].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Proposition {
        lien: Lien::new(
            Referentiel::embarque().libelle(commune),
            recherche.clone().depuis_commune(commune).url(page),
        ),
        detail,
    }
}
