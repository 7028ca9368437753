//! Places as GeoJSON features (RFC 7946).

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    json::{ecrire_liste, objet},
    ligne::{CodesInsee, coordonnees},
};
use crate::domain::lieu::Lieu;

/// Writes a collection of features; a place without a position of its own has no geometry, rather than a wrong one.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire<'l>(
    mut sortie: impl Write,
    lieux: impl IntoIterator<Item = &'l Lieu>,
    codes: CodesInsee,
) -> io::Result<()> {
    sortie.write_all(br#"{"type":"FeatureCollection","features":"#)?;
    ecrire_liste(&mut sortie, lieux.into_iter().map(|lieu| trait_de(lieu, codes)))?;
    sortie.write_all(b"}\n")?;
    sortie.flush()
}

fn trait_de(lieu: &Lieu, codes: CodesInsee) -> Value {
    let mut proprietes = objet(lieu, codes);
    proprietes.shift_remove("latitude");
    proprietes.shift_remove("longitude");
    let geometrie = coordonnees(lieu).map_or(
        Value::Null,
        |(latitude, longitude)| json!({ "type": "Point", "coordinates": [longitude, latitude] }),
    );
    json!({ "type": "Feature", "id": lieu.id, "geometry": geometrie, "properties": proprietes })
}
