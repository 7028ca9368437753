//! Posts granted so far, with the totals that constraints look at and the flow that serves people.

use super::{flot::Flot, probleme::Probleme};

/// What a person under a floor is worth, in people served: floors come first.
const POIDS_MANQUE: i64 = 64;

/// Posts by candidate and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Etat<'a> {
    pub p: &'a Probleme,
    pub x: Vec<u32>,
    pub somme: u32,
    pub par_dep: Vec<u32>,
    pub ruraux: u32,
    pub flot: Flot<'a>,
    changements: Vec<(usize, u32)>,
}

/// A place to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Repere {
    flot: usize,
    changements: usize,
}

impl<'a> Etat<'a> {
    /// Nothing granted.
    pub(super) fn new(p: &'a Probleme) -> Self {
        Self {
            p,
            x: vec![0; p.candidats.len()],
            somme: 0,
            par_dep: vec![0; p.deps.len()],
            ruraux: 0,
            flot: Flot::new(p),
            changements: Vec::new(),
        }
    }

    /// Posts already decided.
    pub(super) fn avec(p: &'a Probleme, x: &[u32]) -> Self {
        let mut etat = Self::new(p);
        for (s, posts) in x.iter().enumerate() {
            if *posts > 0 {
                etat.poser(s, *posts);
            }
        }
        etat.garder();
        etat
    }

    /// Gives a candidate another number of posts.
    pub(super) fn poser(&mut self, s: usize, posts: u32) {
        self.changements.push((s, self.x[s]));
        self.compter(s, posts);
        self.flot.donner(s, posts);
    }

    fn compter(&mut self, s: usize, posts: u32) {
        let c = self.p.candidats[s];
        let avant = std::mem::replace(&mut self.x[s], posts);
        self.somme = self.somme - avant + posts;
        self.par_dep[c.dep] = self.par_dep[c.dep] - avant + posts;
        if c.rural {
            self.ruraux = self.ruraux - avant + posts;
        }
    }

    pub(super) const fn repere(&self) -> Repere {
        Repere {
            flot: self.flot.repere(),
            changements: self.changements.len(),
        }
    }

    /// Undoes every change since a place.
    pub(super) fn revenir(&mut self, repere: Repere) {
        while self.changements.len() > repere.changements {
            let Some((s, avant)) = self.changements.pop() else {
                break;
            };
            self.compter(s, avant);
        }
        self.flot.revenir(repere.flot);
    }

    /// Makes every change final, and gives the candidates that changed.
    pub(super) fn garder(&mut self) -> Vec<usize> {
        self.flot.garder();
        std::mem::take(&mut self.changements)
            .into_iter()
            .map(|(s, _)| s)
            .collect()
    }

    /// What is sought: people served, floors first.
    pub(super) const fn note(&self) -> i64 {
        self.flot.total - POIDS_MANQUE * self.flot.manque
    }

    /// What the note would become if a candidate had another number of posts.
    pub(super) fn essayer(&mut self, s: usize, posts: u32) -> i64 {
        let (avant, repere) = (self.note(), self.repere());
        self.poser(s, posts);
        let apres = self.note();
        self.revenir(repere);
        apres - avant
    }

    /// The sum, the floors and ceilings of départements and the rural share are respected.
    pub(super) fn est_complet(&self) -> bool {
        self.somme == self.p.posts
            && self.ruraux >= self.p.plancher_rural
            && self
                .p
                .deps
                .iter()
                .zip(&self.par_dep)
                .all(|(d, n)| d.min <= *n && *n <= d.max)
    }

    /// How far the constraints are from being respected, in posts.
    pub(super) fn infractions(&self) -> u32 {
        let deps: u32 = self
            .p
            .deps
            .iter()
            .zip(&self.par_dep)
            .map(|(d, n)| d.min.saturating_sub(*n) + n.saturating_sub(d.max))
            .sum();
        deps + self.p.plancher_rural.saturating_sub(self.ruraux) + self.somme.abs_diff(self.p.posts)
    }
}
