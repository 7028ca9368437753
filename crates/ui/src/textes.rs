//! Texts by language: one TOML file a language and a crate, read into a struct, so that a missing text is a failing test.

use crate::langue::Langue;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    fmt::{self, Write},
    ops::Deref,
    sync::OnceLock,
};

/// A sentence of a language file, with `{name}` where a value goes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Phrase(String);

impl Phrase {
    /// The sentence with this value in its place.
    pub fn avec(&self, nom: &str, valeur: impl fmt::Display) -> Phrase {
        let mut texte = String::with_capacity(self.0.len() + 16);
        let mut reste = self.0.as_str();
        while let Some((avant, apres)) = reste.split_once('{') {
            texte.push_str(avant);
            reste = match apres.strip_prefix(nom).and_then(|suite| suite.strip_prefix('}')) {
                Some(suite) => {
                    // Writing to a text cannot fail.
                    let _ = write!(texte, "{valeur}");
                    suite
                }
                None => {
                    texte.push('{');
                    apres
                }
            };
        }
        texte.push_str(reste);
        Phrase(texte)
    }
}

impl Deref for Phrase {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Phrase {
    fn from(texte: &str) -> Self {
        Self(texte.to_owned())
    }
}

/// The plural categories of Unicode CLDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Categorie {
    /// CLDR `zero`.
    Zero,
    /// CLDR `one`.
    Un,
    /// CLDR `two`.
    Deux,
    /// CLDR `few`.
    Peu,
    /// CLDR `many`.
    Plusieurs,
    /// CLDR `other`.
    Autre,
}

impl Categorie {
    /// The category of a count of things, by the cardinal rules of CLDR for whole numbers.
    pub const fn de(n: u64, langue: Langue) -> Self {
        match langue {
            Langue::Fr => match n {
                0 | 1 => Self::Un,
                _ if n.is_multiple_of(1_000_000) => Self::Plusieurs,
                _ => Self::Autre,
            },
            Langue::En => match n {
                1 => Self::Un,
                _ => Self::Autre,
            },
            Langue::Pt => match n {
                1 => Self::Un,
                0 => Self::Autre,
                _ if n.is_multiple_of(1_000_000) => Self::Plusieurs,
                _ => Self::Autre,
            },
            Langue::Ar => match (n, n % 100) {
                (0, _) => Self::Zero,
                (1, _) => Self::Un,
                (2, _) => Self::Deux,
                (_, 3..=10) => Self::Peu,
                (_, 11..=99) => Self::Plusieurs,
                _ => Self::Autre,
            },
            Langue::Uk => match (n % 10, n % 100) {
                (1, reste) if reste != 11 => Self::Un,
                (2..=4, reste) if reste < 12 || reste > 14 => Self::Peu,
                _ => Self::Plusieurs,
            },
        }
    }

    /// The forms that a language's file must write; the others may be left to `autre`.
    const fn attendues(langue: Langue) -> &'static [&'static str] {
        match langue {
            Langue::Fr | Langue::En | Langue::Pt => &["un", "autre"],
            Langue::Ar => &["zero", "un", "deux", "peu", "plusieurs", "autre"],
            Langue::Uk => &["un", "peu", "plusieurs", "autre"],
        }
    }
}

/// A sentence that changes with a count, written `{n}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pluriel {
    zero: Option<Phrase>,
    un: Option<Phrase>,
    deux: Option<Phrase>,
    peu: Option<Phrase>,
    plusieurs: Option<Phrase>,
    autre: Phrase,
}

impl Pluriel {
    /// The form for this category, or the general one.
    pub fn forme(&self, categorie: Categorie) -> &Phrase {
        let ecrite = match categorie {
            Categorie::Zero => &self.zero,
            Categorie::Un => &self.un,
            Categorie::Deux => &self.deux,
            Categorie::Peu => &self.peu,
            Categorie::Plusieurs => &self.plusieurs,
            Categorie::Autre => &None,
        };
        ecrite.as_ref().unwrap_or(&self.autre)
    }

    /// The sentence for this count, the count written as the language writes numbers.
    pub fn pour(&self, n: u64, langue: Langue) -> Phrase {
        self.forme(Categorie::de(n, langue))
            .avec("n", crate::formats::entier(n, langue))
    }

