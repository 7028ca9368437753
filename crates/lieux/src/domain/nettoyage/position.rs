//! Coordinates, in degrees or in Lambert-93 metres.

use territoire::Point;

/// The point that two texts give, or nothing: absent, zero, or nowhere on Earth.
pub fn lire(latitude: &str, longitude: &str) -> Option<Point> {
    let (y, x) = (nombre(latitude)?, nombre(longitude)?);
    // Null Island is a cell that a spreadsheet filled.
    if x == 0.0 || y == 0.0 {
        return None;
    }
    Point::valide(x, y).or_else(|| depuis_lambert_93(x, y))
}

/// The number in a text such as `POINT (-0.49316 43.89695)` cut in two, `45,2` or ` 45.2° `.
pub fn nombre(texte: &str) -> Option<f64> {
    let chiffres: String = texte
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | ',' | 'e' | 'E' | '+'))
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    chiffres
        .trim_matches(['e', 'E'])
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
}

/// Lambert-93 (RGF93, EPSG:2154) to WGS 84, by the formulas of a secant conic projection.
///
/// Nothing when the point is far from mainland France, where the projection means nothing.
pub fn depuis_lambert_93(x: f64, y: f64) -> Option<Point> {
    const E: f64 = 0.081_819_191_042_815_8; // first eccentricity of GRS 80
    const N: f64 = 0.725_607_765_053_267; // exponent of the projection
    const C: f64 = 11_754_255.426_096; // constant of the projection, in metres
    const XS: f64 = 700_000.0; // coordinates of the pole
    const YS: f64 = 12_655_612.049_876;
    const MERIDIEN: f64 = 3.0; // degrees
    if !(-400_000.0..=1_400_000.0).contains(&x) || !(5_900_000.0..=7_300_000.0).contains(&y) {
        return None;
    }
    let rayon = (x - XS).hypot(y - YS);
    let angle = ((x - XS) / (YS - y)).atan();
    let isometrique = -(rayon / C).abs().ln() / N;
    let mut latitude = 2.0 * isometrique.exp().atan() - std::f64::consts::FRAC_PI_2;
    // Converges by a factor of a hundred or so each turn.
    for _ in 0..8 {
        let sinus = E * latitude.sin();
        let facteur = ((1.0 + sinus) / (1.0 - sinus)).powf(E / 2.0);
        latitude = 2.0 * (facteur * isometrique.exp()).atan() - std::f64::consts::FRAC_PI_2;
    }
    Point::valide(MERIDIEN + (angle / N).to_degrees(), latitude.to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rennes_en_lambert_93_est_a_rennes() {
        let rennes = lire("6789183.34", "352113.49").unwrap();
        assert!((rennes.latitude - 48.110_268_018_202_8).abs() < 1e-8, "{rennes:?}");
        assert!((rennes.longitude + 1.677_094_991_642_734_7).abs() < 1e-8, "{rennes:?}");
    }

    #[test]
    fn nulle_part_n_est_pas_une_position() {
        for (latitude, longitude) in [
            ("0", "0"),
            ("", ""),
            ("abc", "1"),
            ("95", "300"),
            ("NaN", "1"),
            ("1e999", "2"),
        ] {
            assert_eq!(lire(latitude, longitude), None, "{latitude} {longitude}");
        }
        let point = lire("49,04920202", "3,965733035").unwrap();
        assert_eq!((point.latitude, point.longitude), (49.049_202_02, 3.965_733_035));
    }
}
