//! Exact rational numbers, for every number that decides something.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A rational number kept in lowest terms, its denominator above zero; operations that would overflow give `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerateur: i128,
    denominateur: i128,
}

/// A number that cannot be written as a fraction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas un nombre comme 12, 0,3 ou 2/5")]
pub struct FractionIllisible(pub String);

impl Fraction {
    /// Zero.
    pub const ZERO: Self = Self::entier(0);
    /// One.
    pub const UN: Self = Self::entier(1);

    /// A whole number.
    #[must_use]
    pub const fn entier(valeur: i64) -> Self {
        Self {
            numerateur: valeur as i128,
            denominateur: 1,
        }
    }

    /// `numerateur / denominateur`; nothing when the denominator is zero.
    #[must_use]
    pub fn new(numerateur: i128, denominateur: i128) -> Option<Self> {
        let diviseur = pgcd(numerateur.checked_abs()?, denominateur.checked_abs()?);
        if denominateur == 0 {
            return None;
        }
        let signe = denominateur.signum();
        Some(Self {
            numerateur: signe * (numerateur / diviseur),
            denominateur: signe * (denominateur / diviseur),
        })
    }

    /// The number that a double shows in decimals: 0.3 is exactly 3/10.
    #[must_use]
    pub fn depuis_decimal(valeur: f64) -> Option<Self> {
        if !valeur.is_finite() {
            return None;
        }
        valeur.to_string().parse().ok()
    }

    /// The upper part of the fraction, in lowest terms.
    #[must_use]
    pub const fn numerateur(self) -> i128 {
        self.numerateur
    }

    /// The lower part of the fraction, above zero.
    #[must_use]
    pub const fn denominateur(self) -> i128 {
        self.denominateur
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, autre: Self) -> Option<Self> {
        let diviseur = pgcd(self.denominateur, autre.denominateur);
        let (a, b) = (self.denominateur / diviseur, autre.denominateur / diviseur);
        let gauche = self.numerateur.checked_mul(b)?;
        let droite = autre.numerateur.checked_mul(a)?;
        Self::new(gauche.checked_add(droite)?, self.denominateur.checked_mul(b)?)
    }

    /// The difference.
    #[must_use]
    pub fn moins(self, autre: Self) -> Option<Self> {
        self.plus(Self {
            numerateur: -autre.numerateur,
            ..autre
        })
    }

    /// The product.
    #[must_use]
    pub fn fois(self, autre: Self) -> Option<Self> {
        let a = pgcd(self.numerateur.checked_abs()?, autre.denominateur);
        let b = pgcd(autre.numerateur.checked_abs()?, self.denominateur);
        Self::new(
            (self.numerateur / a).checked_mul(autre.numerateur / b)?,
            (self.denominateur / b).checked_mul(autre.denominateur / a)?,
        )
    }

    /// The quotient; nothing when the divisor is zero.
    #[must_use]
    pub fn divise_par(self, autre: Self) -> Option<Self> {
        self.fois(Self::new(autre.denominateur, autre.numerateur)?)
    }

    /// The greatest whole number that is not above.
    #[must_use]
    pub const fn plancher(self) -> i128 {
        self.numerateur.div_euclid(self.denominateur)
    }

    /// The least whole number that is not below.
    #[must_use]
    pub const fn plafond(self) -> i128 {
        -(-self.numerateur).div_euclid(self.denominateur)
    }

