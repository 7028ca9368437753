//! The numbers by which registers know organisations and their establishments, each a type of its own.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Serialize};

/// A register of organisations; only the types of [`registre`] implement it.
pub trait Registre: Copy + Ord + std::hash::Hash + fmt::Debug {
    /// What the number is, in French, with its article.
    const LIBELLE: &'static str;
    /// Its form, in French.
    const FORME: &'static str;
    /// A number that exists, as people write it.
    const EXEMPLE: &'static str;

    /// The number as it is kept, made of the upper-case characters that were typed; nothing when they have not its form.
    fn normaliser(brut: &str) -> Option<String>;

    /// Whether its check digit is right; a register without one says yes.
    fn cle_juste(_numero: &str) -> bool {
        true
    }

    /// The number as people write it.
    fn presenter(numero: &str) -> String {
        numero.to_owned()
    }
}

/// The registers.
pub mod registre {
    use super::{Registre, cle_siret, luhn};

    fn chiffres(texte: &str, longueurs: std::ops::RangeInclusive<usize>) -> bool {
        longueurs.contains(&texte.len()) && texte.bytes().all(|octet| octet.is_ascii_digit())
    }

    fn grouper(numero: &str, groupes: &[usize]) -> String {
        let mut reste = numero;
        let mut ecrit = String::with_capacity(numero.len() + groupes.len());
        for longueur in groupes {
            let (groupe, suite) = reste.split_at(*longueur);
            ecrit.push_str(groupe);
            // No-break, so that a number never breaks at the end of a line.
            ecrit.push('\u{a0}');
            reste = suite;
        }
        ecrit + reste
    }

    /// Sirene, organisations.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Sirene {}
    impl Registre for Sirene {
        const LIBELLE: &'static str = "le numéro SIREN";
        const FORME: &'static str = "9 chiffres";
        const EXEMPLE: &'static str = "130 025 265";
        fn normaliser(brut: &str) -> Option<String> {
            chiffres(brut, 9..=9).then(|| brut.to_owned())
        }
        fn cle_juste(numero: &str) -> bool {
            numero != "000000000" && luhn(numero)
        }
        fn presenter(numero: &str) -> String {
            grouper(numero, &[3, 3])
        }
    }

    /// Sirene, establishments.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum SireneEtablissement {}
    impl Registre for SireneEtablissement {
        const LIBELLE: &'static str = "le numéro SIRET";
        const FORME: &'static str = "14 chiffres";
        const EXEMPLE: &'static str = "130 025 265 00013";
        fn normaliser(brut: &str) -> Option<String> {
            chiffres(brut, 14..=14).then(|| brut.to_owned())
        }
        fn cle_juste(numero: &str) -> bool {
            Sirene::cle_juste(&numero[..9]) && cle_siret(numero)
        }
        fn presenter(numero: &str) -> String {
            grouper(numero, &[3, 3, 3])
        }
    }

    /// The register of New Caledonia, establishments; its leading zero is often left out.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Caledonien {}
    impl Registre for Caledonien {
        const LIBELLE: &'static str = "le numéro RIDET";
        const FORME: &'static str = "6 ou 7 chiffres pour l’entreprise, puis 3 pour l’établissement";
        const EXEMPLE: &'static str = "0123456.001";
        fn normaliser(brut: &str) -> Option<String> {
            chiffres(brut, 9..=10).then(|| format!("{brut:0>10}"))
        }
        fn presenter(numero: &str) -> String {
            format!("{}.{}", &numero[..7], &numero[7..])
        }
    }

    /// The register of French Polynesia, establishments.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Polynesien {}
    impl Registre for Polynesien {
        const LIBELLE: &'static str = "le numéro TAHITI";
        const FORME: &'static str = "6 caractères pour l’entreprise (une lettre ou un chiffre, puis 5 chiffres), puis 3 chiffres pour l’établissement";
        const EXEMPLE: &'static str = "A12345-001";
        fn normaliser(brut: &str) -> Option<String> {
            let premier = brut.bytes().next().is_some_and(|o| o.is_ascii_alphanumeric());
            (premier && chiffres(brut.get(1..)?, 8..=8)).then(|| brut.to_owned())
        }
        fn presenter(numero: &str) -> String {
            format!("{}-{}", &numero[..6], &numero[6..])
        }
    }

