//! SHA-256, by which files and runs are named.

use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

/// A SHA-256 hash, shown in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Empreinte(pub [u8; 32]);

impl Empreinte {
    /// The hash of bytes.
    #[must_use]
    pub fn de(octets: &[u8]) -> Self {
        Self(Sha256::digest(octets).into())
    }

    /// The hash of parts; where one ends and the next begins counts.
    #[must_use]
    pub fn de_parties(parties: &[&[u8]]) -> Self {
        let mut somme = Sha256::new();
        for partie in parties {
            somme.update((partie.len() as u64).to_be_bytes());
            somme.update(partie);
        }
        Self(somme.finalize().into())
    }
}

/// What names a run: the hash of its input, of its parameters and of the versions of what computed it.
#[must_use]
pub fn nommer_execution(entree: &Empreinte, parametres: &BTreeMap<&str, String>, versions: &[&str]) -> Empreinte {
    let parametres: Vec<_> = parametres
        .iter()
        .map(|(cle, valeur)| format!("{cle}={valeur}"))
        .collect();
    let (parametres, versions) = (parametres.join("\n"), versions.join("\n"));
    Empreinte::de_parties(&[&entree.0, parametres.as_bytes(), versions.as_bytes()])
}

impl fmt::Display for Empreinte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
