//! An invitation: for one address and one function, once, for some days.

use super::{courriel::Courriel, fonction::Fonction, perimetre::Perimetre};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
    permissions::Resource,
};
use uuid::Uuid;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identifier.
    pub id: Uuid,
    /// The keyed fingerprint of the token that its link carries.
    pub jeton: Vec<u8>,
    /// The address invited.
    pub courriel: Courriel,
    /// The function offered.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The codes of where that perimeter lies.
    pub portee: Vec<String>,
    /// The last day of the function, when it is known.
    pub au: Option<Day>,
    /// Who invites; nobody for the operator's command.
    pub par: Option<Uuid>,
    /// When it was made.
    pub creee_at: Instant,
    /// When it was last sent.
    pub envoyee_at: Instant,
    /// When its link ends.
    pub expire_at: Instant,
    /// Where it stands.
    pub etat: EtatInvitation,
    /// How many times it changed.
    pub version: i64,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatInvitation {
    /// Sent, and waiting.
    Envoyee,
    /// Accepted by someone.
    Acceptee {
        /// By whom.
        par: Uuid,
    },
    /// Withdrawn.
    Retiree,
}

impl EtatInvitation {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Envoyee => "envoyee",
            Self::Acceptee { .. } => "acceptee",
            Self::Retiree => "retiree",
        }
    }
}

impl Invitation {
    /// Whether its link still holds.
    pub fn est_ouverte(&self, at: Instant) -> bool {
        self.etat == EtatInvitation::Envoyee && at < self.expire_at
    }

    /// Sends it again, with another token, until this instant.
    ///
    /// # Errors
    /// When it was accepted or withdrawn.
    pub fn renvoyer(self, jeton: Vec<u8>, at: Instant, expire_at: Instant) -> Result<Self, Refus> {
        self.exiger_en_attente()?;
        Ok(Self {
            jeton,
            envoyee_at: at,
            expire_at,
            ..self
        })
    }

    /// Withdraws it.
    ///
    /// # Errors
    /// When it was accepted or withdrawn.
    pub fn retirer(self) -> Result<Self, Refus> {
        self.exiger_en_attente()?;
        Ok(Self {
            etat: EtatInvitation::Retiree,
            ..self
        })
    }

    /// Accepts it.
    ///
    /// # Errors
    /// When it was accepted, withdrawn, or is too old.
    pub fn accepter(self, par: Uuid, at: Instant) -> Result<Self, Refus> {
        if !self.est_ouverte(at) {
            return Err(Refus::new(
                "cette invitation ne vaut plus : demandez à la personne qui vous a invité de la renvoyer",
            ));
        }
        Ok(Self {
            etat: EtatInvitation::Acceptee { par },
            ..self
        })
    }

    fn exiger_en_attente(&self) -> Result<(), Refus> {
        match self.etat {
            EtatInvitation::Envoyee => Ok(()),
            EtatInvitation::Acceptee { .. } => Err(Refus::new("cette invitation a déjà été acceptée")),
            EtatInvitation::Retiree => Err(Refus::new("cette invitation a été retirée : faites-en une autre")),
        }
    }
}

impl Resource for Invitation {
    fn codes(&self) -> Vec<String> {
        self.portee.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seven days, in seconds.
    const DUREE: i64 = 7 * 86_400;

    fn invitation() -> Invitation {
        let (at, perimetre) = (Instant::from_micros(0), Perimetre::lire("D:69").unwrap());
        Invitation {
            id: Uuid::nil(),
            jeton: vec![1],
            courriel: Courriel::lire("awa@exemple.fr").unwrap(),
            fonction: Fonction::Prefecture,
            portee: perimetre.codes(),
            perimetre,
            au: None,
            par: None,
            creee_at: at,
            envoyee_at: at,
            expire_at: at.plus_seconds(DUREE),
            etat: EtatInvitation::Envoyee,
            version: 0,
        }
    }

    #[test]
    fn une_invitation_s_accepte_une_fois_avant_sa_fin() {
        let (awa, semaine) = (Uuid::from_u128(1), Instant::from_micros(0).plus_seconds(DUREE));
        let acceptee = invitation().accepter(awa, semaine.plus_seconds(-1)).unwrap();
        assert_eq!(acceptee.etat, EtatInvitation::Acceptee { par: awa });
        assert!(acceptee.clone().accepter(awa, Instant::from_micros(0)).is_err());
        assert!(acceptee.clone().retirer().is_err() && acceptee.renvoyer(vec![2], semaine, semaine).is_err());
        assert!(invitation().accepter(awa, semaine).is_err());
        let renvoyee = invitation()
            .renvoyer(vec![2], semaine, semaine.plus_seconds(DUREE))
            .unwrap();
        assert!(renvoyee.est_ouverte(semaine.plus_seconds(DUREE - 1)) && renvoyee.jeton == vec![2]);
        let retiree = invitation().retirer().unwrap();
        assert!(retiree.clone().accepter(awa, Instant::from_micros(0)).is_err() && retiree.retirer().is_err());
    }
}
