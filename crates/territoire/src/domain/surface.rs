//! Areas of the map: inside, outside, how far. Holes are respected.

use geo::{Contains, Distance, Euclidean, LineString, LinesIter, MapCoords, MultiPolygon, Polygon, coord};
use serde::{Deserialize, Serialize};

use super::{boite::Boite, point::Point};

/// Length of a degree of latitude in metres.
const DEGRE_M: f64 = 111_195.0;

/// Rings of `[longitude, latitude]`: the outer edge, then the holes.
type Anneaux = Vec<Vec<Vec<f64>>>;

/// The geometry of a GeoJSON feature that has an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "coordinates")]
pub enum Geometrie {
    /// One area.
    Polygon(Anneaux),
    /// Several areas.
    MultiPolygon(Vec<Anneaux>),
}

/// An area in WGS 84, made of one polygon or several, with their holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    polygones: MultiPolygon,
    boite: Boite,
}

impl Surface {
    /// Nothing when a ring has fewer than three corners or a corner is not on the globe.
    pub fn lire(geometrie: &Geometrie) -> Option<Self> {
        let polygones: MultiPolygon = match geometrie {
            Geometrie::Polygon(anneaux) => std::iter::once(polygone(anneaux)).collect::<Option<_>>()?,
            Geometrie::MultiPolygon(parties) => parties.iter().map(polygone).collect::<Option<_>>()?,
        };
        let coins = polygones.iter().flat_map(|p| p.exterior().coords());
        let boite = Boite::englobant(coins.map(|c| Point {
            longitude: c.x,
            latitude: c.y,
        }))?;
        Some(Surface { polygones, boite })
    }

    /// Whether the point is inside, and in no hole.
    pub fn contient(&self, point: Point) -> bool {
        self.boite.contient(point)
            && self
                .polygones
                .contains(&geo::Point::new(point.longitude, point.latitude))
    }

    /// The distance in metres from the point to the area, zero inside; exact to the per mille within a few kilometres.
    pub fn distance_m(&self, point: Point) -> f64 {
        if self.contient(point) {
            return 0.0;
        }
        let largeur = DEGRE_M * point.latitude.to_radians().cos();
        let plan = self.polygones.map_coords(|c| {
            coord! { x: (c.x - point.longitude) * largeur, y: (c.y - point.latitude) * DEGRE_M }
        });
        let origine = geo::Point::new(0.0, 0.0);
        plan.lines_iter()
            .map(|bord| Euclidean.distance(&origine, &bord))
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether the point is inside, or at most `metres` outside.
    pub fn est_a_moins_de(&self, metres: f64, point: Point) -> bool {
        let marge = Boite::autour(point, metres);
        let hors_de_portee = marge.nord < self.boite.sud || marge.sud > self.boite.nord;
        !hors_de_portee && self.distance_m(point) <= metres
    }
}

fn polygone(anneaux: &Anneaux) -> Option<Polygon> {
    let mut lus = anneaux.iter().map(|anneau| self::anneau(anneau));
    let exterieur = lus.next()??;
    Some(Polygon::new(exterieur, lus.collect::<Option<_>>()?))
}

fn anneau(coins: &[Vec<f64>]) -> Option<LineString> {
    let coin = |coin: &Vec<f64>| match coin[..] {
        // A third number is an altitude.
        [longitude, latitude] | [longitude, latitude, _] => Point::valide(longitude, latitude),
        _ => None,
    };
    let points: Vec<_> = coins.iter().map(coin).collect::<Option<_>>()?;
    (points.len() >= 3).then(|| {
        points
            .into_iter()
            .map(|p| coord! { x: p.longitude, y: p.latitude })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn carre(demi: f64) -> Vec<Vec<f64>> {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]
            .map(|(x, y)| vec![2.35 + x * demi, 48.85 + y * demi])
            .to_vec()
    }

    fn point(dx: f64, dy: f64) -> Point {
        Point {
            longitude: 2.35 + dx,
            latitude: 48.85 + dy,
        }
    }

    fn troue() -> Surface {
        Surface::lire(&Geometrie::Polygon(vec![carre(0.01), carre(0.005)])).unwrap()
    }

    #[test]
    fn un_point_dans_un_trou_est_dehors() {
        assert!(troue().contient(point(0.007, 0.0)));
        assert!(!troue().contient(point(0.0, 0.0)));
        assert!(!troue().contient(point(0.02, 0.0)));
    }

    #[test]
    fn la_distance_se_compte_depuis_le_bord_le_plus_proche_trous_compris() {
        assert_eq!(troue().distance_m(point(0.007, 0.0)), 0.0);
        assert_eq!(troue().distance_m(point(0.0, 0.011)).round(), 111.0);
        assert_eq!(troue().distance_m(point(0.0, 0.004)).round(), 111.0);
        assert!(troue().est_a_moins_de(100.0, point(0.0, 0.0108)));
        assert!(!troue().est_a_moins_de(100.0, point(0.0, 0.0110)));
    }

    #[test]
    fn une_geometrie_mal_formee_est_refusee() {
        for json in [
            r#"{"type":"Polygon","coordinates":[]}"#,
            r#"{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[1,2],[3,4],[200,5]]]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[1]]]]}"#,
        ] {
            let geometrie: Geometrie = serde_json::from_str(json).unwrap();
            assert_eq!(Surface::lire(&geometrie), None, "{json}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn un_point_est_dedans_si_et_seulement_si_sa_distance_est_nulle(dx in -0.02..0.02f64, dy in -0.02..0.02f64) {
            let point = point(dx, dy);
            prop_assert_eq!(troue().contient(point), troue().distance_m(point) == 0.0);
            let (x, y) = (dx.abs(), dy.abs());
            prop_assert_eq!(troue().contient(point), x.max(y) < 0.01 && x.max(y) > 0.005);
        }
    }
}
