//! The reason that someone gives for acting on another person's account, and which that person reads.

use socle::errors::Refus;

/// The shortest reason, in characters.
const MIN: usize = 10;
/// The longest reason, in characters.
const MAX: usize = 500;

/// Reads a reason, at the field `motif`.
///
/// # Errors
/// When it is too short to say anything, or too long.
pub fn lire_motif(texte: &str) -> Result<&str, Refus> {
    let motif = texte.trim();
    match motif.chars().count() {
        ..MIN => Err(Refus::champ(
            "motif",
            format!("dites pourquoi, en {MIN} caractères au moins\u{a0}: la personne le lira"),
        )),
        MIN..=MAX => Ok(motif),
        _ => Err(Refus::champ("motif", format!("dites-le en {MAX} caractères au plus"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_motif_dit_quelque_chose_sans_s_etendre() {
        assert_eq!(lire_motif("  à sa demande ").unwrap(), "à sa demande");
        for (texte, attendu) in [
            (
                "aide",
                "dites pourquoi, en 10 caractères au moins\u{a0}: la personne le lira",
            ),
            (&"a".repeat(501), "dites-le en 500 caractères au plus"),
        ] {
            let refus = lire_motif(texte).unwrap_err();
            assert_eq!(
                (refus.champ.as_deref(), refus.message.as_str()),
                (Some("motif"), attendu)
            );
        }
        assert!(lire_motif(&"é".repeat(500)).is_ok());
    }
}
