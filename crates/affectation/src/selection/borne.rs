//! A value that no solution can pass, without a solver: a Lagrangian bound.
//!
//! Three rules are priced instead of imposed: no commune serves more than its people, no département is under the share of
//! the worst served one, the rural share. What is left splits by structure, each with its real numbers of posts (nothing,
//! or its minimum to its demand), and is solved exactly, but that the last posts of a département are shared out in fractions.
//! Whatever the prices, the value is a bound; [`super::prix`] looks for prices that make it low.

use super::{
    equite,
    modele::{MILLIEMES, POIDS_SERVIS},
    prix::{Guide, Prix, Relaxation},
    probleme::Probleme,
};

/// The instance in people, as doubles.
#[derive(Debug)]
pub(super) struct Mesures {
    /// People that a post can serve.
    pub capacite: f64,
    /// People of each group.
    pub pops: Vec<f64>,
    /// People of each département whom somebody could serve.
    pub couvrables: Vec<f64>,
    /// What a share of one for the worst served département is worth, in people.
    pub equite: f64,
    /// No distribution serves the worst served département better.
    pub part_au_mieux: f64,
}

impl Mesures {
    fn new(p: &Probleme) -> Self {
        let personnes = |milliemes: i64| milliemes as f64 / MILLIEMES as f64;
        Self {
            capacite: personnes(p.capacite),
            pops: p.groupes.iter().map(|g| personnes(g.pop)).collect(),
            couvrables: p.deps.iter().map(|d| personnes(d.couvrable)).collect(),
            equite: p.poids_equite * personnes(p.population) / POIDS_SERVIS,
            part_au_mieux: equite::part_au_mieux(p),
        }
    }
}

/// A step of a structure, from a number of posts to a greater one that is next on the upper hull of its value.
#[derive(Debug, Clone, Copy)]
struct Pas {
    /// Value of each post of the step.
    pente: f64,
    s: usize,
    de: u32,
    a: u32,
}

/// The lowest bound found in some rounds, and what was learnt on the way.
pub(super) fn borner(p: &Probleme, tours: u32) -> Guide {
    let mesures = Mesures::new(p);
    let mut guide = Relaxation::new(p, &mesures).chercher(tours, |prix| lagrangien(p, &mesures, prix));
    let population = p.population as f64 / MILLIEMES as f64;
    guide.borne = if population > 0.0 {
        // Far above what rounding may have taken away.
        guide.borne * POIDS_SERVIS / population * (1.0 + 1e-9)
    } else {
        0.0
    };
    guide
}

/// The bound that some prices give, in people.
fn lagrangien(p: &Probleme, m: &Mesures, prix: &Prix) -> f64 {
    let somme = |prix: &[f64], quantites: &[f64]| prix.iter().zip(quantites).map(|(a, b)| a * b).sum::<f64>();
    let communes = somme(&prix.groupes, &m.pops);
    let equite = (m.equite - somme(&prix.deps, &m.couvrables)).max(0.0) * m.part_au_mieux;
    let rural = prix.rural * f64::from(p.plancher_rural) * m.capacite;
    communes + equite - rural + postes_au_mieux(p, etapes(p, m, prix))
}

/// The best use of the posts when each step has its value: floors of départements first, then the best steps under ceilings.
fn postes_au_mieux(p: &Probleme, mut etapes: Vec<Pas>) -> f64 {
    etapes.sort_by(|a, b| b.pente.total_cmp(&a.pente).then((a.s, a.de).cmp(&(b.s, b.de))));
    let mut pris = vec![0; etapes.len()];
    let mut par_dep = vec![0; p.deps.len()];
    let (mut reste, mut valeur) = (p.posts, 0.0);
    for plancher in [true, false] {
        for (pris, e) in pris.iter_mut().zip(&etapes) {
            let d = p.candidats[e.s].dep;
            let limite = if plancher { p.deps[d].min } else { p.deps[d].max };
            let n = (e.a - e.de - *pris).min(limite.saturating_sub(par_dep[d])).min(reste);
            *pris += n;
            par_dep[d] += n;
            reste -= n;
            valeur += e.pente * f64::from(n);
        }
    }
    valeur
}

/// The steps of every structure along the upper hull of its value.
fn etapes(p: &Probleme, m: &Mesures, prix: &Prix) -> Vec<Pas> {
    let mut etapes = Vec::new();
    let mut ordre: Vec<(f64, usize)> = Vec::new();
    for s in 0..p.candidats.len() {
        let valeur = |g: usize| 1.0 + prix.deps[p.groupes[g].dep] - prix.groupes[g];
        ordre.clear();
        ordre.extend(
            p.sorties[s]
                .iter()
                .map(|(g, _)| (valeur(*g), *g))
                .filter(|(v, _)| *v > 0.0),
        );
        // The best people first.
        ordre.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let bonus = if p.candidats[s].rural {
            prix.rural * m.capacite
        } else {
            0.0
        };
        etapes.extend(enveloppe(&points(p, m, (s, bonus), &ordre)).map(|(de, a, pente)| Pas { pente, s, de, a }));
    }
    etapes
}

/// What a structure is worth for each number of posts that can be granted to it.
fn points(p: &Probleme, m: &Mesures, (s, bonus): (usize, f64), ordre: &[(f64, usize)]) -> Vec<(u32, f64)> {
    let c = p.candidats[s];
    let mut points = vec![(0, 0.0)];
    let (mut i, mut pris, mut valeur) = (0, 0.0, 0.0);
    for x in 1..=c.ask {
        let mut place = m.capacite;
        while place > 0.0 && i < ordre.len() {
            let (v, g) = ordre[i];
            let n = place.min(m.pops[g] - pris);
            valeur += v * n;
            place -= n;
            pris += n;
            if pris >= m.pops[g] {
                (i, pris) = (i + 1, 0.0);
            }
        }
        if x >= c.min {
            points.push((x, valeur + bonus * f64::from(x)));
        }
    }
    points
}

/// The steps of the upper hull of points, with their slopes.
pub(super) fn enveloppe(points: &[(u32, f64)]) -> impl Iterator<Item = (u32, u32, f64)> {
    let pente = |a: (u32, f64), b: (u32, f64)| (b.1 - a.1) / f64::from(b.0 - a.0);
    let mut sommets: Vec<(u32, f64)> = Vec::new();
    for point in points {
        while let [.., a, b] = sommets.as_slice() {
            if pente(*a, *b) > pente(*b, *point) {
                break;
            }
            sommets.pop();
        }
        sommets.push(*point);
    }
    let suivants: Vec<_> = sommets.iter().skip(1).copied().collect();
    sommets
        .into_iter()
        .zip(suivants)
        .map(move |(a, b)| (a.0, b.0, pente(a, b)))
}
