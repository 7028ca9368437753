//! The only SQL about duplicates.

use std::collections::HashSet;

use socle::clock::Instant;
use socle::db::{DbResult, Tx, Value};
use socle::permissions::Scope;
use socle::{params, sql};
use uuid::Uuid;

use super::{json, lire_json, portee};
use crate::domain::doublons::Couple;
use crate::domain::doublons::comparaison::Comparaison;
use crate::domain::doublons::fusion::Provenance;
use crate::domain::doublons::paire::{Decision, Paire};
use crate::domain::lieu::Lieu;

/// A pair as it is kept: its state, and what it looked like when it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct PaireGardee {
    /// The two places.
    pub couple: Couple,
    /// What became of it.
    pub etat: Paire,
    /// How they compared.
    pub comparaison: Comparaison,
    /// Changes at each decision.
    pub version: i64,
}

/// A merge as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct FusionGardee {
    /// Its identifier.
    pub id: Uuid,
    /// The place that it made.
    pub lieu_id: Uuid,
    /// When.
    pub at: Instant,
    /// The records as they were before.
    pub originaux: Vec<Lieu>,
    /// The aliases that followed an absorbed record, each with the record that it named.
    pub alias_deplaces: Vec<(String, Uuid)>,
    /// Who undid it, if somebody did.
    pub defaite: Option<Decision>,
}

#[derive(sqlx::FromRow)]
struct LignePaire {
    premier_id: Uuid,
    second_id: Uuid,
    etat: String,
    comparaison: serde_json::Value,
    fusion_id: Option<Uuid>,
    decidee_at: Option<Instant>,
    decidee_par: Option<String>,
    version: i64,
}

impl TryFrom<LignePaire> for PaireGardee {
    type Error = sqlx::Error;

    fn try_from(ligne: LignePaire) -> DbResult<Self> {
        let couple = Couple::de(ligne.premier_id, ligne.second_id).ok_or_else(|| incoherente(&ligne))?;
        let decision = ligne
            .decidee_at
            .zip(ligne.decidee_par.clone())
            .map(|(at, par)| Decision { at, par });
        let etat = match (ligne.etat.as_str(), ligne.fusion_id, decision) {
            ("a_decider", None, None) => Paire::ADecider,
            ("fusionnee", Some(fusion), Some(decision)) => Paire::Fusionnee { fusion, decision },
            ("distincte", None, Some(decision)) => Paire::Distincte { decision },
            _ => return Err(incoherente(&ligne)),
        };
        let comparaison = lire_json(ligne.comparaison)?;
        Ok(Self {
            couple,
            etat,
            comparaison,
            version: ligne.version,
        })
    }
}

fn incoherente(ligne: &LignePaire) -> sqlx::Error {
    sqlx::Error::Decode(
        format!(
            "paire {} {} : état {} incohérent",
            ligne.premier_id, ligne.second_id, ligne.etat
        )
        .into(),
    )
}

/// Adds a pair to ask about, unless something is known of it already; gives whether it is new.
///
/// # Errors
/// The engine's.
pub async fn proposer(tx: &mut Tx, couple: Couple, comparaison: &Comparaison) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO lieu_paire (premier_id, second_id, etat, comparaison, note) VALUES ($1, $2, 'a_decider', $3, $4)
                  ON CONFLICT (premier_id, second_id) DO NOTHING"
            ),
            &params![couple.premier(), couple.second(), json(comparaison)?, comparaison.note()],
        )
        .await?;
    Ok(lignes == 1)
}

/// The pair of two places, if it was ever found alike.
///
/// # Errors
/// The engine's, or a row whose state is incoherent.
pub async fn trouver(tx: &mut Tx, couple: Couple) -> DbResult<Option<PaireGardee>> {
    let ligne: Option<LignePaire> = tx
        .fetch_optional(
            sql!(
                "SELECT premier_id, second_id, etat, comparaison, fusion_id, decidee_at, decidee_par, version
                   FROM lieu_paire WHERE premier_id = $1 AND second_id = $2"
            ),
            &params![couple.premier(), couple.second()],
        )
        .await?;
    ligne.map(PaireGardee::try_from).transpose()
}

