//! A place on the Earth.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mean radius of the Earth in metres (IUGG).
pub const RAYON_TERRE_M: f64 = 6_371_008.8;

/// A point in WGS 84, in decimal degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Degrees east of Greenwich, from -180 to 180.
    #[schema(example = 2.3522)]
    pub longitude: f64,
    /// Degrees north of the equator, from -90 to 90.
    #[schema(example = 48.8566)]
    pub latitude: f64,
}

impl Point {
    /// A point whose coordinates are finite and on the globe, else nothing.
    pub fn valide(longitude: f64, latitude: f64) -> Option<Self> {
        let sur_le_globe = (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude);
        sur_le_globe.then_some(Point { longitude, latitude })
    }

    /// The great-circle distance in metres (haversine); within 0.5 % of the ellipsoid.
    pub fn distance_m(&self, autre: Point) -> f64 {
        let (lat1, lat2) = (self.latitude.to_radians(), autre.latitude.to_radians());
        let demi_lat = ((lat2 - lat1) / 2.0).sin();
        let demi_lon = ((autre.longitude - self.longitude).to_radians() / 2.0).sin();
        let corde = demi_lat * demi_lat + lat1.cos() * lat2.cos() * demi_lon * demi_lon;
        // Rounding may push antipodes a hair above one.
        2.0 * RAYON_TERRE_M * corde.min(1.0).sqrt().asin()
    }

    /// The point rounded to 0.01 degree (about a kilometre): what an address may carry.
    pub fn arrondi(&self) -> Point {
        let centieme = |degres: f64| (degres * 100.0).round() / 100.0;
        Point {
            longitude: centieme(self.longitude),
            latitude: centieme(self.latitude),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARIS: Point = Point {
        longitude: 2.3522,
        latitude: 48.8566,
    };

    #[test]
    fn de_paris_a_marseille_il_y_a_six_cent_soixante_kilometres() {
        let marseille = Point {
            longitude: 5.3698,
            latitude: 43.2965,
        };
        assert_eq!((PARIS.distance_m(marseille) / 1000.0).round(), 660.0);
    }

    #[test]
    fn la_distance_traverse_l_antimeridien() {
        let (ouest, est) = (
            Point {
                longitude: -179.9,
                latitude: 0.0,
            },
            Point {
                longitude: 179.9,
                latitude: 0.0,
            },
        );
        assert!(ouest.distance_m(est) < 23_000.0);
    }

    #[test]
    fn un_point_hors_du_globe_est_refuse() {
        for (longitude, latitude) in [(181.0, 0.0), (0.0, -90.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Point::valide(longitude, latitude), None);
        }
    }

    #[test]
    fn un_point_arrondi_reste_a_moins_d_un_kilometre() {
        assert_eq!(
            PARIS.arrondi(),
            Point {
                longitude: 2.35,
                latitude: 48.86
            }
        );
        assert!(PARIS.distance_m(PARIS.arrondi()) < 1_000.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn la_distance_est_symetrique_et_bornee(a in (-180.0..180.0, -90.0..90.0), b in (-180.0..180.0, -90.0..90.0)) {
            let (a, b) = (Point { longitude: a.0, latitude: a.1 }, Point { longitude: b.0, latitude: b.1 });
            let distance = a.distance_m(b);
            prop_assert!((0.0..=20_016_000.0).contains(&distance));
            prop_assert!((distance - b.distance_m(a)).abs() < 1e-3);
            prop_assert_eq!(a.distance_m(a), 0.0);
        }
    }
}
