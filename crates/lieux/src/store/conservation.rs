//! What is kept no longer. Each function removes what is older than an instant, and gives how many rows it removed or emptied.

use socle::{
    clock::Instant,
    db::{DbResult, Statement, Tx},
    params, sql,
};
use uuid::Uuid;

async fn executer(tx: &mut Tx, requetes: &[Statement], avant: Instant) -> DbResult<u64> {
    let mut lignes = 0;
    for requete in requetes {
        lignes += tx.execute(*requete, &params![avant]).await?;
    }
    Ok(lignes)
}

/// The files that nobody confirmed in time, with their details.
///
/// # Errors
/// The engine's.
pub async fn expires(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    let requetes = [
        sql!(
            "DELETE FROM import_refus WHERE import_id IN (SELECT id FROM import_depose WHERE etat = 'depose' AND expire_at < $1)"
        ),
        sql!(
            "DELETE FROM import_retrait WHERE import_id IN (SELECT id FROM import_depose WHERE etat = 'depose' AND expire_at < $1)"
        ),
        sql!(
            "DELETE FROM import_depose_portee WHERE import_id IN (SELECT id FROM import_depose WHERE etat = 'depose' AND expire_at < $1)"
        ),
        sql!("DELETE FROM import_depose WHERE etat = 'depose' AND expire_at < $1"),
    ];
    executer(tx, &requetes, avant).await
}

/// The details of the files that can be undone no more.
///
/// # Errors
/// The engine's.
pub async fn details(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    let requetes = [
        sql!(
            "DELETE FROM import_avant WHERE import_id IN (SELECT id FROM import_depose WHERE etat IN ('termine', 'annule', 'interrompu') AND expire_at < $1)"
        ),
        sql!(
            "DELETE FROM import_refus WHERE import_id IN (SELECT id FROM import_depose WHERE etat IN ('termine', 'annule', 'interrompu') AND expire_at < $1)"
        ),
        sql!(
            "DELETE FROM import_retrait WHERE import_id IN (SELECT id FROM import_depose WHERE etat IN ('termine', 'annule', 'interrompu') AND expire_at < $1)"
        ),
    ];
    executer(tx, &requetes, avant).await
}

/// What became of the files, once their details are gone.
///
/// # Errors
/// The engine's.
pub async fn imports(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    let requetes = [
        sql!(
            "DELETE FROM import_depose_portee WHERE import_id IN (SELECT id FROM import_depose i WHERE i.clos_at < $1
                AND i.etat IN ('termine', 'annule', 'interrompu')
                AND NOT EXISTS (SELECT 1 FROM import_avant a WHERE a.import_id = i.id)
                AND NOT EXISTS (SELECT 1 FROM import_refus r WHERE r.import_id = i.id)
                AND NOT EXISTS (SELECT 1 FROM import_retrait t WHERE t.import_id = i.id))"
        ),
        sql!(
            "DELETE FROM import_depose WHERE clos_at < $1 AND etat IN ('termine', 'annule', 'interrompu')
                AND NOT EXISTS (SELECT 1 FROM import_avant a WHERE a.import_id = import_depose.id)
                AND NOT EXISTS (SELECT 1 FROM import_refus r WHERE r.import_id = import_depose.id)
                AND NOT EXISTS (SELECT 1 FROM import_retrait t WHERE t.import_id = import_depose.id)"
        ),
    ];
    executer(tx, &requetes, avant).await
}

/// The reports answered.
///
/// # Errors
/// The engine's.
pub async fn signalements(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    executer(
        tx,
        &[sql!("DELETE FROM ticket WHERE etat <> 'ouvert' AND clos_at < $1")],
        avant,
    )
    .await
}

/// The stops of the places that move.
///
/// # Errors
/// The engine's.
pub async fn passages(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    tx.execute(
        sql!("DELETE FROM lieu_visite WHERE jour < $1"),
        &params![avant.day_in("Europe/Paris")],
    )
    .await
}

/// What a forgotten person wrote when they asked for places or gave files; what was decided stays.
///
/// # Errors
/// The engine's.
pub async fn oublier_personne(tx: &mut Tx, personne: Uuid) -> DbResult<()> {
    for requete in [
        sql!(
            "UPDATE revendication SET motivation = '', mots = CASE WHEN mots IS NULL THEN NULL ELSE '' END WHERE par_id = $1"
        ),
        sql!("UPDATE import_depose SET fichier = '' WHERE par_id = $1"),
    ] {
        tx.execute(requete, &params![personne]).await?;
    }
    Ok(())
}

/// The contacts of the places withdrawn, wherever they are written.
///
/// # Errors
/// The engine's.
pub async fn retires(tx: &mut Tx, avant: Instant) -> DbResult<u64> {
    let requetes = [
        sql!(
            "DELETE FROM lieu_modification WHERE lieu_id IN (SELECT id FROM lieu WHERE etat <> 'publie' AND modifie_at < $1)"
        ),
        sql!(
            "DELETE FROM lieu_provenance WHERE champ IN ('telephone', 'courriels')
                AND lieu_id IN (SELECT id FROM lieu WHERE etat <> 'publie' AND modifie_at < $1)"
        ),
        sql!(
            "UPDATE lieu SET telephone = NULL, courriels = '', version = version + 1
              WHERE etat <> 'publie' AND modifie_at < $1 AND (telephone IS NOT NULL OR courriels <> '')"
        ),
    ];
    executer(tx, &requetes, avant).await
}
