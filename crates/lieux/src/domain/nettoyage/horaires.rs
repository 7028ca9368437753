//! Opening hours: those of the OSM grammar as they are, French sentences translated.

use horaires::{Horaires, francais};

use super::texte::{est_absent, nettoyer};

/// The hours in the OSM grammar and the rule that made them, or nothing when the text does not read as hours.
pub fn lire(texte: &str) -> Option<(String, &'static str)> {
    let propre = nettoyer(texte);
    if est_absent(&propre) {
        return None;
    }
    if est_osm(&propre) && Horaires::parse(&propre).is_ok() {
        return Some((propre, "espaces retirés"));
    }
    // Line breaks separate days: the French reader wants them.
    match francais::vers_osm(texte).filter(|osm| Horaires::parse(osm).is_ok()) {
        Some(traduit) => Some((traduit, "texte français traduit")),
        None => commentaire(&propre).map(|dit| (dit, "texte gardé en commentaire")),
    }
}

/// Longest text kept as a comment.
const COMMENTAIRE_MAX: usize = 200;

/// Hours without days, or appointments: a person understands them, so they stay as the comment that the grammar admits.
fn commentaire(texte: &str) -> Option<String> {
    let chiffres = texte.chars().filter(char::is_ascii_digit).count();
    let plie = territoire::plier(texte);
    let dit_quelque_chose = chiffres >= 1
        || ["rendez vous", "rdv", "jour", "lundi"]
            .iter()
            .any(|mot| plie.contains(mot));
    // Nine digits on end are a telephone number, and an at sign an address: contacts have their own fields.
    let contact = texte.contains('@') || super::contact::telephone(texte, "").is_some();
    if !dit_quelque_chose || contact || texte.chars().count() > COMMENTAIRE_MAX {
        return None;
    }
    let osm = format!("\"{}\"", texte.replace('"', "'"));
    Horaires::parse(&osm).is_ok().then_some(osm)
}

/// Whether the text has the English days of the grammar, or its other first words.
fn est_osm(texte: &str) -> bool {
    let mots = [
        "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "SH", "24/7", "week", "off", "sunrise",
    ];
    let mois = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    mots.iter().chain(&mois).any(|mot| {
        texte.match_indices(mot).any(|(debut, _)| {
            let libre = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic());
            libre(texte[..debut].chars().next_back()) && libre(texte[debut + mot.len()..].chars().next())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_osm_reste_le_francais_se_traduit_et_le_reste_se_garde_en_commentaire() {
        for (texte, attendu) in [
            ("Mo-Fr 09:00-12:00; PH off", "Mo-Fr 09:00-12:00; PH off"),
            ("Lundi 9h-12h", "Mo 09:00-12:00"),
            ("9h-12h et 13h30-17h", "\"9h-12h et 13h30-17h\""),
        ] {
            assert_eq!(lire(texte).unwrap().0, attendu, "{texte}");
        }
        for texte in ["", "True", "Voir avec Hélène 06 75 00 00 00", "écrire à a@b.fr"] {
            assert_eq!(lire(texte), None, "{texte}");
        }
    }
}
