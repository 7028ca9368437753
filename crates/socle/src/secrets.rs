//! Secrets at rest: what must not be read in a stolen database is sealed with a key that the database does not hold.
//!
//! The operator gives one or several keys of 32 bytes; the first seals, all of them open, so that a key can be replaced without an outage.
//! From each, keys for one use are derived (HKDF-SHA256), so that what was sealed for one use never opens for another.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use std::fmt;

/// The length of a key, in bytes.
pub const KEY_LEN: usize = 32;
/// How many bytes of a key's fingerprint stand before what it sealed.
const KEY_ID_LEN: usize = 4;

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// None of the operator's keys sealed it.
    #[error(
        "aucune des clés de l’exploitant n’ouvre cette valeur : une ancienne clé a été retirée trop tôt, ou la base vient d’ailleurs"
    )]
    UnknownKey,
    /// It was changed, cut, or sealed for another use.
    #[error("une valeur chiffrée a été modifiée ou tronquée")]
    Corrupt,
}

/// A key of the operator's and its fingerprint.
#[derive(Clone)]
struct Key {
    id: [u8; KEY_ID_LEN],
    secret: hkdf::Prk,
}

/// The operator's keys; the first seals.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

/// How long a derived key is.
struct Len(usize);

impl hkdf::KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

impl Key {
    fn new(bytes: &[u8; KEY_LEN]) -> Self {
        let mut id = [0; KEY_ID_LEN];
        id.copy_from_slice(&digest::digest(&digest::SHA256, bytes).as_ref()[..KEY_ID_LEN]);
        Self {
            id,
            secret: hkdf::Salt::new(hkdf::HKDF_SHA256, b"maillage").extract(bytes),
        }
    }

    fn derive(&self, family: &str, usage: &str) -> [u8; KEY_LEN] {
        let mut out = [0; KEY_LEN];
        let info = [family.as_bytes(), b"/", usage.as_bytes()];
        self.secret
            .expand(&info, Len(KEY_LEN))
            .and_then(|okm| okm.fill(&mut out))
            .expect("32 bytes are within what HKDF-SHA256 gives");
        out
    }

    fn cipher(&self, usage: &str) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.derive("seal", usage));
        LessSafeKey::new(key.expect("the cipher's key is 32 bytes long"))
    }
}

impl Keys {
    /// The keys in order, the one that seals first; `None` without a key.
    pub fn new(keys: &[[u8; KEY_LEN]]) -> Option<Self> {
        (!keys.is_empty()).then(|| Self(keys.iter().map(Key::new).collect()))
    }

    /// A key that chance makes, for a test or a demonstration that keeps nothing.
    pub fn ephemeral() -> Self {
        Self(vec![Key::new(&random())])
    }

    /// Reads keys as the configuration writes them: 64 hexadecimal digits each, separated by commas.
    pub fn parse(text: &str) -> Option<Self> {
        let keys: Option<Vec<[u8; KEY_LEN]>> = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| hex::decode(part).ok()?.try_into().ok())
            .collect();
        Self::new(&keys?)
    }

    fn current(&self) -> &Key {
        self.0.first().expect("Keys are never made empty")
    }

    /// Seals a value for a use, such as `totp`; twice the same value gives different bytes.
    pub fn seal(&self, usage: &str, clear: &[u8]) -> Vec<u8> {
        let key = self.current();
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = Vec::with_capacity(KEY_ID_LEN + NONCE_LEN + clear.len() + CHACHA20_POLY1305.tag_len());
        sealed.extend(key.id);
        sealed.extend(nonce);
        let mut body = clear.to_vec();
        key.cipher(usage)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(usage.as_bytes()),
                &mut body,
            )
            .expect("what the platform seals is far below the cipher's limit");
        sealed.append(&mut body);
        sealed
    }

    /// Opens a value sealed for this use.
    ///
    /// # Errors
    /// When no key sealed it, or when it was changed or sealed for another use.
    pub fn open(&self, usage: &str, sealed: &[u8]) -> Result<Vec<u8>, SecretError> {
        let (id, rest) = sealed.split_at_checked(KEY_ID_LEN).ok_or(SecretError::Corrupt)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SecretError::Corrupt)?;
        let key = self.0.iter().find(|key| key.id == id).ok_or(SecretError::UnknownKey)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretError::Corrupt)?;
        let mut body = body.to_vec();
        let clear = key
            .cipher(usage)
            .open_in_place(nonce, Aad::from(usage.as_bytes()), &mut body)
            .map_err(|_| SecretError::Corrupt)?;
        Ok(clear.to_vec())
    }

    /// Whether a sealed value should be sealed again, because another key than the first sealed it.
    pub fn is_stale(&self, sealed: &[u8]) -> bool {
        !sealed.starts_with(&self.current().id)
    }

    /// A keyed fingerprint of a value, for what must be found again without being readable, such as a token.
    /// It is made with the oldest key, the last, so that adding a key in front changes no fingerprint.
    pub fn fingerprint(&self, usage: &str, value: &[u8]) -> [u8; 32] {
        let key = self.0.last().expect("Keys are never made empty");
        mac(&key.derive("mac", usage), value)
    }

    /// The signing key of a use, always the same for the same oldest key.
    pub fn signing(&self, usage: &str) -> Signer {
        let key = self.0.last().expect("Keys are never made empty");
        let pair = Ed25519KeyPair::from_seed_unchecked(&key.derive("sign", usage));
        Signer(pair.expect("any 32 bytes are an Ed25519 seed"))
    }
}

