//! Largest remainder: the whole part of each quota, then a post for the largest remainders. Quotas are proportional to needs
//! between floors and ceilings, so that whole parts and remainders respect them too.

use super::{Egalite, Part128, egalite};
use std::cmp::Reverse;

/// What is proportional to need, once the territories held by a bound are set apart.
struct Quotas {
    libres: Vec<usize>,
    /// Posts that they share.
    reste: u128,
    /// Their need.
    total: u128,
}

/// Posts of each territory, and the draws that decided.
pub(super) fn repartir(parts: &[Part128<'_>], postes: u32) -> (Vec<u32>, Vec<Egalite>) {
    let mut donnes: Vec<u32> = parts.iter().map(|p| p.plancher).collect();
    let Quotas { libres, reste, total } = quotas(parts, postes, &mut donnes);
    if total == 0 {
        return (donnes, Vec::new());
    }
    let mut restes = Vec::new();
    for i in &libres {
        let voulu = parts[*i].besoin * reste;
        donnes[*i] = u32::try_from(voulu / total).unwrap_or(u32::MAX);
        restes.push((Reverse(voulu % total), parts[*i].tirage, parts[*i].code, *i));
    }
    restes.sort_unstable();
    let entiers: u128 = libres.iter().map(|i| u128::from(donnes[*i])).sum();
    let places = usize::try_from(reste - entiers).unwrap_or(0);
    for (.., i) in &restes[..places] {
        donnes[*i] += 1;
    }
    let limite = places.checked_sub(1).map(|k| restes[k].0);
    let egaux = |liste: &[(Reverse<u128>, _, _, usize)]| -> Vec<usize> {
        liste
            .iter()
            .filter(|(r, ..)| Some(*r) == limite)
            .map(|(.., i)| *i)
            .collect()
    };
    let tires = egalite(parts, &egaux(&restes[..places]), &egaux(&restes[places..]));
    (donnes, tires.into_iter().collect())
}

/// Finds who is held by a floor or a ceiling, and gives them that many posts.
fn quotas(parts: &[Part128<'_>], postes: u32, donnes: &mut [u32]) -> Quotas {
    let mut libres: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].besoin > 0).collect();
    let fixes: u32 = parts.iter().filter(|p| p.besoin == 0).map(|p| p.plancher).sum();
    let mut reste = u128::from(postes - fixes);
    // Who would pass a bound is fixed at it, the side that passes by more first, until quotas hold between bounds.
    loop {
        let total: u128 = libres.iter().map(|i| parts[*i].besoin).sum();
        let voulu = |i: &usize| parts[*i].besoin * reste;
        let sous: u128 = libres
            .iter()
            .map(|i| (u128::from(parts[*i].plancher) * total).saturating_sub(voulu(i)))
            .sum();
        let sur: u128 = libres
            .iter()
            .map(|i| voulu(i).saturating_sub(u128::from(parts[*i].plafond) * total))
            .sum();
        if sous == 0 && sur == 0 {
            return Quotas { libres, reste, total };
        }
        let borne = |i: &usize| {
            if sous >= sur {
                parts[*i].plancher
            } else {
                parts[*i].plafond
            }
        };
        let passe = |i: &usize| {
            let limite = u128::from(borne(i)) * total;
            if sous >= sur {
                voulu(i) < limite
            } else {
                voulu(i) > limite
            }
        };
        let (arretes, suivants): (Vec<usize>, Vec<usize>) = libres.iter().copied().partition(passe);
        for i in &arretes {
            donnes[*i] = borne(i);
        }
        reste -= arretes.iter().map(|i| u128::from(donnes[*i])).sum::<u128>();
        libres = suivants;
    }
}
