//! The results of a search: the list first, the filters, the map beside it; every state is an address.

use super::{
    bref::Bref,
    demande::{Compris, RAYONS_KM, Recherche, Tri, url},
    filtres::{self, Panneau},
    recherche::{depuis_adresse, repondre},
};
use crate::{
    carte::{CarteLocale, CarteNationale},
    domain::{
        comprehension::{Comprise, comprendre},
        filtres::Territoire,
    },
    index::{Demande, Index, Lieux, Reponse},
    textes::{Mots, mots},
};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{App, clock::Instant, errors::Erreur};
use std::cmp::Reverse;
use territoire::{Referentiel, plier};
use ui::{
    composants::{FiltreActif, Lien, Onglet, Pagination, Ton},
    langue::Langue,
    page::Page,
    rendu::rendre,
    textes::Phrase,
};

/// How many places a page lists.
pub const PAR_PAGE: usize = 20;
/// How many other places the map shows as dots.
const POINTS: usize = 300;
/// How many filters are tried one by one when nothing is found.
const FILTRES_ESSAYES: usize = 6;

/// The page of results.
#[derive(Debug, Template)]
#[template(path = "lieux/resultats.html")]
pub struct Resultats<'a> {
    page: Page,
    t: &'static Mots,
    recherche: Recherche,
    total: usize,
    nombre: String,
    raccourcis: Vec<Onglet>,
    actifs: Vec<FiltreActif>,
    url_sans_filtre: String,
    panneau: Panneau,
    lieux: Vec<Bref<'a>>,
    pagination: Pagination,
    carte: Option<CarteLocale>,
    nationale: Option<CarteNationale>,
    url_carte: String,
    tuiles: String,
    issues: Option<Issues<'a>>,
}

/// What can be done when nothing is found.
#[derive(Debug)]
struct Issues<'a> {
    liens: Vec<Lien>,
    proche: Option<Bref<'a>>,
}

/// `GET /lieux`
pub async fn resultats(State(app): State<App>, page: Page, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let recherche = Recherche::lire(requete.as_deref().unwrap_or_default());
    let index = app.part::<Lieux>().index();
    if let Some(saisie) = recherche.saisie.clone() {
        return repondre(&index, recherche, &saisie, comprendre(&saisie), page);
    }
    rendre(&Resultats::composer(&index, recherche, page, &app))
}

impl<'a> Resultats<'a> {
    fn composer(index: &'a Index, recherche: Recherche, page: Page, app: &App) -> Self {
        let tuiles = app.settings.tiles.clone().unwrap_or_default();
        Self::nouveau(index, recherche, page, tuiles, app.clock.now())
    }

    /// The page for this search at this instant.
    pub fn nouveau(
        index: &'a Index,
        mut recherche: Recherche,
        mut page: Page,
        tuiles: String,
        maintenant: Instant,
    ) -> Self {
        let t = mots(&page);
        let dessine = !page.allege && !recherche.carte;
        let reponse = trouver(index, &mut recherche, if dessine { POINTS } else { 0 }, maintenant);
        habiller(&mut page, &recherche, t);
        let premier = (recherche.page - 1) * PAR_PAGE + 1;
        let lieux: Vec<Bref<'_>> = reponse
            .lieux
            .iter()
            .enumerate()
            .map(|(n, trouve)| Bref::de(trouve, premier + n, index, maintenant, &page))
            .collect();
        let carte = dessine.then(|| carte_locale(&recherche, &reponse, premier)).flatten();
        let nationale = (recherche.carte && !page.allege).then(|| carte_nationale(index, &recherche, maintenant));
        let issues = (reponse.total == 0).then(|| issues(index, &recherche, maintenant, &page));
        let aujourdhui = maintenant.day_in("Europe/Paris");
        Self {
            t,
            total: reponse.total,
            nombre: nombre(&recherche, reponse.total, &page),
            raccourcis: filtres::raccourcis(&recherche, &page),
            actifs: filtres::actifs(&recherche, &page),
            url_sans_filtre: recherche.sans_filtres().url(&page),
            panneau: Panneau::de(&recherche, reponse.comptes.as_ref(), aujourdhui, &page),
            lieux,
            pagination: pagination(&recherche, reponse.total, &page),
            carte,
            nationale,
            url_carte: avec_carte(&recherche, !recherche.carte, &page),
            tuiles,
            issues,
            recherche,
            page,
        }
    }

