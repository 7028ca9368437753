//! Prices that make the bound low: a first-order method (primal-dual, with a step for each row and column) on the continuous
//! relaxation, where what a structure serves stays under the hull of its real numbers of posts.

use super::{
    borne::{self, Mesures},
    probleme::{Candidat, Probleme},
};

/// How many rounds pass between two looks at the bound.
const PERIODE: u32 = 50;

/// Prices, in people.
#[derive(Debug)]
pub(super) struct Prix {
    /// Of a person of each group.
    pub groupes: Vec<f64>,
    /// Bonus for a person served in each département.
    pub deps: Vec<f64>,
    /// Bonus for a rural post, for each person that it can serve.
    pub rural: f64,
}

/// What the relaxation teaches.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    /// No solution is worth more.
    pub borne: f64,
    /// Posts of each candidate, in fractions.
    pub postes: Vec<f64>,
    /// The share served in the worst served département.
    pub part: f64,
    /// No distribution serves the worst served département better.
    pub part_au_mieux: f64,
}

/// A line above what a structure serves, by its capacity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ligne {
    /// People for each more person of capacity.
    pub pente: f64,
    /// People at no capacity.
    pub origine: f64,
}

/// The lines that no whole number of posts of a structure can pass, whatever it serves of `total` people.
pub(super) fn lignes(c: Candidat, capacite: f64, total: f64) -> Vec<Ligne> {
    let servis = |x: u32| (f64::from(x) * capacite).min(total);
    let mut points = vec![(0, 0.0)];
    points.extend((c.min..=c.ask).map(|x| (x, servis(x))));
    borne::enveloppe(&points)
        .filter(|(.., pente)| *pente > 0.0 && capacite > 0.0)
        .map(|(de, _, pente)| Ligne {
            pente: pente / capacite,
            origine: servis(de) - pente * f64::from(de),
        })
        .collect()
}

/// What the method moves, and the price of each rule.
#[derive(Debug, Default)]
struct Point {
    /// People on each arc.
    arcs: Vec<f64>,
    /// People that each candidate could serve.
    capacites: Vec<f64>,
    /// The share served in the worst served département.
    part: f64,
    prix: Prix,
    /// Prices of the lines of each candidate.
    lignes: Vec<Vec<f64>>,
    /// Price of a post.
    postes: f64,
    /// Price of a post in each département.
    postes_dep: Vec<f64>,
}

impl Default for Prix {
    fn default() -> Self {
        Self {
            groupes: Vec::new(),
            deps: Vec::new(),
            rural: 0.0,
        }
    }
}

/// What a round adds up, each quantity extrapolated.
struct Sommes {
    groupes: Vec<f64>,
    capacites_dep: Vec<f64>,
    capacites: f64,
    ruraux: f64,
}

/// The relaxation, in people.
pub(super) struct Relaxation<'a> {
    p: &'a Probleme,
    m: &'a Mesures,
    lignes: Vec<Vec<Ligne>>,
    /// People of a mean département: the unit in which the worst share moves.
    dep_moyen: f64,
    /// People of a mean group: the scale between people and prices.
    echelle: f64,
    ruraux: f64,
}

impl<'a> Relaxation<'a> {
    /// The relaxation of an instance.
    pub(super) fn new(p: &'a Probleme, m: &'a Mesures) -> Self {
        let total = |s: usize| p.sorties[s].iter().map(|(g, _)| m.pops[*g]).sum();
        let moyenne = |liste: &[f64]| (liste.iter().sum::<f64>() / liste.len().max(1) as f64).max(1.0);
        let lignes = |(s, c): (usize, &Candidat)| lignes(*c, m.capacite, total(s));
        Self {
            p,
            m,
            lignes: p.candidats.iter().enumerate().map(lignes).collect(),
            dep_moyen: moyenne(&m.couvrables),
            echelle: moyenne(&m.pops),
            ruraux: p.candidats.iter().filter(|c| c.rural).count() as f64,
        }
    }

    /// Moves for some rounds; `juger` says now and then how low a bound the prices give, and the lowest is kept.
    pub(super) fn chercher(&self, tours: u32, juger: impl Fn(&Prix) -> f64) -> Guide {
        let mut point = Point {
            arcs: vec![0.0; self.p.arcs],
            capacites: vec![0.0; self.p.candidats.len()],
            prix: Prix {
                groupes: vec![0.0; self.m.pops.len()],
                deps: vec![0.0; self.p.deps.len()],
                rural: 0.0,
            },
            lignes: self.lignes.iter().map(|l| vec![0.0; l.len()]).collect(),
            postes_dep: vec![0.0; self.p.deps.len()],
            ..Point::default()
        };
        let mut borne = juger(&point.prix);
        for tour in 1..=tours {
            self.avancer(&mut point);
            if tour % PERIODE == 0 || tour == tours {
                borne = borne.min(juger(&point.prix));
            }
        }
        let capacite = self.m.capacite;
        let postes = |c: &f64| if capacite > 0.0 { c / capacite } else { 0.0 };
        Guide {
            borne,
            postes: point.capacites.iter().map(postes).collect(),
            part: point.part,
            part_au_mieux: self.m.part_au_mieux,
        }
    }

