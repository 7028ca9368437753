//! Local search: posts move between candidates as long as more people are served, every constraint respected all along.

use super::etat::Etat;

/// How many candidates are really tried for each step of an exchange.
const ESSAIS: usize = 4;

/// What posts are worth where they are, and where they could go, in people for each post.
struct Cours {
    pertes: Vec<i64>,
    gains: Vec<i64>,
    /// Candidates from the cheapest loss.
    par_perte: Vec<usize>,
    /// Candidates from the best gain.
    par_gain: Vec<usize>,
}

/// Improves a complete distribution until nothing helps or the work allowed is spent.
pub(super) fn ameliorer(etat: &mut Etat<'_>, travail: u64) {
    let limite = etat.flot.travail + travail;
    while etat.flot.travail < limite {
        let avant = etat.note();
        let mut cours = Cours::new(etat, limite);
        monter(etat, &mut cours, limite);
        cours = Cours::new(etat, limite);
        fermer(etat, &mut cours, limite);
        if etat.note() == avant {
            break;
        }
    }
}

impl Cours {
    fn new(etat: &mut Etat<'_>, limite: u64) -> Self {
        let n = etat.x.len();
        let mut cours = Self {
            pertes: vec![i64::MAX; n],
            gains: vec![i64::MIN; n],
            par_perte: Vec::new(),
            par_gain: Vec::new(),
        };
        for s in 0..n {
            // What the work allowed leaves unpriced stays where it is.
            if etat.flot.travail < limite {
                cours.coter(etat, s);
            }
        }
        cours.trier();
        cours
    }

    fn coter(&mut self, etat: &mut Etat<'_>, s: usize) {
        let (c, x) = (etat.p.candidats[s], etat.x[s]);
        self.pertes[s] = c
            .au_dessous(x)
            .map_or(i64::MAX, |y| (-etat.essayer(s, y)).div_euclid(i64::from(x - y)));
        self.gains[s] = c
            .au_dessus(x)
            .map_or(i64::MIN, |y| etat.essayer(s, y).div_euclid(i64::from(y - x)));
    }

    fn trier(&mut self) {
        let n = self.pertes.len();
        self.par_perte = (0..n).filter(|s| self.pertes[*s] < i64::MAX).collect();
        self.par_gain = (0..n).filter(|s| self.gains[*s] > i64::MIN).collect();
        let (pertes, gains) = (&self.pertes, &self.gains);
        self.par_perte.sort_by_key(|s| (pertes[*s], *s));
        self.par_gain.sort_by_key(|s| (-gains[*s], *s));
    }

    /// Prices again what an exchange touched.
    fn rafraichir(&mut self, etat: &mut Etat<'_>, touches: &[usize]) {
        for s in touches {
            self.coter(etat, *s);
        }
        etat.flot.travail += self.pertes.len() as u64;
        self.trier();
    }
}

/// Raises each candidate by a step, best gains first, and pays for it elsewhere.
fn monter(etat: &mut Etat<'_>, cours: &mut Cours, limite: u64) {
    for s in cours.par_gain.clone() {
        while etat.flot.travail < limite {
            let Some(x) = etat.p.candidats[s].au_dessus(etat.x[s]) else {
                break;
            };
            let pas = i64::from(x - etat.x[s]);
            let moins_cher = cours.par_perte.first().map_or(i64::MAX, |r| cours.pertes[*r]);
            if etat.essayer(s, x) <= pas.saturating_mul(moins_cher) {
                break;
            }
            if !echanger(etat, cours, (s, x)) {
                break;
            }
        }
    }
}

/// Takes every post of a candidate and gives them elsewhere; or one step, where closing does not pay.
fn fermer(etat: &mut Etat<'_>, cours: &mut Cours, limite: u64) {
    for s in cours.par_perte.clone() {
        if etat.flot.travail >= limite {
            return;
        }
        let Some(dessous) = etat.p.candidats[s].au_dessous(etat.x[s]) else {
            continue;
        };
        if dessous == 0 || !echanger(etat, cours, (s, dessous)) {
            let meilleur = cours.par_gain.first().map_or(0, |r| cours.gains[*r]);
            let perte = -etat.essayer(s, 0);
            if perte < i64::from(etat.x[s]).saturating_mul(meilleur) {
                echanger(etat, cours, (s, 0));
            }
        }
    }
}

