//! Opening hours told in plain words: "lundi 23 novembre : de 9 h à 12 h et de 14 h à 17 h".
//!
//! The sentences are built from a [`Mots`], so that a language is a set of words and patterns, here or in a file.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};

use crate::etat::Etat;
use crate::jour::{Heure, JourOuvert, Nature, Plage};
use crate::regle::{JOUR, rang_jour};

mod langues;

pub use langues::{ANGLAIS, FRANCAIS};

/// A word or a pattern, written here or read from a file.
pub type Mot = Cow<'static, str>;

/// The words and patterns of a language; what stands in braces is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mots {
    /// Monday to Sunday.
    pub jours: [Mot; 7],
    /// January to December, in the form that follows the number of the day.
    pub mois: [Mot; 12],
    /// The first of the month.
    pub premier: Mot,
    /// `{jour} {quantieme} {mois}`
    pub date: Mot,
    /// `{date} : {heures}`
    pub ligne: Mot,
    /// `{date} (jour férié)`
    pub ferie: Mot,
    /// A time on the hour: `{h}`, `{hh}`.
    pub heure: Mot,
    /// Another time: `{h}`, `{hh}`, `{mm}`.
    pub heure_minutes: Mot,
    /// The end of the day.
    pub minuit: Mot,
    /// `de {debut} à {fin}`
    pub plage: Mot,
    /// `à partir de {debut}`, when nobody knows the end.
    pub a_partir_de: Mot,
    /// A whole day.
    pub jour_entier: Mot,
    /// `{texte} ({precision})`
    pub precision: Mot,
    /// Between the items of a list, but the last two.
    pub virgule: Mot,
    /// Between the last two items of a list.
    pub et: Mot,
    /// Open, without an end in sight.
    pub ouvert: Mot,
    /// Open, until then.
    pub ouvert_jusqu_a: Quand,
    /// Closed, without an opening in sight.
    pub ferme: Mot,
    /// Closed, until then.
    pub ferme_ouvre: Quand,
    /// Nobody knows, and nothing more is said.
    pub a_confirmer: Mot,
}

/// A sentence that names an instant, by how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quand {
    /// The same day: `{heure}`.
    pub ce_jour: Mot,
    /// The next day: `{heure}`.
    pub demain: Mot,
    /// Another day: `{date}`, `{heure}`.
    pub autre_jour: Mot,
}

impl Mots {
    /// One day on one line: `lundi 23 novembre : de 9 h à 12 h et de 14 h à 17 h`.
    #[must_use]
    pub fn ligne(&self, jour: &JourOuvert) -> String {
        let date = self.date(jour.date);
        let date = if jour.ferie {
            remplir(&self.ferie, &[("date", &date)])
        } else {
            date
        };
        remplir(&self.ligne, &[("date", &date), ("heures", &self.heures(jour))])
    }

    /// The hours of a day: `de 9 h à 12 h et de 14 h à 17 h`, `fermé`, `sur rendez-vous`.
    #[must_use]
    pub fn heures(&self, jour: &JourOuvert) -> String {
        match jour.plages.as_slice() {
            [] => self.avec_precision(&self.ferme, jour.commentaire.as_deref()),
            plages => self.liste(plages.iter().map(|plage| self.plage(plage)).collect()),
        }
    }

