//! The rules of opening hours, as read, and the one way to write them.

use std::fmt;

use jiff::civil::Weekday;

use crate::selecteur::Jours;

/// Minutes in a day.
pub(crate) const JOUR: u16 = 24 * 60;

/// How a rule meets those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Liaison {
    /// `;` the rule replaces the days it names.
    Remplace,
    /// `,` the rule adds to the days it names.
    Ajoute,
    /// `||` the rule speaks only where the others say closed.
    Repli,
}

/// What a rule says of the time it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Effet {
    Ouvert,
    #[default]
    Ferme,
    Inconnu,
}

/// A span of minutes counted from the midnight that starts the day; it may run into the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Intervalle {
    pub(crate) debut: u16,
    /// After `debut`, except for `10:00+`, whose known part is empty.
    pub(crate) fin: u16,
    /// `+`: after `fin`, nobody knows when it closes.
    pub(crate) sans_fin: bool,
}

impl Intervalle {
    /// When an open end is taken to be over; the guess of opening_hours.js, so that the same text means the same on both.
    pub(crate) const fn dernier(&self) -> u16 {
        let heures = match (self.sans_fin, self.fin) {
            (false, fin) => return fin,
            (true, fin) if fin < 17 * 60 => return JOUR,
            (true, fin) if fin < 22 * 60 => 10,
            _ => 8,
        };
        // Two days at most, as for a known end.
        let dernier = self.fin + heures * 60;
        if dernier > 2 * JOUR { 2 * JOUR } else { dernier }
    }

    /// What the span says at this minute, for a rule with this effect.
    fn effet_a(&self, minute: u16, effet: Effet) -> Option<Effet> {
        if minute < self.debut || minute >= self.dernier() {
            None
        } else if minute >= self.fin && effet == Effet::Ouvert {
            Some(Effet::Inconnu)
        } else {
            Some(effet)
        }
    }
}

/// One rule: these days, these spans, this effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Regle {
    pub(crate) liaison: Liaison,
    pub(crate) jours: Jours,
    /// Empty means the whole day.
    pub(crate) intervalles: Vec<Intervalle>,
    pub(crate) effet: Effet,
    pub(crate) commentaire: Option<Box<str>>,
}

impl Regle {
    /// Does some span run past midnight?
    pub(crate) fn deborde(&self) -> bool {
        self.intervalles.iter().any(|i| i.dernier() > JOUR)
    }

    /// What the rule says at this minute of a day it names; minutes past 1440 belong to the next day.
    pub(crate) fn effet_a(&self, minute: u16) -> Option<Effet> {
        if self.intervalles.is_empty() {
            return (minute < JOUR).then_some(self.effet);
        }
        // The last span to speak wins, but a known hour always beats the guess of an open end.
        let mut dit = None;
        for effet in self.intervalles.iter().filter_map(|i| i.effet_a(minute, self.effet)) {
            if dit.is_none() || effet == self.effet {
                dit = Some(effet);
            }
        }
        dit
    }

    fn est_toujours(&self) -> bool {
        self.jours.est_vide() && self.intervalles.is_empty()
    }

    /// Would a following `, ...` be read as part of this rule if its effect were left unsaid?
    fn se_confond_avec(&self, suivante: &Self) -> bool {
        suivante.liaison == Liaison::Ajoute
            && !self.est_toujours()
            && (self.intervalles.is_empty() || suivante.jours.est_vide())
    }

    fn ecrire(&self, f: &mut fmt::Formatter<'_>, suivante: Option<&Self>) -> fmt::Result {
        let mut mots: Vec<String> = Vec::new();
        if !self.jours.est_vide() {
            mots.push(self.jours.to_string());
        }
        if !self.intervalles.is_empty() {
            let plages: Vec<_> = self.intervalles.iter().map(ToString::to_string).collect();
            mots.push(plages.join(","));
        }
        let confusion = suivante.is_some_and(|s| self.se_confond_avec(s));
        match (self.effet, &self.commentaire) {
            (Effet::Ouvert, None) if self.est_toujours() => mots.push("24/7".into()),
            (Effet::Ouvert, None) if confusion => mots.push("open".into()),
            (Effet::Ouvert, None) | (Effet::Inconnu, Some(_)) => {}
            (Effet::Ouvert, Some(_)) => mots.push("open".into()),
            (Effet::Ferme, _) => mots.push("off".into()),
            (Effet::Inconnu, None) => mots.push("unknown".into()),
        }
        if let Some(texte) = &self.commentaire {
            mots.push(format!("\"{texte}\""));
        }
        f.write_str(&mots.join(" "))
    }
}

/// Write the rules in their normal form.
pub(crate) fn ecrire(regles: &[Regle], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (rang, regle) in regles.iter().enumerate() {
        if rang > 0 {
            f.write_str(match regle.liaison {
                Liaison::Remplace => "; ",
                Liaison::Ajoute => ", ",
                Liaison::Repli => " || ",
            })?;
        }
        regle.ecrire(f, regles.get(rang + 1))?;
    }
    Ok(())
}

impl fmt::Display for Intervalle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ecrire_heure(f, self.debut)?;
        if self.fin > self.debut {
            f.write_str("-")?;
            let repliee = self.fin > JOUR && self.fin - JOUR <= self.debut;
            ecrire_heure(f, if repliee { self.fin - JOUR } else { self.fin })?;
        }
        f.write_str(if self.sans_fin { "+" } else { "" })
    }
}

fn ecrire_heure(f: &mut fmt::Formatter<'_>, minutes: u16) -> fmt::Result {
    write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The seven days as OpenStreetMap names them, Monday first.
pub(crate) const CODES_JOURS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The OpenStreetMap name of a day.
pub(crate) fn code_jour(jour: Weekday) -> &'static str {
    CODES_JOURS[rang_jour(jour)]
}

/// Monday is 0, Sunday is 6.
pub(crate) fn rang_jour(jour: Weekday) -> usize {
    usize::from(jour.to_monday_zero_offset().unsigned_abs())
}
