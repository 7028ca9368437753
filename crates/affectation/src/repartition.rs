//! Apportionment: whole posts shared between territories by their need, exactly.
//!
//! No double decides anything: needs become whole numbers of a common part, and quotients are compared by products. When
//! quotients are equal, the order is that of SHA-256(run ‖ code), which anybody can draw again.

mod arbre;
mod diviseurs;
mod restes;

pub use arbre::{Noeud, Part, repartir_arbre};

use crate::{empreinte::Empreinte, fraction::Fraction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of the rules by which posts are shared: it changes when the same needs would give other posts.
pub const VERSION: &str = "repartition 1";
/// The greatest need in common parts: products by a number of posts stay far from overflowing.
const BESOIN_MAX: u128 = 1 << 80;
/// The most posts that are shared at once.
pub const POSTES_MAX: u32 = 1_000_000;

/// How posts are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Methode {
    /// Divisors 1, 3, 5…: neither small nor large territories are favoured.
    SainteLague,
    /// Divisors 1, 2, 3…: large territories are favoured.
    Dhondt,
    /// Whole parts of the quotas, then the largest remainders.
    PlusFortReste,
}

/// A territory that posts are shared to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territoire {
    /// Its code, which names it and draws its rank among equals.
    pub code: String,
    /// Its need; none when it is not known.
    pub besoin: Option<Fraction>,
    /// Posts that it gets at least.
    pub plancher: u32,
    /// Posts that it gets at most.
    pub plafond: Option<u32>,
}

/// Equal quotients between which the draw decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Egalite {
    /// Who got the post.
    pub servis: Vec<String>,
    /// Who did not.
    pub ecartes: Vec<String>,
}

/// Posts shared between territories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repartition {
    /// Posts of each territory whose need is known, in the order of codes.
    pub postes: Vec<(String, u32)>,
    /// Territories whose need is not known, with the posts kept for them: people decide.
    pub inconnus: Vec<(String, u32)>,
    /// Draws that decided something.
    pub egalites: Vec<Egalite>,
}

/// Why posts cannot be shared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurRepartition {
    /// More than [`POSTES_MAX`].
    #[error("{0} postes : {POSTES_MAX} au plus")]
    TropDePostes(u32),
    /// Two territories have the same code.
    #[error("territoire {0} : ce code est donné deux fois")]
    Doublon(String),
    /// A need is below zero.
    #[error("territoire {0} : le besoin est négatif")]
    BesoinNegatif(String),
    /// A floor is above its ceiling.
    #[error("territoire {code} : le plancher ({plancher}) dépasse le plafond ({plafond})")]
    PlancherAuDessus {
        /// Its code.
        code: String,
        /// Posts.
        plancher: u32,
        /// Posts.
        plafond: u32,
    },
    /// The floors ask for more posts than there are.
    #[error("{parent}les planchers demandent {planchers} postes, il y en a {postes}")]
    Planchers {
        /// The territory whose posts are shared, when it is not the whole.
        parent: String,
        /// Sum of the floors.
        planchers: u64,
        /// Posts to share.
        postes: u32,
    },
    /// Ceilings leave posts that nobody may get, territories without need included.
    #[error(
        "{parent}les plafonds et les besoins connus n’admettent que {plafonds} postes, il faut en répartir {postes}"
    )]
    Plafonds {
        /// The territory whose posts are shared, when it is not the whole.
        parent: String,
        /// Sum of what can be given.
        plafonds: u64,
        /// Posts to share.
        postes: u32,
    },
    /// The parent of a territory does not exist, or is below it.
    #[error("territoire {code} : son parent {parent} n’existe pas, ou dépend de lui")]
    Parent {
        /// Its code.
        code: String,
        /// The code of its parent.
        parent: String,
    },
    /// Needs have no common part that numbers can hold.
    #[error("les besoins ont trop de décimales pour être comparés exactement")]
    TropPrecis,
}

/// A territory whose need is known, in whole common parts.
#[derive(Debug, Clone)]
struct Part128<'a> {
    code: &'a str,
    besoin: u128,
    plancher: u32,
    plafond: u32,
    /// Rank among equals.
    tirage: Empreinte,
}

