//! The hours of a week as a text tells them, group after group.

use super::fusion::{Paire, ecrire, unir};
use super::lexique::Demi;
use super::semaine::{Morceau, Nature};
use crate::regle::CODES_JOURS;
use crate::tableau;

const MIDI: u16 = 12 * 60;

/// Mornings may run late: "9h-13h".
const FIN_DU_MATIN: u16 = 13 * 60 + 30;

/// The hours of each day, as the text tells them one after the other.
#[derive(Default)]
pub(super) struct Agenda {
    semaine: [Vec<Paire>; 7],
    /// Some occurrences in the month: "1er et 3e mardi du mois".
    rangs: Vec<(Vec<i8>, usize, Vec<Paire>)>,
    /// "fermé le mercredi après-midi".
    demis: Vec<(u8, Demi)>,
}

impl Agenda {
    pub(super) fn jours_puis_heures(&mut self, morceaux: &[Morceau]) {
        let (mut masque, mut rangs, mut servi): (_, &[i8], _) = (0, &[], true);
        for morceau in morceaux {
            match morceau {
                Morceau::Heures(paires) => {
                    self.ajouter(masque, rangs, paires);
                    servi = true;
                }
                Morceau::Jours {
                    masque: jours,
                    en_partie,
                    nature: Nature::FermesEnPartie,
                    ..
                } => self.demis.extend(en_partie.map(|demi| (*jours, demi))),
                Morceau::Jours {
                    masque: fermes,
                    nature: Nature::Fermes,
                    ..
                } => self.vider(*fermes),
                Morceau::Jours {
                    masque: sauf,
                    nature: Nature::Sauf,
                    ..
                } if !servi => masque &= !sauf,
                Morceau::Jours {
                    masque: jours,
                    rangs: r,
                    nature,
                    ..
                } => {
                    if *nature == Nature::Sauf {
                        self.vider(*jours);
                    }
                    masque = if servi { *jours } else { masque | jours };
                    (rangs, servi) = (r, false);
                }
            }
        }
    }

    pub(super) fn heures_puis_jours(&mut self, morceaux: &[Morceau]) {
        let (mut paires, mut servi) = (Vec::new(), true);
        for morceau in morceaux {
            match morceau {
                Morceau::Heures(nouvelles) => {
                    if servi {
                        paires.clear();
                    }
                    paires.extend_from_slice(nouvelles);
                    servi = false;
                }
                Morceau::Jours {
                    masque,
                    rangs,
                    nature: Nature::Ouverts,
                    ..
                } => {
                    self.ajouter(*masque, rangs, &paires);
                    servi = true;
                }
                Morceau::Jours {
                    masque: jours,
                    en_partie,
                    nature: Nature::FermesEnPartie,
                    ..
                } => self.demis.extend(en_partie.map(|demi| (*jours, demi))),
                Morceau::Jours { masque, .. } => self.vider(*masque),
            }
        }
    }

    fn ajouter(&mut self, masque: u8, rangs: &[i8], paires: &[Paire]) {
        for jour in jours(masque) {
            if rangs.is_empty() {
                self.semaine[jour].extend_from_slice(paires);
            } else {
                self.rangs.push((rangs.to_vec(), jour, paires.to_vec()));
            }
        }
    }

    fn vider(&mut self, masque: u8) {
        for jour in jours(masque) {
            self.semaine[jour].clear();
        }
    }

    /// Take away what stands wholly in the closed half of a day; hours that run over noon stay as they are.
    fn fermer_les_demi_journees(&mut self) {
        for (masque, demi) in std::mem::take(&mut self.demis) {
            for jour in jours(masque) {
                self.semaine[jour].retain(|(debut, fin)| match demi {
                    Demi::Matin => *fin > FIN_DU_MATIN || fin < debut,
                    Demi::ApresMidi => *debut < MIDI,
                    Demi::Soir => true,
                });
            }
        }
    }

    /// The whole as an expression, absent when no hour was told.
    pub(super) fn osm(mut self) -> Option<String> {
        self.fermer_les_demi_journees();
        let heures = self.semaine.each_ref().map(|paires| ecrire(&unir(paires)));
        let mut osm = tableau::compacter(&heures);
        if osm == "00:00-24:00" {
            return Some("24/7".into());
        }
        for (rangs, jour, paires) in &self.rangs {
            if !osm.is_empty() {
                // A day that also opens every week keeps its hours: the occurrence adds to them.
                osm.push_str(if heures[*jour].is_empty() { "; " } else { ", " });
            }
            let rangs: Vec<_> = rangs.iter().map(ToString::to_string).collect();
            let jour = CODES_JOURS[*jour];
            osm.push_str(&format!("{jour}[{}] {}", rangs.join(","), ecrire(&unir(paires))));
        }
        Some(osm).filter(|osm| !osm.is_empty())
    }
}

fn jours(masque: u8) -> impl Iterator<Item = usize> {
    (0..7).filter(move |jour| masque & (1 << jour) != 0)
}
