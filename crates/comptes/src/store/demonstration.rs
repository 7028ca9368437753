//! Who can be chosen in the demonstration.

use socle::{
    db::{DbResult, Tx},
    sql,
};
use uuid::Uuid;

/// A person of the demonstration and what they hold.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Figurant {
    /// Who.
    pub personne_id: Uuid,
    /// Their first name.
    pub prenom: String,
    /// Their last name.
    pub nom: String,
    /// The code of their function.
    pub fonction: String,
    /// The code of its perimeter.
    pub perimetre: String,
}

/// The first people of the demonstration, in the order in which they were made.
///
/// # Errors
/// The engine's.
pub async fn lister(tx: &mut Tx) -> DbResult<Vec<Figurant>> {
    tx.fetch_all(
        sql!(
            "SELECT p.id AS personne_id, p.prenom, p.nom, a.fonction, a.perimetre FROM attribution a
               JOIN personne p ON p.id = a.personne_id AND p.etat = 'active'
              WHERE a.retiree_at IS NULL ORDER BY a.id LIMIT 60"
        ),
        &[],
    )
    .await
}
