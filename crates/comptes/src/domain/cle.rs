//! The name of a passkey, by which its owner tells it from their others.

/// The longest name, in characters.
pub const NOM_MAX: usize = 60;
/// How many passkeys a person may have.
pub const CLES_MAX: usize = 20;

/// The name typed, tidied and cut; `defaut` when nothing was. It is never refused: the key exists already in the person's device.
pub fn nom_de_cle(saisi: &str, defaut: &str) -> String {
    let propre = |texte: &str| {
        let mots: Vec<_> = texte
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|mot| !mot.is_empty())
            .collect();
        mots.join(" ")
            .chars()
            .take(NOM_MAX)
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    let nom = propre(saisi);
    if nom.is_empty() { propre(defaut) } else { nom }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_nom_de_cle_n_est_jamais_refuse() {
        for (saisi, attendu) in [
            ("  Mon\ttéléphone \n", "Mon téléphone"),
            ("", "Firefox sur Linux"),
            ("\u{0}\u{a0} ", "Firefox sur Linux"),
        ] {
            assert_eq!(nom_de_cle(saisi, "Firefox sur Linux"), attendu, "{saisi:?}");
        }
        assert_eq!(nom_de_cle(&"é".repeat(200), "").chars().count(), NOM_MAX);
        assert_eq!(
            nom_de_cle(&format!("{} suite", "a".repeat(NOM_MAX - 1)), ""),
            "a".repeat(NOM_MAX - 1)
        );
    }
}
