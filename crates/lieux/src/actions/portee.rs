//! Putting places where they lie, for a database that was filled before rights asked for it.

use socle::{
    db::{Db, Tx},
    errors::Erreur,
};
use uuid::Uuid;

use crate::store::{lieu, portee};

/// Places put in one transaction, so that other writers are not kept waiting.
const LOT: u32 = 1_000;

/// Puts every place that lies nowhere in the territories of its commune; nothing is written when none is left.
///
/// # Errors
/// The engine's.
pub async fn completer(db: &Db) -> Result<(), Erreur> {
    let mut apres = Uuid::nil();
    loop {
        let lot = portee::a_ranger(&mut db.read().await?, apres, LOT).await?;
        let Some(dernier) = lot.last() else { return Ok(()) };
        apres = *dernier;
        let mut tx = db.write().await?;
        for id in lot {
            ranger(&mut tx, id).await?;
        }
        tx.commit().await?;
    }
}

async fn ranger(tx: &mut Tx, id: Uuid) -> Result<(), Erreur> {
    match lieu::trouver(tx, id).await? {
        Some(lieu) => Ok(portee::ajouter_territoires(tx, &lieu).await?),
        None => Ok(()),
    }
}
