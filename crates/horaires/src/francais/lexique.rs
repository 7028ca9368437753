//! Words of French hours: a cell of free text cut into what matters and what does not.

use super::vocabulaire::{JOURS_OUVRES, TOUS, WEEK_END, plier, reconnaitre};
use crate::regle::JOUR;

/// Longest text read, in characters: a cell, not a book.
const LONGUEUR: usize = 4_000;

/// One piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jeton {
    /// A time that says so: `9h30`, `9:30`, `midi`; in minutes.
    Heure(u16),
    /// A bare number that may be an hour, up to 24.
    Nombre(u16),
    /// A day of the week, Monday is 0.
    Jour(u8),
    /// A short form of a day that is also an ordinary word or letter: `sa`, `ma`, `L`.
    JourPeutEtre(u8),
    /// Several days at once: "tous les jours", "week-end"; one bit a day.
    Jours(u8),
    /// 24h/24.
    JourEtNuit,
    /// "premier", "2ème", "dernier": 1 to 5, or -1.
    Rang(i8),
    /// "du mois", "de chaque mois".
    DuMois,
    /// "matin", "après-midi".
    DemiJournee(Demi),
    /// "à", "au", "jusqu'à".
    A,
    /// "et", "&".
    Et,
    /// Articles and the like, which mean nothing here.
    Article,
    Ferme,
    Sauf,
    /// A word that makes a number before it something else than an hour: "rue", "septembre", "jours".
    Compte,
    /// "sur", "tous les", "n°": the number after it is not an hour.
    Annonce,
    Mot,
    /// One sign of punctuation; all dashes are `-`, a line break is `\n`.
    Signe(char),
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demi {
    Matin,
    ApresMidi,
    Soir,
}

/// Cut a text into its pieces.
pub(super) fn lire(texte: &str) -> Vec<Jeton> {
    let signes: Vec<char> = texte.replace("&amp;", "&").chars().take(LONGUEUR).collect();
    let mut lecteur = Lecteur {
        signes,
        ici: 0,
        jetons: Vec::new(),
    };
    while lecteur.ici < lecteur.signes.len() {
        lecteur.jeton();
    }
    lecteur.jetons
}

struct Lecteur {
    signes: Vec<char>,
    ici: usize,
    jetons: Vec<Jeton>,
}

impl Lecteur {
    fn a(&self, rang: usize) -> char {
        self.signes.get(rang).copied().unwrap_or('\0')
    }

    fn jeton(&mut self) {
        let signe = self.a(self.ici);
        if signe.is_ascii_digit() {
            self.chiffres();
        } else if signe.is_alphabetic() {
            self.mot();
        } else {
            self.ici += 1;
            match signe {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => self.jetons.push(Jeton::Signe('-')),
                '\n' | '\r' => self.jetons.push(Jeton::Signe('\n')),
                '&' | '+' => self.jetons.push(Jeton::Et),
                '°' => self.jetons.push(Jeton::Annonce),
                _ if signe.is_whitespace() => {}
                _ => self.jetons.push(Jeton::Signe(signe)),
            }
        }
    }

    /// How many digits stand from here.
    fn longueur(&self, depuis: usize) -> usize {
        (depuis..).take_while(|r| self.a(*r).is_ascii_digit()).count()
    }

    fn valeur(&self, depuis: usize, longueur: usize) -> u16 {
        (depuis..depuis + longueur)
            .filter_map(|r| self.a(r).to_digit(10))
            .fold(0, |total: u16, chiffre| {
                total.saturating_mul(10).saturating_add(chiffre as u16)
            })
    }

    fn apres_espaces(&self, depuis: usize) -> usize {
        (depuis..)
            .find(|r| !matches!(self.a(*r), ' ' | '\t' | '\u{a0}' | '\u{202f}'))
            .unwrap_or(depuis)
    }