    /// What is said of what was typed, when not all of it was kept.
    fn compris(&self) -> Option<(&'static Phrase, Phrase)> {
        let r = &self.t.recherche;
        let commune = self.recherche.commune.map_or("", |c| c.nom);
        Some(match self.recherche.compris? {
            Compris::Commune => (&r.commune_titre, r.commune_texte.avec("commune", commune)),
            Compris::CodePostal => (&r.code_titre, r.code_texte.avec("commune", commune)),
            Compris::Rue => (&r.rue_titre, r.rue_texte.clone()),
            Compris::RueIntrouvable => (
                &r.rue_introuvable_titre,
                r.rue_introuvable_texte.avec("commune", commune),
            ),
        })
    }

    /// Whether the person has not said where to look: the search box is then open.
    fn sans_lieu(&self) -> bool {
        self.recherche.centre().is_none()
            && self.recherche.nom.is_none()
            && self.recherche.filtres.territoires.is_empty()
    }

    /// The whole address of this search, to copy.
    fn url_partage(&self) -> String {
        self.page.absolue(&self.recherche.url(&self.page))
    }

    /// The name of a place of the list, by its number.
    fn nom(&self, numero: &usize) -> &str {
        let premier = self.lieux.first().map_or(1, |l| l.numero);
        self.lieux.get(numero.saturating_sub(premier)).map_or("", |l| l.nom)
    }

    /// What a pin of the map is called.
    fn epingle(&self, epingle: &crate::carte::Epingle) -> String {
        let numeros: Vec<String> = epingle.numeros.iter().map(ToString::to_string).collect();
        let phrase = self.t.carte.epingle.avec("numeros", numeros.join(", "));
        phrase.avec("nom", self.nom(&epingle.premier())).to_string()
    }

    /// What a circle of the map of the country is called.
    fn bulle(&self, bulle: &crate::carte::Bulle) -> String {
        let n = self.page.pluriel(&self.t.carte.lieux, bulle.nombre);
        self.t.carte.bulle.avec("nom", bulle.nom).avec("n", n).to_string()
    }

    /// The same search in a département or a collectivity.
    fn url_territoire(&self, code: &str) -> String {
        let mut recherche = Recherche {
            carte: false,
            page: 1,
            ..self.recherche.clone()
        };
        match code.parse() {
            Ok(departement) if Referentiel::embarque().departement(departement).is_some() => {
                recherche.filtres.territoires = vec![Territoire::Departement(departement)];
                recherche.url(&self.page)
            }
            // Collectivities are no départements: their main commune is the way in.
            _ => Referentiel::embarque()
                .communes()
                .filter(|c| c.code.prefixe() == code)
                .max_by_key(|c| c.population)
                .map_or_else(
                    || recherche.url(&self.page),
                    |c| recherche.clone().depuis_commune(c).a(100).url(&self.page),
                ),
        }
    }

    /// What the address asks that nothing understands.
    fn inconnues(&self) -> String {
        let valeurs: Vec<&str> = self.recherche.inconnues.iter().map(|i| i.valeur.as_str()).collect();
        valeurs.join(", ")
    }

    /// The same page with every filter, for the text version.
    fn url_tous_filtres(&self) -> String {
        let mut paires = self.recherche.paires();
        paires.push(("filtres", "tous".to_owned()));
        url(&self.page, "/lieux", &paires)
    }

    fn url_api(&self) -> String {
        let filtres = self.recherche.filtres.requete();
        self.page.fixe(&format!("/api/v1/lieux?{filtres}"))
    }
}

