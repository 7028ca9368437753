//! The shape of a file: a version of the standard, a known source, or a mapping that the person gives.

use std::collections::BTreeSet;

use crate::domain::{
    correspondance::{Correspondance, reconnaitre},
    standard::{colonnes::Version, ligne::Ligne, migration::migrer, table::Lecture},
};

/// How rows become rows of the standard v1.0.
#[derive(Clone, Copy, Debug)]
pub enum Traduction<'c> {
    /// The file is in the standard already, or was in an older version.
    Standard(Version),
    /// The file has columns of its own.
    Correspondance {
        /// Name of the shipped mapping, or of the person's file.
        nom: &'c str,
        /// The mapping.
        regles: &'c Correspondance,
    },
}

/// Columns that nothing recognises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("les colonnes de ce fichier ne sont ni celles du standard ni celles d’une source connue : {colonnes}")]
pub struct FormeInconnue {
    colonnes: String,
}

impl Traduction<'static> {
    /// The translation that the columns of the rows call for.
    ///
    /// # Errors
    /// When they are neither those of the standard nor of a known source.
    pub fn deviner(lectures: &[Lecture]) -> Result<Self, FormeInconnue> {
        let lignes = lectures.iter().filter_map(|lecture| lecture.as_ref().ok());
        let colonnes: BTreeSet<&str> = lignes.flat_map(Ligne::colonnes).collect();
        let colonnes: Vec<String> = colonnes.into_iter().map(str::to_owned).collect();
        if let Some((nom, regles)) = reconnaitre(&colonnes) {
            return Ok(Traduction::Correspondance { nom, regles });
        }
        Version::de_l_en_tete(&colonnes)
            .map(Traduction::Standard)
            .ok_or_else(|| FormeInconnue {
                colonnes: colonnes.join(", "),
            })
    }
}

impl Traduction<'_> {
    /// What was recognised, in French.
    pub fn libelle(&self) -> String {
        match self {
            Traduction::Standard(version) => format!("standard national, version {}", version.nom()),
            Traduction::Correspondance { nom, .. } => format!("correspondance « {nom} »"),
        }
    }

    /// The name of the source, when the mapping gives one.
    pub fn source(&self) -> Option<&str> {
        match self {
            Traduction::Standard(_) => None,
            Traduction::Correspondance { regles, .. } => regles.source(),
        }
    }

    /// The row in the columns of the standard v1.0, or the term that says that it is no place.
    ///
    /// # Errors
    /// The term, when the mapping sets the row aside.
    pub fn traduire(&self, ligne: Ligne) -> Result<Ligne, String> {
        match self {
            // Old columns are read in a new file as well: people mix both.
            Traduction::Standard(_) => Ok(migrer(ligne)),
            Traduction::Correspondance { regles, .. } => match regles.ecartee(&ligne) {
                Some(terme) => Err(terme.to_owned()),
                None => Ok(regles.appliquer(&ligne)),
            },
        }
    }
}
