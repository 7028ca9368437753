//! A solution judged from its file alone: every constraint, the objective and the hash of the instance, recomputed.

use super::{
    lecture::InstanceLue,
    modele::{Instance, MILLIEMES, POIDS_EQUITE, Service, Solution, Valeur, ecart},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// People by which a sum of decimal numbers may pass a limit.
const TOLERANCE: f64 = 1e-4;
/// By how much the objective of the file may differ from the recomputed one, as a share of it.
const TOLERANCE_OBJECTIF: f64 = 1e-6;

/// Why a file is not a solution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurSolution {
    /// Not JSON.
    #[error("ce n’est pas du JSON lisible : arrêt à la ligne {ligne}, colonne {colonne}")]
    Json {
        /// Counted from 1.
        ligne: usize,
        /// Counted from 1.
        colonne: usize,
    },
    /// A field is absent or of another kind.
    #[error("champ « {champ} » : {attendu} est attendu")]
    Champ {
        /// Its name.
        champ: &'static str,
        /// What it should hold.
        attendu: &'static str,
    },
    /// A row of a table does not read.
    #[error("{table}, rang {rang} : {attendu} est attendu")]
    Rangee {
        /// `grants` or `services`.
        table: &'static str,
        /// Counted from 1.
        rang: usize,
        /// What it should hold.
        attendu: &'static str,
    },
}

/// A constraint that a solution breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which rule, as a code.
    pub regle: &'static str,
    /// What is wrong, with its figures.
    pub message: String,
}

/// What a solution is really worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Every rule that is broken, none when the solution is good.
    pub violations: Vec<Violation>,
    /// What the objective is made of, recomputed.
    pub valeur: Valeur,
    /// Posts granted, in all.
    pub postes: u64,
}

/// Reads the file of a solution.
///
/// # Errors
/// What does not read, with its place.
pub fn lire_solution(octets: &[u8]) -> Result<Solution, ErreurSolution> {
    let racine: Value = serde_json::from_slice(octets).map_err(|erreur| ErreurSolution::Json {
        ligne: erreur.line(),
        colonne: erreur.column(),
    })?;
    let nombre = |champ| {
        let attendu = "un nombre";
        racine
            .get(champ)
            .and_then(Value::as_f64)
            .ok_or(ErreurSolution::Champ { champ, attendu })
    };
    let texte = racine.get("instance_sha256").and_then(Value::as_str);
    let couple = "un couple [structure, postes]";
    let triplet = "un triplet [structure, commune, personnes]";
    Ok(Solution {
        instance_sha256: texte
            .ok_or(ErreurSolution::Champ {
                champ: "instance_sha256",
                attendu: "un texte",
            })?
            .to_owned(),
        objective: nombre("objective")?,
        bound: nombre("bound")?,
        gap: nombre("gap")?,
        grants: rangees(&racine, "grants", couple, |r| match r {
            [s, x] => Some((s.as_u64()?, u32::try_from(x.as_u64()?).ok()?)),
            _ => None,
        })?,
        services: rangees(&racine, "services", triplet, |r| match r {
            [s, c, n] => Some((s.as_u64()?, c.as_u64()?, Service(n.as_f64()?))),
            _ => None,
        })?,
    })
}

fn rangees<T>(
    racine: &Value,
    table: &'static str,
    attendu: &'static str,
    lire: impl Fn(&[Value]) -> Option<T>,
) -> Result<Vec<T>, ErreurSolution> {
    let liste = racine.get(table).and_then(Value::as_array);
    let liste = liste.ok_or(ErreurSolution::Champ {
        champ: table,
        attendu: "une liste",
    })?;
    let lire = |(i, valeur): (usize, &Value)| {
        let rangee = valeur.as_array().and_then(|r| lire(r));
        rangee.ok_or(ErreurSolution::Rangee {
            table,
            rang: i + 1,
            attendu,
        })
    };
    liste.iter().enumerate().map(lire).collect()
}

