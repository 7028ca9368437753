//! Selection: which applicants get how many posts, to serve the most people in need and no département too badly.
//!
//! The model is that of [`modele::Instance`]: posts `x` by structure, nothing or `min_grant..=ask`, their sum given, floors
//! and ceilings by département, a rural share; people served under the capacity of posts; 1000 times the share of people
//! served plus 300 times the share served in the worst served département, to be made as great as can be.

mod borne;
mod depart;
mod equite;
#[cfg(test)]
mod essais;
mod etat;

pub mod bilan;
pub mod explication;
mod faisable;
mod flot;
mod heuristique;
pub mod lecture;
pub mod modele;
mod prix;
mod probleme;
mod recherche;
mod reseau;
pub mod sensibilite;
#[cfg(feature = "solveur")]
mod solveur;
mod validation;
pub mod verification;

pub use faisable::Infaisable;
#[cfg(feature = "solveur")]
pub use solveur::{ErreurSolveur, Limites, VERSION as VERSION_SOLVEUR};

use heuristique::Trouvaille;
use lecture::InstanceLue;
use modele::{MILLIEMES, Service, Solution, Valeur, ecart};
use probleme::Probleme;

/// Version of the rules by which a selection is made: it changes when the same instance would give other posts.
pub const VERSION: &str = "selection 1";

/// Work allowed to the heuristic, in arcs looked at: about a second.
const TRAVAIL: u64 = 80_000_000;
/// Work allowed to the search for prices, in arcs moved.
const TRAVAIL_PRIX: usize = 15_000_000;

/// A solution and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// What the file of the solution says.
    pub solution: Solution,
    /// What its objective is made of.
    pub valeur: Valeur,
}

/// Solves by the heuristic alone: the same instance gives the same bytes on any machine.
///
/// # Errors
/// No distribution of posts respects the constraints.
pub fn resoudre_vite(lue: &InstanceLue) -> Result<Resolution, Infaisable> {
    let probleme = Probleme::new(&lue.instance);
    let guide = guider(&probleme);
    let trouvaille = heuristique::chercher(&probleme, &guide, TRAVAIL)?;
    Ok(rediger(lue, &probleme, &trouvaille, guide.borne))
}

/// Solves by the heuristic, then by HiGHS from there, until a limit.
///
/// # Errors
/// No distribution of posts respects the constraints, or HiGHS refuses the model.
#[cfg(feature = "solveur")]
pub fn resoudre(lue: &InstanceLue, limites: Limites) -> Result<Resolution, ErreurSolveur> {
    let probleme = Probleme::new(&lue.instance);
    let guide = guider(&probleme);
    let trouvaille = heuristique::chercher(&probleme, &guide, TRAVAIL)?;
    let trouve = solveur::resoudre(&probleme, &guide, &trouvaille, limites)?;
    // The solver's posts are judged by our own flow: they are kept only when they respect everything and are worth more.
    let proposee = trouve
        .x
        .and_then(|x| heuristique::reprendre(&probleme, &x, guide.part_au_mieux));
    let mieux = |t: &Trouvaille| t.valeur.objectif() > trouvaille.valeur.objectif();
    let retenue = proposee.filter(mieux).unwrap_or(trouvaille);
    Ok(rediger(lue, &probleme, &retenue, guide.borne.min(trouve.borne)))
}

fn guider(probleme: &Probleme) -> prix::Guide {
    let tours = (TRAVAIL_PRIX / probleme.arcs.max(1)).clamp(100, 600);
    borne::borner(probleme, tours as u32)
}

/// Writes a solution in the identifiers of its instance.
fn rediger(lue: &InstanceLue, p: &Probleme, trouvaille: &Trouvaille, borne: f64) -> Resolution {
    let instance = &lue.instance;
    let id = |s: usize| instance.structures[p.rang_structure[s]].id;
    let grants = trouvaille.x.iter().enumerate().filter(|(_, x)| **x > 0);
    let mut services = Vec::new();
    for (g, groupe) in p.groupes.iter().enumerate() {
        let mut arcs = p.entrees[g]
            .iter()
            .map(|&(s, arc)| (s, trouvaille.arcs[arc]))
            .filter(|(_, n)| *n > 0);
        let mut courant = arcs.next();
        // Communes with the same cover were one for the search: they are filled one after the other.
        for commune in groupe.communes.iter().map(|i| &instance.communes[*i]) {
            let mut place = commune.pop.0;
            while let Some((s, reste)) = courant.filter(|_| place > 0) {
                let n = reste.min(place);
                services.push((id(s), commune.id, Service(n as f64 / MILLIEMES as f64)));
                place -= n;
                courant = if n == reste { arcs.next() } else { Some((s, reste - n)) };
            }
        }
    }
    services.sort_by_key(|(s, c, _)| (*s, *c));
    let objective = trouvaille.valeur.objectif();
    let bound = borne.max(objective);
    let solution = Solution {
        instance_sha256: lue.empreinte.to_string(),
        objective,
        bound,
        gap: ecart(objective, bound),
        grants: grants.map(|(s, x)| (id(s), *x)).collect(),
        services,
    };
    Resolution {
        solution,
        valeur: trouvaille.valeur,
    }
}
