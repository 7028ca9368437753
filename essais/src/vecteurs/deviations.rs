//! The quirks of the references that we refuse, read from docs/deviations.md.
//!
//! A row names a file, and either the fingerprint of one call (`appel:` and twelve hexadecimal digits) or a predicate
//! on the call (`cas:` and its name in a room's table), which also holds for vectors of the same file that were not seen.

use sha2::{Digest, Sha256};

use super::chaine::{Etape, Retour};
use super::{Vecteur, carto, doublons, horaires, lieux, territoire};

/// Whether a vector, and what ours answers, is a case of a deviation.
pub type Predicat = fn(&Vecteur, &Retour) -> bool;

/// The predicates that docs/deviations.md may name, by room.
const CAS: [&[(&str, Predicat)]; 5] = [carto::CAS, doublons::CAS, horaires::CAS, lieux::CAS, territoire::CAS];

enum Critere {
    Appel(String),
    Cas(Predicat),
}

struct Deviation {
    fichier: String,
    critere: Critere,
    raison: String,
}

/// Every declared deviation.
pub struct Deviations(Vec<Deviation>);

impl Deviations {
    /// Reads the rows `| fichier | critère | raison |` of a Markdown page.
    pub fn lire(page: &str) -> Result<Self, String> {
        page.lines()
            .filter(|l| l.starts_with("| `"))
            .map(ligne)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The written reason why this vector does not pass, if one was declared.
    pub fn raison(&self, fichier: &str, vecteur: &Vecteur, obtenu: &Retour) -> Option<&str> {
        let tient = |d: &&Deviation| {
            d.fichier == fichier
                && match &d.critere {
                    Critere::Appel(attendue) => *attendue == empreinte(&vecteur.appel),
                    Critere::Cas(predicat) => predicat(vecteur, obtenu),
                }
        };
        self.0.iter().find(tient).map(|d| d.raison.as_str())
    }
}

/// Twelve hexadecimal digits that name a call by its content, so that order and position do not matter.
pub fn empreinte(appel: &[Etape]) -> String {
    let texte = serde_json::to_string(appel).expect("a call is plain JSON");
    Sha256::digest(texte)
        .iter()
        .take(6)
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

fn ligne(ligne: &str) -> Result<Deviation, String> {
    let cellules: Vec<&str> = ligne.trim_matches('|').splitn(3, '|').map(str::trim).collect();
    let [fichier, critere, raison] = cellules[..] else {
        return Err(format!("trois colonnes attendues : {ligne}"));
    };
    let critere = match critere.trim_matches('`').split_once(':') {
        Some(("appel", empreinte)) => Critere::Appel(empreinte.to_owned()),
        Some(("cas", nom)) => Critere::Cas(
            CAS.into_iter()
                .flatten()
                .find(|(n, _)| *n == nom)
                .map(|(_, p)| *p)
                .ok_or_else(|| format!("cas inconnu : {nom}"))?,
        ),
        _ => return Err(format!("critère inconnu : {critere}")),
    };
    Ok(Deviation {
        fichier: fichier.trim_matches('`').to_owned(),
        critere,
        raison: raison.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_ligne_vaut_pour_un_seul_appel_d_un_seul_fichier() {
        let vecteur: Vecteur =
            serde_json::from_str(r#"{"appel":[{"fn":"f"},{"args":[1]}],"assertion":"toBe","attendu":2}"#).unwrap();
        let page = format!(
            "# Titre\n\n| `f` | `appel:{}` | Parce que. |\n",
            empreinte(&vecteur.appel)
        );
        let deviations = Deviations::lire(&page).unwrap();
        assert_eq!(deviations.raison("f", &vecteur, &Retour::rien()), Some("Parce que."));
        assert_eq!(deviations.raison("g", &vecteur, &Retour::rien()), None);
    }

    #[test]
    fn un_critere_inconnu_est_une_faute() {
        for page in ["| `f` | `cas:jamais-vu` | x |", "| `f` | `rang:3` | x |", "| `f` | x |"] {
            assert!(Deviations::lire(page).is_err(), "{page}");
        }
    }
}
