//! Dates of last update, as sources write them.

use std::sync::LazyLock;

use jiff::civil::{DateTime, Time};
use regex::Regex;

/// The moment that a text names, in UTC; a day without an hour is taken at noon, so that no time zone moves it.
///
/// Knows `2022-09-26`, `2022/09/26 19:00:45.128`, `2025-03-24T20:31:20+01:00`, `21/04/2022 14:34`, a day inside a sentence, and
/// the ten digits of a Unix time.
pub fn lire(texte: &str) -> Option<DateTime> {
    let texte = texte.trim();
    if texte.len() == 10 && texte.bytes().all(|b| b.is_ascii_digit()) {
        return depuis_unix(texte);
    }
    let (annee, mois, jour, reste) = if let Some(c) = ISO.captures(texte) {
        (
            c[1].parse().ok()?,
            c[2].parse().ok()?,
            c[3].parse().ok()?,
            &texte[c.get(0)?.end()..],
        )
    } else {
        let c = FRANCAISE.captures(texte)?;
        (
            c[3].parse().ok()?,
            c[2].parse().ok()?,
            c[1].parse().ok()?,
            &texte[c.get(0)?.end()..],
        )
    };
    let date = jiff::civil::Date::new(annee, mois, jour).ok()?;
    let Some(heure) = HEURE.captures(reste) else {
        return Some(date.to_datetime(Time::constant(12, 0, 0, 0)));
    };
    let nombre = |rang: usize| heure.get(rang).map_or(Some(0), |m| m.as_str().parse::<i8>().ok());
    let local = date.to_datetime(Time::new(nombre(1)?, nombre(2)?, nombre(3)?, 0).ok()?);
    let Some(signe) = heure.get(4) else { return Some(local) };
    let decalage = i64::from(nombre(5)?) * 60 + i64::from(nombre(6)?);
    let minutes = if signe.as_str() == "+" { -decalage } else { decalage };
    local.checked_add(jiff::Span::new().try_minutes(minutes).ok()?).ok()
}

static ISO: LazyLock<Regex> = LazyLock::new(|| motif(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})"));
static FRANCAISE: LazyLock<Regex> = LazyLock::new(|| motif(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b"));
static HEURE: LazyLock<Regex> =
    LazyLock::new(|| motif(r"^[T ]\s*(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(?:Z|([+-])(\d{2}):?(\d{2})?)?"));

fn motif(texte: &str) -> Regex {
    Regex::new(texte).expect("the patterns are constants that the tests run")
}

fn depuis_unix(secondes: &str) -> Option<DateTime> {
    let instant = jiff::Timestamp::from_second(secondes.parse().ok()?).ok()?;
    Some(instant.to_zoned(jiff::tz::TimeZone::UTC).datetime())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_ecriture_donne_le_meme_jour() {
        for (texte, attendu) in [
            ("21/04/2022 14:34:13", "2022-04-21T14:34:13"),
            ("2022-09-26 19:00:45", "2022-09-26T19:00:45"),
            ("2025-03-24 20:31:20+01:00", "2025-03-24T19:31:20"),
            ("21/04/2022", "2022-04-21T12:00:00"),
            ("Espace labellisé 01/12/2022", "2022-12-01T12:00:00"),
            ("2020/06/30 14:16:50.898", "2020-06-30T14:16:50"),
            ("2023-03-03T10:29:10.128Z", "2023-03-03T10:29:10"),
            ("18/04/2023 09:49", "2023-04-18T09:49:00"),
            ("1650544453", "2022-04-21T12:34:13"),
        ] {
            assert_eq!(lire(texte).unwrap().to_string(), attendu, "{texte}");
        }
    }

    #[test]
    fn un_jour_qui_n_existe_pas_n_est_pas_une_date() {
        for texte in ["", "30/02/2022", "2022-13-01", "hier", "99/99/9999", "2022"] {
            assert_eq!(lire(texte), None, "{texte}");
        }
    }
}
