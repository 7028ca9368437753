//! What became of a pair: undecided, merged, or kept apart for good.

use serde::{Deserialize, Serialize};
use socle::clock::Instant;
use socle::module::StateMachine;
use uuid::Uuid;

/// A decision: who took it and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The instant.
    pub at: Instant,
    /// The actor's name in the journal.
    pub par: String,
}

/// The state of a pair that was once found alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paire {
    /// A person must say.
    ADecider,
    /// One place, by this merge.
    Fusionnee {
        /// The merge, which can be undone.
        fusion: Uuid,
        /// Who merged.
        decision: Decision,
    },
    /// Two places, never to be merged.
    Distincte {
        /// Who said so.
        decision: Decision,
    },
}

/// The transitions of a pair, drawn in the docs.
pub const ETATS: StateMachine = StateMachine {
    name: "paire de fiches",
    transitions: &[
        ("", "proposer", "a_decider"),
        ("a_decider", "fusionner", "fusionnee"),
        ("a_decider", "separer", "distincte"),
        ("fusionnee", "defaire_fusion", "distincte"),
        ("distincte", "rouvrir", "a_decider"),
    ],
};

/// Why a decision on a pair is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusPaire {
    /// The pair is merged already.
    #[error("ces deux fiches sont déjà fusionnées : défaites d'abord la fusion")]
    DejaFusionnee,
    /// The pair was kept apart.
    #[error("ces deux fiches ont été déclarées distinctes : rouvrez d'abord la question")]
    DejaDistincte,
    /// The pair is not merged.
    #[error("ces deux fiches ne sont pas fusionnées")]
    PasFusionnee,
    /// Nothing was decided yet.
    #[error("rien n'a encore été décidé pour ces deux fiches")]
    RienDecide,
}

impl Paire {
    /// Both are one place.
    ///
    /// # Errors
    /// When something was decided before.
    pub fn fusionner(self, fusion: Uuid, decision: Decision) -> Result<Self, RefusPaire> {
        match self {
            Self::ADecider => Ok(Self::Fusionnee { fusion, decision }),
            Self::Fusionnee { .. } => Err(RefusPaire::DejaFusionnee),
            Self::Distincte { .. } => Err(RefusPaire::DejaDistincte),
        }
    }

    /// Both are places of their own, and nobody shall ask again.
    ///
    /// # Errors
    /// When they are merged: that is undone instead, so that the records come back.
    pub fn separer(self, decision: Decision) -> Result<Self, RefusPaire> {
        match self {
            Self::ADecider => Ok(Self::Distincte { decision }),
            Self::Fusionnee { .. } => Err(RefusPaire::DejaFusionnee),
            Self::Distincte { .. } => Err(RefusPaire::DejaDistincte),
        }
    }

    /// The merge was a mistake: the next run shall not make it again.
    ///
    /// # Errors
    /// When they are not merged.
    pub fn defaire_fusion(self, decision: Decision) -> Result<Self, RefusPaire> {
        match self {
            Self::Fusionnee { .. } => Ok(Self::Distincte { decision }),
            Self::ADecider | Self::Distincte { .. } => Err(RefusPaire::PasFusionnee),
        }
    }

    /// Asks again about places once kept apart.
    ///
    /// # Errors
    /// When they were not kept apart.
    pub fn rouvrir(self) -> Result<Self, RefusPaire> {
        match self {
            Self::Distincte { .. } => Ok(Self::ADecider),
            Self::Fusionnee { .. } => Err(RefusPaire::DejaFusionnee),
            Self::ADecider => Err(RefusPaire::RienDecide),
        }
    }

    /// The code of the state in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ADecider => "a_decider",
            Self::Fusionnee { .. } => "fusionnee",
            Self::Distincte { .. } => "distincte",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision() -> Decision {
        Decision {
            at: Instant::from_micros(0),
            par: "Operateur".into(),
        }
    }

    #[test]
    fn les_transitions_dessinees_sont_toutes_les_transitions() {
        let fusion = Uuid::from_u128(7);
        let depart = [
            Paire::ADecider,
            Paire::Fusionnee {
                fusion,
                decision: decision(),
            },
            Paire::Distincte { decision: decision() },
        ];
        let mut permises = vec![("", "proposer", "a_decider")];
        for paire in depart {
            let essais = [
                ("fusionner", paire.clone().fusionner(fusion, decision())),
                ("separer", paire.clone().separer(decision())),
                ("defaire_fusion", paire.clone().defaire_fusion(decision())),
                ("rouvrir", paire.clone().rouvrir()),
            ];
            permises.extend(
                essais
                    .iter()
                    .filter_map(|(verbe, r)| Some((paire.code(), *verbe, r.as_ref().ok()?.code()))),
            );
        }
        assert_eq!(permises, ETATS.transitions);
    }

    #[test]
    fn une_fusion_defaite_ne_se_refait_pas_d_elle_meme() {
        let fusion = Uuid::from_u128(7);
        let defaite = Paire::ADecider
            .fusionner(fusion, decision())
            .unwrap()
            .defaire_fusion(decision())
            .unwrap();
        assert_eq!(defaite, Paire::Distincte { decision: decision() });
        assert_eq!(
            defaite.clone().fusionner(fusion, decision()),
            Err(RefusPaire::DejaDistincte)
        );
        assert_eq!(defaite.rouvrir(), Ok(Paire::ADecider));
    }

    #[test]
    fn une_decision_prise_ne_se_reprend_pas_en_silence() {
        let fusionnee = Paire::ADecider.fusionner(Uuid::from_u128(7), decision()).unwrap();
        assert_eq!(fusionnee.clone().separer(decision()), Err(RefusPaire::DejaFusionnee));
        assert_eq!(fusionnee.rouvrir(), Err(RefusPaire::DejaFusionnee));
        assert_eq!(
            Paire::ADecider.defaire_fusion(decision()),
            Err(RefusPaire::PasFusionnee)
        );
    }
}
