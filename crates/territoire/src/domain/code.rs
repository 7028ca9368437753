//! The identifiers that INSEE, La Poste and the State give to territories.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema, schema::ObjectBuilder, schema::Type};

/// What tells one family of codes from another; only the types of [`genre`] implement it.
pub trait Genre: Copy + Ord + std::hash::Hash {
    /// Name of the type in the API description.
    const NOM: &'static str;
    /// What the code is, in French, for messages.
    const LIBELLE: &'static str;
    /// A code that exists.
    const EXEMPLE: &'static str;
    /// The regular expression that the API description shows.
    const MOTIF: &'static str;

    /// Whether these upper-case characters have the form of such a code.
    fn bien_forme(code: &[u8]) -> bool;
}

/// The families of codes.
pub mod genre {
    use super::Genre;

    fn chiffres(code: &[u8]) -> bool {
        code.iter().all(u8::is_ascii_digit)
    }

    fn prefixe_departement(code: &[u8]) -> bool {
        chiffres(code) || matches!(code, [b'2', b'A' | b'B'])
    }

    fn outre_mer(code: &[u8]) -> bool {
        code.len() == 3 && chiffres(code) && (code.starts_with(b"97") || code.starts_with(b"98"))
    }

    /// A commune, present or former, or an arrondissement of Paris, Lyon or Marseille.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Commune {}
    impl Genre for Commune {
        const NOM: &'static str = "CodeCommune";
        const LIBELLE: &'static str = "code INSEE de commune";
        const EXEMPLE: &'static str = "2A004";
        const MOTIF: &'static str = "^([0-9]{2}|2[AB])[0-9]{3}$";
        fn bien_forme(code: &[u8]) -> bool {
            code.len() == 5 && prefixe_departement(&code[..2]) && chiffres(&code[2..])
        }
    }

    /// A postal code.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Postal {}
    impl Genre for Postal {
        const NOM: &'static str = "CodePostal";
        const LIBELLE: &'static str = "code postal";
        const EXEMPLE: &'static str = "20000";
        const MOTIF: &'static str = "^[0-9]{5}$";
        fn bien_forme(code: &[u8]) -> bool {
            code.len() == 5 && chiffres(code)
        }
    }

    /// A département.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Departement {}
    impl Genre for Departement {
        const NOM: &'static str = "CodeDepartement";
        const LIBELLE: &'static str = "code de département";
        const EXEMPLE: &'static str = "2A";
        const MOTIF: &'static str = "^([0-9]{2}|2[AB]|9[78][0-9])$";
        fn bien_forme(code: &[u8]) -> bool {
            (code.len() == 2 && prefixe_departement(code)) || outre_mer(code)
        }
    }

    /// An overseas collectivity, which has neither département nor région.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Collectivite {}
    impl Genre for Collectivite {
        const NOM: &'static str = "CodeCollectivite";
        const LIBELLE: &'static str = "code de collectivité d'outre-mer";
        const EXEMPLE: &'static str = "988";
        const MOTIF: &'static str = "^9[78][0-9]$";
        fn bien_forme(code: &[u8]) -> bool {
            outre_mer(code)
        }
    }

    /// A région.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Region {}
    impl Genre for Region {
        const NOM: &'static str = "CodeRegion";
        const LIBELLE: &'static str = "code de région";
        const EXEMPLE: &'static str = "94";
        const MOTIF: &'static str = "^[0-9]{2}$";
        fn bien_forme(code: &[u8]) -> bool {
            code.len() == 2 && chiffres(code)
        }
    }

    /// An intercommunality with its own taxation, or a territory of Greater Paris.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Epci {}
    impl Genre for Epci {
        const NOM: &'static str = "SirenEpci";
        const LIBELLE: &'static str = "numéro SIREN d'EPCI";
        const EXEMPLE: &'static str = "242010056";
        const MOTIF: &'static str = "^[0-9]{9}$";
        fn bien_forme(code: &[u8]) -> bool {
            code.len() == 9 && chiffres(code)
        }
    }
}

/// A code of at most `N` characters, kept as text; two families never mix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<G, const N: usize> {
    // Padded with zero bytes, which sort before any character.
    octets: [u8; N],
    genre: PhantomData<G>,
}

/// INSEE code of a commune, a former commune or a municipal arrondissement.
pub type CodeCommune = Code<genre::Commune, 5>;
/// Postal code.
pub type CodePostal = Code<genre::Postal, 5>;
/// Code of a département.
pub type CodeDepartement = Code<genre::Departement, 3>;
/// Code of an overseas collectivity.
pub type CodeCollectivite = Code<genre::Collectivite, 3>;
/// Code of a région.
pub type CodeRegion = Code<genre::Region, 2>;
/// SIREN number of an EPCI.
pub type SirenEpci = Code<genre::Epci, 9>;

