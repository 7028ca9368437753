//! The wizard: four questions that lead to the results; every step is an address.

use super::{
    demande::{Compris, Recherche, url},
    filtres::{distances, heures},
    recherche::depuis_adresse,
};
use crate::{
    domain::{
        comprehension::{Comprise, comprendre},
        filtres::Ouverture,
        listes::{ListeFermee, PriseEnCharge, Public, Service},
    },
    index::{Demande, Index, Lieux},
    textes::{Liste, Mots, mots},
};
use askama::Template;
use axum::{
    Form,
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{Span, civil::Date};
use socle::{App, clock::Instant, errors::Erreur};
use territoire::{Commune, Referentiel};
use ui::{
    composants::{Choix, Etape, EtatEtape, Lien},
    form::Formulaire,
    formats,
    langue::Langue,
    page::Page,
    rendu::rendre,
    textes::Phrase,
};

/// How many days can be chosen in the last step.
const JOURS: i64 = 6;
/// How many questions there are.
const ETAPES: u8 = 4;

/// A step of the wizard.
#[derive(Debug, Template)]
#[template(path = "lieux/orientation.html")]
pub struct Assistant {
    page: Page,
    t: &'static Mots,
    paroles: Paroles,
    numero: u8,
    etapes: Vec<Etape>,
    form: Formulaire,
    caches: Vec<(&'static str, String)>,
    total: usize,
    besoins: Vec<Choix>,
    communes: Vec<Choix>,
    choisie: Option<String>,
    distances: Vec<Choix>,
    prises_en_charge: Vec<Choix>,
    publics: Vec<Choix>,
    moments: Vec<Choix>,
    heures: Vec<Choix>,
    url_suivante: String,
    url_precedente: Option<String>,
    url_autour: String,
    autres_paroles: Option<Lien>,
}

/// The words of the questions, usual or plainer.
#[derive(Debug, Clone, Copy)]
struct Paroles {
    falc: bool,
    titre: &'static Phrase,
    besoin: &'static Phrase,
    ou: &'static Phrase,
    ou_aide: &'static Phrase,
    distance: &'static Phrase,
    acces: &'static Phrase,
    acces_aide: &'static Phrase,
    public: &'static Phrase,
    quand: &'static Phrase,
    continuer: &'static Phrase,
    voir: &'static Phrase,
    courts: [&'static Phrase; ETAPES as usize],
    besoins: &'static Liste<Service>,
}

impl Paroles {
    fn de(t: &'static Mots, falc: bool) -> Self {
        let o = &t.orientation;
        let usuelles = Self {
            falc: false,
            titre: &o.titre,
            besoin: &o.besoin,
            ou: &o.ou,
            ou_aide: &o.ou_aide,
            distance: &o.distance,
            acces: &o.acces,
            acces_aide: &o.acces_aide,
            public: &o.public,
            quand: &o.quand,
            continuer: &o.continuer,
            voir: &o.voir,
            courts: [&o.besoin_court, &o.ou_court, &o.acces_court, &o.quand_court],
            besoins: &o.besoins,
        };
        match &t.orientation_falc {
            Some(f) if falc => Self {
                falc,
                titre: &f.titre,
                besoin: &f.besoin,
                ou: &f.ou,
                ou_aide: &f.ou_aide,
                distance: &f.distance,
                acces: &f.acces,
                acces_aide: &f.acces_aide,
                public: &f.public,
                quand: &f.quand,
                continuer: &f.continuer,
                voir: &f.voir,
                courts: [&f.besoin_court, &f.ou_court, &f.acces_court, &f.quand_court],
                besoins: &f.besoins,
            },
            _ => usuelles,
        }
    }
}

/// Where the person is in the wizard, and what was answered.
#[derive(Debug, Clone, Default)]
struct Parcours {
    recherche: Recherche,
    numero: u8,
    falc: bool,
}

impl Parcours {
    fn lire(paires: &[(String, String)]) -> Self {
        let valeur = |nom: &str| paires.iter().find(|(cle, _)| cle == nom).map(|(_, v)| v.as_str());
        Self {
            recherche: Recherche::des_paires(paires),
            numero: valeur("etape")
                .and_then(|v| v.parse().ok())
                .unwrap_or(1)
                .clamp(1, ETAPES),
            falc: valeur("falc").is_some_and(|v| !v.is_empty()),
        }
    }

    fn paires(&self, numero: u8) -> Vec<(&'static str, String)> {
        let mut paires = self.recherche.paires();
        if numero > 1 {
            paires.push(("etape", numero.to_string()));
        }
        if self.falc {
            paires.push(("falc", "1".to_owned()));
        }
        paires
    }

    fn url(&self, numero: u8, page: &Page) -> String {
        if numero > ETAPES {
            return self.recherche.url(page);
        }
        url(page, "/orientation", &self.paires(numero))
    }

    /// The keys of the answers that a step gives.
    fn cles(numero: u8) -> &'static [&'static str] {
        match numero {
            1 => &[Service::COLONNE],
            2 => &["commune", "latitude", "longitude", "distance", "compris"],
            3 => &[PriseEnCharge::COLONNE, Public::COLONNE],
            _ => &["ouvert"],
        }
    }

    /// The same journey without the answers of this step.
    fn sans(&self, numero: u8) -> Self {
        let mut sans = self.clone();
        let filtres = &mut sans.recherche.filtres;
        match numero {
            1 => filtres.services.clear(),
            2 => {
                filtres.autour = None;
                sans.recherche.commune = None;
                sans.recherche.rayon_km = None;
            }
            3 => {
                filtres.prises_en_charge.clear();
                filtres.publics.clear();
            }
            _ => filtres.ouverture = None,
        }
        sans
    }
}

/// `GET /orientation`
pub async fn etape(State(app): State<App>, page: Page, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let requete = requete.unwrap_or_default();
    let paires: Vec<_> = form_urlencoded::parse(requete.as_bytes()).into_owned().collect();
    let index = app.part::<Lieux>().index();
    let parcours = Parcours::lire(&paires);
    rendre(&Assistant::nouveau(
        &index,
        parcours,
        Formulaire::vide(),
        &[],
        page,
        app.clock.now(),
    ))
}

/// `POST /orientation`: the second step, since a street may be typed there.
pub async fn situer(
    State(app): State<App>,
    page: Page,
    Form(champs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut parcours = Parcours {
        numero: 2,
        ..Parcours::lire(&champs)
    };
    let index = app.part::<Lieux>().index();
    let saisie = parcours.recherche.saisie.take();
    let suite = |recherche: Recherche, parcours: &Parcours| {
        let parcours = Parcours {
            recherche,
            ..parcours.clone()
        };
        Ok(Redirect::to(&parcours.url(3, &page)).into_response())
    };
    let recherche = parcours.recherche.clone();
    let compris = saisie.as_deref().map(comprendre);
    let o = &mots(&page).orientation;
    let (message, communes) = match compris {
        None if recherche.centre().is_some() => return suite(recherche, &parcours),
        None => (&o.erreur_ou, Vec::new()),
        Some(Comprise::Commune(commune)) => return suite(recherche.depuis_commune(commune), &parcours),
        Some(Comprise::Adresse(commune)) => {
            let adresse = saisie.as_deref().unwrap_or_default();
            return suite(depuis_adresse(&app, recherche, adresse, commune).await, &parcours);
        }
        Some(Comprise::CodePostal(commune)) => {
            return suite(
                recherche.depuis_commune(commune).comprise(Compris::CodePostal),
                &parcours,
            );
        }
        Some(Comprise::Plusieurs(communes)) => (&o.ou_choix, communes),
        Some(Comprise::Autre) => (&o.erreur_introuvable, Vec::new()),
    };
    let mut form = Formulaire::vide().avec("q", saisie.unwrap_or_default());
    form.refuser(if communes.is_empty() { "q" } else { "commune" }, message);
    let statut = form.statut();
    let page_du_choix = Assistant::nouveau(&index, parcours, form, &communes, page, app.clock.now());
    Ok((statut, rendre(&page_du_choix)?).into_response())
}

impl Assistant {
    fn nouveau(
        index: &Index,
        parcours: Parcours,
        form: Formulaire,
        communes: &[&'static Commune],
        mut page: Page,
        maintenant: Instant,
    ) -> Self {
        let t = mots(&page);
        let paroles = Paroles::de(t, parcours.falc);
        let numero = parcours.numero;
        page.titre = format!("{} – {}", paroles.courts[usize::from(numero) - 1], paroles.titre);
        page.description = Some(t.orientation.description.to_string());
        page.langues = Langue::TOUTES.to_vec();
        page.noindex = numero > 1;
        page.canonique = Some("/orientation".to_owned());
        page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
        page.scripts = vec!["compte.js", "autour.js"];
        let demande = Demande {
            comptes: false,
            ..parcours.recherche.pour_l_index(0)
        };
        let aujourdhui = maintenant.day_in("Europe/Paris");
        Self {
            t,
            numero,
            etapes: etapes(&parcours, &paroles, &page),
            form: remplir(form, &parcours.recherche),
            caches: caches(&parcours),
            total: index.chercher(&demande, maintenant).total,
            besoins: besoins(&paroles, t),
            communes: communes.iter().map(|c| choix_de_commune(c)).collect(),
            choisie: choisie(&parcours.recherche, t),
            distances: distances(&page),
            prises_en_charge: choix(&t.listes.prises_en_charge),
            publics: choix(&t.listes.publics),
            moments: moments(aujourdhui, t, &page),
            heures: heures(&page),
            url_suivante: parcours.sans(numero).url(numero + 1, &page),
            url_precedente: (numero > 1).then(|| parcours.url(numero - 1, &page)),
            url_autour: parcours.sans(2).url(3, &page),
            autres_paroles: t.orientation_falc.as_ref().map(|_| autres_paroles(&parcours, t, &page)),
            paroles,
            page,
        }
    }
}

impl Assistant {
    /// Whether the answer may hold an address, which no address of the site may.
    fn envoie(&self) -> bool {
        self.numero == 2 && self.communes.is_empty()
    }
}

fn etapes(parcours: &Parcours, paroles: &Paroles, page: &Page) -> Vec<Etape> {
    (1..=ETAPES)
        .zip(paroles.courts)
        .map(|(rang, libelle)| Etape {
            libelle: (&**libelle).into(),
            etat: match rang.cmp(&parcours.numero) {
                std::cmp::Ordering::Less => EtatEtape::Faite,
                std::cmp::Ordering::Equal => EtatEtape::EnCours,
                std::cmp::Ordering::Greater => EtatEtape::AVenir,
            },
            url: (rang < parcours.numero).then(|| parcours.url(rang, page)),
        })
        .collect()
}

fn remplir(form: Formulaire, recherche: &Recherche) -> Formulaire {
    let form = recherche
        .filtres
        .paires()
        .into_iter()
        .fold(form, |form, (cle, valeur)| match cle {
            "ouvert" => form,
            cle => form.avec(cle, valeur),
        });
    let form = match recherche.filtres.ouverture {
        Some(Ouverture::Maintenant) => form.avec("ouvert", "maintenant"),
        Some(Ouverture::CeWeekEnd) => form.avec("ouvert", "week-end"),
        Some(Ouverture::Le(quand)) => {
            let heure = format!("{:02}:{:02}", quand.hour(), quand.minute());
            form.avec("ouvert", quand.date()).avec("heure", heure)
        }
        None => form,
    };
    form.avec(
        "distance",
        recherche.rayon_km.unwrap_or(super::demande::RAYON_HABITUEL_KM),
    )
    .avec("heure", "10:00")
}

/// What the form of a step carries along: the answers of the others, and where it leads.
fn caches(parcours: &Parcours) -> Vec<(&'static str, String)> {
    let du_pas = Parcours::cles(parcours.numero);
    let suivante = if parcours.numero < ETAPES {
        parcours.numero + 1
    } else {
        1
    };
    let mut caches = parcours.paires(suivante);
    caches.retain(|(cle, _)| !du_pas.contains(cle));
    if parcours.numero == ETAPES {
        caches.retain(|(cle, _)| *cle != "falc");
    }
    caches
}

fn besoins(paroles: &Paroles, t: &'static Mots) -> Vec<Choix> {
    let besoin = |service: Service| {
        let explication = &**paroles.besoins.de(service);
        if paroles.falc {
            Choix::new(service.code(), explication)
        } else {
            Choix::new(service.code(), &**t.listes.services.de(service)).aide(explication)
        }
    };
    let ne_sait_pas = Choix::new("", &*t.orientation.ne_sait_pas);
    Service::toutes().map(besoin).chain([ne_sait_pas]).collect()
}

fn choix<L: ListeFermee>(liste: &'static Liste<L>) -> Vec<Choix> {
    L::toutes()
        .map(|valeur| Choix::new(valeur.code(), &**liste.de(valeur)))
        .collect()
}

fn choix_de_commune(commune: &Commune) -> Choix {
    Choix::new(commune.code.to_string(), Referentiel::embarque().libelle(commune))
}

fn choisie(recherche: &Recherche, t: &'static Mots) -> Option<String> {
    let lieu = match (recherche.commune, recherche.filtres.autour) {
        (Some(commune), _) => Referentiel::embarque().libelle(commune),
        (None, Some(_)) => t.orientation.votre_position.to_string(),
        (None, None) => return None,
    };
    Some(t.orientation.ou_actuelle.avec("lieu", lieu).to_string())
}

fn moments(aujourdhui: Date, t: &'static Mots, page: &Page) -> Vec<Choix> {
    let o = &t.orientation;
    let jours = (1..=JOURS).map(|n| {
        let jour = aujourdhui.saturating_add(Span::new().days(n));
        let nom = formats::majuscule(&formats::jour_et_mois(jour, page.langue));
        Choix::new(jour.to_string(), nom)
    });
    [
        Choix::new("", &*o.peu_importe),
        Choix::new("maintenant", &*o.quand_maintenant),
        Choix::new("week-end", &*o.quand_week_end),
    ]
    .into_iter()
    .chain(jours)
    .collect()
}

fn autres_paroles(parcours: &Parcours, t: &Mots, page: &Page) -> Lien {
    let autre = Parcours {
        falc: !parcours.falc,
        ..parcours.clone()
    };
    let libelle = if parcours.falc {
        &t.orientation.normal
    } else {
        &t.orientation.falc
    };
    Lien::new(libelle.to_string(), autre.url(parcours.numero, page))
}
