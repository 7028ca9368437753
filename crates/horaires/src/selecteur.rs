//! Which days a rule names: years, dates, weeks, holidays and days of the week.

use std::cell::Cell;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendrier::Calendrier;
use crate::regle::{CODES_JOURS, code_jour, rang_jour};

/// The days a rule names: every part that is not empty must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Jours {
    pub(crate) annees: Vec<Suite>,
    pub(crate) periodes: Vec<Periode>,
    pub(crate) semaines: Vec<Suite>,
    pub(crate) conges: Vec<Conge>,
    /// `PH Mo-Fr` (both must hold) rather than `PH,Mo-Fr` (either).
    pub(crate) conges_et_jours: bool,
    /// One bit a day, Monday lowest.
    pub(crate) masque: u8,
    pub(crate) rangs: Vec<Rang>,
}

/// Years or ISO weeks: from, to, every n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) debut: i16,
    pub(crate) fin: i16,
    pub(crate) pas: i16,
}

/// A holiday, or some days before or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conge {
    Ferie { decalage: i16 },
    Scolaire,
}

/// Some occurrences of a day in the month: `Th[1,3]`, `Sa[-1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rang {
    pub(crate) jour: Weekday,
    /// Bits 0 to 4: first to fifth.
    pub(crate) du_debut: u8,
    /// Bits 0 to 4: last to fifth from the end.
    pub(crate) de_la_fin: u8,
}

/// A stretch of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Periode {
    Mois {
        annee: Option<i16>,
        debut: i8,
        annee_fin: Option<i16>,
        fin: i8,
    },
    Dates {
        debut: Jalon,
        fin: Jalon,
    },
    /// `2026 Sep 15+`
    APartir {
        debut: Jalon,
    },
}

/// A date of the year, or of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Jalon {
    pub(crate) annee: Option<i16>,
    pub(crate) point: Point,
    pub(crate) decalage: i16,
}

/// The ways to point at a day of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    Quantieme { mois: i8, jour: i8 },
    JourDuMois { mois: i8, jour: Weekday, rang: i8 },
    Paques,
}

/// A date with its calendar, and whether an answer leaned on a school holiday that nobody knows.
pub(crate) struct Contexte<'a> {
    pub(crate) calendrier: &'a dyn Calendrier,
    /// What to answer where the calendar does not know.
    pub(crate) vacances_supposees: bool,
    pub(crate) suppose: Cell<bool>,
}

impl Contexte<'_> {
    fn vacances(&self, date: Date) -> bool {
        self.calendrier.vacances_scolaires(date).unwrap_or_else(|| {
            self.suppose.set(true);
            self.vacances_supposees
        })
    }
}

impl Jours {
    /// Does the rule name no day at all, hence every day?
    pub(crate) fn est_vide(&self) -> bool {
        self.annees.is_empty()
            && self.periodes.is_empty()
            && self.semaines.is_empty()
            && self.conges.is_empty()
            && self.masque == 0
            && self.rangs.is_empty()
    }

    /// Does the rule name this date?
    pub(crate) fn nomme(&self, date: Date, contexte: &Contexte<'_>) -> bool {
        // Cheapest and most selective first: this line settles most places of a search.
        let jour = self.jour_de_semaine(date);
        if jour == Some(false) && (self.conges.is_empty() || self.conges_et_jours) {
            return false;
        }
        (self.annees.is_empty() || self.annees.iter().any(|s| s.contient(date.year())))
            && (self.periodes.is_empty() || self.periodes.iter().any(|p| p.contient(date)))
            && (self.semaines.is_empty() || self.semaine(date))
            && self.conge_ou_jour(jour, date, contexte)
    }

    fn semaine(&self, date: Date) -> bool {
        let numero = i16::from(date.iso_week_date().week());
        self.semaines.iter().any(|s| s.contient(numero))
    }

    fn jour_de_semaine(&self, date: Date) -> Option<bool> {
        if self.masque == 0 && self.rangs.is_empty() {
            return None;
        }
        let jour = date.weekday();
        Some(self.masque & (1 << rang_jour(jour)) != 0 || self.rangs.iter().any(|r| r.jour == jour && r.contient(date)))
    }

    fn conge_ou_jour(&self, jour: Option<bool>, date: Date, contexte: &Contexte<'_>) -> bool {
        if self.conges.is_empty() {
            return jour.unwrap_or(true);
        }
        match jour {
            Some(true) if !self.conges_et_jours => true,
            Some(false) if self.conges_et_jours => false,
            _ => self.conges.iter().any(|c| c.contient(date, contexte)),
        }
    }
}

impl Suite {
    fn contient(self, valeur: i16) -> bool {
        (self.debut..=self.fin).contains(&valeur) && (valeur - self.debut) % self.pas == 0
    }
}

