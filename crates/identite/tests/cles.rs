//! Passkeys, against an authenticator in software that can be made to lie in each way.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use ciborium::Value as Cbor;
use identite::passkey::{Assertion, Passkey, PasskeyError, RelyingParty, User};
use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};
use socle::secrets::{random, sha256};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const KEY: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl Pair {
    fn es256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        Self::Es256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap())
    }

    fn eddsa() -> Self {
        Self::EdDsa(Ed25519KeyPair::from_seed_unchecked(&random::<32>()).unwrap())
    }

    fn cose(&self) -> Cbor {
        let number = |n: i64| Cbor::Integer(n.into());
        let members = match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (point[1..33].to_vec(), point[33..].to_vec());
                vec![
                    (1, number(2)),
                    (3, number(-7)),
                    (-1, number(1)),
                    (-2, Cbor::Bytes(x)),
                    (-3, Cbor::Bytes(y)),
                ]
            }
            Self::EdDsa(pair) => {
                let x = pair.public_key().as_ref().to_vec();
                vec![(1, number(1)), (3, number(-8)), (-1, number(6)), (-2, Cbor::Bytes(x))]
            }
        };
        Cbor::Map(members.into_iter().map(|(key, value)| (number(key), value)).collect())
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// A key and the browser around it; each field can be changed to make it lie.
struct Authenticator {
    pair: Pair,
    id: Vec<u8>,
    origin: String,
    rp_id: String,
    flags: u8,
    counter: u32,
    ceremony: Option<&'static str>,
    cross_origin: bool,
    trailing: Vec<u8>,
}

impl Authenticator {
    fn new(pair: Pair) -> Self {
        Self {
            pair,
            id: random::<32>().to_vec(),
            origin: "https://maillage.example".into(),
            rp_id: "maillage.example".into(),
            flags: PRESENT | VERIFIED,
            counter: 0,
            ceremony: None,
            cross_origin: false,
            trailing: Vec::new(),
        }
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        let ceremony = self.ceremony.unwrap_or(ceremony);
        json!({
            "type": ceremony, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin,
        })
        .to_string()
        .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn create(&self, options: &Value) -> Value {
        let mut data = self.data(self.flags | KEY);
        data.extend([7; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        ciborium::into_writer(&self.pair.cose(), &mut data).unwrap();
        data.extend(&self.trailing);
        let text = |text: &str| Cbor::Text(text.into());
        let object = Cbor::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Cbor::Map(Vec::new())),
            (text("authData"), Cbor::Bytes(data)),
        ]);
        let mut attestation = Vec::new();
        ciborium::into_writer(&object, &mut attestation).unwrap();
        json!({"id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key", "response": {
            "clientDataJSON": encode(&self.client_data("webauthn.create", options)),
            "attestationObject": encode(&attestation),
            "transports": ["internal", "hybrid"],
        }})
    }

    fn get(&self, options: &Value, handle: &[u8]) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let mut data = self.data(self.flags);
        data.extend(&self.trailing);
        let signature = self.pair.sign(&[&*data, &sha256(&client_data)].concat());
        json!({"id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key", "response": {
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(&signature),
            "userHandle": encode(handle),
        }})
    }
}

fn encode(bytes: &[u8]) -> Value {
    json!(identite::Bytes::from(bytes.to_vec()))
}

fn site() -> RelyingParty {
    RelyingParty::new("https://maillage.example", "Maillage").unwrap()
}

fn awa() -> User {
    User {
        handle: b"0192f6c4-awa".to_vec(),
        name: "awa.diallo@exemple.fr".into(),
        display_name: "Awa Diallo".into(),
    }
}

fn register(key: &Authenticator) -> Result<Passkey, PasskeyError> {
    let (options, state) = site().begin_registration(&awa(), &[], random());
    site().finish_registration(state, &key.create(&options).to_string())
}

/// Signs in with a key that is stored as `passkey`; what it answers can be changed on its way.
fn authenticate(key: &Authenticator, passkey: &Passkey, change: impl Fn(&mut Value)) -> Result<Passkey, PasskeyError> {
    let (options, state) = site().begin_authentication(&[], random());
    let mut answer = key.get(&options, &awa().handle);
    change(&mut answer);
    let assertion = Assertion::parse(&answer.to_string())?;
    site().finish_authentication(state, &assertion, passkey.clone())
}

fn as_it_is(_: &mut Value) {}

