//! Reading the file of an instance: JSON to types, each fault named with its table, its row and its field.

use super::{
    modele::{Commune, Departement, Instance, MILLIEMES, Personnes, Structure},
    validation,
};
use crate::{empreinte::Empreinte, fraction::Fraction};
use serde_json::{Map, Value};
use std::fmt;

/// The most faults that are told at once.
pub const FAUTES_DITES: usize = 50;
/// The most posts that are given at once.
const POSTES_MAX: u32 = 100_000;
/// The most posts that a structure asks for.
const DEMANDE_MAX: u32 = 10_000;
/// The greatest number of people that a commune or a post may have.
const PERSONNES_MAX: f64 = 1e9;

/// An instance with the hash of its file.
#[derive(Debug, Clone)]
pub struct InstanceLue {
    /// What the file says.
    pub instance: Instance,
    /// SHA-256 of the bytes of the file.
    pub empreinte: Empreinte,
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endroit {
    /// `structures`, `communes` or `departments`; empty for the instance itself.
    pub table: &'static str,
    /// Rank in the table, from 1; 0 without one.
    pub rang: usize,
    /// Identifier of the row, when it has one.
    pub id: Option<u64>,
    /// The field; empty for the whole row.
    pub champ: &'static str,
}

impl fmt::Display for Endroit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.table.is_empty() {
            let id = self.id.map_or_else(String::new, |id| format!(" (id {id})"));
            parts.push(format!("{}, rang {}{id}", self.table, self.rang));
        }
        if !self.champ.is_empty() {
            parts.push(format!("champ « {} »", self.champ));
        }
        if parts.is_empty() {
            parts.push("instance".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

/// A fault of an instance, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{endroit} : {message}")]
pub struct Faute {
    /// Where.
    pub endroit: Endroit,
    /// The rule that is broken, with its figures.
    pub message: String,
}

/// Why a file is not an instance that can be solved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurInstance {
    /// Not JSON.
    #[error("ce n’est pas du JSON lisible : arrêt à la ligne {ligne}, colonne {colonne}")]
    Json {
        /// Counted from 1.
        ligne: usize,
        /// Counted from 1.
        colonne: usize,
    },
    /// Fields that are absent, of another kind, or against a rule.
    #[error("{}", lignes(.0))]
    Fautes(Vec<Faute>),
}

fn lignes(fautes: &[Faute]) -> String {
    let mut lignes: Vec<_> = fautes.iter().take(FAUTES_DITES).map(ToString::to_string).collect();
    if fautes.len() > FAUTES_DITES {
        lignes.push(format!("… et {} autres fautes", fautes.len() - FAUTES_DITES));
    }
    lignes.join("\n")
}

/// Reads an instance and applies every rule to it.
///
/// # Errors
/// The place where the JSON stops, or every fault with its row and its field.
pub fn lire_instance(octets: &[u8]) -> Result<InstanceLue, ErreurInstance> {
    let valeur: Value = serde_json::from_slice(octets).map_err(|erreur| ErreurInstance::Json {
        ligne: erreur.line(),
        colonne: erreur.column(),
    })?;
    let mut lecteur = Lecteur::default();
    let instance = lecteur.instance(&valeur);
    let mut fautes = lecteur.fautes;
    if fautes.is_empty() {
        fautes = validation::valider(&instance);
    }
    if fautes.is_empty() {
        let empreinte = Empreinte::de(octets);
        Ok(InstanceLue { instance, empreinte })
    } else {
        Err(ErreurInstance::Fautes(fautes))
    }
}

/// Reads what it can, and keeps the faults: one reading tells them all.
#[derive(Default)]
struct Lecteur {
    fautes: Vec<Faute>,
}

/// A row being read.
struct Rangee<'a> {
    champs: &'a Map<String, Value>,
    endroit: Endroit,
}

impl Lecteur {
    fn instance(&mut self, valeur: &Value) -> Instance {
        let vide = Map::new();
        let champs = valeur.as_object().unwrap_or_else(|| {
            self.refuse(Endroit::default(), "un objet JSON est attendu".to_owned());
            &vide
        });
        let rangee = Rangee {
            champs,
            endroit: Endroit::default(),
        };
        let mut instance = Instance {
            posts: self.entier(&rangee, "posts", POSTES_MAX),
            structures: Vec::new(),
            communes: Vec::new(),
            departments: Vec::new(),
            capacity_per_post: self.personnes(&rangee, "capacity_per_post"),
            rural_min_share: self.part(&rangee, "rural_min_share"),
        };
        if self.fautes.iter().any(|f| f.endroit == Endroit::default()) {
            return instance;
        }
        instance.departments = self.table(&rangee, "departments", Self::departement);
        instance.structures = self.table(&rangee, "structures", Self::structure);
        instance.communes = self.table(&rangee, "communes", Self::commune);
        instance
    }

    fn structure(&mut self, r: &Rangee<'_>) -> Structure {
        let id = self.id(r, "id");
        Structure {
            id,
            dep: self.id(r, "dep"),
            ask: self.entier(r, "ask", DEMANDE_MAX),
            min_grant: self.entier(r, "min_grant", DEMANDE_MAX),
            rural: self.booleen(r, "rural"),
        }
    }

    fn commune(&mut self, r: &Rangee<'_>) -> Commune {
        Commune {
            id: self.id(r, "id"),
            pop: self.personnes(r, "pop"),
            dep: self.id(r, "dep"),
            cover: self.couverture(r),
        }
    }

