//! A passkey and its browser, in a few bytes: Ed25519, and no attestation.

use identite::Bytes;
use serde_json::{Value, json};
use socle::secrets::{Keys, Signer, random, sha256};
use std::cell::RefCell;

/// User present and verified.
const LA: u8 = 0b101;
/// With a new key.
const NEUVE: u8 = 1 << 6;

/// A passkey of the site of the tests.
pub struct Cle {
    paire: Signer,
    id: [u8; 32],
    porteur: RefCell<Value>,
    /// How many times it served.
    pub compteur: u32,
}

fn ecrit(octets: &[u8]) -> Value {
    json!(Bytes::from(octets.to_vec()))
}

impl Cle {
    /// A key that nobody has yet.
    pub fn neuve() -> Self {
        Self {
            paire: Keys::ephemeral().signing("cle"),
            id: random(),
            porteur: RefCell::new(ecrit(&random::<32>())),
            compteur: 0,
        }
    }

    fn donnees(&self, drapeaux: u8) -> Vec<u8> {
        [&sha256(b"localhost")[..], &[drapeaux], &self.compteur.to_be_bytes()].concat()
    }

    fn reponse(&self, geste: &str, options: &Value, parties: Value) -> String {
        let client =
            json!({"type": geste, "challenge": options["challenge"], "origin": "http://localhost:8080"}).to_string();
        let mut response = parties;
        response["clientDataJSON"] = ecrit(client.as_bytes());
        if let Some(donnees) = response.get("authenticatorData").cloned() {
            let donnees: Bytes = serde_json::from_value(donnees).unwrap();
            let signe = [&donnees[..], &sha256(client.as_bytes())].concat();
            response["signature"] = ecrit(&self.paire.sign(&signe));
        }
        json!({"id": ecrit(&self.id), "rawId": ecrit(&self.id), "type": "public-key", "response": response}).to_string()
    }

    /// What the browser answers when this key is made.
    pub fn creer(&self, options: &Value) -> String {
        *self.porteur.borrow_mut() = options["user"]["id"].clone();
        // A COSE key: {1: 1, 3: -8, -1: 6, -2: 32 bytes}.
        let cose = [
            &[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..],
            &self.paire.public_key(),
        ]
        .concat();
        let donnees = [&self.donnees(LA | NEUVE)[..], &[0; 16], &[0, 32], &self.id, &cose].concat();
        // {"fmt": "none", "attStmt": {}, "authData": bytes}.
        let debut = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let objet = [&debut[..], &[u8::try_from(donnees.len()).unwrap()], &donnees].concat();
        self.reponse("webauthn.create", options, json!({"attestationObject": ecrit(&objet)}))
    }

    /// What the browser answers when it is used once more.
    pub fn utiliser(&mut self, options: &Value) -> String {
        self.compteur += 1;
        let parties = json!({"authenticatorData": ecrit(&self.donnees(LA)), "userHandle": *self.porteur.borrow()});
        self.reponse("webauthn.get", options, parties)
    }
}
