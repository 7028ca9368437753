//! The standard v1.0.2 in CSV.

use std::io::Write;

use super::ligne::{CodesInsee, cellules};
use crate::domain::{lieu::Lieu, standard::colonnes::COLONNES};

/// Writes the header and one row a place: UTF-8, comma, quotes doubled where needed, `|` between two values.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire<'l>(
    sortie: impl Write,
    lieux: impl IntoIterator<Item = &'l Lieu>,
    codes: CodesInsee,
) -> Result<(), csv::Error> {
    let mut ecrivain = csv::Writer::from_writer(sortie);
    ecrivain.write_record(COLONNES)?;
    for lieu in lieux {
        ecrivain.write_record(cellules(lieu, codes))?;
    }
    ecrivain.flush()?;
    Ok(())
}
