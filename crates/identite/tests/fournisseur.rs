//! Sign-ins by oidc-provider, a certified provider that nobody here wrote, straight and with a hand between it and us that alters its tokens
//! and signs them again with its own keys (`e2e/oidc/provider.mjs`).

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod certifie;

use certifie::{Certified, back, http, now};
use identite::{
    Secret,
    oidc::{Callback, ClientAuthentication, Identity, LazyProvider, OidcError, Pending, Provider, Settings, client},
};
use serde_json::json;
use socle::secrets::random;
use std::{collections::BTreeMap, time::Duration};

const RETURN: &str = "http://127.0.0.1/connexion/retour";
const ES256_JSON: &str = "es256-json-post";
const ES256_JWT: &str = "es256-jwt-post";

async fn browse(url: &str) -> Callback {
    let query: BTreeMap<_, _> = back(url, RETURN).await.query_pairs().into_owned().collect();
    serde_json::from_value(json!(query)).unwrap()
}

impl Certified {
    fn settings(&self, client_id: &str) -> Settings {
        Settings::new(&self.issuer, client_id, Secret::new("sel & poivre: 100 %+"), RETURN)
    }

    async fn discover(&self, client_id: &str) -> Provider {
        Provider::discover(self.settings(client_id), http(), now())
            .await
            .unwrap()
    }

    /// Signs in with the present plan.
    async fn sign_in(&self, settings: Settings) -> Result<Identity, OidcError> {
        let provider = Provider::discover(settings, http(), now()).await?;
        let (url, pending) = provider.begin(&random(), now());
        provider.finish(pending, browse(&url).await, now()).await
    }
}

fn copy(pending: &Pending) -> Pending {
    serde_json::from_value(serde_json::to_value(pending).unwrap()).unwrap()
}

#[tokio::test]
async fn awa_se_connecte_que_les_jetons_et_ses_donnees_soient_signes_d_une_facon_ou_d_une_autre() {
    let Some(certified) = Certified::start() else { return };
    for client_id in [
        ES256_JSON,
        ES256_JWT,
        "es256-jwt-basic",
        "rs256-json-post",
        "rs256-jwt-post",
        "rs256-jwt-basic",
    ] {
        let mut settings = certified.settings(client_id);
        if client_id.ends_with("basic") {
            settings.authentication = ClientAuthentication::Basic;
        }
        settings.signed_userinfo = client_id.contains("jwt");
        settings.levels = vec!["eidas2".into(), "eidas3".into()];
        settings.means = vec!["mfa".into()];
        let awa = certified.sign_in(settings).await.unwrap();
        assert_eq!(
            (awa.issuer.as_str(), awa.subject.as_str()),
            (certified.issuer.as_str(), "awa"),
            "{client_id}"
        );
        assert_eq!(
            (awa.email.as_deref(), awa.email_verified),
            (Some("awa.diallo@exemple.fr"), true)
        );
        assert_eq!(
            (awa.acr.as_deref(), awa.amr),
            (Some("eidas2"), vec!["pwd".into(), "mfa".into()])
        );
    }
}