#[test]
fn une_cle_enregistree_sert_a_se_connecter() {
    for pair in [Pair::es256(), Pair::eddsa()] {
        let mut key = Authenticator::new(pair);
        key.flags |= ELIGIBLE;
        let passkey = register(&key).unwrap();
        assert_eq!((&*passkey.id, &*passkey.user), (&*key.id, &*awa().handle));
        assert_eq!(
            (passkey.counter, passkey.backup_eligible, passkey.backed_up),
            (0, true, false)
        );
        assert_eq!(
            (passkey.transports.join(" ").as_str(), &*passkey.model),
            ("internal hybrid", &[7; 16][..])
        );
        let stored = serde_json::to_string(&passkey).unwrap();
        assert_eq!(serde_json::from_str::<Passkey>(&stored).unwrap(), passkey);

        key.flags |= BACKED_UP;
        key.counter = 1;
        let updated = authenticate(&key, &passkey, as_it_is).unwrap();
        assert_eq!((updated.counter, updated.backed_up), (1, true));
        assert_eq!(
            Passkey {
                counter: 0,
                backed_up: false,
                ..updated
            },
            passkey
        );
    }
}

/// What Chromium's own authenticator answered to `cle-acces.js` on http://localhost:8421, for a key of each algorithm.
#[test]
fn les_cles_de_chromium_sont_reconnues() {
    let site = RelyingParty::new("http://localhost:8421", "Maillage").unwrap();
    let recorded: Vec<Value> = serde_json::from_str(include_str!("chromium.json")).unwrap();
    assert_eq!(recorded.len(), 3);
    for answers in recorded {
        let (_, state) = site.begin_registration(&awa(), &[], [1; 32]);
        let passkey = site
            .finish_registration(state, answers["registration"].as_str().unwrap())
            .unwrap();
        let (_, state) = site.begin_authentication(&[], [2; 32]);
        let assertion = Assertion::parse(answers["authentication"].as_str().unwrap()).unwrap();
        let used = site.finish_authentication(state, &assertion, passkey.clone()).unwrap();
        assert!(used.counter > passkey.counter, "{}", answers["alg"]);
    }
}

#[test]
fn les_options_demandent_une_cle_decouvrable_qui_verifie_sa_personne() {
    let (options, _) = site().begin_registration(&awa(), &[], [0; 32]);
    let expected = json!({
        "rp": {"id": "maillage.example", "name": "Maillage"},
        "user": {"id": encode(b"0192f6c4-awa"), "name": "awa.diallo@exemple.fr", "displayName": "Awa Diallo"},
        "challenge": "A".repeat(43),
        "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 300_000,
        "attestation": "none",
        "authenticatorSelection": {"residentKey": "preferred", "requireResidentKey": false, "userVerification": "required"},
        "excludeCredentials": [],
    });
    assert_eq!(options, expected);
    let passkey = register(&Authenticator::new(Pair::es256())).unwrap();
    let (options, _) = site().begin_registration(&awa(), std::slice::from_ref(&passkey), [0; 32]);
    assert_eq!(options["excludeCredentials"][0]["id"], json!(passkey.id));
    let (options, _) = site().begin_authentication(&[], [0; 32]);
    let expected = json!({
        "rpId": "maillage.example",
        "challenge": "A".repeat(43),
        "timeout": 300_000,
        "userVerification": "required",
        "allowCredentials": [],
    });
    assert_eq!(options, expected);
}

type Lie = fn(&mut Authenticator);

/// What a key or a browser can lie about in both ceremonies.
const LIES: [(Lie, PasskeyError); 8] = [
    (
        |key| key.origin = "https://maillage.example.fr".into(),
        PasskeyError::Origin,
    ),
    (
        |key| key.origin = "http://maillage.example".into(),
        PasskeyError::Origin,
    ),
    (|key| key.cross_origin = true, PasskeyError::Origin),
    (|key| key.rp_id = "example".into(), PasskeyError::RelyingParty),
    (|key| key.flags = VERIFIED, PasskeyError::Absent),
    (|key| key.flags = PRESENT, PasskeyError::Unverified),
    (|key| key.flags |= BACKED_UP, PasskeyError::Backup),
    (
        |key| key.trailing = vec![0],
        PasskeyError::Malformed("authenticatorData"),
    ),
];

