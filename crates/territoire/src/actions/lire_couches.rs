//! The read copy of the layers: built from the database, made again when its version row moves.

use std::sync::{Arc, RwLock};

use jiff::civil::Date;
use socle::{
    App,
    clock::Instant,
    db::{Db, DbResult, Tx},
    outbox,
};

use super::importer_couche::VERSION;
use crate::{
    domain::{
        couche::{Couche, Nature},
        couches::Couches,
    },
    store,
};

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
            Arc::new(lire(&mut tx, |_| true).await?)
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

/// The layers of these natures that hold on that day, as the caller's transaction sees them.
///
/// # Errors
/// The engine's.
pub async fn couches_du_jour(tx: &mut Tx, natures: &[Nature], jour: Date) -> DbResult<Couches> {
    lire(tx, |couche| natures.contains(&couche.nature) && couche.vaut(jour)).await
}

async fn lire(tx: &mut Tx, voulue: impl Fn(&Couche) -> bool) -> DbResult<Couches> {
    let mut couches = Vec::new();
    for couche in store::couche::entetes(tx).await?.into_iter().filter(voulue) {
        let elements = store::couche::elements(tx, couche.id).await?;
        couches.push((couche, elements));
    }
    Ok(Couches::construire(couches))
}

/// The layers of now, for a handler.
///
/// # Errors
/// As [`LectureCouches::a_jour`].
pub async fn couches(app: &App) -> DbResult<Arc<Couches>> {
    app.part::<LectureCouches>().a_jour(&app.db, app.clock.now()).await
}
