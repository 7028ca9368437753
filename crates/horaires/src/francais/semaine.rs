//! A week told in French, in one text or a column a day.

use super::agenda::Agenda;
use super::fusion::Paire;
use super::heures::{apparier, resoudre};
use super::lexique::{self, Demi, Jeton};
use super::osm;
use crate::regle::JOUR;
use crate::tableau;

/// Every other week, by the parity of its ISO number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parite {
    /// 2, 4... 52.
    Paire,
    /// 1, 3... 53.
    Impaire,
}

impl Parite {
    /// Read "Semaine impaire" and the like.
    #[must_use]
    pub fn lire(texte: &str) -> Option<Self> {
        let texte = texte.to_lowercase();
        match () {
            () if texte.contains("impair") => Some(Self::Impaire),
            () if texte.contains("pair") => Some(Self::Paire),
            () => None,
        }
    }

    const fn semaines(self) -> &'static str {
        match self {
            Self::Paire => "week 2-52/2",
            Self::Impaire => "week 1-53/2",
        }
    }
}

/// The cells of a source that tell its hours; absent cells are empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Semaine<'t> {
    /// One cell a day, Monday first.
    pub jours: [&'t str; 7],
    /// The whole week in one text.
    pub texte: &'t str,
    /// A cell that should hold an OpenStreetMap expression.
    pub osm: &'t str,
    /// The weeks that all this is about.
    pub parite: Option<Parite>,
}

impl Semaine<'_> {
    /// The OpenStreetMap hours that the cells tell: the days if any does, else the expression, else the text.
    #[must_use]
    pub fn vers_osm(&self) -> Option<String> {
        let osm = self
            .par_jours()
            .or_else(|| vers_osm(self.osm))
            .or_else(|| vers_osm(self.texte))?;
        Some(match self.parite {
            Some(parite) => une_semaine_sur_deux(&osm, parite),
            None => osm,
        })
    }

    fn par_jours(&self) -> Option<String> {
        let heures = self.jours.map(super::plages);
        Some(tableau::compacter(&heures)).filter(|osm| !osm.is_empty())
    }
}

/// The OpenStreetMap hours that a text about the week tells, in French or already in OpenStreetMap's grammar.
#[must_use]
pub fn vers_osm(texte: &str) -> Option<String> {
    osm::mender(texte).or_else(|| francais(texte))
}

/// Name the weeks in each rule about days, not in those about holidays.
fn une_semaine_sur_deux(osm: &str, parite: Parite) -> String {
    let regles = osm.split(';').map(str::trim).map(|regle| {
        let nommees = ["PH", "SH", "week"].iter().any(|mot| regle.starts_with(mot));
        if nommees {
            regle.to_owned()
        } else {
            format!("{} {regle}", parite.semaines())
        }
    });
    regles.collect::<Vec<_>>().join("; ")
}

/// A group of days, or the hours that go with one.
pub(super) enum Morceau {
    Jours {
        masque: u8,
        /// "1er et 3e mardi du mois"; empty when it is every week.
        rangs: Vec<i8>,
        /// "lundi matin": what closes is a part of the day.
        en_partie: Option<Demi>,
        nature: Nature,
    },
    Heures(Vec<Paire>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Ouverts,
    Sauf,
    Fermes,
    /// Closed for part of the day only: nothing can be said.
    FermesEnPartie,
}

fn francais(texte: &str) -> Option<String> {
    let jetons = resoudre(&lexique::lire(texte));
    if jetons.contains(&Jeton::JourEtNuit) && !jetons.iter().any(|j| matches!(j, Jeton::Jour(_) | Jeton::Heure(_))) {
        return Some("24/7".into());
    }
    let morceaux = Decoupe::new(&jetons).morceaux();
    let mut agenda = Agenda::default();
    let jours_d_abord = morceaux.iter().find_map(|m| match m {
        Morceau::Jours {
            nature: Nature::Ouverts,
            ..
        } => Some(true),
        Morceau::Heures(_) => Some(false),
        Morceau::Jours { .. } => None,
    })?;
    if jours_d_abord {
        agenda.jours_puis_heures(&morceaux)
    } else {
        agenda.heures_puis_jours(&morceaux)
    }
    agenda.osm()
}

/// Walks through the pieces of the text and cuts it into groups of days and hours.
struct Decoupe<'j> {
    jetons: &'j [Jeton],
    ici: usize,
    heures: Vec<u16>,
    rangs: Vec<i8>,
    sauf: bool,
    ferme: bool,
    /// A full stop or the like came since the last days.
    phrase_close: bool,
    /// "mardi : fermé" was just read, which hours may still contradict: "mardi : fermé le matin, 14h-17h".
    ferme_avant: bool,
    morceaux: Vec<Morceau>,
}

impl<'j> Decoupe<'j> {
    const fn new(jetons: &'j [Jeton]) -> Self {
        Self {
            jetons,
            ici: 0,
            heures: Vec::new(),
            rangs: Vec::new(),
            sauf: false,
            ferme: false,
            phrase_close: false,
            ferme_avant: false,
            morceaux: Vec::new(),
        }
    }

    fn morceaux(mut self) -> Vec<Morceau> {
        while let Some(&jeton) = self.jetons.get(self.ici) {
            match jeton {
                Jeton::Jour(_) | Jeton::Jours(_) => {
                    self.jours();
                    continue;
                }
                Jeton::Heure(minutes) => self.heure(&[minutes]),
                Jeton::JourEtNuit => self.heure(&[0, JOUR]),
                Jeton::Rang(rang) => self.rangs.push(rang),
                Jeton::Ferme => self.fermeture(),
                Jeton::Sauf => self.sauf = self.jour_apres(self.ici + 1),
                Jeton::Signe('.' | ';' | '\n' | ')') => {
                    (self.sauf, self.ferme, self.phrase_close) = (false, false, true)
                }
                Jeton::Signe(signe) if signe != ':' => self.ferme = false,
                // "1er étage, lundi": no rank of the day.
                Jeton::Mot | Jeton::Compte | Jeton::DuMois => self.rangs.clear(),
                _ => {}
            }
            self.ici += 1;
        }
        self.clore_heures();
        self.morceaux
    }