#[test]
fn un_enregistrement_qui_ment_est_refuse_pour_sa_propre_raison() {
    let own: [(Lie, PasskeyError); 2] = [
        (|key| key.ceremony = Some("webauthn.get"), PasskeyError::Ceremony),
        (|key| key.id = vec![1; 1024], PasskeyError::Malformed("credentialId")),
    ];
    for (lie, expected) in LIES.into_iter().chain(own) {
        let mut key = Authenticator::new(Pair::es256());
        lie(&mut key);
        assert_eq!(register(&key), Err(expected));
    }
}

#[test]
fn un_enregistrement_ne_vaut_que_pour_son_defi_et_une_cle_nouvelle() {
    let key = Authenticator::new(Pair::es256());
    let (_, state) = site().begin_registration(&awa(), &[], random());
    let (other, _) = site().begin_registration(&awa(), &[], random());
    let answer = key.create(&other).to_string();
    assert_eq!(site().finish_registration(state, &answer), Err(PasskeyError::Challenge));

    let passkey = register(&key).unwrap();
    let (options, state) = site().begin_registration(&awa(), &[passkey], random());
    let answer = key.create(&options).to_string();
    assert_eq!(site().finish_registration(state, &answer), Err(PasskeyError::Known));

    let (options, state) = site().begin_registration(&awa(), &[], random());
    let mut answer = key.create(&options);
    answer["rawId"] = encode(b"autre");
    assert_eq!(
        site().finish_registration(state, &answer.to_string()),
        Err(PasskeyError::OtherKey)
    );
}

#[test]
fn une_connexion_qui_ment_est_refusee_pour_sa_propre_raison() {
    let own: [(Lie, PasskeyError); 5] = [
        (|key| key.ceremony = Some("webauthn.create"), PasskeyError::Ceremony),
        (|key| key.flags |= ELIGIBLE, PasskeyError::Backup),
        (|key| key.pair = Pair::es256(), PasskeyError::Signature),
        (|key| key.pair = Pair::eddsa(), PasskeyError::Signature),
        (|key| key.id = b"autre".to_vec(), PasskeyError::OtherKey),
    ];
    for (lie, expected) in LIES.into_iter().chain(own) {
        let mut key = Authenticator::new(Pair::es256());
        let passkey = register(&key).unwrap();
        lie(&mut key);
        assert_eq!(authenticate(&key, &passkey, as_it_is), Err(expected));
    }
}

#[test]
fn une_personne_connue_n_entre_que_par_ses_cles_et_une_inconnue_que_si_la_cle_la_nomme() {
    let (key, other) = (Authenticator::new(Pair::es256()), Authenticator::new(Pair::es256()));
    let (passkey, others) = (register(&key).unwrap(), register(&other).unwrap());
    for (allowed, named, expected) in [
        (vec![passkey.clone()], true, None),
        (vec![passkey.clone()], false, None),
        (vec![others.clone(), passkey.clone()], true, None),
        (vec![others], true, Some(PasskeyError::OtherKey)),
        (vec![], true, None),
        (vec![], false, Some(PasskeyError::OtherPerson)),
    ] {
        let (options, state) = site().begin_authentication(&allowed, random());
        assert_eq!(options["allowCredentials"].as_array().unwrap().len(), allowed.len());
        let mut answer = key.get(&options, &awa().handle);
        if !named {
            answer["response"]["userHandle"] = Value::Null;
        }
        let assertion = Assertion::parse(&answer.to_string()).unwrap();
        let outcome = site().finish_authentication(state, &assertion, passkey.clone());
        assert_eq!(outcome.err(), expected, "{} {named}", allowed.len());
    }
}

#[test]
fn une_reponse_changee_en_route_est_refusee() {
    let key = Authenticator::new(Pair::es256());
    let passkey = register(&key).unwrap();
    let other_person = authenticate(&key, &passkey, |answer| {
        answer["response"]["userHandle"] = encode(b"binta")
    });
    assert_eq!(other_person, Err(PasskeyError::OtherPerson));
    let changed = authenticate(&key, &passkey, |answer| {
        let mut data = key.data(PRESENT | VERIFIED);
        data[36] = 9;
        answer["response"]["authenticatorData"] = encode(&data);
    });
    assert_eq!(changed, Err(PasskeyError::Signature));
    let unreadable = authenticate(&key, &passkey, |answer| answer["response"]["signature"] = json!("é"));
    assert_eq!(unreadable, Err(PasskeyError::Malformed("answer")));

    let (_, state) = site().begin_authentication(&[], random());
    let (other, _) = site().begin_authentication(&[], random());
    let assertion = Assertion::parse(&key.get(&other, &awa().handle).to_string()).unwrap();
    assert_eq!(*assertion.passkey(), passkey.id);
    let replayed = site().finish_authentication(state, &assertion, passkey);
    assert_eq!(replayed, Err(PasskeyError::Challenge));
}

