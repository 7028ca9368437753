//! Separation of duties: the decider is never the requester; who instructs, who decides and who pays are three people
//! (domain notes, 4-gouvernance-financement section 2.4), unless an administrator lifted the second rule for a perimeter.

use super::{fonction::Part, motif::lire_motif, perimetre::Perimetre};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
    permissions::Resource,
};
use uuid::Uuid;

/// The longest time for which the rule is lifted, in days: what lasts is to be looked at again.
const DUREE_MAX_JOURS: i32 = 366;

/// Who did what in one file, so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intervenants {
    /// Who asked, whoever typed the request for them.
    pub demandeurs: Vec<Uuid>,
    /// Who took which part.
    pub parts: Vec<(Part, Uuid)>,
}

impl Intervenants {
    /// Whether a person may take this part.
    ///
    /// # Errors
    /// When they asked for what is decided, or took another part that nobody lifted.
    pub fn admettre(&self, part: Part, personne: Uuid, levee: bool) -> Result<(), Refus> {
        if self.demandeurs.contains(&personne) && part != Part::Instruit {
            return Err(Refus::new(
                "vous êtes à l’origine de cette demande : une autre personne doit décider",
            ));
        }
        let autre = self
            .parts
            .iter()
            .find(|(prise, qui)| *qui == personne && *prise != part);
        match autre {
            Some((prise, _)) if !levee => Err(Refus::new(format!(
                "vous avez déjà {} ce dossier : une autre personne doit {}",
                participe(*prise),
                infinitif(part)
            ))),
            _ => Ok(()),
        }
    }
}

/// Where and for how long one person may instruct, decide and pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levee {
    /// Its identifier.
    pub id: Uuid,
    /// Where.
    pub perimetre: Perimetre,
    /// Why.
    pub motif: String,
    /// The first day.
    pub du: Day,
    /// The last day.
    pub au: Day,
    /// Who lifted the rule.
    pub par: Uuid,
    /// When it was recorded.
    pub levee_at: Instant,
    /// When the rule was put back before the last day.
    pub retablie_at: Option<Instant>,
    /// How many times it changed.
    pub version: i64,
}

/// What an administrator writes to lift the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Where.
    pub perimetre: Perimetre,
    /// Why.
    pub motif: String,
    /// The first day.
    pub du: Day,
    /// The last day.
    pub au: Day,
}

impl Levee {
    /// Lifts the rule.
    ///
    /// # Errors
    /// When no reason is given, or the dates do not hold.
    pub fn accorder(id: Uuid, demande: Demande, par: Uuid, at: Instant) -> Result<Self, Refus> {
        let Demande {
            perimetre,
            motif,
            du,
            au,
        } = demande;
        let motif = lire_motif(&motif, "motif", "les auditeurs le liront")?.to_owned();
        if au < du {
            return Err(Refus::champ("au", "le dernier jour ne peut pas précéder le premier"));
        }
        if du.until(au).map_or(i32::MAX, |span| span.get_days()) > DUREE_MAX_JOURS {
            return Err(Refus::champ(
                "au",
                "la règle est levée pour un an au plus\u{a0}: il faudra alors en décider de nouveau",
            ));
        }
        Ok(Self {
            id,
            perimetre,
            motif,
            du,
            au,
            par,
            levee_at: at,
            retablie_at: None,
            version: 0,
        })
    }

    /// Puts the rule back now.
    ///
    /// # Errors
    /// When it is back already.
    pub fn retablir(self, at: Instant, jour: Day) -> Result<Self, Refus> {
        if self.retablie_at.is_some() || self.au < jour {
            return Err(Refus::new("la règle s’applique déjà de nouveau"));
        }
        Ok(Self {
            retablie_at: Some(at),
            ..self
        })
    }

    /// Whether the rule is lifted on a day.
    pub fn vaut(&self, jour: Day) -> bool {
        self.retablie_at.is_none() && (self.du..=self.au).contains(&jour)
    }
}

impl Resource for Levee {
    fn codes(&self) -> Vec<String> {
        self.perimetre.codes()
    }
}

fn participe(part: Part) -> &'static str {
    match part {
        Part::Instruit => "instruit",
        Part::Decide => "décidé",
        Part::Paie => "payé",
    }
}

fn infinitif(part: Part) -> &'static str {
    match part {
        Part::Instruit => "l’instruire",
        Part::Decide => "décider",
        Part::Paie => "payer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: [Part; 3] = [Part::Instruit, Part::Decide, Part::Paie];

    #[test]
    fn qui_demande_ne_decide_pas_meme_quand_la_separation_est_levee() {
        let awa = Uuid::from_u128(1);
        let dossier = Intervenants {
            demandeurs: vec![awa],
            parts: vec![],
        };
        for levee in [false, true] {
            assert!(dossier.admettre(Part::Decide, awa, levee).is_err());
            assert!(dossier.admettre(Part::Paie, awa, levee).is_err());
        }
        assert!(dossier.admettre(Part::Decide, Uuid::from_u128(2), false).is_ok());
    }

    #[test]
    fn lever_la_regle_demande_une_raison_et_des_dates() {
        let (du, au) = (jiff::civil::date(2026, 3, 1), jiff::civil::date(2026, 3, 31));
        let at = Instant::from_micros(0);
        let essai = |motif: &str, du, au| {
            let demande = Demande {
                perimetre: Perimetre::lire("D:976").unwrap(),
                motif: motif.into(),
                du,
                au,
            };
            Levee::accorder(Uuid::nil(), demande, Uuid::nil(), at).map_err(|refus| refus.champ)
        };
        let un_an = jiff::civil::date(2027, 3, 2);
        assert_eq!(essai("trop court", du, au).map(|_| ()), Ok(()));
        assert_eq!(essai("  court  ", du, au), Err(Some("motif".into())));
        assert_eq!(essai("un seul agent", au, du), Err(Some("au".into())));
        assert_eq!(essai("un seul agent", du, un_an).map(|l| l.au), Ok(un_an));
        assert_eq!(
            essai("un seul agent", du, un_an.tomorrow().unwrap()),
            Err(Some("au".into()))
        );

        let levee = essai("un seul agent", du, au).unwrap();
        for (jour, attendu) in [
            (du.yesterday().unwrap(), false),
            (du, true),
            (au, true),
            (au.tomorrow().unwrap(), false),
        ] {
            assert_eq!(levee.vaut(jour), attendu, "{jour}");
        }
        assert!(levee.clone().retablir(at, au.tomorrow().unwrap()).is_err());
        let retablie = levee.retablir(at, du).unwrap();
        assert!(!retablie.vaut(du));
        assert!(retablie.retablir(at, du).is_err());
    }

    proptest! {
        /// Whatever the order in which people come, no one takes two parts of a file.
        #[test]
        fn nul_ne_prend_deux_parts_du_meme_dossier(venues in prop::collection::vec((0..3usize, 0..4u128), 0..12)) {
            let mut dossier = Intervenants::default();
            for (part, qui) in venues {
                let (part, qui) = (PARTS[part], Uuid::from_u128(qui));
                if dossier.admettre(part, qui, false).is_ok() {
                    dossier.parts.push((part, qui));
                }
            }
            for (part, qui) in &dossier.parts {
                prop_assert!(dossier.parts.iter().all(|(autre, meme)| meme != qui || autre == part));
            }
        }
    }
}
