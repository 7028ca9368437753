//! How one is received in a place: what the standard's list of ways to get in means for the person who comes.

use super::{lieu::Lieu, listes::ModaliteAcces};

/// What to do before coming, the most welcoming way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Venue {
    /// Just come.
    SansRendezVous,
    /// Just come, or book so as not to wait.
    AvecOuSansRendezVous,
    /// Book first.
    SurRendezVous,
    /// Telephone first.
    Telephoner,
    /// Write first.
    Ecrire,
    /// A professional writes first.
    SurPrescription,
    /// Nobody is received.
    PasDePublic,
    /// The place does not say.
    Inconnue,
}

impl Venue {
    /// What the record of a place says.
    pub fn de(lieu: &Lieu) -> Self {
        let a = |modalite| lieu.modalites_acces.contains(&modalite);
        let reserve = a(ModaliteAcces::PrendreRdvEnLigne) || lieu.prise_rdv.is_some();
        match () {
            () if a(ModaliteAcces::PasDePublic) => Self::PasDePublic,
            () if a(ModaliteAcces::SePresenter) && reserve => Self::AvecOuSansRendezVous,
            () if a(ModaliteAcces::SePresenter) => Self::SansRendezVous,
            () if reserve => Self::SurRendezVous,
            () if a(ModaliteAcces::Telephoner) => Self::Telephoner,
            () if a(ModaliteAcces::ContacterParMail) => Self::Ecrire,
            () if a(ModaliteAcces::FicheDePrescription) => Self::SurPrescription,
            () => Self::Inconnue,
        }
    }
}