/// HMAC-SHA256.
pub fn mac(key: &[u8], value: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), value);
    let mut out = [0; 32];
    out.copy_from_slice(tag.as_ref());
    out
}

/// SHA-256.
pub fn sha256(value: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, value).as_ref());
    out
}

/// Compares two secrets in a time that tells nothing of them.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    // Their keyed fingerprints say as much as they do, and nobody can choose them.
    let key: [u8; KEY_LEN] = random();
    mac(&key, a) == mac(&key, b)
}

/// Bytes that nobody can guess.
///
/// # Panics
/// When the system has no source of chance: nothing safe can be done then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system gives random bytes");
    bytes
}

/// A token for an address or a cookie: 32 random bytes in 64 hexadecimal digits.
pub fn token() -> String {
    hex::encode(random::<32>())
}

/// Signs with Ed25519.
pub struct Signer(Ed25519KeyPair);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", hex::encode(self.public_key()))
    }
}

impl Signer {
    /// The 64 bytes of a signature.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// The 32 bytes of the public key.
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}

/// Whether this public key signed this message.
pub fn is_signed_by(public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, public_key)
        .verify(message, signature)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seeds: &[u8]) -> Keys {
        let keys: Vec<_> = seeds.iter().map(|seed| [*seed; KEY_LEN]).collect();
        Keys::new(&keys).unwrap()
    }

    #[test]
    fn une_valeur_scellee_ne_s_ouvre_que_pour_son_usage_avec_sa_cle_et_entiere() {
        let keys_1 = keys(&[1]);
        let sealed = keys_1.seal("totp", b"secret");
        assert_eq!(keys_1.open("totp", &sealed), Ok(b"secret".to_vec()));
        assert_eq!(keys_1.open("courriel", &sealed), Err(SecretError::Corrupt));
        assert_eq!(keys(&[2]).open("totp", &sealed), Err(SecretError::UnknownKey));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys_1.open("totp", &changed).is_err(), "byte {at}");
            assert!(keys_1.open("totp", &sealed[..at]).is_err(), "cut at {at}");
        }
        assert_ne!(sealed, keys_1.seal("totp", b"secret"));
    }

    #[test]
    fn une_cle_se_remplace_sans_perdre_ce_que_l_ancienne_a_scelle() {
        let (old, both) = (keys(&[1]), keys(&[2, 1]));
        let sealed = old.seal("totp", b"secret");
        assert_eq!(both.open("totp", &sealed), Ok(b"secret".to_vec()));
        assert!(both.is_stale(&sealed) && !old.is_stale(&sealed));
        assert_eq!(both.fingerprint("lien", b"x"), old.fingerprint("lien", b"x"));
        assert_ne!(both.fingerprint("lien", b"x"), both.fingerprint("code", b"x"));
    }

    #[test]
    fn une_signature_vaut_pour_son_message_seul() {
        let signer = keys(&[1]).signing("sceau");
        let signature = signer.sign(b"mardi");
        assert!(is_signed_by(&signer.public_key(), b"mardi", &signature));
        assert!(!is_signed_by(&signer.public_key(), b"mercredi", &signature));
    }

    #[test]
    fn des_cles_se_lisent_en_hexadecimal_ou_se_refusent() {
        let one = "11".repeat(32);
        assert!(Keys::parse(&one).is_some());
        assert!(Keys::parse(&format!("{one}, {}", "22".repeat(32))).is_some());
        assert!(Keys::parse("").is_none() && Keys::parse("1122").is_none() && Keys::parse(&"zz".repeat(32)).is_none());
    }
}