#[test]
fn un_compteur_qui_n_avance_pas_denonce_une_copie() {
    let mut key = Authenticator::new(Pair::es256());
    let passkey = register(&key).unwrap();
    assert!(
        authenticate(&key, &passkey, as_it_is).is_ok(),
        "a key that never counts"
    );
    let used = Passkey { counter: 5, ..passkey };
    for (counter, accepted) in [(0, false), (4, false), (5, false), (6, true), (600, true)] {
        key.counter = counter;
        let outcome = authenticate(&key, &used, as_it_is).map(|passkey| passkey.counter);
        assert_eq!(
            outcome,
            if accepted {
                Ok(counter)
            } else {
                Err(PasskeyError::Counter)
            }
        );
    }
}

#[test]
fn les_extensions_se_lisent_et_ce_qui_suit_se_refuse() {
    let mut key = Authenticator::new(Pair::es256());
    let passkey = register(&key).unwrap();
    key.flags |= EXTENSIONS;
    key.trailing = vec![0xa1, 0x61, b'a', 0xf5];
    assert!(authenticate(&key, &passkey, as_it_is).is_ok());
    for (trailing, expected) in [
        (vec![0xa1, 0x61, b'a', 0xf5, 0], "authenticatorData"),
        (vec![0xa1, 0x61], "extensions"),
        (Vec::new(), "extensions"),
        (vec![0xbf; 100_000], "extensions"),
    ] {
        key.trailing = trailing;
        assert_eq!(
            authenticate(&key, &passkey, as_it_is),
            Err(PasskeyError::Malformed(expected))
        );
    }
}

#[test]
fn les_cles_d_acces_demandent_https_et_un_nom() {
    for (address, accepted) in [
        ("https://maillage.example/aide", true),
        ("http://localhost:3000", true),
        ("http://maillage.example", false),
        ("https://192.0.2.1", false),
        ("maillage.example", false),
    ] {
        assert_eq!(RelyingParty::new(address, "Maillage").is_ok(), accepted, "{address}");
    }
    let key = Authenticator::new(Pair::es256());
    let beside = RelyingParty::new("https://maillage.example:8443", "Maillage").unwrap();
    let (options, state) = beside.begin_registration(&awa(), &[], random());
    let outcome = beside.finish_registration(state, &key.create(&options).to_string());
    assert_eq!(outcome, Err(PasskeyError::Origin), "another port is another site");
}

/// One bit changed in one part of an answer.
fn flip(answer: &mut Value, part: &str, at: prop::sample::Index, bit: u8) {
    let part = &mut answer["response"][part];
    let mut bytes = serde_json::from_value::<identite::Bytes>(part.clone())
        .unwrap()
        .to_vec();
    let at = at.index(bytes.len());
    bytes[at] ^= 1 << bit;
    *part = encode(&bytes);
}

proptest! {
    #[test]
    fn un_seul_bit_change_dans_une_connexion_la_fait_refuser(
        part in prop::sample::select(vec!["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
        at: prop::sample::Index,
        bit in 0..8_u8,
    ) {
        let key = Authenticator::new(Pair::es256());
        let passkey = register(&key).unwrap();
        prop_assert!(authenticate(&key, &passkey, |answer| flip(answer, part, at, bit)).is_err());
    }

    #[test]
    fn un_enregistrement_abime_ne_casse_pas_la_lecture(at: prop::sample::Index, bit in 0..8_u8, cut: prop::sample::Index) {
        let (options, state) = site().begin_registration(&awa(), &[], random());
        let mut answer = Authenticator::new(Pair::eddsa()).create(&options);
        flip(&mut answer, "attestationObject", at, bit);
        let _ = site().finish_registration(state, &answer.to_string());

        let (_, state) = site().begin_registration(&awa(), &[], random());
        let text = answer.to_string();
        prop_assert!(site().finish_registration(state, &text[..cut.index(text.len())]).is_err());
    }
}
