//! Separation of duties: the decider is never the requester; who instructs, who decides and who pays are three people
//! (domain notes, 4-gouvernance-financement section 2.4), unless an administrator lifted the second rule for a perimeter.

use super::fonction::Part;
use socle::errors::Refus;
use uuid::Uuid;

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
