//! The identifier of the organisation that runs a place.

use std::fmt;

use comptes::domain::identifiant::cle_siret;
use serde::{Deserialize, Serialize};

/// What the standard writes when nobody knows.
const INCONNU: &str = "00000000000000";

/// The identifier of the organisation that runs a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Pivot {
    /// Fourteen digits; see [`Pivot::cle_juste`] for their key.
    Siret(String),
    /// `W` and nine characters: an association.
    Rna(String),
    /// Ten digits: New Caledonia.
    Ridet(String),
    /// A letter and eight digits: French Polynesia.
    Tahiti(String),
    /// Nobody knows.
    #[default]
    Inconnu,
}

/// A text that is no identifier of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » n’est ni un SIRET (14 chiffres), ni un RNA (W suivi de 9 caractères), ni un RIDET, ni un numéro TAHITI"
)]
pub struct ErreurPivot(pub String);

impl Pivot {
    /// Reads an identifier, without its spaces, dots and hyphens.
    ///
    /// # Errors
    /// When the text has none of the four forms.
    pub fn lire(texte: &str) -> Result<Self, ErreurPivot> {
        let brut: String = texte
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '\u{a0}' | '/'))
            .flat_map(char::to_uppercase)
            .collect();
        let chiffres = brut.bytes().all(|b| b.is_ascii_digit());
        let alphanumerique = brut.bytes().all(|b| b.is_ascii_alphanumeric());
        match brut.len() {
            14 if brut == INCONNU => Ok(Pivot::Inconnu),
            14 if chiffres => Ok(Pivot::Siret(brut)),
            10 if alphanumerique && brut.starts_with('W') => Ok(Pivot::Rna(brut)),
            10 if chiffres => Ok(Pivot::Ridet(brut)),
            9 if est_tahiti(brut.as_bytes()) => Ok(Pivot::Tahiti(brut)),
            _ => Err(ErreurPivot(texte.to_owned())),
        }
    }

    /// What the standard writes.
    pub fn as_str(&self) -> &str {
        match self {
            Pivot::Siret(p) | Pivot::Rna(p) | Pivot::Ridet(p) | Pivot::Tahiti(p) => p,
            Pivot::Inconnu => INCONNU,
        }
    }

    /// The SIRET, when it is one.
    pub fn siret(&self) -> Option<&str> {
        match self {
            Pivot::Siret(siret) => Some(siret),
            _ => None,
        }
    }

    /// Whether the key of a SIRET is right; a wrong one is worth a warning, never a refusal, since the standard asks only for a form.
    pub fn cle_juste(&self) -> bool {
        self.siret().is_none_or(cle_siret)
    }
}

fn est_tahiti(brut: &[u8]) -> bool {
    brut[0].is_ascii_uppercase() && brut[1..].iter().all(u8::is_ascii_digit)
}

impl fmt::Display for Pivot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Pivot> for String {
    fn from(pivot: Pivot) -> Self {
        pivot.as_str().to_owned()
    }
}

impl TryFrom<String> for Pivot {
    type Error = ErreurPivot;
    fn try_from(texte: String) -> Result<Self, ErreurPivot> {
        Pivot::lire(&texte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_forme_est_reconnue() {
        for (texte, pivot) in [
            ("434 933 123 00029", Pivot::Siret("43493312300029".into())),
            ("w9r2003255", Pivot::Rna("W9R2003255".into())),
            ("1049345001", Pivot::Ridet("1049345001".into())),
            ("A12345678", Pivot::Tahiti("A12345678".into())),
            ("00000000000000", Pivot::Inconnu),
        ] {
            assert_eq!(Pivot::lire(texte), Ok(pivot), "{texte}");
        }
        for texte in ["42", "", "842 887 408 00", "123456789", "pas un siret", "éééééééééé"] {
            assert!(Pivot::lire(texte).is_err(), "{texte}");
        }
    }

    #[test]
    fn la_cle_suit_luhn_sauf_a_la_poste() {
        for (siret, juste) in [
            ("43493312300029", true),
            ("43493312300028", false),
            ("35600000000048", true),
            ("35600000000006", true),
            ("35600000000007", false),
        ] {
            assert_eq!(Pivot::lire(siret).unwrap().cle_juste(), juste, "{siret}");
        }
    }
}
