//! What the rules say at a given minute, on a given day, and when that changes.

use std::cell::Cell;

use jiff::civil::{Date, DateTime};

use crate::calendrier::Calendrier;
use crate::regle::{Effet, JOUR, Liaison, Regle};
use crate::selecteur::Contexte;

/// What the rules say of a minute, and which one says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Verdict {
    pub(crate) effet: Effet,
    /// Absent when no rule speaks: closed.
    pub(crate) regle: Option<usize>,
    /// The rule speaks as the tail of the day before.
    pub(crate) veille: bool,
}

/// A stretch of a day under one verdict, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) debut: u16,
    pub(crate) fin: u16,
    pub(crate) verdict: Verdict,
}

/// The rules with what is worked out once, at reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Regles {
    pub(crate) liste: Vec<Regle>,
    efface: Vec<bool>,
    deborde: Vec<bool>,
    /// Some rule names school holidays, so that two readings may be needed.
    scolaire: bool,
}

/// A rule that has a say on a day.
#[derive(Clone, Copy)]
struct Active {
    rang: usize,
    aujourd_hui: bool,
    hier: bool,
}

impl Regles {
    pub(crate) fn new(liste: Vec<Regle>) -> Self {
        let efface = (0..liste.len()).map(|rang| efface(&liste, rang)).collect();
        let deborde = liste.iter().map(Regle::deborde).collect();
        let scolaire = liste
            .iter()
            .any(|r| r.jours.conges.contains(&crate::selecteur::Conge::Scolaire));
        Self {
            liste,
            efface,
            deborde,
            scolaire,
        }
    }

