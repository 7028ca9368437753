//! The page of a place.

use super::{
    bref::{self, Bref},
    en_mots::{self, Badge, Ouvertures, ProchainPassage},
    origines,
};
use crate::{
    domain::{
        lieu::{Lieu, Precision},
        listes::ListeFermee,
    },
    index::{Demande, Index, Lieux},
    permissions::RevendiquerLieu,
    store::import::Origine,
    textes::{Mots, mots},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Span;
use socle::{App, clock::Instant, errors::Erreur, permissions::may_try};
use territoire::{Commune, Referentiel};
use ui::{
    composants::{Description, JourDeSemaine, Lien, Ton, Valeur},
    formats,
    langue::Langue,
    page::Page,
    rendu::rendre,
    textes::Phrase,
};
use uuid::Uuid;

/// How many neighbours are shown.
const PROCHES: usize = 3;

/// The page of a place.
#[derive(Debug, Template)]
#[template(path = "lieux/fiche.html")]
pub struct Fiche<'a> {
    page: Page,
    t: &'static Mots,
    lieu: &'a Lieu,
    genre: &'static str,
    badge: Badge,
    venue: Option<&'static Phrase>,
    venue_detail: &'static Phrase,
    telephone: Option<String>,
    contact: Vec<Description>,
    adresse: Vec<Description>,
    semaine: Vec<JourDeSemaine>,
    heure_locale: Option<String>,
    passages: Vec<ProchainPassage>,
    aide: Vec<Description>,
    reseaux: Vec<Description>,
    ancienne: bool,
    origines: Vec<Description>,
    proches: Vec<Bref<'a>>,
    json_ld: String,
}

/// No such place.
#[derive(Debug, Template)]
#[template(path = "lieux/introuvable.html")]
struct Introuvable {
    page: Page,
    t: &'static Mots,
}

/// `GET /lieux/{identifiant}`
pub async fn fiche(State(app): State<App>, page: Page, Path(identifiant): Path<String>) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let Some(id) = index.resoudre(&identifiant) else {
        return introuvable(page);
    };
    if id.to_string() != identifiant {
        let url = page.url(&format!("/lieux/{id}"));
        return Ok(Redirect::permanent(&url).into_response());
    }
    match Fiche::de(&index, id, page.clone(), app.clock.now()) {
        Some(fiche) => rendre(&fiche.avec_origines(origines::lire(&app, id).await)),
        None => introuvable(page),
    }
}

fn introuvable(mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    page.titre = t.fiche.titre_introuvable.to_string();
    page.noindex = true;
    page.scripts = vec!["recherche.js", "autour.js"];
    Ok((StatusCode::NOT_FOUND, rendre(&Introuvable { page, t })?).into_response())
}

impl<'a> Fiche<'a> {
    /// The page of this place at this instant.
    pub fn de(index: &'a Index, id: Uuid, mut page: Page, maintenant: Instant) -> Option<Self> {
        let lieu = index.fiche(id)?;
        let ouvertures = Ouvertures::de(index, lieu)?;
        let t = mots(&page);
        let commune = lieu
            .adresse
            .code_insee
            .and_then(|code| Referentiel::embarque().resoudre(code));
        habiller(&mut page, lieu, commune, t);
        let jours = en_mots::jours(&ouvertures, maintenant);
        let local = ouvertures.calendrier.heure_locale(maintenant);
        let a_paris = ouvertures.calendrier.fuseau == "Europe/Paris";
        Some(Self {
            t,
            lieu,
            genre: lieu.typologies.first().map_or("", |genre| genre.libelle()),
            badge: en_mots::badge(&ouvertures, maintenant, &page),
            venue: bref::venue(lieu, t),
            venue_detail: bref::venue_detail(lieu, t),
            telephone: lieu.contact.telephone.as_ref().map(|numero| numero.affiche()),
            contact: contact(lieu, t),
            adresse: adresse(lieu, t),
            semaine: en_mots::semaine(&jours, commune, &page),
            heure_locale: (!a_paris).then(|| t.horaires.sur_place.avec("heure", page.heure(local.time())).to_string()),
            passages: en_mots::passages(lieu, ouvertures.calendrier, maintenant, &page),
            aide: aide(lieu, t),
            reseaux: reseaux(lieu, t),
            ancienne: lieu
                .mise_a_jour()
                .is_some_and(|jour| jour < local.date().saturating_sub(Span::new().years(1))),
            origines: Vec::new(),
            proches: proches(index, lieu, maintenant, &page),
            json_ld: super::json_ld::decrire(lieu, &jours, &page),
            page,
        })
    }

    /// The same page, which says where each field comes from.
    pub fn avec_origines(mut self, origines: Vec<Origine>) -> Self {
        self.origines = origines::decrire(origines, self.t);
        self
    }

