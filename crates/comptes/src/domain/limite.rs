//! How long one waits before another try, the longer the more one tried.

use socle::clock::Instant;

/// The tries that cost nothing.
const GRATUITS: i64 = 3;
/// The longest wait, in seconds.
const ATTENTE_MAX: i64 = 3600;
/// After this long without a try, in seconds, all is forgotten.
const OUBLI: i64 = 86_400;

/// The tries seen so far under one fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Essais {
    /// How many.
    pub nombre: i64,
    /// When the last was.
    pub dernier_at: Instant,
}

impl Essais {
    /// The seconds to wait from `at`; 0 when one may try.
    pub fn attente(&self, at: Instant) -> i64 {
        if self.sont_oublies(at) || self.nombre < GRATUITS {
            return 0;
        }
        let rang = u32::try_from(self.nombre - GRATUITS).unwrap_or(u32::MAX);
        let delai = 2_i64.saturating_pow(rang.min(20)).saturating_mul(5).min(ATTENTE_MAX);
        let fin = self.dernier_at.plus_seconds(delai);
        // Rounded up, so that a fraction of a second is not a wait of 0.
        ((fin.micros() - at.micros()).max(0) + 999_999) / 1_000_000
    }

    /// Whether they are too old to count.
    pub fn sont_oublies(&self, at: Instant) -> bool {
        self.dernier_at.plus_seconds(OUBLI) <= at
    }

    /// One more try.
    pub fn suivant(avant: Option<Self>, at: Instant) -> Self {
        let nombre = avant.filter(|e| !e.sont_oublies(at)).map_or(0, |e| e.nombre);
        Self {
            nombre: nombre.saturating_add(1),
            dernier_at: at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_attente_grandit_puis_s_oublie() {
        let debut = Instant::from_micros(0);
        let attentes: Vec<_> = (1..=15)
            .map(|nombre| {
                Essais {
                    nombre,
                    dernier_at: debut,
                }
                .attente(debut)
            })
            .collect();
        assert_eq!(
            attentes,
            [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
        );
        let cinq = Essais {
            nombre: 5,
            dernier_at: debut,
        };
        assert_eq!(cinq.attente(debut.plus_seconds(19)), 1);
        assert_eq!(cinq.attente(debut.plus_seconds(20)), 0);
        assert_eq!(Essais::suivant(Some(cinq), debut.plus_seconds(60)).nombre, 6);
        assert_eq!(Essais::suivant(Some(cinq), debut.plus_seconds(OUBLI)).nombre, 1);
    }
}