    /// `lundi 23 novembre`
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let quantieme = if date.day() == 1 {
            self.premier.to_string()
        } else {
            date.day().to_string()
        };
        let mois = usize::try_from(date.month() - 1)
            .ok()
            .and_then(|rang| self.mois.get(rang));
        remplir(
            &self.date,
            &[
                ("jour", &self.jours[rang_jour(date.weekday())]),
                ("quantieme", &quantieme),
                ("mois", mois.map_or("", |m| m)),
            ],
        )
    }

    /// `9 h`, `9 h 30`, `minuit`
    #[must_use]
    pub fn heure(&self, heure: Heure) -> String {
        if heure.minutes_depuis_minuit() == JOUR {
            return self.minuit.to_string();
        }
        let modele = if heure.minutes() == 0 {
            &self.heure
        } else {
            &self.heure_minutes
        };
        let (heures, minutes) = (heure.heures(), format!("{:02}", heure.minutes()));
        remplir(
            modele,
            &[
                ("h", &heures.to_string()),
                ("hh", &format!("{heures:02}")),
                ("mm", &minutes),
            ],
        )
    }

    /// The state at an instant: `ouvert jusqu’à 17 h`, `fermé, ouvre demain à 9 h`, `sur rendez-vous`.
    #[must_use]
    pub fn etat(&self, etat: &Etat, at: DateTime) -> String {
        match etat {
            Etat::Ouvert { jusqu_a, commentaire } => {
                let texte = jusqu_a.map_or_else(
                    || self.ouvert.to_string(),
                    |fin| self.quand(&self.ouvert_jusqu_a, fin, at),
                );
                self.avec_precision(&texte, commentaire.as_deref())
            }
            Etat::Ferme { ouvre_a, commentaire } => {
                let texte = ouvre_a.map_or_else(
                    || self.ferme.to_string(),
                    |debut| self.quand(&self.ferme_ouvre, debut, at),
                );
                self.avec_precision(&texte, commentaire.as_deref())
            }
            Etat::Inconnu { commentaire } => commentaire.as_deref().unwrap_or(&self.a_confirmer).to_owned(),
        }
    }

    /// An instant seen from another; midnight belongs to the day that it ends.
    fn quand(&self, phrase: &Quand, quand: DateTime, depuis: DateTime) -> String {
        let a_minuit = (quand.hour(), quand.minute()) == (0, 0);
        let (date, heure) = match quand.date().yesterday() {
            Ok(veille) if a_minuit => (veille, Heure::MINUIT),
            _ => (quand.date(), Heure::du_jour(quand)),
        };
        let est_demain = depuis.date().tomorrow().is_ok_and(|demain| demain == date);
        let modele = match () {
            () if date == depuis.date() => &phrase.ce_jour,
            () if est_demain => &phrase.demain,
            () => &phrase.autre_jour,
        };
        remplir(modele, &[("date", &self.date(date)), ("heure", &self.heure(heure))])
    }

    fn plage(&self, plage: &Plage) -> String {
        let debut = self.heure(plage.debut);
        let commentaire = plage.commentaire.as_deref();
        if plage.sans_fin {
            return self.avec_precision(&remplir(&self.a_partir_de, &[("debut", &debut)]), commentaire);
        }
        let certaine = plage.nature == Nature::Ouvert;
        let precision = commentaire.or((!certaine).then_some(&*self.a_confirmer));
        let entiere = (plage.debut.minutes_depuis_minuit(), plage.fin) == (0, Heure::MINUIT);
        match precision {
            Some(precision) if entiere && !certaine => precision.to_owned(),
            _ if entiere => self.avec_precision(&self.jour_entier, precision),
            _ => {
                let fin = self.heure(plage.fin);
                let texte = remplir(&self.plage, &[("debut", &debut), ("fin", &fin)]);
                self.avec_precision(&texte, precision)
            }
        }
    }

    fn avec_precision(&self, texte: &str, precision: Option<&str>) -> String {
        match precision {
            Some(precision) => remplir(&self.precision, &[("texte", texte), ("precision", precision)]),
            None => texte.to_owned(),
        }
    }

    fn liste(&self, mut elements: Vec<String>) -> String {
        match elements.pop() {
            None => String::new(),
            Some(dernier) if elements.is_empty() => dernier,
            Some(dernier) => format!("{}{}{dernier}", elements.join(&self.virgule), self.et),
        }
    }
}

/// Put the values where their names stand in braces, in one pass: a value is never read as a pattern.
fn remplir(modele: &str, valeurs: &[(&str, &str)]) -> String {
    let mut texte = String::with_capacity(modele.len() + 32);
    let mut reste = modele;
    while let Some((avant, suite)) = reste.split_once('{') {
        texte.push_str(avant);
        let Some((nom, apres)) = suite.split_once('}') else {
            break;
        };
        texte.push_str(valeurs.iter().find(|(n, _)| *n == nom).map_or("", |(_, valeur)| valeur));
        reste = apres;
    }
    texte.push_str(reste);
    texte
}
