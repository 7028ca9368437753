//! How long one waits before another try, the longer the more one tried.

use socle::clock::Instant;

/// The longest wait, in seconds.
const ATTENTE_MAX: i64 = 3600;
/// After this long without a try, in seconds, all is forgotten.
const OUBLI: i64 = 86_400;
/// A try is counted in thousandths, so that a count can fade.
const UN_ESSAI: i64 = 1000;
/// The most that is counted: beyond it the wait is the longest in any case.
const MILLIEMES_MAX: i64 = 1_000_000_000;

/// How the tries of one kind of key are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regle {
    /// The tries that cost nothing.
    gratuits: i64,
    /// After how many seconds the count is halved; a count without one stays whole until all is forgotten.
    demi_vie: Option<i64>,
}

/// For an account or an address: one person, who rarely tries more than three times.
pub const UN_COMPTE: Regle = Regle {
    gratuits: 3,
    demi_vie: None,
};

/// For a network: an office of a hundred people signs in within minutes each morning behind one address. Beyond its free tries, a network
/// still makes one every five seconds or so, since the count fades as fast as that.
pub const UN_RESEAU: Regle = Regle {
    gratuits: 300,
    demi_vie: Some(600),
};

/// The tries seen so far under one fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Essais {
    /// How many, in thousandths.
    pub milliemes: i64,
    /// When the last was.
    pub dernier_at: Instant,
}

impl Essais {
    /// None so far.
    pub fn aucun(at: Instant) -> Self {
        Self {
            milliemes: 0,
            dernier_at: at,
        }
    }

    /// The seconds to wait from `at`; 0 when one may try.
    pub fn attente(self, regle: Regle, at: Instant) -> i64 {
        let nombre = self.restants(regle, at) / UN_ESSAI;
        if nombre < regle.gratuits {
            return 0;
        }
        let rang = u32::try_from(nombre - regle.gratuits).unwrap_or(u32::MAX);
        let delai = 2_i64.saturating_pow(rang.min(20)).saturating_mul(5).min(ATTENTE_MAX);
        let fin = self.dernier_at.plus_seconds(delai);
        // Rounded up, so that a fraction of a second is not a wait of 0.
        ((fin.micros() - at.micros()).max(0) + 999_999) / 1_000_000
    }

    /// The thousandths that still count.
    fn restants(self, regle: Regle, at: Instant) -> i64 {
        let passees = (at.micros() - self.dernier_at.micros()).max(0) / 1_000_000;
        if passees >= OUBLI {
            return 0;
        }
        let comptes = self.milliemes.clamp(0, MILLIEMES_MAX);
        let Some(demi_vie) = regle.demi_vie else {
            return comptes;
        };
        // Between two halvings the count goes down in a straight line, so that tries close together fade too.
        let moities = u32::try_from(passees / demi_vie).unwrap_or(u32::MAX);
        let debut = comptes.checked_shr(moities).unwrap_or(0);
        debut - debut * (passees % demi_vie) / (2 * demi_vie)
    }

    /// One more try.
    pub fn suivant(self, regle: Regle, at: Instant) -> Self {
        Self {
            milliemes: self.restants(regle, at) + UN_ESSAI,
            dernier_at: at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debut() -> Instant {
        Instant::from_micros(0)
    }

    fn apres(nombre: i64) -> Essais {
        Essais {
            milliemes: nombre * UN_ESSAI,
            dernier_at: debut(),
        }
    }

    #[test]
    fn l_attente_grandit_puis_s_oublie() {
        let attentes: Vec<_> = (1..=15).map(|n| apres(n).attente(UN_COMPTE, debut())).collect();
        assert_eq!(
            attentes,
            [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
        );
        let cinq = apres(5);
        assert_eq!(cinq.attente(UN_COMPTE, debut().plus_seconds(19)), 1);
        assert_eq!(cinq.attente(UN_COMPTE, debut().plus_seconds(20)), 0);
        let suivant = |secondes| cinq.suivant(UN_COMPTE, debut().plus_seconds(secondes)).milliemes;
        assert_eq!((suivant(OUBLI - 1), suivant(OUBLI)), (6 * UN_ESSAI, UN_ESSAI));
    }

    #[test]
    fn le_compte_d_un_reseau_diminue_de_moitie_toutes_les_dix_minutes() {
        let restants = |secondes| apres(200).restants(UN_RESEAU, debut().plus_seconds(secondes));
        assert_eq!(
            [0, 300, 599, 600, 1200, 86_399].map(restants),
            [200_000, 150_000, 100_167, 100_000, 50_000, 0]
        );
        assert_eq!(restants(-60), 200_000);
    }

    #[test]
    fn cent_personnes_d_un_reseau_se_connectent_le_meme_matin_et_qui_insiste_avance_pas_a_pas() {
        // Two tries each, in twenty minutes, day after day.
        let mut essais = Essais::aucun(debut());
        for rang in 0..1000 {
            let at = debut().plus_seconds(rang / 200 * 86_000 + rang % 200 * 6);
            assert_eq!(essais.attente(UN_RESEAU, at), 0, "{rang}");
            essais = essais.suivant(UN_RESEAU, at);
        }
        // A machine that never stops: it goes on at the pace at which the count fades, and nobody beside it waits longer than that.
        let mut at = debut();
        let mut attentes = Vec::new();
        for _ in 0..2000 {
            let attente = essais.attente(UN_RESEAU, at);
            attentes.push(attente);
            at = at.plus_seconds(attente);
            essais = essais.suivant(UN_RESEAU, at);
        }
        assert!(attentes.iter().all(|a| *a <= 10), "{attentes:?}");
        assert!(attentes[1000..].iter().sum::<i64>() >= 3500, "{attentes:?}");
    }
}
