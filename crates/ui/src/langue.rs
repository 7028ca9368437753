//! The languages of the screens.

/// A language in which pages are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Langue {
    /// French, the language of reference.
    #[default]
    Fr,
    /// English.
    En,
    /// Arabic, read from right to left.
    Ar,
    /// Portuguese, as written in Portugal.
    Pt,
    /// Ukrainian.
    Uk,
}

impl Langue {
    /// Every language, French first.
    pub const TOUTES: [Self; 5] = [Self::Fr, Self::En, Self::Ar, Self::Pt, Self::Uk];

    /// The ISO 639-1 code, which is also what `lang` and `hreflang` take.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
            Self::Ar => "ar",
            Self::Pt => "pt",
            Self::Uk => "uk",
        }
    }

    /// The language's name in that language.
    pub const fn nom(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
            Self::Ar => "العربية",
            Self::Pt => "Português",
            Self::Uk => "Українська",
        }
    }

    /// The direction of writing, as `dir` takes it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::Fr | Self::En | Self::Pt | Self::Uk => "ltr",
        }
    }

    /// What stands before the path of a page: nothing in French, `/` and the code otherwise.
    pub const fn prefixe(self) -> &'static str {
        match self {
            Self::Fr => "",
            Self::En => "/en",
            Self::Ar => "/ar",
            Self::Pt => "/pt",
            Self::Uk => "/uk",
        }
    }

    /// The language that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|langue| langue.code() == code)
    }

    /// Splits a path into its language and the path of the same page in French, which always starts with `/`.
    pub fn du_chemin(chemin: &str) -> (Self, &str) {
        for langue in Self::TOUTES.into_iter().filter(|l| *l != Self::Fr) {
            match chemin.strip_prefix(langue.prefixe()) {
                Some("") => return (langue, "/"),
                Some(reste) if reste.starts_with('/') => return (langue, reste),
                _ => {}
            }
        }
        (Self::Fr, chemin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_langue_se_lit_au_debut_du_chemin() {
        let cas = [
            ("/", Langue::Fr, "/"),
            ("/lieux", Langue::Fr, "/lieux"),
            ("/en", Langue::En, "/"),
            ("/en/", Langue::En, "/"),
            ("/ar/lieux/abc", Langue::Ar, "/lieux/abc"),
            ("/enfants", Langue::Fr, "/enfants"),
        ];
        for (chemin, langue, reste) in cas {
            assert_eq!(Langue::du_chemin(chemin), (langue, reste), "{chemin}");
        }
    }

    #[test]
    fn chaque_langue_se_retrouve_par_son_code_et_par_son_prefixe() {
        for langue in Langue::TOUTES {
            assert_eq!(Langue::depuis_code(langue.code()), Some(langue));
            let chemin = format!("{}/lieux", langue.prefixe());
            assert_eq!(Langue::du_chemin(&chemin), (langue, "/lieux"));
        }
        assert_eq!(Langue::depuis_code("xx"), None);
    }
}
