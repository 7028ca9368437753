//! Who people are for identity providers.

use socle::{
    clock::Instant,
    db::{DbResult, Tx},
    params, sql,
};
use uuid::Uuid;

/// What names a person for ever at a provider.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IdentiteExterne {
    /// The provider.
    pub emetteur: String,
    /// The person's identifier there.
    pub sujet: String,
    /// When it was linked.
    pub ajoutee_at: Instant,
    /// When it last served.
    pub vue_at: Instant,
}

/// The person whom an identity is linked to.
///
/// # Errors
/// The engine's.
pub async fn personne(tx: &mut Tx, emetteur: &str, sujet: &str) -> DbResult<Option<Uuid>> {
    let ligne: Option<(Uuid,)> = tx
        .fetch_optional(
            sql!("SELECT personne_id FROM identite_externe WHERE emetteur = $1 AND sujet = $2"),
            &params![emetteur, sujet],
        )
        .await?;
    Ok(ligne.map(|(id,)| id))
}

/// The identities of a person, the oldest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<IdentiteExterne>> {
    tx.fetch_all(
        sql!(
            "SELECT emetteur, sujet, ajoutee_at, vue_at FROM identite_externe WHERE personne_id = $1
              ORDER BY ajoutee_at, emetteur, sujet LIMIT 20"
        ),
        &params![personne],
    )
    .await
}

/// Links an identity to a person; gives whether it was free.
///
/// # Errors
/// The engine's.
pub async fn lier(tx: &mut Tx, (emetteur, sujet): (&str, &str), personne: Uuid, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "INSERT INTO identite_externe (emetteur, sujet, personne_id, ajoutee_at, vue_at) VALUES ($1, $2, $3, $4, $4)
                  ON CONFLICT (emetteur, sujet) DO NOTHING"
            ),
            &params![emetteur, sujet, personne, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Notes that an identity served; gives whether it leads to a file in use.
///
/// # Errors
/// The engine's.
pub async fn noter_vue(tx: &mut Tx, emetteur: &str, sujet: &str, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "UPDATE identite_externe SET vue_at = $3 WHERE emetteur = $1 AND sujet = $2 AND EXISTS (
                   SELECT 1 FROM personne p WHERE p.id = identite_externe.personne_id AND p.etat = 'active')"
            ),
            &params![emetteur, sujet, at],
        )
        .await?;
    Ok(lignes == 1)
}

/// Unlinks an identity from a person; gives whether it was theirs.
///
/// # Errors
/// The engine's.
pub async fn delier(tx: &mut Tx, personne: Uuid, emetteur: &str, sujet: &str) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("DELETE FROM identite_externe WHERE personne_id = $1 AND emetteur = $2 AND sujet = $3"),
            &params![personne, emetteur, sujet],
        )
        .await?;
    Ok(lignes == 1)
}
