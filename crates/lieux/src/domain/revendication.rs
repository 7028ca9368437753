//! A host's claim to answer for a place: asked, then granted or refused by somebody else, or given up.

use comptes::domain::{fonction::Part, perimetre::code_organisation, separation::Intervenants};
use socle::{clock::Instant, errors::Refus, module::StateMachine, permissions::Resource};
use uuid::Uuid;

use super::nettoyage::texte::resserrer;

/// Longest explanation, in characters.
pub const MOTS_MAX: usize = 1_000;

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revendication {
    /// Its identifier.
    pub id: Uuid,
    /// The place.
    pub lieu: Uuid,
    /// The organisation that would answer for it.
    pub organisation: Uuid,
    /// Who asked.
    pub par: Uuid,
    /// Why, in their words.
    pub motivation: String,
    /// When.
    pub demandee_at: Instant,
    /// The codes of the place's territories.
    pub territoires: Vec<String>,
    /// Where it stands.
    pub etat: EtatRevendication,
    /// How many times it changed.
    pub version: i64,
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtatRevendication {
    /// Nobody decided yet.
    Demandee,
    /// The organisation answers for the place.
    Accordee {
        /// Who decided, and when.
        decision: Decision,
    },
    /// It does not.
    Refusee {
        /// Who decided, and when.
        decision: Decision,
        /// The reason.
        motif: MotifRefus,
        /// What is added to it.
        mots: String,
    },
    /// The organisation gave it up.
    Retiree {
        /// When.
        at: Instant,
    },
}

/// Who decided on a claim, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub par: Uuid,
    /// When.
    pub at: Instant,
}

/// Why a claim is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotifRefus {
    /// Another organisation runs the place.
    AutreStructure,
    /// Nothing shows that the organisation runs it.
    LienNonEtabli,
    /// The place is closed.
    LieuFerme,
}

impl MotifRefus {
    /// Every reason.
    pub const TOUS: [Self; 3] = [Self::AutreStructure, Self::LienNonEtabli, Self::LieuFerme];

    /// Its code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AutreStructure => "autre_structure",
            Self::LienNonEtabli => "lien_non_etabli",
            Self::LieuFerme => "lieu_ferme",
        }
    }

    /// What is read.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::AutreStructure => "Une autre structure gère ce lieu",
            Self::LienNonEtabli => "Rien n’établit que votre structure gère ce lieu",
            Self::LieuFerme => "Ce lieu n’existe plus",
        }
    }

    /// The reason that has this code.
    pub fn du_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|m| m.code() == code)
    }
}

/// The transitions of a claim, drawn in the docs.
pub const ETATS: StateMachine = StateMachine {
    name: "revendication",
    transitions: &[
        ("", "demander", "demandee"),
        ("demandee", "accorder", "accordee"),
        ("demandee", "refuser", "refusee"),
        ("demandee", "retirer", "retiree"),
        ("accordee", "retirer", "retiree"),
    ],
};

impl EtatRevendication {
    /// The code of the state in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Demandee => "demandee",
            Self::Accordee { .. } => "accordee",
            Self::Refusee { .. } => "refusee",
            Self::Retiree { .. } => "retiree",
        }
    }
}

impl Resource for Revendication {
    /// The territories of the place, for who decides, and the organisation that asks.
    fn codes(&self) -> Vec<String> {
        let mut codes = self.territoires.clone();
        codes.push(code_organisation(self.organisation));
        codes
    }
}

/// Reads an explanation.
///
/// # Errors
/// When it is empty or too long.
pub fn lire_mots(champ: &'static str, texte: &str) -> Result<String, Refus> {
    let mots = resserrer(texte);
    match mots.chars().count() {
        0 => Err(Refus::champ(champ, "dites pourquoi en quelques mots")),
        n if n > MOTS_MAX => Err(Refus::champ(
            champ,
            format!("ce texte a {n} caractères, il en faut au plus {MOTS_MAX}"),
        )),
        _ => Ok(mots),
    }
}

