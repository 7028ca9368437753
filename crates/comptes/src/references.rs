//! The durations that this context applies to people, as dated values: what they are today, an administrator may change from a day on.

use jiff::civil::date;
use socle::reference::{Key, Number, Origin, Reference, Unit};

/// Where the first values come from.
const PLATEFORME: Origin = Origin {
    from: date(2026, 1, 1),
    source: "Registre des traitements de la plateforme, à son ouverture",
};

const fn jours(key: &'static str, label: &'static str, (least, first, most): (i64, i64, i64)) -> Key<i64> {
    let nombre = Number {
        unit: Unit::Days,
        least,
        most,
        first,
    };
    Key::number(key, label, nombre, PLATEFORME)
}

/// After how long without a visit someone who holds nothing is anonymised.
pub const INACTIVITE: Key<i64> = jours(
    "comptes.inactivite",
    "Absence après laquelle un compte est rendu anonyme",
    (365, 730, 1_095),
);
/// How long before it they are warned.
pub const PREAVIS: Key<i64> = jours(
    "comptes.preavis",
    "Délai entre l’avertissement et l’anonymisation d’un compte inactif",
    (15, 30, 90),
);
/// How long an invitation holds.
pub const INVITATION_VALIDITE: Key<i64> = jours(
    "comptes.invitation_validite",
    "Durée pendant laquelle une invitation peut être acceptée",
    (1, 7, 30),
);
/// How long an invitation is kept after its end.
pub const INVITATIONS: Key<i64> = jours(
    "comptes.invitations",
    "Conservation des invitations après leur fin",
    (30, 365, 730),
);
/// How long a session is kept after its end.
pub const SESSIONS: Key<i64> = jours(
    "comptes.sessions",
    "Conservation des sessions après leur fin",
    (7, 30, 365),
);
/// How long what was asked in order to sign in is kept.
pub const DEMANDES: Key<i64> = jours(
    "comptes.demandes",
    "Conservation des demandes de connexion et du nombre d’essais",
    (1, 1, 30),
);
/// How long a notification is kept.
pub const NOTIFICATIONS: Key<i64> = jours(
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
