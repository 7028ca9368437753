//! Open data: the standard in CSV and JSON, GeoJSON, data.inclusion v1, written place by place.

pub mod csv;
pub mod data_inclusion;
pub mod geojson;
pub mod json;
pub mod ligne;
pub mod territoire;
