//! The words of the languages that come with the engine.

use std::borrow::Cow;

use super::{Mot, Mots, Quand};

const fn mot(texte: &'static str) -> Mot {
    Cow::Borrowed(texte)
}

/// Plain French.
pub const FRANCAIS: Mots = Mots {
    jours: [
        mot("lundi"),
        mot("mardi"),
        mot("mercredi"),
        mot("jeudi"),
        mot("vendredi"),
        mot("samedi"),
        mot("dimanche"),
    ],
    mois: [
        mot("janvier"),
        mot("février"),
        mot("mars"),
        mot("avril"),
        mot("mai"),
        mot("juin"),
        mot("juillet"),
        mot("août"),
        mot("septembre"),
        mot("octobre"),
        mot("novembre"),
        mot("décembre"),
    ],
    premier: mot("1er"),
    date: mot("{jour} {quantieme} {mois}"),
    ligne: mot("{date}\u{a0}: {heures}"),
    ferie: mot("{date} (jour férié)"),
    heure: mot("{h}\u{a0}h"),
    heure_minutes: mot("{h}\u{a0}h\u{a0}{mm}"),
    minuit: mot("minuit"),
    plage: mot("de {debut} à {fin}"),
    a_partir_de: mot("à partir de {debut}"),
    jour_entier: mot("24\u{a0}heures sur 24"),
    precision: mot("{texte} ({precision})"),
    virgule: mot(", "),
    et: mot(" et "),
    ouvert: mot("ouvert"),
    ouvert_jusqu_a: Quand {
        ce_jour: mot("ouvert jusqu’à {heure}"),
        demain: mot("ouvert jusqu’à demain, {heure}"),
        autre_jour: mot("ouvert jusqu’au {date} à {heure}"),
    },
    ferme: mot("fermé"),
    ferme_ouvre: Quand {
        ce_jour: mot("fermé, ouvre à {heure}"),
        demain: mot("fermé, ouvre demain à {heure}"),
        autre_jour: mot("fermé, ouvre {date} à {heure}"),
    },
    a_confirmer: mot("à confirmer"),
};

/// Plain English.
pub const ANGLAIS: Mots = Mots {
    jours: [
        mot("Monday"),
        mot("Tuesday"),
        mot("Wednesday"),
        mot("Thursday"),
        mot("Friday"),
        mot("Saturday"),
        mot("Sunday"),
    ],
    mois: [
        mot("January"),
        mot("February"),
        mot("March"),
        mot("April"),
        mot("May"),
        mot("June"),
        mot("July"),
        mot("August"),
        mot("September"),
        mot("October"),
        mot("November"),
        mot("December"),
    ],
    premier: mot("1"),
    date: mot("{jour} {quantieme} {mois}"),
    ligne: mot("{date}: {heures}"),
    ferie: mot("{date} (public holiday)"),
    heure: mot("{h}:00"),
    heure_minutes: mot("{h}:{mm}"),
    minuit: mot("midnight"),
    plage: mot("{debut} to {fin}"),
    a_partir_de: mot("from {debut}"),
    jour_entier: mot("24 hours a day"),
    precision: mot("{texte} ({precision})"),
    virgule: mot(", "),
    et: mot(" and "),
    ouvert: mot("open"),
    ouvert_jusqu_a: Quand {
        ce_jour: mot("open until {heure}"),
        demain: mot("open until {heure} tomorrow"),
        autre_jour: mot("open until {heure} on {date}"),
    },
    ferme: mot("closed"),
    ferme_ouvre: Quand {
        ce_jour: mot("closed, opens at {heure}"),
        demain: mot("closed, opens tomorrow at {heure}"),
        autre_jour: mot("closed, opens on {date} at {heure}"),
    },
    a_confirmer: mot("to be confirmed"),
};
