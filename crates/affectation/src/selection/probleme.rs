//! The instance as the search reads it: ranks instead of identifiers, and communes with the same cover put together.

use super::modele::{Instance, POIDS_EQUITE, Personnes};
use std::collections::{BTreeMap, HashMap};

/// An applicant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidat {
    pub dep: usize,
    pub ask: u32,
    pub min: u32,
    pub rural: bool,
}

impl Candidat {
    /// The next number of posts above `x` that can be granted.
    pub(super) const fn au_dessus(self, x: u32) -> Option<u32> {
        if x >= self.ask {
            None
        } else if x == 0 {
            Some(self.min)
        } else {
            Some(x + 1)
        }
    }

    /// The next number of posts under `x` that can be granted.
    pub(super) const fn au_dessous(self, x: u32) -> Option<u32> {
        match x {
            0 => None,
            x if x <= self.min => Some(0),
            _ => Some(x - 1),
        }
    }
}

/// The communes of a département that the same structures cover, as one.
#[derive(Debug, Clone)]
pub(super) struct Groupe {
    pub dep: usize,
    /// People in need, in thousandths.
    pub pop: i64,
    /// Ranks of the communes in the instance, by identifier.
    pub communes: Vec<usize>,
}

/// A département.
#[derive(Debug, Clone, Default)]
pub(super) struct Dep {
    pub id: u64,
    pub min: u32,
    pub max: u32,
    /// People whom somebody could serve, in thousandths.
    pub couvrable: i64,
    pub groupes: Vec<usize>,
    pub candidats: Vec<usize>,
}

/// Everything by rank, in the order of identifiers; people in thousandths.
#[derive(Debug, Clone)]
pub(super) struct Probleme {
    pub posts: u32,
    pub capacite: i64,
    pub plancher_rural: u32,
    pub population: i64,
    /// Weight of the share served in the worst served département.
    pub poids_equite: f64,
    pub candidats: Vec<Candidat>,
    pub groupes: Vec<Groupe>,
    pub deps: Vec<Dep>,
    /// For each candidate, its arcs: (group, arc).
    pub sorties: Vec<Vec<(usize, usize)>>,
    /// For each group, its arcs: (candidate, arc).
    pub entrees: Vec<Vec<(usize, usize)>>,
    pub arcs: usize,
    /// For each candidate, the set of structures and communes that paths may join to it.
    pub ilots: Vec<usize>,
    /// Rank in the instance of each candidate.
    pub rang_structure: Vec<usize>,
}

/// Ranks in the order of identifiers, and the way back.
fn par_id<T>(lignes: &[T], id: impl Fn(&T) -> u64) -> (Vec<usize>, HashMap<u64, usize>) {
    let mut rangs: Vec<usize> = (0..lignes.len()).collect();
    rangs.sort_by_key(|i| id(&lignes[*i]));
    let retour = rangs.iter().enumerate().map(|(k, i)| (id(&lignes[*i]), k)).collect();
    (rangs, retour)
}

impl Probleme {
    /// Puts a valid instance in order.
    pub(super) fn new(instance: &Instance) -> Self {
        let (rang_structure, structures) = par_id(&instance.structures, |s| s.id);
        let (rang_dep, departements) = par_id(&instance.departments, |d| d.id);
        let candidats: Vec<_> = rang_structure
            .iter()
            .map(|i| &instance.structures[*i])
            .map(|s| Candidat {
                dep: departements[&s.dep],
                ask: s.ask,
                min: s.min_grant.max(1),
                rural: s.rural,
            })
            .collect();
        let mut deps: Vec<_> = rang_dep
            .iter()
            .map(|i| &instance.departments[*i])
            .map(|d| Dep {
                id: d.id,
                min: d.min,
                max: d.max,
                ..Dep::default()
            })
            .collect();
        for (s, candidat) in candidats.iter().enumerate() {
            deps[candidat.dep].candidats.push(s);
        }
        let mut probleme = Self {
            posts: instance.posts,
            capacite: instance.capacity_per_post.0,
            plancher_rural: instance.plancher_rural(),
            population: instance.communes.iter().map(|c| c.pop.0).sum(),
            poids_equite: POIDS_EQUITE,
            sorties: vec![Vec::new(); candidats.len()],
            candidats,
            groupes: Vec::new(),
            deps,
            entrees: Vec::new(),
            arcs: 0,
            ilots: Vec::new(),
            rang_structure,
        };
        probleme.regrouper(instance, &structures, &departements);
        probleme
    }

    fn regrouper(&mut self, instance: &Instance, structures: &HashMap<u64, usize>, deps: &HashMap<u64, usize>) {
        let (rang_commune, _) = par_id(&instance.communes, |c| c.id);
        let mut par_couverture: BTreeMap<(usize, Vec<usize>), Vec<usize>> = BTreeMap::new();
        for i in rang_commune {
            let commune = &instance.communes[i];
            let mut couverture: Vec<_> = commune.cover.iter().map(|s| structures[s]).collect();
            couverture.sort_unstable();
            couverture.dedup();
            if !couverture.is_empty() && commune.pop > Personnes(0) {
                par_couverture
                    .entry((deps[&commune.dep], couverture))
                    .or_default()
                    .push(i);
            }
        }
        for ((dep, couverture), communes) in par_couverture {
            let g = self.groupes.len();
            let pop = communes.iter().map(|i| instance.communes[*i].pop.0).sum();
            self.deps[dep].couvrable += pop;
            self.deps[dep].groupes.push(g);
            let mut entrees = Vec::with_capacity(couverture.len());
            for s in couverture {
                self.sorties[s].push((g, self.arcs));
                entrees.push((s, self.arcs));
                self.arcs += 1;
            }
            self.entrees.push(entrees);
            self.groupes.push(Groupe { dep, pop, communes });
        }
        self.ilots = ilots(self.candidats.len(), &self.entrees);
    }
}

/// The connected part of each candidate, named by one of its candidates.
fn ilots(candidats: usize, entrees: &[Vec<(usize, usize)>]) -> Vec<usize> {
    let mut chef: Vec<usize> = (0..candidats).collect();
    let trouver = |chef: &mut Vec<usize>, mut s: usize| {
        while chef[s] != s {
            chef[s] = chef[chef[s]];
            s = chef[s];
        }
        s
    };
    for entree in entrees {
        for paire in entree.windows(2) {
            let (a, b) = (trouver(&mut chef, paire[0].0), trouver(&mut chef, paire[1].0));
            chef[a.max(b)] = a.min(b);
        }
    }
    (0..candidats).map(|s| trouver(&mut chef, s)).collect()
}
