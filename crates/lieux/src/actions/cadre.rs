//! What every action needs beside its own facts.

use serde_json::Value;
use socle::{App, clock::Instant, db::Tx, errors::Erreur, ids::Ids, journal, permissions::Permit, secrets::Keys};

/// Who acts, when, and where new identifiers come from.
#[derive(Debug)]
pub struct Cadre<'a, A> {
    /// The proof that the actor may.
    pub permis: &'a Permit<A>,
    /// The maker of identifiers.
    pub ids: &'a Ids,
    /// The operator's keys.
    pub keys: &'a Keys,
    /// The instant.
    pub at: Instant,
}

// Derived, these would ask the action itself to be copied.
impl<A> Clone for Cadre<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Cadre<'_, A> {}

impl<'a, A> Cadre<'a, A> {
    /// What an action done now in the application needs.
    pub fn de(app: &'a App, permis: &'a Permit<A>) -> Self {
        Self {
            permis,
            ids: &app.ids,
            keys: &app.settings.keys,
            at: app.clock.now(),
        }
    }
}

impl<A> Cadre<'_, A> {
    /// Writes a line of the journal; `detail` holds no personal data.
    pub(super) async fn journaliser(
        &self,
        tx: &mut Tx,
        action: &str,
        (genre, objet): (&str, impl ToString),
        detail: Value,
    ) -> Result<(), Erreur> {
        let entry = journal::Entry::under(self.ids, self.at, self.permis, action, (genre, objet));
        Ok(journal::write(tx, self.keys, entry.detail(detail)).await?)
    }
}
