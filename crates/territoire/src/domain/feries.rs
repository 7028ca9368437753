//! French public holidays, with those of Alsace-Moselle and of each overseas territory.

use jiff::{ToSpan, civil::Date};

use super::entites::Commune;

/// The day of the year on which a holiday falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quand {
    /// Month, day.
    Fixe(i8, i8),
    /// Days after Easter Sunday.
    Paques(i32),
}

/// A holiday of a territory during a span of years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegleFeriee {
    /// First characters of INSEE codes; empty for the whole of France.
    pub prefixes: &'static [&'static str],
    /// The day.
    pub quand: Quand,
    /// Its name.
    pub nom: &'static str,
    /// First and last year, both included.
    pub annees: (i16, i16),
    /// The text that made it a holiday.
    pub source: &'static str,
}

const TOUJOURS: i16 = i16::MAX;
const TRAVAIL: &str = "code du travail, article L3133-1";
const ALSACE_MOSELLE: &str = "ordonnance du 16 août 1892 ; code du travail, article L3134-13";
const ABOLITION: &str =
    "loi n° 83-550 du 30 juin 1983, décret n° 83-1003 du 23 novembre 1983 ; code du travail, article L3422-2";
const POLYNESIE: &str = "code du travail de la Polynésie française, liste des jours fériés";
const WALLIS: &str = "code du travail applicable à Wallis-et-Futuna, liste des jours fériés";

/// The public holidays of France, each with its territory, its years and its source.
pub static JOURS_FERIES: &[RegleFeriee] = &[
    france(Quand::Fixe(1, 1), "Jour de l'an", 1811),
    france(Quand::Paques(1), "Lundi de Pâques", 1886),
    france(Quand::Fixe(5, 1), "Fête du Travail", 1948),
    france(Quand::Fixe(5, 8), "Victoire de 1945", 1982),
    france(Quand::Paques(39), "Ascension", 1802),
    france(Quand::Paques(50), "Lundi de Pentecôte", 1886),
    france(Quand::Fixe(7, 14), "Fête nationale", 1880),
    france(Quand::Fixe(8, 15), "Assomption", 1802),
    france(Quand::Fixe(11, 1), "Toussaint", 1802),
    france(Quand::Fixe(11, 11), "Armistice de 1918", 1922),
    france(Quand::Fixe(12, 25), "Noël", 1802),
    local(
        &["57", "67", "68"],
        Quand::Paques(-2),
        "Vendredi saint",
        (1919, TOUJOURS),
        ALSACE_MOSELLE,
    ),
    local(
        &["57", "67", "68"],
        Quand::Fixe(12, 26),
        "Saint-Étienne",
        (1919, TOUJOURS),
        ALSACE_MOSELLE,
    ),
    abolition(&["971"], 5, 27, (1984, TOUJOURS), ABOLITION),
    abolition(&["972"], 5, 22, (1984, TOUJOURS), ABOLITION),
    abolition(&["973"], 6, 10, (1984, TOUJOURS), ABOLITION),
    abolition(&["974"], 12, 20, (1983, TOUJOURS), ABOLITION),
    abolition(&["976"], 4, 27, (1984, TOUJOURS), ABOLITION),
    // Both islands belonged to Guadeloupe until 2007 and kept its day for a while.
    abolition(&["977"], 5, 27, (1984, 2011), ABOLITION),
    abolition(
        &["977"],
        10,
        9,
        (2012, TOUJOURS),
        "décret n° 2012-553 du 23 avril 2012 ; code du travail, article L3422-2",
    ),
    abolition(&["978"], 5, 27, (1984, 2017), ABOLITION),
    abolition(
        &["978"],
        5,
        28,
        (2018, TOUJOURS),
        "loi n° 2017-256 du 28 février 2017 ; code du travail, article L3422-2",
    ),
    local(
        &["986"],
        Quand::Fixe(4, 28),
        "Saint Pierre Chanel",
        (1962, TOUJOURS),
        WALLIS,
    ),
    local(
        &["986"],
        Quand::Fixe(7, 29),
        "Fête du Territoire",
        (1962, TOUJOURS),
        WALLIS,
    ),
    local(
        &["987"],
        Quand::Fixe(3, 5),
        "Arrivée de l'Évangile",
        (1985, TOUJOURS),
        POLYNESIE,
    ),
    local(
        &["987"],
        Quand::Paques(-2),
        "Vendredi saint",
        (1985, TOUJOURS),
        POLYNESIE,
    ),
    // The law of the country that moved the holiday was adopted on 6 May 2025.
    local(
        &["987"],
        Quand::Fixe(6, 29),
        "Fête de l'autonomie",
        (1985, 2024),
        POLYNESIE,
    ),
    local(
        &["987"],
        Quand::Fixe(11, 20),
        "Matāri'i i ni'a",
        (2025, TOUJOURS),
        POLYNESIE,
    ),
    local(
        &["988"],
        Quand::Fixe(9, 24),
        "Fête de la citoyenneté",
        (2004, TOUJOURS),
        "code du travail de Nouvelle-Calédonie",
    ),
];

