//! Streets and postal codes.

use std::sync::LazyLock;

use regex::Regex;
use territoire::plier;

use super::texte::nettoyer;

/// Words that name a kind of street and no street.
const GENRES_DE_VOIE: [&str; 16] = [
    "rue",
    "avenue",
    "place",
    "boulevard",
    "route",
    "chemin",
    "impasse",
    "allee",
    "cours",
    "quai",
    "square",
    "passage",
    "lieu dit",
    "bourg",
    "adresse",
    "voie",
];

/// Marks that a street may hold; the comma is admitted, and dropped when a street is cleaned.
const MARQUES: &str = " -,().°&:+–|;'’/";

static CODE_POSTAL: LazyLock<Regex> = LazyLock::new(|| motif(r"(?:^|[^0-9])([0-9]{5})(?:[^0-9]|$)"));
static SUITE_POSTALE: LazyLock<Regex> =
    LazyLock::new(|| motif(r"(?:^|[\s,;–-])\s*(?:F-)?([0-9]{5})(?:\.0)?(?:[\s,;–-]+(\p{L}.*))?$"));
static ELISION: LazyLock<Regex> = LazyLock::new(|| motif(r"\b([dl])(\p{Lu}\p{Ll})"));
static NUMERO_NUL: LazyLock<Regex> = LazyLock::new(|| motif(r"(?i)^(?:(?:null|undefined|0)\s+)+"));

fn motif(texte: &str) -> Regex {
    Regex::new(texte).expect("the patterns are constants that the tests run")
}

/// The five digits of a postal code; a zero that a spreadsheet ate comes back, and an empty cell is looked for in the address.
pub fn code_postal(texte: &str, adresse: &str) -> Option<String> {
    let texte = texte.trim().trim_end_matches(".0").replace([' ', '\u{a0}'], "");
    if texte.bytes().all(|b| b.is_ascii_digit()) && matches!(texte.len(), 4 | 5) {
        return Some(format!("{texte:0>5}"));
    }
    let dans = |texte: &str| CODE_POSTAL.captures(texte).map(|c| c[1].to_owned());
    dans(&texte)
        .or_else(|| fin_postale(&nettoyer(adresse)).map(|f| f.code_postal))
        .or_else(|| dans(adresse))
}

/// The postal code, the town and where they begin in an address such as `9, place de la paix 51530 MOUSSY`.
struct FinPostale {
    debut: usize,
    code_postal: String,
    commune: Option<String>,
}

