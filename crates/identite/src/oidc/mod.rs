//! Signing in by an OpenID Connect provider: authorization code flow with PKCE, made for ProConnect and held to the standard.

mod claims;
mod error;
mod http;
mod keys;

use crate::{Secret, base64url, jws::Token};
use claims::{Envelope, Person, SignIn};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use socle::{
    clock::Instant,
    secrets::{same, sha256},
};
use std::fmt;
use tokio::sync::OnceCell;
use url::Url;

pub use error::OidcError;
pub use http::client;

/// How many random bytes a sign-in needs.
pub const CHANCE_LEN: usize = 96;
/// How long a person has to sign in at the provider's, in seconds.
const PATIENCE: i64 = 600;

/// How this platform shows its secret to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// In the body of the request, as ProConnect wants.
    Post,
    /// In the header of the request.
    Basic,
}

/// What the operator agreed with a provider.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The provider's identifier, an HTTPS address under which its description is published.
    pub issuer: String,
    /// Who we are for the provider.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Secret,
    /// How it is shown.
    pub authentication: ClientAuthentication,
    /// Our page that the person comes back to, exactly as the provider knows it.
    pub redirect_uri: String,
    /// What is asked of the person, `openid` first.
    pub scopes: Vec<String>,
    /// The levels of identification (`acr`) that are enough, such as `eidas1`; none asks for none.
    pub levels: Vec<String>,
    /// The means (`amr`) of which one is enough, such as `mfa`; none asks for none.
    pub means: Vec<String>,
    /// Whether the person's data must be signed.
    pub signed_userinfo: bool,
    /// Whether the code is bound to our request (PKCE); only for a provider that refuses what it does not know.
    pub pkce: bool,
}

impl Settings {
    /// Settings that fit ProConnect, without a level.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: Secret,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret,
            authentication: ClientAuthentication::Post,
            redirect_uri: redirect_uri.into(),
            // Who they are and where to write to them: nothing else is kept, so nothing else is asked.
            scopes: ["openid", "email"].map(String::from).into(),
            levels: Vec::new(),
            means: Vec::new(),
            signed_userinfo: false,
            pkce: true,
        }
    }

    /// What is asked of the ID token beyond the scopes, as the parameter `claims` writes it: how strictly the person was identified, always.
    fn claims(&self) -> String {
        let mut asked = Map::new();
        asked.insert("acr".into(), Value::Null);
        asked.insert("amr".into(), Value::Null);
        if !self.levels.is_empty() {
            asked.insert("acr".into(), json!({"essential": true, "values": self.levels}));
        }
        if !self.means.is_empty() {
            asked.insert("amr".into(), json!({"essential": true}));
        }
        json!({"id_token": asked}).to_string()
    }
}

/// A sign-in that has begun. The caller binds it to the browser that began it, and takes it out of its store before it finishes it.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    state: Secret,
    nonce: Secret,
    verifier: Secret,
    at: Instant,
}

/// What the provider adds to the address that the person comes back to.
#[derive(Deserialize)]
pub struct Callback {
    /// What the tokens are given for.
    pub code: Option<Secret>,
    /// What says which request is answered.
    pub state: Option<Secret>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why the provider refuses.
    pub error: Option<String>,
}

/// Who a provider says a person is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person's identifier there, the only thing that names them for ever.
    pub subject: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Whether the provider has checked it.
    pub email_verified: bool,
    /// How strictly they were identified.
    pub acr: Option<String>,
    /// By which means.
    pub amr: Vec<String>,
    /// The token, that the provider wants back when the person signs out.
    pub id_token: Secret,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing personal reaches a log.
        f.debug_struct("Identity")
            .field("issuer", &self.issuer)
            .field("acr", &self.acr)
            .field("amr", &self.amr)
            .finish_non_exhaustive()
    }
}

/// How a provider describes itself (OpenID Connect Discovery, 3).
#[derive(Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

struct Addresses {
    authorization: Url,
    token: Url,
    userinfo: Option<Url>,
    end_session: Option<Url>,
}

/// A provider, its addresses and its keys.
pub struct Provider {
    settings: Settings,
    addresses: Addresses,
    /// Whether it says who it is when the person comes back.
    names_itself: bool,
    keys: keys::Keys,
    client: reqwest::Client,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Secret,
    id_token: Secret,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
}