/// Gives a candidate another number of posts, and brings the sum back by the best steps elsewhere; undone unless better.
fn echanger(etat: &mut Etat<'_>, cours: &mut Cours, (s, x): (usize, u32)) -> bool {
    let (avant, repere) = (etat.note(), etat.repere());
    etat.poser(s, x);
    while etat.infractions() > 0 {
        let pas = if etat.somme > etat.p.posts || etat.par_dep.iter().zip(&etat.p.deps).any(|(n, d)| *n > d.max) {
            meilleure_baisse(etat, cours, s)
        } else {
            meilleure_hausse(etat, cours, s)
        };
        let Some((autre, posts)) = pas else {
            etat.revenir(repere);
            return false;
        };
        etat.poser(autre, posts);
    }
    if etat.note() <= avant {
        etat.revenir(repere);
        return false;
    }
    let touches = etat.garder();
    cours.rafraichir(etat, &touches);
    true
}

fn meilleure_baisse(etat: &mut Etat<'_>, cours: &Cours, sauf: usize) -> Option<(usize, u32)> {
    let p = etat.p;
    let avant = etat.infractions();
    let tenu = (0..p.deps.len()).find(|d| etat.par_dep[*d] > p.deps[*d].max);
    let mut choix: Option<(i64, usize, u32)> = None;
    let mut essais = 0;
    for &s in &cours.par_perte {
        let c = p.candidats[s];
        let Some(x) = c
            .au_dessous(etat.x[s])
            .filter(|_| s != sauf && tenu.is_none_or(|d| d == c.dep))
        else {
            continue;
        };
        let pas = etat.x[s] - x;
        if !rapproche(etat, (s, x), avant) || choix.is_some_and(|(perte, ..)| cours.pertes[s] >= perte) {
            continue;
        }
        let perte = (-etat.essayer(s, x)).div_euclid(i64::from(pas));
        if choix.is_none_or(|(meilleure, ..)| perte < meilleure) {
            choix = Some((perte, s, x));
        }
        essais += 1;
        if essais == ESSAIS {
            break;
        }
    }
    choix.map(|(_, s, x)| (s, x))
}

fn meilleure_hausse(etat: &mut Etat<'_>, cours: &Cours, sauf: usize) -> Option<(usize, u32)> {
    let p = etat.p;
    let avant = etat.infractions();
    let tenu = (0..p.deps.len()).find(|d| etat.par_dep[*d] < p.deps[*d].min);
    let rural = etat.ruraux < p.plancher_rural;
    let mut choix: Option<(i64, usize, u32)> = None;
    let mut essais = 0;
    for &s in &cours.par_gain {
        let c = p.candidats[s];
        let convient = s != sauf && tenu.is_none_or(|d| d == c.dep) && (c.rural || !rural);
        let Some(x) = c.au_dessus(etat.x[s]).filter(|_| convient) else {
            continue;
        };
        let pas = x - etat.x[s];
        if !rapproche(etat, (s, x), avant) || choix.is_some_and(|(gain, ..)| cours.gains[s] <= gain) {
            continue;
        }
        let gain = etat.essayer(s, x).div_euclid(i64::from(pas));
        if choix.is_none_or(|(meilleur, ..)| gain > meilleur) {
            choix = Some((gain, s, x));
        }
        essais += 1;
        if essais == ESSAIS {
            break;
        }
    }
    choix.map(|(_, s, x)| (s, x))
}

/// A step brings the constraints nearer to being respected.
fn rapproche(etat: &Etat<'_>, (s, x): (usize, u32), avant: u32) -> bool {
    let p = etat.p;
    let c = p.candidats[s];
    let change = |n: u32| n - etat.x[s] + x;
    let ecart_dep = |n: u32| p.deps[c.dep].min.saturating_sub(n) + n.saturating_sub(p.deps[c.dep].max);
    let rural = |n: u32| p.plancher_rural.saturating_sub(n);
    let ruraux = if c.rural { change(etat.ruraux) } else { etat.ruraux };
    let apres = avant - ecart_dep(etat.par_dep[c.dep]) + ecart_dep(change(etat.par_dep[c.dep]))
        - etat.somme.abs_diff(p.posts)
        + change(etat.somme).abs_diff(p.posts)
        - rural(etat.ruraux)
        + rural(ruraux);
    apres < avant
}
