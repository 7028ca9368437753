//! The words of French hours, with their short forms and their typing errors.

use super::lexique::{Demi, Jeton};
use crate::regle::{CODES_JOURS, JOUR};

pub(super) const TOUS: u8 = 0b111_1111;
pub(super) const JOURS_OUVRES: u8 = 0b001_1111;
pub(super) const WEEK_END: u8 = 0b110_0000;

const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const COURTS: [&str; 7] = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"];
const TRES_COURTS: [&str; 7] = ["lu", "ma", "me", "je", "ve", "sa", "di"];
const MOIS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// What a word means by itself.
pub(super) fn reconnaitre(mot: &str) -> Option<Jeton> {
    Some(match mot {
        "a" | "au" | "aux" | "jusqu" => Jeton::A,
        "et" | "puis" => Jeton::Et,
        "de" | "du" | "des" | "d" | "le" | "la" | "les" | "l" | "en" | "entre" | "un" | "une" | "qu" => Jeton::Article,
        "ferme" | "fermee" | "fermes" | "fermees" | "fermeture" | "ferm" => Jeton::Ferme,
        "sauf" | "excepte" | "hormis" | "hors" => Jeton::Sauf,
        "sur" | "n" | "no" | "numero" | "salle" | "bureau" | "rue" | "avenue" => Jeton::Annonce,
        "jour" | "jours" | "semaines" | "fois" | "place" | "places" | "allee" | "impasse" | "boulevard" | "bd"
        | "bis" | "ter" | "route" | "chemin" | "personnes" | "ans" | "euros" | "min" | "minutes" => Jeton::Compte,
        "premier" | "premiers" | "premiere" => Jeton::Rang(1),
        "deuxieme" | "deuxiemes" | "second" | "seconds" => Jeton::Rang(2),
        "troisieme" | "troisiemes" => Jeton::Rang(3),
        "quatrieme" | "quatriemes" => Jeton::Rang(4),
        "dernier" | "derniers" | "derniere" => Jeton::Rang(-1),
        "mois" => Jeton::DuMois,
        "matin" | "matins" | "matinee" => Jeton::DemiJournee(Demi::Matin),
        "apres" | "aprem" => Jeton::DemiJournee(Demi::ApresMidi),
        "soir" | "soiree" => Jeton::DemiJournee(Demi::Soir),
        "minuit" => Jeton::Heure(JOUR),
        _ if MOIS.contains(&mot) => Jeton::Compte,
        _ => return jour(mot),
    })
}

fn jour(mot: &str) -> Option<Jeton> {
    let rang = |noms: &[&str; 7]| {
        noms.iter()
            .position(|nom| *nom == mot)
            .and_then(|r| u8::try_from(r).ok())
    };
    if let Some(rang) = rang(&JOURS).or_else(|| presque_un_jour(mot)) {
        return Some(Jeton::Jour(rang));
    }
    let anglais = CODES_JOURS.map(str::to_lowercase);
    rang(&COURTS)
        .or_else(|| rang(&TRES_COURTS))
        .or_else(|| {
            anglais
                .iter()
                .position(|code| code == mot)
                .and_then(|r| u8::try_from(r).ok())
        })
        .map(Jeton::JourPeutEtre)
}

/// A day with a plural or one typing error.
fn presque_un_jour(mot: &str) -> Option<u8> {
    let singulier = mot.strip_suffix('s').unwrap_or(mot);
    if singulier.len() < 5 {
        return None;
    }
    let rang = JOURS.iter().position(|jour| a_une_faute(singulier, jour))?;
    u8::try_from(rang).ok()
}

/// Same word, up to one letter added, lost or replaced, or two swapped.
fn a_une_faute(mot: &str, juste: &str) -> bool {
    let (mot, juste) = (mot.as_bytes(), juste.as_bytes());
    let debut = mot.iter().zip(juste).take_while(|(a, b)| a == b).count();
    let (reste, reste_juste) = (&mot[debut..], &juste[debut..]);
    let fin = reste
        .iter()
        .rev()
        .zip(reste_juste.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (ici, la) = (&reste[..reste.len() - fin], &reste_juste[..reste_juste.len() - fin]);
    matches!((ici.len(), la.len()), (0 | 1, 0 | 1))
        || (ici.len() == 2 && la.len() == 2 && ici[0] == la[1] && ici[1] == la[0])
}

/// Small letters without accents.
pub(super) fn plier(signes: &[char]) -> String {
    signes
        .iter()
        .flat_map(|c| c.to_lowercase())
        .map(|c| match c {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            autre => autre,
        })
        .collect()
}
