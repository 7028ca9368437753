//! Files of people that were joined, and what went from one to the other.

use super::{facteurs, groupement, rapprochement};
use socle::{
    clock::{Day, Instant},
    db::{DbResult, Statement, Tx, Value},
    params,
    permissions::person_code,
    sql,
};
use uuid::Uuid;

/// What went from the file absorbed to the file kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deplaces {
    /// Attributions.
    pub attributions: Vec<Uuid>,
    /// Contact points.
    pub contacts: Vec<Uuid>,
    /// Delegations received.
    #[serde(default)]
    pub delegations: Vec<Uuid>,
    /// Addresses that both files had, whose confirmation went from the second of each pair to the first.
    #[serde(default)]
    pub confirmes: Vec<(Uuid, Uuid)>,
    /// Passkeys.
    #[serde(default)]
    pub cles: Vec<Uuid>,
    /// Identities of providers: the issuer and its subject.
    #[serde(default)]
    pub identites: Vec<(String, String)>,
    /// Where the file lay that an agent opened.
    #[serde(default)]
    pub portee: Vec<String>,
    /// When the application of one-time codes was confirmed that went, in microseconds: a later one is not given back.
    #[serde(default)]
    pub application: Option<i64>,
    /// When the recovery codes were made that went, in microseconds.
    #[serde(default)]
    pub secours: Vec<i64>,
    /// The lists of people where one file took the place of the other, and whether it was not there before.
    #[serde(default)]
    pub listes: Vec<(Uuid, bool)>,
}

/// Two files joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fusion {
    /// Its identifier.
    pub id: Uuid,
    /// The file kept.
    pub gardee: Uuid,
    /// The file absorbed.
    pub absorbee: Uuid,
    /// What went from one to the other.
    pub deplaces: Deplaces,
    /// Why.
    pub motif: String,
    /// Who did it.
    pub par: Uuid,
    /// When.
    pub faite_at: Instant,
}

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    gardee_id: Uuid,
    absorbee_id: Uuid,
    deplaces: serde_json::Value,
    motif: String,
    par: Uuid,
    faite_at: Instant,
}

/// An address that both files had, confirmed on the one absorbed alone.
#[derive(sqlx::FromRow)]
struct Confirmation {
    gardee: Uuid,
    absorbee: Uuid,
    confirme_at: Instant,
}

/// Gives to the file kept the confirmations of the addresses that both have: an address is confirmed once, for one file.
async fn confirmer(tx: &mut Tx, de: Uuid, vers: Uuid) -> DbResult<Vec<(Uuid, Uuid)>> {
    let lignes: Vec<Confirmation> = tx
        .fetch_all(
            sql!(
                "SELECT g.id AS gardee, a.id AS absorbee, a.confirme_at FROM contact a
                   JOIN contact g ON g.genre = a.genre AND g.valeur = a.valeur AND g.personne_id = $2 AND g.confirme_at IS NULL
                  WHERE a.personne_id = $1 AND a.confirme_at IS NOT NULL"
            ),
            &params![de, vers],
        )
        .await?;
    for ligne in &lignes {
        deplacer_confirmation(tx, ligne.absorbee, ligne.gardee, ligne.confirme_at).await?;
    }
    Ok(lignes.into_iter().map(|ligne| (ligne.gardee, ligne.absorbee)).collect())
}

async fn deplacer_confirmation(tx: &mut Tx, de: Uuid, vers: Uuid, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE contact SET confirme_at = NULL WHERE id = $1"),
        &params![de],
    )
    .await?;
    tx.execute(
        sql!("UPDATE contact SET confirme_at = $2 WHERE id = $1"),
        &params![vers, at],
    )
    .await
    .map(drop)
}

async fn identifiants(tx: &mut Tx, sql: Statement, params: &[Value]) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<(Uuid,)> = tx.fetch_all(sql, params).await?;
    Ok(lignes.into_iter().map(|(id,)| id).collect())
}

/// Gives the application of one-time codes to the file kept, unless it has one that serves: there is one for each person.
async fn deplacer_application(tx: &mut Tx, de: Uuid, vers: Uuid) -> DbResult<Option<i64>> {
    let confirmee = |une: Option<facteurs::Application>| une.and_then(|une| une.confirme_at);
    let Some(at) = confirmee(facteurs::application(tx, de).await?) else {
        return Ok(None);
    };
    if confirmee(facteurs::application(tx, vers).await?).is_some() {
        return Ok(None);
    }
    // One that was proposed and never confirmed gives way.
    facteurs::retirer_application(tx, vers).await?;
    tx.execute(
        sql!("UPDATE code_temporel SET personne_id = $2 WHERE personne_id = $1"),
        &params![de, vers],
    )
    .await?;
    Ok(Some(at.micros()))
}