fn fin_postale(adresse: &str) -> Option<FinPostale> {
    let captures = SUITE_POSTALE.captures(adresse)?;
    let entier = captures.get(0)?;
    let avant = plier(&adresse[..entier.start()]);
    // The number of a letter box has five digits as well.
    if ["bp", "cs", "tsa"]
        .iter()
        .any(|boite| avant.split(' ').next_back() == Some(boite))
        && captures.get(2).is_none()
    {
        return None;
    }
    let commune = captures.get(2).map(|c| {
        c.as_str()
            .split([',', ';'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    });
    Some(FinPostale {
        debut: entier.start(),
        code_postal: captures[1].to_owned(),
        commune: commune.filter(|c| !c.is_empty()),
    })
}

/// The town that follows the postal code of a whole address.
pub fn commune_de(adresse: &str) -> Option<String> {
    fin_postale(&nettoyer(adresse)).and_then(|fin| fin.commune)
}

/// The street alone, or nothing when the text names none.
pub fn voie(texte: &str) -> Option<String> {
    let propre = nettoyer(texte);
    // Some write the postal code twice, once for the street and once for the letter.
    let mut rue = propre.as_str();
    while let Some(fin) = fin_postale(rue) {
        rue = rue[..fin.debut].trim_end_matches([' ', ',', ';', '-', '–']);
    }
    let gardes: String = rue
        .chars()
        .map(|c| if c == ',' { ' ' } else { c })
        .filter(|c| c.is_alphanumeric() && *c != '²' || MARQUES.contains(*c))
        .collect();
    let gardes = ELISION.replace_all(&gardes, "$1'$2");
    let gardes = NUMERO_NUL.replace(&gardes, "");
    let voie = super::texte::resserrer(gardes.trim_matches([' ', '-', '–', ';', '|', ':', '/']));
    est_une_voie(&voie).then_some(voie)
}

/// Whether a street holds only what the reference implementation admits in one: letters, digits and common marks, no double quote.
pub fn caracteres_admis(voie: &str) -> bool {
    !voie.trim().is_empty() && voie.chars().all(|c| c.is_alphanumeric() || MARQUES.contains(c))
}

/// The rest of the address: building, floor, hamlet.
pub fn complement(texte: &str) -> Option<String> {
    let propre = nettoyer(texte).replace('"', " ");
    let propre = super::texte::resserrer(&propre);
    (!super::texte::est_absent(&propre)).then_some(propre)
}

fn est_une_voie(voie: &str) -> bool {
    let plie = plier(voie);
    let mots: Vec<&str> = plie
        .split(' ')
        .filter(|mot| mot.bytes().any(|b| b.is_ascii_alphabetic()))
        .collect();
    let lettres = mots.concat();
    let route =
        plie.split(' ').any(|mot| ["d", "n", "rd", "rn"].contains(&mot)) && plie.bytes().any(|b| b.is_ascii_digit());
    (lettres.len() >= 2 || route)
        && !super::texte::est_absent(voie)
        && !GENRES_DE_VOIE.contains(&mots.join(" ").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_adresse_entiere_rend_sa_voie_son_code_et_sa_commune() {
        for (texte, attendue, cp, commune) in [
            (
                "9, Place de la paix 51530 MOUSSY",
                "9 Place de la paix",
                "51530",
                Some("MOUSSY"),
            ),
            (
                "38 Rue des Dats, 51520, Saint-Martin-sur-le-Pré, Marne",
                "38 Rue des Dats",
                "51520",
                Some("Saint-Martin-sur-le-Pré"),
            ),
            (
                "8 rue de la Boétie - 33000 Bordeaux",
                "8 rue de la Boétie",
                "33000",
                Some("Bordeaux"),
            ),
            (
                "Mairie de Piobetta 20234 PIOBETTA",
                "Mairie de Piobetta",
                "20234",
                Some("PIOBETTA"),
            ),
            (
                "1 rue A BP 50123 38000 Grenoble",
                "1 rue A BP 50123",
                "38000",
                Some("Grenoble"),
            ),
            ("2 rue B 69003", "2 rue B", "69003", None),
            ("3 rue C 20221 - 20221 CERVIONE", "3 rue C", "20221", Some("CERVIONE")),
        ] {
            assert_eq!(voie(texte).as_deref(), Some(attendue), "{texte}");
            assert_eq!(code_postal("", texte).as_deref(), Some(cp), "{texte}");
            assert_eq!(commune_de(texte).as_deref(), commune, "{texte}");
        }
    }

    #[test]
    fn une_voie_est_reparee() {
        for (texte, attendue) in [
            ("0 Rue Roger Salengro", "Rue Roger Salengro"),
            ("null Grande Rue", "Grande Rue"),
            ("52 Route des Duc²s dAnjou", "52 Route des Ducs d'Anjou"),
            ("122, avenue des 4 cantons", "122 avenue des 4 cantons"),
            ("Chemin de 13 pierres - BP 421", "Chemin de 13 pierres - BP 421"),
            ("  \"Le Bourg\"  ", "Le Bourg"),
            ("2 D 48", "2 D 48"),
        ] {
            assert_eq!(voie(texte).as_deref(), Some(attendue), "{texte}");
        }
        for texte in ["", "-", "1 - 3", "Rue", "81600 TECOU", "null", "12"] {
            assert_eq!(voie(texte), None, "{texte}");
        }
    }

    #[test]
    fn un_code_postal_retrouve_son_zero() {
        assert_eq!(code_postal("2800", "").as_deref(), Some("02800"));
        assert_eq!(code_postal("26130.0", "").as_deref(), Some("26130"));
        assert_eq!(code_postal("", "sans code"), None);
        assert_eq!(code_postal("abc", "12 rue"), None);
    }
}
