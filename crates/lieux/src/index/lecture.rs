//! The current index, swapped whole when the places change.

use super::Index;
use crate::store;
use arc_swap::ArcSwap;
use socle::{
    clock::Clock,
    db::{Db, DbResult},
    outbox,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// The name of the version row that a change of places bumps.
pub const VERSION: &str = "lieux";

/// The read copy that handlers share.
#[derive(Debug)]
pub struct Lieux {
    index: ArcSwap<Index>,
    version: AtomicI64,
}

impl Lieux {
    /// Reads every public place.
    ///
    /// # Errors
    /// The engine's.
    pub async fn charger(db: &Db, clock: &Clock) -> DbResult<Self> {
        let (index, version) = lire(db, clock).await?;
        Ok(Self {
            index: ArcSwap::from_pointee(index),
            version: AtomicI64::new(version),
        })
    }

    /// A read copy of given places, for tests and benchmarks.
    pub fn de(index: Index) -> Self {
        Self {
            index: ArcSwap::from_pointee(index),
            version: AtomicI64::new(0),
        }
    }

    /// The index as it stands now.
    pub fn index(&self) -> Arc<Index> {
        self.index.load_full()
    }

    /// Reads the places again if they changed; gives whether they did.
    ///
    /// # Errors
    /// The engine's; the index then stays as it was.
    pub async fn rafraichir(&self, db: &Db, clock: &Clock) -> DbResult<bool> {
        let mut tx = db.read().await?;
        let version = outbox::version(&mut tx, VERSION).await?;
        drop(tx);
        if version == self.version.load(Ordering::Acquire) {
            return Ok(false);
        }
        let (index, version) = lire(db, clock).await?;
        self.index.store(Arc::new(index));
        self.version.store(version, Ordering::Release);
        Ok(true)
    }

    /// Looks for changes twice a second until the task is dropped.
    pub async fn suivre(self: Arc<Self>, db: Db, clock: Clock) {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Err(error) = self.rafraichir(&db, &clock).await {
                tracing::warn!(%error, "the places cannot be read again; the former copy still answers");
            }
        }
    }
}

async fn lire(db: &Db, clock: &Clock) -> DbResult<(Index, i64)> {
    let mut tx = db.read().await?;
    let version = outbox::version(&mut tx, VERSION).await?;
    let lieux = store::lieu::publics(&mut tx).await?;
    let alias = store::lieu::alias(&mut tx).await?;
    let annee = clock.now().day_in("Europe/Paris").year();
    Ok((Index::construire(lieux, alias, annee), version))
}
