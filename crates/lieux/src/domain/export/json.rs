//! The standard v1.0.2 in JSON: the names of its columns, empty ones left out, and the stops of itinerant places.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::ligne::{CodesInsee, cellules, coordonnees};
use crate::domain::{lieu::Lieu, standard::colonnes::COLONNES};

/// Writes an array of objects, one at a time.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire<'l>(
    mut sortie: impl Write,
    lieux: impl IntoIterator<Item = &'l Lieu>,
    codes: CodesInsee,
) -> io::Result<()> {
    ecrire_liste(&mut sortie, lieux.into_iter().map(|lieu| objet(lieu, codes).into()))?;
    sortie.flush()
}

/// One place as an object of the standard.
pub fn objet(lieu: &Lieu, codes: CodesInsee) -> Map<String, Value> {
    let mut objet = Map::new();
    for (colonne, cellule) in COLONNES.into_iter().zip(cellules(lieu, codes)) {
        if !cellule.is_empty() && colonne != "latitude" && colonne != "longitude" {
            objet.insert(colonne.to_owned(), cellule.into());
        } else if let Some((latitude, longitude)) = coordonnees(lieu).filter(|_| !cellule.is_empty()) {
            let degres = if colonne == "latitude" { latitude } else { longitude };
            objet.insert(colonne.to_owned(), degres.into());
        }
    }
    if let Ok(visites) = serde_json::to_value(&lieu.visites)
        && !lieu.visites.is_empty()
    {
        objet.insert("visites".to_owned(), visites);
    }
    objet
}

/// Writes a JSON array, one value at a time, so that a large one never stands whole in memory.
pub(super) fn ecrire_liste(sortie: &mut impl Write, valeurs: impl IntoIterator<Item = Value>) -> io::Result<()> {
    sortie.write_all(b"[")?;
    for (rang, valeur) in valeurs.into_iter().enumerate() {
        sortie.write_all(if rang == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *sortie, &valeur)?;
    }
    sortie.write_all(b"\n]\n")
}
