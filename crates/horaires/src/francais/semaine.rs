//! A week told in French, in one text or a column a day.

use super::fusion::{Paire, ecrire, unir};
use super::heures::{apparier, resoudre};
use super::lexique::{self, Jeton};
use crate::Horaires;
use crate::regle::{CODES_JOURS, JOUR};
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
    deja_osm(texte).or_else(|| francais(texte))
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

/// An expression that reads once its small slips are mended: `Mo, Tu 9h00-12 :00`.
fn deja_osm(texte: &str) -> Option<String> {
    let texte = texte.trim();
    let propre = mender(texte);
    Horaires::parse(&propre).ok().map(|_| propre)
}

/// `9:00` or `9h00` becomes `09:00`; spaces that the grammar does not know go.
fn mender(texte: &str) -> String {
    let signes: Vec<char> = texte.chars().take(crate::LONGUEUR_MAX).collect();
    let suivant = |depuis: usize| {
        signes[depuis..]
            .iter()
            .position(|c| *c != ' ')
            .map(|p| signes[depuis + p])
    };
    let mut propre = String::with_capacity(texte.len());
    let mut cite = false;
    for (ici, &signe) in signes.iter().enumerate() {
        let avant = propre.chars().next_back();
        let chiffre_avant = avant.is_some_and(|c| c.is_ascii_digit());
        cite ^= signe == '"';
        match signe {
            _ if cite => propre.push(signe),
            ' ' if matches!(suivant(ici), Some(':' | ',')) && chiffre_avant => {}
            ' ' if matches!(suivant(ici), Some(',')) => {}
            ' ' if avant == Some(',') && liste_continue(&propre, suivant(ici)) => {}
            'h' | 'H' if chiffre_avant && suivant(ici + 1).is_some_and(|c| c.is_ascii_digit()) => propre.push(':'),
            _ => propre.push(signe),
        }
    }
    deux_chiffres(&propre)
}

/// After a comma, does a list of days or hours go on, rather than a new rule?
fn liste_continue(propre: &str, suivant: Option<char>) -> bool {
    let avant_virgule = propre.chars().rev().nth(1);
    suivant.is_some_and(|c| c.is_ascii_digit()) || avant_virgule.is_some_and(|c| c.is_alphabetic() || c == ']')
}

/// `9:00` is `09:00`.
fn deux_chiffres(texte: &str) -> String {
    let octets = texte.as_bytes();
    let chiffre = |ici: usize| octets.get(ici).is_some_and(u8::is_ascii_digit);
    let mut propre = String::with_capacity(texte.len() + 8);
    for (ici, signe) in texte.char_indices() {
        let seul = signe.is_ascii_digit() && octets.get(ici + 1) == Some(&b':') && chiffre(ici + 2);
        let glue = ici > 0 && (chiffre(ici - 1) || octets[ici - 1] == b':');
        if seul && !glue {
            propre.push('0');
        }
        propre.push(signe);
    }
    propre
}

/// A group of days, or the hours that go with one.
enum Morceau {
    Jours {
        masque: u8,
        rang: Option<i8>,
        /// "lundi matin": what closes is a part of the day.
        en_partie: bool,
        nature: Nature,
    },
    Heures(Vec<Paire>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
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
    rang: Option<i8>,
    sauf: bool,
    ferme: bool,
    /// A full stop or the like came since the last days.
    phrase_close: bool,
    morceaux: Vec<Morceau>,
}

impl<'j> Decoupe<'j> {
    const fn new(jetons: &'j [Jeton]) -> Self {
        Self {
            jetons,
            ici: 0,
            heures: Vec::new(),
            rang: None,
            sauf: false,
            ferme: false,
            phrase_close: false,
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
                Jeton::Rang(rang) => self.rang = Some(rang),
                Jeton::Ferme => self.fermeture(),
                Jeton::Sauf => self.sauf = self.jour_apres(self.ici + 1),
                Jeton::Signe('.' | ';' | '\n' | ')') => {
                    (self.sauf, self.ferme, self.phrase_close) = (false, false, true)
                }
                Jeton::Signe(signe) if signe != ':' => self.ferme = false,
                _ => {}
            }
            self.ici += 1;
        }
        self.clore_heures();
        self.morceaux
    }

