//! The heuristic and the bound against the truth, on instances small enough to be enumerated.

use super::{borne, heuristique, modele::*, probleme::Probleme};
use crate::fraction::Fraction;
use proptest::prelude::*;

prop_compose! {
    fn petites()(
        posts in 0_u32..8,
        structures in prop::collection::vec((0_u64..2, 1_u32..5, 0_u32..5, any::<bool>()), 1..5),
        communes in prop::collection::vec((1_i64..900, 0_u64..2, 0_u8..16), 0..6),
        departements in prop::collection::vec((0_u32..2, 0_u32..9), 2),
        ruraux in 0_i64..4,
    ) -> Instance {
        let n = structures.len() as u64;
        Instance {
            posts,
            structures: structures.into_iter().zip(0..)
                .map(|((dep, ask, min, rural), id)| Structure { id, dep, ask, min_grant: min.min(ask), rural }).collect(),
            communes: communes.into_iter().zip(0..).map(|((pop, dep, couverture), id)| Commune {
                id,
                pop: Personnes(pop * MILLIEMES),
                dep,
                cover: (0..n).filter(|s| couverture >> s & 1 == 1).collect(),
            }).collect(),
            departments: departements.into_iter().zip(0..).map(|((min, max), id)| Departement { id, min, max: max.max(min) }).collect(),
            capacity_per_post: Personnes(100 * MILLIEMES),
            rural_min_share: Fraction::new(ruraux.into(), 4).unwrap_or_default(),
        }
    }
}

/// The best value among every number of posts of every structure.
fn au_mieux(p: &Probleme) -> Option<f64> {
    let mut meilleure: Option<f64> = None;
    let mut x = vec![0; p.candidats.len()];
    loop {
        if let Some(t) = heuristique::reprendre(p, &x, 1.0) {
            meilleure = Some(meilleure.unwrap_or(0.0).max(t.valeur.objectif()));
        }
        let Some(s) = (0..x.len()).find(|s| p.candidats[*s].au_dessus(x[*s]).is_some()) else {
            return meilleure;
        };
        x[..s].fill(0);
        x[s] = p.candidats[s].au_dessus(x[s])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn l_heuristique_trouve_une_solution_quand_il_y_en_a_une_et_la_borne_n_est_jamais_depassee(instance in petites()) {
        let p = Probleme::new(&instance);
        let guide = borne::borner(&p, 200);
        let trouvee = heuristique::chercher(&p, &guide, 1_000_000).ok().map(|t| t.valeur.objectif());
        let verite = au_mieux(&p);
        prop_assert_eq!(trouvee.is_some(), verite.is_some());
        if let (Some(trouvee), Some(verite)) = (trouvee, verite) {
            prop_assert!(trouvee <= verite + 1e-6, "{} au-dessus de {}", trouvee, verite);
            prop_assert!(verite <= guide.borne + 1e-6, "la vérité {} passe la borne {}", verite, guide.borne);
        }
    }
}
