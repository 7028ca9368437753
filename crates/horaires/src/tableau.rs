//! The week as a table, to and from OpenStreetMap.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendrier::Calendrier;
use crate::jour::{Heure, Nature, Plage};
use crate::regle::{CODES_JOURS, JOUR};
use crate::selecteur::jours_du_masque;
use crate::{ErreurHoraires, Horaires};

/// The hours of a half day.
pub type DemiJournee = Option<(Heure, Heure)>;

/// A day as two halves; one that does not break at noon stands in the half where it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JourDeTableau {
    /// What starts before noon.
    pub matin: DemiJournee,
    /// What starts at noon or after.
    pub apres_midi: DemiJournee,
}

impl JourDeTableau {
    fn plages(&self) -> String {
        let plages = [self.matin, self.apres_midi].into_iter().flatten();
        plages
            .map(|(debut, fin)| format!("{debut}-{fin}"))
            .collect::<Vec<_>>()
            .join(",")
    }

    fn lire(plages: &[Plage]) -> Self {
        let mut jour = Self::default();
        for plage in plages.iter().filter(|p| p.nature == Nature::Ouvert) {
            let demi = if commence_le_matin(plage) {
                &mut jour.matin
            } else {
                &mut jour.apres_midi
            };
            *demi = Some(demi.map_or((plage.debut, plage.fin), |(debut, _)| (debut, plage.fin)));
        }
        jour
    }
}

/// Does the range start before noon?
#[must_use]
pub fn commence_le_matin(plage: &Plage) -> bool {
    plage.debut.minutes_depuis_minuit() < JOUR / 2
}

/// The shortest usual expression for the hours of each day, Monday first; an empty text is a closed day.
///
/// Days with the same hours go together, most days first; three or more become a range, and what the range covers
/// wrongly is told by a later rule, or by `off`.
#[must_use]
pub fn compacter<S: AsRef<str>>(jours: &[S; 7]) -> String {
    let mut groupes = groupes(jours);
    // A stable sort: among groups of the same size, the week's order.
    groupes.sort_by_key(|(_, masque)| std::cmp::Reverse(masque.count_ones()));
    let mut dits = 0;
    let mut couverts = 0;
    let mut regles = Vec::new();
    for (heures, masque) in &groupes {
        let plage = etendue(*masque);
        // A range may cover days whose own rule comes later, never those already told.
        let en_plage = masque.count_ones() > 2 && plage & dits & !masque == 0;
        let nommes = if en_plage { plage } else { *masque };
        dits |= masque;
        couverts |= nommes;
        regles.push(if nommes == TOUS {
            (*heures).to_owned()
        } else {
            format!("{} {heures}", nom(nommes))
        });
    }
    let fermes = couverts & !dits;
    if fermes != 0 {
        regles.push(format!("{} off", nom(fermes)));
    }
    regles.join("; ")
}

const TOUS: u8 = 0b111_1111;

fn nom(masque: u8) -> String {
    jours_du_masque(masque).join(",")
}

/// The days that share the same hours, in the order of their first day.
fn groupes<S: AsRef<str>>(jours: &[S; 7]) -> Vec<(&str, u8)> {
    let mut groupes: Vec<(&str, u8)> = Vec::new();
    for (rang, heures) in jours
        .iter()
        .map(AsRef::as_ref)
        .enumerate()
        .filter(|(_, h)| !h.is_empty())
    {
        match groupes.iter_mut().find(|(connues, _)| *connues == heures) {
            Some((_, masque)) => *masque |= 1 << rang,
            None => groupes.push((heures, 1 << rang)),
        }
    }
    groupes
}

/// All the days from the first of the mask to its last.
fn etendue(masque: u8) -> u8 {
    let premier = masque.trailing_zeros();
    let apres_dernier = u8::BITS - masque.leading_zeros();
    (premier..apres_dernier).fold(0, |etendue, rang| etendue | 1 << rang)
}

/// The expression for a table, Monday first.
#[must_use]
pub fn vers_osm(semaine: &[JourDeTableau; 7]) -> String {
    compacter(&semaine.each_ref().map(JourDeTableau::plages))
}

/// The table of the week that holds this date.
///
/// # Errors
/// The expression does not read.
pub fn depuis_osm(osm: &str, date: Date, calendrier: &dyn Calendrier) -> Result<[JourDeTableau; 7], ErreurHoraires> {
    let semaine = Horaires::parse(osm)?.semaine(premier_jour(date), calendrier);
    Ok(semaine.map(|jour| JourDeTableau::lire(&jour.plages)))
}

/// The open days of the week that holds this date, each with its ranges: `("Mo", "09:00-12:00,14:00-18:30")`.
///
/// # Errors
/// The expression does not read.
pub fn jours_depuis_osm(
    osm: &str,
    date: Date,
    calendrier: &dyn Calendrier,
) -> Result<Vec<(&'static str, String)>, ErreurHoraires> {
    let semaine = Horaires::parse(osm)?.semaine(premier_jour(date), calendrier);
    let jours = CODES_JOURS.into_iter().zip(&semaine).map(|(code, jour)| {
        let ouvertes = jour.plages.iter().filter(|p| p.nature == Nature::Ouvert);
        (
            code,
            ouvertes
                .map(|p| format!("{}-{}", p.debut, p.fin))
                .collect::<Vec<_>>()
                .join(","),
        )
    });
    Ok(jours.filter(|(_, plages)| !plages.is_empty()).collect())
}

/// The Monday of the week that holds this date.
#[must_use]
pub fn premier_jour(date: Date) -> Date {
    jour_de_la_semaine(date, Weekday::Monday)
}

/// The Sunday of the week that holds this date.
#[must_use]
pub fn dernier_jour(date: Date) -> Date {
    jour_de_la_semaine(date, Weekday::Sunday)
}

/// This day of the week that holds the date.
#[must_use]
pub fn jour_de_la_semaine(date: Date, jour: Weekday) -> Date {
    let rang = |jour: Weekday| i64::from(jour.to_monday_zero_offset());
    date.saturating_add((rang(jour) - rang(date.weekday())).days())
}
