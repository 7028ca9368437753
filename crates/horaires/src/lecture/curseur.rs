//! Where the reader stands in the text.

use crate::erreur::ErreurHoraires;

/// A place in the text, with the few moves that the grammar needs.
#[derive(Clone)]
pub(super) struct Curseur<'t> {
    texte: &'t str,
    octet: usize,
}

impl<'t> Curseur<'t> {
    pub(super) const fn new(texte: &'t str) -> Self {
        Self { texte, octet: 0 }
    }

    fn reste(&self) -> &'t str {
        self.texte.get(self.octet..).unwrap_or_default()
    }

    pub(super) fn fini(&self) -> bool {
        self.reste().is_empty()
    }

    /// In characters, from 1.
    pub(super) fn position(&self) -> usize {
        self.texte.get(..self.octet).unwrap_or_default().chars().count() + 1
    }

    pub(super) fn passer_espaces(&mut self) {
        let reste = self.reste();
        self.octet += reste.len() - reste.trim_start().len();
    }

    pub(super) fn mange(&mut self, motif: &str) -> bool {
        let ici = self.reste().starts_with(motif);
        if ici {
            self.octet += motif.len();
        }
        ici
    }

    /// A comma, with its spaces, if the list goes on after it; a comma that starts a new rule stays.
    pub(super) fn mange_virgule_puis(&mut self, la_liste_continue: impl Fn(&Self) -> bool) -> bool {
        let mut apres = self.clone();
        apres.passer_espaces();
        if !apres.mange(",") {
            return false;
        }
        apres.passer_espaces();
        let continue_ = la_liste_continue(&apres);
        if continue_ {
            *self = apres;
        }
        continue_
    }

    /// A hyphen, or the dashes that word processors put in its place.
    pub(super) fn mange_tiret(&mut self) -> bool {
        ["-", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}", "\u{2212}"]
            .iter()
            .any(|t| self.mange(t))
    }

    /// The letters here, in small ones.
    pub(super) fn mot(&self) -> String {
        self.reste()
            .chars()
            .take_while(|c| c.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect()
    }

    pub(super) fn avance_du_mot(&mut self) {
        self.octet += self
            .reste()
            .char_indices()
            .find(|(_, c)| !c.is_alphabetic())
            .map_or(self.reste().len(), |(i, _)| i);
    }

    fn chiffres(&self) -> &'t str {
        let reste = self.reste();
        reste
            .get(..reste.bytes().take_while(u8::is_ascii_digit).count())
            .unwrap_or_default()
    }

    /// The number here when it is not the start of an hour.
    pub(super) fn nombre(&self) -> Option<i16> {
        let chiffres = self.chiffres();
        if self.heure_ici() || chiffres.len() > 4 {
            return None;
        }
        chiffres.parse().ok()
    }

    pub(super) fn avance_du_nombre(&mut self) {
        self.octet += self.chiffres().len();
    }

    /// Does an hour such as `9:00` start here?
    pub(super) fn heure_ici(&self) -> bool {
        self.clone().mange_heure().is_some()
    }

    /// Hours and minutes, not checked.
    pub(super) fn mange_heure(&mut self) -> Option<(u16, u16)> {
        let heures = self.chiffres();
        let mut apres = self.clone();
        apres.octet += heures.len();
        if heures.len() > 2 || !apres.mange(":") {
            return None;
        }
        let minutes = apres.chiffres();
        if minutes.len() != 2 {
            return None;
        }
        apres.octet += 2;
        let lues = (heures.parse().ok()?, minutes.parse().ok()?);
        *self = apres;
        Some(lues)
    }

    /// The text up to the next quote, which is eaten.
    pub(super) fn jusqu_au_guillemet(&mut self) -> Option<&'t str> {
        let (dedans, _) = self.reste().split_once('"')?;
        self.octet += dedans.len() + 1;
        Some(dedans)
    }

    /// The refusal of what stands here.
    pub(super) fn refus(&self, attendu: &'static str) -> ErreurHoraires {
        let position = self.position();
        let reste = self.reste();
        let Some(premier) = reste.chars().next() else {
            return ErreurHoraires::Incomplet { position, attendu };
        };
        let mut trouve: String = reste.chars().take_while(|c| c.is_alphanumeric()).take(20).collect();
        if trouve.is_empty() {
            trouve.push(premier);
        }
        ErreurHoraires::Inattendu {
            position,
            attendu,
            trouve,
        }
    }
}
