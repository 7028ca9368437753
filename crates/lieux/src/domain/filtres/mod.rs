//! The filters of the search: what a person asks of a place.
//!
//! Values of one filter widen it (OR), filters narrow each other (AND).

mod adresse;

pub use adresse::{Lecture, ValeurInconnue};

use jiff::civil::DateTime;
use territoire::{CodeCommune, CodeDepartement, CodeRegion, Commune, Point, SirenEpci};

use super::lieu::Lieu;
use super::listes::{
    Dispositif, FormationLabel, Frais, Itinerance, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Public,
    Service,
};
use super::typologie::Typologie;

/// Everything that a search may ask of a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filtres {
    /// Services offered.
    pub services: Vec<Service>,
    /// People for whom the place was made.
    pub publics: Vec<Public>,
    /// Special needs it meets.
    pub prises_en_charge: Vec<PriseEnCharge>,
    /// Price; "Gratuit" is the free filter.
    pub frais: Vec<Frais>,
    /// National programmes.
    pub dispositifs: Vec<Dispositif>,
    /// Trainings and labels of the standard.
    pub formations: Vec<FormationLabel>,
    /// Other labels, as free text.
    pub autres_formations: Vec<String>,
    /// Ways to get in.
    pub modalites_acces: Vec<ModaliteAcces>,
    /// Ways to be accompanied; "À distance" is the remote filter.
    pub modalites_accompagnement: Vec<ModaliteAccompagnement>,
    /// Kinds of place.
    pub typologies: Vec<Typologie>,
    /// Fixed or itinerant; a place with visits is itinerant.
    pub itinerance: Vec<Itinerance>,
    /// Bodies that collected the data.
    pub sources: Vec<String>,
    /// What the record must hold; each one asked narrows the search.
    pub avec: Vec<Presence>,
    /// Territories: a place in any of them is kept.
    pub territoires: Vec<Territoire>,
    /// A circle.
    pub autour: Option<Autour>,
    /// When the place must be open.
    pub ouverture: Option<Ouverture>,
}

/// A part of the record whose presence can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Courriel,
    /// A site.
    SiteWeb,
    /// Opening hours.
    Horaires,
    /// A page of acceslibre.
    FicheAccesLibre,
    /// Appointments online.
    PriseRdv,
}

impl Presence {
    /// Every part, in the order of the standard.
    pub const TOUTES: [Self; 6] = [
        Self::Telephone,
        Self::Courriel,
        Self::SiteWeb,
        Self::Horaires,
        Self::FicheAccesLibre,
        Self::PriseRdv,
    ];

    /// Short stable code, for addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Courriel => "courriel",
            Self::SiteWeb => "site-web",
            Self::Horaires => "horaires",
            Self::FicheAccesLibre => "fiche-acces-libre",
            Self::PriseRdv => "prise-rdv",
        }
    }

    /// What the person reads.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Telephone => "Numéro de téléphone",
            Self::Courriel => "Adresse électronique",
            Self::SiteWeb => "Site internet",
            Self::Horaires => "Horaires connus",
            Self::FicheAccesLibre => "Accessibilité décrite",
            Self::PriseRdv => "Rendez-vous en ligne",
        }
    }

    /// Whether the record of this place holds it.
    pub fn est_dans(self, lieu: &Lieu) -> bool {
        match self {
            Self::Telephone => lieu.contact.telephone.is_some(),
            Self::Courriel => !lieu.contact.courriels.is_empty(),
            Self::SiteWeb => !lieu.contact.sites_web.is_empty(),
            Self::Horaires => lieu.horaires.is_some(),
            Self::FicheAccesLibre => lieu.fiche_acces_libre.is_some(),
            Self::PriseRdv => lieu.prise_rdv.is_some(),
        }
    }
}

/// A territory that a search may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Territoire {
    /// A region.
    Region(CodeRegion),
    /// A département.
    Departement(CodeDepartement),
    /// An EPCI.
    Epci(SirenEpci),
    /// A commune, or an arrondissement of Paris, Lyon or Marseille.
    Commune(CodeCommune),
}

impl Territoire {
    /// Whether a place that declares this code, in this current commune, stands in the territory.
    pub fn contient(self, code: Option<CodeCommune>, commune: Option<&Commune>) -> bool {
        match self {
            Self::Region(region) => commune.is_some_and(|c| c.region == Some(region)),
            Self::Departement(departement) => commune.is_some_and(|c| c.departement == Some(departement)),
            Self::Epci(epci) => commune.is_some_and(|c| c.epci == Some(epci)),
            Self::Commune(cherchee) => code == Some(cherchee) || commune.is_some_and(|c| c.code == cherchee),
        }
    }

