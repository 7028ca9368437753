//! Passkeys: a key that stays in a phone, a computer or a stick, unlocked by its owner, and that answers one site only (WebAuthn level 3).
//!
//! The platform asks that the key verifies its owner, and does not ask who built it. Each ceremony has two steps; the caller stores the state
//! of the first, and takes it out of its store before the second, so that a challenge serves once.

mod answer;
mod error;

use crate::{Bytes, PublicKey, signature::EcdsaForm};
use answer::{Answer, AuthenticatorData, Created, Used};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socle::secrets::sha256;
use url::{Host, Url};

pub use error::PasskeyError;

/// How many random bytes a challenge has.
pub const CHALLENGE_LEN: usize = 32;
/// How long the browser waits for the person, in milliseconds.
const PATIENCE: u32 = 300_000;
// COSE numbers of the algorithms, the preferred first.
const EDDSA: i64 = -8;
const ES256: i64 = -7;
const RS256: i64 = -257;

/// The site that passkeys are made for.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    /// Its domain, which passkeys are bound to: they are lost if it changes.
    id: String,
    /// Its pages' scheme, domain and port.
    origin: String,
    /// Its name, as the browser shows it.
    name: String,
}

/// Whom a passkey is made for, as the browser shows them.
#[derive(Debug, Clone)]
pub struct User {
    /// An identifier that says nothing of the person, 1 to 64 bytes; the key gives it back at each use.
    pub handle: Vec<u8>,
    /// What tells this account from the person's others, such as an address.
    pub name: String,
    /// The person's name.
    pub display_name: String,
}

/// A passkey of somebody's, to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its identifier, up to 1023 bytes; no two passkeys share one.
    pub id: Bytes,
    /// Whose it is.
    pub user: Bytes,
    /// Its public key.
    pub key: PublicKey,
    /// How many uses it has counted; always zero for a key that does not count.
    pub counter: u32,
    /// Whether it may be copied to the owner's other devices.
    pub backup_eligible: bool,
    /// Whether it has been.
    pub backed_up: bool,
    /// How the browser reaches it: `internal`, `usb`…
    pub transports: Vec<String>,
    /// Its model (AAGUID); zeros when it does not say.
    pub model: Bytes,
}

/// A registration that has begun.
#[derive(Serialize, Deserialize)]
pub struct Registration {
    challenge: Bytes,
    user: Bytes,
    known: Vec<Bytes>,
}

/// An authentication that has begun.
#[derive(Serialize, Deserialize)]
pub struct Authentication {
    challenge: Bytes,
    allowed: Vec<Bytes>,
}

/// What the browser says of a key that was used, read and not yet believed.
pub struct Assertion(Answer<Used>);

impl Assertion {
    /// Reads what `cle-acces.js` put in the form.
    ///
    /// # Errors
    /// When it does not read.
    pub fn parse(json: &str) -> Result<Self, PasskeyError> {
        answer::read(json).map(Self)
    }

    /// Which passkey says it was used: the one to look up.
    pub fn passkey(&self) -> &Bytes {
        &self.0.id
    }
}

impl RelyingParty {
    /// The site whose pages are under this address.
    ///
    /// # Errors
    /// When it is neither HTTPS nor `localhost`, or has a number instead of a name: browsers refuse passkeys there.
    pub fn new(address: &str, name: impl Into<String>) -> Result<Self, PasskeyError> {
        let url = Url::parse(address).map_err(|_| PasskeyError::Address)?;
        let id = match url.host() {
            Some(Host::Domain(domain)) if url.scheme() == "https" || domain == "localhost" => domain.to_owned(),
            _ => return Err(PasskeyError::Address),
        };
        Ok(Self {
            id,
            origin: url.origin().ascii_serialization(),
            name: name.into(),
        })
    }

