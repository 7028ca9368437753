//! The vectors of the reference implementations, run against ours.
//!
//! A vector is a chain of calls, a matcher and what the matcher expects. Each room maps the reference's functions that
//! it answers for in its `TABLE`; a vector is then *passed*, a *declared deviation* (docs/deviations.md) or *failed*,
//! and a function that nobody mapped has failed.

mod attente;
mod carto;
mod chaine;
mod deviations;
mod doublons;
mod fiches;
mod horaires;
mod lieux;
mod rapport;
mod territoire;
pub mod valeur;

pub use chaine::{Contexte, Fonction, Retour};
pub use rapport::{Fichier, Rapport, Sort};
pub use valeur::Valeur;

use serde::Deserialize;
use std::path::{Path, PathBuf};

use chaine::{Etape, Mondes};
use deviations::Deviations;

/// The optional files, by name: they are run and reported apart, wherever they stand.
const FACULTATIFS: [&str; 13] = [
    "carto-decoupage-bbox",
    "carto-fiche",
    "carto-liste",
    "data-inclusion-adresse",
    "data-inclusion-structures-services",
    "data-inclusion-vers-lieu",
    "dedup-fusion",
    "dedup-groupes",
    "dedup-groupes-fusion",
    "diff-source",
    "lieu-vers-data-inclusion",
    "qpv-transfert",
    "service-vers-structure-data-inclusion",
];

/// One recorded call of the reference and what its test expected.
#[derive(Debug, Deserialize)]
pub struct Vecteur {
    appel: Vec<Etape>,
    assertion: String,
    #[serde(default)]
    attendu: Valeur,
}

impl Vecteur {
    /// The arguments of every call of the chain.
    fn args(&self) -> impl Iterator<Item = &Valeur> {
        self.appel.iter().flat_map(|etape| etape.args.iter().flatten())
    }
}

#[derive(Deserialize)]
struct Recueil {
    vecteurs: Vec<Vecteur>,
}

/// Why a folder of vectors cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum Echec {
    /// A folder or file that cannot be read.
    #[error("{0} ne peut pas être lu : {1}")]
    Lecture(PathBuf, std::io::Error),
    /// A file that does not have the shape of a collection of vectors.
    #[error("{0} n'est pas un recueil de vecteurs : {1}")]
    Forme(PathBuf, serde_json::Error),
    /// A row of docs/deviations.md that names no known criterion.
    #[error("docs/deviations.md : {0}")]
    Deviation(String),
}

/// Runs every vector of `dossier` and of its sub-folders.
pub fn executer(dossier: &Path) -> Result<Rapport, Echec> {
    let mondes = Mondes::nouveaux([
        carto::TABLE,
        doublons::TABLE,
        horaires::TABLE,
        lieux::TABLE,
        territoire::TABLE,
    ]);
    let deviations = Deviations::lire(include_str!("../../../docs/deviations.md")).map_err(Echec::Deviation)?;
    let mut rapport = Rapport::default();
    for chemin in recueils(dossier)? {
        let nom = chemin.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let texte = std::fs::read_to_string(&chemin).map_err(|e| Echec::Lecture(chemin.clone(), e))?;
        let recueil: Recueil = serde_json::from_str(&texte).map_err(|e| Echec::Forme(chemin.clone(), e))?;
        let facultatif = FACULTATIFS.contains(&nom.as_str());
        let sorts = recueil
            .vecteurs
            .iter()
            .map(|v| classer(&mondes, &deviations, &nom, v))
            .collect();
        rapport.fichiers.push(Fichier { nom, facultatif, sorts });
    }
    Ok(rapport)
}

fn classer(mondes: &Mondes, deviations: &Deviations, fichier: &str, vecteur: &Vecteur) -> Sort {
    let obtenu = mondes.appeler(fichier, &vecteur.appel);
    let attendu = match mondes.attendu(fichier, &vecteur.attendu) {
        Ok(attendu) => attendu,
        Err(motif) => return Sort::NonRelie(motif),
    };
    if let Retour::Ignore(motif) = obtenu {
        return Sort::NonRelie(motif);
    }
    let Err(motif) = attente::verifier(&vecteur.assertion, &obtenu, &attendu) else {
        return Sort::Passe;
    };
    match deviations.raison(fichier, vecteur, &obtenu) {
        Some(raison) => Sort::Devie(raison.to_owned()),
        None => Sort::Echoue(format!("[{}] {motif}", deviations::empreinte(&vecteur.appel))),
    }
}

fn recueils(dossier: &Path) -> Result<Vec<PathBuf>, Echec> {
    let lire = |e| Echec::Lecture(dossier.to_owned(), e);
    let mut chemins = Vec::new();
    for entree in std::fs::read_dir(dossier).map_err(lire)? {
        let chemin = entree.map_err(lire)?.path();
        if chemin.is_dir() {
            chemins.extend(recueils(&chemin)?);
        } else if chemin.extension().is_some_and(|e| e == "json") {
            chemins.push(chemin);
        }
    }
    chemins.sort();
    Ok(chemins)
}
