//! Importing a layer from the file in which it is published.

use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest, Sha256};
use socle::{
    clock::Instant,
    db::Tx,
    errors::{Erreur, Refus},
    ids::Ids,
    journal, outbox,
    permissions::Permit,
    secrets::Keys,
};
use uuid::Uuid;

use crate::{
    ImporterCouche,
    domain::{
        couche::{Couche, Nature},
        lecture_couche::{self, Rejet},
    },
    store,
};

/// The name under which the read copy of the layers is versioned.
pub(crate) const VERSION: &str = "couches";

/// The layer to import: what the file does not say of itself.
#[derive(Clone, Debug)]
pub struct Demande {
    /// What the layer says.
    pub nature: Nature,
    /// Who published it.
    pub source: String,
    /// Its vintage.
    pub millesime: String,
    /// Its licence.
    pub licence: String,
    /// First day on which it holds.
    pub valable_du: Date,
    /// Last day, when known.
    pub valable_au: Option<Date>,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Bilan {
    /// The layer.
    pub couche: Couche,
    /// Rows kept.
    pub retenus: usize,
    /// Rows set aside, and why.
    pub rejets: Vec<Rejet>,
    /// Rows that have a code and no value.
    pub sans_valeur: usize,
    /// The same file was there already: nothing was written.
    pub inchangee: bool,
}

/// Reads the file and writes the layer, in the place of the same vintage if it was there; the same file twice changes nothing.
///
/// # Errors
/// A file that is not of this nature, dates the wrong way round, or the database's.
pub async fn importer_couche(
    tx: &mut Tx,
    permis: &Permit<ImporterCouche>,
    demande: Demande,
    fichier: &[u8],
    (ids, keys, at): (&Ids, &Keys, Instant),
) -> Result<Bilan, Erreur> {
    if demande.valable_au.is_some_and(|fin| fin < demande.valable_du) {
        return Err(Refus::champ("valable_au", "La couche ne peut pas finir avant d'avoir commencé.").into());
    }
    let lecture = lecture_couche::lire(demande.nature, fichier).map_err(|e| Refus::champ("fichier", e.to_string()))?;
    let empreinte = hex::encode(Sha256::digest(fichier));
    let ancienne = store::couche::trouver(tx, demande.nature, &demande.millesime).await?;
    let couche = demande.couche(ancienne.as_ref().map_or_else(|| ids.next(at), |(couche, _)| couche.id));
    let inchangee = ancienne.is_some_and(|(ancienne, autre)| ancienne == couche && autre == empreinte);
    if !inchangee {
        store::couche::enregistrer(tx, &couche, &empreinte, &lecture.elements, at).await?;
        outbox::bump_version(tx, VERSION).await?;
        let faits =
            json!({ "nature": couche.nature.code(), "millesime": couche.millesime, "lignes": lecture.elements.len() });
        outbox::publish(tx, ids.next(at), at, "territoire.couche_importee", faits.clone()).await?;
        let entree = journal::Entry::by(ids, at, permis, ("couche", couche.id));
        journal::write(tx, keys, entree.detail(faits)).await?;
    }
    let (retenus, rejets, sans_valeur) = (lecture.elements.len(), lecture.rejets, lecture.sans_valeur);
    Ok(Bilan {
        couche,
        retenus,
        rejets,
        sans_valeur,
        inchangee,
    })
}

impl Demande {
    fn couche(self, id: Uuid) -> Couche {
        let Demande {
            nature,
            source,
            millesime,
            licence,
            valable_du,
            valable_au,
        } = self;
        Couche {
            id,
            nature,
            source,
            millesime,
            licence,
            valable_du,
            valable_au,
        }
    }
}
