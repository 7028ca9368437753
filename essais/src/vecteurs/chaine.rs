//! Interprets a chain of calls: the reference's functions are curried, and their results are walked by property.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::valeur::{self, INDEFINI, Valeur};

/// One step of a chain: a function named, a property read, or the value before called.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Etape {
    #[serde(default, rename = "fn", skip_serializing_if = "Option::is_none")]
    pub fonction: Option<String>,
    #[serde(default, rename = "prop", skip_serializing_if = "Option::is_none")]
    pub propriete: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<Valeur>>,
}

/// Where a call comes from.
#[derive(Debug, Clone, Copy)]
pub struct Contexte<'a> {
    /// The name of the vector's file, without its extension: some functions have one name in two references.
    pub fichier: &'a str,
}

/// What a mapped function answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Retour {
    /// The value it returns; null is undefined.
    Valeur(Valeur),
    /// The kind of error it throws, by the reference's name: our messages are our own.
    Leve(String),
    /// A call of a shape that this mapping does not handle, and why.
    Ignore(String),
}

impl std::fmt::Display for Retour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Valeur(valeur) => write!(f, "{valeur}"),
            Self::Leve(nom) => write!(f, "lève {nom}"),
            Self::Ignore(motif) => f.write_str(motif),
        }
    }
}

impl Retour {
    /// Returns a value that serialises.
    pub fn de(valeur: impl Serialize) -> Self {
        serde_json::to_value(valeur).map_or_else(|e| Self::Ignore(e.to_string()), Self::Valeur)
    }

    /// Returns undefined.
    pub fn rien() -> Self {
        Self::Valeur(INDEFINI)
    }

    /// Throws an error of this kind.
    pub fn leve(nom: &str) -> Self {
        Self::Leve(nom.to_owned())
    }
}

/// A function of the reference as ours answers it: the arguments of curried calls follow each other.
pub type Fonction = fn(&Contexte, &[Valeur]) -> Retour;

