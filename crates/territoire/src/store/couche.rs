//! Layers in the database: a header and its rows, as received.

use serde_json::Value;
use socle::{
    clock::Instant,
    db::{DayColumn, DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

use crate::domain::couche::{Couche, Element, Nature};

#[derive(sqlx::FromRow)]
struct Entete {
    id: Uuid,
    nature: String,
    source: String,
    millesime: String,
    licence: String,
    valable_du: DayColumn,
    valable_au: Option<DayColumn>,
    empreinte: String,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    code: String,
    libelle: String,
    contenu: Value,
}

impl Entete {
    /// Nothing when a later program wrote a nature that this one does not know.
    fn couche(self) -> Option<(Couche, String)> {
        let couche = Couche {
            id: self.id,
            nature: Nature::depuis_code(&self.nature)?,
            source: self.source,
            millesime: self.millesime,
            licence: self.licence,
            valable_du: self.valable_du.0,
            valable_au: self.valable_au.map(|jour| jour.0),
        };
        Some((couche, self.empreinte))
    }
}

impl Ligne {
    fn element(self) -> Option<Element> {
        Some(Element {
            contenu: serde_json::from_value(self.contenu).ok()?,
            code: self.code,
            libelle: self.libelle,
        })
    }
}

/// The header of a vintage, with the fingerprint of the file that it came from.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, nature: Nature, millesime: &str) -> DbResult<Option<(Couche, String)>> {
    let entete: Option<Entete> = tx
        .fetch_optional(
            sql!("SELECT id, nature, source, millesime, licence, valable_du, valable_au, empreinte FROM couche WHERE nature = $1 AND millesime = $2"),
            &params![nature.code(), millesime],
        )
        .await?;
    Ok(entete.and_then(Entete::couche))
}

/// The headers of every layer.
///
/// # Errors
/// The engine's.
pub async fn entetes(tx: &mut Tx) -> DbResult<Vec<Couche>> {
    let entetes: Vec<Entete> = tx
        .fetch_all(
            sql!("SELECT id, nature, source, millesime, licence, valable_du, valable_au, empreinte FROM couche ORDER BY nature, valable_du, millesime"),
            &[],
        )
        .await?;
    Ok(entetes
        .into_iter()
        .filter_map(Entete::couche)
        .map(|(couche, _)| couche)
        .collect())
}

/// Writes a layer in the place of the one that has its identifier.
///
/// # Errors
/// The engine's.
pub async fn enregistrer(
    tx: &mut Tx,
    couche: &Couche,
    empreinte: &str,
    elements: &[Element],
    at: Instant,
) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO couche (id, nature, source, millesime, licence, valable_du, valable_au, empreinte, importee_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO UPDATE SET source = excluded.source, licence = excluded.licence, valable_du = excluded.valable_du,
                valable_au = excluded.valable_au, empreinte = excluded.empreinte, importee_at = excluded.importee_at"
        ),
        &params![
            couche.id,
            couche.nature.code(),
            couche.source.as_str(),
            couche.millesime.as_str(),
            couche.licence.as_str(),
            couche.valable_du,
            couche.valable_au,
            empreinte,
            at
        ],
    )
    .await?;
    tx.execute(
        sql!("DELETE FROM couche_element WHERE couche_id = $1"),
        &params![couche.id],
    )
    .await?;
    for element in elements {
        let contenu = serde_json::to_value(&element.contenu).map_err(|e| sqlx::Error::Encode(e.into()))?;
        tx.execute(
            sql!("INSERT INTO couche_element (couche_id, code, libelle, contenu) VALUES ($1, $2, $3, $4)"),
            &params![couche.id, element.code.as_str(), element.libelle.as_str(), contenu],
        )
        .await?;
    }
    Ok(())
}

/// The rows of a layer; one that cannot be read any more is left out.
///
/// # Errors
/// The engine's.
pub async fn elements(tx: &mut Tx, couche: Uuid) -> DbResult<Vec<Element>> {
    let mut elements = Vec::new();
    let mut apres = String::new();
    loop {
        let lot: Vec<Ligne> = tx
            .fetch_all(
                sql!(
                    "SELECT code, libelle, contenu FROM couche_element
                      WHERE couche_id = $1 AND code > $2 ORDER BY code LIMIT 5000"
                ),
                &params![couche, apres.as_str()],
            )
            .await?;
        let Some(derniere) = lot.last() else {
            return Ok(elements);
        };
        apres.clone_from(&derniere.code);
        elements.extend(lot.into_iter().filter_map(Ligne::element));
    }
}