/// Gives the recovery codes to the file kept, unless it has some left; those of one person were made together.
async fn deplacer_secours(tx: &mut Tx, de: Uuid, vers: Uuid) -> DbResult<Vec<i64>> {
    if facteurs::secours_restants(tx, vers).await? > 0 {
        return Ok(Vec::new());
    }
    let lignes: Vec<(Instant,)> = tx
        .fetch_all(
            sql!("UPDATE code_secours SET personne_id = $2 WHERE personne_id = $1 RETURNING cree_at"),
            &params![de, vers],
        )
        .await?;
    let mut quand: Vec<i64> = lignes.into_iter().map(|(at,)| at.micros()).collect();
    quand.sort_unstable();
    quand.dedup();
    Ok(quand)
}

/// Moves what a person holds and how they are reached and sign in, save what the file kept has too.
///
/// # Errors
/// The engine's.
pub async fn deplacer(tx: &mut Tx, de: Uuid, vers: Uuid, jour: Day) -> DbResult<Deplaces> {
    let deux = params![de, vers];
    let confirmes = confirmer(tx, de, vers).await?;
    let contacts = sql!(
        "UPDATE contact SET personne_id = $2 WHERE personne_id = $1 AND NOT EXISTS (
           SELECT 1 FROM contact autre WHERE autre.personne_id = $2 AND autre.genre = contact.genre AND autre.valeur = contact.valeur)
          RETURNING id"
    );
    // What the file kept passed on to the one absorbed stays there: nobody is their own delegate.
    let delegations = sql!(
        "UPDATE delegation SET personne_id = $2, version = version + 1 WHERE personne_id = $1
            AND attribution_id NOT IN (SELECT id FROM attribution WHERE personne_id = $2) RETURNING id"
    );
    let cles = sql!("UPDATE cle_acces SET personne_id = $2 WHERE personne_id = $1 RETURNING id");
    let identites =
        sql!("UPDATE identite_externe SET personne_id = $2 WHERE personne_id = $1 RETURNING emetteur, sujet");
    let portee = sql!(
        "UPDATE personne_portee SET personne_id = $2 WHERE personne_id = $1 AND code NOT IN (
           SELECT code FROM personne_portee WHERE personne_id = $2) RETURNING code"
    );
    rapprochement::demander(tx, vers).await?;
    let codes: Vec<(String,)> = tx.fetch_all(portee, &deux).await?;
    Ok(Deplaces {
        confirmes,
        contacts: identifiants(tx, contacts, &deux).await?,
        delegations: identifiants(tx, delegations, &deux).await?,
        attributions: super::attribution::deplacer(tx, de, vers).await?,
        cles: identifiants(tx, cles, &deux).await?,
        identites: tx.fetch_all(identites, &deux).await?,
        portee: codes.into_iter().map(|(code,)| code).collect(),
        application: deplacer_application(tx, de, vers).await?,
        secours: deplacer_secours(tx, de, vers).await?,
        listes: groupement::remplacer_membre(tx, &person_code(de), &person_code(vers), jour).await?,
    })
}

/// Keeps the memory of a join.
///
/// # Errors
/// The engine's.
pub async fn garder(tx: &mut Tx, fusion: &Fusion) -> DbResult<()> {
    let deplaces = serde_json::to_value(&fusion.deplaces).map_err(|e| sqlx::Error::Encode(e.into()))?;
    tx.execute(
        sql!(
            "INSERT INTO fusion_personne (id, gardee_id, absorbee_id, deplaces, motif, par, faite_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            fusion.id,
            fusion.gardee,
            fusion.absorbee,
            deplaces,
            fusion.motif.as_str(),
            fusion.par,
            fusion.faite_at
        ],
    )
    .await
    .map(drop)
}

/// A join that still holds.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Fusion>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, gardee_id, absorbee_id, deplaces, motif, par, faite_at FROM fusion_personne WHERE id = $1 AND defaite_at IS NULL"
            ),
            &params![id],
        )
        .await?;
    ligne.map(lire).transpose()
}

