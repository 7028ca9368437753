//! How long this context keeps what it holds, as dated values: what they are today, an administrator may change from a day on.

use socle::reference::{Key, Reference};

/// How long a file of places waits to be confirmed.
pub const IMPORT_ATTENTE: Key<i64> = Key::days(
    "lieux.import_attente",
    "Temps laissé pour confirmer un fichier de lieux déposé",
    (1, 7, 30),
);
/// How long an import can be undone.
pub const IMPORT_RETOUR: Key<i64> = Key::days(
    "lieux.import_retour",
    "Temps pendant lequel un import de lieux peut être annulé",
    (7, 30, 180),
);
/// How long what became of a file is kept.
pub const IMPORTS: Key<i64> = Key::days(
    "lieux.imports",
    "Conservation du bilan des fichiers de lieux déposés",
    (365, 1_825, 3_650),
);
/// How long an answered report is kept.
pub const SIGNALEMENTS: Key<i64> = Key::days(
    "lieux.signalements",
    "Conservation des signalements après leur réponse",
    (90, 730, 1_825),
);
/// How long a stop of a place that moves is kept.
pub const PASSAGES: Key<i64> = Key::days(
    "lieux.passages",
    "Conservation des passages des lieux itinérants après leur jour",
    (30, 365, 1_825),
);
/// How long the contacts of a place that is no longer public are kept.
pub const RETIRES: Key<i64> = Key::days(
    "lieux.retires",
    "Conservation des coordonnées d’un lieu après son retrait",
    (365, 1_825, 3_650),
);

/// Every one of them.
pub const REFERENCES: &[Reference] = &[
    IMPORT_ATTENTE.reference,
    IMPORT_RETOUR.reference,
    IMPORTS.reference,
    SIGNALEMENTS.reference,
    PASSAGES.reference,
    RETIRES.reference,
];
