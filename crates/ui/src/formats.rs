//! Dates, times, numbers and distances as each language writes them; the words and patterns stand in the language files.

use crate::{langue::Langue, libelles::libelles};
use jiff::civil::{Date, Time};
use std::{borrow::Cow, fmt::Write};

/// A no-break space, before a unit.
const INSECABLE: char = '\u{a0}';

/// A date in words: "mardi 3 mars 2026".
pub fn date(jour: Date, langue: Langue) -> String {
    let dates = &libelles(langue).dates;
    dates
        .date
        .avec("jour", jour_de_la_semaine(jour, langue))
        .avec("quantieme", quantieme(jour, langue))
        .avec("mois", mois(jour.month(), langue))
        .avec("annee", jour.year())
        .to_string()
}

/// A date in words without its year: "mardi 3 mars".
pub fn jour_et_mois(jour: Date, langue: Langue) -> String {
    let dates = &libelles(langue).dates;
    dates
        .jour_et_mois
        .avec("jour", jour_de_la_semaine(jour, langue))
        .avec("quantieme", quantieme(jour, langue))
        .avec("mois", mois(jour.month(), langue))
        .to_string()
}

/// A month and its year: "mars 2026".
pub fn mois_et_annee(jour: Date, langue: Langue) -> String {
    let dates = &libelles(langue).dates;
    dates
        .mois_et_annee
        .avec("mois", mois(jour.month(), langue))
        .avec("annee", jour.year())
        .to_string()
}

/// The name of a day: "mardi".
pub fn jour_de_la_semaine(jour: Date, langue: Langue) -> &'static str {
    let rang = usize::try_from(jour.weekday().to_monday_zero_offset()).unwrap_or_default();
    &libelles(langue).dates.jours[rang]
}

/// The name of a month, counted from 1: "mars".
pub fn mois(mois: i8, langue: Langue) -> &'static str {
    let rang = usize::try_from(mois - 1).unwrap_or_default();
    &libelles(langue).dates.mois[rang.min(11)]
}

fn quantieme(jour: Date, langue: Langue) -> String {
    match jour.day() {
        1 => libelles(langue).dates.premier.to_string(),
        n => n.to_string(),
    }
}

/// A time of day: "9 h 30", "14 h".
pub fn heure(heure: Time, langue: Langue) -> String {
    let dates = &libelles(langue).dates;
    let modele = if heure.minute() == 0 {
        &dates.heure_pleine
    } else {
        &dates.heure
    };
    let (douze, moitie) = match heure.hour() {
        0 => (12, &dates.avant_midi),
        h @ 1..12 => (h, &dates.avant_midi),
        12 => (12, &dates.apres_midi),
        h => (h - 12, &dates.apres_midi),
    };
    modele
        .avec("h", heure.hour())
        .avec("hh", format_args!("{:02}", heure.hour()))
        .avec("h12", douze)
        .avec("moitie", moitie)
        .avec("m", format_args!("{:02}", heure.minute()))
        .to_string()
}

/// A span of time in a day: "9 h – 12 h 30".
pub fn plage(debut: Time, fin: Time, langue: Langue) -> String {
    libelles(langue)
        .dates
        .plage
        .avec("debut", heure(debut, langue))
        .avec("fin", heure(fin, langue))
        .to_string()
}

/// A whole number, its thousands apart: "34 868".
pub fn entier(n: u64, langue: Langue) -> String {
    let chiffres = n.to_string();
    let separateur = &libelles(langue).nombres.milliers;
    let mut texte = String::with_capacity(chiffres.len() + 8);
    for (rang, chiffre) in chiffres.chars().enumerate() {
        if rang > 0 && (chiffres.len() - rang).is_multiple_of(3) {
            texte.push_str(separateur);
        }
        texte.push(chiffre);
    }
    texte
}