#[tokio::test]
async fn awa_se_deconnecte_aussi_chez_le_fournisseur() {
    let Some(certified) = Certified::start() else { return };
    let awa = certified.sign_in(certified.settings(ES256_JSON)).await.unwrap();
    let provider = certified.discover(ES256_JSON).await;
    for (token, status) in [(awa.id_token, 200), (Secret::new("autre"), 400)] {
        let url = provider.logout_url(&token, "http://127.0.0.1/", "etat").unwrap();
        assert_eq!(http().get(url).send().await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn chaque_jeton_retouche_est_refuse_pour_sa_propre_raison() {
    let Some(certified) = Certified::start() else { return };
    let second = now().micros() / 1_000_000;
    for (alteration, expected) in [
        (json!({"claims": {"nonce": "autre"}}), OidcError::Nonce),
        (json!({"claims": {"nonce": null}}), OidcError::Nonce),
        (json!({"claims": {"aud": "autre"}}), OidcError::Audience),
        (json!({"claims": {"aud": ["autre"]}}), OidcError::Audience),
        (json!({"claims": {"aud": [ES256_JSON, "autre"]}}), OidcError::Audience),
        (json!({"claims": {"azp": "autre"}}), OidcError::Audience),
        (json!({"claims": {"iss": "https://autre.example"}}), OidcError::Issuer),
        (json!({"claims": {"exp": second - 3600}}), OidcError::Expired),
        (json!({"claims": {"exp": null}}), OidcError::Malformed("id_token")),
        (json!({"claims": {"iat": second + 3600}}), OidcError::Early),
        (json!({"claims": {"nbf": second + 3600}}), OidcError::Early),
        (
            json!({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}),
            OidcError::AccessToken,
        ),
        (json!({"claims": {"sub": "binta"}}), OidcError::Subject),
        (json!({"claims": {"acr": "eidas1"}}), OidcError::Level),
        (json!({"claims": {"acr": null}}), OidcError::Level),
        (json!({"claims": {"amr": ["pwd"]}}), OidcError::Means),
        (json!({"claims": {"amr": null}}), OidcError::Means),
        (json!({"key": "none"}), OidcError::Algorithm),
        (json!({"key": "public"}), OidcError::Algorithm),
        (json!({"key": "next"}), OidcError::UnknownKey),
    ] {
        certified.alter(json!({"id_token": alteration})).await;
        let mut settings = certified.settings(ES256_JSON);
        settings.levels = vec!["eidas2".into()];
        settings.means = vec!["mfa".into()];
        assert_eq!(certified.sign_in(settings).await, Err(expected), "{alteration}");
    }
    certified
        .alter(json!({"id_token": {"claims": {"aud": [ES256_JSON, "autre"], "azp": ES256_JSON}}}))
        .await;
    assert!(
        certified.sign_in(certified.settings(ES256_JSON)).await.is_ok(),
        "shared, and authorised for us"
    );
}

#[tokio::test]
async fn des_donnees_retouchees_sont_refusees_pour_leur_propre_raison() {
    let Some(certified) = Certified::start() else { return };
    let second = now().micros() / 1_000_000;
    for (client_id, alteration, expected) in [
        (ES256_JSON, json!({"claims": {"sub": "binta"}}), OidcError::Subject),
        (ES256_JWT, json!({"claims": {"sub": "binta"}}), OidcError::Subject),
        (
            ES256_JWT,
            json!({"claims": {"iss": "https://autre.example"}}),
            OidcError::Issuer,
        ),
        (ES256_JWT, json!({"claims": {"aud": "autre"}}), OidcError::Audience),
        (ES256_JWT, json!({"claims": {"exp": second - 3600}}), OidcError::Expired),
        (ES256_JWT, json!({"key": "none"}), OidcError::Algorithm),
        (ES256_JWT, json!({"key": "public"}), OidcError::Algorithm),
        (ES256_JWT, json!({"key": "next"}), OidcError::UnknownKey),
    ] {
        certified.alter(json!({"userinfo": alteration})).await;
        let outcome = certified.sign_in(certified.settings(client_id)).await;
        assert_eq!(outcome, Err(expected), "{client_id} {alteration}");
    }
    certified.alter(json!({})).await;
    let mut settings = certified.settings(ES256_JSON);
    settings.signed_userinfo = true;
    assert_eq!(certified.sign_in(settings).await, Err(OidcError::Unsigned));
}

#[tokio::test]
async fn un_fournisseur_absent_au_depart_est_relu_a_la_connexion_suivante() {
    let Some(certified) = Certified::start() else { return };
    certified.alter(json!({"down": true})).await;
    let lazy = LazyProvider::new(certified.settings(ES256_JSON), http());
    assert_eq!(lazy.get(now()).await.err(), Some(OidcError::Unreachable));
    certified.alter(json!({})).await;
    let (url, pending) = lazy.get(now()).await.unwrap().begin(&random(), now());
    let provider = lazy.get(now()).await.unwrap();
    assert!(provider.finish(pending, browse(&url).await, now()).await.is_ok());
}

#[tokio::test]
async fn une_cle_nouvelle_est_lue_au_plus_une_fois_par_minute() {
    let Some(certified) = Certified::start() else { return };
    let provider = certified.discover(ES256_JSON).await;
    certified.alter(json!({"id_token": {"key": "next"}})).await;
    let start = now();
    let mut outcomes = Vec::new();
    for (seconds, published) in [(0, false), (1, true), (59, true), (61, true), (62, true)] {
        if published {
            certified
                .alter(json!({"id_token": {"key": "next"}, "publish_next": true}))
                .await;
        }
        let at = start.plus_seconds(seconds);
        let (url, pending) = provider.begin(&random(), at);
        outcomes.push(provider.finish(pending, browse(&url).await, at).await.err());
    }
    let unknown = || Some(OidcError::UnknownKey);
    assert_eq!(outcomes, [unknown(), unknown(), unknown(), None, None]);
}

#[tokio::test]
async fn une_cle_retiree_par_le_fournisseur_ne_sert_plus_au_bout_d_une_heure() {
    let Some(certified) = Certified::start() else { return };
    certified
        .alter(json!({"id_token": {"key": "next"}, "publish_next": true}))
        .await;
    let start = now();
    let provider = certified.discover(ES256_JSON).await;
    certified.alter(json!({"id_token": {"key": "next"}})).await;
    for (seconds, expected) in [(0, None), (3590, None), (3602, Some(OidcError::UnknownKey))] {
        let at = start.plus_seconds(seconds);
        let (url, pending) = provider.begin(&random(), at);
        let outcome = provider.finish(pending, browse(&url).await, at).await;
        assert_eq!(outcome.err(), expected, "{seconds}");
    }
}

#[tokio::test]
async fn un_jeton_perime_a_notre_horloge_est_refuse_et_une_minute_d_ecart_est_toleree() {
    let Some(certified) = Certified::start() else { return };
    let provider = certified.discover(ES256_JSON).await;
    // The provider's ID tokens last an hour; the request is begun when it is finished.
    for (seconds, expected) in [
        (-3000, Some(OidcError::Early)),
        (-30, None),
        (3630, None),
        (3700, Some(OidcError::Expired)),
    ] {
        let at = now().plus_seconds(seconds);
        let (url, pending) = provider.begin(&random(), at);
        let outcome = provider.finish(pending, browse(&url).await, at).await;
        assert_eq!(outcome.err(), expected, "{seconds}");
    }
}

#[tokio::test]
async fn une_reponse_ne_vaut_que_pour_sa_demande_et_une_seule_fois() {
    let Some(certified) = Certified::start() else { return };
    let provider = certified.discover(ES256_JSON).await;
    let (url, pending) = provider.begin(&random(), now());
    let (_, other_browser) = provider.begin(&random(), now());
    let answer = browse(&url).await;
    let again = || Callback {
        code: answer.code.clone(),
        state: answer.state.clone(),
        iss: answer.iss.clone(),
        error: None,
    };
    assert_eq!(
        provider.finish(other_browser, again(), now()).await,
        Err(OidcError::State)
    );
    let nameless = Callback { iss: None, ..again() };
    assert_eq!(
        provider.finish(copy(&pending), nameless, now()).await,
        Err(OidcError::Issuer)
    );
    let stranger = Callback {
        iss: Some("https://autre.example".into()),
        ..again()
    };
    assert_eq!(
        provider.finish(copy(&pending), stranger, now()).await,
        Err(OidcError::Issuer)
    );
    let late = now().plus_seconds(600);
    assert_eq!(
        provider.finish(copy(&pending), again(), late).await,
        Err(OidcError::TooLate)
    );
    let refused = Callback {
        error: Some("access_denied".into()),
        ..again()
    };
    assert_eq!(
        provider.finish(copy(&pending), refused, now()).await,
        Err(OidcError::Denied)
    );

    assert!(provider.finish(copy(&pending), again(), now()).await.is_ok());
    let replayed = OidcError::Provider("invalid_grant".into());
    assert_eq!(provider.finish(pending, again(), now()).await, Err(replayed));
}

#[tokio::test]
async fn un_code_vole_ne_sert_a_personne_sans_la_preuve_gardee_ici() {
    let Some(certified) = Certified::start() else { return };
    let provider = certified.discover(ES256_JSON).await;
    let (url, pending) = provider.begin(&random(), now());
    let mut stolen = serde_json::to_value(&pending).unwrap();
    stolen["verifier"] = json!("deviner".repeat(7));
    let stolen = serde_json::from_value(stolen).unwrap();
    let outcome = provider.finish(stolen, browse(&url).await, now()).await;
    assert_eq!(outcome, Err(OidcError::Provider("invalid_grant".into())));
}

#[tokio::test]
async fn un_fournisseur_muet_absent_ou_qui_en_decrit_un_autre_est_dit_tel() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", mute.local_addr().unwrap());
    let settings = || Settings::new(&issuer, "maillage", Secret::new("secret"), RETURN);
    let impatient = client(Duration::from_millis(200)).unwrap();
    let discover = |settings| Provider::discover(settings, impatient.clone(), now());
    assert_eq!(discover(settings()).await.err(), Some(OidcError::TooSlow));
    drop(mute);
    assert_eq!(discover(settings()).await.err(), Some(OidcError::Unreachable));
    let unsafe_address = Settings::new("http://proconnect.gouv.fr", "maillage", Secret::new("secret"), RETURN);
    assert_eq!(
        discover(unsafe_address).await.err(),
        Some(OidcError::Settings("issuer"))
    );

    let Some(certified) = Certified::start() else { return };
    let elsewhere = certified.issuer.replace("127.0.0.1", "localhost");
    let settings = Settings::new(elsewhere, ES256_JSON, Secret::new("secret"), RETURN);
    assert_eq!(
        Provider::discover(settings, http(), now()).await.err(),
        Some(OidcError::Issuer)
    );
}

#[tokio::test]
async fn rien_de_secret_ni_de_personnel_ne_se_lit_dans_un_journal() {
    let Some(certified) = Certified::start() else { return };
    let settings = certified.settings(ES256_JSON);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("poivre"), "{shown}");
    let shown = format!("{:?}", certified.sign_in(settings).await.unwrap());
    for hidden in ["awa", "Diallo", "13002526500013", "eyJ"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
