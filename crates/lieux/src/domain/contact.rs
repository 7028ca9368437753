//! Telephone numbers, e-mail addresses and sites of a place.

use std::fmt;

use comptes::domain::telephone::par_paires;
use serde::{Deserialize, Serialize};

/// Country codes of the French numbering plans; the standard lists them.
pub const INDICATIFS: [&str; 10] = [
    "+33", "+590", "+594", "+262", "+596", "+269", "+687", "+689", "+508", "+681",
];

/// A text that is no contact of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurContact {
    /// No French telephone number.
    #[error("« {0} » n’est pas un numéro de téléphone français : il en faut un comme +33123456789")]
    Telephone(String),
    /// No e-mail address.
    #[error("« {0} » n’est pas une adresse de courriel : il en faut une comme accueil@exemple.fr")]
    Courriel(String),
    /// No address of a site.
    #[error("« {0} » n’est pas l’adresse d’un site : il en faut une comme https://exemple.fr")]
    SiteWeb(String),
}

/// A French telephone number in international form, such as `+33123456789`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Telephone(String);

impl Telephone {
    /// Reads a number written with or without its country code, with spaces, dots or hyphens.
    ///
    /// # Errors
    /// When it is not a French number, or has too few or too many digits.
    pub fn lire(texte: &str) -> Result<Self, ErreurContact> {
        let refuse = || ErreurContact::Telephone(texte.to_owned());
        let mut brut = String::with_capacity(texte.len());
        for c in texte.trim().chars() {
            match c {
                '0'..='9' => brut.push(c),
                '+' if brut.is_empty() => brut.push(c),
                ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' | '‑' => {}
                _ => return Err(refuse()),
            }
        }
        let international = match brut.as_bytes() {
            [b'+', ..] => brut,
            [b'0', b'0', reste @ ..] if !reste.is_empty() => format!("+{}", &brut[2..]),
            [b'0', ..] if brut.len() == 10 => format!("+33{}", &brut[1..]),
            _ => return Err(refuse()),
        };
        let indicatif = INDICATIFS
            .iter()
            .find(|i| international.starts_with(**i))
            .ok_or_else(refuse)?;
        let national = international[indicatif.len()..].trim_start_matches('0');
        let attendus = match *indicatif {
            "+687" | "+508" | "+681" => 6..=6,
            "+689" => 6..=8,
            _ => 9..=9,
        };
        if !attendus.contains(&national.len()) {
            return Err(refuse());
        }
        Ok(Telephone(format!("{indicatif}{national}")))
    }

    /// The international form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that people read: `01 23 45 67 89` in France, the country code kept elsewhere.
    pub fn affiche(&self) -> String {
        let indicatif = INDICATIFS
            .iter()
            .find(|i| self.0.starts_with(**i))
            .copied()
            .unwrap_or_default();
        let national = &self.0[indicatif.len()..];
        match (indicatif, national.len()) {
            ("+33", 9) => par_paires(&format!("0{national}")),
            ("+590" | "+594" | "+596" | "+262" | "+269", 9) => par_paires(&format!("0{national}")),
            _ => format!("{indicatif} {}", par_paires(national)),
        }
    }
}

/// An e-mail address in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Courriel(String);