/// A number with at most this many decimals, final zeros dropped: "1 234,5".
pub fn nombre(valeur: f64, decimales: usize, langue: Langue) -> String {
    let arrondi = format!("{:.decimales$}", valeur.abs());
    let (entiere, fraction) = arrondi.split_once('.').unwrap_or((&arrondi, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut texte = String::new();
    if valeur < 0.0 && arrondi.bytes().any(|c| matches!(c, b'1'..=b'9')) {
        texte.push('−');
    }
    match entiere.parse() {
        Ok(n) => texte.push_str(&entier(n, langue)),
        Err(_) => texte.push_str(entiere),
    }
    if !fraction.is_empty() {
        let _ = write!(texte, "{}{fraction}", libelles(langue).nombres.decimale);
    }
    texte
}

/// A distance in metres, as a person says it: "350 m", "1,2 km", "120 km".
pub fn distance(metres: f64, langue: Langue) -> String {
    let nombres = &libelles(langue).nombres;
    if metres < 995.0 {
        let dizaines = (metres.max(0.0) / 10.0).round() * 10.0;
        return format!("{}{INSECABLE}{}", nombre(dizaines, 0, langue), nombres.metre);
    }
    let kilometres = metres / 1000.0;
    let decimales = if kilometres < 99.95 { 1 } else { 0 };
    format!(
        "{}{INSECABLE}{}",
        nombre(kilometres, decimales, langue),
        nombres.kilometre
    )
}

/// A size of file: "850 octets", "1,2 Mo".
pub fn taille(octets: u64, langue: Langue) -> String {
    let nombres = &libelles(langue).nombres;
    // Precise enough for a size that is shown with one decimal.
    let valeur = octets as f64;
    let (valeur, unite) = match octets {
        0..1_000 => (valeur, &nombres.octets),
        1_000..1_000_000 => (valeur / 1e3, &nombres.ko),
        _ => (valeur / 1e6, &nombres.mo),
    };
    let decimales = usize::from(valeur < 10.0 && octets >= 1_000);
    format!("{}{INSECABLE}{unite}", nombre(valeur, decimales, langue))
}

/// The same text with a capital.
pub fn majuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    lettres
        .next()
        .map_or_else(String::new, |premiere| premiere.to_uppercase().chain(lettres).collect())
}

/// A French text of somewhere else, with the spaces that keep a sign on the line of its word.
pub fn insecables(texte: &str) -> Cow<'_, str> {
    const SIGNES: [(&str, &str); 6] = [
        (" :", "\u{a0}:"),
        (" ;", "\u{a0};"),
        (" ?", "\u{a0}?"),
        (" !", "\u{a0}!"),
        (" »", "\u{a0}»"),
        ("« ", "«\u{a0}"),
    ];
    SIGNES.iter().fold(Cow::Borrowed(texte), |texte, (secable, insecable)| {
        if texte.contains(secable) {
            Cow::Owned(texte.replace(secable, insecable))
        } else {
            texte
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date as le, time};

    #[test]
    fn les_dates_s_ecrivent_en_mots() {
        let jour = le(2026, 3, 3);
        assert_eq!(date(jour, Langue::Fr), "mardi 3 mars 2026");
        assert_eq!(date(le(2026, 3, 1), Langue::Fr), "dimanche 1er mars 2026");
        assert_eq!(jour_et_mois(jour, Langue::Fr), "mardi 3 mars");
        assert_eq!(mois_et_annee(le(2026, 8, 1), Langue::Fr), "août 2026");
        assert_eq!(date(le(2026, 3, 1), Langue::En), "Sunday 1 March 2026");
        assert_eq!(date(jour, Langue::Pt), "terça-feira, 3 de março de 2026");
        assert_eq!(date(jour, Langue::Uk), "вівторок, 3 березня 2026 р.");
        assert_eq!(date(jour, Langue::Ar), "الثلاثاء 3 مارس 2026");
    }

    #[test]
    fn les_heures_s_ecrivent_comme_on_les_dit() {
        let cas = [
            (Langue::Fr, time(9, 30, 0, 0), "9\u{a0}h\u{a0}30"),
            (Langue::Fr, time(14, 0, 0, 0), "14\u{a0}h"),
            (Langue::Fr, time(8, 5, 0, 0), "8\u{a0}h\u{a0}05"),
            (Langue::En, time(9, 30, 0, 0), "9:30\u{a0}am"),
            (Langue::En, time(12, 0, 0, 0), "12\u{a0}pm"),
            (Langue::En, time(0, 15, 0, 0), "12:15\u{a0}am"),
            (Langue::En, time(17, 0, 0, 0), "5\u{a0}pm"),
            (Langue::Pt, time(9, 30, 0, 0), "9:30"),
            (Langue::Ar, time(14, 0, 0, 0), "14:00"),
            (Langue::Uk, time(14, 5, 0, 0), "14:05"),
        ];
        for (langue, instant, attendu) in cas {
            assert_eq!(heure(instant, langue), attendu, "{langue:?}");
        }
        assert_eq!(
            plage(time(9, 0, 0, 0), time(12, 30, 0, 0), Langue::Fr),
            "9\u{a0}h à 12\u{a0}h\u{a0}30"
        );
    }

    #[test]
    fn un_signe_reste_sur_la_ligne_de_son_mot() {
        assert_eq!(insecables("Formé à « DUPLEX »"), "Formé à «\u{a0}DUPLEX\u{a0}»");
        assert_eq!(insecables("Boîte : ouest, sud ?"), "Boîte\u{a0}: ouest, sud\u{a0}?");
        assert!(matches!(insecables("Gratuit"), Cow::Borrowed("Gratuit")));
    }

    #[test]
    fn les_nombres_et_les_distances_ont_leurs_espaces() {
        assert_eq!(entier(1_234_567, Langue::Fr), "1\u{202f}234\u{202f}567");
        assert_eq!(entier(0, Langue::Fr), "0");
        assert_eq!(entier(34_868, Langue::En), "34,868");
        assert_eq!(nombre(1234.5, 1, Langue::Fr), "1\u{202f}234,5");
        assert_eq!(nombre(-0.04, 1, Langue::Fr), "0");
        assert_eq!(nombre(-2.25, 2, Langue::En), "−2.25");
        assert_eq!(distance(347.0, Langue::Fr), "350\u{a0}m");
        assert_eq!(distance(999.0, Langue::Fr), "1\u{a0}km");
        assert_eq!(distance(1234.0, Langue::Fr), "1,2\u{a0}km");
        assert_eq!(distance(1_234_600.0, Langue::Fr), "1\u{202f}235\u{a0}km");
        assert_eq!(distance(-3.0, Langue::Fr), "0\u{a0}m");
        assert_eq!(taille(850, Langue::Fr), "850\u{a0}octets");
        assert_eq!(taille(1_240_000, Langue::Fr), "1,2\u{a0}Mo");
        assert_eq!(taille(45_600, Langue::En), "46\u{a0}kB");
    }
}