    fn heure(&mut self, minutes: &[u16]) {
        self.heures.extend_from_slice(minutes);
        (self.sauf, self.ferme, self.rang) = (false, false, None);
    }

    fn clore_heures(&mut self) {
        let seule = self.heures.len() == 1;
        let paires = apparier(&std::mem::take(&mut self.heures));
        if !paires.is_empty() {
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
                *nature = if *en_partie {
                    Nature::FermesEnPartie
                } else {
                    Nature::Fermes
                };
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
        let en_partie = matches!(suite.first(), Some(Jeton::DemiJournee));
        let du_mois = suite.iter().take(4).any(|j| *j == Jeton::DuMois);
        let nature = match (self.sauf, self.ferme) {
            (true, _) | (_, true) if en_partie => Nature::FermesEnPartie,
            (true, _) => Nature::Sauf,
            (_, true) => Nature::Fermes,
            _ => Nature::Ouverts,
        };
        self.phrase_close = false;
        let rang = self.rang.take().filter(|_| du_mois);
        self.morceaux.push(Morceau::Jours {
            masque,
            rang,
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
        Jeton::A | Jeton::Et | Jeton::Article | Jeton::DemiJournee | Jeton::Signe('-' | ',' | '/')
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

/// The hours of each day, as the text tells them one after the other.
#[derive(Default)]
struct Agenda {
    semaine: [Vec<Paire>; 7],
    /// Some occurrences in the month: "1er mardi du mois".
    rangs: Vec<(i8, u8, Vec<Paire>)>,
}

impl Agenda {
    fn jours_puis_heures(&mut self, morceaux: &[Morceau]) {
        let (mut masque, mut rang, mut servi) = (0, None, true);
        for morceau in morceaux {
            match morceau {
                Morceau::Heures(paires) => {
                    self.ajouter(masque, rang, paires);
                    servi = true;
                }
                Morceau::Jours {
                    nature: Nature::FermesEnPartie,
                    ..
                } => {}
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
                    rang: r,
                    nature,
                    ..
                } => {
                    if *nature == Nature::Sauf {
                        self.vider(*jours);
                    }
                    masque = if servi { *jours } else { masque | jours };
                    (rang, servi) = (*r, false);
                }
            }
        }
    }

    fn heures_puis_jours(&mut self, morceaux: &[Morceau]) {
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
                    rang,
                    nature: Nature::Ouverts,
                    ..
                } => {
                    self.ajouter(*masque, *rang, &paires);
                    servi = true;
                }
                Morceau::Jours {
                    nature: Nature::FermesEnPartie,
                    ..
                } => {}
                Morceau::Jours { masque, .. } => self.vider(*masque),
            }
        }
    }

    fn ajouter(&mut self, masque: u8, rang: Option<i8>, paires: &[Paire]) {
        for (jour, heures) in (0_u8..7)
            .zip(&mut self.semaine)
            .filter(|(jour, _)| masque & (1 << jour) != 0)
        {
            match rang {
                Some(rang) => self.rangs.push((rang, jour, paires.to_vec())),
                None => heures.extend_from_slice(paires),
            }
        }
    }

    fn vider(&mut self, masque: u8) {
        for (_, heures) in (0_u8..7)
            .zip(&mut self.semaine)
            .filter(|(jour, _)| masque & (1 << jour) != 0)
        {
            heures.clear();
        }
    }

    fn osm(self) -> Option<String> {
        let heures = self.semaine.each_ref().map(|paires| ecrire(&unir(paires)));
        let mut osm = tableau::compacter(&heures);
        for (rang, jour, paires) in &self.rangs {
            let jour = usize::from(*jour);
            if !osm.is_empty() {
                // A day that also opens every week keeps its hours: the occurrence adds to them.
                osm.push_str(if heures[jour].is_empty() { "; " } else { ", " });
            }
            osm.push_str(&format!("{}[{rang}] {}", CODES_JOURS[jour], ecrire(&unir(paires))));
        }
        Some(osm).filter(|osm| !osm.is_empty())
    }
}