fn habiller(page: &mut Page, recherche: &Recherche, t: &Mots) {
    let r = &t.resultats;
    page.titre = match (&recherche.nom, recherche.commune, recherche.filtres.autour) {
        (Some(nom), ..) => r.titre_nom.avec("q", nom).to_string(),
        (_, Some(commune), _) => r.titre_lieu.avec("lieu", commune.nom).to_string(),
        (.., Some(_)) => r.titre_point.to_string(),
        _ => match nom_du_territoire(recherche) {
            Some(lieu) => r.titre_lieu.avec("lieu", lieu).to_string(),
            None => r.titre.to_string(),
        },
    };
    page.description = Some(r.description.to_string());
    page.langues = Langue::TOUTES.to_vec();
    page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
    page.noindex = recherche.paires().iter().any(|(cle, _)| *cle != "commune");
    page.scripts = vec!["recherche.js", "filtres.js", "autour.js"];
}

fn nom_du_territoire(recherche: &Recherche) -> Option<String> {
    let paires = recherche.filtres.paires();
    let noms: Vec<String> = paires
        .iter()
        .filter(|(cle, _)| matches!(*cle, "commune" | "departement" | "region" | "epci"))
        .filter_map(|(cle, code)| filtres::territoire(cle, code))
        .collect();
    Some(noms.join(", ")).filter(|noms| !noms.is_empty())
}

/// Searches; a page beyond the last becomes the last.
fn trouver<'a>(index: &'a Index, recherche: &mut Recherche, points: usize, maintenant: Instant) -> Reponse<'a> {
    let reponse = trouver_la_page(index, recherche, points, maintenant);
    let derniere = reponse.total.div_ceil(PAR_PAGE).max(1);
    if recherche.page <= derniere {
        return reponse;
    }
    recherche.page = derniere;
    trouver_la_page(index, recherche, points, maintenant)
}

fn trouver_la_page<'a>(index: &'a Index, recherche: &Recherche, points: usize, maintenant: Instant) -> Reponse<'a> {
    let demande = Demande {
        points,
        ..recherche.pour_l_index(PAR_PAGE)
    };
    if recherche.tri == Tri::Distance || (recherche.tri == Tri::Nom && demande.centre.is_none()) {
        return index.chercher(&demande, maintenant);
    }
    let tous = Demande {
        decalage: 0,
        limite: usize::MAX,
        ..demande
    };
    let mut reponse = index.chercher(&tous, maintenant);
    match recherche.tri {
        Tri::Fraicheur => reponse.lieux.sort_by_key(|t| Reverse(t.lieu.date_maj)),
        _ => reponse.lieux.sort_by_cached_key(|t| plier(&t.lieu.nom)),
    }
    let debut = demande.decalage.min(reponse.lieux.len());
    reponse.lieux.drain(..debut);
    reponse.lieux.truncate(PAR_PAGE);
    reponse
}

/// How many places, how far, in which order.
fn nombre(recherche: &Recherche, total: usize, page: &Page) -> String {
    let t = mots(page);
    let r = &t.resultats;
    let lieux = page.pluriel(&t.carte.lieux, total);
    let tri = match recherche.tri {
        Tri::Distance if recherche.centre().is_some() => &r.tri_par_distance,
        Tri::Distance | Tri::Nom => &r.tri_par_nom,
        Tri::Fraicheur => &r.tri_par_fraicheur,
    };
    let lieux = match recherche.rayon() {
        Some(km) => {
            let distance = page.distance(f64::from(km) * 1000.0);
            let phrase = r.dans_un_rayon.avec("lieux", lieux).avec("distance", distance);
            phrase.to_string()
        }
        None => lieux.to_string(),
    };
    match total {
        0 | 1 => lieux,
        _ => r.tries.avec("lieux", lieux).avec("tri", tri).to_string(),
    }
}

fn pagination(recherche: &Recherche, total: usize, page: &Page) -> Pagination {
    let pages = total.div_ceil(PAR_PAGE) as u64;
    let mut paires = recherche.paires();
    paires.retain(|(cle, _)| *cle != "page");
    Pagination::numerotee(recherche.page as u64, pages, |n| {
        let mut paires = paires.clone();
        if n > 1 {
            paires.push(("page", n.to_string()));
        }
        url(page, "/lieux", &paires)
    })
}

fn avec_carte(recherche: &Recherche, carte: bool, page: &Page) -> String {
    Recherche {
        carte,
        ..recherche.clone()
    }
    .url(page)
}

