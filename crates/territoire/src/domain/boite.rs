//! A rectangle of the map.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::point::Point;

/// Length of a degree of latitude in metres.
const DEGRE_M: f64 = 111_195.0;

/// A rectangle between two meridians and two parallels, edges included.
///
/// When `ouest` is greater than `est`, it crosses the antimeridian, as between Nouméa and Papeete.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Boite {
    /// Western meridian, in degrees.
    pub ouest: f64,
    /// Southern parallel, in degrees.
    pub sud: f64,
    /// Eastern meridian, in degrees.
    pub est: f64,
    /// Northern parallel, in degrees.
    pub nord: f64,
}

impl Boite {
    /// A rectangle whose corners are on the globe and whose south is not north of its north.
    pub fn valide(ouest: f64, sud: f64, est: f64, nord: f64) -> Option<Self> {
        Point::valide(ouest, sud)?;
        Point::valide(est, nord)?;
        (sud <= nord).then_some(Boite { ouest, sud, est, nord })
    }

    /// The smallest rectangle, not crossing the antimeridian, that holds every point; nothing when there is none.
    pub fn englobant(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |boite, p| {
            let b = boite.unwrap_or(Boite {
                ouest: p.longitude,
                sud: p.latitude,
                est: p.longitude,
                nord: p.latitude,
            });
            Some(Boite {
                ouest: b.ouest.min(p.longitude),
                sud: b.sud.min(p.latitude),
                est: b.est.max(p.longitude),
                nord: b.nord.max(p.latitude),
            })
        })
    }

    /// A rectangle that holds every point at most `rayon_m` metres from the centre.
    pub fn autour(centre: Point, rayon_m: f64) -> Self {
        let hauteur = rayon_m.max(0.0) / DEGRE_M * 1.001;
        let (sud, nord) = (
            (centre.latitude - hauteur).max(-90.0),
            (centre.latitude + hauteur).min(90.0),
        );
        let plus_haute = sud.abs().max(nord.abs());
        let largeur = hauteur / plus_haute.to_radians().cos();
        if plus_haute >= 90.0 || largeur >= 180.0 {
            return Boite {
                ouest: -180.0,
                sud,
                est: 180.0,
                nord,
            };
        }
        let ramener = |longitude: f64| (longitude + 540.0).rem_euclid(360.0) - 180.0;
        Boite {
            ouest: ramener(centre.longitude - largeur),
            sud,
            est: ramener(centre.longitude + largeur),
            nord,
        }
    }

    /// Whether the point is inside or on the edge.
    pub fn contient(&self, point: Point) -> bool {
        let longitude = if self.ouest <= self.est {
            (self.ouest..=self.est).contains(&point.longitude)
        } else {
            point.longitude >= self.ouest || point.longitude <= self.est
        };
        longitude && (self.sud..=self.nord).contains(&point.latitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn une_boite_peut_traverser_l_antimeridien() {
        let pacifique = Boite::valide(160.0, -30.0, -140.0, 0.0).unwrap();
        assert!(pacifique.contient(Point {
            longitude: 166.46,
            latitude: -22.28
        }));
        assert!(pacifique.contient(Point {
            longitude: -149.57,
            latitude: -17.54
        }));
        assert!(!pacifique.contient(Point {
            longitude: 2.35,
            latitude: -22.0
        }));
    }

    #[test]
    fn une_boite_a_l_envers_est_refusee() {
        assert_eq!(Boite::valide(0.0, 10.0, 1.0, 9.0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn la_boite_autour_d_un_point_contient_ce_qui_est_proche(
            longitude in -180.0..180.0f64, latitude in -89.0..89.0f64, rayon_m in 1.0..200_000.0f64, dx in -1.0..1.0f64, dy in -1.0..1.0f64,
        ) {
            let centre = Point { longitude, latitude };
            let voisin = Point { longitude: (longitude + dx * 2.0).clamp(-180.0, 180.0), latitude: latitude + dy };
            if centre.distance_m(voisin) <= rayon_m {
                prop_assert!(Boite::autour(centre, rayon_m).contient(voisin));
            }
        }
    }
}
