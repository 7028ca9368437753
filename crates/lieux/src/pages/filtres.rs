//! The panel of filters: every list of the standard with counts, and the filters that are on.

use super::demande::{RAYONS_KM, Recherche, Tri, url};
use crate::{
    domain::{
        filtres::{Ouverture, Presence},
        listes::{
            Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement,
            PriseEnCharge, Public, Service,
        },
        typologie::Typologie,
    },
    index::{
        Comptes,
        facettes::{ACCES_LIBRE, FRR, Facette, QPV, RENDEZ_VOUS},
    },
    textes::{Liste, Mots, mots},
};
use jiff::{
    Span,
    civil::{Date, Time},
};
use std::borrow::Cow;
use ui::{
    composants::{Choix, FiltreActif, Lien, Onglet},
    form::Formulaire,
    formats,
    page::Page,
    textes::Phrase,
};

/// The first and last hours proposed.
const HEURES: std::ops::RangeInclusive<i8> = 8..=20;
/// How many days ahead can be asked.
const JOURS: i64 = 14;

/// What the panel of filters shows.
#[derive(Debug)]
pub struct Panneau {
    /// The values that are on.
    pub form: Formulaire,
    /// Now, this weekend, a day.
    pub quand: Vec<Choix>,
    /// The hours of the day.
    pub heures: Vec<Choix>,
    /// The distances; empty without a starting point.
    pub distances: Vec<Choix>,
    /// The lists shown at once.
    pub listes: Vec<Groupe>,
    /// The lists to unfold.
    pub autres_listes: Vec<Groupe>,
    /// The orders of the list.
    pub tris: Vec<Choix>,
    /// The hidden pairs that keep where the person is.
    pub lieu: Vec<(&'static str, String)>,
    /// Whether a list to unfold has a value that is on.
    pub autres_actives: bool,
}

/// A list of the standard.
#[derive(Debug)]
pub struct Groupe {
    /// Its key in addresses.
    pub cle: &'static str,
    /// Its name.
    pub legende: &'static str,
    /// Its values with their counts.
    pub choix: Vec<Choix>,
}

impl Panneau {
    /// The panel for this search; without counts, values stand alone.
    pub fn de(recherche: &Recherche, comptes: Option<&Comptes>, aujourdhui: Date, page: &Page) -> Self {
        let t = mots(page);
        let choix = Choisir { comptes };
        let listes = choix.principales(t);
        // The text version stays light: the other lists are one link away.
        let autres_listes = if page.allege && !recherche.tous_les_filtres {
            Vec::new()
        } else {
            choix.secondaires(t, &recherche.filtres.typologies)
        };
        let paires = recherche.paires();
        let autres_actives = paires
            .iter()
            .any(|(cle, _)| autres_listes.iter().any(|g| g.cle == *cle));
        Self {
            form: formulaire(recherche, &paires),
            quand: quand(aujourdhui, t, page),
            heures: heures(page),
            distances: recherche.centre().map(|_| distances(page)).unwrap_or_default(),
            tris: tris(recherche, t),
            listes,
            autres_listes,
            lieu: paires.into_iter().filter(|(cle, _)| est_cache(cle)).collect(),
            autres_actives,
        }
    }
}

fn est_cache(cle: &str) -> bool {
    matches!(
        cle,
        "commune" | "departement" | "region" | "epci" | "latitude" | "longitude" | "nom" | "carte" | "source"
    )
}

fn formulaire(recherche: &Recherche, paires: &[(&'static str, String)]) -> Formulaire {
    let mut form = paires
        .iter()
        .fold(Formulaire::vide(), |form, (cle, valeur)| match *cle {
            "ouvert" | "distance" => form,
            cle => form.avec(cle, valeur),
        });
    if let Some(rayon) = recherche.rayon() {
        form = form.avec("distance", rayon);
    }
    match recherche.filtres.ouverture {
        Some(Ouverture::Maintenant) => form.avec("ouvert", "maintenant"),
        Some(Ouverture::CeWeekEnd) => form.avec("ouvert", "week-end"),
        Some(Ouverture::Le(quand)) => form
            .avec("ouvert", quand.date())
            .avec("heure", code_d_heure(quand.time())),
        None => form.avec("heure", "10:00"),
    }
}

fn code_d_heure(heure: Time) -> String {
    format!("{:02}:{:02}", heure.hour(), heure.minute())
}

fn quand(aujourdhui: Date, t: &'static Mots, page: &Page) -> Vec<Choix> {
    let jours = (0..JOURS).map(|n| {
        let jour = aujourdhui.saturating_add(Span::new().days(n));
        Choix::new(jour.to_string(), formats::jour_et_mois(jour, page.langue))
    });
    [
        Choix::new("maintenant", &*t.filtres.ouvert),
        Choix::new("week-end", &*t.filtres.week_end),
    ]
    .into_iter()
    .chain(jours)
    .collect()
}

/// The hours of a day, to choose from.
pub fn heures(page: &Page) -> Vec<Choix> {
    HEURES
        .filter_map(|h| Time::new(h, 0, 0, 0).ok())
        .map(|heure| Choix::new(code_d_heure(heure), page.heure(heure)))
        .collect()
}

/// The distances, to choose from.
pub fn distances(page: &Page) -> Vec<Choix> {
    RAYONS_KM
        .into_iter()
        .map(|km| Choix::new(km.to_string(), page.distance(f64::from(km) * 1000.0)))
        .collect()
}

/// Makes the choices of a list, with their counts.
#[derive(Debug, Clone, Copy)]
struct Choisir<'a> {
    comptes: Option<&'a Comptes>,
}

impl Choisir<'_> {
    fn principales(&self, t: &'static Mots) -> Vec<Groupe> {
        vec![
            self.groupe(&t.filtres.services, &t.listes.services),
            self.groupe(&t.filtres.frais, &t.listes.frais),
            self.groupe(&t.filtres.acces, &t.listes.modalites_acces),
            self.groupe(&t.filtres.accompagnement, &t.listes.modalites_accompagnement),
        ]
    }

    fn secondaires(&self, t: &'static Mots, choisies: &[Typologie]) -> Vec<Groupe> {
        vec![
            self.groupe::<Public>(&t.filtres.publics, &t.listes.publics),
            self.groupe::<PriseEnCharge>(&t.filtres.prises_en_charge, &t.listes.prises_en_charge),
            self.presences(t),
            self.groupe::<Itinerance>(&t.filtres.itinerance, &t.listes.itinerance),
            self.groupe::<Dispositif>(&t.filtres.dispositifs, &t.listes.dispositifs),
            self.du_standard::<FormationLabel>(&t.filtres.formations, |_| true),
            self.zonages(t),
            self.du_standard(&t.filtres.typologies, |genre| {
                choisies.contains(&genre) || self.comptes.is_some_and(|c| c.de(genre) > 0)
            }),
        ]
    }

    fn groupe<L: Facette>(&self, legende: &'static str, liste: &'static Liste<L>) -> Groupe {
        let choix = |valeur: L| self.choix(valeur.code(), Cow::Borrowed(&**liste.de(valeur)), valeur.bit());
        Groupe {
            cle: L::COLONNE,
            legende,
            choix: L::toutes().map(choix).collect(),
        }
    }

    /// A list whose names are proper names, the same in every language.
    fn du_standard<L: Facette>(&self, legende: &'static str, garder: impl Fn(L) -> bool) -> Groupe {
        let choix = |valeur: L| self.choix(valeur.code(), formats::insecables(valeur.libelle()), valeur.bit());
        Groupe {
            cle: L::COLONNE,
            legende,
            choix: L::toutes().filter(|v| garder(*v)).map(choix).collect(),
        }
    }

    fn presences(&self, t: &'static Mots) -> Groupe {
        Groupe {
            cle: "avec",
            legende: &t.filtres.renseigne,
            choix: vec![
                self.choix(
                    Presence::FicheAccesLibre.code(),
                    Cow::Borrowed(&*t.filtres.accessible),
                    ACCES_LIBRE,
                ),
                self.choix(
                    Presence::PriseRdv.code(),
                    Cow::Borrowed(&*t.filtres.rdv_en_ligne),
                    RENDEZ_VOUS,
                ),
            ],
        }
    }

    fn zonages(&self, t: &'static Mots) -> Groupe {
        Groupe {
            cle: "autres_formations_labels",
            legende: &t.filtres.autres_formations,
            choix: vec![
                self.choix("QPV", Cow::Borrowed(&*t.filtres.qpv), QPV),
                self.choix("FRR", Cow::Borrowed(&*t.filtres.frr), FRR),
            ],
        }
    }

    fn choix(&self, code: &'static str, libelle: Cow<'static, str>, bit: usize) -> Choix {
        let choix = Choix::new(code, libelle);
        match self.comptes {
            Some(comptes) => choix.compte(u64::try_from(comptes.bit(bit)).unwrap_or(u64::MAX)),
            None => choix,
        }
    }
}

/// The filters that are on, each with the address without it.
pub fn actifs(recherche: &Recherche, page: &Page) -> Vec<FiltreActif> {
    let paires: Vec<_> = recherche
        .paires()
        .into_iter()
        .filter(|(cle, _)| *cle != "page")
        .collect();
    let sans = |rang: usize| -> Vec<(&'static str, String)> {
        paires
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != rang)
            .map(|(_, p)| p.clone())
            .collect()
    };
    paires
        .iter()
        .enumerate()
        .filter(|(_, (cle, _))| !Recherche::est_de_lieu(cle))
        .filter_map(|(rang, (cle, valeur))| {
            Some(FiltreActif {
                libelle: nom(cle, valeur, recherche, page)?,
                url_sans: url(page, "/lieux", &sans(rang)),
            })
        })
        .collect()
}

