//! What the search box proposes while one types: communes, then places by name.

use super::{bref, demande::Recherche};
use crate::{
    domain::comprehension::est_une_adresse,
    index::{Demande, Index, Lieux},
};
use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use socle::{App, clock::Instant};
use territoire::Referentiel;
use ui::page::Page;

/// How many communes and how many places are proposed.
const COMMUNES: usize = 6;
const LIEUX: usize = 3;
/// Shorter texts name too many things.
const LONGUEUR_MINIMALE: usize = 2;

/// What was typed so far.
#[derive(Debug, Deserialize)]
pub struct Saisie {
    #[serde(default)]
    q: String,
}

/// What is proposed.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Propositions {
    suggestions: Vec<Proposition>,
}

/// A commune or a place.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Proposition {
    libelle: String,
    detail: String,
    url: String,
}

/// `GET /recherche/suggestions`
pub async fn suggestions(State(app): State<App>, page: Page, Query(saisie): Query<Saisie>) -> Json<Propositions> {
    Json(proposer(&app.part::<Lieux>().index(), saisie.q.trim(), &page))
}

fn proposer(index: &Index, texte: &str, page: &Page) -> Propositions {
    // An address is for the form, which goes by POST.
    if texte.chars().count() < LONGUEUR_MINIMALE || est_une_adresse(texte) {
        return Propositions {
            suggestions: Vec::new(),
        };
    }
    let communes = Referentiel::embarque()
        .chercher(texte, COMMUNES)
        .into_iter()
        .map(|trouvee| Proposition {
            libelle: Referentiel::embarque().libelle(trouvee.commune),
            detail: trouvee.via.unwrap_or_default().to_owned(),
            url: Recherche::default().depuis_commune(trouvee.commune).url(page),
        });
    let demande = Demande {
        texte: Some(texte.to_owned()),
        limite: LIEUX,
        ..Demande::default()
    };
    // Which places are open does not matter here.
    let reponse = index.chercher(&demande, Instant::from_micros(0));
    let lieux = reponse.lieux.iter().map(|trouve| Proposition {
        libelle: trouve.lieu.nom.clone(),
        detail: bref::adresse(trouve.lieu),
        url: page.url(&format!("/lieux/{}", trouve.lieu.id)),
    });
    Propositions {
        suggestions: communes.chain(lieux).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_commune_se_propose_dans_la_langue_de_la_page_et_une_adresse_jamais() {
        let index = Index::construire(Vec::new(), [], 2026);
        let page = Page::new("", "/en/recherche/suggestions");
        let Propositions { suggestions } = proposer(&index, "bourg en bre", &page);
        assert_eq!(suggestions[0].libelle, "Bourg-en-Bresse (Ain, 01)");
        assert_eq!(suggestions[0].url, "/en/lieux?commune=01053");
        for texte in ["", "b", "12 rue des Lilas Viriat"] {
            assert_eq!(proposer(&index, texte, &page).suggestions, []);
        }
    }
}
