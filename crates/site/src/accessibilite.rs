//! The accessibility statement, drawn from the audit grid: the 106 criteria of RGAA 4.1.2 as data.

use crate::textes::{Mots, mots};
use askama::Template;
use axum::{extract::State, response::Response};
use jiff::civil::Date;
use serde::Deserialize;
use socle::{App, Operator, errors::Erreur};
use ui::{
    composants::{Colonne, Tableau, Valeur},
    page::{Conformite, Page},
    rendu::rendre,
};

/// The criteria of RGAA 4.1.2.
const CRITERES: usize = 106;

/// What the audit found of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    /// Met.
    Conforme,
    /// Not met.
    NonConforme,
    /// Nothing in the pages is concerned.
    NonApplicable,
    /// Not looked at yet.
    NonVerifie,
}

/// A line of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Critere {
    /// Its number, such as `10.11`.
    #[serde(rename = "critere")]
    pub numero: String,
    /// The question that it asks.
    pub intitule: String,
    /// What was found.
    pub etat: Etat,
    /// What was seen, where, and what is planned.
    pub note: String,
    /// When it was looked at.
    pub date: Option<Date>,
}

/// A grid that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ErreurGrille {
    /// A line is malformed.
    #[error("la grille d’audit ne se lit pas : {0}")]
    Csv(#[from] csv::Error),
    /// A criterion is missing or stands twice.
    #[error("la grille d’audit compte {0} critères au lieu de 106")]
    Nombre(usize),
    /// A criterion was judged without a date.
    #[error("le critère {0} est jugé sans date")]
    SansDate(String),
}

/// The audit grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grille {
    /// The criteria in their order.
    pub criteres: Vec<Critere>,
}

impl Grille {
    /// The grid of this version of the program.
    ///
    /// # Errors
    /// When the embedded file is malformed.
    pub fn embarquee() -> Result<Self, ErreurGrille> {
        Self::lire(include_str!("../donnees/rgaa.csv"))
    }

    /// Reads a grid.
    ///
    /// # Errors
    /// A malformed line, a criterion missing or twice, a judgement without date.
    pub fn lire(texte: &str) -> Result<Self, ErreurGrille> {
        let mut lecteur = csv::ReaderBuilder::new().delimiter(b';').from_reader(texte.as_bytes());
        let criteres: Vec<Critere> = lecteur.deserialize().collect::<Result<_, _>>()?;
        let distincts: std::collections::BTreeSet<&str> = criteres.iter().map(|c| c.numero.as_str()).collect();
        if distincts.len() != CRITERES || criteres.len() != CRITERES {
            return Err(ErreurGrille::Nombre(distincts.len()));
        }
        if let Some(sans) = criteres.iter().find(|c| c.etat != Etat::NonVerifie && c.date.is_none()) {
            return Err(ErreurGrille::SansDate(sans.numero.clone()));
        }
        Ok(Self { criteres })
    }

    fn compte(&self, etat: Etat) -> usize {
        self.criteres.iter().filter(|c| c.etat == etat).count()
    }

    /// The level that may be stated: none before every criterion was looked at (decree 2019-768, article 5).
    pub fn conformite(&self) -> Conformite {
        let (conformes, refuses) = (self.compte(Etat::Conforme), self.compte(Etat::NonConforme));
        match () {
            () if self.compte(Etat::NonVerifie) > 0 => Conformite::NonConforme,
            () if refuses == 0 => Conformite::Totale,
            () if conformes >= refuses => Conformite::Partielle,
            () => Conformite::NonConforme,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "site/accessibilite.html")]
struct Declaration<'a> {
    page: Page,
    t: &'static Mots,
    operateur: &'a Operator,
    verifies: usize,
    conformes: usize,
    criteres: Tableau,
}

pub(crate) async fn page(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let grille = app.part::<Grille>();
    let t = mots(&page);
    crate::textes::preparer(&mut page, &t.accessibilite.titre);
    page.conformite = grille.conformite();
    let ligne = |c: &Critere| {
        let date = c.date.map_or_else(String::new, |jour| page.date(jour));
        let etat = t.accessibilite.etat(c.etat);
        [c.numero.as_str(), &c.intitule, etat, &c.note, &date]
            .map(Valeur::texte)
            .to_vec()
    };
    let entetes = &t.accessibilite.colonnes;
    let criteres = Tableau {
        legende: t.accessibilite.legende.to_string(),
        colonnes: [
            &entetes.critere,
            &entetes.question,
            &entetes.etat,
            &entetes.note,
            &entetes.date,
        ]
        .map(|nom| Colonne::new(nom.to_string()))
        .to_vec(),
        lignes: grille.criteres.iter().map(ligne).collect(),
    };
    let verifies = CRITERES - grille.compte(Etat::NonVerifie);
    let conformes = grille.compte(Etat::Conforme);
    rendre(&Declaration {
        operateur: &app.settings.operator,
        t,
        verifies,
        conformes,
        criteres,
        page,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_grille_embarquee_compte_106_criteres_et_declare_non_conforme_avant_audit() {
        let grille = Grille::embarquee().unwrap();
        assert_eq!(
            (grille.criteres.len(), grille.conformite()),
            (106, Conformite::NonConforme)
        );
    }

    #[test]
    fn le_niveau_suit_l_audit() {
        let mut grille = Grille::embarquee().unwrap();
        let juger = |grille: &mut Grille, refuses: usize| {
            for (rang, critere) in grille.criteres.iter_mut().enumerate() {
                critere.etat = if rang < refuses {
                    Etat::NonConforme
                } else {
                    Etat::Conforme
                };
            }
            grille.conformite()
        };
        assert_eq!(juger(&mut grille, 0), Conformite::Totale);
        assert_eq!(juger(&mut grille, 53), Conformite::Partielle);
        assert_eq!(juger(&mut grille, 54), Conformite::NonConforme);
        grille.criteres[0].etat = Etat::NonVerifie;
        assert_eq!(grille.conformite(), Conformite::NonConforme);
    }

    #[test]
    fn un_jugement_sans_date_ou_un_critere_perdu_se_refuse() {
        let texte = include_str!("../donnees/rgaa.csv");
        assert!(
            matches!(Grille::lire(&texte.replacen("non_verifie", "conforme", 1)), Err(ErreurGrille::SansDate(n)) if n == "1.1")
        );
        let perdu: String = texte
            .lines()
            .filter(|l| !l.starts_with("8.3;"))
            .map(|l| format!("{l}\n"))
            .collect();
        assert!(matches!(Grille::lire(&perdu), Err(ErreurGrille::Nombre(105))));
    }
}
