//! The matchers of the reference's tests.

use super::chaine::Retour;
use super::valeur::{Valeur, egales};

/// Whether what was obtained satisfies the matcher; the error says how it does not.
pub fn verifier(assertion: &str, obtenu: &Retour, attendu: &Valeur) -> Result<(), String> {
    if let Some(contraire) = assertion.strip_prefix("not.") {
        return match verifier(contraire, obtenu, attendu) {
            Ok(()) => Err(format!("{assertion} : obtenu {obtenu}")),
            Err(_) if matches!(obtenu, Retour::Ignore(_)) => Err(format!("{obtenu}")),
            Err(_) => Ok(()),
        };
    }
    let satisfait = match obtenu {
        Retour::Ignore(motif) => return Err(motif.clone()),
        Retour::Leve(nom) => assertion == "toThrow" && leve(nom, attendu),
        Retour::Valeur(valeur) => tient(assertion, valeur, attendu)?,
    };
    if satisfait {
        Ok(())
    } else {
        Err(format!("{assertion} {attendu} : obtenu {obtenu}"))
    }
}

/// A text expected of an error is its message, which is our own: any error will do.
fn leve(nom: &str, attendu: &Valeur) -> bool {
    // The bundler of the reference numbers classes of the same name: VoieError2 is VoieError.
    let sans_numero = |nom: &str| nom.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    attendu
        .get("$erreur")
        .and_then(Valeur::as_str)
        .is_none_or(|attendu| sans_numero(attendu) == sans_numero(nom))
}

fn tient(assertion: &str, valeur: &Valeur, attendu: &Valeur) -> Result<bool, String> {
    Ok(match assertion {
        "toThrow" => false,
        "toBe" | "toEqual" | "toStrictEqual" => egales(valeur, attendu),
        "toMatchObject" => contient_les_champs(valeur, attendu),
        "toHaveLength" => longueur(valeur) == attendu.as_u64(),
        "toContain" | "toContainEqual" => match valeur {
            Valeur::Array(liste) => liste.iter().any(|v| egales(v, attendu)),
            Valeur::String(texte) => attendu.as_str().is_some_and(|partie| texte.contains(partie)),
            _ => false,
        },
        "toBeUndefined" | "toBeNull" => valeur.is_null(),
        "toBeDefined" => !valeur.is_null(),
        "toBeTruthy" => vrai(valeur),
        "toBeFalsy" => !vrai(valeur),
        "toBeCloseTo" => nombres(valeur, attendu).is_some_and(|(a, b)| (a - b).abs() < 0.005),
        "toBeLessThan" => nombres(valeur, attendu).is_some_and(|(a, b)| a < b),
        "toBeLessThanOrEqual" => nombres(valeur, attendu).is_some_and(|(a, b)| a <= b),
        "toBeGreaterThan" => nombres(valeur, attendu).is_some_and(|(a, b)| a > b),
        "toBeGreaterThanOrEqual" => nombres(valeur, attendu).is_some_and(|(a, b)| a >= b),
        inconnu => return Err(format!("l'attente {inconnu} n'est pas connue")),
    })
}

fn contient_les_champs(valeur: &Valeur, attendu: &Valeur) -> bool {
    match attendu {
        Valeur::Object(champs) => champs
            .iter()
            .all(|(cle, v)| contient_les_champs(&valeur[cle.as_str()], v)),
        _ => egales(valeur, attendu),
    }
}

fn longueur(valeur: &Valeur) -> Option<u64> {
    match valeur {
        Valeur::Array(liste) => u64::try_from(liste.len()).ok(),
        Valeur::String(texte) => u64::try_from(texte.encode_utf16().count()).ok(),
        _ => None,
    }
}

fn vrai(valeur: &Valeur) -> bool {
    !matches!(valeur, Valeur::Null | Valeur::Bool(false))
        && valeur.as_f64() != Some(0.0)
        && valeur.as_str().is_none_or(|t| !t.is_empty())
}

fn nombres(a: &Valeur, b: &Valeur) -> Option<(f64, f64)> {
    Some((a.as_f64()?, b.as_f64()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn chaque_attente_refuse_ce_qui_ne_lui_convient_pas() {
        let cas = [
            ("toBe", json!("a"), json!("a"), json!("b")),
            ("toStrictEqual", json!([1]), json!([1]), json!([2])),
            ("toHaveLength", json!(2), json!([1, 2]), json!([1])),
            ("toContain", json!("CSC"), json!(["CS", "CSC"]), json!(["CS"])),
            ("toBeUndefined", json!(null), json!(null), json!(0)),
            ("toBeCloseTo", json!(1.0), json!(1.004), json!(1.006)),
            ("toBeLessThan", json!(3), json!(2), json!(3)),
            ("toBeGreaterThan", json!(3), json!(4), json!(3)),
            ("not.toBe", json!(3), json!(4), json!(3)),
            (
                "toMatchObject",
                json!({"a": {"b": 1}}),
                json!({"a": {"b": 1, "c": 2}}),
                json!({"a": {"c": 2}}),
            ),
        ];
        for (assertion, attendu, bon, mauvais) in cas {
            assert_eq!(
                verifier(assertion, &Retour::Valeur(bon), &attendu),
                Ok(()),
                "{assertion}"
            );
            assert!(
                verifier(assertion, &Retour::Valeur(mauvais), &attendu).is_err(),
                "{assertion}"
            );
        }
    }

    #[test]
    fn une_erreur_est_attendue_par_son_genre() {
        let attendu = json!({"$erreur": "VoieError2", "message": "La voie  n'est pas valide"});
        assert_eq!(verifier("toThrow", &Retour::leve("VoieError"), &attendu), Ok(()));
        assert!(verifier("toThrow", &Retour::leve("SiretError"), &attendu).is_err());
        assert!(verifier("toThrow", &Retour::rien(), &attendu).is_err());
        assert!(verifier("toBeUndefined", &Retour::leve("SiretError"), &json!(null)).is_err());
    }
}
