//! What the territory is made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    code::{CodeCollectivite, CodeCommune, CodeDepartement, CodePostal, CodeRegion, SirenEpci},
    point::Point,
};

/// The part of France that a commune lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// European France, Corsica included.
    Metropole,
    /// Guadeloupe, Martinique, Guyane, La Réunion and Mayotte: a département that is a région.
    Drom,
    /// An overseas collectivity, with neither département, région nor EPCI.
    Collectivite,
}

/// A commune of today, or the district or island that stands for one where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Commune {
    /// INSEE code.
    pub code: CodeCommune,
    /// Official name, with its article.
    pub nom: &'static str,
    /// Where it lies.
    pub zone: Zone,
    /// None in the overseas collectivities.
    pub departement: Option<CodeDepartement>,
    /// None in the overseas collectivities.
    pub region: Option<CodeRegion>,
    /// Only in the overseas collectivities.
    pub collectivite: Option<CodeCollectivite>,
    /// None in the overseas collectivities and on four islands.
    pub epci: Option<SirenEpci>,
    /// The territory of Greater Paris that it also belongs to.
    pub territoire_metropolitain: Option<SirenEpci>,
    /// In ascending order; empty where nobody lives.
    pub codes_postaux: &'static [CodePostal],
    /// Municipal population; none where nobody lives.
    pub population: Option<u32>,
    /// Centroid, or main village where no contour is published.
    pub point: Point,
    /// Whether the point is borrowed from another territory.
    pub point_approche: bool,
}

/// What a former or partial commune is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NatureEntite {
    /// A former commune that kept its town hall within a new one.
    CommuneDeleguee,
    /// A former commune associated with another (law of 1971).
    CommuneAssociee,
    /// An arrondissement of Paris, Lyon or Marseille.
    ArrondissementMunicipal,
}

/// A former commune or a municipal arrondissement: a name and a code inside a present commune.
#[derive(Clone, Debug, PartialEq)]
pub struct Entite {
    /// INSEE code; for the seat of a new commune, the same as the commune's.
    pub code: CodeCommune,
    /// Official name.
    pub nom: &'static str,
    /// What it is.
    pub nature: NatureEntite,
    /// The present commune that holds it.
    pub commune: CodeCommune,
    /// Known for arrondissements only.
    pub population: Option<u32>,
    /// Known for arrondissements only.
    pub codes_postaux: &'static [CodePostal],
    /// The present commune's point, hence approximate.
    pub point: Point,
    /// Always true as long as no source gives these entities a point.
    pub point_approche: bool,
}

/// A département.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Departement {
    /// INSEE code.
    pub code: CodeDepartement,
    /// Name, without article except "La Réunion".
    pub nom: &'static str,
    /// The région that it belongs to.
    pub region: CodeRegion,
    /// Commune of its prefecture.
    pub chef_lieu: CodeCommune,
}

/// A région.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Region {
    /// INSEE code.
    pub code: CodeRegion,
    /// Name.
    pub nom: &'static str,
    /// Commune of its prefecture.
    pub chef_lieu: CodeCommune,
}

/// An overseas collectivity, which is neither a département nor a région.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Collectivite {
    /// INSEE code.
    pub code: CodeCollectivite,
    /// Name.
    pub nom: &'static str,
}

/// The legal form of a group of communes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NatureEpci {
    /// Communauté de communes.
    CommunauteDeCommunes,
    /// Communauté d'agglomération.
    CommunauteDAgglomeration,
    /// Communauté urbaine.
    CommunauteUrbaine,
    /// Métropole.
    Metropole,
    /// Métropole de Lyon, which is a collectivity of its own.
    MetropoleDeLyon,
    /// Territory (EPT) of the Métropole du Grand Paris.
    TerritoireMetropolitain,
}

/// An intercommunality with its own taxation, or a territory of Greater Paris.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Epci {
    /// SIREN number.
    pub siren: SirenEpci,
    /// Name.
    pub nom: &'static str,
    /// Legal form.
    pub nature: NatureEpci,
}

/// Where a set of facts comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attribution {
    /// The facts.
    pub objet: &'static str,
    /// Who publishes them.
    pub source: &'static str,
    /// Under which licence.
    pub licence: &'static str,
}

/// The sources of the embedded territory, to be named wherever its facts are published.
pub const ATTRIBUTIONS: &[Attribution] = &[
    Attribution {
        objet: "communes, départements, régions et EPCI",
        source: "INSEE (code officiel géographique 2026), DGCL et La Poste, mis en forme par Etalab",
        licence: "Licence Ouverte 2.0",
    },
    Attribution {
        objet: "centres des communes",
        source: "IGN (Admin Express) et INSEE (code officiel géographique)",
        licence: "Licence Ouverte 2.0",
    },
];
