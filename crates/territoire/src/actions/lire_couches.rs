//! The read copy of the layers: built from the database, made again when its version row moves.

use std::sync::{Arc, RwLock};

use socle::{App, clock::Instant, db::Db, db::DbResult, outbox};

use super::importer_couche::VERSION;
use crate::{domain::couches::Couches, store};

/// How long a copy is believed before its version is looked at again.
const CONFIANCE_MICROS: i64 = 1_000_000;

/// The layers as last read.
#[derive(Clone, Debug, Default)]
struct Copie {
    couches: Arc<Couches>,
    version: i64,
    verifiee_at: Option<Instant>,
}

/// The layers, kept in memory and never more than about a second behind the database.
#[derive(Debug, Default)]
pub struct LectureCouches(RwLock<Copie>);

impl LectureCouches {
    /// The layers of now.
    ///
    /// # Errors
    /// The engine's, when the copy has to be made again.
    pub async fn a_jour(&self, db: &Db, maintenant: Instant) -> DbResult<Arc<Couches>> {
        let copie = self.0.read().map(|copie| copie.clone()).unwrap_or_default();
        let recente = |at: Instant| (0..CONFIANCE_MICROS).contains(&(maintenant.micros() - at.micros()));
        if copie.verifiee_at.is_some_and(recente) {
            return Ok(copie.couches);
        }
        let mut tx = db.read().await?;
        let version = outbox::version(&mut tx, VERSION).await?;
        let couches = if copie.verifiee_at.is_some() && version == copie.version {
            copie.couches
        } else {
            Arc::new(Couches::construire(store::couche::toutes(&mut tx).await?))
        };
        if let Ok(mut place) = self.0.write() {
            *place = Copie {
                couches: couches.clone(),
                version,
                verifiee_at: Some(maintenant),
            };
        }
        Ok(couches)
    }
}

/// The layers of now, for a handler.
///
/// # Errors
/// As [`LectureCouches::a_jour`].
pub async fn couches(app: &App) -> DbResult<Arc<Couches>> {
    app.part::<LectureCouches>().a_jour(&app.db, app.clock.now()).await
}
