//! Why a sign-in by a provider is refused.

use crate::jws::JwsError;

/// Why a sign-in by a provider is refused: the variant for those who look into it, the text for the person. None holds a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The settings do not hold: which one.
    #[error("la connexion par ce service est mal réglée\u{a0}: prévenez l’exploitant de la plateforme")]
    Settings(&'static str),
    /// The provider did not answer within the time budget.
    #[error(
        "le service de connexion met trop de temps à répondre\u{a0}: réessayez dans quelques minutes ou connectez-vous autrement"
    )]
    TooSlow,
    /// The provider cannot be reached, or fails.
    #[error("le service de connexion ne répond pas\u{a0}: réessayez dans quelques minutes ou connectez-vous autrement")]
    Unreachable,
    /// What the provider sent does not read; the part that does not.
    #[error("le service de connexion a envoyé une réponse que nous ne savons pas lire\u{a0}: connectez-vous autrement")]
    Malformed(&'static str),
    /// The answer does not belong to the request that this browser made.
    #[error("cette connexion n’a pas été commencée dans ce navigateur, ou elle a déjà servi\u{a0}: recommencez")]
    State,
    /// The request was made too long ago.
    #[error("cette connexion a été commencée il y a trop longtemps\u{a0}: recommencez")]
    TooLate,
    /// The person gave up, or the provider would not let them in.
    #[error("vous n’avez pas terminé la connexion\u{a0}: recommencez ou connectez-vous autrement")]
    Denied,
    /// The provider refuses, with this code of its own.
    #[error("le service de connexion a refusé la demande\u{a0}: réessayez ou connectez-vous autrement")]
    Provider(String),
    /// The token asks for an algorithm that is not accepted (`none`, a shared secret…).
    #[error("{REFUSED}")]
    Algorithm,
    /// The token is signed by a key that the provider does not publish.
    #[error("{REFUSED}")]
    UnknownKey,
    /// The signature of the token is wrong.
    #[error("{REFUSED}")]
    Signature,
    /// The token comes from another provider.
    #[error("{REFUSED}")]
    Issuer,
    /// The token is for another site.
    #[error("{REFUSED}")]
    Audience,
    /// The token answers another request.
    #[error("{REFUSED}")]
    Nonce,
    /// The token was not given with this access token.
    #[error("{REFUSED}")]
    AccessToken,
    /// The token and the person's data are about two people.
    #[error("{REFUSED}")]
    Subject,
    /// The person's data had to be signed.
    #[error("{REFUSED}")]
    Unsigned,
    /// The token no longer holds.
    #[error("la réponse du service de connexion est périmée\u{a0}: recommencez")]
    Expired,
    /// The token does not hold yet: one of the two clocks is wrong.
    #[error("la réponse du service de connexion est datée du futur\u{a0}: prévenez l’exploitant de la plateforme")]
    Early,
    /// The person was identified less strictly than is asked for.
    #[error(
        "votre identité n’a pas été vérifiée assez strictement\u{a0}: recommencez avec un moyen de connexion plus sûr"
    )]
    Level,
    /// The person used none of the means that are asked for, such as a second factor.
    #[error(
        "cette connexion demande une double authentification\u{a0}: activez-la auprès de votre service de connexion, puis recommencez"
    )]
    Means,
}

const REFUSED: &str = "la réponse du service de connexion n’est pas sûre, nous l’avons refusée\u{a0}: recommencez ou connectez-vous autrement";

impl From<JwsError> for OidcError {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Malformed => Self::Malformed("token"),
            JwsError::Algorithm => Self::Algorithm,
            JwsError::UnknownKey => Self::UnknownKey,
            JwsError::Signature => Self::Signature,
        }
    }
}
