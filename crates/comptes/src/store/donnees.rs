//! Removing what says who a person is, everywhere in this context.

use socle::{
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Fiche {
    id: Uuid,
}

/// A person's file and all those that were joined into it, directly or through another; theirs first.
///
/// # Errors
/// The engine's.
pub async fn fiches(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Uuid>> {
    let reunies: Vec<Fiche> = tx
        .fetch_all(
            sql!(
                "WITH RECURSIVE reunie (id) AS (
                   SELECT id FROM personne WHERE fusionnee_dans = $1
                    UNION SELECT p.id FROM personne p JOIN reunie r ON p.fusionnee_dans = r.id)
                 SELECT id FROM reunie ORDER BY id"
            ),
            &params![personne],
        )
        .await?;
    Ok(std::iter::once(personne)
        .chain(reunies.into_iter().map(|f| f.id))
        .collect())
}

/// Removes what is beside a person's own row: how they are reached and sign in, their sessions, what they were told, the invitations that
/// name their address; empties the names of the files joined into theirs, and why they were. What they held stays, under a person without a
/// name. Gives these files, theirs first.
///
/// # Errors
/// The engine's.
pub async fn effacer(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Uuid>> {
    let fiches = fiches(tx, personne).await?;
    for fiche in &fiches {
        vider(tx, *fiche).await?;
    }
    Ok(fiches)
}

async fn vider(tx: &mut Tx, fiche: Uuid) -> DbResult<()> {
    let statements = [
        sql!("DELETE FROM session WHERE personne_id = $1 OR place_de = $1"),
        sql!("DELETE FROM demande_connexion WHERE personne_id = $1"),
        sql!("DELETE FROM defi WHERE personne_id = $1"),
        sql!("DELETE FROM code_temporel WHERE personne_id = $1"),
        sql!("DELETE FROM code_secours WHERE personne_id = $1"),
        sql!("DELETE FROM cle_acces WHERE personne_id = $1"),
        sql!("DELETE FROM liberation_facteurs WHERE personne_id = $1"),
        sql!("DELETE FROM identite_externe WHERE personne_id = $1"),
        // Those that went to an address which is only claimed are someone else's.
        sql!(
            "DELETE FROM invitation_portee WHERE invitation_id IN (SELECT id FROM invitation WHERE acceptee_par = $1 OR courriel IN (
               SELECT valeur FROM contact WHERE personne_id = $1 AND genre = 'courriel' AND confirme_at IS NOT NULL))"
        ),
        sql!(
            "DELETE FROM invitation WHERE acceptee_par = $1 OR courriel IN (
               SELECT valeur FROM contact WHERE personne_id = $1 AND genre = 'courriel' AND confirme_at IS NOT NULL)"
        ),
        sql!("DELETE FROM contact WHERE personne_id = $1"),
        sql!("DELETE FROM personne_portee WHERE personne_id = $1"),
        sql!("DELETE FROM cle_rapprochement WHERE personne_id = $1"),
        sql!("DELETE FROM rapprochement WHERE premiere_id = $1 OR seconde_id = $1"),
        sql!("DELETE FROM notification WHERE personne_id = $1"),
        sql!("DELETE FROM preference_notification WHERE personne_id = $1"),
        sql!("DELETE FROM preavis_effacement WHERE personne_id = $1"),
        sql!("UPDATE fusion_personne SET motif = '' WHERE gardee_id = $1 OR absorbee_id = $1"),
        sql!(
            "UPDATE personne SET prenom = 'Personne', nom = 'effacée', nom_plie = 'effacee personne', annee_naissance = NULL,
                    vue_at = NULL, ouverte_par = NULL
              WHERE id = $1"
        ),
    ];
    for statement in statements {
        tx.execute(statement, &params![fiche]).await?;
    }
    Ok(())
}