fn carte_locale(recherche: &Recherche, reponse: &Reponse<'_>, premier: usize) -> Option<CarteLocale> {
    // Without a place to look from, the whole country is another map.
    let ou = recherche.centre().is_some() || recherche.nom.is_some() || !recherche.filtres.territoires.is_empty();
    let places: Vec<_> = (premier..)
        .zip(&reponse.lieux)
        .filter_map(|(n, trouve)| Some((n, trouve.lieu.position?.point)))
        .collect();
    if !ou || places.is_empty() {
        return None;
    }
    CarteLocale::tracer(recherche.centre(), &places, reponse.points.iter().copied())
}

fn carte_nationale(index: &Index, recherche: &Recherche, maintenant: Instant) -> CarteNationale {
    let mut toute = Recherche {
        page: 1,
        commune: None,
        ..recherche.clone()
    };
    toute.filtres.autour = None;
    let reponse = index.chercher(
        &Demande {
            comptes: false,
            ..toute.pour_l_index(usize::MAX)
        },
        maintenant,
    );
    let referentiel = Referentiel::embarque();
    CarteNationale::compter(
        reponse
            .lieux
            .iter()
            .filter_map(|t| referentiel.resoudre(t.lieu.adresse.code_insee?)),
    )
}

/// Ways out of an empty page that lead somewhere.
fn issues<'a>(index: &'a Index, recherche: &Recherche, maintenant: Instant, page: &Page) -> Issues<'a> {
    let t = &mots(page).resultats;
    let nombre = |r: &Recherche| {
        let demande = Demande {
            comptes: false,
            ..r.pour_l_index(0)
        };
        index.chercher(&demande, maintenant).total
    };
    let mut liens = Vec::new();
    let mut proposer = |libelle: String, r: &Recherche| match nombre(r) {
        0 => false,
        n => {
            let n = page.pluriel(&mots(page).carte.lieux, n);
            liens.push(Lien::new(format!("{libelle} ({n})"), r.url(page)));
            true
        }
    };
    if let Some(rayon) = recherche.rayon() {
        let plus_loin = RAYONS_KM.into_iter().filter(|km| *km > rayon);
        let _ = plus_loin.map(|km| (km, recherche.clone().a(km))).any(|(km, r)| {
            proposer(
                t.vide_distance
                    .avec("distance", page.distance(f64::from(km) * 1000.0))
                    .to_string(),
                &r,
            )
        });
    }
    let actifs = filtres::actifs(recherche, page);
    for actif in actifs.iter().take(FILTRES_ESSAYES) {
        let requete = actif.url_sans.split_once('?').map_or("", |(_, r)| r);
        proposer(
            t.vide_sans_filtre.avec("nom", &actif.libelle).to_string(),
            &Recherche::lire(requete),
        );
    }
    if actifs.len() > 1 {
        proposer(t.vide_sans_filtres.to_string(), &recherche.sans_filtres());
    }
    if liens.is_empty() {
        liens.push(Lien::new(t.vide_tout.to_string(), page.url("/lieux")));
    }
    Issues {
        liens,
        proche: le_plus_proche(index, recherche, maintenant, page),
    }
}

fn le_plus_proche<'a>(index: &'a Index, recherche: &Recherche, maintenant: Instant, page: &Page) -> Option<Bref<'a>> {
    let demande = Demande {
        centre: Some(recherche.centre()?),
        limite: 1,
        ..Demande::default()
    };
    let (trouves, _) = index.lister(&demande, None, maintenant);
    trouves
        .first()
        .map(|trouve| Bref::de(trouve, 0, index, maintenant, page))
}

/// `POST /lieux`: an address goes this way, so that no street stands in an address of the site.
pub async fn chercher(
    State(app): State<App>,
    page: Page,
    axum::Form(champs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let recherche = Recherche::des_paires(&champs);
    let index = app.part::<Lieux>().index();
    match recherche.saisie.clone() {
        Some(saisie) => match comprendre(&saisie) {
            Comprise::Adresse(commune) => {
                let recherche = depuis_adresse(&app, recherche, &saisie, commune).await;
                Ok(Redirect::to(&recherche.url(&page)).into_response())
            }
            comprise => repondre(&index, recherche, &saisie, comprise, page),
        },
        None => Ok(Redirect::to(&recherche.url(&page)).into_response()),
    }
}