/// The text does not have the form of the code that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("« {recu} » n'est pas un {attendu} (exemple : {exemple})")]
pub struct ErreurCode {
    recu: String,
    attendu: &'static str,
    exemple: &'static str,
}

impl<G: Genre, const N: usize> Code<G, N> {
    /// The code as text, in upper case.
    pub fn as_str(&self) -> &str {
        let fin = self.octets.iter().position(|o| *o == 0).unwrap_or(N);
        std::str::from_utf8(&self.octets[..fin]).expect("a code holds ASCII characters only")
    }

    /// A code that fills its `N` characters, if they have its form.
    pub(super) fn lire_octets(octets: [u8; N]) -> Option<Self> {
        G::bien_forme(&octets).then_some(Code {
            octets,
            genre: PhantomData,
        })
    }
}

impl CodeCommune {
    /// The two characters (three overseas) that name the département or collectivity, as text.
    pub fn prefixe(&self) -> &str {
        let texte = self.as_str();
        if texte.starts_with("97") || texte.starts_with("98") {
            &texte[..3]
        } else {
            &texte[..2]
        }
    }
}

impl<G: Genre, const N: usize> FromStr for Code<G, N> {
    type Err = ErreurCode;

    /// Reads a code; surrounding spaces and lower case (`2a004`) are accepted.
    fn from_str(texte: &str) -> Result<Self, ErreurCode> {
        let utile = texte.trim().as_bytes();
        let mut octets = [0; N];
        if let Some(place) = octets.get_mut(..utile.len()) {
            place.copy_from_slice(utile);
            place.make_ascii_uppercase();
            if G::bien_forme(place) {
                return Ok(Code {
                    octets,
                    genre: PhantomData,
                });
            }
        }
        Err(ErreurCode {
            recu: texte.chars().take(40).collect(),
            attendu: G::LIBELLE,
            exemple: G::EXEMPLE,
        })
    }
}

impl<G: Genre, const N: usize> fmt::Display for Code<G, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<G: Genre, const N: usize> fmt::Debug for Code<G, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", G::NOM, self.as_str())
    }
}

impl<G: Genre, const N: usize> Serialize for Code<G, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, G: Genre, const N: usize> Deserialize<'de> for Code<G, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl<G: Genre, const N: usize> utoipa::PartialSchema for Code<G, N> {
    fn schema() -> RefOr<Schema> {
        let texte = ObjectBuilder::new().schema_type(Type::String).pattern(Some(G::MOTIF));
        texte.description(Some(G::LIBELLE)).examples([G::EXEMPLE]).into()
    }
}

impl<G: Genre, const N: usize> utoipa::ToSchema for Code<G, N> {
    fn name() -> std::borrow::Cow<'static, str> {
        G::NOM.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_code_de_commune_garde_son_zero_et_sa_lettre() {
        for (texte, attendu) in [("01001", "01001"), (" 2a004 ", "2A004"), ("98818", "98818")] {
            assert_eq!(texte.parse::<CodeCommune>().unwrap().as_str(), attendu);
        }
    }

    #[test]
    fn un_code_mal_forme_est_refuse() {
        for texte in ["", "1001", "010011", "2C004", "0100a", "0100é", "97 01"] {
            assert!(texte.parse::<CodeCommune>().is_err(), "{texte}");
        }
        for texte in ["", "7", "2C", "750", "123"] {
            assert!(texte.parse::<CodeDepartement>().is_err(), "{texte}");
        }
    }

    #[test]
    fn le_refus_dit_ce_qui_etait_attendu() {
        let refus = "1001".parse::<CodeCommune>().unwrap_err().to_string();
        assert_eq!(refus, "« 1001 » n'est pas un code INSEE de commune (exemple : 2A004)");
    }

    #[test]
    fn le_prefixe_compte_trois_caracteres_outre_mer() {
        for (code, prefixe) in [("75056", "75"), ("2B033", "2B"), ("97411", "974"), ("98735", "987")] {
            assert_eq!(code.parse::<CodeCommune>().unwrap().prefixe(), prefixe);
        }
    }

    #[test]
    fn les_codes_se_rangent_comme_leur_texte() {
        let mut codes: Vec<CodeDepartement> = ["974", "2A", "97", "21", "95"].map(|c| c.parse().unwrap()).to_vec();
        codes.sort();
        assert_eq!(
            codes.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
            ["21", "2A", "95", "97", "974"]
        );
    }

    #[test]
    fn un_code_voyage_en_json_comme_du_texte() {
        let code: CodeCommune = serde_json::from_str("\"01001\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"01001\"");
        assert!(serde_json::from_str::<CodeCommune>("\"1001\"").is_err());
    }
}