impl Conge {
    fn contient(self, date: Date, contexte: &Contexte<'_>) -> bool {
        match self {
            Self::Scolaire => contexte.vacances(date),
            Self::Ferie { decalage: 0 } => contexte.calendrier.ferie(date),
            Self::Ferie { decalage } => date
                .checked_sub(i32::from(decalage).days())
                .is_ok_and(|origine| contexte.calendrier.ferie(origine)),
        }
    }
}

impl Rang {
    fn contient(self, date: Date) -> bool {
        let avant = (date.day() - 1) / 7;
        let apres = (date.days_in_month() - date.day()) / 7;
        self.du_debut & (1 << avant) != 0 || self.de_la_fin & (1 << apres) != 0
    }
}

impl Periode {
    fn contient(self, date: Date) -> bool {
        match self {
            Self::Mois {
                annee: None,
                debut,
                annee_fin: None,
                fin,
            } => {
                let mois = date.month();
                if debut <= fin {
                    (debut..=fin).contains(&mois)
                } else {
                    mois >= debut || mois <= fin
                }
            }
            Self::Mois {
                annee,
                debut,
                annee_fin,
                fin,
            } => {
                let de = annee.unwrap_or_else(|| date.year());
                let a = annee_fin.unwrap_or(if debut <= fin { de } else { de + 1 });
                ((de, debut)..=(a, fin)).contains(&(date.year(), date.month()))
            }
            Self::Dates { debut, fin } => {
                (date.year() - 1..=date.year() + 1).any(|annee| entre(date, debut, fin, annee))
            }
            Self::APartir { debut } => {
                let annee = debut.annee.unwrap_or_else(|| date.year());
                debut.le_premier_jour(annee).is_some_and(|de| date >= de)
            }
        }
    }
}

/// Is the date in the stretch that starts in this year?
fn entre(date: Date, debut: Jalon, fin: Jalon, annee: i16) -> bool {
    if debut.annee.is_some_and(|a| a != annee) {
        return false;
    }
    if debut == fin {
        // One day: a 29 February is absent from most years, not moved.
        return debut.dans(annee).and_then(|jour| debut.decale(jour)) == Some(date);
    }
    let Some(de) = debut.le_premier_jour(annee) else {
        return false;
    };
    if date < de {
        return false;
    }
    let meme_annee = fin.le_dernier_jour(fin.annee.unwrap_or(annee));
    let a = match meme_annee {
        Some(a) if a < de && fin.annee.is_none() => fin.le_dernier_jour(annee + 1),
        connu => connu,
    };
    a.is_some_and(|a| date <= a)
}

impl Jalon {
    /// The date in this year; a 29 February that does not exist starts on 1 March.
    fn le_premier_jour(self, annee: i16) -> Option<Date> {
        let sans_decalage = self.dans(annee).or_else(|| match self.point {
            Point::Quantieme { mois, .. } => Date::new(annee, mois, 1).ok()?.last_of_month().tomorrow().ok(),
            _ => None,
        });
        self.decale(sans_decalage?)
    }

    /// The date in this year; a 29 February that does not exist ends on the 28th.
    fn le_dernier_jour(self, annee: i16) -> Option<Date> {
        let sans_decalage = self.dans(annee).or_else(|| match self.point {
            Point::Quantieme { mois, .. } => Some(Date::new(annee, mois, 1).ok()?.last_of_month()),
            _ => None,
        });
        self.decale(sans_decalage?)
    }

    fn dans(self, annee: i16) -> Option<Date> {
        match self.point {
            Point::Quantieme { mois, jour } => Date::new(annee, mois, jour).ok(),
            Point::JourDuMois { mois, jour, rang } => {
                Date::new(annee, mois, 1).ok()?.nth_weekday_of_month(rang, jour).ok()
            }
            Point::Paques => paques(annee),
        }
    }

    fn decale(self, date: Date) -> Option<Date> {
        date.checked_add(i32::from(self.decalage).days()).ok()
    }
}

/// Easter Sunday, by the anonymous Gregorian computation.
fn paques(annee: i16) -> Option<Date> {
    let an = i32::from(annee);
    let (siecle, reste) = (an / 100, an % 100);
    let nombre_d_or = an % 19;
    let epacte = (19 * nombre_d_or + siecle - siecle / 4 - (siecle - (siecle + 8) / 25 + 1) / 3 + 15) % 30;
    let dimanche = (32 + 2 * (siecle % 4) + 2 * (reste / 4) - epacte - reste % 4) % 7;
    let correction = (nombre_d_or + 11 * epacte + 22 * dimanche) / 451;
    let jours = epacte + dimanche - 7 * correction + 114;
    Date::new(
        annee,
        i8::try_from(jours / 31).ok()?,
        i8::try_from(jours % 31 + 1).ok()?,
    )
    .ok()
}

