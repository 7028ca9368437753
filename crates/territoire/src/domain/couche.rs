//! A dated layer: facts about communes or areas, with their source, vintage and licence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{code::CodeCommune, point::Point, surface::Geometrie};

/// What a layer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Priority districts of the city policy (quartiers prioritaires).
    Qpv,
    /// France ruralités revitalisation, since July 2024.
    Frr,
    /// Zones de revitalisation rurale, until June 2024.
    Zrr,
    /// Digital fragility index, by commune.
    FragiliteCommunes,
    /// Digital fragility index, by EPCI.
    FragiliteEpci,
    /// France Services houses.
    FranceServices,
}

impl Nature {
    /// Every nature.
    pub const TOUTES: [Nature; 6] = [
        Nature::Qpv,
        Nature::Frr,
        Nature::Zrr,
        Nature::FragiliteCommunes,
        Nature::FragiliteEpci,
        Nature::FranceServices,
    ];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Nature::Qpv => "qpv",
            Nature::Frr => "frr",
            Nature::Zrr => "zrr",
            Nature::FragiliteCommunes => "fragilite_communes",
            Nature::FragiliteEpci => "fragilite_epci",
            Nature::FranceServices => "france_services",
        }
    }

    /// The nature that has this code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Nature::TOUTES.into_iter().find(|nature| nature.code() == code)
    }

    /// Its name for people.
    pub fn libelle(self) -> &'static str {
        match self {
            Nature::Qpv => "quartiers prioritaires de la politique de la ville",
            Nature::Frr => "France ruralités revitalisation",
            Nature::Zrr => "zones de revitalisation rurale",
            Nature::FragiliteCommunes => "indice de fragilité numérique des communes",
            Nature::FragiliteEpci => "indice de fragilité numérique des EPCI",
            Nature::FranceServices => "espaces France Services",
        }
    }
}

/// The header of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Couche {
    /// Its identifier.
    pub id: Uuid,
    /// What it says.
    pub nature: Nature,
    /// Who published it.
    pub source: String,
    /// Its vintage, in the publisher's words.
    pub millesime: String,
    /// Its licence.
    pub licence: String,
    /// First day on which it holds.
    #[schema(value_type = String, format = Date)]
    pub valable_du: Date,
    /// Last day on which it holds; none until another vintage replaces it.
    #[schema(value_type = Option<String>, format = Date)]
    pub valable_au: Option<Date>,
}

impl Couche {
    /// Whether it holds on that day.
    pub fn vaut(&self, jour: Date) -> bool {
        self.valable_du <= jour && self.valable_au.is_none_or(|fin| jour <= fin)
    }
}

/// Whether a commune is in a rural revitalisation zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Classement {
    /// Not in it.
    Non,
    /// Some of its former communes are.
    Partiel,
    /// In it.
    Oui,
    /// In it, at the reinforced level (« FRR + »).
    Renforce,
}

/// The digital fragility index, from 0 (least fragile) to 10.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fragilite {
    /// Mean of the five components.
    pub total: f64,
    /// Homes without a fixed very-high-speed network.
    pub sans_tres_haut_debit: Option<f64>,
    /// Places without 4G.
    pub sans_4g: Option<f64>,
    /// Poverty.
    pub pauvrete: Option<f64>,
    /// People aged 65 or more.
    pub plus_de_65_ans: Option<f64>,
    /// People over 15 without a diploma who left school.
    pub sans_diplome: Option<f64>,
}

/// A France Services house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FranceServices {
    /// Its name.
    pub nom: String,
    /// The commune it stands in, by the file's code.
    pub commune: CodeCommune,
    /// Where it stands, when the file says so.
    pub point: Option<Point>,
}

/// What one row of a layer says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contenu {
    /// A district and its area.
    Quartier(Geometrie),
    /// A commune in or out of a zone.
    Zonage(Classement),
    /// A commune's or an EPCI's index.
    Fragilite(Fragilite),
    /// A house.
    FranceServices(FranceServices),
}

/// One row of a layer, as received: its codes are those of the file's own vintage.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// What tells it from the other rows.
    pub code: String,
    /// The name that the file gives.
    pub libelle: String,
    /// What it says.
    pub contenu: Contenu,
}