    fn cle_et_code(&self) -> (&'static str, &str) {
        match self {
            Self::Region(code) => ("region", code.as_str()),
            Self::Departement(code) => ("departement", code.as_str()),
            Self::Epci(siren) => ("epci", siren.as_str()),
            Self::Commune(code) => ("commune", code.as_str()),
        }
    }
}

/// A circle around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autour {
    /// The centre, rounded to 0.01 degree in addresses: an address says nothing of where a person lives.
    pub centre: Point,
    /// The radius, in kilometres.
    pub rayon_km: u16,
}

/// The greatest radius of a search, in kilometres.
pub const RAYON_MAXIMAL_KM: u16 = 200;

/// When a place must be open, in its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ouverture {
    /// At the moment of the search.
    Maintenant,
    /// On that day at that time, as the clock on the wall of the place shows it.
    Le(DateTime),
    /// At any moment of the coming Saturday or Sunday.
    CeWeekEnd,
}

impl Filtres {
    /// Whether nothing is asked.
    pub fn est_vide(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a place answers every filter. `commune` is the current commune of the place and `ouvert` says whether
    /// it is open; unknown hours are not open.
    pub fn retient(&self, lieu: &Lieu, commune: Option<&Commune>, ouvert: impl FnOnce(Ouverture) -> bool) -> bool {
        self.retient_les_champs(lieu)
            && self.retient_le_territoire(lieu, commune)
            && self.autour.is_none_or(|cercle| cercle.contient(lieu))
            && self.ouverture.is_none_or(ouvert)
    }

    fn retient_les_champs(&self, lieu: &Lieu) -> bool {
        un_de(&self.services, &lieu.services)
            && un_de(&self.publics, &lieu.publics)
            && un_de(&self.prises_en_charge, &lieu.prises_en_charge)
            && un_de(&self.frais, &lieu.frais)
            && un_de(&self.dispositifs, &lieu.dispositifs)
            && un_de(&self.formations, &lieu.formations)
            && self.retient_les_autres_formations(lieu)
            && un_de(&self.modalites_acces, &lieu.modalites_acces)
            && un_de(&self.modalites_accompagnement, &lieu.modalites_accompagnement)
            && un_de(&self.typologies, &lieu.typologies)
            && (self.itinerance.is_empty() || self.itinerance.iter().any(|i| a_l_itinerance(lieu, *i)))
            && (self.sources.is_empty() || lieu.source.as_ref().is_some_and(|s| self.sources.contains(s)))
            && self.avec.iter().all(|presence| presence.est_dans(lieu))
    }

    fn retient_les_autres_formations(&self, lieu: &Lieu) -> bool {
        let demandees = &self.autres_formations;
        let porte = |label: &String| demandees.iter().any(|d| actuel(d) == actuel(label));
        demandees.is_empty() || lieu.autres_formations.iter().any(porte)
    }

    fn retient_le_territoire(&self, lieu: &Lieu, commune: Option<&Commune>) -> bool {
        self.territoires.is_empty()
            || self
                .territoires
                .iter()
                .any(|t| t.contient(lieu.adresse.code_insee, commune))
    }
}

impl Autour {
    /// Whether a place stands within the circle; a place whose position is unknown does not.
    pub fn contient(self, lieu: &Lieu) -> bool {
        lieu.position
            .is_some_and(|p| p.point.distance_m(self.centre) <= f64::from(self.rayon_km) * 1000.0)
    }
}

fn un_de<T: PartialEq>(demandes: &[T], presents: &[T]) -> bool {
    demandes.is_empty() || demandes.iter().any(|d| presents.contains(d))
}

/// FRR replaced ZRR on 1 July 2024; older addresses and older files still say ZRR.
fn actuel(label: &str) -> &str {
    if label == "ZRR" { "FRR" } else { label }
}

fn a_l_itinerance(lieu: &Lieu, itinerance: Itinerance) -> bool {
    match itinerance {
        Itinerance::Itinerant => lieu.est_itinerant(),
        Itinerance::Fixe => !lieu.est_itinerant() || lieu.itinerance.contains(&Itinerance::Fixe),
    }
}
