//! Mending characters and spaces.

use std::borrow::Cow;

/// Letters of code page 850 that were read as code page 437, where they draw boxes.
const CADRES: [(char, char); 9] = [
    ('╡', 'Á'),
    ('╢', 'Â'),
    ('╖', 'À'),
    ('╥', 'Ê'),
    ('╙', 'Ë'),
    ('╘', 'È'),
    ('╓', 'Í'),
    ('╫', 'Î'),
    ('╪', 'Ï'),
];

/// The text with its accents mended, when they were spoiled by a wrong encoding.
pub fn reparer(texte: &str) -> Cow<'_, str> {
    if texte.is_ascii() {
        return texte.into();
    }
    let mut repare = Cow::Borrowed(texte);
    if texte.contains(['Ã', 'Â', 'â']) {
        let (octets, _, perte) = encoding_rs::WINDOWS_1252.encode(texte);
        if !perte && let Ok(juste) = std::str::from_utf8(&octets) {
            repare = juste.to_owned().into();
        }
    }
    if repare.contains(est_controle_windows) {
        let lettre = |c: char| match u8::try_from(u32::from(c)) {
            Ok(octet) if est_controle_windows(c) => decoder_windows(octet),
            _ => c,
        };
        repare = repare.chars().map(lettre).collect::<String>().into();
    }
    if repare.contains(|c| CADRES.iter().any(|(cadre, _)| *cadre == c)) {
        let lettre = |c: char| CADRES.iter().find(|(cadre, _)| *cadre == c).map_or(c, |(_, l)| *l);
        repare = repare.chars().map(lettre).collect::<String>().into();
    }
    repare
}

/// A letter or a quote of Windows-1252 that was read as a control character of Latin-1.
fn est_controle_windows(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

fn decoder_windows(octet: u8) -> char {
    match encoding_rs::WINDOWS_1252.decode(&[octet]).0.chars().next() {
        // Streets and towns compare with the plain apostrophe.
        Some('’' | '‘') => '\'',
        Some(c) => c,
        None => ' ',
    }
}

/// The text with single spaces, none around, and no control character.
pub fn resserrer(texte: &str) -> String {
    let mut serre = String::with_capacity(texte.len());
    for mot in texte.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !mot.is_empty() {
            if !serre.is_empty() {
                serre.push(' ');
            }
            serre.push_str(mot);
        }
    }
    serre
}

/// [`reparer`] then [`resserrer`].
pub fn nettoyer(texte: &str) -> String {
    resserrer(&reparer(texte))
}

/// Whether the text says that nothing is known (`#N/D`, `null`, `-`).
pub fn est_absent(texte: &str) -> bool {
    let texte = texte.trim();
    texte.is_empty()
        || texte.chars().all(|c| !c.is_alphanumeric())
        || [
            "null",
            "undefined",
            "none",
            "nan",
            "#n/d",
            "n/a",
            "na",
            "nc",
            "inconnu",
            "non renseigné",
            "non communiqué",
        ]
        .iter()
        .any(|absent| texte.eq_ignore_ascii_case(absent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn les_accents_abimes_sont_repares_et_les_bons_gardes() {
        for (abime, juste) in [
            ("RÃ©publique", "République"),
            ("CH╢TEAUX", "CHÂTEAUX"),
            ("Ducs d\u{92}Anjou", "Ducs d'Anjou"),
            ("Âge d’or", "Âge d’or"),
            ("SÃO PAULO", "SÃO PAULO"),
            ("Châlus", "Châlus"),
        ] {
            assert_eq!(reparer(abime), juste);
        }
    }

    #[test]
    fn les_mots_de_l_absence_sont_reconnus() {
        for absent in ["", " - ", "#N/D", "NULL", "…"] {
            assert!(est_absent(absent), "{absent}");
        }
        assert!(!est_absent("Nantes"));
    }
}
