//! Files that may be of one person: which must be compared, under which keys they are found, and the pairs found.

use super::incoherente;
use crate::domain::rapprochement::{Adresse, EtatPaire, Signalement};
use socle::{
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Asks that a file be compared again with the others.
///
/// # Errors
/// The engine's.
pub async fn demander(tx: &mut Tx, personne: Uuid) -> DbResult<()> {
    // The row is written even when it is there: whoever compares the file waits for this change, instead of missing it.
    tx.execute(
        sql!(
            "INSERT INTO a_rapprocher (personne_id) VALUES ($1) ON CONFLICT (personne_id) DO UPDATE SET demandes = a_rapprocher.demandes + 1"
        ),
        &params![personne],
    )
    .await
    .map(drop)
}

/// Takes files to compare out of the queue; when the transaction fails they are there again.
///
/// # Errors
/// The engine's.
pub async fn prendre(tx: &mut Tx, limite: u32) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!(
                "DELETE FROM a_rapprocher WHERE personne_id IN (SELECT personne_id FROM a_rapprocher ORDER BY personne_id LIMIT $1)
                  RETURNING personne_id"
            ),
            &params![limite],
        )
        .await?;
    Ok(lignes.into_iter().map(|(id,)| id).collect())
}

#[derive(sqlx::FromRow)]
struct LigneNom {
    id: Uuid,
    prenom: String,
    nom: String,
    annee_naissance: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct LigneContact {
    personne_id: Uuid,
    genre: String,
    valeur: String,
    confirme: bool,
}

fn liste(ids: &[Uuid]) -> Vec<Value> {
    ids.iter().map(|id| (*id).into()).collect()
}

/// What is compared of these people; those whose file is no longer in use are left out. `ids` is not empty.
///
/// # Errors
/// The engine's.
pub async fn signalements(tx: &mut Tx, ids: &[Uuid]) -> DbResult<HashMap<Uuid, Signalement>> {
    let noms: Vec<LigneNom> = tx
        .fetch_all(
            sql!("SELECT id, prenom, nom, annee_naissance FROM personne WHERE etat = 'active' AND id IN ($1, ...)")
                .with_list(1, ids.len()),
            &liste(ids),
        )
        .await?;
    let contacts: Vec<LigneContact> = tx
        .fetch_all(
            sql!(
                "SELECT personne_id, genre, valeur, confirme_at IS NOT NULL AS confirme FROM contact
                  WHERE personne_id IN ($1, ...) ORDER BY id"
            )
            .with_list(1, ids.len()),
            &liste(ids),
        )
        .await?;
    let mut trouves: HashMap<Uuid, Signalement> = noms
        .into_iter()
        .map(|ligne| {
            let signalement = Signalement {
                prenom: ligne.prenom,
                nom: ligne.nom,
                naissance: ligne.annee_naissance.and_then(|annee| annee.try_into().ok()),
                ..Signalement::default()
            };
            (ligne.id, signalement)
        })
        .collect();
    for contact in contacts {
        let Some(signalement) = trouves.get_mut(&contact.personne_id) else {
            continue;
        };
        match contact.genre.as_str() {
            "courriel" => signalement.courriels.push(Adresse {
                courriel: contact.valeur,
                confirmee: contact.confirme,
            }),
            "telephone" => signalement.telephones.push(contact.valeur),
            _ => return Err(incoherente("contact de", contact.personne_id)),
        }
    }
    Ok(trouves)
}

/// Writes the keys of a file in the place of those that it had.
///
/// # Errors
/// The engine's.
pub async fn indexer(tx: &mut Tx, personne: Uuid, cles: &[String]) -> DbResult<()> {
    tx.execute(
        sql!("DELETE FROM cle_rapprochement WHERE personne_id = $1"),
        &params![personne],
    )
    .await?;
    if cles.is_empty() {
        return Ok(());
    }
    let params: Vec<Value> = cles
        .iter()
        .flat_map(|cle| [cle.as_str().into(), personne.into()])
        .collect();
    tx.execute(
        sql!("INSERT INTO cle_rapprochement (cle, personne_id) VALUES ($1, $2)").with_rows(cles.len()),
        &params,
    )
    .await
    .map(drop)
}

/// The files that share keys with this one, those that share most first. `cles` is not empty.
///
/// # Errors
/// The engine's.
pub async fn voisins(tx: &mut Tx, personne: Uuid, cles: &[String], limite: u32) -> DbResult<Vec<Uuid>> {
    let mut params = params![personne, limite].to_vec();
    params.extend(cles.iter().map(|cle| cle.as_str().into()));
    let lignes: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!(
                "SELECT personne_id FROM cle_rapprochement WHERE personne_id <> $1 AND cle IN ($3, ...)
                  GROUP BY personne_id ORDER BY COUNT(*) DESC, personne_id LIMIT $2"
            )
            .with_list(3, cles.len()),
            &params,
        )
        .await?;
    Ok(lignes.into_iter().map(|(id,)| id).collect())
}

/// Two files, the smaller identifier first.
pub type Paire = (Uuid, Uuid);

