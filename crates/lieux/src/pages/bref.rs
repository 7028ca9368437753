//! A place in a list: what one needs to choose it, the telephone first.

use super::en_mots::{self, Badge, Ouvertures, ProchainPassage};
use crate::{
    domain::{
        lieu::Lieu,
        listes::{Frais, ListeFermee},
        venue::Venue,
    },
    index::{Index, Trouve},
    textes::{Mots, mots},
};
use socle::clock::Instant;
use std::borrow::Cow;
use ui::{
    composants::{Etiquette, Ton},
    page::Page,
    textes::Phrase,
};

/// How many services are named before the others are counted.
const SERVICES_NOMMES: usize = 3;

/// A place in a list.
#[derive(Debug)]
pub struct Bref<'a> {
    /// Its rank in the whole list, from 1, which the map repeats; 0 outside a list with a map.
    pub numero: usize,
    /// Its name.
    pub nom: &'a str,
    /// Its page.
    pub url: String,
    /// Its kind and its distance.
    pub surtitre: String,
    /// Its address on one line.
    pub adresse: String,
    /// Open or closed.
    pub badge: Badge,
    /// Its telephone, as it is read.
    pub telephone: Option<String>,
    /// Price, appointment, visits.
    pub etiquettes: Vec<Etiquette>,
    /// What is done there.
    pub services: Option<String>,
    /// The next visit of an itinerant place.
    pub passage: Option<String>,
}

impl<'a> Bref<'a> {
    /// What a list shows of a place that was found.
    pub fn de(trouve: &Trouve<'a>, numero: usize, index: &'a Index, maintenant: Instant, page: &Page) -> Self {
        let lieu = trouve.lieu;
        let t = mots(page);
        let ouvertures = Ouvertures::de(index, lieu);
        let badge = ouvertures
            .map(|o| en_mots::badge(&o, maintenant, page))
            .unwrap_or_default();
        Self {
            numero,
            nom: &lieu.nom,
            url: page.url(&format!("/lieux/{}", lieu.id)),
            surtitre: surtitre(trouve, t, page),
            adresse: adresse(lieu),
            badge,
            telephone: lieu.contact.telephone.as_ref().map(|numero| numero.affiche()),
            etiquettes: etiquettes(lieu, t),
            services: services(lieu, t),
            passage: ouvertures.and_then(|o| passage(lieu, &o, maintenant, t, page)),
        }
    }
}

impl Bref<'_> {
    /// Where the map's pin leads; empty for a place without a number.
    pub fn ancre(&self) -> String {
        match self.numero {
            0 => String::new(),
            numero => format!("lieu-{numero}"),
        }
    }
}

fn surtitre(trouve: &Trouve<'_>, t: &Mots, page: &Page) -> String {
    let genre = trouve
        .lieu
        .typologies
        .first()
        .map(|genre| Cow::Borrowed(genre.libelle()));
    let distance = trouve.distance_m.map(|metres| {
        Cow::Owned(
            t.resultats
                .a_distance
                .avec("distance", page.distance(metres))
                .to_string(),
        )
    });
    [genre, distance].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The address on one line.
pub fn adresse(lieu: &Lieu) -> String {
    let a = &lieu.adresse;
    let voie = a.voie.trim();
    let separateur = if voie.is_empty() { "" } else { ", " };
    format!("{voie}{separateur}{} {}", a.code_postal, a.commune)
}

/// How one is received, in a few words; nothing when the place does not say.
pub fn venue(lieu: &Lieu, t: &'static Mots) -> Option<&'static Phrase> {
    match Venue::de(lieu) {
        Venue::SansRendezVous => Some(&t.venue.sans),
        Venue::AvecOuSansRendezVous => Some(&t.venue.avec_ou_sans),
        Venue::SurRendezVous => Some(&t.venue.sur),
        Venue::Telephoner => Some(&t.venue.telephoner),
        Venue::Ecrire => Some(&t.venue.ecrire),
        Venue::SurPrescription => Some(&t.venue.prescription),
        Venue::PasDePublic => Some(&t.venue.public),
        Venue::Inconnue => None,
    }
}

/// How one is received, in a sentence.
pub fn venue_detail(lieu: &Lieu, t: &'static Mots) -> &'static Phrase {
    match Venue::de(lieu) {
        Venue::SansRendezVous => &t.venue.sans_detail,
        Venue::AvecOuSansRendezVous => &t.venue.avec_ou_sans_detail,
        Venue::SurRendezVous => &t.venue.sur_detail,
        Venue::Telephoner => &t.venue.telephoner_detail,
        Venue::Ecrire => &t.venue.ecrire_detail,
        Venue::SurPrescription => &t.venue.prescription_detail,
        Venue::PasDePublic => &t.venue.public_detail,
        Venue::Inconnue => &t.venue.inconnue_detail,
    }
}

fn etiquettes(lieu: &Lieu, t: &'static Mots) -> Vec<Etiquette> {
    let etiquette = |phrase: &'static Phrase, ton| Etiquette::new(&**phrase, ton);
    let ton_de_la_venue = match Venue::de(lieu) {
        Venue::SansRendezVous | Venue::AvecOuSansRendezVous => Ton::Succes,
        Venue::PasDePublic => Ton::Attention,
        _ => Ton::Neutre,
    };
    let mut etiquettes: Vec<Etiquette> = venue(lieu, t)
        .map(|p| etiquette(p, ton_de_la_venue))
        .into_iter()
        .collect();
    etiquettes.extend(lieu.frais.iter().map(|frais| {
        let ton = if *frais == Frais::Gratuit {
            Ton::Succes
        } else {
            Ton::Neutre
        };
        etiquette(t.listes.frais.de(*frais), ton)
    }));
    if lieu.est_itinerant() {
        let itinerant = t.listes.itinerance.de(crate::domain::listes::Itinerance::Itinerant);
        etiquettes.push(etiquette(itinerant, Ton::Info));
    }
    etiquettes
}

fn services(lieu: &Lieu, t: &'static Mots) -> Option<String> {
    // One more service takes less room than "and one more".
    let nombre = match lieu.services.len() {
        n if n <= SERVICES_NOMMES + 1 => n,
        _ => SERVICES_NOMMES,
    };
    let nommes = &lieu.services[..nombre];
    let noms: Vec<&str> = nommes.iter().map(|service| &**t.listes.services.de(*service)).collect();
    let reste = lieu.services.len() - nommes.len();
    let debut = noms.join(", ");
    match reste {
        0 => Some(debut).filter(|d| !d.is_empty()),
        n => Some(
            t.resultats
                .autres_services
                .avec("debut", debut)
                .avec("n", n)
                .to_string(),
        ),
    }
}

fn passage(lieu: &Lieu, ouvertures: &Ouvertures<'_>, maintenant: Instant, t: &Mots, page: &Page) -> Option<String> {
    if !lieu.est_itinerant() {
        return None;
    }
    let prochain = en_mots::passages(lieu, ouvertures.calendrier, maintenant, page)
        .into_iter()
        .next();
    Some(prochain.map_or_else(|| t.resultats.itinerant.to_string(), |p| annonce(&p, t)))
}

/// "Prochain passage mardi 3 mars : Viriat, place de la mairie".
pub fn annonce(passage: &ProchainPassage, t: &Mots) -> String {
    let r = &t.resultats;
    let phrase = match &passage.endroit {
        Some(endroit) => r.passage.avec("quand", &passage.quand).avec("endroit", endroit),
        None => r.passage_simple.avec("quand", &passage.quand),
    };
    phrase.to_string()
}