/// Every mapped function, by its name in the reference; `objet.methode` stands for a method of what `objet` returns.
pub struct Mondes(HashMap<&'static str, Fonction>);

impl Mondes {
    pub fn nouveaux<const N: usize>(tables: [&[(&'static str, Fonction)]; N]) -> Self {
        Self(tables.into_iter().flatten().copied().collect())
    }

    /// Follows the chain to its end; a function that panics is an answer that nobody handles.
    pub fn appeler(&self, fichier: &str, appel: &[Etape]) -> Retour {
        catch_unwind(AssertUnwindSafe(|| self.suivre(&Contexte { fichier }, appel)))
            .unwrap_or_else(|_| Retour::Ignore("la fonction a paniqué".into()))
    }

    /// The expected value, where an inner `{"$appel"}` is called.
    pub fn attendu(&self, fichier: &str, attendu: &Valeur) -> Result<Valeur, String> {
        let Some(appel) = attendu.get("$appel") else {
            return Ok(attendu.clone());
        };
        let etapes: Vec<Etape> = Vec::deserialize(appel).map_err(|e| e.to_string())?;
        match self.appeler(fichier, &etapes) {
            Retour::Valeur(valeur) => Ok(valeur),
            autre => Err(format!("la valeur attendue ne se calcule pas : {autre}")),
        }
    }

    fn suivre(&self, contexte: &Contexte, appel: &[Etape]) -> Retour {
        let maillons = maillons(appel);
        let [premier, suite @ ..] = maillons.as_slice() else {
            return Retour::Ignore("la chaîne est vide".into());
        };
        let methode = suite
            .first()
            .map(|second| (format!("{}.{}", premier.nom, second.nom), second));
        let (mut retour, suite) = match methode.and_then(|(nom, m)| Some((self.0.get(nom.as_str())?, m))) {
            Some((fonction, second)) => (
                fonction(contexte, &[premier.args(), second.args()].concat()),
                &suite[1..],
            ),
            None => match self.0.get(premier.nom) {
                Some(fonction) => (fonction(contexte, premier.args()), suite),
                None => return Retour::Ignore(format!("la fonction {} n'est pas reliée", premier.nom)),
            },
        };
        for maillon in suite {
            let Retour::Valeur(valeur) = retour else { return retour };
            retour = match maillon.args {
                Some(_) => methode_native(&valeur, maillon.nom),
                None => Retour::Valeur(lire(&valeur, maillon.nom)),
            };
        }
        retour
    }
}

/// A function or property and, when it is called, the arguments of its successive calls.
struct Maillon<'a> {
    nom: &'a str,
    args: Option<Vec<Valeur>>,
}

impl Maillon<'_> {
    fn args(&self) -> &[Valeur] {
        self.args.as_deref().unwrap_or_default()
    }
}

fn maillons(appel: &[Etape]) -> Vec<Maillon<'_>> {
    let mut maillons: Vec<Maillon> = Vec::new();
    for etape in appel {
        if let Some(nom) = etape.fonction.as_ref().or(etape.propriete.as_ref()) {
            maillons.push(Maillon { nom, args: None });
        }
        if let (Some(args), Some(dernier)) = (&etape.args, maillons.last_mut()) {
            dernier.args.get_or_insert_default().extend_from_slice(args);
        }
    }
    maillons
}

fn lire(valeur: &Valeur, propriete: &str) -> Valeur {
    match valeur {
        Valeur::Array(liste) if propriete == "length" => liste.len().into(),
        Valeur::Array(liste) => propriete
            .parse::<usize>()
            .ok()
            .and_then(|rang| liste.get(rang))
            .unwrap_or(&INDEFINI)
            .clone(),
        Valeur::String(texte) if propriete == "length" => texte.encode_utf16().count().into(),
        autre => autre.get(propriete).unwrap_or(&INDEFINI).clone(),
    }
}

/// The methods of lists and dates; a callback that was not recorded reads what names its object.
fn methode_native(valeur: &Valeur, methode: &str) -> Retour {
    match (valeur, methode) {
        (Valeur::Array(liste), "map") => Retour::Valeur(liste.iter().map(nom_de).collect()),
        (date, "getTime") => match valeur::instant(date) {
            Some(instant) => Retour::Valeur(instant.as_millisecond().into()),
            None => Retour::Ignore("getTime d'autre chose qu'une date".into()),
        },
        (date, "toISOString") => Retour::Valeur(date.get("$date").unwrap_or(&INDEFINI).clone()),
        _ => Retour::Ignore(format!("la méthode {methode} n'est pas reliée")),
    }
}

fn nom_de(membre: &Valeur) -> Valeur {
    ["id", "code", "nom"]
        .iter()
        .find_map(|cle| membre.get(cle))
        .unwrap_or(membre)
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &[(&str, Fonction)] = &[
        ("somme", |_, args| {
            Retour::de(args.iter().filter_map(Valeur::as_i64).sum::<i64>())
        }),
        ("villes", |_, _| {
            Retour::de(json!([{"code": "01004"}, {"code": "2A004"}]))
        }),
        ("villes.some", |_, _| Retour::de(true)),
        ("casse", |_, _| panic!("cassée")),
    ];

    fn appeler(etapes: Valeur) -> Retour {
        Mondes::nouveaux([TABLE]).appeler("essai", &Vec::<Etape>::deserialize(etapes).unwrap())
    }

    #[test]
    fn une_chaine_curryfie_lit_des_proprietes_et_appelle_des_methodes() {
        let cas = [
            (json!([{"fn": "somme"}, {"args": [1]}, {"args": [2, 3]}]), json!(6)),
            (
                json!([{"fn": "villes"}, {"args": []}, {"prop": "1"}, {"prop": "code"}]),
                json!("2A004"),
            ),
            (json!([{"fn": "villes"}, {"args": []}, {"prop": "length"}]), json!(2)),
            (
                json!([{"fn": "villes"}, {"args": []}, {"prop": "map"}, {"args": [{"$fn": true}]}]),
                json!(["01004", "2A004"]),
            ),
            (
                json!([{"fn": "villes"}, {"args": []}, {"prop": "some"}, {"args": [{"$fn": true}]}]),
                json!(true),
            ),
        ];
        for (chaine, attendu) in cas {
            assert_eq!(appeler(chaine), Retour::Valeur(attendu));
        }
    }

    #[test]
    fn une_fonction_absente_ou_qui_panique_n_arrete_pas_la_course() {
        for chaine in [
            json!([{"fn": "absente"}, {"args": []}]),
            json!([{"fn": "casse"}, {"args": []}]),
            json!([]),
        ] {
            assert!(matches!(appeler(chaine), Retour::Ignore(_)));
        }
    }
}
