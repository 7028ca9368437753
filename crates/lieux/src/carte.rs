//! The map that needs no other server: the communes themselves as dots, overseas insets, places on top.

mod locale;
mod nationale;

pub use locale::{CarteLocale, Epingle, Nom, Repere};
pub use nationale::{Bulle, CarteNationale, ETIQUETTE_DU_FOND, Encart, FOND};

use territoire::{Boite, Point};

/// Length of a degree of latitude, in metres.
const DEGRE_M: f64 = 111_195.0;

/// A rectangle of the drawing in which a part of the world is shown, one scale for both axes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cadre {
    centre: Point,
    milieu: (f64, f64),
    unites_par_metre: f64,
}

impl Cadre {
    /// The widest view of a rectangle of the world that fits in a rectangle of the drawing.
    fn contenant(boite: Boite, x: f64, y: f64, largeur: f64, hauteur: f64) -> Self {
        let centre = Point {
            longitude: (boite.ouest + boite.est) / 2.0,
            latitude: (boite.sud + boite.nord) / 2.0,
        };
        let est_ouest = (boite.est - boite.ouest) * DEGRE_M * centre.latitude.to_radians().cos();
        let nord_sud = (boite.nord - boite.sud) * DEGRE_M;
        Self {
            centre,
            milieu: (x + largeur / 2.0, y + hauteur / 2.0),
            unites_par_metre: (largeur / est_ouest.max(1.0)).min(hauteur / nord_sud.max(1.0)),
        }
    }

    /// The place of a point in the drawing; longitudes are counted from the centre, across the antimeridian when it is shorter.
    fn projeter(&self, point: Point) -> (f64, f64) {
        let longitude = (point.longitude - self.centre.longitude + 540.0).rem_euclid(360.0) - 180.0;
        let est = longitude * DEGRE_M * self.centre.latitude.to_radians().cos();
        let nord = (point.latitude - self.centre.latitude) * DEGRE_M;
        (
            self.milieu.0 + est * self.unites_par_metre,
            self.milieu.1 - nord * self.unites_par_metre,
        )
    }
}

/// A path that puts a dot at each place once: strokes without length, which round ends make visible.
fn points_en_chemin(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    use std::fmt::Write;
    let mut entiers: Vec<(i32, i32)> = places.into_iter().map(entiere).collect();
    entiers.sort_unstable();
    entiers.dedup();
    let mut chemin = String::with_capacity(entiers.len() * 7);
    let mut dernier = (0, 0);
    for (x, y) in entiers {
        // Steps from dot to dot are shorter to write than places.
        let _ = write!(chemin, "m{} {}h0", x - dernier.0, y - dernier.1);
        dernier = (x, y);
    }
    chemin
}

/// The nearest whole place.
fn entiere((x, y): (f64, f64)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LYON: Point = Point {
        longitude: 4.83,
        latitude: 45.76,
    };

    #[test]
    fn le_nord_est_en_haut_et_l_est_a_droite() {
        let cadre = Cadre::contenant(Boite::autour(LYON, 10_000.0), 0.0, 0.0, 600.0, 600.0);
        assert_eq!(entiere(cadre.projeter(LYON)), (300, 300));
        let nord_est = Point {
            longitude: 4.9,
            latitude: 45.8,
        };
        let (x, y) = cadre.projeter(nord_est);
        assert!(x > 300.0 && y < 300.0, "{x} {y}");
    }

    #[test]
    fn un_kilometre_a_la_meme_longueur_dans_les_deux_sens() {
        let cadre = Cadre::contenant(Boite::autour(LYON, 10_000.0), 0.0, 0.0, 600.0, 600.0);
        let nord = Point {
            latitude: 45.81,
            ..LYON
        };
        let est = Point {
            longitude: 4.89,
            ..LYON
        };
        let par_metre = |p: Point| {
            let (x, y) = cadre.projeter(p);
            (x - 300.0).hypot(y - 300.0) / LYON.distance_m(p)
        };
        assert!((par_metre(nord) / par_metre(est) - 1.0).abs() < 0.01);
    }

    #[test]
    fn deux_points_au_meme_endroit_n_en_font_qu_un() {
        assert_eq!(
            points_en_chemin([(10.2, 5.0), (9.9, 5.1), (12.0, 4.0)]),
            "m10 5h0m2 -1h0"
        );
    }
}
