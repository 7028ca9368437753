//! Open data: the standard in CSV and JSON, GeoJSON, data.inclusion v1, written place by place.

use territoire::{Perimetre, Referentiel};

use super::lieu::Lieu;

pub mod csv;
pub mod data_inclusion;
pub mod geojson;
pub mod json;
pub mod ligne;

/// Whether a place lies in a territory; one whose commune is unknown lies only in France.
pub fn est_dans(lieu: &Lieu, perimetre: &Perimetre) -> bool {
    let commune = lieu
        .adresse
        .code_insee
        .and_then(|code| Referentiel::embarque().resoudre(code));
    *perimetre == Perimetre::France || commune.is_some_and(|commune| perimetre.contient(commune))
}
