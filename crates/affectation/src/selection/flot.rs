//! Who serves whom once the posts are given: a maximum flow from structures to communes, kept up to date as posts move.
//!
//! Each département has a floor of people to serve (the fairness looked for). A path that serves more people never takes
//! anybody from a commune, so the flow stays maximum whatever the floors; people are then moved between départements
//! until each floor is reached or cannot be.

use super::probleme::Probleme;

/// A people-serving flow, with what is needed to undo its last changes.
#[derive(Debug, Clone)]
pub(super) struct Flot<'a> {
    p: &'a Probleme,
    /// People on each arc.
    pub arcs: Vec<i64>,
    /// People that each candidate can serve.
    pub capacites: Vec<i64>,
    charges: Vec<i64>,
    /// Capacity left idle in each connected part: none left ends a search before it begins.
    libres: Vec<i64>,
    /// People left unserved in each connected part.
    restes: Vec<i64>,
    servis_groupe: Vec<i64>,
    /// People served in each département.
    pub servis_dep: Vec<i64>,
    /// People to serve in each département.
    pub planchers: Vec<i64>,
    /// People served.
    pub total: i64,
    /// People missing under the floors.
    pub manque: i64,
    journal: Vec<Pas>,
    /// Floors are sought; otherwise what is under them is only counted.
    pub combler: bool,
    /// Arcs looked at since the beginning: the measure of work.
    pub travail: u64,
    marques: Marques,
}

/// A change that can be undone.
#[derive(Debug, Clone, Copy)]
enum Pas {
    Arc { s: usize, g: usize, arc: usize, delta: i64 },
    Capacite { s: usize, avant: i64 },
}

/// How a search came to a group.
#[derive(Debug, Clone, Copy)]
enum Venue {
    Depart,
    /// Structure `s` would leave this group (arc `cede`) for the group `vers` (arc `prend`).
    Structure {
        s: usize,
        cede: usize,
        prend: usize,
        vers: usize,
    },
    /// This group would gain what another of its département loses.
    Departement {
        vers: usize,
    },
}

#[derive(Debug, Clone, Default)]
struct Marques {
    tour: u32,
    groupes: Vec<u32>,
    structures: Vec<u32>,
    deps: Vec<u32>,
    venues: Vec<Option<Venue>>,
    /// For a forward search: by which group and arc a structure was reached.
    par_groupe: Vec<Option<(usize, usize)>>,
    /// For a forward search: by which structure and arc a group was reached.
    par_structure: Vec<Option<(usize, usize)>>,
    file: Vec<usize>,
    departs: Vec<usize>,
}

impl<'a> Flot<'a> {
    /// Nobody served yet, no floor.
    pub(super) fn new(p: &'a Probleme) -> Self {
        let mut restes = vec![0; p.candidats.len()];
        for (g, groupe) in p.groupes.iter().enumerate() {
            restes[p.ilots[p.entrees[g][0].0]] += groupe.pop;
        }
        Self {
            p,
            libres: vec![0; p.candidats.len()],
            restes,
            arcs: vec![0; p.arcs],
            capacites: vec![0; p.candidats.len()],
            charges: vec![0; p.candidats.len()],
            servis_groupe: vec![0; p.groupes.len()],
            servis_dep: vec![0; p.deps.len()],
            planchers: vec![0; p.deps.len()],
            total: 0,
            manque: 0,
            journal: Vec::new(),
            combler: true,
            travail: 0,
            marques: Marques {
                groupes: vec![0; p.groupes.len()],
                structures: vec![0; p.candidats.len()],
                deps: vec![0; p.deps.len()],
                venues: vec![None; p.groupes.len()],
                par_groupe: vec![None; p.candidats.len()],
                par_structure: vec![None; p.groupes.len()],
                ..Marques::default()
            },
        }
    }

    /// The place where an undo would come back to.
    pub(super) const fn repere(&self) -> usize {
        self.journal.len()
    }

    /// Undoes every change since a place.
    pub(super) fn revenir(&mut self, repere: usize) {
        while self.journal.len() > repere {
            match self.journal.pop() {
                Some(Pas::Arc { s, g, arc, delta }) => self.ecrire(s, g, arc, -delta),
                Some(Pas::Capacite { s, avant }) => self.dimensionner(s, avant),
                None => break,
            }
        }
    }

    /// Makes every change final.
    pub(super) fn garder(&mut self) {
        self.journal.clear();
    }

    /// Sets the floors of people to serve, and moves people to reach them.
    pub(super) fn fixer_planchers(&mut self, planchers: Vec<i64>) {
        self.planchers = planchers;
        self.manque = (0..self.p.deps.len()).map(|d| self.manque_de(d)).sum();
        self.combler_tous();
    }