const fn france(quand: Quand, nom: &'static str, depuis: i16) -> RegleFeriee {
    RegleFeriee {
        prefixes: &[],
        quand,
        nom,
        annees: (depuis, TOUJOURS),
        source: TRAVAIL,
    }
}

const fn local(
    prefixes: &'static [&'static str],
    quand: Quand,
    nom: &'static str,
    annees: (i16, i16),
    source: &'static str,
) -> RegleFeriee {
    RegleFeriee {
        prefixes,
        quand,
        nom,
        annees,
        source,
    }
}

const fn abolition(
    prefixes: &'static [&'static str],
    mois: i8,
    jour: i8,
    annees: (i16, i16),
    source: &'static str,
) -> RegleFeriee {
    RegleFeriee {
        prefixes,
        quand: Quand::Fixe(mois, jour),
        nom: "Abolition de l'esclavage",
        annees,
        source,
    }
}

impl RegleFeriee {
    fn vaut(&self, annee: i16, commune: &Commune) -> bool {
        let ici = self.prefixes.is_empty() || self.prefixes.contains(&commune.code.prefixe());
        ici && (self.annees.0..=self.annees.1).contains(&annee)
    }

    fn date(&self, annee: i16) -> Option<Date> {
        match self.quand {
            Quand::Fixe(mois, jour) => Date::new(annee, mois, jour).ok(),
            Quand::Paques(jours) => paques(annee)?.checked_add(jours.days()).ok(),
        }
    }
}

/// The public holidays of a year in a commune, in order; two may share a day.
pub fn jours_feries(annee: i16, commune: &Commune) -> Vec<(Date, &'static str)> {
    let regles = JOURS_FERIES.iter().filter(|regle| regle.vaut(annee, commune));
    let mut jours: Vec<_> = regles
        .filter_map(|regle| Some((regle.date(annee)?, regle.nom)))
        .collect();
    jours.sort();
    jours
}

/// The holiday that falls on a day in a commune.
pub fn jour_ferie(jour: Date, commune: &Commune) -> Option<&'static str> {
    let regles = JOURS_FERIES.iter().filter(|regle| regle.vaut(jour.year(), commune));
    regles
        .filter(|regle| regle.date(jour.year()) == Some(jour))
        .map(|regle| regle.nom)
        .next()
}

