//! A row, before anybody knows what it means.

use std::sync::Arc;

/// A row of a file: named cells, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ligne {
    /// Number of the row: the line of a CSV file (the header is 1), the rank of a JSON object (from 1).
    pub numero: usize,
    /// Name and text of each cell.
    pub cellules: Vec<(Arc<str>, String)>,
}

impl Ligne {
    /// A row made of pairs.
    pub fn nouvelle<'a>(numero: usize, cellules: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Ligne {
            numero,
            cellules: cellules
                .into_iter()
                .map(|(c, v)| (Arc::from(c), v.to_owned()))
                .collect(),
        }
    }

    /// The text of a cell without the spaces around it; empty when the column is absent.
    pub fn lire(&self, colonne: &str) -> &str {
        self.brut(colonne).trim()
    }

    /// The text of a cell as it is; empty when the column is absent.
    pub fn brut(&self, colonne: &str) -> &str {
        self.cellules
            .iter()
            .find(|(nom, _)| **nom == *colonne)
            .map_or("", |(_, valeur)| valeur)
    }

    /// Whether the column exists.
    pub fn a(&self, colonne: &str) -> bool {
        self.cellules.iter().any(|(nom, _)| **nom == *colonne)
    }

    /// Puts a text in a cell, in place of the former one.
    pub fn ecrire(&mut self, colonne: &str, valeur: impl Into<String>) {
        match self.cellules.iter_mut().find(|(nom, _)| **nom == *colonne) {
            Some((_, cellule)) => *cellule = valeur.into(),
            None => self.cellules.push((Arc::from(colonne), valeur.into())),
        }
    }

    /// Whether every cell is empty.
    pub fn est_vide(&self) -> bool {
        self.cellules.iter().all(|(_, valeur)| valeur.trim().is_empty())
    }

    /// The names of the columns.
    pub fn colonnes(&self) -> impl Iterator<Item = &str> {
        self.cellules.iter().map(|(nom, _)| &**nom)
    }
}