    /// Gives a candidate another number of posts, and brings the flow to its new maximum.
    pub(super) fn donner(&mut self, s: usize, posts: u32) {
        let capacite = i64::from(posts) * self.p.capacite;
        let avant = self.capacites[s];
        self.journal.push(Pas::Capacite { s, avant });
        self.dimensionner(s, capacite);
        if capacite >= avant {
            self.augmenter(s);
            if self.manque > 0 {
                self.combler_tous();
            }
        } else {
            self.reduire(s);
        }
    }

    fn dimensionner(&mut self, s: usize, capacite: i64) {
        self.libres[self.p.ilots[s]] += capacite - self.capacites[s];
        self.capacites[s] = capacite;
    }

    fn manque_de(&self, d: usize) -> i64 {
        (self.planchers[d] - self.servis_dep[d]).max(0)
    }

    fn ecrire(&mut self, s: usize, g: usize, arc: usize, delta: i64) {
        let d = self.p.groupes[g].dep;
        self.manque -= self.manque_de(d);
        self.arcs[arc] += delta;
        self.charges[s] += delta;
        self.libres[self.p.ilots[s]] -= delta;
        self.restes[self.p.ilots[s]] -= delta;
        self.servis_groupe[g] += delta;
        self.servis_dep[d] += delta;
        self.total += delta;
        self.manque += self.manque_de(d);
    }

    fn pousser(&mut self, s: usize, g: usize, arc: usize, delta: i64) {
        self.ecrire(s, g, arc, delta);
        self.journal.push(Pas::Arc { s, g, arc, delta });
    }

    /// Serves as many more people as the capacity of a candidate allows, others making room.
    fn augmenter(&mut self, s: usize) {
        while self.charges[s] < self.capacites[s] && self.restes[self.p.ilots[s]] > 0 {
            let Some(g) = self.chercher_place(s) else { break };
            self.remonter_vers(s, g);
        }
    }

    /// A group with people left that a chain of structures from `s` can reach.
    fn chercher_place(&mut self, s: usize) -> Option<usize> {
        let p = self.p;
        let m = &mut self.marques;
        m.tour += 1;
        m.structures[s] = m.tour;
        m.par_groupe[s] = None;
        m.file.clear();
        m.file.push(s);
        let mut tete = 0;
        while tete < m.file.len() {
            let s = m.file[tete];
            tete += 1;
            self.travail += p.sorties[s].len() as u64;
            for &(g, arc) in &p.sorties[s] {
                if m.groupes[g] == m.tour {
                    continue;
                }
                m.groupes[g] = m.tour;
                m.par_structure[g] = Some((s, arc));
                if self.servis_groupe[g] < p.groupes[g].pop {
                    return Some(g);
                }
                self.travail += p.entrees[g].len() as u64;
                for &(autre, retour) in &p.entrees[g] {
                    if self.arcs[retour] > 0 && m.structures[autre] != m.tour {
                        m.structures[autre] = m.tour;
                        m.par_groupe[autre] = Some((g, retour));
                        m.file.push(autre);
                    }
                }
            }
        }
        None
    }

    /// Pushes people along the path found from `depart` to the group `but`.
    fn remonter_vers(&mut self, depart: usize, but: usize) {
        let mut delta =
            (self.capacites[depart] - self.charges[depart]).min(self.p.groupes[but].pop - self.servis_groupe[but]);
        let mut chemin = Vec::new();
        let mut g = but;
        while let Some((s, arc)) = self.marques.par_structure[g] {
            chemin.push((s, g, arc, 1));
            let Some((avant, retour)) = self.marques.par_groupe[s] else {
                break;
            };
            delta = delta.min(self.arcs[retour]);
            chemin.push((s, avant, retour, -1));
            g = avant;
        }
        for (s, g, arc, signe) in chemin {
            self.pousser(s, g, arc, signe * delta);
        }
    }

    /// Takes from a candidate what it can no longer serve, and has others serve those people when they can.
    fn reduire(&mut self, s: usize) {
        let p = self.p;
        let mut touches = Vec::new();
        // The people of communes that others cover are left first: somebody may take them.
        for partage in [true, false] {
            for &(g, arc) in &p.sorties[s] {
                let exces = self.charges[s] - self.capacites[s];
                if exces > 0 && self.arcs[arc] > 0 && (p.entrees[g].len() > 1) == partage {
                    let delta = exces.min(self.arcs[arc]);
                    self.pousser(s, g, arc, -delta);
                    touches.push(g);
                }
            }
        }
        for g in &touches {
            while self.libres[p.ilots[s]] > 0
                && self.servis_groupe[*g] < p.groupes[*g].pop
                && self.chercher(&[*g], false)
            {}
        }
        if self.manque > 0 {
            self.combler_tous();
        }
    }

