//! One-time codes from an application on a phone (RFC 6238: SHA-1, six digits, thirty seconds, as every application understands).

use ring::hmac;
use socle::{clock::Instant, secrets};

/// The length of a secret, in bytes: that of the hash, as RFC 4226 recommends.
pub const SECRET_LEN: usize = 20;
/// How long a code lasts, in seconds.
const STEP: i64 = 30;
/// How many codes before and after the present one are taken, for clocks that drift and people who type slowly.
const WINDOW: i64 = 1;
const DIGITS: usize = 6;
/// Who the code is for, as the application shows it.
const ISSUER: &str = "Maillage";

/// The secret as people type it when they cannot scan it: base32, in groups of four.
pub fn typed(secret: &[u8; SECRET_LEN]) -> String {
    let text = base32(secret);
    let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..at + 4]).collect();
    groups.join(" ")
}

/// The address that the application reads from a picture; `account` is shown beside the issuer.
pub fn uri(secret: &[u8; SECRET_LEN], account: &str) -> String {
    let account: String = form_urlencoded::byte_serialize(account.as_bytes()).collect();
    // The key URI format wants %20, where forms write a plus.
    let account = account.replace('+', "%20");
    let secret = base32(secret);
    format!(
        "otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    )
}

/// The step of the code that was typed, when it is right and later than the last that served; the caller stores it as the last.
pub fn verify(secret: &[u8; SECRET_LEN], typed: &str, at: Instant, last: Option<i64>) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let now = at.micros().div_euclid(1_000_000).div_euclid(STEP);
    (now - WINDOW..=now + WINDOW)
        .filter(|step| last.is_none_or(|last| *step > last))
        .find(|step| secrets::same(code(secret, *step).as_bytes(), typed.as_bytes()))
}

/// The code of a step.
pub fn code(secret: &[u8; SECRET_LEN], step: i64) -> String {
    // SHA-1 is sound inside HMAC, and the only hash that every application takes.
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 0x0f);
    let word = tag[offset..offset + 4]
        .iter()
        .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// Base32 (RFC 4648); twenty bytes need no padding.
fn base32(secret: &[u8; SECRET_LEN]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    secret
        .chunks(5)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8)
                .rev()
                .map(move |at| char::from(ALPHABET[(bits >> (at * 5)) as usize & 31]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; SECRET_LEN] = b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn les_codes_sont_ceux_de_la_rfc_6238() {
        // Appendix B, SHA-1: the RFC writes eight digits, of which these are the last six.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, seconds / STEP), expected, "{seconds}");
        }
    }

    #[test]
    fn un_code_vaut_une_etape_avant_et_apres_et_une_seule_fois() {
        let now = 1_234_567_890;
        let step = now / STEP;
        for (distance, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let typed = code(SECRET, step + distance);
            let expected = accepted.then_some(step + distance);
            assert_eq!(verify(SECRET, &typed, at(now), None), expected, "{distance}");
        }
        let typed = code(SECRET, step);
        assert_eq!(verify(SECRET, &typed, at(now), Some(step)), None, "replayed");
        assert_eq!(verify(SECRET, &typed, at(now), Some(step - 1)), Some(step));
        assert_eq!(
            verify(SECRET, &code(SECRET, step - 1), at(now), Some(step)),
            None,
            "older than the last"
        );
    }

    #[test]
    fn les_espaces_ne_comptent_pas_et_le_reste_compte() {
        let now = at(59);
        assert_eq!(verify(SECRET, " 287 082 ", now, None), Some(1));
        for typed in ["", "287083", "28708", "2870820", "２８７０８２", "287-082"] {
            assert_eq!(verify(SECRET, typed, now, None), None, "{typed}");
        }
        assert_eq!(verify(&[0; SECRET_LEN], "287082", now, None), None);
    }

    #[test]
    fn le_secret_se_scanne_ou_se_tape() {
        assert_eq!(typed(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        insta::assert_snapshot!(
            uri(SECRET, "awa.diallo@exemple.fr (mairie de Bourg)"),
            @"otpauth://totp/Maillage:awa.diallo%40exemple.fr%20%28mairie%20de%20Bourg%29?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Maillage&algorithm=SHA1&digits=6&period=30"
        );
    }
}
