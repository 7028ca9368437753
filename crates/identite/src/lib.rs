//! The protocols by which a person proves who they are: OpenID Connect, one-time codes, recovery codes, passkeys.
//!
//! Nothing here stores, shows or counts anything: the caller keeps what must be kept between two steps, binds it to one browser,
//! lets it serve once, and limits attempts.

mod base64url;
mod cbor;
mod jws;
pub mod oidc;
pub mod passkey;
pub mod recovery;
mod secret;
mod signature;
pub mod totp;

pub use base64url::Bytes;
pub use secret::Secret;
pub use signature::PublicKey;