    /// Serves more people in the départements under their floors, from idle capacity or from départements above theirs.
    fn combler_tous(&mut self) {
        let p = self.p;
        while self.manque > 0 && self.combler {
            let mut departs = std::mem::take(&mut self.marques.departs);
            departs.clear();
            for d in 0..p.deps.len() {
                if self.manque_de(d) == 0 {
                    continue;
                }
                self.travail += p.deps[d].groupes.len() as u64;
                let groupes = p.deps[d].groupes.iter().copied();
                departs.extend(groupes.filter(|g| self.servis_groupe[*g] < p.groupes[*g].pop));
            }
            let avance = !departs.is_empty() && self.chercher(&departs, true);
            self.marques.departs = departs;
            if !avance {
                break;
            }
        }
    }

    /// Looks backwards from groups with people left for idle capacity or, for a floor, for a département above its own;
    /// pushes people along the path found.
    fn chercher(&mut self, departs: &[usize], plancher: bool) -> bool {
        let p = self.p;
        self.marques.tour += 1;
        let tour = self.marques.tour;
        self.marques.file.clear();
        for g in departs {
            self.marques.groupes[*g] = tour;
            self.marques.venues[*g] = Some(Venue::Depart);
            self.marques.file.push(*g);
            self.marques.deps[p.groupes[*g].dep] = tour;
        }
        let mut tete = 0;
        while tete < self.marques.file.len() {
            let g = self.marques.file[tete];
            tete += 1;
            self.travail += p.entrees[g].len() as u64;
            for &(s, arc) in &p.entrees[g] {
                if self.marques.structures[s] == tour {
                    continue;
                }
                self.marques.structures[s] = tour;
                let libre = self.capacites[s] - self.charges[s];
                if libre > 0 {
                    self.redescendre(g, libre, Some((s, arc)));
                    return true;
                }
                if let Some(trouve) = self.avancer((s, arc, g), plancher) {
                    let d = p.groupes[trouve].dep;
                    let marge = self.servis_dep[d] - self.planchers[d];
                    self.redescendre(trouve, marge, None);
                    return true;
                }
            }
        }
        false
    }

    /// Visits the groups that `s` serves; gives one whose département is above its floor, when that is looked for.
    fn avancer(&mut self, (s, prend, vers): (usize, usize, usize), plancher: bool) -> Option<usize> {
        let p = self.p;
        let m = &mut self.marques;
        self.travail += p.sorties[s].len() as u64;
        for &(g, cede) in &p.sorties[s] {
            if self.arcs[cede] == 0 || m.groupes[g] == m.tour {
                continue;
            }
            m.groupes[g] = m.tour;
            m.venues[g] = Some(Venue::Structure { s, cede, prend, vers });
            m.file.push(g);
            let d = p.groupes[g].dep;
            if !plancher || m.deps[d] == m.tour {
                continue;
            }
            if self.servis_dep[d] > self.planchers[d] {
                return Some(g);
            }
            m.deps[d] = m.tour;
            for autre in &p.deps[d].groupes {
                if m.groupes[*autre] != m.tour && self.servis_groupe[*autre] < p.groupes[*autre].pop {
                    m.groupes[*autre] = m.tour;
                    m.venues[*autre] = Some(Venue::Departement { vers: g });
                    m.file.push(*autre);
                }
            }
        }
        None
    }

    /// Pushes people along the path found, from its end back to the group it left from.
    fn redescendre(&mut self, fin: usize, marge: i64, source: Option<(usize, usize)>) {
        let p = self.p;
        let mut delta = marge;
        let mut chemin = Vec::new();
        if let Some((s, arc)) = source {
            chemin.push((s, fin, arc, 1));
        }
        let mut g = fin;
        loop {
            match self.marques.venues[g] {
                Some(Venue::Structure { s, cede, prend, vers }) => {
                    delta = delta.min(self.arcs[cede]);
                    chemin.push((s, g, cede, -1));
                    chemin.push((s, vers, prend, 1));
                    g = vers;
                }
                Some(Venue::Departement { vers }) => {
                    delta = delta.min(p.groupes[g].pop - self.servis_groupe[g]);
                    g = vers;
                }
                Some(Venue::Depart) | None => break,
            }
        }
        let d = p.groupes[g].dep;
        delta = delta.min(p.groupes[g].pop - self.servis_groupe[g]);
        if source.is_none() {
            delta = delta.min(self.manque_de(d));
        }
        for (s, g, arc, signe) in chemin {
            self.pousser(s, g, arc, signe * delta);
        }
    }
}
