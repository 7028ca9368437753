//! The public read API of the places.

pub mod lieux;
mod parametres;
mod vue;

pub use vue::LieuVue;

use utoipa::OpenApi;

/// The part of the OpenAPI document that describes places.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(lieux::lister, lieux::montrer),
    components(schemas(LieuVue, lieux::PageDeLieux, lieux::ProblemeVue))
)]
pub struct Document;