    /// One round: quantities move by their value at the present prices, then prices by how far the rules are broken.
    fn avancer(&self, z: &mut Point) {
        let mut sommes = Sommes {
            groupes: vec![0.0; self.m.pops.len()],
            capacites_dep: vec![0.0; self.p.deps.len()],
            capacites: 0.0,
            ruraux: 0.0,
        };
        for s in 0..self.p.candidats.len() {
            self.avancer_candidat(z, s, &mut sommes);
        }
        let cout: f64 = z.prix.deps.iter().zip(&self.m.couvrables).map(|(w, c)| w * c).sum();
        let couvrable: f64 = self.m.couvrables.iter().sum();
        let avant = z.part;
        let pas = if couvrable > 0.0 {
            self.echelle / (couvrable * self.dep_moyen)
        } else {
            0.0
        };
        z.part = (avant + pas * (self.m.equite - cout)).clamp(0.0, self.m.part_au_mieux);
        self.tarifer(z, 2.0 * z.part - avant, &sommes);
    }

    fn avancer_candidat(&self, z: &mut Point, s: usize, sommes: &mut Sommes) {
        let (p, e) = (self.p, self.echelle);
        let (c, lignes) = (p.candidats[s], &self.lignes[s]);
        let prix_lignes: f64 = z.lignes[s].iter().sum();
        let pas = e / (2.0 + lignes.len() as f64);
        let mut charge = 0.0;
        for &(g, arc) in &p.sorties[s] {
            let valeur = 1.0 + z.prix.deps[p.groupes[g].dep] - z.prix.groupes[g] - prix_lignes;
            let avant = z.arcs[arc];
            z.arcs[arc] = (avant + pas * valeur).clamp(0.0, self.m.pops[g]);
            let saut = 2.0 * z.arcs[arc] - avant;
            sommes.groupes[g] += saut;
            charge += saut;
        }
        let pentes: f64 = lignes.iter().map(|l| l.pente).sum();
        let rural = f64::from(u8::from(c.rural));
        let des_lignes: f64 = lignes.iter().zip(&z.lignes[s]).map(|(l, prix)| l.pente * prix).sum();
        let valeur = des_lignes + rural * z.prix.rural - z.postes - z.postes_dep[c.dep];
        let avant = z.capacites[s];
        z.capacites[s] = (avant + e / (2.0 + rural + pentes) * valeur).clamp(0.0, f64::from(c.ask) * self.m.capacite);
        let saut = 2.0 * z.capacites[s] - avant;
        for (l, prix) in lignes.iter().zip(&mut z.lignes[s]) {
            let pas = 1.0 / (e * (p.sorties[s].len() as f64 + l.pente));
            *prix = (*prix + pas * (charge - l.pente * saut - l.origine)).max(0.0);
        }
        sommes.capacites += saut;
        sommes.capacites_dep[c.dep] += saut;
        sommes.ruraux += rural * saut;
    }

    fn tarifer(&self, z: &mut Point, part: f64, sommes: &Sommes) {
        let (p, m, e) = (self.p, self.m, self.echelle);
        let capacite = |posts: u32| f64::from(posts) * m.capacite;
        let mut servis = vec![0.0; p.deps.len()];
        for (g, groupe) in p.groupes.iter().enumerate() {
            servis[groupe.dep] += sommes.groupes[g];
            let pas = 1.0 / (e * p.entrees[g].len() as f64);
            z.prix.groupes[g] = (z.prix.groupes[g] + pas * (sommes.groupes[g] - m.pops[g])).max(0.0);
        }
        for (d, dep) in p.deps.iter().enumerate() {
            if m.couvrables[d] > 0.0 {
                let arcs: usize = dep.groupes.iter().map(|g| p.entrees[*g].len()).sum();
                let pas = 1.0 / (e * (arcs as f64 + m.couvrables[d] / self.dep_moyen));
                z.prix.deps[d] = (z.prix.deps[d] + pas * (part * m.couvrables[d] - servis[d])).max(0.0);
            }
            if !dep.candidats.is_empty() {
                let pas = 1.0 / (e * dep.candidats.len() as f64);
                let vise = z.postes_dep[d] + pas * sommes.capacites_dep[d];
                // Between the floor and the ceiling, posts of a département have no price of their own.
                z.postes_dep[d] = vise - pas * (vise / pas).clamp(capacite(dep.min), capacite(dep.max));
            }
        }
        z.postes += (sommes.capacites - capacite(p.posts)) / (e * p.candidats.len().max(1) as f64);
        if self.ruraux > 0.0 {
            let manque = capacite(p.plancher_rural) - sommes.ruraux;
            z.prix.rural = (z.prix.rural + manque / (e * self.ruraux)).max(0.0);
        }
    }
}
