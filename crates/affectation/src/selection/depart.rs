//! A first distribution: the best next step each time, for floors first, then for the rural share, then for everybody.

use super::{
    etat::Etat,
    faisable::{self, Infaisable},
    probleme::Probleme,
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// A fraction of a post so near to the next whole number is that number.
const ARRONDI: f64 = 0.05;

/// Which candidates a round of the distribution may raise, and until when.
#[derive(Clone, Copy)]
enum Tour {
    Plancher(usize),
    Rural,
    Tous,
}

/// Posts that respect every constraint, with people served as well as a greedy choice can.
///
/// # Errors
/// No distribution exists.
pub(super) fn distribuer<'a>(
    p: &'a Probleme,
    planchers: &[i64],
    guide: Option<&[f64]>,
) -> Result<Etat<'a>, Infaisable> {
    let mut etat = Etat::new(p);
    for (s, postes) in guide.unwrap_or_default().iter().enumerate() {
        suivre(&mut etat, s, *postes);
    }
    etat.flot.fixer_planchers(planchers.to_vec());
    // Seeking floors out of reach again at each step would cost more than it brings.
    etat.flot.combler = false;
    for d in 0..p.deps.len() {
        glouton(&mut etat, Tour::Plancher(d));
    }
    glouton(&mut etat, Tour::Rural);
    glouton(&mut etat, Tour::Tous);
    etat.flot.combler = true;
    if !etat.est_complet() {
        // The greedy choice got stuck: start from an exact distribution instead, whatever it serves.
        etat = Etat::avec(p, &faisable::octrois(p)?);
        etat.flot.fixer_planchers(planchers.to_vec());
    }
    etat.garder();
    Ok(etat)
}

/// Gives a candidate the whole posts of a distribution in fractions, when they can be granted.
fn suivre(etat: &mut Etat<'_>, s: usize, postes: f64) {
    let (p, c) = (etat.p, etat.p.candidats[s]);
    let x = ((postes + ARRONDI).floor() as u32).min(c.ask);
    if x >= c.min && etat.somme + x <= p.posts && etat.par_dep[c.dep] + x <= p.deps[c.dep].max {
        etat.poser(s, x);
    }
}

fn glouton(etat: &mut Etat<'_>, tour: Tour) {
    let p = etat.p;
    let candidats: Vec<usize> = match tour {
        Tour::Plancher(d) => p.deps[d].candidats.clone(),
        Tour::Rural => (0..p.candidats.len()).filter(|s| p.candidats[*s].rural).collect(),
        Tour::Tous => (0..p.candidats.len()).collect(),
    };
    let mut file = BinaryHeap::new();
    for s in candidats {
        file.extend(gain(etat, s).map(|g| (g, Reverse(s))));
    }
    // A gain only falls as others are served: one that is still the best when asked again is the best.
    while !fini(etat, tour) {
        let Some((_, Reverse(s))) = file.pop() else { return };
        let Some(x) = permis(etat, s) else { continue };
        let Some(actuel) = gain(etat, s) else { continue };
        if file.peek().is_some_and(|(suivant, _)| *suivant > actuel) {
            file.push((actuel, Reverse(s)));
            continue;
        }
        etat.poser(s, x);
        etat.garder();
        file.extend(gain(etat, s).map(|g| (g, Reverse(s))));
    }
}

fn fini(etat: &Etat<'_>, tour: Tour) -> bool {
    let p = etat.p;
    etat.somme >= p.posts
        || match tour {
            Tour::Plancher(d) => etat.par_dep[d] >= p.deps[d].min,
            Tour::Rural => etat.ruraux >= p.plancher_rural,
            Tour::Tous => false,
        }
}

/// The next number of posts of a candidate, when ceilings and what is left allow it.
fn permis(etat: &Etat<'_>, s: usize) -> Option<u32> {
    let c = etat.p.candidats[s];
    let x = c.au_dessus(etat.x[s])?;
    let pas = x - etat.x[s];
    (etat.somme + pas <= etat.p.posts && etat.par_dep[c.dep] + pas <= etat.p.deps[c.dep].max).then_some(x)
}

/// What the next step of a candidate is worth, for each post.
fn gain(etat: &mut Etat<'_>, s: usize) -> Option<i64> {
    let x = permis(etat, s)?;
    let pas = i64::from(x - etat.x[s]);
    Some(etat.essayer(s, x).div_euclid(pas))
}