    /// Every form under its CLDR name, for a script that chooses with `Intl.PluralRules`.
    pub fn json(&self) -> String {
        let formes = [
            ("zero", &self.zero),
            ("one", &self.un),
            ("two", &self.deux),
            ("few", &self.peu),
            ("many", &self.plusieurs),
        ];
        let mut objet: serde_json::Map<_, _> = formes
            .into_iter()
            .filter_map(|(nom, forme)| forme.as_ref().map(|phrase| (nom.to_owned(), phrase.0.clone().into())))
            .collect();
        objet.insert("other".to_owned(), self.autre.0.clone().into());
        serde_json::Value::Object(objet).to_string()
    }
}

/// What is wrong with a language file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ErreurTextes {
    /// A key is missing, unknown or of the wrong kind.
    #[error("langue {langue} : {detail}")]
    Lecture {
        /// The language's code.
        langue: &'static str,
        /// The reader's message, which names the key and its line.
        detail: String,
    },
    /// A plural lacks a form that the language needs.
    #[error("langue {langue} : il manque la forme « {forme} » de {cle}")]
    Pluriel {
        /// The language's code.
        langue: &'static str,
        /// The key of the plural.
        cle: String,
        /// The missing form.
        forme: &'static str,
    },
}

/// The texts `T` of a crate in each language, read once at first use.
///
/// ```
/// # use ui::{langue::Langue, textes::{Phrase, Textes}};
/// #[derive(serde::Deserialize)]
/// struct Accueil { bonjour: Phrase }
/// static TEXTES: Textes<Accueil> = Textes::en_francais("bonjour = 'Bonjour {nom}'").et(Langue::En, "bonjour = 'Hello {nom}'");
/// assert_eq!(TEXTES.de(Langue::En).bonjour.avec("nom", "Awa").to_string(), "Hello Awa");
/// ```
#[derive(Debug)]
pub struct Textes<T> {
    sources: [Option<&'static str>; Langue::TOUTES.len()],
    lus: [OnceLock<T>; Langue::TOUTES.len()],
}

impl<T: DeserializeOwned> Textes<T> {
    /// The French file; give it with `include_str!`.
    pub const fn en_francais(source: &'static str) -> Self {
        let mut sources = [None; Langue::TOUTES.len()];
        sources[Langue::Fr as usize] = Some(source);
        Self {
            sources,
            lus: [const { OnceLock::new() }; Langue::TOUTES.len()],
        }
    }

    /// Adds the file of another language.
    pub const fn et(mut self, langue: Langue, source: &'static str) -> Self {
        self.sources[langue as usize] = Some(source);
        self
    }

    /// Whether this language has its own file.
    pub fn existe_en(&self, langue: Langue) -> bool {
        self.sources[langue as usize].is_some()
    }

    /// The texts in this language, or in French where the language has no file.
    ///
    /// # Panics
    /// When the file cannot be read: a test of each crate reads them all with [`Textes::verifier`].
    pub fn de(&self, langue: Langue) -> &T {
        let langue = if self.existe_en(langue) { langue } else { Langue::Fr };
        let source = self.sources[langue as usize].unwrap_or_default();
        self.lus[langue as usize].get_or_init(|| lire(source, langue).expect("a test reads every language file"))
    }