/// The pairs of places still shown that wait for a person, surest first, at most `limite`.
///
/// # Errors
/// The engine's, or a row whose state is incoherent.
pub async fn a_decider(tx: &mut Tx, limite: u32) -> DbResult<Vec<PaireGardee>> {
    let lignes: Vec<LignePaire> = tx
        .fetch_all(
            sql!(
                "SELECT p.premier_id, p.second_id, p.etat, p.comparaison, p.fusion_id, p.decidee_at, p.decidee_par, p.version
                   FROM lieu_paire p JOIN lieu a ON a.id = p.premier_id JOIN lieu b ON b.id = p.second_id
                  WHERE p.etat = 'a_decider' AND a.etat = 'publie' AND b.etat = 'publie'
                  ORDER BY p.note DESC, p.premier_id, p.second_id LIMIT $1"
            ),
            &params![limite],
        )
        .await?;
    lignes.into_iter().map(PaireGardee::try_from).collect()
}

/// A pair in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The two places.
    pub couple: Couple,
    /// The evidence for "same place", in tenths of a bit.
    pub note: i64,
    /// The names of both places.
    pub noms: [String; 2],
    /// The commune of the first.
    pub commune: String,
}

#[derive(sqlx::FromRow)]
struct LigneResume {
    premier_id: Uuid,
    second_id: Uuid,
    note: i64,
    premier_nom: String,
    second_nom: String,
    commune: String,
}

/// The pairs in a state (`a_decider`, `fusionnee` or `distincte`) whose two places lie in this scope, surest first, after that one. A pair
/// to decide is of two places still shown.
///
/// # Errors
/// The engine's.
pub async fn lister_dans(
    tx: &mut Tx,
    portee: &Scope,
    etat: &str,
    apres: Option<(i64, Couple)>,
    limite: u32,
) -> DbResult<Vec<Resume>> {
    let (note, premier, second) = apres.map_or((i64::MAX, Uuid::nil(), Uuid::nil()), |(note, couple)| {
        (note, couple.premier(), couple.second())
    });
    let mut valeurs: Vec<Value> = params![portee.is_everything(), etat, -note, premier, second, limite].into();
    valeurs.extend(portee::codes(portee));
    let requete = sql!(
        "SELECT p.premier_id, p.second_id, p.note, a.nom AS premier_nom, b.nom AS second_nom, a.commune
           FROM lieu_paire p JOIN lieu a ON a.id = p.premier_id JOIN lieu b ON b.id = p.second_id
          WHERE p.etat = $2 AND (p.etat <> 'a_decider' OR (a.etat = 'publie' AND b.etat = 'publie'))
            AND (-p.note, p.premier_id, p.second_id) > ($3, $4, $5)
            AND ($1 OR (EXISTS (SELECT 1 FROM lieu_portee o WHERE o.lieu_id = a.id AND o.code IN ($7, ...))
                    AND EXISTS (SELECT 1 FROM lieu_portee o WHERE o.lieu_id = b.id AND o.code IN ($7, ...))))
          ORDER BY -p.note, p.premier_id, p.second_id LIMIT $6"
    );
    let lignes: Vec<LigneResume> = tx.fetch_all(requete.with_list(7, valeurs.len() - 6), &valeurs).await?;
    let resume = |l: LigneResume| {
        Some(Resume {
            couple: Couple::de(l.premier_id, l.second_id)?,
            note: l.note,
            noms: [l.premier_nom, l.second_nom],
            commune: l.commune,
        })
    };
    Ok(lignes.into_iter().filter_map(resume).collect())
}

