//! Amounts that were really given, against what need alone would have given.

use crate::{
    empreinte::Empreinte,
    fraction::Fraction,
    repartition::{ErreurRepartition, Methode, Territoire, repartir},
};
use serde::Serialize;

/// A territory that was really given something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reel {
    /// Its code.
    pub code: String,
    /// What it was given, in whole units (posts, or hundreds of euros).
    pub montant: u32,
    /// Its need; none when it is not known.
    pub besoin: Option<Fraction>,
}

/// A territory with both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ligne {
    /// Its code.
    pub code: String,
    /// What it was given.
    pub reel: u32,
    /// What need alone would give.
    pub par_besoin: u32,
    /// What it was given more, or less when negative.
    pub ecart: i64,
}

/// The whole comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retour {
    /// Territories whose need is known, in the order of codes.
    pub lignes: Vec<Ligne>,
    /// Territories whose need is not known, with what they were given: left as they are.
    pub inconnus: Vec<(String, u32)>,
    /// Sum of the amounts given to the territories compared.
    pub total: u64,
    /// The least amount given, and how many territories got it.
    pub plancher: (u32, usize),
    /// The greatest amount given, and how many territories got it.
    pub plafond: (u32, usize),
    /// Share of the total that everybody got whatever their need.
    pub part_egale: f64,
    /// Share of the total that need alone would have given to somebody else.
    pub part_deplacee: f64,
}

/// Shares the same total by need, and compares.
///
/// # Errors
/// What the apportionment refuses, a total too large among others.
pub fn comparer(reels: &[Reel], methode: Methode, tirage: &Empreinte) -> Result<Retour, ErreurRepartition> {
    let connus = || reels.iter().filter(|r| r.besoin.is_some());
    let total: u64 = connus().map(|r| u64::from(r.montant)).sum();
    let territoires: Vec<_> = connus()
        .map(|r| Territoire {
            code: r.code.clone(),
            besoin: r.besoin,
            plancher: 0,
            plafond: None,
        })
        .collect();
    let postes = u32::try_from(total).map_err(|_| ErreurRepartition::TropDePostes(u32::MAX))?;
    let partage = repartir(postes, methode, &territoires, tirage)?;
    let mut lignes: Vec<_> = connus()
        .map(|r| {
            let rang = partage.postes.binary_search_by(|(code, _)| code.as_str().cmp(&r.code));
            let par_besoin = rang.map_or(0, |i| partage.postes[i].1);
            let ecart = i64::from(r.montant) - i64::from(par_besoin);
            Ligne {
                code: r.code.clone(),
                reel: r.montant,
                par_besoin,
                ecart,
            }
        })
        .collect();
    lignes.sort_by(|a, b| a.code.cmp(&b.code));
    let extreme = |montant: Option<u32>| {
        let montant = montant.unwrap_or(0);
        (montant, lignes.iter().filter(|l| l.reel == montant).count())
    };
    let plancher = extreme(lignes.iter().map(|l| l.reel).min());
    let plafond = extreme(lignes.iter().map(|l| l.reel).max());
    let part = |montant: u64| if total == 0 { 0.0 } else { montant as f64 / total as f64 };
    let deplace: u64 = lignes.iter().map(|l| l.ecart.max(0).unsigned_abs()).sum();
    Ok(Retour {
        part_egale: part(u64::from(plancher.0) * lignes.len() as u64),
        part_deplacee: part(deplace),
        inconnus: reels
            .iter()
            .filter(|r| r.besoin.is_none())
            .map(|r| (r.code.clone(), r.montant))
            .collect(),
        total,
        plancher,
        plafond,
        lignes,
    })
}