/// Keeps a pair, or its new score, which whoever looks at it must see; what somebody said of it stays.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, id: Uuid, (premiere, seconde): Paire, score: u8, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO rapprochement (id, premiere_id, seconde_id, score, etat, trouve_at) VALUES ($1, $2, $3, $4, 'a_voir', $5)
              ON CONFLICT (premiere_id, seconde_id) DO UPDATE SET score = $4, version = rapprochement.version + 1 WHERE rapprochement.score <> $4"
        ),
        &params![id, premiere, seconde, i64::from(score), at],
    )
    .await
    .map(drop)
}

/// Removes the pairs of a file that nobody judged, save those with these files: they no longer look alike.
///
/// # Errors
/// The engine's.
pub async fn oublier_paires(tx: &mut Tx, personne: Uuid, sauf: &[Uuid]) -> DbResult<()> {
    let mut params = params![personne].to_vec();
    params.extend(liste(sauf));
    params.push(Uuid::nil().into());
    tx.execute(
        sql!(
            "DELETE FROM rapprochement WHERE etat = 'a_voir' AND ((premiere_id = $1 AND seconde_id NOT IN ($2, ...))
                OR (seconde_id = $1 AND premiere_id NOT IN ($2, ...)))"
        )
        .with_list(2, sauf.len() + 1),
        &params,
    )
    .await
    .map(drop)
}

/// A pair of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rapproches {
    /// Its identifier.
    pub id: Uuid,
    /// The two files.
    pub paire: Paire,
    /// How much they look alike, from 0 to 100.
    pub score: u8,
    /// What somebody said of it.
    pub etat: EtatPaire,
    /// How many times it changed.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct LignePaire {
    id: Uuid,
    premiere_id: Uuid,
    seconde_id: Uuid,
    score: i64,
    etat: String,
    version: i64,
}

impl TryFrom<LignePaire> for Rapproches {
    type Error = sqlx::Error;

    fn try_from(l: LignePaire) -> DbResult<Self> {
        let etat = EtatPaire::depuis_code(&l.etat).ok_or_else(|| incoherente("rapprochement", l.id))?;
        Ok(Self {
            id: l.id,
            paire: (l.premiere_id, l.seconde_id),
            score: l.score.try_into().map_err(|_| incoherente("rapprochement", l.id))?,
            etat,
            version: l.version,
        })
    }
}

/// A pair.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Rapproches>> {
    let ligne: Option<LignePaire> = tx
        .fetch_optional(
            sql!("SELECT id, premiere_id, seconde_id, score, etat, version FROM rapprochement WHERE id = $1"),
            &params![id],
        )
        .await?;
    ligne.map(Rapproches::try_from).transpose()
}

/// Where a list of pairs goes on: the score and identifier of the last one shown.
pub type ApresPaire = (u8, Uuid);

/// The pairs whose two files lie in this scope, those that look most alike first.
///
/// # Errors
/// The engine's.
pub async fn lister(
    tx: &mut Tx,
    scope: &Scope,
    jour: Day,
    etat: EtatPaire,
    apres: Option<ApresPaire>,
    limite: u32,
) -> DbResult<Vec<Rapproches>> {
    let (score, id) = apres.map_or((i64::MAX, Uuid::nil()), |(score, id)| (score.into(), id));
    let mut params = params![scope.is_everything(), DayColumn(jour).0, etat.code(), score, id, limite].to_vec();
    let codes = scope.codes();
    params.extend(codes.iter().map(|code| code.as_str().into()));
    if codes.is_empty() {
        params.push("".into());
    }
    let lignes: Vec<LignePaire> = tx
        .fetch_all(
            sql!(
                "WITH ici AS (
                   SELECT a.personne_id FROM attribution_portee ap JOIN attribution a ON a.id = ap.attribution_id
                    WHERE a.retiree_at IS NULL AND (a.au IS NULL OR a.au >= $2) AND ap.code IN ($7, ...)
                   UNION SELECT personne_id FROM personne_portee WHERE code IN ($7, ...))
                 SELECT r.id, r.premiere_id, r.seconde_id, r.score, r.etat, r.version FROM rapprochement r
                  WHERE r.etat = $3 AND (r.score < $4 OR (r.score = $4 AND r.id > $5))
                    AND ($1 OR (r.premiere_id IN (SELECT personne_id FROM ici) AND r.seconde_id IN (SELECT personne_id FROM ici)))
                  ORDER BY r.score DESC, r.id LIMIT $6"
            )
            .with_list(7, codes.len()),
            &params,
        )
        .await?;
    lignes.into_iter().map(Rapproches::try_from).collect()
}

/// Writes what somebody said of a pair, if it is still as they saw it; gives whether it was.
///
/// # Errors
/// The engine's.
pub async fn juger(tx: &mut Tx, vue: &Rapproches, etat: EtatPaire) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE rapprochement SET etat = $3, version = version + 1 WHERE id = $1 AND version = $2"),
            &params![vue.id, vue.version, etat.code()],
        )
        .await?;
    Ok(lignes == 1)
}
