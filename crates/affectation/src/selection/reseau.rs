//! A maximum flow in any network, by Dinic's method, and the narrowest cut that it shows.

/// A network of arcs with capacities.
#[derive(Debug)]
pub(super) struct Reseau {
    /// Arcs that leave each node; an arc and its way back have ranks 2k and 2k + 1.
    sorties: Vec<Vec<usize>>,
    vers: Vec<usize>,
    reste: Vec<i64>,
    capacite: Vec<i64>,
    niveau: Vec<u32>,
    prochain: Vec<usize>,
}

impl Reseau {
    /// Nodes without arcs.
    pub(super) fn new(noeuds: usize) -> Self {
        Self {
            sorties: vec![Vec::new(); noeuds],
            vers: Vec::new(),
            reste: Vec::new(),
            capacite: Vec::new(),
            niveau: vec![0; noeuds],
            prochain: vec![0; noeuds],
        }
    }

    /// Adds an arc.
    pub(super) fn arc(&mut self, de: usize, vers: usize, capacite: i64) {
        for (depart, arrivee, capacite) in [(de, vers, capacite), (vers, de, 0)] {
            self.sorties[depart].push(self.vers.len());
            self.vers.push(arrivee);
            self.reste.push(capacite);
            self.capacite.push(capacite);
        }
    }

    /// Pushes as much as can be from the source to the sink.
    pub(super) fn flot_maximum(&mut self, source: usize, puits: usize) {
        while self.etager(source, puits) {
            self.prochain.fill(0);
            while self.pousser(source, puits) {}
        }
    }

    /// Distances from the source; true when the sink is reached.
    fn etager(&mut self, source: usize, puits: usize) -> bool {
        self.niveau.fill(0);
        self.niveau[source] = 1;
        let mut file = vec![source];
        let mut tete = 0;
        while tete < file.len() {
            let noeud = file[tete];
            tete += 1;
            for &arc in &self.sorties[noeud] {
                let suivant = self.vers[arc];
                if self.reste[arc] > 0 && self.niveau[suivant] == 0 {
                    self.niveau[suivant] = self.niveau[noeud] + 1;
                    file.push(suivant);
                }
            }
        }
        self.niveau[puits] > 0
    }

    /// One path that goes further at each step; false when none is left.
    fn pousser(&mut self, source: usize, puits: usize) -> bool {
        let mut chemin: Vec<usize> = Vec::new();
        let mut noeud = source;
        while noeud != puits {
            if let Some(&arc) = self.sorties[noeud].get(self.prochain[noeud]) {
                let suivant = self.vers[arc];
                if self.reste[arc] > 0 && self.niveau[suivant] == self.niveau[noeud] + 1 {
                    chemin.push(arc);
                    noeud = suivant;
                } else {
                    self.prochain[noeud] += 1;
                }
            } else {
                let Some(arc) = chemin.pop() else { return false };
                noeud = self.vers[arc ^ 1];
                self.prochain[noeud] += 1;
            }
        }
        let delta = chemin.iter().map(|arc| self.reste[*arc]).min().unwrap_or(0);
        for arc in chemin {
            self.reste[arc] -= delta;
            self.reste[arc ^ 1] += delta;
        }
        delta > 0
    }

    /// Nodes that the source still reaches.
    pub(super) fn cote(&mut self, source: usize) -> Vec<bool> {
        self.etager(source, source);
        self.niveau.iter().map(|n| *n > 0).collect()
    }

    /// Capacity of the arcs that leave one side, but for those left aside.
    pub(super) fn coupe(&self, pres: &[bool], sauf: impl Fn(usize, usize) -> bool) -> i64 {
        (0..self.vers.len())
            .step_by(2)
            .map(|arc| (arc, self.vers[arc ^ 1], self.vers[arc]))
            .filter(|(_, de, vers)| pres[*de] && !pres[*vers] && !sauf(*de, *vers))
            .map(|(arc, ..)| self.capacite[arc])
            .sum()
    }
}