    /// The verdict at this instant, without building the day.
    pub(crate) fn a_l_instant(&self, at: DateTime, calendrier: &dyn Calendrier) -> Verdict {
        let minute = minute_du_jour(at);
        let lire = |contexte: &Contexte<'_>| {
            let actives = (0..self.liste.len()).filter_map(|r| self.active(r, at.date(), contexte));
            self.verdict(actives, minute)
        };
        let premier = contexte(calendrier, false);
        let sans = lire(&premier);
        if premier.suppose.get() {
            accord(sans, lire(&contexte(calendrier, true)))
        } else {
            sans
        }
    }

    /// The day cut where the verdict changes, from 0 to 1440.
    pub(crate) fn journee(&self, date: Date, calendrier: &dyn Calendrier) -> Vec<Segment> {
        let premier = contexte(calendrier, false);
        let sans = self.actives(date, &premier);
        let mut bornes = vec![0, JOUR];
        self.ajouter_bornes(&sans, &mut bornes);
        let avec = if self.scolaire && premier.suppose.get() {
            let avec = self.actives(date, &contexte(calendrier, true));
            self.ajouter_bornes(&avec, &mut bornes);
            Some(avec)
        } else {
            None
        };
        bornes.sort_unstable();
        bornes.dedup();
        let mut segments: Vec<Segment> = Vec::with_capacity(bornes.len());
        for paire in bornes.windows(2) {
            let &[debut, fin] = paire else { continue };
            let mut verdict = self.verdict(sans.iter().copied(), debut);
            if let Some(avec) = &avec {
                verdict = accord(verdict, self.verdict(avec.iter().copied(), debut));
            }
            match segments.last_mut() {
                Some(dernier) if self.se_suivent(dernier.verdict, verdict) => dernier.fin = fin,
                _ => segments.push(Segment { debut, fin, verdict }),
            }
        }
        segments
    }

    /// The comment of the rule that speaks.
    pub(crate) fn commentaire(&self, verdict: Verdict) -> Option<&str> {
        self.liste.get(verdict.regle?)?.commentaire.as_deref()
    }

    /// Is it unknown only because an open end must end somewhere?
    pub(crate) fn est_sans_fin(&self, verdict: Verdict) -> bool {
        let regle = verdict.regle.and_then(|rang| self.liste.get(rang));
        verdict.effet == Effet::Inconnu && regle.is_some_and(|r| r.effet == Effet::Ouvert)
    }

    fn se_suivent(&self, avant: Verdict, apres: Verdict) -> bool {
        avant.effet == apres.effet && avant.veille == apres.veille && self.commentaire(avant) == self.commentaire(apres)
    }

    fn actives(&self, date: Date, contexte: &Contexte<'_>) -> Vec<Active> {
        let mut actives = Vec::new();
        for rang in 0..self.liste.len() {
            if let Some(active) = self.active(rang, date, contexte) {
                if active.aujourd_hui && self.efface[rang] {
                    actives.clear();
                }
                actives.push(active);
            }
        }
        actives
    }

    fn active(&self, rang: usize, date: Date, contexte: &Contexte<'_>) -> Option<Active> {
        let jours = &self.liste[rang].jours;
        let aujourd_hui = jours.nomme(date, contexte);
        let hier = self.deborde[rang] && date.yesterday().is_ok_and(|hier| jours.nomme(hier, contexte));
        (aujourd_hui || hier).then_some(Active {
            rang,
            aujourd_hui,
            hier,
        })
    }

    fn ajouter_bornes(&self, actives: &[Active], bornes: &mut Vec<u16>) {
        for active in actives {
            for intervalle in &self.liste[active.rang].intervalles {
                let borne = [intervalle.debut, intervalle.fin, intervalle.dernier()];
                if active.aujourd_hui {
                    bornes.extend(borne.iter().filter(|b| **b < JOUR));
                }
                if active.hier {
                    bornes.extend(borne.iter().filter(|b| (JOUR..2 * JOUR).contains(*b)).map(|b| b - JOUR));
                }
            }
        }
    }

    /// Let the rules speak in order: the last one wins, except that a fallback only fills what is closed.
    fn verdict(&self, actives: impl Iterator<Item = Active>, minute: u16) -> Verdict {
        let mut verdict = Verdict::default();
        for Active {
            rang,
            aujourd_hui,
            hier,
        } in actives
        {
            let regle = &self.liste[rang];
            if aujourd_hui && self.efface[rang] {
                verdict = Verdict::default();
            }
            if regle.liaison == Liaison::Repli && verdict.effet != Effet::Ferme {
                continue;
            }
            let du_jour = if aujourd_hui { regle.effet_a(minute) } else { None };
            let de_la_veille = if hier { regle.effet_a(minute + JOUR) } else { None };
            if let Some(effet) = du_jour.or(de_la_veille) {
                verdict = Verdict {
                    effet,
                    regle: Some(rang),
                    veille: du_jour.is_none(),
                };
            }
        }
        verdict
    }
}

/// Does the rule wipe what the others said of the days it names? Not when it closes, adds or falls back; nor when it
/// names no day after one that does, as in `Mo-Sa 10:00-12:00; 14:00-15:00`, which readers take for an addition.
fn efface(regles: &[Regle], rang: usize) -> bool {
    let regle = &regles[rang];
    let precedente_sans_jour = rang == 0 || regles[rang - 1].jours.est_vide();
    regle.liaison == Liaison::Remplace
        && regle.effet != Effet::Ferme
        && (!regle.jours.est_vide() || precedente_sans_jour)
}

fn contexte(calendrier: &dyn Calendrier, vacances_supposees: bool) -> Contexte<'_> {
    Contexte {
        calendrier,
        vacances_supposees,
        suppose: Cell::new(false),
    }
}

/// Two readings, in and out of school holidays: certain only where they agree.
fn accord(sans: Verdict, avec: Verdict) -> Verdict {
    if sans.effet == avec.effet {
        sans
    } else {
        Verdict {
            effet: Effet::Inconnu,
            regle: None,
            veille: false,
        }
    }
}

/// Minutes since midnight.
pub(crate) fn minute_du_jour(at: DateTime) -> u16 {
    u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
}
