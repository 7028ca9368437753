//! The reason that someone gives for what they do to others, which those concerned or the auditors read.

use socle::errors::Refus;

/// The shortest reason, in characters.
const MIN: usize = 10;
/// The longest reason, in characters.
const MAX: usize = 500;

/// Reads a reason, at the field `champ`; `lecteurs` says who will read it, as in « la personne le lira ».
///
/// # Errors
/// When it is too short to say anything, or too long.
pub fn lire_motif<'a>(texte: &'a str, champ: &'static str, lecteurs: &str) -> Result<&'a str, Refus> {
    let motif = texte.trim();
    match motif.chars().count() {
        ..MIN => Err(Refus::champ(
            champ,
            format!("dites pourquoi, en {MIN} caractères au moins\u{a0}: {lecteurs}"),
        )),
        MIN..=MAX => Ok(motif),
        _ => Err(Refus::champ(champ, format!("dites-le en {MAX} caractères au plus"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_motif_dit_quelque_chose_sans_s_etendre() {
        let lire = |texte: &str| lire_motif(texte, "raison", "la personne le lira").map(str::to_owned);
        assert_eq!(lire("  à sa demande ").unwrap(), "à sa demande");
        for (texte, attendu) in [
            (
                "aide",
                "dites pourquoi, en 10 caractères au moins\u{a0}: la personne le lira",
            ),
            (&"a".repeat(501), "dites-le en 500 caractères au plus"),
        ] {
            let refus = lire(texte).unwrap_err();
            assert_eq!(
                (refus.champ.as_deref(), refus.message.as_str()),
                (Some("raison"), attendu)
            );
        }
        assert!(lire(&"é".repeat(500)).is_ok());
    }
}
