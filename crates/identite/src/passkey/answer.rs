//! What a browser sends back: the parts of a `PublicKeyCredential`, as its `toJSON` writes them.

use super::{PasskeyError, RelyingParty};
use crate::{Bytes, PublicKey, base64url, cbor::Map};
use serde::{Deserialize, de::DeserializeOwned};
use socle::secrets::{same, sha256};

/// A credential that the browser made or used.
#[derive(Deserialize)]
pub(super) struct Answer<R> {
    #[serde(rename = "rawId")]
    pub id: Bytes,
    pub response: R,
}

/// What the browser says of a new key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    #[serde(rename = "clientDataJSON")]
    pub client_data: Bytes,
    pub attestation_object: Bytes,
    #[serde(default)]
    pub transports: Vec<String>,
}

/// What the browser says of a key that was used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Used {
    #[serde(rename = "clientDataJSON")]
    pub client_data: Bytes,
    pub authenticator_data: Bytes,
    pub signature: Bytes,
    #[serde(default)]
    pub user_handle: Option<Bytes>,
}

pub(super) fn read<R: DeserializeOwned>(json: &str) -> Result<Answer<R>, PasskeyError> {
    serde_json::from_str(json).map_err(|_| PasskeyError::Malformed("answer"))
}

/// What the browser signed with: which page asked for what.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    ceremony: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Checks that the browser did this ceremony, for this challenge, on a page of ours that stood alone.
pub(super) fn check_client_data(
    json: &[u8],
    ceremony: &str,
    challenge: &[u8],
    party: &RelyingParty,
) -> Result<(), PasskeyError> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| PasskeyError::Malformed("clientDataJSON"))?;
    if data.ceremony != ceremony {
        return Err(PasskeyError::Ceremony);
    }
    if !same(data.challenge.as_bytes(), base64url::encode(challenge).as_bytes()) {
        return Err(PasskeyError::Challenge);
    }
    if data.origin != party.origin || data.cross_origin {
        return Err(PasskeyError::Origin);
    }
    Ok(())
}

/// What the key itself says (WebAuthn level 3, 6.1).
pub(super) struct AuthenticatorData {
    pub counter: u32,
    pub backup_eligible: bool,
    pub backed_up: bool,
    pub made: Option<Made>,
}

/// A new key.
pub(super) struct Made {
    pub model: [u8; 16],
    pub id: Vec<u8>,
    pub key: PublicKey,
}

/// The longest identifier of a passkey, in bytes.
const MAX_ID: usize = 1023;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const KEY_INCLUDED: u8 = 1 << 6;
const EXTENSIONS_INCLUDED: u8 = 1 << 7;

impl AuthenticatorData {
    /// Reads it whole, and checks that it is for this site and that the person was there and verified.
    pub fn read(bytes: &[u8], party: &RelyingParty) -> Result<Self, PasskeyError> {
        let mut rest = bytes;
        let site: [u8; 32] = take(&mut rest)?;
        let [flags]: [u8; 1] = take(&mut rest)?;
        let counter = u32::from_be_bytes(take(&mut rest)?);
        if site != sha256(party.id.as_bytes()) {
            return Err(PasskeyError::RelyingParty);
        }
        let has = |flag| flags & flag != 0;
        if !has(USER_PRESENT) {
            return Err(PasskeyError::Absent);
        }
        if !has(USER_VERIFIED) {
            return Err(PasskeyError::Unverified);
        }
        if has(BACKED_UP) && !has(BACKUP_ELIGIBLE) {
            return Err(PasskeyError::Backup);
        }
        let made = has(KEY_INCLUDED).then(|| Made::read(&mut rest)).transpose()?;
        if has(EXTENSIONS_INCLUDED) {
            Map::read(&mut rest).ok_or(PasskeyError::Malformed("extensions"))?;
        }
        if !rest.is_empty() {
            return Err(PasskeyError::Malformed("authenticatorData"));
        }
        Ok(Self {
            counter,
            backup_eligible: has(BACKUP_ELIGIBLE),
            backed_up: has(BACKED_UP),
            made,
        })
    }
}

impl Made {
    fn read(rest: &mut &[u8]) -> Result<Self, PasskeyError> {
        let model = take(rest)?;
        let len = usize::from(u16::from_be_bytes(take(rest)?));
        let (id, after) = rest
            .split_at_checked(len)
            .filter(|_| len <= MAX_ID)
            .ok_or(PasskeyError::Malformed("credentialId"))?;
        *rest = after;
        let key = Map::read(rest).ok_or(PasskeyError::Malformed("credentialPublicKey"))?;
        Ok(Self {
            model,
            id: id.to_vec(),
            key: public_key(&key).ok_or(PasskeyError::Algorithm)?,
        })
    }
}

/// The authenticator data inside an attestation object. Who built the key is not asked for, so what it says of that is not read.
pub(super) fn attested(object: &[u8]) -> Result<Vec<u8>, PasskeyError> {
    let mut rest = object;
    Map::read(&mut rest)
        .filter(|_| rest.is_empty())
        .and_then(|map| map.named("authData").map(<[u8]>::to_vec))
        .ok_or(PasskeyError::Malformed("attestationObject"))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], PasskeyError> {
    let (head, tail) = rest
        .split_first_chunk()
        .ok_or(PasskeyError::Malformed("authenticatorData"))?;
    *rest = tail;
    Ok(*head)
}

/// A key as passkeys write it (COSE, RFC 9052 and 9053).
fn public_key(key: &Map) -> Option<PublicKey> {
    const KIND: i64 = 1;
    const ALGORITHM: i64 = 3;
    // What these numbers hold depends on the kind of key.
    const CURVE_OR_MODULUS: i64 = -1;
    const X_OR_EXPONENT: i64 = -2;
    const Y: i64 = -3;
    let curve = key.integer(CURVE_OR_MODULUS);
    match (key.integer(KIND)?, key.integer(ALGORITHM)?, curve) {
        (2, super::ES256, Some(1)) => PublicKey::es256(key.bytes(X_OR_EXPONENT)?, key.bytes(Y)?),
        (1, super::EDDSA, Some(6)) => Some(PublicKey::EdDSA {
            x: key.bytes(X_OR_EXPONENT)?.to_vec().into(),
        }),
        (3, super::RS256, None) => Some(PublicKey::RS256 {
            n: key.bytes(CURVE_OR_MODULUS)?.to_vec().into(),
            e: key.bytes(X_OR_EXPONENT)?.to_vec().into(),
        }),
        _ => None,
    }
}