/// Shares posts between territories; the order in which they come changes nothing.
///
/// # Errors
/// Floors, ceilings or needs that no sharing can respect.
pub fn repartir(
    postes: u32,
    methode: Methode,
    territoires: &[Territoire],
    tirage: &Empreinte,
) -> Result<Repartition, ErreurRepartition> {
    controler(postes, territoires)?;
    let mut inconnus: Vec<_> = territoires.iter().filter(|t| t.besoin.is_none()).collect();
    inconnus.sort_by(|a, b| a.code.cmp(&b.code));
    let planchers: u64 = territoires.iter().map(|t| u64::from(t.plancher)).sum();
    if planchers > u64::from(postes) {
        let parent = String::new();
        return Err(ErreurRepartition::Planchers {
            parent,
            planchers,
            postes,
        });
    }
    let reserves: u32 = inconnus.iter().map(|t| t.plancher).sum();
    let parts = parts(territoires, postes, tirage)?;
    let a_repartir = postes - reserves;
    // Nobody without a need gets more than its floor.
    let admis = |p: &Part128<'_>| u64::from(if p.besoin == 0 { p.plancher } else { p.plafond });
    let plafonds: u64 = parts.iter().map(admis).sum();
    if plafonds < u64::from(a_repartir) {
        let (parent, plafonds) = (String::new(), plafonds + u64::from(reserves));
        return Err(ErreurRepartition::Plafonds {
            parent,
            plafonds,
            postes,
        });
    }
    let (donnes, egalites) = match methode {
        Methode::SainteLague => diviseurs::repartir(&parts, a_repartir, |s| 2 * u128::from(s) + 1),
        Methode::Dhondt => diviseurs::repartir(&parts, a_repartir, |s| u128::from(s) + 1),
        Methode::PlusFortReste => restes::repartir(&parts, a_repartir),
    };
    Ok(Repartition {
        postes: parts.iter().map(|p| p.code.to_owned()).zip(donnes).collect(),
        inconnus: inconnus.into_iter().map(|t| (t.code.clone(), t.plancher)).collect(),
        egalites,
    })
}

fn controler(postes: u32, territoires: &[Territoire]) -> Result<(), ErreurRepartition> {
    if postes > POSTES_MAX {
        return Err(ErreurRepartition::TropDePostes(postes));
    }
    let mut codes = BTreeSet::new();
    for t in territoires {
        if !codes.insert(&t.code) {
            return Err(ErreurRepartition::Doublon(t.code.clone()));
        }
        if t.besoin.is_some_and(Fraction::est_negative) {
            return Err(ErreurRepartition::BesoinNegatif(t.code.clone()));
        }
        if let Some(plafond) = t.plafond.filter(|p| *p < t.plancher) {
            let (code, plancher) = (t.code.clone(), t.plancher);
            return Err(ErreurRepartition::PlancherAuDessus {
                code,
                plancher,
                plafond,
            });
        }
    }
    Ok(())
}

/// Known needs as whole numbers of a common part, in the order of codes.
fn parts<'a>(
    territoires: &'a [Territoire],
    postes: u32,
    tirage: &Empreinte,
) -> Result<Vec<Part128<'a>>, ErreurRepartition> {
    let mut connus: Vec<_> = territoires.iter().filter_map(|t| Some((t, t.besoin?))).collect();
    connus.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
    let commun = connus.iter().try_fold(1_u128, |commun, (_, besoin)| {
        ppcm(commun, besoin.denominateur().unsigned_abs())
    });
    let commun = commun.ok_or(ErreurRepartition::TropPrecis)?;
    let mut total = 0_u128;
    let mut parts = Vec::with_capacity(connus.len());
    for (t, besoin) in connus {
        let fois = commun / besoin.denominateur().unsigned_abs();
        let besoin = besoin
            .numerateur()
            .unsigned_abs()
            .checked_mul(fois)
            .ok_or(ErreurRepartition::TropPrecis)?;
        total = total.saturating_add(besoin);
        parts.push(Part128 {
            code: &t.code,
            besoin,
            plancher: t.plancher,
            plafond: t.plafond.unwrap_or(postes).min(postes),
            tirage: rang(tirage, &t.code),
        });
    }
    if total > BESOIN_MAX {
        return Err(ErreurRepartition::TropPrecis);
    }
    Ok(parts)
}

/// What orders a territory among equals in a run: the least comes first.
#[must_use]
pub fn rang(tirage: &Empreinte, code: &str) -> Empreinte {
    Empreinte::de(&[tirage.0.as_slice(), code.as_bytes()].concat())
}

fn ppcm(a: u128, b: u128) -> Option<u128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b).filter(|m| *m <= BESOIN_MAX)
}

/// The draw that decided, when some of those with the same quotient were served and some were not.
fn egalite(parts: &[Part128<'_>], servis: &[usize], ecartes: &[usize]) -> Option<Egalite> {
    let codes = |rangs: &[usize]| {
        let mut codes: Vec<_> = rangs.iter().map(|i| parts[*i].code.to_owned()).collect();
        codes.sort();
        codes.dedup();
        codes
    };
    let decide = !servis.is_empty() && !ecartes.is_empty();
    decide.then(|| Egalite {
        servis: codes(servis),
        ecartes: codes(ecartes),
    })
}