    fn chiffres(&mut self) {
        let debut = self.ici;
        let longueur = self.longueur(debut);
        if let Some(fin) = self.telephone(debut).or_else(|| self.date(debut)) {
            self.ici = fin;
            self.jetons.push(Jeton::Mot);
        } else if let Some((fin, jeton)) = self.permanence(debut) {
            self.ici = fin;
            self.jetons.push(jeton);
        } else if longueur > 2 || self.valeur(debut, longueur) > 24 {
            self.ici = debut + longueur;
            self.jetons.push(Jeton::Mot);
        } else if let Some(apres) = self.unite(debut + longueur) {
            let heures = self.valeur(debut, longueur);
            let espacee = self.a(debut + longueur).is_whitespace();
            let (minutes, fin) = self.minutes(apres, espacee);
            self.ici = fin;
            self.jetons.push(Jeton::Heure((heures * 60 + minutes).min(JOUR)));
        } else {
            self.nombre(debut, longueur);
        }
    }

    /// A number alone, or glued to letters: `1er`, `18bis`.
    fn nombre(&mut self, debut: usize, longueur: usize) {
        let valeur = self.valeur(debut, longueur);
        self.ici = debut + longueur;
        if self.a(self.ici).is_alphabetic() {
            let suffixe = self.lettres();
            let rang = matches!(suffixe.as_str(), "er" | "ere" | "e" | "eme" | "ieme" | "nd" | "nde");
            let jeton = match i8::try_from(valeur) {
                Ok(n @ 1..=5) if rang => Jeton::Rang(n),
                _ => Jeton::Mot,
            };
            self.jetons.push(jeton);
        } else if valeur > 0 {
            self.jetons.push(Jeton::Nombre(valeur));
        }
        // A zero alone is an "à" that slipped: "de 9h 0 12h".
    }

    /// The letters here, folded, eaten.
    fn lettres(&mut self) -> String {
        let debut = self.ici;
        self.ici += (debut..).take_while(|r| self.a(*r).is_alphabetic()).count();
        plier(&self.signes[debut..self.ici])
    }

    /// Ten digits by two, as in 03.21.89.04.66.
    fn telephone(&self, debut: usize) -> Option<usize> {
        if self.a(debut) != '0' || !self.a(debut + 1).is_ascii_digit() {
            return None;
        }
        let mut ici = debut + 2;
        for _ in 0..4 {
            if matches!(self.a(ici), ' ' | '.' | '-' | '\u{a0}') {
                ici += 1;
            }
            if !(self.a(ici).is_ascii_digit() && self.a(ici + 1).is_ascii_digit()) {
                return None;
            }
            ici += 2;
        }
        (!self.a(ici).is_ascii_digit()).then_some(ici)
    }

    /// 14/04/2022, 14-04-2022, 14/04/22, 14/04.
    fn date(&self, debut: usize) -> Option<usize> {
        let jour = self.longueur(debut);
        let signe = self.a(debut + jour);
        let mois_ici = debut + jour + 1;
        let mois = self.longueur(mois_ici);
        if !matches!(signe, '/' | '-' | '.') || jour > 2 || !(1..=2).contains(&mois) {
            return None;
        }
        if !(1..=12).contains(&self.valeur(mois_ici, mois)) || !(1..=31).contains(&self.valeur(debut, jour)) {
            return None;
        }
        let fin = mois_ici + mois;
        let annee = self.longueur(fin + 1);
        let courte = annee == 2 && signe == '/' && !matches!(self.a(fin + 3), '/' | '-');
        if self.a(fin) == signe && (annee == 4 || courte) && self.unite(fin + 1 + annee).is_none() {
            return Some(fin + 1 + annee);
        }
        let sans_annee = signe == '/' && mois == 2 && self.a(mois_ici) == '0' && self.unite(fin).is_none();
        sans_annee.then_some(fin)
    }

