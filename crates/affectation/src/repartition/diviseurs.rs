//! Divisor methods: each post goes to the greatest quotient of a need by the divisor of the posts already got.

use super::{Egalite, Part128, egalite};
use std::{cmp::Ordering, collections::BinaryHeap};

/// What the next post of a territory competes with.
#[derive(Debug, Clone, Copy)]
struct Quotient<'a> {
    besoin: u128,
    diviseur: u128,
    part: &'a Part128<'a>,
    rang: usize,
}

impl Quotient<'_> {
    fn compare(&self, autre: &Self) -> Ordering {
        // Needs are under 2^80 and divisors under 2^22: the products cannot overflow.
        (self.besoin * autre.diviseur).cmp(&(autre.besoin * self.diviseur))
    }
}

impl PartialEq for Quotient<'_> {
    fn eq(&self, autre: &Self) -> bool {
        self.cmp(autre) == Ordering::Equal
    }
}

impl Eq for Quotient<'_> {}

impl PartialOrd for Quotient<'_> {
    fn partial_cmp(&self, autre: &Self) -> Option<Ordering> {
        Some(self.cmp(autre))
    }
}

impl Ord for Quotient<'_> {
    fn cmp(&self, autre: &Self) -> Ordering {
        let tirage = || (autre.part.tirage, autre.part.code).cmp(&(self.part.tirage, self.part.code));
        self.compare(autre).then_with(tirage)
    }
}

/// Posts of each territory, floors first, and the draws that decided.
pub(super) fn repartir(parts: &[Part128<'_>], postes: u32, diviseur: impl Fn(u32) -> u128) -> (Vec<u32>, Vec<Egalite>) {
    let mut donnes: Vec<u32> = parts.iter().map(|p| p.plancher).collect();
    let quotient = |rang: usize, donnes: u32| {
        let part = &parts[rang];
        (part.besoin > 0 && donnes < part.plafond).then(|| Quotient {
            besoin: part.besoin,
            diviseur: diviseur(donnes),
            part,
            rang,
        })
    };
    let mut file: BinaryHeap<_> = donnes.iter().enumerate().filter_map(|(i, n)| quotient(i, *n)).collect();
    let mut dernier: Option<Quotient<'_>> = None;
    let mut ex_aequo = Vec::new();
    for _ in donnes.iter().sum::<u32>()..postes {
        let Some(premier) = file.pop() else { break };
        if dernier.is_none_or(|d| d.compare(&premier) != Ordering::Equal) {
            ex_aequo.clear();
        }
        ex_aequo.push(premier.rang);
        dernier = Some(premier);
        donnes[premier.rang] += 1;
        file.extend(quotient(premier.rang, donnes[premier.rang]));
    }
    let egaux = |q: &&Quotient<'_>| dernier.is_some_and(|d| d.compare(q) == Ordering::Equal);
    let ecartes: Vec<_> = file.iter().filter(egaux).map(|q| q.rang).collect();
    (donnes, egalite(parts, &ex_aequo, &ecartes).into_iter().collect())
}