    /// Compares two fractions, exactly, whatever their size.
    #[must_use]
    pub fn compare(self, autre: Self) -> Ordering {
        // Continued fractions: whole parts first, then the inverse of what is left, so that nothing overflows.
        let (a, b) = (self.plancher(), autre.plancher());
        if a != b {
            return a.cmp(&b);
        }
        let reste = self.numerateur.rem_euclid(self.denominateur);
        let autre_reste = autre.numerateur.rem_euclid(autre.denominateur);
        match (reste, autre_reste) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            _ => {
                let inverse = Self {
                    numerateur: self.denominateur,
                    denominateur: reste,
                };
                let autre_inverse = Self {
                    numerateur: autre.denominateur,
                    denominateur: autre_reste,
                };
                autre_inverse.compare(inverse)
            }
        }
    }

    /// Below zero.
    #[must_use]
    pub const fn est_negative(self) -> bool {
        self.numerateur < 0
    }

    /// Zero.
    #[must_use]
    pub const fn est_nulle(self) -> bool {
        self.numerateur == 0
    }

    /// The nearest double, to show.
    #[must_use]
    pub fn en_decimal(self) -> f64 {
        self.numerateur as f64 / self.denominateur as f64
    }
}

impl Default for Fraction {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, autre: &Self) -> Option<Ordering> {
        Some(self.cmp(autre))
    }
}

impl Ord for Fraction {
    fn cmp(&self, autre: &Self) -> Ordering {
        self.compare(*autre)
    }
}

impl FromStr for Fraction {
    type Err = FractionIllisible;

    /// Reads `12`, `-0,25`, `0.3` or `2/5`.
    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let refus = || FractionIllisible(texte.chars().take(40).collect());
        let decimal = |t: &str| decimal(t.trim());
        let lue = match texte.split_once('/') {
            Some((haut, bas)) => decimal(haut).zip(decimal(bas)).and_then(|(h, b)| h.divise_par(b)),
            None => decimal(texte),
        };
        lue.ok_or_else(refus)
    }
}

/// `3`, or `3/10` when it is not whole.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominateur == 1 {
            write!(f, "{}", self.numerateur)
        } else {
            write!(f, "{}/{}", self.numerateur, self.denominateur)
        }
    }
}

fn decimal(texte: &str) -> Option<Fraction> {
    let (signe, chiffres) = texte.strip_prefix('-').map_or((1, texte), |reste| (-1, reste));
    let (entier, decimales) = chiffres.split_once(['.', ',']).unwrap_or((chiffres, ""));
    let tous = format!("{entier}{decimales}");
    if entier.is_empty() || tous.len() > 30 || !tous.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let bas = 10_i128.checked_pow(u32::try_from(decimales.len()).ok()?)?;
    Fraction::new(signe * tous.parse::<i128>().ok()?, bas)
}

const fn pgcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f(texte: &str) -> Fraction {
        texte.parse().unwrap()
    }

    #[test]
    fn les_ecritures_courantes_sont_lues() {
        for (texte, haut, bas) in [
            ("12", 12, 1),
            ("0,3", 3, 10),
            ("-0.25", -1, 4),
            ("2/5", 2, 5),
            ("0.5/1.5", 1, 3),
        ] {
            assert_eq!((f(texte).numerateur(), f(texte).denominateur()), (haut, bas), "{texte}");
        }
        for texte in ["", "x", "1/0", ".5", "1e3", "--1", "1/2/3"] {
            assert!(texte.parse::<Fraction>().is_err(), "{texte}");
        }
    }

    #[test]
    fn les_operations_sont_exactes_et_la_comparaison_ne_deborde_pas() {
        assert_eq!(f("1/3").plus(f("1/6")), Some(f("1/2")));
        assert_eq!(f("0.1").moins(f("1/10")), Some(Fraction::ZERO));
        assert_eq!(f("2/3").fois(f("9/4")), Some(f("3/2")));
        assert_eq!(
            (f("-7/2").plancher(), f("-7/2").plafond(), f("7/2").plafond()),
            (-4, -3, 4)
        );
        let grand = Fraction::new(i128::MAX, i128::MAX - 1).unwrap();
        let plus_grand = Fraction::new(i128::MAX - 1, i128::MAX - 2).unwrap();
        assert!(grand < plus_grand && f("-1/3") < f("-1/4"));
        assert_eq!(Fraction::depuis_decimal(0.3), Some(f("3/10")));
        assert_eq!(grand.plus(Fraction::UN), None);
    }
}