    /// 24h/24, 24/24, 7j/7, 7/7, 7 jours sur 7.
    fn permanence(&self, debut: usize) -> Option<(usize, Jeton)> {
        let longueur = self.longueur(debut);
        let jeton = match (longueur, self.valeur(debut, longueur)) {
            (2, 24) => Jeton::JourEtNuit,
            (1, 7) => Jeton::Jours(TOUS),
            _ => return None,
        };
        let mut ici = self.apres_espaces(debut + longueur);
        let mot: String = (ici..).map(|r| self.a(r)).take_while(|c| c.is_alphabetic()).collect();
        if matches!(mot.to_lowercase().as_str(), "h" | "heures" | "j" | "jours" | "jour") {
            ici = self.apres_espaces(ici + mot.chars().count());
        }
        if self.a(ici) == '/' {
            ici += 1;
        } else if self.a(ici) == 's' && self.a(ici + 1) == 'u' && self.a(ici + 2) == 'r' {
            ici += 3;
        } else {
            return None;
        }
        ici = self.apres_espaces(ici);
        let meme = self.longueur(ici) == longueur && self.valeur(ici, longueur) == self.valeur(debut, longueur);
        let fin = ici + longueur;
        (meme && self.a(fin) != ':').then(|| {
            let collee = matches!(self.a(fin), 'h' | 'H' | 'j' | 'J') && !self.a(fin + 1).is_alphanumeric();
            (if collee { fin + 1 } else { fin }, jeton)
        })
    }

    /// Where the unit of an hour ends (`h`, `H`, `heures`, `:`), when it stands here or one space away.
    fn unite(&self, depuis: usize) -> Option<usize> {
        let ici = self.apres_espaces(depuis);
        let colle = ici == depuis;
        match self.a(ici) {
            ':' => {
                let deux_chiffres = self.longueur(ici + 1) == 2;
                let ensuite = self.a(ici + 3);
                let minutes = deux_chiffres && !matches!(ensuite, ':' | 'h' | 'H');
                (colle || minutes).then_some(ici + 1)
            }
            '.' if colle => {
                let quart = self.longueur(ici + 1) == 2 && self.valeur(ici + 1, 2).is_multiple_of(15);
                (quart && self.valeur(ici + 1, 2) < 60 && self.a(ici + 3) != '.').then_some(ici + 1)
            }
            'h' | 'H' => {
                let lettres: Vec<char> = (ici..)
                    .map(|r| self.a(r))
                    .take_while(|c| c.is_alphabetic())
                    .take(8)
                    .collect();
                let entiere = matches!(plier(&lettres).as_str(), "h" | "hr" | "hrs" | "heure" | "heures");
                match (entiere, colle) {
                    (true, _) => Some(ici + lettres.len()),
                    (false, true) => Some(ici + 1),
                    (false, false) => None,
                }
            }
            _ => None,
        }
    }

    /// The minutes after the unit, and where they end; none is 0. After "9 h" a space may come, after "9h" hardly.
    fn minutes(&self, unite: usize, espacee: bool) -> (u16, usize) {
        let ici = if self.longueur(unite) > 0 {
            unite
        } else {
            self.apres_espaces(unite)
        };
        let longueur = self.longueur(ici);
        let deux = self.valeur(ici, longueur.min(2));
        match longueur {
            // A digit was lost: 16h3 is 16h30; but 9h 5 rue is not 9h05.
            1 if ici == unite && deux < 6 && self.unite_collee(ici + 1).is_none() => (deux * 10, ici + 1),
            2 if deux < 60 && !self.est_une_heure(ici, deux) => {
                let rondes = deux > 24 || deux.is_multiple_of(if espacee { 5 } else { 15 });
                if ici == unite || rondes {
                    (deux, self.sans_secondes(ici + 2))
                } else {
                    (0, unite)
                }
            }
            // Glued to the next time: 12h3019h.
            3 | 4 if ici == unite && deux < 60 && self.unite_collee(ici + longueur).is_some() => (deux, ici + 2),
            _ => (0, unite),
        }
    }

    fn sans_secondes(&self, fin: usize) -> usize {
        let secondes = self.a(fin) == ':' && self.longueur(fin + 1) == 2;
        if secondes { fin + 3 } else { fin }
    }

    fn unite_collee(&self, depuis: usize) -> Option<usize> {
        self.unite(depuis).filter(|_| !self.a(depuis).is_whitespace())
    }

    /// Are the digits after `9h` another time, as in `9h12h`, rather than its minutes?
    fn est_une_heure(&self, ici: usize, valeur: u16) -> bool {
        let deux_points = ici.checked_sub(1).is_some_and(|avant| self.a(avant) == ':');
        !deux_points && valeur <= 24 && self.unite(ici + 2).is_some()
    }

