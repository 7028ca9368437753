//! What becomes of a value when two files become one: which wins, and which is kept as history.

use serde::{Deserialize, Serialize};
use socle::clock::Instant;

/// How much a value is worth, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confiance {
    /// It came from a file.
    Importee,
    /// Somebody typed it.
    Declaree,
    /// Its owner confirmed it, by a link or a code.
    Confirmee,
    /// An official register, or an identity provider, said so.
    Attestee,
}

/// A value, what it is worth, and since when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Valeur<T> {
    /// The value.
    pub valeur: T,
    /// What it is worth.
    pub confiance: Confiance,
    /// Since when.
    pub depuis: Instant,
}

/// One value kept of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arbitrage<T> {
    /// The one that wins.
    pub retenue: Valeur<T>,
    /// The other, to be kept as history when it said something else.
    pub ecartee: Option<Valeur<T>>,
}

/// Chooses between the value of the file that stays and that of the file that goes: the best founded wins, then the most recent,
/// then the one of the file that stays. Nothing when neither file has one.
pub fn arbitrer<T: PartialEq>(reste: Option<Valeur<T>>, part: Option<Valeur<T>>) -> Option<Arbitrage<T>> {
    let (reste, part) = match (reste, part) {
        (Some(reste), Some(part)) => (reste, part),
        (seule, autre) => {
            return seule.or(autre).map(|retenue| Arbitrage { retenue, ecartee: None });
        }
    };
    let rang = |v: &Valeur<T>| (v.confiance, v.depuis);
    let (retenue, ecartee) = if rang(&part) > rang(&reste) {
        (part, reste)
    } else {
        (reste, part)
    };
    let differe = retenue.valeur != ecartee.valeur;
    Some(Arbitrage {
        retenue,
        ecartee: differe.then_some(ecartee),
    })
}

/// The values of both files, each once, with the best founded of its two copies: contacts and the like are never lost by a merge.
pub fn reunir<T: PartialEq>(reste: Vec<Valeur<T>>, part: Vec<Valeur<T>>) -> Vec<Valeur<T>> {
    let mut reunies = reste;
    for valeur in part {
        match reunies.iter_mut().find(|v| v.valeur == valeur.valeur) {
            Some(meme) if (valeur.confiance, valeur.depuis) > (meme.confiance, meme.depuis) => *meme = valeur,
            Some(_) => {}
            None => reunies.push(valeur),
        }
    }
    reunies
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confiance::{Attestee, Confirmee, Declaree, Importee};

    fn valeur(valeur: &'static str, confiance: Confiance, jour: i64) -> Option<Valeur<&'static str>> {
        Some(Valeur {
            valeur,
            confiance,
            depuis: Instant::from_micros(0).plus_seconds(jour * 86_400),
        })
    }

    #[test]
    fn la_mieux_fondee_l_emporte_puis_la_plus_recente_puis_celle_qui_reste() {
        for (reste, part, retenue, ecartee) in [
            (valeur("a", Confirmee, 1), valeur("b", Declaree, 9), "a", Some("b")),
            (valeur("a", Importee, 9), valeur("b", Attestee, 1), "b", Some("a")),
            (valeur("a", Declaree, 1), valeur("b", Declaree, 2), "b", Some("a")),
            (valeur("a", Declaree, 1), valeur("b", Declaree, 1), "a", Some("b")),
            (valeur("a", Declaree, 1), valeur("a", Confirmee, 2), "a", None),
            (None, valeur("b", Importee, 1), "b", None),
            (valeur("a", Importee, 1), None, "a", None),
        ] {
            let arbitrage = arbitrer(reste, part).unwrap();
            assert_eq!(arbitrage.retenue.valeur, retenue);
            assert_eq!(arbitrage.ecartee.map(|v| v.valeur), ecartee);
        }
        assert_eq!(arbitrer::<&str>(None, None), None);
    }

    #[test]
    fn une_meme_valeur_garde_sa_meilleure_preuve() {
        let arbitrage = arbitrer(valeur("a", Declaree, 1), valeur("a", Confirmee, 2)).unwrap();
        assert_eq!(arbitrage.retenue.confiance, Confirmee);
        let liste = |v: [Option<Valeur<&'static str>>; 2]| v.into_iter().flatten().collect::<Vec<_>>();
        let reunies = reunir(
            liste([valeur("a", Declaree, 1), valeur("b", Confirmee, 1)]),
            liste([valeur("a", Confirmee, 2), valeur("c", Importee, 1)]),
        );
        let vues: Vec<_> = reunies.iter().map(|v| (v.valeur, v.confiance)).collect();
        assert_eq!(vues, [("a", Confirmee), ("b", Confirmee), ("c", Importee)]);
    }
}
