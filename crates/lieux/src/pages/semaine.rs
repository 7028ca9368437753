//! The usual hours of a place in a few lines, for what stays on a wall longer than a week.

use super::pratique;
use crate::index::CalendrierLocal;
use horaires::{Calendrier, Horaires};
use jiff::{
    Span,
    civil::{Date, Weekday},
};
use ui::{formats, page::Page};

/// How many weeks are looked at to find one whose days all follow the usual rules.
const SEMAINES: i64 = 5;

/// The open days of an ordinary week, those that follow each other with the same hours together: "du lundi au vendredi : 9 h – 12 h".
pub fn semaine_type(horaires: &Horaires, calendrier: &CalendrierLocal, depuis: Date, page: &Page) -> Vec<String> {
    let lundi = lundi_ordinaire(calendrier, depuis);
    let jours: Vec<(Date, String)> = lundi
        .series(Span::new().days(1))
        .take(7)
        .map(|jour| (jour, heures(horaires, jour, calendrier, page)))
        .collect();
    jours
        .chunk_by(|(_, un), (_, autre)| un == autre)
        .filter(|groupe| groupe.iter().all(|(_, heures)| !heures.is_empty()))
        .map(|groupe| en_mots(groupe, page))
        .collect()
}

fn en_mots(groupe: &[(Date, String)], page: &Page) -> String {
    let t = &pratique::mots(page).semaine;
    let nom = |jour: &(Date, String)| formats::jour_de_la_semaine(jour.0, page.langue).to_owned();
    let phrase = match groupe {
        [] => return String::new(),
        [jour] => t.un_jour.avec("jour", nom(jour)).avec("heures", &jour.1),
        [debut, .., fin] => {
            let modele = if groupe.len() == 2 { &t.deux_jours } else { &t.jours };
            modele
                .avec("debut", nom(debut))
                .avec("fin", nom(fin))
                .avec("heures", &fin.1)
        }
    };
    formats::majuscule(&phrase.to_string())
}

/// The first Monday whose week holds no public holiday.
fn lundi_ordinaire(calendrier: &CalendrierLocal, depuis: Date) -> Date {
    let jours = |debut: Date| debut.series(Span::new().days(1));
    let premier = jours(depuis)
        .find(|jour| jour.weekday() == Weekday::Monday)
        .unwrap_or(depuis);
    (0..SEMAINES)
        .map(|n| premier.saturating_add(Span::new().weeks(n)))
        .find(|lundi| jours(*lundi).take(7).all(|jour| !calendrier.ferie(jour)))
        .unwrap_or(premier)
}

/// The hours of a day, such as "9 h – 12 h, 14 h – 17 h"; empty when it is closed.
pub fn heures(horaires: &Horaires, jour: Date, calendrier: &CalendrierLocal, page: &Page) -> String {
    let heure = |h: horaires::Heure| {
        let minutes = i8::try_from(h.minutes()).unwrap_or_default();
        let heures = i8::try_from(h.heures() % 24).unwrap_or_default();
        page.heure(jiff::civil::time(heures, minutes, 0, 0))
    };
    let plages = horaires.jour(jour, calendrier).plages;
    plages
        .iter()
        .map(|p| format!("{}\u{a0}–\u{a0}{}", heure(p.debut), heure(p.fin)))
        .collect::<Vec<_>>()
        .join(", ")
}
