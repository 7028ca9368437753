//! The values of the closed lists as bits, so that a filter is one AND and a count one addition.

use super::demande::Comptes;
use crate::domain::{
    filtres::{Filtres, Presence},
    lieu::Lieu,
    listes::{
        Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement,
        PriseEnCharge, Public, Service,
    },
    typologie::Typologie,
};

/// A closed list whose values have bits of their own, from [`Facette::DEBUT`] on.
pub trait Facette: ListeFermee {
    /// The group of bits that a filter on this list compares.
    const GROUPE: Groupe;
    /// The list's first bit.
    const DEBUT: usize;

    /// The bit of this value.
    fn bit(self) -> usize {
        Self::DEBUT + self.indice()
    }
}

/// A set of bits inside which any match is enough; between groups all must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groupe {
    /// Services.
    Services,
    /// Publics.
    Publics,
    /// Special needs.
    PrisesEnCharge,
    /// Price.
    Frais,
    /// National programmes.
    Dispositifs,
    /// Trainings and labels of the standard.
    Formations,
    /// Ways to get in.
    Acces,
    /// Ways to be accompanied.
    Accompagnement,
    /// Fixed or itinerant.
    Itinerance,
    /// An online appointment.
    RendezVous,
    /// A page of acceslibre.
    AccesLibre,
    /// Other labels, of which the programme filters on two: QPV and FRR.
    Zonages,
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Courriel,
    /// A site.
    Site,
    /// Opening hours.
    Horaires,
    /// Kinds of place.
    Typologies,
}

impl Groupe {
    /// The bits of the group, all of them.
    pub fn domaine(self) -> Masque {
        let bits = match self {
            Groupe::Services => 0..PUBLICS,
            Groupe::Publics => PUBLICS..PRISES,
            Groupe::PrisesEnCharge => PRISES..FRAIS,
            Groupe::Frais => FRAIS..DISPOSITIFS,
            Groupe::Dispositifs => DISPOSITIFS..FORMATIONS,
            Groupe::Formations => FORMATIONS..ACCES,
            Groupe::Acces => ACCES..ACCOMPAGNEMENT,
            Groupe::Accompagnement => ACCOMPAGNEMENT..ITINERANCE,
            Groupe::Itinerance => ITINERANCE..RENDEZ_VOUS,
            Groupe::RendezVous => RENDEZ_VOUS..ACCES_LIBRE,
            Groupe::AccesLibre => ACCES_LIBRE..QPV,
            Groupe::Zonages => QPV..TELEPHONE,
            Groupe::Telephone => TELEPHONE..COURRIEL,
            Groupe::Courriel => COURRIEL..SITE,
            Groupe::Site => SITE..HORAIRES,
            Groupe::Horaires => HORAIRES..TYPOLOGIES,
            Groupe::Typologies => TYPOLOGIES..BITS,
        };
        let mut masque = Masque::default();
        bits.for_each(|bit| masque.poser(bit));
        masque
    }
}

const fn apres<L: ListeFermee>(debut: usize) -> usize {
    debut + L::VALEURS.len()
}

const PUBLICS: usize = apres::<Service>(0);
const PRISES: usize = apres::<Public>(PUBLICS);
const FRAIS: usize = apres::<PriseEnCharge>(PRISES);
const DISPOSITIFS: usize = apres::<Frais>(FRAIS);
const FORMATIONS: usize = apres::<Dispositif>(DISPOSITIFS);
const ACCES: usize = apres::<FormationLabel>(FORMATIONS);
const ACCOMPAGNEMENT: usize = apres::<ModaliteAcces>(ACCES);
const ITINERANCE: usize = apres::<ModaliteAccompagnement>(ACCOMPAGNEMENT);
/// The bit of a place with online appointments.
pub const RENDEZ_VOUS: usize = apres::<Itinerance>(ITINERANCE);
/// The bit of a place with a page of acceslibre.
pub const ACCES_LIBRE: usize = RENDEZ_VOUS + 1;
/// The bit of a place in a priority neighbourhood.
pub const QPV: usize = ACCES_LIBRE + 1;
/// The bit of a place in a rural revitalisation zone.
pub const FRR: usize = QPV + 1;
const TELEPHONE: usize = FRR + 1;
const COURRIEL: usize = TELEPHONE + 1;
const SITE: usize = COURRIEL + 1;
const HORAIRES: usize = SITE + 1;
const TYPOLOGIES: usize = HORAIRES + 1;
/// How many bits there are.
pub const BITS: usize = apres::<Typologie>(TYPOLOGIES);
const MOTS: usize = BITS.div_ceil(64);

macro_rules! facettes {
    ($($liste:ty => $groupe:ident, $debut:expr;)*) => { $(
        impl Facette for $liste {
            const GROUPE: Groupe = Groupe::$groupe;
            const DEBUT: usize = $debut;
        }
    )* };
}
facettes! {
    Service => Services, 0;
    Public => Publics, PUBLICS;
    PriseEnCharge => PrisesEnCharge, PRISES;
    Frais => Frais, FRAIS;
    Dispositif => Dispositifs, DISPOSITIFS;
    FormationLabel => Formations, FORMATIONS;
    ModaliteAcces => Acces, ACCES;
    ModaliteAccompagnement => Accompagnement, ACCOMPAGNEMENT;
    Itinerance => Itinerance, ITINERANCE;
    Typologie => Typologies, TYPOLOGIES;
}

/// A set of values of the closed lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Masque([u64; MOTS]);