pub(crate) const CODES_MOIS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn code_mois(mois: i8) -> &'static str {
    usize::try_from(mois - 1)
        .ok()
        .and_then(|rang| CODES_MOIS.get(rang))
        .copied()
        .unwrap_or_default()
}

impl fmt::Display for Jours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let semaines = liste(&self.semaines);
        let larges = [
            liste(&self.annees),
            liste(&self.periodes),
            if semaines.is_empty() {
                semaines
            } else {
                format!("week {semaines}")
            },
        ];
        let conges = liste(&self.conges);
        let jours = self.jours_de_semaine();
        let lien = if self.conges_et_jours { " " } else { "," };
        let etroits: Vec<_> = [conges, jours].into_iter().filter(|m| !m.is_empty()).collect();
        let mots: Vec<_> = larges
            .into_iter()
            .chain([etroits.join(lien)])
            .filter(|m| !m.is_empty())
            .collect();
        f.write_str(&mots.join(" "))
    }
}

impl Jours {
    fn jours_de_semaine(&self) -> String {
        let mut morceaux = jours_du_masque(self.masque);
        morceaux.extend(self.rangs.iter().map(ToString::to_string));
        morceaux.join(",")
    }
}

/// The days of a mask, three in a row or more as a range.
pub(crate) fn jours_du_masque(masque: u8) -> Vec<String> {
    let mut morceaux = Vec::new();
    let mut rang = 0;
    while rang < 7 {
        let longueur = (rang..7).take_while(|r| masque & (1 << r) != 0).count();
        match longueur {
            0 => {}
            1 => morceaux.push(CODES_JOURS[rang].to_owned()),
            2 => morceaux.push(format!("{},{}", CODES_JOURS[rang], CODES_JOURS[rang + 1])),
            _ => morceaux.push(format!("{}-{}", CODES_JOURS[rang], CODES_JOURS[rang + longueur - 1])),
        }
        rang += longueur.max(1);
    }
    morceaux
}

fn liste<T: fmt::Display>(elements: &[T]) -> String {
    elements.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.debut)?;
        if self.fin != self.debut {
            write!(f, "-{}", self.fin)?;
            if self.pas != 1 {
                write!(f, "/{}", self.pas)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Conge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ferie { decalage } => {
                f.write_str("PH")?;
                ecrire_decalage(f, *decalage)
            }
            Self::Scolaire => f.write_str("SH"),
        }
    }
}

impl fmt::Display for Rang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = |masque: u8, signe: &'static str| {
            (0..5)
                .filter(move |b| masque & (1 << b) != 0)
                .map(move |b| format!("{signe}{}", b + 1))
        };
        let rangs: Vec<_> = bits(self.du_debut, "").chain(bits(self.de_la_fin, "-")).collect();
        write!(f, "{}[{}]", code_jour(self.jour), rangs.join(","))
    }
}

impl fmt::Display for Periode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mois {
                annee,
                debut,
                annee_fin,
                fin,
            } => {
                ecrire_annee(f, *annee)?;
                f.write_str(code_mois(*debut))?;
                if annee_fin.is_some() || fin != debut {
                    f.write_str("-")?;
                    ecrire_annee(f, *annee_fin)?;
                    f.write_str(code_mois(*fin))?;
                }
                Ok(())
            }
            Self::Dates { debut, fin } if debut == fin => debut.fmt(f),
            Self::Dates { debut, fin } => write!(f, "{debut}-{fin}"),
            Self::APartir { debut } => write!(f, "{debut}+"),
        }
    }
}

impl fmt::Display for Jalon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ecrire_annee(f, self.annee)?;
        match self.point {
            Point::Quantieme { mois, jour } => write!(f, "{} {jour:02}", code_mois(mois))?,
            Point::JourDuMois { mois, jour, rang } => {
                write!(f, "{} {}[{rang}]", code_mois(mois), code_jour(jour))?;
            }
            Point::Paques => f.write_str("easter")?,
        }
        ecrire_decalage(f, self.decalage)
    }
}

fn ecrire_annee(f: &mut fmt::Formatter<'_>, annee: Option<i16>) -> fmt::Result {
    annee.map_or(Ok(()), |annee| write!(f, "{annee} "))
}

fn ecrire_decalage(f: &mut fmt::Formatter<'_>, jours: i16) -> fmt::Result {
    match jours {
        0 => Ok(()),
        1 | -1 => write!(f, " {jours:+} day"),
        _ => write!(f, " {jours:+} days"),
    }
}