impl Revendication {
    /// The organisation answers for the place.
    ///
    /// # Errors
    /// When something was decided before, or when the decider is who asked.
    pub fn accorder(self, decision: Decision) -> Result<Self, Refus> {
        self.exiger_decidable(decision.par)?;
        Ok(Self {
            etat: EtatRevendication::Accordee { decision },
            ..self
        })
    }

    /// The organisation does not answer for the place.
    ///
    /// # Errors
    /// When something was decided before, or when the decider is who asked.
    pub fn refuser(self, decision: Decision, motif: MotifRefus, mots: String) -> Result<Self, Refus> {
        self.exiger_decidable(decision.par)?;
        Ok(Self {
            etat: EtatRevendication::Refusee { decision, motif, mots },
            ..self
        })
    }

    /// The organisation gives it up, before or after it was granted.
    ///
    /// # Errors
    /// When it was refused or given up before.
    pub fn retirer(self, at: Instant) -> Result<Self, Refus> {
        match self.etat {
            EtatRevendication::Demandee | EtatRevendication::Accordee { .. } => Ok(Self {
                etat: EtatRevendication::Retiree { at },
                ..self
            }),
            _ => Err(Refus::new("cette demande est déjà close")),
        }
    }

    fn exiger_decidable(&self, par: Uuid) -> Result<(), Refus> {
        if self.etat != EtatRevendication::Demandee {
            return Err(Refus::new("cette demande est déjà close"));
        }
        let dossier = Intervenants {
            demandeurs: vec![self.par],
            parts: Vec::new(),
        };
        dossier.admettre(Part::Decide, par, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AWA: Uuid = Uuid::from_u128(1);
    const NADIA: Uuid = Uuid::from_u128(2);

    fn demandee() -> Revendication {
        Revendication {
            id: Uuid::nil(),
            lieu: Uuid::nil(),
            organisation: Uuid::from_u128(9),
            par: AWA,
            motivation: "Nous tenons ce lieu".into(),
            demandee_at: Instant::from_micros(0),
            territoires: vec!["D:01".into()],
            etat: EtatRevendication::Demandee,
            version: 0,
        }
    }

    fn essayer(verbe: &str, revendication: Revendication, par: Uuid) -> Result<Revendication, Refus> {
        let at = Instant::from_micros(1);
        let decision = Decision { par, at };
        match verbe {
            "accorder" => revendication.accorder(decision),
            "refuser" => revendication.refuser(decision, MotifRefus::LieuFerme, String::new()),
            _ => revendication.retirer(at),
        }
    }

    proptest! {
        /// Verbs thrown at random follow the drawing, and no one ever decides on what they asked.
        #[test]
        fn les_verbes_suivent_le_dessin(verbes in prop::collection::vec((0..3usize, any::<bool>()), 0..8)) {
            let mut courante = demandee();
            for (verbe, soi) in verbes {
                let verbe = ["accorder", "refuser", "retirer"][verbe];
                let (avant, par) = (courante.etat.code(), if soi { AWA } else { NADIA });
                let dessinee = ETATS.transitions.iter().find(|(de, v, _)| *de == avant && *v == verbe);
                let permise = dessinee.filter(|_| verbe == "retirer" || !soi);
                let suite = essayer(verbe, courante.clone(), par);
                prop_assert_eq!(suite.as_ref().ok().map(|r| r.etat.code()), permise.map(|(_, _, vers)| *vers));
                courante = suite.unwrap_or(courante);
            }
        }
    }

    #[test]
    fn une_demande_se_trouve_dans_son_territoire_et_dans_son_organisation() {
        assert_eq!(demandee().codes(), ["D:01", "O:00000000-0000-0000-0000-000000000009"]);
        assert!(lire_mots("motivation", " ").is_err());
        assert_eq!(
            lire_mots("motivation", " nous  tenons ce lieu ").unwrap(),
            "nous tenons ce lieu"
        );
    }
}
