//! Fairness between départements: the share of people served in the worst served one.

use super::{flot::Flot, probleme::Probleme, reseau::Reseau};

/// People to serve in each département so that none is under a share.
pub(super) fn planchers(p: &Probleme, part: f64) -> Vec<i64> {
    p.deps
        .iter()
        .map(|d| (d.couvrable as f64 * part - 1e-6).ceil() as i64)
        .map(|n| n.max(0))
        .collect()
}

/// The share served in the worst served département; zero when nobody can be served anywhere.
pub(super) fn part_la_pire(p: &Probleme, flot: &Flot<'_>) -> f64 {
    let deps = p.deps.iter().zip(&flot.servis_dep).filter(|(d, _)| d.couvrable > 0);
    let pire = deps
        .map(|(d, n)| *n as f64 / d.couvrable as f64)
        .fold(f64::INFINITY, f64::min);
    if pire.is_finite() { pire } else { 0.0 }
}

/// Moves people between départements until the worst served one is served as well as the posts allow; nobody is lost.
pub(super) fn equilibrer(p: &Probleme, flot: &mut Flot<'_>, plafond: f64) -> f64 {
    let (mut bas, mut haut) = (part_la_pire(p, flot), plafond);
    // Halving 30 times leaves less than a thousandth of a person for a million.
    for _ in 0..30 {
        if haut - bas < 1e-10 {
            break;
        }
        let milieu = f64::midpoint(bas, haut);
        let repere = flot.clone();
        flot.fixer_planchers(planchers(p, milieu));
        if flot.manque == 0 {
            bas = part_la_pire(p, flot).max(milieu);
        } else {
            // A floor out of reach may have taken people from others for nothing.
            *flot = repere;
            haut = milieu;
        }
    }
    flot.fixer_planchers(planchers(p, 0.0));
    flot.garder();
    part_la_pire(p, flot)
}

/// No distribution of posts can serve the worst served département better than this share: a cut of the network proves it.
pub(super) fn part_au_mieux(p: &Probleme) -> f64 {
    let couvrable: i64 = p.deps.iter().map(|d| d.couvrable).sum();
    if couvrable == 0 {
        return 0.0;
    }
    let mut part = 1.0;
    for _ in 0..50 {
        let (coupe, hors_coupe) = coupe(p, part);
        if hors_coupe == 0 {
            break;
        }
        let suivante = coupe as f64 / hors_coupe as f64;
        if suivante >= part * (1.0 - 1e-12) {
            break;
        }
        part = suivante;
    }
    // Above the rounding of the division.
    (part * (1.0 + 1e-12)).min(1.0)
}

/// The narrowest cut when each département is to be served at a share: what passes it besides those shares, and the people
/// of the départements beyond it.
fn coupe(p: &Probleme, part: f64) -> (i64, i64) {
    let (deps, n, g) = (p.deps.len(), p.candidats.len(), p.groupes.len());
    let (source, puits) = (0, 1);
    let (entree, candidat) = (|d: usize| 2 + d, |s: usize| 2 + deps + s);
    let (groupe, sortie) = (|i: usize| 2 + deps + n + i, |d: usize| 2 + deps + n + g + d);
    let mut reseau = Reseau::new(3 + 2 * deps + n + g);
    let tete = 2 + 2 * deps + n + g;
    let capacite = |posts: u32| i64::from(posts) * p.capacite;
    reseau.arc(source, tete, capacite(p.posts));
    for (d, dep) in p.deps.iter().enumerate() {
        reseau.arc(tete, entree(d), capacite(dep.max));
        reseau.arc(sortie(d), puits, (dep.couvrable as f64 * part).floor() as i64);
    }
    for (s, c) in p.candidats.iter().enumerate() {
        reseau.arc(entree(c.dep), candidat(s), capacite(c.ask));
        for (i, _) in &p.sorties[s] {
            reseau.arc(candidat(s), groupe(*i), p.groupes[*i].pop);
        }
    }
    for (i, groupe_i) in p.groupes.iter().enumerate() {
        reseau.arc(groupe(i), sortie(groupe_i.dep), groupe_i.pop);
    }
    reseau.flot_maximum(source, puits);
    let pres = reseau.cote(source);
    let fixe = reseau.coupe(&pres, |de, _| (sortie(0)..sortie(deps)).contains(&de));
    let loin: i64 = p
        .deps
        .iter()
        .enumerate()
        .filter(|(d, _)| !pres[sortie(*d)])
        .map(|(_, dep)| dep.couvrable)
        .sum();
    (fixe, loin)
}
