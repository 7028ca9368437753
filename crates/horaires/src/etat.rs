//! Open, closed or unknown, and until when.

use jiff::civil::{Date, DateTime};

use crate::Horaires;
use crate::calendrier::Calendrier;
use crate::evaluation::{Segment, Verdict, minute_du_jour};
use crate::jour::a_la_minute;
use crate::regle::Effet;

/// How many days ahead the next change is looked for.
pub const HORIZON: usize = 370;

/// The state of a place at an instant. Unknown is not closed: the place says "on appointment", or nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Etat {
    /// Open.
    Ouvert {
        /// When it stops being open for certain; absent when it does not within [`HORIZON`] days.
        jusqu_a: Option<DateTime>,
        /// What the hours add, such as "entrée par la cour".
        commentaire: Option<String>,
    },
    /// Closed.
    Ferme {
        /// When it opens for certain; absent when it does not within [`HORIZON`] days.
        ouvre_a: Option<DateTime>,
        /// What the hours add, such as "congés annuels".
        commentaire: Option<String>,
    },
    /// Perhaps open.
    Inconnu {
        /// What the hours add, such as "sur rendez-vous".
        commentaire: Option<String>,
    },
}

impl Horaires {
    /// Is it open? `None` when nobody knows. The fast path of searches: no allocation, no look ahead.
    #[must_use]
    pub fn est_ouvert(&self, at: DateTime, calendrier: &dyn Calendrier) -> Option<bool> {
        match self.regles.a_l_instant(at, calendrier).effet {
            Effet::Ouvert => Some(true),
            Effet::Ferme => Some(false),
            Effet::Inconnu => None,
        }
    }

    /// The state at this instant, and when it changes.
    #[must_use]
    pub fn etat(&self, at: DateTime, calendrier: &dyn Calendrier) -> Etat {
        let verdict = self.regles.a_l_instant(at, calendrier);
        let commentaire = self.regles.commentaire(verdict).map(str::to_owned);
        match verdict.effet {
            Effet::Inconnu => Etat::Inconnu { commentaire },
            Effet::Ouvert => {
                let jusqu_a = self.prochain(at, calendrier, |v| v.effet != Effet::Ouvert);
                Etat::Ouvert { jusqu_a, commentaire }
            }
            Effet::Ferme => {
                let ouvre_a = self.prochain(at, calendrier, |v| v.effet == Effet::Ouvert);
                Etat::Ferme { ouvre_a, commentaire }
            }
        }
    }

    /// Is it open for certain at some minute of the Saturday or Sunday to come? On a Sunday, of that day.
    #[must_use]
    pub fn ouvert_le_week_end(&self, depuis: Date, calendrier: &dyn Calendrier) -> bool {
        let dimanche = std::iter::successors(Some(depuis), |d| d.tomorrow().ok())
            .take(7)
            .find(|d| d.weekday() == jiff::civil::Weekday::Sunday);
        let Some(dimanche) = dimanche else { return false };
        let samedi = dimanche.yesterday().ok().filter(|samedi| *samedi >= depuis);
        [samedi, Some(dimanche)].into_iter().flatten().any(|date| {
            self.regles
                .journee(date, calendrier)
                .iter()
                .any(|s| s.verdict.effet == Effet::Ouvert)
        })
    }

    /// Is it open for certain from one instant to another, without a break, on the same day or the next?
    #[must_use]
    pub fn ouvert_entre(&self, de: DateTime, a: DateTime, calendrier: &dyn Calendrier) -> bool {
        self.est_ouvert(de, calendrier) == Some(true)
            && self
                .prochain(de, calendrier, |v| v.effet != Effet::Ouvert)
                .is_none_or(|fin| fin >= a)
    }

    /// The start of the first segment after this instant whose verdict is as wanted.
    fn prochain(&self, at: DateTime, calendrier: &dyn Calendrier, voulu: impl Fn(Verdict) -> bool) -> Option<DateTime> {
        let minute = minute_du_jour(at);
        let premier = at.date();
        std::iter::successors(Some(premier), |d| d.tomorrow().ok())
            .take(HORIZON + 1)
            .find_map(|date| {
                self.regles
                    .journee(date, calendrier)
                    .into_iter()
                    .find(|s: &Segment| (date > premier || s.debut > minute) && voulu(s.verdict))
                    .and_then(|s| a_la_minute(date, s.debut))
            })
    }
}
