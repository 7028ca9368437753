//! The durations that this context applies to people, as dated values: what they are today, an administrator may change from a day on.

use socle::reference::{Key, Reference};

/// After how long without a visit someone who holds nothing is anonymised.
pub const INACTIVITE: Key<i64> = Key::days(
    "comptes.inactivite",
    "Absence après laquelle un compte est rendu anonyme",
    (365, 730, 1_095),
);
/// How long before it they are warned.
pub const PREAVIS: Key<i64> = Key::days(
    "comptes.preavis",
    "Délai entre l’avertissement et l’anonymisation d’un compte inactif",
    (15, 30, 90),
);
/// How long an invitation holds.
pub const INVITATION_VALIDITE: Key<i64> = Key::days(
    "comptes.invitation_validite",
    "Durée pendant laquelle une invitation peut être acceptée",
    (1, 7, 30),
);
/// How long an invitation is kept after its end.
pub const INVITATIONS: Key<i64> = Key::days(
    "comptes.invitations",
    "Conservation des invitations après leur fin",
    (30, 365, 730),
);
/// How long a session is kept after its end.
pub const SESSIONS: Key<i64> = Key::days(
    "comptes.sessions",
    "Conservation des sessions après leur fin",
    (7, 30, 365),
);
/// How long what was asked in order to sign in is kept.
pub const DEMANDES: Key<i64> = Key::days(
    "comptes.demandes",
    "Conservation des demandes de connexion et du nombre d’essais",
    (1, 1, 30),
);
/// How long a notification is kept.
pub const NOTIFICATIONS: Key<i64> = Key::days(
    "comptes.notifications",
    "Conservation des notifications",
    (30, 365, 730),
);

/// Every one of them.
pub const REFERENCES: &[Reference] = &[
    INACTIVITE.reference,
    PREAVIS.reference,
    INVITATION_VALIDITE.reference,
    INVITATIONS.reference,
    SESSIONS.reference,
    DEMANDES.reference,
    NOTIFICATIONS.reference,
];
