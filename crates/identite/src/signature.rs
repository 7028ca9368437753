//! Signatures made by other programs: a provider's tokens, and passkeys.

use crate::Bytes;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

/// A public key, with the one algorithm that it is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
pub enum PublicKey {
    /// ECDSA on P-256 with SHA-256.
    ES256 {
        /// The uncompressed point, 65 bytes.
        point: Bytes,
    },
    /// RSA PKCS#1 v1.5 with SHA-256, 2048 to 8192 bits.
    RS256 {
        /// The modulus, big-endian.
        n: Bytes,
        /// The exponent, big-endian.
        e: Bytes,
    },
    /// Ed25519.
    EdDSA {
        /// The 32 bytes of the key.
        x: Bytes,
    },
}

/// How the two numbers of an ECDSA signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EcdsaForm {
    /// One after the other, as tokens do.
    Fixed,
    /// In ASN.1, as passkeys do.
    Asn1,
}

impl PublicKey {
    /// A point of P-256 from its coordinates; nothing when they are not 32 bytes long.
    pub(crate) fn es256(x: &[u8], y: &[u8]) -> Option<Self> {
        const COORDINATE: usize = 32;
        const UNCOMPRESSED: u8 = 4;
        (x.len() == COORDINATE && y.len() == COORDINATE).then(|| Self::ES256 {
            point: [&[UNCOMPRESSED], x, y].concat().into(),
        })
    }

    /// Whether this key signed this message.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8], form: EcdsaForm) -> bool {
        let checked = match self {
            Self::ES256 { point } => {
                let algorithm = match form {
                    EcdsaForm::Fixed => &ECDSA_P256_SHA256_FIXED,
                    EcdsaForm::Asn1 => &ECDSA_P256_SHA256_ASN1,
                };
                UnparsedPublicKey::new(algorithm, &**point).verify(message, signature)
            }
            Self::RS256 { n, e } => {
                RsaPublicKeyComponents { n: &**n, e: &**e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::EdDSA { x } => UnparsedPublicKey::new(&ED25519, &**x).verify(message, signature),
        };
        checked.is_ok()
    }
}
