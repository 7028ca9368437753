//! A place in the 32 columns of the standard v1.0.2.

use territoire::CodeCommune;

use crate::domain::{
    contact::SiteWeb,
    lieu::{Lieu, Precision},
    listes::ListeFermee,
};

/// What to write of the INSEE code in Paris, Lyon and Marseille.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodesInsee {
    /// The commune: 75056, 69123, 13055.
    #[default]
    Communes,
    /// The arrondissement that the postal code names: 75113, 69382, 13202.
    Arrondissements,
}

/// Digits kept of a coordinate: 0.000001 degree is a hand's breadth.
const DECIMALES: i32 = 6;

/// The cells of a place, in the order of [`crate::domain::standard::colonnes::COLONNES`]; a missing value is empty.
pub fn cellules(lieu: &Lieu, codes: CodesInsee) -> [String; 32] {
    let texte = |texte: &Option<String>| texte.clone().unwrap_or_default();
    let site = |site: &Option<SiteWeb>| site.as_ref().map(ToString::to_string).unwrap_or_default();
    let (latitude, longitude) = coordonnees(lieu).map_or_else(Default::default, |(latitude, longitude)| {
        (latitude.to_string(), longitude.to_string())
    });
    let adresse = &lieu.adresse;
    [
        lieu.id.to_string(),
        lieu.pivot.to_string(),
        lieu.nom.clone(),
        adresse.commune.clone(),
        adresse.code_postal.clone(),
        adresse
            .code_insee
            .map(|code| code_insee(code, &adresse.code_postal, codes))
            .unwrap_or_default(),
        adresse.voie.clone(),
        texte(&adresse.complement),
        latitude,
        longitude,
        liste(&lieu.typologies),
        lieu.contact
            .telephone
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        joindre(&lieu.contact.courriels),
        joindre(&lieu.contact.sites_web),
        texte(&lieu.horaires),
        texte(&lieu.presentation.resume),
        texte(&lieu.presentation.detail),
        texte(&lieu.source),
        liste(&lieu.itinerance),
        texte(&lieu.structure_parente),
        lieu.date_maj.to_string(),
        liste(&lieu.services),
        liste(&lieu.publics),
        liste(&lieu.prises_en_charge),
        liste(&lieu.frais),
        liste(&lieu.dispositifs),
        liste(&lieu.formations),
        lieu.autres_formations.join("|"),
        liste(&lieu.modalites_acces),
        liste(&lieu.modalites_accompagnement),
        site(&lieu.fiche_acces_libre),
        site(&lieu.prise_rdv),
    ]
}

/// Latitude and longitude, unless they are only the centre of the commune, which a reader would take for the door.
pub fn coordonnees(lieu: &Lieu) -> Option<(f64, f64)> {
    let position = lieu.position.filter(|p| p.precision != Precision::Commune)?;
    let arrondir = |degres: f64| {
        let echelle = 10_f64.powi(DECIMALES);
        (degres * echelle).round() / echelle
    };
    Some((arrondir(position.point.latitude), arrondir(position.point.longitude)))
}

/// The INSEE code, or that of the arrondissement that the postal code names.
pub fn code_insee(code: CodeCommune, code_postal: &str, codes: CodesInsee) -> String {
    let rang = || {
        code_postal
            .get(3..5)
            .and_then(|r| r.parse::<u32>().ok())
            .filter(|r| *r > 0)
    };
    let arrondissement = match (codes, code.as_str()) {
        (CodesInsee::Arrondissements, "75056") => rang().filter(|r| *r <= 20).map(|r| 75100 + r),
        (CodesInsee::Arrondissements, "69123") => rang().filter(|r| *r <= 9).map(|r| 69380 + r),
        (CodesInsee::Arrondissements, "13055") => rang().filter(|r| *r <= 16).map(|r| 13200 + r),
        _ => None,
    };
    arrondissement.map_or_else(|| code.to_string(), |code| code.to_string())
}

fn liste<L: ListeFermee>(valeurs: &[L]) -> String {
    let ecrites: Vec<&str> = valeurs.iter().map(|v| v.ecrire()).collect();
    ecrites.join("|")
}

fn joindre<T: ToString>(valeurs: &[T]) -> String {
    valeurs.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
}
