//! Recovery codes: for who has lost the phone or the key, ten codes on paper, each of which serves once.

use socle::secrets::Keys;

/// How many codes are given at once.
pub const CODES: usize = 10;
/// The length of a code, without its hyphen.
const LEN: usize = 10;
/// How many bytes of chance ten codes need.
pub const CHANCE_LEN: usize = CODES * LEN;
/// Crockford's base32: neither I, L, O nor U, so that a code copied by hand reads one way.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// What fingerprints of codes are derived for.
const USAGE: &str = "code-de-secours";

/// Ten codes such as `7KQ2M-X0R9D`, of 50 bits each; they are shown once, and only their fingerprints are kept.
pub fn codes(chance: &[u8; CHANCE_LEN]) -> Vec<String> {
    chance
        .chunks(LEN)
        .map(|bytes| {
            let text: String = bytes
                .iter()
                .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
                .collect();
            format!("{}-{}", &text[..LEN / 2], &text[LEN / 2..])
        })
        .collect()
}

/// The code that a person meant: case, spaces and hyphens do not count, O is zero, I and L are one. Nothing when it is not a code.
pub fn normalise(typed: &str) -> Option<String> {
    let code: Option<String> = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            c => u8::try_from(c)
                .ok()
                .filter(|byte| ALPHABET.contains(byte))
                .map(char::from),
        })
        .collect();
    code.filter(|code| code.len() == LEN)
}

/// What is kept of a code; nothing when it is not a code. It is keyed, because 50 bits can be tried one by one by who steals the database.
pub fn fingerprint(keys: &Keys, code: &str) -> Option<[u8; 32]> {
    Some(keys.fingerprint(USAGE, normalise(code)?.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dix_codes_lisibles_et_differents() {
        let chance = std::array::from_fn(|at| at as u8);
        let codes = codes(&chance);
        assert_eq!(codes[0], "01234-56789");
        assert_eq!(codes[1], "ABCDE-FGHJK");
        assert_eq!(codes.len(), CODES);
        assert!(codes.iter().all(|code| normalise(code) == Some(code.replace('-', ""))));
    }

    #[test]
    fn ce_qu_une_personne_recopie_est_compris() {
        for typed in ["7kq2m-x0r91", "7KQ2MX0R91", " 7kq2m xOr9l ", "7KQ2M–XoR9i"] {
            assert_eq!(normalise(typed).as_deref(), Some("7KQ2MX0R91"), "{typed}");
        }
        for typed in ["", "7KQ2M-X0R9", "7KQ2M-X0R911", "7KQ2M-X0R9U", "7KQ2M-X0R9é"] {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }

    #[test]
    fn l_empreinte_est_celle_du_code_et_de_la_cle() {
        let (one, other) = (Keys::new(&[[1; 32]]).unwrap(), Keys::new(&[[2; 32]]).unwrap());
        let kept = fingerprint(&one, "7KQ2M-X0R91");
        assert_eq!(fingerprint(&one, "7kq2mxor9l"), kept);
        assert_ne!(fingerprint(&one, "7KQ2M-X0R92"), kept);
        assert_ne!(fingerprint(&other, "7KQ2M-X0R91"), kept);
        assert_eq!(fingerprint(&one, "bonjour"), None);
    }

    proptest! {
        #[test]
        fn rien_de_ce_qui_se_tape_ne_casse_la_lecture(typed in ".*") {
            prop_assert!(normalise(&typed).is_none_or(|code| code.len() == LEN && code.is_ascii()));
        }
    }
}
