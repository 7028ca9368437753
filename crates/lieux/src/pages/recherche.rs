//! What follows the words of the search box: the results when they are understood, a choice when they are not.

use super::demande::{Compris, Recherche};
use crate::{
    domain::comprehension::{Comprise, est_une_adresse},
    index::{Demande, Index},
    textes::{Mots, mots},
};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use socle::{App, clock::Instant, errors::Erreur};
use territoire::{
    Commune, Point, Referentiel,
    geocodeur::{Localisation, Precision, Repli, situer},
};
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
pub fn repondre(
    index: &Index,
    recherche: Recherche,
    saisie: &str,
    comprise: Comprise,
    page: Page,
) -> Result<Response, Erreur> {
    let vers = |recherche: Recherche| Ok(Redirect::to(&recherche.url(&page)).into_response());
    match comprise {
        Comprise::Commune(commune) => vers(recherche.depuis_commune(commune)),
        Comprise::Adresse(commune) => vers(recherche.depuis_commune(commune).comprise(Compris::Commune)),
        Comprise::CodePostal(commune) => vers(recherche.depuis_commune(commune).comprise(Compris::CodePostal)),
        Comprise::Plusieurs(communes) => rendre(&Choisir::nouveau(index, &recherche, saisie, &communes, page)),
        Comprise::Autre if !est_une_adresse(saisie) && nommes(index, saisie) > 0 => vers(recherche.par_nom(saisie)),
        Comprise::Autre => rendre(&Choisir::nouveau(index, &recherche, saisie, &[], page)),
    }
}

/// The same search from an address: around its point when the address service finds it, else around its commune; the page says which.
pub async fn depuis_adresse(app: &App, recherche: Recherche, saisie: &str, commune: &'static Commune) -> Recherche {
    let localisation = situer(app, saisie).await;
    match localisation.as_ref().and_then(|l| l.repli) {
        Some(Repli::Desactive) => return recherche.depuis_commune(commune).comprise(Compris::Commune),
        // The address itself stays out of the log.
        Some(repli @ (Repli::HorsDelai | Repli::Injoignable)) => {
            tracing::warn!(
                ?repli,
                "the address service did not answer; the commune is searched instead"
            );
        }
        _ => {}
    }
    match localisation.and_then(|l| point_dans(&l, commune)) {
        Some(point) => recherche.depuis_point(point).comprise(Compris::Rue),
        None => recherche.depuis_commune(commune).comprise(Compris::RueIntrouvable),
    }
}

/// The point of an address that stands in this commune, or in one that shares a postal code with it: farther, it is a street of the same name.
fn point_dans(localisation: &Localisation, commune: &Commune) -> Option<Point> {
    let adresse = &localisation.adresse;
    let trouvee = Referentiel::embarque().resoudre(adresse.commune?)?;
    let voisine = || {
        trouvee
            .codes_postaux
            .iter()
            .any(|code| commune.codes_postaux.contains(code))
    };
    let precise = localisation.repli.is_none() && adresse.precision != Precision::Commune;
    (precise && (trouvee.code == commune.code || voisine())).then_some(adresse.point)
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