    /// Everything that is wrong in the language files; each crate has a test that expects nothing.
    pub fn verifier(&self) -> Vec<ErreurTextes> {
        let mut erreurs = Vec::new();
        for langue in Langue::TOUTES {
            let Some(source) = self.sources[langue as usize] else {
                continue;
            };
            erreurs.extend(lire::<T>(source, langue).err());
            if let Ok(table) = source.parse::<toml::Table>() {
                formes_manquantes(&table, "", langue, &mut erreurs);
            }
        }
        erreurs
    }
}

fn lire<T: DeserializeOwned>(source: &str, langue: Langue) -> Result<T, ErreurTextes> {
    toml::from_str(source).map_err(|e| ErreurTextes::Lecture {
        langue: langue.code(),
        detail: e.to_string(),
    })
}

fn formes_manquantes(table: &toml::Table, chemin: &str, langue: Langue, erreurs: &mut Vec<ErreurTextes>) {
    if table.contains_key("autre") {
        let manquantes = Categorie::attendues(langue)
            .iter()
            .filter(|forme| !table.contains_key(**forme));
        erreurs.extend(manquantes.map(|forme| ErreurTextes::Pluriel {
            langue: langue.code(),
            cle: chemin.to_owned(),
            forme,
        }));
        return;
    }
    for (cle, valeur) in table {
        if let toml::Value::Table(sous_table) = valeur {
            let chemin = if chemin.is_empty() {
                cle.clone()
            } else {
                format!("{chemin}.{cle}")
            };
            formes_manquantes(sous_table, &chemin, langue, erreurs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Exemple {
        titre: Phrase,
        lieux: Pluriel,
    }

    const FR: &str = "titre = 'Bonjour {nom}'\n[lieux]\nun = '{n} lieu'\nautre = '{n} lieux'";

    #[test]
    fn une_phrase_recoit_ses_valeurs() {
        let textes: Textes<Exemple> = Textes::en_francais(FR);
        let fr = textes.de(Langue::Fr);
        assert_eq!(fr.titre.avec("nom", "Awa").to_string(), "Bonjour Awa");
        assert_eq!(fr.lieux.pour(0, Langue::Fr).to_string(), "0 lieu");
        assert_eq!(fr.lieux.pour(1, Langue::Fr).to_string(), "1 lieu");
        assert_eq!(fr.lieux.pour(12_345, Langue::Fr).to_string(), "12\u{202f}345 lieux");
    }

    #[test]
    fn une_langue_sans_fichier_parle_francais() {
        let textes: Textes<Exemple> = Textes::en_francais(FR);
        assert!(!textes.existe_en(Langue::Uk));
        assert_eq!(textes.de(Langue::Uk).titre.to_string(), "Bonjour {nom}");
    }

    #[test]
    fn un_texte_oublie_est_nomme_avec_sa_langue() {
        let textes: Textes<Exemple> = Textes::en_francais(FR)
            .et(Langue::En, "titre = 'Hello {nom}'")
            .et(Langue::Ar, "titre = 'x'\n[lieux]\nautre = '{n}'");
        let erreurs: Vec<_> = textes.verifier().iter().map(ToString::to_string).collect();
        assert!(
            erreurs[0].contains("langue en") && erreurs[0].contains("lieux"),
            "{erreurs:?}"
        );
        assert!(
            erreurs
                .iter()
                .any(|e| e == "langue ar : il manque la forme « deux » de lieux"),
            "{erreurs:?}"
        );
    }

    #[test]
    fn les_pluriels_suivent_les_regles_de_cldr() {
        use Categorie::*;
        let cas = [
            (
                Langue::Fr,
                vec![(0, Un), (1, Un), (2, Autre), (1_000_000, Plusieurs), (1_000_001, Autre)],
            ),
            (Langue::En, vec![(0, Autre), (1, Un), (2, Autre), (21, Autre)]),
            (
                Langue::Pt,
                vec![(0, Autre), (1, Un), (2, Autre), (2_000_000, Plusieurs)],
            ),
            (
                Langue::Ar,
                vec![
                    (0, Zero),
                    (1, Un),
                    (2, Deux),
                    (3, Peu),
                    (10, Peu),
                    (11, Plusieurs),
                    (99, Plusieurs),
                    (100, Autre),
                    (102, Autre),
                    (103, Peu),
                ],
            ),
            (
                Langue::Uk,
                vec![
                    (1, Un),
                    (2, Peu),
                    (4, Peu),
                    (5, Plusieurs),
                    (11, Plusieurs),
                    (12, Plusieurs),
                    (21, Un),
                    (22, Peu),
                    (111, Plusieurs),
                    (0, Plusieurs),
                ],
            ),
        ];
        for (langue, attendus) in cas {
            for (n, categorie) in attendus {
                assert_eq!(Categorie::de(n, langue), categorie, "{langue:?} {n}");
            }
        }
    }

    #[test]
    fn les_formes_se_donnent_au_navigateur_sous_leur_nom_cldr() {
        let textes: Textes<Exemple> = Textes::en_francais(FR);
        assert_eq!(
            textes.de(Langue::Fr).lieux.json(),
            r#"{"one":"{n} lieu","other":"{n} lieux"}"#
        );
    }
}
