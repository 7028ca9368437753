//! The heuristic: two first distributions, one of them led by the relaxation; a local search on each; then floors of
//! fairness that rise, and a last search from the best. Work is counted, not timed: the same instance gives the same answer.

use super::{
    depart, equite,
    etat::Etat,
    faisable::Infaisable,
    modele::{MILLIEMES, Valeur},
    prix::Guide,
    probleme::Probleme,
    recherche,
};

/// How many floors of fairness are tried, each between one that was reached and one that was not.
const PALIERS: u64 = 5;
/// Under this rise of the worst share, floors are not tried.
const HAUSSE_UTILE: f64 = 1e-4;

/// A distribution and what it is worth.
#[derive(Debug, Clone)]
pub(super) struct Trouvaille {
    pub x: Vec<u32>,
    pub valeur: Valeur,
    /// People on each arc.
    pub arcs: Vec<i64>,
}

/// What posts are worth once people are served as fairly as can be.
pub(super) fn evaluer(etat: &Etat<'_>, plafond: f64) -> Trouvaille {
    let mut flot = etat.flot.clone();
    let equite = equite::equilibrer(etat.p, &mut flot, plafond);
    Trouvaille {
        x: etat.x.clone(),
        valeur: Valeur {
            servis: flot.total as f64 / MILLIEMES as f64,
            population: etat.p.population as f64 / MILLIEMES as f64,
            equite,
            poids_equite: etat.p.poids_equite,
        },
        arcs: flot.arcs,
    }
}

/// The best of what was met.
struct Meilleure<'a> {
    etat: Etat<'a>,
    trouvaille: Trouvaille,
}

/// The best distribution found with some work, counted in arcs looked at.
///
/// # Errors
/// No distribution exists.
pub(super) fn chercher(p: &Probleme, guide: &Guide, travail: u64) -> Result<Trouvaille, Infaisable> {
    let plafond = guide.part_au_mieux;
    let mut meilleure: Option<Meilleure<'_>> = None;
    let departs = [
        (guide.part, Some(guide.postes.as_slice()), travail * 2 / 5),
        (0.0, None, travail / 5),
    ];
    for (part, postes, travail) in departs {
        let mut etat = depart::distribuer(p, &equite::planchers(p, part), postes)?;
        let equite = evaluer(&etat, plafond).valeur.equite;
        tenir(&mut etat, equite);
        recherche::ameliorer(&mut etat, travail);
        retenir(&mut meilleure, etat, plafond);
    }
    let meilleure = meilleure.expect("two distributions were kept or refused");
    let meilleure = elever(meilleure, guide, travail / 5);
    let mut etat = meilleure.etat.clone();
    tenir(&mut etat, meilleure.trouvaille.valeur.equite);
    recherche::ameliorer(&mut etat, travail / 5);
    let derniere = evaluer(&etat, plafond);
    Ok(if derniere.valeur.objectif() > meilleure.trouvaille.valeur.objectif() {
        derniere
    } else {
        meilleure.trouvaille
    })
}

/// Tries floors of fairness above what was found, by halving.
fn elever<'a>(depart: Meilleure<'a>, guide: &Guide, travail: u64) -> Meilleure<'a> {
    let (mut bas, mut haut) = (depart.trouvaille.valeur.equite, guide.part);
    let mut meilleure = Some(depart);
    let mut part = haut;
    for _ in 0..PALIERS {
        let Some(m) = meilleure.as_ref().filter(|_| haut - bas > HAUSSE_UTILE) else {
            break;
        };
        let (mut etat, avant) = (m.etat.clone(), m.trouvaille.valeur.objectif());
        tenir(&mut etat, part);
        recherche::ameliorer(&mut etat, travail / PALIERS);
        retenir(&mut meilleure, etat, guide.part_au_mieux);
        match meilleure.as_ref() {
            Some(m) if m.trouvaille.valeur.objectif() > avant => bas = m.trouvaille.valeur.equite.max(bas),
            _ => haut = part,
        }
        part = f64::midpoint(bas, haut);
    }
    meilleure.expect("a search keeps at least what it started from")
}

/// What a distribution found elsewhere is worth, when it respects the constraints.
#[cfg(any(test, feature = "solveur"))]
pub(super) fn reprendre(p: &Probleme, x: &[u32], plafond: f64) -> Option<Trouvaille> {
    let etat = Etat::avec(p, x);
    etat.est_complet().then(|| evaluer(&etat, plafond))
}

fn retenir<'a>(meilleure: &mut Option<Meilleure<'a>>, etat: Etat<'a>, plafond: f64) {
    let trouvaille = evaluer(&etat, plafond);
    let mieux = |m: &Meilleure<'_>| trouvaille.valeur.objectif() > m.trouvaille.valeur.objectif();
    if meilleure.as_ref().is_none_or(mieux) {
        *meilleure = Some(Meilleure { etat, trouvaille });
    }
}

/// Holds the search above a share served in every département.
fn tenir(etat: &mut Etat<'_>, part: f64) {
    etat.flot.fixer_planchers(equite::planchers(etat.p, part));
    etat.garder();
}