    fn mot(&mut self) {
        let debut = self.ici;
        let mot = self.lettres();
        let seule_majuscule = self.ici == debut + 1 && self.a(debut).is_uppercase();
        if seule_majuscule && !matches!(self.a(self.ici), '\'' | '\u{2019}') {
            self.jetons.push(self.lettre_seule(self.a(debut)));
            return;
        }
        let jeton = reconnaitre(&mot).or_else(|| self.locution(&mot, debut));
        if matches!(jeton, Some(Jeton::JourPeutEtre(_))) && self.a(self.ici) == '.' {
            self.ici += 1;
        }
        self.jetons.extend(jeton);
    }

    /// "L M M J V" and the like.
    fn lettre_seule(&self, lettre: char) -> Jeton {
        let precedent = self.jetons.iter().rev().find_map(|jeton| match jeton {
            Jeton::JourPeutEtre(jour) => Some(*jour),
            _ => None,
        });
        match lettre {
            'L' => Jeton::JourPeutEtre(0),
            // The first M after L is Tuesday, the next one Wednesday.
            'M' if self.a(self.ici) != '.' && precedent == Some(0) => Jeton::JourPeutEtre(1),
            'M' if self.a(self.ici) != '.' && precedent == Some(1) => Jeton::JourPeutEtre(2),
            'J' => Jeton::JourPeutEtre(3),
            'V' => Jeton::JourPeutEtre(4),
            'S' => Jeton::JourPeutEtre(5),
            'D' => Jeton::JourPeutEtre(6),
            'A' | 'À' => Jeton::A,
            _ => Jeton::Mot,
        }
    }

    /// Words that mean something only with those around them; `None` for a word to forget.
    fn locution(&mut self, mot: &str, debut: usize) -> Option<Jeton> {
        let avant = self.mot_precedent(debut);
        match mot {
            "h" | "e" => None,
            "tous" | "toute" | "chaque" => Some(self.tous_les_jours().unwrap_or(Jeton::Annonce)),
            "midi" if matches!(avant.as_str(), "a" | "au" | "de" | "entre" | "h") => Some(Jeton::Heure(12 * 60)),
            "midi" => Some(Jeton::DemiJournee(Demi::ApresMidi)),
            "weekend" | "weekends" => Some(Jeton::Jours(WEEK_END)),
            "week" => {
                self.ici = self.apres_mot(&["end", "ends"])?;
                Some(Jeton::Jours(WEEK_END))
            }
            "semaine" if matches!(avant.as_str(), "en" | "la") && !self.une_semaine_sur_deux() => {
                Some(Jeton::Jours(JOURS_OUVRES))
            }
            "semaine" => Some(Jeton::Compte),
            _ => Some(Jeton::Mot),
        }
    }

    fn une_semaine_sur_deux(&self) -> bool {
        self.apres_mot(&["paire", "paires", "impaire", "impaires", "sur"])
            .is_some()
    }

    /// The word before this place, folded.
    fn mot_precedent(&self, debut: usize) -> String {
        let fin = (0..debut)
            .rev()
            .find(|r| self.a(*r).is_alphanumeric())
            .map_or(0, |r| r + 1);
        let debut = (0..fin)
            .rev()
            .find(|r| !self.a(*r).is_alphabetic())
            .map_or(0, |r| r + 1);
        plier(&self.signes[debut..fin])
    }

    /// "tous les jours", "chaque jour", "toute la semaine".
    fn tous_les_jours(&mut self) -> Option<Jeton> {
        let depart = self.ici;
        self.ici = self.apres_mot(&["les", "la"]).unwrap_or(self.ici);
        if let Some(fin) = self.apres_mot(&["jours", "jour", "semaine"]) {
            self.ici = fin;
            // As the reference reads it: a public desk that opens "every day" opens on working days.
            return Some(Jeton::Jours(JOURS_OUVRES));
        }
        self.ici = depart;
        None
    }

    /// Where the next word ends, if it is one of these.
    fn apres_mot(&self, mots: &[&str]) -> Option<usize> {
        let debut = (self.ici..).find(|r| !matches!(self.a(*r), ' ' | '-' | '\u{a0}'))?;
        let fin = (debut..).find(|r| !self.a(*r).is_alphabetic())?;
        mots.contains(&plier(&self.signes[debut..fin]).as_str()).then_some(fin)
    }
}