/// The pairs that a merge joined.
///
/// # Errors
/// The engine's, or a row whose state is incoherent.
pub async fn de_la_fusion(tx: &mut Tx, fusion: Uuid) -> DbResult<Vec<PaireGardee>> {
    let lignes: Vec<LignePaire> = tx
        .fetch_all(
            sql!(
                "SELECT premier_id, second_id, etat, comparaison, fusion_id, decidee_at, decidee_par, version
                   FROM lieu_paire WHERE fusion_id = $1 ORDER BY premier_id, second_id"
            ),
            &params![fusion],
        )
        .await?;
    lignes.into_iter().map(PaireGardee::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct LigneCouple {
    premier_id: Uuid,
    second_id: Uuid,
}

/// The pairs never to be merged.
///
/// # Errors
/// The engine's.
pub async fn jamais(tx: &mut Tx) -> DbResult<HashSet<Couple>> {
    let lignes: Vec<LigneCouple> = tx
        .fetch_all(
            sql!("SELECT premier_id, second_id FROM lieu_paire WHERE etat = 'distincte'"),
            &[],
        )
        .await?;
    Ok(lignes
        .into_iter()
        .filter_map(|l| Couple::de(l.premier_id, l.second_id))
        .collect())
}

/// Saves a new state, if nobody saved another since the pair was read.
///
/// # Errors
/// The engine's.
pub async fn decider(tx: &mut Tx, paire: &PaireGardee) -> DbResult<bool> {
    let (fusion, decision) = match &paire.etat {
        Paire::ADecider => (None, None),
        Paire::Fusionnee { fusion, decision } => (Some(*fusion), Some(decision)),
        Paire::Distincte { decision } => (None, Some(decision)),
    };
    let lignes = tx
        .execute(
            sql!(
                "UPDATE lieu_paire SET etat = $3, fusion_id = $4, decidee_at = $5, decidee_par = $6, version = version + 1
                  WHERE premier_id = $1 AND second_id = $2 AND version = $7"
            ),
            &params![
                paire.couple.premier(),
                paire.couple.second(),
                paire.etat.code(),
                fusion,
                decision.map(|d| d.at),
                decision.map(|d| d.par.clone()),
                paire.version
            ],
        )
        .await?;
    Ok(lignes == 1)
}

/// Keeps a merge with the records that it replaces.
///
/// # Errors
/// The engine's.
pub async fn garder_fusion(
    tx: &mut Tx,
    fusion: &FusionGardee,
    provenance: &Provenance,
    decision: &Decision,
) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO lieu_fusion (id, lieu_id, at, par, provenance, originaux, alias_deplaces)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            fusion.id,
            fusion.lieu_id,
            fusion.at,
            decision.par.clone(),
            json(provenance)?,
            json(&fusion.originaux)?,
            json(&fusion.alias_deplaces)?
        ],
    )
    .await
    .map(drop)
}

/// Replaces the records that a merge was made of, after one of them changed.
///
/// # Errors
/// The engine's.
pub async fn remplacer_originaux(tx: &mut Tx, fusion: &FusionGardee, provenance: &Provenance) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE lieu_fusion SET originaux = $2, provenance = $3 WHERE id = $1"),
        &params![fusion.id, json(&fusion.originaux)?, json(provenance)?],
    )
    .await
    .map(drop)
}

/// The merges in force that a record takes part in, the oldest first.
///
/// # Errors
/// The engine's.
pub async fn fusions_de(tx: &mut Tx, lieu: Uuid) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<LigneId> = tx
        .fetch_all(
            sql!(
                "SELECT id FROM lieu_fusion
                  WHERE defaite_at IS NULL
                    AND id IN (SELECT fusion_id FROM lieu_paire WHERE premier_id = $1 OR second_id = $1)
                  ORDER BY at, id"
            ),
            &params![lieu],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.id).collect())
}

#[derive(sqlx::FromRow)]
struct LigneFusion {
    id: Uuid,
    lieu_id: Uuid,
    at: Instant,
    originaux: serde_json::Value,
    alias_deplaces: serde_json::Value,
    defaite_at: Option<Instant>,
    defaite_par: Option<String>,
}

