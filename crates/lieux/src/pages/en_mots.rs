//! Opening hours and visits told in words, in the language of the page and at the time of the place.

use crate::{
    domain::lieu::{Lieu, Passage, Visite},
    index::{CalendrierLocal, Index},
    textes::{Mots, mots},
};
use horaires::{Etat, Heure, Horaires, JourOuvert, Nature, Plage};
use jiff::{
    Span,
    civil::{Date, DateTime, Time},
};
use socle::clock::Instant;
use territoire::Commune;
use ui::{
    composants::{JourDeSemaine, Ouverture},
    formats,
    page::Page,
    textes::Phrase,
};

/// Less than this before the doors close, the badge warns.
const BIENTOT_MINUTES: i64 = 30;
/// How far ahead a visit is announced, in days.
const PASSAGES_JOURS: i64 = 62;

/// The hours of a place and the clock by which they are read.
#[derive(Debug, Clone, Copy)]
pub struct Ouvertures<'a> {
    /// The hours, when they could be read.
    pub horaires: Option<&'a Horaires>,
    /// The holidays and the clock of the place.
    pub calendrier: &'a CalendrierLocal,
}

impl<'a> Ouvertures<'a> {
    /// Those of a place of the index.
    pub fn de(index: &'a Index, lieu: &Lieu) -> Option<Self> {
        Some(Self {
            horaires: index.horaires(lieu.id),
            calendrier: index.calendrier(lieu.id)?,
        })
    }
}

/// A badge: its state, and what is added to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Badge {
    /// The state; none when the place only adds a comment such as "sur rendez-vous".
    pub etat: Option<Ouverture>,
    /// Until when, from when, or the comment.
    pub detail: String,
}

/// Whether the place is open now, until when, or when it opens.
pub fn badge(ouvertures: &Ouvertures<'_>, maintenant: Instant, page: &Page) -> Badge {
    let Some(horaires) = ouvertures.horaires else {
        return Badge {
            etat: Some(Ouverture::Inconnu),
            detail: String::new(),
        };
    };
    let local = ouvertures.calendrier.heure_locale(maintenant);
    let t = &mots(page).horaires;
    match horaires.etat(local, ouvertures.calendrier) {
        Etat::Ouvert { jusqu_a, .. } => {
            let bientot = jusqu_a.is_some_and(|fin| fin <= local.saturating_add(Span::new().minutes(BIENTOT_MINUTES)));
            Badge {
                etat: Some(if bientot {
                    Ouverture::FermeBientot
                } else {
                    Ouverture::Ouvert
                }),
                detail: jusqu_a.map_or_else(|| t.sans_interruption.to_string(), |fin| fermeture(local, fin, page)),
            }
        }
        Etat::Ferme { ouvre_a, .. } => Badge {
            etat: Some(Ouverture::Ferme),
            detail: ouvre_a.map(|debut| ouverture(local, debut, page)).unwrap_or_default(),
        },
        Etat::Inconnu { commentaire } => Badge {
            etat: commentaire.is_none().then_some(Ouverture::Inconnu),
            detail: commentaire.map(|texte| formats::majuscule(&texte)).unwrap_or_default(),
        },
    }
}

fn fermeture(local: DateTime, fin: DateTime, page: &Page) -> String {
    let t = &mots(page).horaires;
    let demain = local.date().tomorrow().ok();
    if fin.date() == local.date() || (demain == Some(fin.date()) && fin.time() <= Time::constant(6, 0, 0, 0)) {
        return t.jusqu_a.avec("heure", heure(fin.time(), page)).to_string();
    }
    let jour_et_heure = format!("{} {}", jour(local.date(), fin.date(), page), heure(fin.time(), page));
    t.jusqu_a.avec("heure", jour_et_heure).to_string()
}

fn ouverture(local: DateTime, debut: DateTime, page: &Page) -> String {
    let t = &mots(page).horaires;
    let heure = heure(debut.time(), page);
    if debut.date() == local.date() {
        t.ouvre_aujourdhui.avec("heure", heure).to_string()
    } else if local.date().tomorrow().ok() == Some(debut.date()) {
        t.ouvre_demain.avec("heure", heure).to_string()
    } else {
        let jour = jour(local.date(), debut.date(), page);
        t.ouvre_jour.avec("jour", jour).avec("heure", heure).to_string()
    }
}

/// A day as one says it from another: the name of the day within the week, the date further on.
fn jour(depuis: Date, jour: Date, page: &Page) -> String {
    let t = &mots(page).horaires;
    match (jour - depuis).get_days() {
        0 => t.aujourdhui.to_string(),
        1 => t.demain.to_string(),
        2..=6 => formats::jour_de_la_semaine(jour, page.langue).to_owned(),
        _ => formats::jour_et_mois(jour, page.langue),
    }
}

fn heure(heure: Time, page: &Page) -> String {
    if heure == Time::midnight() {
        mots(page).horaires.minuit.to_string()
    } else {
        formats::heure(heure, page.langue)
    }
}

fn heure_de(heure_du_lieu: Heure, page: &Page) -> String {
    // A day ends at 24:00, which a clock shows as midnight.
    let heures = i8::try_from(heure_du_lieu.heures() % 24).unwrap_or_default();
    let minutes = i8::try_from(heure_du_lieu.minutes()).unwrap_or_default();
    heure(Time::new(heures, minutes, 0, 0).unwrap_or_default(), page)
}