    /// What the browser needs in order to make a passkey, and what to keep until it has.
    pub fn begin_registration(
        &self,
        user: &User,
        known: &[Passkey],
        challenge: [u8; CHALLENGE_LEN],
    ) -> (Value, Registration) {
        let state = Registration {
            challenge: challenge.to_vec().into(),
            user: user.handle.clone().into(),
            known: known.iter().map(|passkey| passkey.id.clone()).collect(),
        };
        let algorithms = [EDDSA, ES256, RS256].map(|alg| json!({"type": "public-key", "alg": alg}));
        let options = json!({
            "rp": {"id": self.id, "name": self.name},
            "user": {"id": state.user, "name": user.name, "displayName": user.display_name},
            "challenge": state.challenge,
            "pubKeyCredParams": algorithms,
            "timeout": PATIENCE,
            "attestation": "none",
            "authenticatorSelection": {"residentKey": "preferred", "requireResidentKey": false, "userVerification": "required"},
            "excludeCredentials": descriptors(known),
        });
        (options, state)
    }

    /// The passkey that the browser made.
    ///
    /// # Errors
    /// When anything is not as it was asked for.
    pub fn finish_registration(&self, state: Registration, json: &str) -> Result<Passkey, PasskeyError> {
        let Answer { id, response } = answer::read::<Created>(json)?;
        answer::check_client_data(&response.client_data, "webauthn.create", &state.challenge, self)?;
        let data = AuthenticatorData::read(&answer::attested(&response.attestation_object)?, self)?;
        let made = data.made.ok_or(PasskeyError::Malformed("attestedCredentialData"))?;
        if *id != *made.id {
            return Err(PasskeyError::OtherKey);
        }
        if state.known.contains(&id) {
            return Err(PasskeyError::Known);
        }
        Ok(Passkey {
            id,
            user: state.user,
            key: made.key,
            counter: data.counter,
            backup_eligible: data.backup_eligible,
            backed_up: data.backed_up,
            transports: response.transports,
            model: made.model.to_vec().into(),
        })
    }

    /// What the browser needs in order to use a passkey, and what to keep until it has.
    ///
    /// `allowed` are the passkeys of a person who is known already. Without any, the browser offers those that it holds for this site, so that
    /// nobody needs to say who they are first.
    pub fn begin_authentication(&self, allowed: &[Passkey], challenge: [u8; CHALLENGE_LEN]) -> (Value, Authentication) {
        let state = Authentication {
            challenge: challenge.to_vec().into(),
            allowed: allowed.iter().map(|passkey| passkey.id.clone()).collect(),
        };
        let options = json!({
            "rpId": self.id,
            "challenge": state.challenge,
            "timeout": PATIENCE,
            "userVerification": "required",
            "allowCredentials": descriptors(allowed),
        });
        (options, state)
    }

    /// Checks that this passkey, as it is stored, made this assertion; what is to be stored in its place.
    ///
    /// # Errors
    /// When anything is not as it was asked for.
    pub fn finish_authentication(
        &self,
        state: Authentication,
        assertion: &Assertion,
        passkey: Passkey,
    ) -> Result<Passkey, PasskeyError> {
        let Answer { id, response } = &assertion.0;
        let anybody = state.allowed.is_empty();
        if *id != passkey.id || !(anybody || state.allowed.contains(id)) {
            return Err(PasskeyError::OtherKey);
        }
        // Who was not known before must be named by the key (7.2, step 6).
        let named = response.user_handle.as_ref().map(|user| *user == passkey.user);
        if !named.unwrap_or(!anybody) {
            return Err(PasskeyError::OtherPerson);
        }
        answer::check_client_data(&response.client_data, "webauthn.get", &state.challenge, self)?;
        let data = AuthenticatorData::read(&response.authenticator_data, self)?;
        let signed = [&*response.authenticator_data, &sha256(&response.client_data)].concat();
        if !passkey.key.signed(&signed, &response.signature, EcdsaForm::Asn1) {
            return Err(PasskeyError::Signature);
        }
        if data.backup_eligible != passkey.backup_eligible {
            return Err(PasskeyError::Backup);
        }
        // A key that has ever counted must have counted once more (7.2, step 22).
        if (data.counter, passkey.counter) != (0, 0) && data.counter <= passkey.counter {
            return Err(PasskeyError::Counter);
        }
        Ok(Passkey {
            counter: data.counter,
            backed_up: data.backed_up,
            ..passkey
        })
    }
}

fn descriptors(passkeys: &[Passkey]) -> Vec<Value> {
    passkeys
        .iter()
        .map(|passkey| json!({"type": "public-key", "id": passkey.id, "transports": passkey.transports}))
        .collect()
}