impl Courriel {
    /// Reads an address.
    ///
    /// # Errors
    /// When it has no `@`, an accent, or a domain without a dot.
    pub fn lire(texte: &str) -> Result<Self, ErreurContact> {
        let adresse = texte.trim().to_lowercase();
        let valide = adresse
            .split_once('@')
            .is_some_and(|(local, domaine)| est_local(local) && est_domaine(domaine));
        if !valide {
            return Err(ErreurContact::Courriel(texte.to_owned()));
        }
        Ok(Courriel(adresse))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn est_local(local: &str) -> bool {
    local.len() >= 2
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn est_domaine(domaine: &str) -> bool {
    let etiquette = |e: &str| {
        !e.is_empty()
            && e.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !e.starts_with('-')
            && !e.ends_with('-')
    };
    domaine.rsplit_once('.').is_some_and(|(reste, extension)| {
        extension.len() >= 2
            && extension.bytes().any(|b| b.is_ascii_alphabetic())
            && etiquette(extension)
            && reste.split('.').all(etiquette)
    })
}

/// The address of a site, with its scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SiteWeb(String);

impl SiteWeb {
    /// Reads an address that begins with `http://` or `https://`.
    ///
    /// # Errors
    /// When the scheme is missing or another one, or when the host is not a domain.
    pub fn lire(texte: &str) -> Result<Self, ErreurContact> {
        let adresse = texte.trim();
        let refuse = || ErreurContact::SiteWeb(texte.to_owned());
        // A link is shown on public pages: no other scheme, so that no script hides in it.
        let reste = ["https://", "http://"]
            .iter()
            .find_map(|schema| adresse.get(..schema.len()).filter(|s| s.eq_ignore_ascii_case(schema)))
            .map(|schema| &adresse[schema.len()..])
            .ok_or_else(refuse)?;
        let autorite = reste.split(['/', '?', '#']).next().unwrap_or_default();
        let (hote, port) = autorite.split_once(':').unwrap_or((autorite, "80"));
        let affichable = reste
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{}".contains(&b));
        if !affichable || !est_domaine(hote) || port.parse::<u16>().is_err() {
            return Err(refuse());
        }
        Ok(SiteWeb(adresse.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Courriel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SiteWeb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Telephone> for String {
    fn from(telephone: Telephone) -> Self {
        telephone.0
    }
}

impl From<Courriel> for String {
    fn from(courriel: Courriel) -> Self {
        courriel.0
    }
}

impl From<SiteWeb> for String {
    fn from(site: SiteWeb) -> Self {
        site.0
    }
}

impl TryFrom<String> for Telephone {
    type Error = ErreurContact;
    fn try_from(texte: String) -> Result<Self, ErreurContact> {
        Telephone::lire(&texte)
    }
}

impl TryFrom<String> for Courriel {
    type Error = ErreurContact;
    fn try_from(texte: String) -> Result<Self, ErreurContact> {
        Courriel::lire(&texte)
    }
}

impl TryFrom<String> for SiteWeb {
    type Error = ErreurContact;
    fn try_from(texte: String) -> Result<Self, ErreurContact> {
        SiteWeb::lire(&texte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_numero_se_lit_sous_toutes_ses_formes() {
        for (texte, attendu) in [
            ("01 23 45 67 89", "+33123456789"),
            ("+33 (0)1.23.45.67.89", "+33123456789"),
            ("0033123456789", "+33123456789"),
            ("0 809 36 12 12", "+33809361212"),
            ("+687 24 15 41", "+687241541"),
            ("+594694020905", "+594694020905"),
        ] {
            assert_eq!(Telephone::lire(texte).unwrap().as_str(), attendu, "{texte}");
        }
        for texte in ["error", "024178384", "", "+44 20 7946 0958", "12", "٣٣"] {
            assert!(Telephone::lire(texte).is_err(), "{texte}");
        }
    }

    #[test]
    fn un_numero_s_affiche_par_paires() {
        for (texte, affiche) in [
            ("+33123456789", "01 23 45 67 89"),
            ("+262262123456", "02 62 12 34 56"),
            ("+687241541", "+687 24 15 41"),
        ] {
            assert_eq!(Telephone::lire(texte).unwrap().affiche(), affiche);
        }
    }

    #[test]
    fn un_courriel_veut_un_domaine() {
        assert_eq!(
            Courriel::lire(" Accueil@Mairie-X.fr ").unwrap().as_str(),
            "accueil@mairie-x.fr"
        );
        for texte in [
            "test@gmail",
            "é@a.fr",
            "a b@c.fr",
            "@a.fr",
            "ab@.fr",
            "ab@a..fr",
            "ab@@c.fr",
        ] {
            assert!(Courriel::lire(texte).is_err(), "{texte}");
        }
    }

    #[test]
    fn un_site_veut_son_schema_et_aucun_autre_que_le_web() {
        for texte in [
            "http://www.exemple.fr",
            "https://exemple.fr/a?b=c@d.fr",
            "https://exemple.fr:8080/x",
        ] {
            assert_eq!(SiteWeb::lire(texte).unwrap().as_str(), texte);
        }
        for texte in [
            "error",
            "www.exemple.fr",
            "javascript:alert(1)",
            "https://exemple",
            "https://ex emple.fr",
            "https://exemple.fr/\"><script>",
            "",
            "https://",
            "ééé",
        ] {
            assert!(SiteWeb::lire(texte).is_err(), "{texte}");
        }
    }
}