/// The name of a filter, by its pair.
fn nom(cle: &str, valeur: &str, recherche: &Recherche, page: &Page) -> Option<String> {
    let t = mots(page);
    fn de<L: ListeFermee>(liste: &Liste<L>, code: &str) -> Option<String> {
        Some(liste.de(L::du_code(code)?).to_string())
    }
    fn officiel<L: ListeFermee>(code: &str) -> Option<String> {
        Some(formats::insecables(L::du_code(code)?.libelle()).into_owned())
    }
    match cle {
        Service::COLONNE => de(&t.listes.services, valeur),
        Public::COLONNE => de(&t.listes.publics, valeur),
        PriseEnCharge::COLONNE => de(&t.listes.prises_en_charge, valeur),
        Frais::COLONNE => de(&t.listes.frais, valeur),
        Dispositif::COLONNE => de(&t.listes.dispositifs, valeur),
        ModaliteAcces::COLONNE => de(&t.listes.modalites_acces, valeur),
        ModaliteAccompagnement::COLONNE => de(&t.listes.modalites_accompagnement, valeur),
        Itinerance::COLONNE => de(&t.listes.itinerance, valeur),
        FormationLabel::COLONNE => officiel::<FormationLabel>(valeur),
        Typologie::COLONNE => officiel::<Typologie>(valeur),
        "distance" => Some(
            t.filtres
                .moins_de
                .avec("distance", page.distance(valeur.parse::<f64>().ok()? * 1000.0))
                .to_string(),
        ),
        "ouvert" => recherche.filtres.ouverture.map(|quand| moment(quand, page)),
        "avec" => Some(match valeur {
            "fiche-acces-libre" => t.filtres.accessible.to_string(),
            "prise-rdv" => t.filtres.rdv_en_ligne.to_string(),
            code => Presence::TOUTES
                .into_iter()
                .find(|p| p.code() == code)?
                .libelle()
                .to_owned(),
        }),
        "autres_formations_labels" => Some(match valeur {
            "QPV" => t.filtres.qpv.to_string(),
            "FRR" => t.filtres.frr.to_string(),
            autre => autre.to_owned(),
        }),
        "source" => Some(format!("{} : {valeur}", t.filtres.source)),
        "departement" | "region" | "epci" => territoire(cle, valeur),
        _ => None,
    }
}