    fn heure(&mut self, minutes: &[u16]) {
        self.heures.extend_from_slice(minutes);
        self.rangs.clear();
        (self.sauf, self.ferme) = (false, false);
    }

    fn clore_heures(&mut self) {
        let seule = self.heures.len() == 1;
        let paires = apparier(&std::mem::take(&mut self.heures));
        if !paires.is_empty() {
            if let Some(Morceau::Jours { nature, .. }) = self.morceaux.last_mut().filter(|_| self.ferme_avant) {
                *nature = Nature::Ouverts;
            }
            self.morceaux.push(Morceau::Heures(paires));
        } else if seule
            && let Some(Morceau::Jours {
                nature: nature @ Nature::Sauf,
                ..
            }) = self.morceaux.last_mut()
        {
            // "sauf vendredi jusqu'à 15h30": not closed, and its hours are not whole.
            *nature = Nature::FermesEnPartie;
        }
    }

    /// "Samedi et dimanche fermé" closes the days before it; "fermé le lundi", or hours told first, those after.
    fn fermeture(&mut self) {
        self.clore_heures();
        let heures_d_abord = matches!(self.morceaux.first(), Some(Morceau::Heures(_)));
        match self.morceaux.last_mut() {
            Some(Morceau::Jours { nature, en_partie, .. }) if !heures_d_abord && !self.phrase_close => {
                *nature = if en_partie.is_some() {
                    Nature::FermesEnPartie
                } else {
                    Nature::Fermes
                };
                self.ferme_avant = true;
            }
            _ => self.ferme = true,
        }
    }

    fn jour_apres(&self, depuis: usize) -> bool {
        let suite = self.jetons.get(depuis..).unwrap_or_default();
        let premier = suite
            .iter()
            .find(|j| !matches!(j, Jeton::Article | Jeton::Rang(_) | Jeton::Annonce));
        matches!(premier, Some(Jeton::Jour(_) | Jeton::Jours(_)))
    }

    /// A list of days and ranges of days.
    fn jours(&mut self) {
        self.clore_heures();
        let (masque, fin) = groupe(self.jetons, self.ici);
        let suite = self.jetons.get(fin..).unwrap_or_default();
        let en_partie = match suite.first() {
            Some(Jeton::DemiJournee(demi)) => Some(*demi),
            _ => None,
        };
        let nature = match (self.sauf, self.ferme) {
            (true, _) | (_, true) if en_partie.is_some() => Nature::FermesEnPartie,
            (true, _) => Nature::Sauf,
            (_, true) => Nature::Fermes,
            _ => Nature::Ouverts,
        };
        (self.phrase_close, self.ferme_avant) = (false, false);
        let rangs = std::mem::take(&mut self.rangs);
        self.morceaux.push(Morceau::Jours {
            masque,
            rangs,
            en_partie,
            nature,
        });
        self.ici = fin;
    }
}

/// The days from here, and where they end: "du lundi au mercredi et le vendredi", "lundi - mardi - jeudi".
fn groupe(jetons: &[Jeton], depuis: usize) -> (u8, usize) {
    let mut jours = Vec::new();
    let mut liens = Vec::new();
    let mut ici = depuis;
    loop {
        match jetons.get(ici) {
            Some(&Jeton::Jour(jour)) => jours.push(1 << jour),
            Some(&Jeton::Jours(masque)) => jours.push(masque),
            _ => break,
        }
        ici += 1;
        let Some(suivant) = (ici..jetons.len()).find(|r| !lie_des_jours(jetons[*r])) else {
            break;
        };
        if !matches!(jetons[suivant], Jeton::Jour(_) | Jeton::Jours(_)) {
            break;
        }
        liens.push(lien(&jetons[ici..suivant]));
        ici = suivant;
    }
    let tiret = |r: usize| liens.get(r) == Some(&Lien::Tiret);
    let masque = jours.iter().enumerate().fold(0, |masque, (r, jour)| {
        let plage = match liens.get(r) {
            Some(Lien::Jusqu) => true,
            // Three days joined by dashes are a list.
            Some(Lien::Tiret) => !(tiret(r + 1) || r > 0 && tiret(r - 1)),
            _ => false,
        };
        masque | if plage { etendre(*jour, jours[r + 1]) } else { *jour }
    });
    (masque, ici)
}

#[derive(PartialEq, Eq)]
enum Lien {
    Jusqu,
    Tiret,
    Liste,
}

fn lien(entre: &[Jeton]) -> Lien {
    match () {
        () if entre.contains(&Jeton::A) => Lien::Jusqu,
        () if entre == [Jeton::Signe('-')] => Lien::Tiret,
        () => Lien::Liste,
    }
}

fn lie_des_jours(jeton: Jeton) -> bool {
    matches!(
        jeton,
        Jeton::A | Jeton::Et | Jeton::Article | Jeton::Signe('-' | ',' | '/')
    )
}

/// All the days from one to the other, across Sunday if need be.
fn etendre(debut: u8, fin: u8) -> u8 {
    let (mut jour, mut masque) = (debut, debut | fin);
    while jour & fin == 0 && jour != 0 {
        masque |= jour;
        jour = if jour & (1 << 6) != 0 { 1 } else { jour << 1 };
    }
    masque
}
