//! What would change if a weight were a fifth less or a fifth more: each variant is solved by the same heuristic.

use super::{
    TRAVAIL,
    bilan::{Changement, changements},
    guider, heuristique,
    lecture::InstanceLue,
    modele::Personnes,
    probleme::Probleme,
    rediger,
};
use crate::fraction::Fraction;
use serde::Serialize;

/// A variant, and what it changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variante {
    /// The weight that moves.
    pub poids: &'static str,
    /// By how much, in hundredths.
    pub variation: i32,
    /// Its value in the variant, to show.
    pub valeur: String,
    /// Structures whose posts change; none known when the variant has no solution.
    pub changements: Option<Vec<Changement>>,
}

/// Moves the capacity of a post, the rural share and the weight of fairness by a fifth, down and up, and compares the posts
/// with those that the heuristic gives without moving anything.
#[must_use]
pub fn sensibilite(lue: &InstanceLue) -> Vec<Variante> {
    let vite = |lue: &InstanceLue, facteur: f64| {
        let mut p = Probleme::new(&lue.instance);
        p.poids_equite *= facteur;
        let guide = guider(&p);
        let trouvaille = heuristique::chercher(&p, &guide, TRAVAIL).ok()?;
        Some(rediger(lue, &p, &trouvaille, guide.borne).solution)
    };
    let reference = vite(lue, 1.0);
    let mut variantes = Vec::new();
    for (poids, variation) in ["capacity_per_post", "rural_min_share", "equite"]
        .into_iter()
        .flat_map(|p| [(p, -20), (p, 20)])
    {
        let (mut autre, mut facteur) = (lue.clone(), 1.0);
        let cent = 100 + i64::from(variation);
        let valeur = match poids {
            "capacity_per_post" => {
                autre.instance.capacity_per_post = Personnes(lue.instance.capacity_per_post.0 * cent / 100);
                autre.instance.capacity_per_post.en_decimal().to_string()
            }
            "rural_min_share" => {
                let part = Fraction::new(cent.into(), 100).and_then(|f| f.fois(lue.instance.rural_min_share));
                autre.instance.rural_min_share = part.map_or(Fraction::UN, |p| p.min(Fraction::UN));
                autre.instance.rural_min_share.en_decimal().to_string()
            }
            _ => {
                facteur = cent as f64 / 100.0;
                (super::modele::POIDS_EQUITE * facteur).to_string()
            }
        };
        let solution = vite(&autre, facteur);
        let changements = reference
            .as_ref()
            .zip(solution.as_ref())
            .map(|(a, b)| changements(a, b));
        variantes.push(Variante {
            poids,
            variation,
            valeur,
            changements,
        });
    }
    variantes
}
