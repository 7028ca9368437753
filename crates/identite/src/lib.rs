//! The protocols by which a person proves who they are: OpenID Connect, one-time codes, passkeys. No database, no page.