    /// When the place was last updated, in words.
    fn mise_a_jour(&self) -> String {
        let t = &self.t.fiche;
        en_mots::mise_a_jour(self.lieu, &t.mise_a_jour, &t.date_inconnue, &self.page)
    }

    /// The addresses that report a mistake, by what is wrong.
    fn signalements(&self) -> Vec<Lien> {
        let t = &self.t.fiche;
        [
            (&t.adresse, "adresse"),
            (&t.telephone, "telephone"),
            (&t.horaires, "horaires"),
            (&t.services, "services"),
            (&t.venue, "modalites_acces"),
            (&t.accessibilite, "fiche_acces_libre"),
        ]
        .into_iter()
        .map(|(nom, champ)| Lien::new(nom.to_string(), format!("{}?champ={champ}", self.sous_page("signaler"))))
        .collect()
    }

    /// The next visit of a place that has no hours but its visits.
    fn prochain_passage(&self) -> Option<String> {
        let sans_horaires = self.lieu.horaires.is_none();
        let prochain = self.passages.first().filter(|_| sans_horaires);
        prochain.map(|passage| bref::annonce(passage, self.t))
    }

    /// The address of a page about this place.
    fn sous_page(&self, nom: &str) -> String {
        self.page.url_generale(&format!("/lieux/{}/{nom}", self.lieu.id))
    }

    /// The address to copy.
    fn url_absolue(&self) -> String {
        self.page.absolue(&self.page.url(&format!("/lieux/{}", self.lieu.id)))
    }

    /// Where a host asks to answer for this place.
    fn revendication(&self) -> Option<String> {
        let propose = self.page.langue == Langue::Fr && may_try::<RevendiquerLieu>(&self.page.acteur);
        let chemin = format!("/espace/revendications/nouvelle?lieu={}", self.lieu.id);
        propose.then(|| self.page.fixe(&chemin))
    }

    fn url_autour(&self) -> String {
        let code = self.lieu.adresse.code_insee;
        let commune = code.map(|code| format!("/lieux?commune={code}"));
        self.page.url(commune.as_deref().unwrap_or("/lieux"))
    }

    /// Whether texts of the place are in another language than the page.
    fn en_francais(&self) -> bool {
        self.page.langue != Langue::Fr
    }
}

fn habiller(page: &mut Page, lieu: &Lieu, commune: Option<&Commune>, t: &Mots) {
    page.titre.clone_from(&lieu.nom);
    let description = t
        .fiche
        .description
        .avec("nom", &lieu.nom)
        .avec("commune", &lieu.adresse.commune);
    page.description = Some(description.to_string());
    page.canonique = Some(format!("/lieux/{}", lieu.id));
    page.langues = Langue::TOUTES.to_vec();
    page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
    if let Some(commune) = commune {
        let titre = t.resultats.titre_lieu.avec("lieu", commune.nom).to_string();
        page.fil
            .push(Lien::new(titre, page.url(&format!("/lieux?commune={}", commune.code))));
    }
    page.scripts = vec!["copie.js", "imprimer.js"];
}

fn contact(lieu: &Lieu, t: &'static Mots) -> Vec<Description> {
    let mut lignes = Vec::new();
    let mut ajouter = |terme: &'static Phrase, valeurs: Vec<Valeur>| {
        if !valeurs.is_empty() {
            lignes.push(Description::lignes(&**terme, valeurs));
        }
    };
    let telephone = lieu.contact.telephone.iter().map(|n| Valeur::Telephone(n.affiche()));
    ajouter(&t.fiche.telephone, telephone.collect());
    let courriels = lieu
        .contact
        .courriels
        .iter()
        .map(|c| Valeur::Courriel(c.as_str().to_owned()));
    ajouter(&t.fiche.courriel, courriels.collect());
    let sites = lieu
        .contact
        .sites_web
        .iter()
        .map(|s| Valeur::lien(sans_protocole(s.as_str()), s.as_str()));
    ajouter(&t.fiche.site, sites.collect());
    lignes
}

/// An address as one says it.
fn sans_protocole(url: &str) -> &str {
    let nu = url.split_once("://").map_or(url, |(_, reste)| reste);
    nu.strip_prefix("www.").unwrap_or(nu).trim_end_matches('/')
}