/// A merge.
///
/// # Errors
/// The engine's, or records that cannot be read back.
pub async fn fusion(tx: &mut Tx, id: Uuid) -> DbResult<Option<FusionGardee>> {
    let ligne: Option<LigneFusion> = tx
        .fetch_optional(
            sql!(
                "SELECT id, lieu_id, at, originaux, alias_deplaces, defaite_at, defaite_par FROM lieu_fusion WHERE id = $1"
            ),
            &params![id],
        )
        .await?;
    ligne
        .map(|l| {
            let defaite = l.defaite_at.zip(l.defaite_par).map(|(at, par)| Decision { at, par });
            let (originaux, alias_deplaces) = (lire_json(l.originaux)?, lire_json(l.alias_deplaces)?);
            Ok(FusionGardee {
                id: l.id,
                lieu_id: l.lieu_id,
                at: l.at,
                originaux,
                alias_deplaces,
                defaite,
            })
        })
        .transpose()
}

/// Marks a merge as undone, once; gives whether it was not yet.
///
/// # Errors
/// The engine's.
pub async fn defaire(tx: &mut Tx, id: Uuid, decision: &Decision) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE lieu_fusion SET defaite_at = $2, defaite_par = $3 WHERE id = $1 AND defaite_at IS NULL"),
            &params![id, decision.at, decision.par.clone()],
        )
        .await?;
    Ok(lignes == 1)
}

#[derive(sqlx::FromRow)]
struct LigneId {
    id: Uuid,
}

/// The merge that a place is made of now, if it is still shown.
///
/// # Errors
/// The engine's.
pub async fn derniere_fusion(tx: &mut Tx, lieu: Uuid) -> DbResult<Option<Uuid>> {
    let ligne: Option<LigneId> = tx
        .fetch_optional(
            sql!(
                "SELECT f.id FROM lieu_fusion f JOIN lieu l ON l.id = f.lieu_id
                  WHERE f.lieu_id = $1 AND f.defaite_at IS NULL AND l.etat = 'publie' ORDER BY f.at DESC, f.id DESC LIMIT 1"
            ),
            &params![lieu],
        )
        .await?;
    Ok(ligne.map(|l| l.id))
}

/// Whether a place is shown: only such a place can be merged.
///
/// # Errors
/// The engine's.
pub async fn est_publie(tx: &mut Tx, lieu: Uuid) -> DbResult<bool> {
    let ligne: Option<LigneId> = tx
        .fetch_optional(
            sql!("SELECT id FROM lieu WHERE id = $1 AND etat = 'publie'"),
            &params![lieu],
        )
        .await?;
    Ok(ligne.is_some())
}

#[derive(sqlx::FromRow)]
struct LigneAlias {
    alias: String,
}

/// Makes the aliases of an absorbed record name the place that absorbed it; gives them, to bring them back one day.
///
/// # Errors
/// The engine's.
pub async fn deplacer_alias(tx: &mut Tx, absorbe: Uuid, lieu: Uuid) -> DbResult<Vec<(String, Uuid)>> {
    let lignes: Vec<LigneAlias> = tx
        .fetch_all(
            sql!("SELECT alias FROM lieu_alias WHERE lieu_id = $1 ORDER BY alias"),
            &params![absorbe],
        )
        .await?;
    tx.execute(
        sql!("UPDATE lieu_alias SET lieu_id = $2 WHERE lieu_id = $1"),
        &params![absorbe, lieu],
    )
    .await?;
    Ok(lignes.into_iter().map(|l| (l.alias, absorbe)).collect())
}

/// Gives an alias back to the record that it named.
///
/// # Errors
/// The engine's.
pub async fn rendre_alias(tx: &mut Tx, alias: &str, lieu: Uuid) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE lieu_alias SET lieu_id = $2 WHERE alias = $1"),
        &params![alias, lieu],
    )
    .await
    .map(drop)
}

/// Forgets that the identifier of a record led to another place.
///
/// # Errors
/// The engine's.
pub async fn oublier_alias(tx: &mut Tx, lieu: Uuid) -> DbResult<()> {
    tx.execute(
        sql!("DELETE FROM lieu_alias WHERE alias = $1"),
        &params![lieu.to_string()],
    )
    .await
    .map(drop)
}
