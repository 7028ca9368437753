//! The only SQL about imports: what each source gave, and where each field comes from.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use socle::{
    clock::Instant,
    db::{DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

use super::portee;
use crate::domain::import::{Comptes, Provenance};

/// A row of a source that is known already.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Connue {
    /// Identifier in the source.
    pub id_externe: String,
    /// The place that it made.
    pub lieu_id: Uuid,
    /// Digest of what it made.
    pub empreinte: String,
    /// State of the place.
    pub etat: String,
    /// How many times the place changed.
    pub version: i64,
    /// The import that last wrote it.
    pub import_id: Uuid,
}

/// Every row of a source that is known.
///
/// # Errors
/// The engine's.
pub async fn connues(tx: &mut Tx, source: &str) -> DbResult<Vec<Connue>> {
    tx.fetch_all(
        sql!(
            "SELECT s.id_externe, s.lieu_id, s.empreinte, s.import_id, l.etat, l.version
               FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id WHERE s.source = $1"
        ),
        &params![source],
    )
    .await
}

/// The sources that gave a place of this scope, at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn sources(tx: &mut Tx, scope: &Scope, limite: u32) -> DbResult<Vec<String>> {
    let mut valeurs: Vec<Value> = params![scope.is_everything(), limite].into();
    valeurs.extend(portee::codes(scope));
    let requete = sql!(
        "SELECT DISTINCT s.source FROM lieu_source s
          WHERE $1 OR EXISTS (SELECT 1 FROM lieu_portee p WHERE p.lieu_id = s.lieu_id AND p.code IN ($3, ...))
          ORDER BY s.source LIMIT $2"
    );
    let lignes: Vec<(String,)> = tx.fetch_all(requete.with_list(3, valeurs.len() - 2), &valeurs).await?;
    Ok(lignes.into_iter().map(|(source,)| source).collect())
}

/// Keeps an import.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, id: Uuid, at: Instant, source: &str, fichier: &str, comptes: &Comptes) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO import_lieux (id, at, source, fichier, lues, creees, modifiees, inchangees, refusees, retirees)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
        &params![
            id,
            at,
            source,
            fichier,
            comptes.lues,
            comptes.creees,
            comptes.modifiees,
            comptes.inchangees,
            comptes.refusees,
            comptes.retirees
        ],
    )
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct LigneTenue {
    lieu_id: Uuid,
    code: String,
}

/// The codes among these in which each place of a source lies.
///
/// # Errors
/// The engine's.
pub async fn tenus(tx: &mut Tx, source: &str, codes: &[String]) -> DbResult<HashMap<Uuid, Vec<String>>> {
    let mut valeurs: Vec<Value> = vec![source.into()];
    valeurs.extend(codes.iter().map(|code| Value::from(code.as_str())));
    let requete = sql!(
        "SELECT DISTINCT p.lieu_id, p.code FROM lieu_portee p JOIN lieu_source s ON s.lieu_id = p.lieu_id
          WHERE s.source = $1 AND p.code IN ($2, ...)"
    );
    let lignes: Vec<LigneTenue> = tx.fetch_all(requete.with_list(2, codes.len()), &valeurs).await?;
    let mut tenus: HashMap<Uuid, Vec<String>> = HashMap::new();
    for ligne in lignes {
        tenus.entry(ligne.lieu_id).or_default().push(ligne.code);
    }
    Ok(tenus)
}

/// Links a row of a source to the place that it made, unless another import linked it meanwhile; gives whether it did.
///
/// # Errors
/// The engine's.
pub async fn lier_nouvelle(
    tx: &mut Tx,
    source: &str,
    id_externe: &str,
    lieu: Uuid,
    empreinte: &str,
    import: Uuid,
) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO lieu_source (source, id_externe, lieu_id, empreinte, import_id) VALUES ($1, $2, $3, $4, $5)
                  ON CONFLICT (source, id_externe) DO NOTHING"
            ),
            &params![source, id_externe, lieu, empreinte, import],
        )
        .await?;
    Ok(lignes == 1)
}