    /// The national register of associations, which does not hold those of Alsace and Moselle.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Associations {}
    impl Registre for Associations {
        const LIBELLE: &'static str = "le numéro RNA";
        const FORME: &'static str =
            "la lettre W suivie de 9 chiffres, le deuxième pouvant être une lettre en Corse et outre-mer";
        const EXEMPLE: &'static str = "W751004076";
        fn normaliser(brut: &str) -> Option<String> {
            let bien_forme = matches!(brut.as_bytes(), [b'W', b'0'..=b'9', departement, suite @ ..]
                if departement.is_ascii_alphanumeric() && suite.len() == 7 && suite.iter().all(u8::is_ascii_digit));
            bien_forme.then(|| brut.to_owned())
        }
    }
}

/// A number of the register `R`, of the right form and with the right check digit; two registers never mix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numero<R> {
    texte: String,
    registre: PhantomData<R>,
}

/// Number of an organisation in Sirene.
pub type Siren = Numero<registre::Sirene>;
/// Number of an establishment in Sirene.
pub type Siret = Numero<registre::SireneEtablissement>;
/// Number of an establishment in New Caledonia.
pub type Ridet = Numero<registre::Caledonien>;
/// Number of an establishment in French Polynesia.
pub type Tahiti = Numero<registre::Polynesien>;
/// Number of an association.
pub type Rna = Numero<registre::Associations>;

/// Why a text is no number of a register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErreurIdentifiant {
    /// It has not the form.
    #[error("{libelle} compte {forme}, par exemple {exemple} ; « {recu} » ne convient pas")]
    Forme {
        /// What was expected.
        libelle: &'static str,
        /// Its form.
        forme: &'static str,
        /// A number that exists.
        exemple: &'static str,
        /// What was typed, shortened.
        recu: String,
    },
    /// Its check digit is wrong.
    #[error(
        "{libelle} « {recu} » contient une faute de frappe : sa clé de contrôle ne correspond pas. Comparez chaque chiffre avec celui de vos documents"
    )]
    Cle {
        /// What was expected.
        libelle: &'static str,
        /// What was typed.
        recu: String,
    },
}

impl<R: Registre> Numero<R> {
    /// The number as it is kept, without space or dot.
    pub fn as_str(&self) -> &str {
        &self.texte
    }

    /// The number as people write it.
    pub fn presente(&self) -> String {
        R::presenter(&self.texte)
    }
}

impl<R: Registre> FromStr for Numero<R> {
    type Err = ErreurIdentifiant;

    /// Reads a number typed with or without spaces, dots, slashes and hyphens, in either case.
    fn from_str(texte: &str) -> Result<Self, ErreurIdentifiant> {
        let recu = || texte.trim().chars().take(40).collect();
        let numero = R::normaliser(&brut(texte)).ok_or_else(|| ErreurIdentifiant::Forme {
            libelle: R::LIBELLE,
            forme: R::FORME,
            exemple: R::EXEMPLE,
            recu: recu(),
        })?;
        if !R::cle_juste(&numero) {
            return Err(ErreurIdentifiant::Cle {
                libelle: R::LIBELLE,
                recu: recu(),
            });
        }
        Ok(Numero {
            texte: numero,
            registre: PhantomData,
        })
    }
}

/// What was typed, in upper case, without what people put between groups of digits.
fn brut(texte: &str) -> String {
    texte
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '‑' | '–' | '/' | '_'))
        .flat_map(char::to_uppercase)
        .collect()
}

impl<R> fmt::Display for Numero<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texte)
    }
}

impl<R> Serialize for Numero<R> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.texte)
    }
}

impl<'de, R: Registre> Deserialize<'de> for Numero<R> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Siret {
    /// The organisation's number, its first nine digits.
    pub fn siren(&self) -> Siren {
        Numero {
            texte: self.texte[..9].to_owned(),
            registre: PhantomData,
        }
    }
}

