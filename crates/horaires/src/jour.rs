//! The hours of one day, as a person reads them.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::Horaires;
use crate::calendrier::Calendrier;
use crate::evaluation::{Segment, minute_du_jour};
use crate::regle::{Effet, JOUR};

/// A time of the day in minutes since its midnight; past 24:00 it belongs to the next morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Heure(u16);

impl Heure {
    /// Midnight at the end of the day.
    pub const MINUIT: Self = Self(JOUR);

    /// From minutes since midnight, at most 48 hours.
    #[must_use]
    pub const fn depuis_minuit(minutes: u16) -> Option<Self> {
        if minutes <= 2 * JOUR { Some(Self(minutes)) } else { None }
    }

    /// The time of the day of an instant, without its seconds.
    #[must_use]
    pub fn du_jour(at: DateTime) -> Self {
        Self(minute_du_jour(at))
    }

    /// Minutes since midnight.
    #[must_use]
    pub const fn minutes_depuis_minuit(self) -> u16 {
        self.0
    }

    /// The hour on the clock; 24 only for midnight at the end of the day.
    #[must_use]
    pub const fn heures(self) -> u16 {
        if self.0 > JOUR {
            (self.0 - JOUR) / 60
        } else {
            self.0 / 60
        }
    }

    /// The minutes on the clock.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0 % 60
    }
}

/// As a clock shows it: `09:00`, `24:00`, `02:00` for the next morning.
impl fmt::Display for Heure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.heures(), self.minutes())
    }
}

/// Certain or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Open.
    Ouvert,
    /// Perhaps open: on appointment, open end.
    Inconnu,
}

/// A stretch of a day during which the place is open, or perhaps open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plage {
    /// When it starts.
    pub debut: Heure,
    /// When it ends; past 24:00 when it ends the next morning.
    pub fin: Heure,
    /// The end is a guess: the hours only say from when (`10:00+`).
    pub sans_fin: bool,
    /// Certain or not.
    pub nature: Nature,
    /// What the hours add.
    pub commentaire: Option<String>,
}

/// The hours of one day; no stretch means closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourOuvert {
    /// The day.
    pub date: Date,
    /// Its stretches in order; what starts in the evening and ends after midnight stands whole in the evening.
    pub plages: Vec<Plage>,
    /// Is it a public holiday?
    pub ferie: bool,
    /// What the hours say of the day, open or not.
    pub commentaire: Option<String>,
}

impl Horaires {
    /// The hours of one day.
    #[must_use]
    pub fn jour(&self, date: Date, calendrier: &dyn Calendrier) -> JourOuvert {
        let segments = self.regles.journee(date, calendrier);
        let commentaire = segments
            .iter()
            .find_map(|s| self.regles.commentaire(s.verdict))
            .map(str::to_owned);
        let mut plages: Vec<Plage> = segments
            .iter()
            .filter(|s| !s.verdict.veille)
            .filter_map(|s| self.plage(s))
            .collect();
        self.prolonger_apres_minuit(date, calendrier, &mut plages);
        JourOuvert {
            date,
            plages,
            ferie: calendrier.ferie(date),
            commentaire,
        }
    }

    /// Seven days from this one, in general a Monday.
    #[must_use]
    pub fn semaine(&self, lundi: Date, calendrier: &dyn Calendrier) -> [JourOuvert; 7] {
        std::array::from_fn(|rang| {
            let jours = i64::try_from(rang).unwrap_or_default();
            self.jour(lundi.saturating_add(jours.days()), calendrier)
        })
    }

    fn plage(&self, segment: &Segment) -> Option<Plage> {
        let nature = match segment.verdict.effet {
            Effet::Ouvert => Nature::Ouvert,
            Effet::Inconnu => Nature::Inconnu,
            Effet::Ferme => return None,
        };
        Some(Plage {
            debut: Heure(segment.debut),
            fin: Heure(segment.fin),
            sans_fin: self.regles.est_sans_fin(segment.verdict),
            nature,
            commentaire: self.regles.commentaire(segment.verdict).map(str::to_owned),
        })
    }

    fn prolonger_apres_minuit(&self, date: Date, calendrier: &dyn Calendrier, plages: &mut [Plage]) {
        let Some(derniere) = plages.last_mut().filter(|p| p.fin == Heure::MINUIT) else {
            return;
        };
        let Ok(demain) = date.tomorrow() else { return };
        let suite = self.regles.journee(demain, calendrier).into_iter().next();
        let Some(suite) = suite.filter(|s| s.verdict.veille) else {
            return;
        };
        let meme = self.plage(&suite).is_some_and(|p| p.nature == derniere.nature);
        if meme {
            derniere.fin = Heure(JOUR + suite.fin);
        }
    }
}

/// The instant of a minute of this day.
pub(crate) fn a_la_minute(date: Date, minute: u16) -> Option<DateTime> {
    date.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).ok()
}
