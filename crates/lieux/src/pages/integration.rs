//! Showing the search inside another site: the page of the frame, and how to embed it.

use super::{
    bref::Bref,
    demande::Recherche,
    filtres,
    pratique::{self, Mots},
    propositions::Propositions,
};
use crate::{
    index::{Demande, Index, Lieux},
    textes,
};
use askama::Template;
use axum::{
    extract::{Query, RawQuery, State},
    response::Response,
};
use socle::{App, errors::Erreur};
use ui::{
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
    textes::Phrase,
};

/// What a frame can be limited to, as the page of its code proposes it.
const TERRITOIRES: [&str; 3] = ["commune", "epci", "departement"];
/// Places shown in a frame; the rest is on the site.
const LIMITE: usize = 20;

#[derive(Debug, Template)]
#[template(path = "lieux/integration.html")]
struct Integration<'a> {
    page: Page,
    t: &'static textes::Mots,
    lieux: Vec<Bref<'a>>,
    total: usize,
    form: Formulaire,
    caches: Vec<(String, String)>,
    suite: String,
}

#[derive(Debug, Template)]
#[template(path = "lieux/integrer.html")]
struct Integrer {
    page: Page,
    t: &'static Mots,
    saisie: String,
    propositions: Propositions,
    choisi: Option<String>,
    script: String,
    cadre: String,
    voir: String,
}

impl Integrer {
    /// The territories proposed, the largest first.
    fn groupes(&self) -> [(&Phrase, &[Lien]); 3] {
        [
            (&self.t.integrer.departements, &self.propositions.departements),
            (&self.t.mois.intercommunalites, &self.propositions.epci),
            (&self.t.mois.communes, &self.propositions.communes),
        ]
    }
}

/// `GET /integration`: the search, limited to a territory and filters, without header or footer.
pub async fn cadre(State(app): State<App>, mut page: Page, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let requete = requete.unwrap_or_default();
    let index = app.part::<Lieux>().index();
    let t = textes::mots(&page);
    page.integree = true;
    page.menu.clear();
    page.titre = t.resultats.titre.to_string();
    page.scripts = vec!["cadre.js"];
    // The territory limits here: it is not where a person starts from.
    let paires: Vec<(String, String)> = form_urlencoded::parse(requete.as_bytes()).into_owned().collect();
    let filtres = crate::domain::filtres::Filtres::lire(paires.iter().map(|(k, v)| (k.as_str(), v.as_str()))).filtres;
    let saisie = Recherche::lire(&requete).saisie.unwrap_or_default();
    let demande = Demande {
        filtres,
        texte: (!saisie.is_empty()).then(|| saisie.clone()),
        limite: LIMITE,
        ..Demande::default()
    };
    let reponse = Index::chercher(&index, &demande, app.clock.now());
    let lieux = (1..)
        .zip(&reponse.lieux)
        .map(|(n, trouve)| Bref::de(trouve, n, &index, app.clock.now(), &page))
        .collect();
    let suite = page.absolue(&format!("{}?{}", page.url("/lieux"), demande.filtres.requete()));
    let caches = demande
        .filtres
        .paires()
        .into_iter()
        .map(|(cle, valeur)| (cle.to_owned(), valeur))
        .collect();
    rendre(&Integration {
        t,
        lieux,
        total: reponse.total,
        form: Formulaire::vide().avec("q", saisie),
        caches,
        suite,
        page,
    })
}

/// `GET /integrer?departement=01`: what to copy, for the territory chosen among those proposed for `q`.
pub async fn mode_d_emploi(mut page: Page, Query(valeurs): Query<Vec<(String, String)>>) -> Result<Response, Erreur> {
    let t = pratique::mots(&page);
    pratique::preparer(&mut page, t.integrer.titre.to_string(), false);
    let choisi = valeurs.iter().find_map(|(cle, code)| {
        let connu = TERRITOIRES.contains(&cle.as_str());
        let nom = connu.then(|| filtres::territoire(cle, code)).flatten()?;
        Some((cle.as_str(), code.as_str(), nom))
    });
    // The name without hash stays valid from one version to the next.
    let adresse = page.absolue(&page.fixe("/assets/integration.js"));
    let (attribut, requete) = choisi.as_ref().map_or_else(Default::default, |(cle, code, _)| {
        (format!(" data-territoire=\"{cle}:{code}\""), format!("?{cle}={code}"))
    });
    let voir = page.absolue(&page.url(&format!("/integration{requete}")));
    let titre = &textes::mots(&page).resultats.titre;
    let saisie = valeurs
        .iter()
        .find(|(cle, _)| cle == "q")
        .map(|(_, texte)| texte.clone());
    let saisie = saisie.unwrap_or_default();
    rendre(&Integrer {
        script: format!("<script src=\"{adresse}\"{attribut} defer></script>"),
        cadre: format!("<iframe src=\"{voir}\" title=\"{titre}\" width=\"100%\" height=\"640\"></iframe>"),
        propositions: Propositions::pour(&saisie, |cle, code| page.url(&format!("/integrer?{cle}={code}"))),
        choisi: choisi.map(|(.., nom)| nom),
        saisie,
        voir,
        page,
        t,
    })
}
