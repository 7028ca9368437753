//! An e-mail address, as people type it and as it is compared.

use std::fmt;

/// An address that a message can be sent to, in lower case, without spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Courriel(String);

/// The longest address that mail systems carry (RFC 5321).
const LONGUEUR_MAX: usize = 254;

/// The text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurCourriel {
    /// Nothing was typed.
    #[error("écrivez une adresse de courriel, par exemple prenom.nom@exemple.fr")]
    Vide,
    /// It lacks a part or holds a character that addresses do not have.
    #[error(
        "vérifiez l’adresse de courriel : elle s’écrit sans espace ni accent, avec un seul @, par exemple prenom.nom@exemple.fr"
    )]
    Forme,
}

impl Courriel {
    /// Reads what a person typed: spaces around it, capitals and a `mailto:` are forgiven.
    ///
    /// # Errors
    /// When it is empty, or cannot be an address.
    pub fn lire(texte: &str) -> Result<Self, ErreurCourriel> {
        let texte = texte.trim().trim_start_matches("mailto:").to_lowercase();
        if texte.is_empty() {
            return Err(ErreurCourriel::Vide);
        }
        let (local, domaine) = texte.split_once('@').ok_or(ErreurCourriel::Forme)?;
        let permis = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        let points = |partie: &str| !partie.starts_with('.') && !partie.ends_with('.') && !partie.contains("..");
        let local_juste = !local.is_empty() && local.len() <= 64 && local.chars().all(permis) && points(local);
        let etiquette = |e: &str| {
            !e.is_empty()
                && e.len() <= 63
                && !e.starts_with('-')
                && !e.ends_with('-')
                && e.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let domaine_juste = domaine.contains('.') && domaine.split('.').all(etiquette);
        if texte.len() > LONGUEUR_MAX || !local_juste || !domaine_juste {
            return Err(ErreurCourriel::Forme);
        }
        Ok(Self(texte))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with its middle hidden, for a screen that others may see: `n…@exemple.fr`.
    pub fn masque(&self) -> String {
        let (local, domaine) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let premiere = local.chars().next().unwrap_or('…');
        format!("{premiere}…@{domaine}")
    }
}

impl fmt::Display for Courriel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_adresse_se_lit_comme_les_gens_l_ecrivent() {
        for (texte, adresse) in [
            (" Awa.Diallo@Exemple.FR ", "awa.diallo@exemple.fr"),
            ("mailto:a+b@exemple.gouv.fr", "a+b@exemple.gouv.fr"),
            ("o'neil@sous.domaine.example", "o'neil@sous.domaine.example"),
        ] {
            assert_eq!(Courriel::lire(texte).unwrap().as_str(), adresse);
        }
        assert_eq!(Courriel::lire("awa@exemple.fr").unwrap().masque(), "a…@exemple.fr");
    }

    #[test]
    fn ce_qui_n_est_pas_une_adresse_se_refuse() {
        assert_eq!(Courriel::lire("  "), Err(ErreurCourriel::Vide));
        let long = format!("{}@exemple.fr", "a".repeat(65));
        for faux in [
            "awa",
            "awa@",
            "@exemple.fr",
            "awa@exemple",
            "a wa@exemple.fr",
            "awa@@exemple.fr",
            "awa@exem ple.fr",
            ".awa@exemple.fr",
            "a..b@exemple.fr",
            "awa@-exemple.fr",
            "awa@exemple..fr",
            "awé@exemple.fr",
            "awa@exemple.fr\r\nBcc: x@y.fr",
            &long,
        ] {
            assert_eq!(Courriel::lire(faux), Err(ErreurCourriel::Forme), "{faux}");
        }
    }
}
