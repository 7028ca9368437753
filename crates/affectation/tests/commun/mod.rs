//! Instances drawn from a seed, in the shape of the shared one: départements of unequal sizes, points on a plane, covers
//! by distance.

/// What an instance is drawn from.
#[derive(Clone, Copy)]
pub struct Tirage {
    pub graine: u64,
    pub structures: usize,
    pub communes: usize,
    pub departements: usize,
    pub postes: u64,
    pub capacite: u64,
    pub part_rurale: f64,
    pub ruraux_sur_cent: u64,
    pub rayon: f64,
    /// Floors and ceilings, in hundredths of the share of each département.
    pub bornes: (u64, u64),
    /// The least grant is the whole demand.
    pub tout_ou_rien: bool,
    /// Départements where nobody can be served.
    pub sans_couverture: usize,
}

impl Default for Tirage {
    fn default() -> Self {
        Self {
            graine: 1,
            structures: 240,
            communes: 350,
            departements: 12,
            postes: 400,
            capacite: 400,
            part_rurale: 0.3,
            ruraux_sur_cent: 39,
            rayon: 2.5,
            bornes: (60, 160),
            tout_ou_rien: false,
            sans_couverture: 0,
        }
    }
}

struct Hasard(u64);

impl Hasard {
    fn entier(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn reel(&mut self) -> f64 {
        self.entier(1 << 30) as f64 / f64::from(1 << 30)
    }

    fn autour(&mut self, (x, y): (f64, f64)) -> (f64, f64) {
        let mut ecart = || (self.reel() + self.reel() + self.reel() - 1.5) * 10.0;
        (x + ecart(), y + ecart())
    }
}

/// The file of an instance.
pub fn instance(t: Tirage) -> String {
    let mut h = Hasard(t.graine);
    let centres: Vec<_> = (0..t.departements)
        .map(|_| (h.reel() * 60.0, h.reel() * 60.0))
        .collect();
    let tailles: Vec<f64> = (0..t.departements).map(|_| 0.2 + h.reel() * h.reel() * 4.0).collect();
    let total: f64 = tailles.iter().sum();
    let choisir = |h: &mut Hasard| {
        let mut reste = h.reel() * total;
        tailles.iter().position(|t| {
            reste -= t;
            reste <= 0.0
        })
    };
    let mut demandes = vec![0; t.departements];
    let mut points = Vec::new();
    let mut structures = Vec::new();
    for id in 0..t.structures {
        let dep = choisir(&mut h).unwrap_or(0);
        let ask = 1 + h.entier(6);
        let min = if t.tout_ou_rien { ask } else { ask.div_ceil(2) };
        let rural = h.entier(100) < t.ruraux_sur_cent;
        points.push(h.autour(centres[dep]));
        demandes[dep] += ask;
        structures.push(format!(
            r#"{{"id":{},"dep":{dep},"ask":{ask},"min_grant":{min},"rural":{rural}}}"#,
            id * 3
        ));
    }
    let mut pops = vec![0; t.departements];
    let mut communes = Vec::new();
    for id in 0..t.communes {
        let dep = choisir(&mut h).unwrap_or(0);
        let pop = 20 + (300.0 / (0.02 + h.reel())) as u64;
        pops[dep] += pop;
        let (x, y) = h.autour(centres[dep]);
        let rayon = t.rayon * (0.6 + 0.8 * h.reel());
        let pres = |p: &(f64, f64)| (p.0 - x).powi(2) + (p.1 - y).powi(2) < rayon * rayon && dep >= t.sans_couverture;
        let couverture: Vec<_> = (0..t.structures)
            .filter(|s| pres(&points[*s]))
            .map(|s| (s * 3).to_string())
            .collect();
        communes.push(format!(
            r#"{{"id":{id},"pop":{pop},"dep":{dep},"cover":[{}]}}"#,
            couverture.join(",")
        ));
    }
    let population: u64 = pops.iter().sum();
    let departements: Vec<_> = (0..t.departements)
        .map(|d| {
            let part = |cent: u64| t.postes * pops[d] * cent / population / 100;
            let max = demandes[d].min(part(t.bornes.1) + 5);
            format!(r#"{{"id":{d},"min":{},"max":{max}}}"#, max.min(part(t.bornes.0)))
        })
        .collect();
    format!(
        r#"{{"seed":{},"posts":{},"structures":[{}],"communes":[{}],"departments":[{}],"capacity_per_post":{},"rural_min_share":{}}}"#,
        t.graine,
        t.postes,
        structures.join(","),
        communes.join(","),
        departements.join(","),
        t.capacite,
        t.part_rurale
    )
}
