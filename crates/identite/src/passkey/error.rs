//! Why a passkey is refused.

/// Why a passkey is refused: the variant for those who look into it, the text for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The platform's own address cannot hold passkeys: they need HTTPS (or `localhost`) and a name.
    #[error("l’adresse de cette plateforme ne permet pas les clés d’accès")]
    Address,
    /// What the browser sent does not read; the part that does not.
    #[error(
        "votre navigateur a envoyé une réponse que nous ne savons pas lire\u{a0}: essayez avec un autre navigateur"
    )]
    Malformed(&'static str),
    /// The answer is for the other ceremony.
    #[error("cette réponse ne correspond pas à ce qui était demandé\u{a0}: recommencez")]
    Ceremony,
    /// The challenge is not the one that was given.
    #[error("cette demande a expiré ou a déjà servi\u{a0}: recommencez")]
    Challenge,
    /// The answer was made for another site, or inside one.
    #[error(
        "cette clé d’accès a été utilisée sur un autre site\u{a0}: vérifiez l’adresse affichée par votre navigateur"
    )]
    Origin,
    /// The key was made for another site.
    #[error("cette clé d’accès appartient à un autre site")]
    RelyingParty,
    /// Nobody touched the key.
    #[error("votre clé d’accès n’a pas confirmé votre présence\u{a0}: recommencez")]
    Absent,
    /// The key did not ask for a code, a finger or a face.
    #[error(
        "votre clé d’accès n’a pas vérifié que c’était vous\u{a0}: protégez-la par un code, une empreinte ou un visage, puis recommencez"
    )]
    Unverified,
    /// What the key says of its copies contradicts itself, or what it said before.
    #[error("votre clé d’accès a envoyé une réponse incohérente\u{a0}: utilisez-en une autre")]
    Backup,
    /// The key signs in a way that is not taken.
    #[error("ce modèle de clé d’accès n’est pas reconnu\u{a0}: utilisez-en une autre")]
    Algorithm,
    /// The key was registered already.
    #[error("cette clé d’accès est déjà enregistrée")]
    Known,
    /// Another key answered.
    #[error("cette clé d’accès n’est pas celle qui est attendue")]
    OtherKey,
    /// The key is another person's.
    #[error("cette clé d’accès est celle d’un autre compte")]
    OtherPerson,
    /// The signature is not that of the key.
    #[error("la signature de votre clé d’accès n’est pas la bonne\u{a0}: recommencez")]
    Signature,
    /// The key has counted fewer uses than it had: a copy of it may be in use.
    #[error("cette clé d’accès a peut-être été copiée\u{a0}: supprimez-la de votre compte et enregistrez-en une autre")]
    Counter,
}
