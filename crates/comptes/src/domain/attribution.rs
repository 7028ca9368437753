//! A person holds a function over a perimeter from one day to another, because someone granted it.

use super::{fonction::Fonction, motif::lire_motif, perimetre::Perimetre, perimetre::codes_de_personne};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
    permissions::Resource,
};
use uuid::Uuid;

/// An attribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Its identifier.
    pub id: Uuid,
    /// Who holds the function.
    pub personne: Uuid,
    /// The function.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The codes of where that perimeter lies.
    pub portee: Vec<String>,
    /// The first day.
    pub du: Day,
    /// The last day, when it is known.
    pub au: Option<Day>,
    /// Who granted it; nobody for the operator's command.
    pub accordee_par: Option<Uuid>,
    /// When it was granted.
    pub accordee_at: Instant,
    /// How it ended before its last day.
    pub retrait: Option<Retrait>,
    /// How many times it changed.
    pub version: i64,
}

/// An attribution ended by someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retrait {
    /// Who ended it; nobody for the operator's command.
    pub par: Option<Uuid>,
    /// When.
    pub at: Instant,
    /// Why.
    pub motif: String,
}

/// Where an attribution stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatAttribution {
    /// It begins later.
    AVenir,
    /// It holds.
    EnCours,
    /// Its last day is past.
    Echue,
    /// Someone ended it.
    Retiree,
}

impl EtatAttribution {
    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::AVenir => "à venir",
            Self::EnCours => "en cours",
            Self::Echue => "échue",
            Self::Retiree => "retirée",
        }
    }
}

/// What is granted, before it has an identifier and a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accord {
    /// Who will hold the function.
    pub personne: Uuid,
    /// The function.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The codes of where that perimeter lies.
    pub portee: Vec<String>,
    /// The first day.
    pub du: Day,
    /// The last day, when it is known.
    pub au: Option<Day>,
}

impl Attribution {
    /// Grants a function.
    ///
    /// # Errors
    /// When the function is not held over such a perimeter, when the last day precedes the first, or when someone grants it to themselves.
    pub fn accorder(id: Uuid, accord: Accord, par: Option<Uuid>, at: Instant) -> Result<Self, Refus> {
        let Accord {
            personne,
            fonction,
            perimetre,
            portee,
            du,
            au,
        } = accord;
        if !fonction.admet(&perimetre) {
            return Err(Refus::champ(
                "perimetre",
                format!("« {} » ne s’exerce pas sur {}", fonction.titre(), perimetre.nom()),
            ));
        }
        if au.is_some_and(|au| au < du) {
            return Err(Refus::champ("au", "le dernier jour ne peut pas précéder le premier"));
        }
        if par == Some(personne) {
            return Err(Refus::new(
                "personne ne s’accorde une fonction à soi-même : demandez à un collègue ou à un administrateur",
            ));
        }
        Ok(Self {
            id,
            personne,
            fonction,
            perimetre,
            portee,
            du,
            au,
            accordee_par: par,
            accordee_at: at,
            retrait: None,
            version: 0,
        })
    }

    /// Ends it now.
    ///
    /// # Errors
    /// When it is already over, or when no reason is given.
    pub fn retirer(self, par: Option<Uuid>, at: Instant, jour: Day, motif: &str) -> Result<Self, Refus> {
        let motif = lire_motif(motif, "motif", "la personne et les auditeurs le liront")?;
        match self.etat(jour) {
            EtatAttribution::AVenir | EtatAttribution::EnCours => Ok(Self {
                retrait: Some(Retrait {
                    par,
                    at,
                    motif: motif.to_owned(),
                }),
                ..self
            }),
            EtatAttribution::Echue | EtatAttribution::Retiree => Err(Refus::new("cette fonction a déjà pris fin")),
        }
    }

    /// Where it stands on a day.
    pub fn etat(&self, jour: Day) -> EtatAttribution {
        if self.retrait.is_some() {
            EtatAttribution::Retiree
        } else if jour < self.du {
            EtatAttribution::AVenir
        } else if self.au.is_some_and(|au| au < jour) {
            EtatAttribution::Echue
        } else {
            EtatAttribution::EnCours
        }
    }
}

impl Resource for Attribution {
    fn codes(&self) -> Vec<String> {
        let mut codes = codes_de_personne(self.personne);
        codes.extend(self.portee.iter().cloned());
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn accord(fonction: Fonction, perimetre: &str, au: Option<Day>) -> Accord {
        let perimetre = Perimetre::lire(perimetre).unwrap();
        Accord {
            personne: Uuid::from_u128(1),
            fonction,
            portee: perimetre.codes(),
            perimetre,
            du: date(2026, 3, 1),
            au,
        }
    }

    fn accorder(accord: Accord) -> Result<Attribution, Refus> {
        Attribution::accorder(Uuid::nil(), accord, Some(Uuid::from_u128(2)), Instant::from_micros(0))
    }

    #[test]
    fn une_fonction_s_accorde_sur_un_perimetre_de_son_genre_et_jamais_a_soi() {
        assert!(accorder(accord(Fonction::Prefecture, "D:69", None)).is_ok());
        let refus = accorder(accord(Fonction::Prefecture, "C:01053", None)).unwrap_err();
        assert_eq!(
            refus.message,
            "« Agent de préfecture » ne s’exerce pas sur Bourg-en-Bresse (Ain, 01)"
        );
        assert!(accorder(accord(Fonction::Prefecture, "D:69", Some(date(2026, 2, 28)))).is_err());
        let soi = Attribution::accorder(
            Uuid::nil(),
            accord(Fonction::Prefecture, "D:69", None),
            Some(Uuid::from_u128(1)),
            Instant::from_micros(0),
        );
        assert!(soi.is_err());
    }

    #[test]
    fn une_fonction_vaut_de_son_premier_a_son_dernier_jour_sauf_retrait() {
        let une = accorder(accord(Fonction::Prefecture, "D:69", Some(date(2026, 3, 31)))).unwrap();
        for (jour, etat) in [
            (date(2026, 2, 28), EtatAttribution::AVenir),
            (date(2026, 3, 1), EtatAttribution::EnCours),
            (date(2026, 3, 31), EtatAttribution::EnCours),
            (date(2026, 4, 1), EtatAttribution::Echue),
        ] {
            assert_eq!(une.etat(jour), etat, "{jour}");
        }
        let jour = date(2026, 3, 10);
        assert!(
            une.clone()
                .retirer(None, Instant::from_micros(0), jour, "mutation")
                .is_err()
        );
        let retiree = une
            .retirer(None, Instant::from_micros(0), jour, "mutation à Lyon")
            .unwrap();
        assert_eq!(retiree.etat(jour), EtatAttribution::Retiree);
        assert!(
            retiree
                .retirer(None, Instant::from_micros(0), jour, "mutation à Lyon")
                .is_err()
        );
    }
}