impl Provider {
    /// Reads what a provider publishes of itself; `client` is made by [`client`].
    ///
    /// # Errors
    /// When the provider does not answer, or describes another one.
    pub async fn discover(settings: Settings, client: reqwest::Client, now: Instant) -> Result<Self, OidcError> {
        let issuer = settings.issuer.trim_end_matches('/');
        let address = http::safe(&format!("{issuer}/.well-known/openid-configuration"), "issuer")?;
        let reply = http::ask(client.get(address)).await?.ok()?;
        let description: Description = reply.json("description")?;
        if description.issuer != settings.issuer {
            return Err(OidcError::Issuer);
        }
        let optional = |address: Option<String>, what| address.map(|address| http::safe(&address, what)).transpose();
        let addresses = Addresses {
            authorization: http::safe(&description.authorization_endpoint, "authorization_endpoint")?,
            token: http::safe(&description.token_endpoint, "token_endpoint")?,
            userinfo: optional(description.userinfo_endpoint, "userinfo_endpoint")?,
            end_session: optional(description.end_session_endpoint, "end_session_endpoint")?,
        };
        let keys_address = http::safe(&description.jwks_uri, "jwks_uri")?;
        Ok(Self {
            settings,
            addresses,
            names_itself: description.authorization_response_iss_parameter_supported,
            keys: keys::Keys::read(keys_address, client.clone(), now).await?,
            client,
        })
    }

    /// Where to send the person, and what to keep until they come back.
    pub fn begin(&self, chance: &[u8; CHANCE_LEN], now: Instant) -> (String, Pending) {
        let mut texts = chance
            .chunks(CHANCE_LEN / 3)
            .map(|bytes| Secret::new(base64url::encode(bytes)));
        let mut text = || texts.next().expect("chance is cut in three");
        let pending = Pending {
            state: text(),
            nonce: text(),
            verifier: text(),
            at: now,
        };
        let mut url = self.addresses.authorization.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", pending.state.expose())
            .append_pair("nonce", pending.nonce.expose());
        if self.settings.pkce {
            let challenge = base64url::encode(&sha256(pending.verifier.expose().as_bytes()));
            url.query_pairs_mut()
                .append_pair("code_challenge", &challenge)
                .append_pair("code_challenge_method", "S256");
        }
        url.query_pairs_mut().append_pair("claims", &self.settings.claims());
        (url.into(), pending)
    }

    /// Who came back.
    ///
    /// # Errors
    /// When anything in the answer is not by this provider, for this request, now, and as strict as asked.
    pub async fn finish(&self, pending: Pending, callback: Callback, now: Instant) -> Result<Identity, OidcError> {
        let code = self.code(&pending, callback, now)?;
        let tokens = self.tokens(&pending, &code).await?;
        let payload = self.believe(tokens.id_token.expose(), now).await?;
        let sign_in: SignIn = serde_json::from_slice(&payload).map_err(|_| OidcError::Malformed("id_token"))?;
        let access = tokens.access_token.expose();
        sign_in.check(&self.settings, pending.nonce.expose(), access, now)?;
        let person = match &self.addresses.userinfo {
            Some(address) => self.person(address, access, now).await?,
            None => serde_json::from_slice(&payload).map_err(|_| OidcError::Malformed("id_token"))?,
        };
        if person.sub != sign_in.sub {
            return Err(OidcError::Subject);
        }
        Ok(Identity {
            issuer: sign_in.iss,
            subject: sign_in.sub,
            email: person.email,
            email_verified: person.email_verified.unwrap_or(false),
            acr: sign_in.acr,
            amr: sign_in.amr.unwrap_or_default(),
            id_token: tokens.id_token,
        })
    }