fn adresse(lieu: &Lieu, t: &'static Mots) -> Vec<Description> {
    let a = &lieu.adresse;
    let mut lignes: Vec<Valeur> = Vec::new();
    lignes.extend(a.complement.as_deref().map(Valeur::texte));
    lignes.extend(Some(a.voie.as_str()).filter(|v| !v.is_empty()).map(Valeur::texte));
    lignes.push(Valeur::texte(format!("{} {}", a.code_postal, a.commune)));
    let mut adresse = vec![Description::lignes(&*t.fiche.adresse, lignes)];
    if let Some(position) = lieu.position {
        let (latitude, longitude) = (position.point.latitude, position.point.longitude);
        let coordonnees = t.fiche.coordonnees.avec("latitude", format_args!("{latitude:.5}"));
        let mut venir = vec![
            Valeur::lien(
                t.fiche.itineraire.to_string(),
                format!("geo:{latitude:.6},{longitude:.6}"),
            ),
            Valeur::texte(
                coordonnees
                    .avec("longitude", format_args!("{longitude:.5}"))
                    .to_string(),
            ),
        ];
        if position.precision == Precision::Commune {
            venir.push(Valeur::texte(t.fiche.approche.to_string()));
        }
        adresse.push(Description::lignes(&*t.fiche.itineraire_titre, venir));
    }
    let accessibilite = match &lieu.fiche_acces_libre {
        Some(fiche) => Valeur::lien(t.fiche.acceslibre.to_string(), fiche.as_str()),
        None => Valeur::texte(t.fiche.acceslibre_absente.to_string()),
    };
    adresse.push(Description::lignes(&*t.fiche.accessibilite, vec![accessibilite]));
    adresse
}

fn aide(lieu: &Lieu, t: &'static Mots) -> Vec<Description> {
    let textes = |liste: Vec<&Phrase>, vide: Option<&Phrase>| -> Vec<Valeur> {
        let vide = vide.filter(|_| liste.is_empty());
        liste
            .into_iter()
            .chain(vide)
            .map(|phrase| Valeur::texte(phrase.to_string()))
            .collect()
    };
    let listes = &t.listes;
    let lignes = [
        (
            &t.fiche.services,
            textes(
                lieu.services.iter().map(|v| listes.services.de(*v)).collect(),
                Some(&t.fiche.services_absents),
            ),
        ),
        (
            &t.fiche.accompagnement,
            textes(
                lieu.modalites_accompagnement
                    .iter()
                    .map(|v| listes.modalites_accompagnement.de(*v))
                    .collect(),
                None,
            ),
        ),
        (
            &t.fiche.prix,
            textes(
                lieu.frais.iter().map(|v| listes.frais.de(*v)).collect(),
                Some(&t.fiche.prix_inconnu),
            ),
        ),
        (
            &t.fiche.publics,
            textes(
                lieu.publics.iter().map(|v| listes.publics.de(*v)).collect(),
                Some(&t.fiche.tout_public),
            ),
        ),
        (
            &t.fiche.prises_en_charge,
            textes(
                lieu.prises_en_charge
                    .iter()
                    .map(|v| listes.prises_en_charge.de(*v))
                    .collect(),
                None,
            ),
        ),
    ];
    decrire(lignes)
}

fn reseaux(lieu: &Lieu, t: &'static Mots) -> Vec<Description> {
    let officiel = |libelle: &str| Valeur::texte(formats::insecables(libelle));
    let genres = lieu.typologies.iter().map(|v| officiel(v.libelle())).collect();
    let dispositifs = lieu
        .dispositifs
        .iter()
        .map(|v| Valeur::texte(t.listes.dispositifs.de(*v).to_string()));
    let formations = lieu.formations.iter().map(|v| officiel(v.libelle()));
    let autres = lieu.autres_formations.iter().map(|texte| {
        officiel(match texte.as_str() {
            "QPV" => &t.filtres.qpv,
            "FRR" | "ZRR" => &t.filtres.frr,
            autre => autre,
        })
    });
    decrire([
        (&t.fiche.genre, genres),
        (&t.fiche.reseaux, dispositifs.chain(formations).chain(autres).collect()),
        (
            &t.fiche.structure,
            lieu.structure_parente.iter().map(|s| officiel(s)).collect(),
        ),
    ])
}

fn decrire<const N: usize>(lignes: [(&'static Phrase, Vec<Valeur>); N]) -> Vec<Description> {
    lignes
        .into_iter()
        .filter(|(_, valeurs)| !valeurs.is_empty())
        .map(|(terme, valeurs)| Description::lignes(&**terme, valeurs))
        .collect()
}

fn proches<'a>(index: &'a Index, lieu: &Lieu, maintenant: Instant, page: &Page) -> Vec<Bref<'a>> {
    let Some(position) = lieu.position else {
        return Vec::new();
    };
    let demande = Demande {
        centre: Some(position.point),
        limite: PROCHES + 1,
        ..Demande::default()
    };
    let (trouves, _) = index.lister(&demande, None, maintenant);
    trouves
        .iter()
        .filter(|trouve| trouve.lieu.id != lieu.id)
        .take(PROCHES)
        .map(|trouve| Bref::de(trouve, 0, index, maintenant, page))
        .collect()
}
