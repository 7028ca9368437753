//! The French territory: communes to regions, dated layers, time zones, holidays, distances.

mod domain;

pub use domain::boite::Boite;
pub use domain::code::{
    Code, CodeCollectivite, CodeCommune, CodeDepartement, CodePostal, CodeRegion, ErreurCode, SirenEpci,
};
pub use domain::pliage::{plier, plier_nom};
pub use domain::point::Point;
