//! Cells that already hold OpenStreetMap hours, or nearly.

use crate::Horaires;

/// An expression that reads once its small slips are mended: `Mo, Tu 9h00-12 :00`.
pub(super) fn mender(texte: &str) -> Option<String> {
    let propre = retoucher(texte.trim_end_matches([';', ' ', '\n']).trim());
    let horaires = Horaires::parse(&propre).ok()?;
    Some(if est_stricte(&propre) {
        propre
    } else {
        horaires.to_string()
    })
}

/// Would any reader take it, or only ours, which forgives small letters and a missing comma?
fn est_stricte(osm: &str) -> bool {
    let hors_guillemets = || osm.split('"').step_by(2);
    let mots = hors_guillemets()
        .flat_map(|t| t.split(|c: char| !c.is_alphabetic()))
        .filter(|m| !m.is_empty());
    let minuscules = ["week", "off", "closed", "open", "unknown", "easter", "day", "days"];
    let casse_juste = mots
        .clone()
        .all(|m| m.starts_with(char::is_uppercase) || minuscules.contains(&m));
    let virgule_oubliee = hors_guillemets()
        .flat_map(|t| t.split(['-', ',', ';']))
        .any(|t| t.matches(':').count() > 1);
    casse_juste && !virgule_oubliee
}

/// `9:00` or `9h00` becomes `09:00`; spaces that the grammar does not know go.
fn retoucher(texte: &str) -> String {
    let signes: Vec<char> = texte.chars().take(crate::LONGUEUR_MAX).collect();
    let suivant = |depuis: usize| {
        signes[depuis..]
            .iter()
            .position(|c| *c != ' ')
            .map(|p| signes[depuis + p])
    };
    let mut propre = String::with_capacity(texte.len());
    let mut cite = false;
    for (ici, &signe) in signes.iter().enumerate() {
        let avant = propre.chars().next_back();
        let chiffre_avant = avant.is_some_and(|c| c.is_ascii_digit());
        cite ^= signe == '"';
        match signe {
            _ if cite => propre.push(signe),
            ' ' if matches!(suivant(ici), Some(':' | ',')) && chiffre_avant => {}
            ' ' if matches!(suivant(ici), Some(',' | '-')) || avant == Some('-') => {}
            ' ' if avant == Some(',') && liste_continue(&propre, suivant(ici)) => {}
            'h' | 'H' if chiffre_avant && suivant(ici + 1).is_some_and(|c| c.is_ascii_digit()) => propre.push(':'),
            _ => propre.push(signe),
        }
    }
    deux_chiffres(&propre)
}

/// After a comma, does a list of days or hours go on, rather than a new rule?
fn liste_continue(propre: &str, suivant: Option<char>) -> bool {
    let avant_virgule = propre.chars().rev().nth(1);
    suivant.is_some_and(|c| c.is_ascii_digit()) || avant_virgule.is_some_and(|c| c.is_alphabetic() || c == ']')
}

/// `9:00` is `09:00`.
fn deux_chiffres(texte: &str) -> String {
    let octets = texte.as_bytes();
    let chiffre = |ici: usize| octets.get(ici).is_some_and(u8::is_ascii_digit);
    let mut propre = String::with_capacity(texte.len() + 8);
    for (ici, signe) in texte.char_indices() {
        let seul = signe.is_ascii_digit() && octets.get(ici + 1) == Some(&b':') && chiffre(ici + 2);
        let glue = ici > 0 && (chiffre(ici - 1) || octets[ici - 1] == b':');
        if seul && !glue {
            propre.push('0');
        }
        propre.push(signe);
    }
    propre
}
