//! Is there any way to give the posts? An exact answer, by dynamic programming over each département, then over all of them.

use super::probleme::{Candidat, Probleme};
use std::collections::VecDeque;

/// Why no distribution of posts respects every constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Infaisable {
    /// The minimum grants of a département skip every total between its floor and its ceiling.
    #[error(
        "département {departement} : aucun choix d’octrois, chacun nul ou d’au moins son minimum, ne donne entre {min} et {max} postes"
    )]
    Departement {
        /// Its identifier.
        departement: u64,
        /// Its floor, in posts.
        min: u32,
        /// Its ceiling, in posts.
        max: u32,
    },
    /// Each département can be given its share, but never for this total.
    #[error(
        "aucun choix d’octrois, chacun nul ou d’au moins son minimum, ne donne exactement {posts} postes dans les planchers et les plafonds"
    )]
    Total {
        /// Posts to give.
        posts: u32,
    },
    /// The rural share cannot be reached along with the rest.
    #[error(
        "la part rurale veut {voulu} postes, les autres contraintes n’en laissent que {possible} aux structures rurales"
    )]
    Rural {
        /// Rural posts that the share asks for.
        voulu: u32,
        /// Rural posts at most.
        possible: u32,
    },
}

/// Rural posts at most for each number of posts; nothing where that number cannot be given.
type Table = Vec<Option<u32>>;

/// Posts for each candidate that respect every constraint, with as many rural posts as can be.
///
/// # Errors
/// The first constraint that no choice can respect.
pub(super) fn octrois(p: &Probleme) -> Result<Vec<u32>, Infaisable> {
    let tables: Vec<_> = (0..p.deps.len()).map(|d| etapes(p, d)).collect();
    let derniere = |d: usize| tables[d].last().expect("a table always has its first step");
    let posts = p.posts as usize;
    let mut total: Table = vec![None; posts + 1];
    total[0] = Some(0);
    let mut choix = Vec::with_capacity(p.deps.len());
    for (d, dep) in p.deps.iter().enumerate() {
        if derniere(d).iter().skip(dep.min as usize).all(Option::is_none) {
            let (departement, min, max) = (dep.id, dep.min, dep.max);
            return Err(Infaisable::Departement { departement, min, max });
        }
        let (apres, pris) = ajouter(&total, derniere(d), dep.min as usize);
        total = apres;
        choix.push(pris);
    }
    let possible = total[posts].ok_or(Infaisable::Total { posts: p.posts })?;
    if possible < p.plancher_rural {
        let voulu = p.plancher_rural;
        return Err(Infaisable::Rural { voulu, possible });
    }
    let mut x = vec![0; p.candidats.len()];
    let mut reste = posts;
    for d in (0..p.deps.len()).rev() {
        let ici = choix[d][reste] as usize;
        remonter(p, d, (&tables[d], ici), &mut x);
        reste -= ici;
    }
    Ok(x)
}

/// The table of a département after each of its candidates, the empty one first.
fn etapes(p: &Probleme, d: usize) -> Vec<Table> {
    let dep = &p.deps[d];
    let demande: u64 = dep.candidats.iter().map(|s| u64::from(p.candidats[*s].ask)).sum();
    let plafond = u64::from(dep.max.min(p.posts)).min(demande) as usize;
    let mut table: Table = vec![None; plafond + 1];
    table[0] = Some(0);
    let mut etapes = vec![table];
    for s in &dep.candidats {
        let suivante = avec(etapes.last().expect("the empty table stands first"), p.candidats[*s]);
        etapes.push(suivante);
    }
    etapes
}

/// The table once a candidate may get nothing, or its minimum to its demand: a sliding window over the table before.
fn avec(avant: &Table, c: Candidat) -> Table {
    let (min, ask) = (c.min as usize, c.ask as usize);
    // Rural posts minus posts, when the candidate is rural, so that the window compares what does not move.
    let cle = |i: usize| avant[i].map(|r| if c.rural { i64::from(r) - i as i64 } else { i64::from(r) });
    let mut fenetre: VecDeque<(usize, i64)> = VecDeque::new();
    let mut apres = avant.clone();
    for (k, case) in apres.iter_mut().enumerate().skip(min) {
        if ask >= min
            && let Some(valeur) = cle(k - min)
        {
            while fenetre.back().is_some_and(|(_, v)| *v <= valeur) {
                fenetre.pop_back();
            }
            fenetre.push_back((k - min, valeur));
        }
        while fenetre.front().is_some_and(|(i, _)| i + ask < k) {
            fenetre.pop_front();
        }
        if let Some((_, v)) = fenetre.front() {
            let ruraux = u32::try_from(if c.rural { v + k as i64 } else { *v }).unwrap_or(0);
            *case = (*case).max(Some(ruraux));
        }
    }
    apres
}

fn ajouter(total: &Table, dep: &Table, min: usize) -> (Table, Vec<u32>) {
    let mut apres: Table = vec![None; total.len()];
    let mut pris = vec![0; total.len()];
    for (avant, ruraux_avant) in total.iter().enumerate() {
        let Some(ruraux_avant) = ruraux_avant else { continue };
        for (ici, ruraux) in dep
            .iter()
            .enumerate()
            .skip(min)
            .take((total.len() - avant).saturating_sub(min))
        {
            let Some(ruraux) = ruraux else { continue };
            if apres[avant + ici].is_none_or(|r| r < ruraux_avant + ruraux) {
                apres[avant + ici] = Some(ruraux_avant + ruraux);
                pris[avant + ici] = ici as u32;
            }
        }
    }
    (apres, pris)
}

/// Walks the tables of a département back from its number of posts to the posts of each candidate.
fn remonter(p: &Probleme, d: usize, (tables, posts): (&[Table], usize), x: &mut [u32]) {
    let mut k = posts;
    for (etape, s) in p.deps[d].candidats.iter().enumerate().rev() {
        let c = p.candidats[*s];
        let (avant, ici) = (&tables[etape], tables[etape + 1][k]);
        if avant[k] == ici {
            continue;
        }
        let donne = (c.min..=c.ask).find(|j| {
            let gagne = if c.rural { *j } else { 0 };
            (*j as usize) <= k && avant[k - *j as usize].map(|r| r + gagne) == ici
        });
        x[*s] = donne.unwrap_or(0);
        k -= x[*s] as usize;
    }
}
