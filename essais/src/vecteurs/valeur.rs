//! The JSON conventions of the vectors: `null` is undefined, and dates, maps, sets and callbacks are objects with a `$` key.

use std::cmp::Ordering;

/// A value of the reference's language, as the vectors write it.
pub type Valeur = serde_json::Value;

/// What a property that does not exist yields.
pub const INDEFINI: Valeur = Valeur::Null;

/// The argument at `rang`, undefined when the call has fewer.
pub fn argument(args: &[Valeur], rang: usize) -> &Valeur {
    args.get(rang).unwrap_or(&INDEFINI)
}

/// The argument at `rang` as text, empty when it is none.
pub fn texte(args: &[Valeur], rang: usize) -> &str {
    argument(args, rang).as_str().unwrap_or_default()
}

/// The instant of a `{"$date"}`.
pub fn instant(valeur: &Valeur) -> Option<jiff::Timestamp> {
    valeur.get("$date")?.as_str()?.parse().ok()
}

/// The `{"$date"}` of an instant.
pub fn date(instant: jiff::Timestamp) -> Valeur {
    serde_json::json!({ "$date": format!("{instant:.3}") })
}

/// The entries of a `{"$map"}`, in order.
pub fn entrees(valeur: &Valeur) -> impl Iterator<Item = (&Valeur, &Valeur)> {
    let paires = valeur
        .get("$map")
        .and_then(Valeur::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    paires.iter().filter_map(|paire| Some((paire.get(0)?, paire.get(1)?)))
}

/// The `{"$map"}` of these entries.
pub fn table(entrees: impl IntoIterator<Item = (Valeur, Valeur)>) -> Valeur {
    let paires: Vec<Valeur> = entrees
        .into_iter()
        .map(|(cle, valeur)| Valeur::Array(vec![cle, valeur]))
        .collect();
    serde_json::json!({ "$map": paires })
}

/// Whether two values are equal for the reference: an undefined property equals an absent one, maps and sets have no
/// order, instants are compared to the millisecond.
pub fn egales(a: &Valeur, b: &Valeur) -> bool {
    comparer(&canonique(a), &canonique(b)) == Ordering::Equal
}

fn canonique(valeur: &Valeur) -> Valeur {
    if let Some(instant) = instant(valeur) {
        return date(instant);
    }
    match valeur {
        Valeur::Array(liste) => liste.iter().map(canonique).collect(),
        Valeur::Object(objet) => {
            let mut champs: Vec<(String, Valeur)> = objet
                .iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(cle, v)| match (cle.as_str(), canonique(v)) {
                    ("$map" | "$set", Valeur::Array(mut membres)) => {
                        membres.sort_by(comparer);
                        (cle.clone(), Valeur::Array(membres))
                    }
                    (_, v) => (cle.clone(), v),
                })
                .collect();
            champs.sort_by(|x, y| x.0.cmp(&y.0));
            Valeur::Object(champs.into_iter().collect())
        }
        autre => autre.clone(),
    }
}

fn comparer(a: &Valeur, b: &Valeur) -> Ordering {
    match (a, b) {
        (Valeur::Number(x), Valeur::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap_or(f64::NAN), y.as_f64().unwrap_or(f64::NAN));
            // Two right computations of a projection differ in their last digits: a billionth of a degree is a tenth of a millimetre.
            if (x - y).abs() <= 1e-9 {
                Ordering::Equal
            } else {
                x.total_cmp(&y)
            }
        }
        (Valeur::String(x), Valeur::String(y)) => x.cmp(y),
        (Valeur::Bool(x), Valeur::Bool(y)) => x.cmp(y),
        (Valeur::Array(x), Valeur::Array(y)) => suite(x.iter().zip(y).map(|(v, w)| comparer(v, w)), x.len(), y.len()),
        (Valeur::Object(x), Valeur::Object(y)) => suite(
            x.iter()
                .zip(y)
                .map(|((k, v), (l, w))| k.cmp(l).then_with(|| comparer(v, w))),
            x.len(),
            y.len(),
        ),
        (x, y) => rang(x).cmp(&rang(y)),
    }
}

fn suite(mut ordres: impl Iterator<Item = Ordering>, a: usize, b: usize) -> Ordering {
    ordres.find(|o| o.is_ne()).unwrap_or_else(|| a.cmp(&b))
}

fn rang(valeur: &Valeur) -> u8 {
    match valeur {
        Valeur::Null => 0,
        Valeur::Bool(_) => 1,
        Valeur::Number(_) => 2,
        Valeur::String(_) => 3,
        Valeur::Array(_) => 4,
        Valeur::Object(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn un_champ_indefini_vaut_un_champ_absent_et_l_ordre_d_une_table_ne_compte_pas() {
        assert!(egales(&json!({"a": 1, "b": null}), &json!({"a": 1.0})));
        assert!(egales(
            &json!({"$map": [["x", 1], ["y", 2]]}),
            &json!({"$map": [["y", 2], ["x", 1]]})
        ));
        assert!(egales(
            &json!({"$date": "2022-07-22T09:00:00.000Z"}),
            &json!({"$date": "2022-07-22T09:00:00Z"})
        ));
        assert!(!egales(&json!([1, 2]), &json!([2, 1])));
        assert!(!egales(&json!({"a": "1"}), &json!({"a": 1})));
    }
}