/// Links a row of a source to the place that it made.
///
/// # Errors
/// The engine's.
pub async fn lier(
    tx: &mut Tx,
    source: &str,
    id_externe: &str,
    lieu: Uuid,
    empreinte: &str,
    import: Uuid,
) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO lieu_source (source, id_externe, lieu_id, empreinte, import_id) VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (source, id_externe) DO UPDATE SET lieu_id = $3, empreinte = $4, import_id = $5"
        ),
        &params![source, id_externe, lieu, empreinte, import],
    )
    .await
    .map(drop)
}

/// Rows written by one statement. SQLite looks for each numbered parameter from the first one: at 500 rows that costs more than the
/// statements saved.
const LOT: usize = 50;

/// Keeps where each field of these places comes from, in place of what was kept before.
///
/// # Errors
/// The engine's.
pub async fn garder_provenances(
    tx: &mut Tx,
    source: &str,
    lieux: &[(Uuid, &[Provenance])],
    at: Instant,
) -> DbResult<()> {
    for lot in lieux.chunks(LOT) {
        let ids: Vec<Value> = lot.iter().map(|(lieu, _)| (*lieu).into()).collect();
        let oublier = sql!("DELETE FROM lieu_provenance WHERE lieu_id IN ($1, ...)");
        tx.execute(oublier.with_list(1, ids.len()), &ids).await?;
    }
    let lignes: Vec<(Uuid, &Provenance)> = lieux
        .iter()
        .flat_map(|(lieu, provenances)| provenances.iter().map(|p| (*lieu, p)))
        .collect();
    for lot in lignes.chunks(LOT) {
        let valeurs: Vec<Value> = lot
            .iter()
            .flat_map(|(lieu, p)| params![*lieu, p.champ, source, p.recu.as_str(), p.regle, at])
            .collect();
        let garder = sql!(
            "INSERT INTO lieu_provenance (lieu_id, champ, source, recu, regle, at) VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (lieu_id, champ) DO NOTHING"
        );
        tx.execute(garder.with_rows(lot.len()), &valeurs).await?;
    }
    Ok(())
}

/// Where a field of a place comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct ProvenanceGardee {
    /// The column of the standard.
    pub champ: String,
    /// The source.
    pub source: String,
    /// What the source wrote.
    pub recu: Option<String>,
    /// The rule that mended it.
    pub regle: Option<String>,
    /// When it was imported.
    pub at: Instant,
}

/// Where each field of a place comes from.
///
/// # Errors
/// The engine's.
pub async fn provenances(tx: &mut Tx, lieu: Uuid) -> DbResult<Vec<ProvenanceGardee>> {
    tx.fetch_all(
        sql!("SELECT champ, source, recu, regle, at FROM lieu_provenance WHERE lieu_id = $1 ORDER BY champ"),
        &params![lieu],
    )
    .await
}

/// Where a field of a place comes from, without what the source wrote: that may be somebody's own.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Origine {
    /// The column of the standard.
    pub champ: String,
    /// The source.
    pub source: String,
    /// The rule that mended it.
    pub regle: Option<String>,
}

/// Where the fields of a place come from; for a place made of several records, all that these say.
///
/// # Errors
/// The engine's.
pub async fn origines(tx: &mut Tx, lieu: Uuid) -> DbResult<Vec<Origine>> {
    tx.fetch_all(
        sql!(
            "SELECT DISTINCT champ, source, regle FROM lieu_provenance
              WHERE lieu_id IN (SELECT id FROM lieu WHERE id = $1
                                UNION ALL
                                SELECT p.premier_id FROM lieu_fusion f JOIN lieu_paire p ON p.fusion_id = f.id
                                 WHERE f.lieu_id = $1 AND f.defaite_at IS NULL
                                UNION ALL
                                SELECT p.second_id FROM lieu_fusion f JOIN lieu_paire p ON p.fusion_id = f.id
                                 WHERE f.lieu_id = $1 AND f.defaite_at IS NULL)
              ORDER BY champ, source, regle LIMIT 200"
        ),
        &params![lieu],
    )
    .await
}