/// SIREN of La Poste, whose establishments need only a sum of digits that is a multiple of five (INSEE).
const SIREN_LA_POSTE: &str = "356000000";

/// Whether the key of fourteen digits is that of a SIRET: Luhn's, or the one of La Poste.
pub fn cle_siret(siret: &str) -> bool {
    let somme = || siret.bytes().map(chiffre).sum::<u32>();
    luhn(siret) || (siret.starts_with(SIREN_LA_POSTE) && somme().is_multiple_of(5))
}

fn luhn(numero: &str) -> bool {
    let poids = |(rang, octet): (usize, u8)| {
        let double = chiffre(octet) * if rang % 2 == 1 { 2 } else { 1 };
        if double > 9 { double - 9 } else { double }
    };
    numero
        .bytes()
        .rev()
        .enumerate()
        .map(poids)
        .sum::<u32>()
        .is_multiple_of(10)
}

fn chiffre(octet: u8) -> u32 {
    u32::from(octet.saturating_sub(b'0'))
}

/// How an establishment is known; a consulate, among others, is in no register.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "genre", content = "numero", rename_all = "snake_case")]
pub enum IdentifiantEtablissement {
    /// France outside New Caledonia and French Polynesia.
    Siret(Siret),
    /// New Caledonia.
    Ridet(Ridet),
    /// French Polynesia.
    Tahiti(Tahiti),
    /// In no register.
    #[default]
    Aucun,
}

/// Each kind of identifier, by its code, with what people call it.
pub const GENRES: [(&str, &str); 4] = [
    ("siret", "Numéro SIRET"),
    ("ridet", "Numéro RIDET (Nouvelle-Calédonie)"),
    ("tahiti", "Numéro TAHITI (Polynésie française)"),
    ("aucun", "Aucun numéro (consulat, par exemple)"),
];

impl IdentifiantEtablissement {
    /// Reads a number of the kind that this code names; without a number for `aucun`.
    ///
    /// # Errors
    /// When the number is not of this kind; an unknown code is read as a SIRET, the common case.
    pub fn lire(genre: &str, numero: &str) -> Result<Self, ErreurIdentifiant> {
        Ok(match genre {
            "ridet" => Self::Ridet(numero.parse()?),
            "tahiti" => Self::Tahiti(numero.parse()?),
            "aucun" => Self::Aucun,
            _ => Self::Siret(numero.parse()?),
        })
    }

    /// The kind that the form of a number tells; nothing when several could be meant, or none.
    pub fn reconnaitre(texte: &str) -> Option<Self> {
        let brut = brut(texte);
        match brut.len() {
            14 => brut.parse().ok().map(Self::Siret),
            10 => brut.parse().ok().map(Self::Ridet),
            9 if brut.starts_with(|c: char| c.is_ascii_uppercase()) => brut.parse().ok().map(Self::Tahiti),
            _ => None,
        }
    }

    /// The code of its kind.
    pub fn genre(&self) -> &'static str {
        match self {
            Self::Siret(_) => "siret",
            Self::Ridet(_) => "ridet",
            Self::Tahiti(_) => "tahiti",
            Self::Aucun => "aucun",
        }
    }

    /// The number as it is kept, when there is one.
    pub fn numero(&self) -> Option<&str> {
        match self {
            Self::Siret(n) => Some(n.as_str()),
            Self::Ridet(n) => Some(n.as_str()),
            Self::Tahiti(n) => Some(n.as_str()),
            Self::Aucun => None,
        }
    }

    /// Its organisation's number in Sirene, when it is known there.
    pub fn siren(&self) -> Option<Siren> {
        match self {
            Self::Siret(siret) => Some(siret.siren()),
            _ => None,
        }
    }
}

impl fmt::Display for IdentifiantEtablissement {
    /// The number as people write it, after the name of its register.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Siret(n) => write!(f, "SIRET {}", n.presente()),
            Self::Ridet(n) => write!(f, "RIDET {}", n.presente()),
            Self::Tahiti(n) => write!(f, "TAHITI {}", n.presente()),
            Self::Aucun => f.write_str("sans numéro"),
        }
    }
}

#[cfg(test)]
mod tests;
