//! The only SQL about where places lie, and the places as rights see them.

use socle::{
    db::{DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

use super::lieu;
use crate::domain::{
    lieu::Lieu,
    situe::{LieuSitue, codes_de_territoire},
};

/// Puts a place in the territories of its commune; the organisations that answer for it stay.
///
/// # Errors
/// The engine's.
pub async fn ranger(tx: &mut Tx, lieu: &Lieu) -> DbResult<()> {
    tx.execute(
        sql!("DELETE FROM lieu_portee WHERE lieu_id = $1 AND code NOT LIKE 'O:%'"),
        &params![lieu.id],
    )
    .await?;
    ajouter_territoires(tx, lieu).await
}

/// Puts a new place in the territories of its commune.
///
/// # Errors
/// The engine's.
pub async fn ajouter_territoires(tx: &mut Tx, lieu: &Lieu) -> DbResult<()> {
    let codes = lieu.adresse.code_insee.map(codes_de_territoire).unwrap_or_default();
    if codes.is_empty() {
        return Ok(());
    }
    let valeurs: Vec<Value> = codes.into_iter().flat_map(|code| params![lieu.id, code]).collect();
    let requete =
        sql!("INSERT INTO lieu_portee (lieu_id, code) VALUES ($1, $2) ON CONFLICT (lieu_id, code) DO NOTHING");
    tx.execute(requete.with_rows(valeurs.len() / 2), &valeurs)
        .await
        .map(drop)
}

/// Puts a place in one more perimeter, such as the organisation that answers for it.
///
/// # Errors
/// The engine's.
pub async fn ajouter(tx: &mut Tx, lieu: Uuid, code: &str) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO lieu_portee (lieu_id, code) VALUES ($1, $2) ON CONFLICT (lieu_id, code) DO NOTHING"),
        &params![lieu, code],
    )
    .await
    .map(drop)
}

/// Puts a place in the organisations to which it was granted, and those only; so does the place that absorbed it, for all that it absorbed.
///
/// # Errors
/// The engine's.
pub async fn attribuer(tx: &mut Tx, lieu: Uuid) -> DbResult<()> {
    let montre: Option<LigneLieu> = tx
        .fetch_optional(
            sql!("SELECT lieu_id FROM lieu_alias WHERE alias = $1"),
            &params![lieu.to_string()],
        )
        .await?;
    for lieu in std::iter::once(lieu).chain(montre.map(|ligne| ligne.lieu_id)) {
        let accordees = accordees(tx, lieu).await?;
        tx.execute(
            sql!("DELETE FROM lieu_portee WHERE lieu_id = $1 AND code LIKE 'O:%'"),
            &params![lieu],
        )
        .await?;
        for LigneCode { code } in accordees {
            ajouter(tx, lieu, &code).await?;
        }
    }
    Ok(())
}

/// The organisations to which a place, or one that it absorbed, was granted.
async fn accordees(tx: &mut Tx, lieu: Uuid) -> DbResult<Vec<LigneCode>> {
    let alias: Vec<LigneAlias> = tx
        .fetch_all(sql!("SELECT alias FROM lieu_alias WHERE lieu_id = $1"), &params![lieu])
        .await?;
    // Places had other identifiers before: those are no claim's.
    let absorbes = alias.iter().filter_map(|ligne| ligne.alias.parse::<Uuid>().ok());
    let lieux: Vec<Value> = std::iter::once(lieu).chain(absorbes).map(Value::from).collect();
    tx.fetch_all(
        sql!(
            "SELECT DISTINCT organisation AS code FROM revendication WHERE etat = 'accordee' AND lieu_id IN ($1, ...)"
        )
        .with_list(1, lieux.len()),
        &lieux,
    )
    .await
}

#[derive(sqlx::FromRow)]
struct LigneLieu {
    lieu_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct LigneAlias {
    alias: String,
}

#[derive(sqlx::FromRow)]
struct LigneId {
    id: Uuid,
}

/// Places that lie nowhere yet although their commune is known, after this one; at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn a_ranger(tx: &mut Tx, apres: Uuid, limite: u32) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<LigneId> = tx
        .fetch_all(
            sql!(
                "SELECT l.id FROM lieu l
                  WHERE l.id > $1 AND l.code_insee IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM lieu_portee p WHERE p.lieu_id = l.id)
                  ORDER BY l.id LIMIT $2"
            ),
            &params![apres, limite],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.id).collect())
}

#[derive(sqlx::FromRow)]
struct LigneEtat {
    etat: String,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct LigneCode {
    code: String,
}

/// The codes of the territories of a place.
///
/// # Errors
/// The engine's.
pub async fn territoires(tx: &mut Tx, lieu: Uuid) -> DbResult<Vec<String>> {
    let codes: Vec<LigneCode> = tx
        .fetch_all(
            sql!("SELECT code FROM lieu_portee WHERE lieu_id = $1 AND code NOT LIKE 'O:%' ORDER BY code"),
            &params![lieu],
        )
        .await?;
    Ok(codes.into_iter().map(|l| l.code).collect())
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Resume {
    /// The place.
    pub id: Uuid,
    /// Its name.
    pub nom: String,
    /// Its commune.
    pub commune: String,
}

/// The places shown that lie in this scope, by name, after that one.
///
/// # Errors
/// The engine's.
pub async fn lister_dans(
    tx: &mut Tx,
    portee: &Scope,
    apres: Option<(&str, Uuid)>,
    limite: u32,
) -> DbResult<Vec<Resume>> {
    let (nom, id) = apres.unwrap_or(("", Uuid::nil()));
    let mut valeurs: Vec<Value> = params![portee.is_everything(), nom, id, limite].into();
    valeurs.extend(codes(portee));
    let requete = sql!(
        "SELECT l.id, l.nom, l.commune FROM lieu l
          WHERE l.etat = 'publie' AND (l.nom, l.id) > ($2, $3)
            AND ($1 OR EXISTS (SELECT 1 FROM lieu_portee p WHERE p.lieu_id = l.id AND p.code IN ($5, ...)))
          ORDER BY l.nom, l.id LIMIT $4"
    );
    tx.fetch_all(requete.with_list(5, valeurs.len() - 4), &valeurs).await
}

/// A place, whatever its state, with its version and where it lies.
///
/// # Errors
/// The engine's.
pub async fn situe(tx: &mut Tx, id: Uuid) -> DbResult<Option<LieuSitue>> {
    // The version is read first: a change that comes between both reads then shows as a conflict.
    let etat: Option<LigneEtat> = tx
        .fetch_optional(sql!("SELECT etat, version FROM lieu WHERE id = $1"), &params![id])
        .await?;
    let (Some(etat), Some(lieu)) = (etat, lieu::trouver(tx, id).await?) else {
        return Ok(None);
    };
    let codes: Vec<LigneCode> = tx
        .fetch_all(
            sql!("SELECT code FROM lieu_portee WHERE lieu_id = $1 ORDER BY code"),
            &params![id],
        )
        .await?;
    Ok(Some(LieuSitue {
        lieu,
        publie: etat.etat == lieu::Etat::Publie.code(),
        version: etat.version,
        codes: codes.into_iter().map(|l| l.code).collect(),
    }))
}

/// The codes of a scope, for the list that ends a scoped statement; never empty, since a list of SQL cannot be.
pub(super) fn codes(portee: &Scope) -> Vec<Value> {
    let codes = portee.codes();
    if codes.is_empty() {
        return vec![Value::from("")];
    }
    codes.iter().map(|code| Value::from(code.as_str())).collect()
}