/// The seven days that start today; none when the hours could not be read.
pub fn jours(ouvertures: &Ouvertures<'_>, maintenant: Instant) -> Vec<JourOuvert> {
    let aujourdhui = ouvertures.calendrier.heure_locale(maintenant).date();
    let jour = |horaires: &Horaires| {
        let jours = (0..7).map(|rang| aujourdhui.saturating_add(Span::new().days(rang)));
        jours.map(|date| horaires.jour(date, ouvertures.calendrier)).collect()
    };
    ouvertures.horaires.map(jour).unwrap_or_default()
}

/// The same days in words, today first.
pub fn semaine(jours: &[JourOuvert], commune: Option<&Commune>, page: &Page) -> Vec<JourDeSemaine> {
    let t = &mots(page).horaires;
    let en_mots = |(rang, jour): (usize, &JourOuvert)| {
        let ferie = commune.and_then(|c| territoire::jour_ferie(jour.date, c));
        JourDeSemaine {
            nom: formats::majuscule(&formats::jour_et_mois(jour.date, page.langue)),
            heures: plages(&jour.plages, page).unwrap_or_else(|| t.ferme.to_string()),
            note: match (ferie, &jour.commentaire) {
                (Some(nom), _) => Some(t.ferie.avec("nom", nom).to_string()),
                (None, Some(commentaire)) if jour.plages.is_empty() => Some(formats::majuscule(commentaire)),
                _ => None,
            },
            aujourdhui: rang == 0,
        }
    };
    jours.iter().enumerate().map(en_mots).collect()
}

/// The stretches of a day: "9 h à 12 h et 14 h à 17 h"; nothing when it is closed.
fn plages(plages: &[Plage], page: &Page) -> Option<String> {
    let t = mots(page);
    let (derniere, premieres) = plages.split_last()?;
    let derniere = plage(derniere, t, page);
    if premieres.is_empty() {
        return Some(derniere);
    }
    let premieres: Vec<String> = premieres.iter().map(|p| plage(p, t, page)).collect();
    let debut = premieres.join(", ");
    Some(t.horaires.et.avec("debut", debut).avec("fin", derniere).to_string())
}

fn plage(plage: &Plage, t: &Mots, page: &Page) -> String {
    let jour_entier = plage.debut.minutes_depuis_minuit() == 0 && plage.fin >= Heure::MINUIT;
    let texte = if jour_entier {
        t.horaires.sans_interruption.to_string()
    } else {
        let modele = &page.t().dates.plage;
        let debut = modele.avec("debut", heure_de(plage.debut, page));
        debut.avec("fin", heure_de(plage.fin, page)).to_string()
    };
    match (&plage.commentaire, plage.nature) {
        (Some(commentaire), _) => {
            let avec = t.horaires.commentaire.avec("plage", texte);
            avec.avec("commentaire", commentaire).to_string()
        }
        (None, Nature::Inconnu) => t.horaires.incertain.avec("plage", texte).to_string(),
        (None, Nature::Ouvert) => texte,
    }
}

/// A coming visit of an itinerant place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProchainPassage {
    /// The day, in words.
    pub quand: String,
    /// The hours, in words, when they are known.
    pub heures: Option<String>,
    /// Where it stops, in words.
    pub endroit: Option<String>,
    /// The day itself.
    pub date: Date,
}

/// When a place was last updated: `connue` with its date, else `inconnue`.
pub fn mise_a_jour(lieu: &Lieu, connue: &Phrase, inconnue: &Phrase, page: &Page) -> String {
    let jour = lieu.mise_a_jour();
    jour.map_or_else(
        || inconnue.to_string(),
        |jour| connue.avec("date", page.date(jour)).to_string(),
    )
}

/// The next visit of each stop within two months, the soonest first.
pub fn passages(lieu: &Lieu, calendrier: &CalendrierLocal, maintenant: Instant, page: &Page) -> Vec<ProchainPassage> {
    let aujourdhui = calendrier.heure_locale(maintenant).date();
    let passage = |visite| prochain(visite, calendrier, aujourdhui, page);
    let mut passages: Vec<ProchainPassage> = lieu.visites.iter().filter_map(passage).collect();
    passages.sort_by_key(|p| p.date);
    passages
}

fn prochain(visite: &Visite, calendrier: &CalendrierLocal, aujourdhui: Date, page: &Page) -> Option<ProchainPassage> {
    let (date, heures) = match &visite.quand {
        Passage::Date { date, horaires } => {
            let lues = horaires.as_deref().and_then(|texte| Horaires::parse(texte).ok());
            let heures = lues.and_then(|h| plages(&h.jour(*date, calendrier).plages, page));
            (*date, heures)
        }
        Passage::Recurrent { regle } => {
            let regle = Horaires::parse(regle).ok()?;
            (0..PASSAGES_JOURS).find_map(|n| {
                let date = aujourdhui.saturating_add(Span::new().days(n));
                let jour = regle.jour(date, calendrier);
                plages(&jour.plages, page).map(|heures| (date, Some(heures)))
            })?
        }
    };
    (date >= aujourdhui).then(|| ProchainPassage {
        quand: quand(aujourdhui, date, page),
        heures,
        endroit: endroit(visite),
        date,
    })
}

fn quand(aujourdhui: Date, date: Date, page: &Page) -> String {
    match (date - aujourdhui).get_days() {
        0 | 1 => jour(aujourdhui, date, page),
        _ => formats::jour_et_mois(date, page.langue),
    }
}

/// "Viriat, place de la mairie".
fn endroit(visite: &Visite) -> Option<String> {
    let commune = visite
        .commune
        .and_then(|code| territoire::Referentiel::embarque().resoudre(code));
    match (commune, &visite.endroit) {
        (Some(commune), Some(endroit)) => Some(format!("{}, {endroit}", commune.nom)),
        (Some(commune), None) => Some(commune.nom.to_owned()),
        (None, endroit) => endroit.clone(),
    }
}
