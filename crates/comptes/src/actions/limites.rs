//! Slowing down whoever tries again and again, by account, by address and by network.

use crate::{
    domain::limite::{Regle, UN_COMPTE, UN_RESEAU},
    store::essai as store,
};
use socle::{App, clock::Instant, db::Tx, errors::Erreur};
use std::net::IpAddr;

/// What tries are counted under.
#[derive(Debug, Clone, Copy)]
pub enum Cle<'a> {
    /// An e-mail address, known or not.
    Adresse(&'a str),
    /// A person who is already recognised by a first factor.
    Personne(uuid::Uuid),
    /// The network that asks.
    Reseau(IpAddr),
}

impl Cle<'_> {
    /// The keyed fingerprint under which the tries are kept: nobody reads an address there.
    pub fn empreinte(self, app: &App, quoi: &str) -> Vec<u8> {
        let texte = match self {
            Self::Adresse(adresse) => format!("{quoi}/adresse/{adresse}"),
            Self::Personne(id) => format!("{quoi}/personne/{id}"),
            Self::Reseau(ip) => format!("{quoi}/reseau/{}", reseau(ip)),
        };
        app.settings.keys.fingerprint("essai", texte.as_bytes()).to_vec()
    }

    fn regle(self) -> Regle {
        match self {
            Self::Adresse(_) | Self::Personne(_) => UN_COMPTE,
            Self::Reseau(_) => UN_RESEAU,
        }
    }
}

/// An IPv6 network is a /64: one subscriber has them all.
fn reseau(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => v6.segments()[..4]
            .iter()
            .map(|s| format!("{s:x}"))
            .collect::<Vec<_>>()
            .join(":"),
    }
}

/// Counts a try, unless one must wait first.
///
/// # Errors
/// `Limite` with the seconds to wait; the engine's.
pub async fn compter(tx: &mut Tx, app: &App, quoi: &str, cles: &[Cle<'_>], at: Instant) -> Result<(), Erreur> {
    let mut empreintes: Vec<_> = cles.iter().map(|cle| (cle.empreinte(app, quoi), cle.regle())).collect();
    // Two requests that share two keys take them in the same order, so that neither waits for the other for ever.
    empreintes.sort_by(|(un, _), (autre, _)| un.cmp(autre));
    let mut attente = 0;
    let mut suivants = Vec::with_capacity(empreintes.len());
    for (empreinte, regle) in empreintes {
        let avant = store::prendre(tx, &empreinte, at).await?;
        attente = attente.max(avant.attente(regle, at));
        suivants.push((empreinte, avant.suivant(regle, at)));
    }
    if attente > 0 {
        return Err(Erreur::Limite {
            secondes: u32::try_from(attente).unwrap_or(u32::MAX),
        });
    }
    for (empreinte, essais) in suivants {
        store::ecrire(tx, &empreinte, essais).await?;
    }
    Ok(())
}

/// Forgets the tries after a success.
///
/// # Errors
/// The engine's.
pub async fn oublier(tx: &mut Tx, app: &App, quoi: &str, cle: Cle<'_>) -> Result<(), Erreur> {
    Ok(store::oublier(tx, &cle.empreinte(app, quoi)).await?)
}
