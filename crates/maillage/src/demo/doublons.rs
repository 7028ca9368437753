//! The same place seen by a second source: written otherwise, a little further, dated otherwise.

use super::{Fabrique, genres};
use jiff::ToSpan;
use lieux::domain::{
    lieu::{Lieu, Pivot},
    listes::Service,
};
use territoire::Point;

/// The abbreviations that files of the field use.
const ABREGES: &[(&str, &str)] = &[
    ("rue ", "r. "),
    ("avenue ", "av. "),
    ("boulevard ", "bd "),
    ("place ", "pl. "),
    ("Saint-", "St "),
    ("Médiathèque", "Mediatheque"),
    ("France Services", "FRANCE SERVICES"),
    ("Centre communal d’action sociale", "CCAS"),
];

/// What the second source says of a place.
pub(super) fn doubler(lieu: &Lieu, fabrique: &mut Fabrique) -> Lieu {
    let mut double = lieu.clone();
    let hasard = &mut fabrique.hasard;
    double.id = fabrique.ids.next(fabrique.at);
    double.source = Some(genres::SECONDE_SOURCE.to_owned());
    double.nom = match hasard.entre(1..=3) {
        1 => lieu.nom.to_uppercase(),
        2 => abreger(&lieu.nom),
        _ => format!("{} – {}", lieu.nom, lieu.adresse.commune),
    };
    double.adresse.voie = abreger(&lieu.adresse.voie);
    if hasard.une_fois_sur(2) {
        double.pivot = Pivot::Inconnu;
    }
    if hasard.une_fois_sur(3) {
        double.contact.telephone = None;
    }
    if let Some(position) = &mut double.position {
        let ecart = |part: f64| ((part - 0.5) * 0.002 * 1e6).round() / 1e6;
        position.point = Point {
            longitude: position.point.longitude + ecart(hasard.part()),
            latitude: position.point.latitude + ecart(hasard.part()),
        };
    }
    double.date_maj = lieu.date_maj.saturating_sub(i64::from(hasard.entre(1..=200)).days());
    double.services = vec![Service::AideDemarches];
    double.presentation = lieux::domain::lieu::Presentation::default();
    double
}

fn abreger(texte: &str) -> String {
    ABREGES
        .iter()
        .fold(texte.to_owned(), |texte, (long, court)| texte.replace(long, court))
}