/// The joins that a file kept, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, gardee: Uuid) -> DbResult<Vec<Fusion>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, gardee_id, absorbee_id, deplaces, motif, par, faite_at FROM fusion_personne
                  WHERE gardee_id = $1 AND defaite_at IS NULL ORDER BY faite_at DESC, id DESC LIMIT 20"
            ),
            &params![gardee],
        )
        .await?;
    lignes.into_iter().map(lire).collect()
}

fn lire(l: Ligne) -> DbResult<Fusion> {
    Ok(Fusion {
        deplaces: serde_json::from_value(l.deplaces).map_err(|e| sqlx::Error::Decode(e.into()))?,
        id: l.id,
        gardee: l.gardee_id,
        absorbee: l.absorbee_id,
        motif: l.motif,
        par: l.par,
        faite_at: l.faite_at,
    })
}

/// Gives back the application and the recovery codes that went, save those that were replaced since.
async fn rendre_facteurs(tx: &mut Tx, deplaces: &Deplaces, de: Uuid, vers: Uuid) -> DbResult<()> {
    if let Some(micros) = deplaces.application {
        tx.execute(
            sql!("UPDATE code_temporel SET personne_id = $2 WHERE personne_id = $1 AND confirme_at = $3"),
            &params![de, vers, Instant::from_micros(micros)],
        )
        .await?;
    }
    for micros in &deplaces.secours {
        tx.execute(
            sql!("UPDATE code_secours SET personne_id = $2 WHERE personne_id = $1 AND cree_at = $3"),
            &params![de, vers, Instant::from_micros(*micros)],
        )
        .await?;
    }
    Ok(())
}

/// Undoes a join: what went comes back; gives whether nobody undid it before.
///
/// # Errors
/// The engine's.
pub async fn defaire(tx: &mut Tx, fusion: &Fusion, at: Instant, jour: Day) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE fusion_personne SET defaite_at = $2 WHERE id = $1 AND defaite_at IS NULL"),
            &params![fusion.id, at],
        )
        .await?;
    let deplaces = &fusion.deplaces;
    let (vers, de) = (fusion.absorbee, fusion.gardee);
    rendre_par_identifiant(tx, deplaces, de, vers).await?;
    rendre_facteurs(tx, deplaces, de, vers).await?;
    for liste in &deplaces.listes {
        groupement::rendre_membre(tx, (&person_code(de), &person_code(vers)), *liste, jour).await?;
    }
    for (gardee, absorbee) in &deplaces.confirmes {
        let confirmee: Option<(Instant,)> = tx
            .fetch_optional(
                sql!("SELECT confirme_at FROM contact WHERE id = $1 AND confirme_at IS NOT NULL"),
                &params![*gardee],
            )
            .await?;
        if let Some((at,)) = confirmee {
            deplacer_confirmation(tx, *gardee, *absorbee, at).await?;
        }
    }
    rapprochement::demander(tx, fusion.gardee).await?;
    Ok(lignes == 1)
}

/// Gives back each thing that went, by what names it.
async fn rendre_par_identifiant(tx: &mut Tx, deplaces: &Deplaces, de: Uuid, vers: Uuid) -> DbResult<()> {
    let par_id = [
        (
            sql!("UPDATE attribution SET personne_id = $2, version = version + 1 WHERE id = $1 AND personne_id = $3"),
            &deplaces.attributions,
        ),
        (
            sql!("UPDATE delegation SET personne_id = $2, version = version + 1 WHERE id = $1 AND personne_id = $3"),
            &deplaces.delegations,
        ),
        (
            sql!("UPDATE contact SET personne_id = $2 WHERE id = $1 AND personne_id = $3"),
            &deplaces.contacts,
        ),
        (
            sql!("UPDATE cle_acces SET personne_id = $2 WHERE id = $1 AND personne_id = $3"),
            &deplaces.cles,
        ),
    ];
    for (statement, ids) in par_id {
        for id in ids {
            tx.execute(statement, &params![*id, vers, de]).await?;
        }
    }
    for (emetteur, sujet) in &deplaces.identites {
        tx.execute(
            sql!(
                "UPDATE identite_externe SET personne_id = $3 WHERE emetteur = $1 AND sujet = $2 AND personne_id = $4"
            ),
            &params![emetteur.as_str(), sujet.as_str(), vers, de],
        )
        .await?;
    }
    for code in &deplaces.portee {
        tx.execute(
            sql!("UPDATE personne_portee SET personne_id = $2 WHERE code = $1 AND personne_id = $3"),
            &params![code.as_str(), vers, de],
        )
        .await?;
    }
    Ok(())
}
