//! The time zone of each territory.

use super::{code::CodeCommune, entites::Commune};

/// A territory and the IANA name of its time zone.
struct Fuseau {
    /// First characters of the INSEE codes.
    prefixe: &'static str,
    iana: &'static str,
}

const METROPOLE: &str = "Europe/Paris";

/// The longest prefix that fits wins. Source: IANA time zone database (files `europe`, `southamerica`, `australasia`,
/// `antarctica` and `backward`), which also knows how each zone changed over the years.
static FUSEAUX: &[Fuseau] = &[
    Fuseau {
        prefixe: "971",
        iana: "America/Guadeloupe",
    },
    Fuseau {
        prefixe: "972",
        iana: "America/Martinique",
    },
    Fuseau {
        prefixe: "973",
        iana: "America/Cayenne",
    },
    Fuseau {
        prefixe: "974",
        iana: "Indian/Reunion",
    },
    Fuseau {
        prefixe: "975",
        iana: "America/Miquelon",
    },
    Fuseau {
        prefixe: "976",
        iana: "Indian/Mayotte",
    },
    Fuseau {
        prefixe: "977",
        iana: "America/St_Barthelemy",
    },
    Fuseau {
        prefixe: "978",
        iana: "America/Marigot",
    },
    // Saint-Paul, Amsterdam and Kerguelen; Crozet and the Scattered Islands keep the time of La Réunion.
    Fuseau {
        prefixe: "984",
        iana: "Indian/Kerguelen",
    },
    Fuseau {
        prefixe: "98413",
        iana: "Indian/Reunion",
    },
    Fuseau {
        prefixe: "98414",
        iana: "Antarctica/DumontDUrville",
    },
    Fuseau {
        prefixe: "98415",
        iana: "Indian/Reunion",
    },
    Fuseau {
        prefixe: "986",
        iana: "Pacific/Wallis",
    },
    Fuseau {
        prefixe: "987",
        iana: "Pacific/Tahiti",
    },
    Fuseau {
        prefixe: "98719",
        iana: "Pacific/Gambier",
    },
    // Fatu-Hiva, Hiva-Oa, Nuku-Hiva, Tahuata, Ua-Huka, Ua-Pou.
    Fuseau {
        prefixe: "98718",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "98723",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "98731",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "98746",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "98756",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "98757",
        iana: "Pacific/Marquesas",
    },
    Fuseau {
        prefixe: "988",
        iana: "Pacific/Noumea",
    },
    // Clipperton has no zone of its own: eight hours behind UTC, all year.
    Fuseau {
        prefixe: "989",
        iana: "Etc/GMT+8",
    },
];

impl Commune {
    /// The IANA name of its time zone.
    pub fn fuseau(&self) -> &'static str {
        fuseau(self.code)
    }
}

/// The IANA name of the time zone of a commune, present or former.
pub fn fuseau(code: CodeCommune) -> &'static str {
    let convenables = FUSEAUX.iter().filter(|f| code.as_str().starts_with(f.prefixe));
    convenables
        .max_by_key(|f| f.prefixe.len())
        .map_or(METROPOLE, |f| f.iana)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Referentiel;

    #[test]
    fn chaque_territoire_a_son_heure() {
        let midi = jiff::civil::date(2026, 7, 1).at(12, 0, 0, 0);
        for (code, heures_d_avance) in [
            ("75056", 2.0),
            ("2A004", 2.0),
            ("97105", -4.0),
            ("97302", -3.0),
            ("97411", 4.0),
            ("97502", -2.0),
            ("97611", 3.0),
            ("97701", -4.0),
            ("97801", -4.0),
            ("98412", 5.0),
            ("98414", 10.0),
            ("98613", 12.0),
            ("98735", -10.0),
            ("98731", -9.5),
            ("98719", -9.0),
            ("98818", 11.0),
            ("98901", -8.0),
        ] {
            let zone = jiff::tz::TimeZone::get(fuseau(code.parse().unwrap())).unwrap();
            let decalage = zone.to_zoned(midi).unwrap().offset().seconds();
            assert_eq!(f64::from(decalage) / 3600.0, heures_d_avance, "{code}");
        }
    }

    #[test]
    fn tous_les_fuseaux_existent() {
        for commune in Referentiel::embarque().communes() {
            if commune.fuseau() != METROPOLE {
                jiff::tz::TimeZone::get(commune.fuseau()).unwrap();
            }
        }
    }
}