/// Easter Sunday in the Gregorian calendar (Butcher's algorithm), for the years that the calendar covers.
fn paques(annee: i16) -> Option<Date> {
    let an = i32::from(annee);
    (an >= 1583).then_some(())?;
    let (or, siecle, dans_le_siecle) = (an % 19, an / 100, an % 100);
    let lune = (19 * or + siecle - siecle / 4 - (siecle - (siecle + 8) / 25 + 1) / 3 + 15) % 30;
    let semaine = (32 + 2 * (siecle % 4) + 2 * (dans_le_siecle / 4) - lune - dans_le_siecle % 4) % 7;
    let correction = (or + 11 * lune + 22 * semaine) / 451;
    let jours = lune + semaine - 7 * correction + 114;
    Date::new(
        annee,
        i8::try_from(jours / 31).ok()?,
        i8::try_from(jours % 31 + 1).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Referentiel;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn commune(code: &str) -> &'static Commune {
        Referentiel::embarque().commune(code.parse().unwrap()).unwrap()
    }

    #[test]
    fn paques_tombe_ou_les_tables_le_disent() {
        for attendu in [
            date(1818, 3, 22),
            date(2000, 4, 23),
            date(2024, 3, 31),
            date(2026, 4, 5),
            date(2038, 4, 25),
        ] {
            assert_eq!(paques(attendu.year()), Some(attendu));
        }
    }

    #[test]
    fn paris_a_onze_jours_feries() {
        let jours: Vec<_> = jours_feries(2026, commune("75056"))
            .iter()
            .map(|(jour, nom)| format!("{jour} {nom}"))
            .collect();
        insta::assert_snapshot!(jours.join("\n"), @r"
        2026-01-01 Jour de l'an
        2026-04-06 Lundi de Pâques
        2026-05-01 Fête du Travail
        2026-05-08 Victoire de 1945
        2026-05-14 Ascension
        2026-05-25 Lundi de Pentecôte
        2026-07-14 Fête nationale
        2026-08-15 Assomption
        2026-11-01 Toussaint
        2026-11-11 Armistice de 1918
        2026-12-25 Noël
        ");
    }

    #[test]
    fn chaque_territoire_garde_ses_jours() {
        for (code, jour, nom) in [
            ("67482", date(2026, 4, 3), Some("Vendredi saint")),
            ("57463", date(2026, 12, 26), Some("Saint-Étienne")),
            ("54395", date(2026, 12, 26), None),
            ("97105", date(2026, 5, 27), Some("Abolition de l'esclavage")),
            ("97209", date(2026, 5, 22), Some("Abolition de l'esclavage")),
            ("97302", date(2026, 6, 10), Some("Abolition de l'esclavage")),
            ("97411", date(2026, 12, 20), Some("Abolition de l'esclavage")),
            ("97611", date(2026, 4, 27), Some("Abolition de l'esclavage")),
            ("97701", date(2026, 10, 9), Some("Abolition de l'esclavage")),
            ("97801", date(2026, 5, 28), Some("Abolition de l'esclavage")),
            ("97801", date(2016, 5, 28), None),
            ("98818", date(2026, 9, 24), Some("Fête de la citoyenneté")),
            ("98613", date(2026, 7, 29), Some("Fête du Territoire")),
            ("98735", date(2024, 6, 29), Some("Fête de l'autonomie")),
            ("98735", date(2026, 6, 29), None),
            ("98735", date(2024, 11, 20), None),
            ("98735", date(2026, 11, 20), Some("Matāri'i i ni'a")),
            ("97502", date(2026, 7, 14), Some("Fête nationale")),
            ("75056", date(2026, 7, 13), None),
        ] {
            assert_eq!(jour_ferie(jour, commune(code)), nom, "{code} le {jour}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn les_jours_feries_sont_dans_l_annee_et_en_ordre(annee in -9999i16..=9999) {
            let jours = jours_feries(annee, commune("98735"));
            prop_assert!(jours.iter().all(|(jour, _)| jour.year() == annee));
            prop_assert!(jours.is_sorted());
        }

        #[test]
        fn paques_est_un_dimanche_du_printemps(annee in 1583i16..=9999) {
            let jour = paques(annee).unwrap();
            prop_assert_eq!(jour.weekday(), jiff::civil::Weekday::Sunday);
            prop_assert!((date(annee, 3, 22)..=date(annee, 4, 25)).contains(&jour));
        }
    }
}