    /// Where to send a person who signs out, so that the provider signs them out too; nothing when it cannot.
    pub fn logout_url(&self, id_token: &Secret, return_to: &str, state: &str) -> Option<String> {
        let mut url = self.addresses.end_session.clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token.expose())
            .append_pair("post_logout_redirect_uri", return_to)
            .append_pair("state", state);
        Some(url.into())
    }

    /// The code, once the answer is known to belong to this request.
    fn code(&self, pending: &Pending, callback: Callback, now: Instant) -> Result<Secret, OidcError> {
        let given = callback.state.as_ref().map_or("", Secret::expose);
        if !same(given.as_bytes(), pending.state.expose().as_bytes()) {
            return Err(OidcError::State);
        }
        if now >= pending.at.plus_seconds(PATIENCE) {
            return Err(OidcError::TooLate);
        }
        match callback.iss {
            Some(iss) if iss != self.settings.issuer => return Err(OidcError::Issuer),
            None if self.names_itself => return Err(OidcError::Issuer),
            _ => {}
        }
        match callback.error.as_deref() {
            Some("access_denied") => Err(OidcError::Denied),
            Some(error) => Err(refusal(error)),
            None => callback.code.ok_or(OidcError::Malformed("code")),
        }
    }

    async fn tokens(&self, pending: &Pending, code: &Secret) -> Result<Tokens, OidcError> {
        let reply = http::ask(self.tokens_request(pending, code)).await?;
        if (400..500).contains(&reply.status) {
            return Err(refusal(&reply.json::<Failure>("token error")?.error));
        }
        reply.ok()?.json("tokens")
    }

    fn tokens_request(&self, pending: &Pending, code: &Secret) -> reqwest::RequestBuilder {
        let settings = &self.settings;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code.expose())
            .append_pair("redirect_uri", &settings.redirect_uri);
        if settings.pkce {
            form.append_pair("code_verifier", pending.verifier.expose());
        }
        let mut request = self.client.post(self.addresses.token.clone());
        match settings.authentication {
            ClientAuthentication::Post => {
                form.append_pair("client_id", &settings.client_id)
                    .append_pair("client_secret", settings.client_secret.expose());
            }
            ClientAuthentication::Basic => {
                // Both are form-encoded before they are joined (RFC 6749, 2.3.1).
                let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let (user, password) = (encode(&settings.client_id), encode(settings.client_secret.expose()));
                request = request.basic_auth(user, Some(password));
            }
        }
        request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish())
    }

    /// What the provider says of the person, signed or not.
    async fn person(&self, address: &Url, access_token: &str, now: Instant) -> Result<Person, OidcError> {
        let request = self.client.get(address.clone()).bearer_auth(access_token);
        let reply = http::ask(request.header(ACCEPT, "application/jwt, application/json"))
            .await?
            .ok()?;
        if reply.media_type != "application/jwt" {
            return if self.settings.signed_userinfo {
                Err(OidcError::Unsigned)
            } else {
                reply.json("userinfo")
            };
        }
        let token = String::from_utf8(reply.body).map_err(|_| OidcError::Malformed("userinfo"))?;
        let payload = self.believe(token.trim(), now).await?;
        let read = |_| OidcError::Malformed("userinfo");
        serde_json::from_slice::<Envelope>(&payload)
            .map_err(read)?
            .check(&self.settings, now)?;
        serde_json::from_slice(&payload).map_err(read)
    }

    /// What a token says, once a key of the provider's has signed it.
    async fn believe(&self, token: &str, now: Instant) -> Result<Vec<u8>, OidcError> {
        let token = Token::parse(token)?;
        let keys = self.keys.for_token(&token, now).await?;
        Ok(token.payload(&keys)?.to_vec())
    }
}

/// A provider that is read when somebody first signs in by it, so that its absence stops nothing else.
pub struct LazyProvider {
    settings: Settings,
    client: reqwest::Client,
    provider: OnceCell<Provider>,
}

impl LazyProvider {
    /// The provider of these settings; `client` is made by [`client`].
    pub fn new(settings: Settings, client: reqwest::Client) -> Self {
        Self {
            settings,
            client,
            provider: OnceCell::new(),
        }
    }

    /// The provider, read now if it was not before.
    ///
    /// # Errors
    /// Those of [`Provider::discover`]; the next call tries again.
    pub async fn get(&self, now: Instant) -> Result<&Provider, OidcError> {
        let discover = || Provider::discover(self.settings.clone(), self.client.clone(), now);
        self.provider.get_or_try_init(discover).await
    }
}

/// A refusal of the provider's, by its code if that is one: what it holds reaches the log.
fn refusal(code: &str) -> OidcError {
    let is_code = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    OidcError::Provider(if is_code { code.to_owned() } else { String::new() })
}