impl Masque {
    /// Adds a bit.
    pub fn poser(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether a bit is there.
    pub fn a(&self, bit: usize) -> bool {
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }

    /// Whether nothing is there.
    pub fn est_vide(&self) -> bool {
        self.0.iter().all(|mot| *mot == 0)
    }

    /// Whether both have a bit in common.
    pub fn croise(&self, autre: &Masque) -> bool {
        self.0.iter().zip(&autre.0).any(|(a, b)| a & b != 0)
    }

    /// What both have.
    pub fn et(&self, autre: &Masque) -> Masque {
        Masque(std::array::from_fn(|k| self.0[k] & autre.0[k]))
    }

    /// Calls `f` with each bit.
    pub fn chaque(&self, mut f: impl FnMut(usize)) {
        for (k, mot) in self.0.iter().enumerate() {
            let mut reste = *mot;
            while reste != 0 {
                f(k * 64 + reste.trailing_zeros() as usize);
                reste &= reste - 1;
            }
        }
    }

    /// The bits of a place.
    pub fn de(lieu: &Lieu) -> Self {
        let mut masque = Masque::default();
        masque.poser_tous(&lieu.services);
        masque.poser_tous(&lieu.publics);
        masque.poser_tous(&lieu.prises_en_charge);
        masque.poser_tous(&lieu.frais);
        masque.poser_tous(&lieu.dispositifs);
        masque.poser_tous(&lieu.formations);
        masque.poser_tous(&lieu.modalites_acces);
        masque.poser_tous(&lieu.modalites_accompagnement);
        masque.poser_tous(&lieu.itinerance);
        masque.poser_tous(&lieu.typologies);
        if !lieu.visites.is_empty() {
            masque.poser(Itinerance::Itinerant.bit());
        }
        for presence in Presence::TOUTES.into_iter().filter(|p| p.est_dans(lieu)) {
            masque.poser(bit_de(presence).1);
        }
        for libelle in &lieu.autres_formations {
            if let Some(bit) = bit_du_zonage(libelle) {
                masque.poser(bit);
            }
        }
        masque
    }

    /// Adds the bits of these values.
    pub fn poser_tous<L: Facette>(&mut self, valeurs: &[L]) {
        for valeur in valeurs {
            self.poser(valeur.bit());
        }
    }
}

/// Counts how often each bit is set. The counts are kept by rank: the lowest binary digit of every count in one mask, the next in another,
/// so that a place costs a few operations on whole words and not one addition a bit.
#[derive(Debug, Default)]
pub(super) struct Compteur {
    chiffres: [Masque; u32::BITS as usize],
}

impl Compteur {
    pub fn ajouter(&mut self, masque: Masque) {
        let mut retenue = masque;
        for chiffre in &mut self.chiffres {
            if retenue.est_vide() {
                break;
            }
            let suivante = chiffre.et(&retenue);
            *chiffre = Masque(std::array::from_fn(|k| chiffre.0[k] ^ retenue.0[k]));
            retenue = suivante;
        }
    }

    pub fn comptes(self) -> Comptes {
        let mut comptes = Box::new([0; BITS]);
        for (rang, chiffre) in self.chiffres.iter().enumerate() {
            chiffre.chaque(|bit| comptes[bit] |= 1_u32 << rang);
        }
        Comptes(comptes)
    }
}

/// The group and bit of a part of the record.
fn bit_de(presence: Presence) -> (Groupe, usize) {
    match presence {
        Presence::Telephone => (Groupe::Telephone, TELEPHONE),
        Presence::Courriel => (Groupe::Courriel, COURRIEL),
        Presence::SiteWeb => (Groupe::Site, SITE),
        Presence::Horaires => (Groupe::Horaires, HORAIRES),
        Presence::FicheAccesLibre => (Groupe::AccesLibre, ACCES_LIBRE),
        Presence::PriseRdv => (Groupe::RendezVous, RENDEZ_VOUS),
    }
}

/// The bit of the labels that have one; files of before July 2024 say ZRR for what FRR replaced.
fn bit_du_zonage(libelle: &str) -> Option<usize> {
    match libelle {
        "QPV" => Some(QPV),
        "FRR" | "ZRR" => Some(FRR),
        _ => None,
    }
}

/// The bits that filters ask for, group by group, and the free labels that have no bit.
pub(super) fn demandes(filtres: &Filtres) -> (Vec<(Groupe, Masque)>, Vec<String>) {
    let mut groupes = Vec::new();
    groupe(&mut groupes, &filtres.services);
    groupe(&mut groupes, &filtres.publics);
    groupe(&mut groupes, &filtres.prises_en_charge);
    groupe(&mut groupes, &filtres.frais);
    groupe(&mut groupes, &filtres.dispositifs);
    groupe(&mut groupes, &filtres.formations);
    groupe(&mut groupes, &filtres.modalites_acces);
    groupe(&mut groupes, &filtres.modalites_accompagnement);
    groupe(&mut groupes, &filtres.typologies);
    groupe(&mut groupes, &filtres.itinerance);
    for presence in &filtres.avec {
        let (groupe, bit) = bit_de(*presence);
        let mut masque = Masque::default();
        masque.poser(bit);
        groupes.push((groupe, masque));
    }
    let bits: Vec<usize> = filtres
        .autres_formations
        .iter()
        .filter_map(|l| bit_du_zonage(l))
        .collect();
    if bits.is_empty() || bits.len() < filtres.autres_formations.len() {
        return (groupes, filtres.autres_formations.clone());
    }
    let mut masque = Masque::default();
    bits.into_iter().for_each(|bit| masque.poser(bit));
    groupes.push((Groupe::Zonages, masque));
    (groupes, Vec::new())
}

fn groupe<L: Facette>(groupes: &mut Vec<(Groupe, Masque)>, valeurs: &[L]) {
    if !valeurs.is_empty() {
        let mut masque = Masque::default();
        masque.poser_tous(valeurs);
        groupes.push((L::GROUPE, masque));
    }
}
