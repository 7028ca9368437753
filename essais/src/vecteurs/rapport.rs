//! What a run of vectors found, and how it is told.

use std::collections::BTreeMap;
use std::fmt;

/// What became of one vector.
#[derive(Debug, Clone, PartialEq)]
pub enum Sort {
    /// Ours answers as the reference does.
    Passe,
    /// Ours refuses a quirk of the reference, for this written reason.
    Devie(String),
    /// Ours answers something else.
    Echoue(String),
    /// Nobody mapped the function, or not for such a call.
    NonRelie(String),
}

/// The vectors of one file.
#[derive(Debug)]
pub struct Fichier {
    pub(super) nom: String,
    pub(super) facultatif: bool,
    pub(super) sorts: Vec<Sort>,
}

impl Fichier {
    fn compte(&self) -> Compte {
        let mut compte = Compte {
            total: self.sorts.len(),
            ..Compte::default()
        };
        for sort in &self.sorts {
            match sort {
                Sort::Passe => compte.passes += 1,
                Sort::Devie(_) => compte.deviations += 1,
                Sort::Echoue(_) | Sort::NonRelie(_) => {}
            }
        }
        compte
    }
}

/// How many vectors passed, how many deviate, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compte {
    /// Vectors that passed.
    pub passes: usize,
    /// Vectors that deviate for a declared reason.
    pub deviations: usize,
    /// All vectors.
    pub total: usize,
}

impl Compte {
    /// Whether at least `part` percent pass, declared deviations apart.
    pub fn atteint(self, part: usize) -> bool {
        self.passes * 100 >= (self.total - self.deviations) * part
    }
}

impl std::iter::Sum for Compte {
    fn sum<I: Iterator<Item = Self>>(comptes: I) -> Self {
        comptes.fold(Self::default(), |a, b| Self {
            passes: a.passes + b.passes,
            deviations: a.deviations + b.deviations,
            total: a.total + b.total,
        })
    }
}

/// Every file of a folder.
#[derive(Debug, Default)]
pub struct Rapport {
    pub(super) fichiers: Vec<Fichier>,
}

impl Rapport {
    /// The count of the files that must pass.
    pub fn compte(&self) -> Compte {
        self.total(false)
    }

    fn total(&self, facultatif: bool) -> Compte {
        self.fichiers
            .iter()
            .filter(|f| f.facultatif == facultatif)
            .map(Fichier::compte)
            .sum()
    }
}

impl fmt::Display for Rapport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fichier in &self.fichiers {
            let Compte {
                passes,
                deviations,
                total,
            } = fichier.compte();
            let facultatif = if fichier.facultatif { "autres/" } else { "" };
            writeln!(
                f,
                "{facultatif}{}: {passes}/{total} (deviations {deviations})",
                fichier.nom
            )?;
            let mut non_relies: BTreeMap<&str, usize> = BTreeMap::new();
            for (rang, sort) in fichier.sorts.iter().enumerate() {
                match sort {
                    Sort::Passe => {}
                    Sort::NonRelie(motif) => *non_relies.entry(motif).or_default() += 1,
                    Sort::Devie(raison) => writeln!(f, "    {rang} déviation : {raison}")?,
                    Sort::Echoue(motif) => writeln!(f, "    {rang} échec : {}", abrege(motif))?,
                }
            }
            for (motif, nombre) in non_relies {
                writeln!(f, "    {nombre} fois : {motif}")?;
            }
        }
        let (requis, facultatifs) = (self.total(false), self.total(true));
        writeln!(f, "facultatifs: {}/{}", facultatifs.passes, facultatifs.total)?;
        writeln!(f, "deviations: {}", requis.deviations)?;
        write!(f, "vecteurs: {}/{}", requis.passes, requis.total)
    }
}

fn abrege(motif: &str) -> String {
    const LONGUEUR: usize = 600;
    match motif.char_indices().nth(LONGUEUR) {
        Some((fin, _)) => format!("{}…", &motif[..fin]),
        None => motif.to_owned(),
    }
}
