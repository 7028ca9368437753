//! What a selection is asked on, and what it answers: the instance and the solution, as their files write them.

use crate::fraction::Fraction;
use serde::{Deserialize, Serialize, Serializer};

/// How many parts a person is counted in: people are known to the thousandth, in whole numbers.
pub const MILLIEMES: i64 = 1000;

/// A number of people, in thousandths; in files, a number with three decimals at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Personnes(pub i64);

impl Personnes {
    /// People as a decimal number.
    #[must_use]
    pub const fn en_decimal(self) -> f64 {
        self.0 as f64 / MILLIEMES as f64
    }
}

impl Serialize for Personnes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % MILLIEMES == 0 {
            serializer.serialize_i64(self.0 / MILLIEMES)
        } else {
            serializer.serialize_f64(self.en_decimal())
        }
    }
}

/// An applicant: a structure that asks for posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Structure {
    /// Its identifier in the instance.
    pub id: u64,
    /// The département that it stands in.
    pub dep: u64,
    /// Posts that it asks for.
    pub ask: u32,
    /// The least number of posts worth granting to it.
    pub min_grant: u32,
    /// It counts towards the rural share.
    pub rural: bool,
}

/// A commune, with its people in need and who can serve them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commune {
    /// Its identifier in the instance.
    pub id: u64,
    /// People in need.
    pub pop: Personnes,
    /// Its département.
    pub dep: u64,
    /// The structures that can serve it, each once.
    pub cover: Vec<u64>,
}

/// A département, with the posts that it gets at least and at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Departement {
    /// Its identifier in the instance.
    pub id: u64,
    /// Floor, in posts.
    pub min: u32,
    /// Ceiling, in posts.
    pub max: u32,
}

/// Everything that a selection decides on; the order of the lists changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Posts to give, all of them.
    pub posts: u32,
    /// The applicants.
    pub structures: Vec<Structure>,
    /// The communes with people in need.
    pub communes: Vec<Commune>,
    /// The départements.
    pub departments: Vec<Departement>,
    /// People that one post can serve.
    pub capacity_per_post: Personnes,
    /// Least share of the posts that go to rural structures.
    pub rural_min_share: Fraction,
}

impl Instance {
    /// Posts that must go to rural structures at least.
    #[must_use]
    pub fn plancher_rural(&self) -> u32 {
        let part = self.rural_min_share.fois(Fraction::entier(i64::from(self.posts)));
        part.and_then(|p| u32::try_from(p.plafond()).ok()).unwrap_or(u32::MAX)
    }
}

/// The posts granted, who serves whom, and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Solution {
    /// Hash of the file of the instance, SHA-256 in hexadecimal.
    pub instance_sha256: String,
    /// Value of the solution.
    pub objective: f64,
    /// No solution is worth more.
    pub bound: f64,
    /// `(bound - objective) / bound`.
    pub gap: f64,
    /// Structure and posts, where posts were granted, in the order of identifiers.
    pub grants: Vec<(u64, u32)>,
    /// Structure, commune and people served, in the order of identifiers.
    pub services: Vec<(u64, u64, Service)>,
}

/// People served, as a file writes them.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(transparent)]
pub struct Service(pub f64);

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A whole number of people is written without its point.
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// What the objective is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valeur {
    /// People served.
    pub servis: f64,
    /// All the people in need.
    pub population: f64,
    /// The share served in the worst served département, among the people whom somebody could serve there.
    pub equite: f64,
    /// Weight of that share: 300, but to see what would change with another.
    pub poids_equite: f64,
}

/// Weight of the share of people served.
pub const POIDS_SERVIS: f64 = 1000.0;
/// Weight of the worst served département.
pub const POIDS_EQUITE: f64 = 300.0;

impl Valeur {
    /// The objective: 1000 for the share of people served, 300 for the worst served département.
    #[must_use]
    pub fn objectif(self) -> f64 {
        let part = if self.population > 0.0 {
            self.servis / self.population
        } else {
            0.0
        };
        POIDS_SERVIS * part + self.poids_equite * self.equite
    }
}

/// `(bound - objective) / bound`, never below zero.
#[must_use]
pub fn ecart(objectif: f64, borne: f64) -> f64 {
    if borne > 0.0 {
        ((borne - objectif) / borne).max(0.0)
    } else {
        0.0
    }
}
