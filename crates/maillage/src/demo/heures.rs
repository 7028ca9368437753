//! Opening hours as real places have them, in the OSM grammar.

use super::{genres::Genre, hasard::Hasard};

const MATINS: &[&str] = &[
    "08:30-12:00",
    "09:00-12:00",
    "09:00-12:30",
    "09:30-12:30",
    "10:00-12:00",
];
const APRES_MIDIS: &[&str] = &[
    "13:30-17:00",
    "13:30-17:30",
    "14:00-17:00",
    "14:00-18:00",
    "14:00-18:30",
    "15:00-19:00",
];
const JOURS: &[&str] = &["Mo", "Tu", "We", "Th", "Fr"];

/// The hours of a place; one in twelve has none known.
pub fn horaires(genre: &Genre, hasard: &mut Hasard) -> Option<String> {
    if hasard.une_fois_sur(12) {
        return None;
    }
    let (matin, soir) = (*hasard.pris(MATINS), *hasard.pris(APRES_MIDIS));
    let (jour, autre) = (*hasard.pris(&JOURS[..2]), *hasard.pris(&JOURS[2..]));
    let bibliotheque = genre.samedi;
    Some(match hasard.entre(0..=19) {
        0..=3 if bibliotheque => format!("Tu-Sa {matin},{soir}; PH off"),
        4..=5 if bibliotheque => format!("Tu,Th,Fr {soir}; We {matin},{soir}; Sa {matin},14:00-17:00; PH off"),
        6 if bibliotheque => format!("We {soir}; Sa {matin}; PH,SH off"),
        0..=5 => format!("Mo-Fr {matin},{soir}; PH off"),
        6..=8 => format!("Mo,Tu,Th,Fr {matin},{soir}; We {matin}; PH off"),
        9 => format!("Mo-Fr {matin},{soir}; Sa 09:00-12:00; PH off"),
        10 => format!("Mo-Th {matin},{soir}; Fr {matin}; PH off"),
        11 => format!("{jour},{autre} {matin}; PH off"),
        12 => format!("week 1-53/2 {jour} {matin}; week 2-52/2 {autre} {soir}; PH off"),
        13 => format!("week 1-53/2 {jour} {matin},{soir}; PH off"),
        14 => format!("Mo-Fr {matin},{soir} \"sur rendez-vous\"; PH off"),
        15 => format!("{jour} {soir} \"sur rendez-vous\""),
        16 => format!("Sep-Jun Mo-Fr {matin},{soir}; Jul-Aug Mo-Fr {matin}; PH off"),
        17 => format!("{jour}[1,3] {matin}; PH off"),
        18 => "Mo-Fr 09:00-17:00; Dec 24-Jan 01 off; PH off".to_owned(),
        _ => format!("Mo-We {matin},{soir}; Fr 17:00-20:00; Sa 10:00-13:00; PH off"),
    })
}

/// A rule of passage of an itinerant place.
pub fn passage(hasard: &mut Hasard) -> String {
    let (jour, matin, soir) = (*hasard.pris(JOURS), *hasard.pris(MATINS), *hasard.pris(APRES_MIDIS));
    let plage = if hasard.une_fois_sur(2) { matin } else { soir };
    match hasard.entre(0..=4) {
        0 => format!("week 1-53/2 {jour} {plage}"),
        1 => format!("week 2-52/2 {jour} {plage}"),
        2 => format!("{jour}[1] {plage}"),
        3 => format!("{jour}[2,4] {plage}"),
        _ => format!("{jour} {plage}; PH off"),
    }
}

/// The hours of one day.
pub fn plage(hasard: &mut Hasard) -> String {
    let table = if hasard.une_fois_sur(2) { MATINS } else { APRES_MIDIS };
    (*hasard.pris(table)).to_owned()
}
