//! The French territory: communes to regions, dated layers, time zones, holidays, distances.

pub mod actions;
pub mod api;
mod domain;
pub mod geocodeur;
mod module;
mod store;

pub use domain::boite::Boite;
pub use domain::code::{
    Code, CodeCollectivite, CodeCommune, CodeDepartement, CodePostal, CodeRegion, ErreurCode, SirenEpci,
};
pub use domain::couche::{Classement, Contenu, Couche, Element, Fragilite, FranceServices, Nature};
pub use domain::couches::{Couches, Quartier, Zonage};
pub use domain::decodage::ErreurDecodage;
pub use domain::entites::{
    ATTRIBUTIONS, Attribution, Collectivite, Commune, Departement, Entite, Epci, NatureEntite, NatureEpci, Region, Zone,
};
pub use domain::feries::{JOURS_FERIES, Quand, RegleFeriee, jour_ferie, jours_feries};
pub use domain::fuseaux::fuseau;
pub use domain::lecture_couche::{ErreurLecture, Lecture, Rejet, lire as lire_couche};
pub use domain::perimetre::{ErreurPerimetre, Perimetre};
pub use domain::pliage::{plier, plier_nom};
pub use domain::point::{Point, RAYON_TERRE_M};
pub use domain::rapprochement::rapprocher;
pub use domain::recherche::Trouvee;
pub use domain::referentiel::Referentiel;
pub use domain::surface::{Geometrie, Surface};
pub use module::{ConsulterTerritoire, ImporterCouche, MODULE, PERMISSIONS, openapi};
