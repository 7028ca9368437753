//! The standard v1.0.2 in CSV.

use std::io::{self, Write};

use super::ligne::{CodesInsee, cellules};
use crate::domain::{lieu::Lieu, standard::colonnes::COLONNES};

/// Writes the header and one row a place: UTF-8, comma, filled cells between quotes, quotes doubled, `|` between two values.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire<'l>(
    mut sortie: impl Write,
    lieux: impl IntoIterator<Item = &'l Lieu>,
    codes: CodesInsee,
) -> io::Result<()> {
    ecrire_ligne(&mut sortie, COLONNES)?;
    for lieu in lieux {
        ecrire_ligne(&mut sortie, cellules(lieu, codes))?;
    }
    sortie.flush()
}

/// Writes one row; an empty cell has no quotes, so that it reads as missing and not as an empty text.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire_ligne<T: AsRef<str>>(sortie: &mut impl Write, cellules: impl IntoIterator<Item = T>) -> io::Result<()> {
    for (rang, cellule) in cellules.into_iter().enumerate() {
        let cellule = cellule.as_ref();
        if rang > 0 {
            sortie.write_all(b",")?;
        }
        if !cellule.is_empty() {
            write!(sortie, "\"{}\"", cellule.replace('"', "\"\""))?;
        }
    }
    sortie.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_guillemet_est_double_et_une_cellule_vide_reste_vide() {
        let mut sortie = Vec::new();
        ecrire_ligne(&mut sortie, ["Maison « A »", "dite \"B\"", "", "a,b\nc"]).unwrap();
        assert_eq!(
            String::from_utf8(sortie).unwrap(),
            "\"Maison « A »\",\"dite \"\"B\"\"\",,\"a,b\nc\"\n"
        );
    }
}
