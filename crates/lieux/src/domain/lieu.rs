//! A place of the national standard v1.0.2, in types.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use territoire::{CodeCommune, Point};
use utoipa::ToSchema;
use uuid::Uuid;

pub use super::contact::{Courriel, SiteWeb, Telephone};
pub use super::pivot::Pivot;
use super::{
    listes::{
        Dispositif, FormationLabel, Frais, Itinerance, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Public,
        Service,
    },
    typologie::Typologie,
};

/// The update of a place whose source gives none: the standard demands a day, and the reference implementation writes this one. It
/// sorts before all others, and only files show it; see [`Lieu::mise_a_jour`].
pub const DATE_INCONNUE: Date = Date::constant(1970, 1, 1);

/// A place where people are helped with digital tools.
///
/// Lists keep the order of the source and hold each value once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lieu {
    /// Stable identifier; former and external ones are in the alias table.
    pub id: Uuid,
    /// Who runs the place: SIRET, RNA, RIDET or n° TAHITI.
    pub pivot: Pivot,
    /// Name on the door.
    pub nom: String,
    /// Where to write and where to go.
    pub adresse: Adresse,
    /// Where the map puts it.
    pub position: Option<Position>,
    /// Kinds of place.
    pub typologies: Vec<Typologie>,
    /// How to reach it.
    pub contact: Contact,
    /// Opening hours in the OSM grammar.
    pub horaires: Option<String>,
    /// What the place says of itself.
    pub presentation: Presentation,
    /// Body that collected the data.
    pub source: Option<String>,
    /// Fixed, itinerant or both.
    pub itinerance: Vec<Itinerance>,
    /// Network or parent organisation.
    pub structure_parente: Option<String>,
    /// Last update by the source.
    pub date_maj: Date,
    /// Services offered.
    pub services: Vec<Service>,
    /// People for whom it was made; empty means everybody.
    pub publics: Vec<Public>,
    /// Special needs it meets.
    pub prises_en_charge: Vec<PriseEnCharge>,
    /// Price.
    pub frais: Vec<Frais>,
    /// National programmes.
    pub dispositifs: Vec<Dispositif>,
    /// Trainings and labels of the standard.
    pub formations: Vec<FormationLabel>,
    /// Other trainings and labels, as free text (`QPV` and `FRR` among them).
    pub autres_formations: Vec<String>,
    /// Ways to get in.
    pub modalites_acces: Vec<ModaliteAcces>,
    /// Ways to be accompanied.
    pub modalites_accompagnement: Vec<ModaliteAccompagnement>,
    /// Page of acceslibre.
    pub fiche_acces_libre: Option<SiteWeb>,
    /// Page for appointments.
    pub prise_rdv: Option<SiteWeb>,
    /// Stops of an itinerant place.
    pub visites: Vec<Visite>,
}

impl Lieu {
    /// The day of the last update, when the source gave one.
    pub fn mise_a_jour(&self) -> Option<Date> {
        Some(self.date_maj).filter(|jour| *jour != DATE_INCONNUE)
    }

    /// Whether the place moves, at least in part.
    pub fn est_itinerant(&self) -> bool {
        self.itinerance.contains(&Itinerance::Itinerant) || !self.visites.is_empty()
    }

    /// Whether anybody may come; the only other value says that the place receives nobody.
    pub fn accueille_du_public(&self) -> bool {
        !self.modalites_acces.contains(&ModaliteAcces::PasDePublic)
    }
}

/// The postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adresse {
    /// Number and street.
    pub voie: String,
    /// Building, floor, hamlet.
    pub complement: Option<String>,
    /// Name of the commune.
    pub commune: String,
    /// Five digits.
    pub code_postal: String,
    /// INSEE code of the commune, or of the arrondissement in Paris, Lyon and Marseille.
    pub code_insee: Option<CodeCommune>,
}

/// A point of the map and how much it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// The point.
    pub point: Point,
    /// How precise it is.
    pub precision: Precision,
}

/// Where a position comes from, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// The number in the street.
    Numero,
    /// Given by the source, which does not say how it knows.
    Source,
    /// The street.
    Rue,
    /// The hamlet.
    LieuDit,
    /// Only the commune: the point is its centre.
    Commune,
}

impl Precision {
    /// Every precision, from the best to the worst.
    pub const TOUTES: [Precision; 5] = [
        Precision::Numero,
        Precision::Source,
        Precision::Rue,
        Precision::LieuDit,
        Precision::Commune,
    ];

    /// Short code for the database.
    pub fn code(self) -> &'static str {
        match self {
            Precision::Numero => "numero",
            Precision::Source => "source",
            Precision::Rue => "rue",
            Precision::LieuDit => "lieu-dit",
            Precision::Commune => "commune",
        }
    }

    /// The precision that has this code.
    pub fn du_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|p| p.code() == code)
    }
}

/// Telephone, e-mails and sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The number to call.
    pub telephone: Option<Telephone>,
    /// The addresses to write to.
    pub courriels: Vec<Courriel>,
    /// The sites.
    pub sites_web: Vec<SiteWeb>,
}

/// What a place says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// At most 280 characters.
    pub resume: Option<String>,
    /// The long text.
    pub detail: Option<String>,
}

/// A stop of an itinerant place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Visite {
    /// Where exactly it stops ("Face à la boulangerie").
    pub endroit: Option<String>,
    /// The commune where it stops.
    #[schema(value_type = Option<String>, example = "16317")]
    pub commune: Option<CodeCommune>,
    /// When it comes.
    pub quand: Passage,
}

/// When an itinerant place comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "genre", rename_all = "kebab-case")]
pub enum Passage {
    /// Once.
    Date {
        /// The day.
        #[schema(value_type = String, format = Date)]
        date: Date,
        /// Hours of that day in the OSM grammar, such as `09:30-12:30`.
        horaires: Option<String>,
    },
    /// Again and again, by a rule in the OSM grammar, such as `week 1-53/2 Mo 09:30-12:30`.
    Recurrent {
        /// The rule.
        regle: String,
    },
}

/// Adds a value unless the list already holds it, keeping the order.
pub fn ajouter_une_fois<T: PartialEq>(liste: &mut Vec<T>, valeur: T) {
    if !liste.contains(&valeur) {
        liste.push(valeur);
    }
}