    fn departement(&mut self, r: &Rangee<'_>) -> Departement {
        Departement {
            id: self.id(r, "id"),
            min: self.entier(r, "min", POSTES_MAX),
            max: self.entier(r, "max", POSTES_MAX),
        }
    }

    fn table<T>(
        &mut self,
        instance: &Rangee<'_>,
        table: &'static str,
        lire: impl Fn(&mut Self, &Rangee<'_>) -> T,
    ) -> Vec<T> {
        let Some(rangees) = self.valeur(instance, table).and_then(|v| {
            let liste = v.as_array();
            if liste.is_none() {
                self.refuse_champ(
                    instance,
                    table,
                    format!("une liste est attendue au lieu de {}", nature(v)),
                );
            }
            liste
        }) else {
            return Vec::new();
        };
        let mut lues = Vec::with_capacity(rangees.len());
        for (i, valeur) in rangees.iter().enumerate() {
            let id = valeur.get("id").and_then(Value::as_u64);
            let endroit = Endroit {
                table,
                rang: i + 1,
                id,
                champ: "",
            };
            match valeur.as_object() {
                Some(champs) => lues.push(lire(self, &Rangee { champs, endroit })),
                None => self.refuse(endroit, format!("un objet est attendu au lieu de {}", nature(valeur))),
            }
        }
        lues
    }

    fn couverture(&mut self, r: &Rangee<'_>) -> Vec<u64> {
        let Some(valeur) = self.valeur(r, "cover") else {
            return Vec::new();
        };
        let ids: Option<Vec<u64>> = valeur
            .as_array()
            .and_then(|liste| liste.iter().map(Value::as_u64).collect());
        ids.unwrap_or_else(|| {
            self.refuse_champ(
                r,
                "cover",
                "une liste d’identifiants de structures est attendue".to_owned(),
            );
            Vec::new()
        })
    }

    fn id(&mut self, r: &Rangee<'_>, champ: &'static str) -> u64 {
        self.nombre(r, champ, "un identifiant entier, zéro ou plus,", entier)
    }

    fn entier(&mut self, r: &Rangee<'_>, champ: &'static str, max: u32) -> u32 {
        let lire = |v: &Value| entier(v).and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= max);
        self.nombre(r, champ, &format!("un nombre entier de 0 à {max}"), lire)
    }

    fn personnes(&mut self, r: &Rangee<'_>, champ: &'static str) -> Personnes {
        let lire = |v: &Value| {
            let milliemes = v.as_f64().filter(|n| (0.0..=PERSONNES_MAX).contains(n))? * MILLIEMES as f64;
            ((milliemes - milliemes.round()).abs() < 1e-4).then(|| Personnes(milliemes.round() as i64))
        };
        self.nombre(
            r,
            champ,
            "un nombre de personnes, zéro ou plus, avec trois décimales au plus,",
            lire,
        )
    }

    fn part(&mut self, r: &Rangee<'_>, champ: &'static str) -> Fraction {
        let lire = |v: &Value| {
            let part = Fraction::depuis_decimal(v.as_f64()?)?;
            (!part.est_negative() && part <= Fraction::UN).then_some(part)
        };
        self.nombre(r, champ, "une part de 0 à 1", lire)
    }

    fn booleen(&mut self, r: &Rangee<'_>, champ: &'static str) -> bool {
        self.nombre(r, champ, "true ou false", Value::as_bool)
    }

    fn nombre<T: Default>(
        &mut self,
        r: &Rangee<'_>,
        champ: &'static str,
        attendu: &str,
        lire: impl Fn(&Value) -> Option<T>,
    ) -> T {
        let Some(valeur) = self.valeur(r, champ) else {
            return T::default();
        };
        lire(valeur).unwrap_or_else(|| {
            let accord = if attendu.starts_with("une ") {
                "attendue"
            } else {
                "attendu"
            };
            let message = format!("{attendu} est {accord} au lieu de {}", nature(valeur));
            self.refuse_champ(r, champ, message);
            T::default()
        })
    }

    fn valeur<'a>(&mut self, r: &Rangee<'a>, champ: &'static str) -> Option<&'a Value> {
        let valeur = r.champs.get(champ);
        if valeur.is_none() {
            self.refuse_champ(r, champ, "ce champ manque".to_owned());
        }
        valeur
    }

    fn refuse_champ(&mut self, r: &Rangee<'_>, champ: &'static str, message: String) {
        self.refuse(
            Endroit {
                champ,
                ..r.endroit.clone()
            },
            message,
        );
    }

    fn refuse(&mut self, endroit: Endroit, message: String) {
        self.fautes.push(Faute { endroit, message });
    }
}

/// A whole number, even written 12.0.
fn entier(valeur: &Value) -> Option<u64> {
    let decimal = || {
        let n = valeur.as_f64()?;
        (n.fract() == 0.0 && (0.0..9e15).contains(&n)).then_some(n as u64)
    };
    valeur.as_u64().or_else(decimal)
}

/// What a value is, in words, to say what was found.
fn nature(valeur: &Value) -> String {
    match valeur {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(texte) => format!("« {} »", texte.chars().take(40).collect::<String>()),
        Value::Array(_) => "une liste".to_owned(),
        Value::Object(_) => "un objet".to_owned(),
    }
}