/// Recomputes everything that a solution must respect and is worth.
#[must_use]
pub fn verifier(lue: &InstanceLue, solution: &Solution) -> Verdict {
    let mut juge = Juge {
        instance: &lue.instance,
        violations: Vec::new(),
    };
    let empreinte = lue.empreinte.to_string();
    if solution.instance_sha256.to_lowercase() != empreinte {
        let dite: String = solution.instance_sha256.chars().take(64).collect();
        juge.refuse(
            "empreinte",
            format!("la solution est celle d’une autre instance : {dite} au lieu de {empreinte}"),
        );
    }
    let octrois = juge.octrois(solution);
    juge.totaux(&octrois);
    let servis = juge.services(solution, &octrois);
    let valeur = juge.valeur(&servis);
    juge.annonces(solution, valeur.objectif());
    Verdict {
        violations: juge.violations,
        valeur,
        postes: octrois.values().map(|x| u64::from(*x)).sum(),
    }
}

struct Juge<'a> {
    instance: &'a Instance,
    violations: Vec<Violation>,
}

impl Juge<'_> {
    fn refuse(&mut self, regle: &'static str, message: String) {
        self.violations.push(Violation { regle, message });
    }

    /// Posts by structure, each grant judged alone.
    fn octrois(&mut self, solution: &Solution) -> BTreeMap<u64, u32> {
        let structures: HashMap<u64, _> = self.instance.structures.iter().map(|s| (s.id, s)).collect();
        let mut octrois = BTreeMap::new();
        for (id, x) in &solution.grants {
            let Some(s) = structures.get(id) else {
                self.refuse("structure", format!("la structure {id} n’est pas dans l’instance"));
                continue;
            };
            if octrois.insert(*id, *x).is_some() {
                self.refuse("doublon", format!("la structure {id} reçoit deux octrois"));
            }
            if *x < s.min_grant.max(1) || *x > s.ask {
                let message = format!(
                    "la structure {id} reçoit {x} postes, elle peut en recevoir de {} à {}",
                    s.min_grant, s.ask
                );
                self.refuse("octroi", message);
            }
        }
        octrois
    }

    fn totaux(&mut self, octrois: &BTreeMap<u64, u32>) {
        let instance = self.instance;
        let (mut total, mut ruraux) = (0, 0);
        let mut par_dep: HashMap<u64, u64> = HashMap::new();
        for s in &instance.structures {
            let x = u64::from(octrois.get(&s.id).copied().unwrap_or(0));
            total += x;
            ruraux += if s.rural { x } else { 0 };
            *par_dep.entry(s.dep).or_default() += x;
        }
        if total != u64::from(instance.posts) {
            self.refuse(
                "total",
                format!("{total} postes sont donnés, il faut en donner {}", instance.posts),
            );
        }
        for d in &instance.departments {
            let x = par_dep.get(&d.id).copied().unwrap_or(0);
            if x < u64::from(d.min) || x > u64::from(d.max) {
                let message = format!(
                    "le département {} reçoit {x} postes, il doit en recevoir de {} à {}",
                    d.id, d.min, d.max
                );
                self.refuse("departement", message);
            }
        }
        let plancher = u64::from(instance.plancher_rural());
        if ruraux < plancher {
            self.refuse(
                "rural",
                format!("les structures rurales reçoivent {ruraux} postes, il en faut au moins {plancher}"),
            );
        }
    }

    /// People served in each commune, the services judged against covers, capacities and populations.
    fn services(&mut self, solution: &Solution, octrois: &BTreeMap<u64, u32>) -> HashMap<u64, f64> {
        let couvertures: HashMap<u64, HashSet<u64>> = self
            .instance
            .communes
            .iter()
            .map(|c| (c.id, c.cover.iter().copied().collect()))
            .collect();
        let mut servis: HashMap<u64, f64> = HashMap::new();
        let mut charges: BTreeMap<u64, f64> = BTreeMap::new();
        let mut vus = BTreeSet::new();
        for (s, c, Service(n)) in &solution.services {
            match couvertures.get(c) {
                None => self.refuse("commune", format!("la commune {c} n’est pas dans l’instance")),
                Some(couverture) if !couverture.contains(s) => {
                    self.refuse(
                        "couverture",
                        format!("la structure {s} ne peut pas servir la commune {c}"),
                    );
                }
                Some(_) => {}
            }
            if !n.is_finite() || *n < 0.0 {
                self.refuse(
                    "service",
                    format!("la structure {s} sert {n} personnes de la commune {c}"),
                );
                continue;
            }
            if !vus.insert((*s, *c)) {
                self.refuse("doublon", format!("la structure {s} sert deux fois la commune {c}"));
            }
            *servis.entry(*c).or_default() += n;
            *charges.entry(*s).or_default() += n;
        }
        self.limites(&servis, &charges, octrois);
        servis
    }

    /// People served against populations and capacities.
    fn limites(&mut self, servis: &HashMap<u64, f64>, charges: &BTreeMap<u64, f64>, octrois: &BTreeMap<u64, u32>) {
        for c in &self.instance.communes {
            let (n, pop) = (servis.get(&c.id).copied().unwrap_or(0.0), c.pop.en_decimal());
            if n > pop + TOLERANCE {
                self.refuse(
                    "population",
                    format!("{n} personnes sont servies dans la commune {}, qui en a {pop}", c.id),
                );
            }
        }
        let capacite = self.instance.capacity_per_post.en_decimal();
        for (s, n) in charges {
            let x = octrois.get(s).copied().unwrap_or(0);
            if *n > capacite * f64::from(x) + TOLERANCE {
                let message = format!(
                    "la structure {s} sert {n} personnes avec {x} postes, qui peuvent en servir {}",
                    capacite * f64::from(x)
                );
                self.refuse("capacite", message);
            }
        }
    }

    fn valeur(&self, servis: &HashMap<u64, f64>) -> Valeur {
        let mut deps: BTreeMap<u64, (f64, i64)> = BTreeMap::new();
        let mut valeur = Valeur {
            servis: 0.0,
            population: 0.0,
            equite: 0.0,
            poids_equite: POIDS_EQUITE,
        };
        let mut population = 0;
        for c in &self.instance.communes {
            let n = servis.get(&c.id).copied().unwrap_or(0.0);
            valeur.servis += n;
            population += c.pop.0;
            let (du_dep, couvrable) = deps.entry(c.dep).or_default();
            *du_dep += n;
            *couvrable += if c.cover.is_empty() { 0 } else { c.pop.0 };
        }
        valeur.population = population as f64 / MILLIEMES as f64;
        let parts = deps
            .values()
            .filter(|(_, c)| *c > 0)
            .map(|(n, c)| n * MILLIEMES as f64 / *c as f64);
        let pire = parts.fold(f64::INFINITY, f64::min);
        valeur.equite = if pire.is_finite() { pire } else { 0.0 };
        valeur
    }

    fn annonces(&mut self, solution: &Solution, objectif: f64) {
        let proche = |a: f64, b: f64| (a - b).abs() <= TOLERANCE_OBJECTIF * b.abs().max(1.0);
        if !proche(solution.objective, objectif) {
            self.refuse(
                "objectif",
                format!(
                    "l’objectif annoncé est {}, le calcul donne {objectif}",
                    solution.objective
                ),
            );
        }
        if solution.bound < objectif && !proche(solution.bound, objectif) {
            self.refuse(
                "borne",
                format!(
                    "la borne annoncée ({}) est sous l’objectif ({objectif})",
                    solution.bound
                ),
            );
        }
        let attendu = ecart(solution.objective, solution.bound);
        // Some divide by the objective, some by the bound: both are accepted.
        let autre = if solution.objective > 0.0 {
            solution.bound / solution.objective - 1.0
        } else {
            attendu
        };
        if !proche(solution.gap, attendu) && !proche(solution.gap, autre) {
            self.refuse(
                "ecart",
                format!("l’écart annoncé est {}, le calcul donne {attendu}", solution.gap),
            );
        }
    }
}