/// When the place must be open, in words.
fn moment(quand: Ouverture, page: &Page) -> String {
    let t = &mots(page).filtres;
    match quand {
        Ouverture::Maintenant => t.ouvert.to_string(),
        Ouverture::CeWeekEnd => t.week_end.to_string(),
        Ouverture::Le(quand) => {
            let jour = t.ouvert_a.avec("jour", page.jour_et_mois(quand.date()));
            jour.avec("heure", page.heure(quand.time())).to_string()
        }
    }
}

/// The name of a territory, by its pair.
pub fn territoire(cle: &str, code: &str) -> Option<String> {
    let referentiel = territoire::Referentiel::embarque();
    let nom = match cle {
        "departement" => referentiel.departement(code.parse().ok()?)?.nom,
        "region" => referentiel.region(code.parse().ok()?)?.nom,
        "epci" => referentiel.epci(code.parse().ok()?)?.nom,
        _ => referentiel.resoudre(code.parse().ok()?)?.nom,
    };
    Some(nom.to_owned())
}

/// The filters that people want most, one click away: each link turns one on or off.
pub fn raccourcis(recherche: &Recherche, page: &Page) -> Vec<Onglet> {
    let t = mots(page);
    let mut paires = recherche.paires();
    paires.retain(|(cle, _)| *cle != "page");
    let raccourci = |libelle: &Phrase, cle: &'static str, valeur: &str| {
        let paire = (cle, valeur.to_owned());
        let actif = paires.contains(&paire);
        let mut autres: Vec<_> = paires
            .iter()
            .filter(|p| **p != paire && !(cle == "ouvert" && p.0 == cle))
            .cloned()
            .collect();
        if !actif {
            autres.push(paire);
        }
        // Read again, so that the address is the canonical one.
        let url =
            Recherche::des_paires(&autres.into_iter().map(|(c, v)| (c.to_owned(), v)).collect::<Vec<_>>()).url(page);
        Onglet {
            lien: Lien::new(libelle.to_string(), url),
            actif,
        }
    };
    vec![
        raccourci(&t.filtres.ouvert, "ouvert", "maintenant"),
        raccourci(&t.filtres.week_end, "ouvert", "week-end"),
        raccourci(&t.venue.sans, ModaliteAcces::COLONNE, ModaliteAcces::SePresenter.code()),
        raccourci(t.listes.frais.de(Frais::Gratuit), Frais::COLONNE, Frais::Gratuit.code()),
        raccourci(
            t.listes.modalites_accompagnement.de(ModaliteAccompagnement::ADistance),
            ModaliteAccompagnement::COLONNE,
            ModaliteAccompagnement::ADistance.code(),
        ),
        raccourci(
            t.listes.itinerance.de(Itinerance::Itinerant),
            Itinerance::COLONNE,
            Itinerance::Itinerant.code(),
        ),
    ]
}

/// The orders, to choose from.
fn tris(recherche: &Recherche, t: &'static Mots) -> Vec<Choix> {
    Tri::TOUS
        .into_iter()
        .filter(|tri| *tri != Tri::Distance || recherche.centre().is_some())
        .map(|tri| {
            let libelle = match tri {
                Tri::Distance => &t.resultats.tri_distance,
                Tri::Nom => &t.resultats.tri_nom,
                Tri::Fraicheur => &t.resultats.tri_fraicheur,
            };
            Choix::new(tri.code(), &**libelle)
        })
        .collect()
}
