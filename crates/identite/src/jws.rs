//! Signed tokens (RFC 7515, compact form) and the keys of who signs them (RFC 7517).
//!
//! A token is checked with a key of the provider's and the algorithm of that key: `none` and the shared secrets (HS256) are never among them.

use crate::{Bytes, PublicKey, base64url, signature::EcdsaForm};
use serde::Deserialize;
use serde_json::Value;

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JwsError {
    /// It does not read.
    Malformed,
    /// It asks for an algorithm that is not accepted.
    Algorithm,
    /// No key that is known could have signed it.
    UnknownKey,
    /// Its signature is not that of the key that it names.
    Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Algorithm {
    ES256,
    RS256,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// A token that was read, and not yet believed.
pub(crate) struct Token<'a> {
    algorithm: Algorithm,
    kid: Option<String>,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// Reads a token in its compact form.
    pub(crate) fn parse(text: &'a str) -> Result<Self, JwsError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        let part = |part| base64url::decode(part).ok_or(JwsError::Malformed);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| JwsError::Malformed)?;
        // No extension is understood here, and one that is critical must be (RFC 7515, 4.1.11).
        if header.crit.is_some() {
            return Err(JwsError::Malformed);
        }
        Ok(Self {
            algorithm: Algorithm::of(&header.alg).ok_or(JwsError::Algorithm)?,
            kid: header.kid,
            signed,
            payload: part(payload)?,
            signature: part(signature)?,
        })
    }

    /// What the token says, once its signature is checked.
    pub(crate) fn payload(&self, keys: &KeySet) -> Result<&[u8], JwsError> {
        let key = keys.key_of(self).ok_or(JwsError::UnknownKey)?;
        if key.signed(self.signed.as_bytes(), &self.signature, EcdsaForm::Fixed) {
            Ok(&self.payload)
        } else {
            Err(JwsError::Signature)
        }
    }
}

impl Algorithm {
    fn of(name: &str) -> Option<Self> {
        Self::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name)).ok()
    }
}

/// A key as a provider publishes it; the members of other kinds of keys are not read.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<Bytes>,
    y: Option<Bytes>,
    n: Option<Bytes>,
    e: Option<Bytes>,
}

impl Jwk {
    fn key(self) -> Option<Key> {
        if self.usage.is_some_and(|usage| usage != "sig") {
            return None;
        }
        let (algorithm, key) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => (Algorithm::ES256, PublicKey::es256(&self.x?, &self.y?)?),
            ("RSA", _) => (Algorithm::RS256, PublicKey::RS256 { n: self.n?, e: self.e? }),
            _ => return None,
        };
        let other = self.alg.is_some_and(|alg| Algorithm::of(&alg) != Some(algorithm));
        (!other).then_some(Key {
            kid: self.kid,
            algorithm,
            key,
        })
    }
}

struct Key {
    kid: Option<String>,
    algorithm: Algorithm,
    key: PublicKey,
}

/// The keys that a provider publishes.
pub(crate) struct KeySet(Vec<Key>);

impl KeySet {
    /// Reads a set of keys, without those that are of another kind or for another use.
    pub(crate) fn parse(json: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Value>,
        }
        let document: Document = serde_json::from_slice(json).ok()?;
        let readable = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok());
        Some(Self(readable.filter_map(Jwk::key).collect()))
    }

    /// Whether a key that could have signed this token is known.
    pub(crate) fn knows(&self, token: &Token<'_>) -> bool {
        self.key_of(token).is_some()
    }

    /// The key that the token names; when it names none, the only one of its algorithm.
    fn key_of(&self, token: &Token<'_>) -> Option<&PublicKey> {
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.algorithm == token.algorithm && (token.kid.is_none() || key.kid == token.kid));
        let first = fitting.next()?;
        (token.kid.is_some() || fitting.next().is_none()).then_some(&first.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the token of RFC 7515, A.3: ES256, no key identifier.
    const RFC_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    const RFC_TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn keys(keys: &[&str]) -> KeySet {
        KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
    }

    fn read(token: &str, keys: &KeySet) -> Result<Vec<u8>, JwsError> {
        Token::parse(token)?.payload(keys).map(<[u8]>::to_vec)
    }

    fn with_header(header: &str) -> String {
        let (_, rest) = RFC_TOKEN.split_once('.').unwrap();
        format!("{}.{rest}", base64url::encode(header.as_bytes()))
    }

    #[test]
    fn le_jeton_de_la_rfc_7515_se_lit_et_se_refuse_des_qu_il_change() {
        let keys = keys(&[RFC_KEY]);
        let payload = read(RFC_TOKEN, &keys).unwrap();
        assert!(String::from_utf8(payload).unwrap().contains(r#""iss":"joe""#));
        let changed = RFC_TOKEN.replacen("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJtb2Ui", 1);
        assert_eq!(read(&changed, &keys), Err(JwsError::Signature));
        assert_eq!(read(&RFC_TOKEN[..RFC_TOKEN.len() - 2], &keys), Err(JwsError::Signature));
        for malformed in [
            "",
            ".",
            "..",
            "a.b",
            "é.é.é",
            &RFC_TOKEN.replace('.', ""),
            &format!("{RFC_TOKEN}="),
            &format!("{RFC_TOKEN}.x"),
        ] {
            assert_eq!(read(malformed, &keys), Err(JwsError::Malformed), "{malformed}");
        }
    }

    #[test]
    fn l_en_tete_ne_choisit_ni_un_autre_algorithme_ni_une_extension() {
        let keys = keys(&[RFC_KEY]);
        for (header, expected) in [
            (r#"{"alg":"none"}"#, JwsError::Algorithm),
            (r#"{"alg":"HS256"}"#, JwsError::Algorithm),
            (r#"{"alg":"es256"}"#, JwsError::Algorithm),
            (r#"{"alg":"RS256"}"#, JwsError::UnknownKey),
            (r#"{"alg":"ES256","kid":"autre"}"#, JwsError::UnknownKey),
            (r#"{"alg":"ES256","crit":["b64"],"b64":false}"#, JwsError::Malformed),
            (r#"{"kid":"a"}"#, JwsError::Malformed),
        ] {
            assert_eq!(read(&with_header(header), &keys), Err(expected), "{header}");
        }
    }

    #[test]
    fn une_cle_pour_un_autre_usage_n_est_pas_prise_et_deux_cles_sans_nom_non_plus() {
        let with = |more: &str| RFC_KEY.replacen('{', &format!("{{{more},"), 1);
        for (other, accepted) in [
            (r#""use":"sig""#, true),
            (r#""alg":"ES256""#, true),
            (r#""kid":"a""#, true),
            (r#""use":"enc""#, false),
            (r#""alg":"ES384""#, false),
        ] {
            let outcome = read(RFC_TOKEN, &keys(&[&with(other), r#"{"kty":"oct","k":"AA"}"#, "7"]));
            assert_eq!(outcome.err(), (!accepted).then_some(JwsError::UnknownKey), "{other}");
        }
        let two = keys(&[&with(r#""kid":"a""#), &with(r#""kid":"b""#)]);
        assert_eq!(read(RFC_TOKEN, &two), Err(JwsError::UnknownKey));
    }

    proptest::proptest! {
        #[test]
        fn aucun_texte_ne_casse_la_lecture_d_un_jeton(text in "[A-Za-z0-9_=.é-]{0,80}") {
            proptest::prop_assert!(read(&text, &keys(&[RFC_KEY])).is_err());
        }
    }
}
