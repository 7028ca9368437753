//! How fair a solution is, and what changed since another run.

use super::modele::{Instance, MILLIEMES, Solution};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A département in the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BilanDepartement {
    /// Its identifier.
    pub departement: u64,
    /// Posts granted to its structures.
    pub postes: u32,
    /// People in need.
    pub besoin: f64,
    /// Posts for 10 000 people in need; none without anybody in need.
    pub pour_dix_mille: Option<f64>,
    /// Share of people served among those whom somebody could serve; none when nobody could.
    pub part_servie: Option<f64>,
}

/// The fairness report of a solution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bilan {
    /// Each département, by identifier.
    pub departements: Vec<BilanDepartement>,
    /// Gini index of posts for 10 000 people in need, between départements: 0 when all have as much.
    pub gini: f64,
    /// The greatest of these divided by the least; none when some département has need and no post.
    pub rapport_max_min: Option<f64>,
    /// Share of the posts that went to rural structures.
    pub part_rurale: f64,
    /// Share of the posts that went to each group of structures given by the caller.
    pub parts: BTreeMap<String, f64>,
}

/// Reports on a solution; `groupes` names sets of structures to look at (QPV, ZRR, overseas…).
#[must_use]
pub fn bilan(instance: &Instance, solution: &Solution, groupes: &BTreeMap<String, BTreeSet<u64>>) -> Bilan {
    let octrois: HashMap<u64, u32> = solution.grants.iter().copied().collect();
    let posts = |id: u64| octrois.get(&id).copied().unwrap_or(0);
    let mut deps: BTreeMap<u64, (u32, i64, i64, f64)> =
        instance.departments.iter().map(|d| (d.id, (0, 0, 0, 0.0))).collect();
    let (mut total, mut ruraux) = (0, 0);
    for s in &instance.structures {
        let x = posts(s.id);
        total += x;
        ruraux += if s.rural { x } else { 0 };
        deps.entry(s.dep).or_default().0 += x;
    }
    let dep_de: HashMap<u64, u64> = instance.communes.iter().map(|c| (c.id, c.dep)).collect();
    for c in &instance.communes {
        let dep = deps.entry(c.dep).or_default();
        dep.1 += c.pop.0;
        dep.2 += if c.cover.is_empty() { 0 } else { c.pop.0 };
    }
    for (_, c, n) in &solution.services {
        if let Some(dep) = dep_de.get(c) {
            deps.entry(*dep).or_default().3 += n.0;
        }
    }
    let personnes = |milliemes: i64| milliemes as f64 / MILLIEMES as f64;
    let departements: Vec<_> = deps
        .into_iter()
        .map(|(departement, (postes, besoin, couvrable, servis))| BilanDepartement {
            departement,
            postes,
            besoin: personnes(besoin),
            pour_dix_mille: (besoin > 0).then(|| f64::from(postes) * 10_000.0 / personnes(besoin)),
            part_servie: (couvrable > 0).then(|| servis / personnes(couvrable)),
        })
        .collect();
    let taux: Vec<f64> = departements.iter().filter_map(|d| d.pour_dix_mille).collect();
    let part = |n: u32| {
        if total == 0 {
            0.0
        } else {
            f64::from(n) / f64::from(total)
        }
    };
    let groupe = |(nom, ids): (&String, &BTreeSet<u64>)| (nom.clone(), part(ids.iter().map(|id| posts(*id)).sum()));
    Bilan {
        gini: gini(&taux),
        rapport_max_min: rapport(&taux),
        part_rurale: part(ruraux),
        parts: groupes.iter().map(groupe).collect(),
        departements,
    }
}

/// The Gini index of values that are not negative.
fn gini(valeurs: &[f64]) -> f64 {
    let mut tries = valeurs.to_vec();
    tries.sort_by(f64::total_cmp);
    let somme: f64 = tries.iter().sum();
    if somme <= 0.0 {
        return 0.0;
    }
    let n = tries.len() as f64;
    let pesee: f64 = tries.iter().zip(1..).map(|(v, rang)| v * f64::from(rang)).sum();
    (2.0 * pesee / (n * somme) - (n + 1.0) / n).max(0.0)
}

fn rapport(valeurs: &[f64]) -> Option<f64> {
    let moindre = valeurs.iter().copied().fold(f64::INFINITY, f64::min);
    let plus_grand = valeurs.iter().copied().fold(0.0, f64::max);
    (moindre.is_finite() && moindre > 0.0).then(|| plus_grand / moindre)
}

/// A structure whose posts are not the same in two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Changement {
    /// The structure.
    pub structure: u64,
    /// Posts in the first run.
    pub avant: u32,
    /// Posts in the second.
    pub apres: u32,
}

/// Structures whose posts change from a solution to another, by identifier.
#[must_use]
pub fn changements(avant: &Solution, apres: &Solution) -> Vec<Changement> {
    let mut postes: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
    for (id, x) in &avant.grants {
        postes.entry(*id).or_default().0 += x;
    }
    for (id, x) in &apres.grants {
        postes.entry(*id).or_default().1 += x;
    }
    let differents = postes.into_iter().filter(|(_, (a, b))| a != b);
    differents
        .map(|(structure, (avant, apres))| Changement {
            structure,
            avant,
            apres,
        })
        .collect()
}
