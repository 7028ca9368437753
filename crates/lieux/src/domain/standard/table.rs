//! Reading a file of rows, CSV or JSON, one row at a time.

use std::{borrow::Cow, collections::HashMap, fmt, io, sync::Arc};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::ligne::Ligne;

/// The most columns of a file; the standard has 32.
pub const COLONNES_MAX: usize = 500;
/// The most rows of a file; the whole country has about 20 000 places.
pub const LIGNES_MAX: usize = 100_000;

/// What no text holds, and what PostgreSQL refuses in one.
const NUL: char = '\0';

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv,
    /// An array of objects, or an object that holds one (GeoJSON included).
    Json,
}

impl Format {
    /// The form that the first bytes announce.
    pub fn deviner(debut: &[u8]) -> Self {
        let debut = debut.strip_prefix(b"\xef\xbb\xbf").unwrap_or(debut);
        match debut.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'[' | b'{') => Format::Json,
            _ => Format::Csv,
        }
    }
}

/// A file that cannot be read as rows at all.
#[derive(Debug, thiserror::Error)]
pub enum ErreurTable {
    /// No header, or nothing at all.
    #[error("le fichier est vide : il faut au moins une ligne d’en-tête")]
    Vide,
    /// JSON that is broken.
    #[error("le fichier JSON est mal formé à la ligne {ligne}, colonne {colonne} : {raison}")]
    Json {
        /// Line of the fault.
        ligne: usize,
        /// Column of the fault.
        colonne: usize,
        /// What the reader says.
        raison: String,
    },
    /// JSON without rows.
    #[error("le fichier JSON ne contient pas de liste de lieux")]
    SansListe,
    /// More columns than any table of places.
    #[error("le fichier a trop de colonnes ({COLONNES_MAX} au plus)")]
    TropDeColonnes,
    /// More rows than any source of places.
    #[error("le fichier a trop de lignes (100\u{202f}000 au plus)\u{a0}: partagez-le en plusieurs sources")]
    TropDeLignes,
    /// CSV that is broken beyond rows.
    #[error("le fichier CSV ne se lit pas : {0}")]
    Csv(#[from] csv::Error),
    /// The disk.
    #[error("le fichier ne se lit pas : {0}")]
    Lecture(#[from] io::Error),
}

/// A row that was read, or the reason why one could not be.
pub type Lecture = Result<Ligne, LigneIllisible>;

/// A row that has not the shape of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LigneIllisible {
    /// Number of the row.
    pub numero: usize,
    /// Why, in French.
    pub raison: String,
}

/// Reads every row of a text and gives each to `suite`; a bad row is given as such, and the reading goes on.
///
/// # Errors
/// When the file is empty, too long or too wide, or when it is broken so that no row can be told from the next.
pub fn lire(octets: &[u8], mut suite: impl FnMut(Lecture)) -> Result<(), ErreurTable> {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    if octets.iter().all(u8::is_ascii_whitespace) {
        return Err(ErreurTable::Vide);
    }
    let texte = decoder(octets);
    match Format::deviner(octets) {
        Format::Csv => lire_csv(&texte, &mut suite),
        Format::Json => lire_json(&texte, &mut suite),
    }
}

/// Every row of a text, good or bad.
///
/// # Errors
/// As [`lire`].
pub fn lire_tout(octets: &[u8]) -> Result<Vec<Lecture>, ErreurTable> {
    let mut lignes = Vec::new();
    lire(octets, |ligne| lignes.push(ligne))?;
    Ok(lignes)
}

/// UTF-8, else the eight-bit code of old spreadsheets.
fn decoder(octets: &[u8]) -> Cow<'_, str> {
    let texte = match std::str::from_utf8(octets) {
        Ok(texte) => texte.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(octets).0,
    };
    if texte.contains(NUL) {
        texte.replace(NUL, "").into()
    } else {
        texte
    }
}

fn lire_csv(texte: &str, suite: &mut impl FnMut(Lecture)) -> Result<(), ErreurTable> {
    let mut lecteur = csv::ReaderBuilder::new()
        .delimiter(separateur(texte))
        .flexible(true)
        .from_reader(texte.as_bytes());
    let noms = lecteur.headers()?;
    if noms.len() > COLONNES_MAX {
        return Err(ErreurTable::TropDeColonnes);
    }
    let entetes = entetes_uniques(noms.iter());
    let mut cellules = csv::StringRecord::new();
    let (mut lues, mut premiere) = (0, true);
    while lecteur.read_record(&mut cellules)? {
        lues += 1;
        if lues > LIGNES_MAX {
            return Err(ErreurTable::TropDeLignes);
        }
        let numero = cellules.position().map_or(0, |p| p.line() as usize);
        if cellules.len() > entetes.len() {
            suite(Err(LigneIllisible {
                numero,
                raison: format!(
                    "{} cellules pour {} colonnes : un guillemet ou un séparateur manque",
                    cellules.len(),
                    entetes.len()
                ),
            }));
            continue;
        }
        // The first row names every column; the others hold what they write and no more, so that a small file stays small.
        let manquantes = if premiere { entetes.len() - cellules.len() } else { 0 };
        let ligne = Ligne {
            numero,
            cellules: entetes
                .iter()
                .zip(cellules.iter().chain(std::iter::repeat_n("", manquantes)))
                .map(|(nom, valeur)| (nom.clone(), valeur.to_owned()))
                .collect(),
        };
        if !ligne.est_vide() {
            premiere = false;
            suite(Ok(ligne));
        }
    }
    Ok(())
}

/// The separator that the header uses most.
fn separateur(texte: &str) -> u8 {
    let entete = texte.lines().next().unwrap_or_default();
    [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|s| (entete.bytes().filter(|b| b == s).count(), *s == b','))
        .unwrap_or(b',')
}

/// Column names without spaces around; a second one of the same name gets a rank, so that neither hides the other.
fn entetes_uniques<'a>(noms: impl Iterator<Item = &'a str>) -> Vec<Arc<str>> {
    // The rank that the next column of a name gets.
    let mut rangs: HashMap<String, usize> = HashMap::new();
    noms.map(|nom| {
        let nom = nom.trim();
        let mut unique = nom.to_owned();
        let mut rang = rangs.get(nom).copied().unwrap_or(1);
        while rangs.contains_key(&unique) {
            unique = format!("{nom}__{rang}");
            rang += 1;
        }
        rangs.insert(nom.to_owned(), rang);
        rangs.entry(unique.clone()).or_insert(1);
        Arc::from(unique)
    })
    .collect()
}

fn lire_json(texte: &str, suite: &mut impl FnMut(Lecture)) -> Result<(), ErreurTable> {
    let mut lecteur = serde_json::Deserializer::from_str(texte);
    let mut lignes = Lignes {
        suite,
        rang: 0,
        trouvee: false,
        trop: false,
    };
    let lu = (&mut lignes).deserialize(&mut lecteur).and_then(|()| lecteur.end());
    if lignes.trop {
        return Err(ErreurTable::TropDeLignes);
    }
    lu.map_err(|e| ErreurTable::Json {
        ligne: e.line(),
        colonne: e.column(),
        raison: e.to_string(),
    })?;
    if lignes.trouvee {
        Ok(())
    } else {
        Err(ErreurTable::SansListe)
    }
}

/// Walks a JSON text down to its first list of objects, row by row, so that the file is never held as a tree.
struct Lignes<'s, S> {
    suite: &'s mut S,
    rang: usize,
    trouvee: bool,
    trop: bool,
}

impl<'de, S: FnMut(Lecture)> DeserializeSeed<'de> for &mut Lignes<'_, S> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, lecteur: D) -> Result<(), D::Error> {
        lecteur.deserialize_any(self)
    }
}

impl<'de, S: FnMut(Lecture)> Visitor<'de> for &mut Lignes<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une liste de lieux")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut liste: A) -> Result<(), A::Error> {
        self.trouvee = true;
        while let Some(valeur) = liste.next_element::<Value>()? {
            self.rang += 1;
            if self.rang > LIGNES_MAX {
                self.trop = true;
                return Err(serde::de::Error::custom(ErreurTable::TropDeLignes));
            }
            (self.suite)(ligne_json(self.rang, valeur));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut objet: A) -> Result<(), A::Error> {
        while let Some(cle) = objet.next_key::<String>()? {
            let liste = matches!(
                cle.as_str(),
                "features" | "records" | "results" | "items" | "lieux" | "data" | "structures" | "value"
            );
            if liste && !self.trouvee {
                objet.next_value_seed(&mut *self)?;
            } else {
                objet.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// One object as a row: nested objects by dotted names, lists joined by `|`.
fn ligne_json(numero: usize, valeur: Value) -> Lecture {
    let Value::Object(objet) = valeur else {
        return Err(LigneIllisible {
            numero,
            raison: "ce n’est pas un objet avec des colonnes".to_owned(),
        });
    };
    let mut ligne = Ligne {
        numero,
        cellules: Vec::new(),
    };
    for (nom, valeur) in objet {
        // The wrappers of GeoJSON and of common portals say nothing of the place.
        let nom = if matches!(nom.as_str(), "properties" | "fields") && valeur.is_object() {
            String::new()
        } else {
            nom
        };
        if !aplatir(&nom, valeur, &mut ligne) {
            return Err(LigneIllisible {
                numero,
                raison: format!("elle a trop de cellules ({COLONNES_MAX} au plus)"),
            });
        }
    }
    Ok(ligne)
}

/// Writes the cells of a value; gives false once the row has too many of them.
fn aplatir(nom: &str, valeur: Value, ligne: &mut Ligne) -> bool {
    match valeur {
        Value::Object(objet) => {
            return objet.into_iter().all(|(cle, valeur)| {
                let nom = if nom.is_empty() { cle } else { format!("{nom}.{cle}") };
                aplatir(&nom, valeur, ligne)
            });
        }
        // A list of objects, such as the stops of a bus, stays whole.
        Value::Array(mut valeurs) if valeurs.iter().any(Value::is_object) => {
            valeurs.iter_mut().for_each(oter_nul);
            ligne.ecrire(nom, Value::Array(valeurs).to_string());
        }
        Value::Array(valeurs) => {
            let textes: Vec<String> = valeurs.iter().map(texte_json).filter(|t| !t.is_empty()).collect();
            ligne.ecrire(nom, textes.join("|"));
        }
        simple => ligne.ecrire(nom, texte_json(&simple)),
    }
    ligne.cellules.len() <= COLONNES_MAX
}

/// Takes what PostgreSQL refuses out of the texts of a value, which name it by an escape.
fn oter_nul(valeur: &mut Value) {
    match valeur {
        Value::String(texte) => texte.retain(|c| c != NUL),
        Value::Array(valeurs) => valeurs.iter_mut().for_each(oter_nul),
        Value::Object(objet) => objet.values_mut().for_each(oter_nul),
        _ => {}
    }
}

fn texte_json(valeur: &Value) -> String {
    match valeur {
        Value::Null => String::new(),
        Value::String(texte) => texte.replace(NUL, ""),
        Value::Number(nombre) => nombre.to_string(),
        autre => autre.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lignes(texte: &[u8]) -> Vec<Ligne> {
        lire_tout(texte).unwrap().into_iter().map(Result::unwrap).collect()
    }

    #[test]
    fn un_csv_se_lit_avec_ses_separateurs_et_son_codage() {
        for texte in [
            &b"id;nom\n1;Caf\xe9\n"[..],
            "\u{feff}id,nom\n1,Café\n".as_bytes(),
            "id\tnom\n1\tCafé".as_bytes(),
        ] {
            let lues = lignes(texte);
            assert_eq!(lues.len(), 1);
            assert_eq!((lues[0].numero, lues[0].lire("nom")), (2, "Café"));
        }
    }

    #[test]
    fn une_ligne_mal_faite_n_arrete_pas_les_autres() {
        let lues = lire_tout(b"id,nom\n1,a,b\n2,c\n\n3\n").unwrap();
        assert!(lues[0].as_ref().is_err_and(|l| l.numero == 2));
        assert_eq!(lues[1].as_ref().unwrap().lire("nom"), "c");
        assert_eq!(lues[2].as_ref().unwrap().lire("nom"), "");
    }

    #[test]
    fn un_json_se_lit_en_liste_en_geojson_ou_sous_une_cle() {
        for texte in [
            r#"[{"nom":"A","code":1,"services":["x","y"],"adresse":{"voie":"rue"}}]"#,
            r#"{"total":1,"records":[{"nom":"A","code":1,"services":["x","y"],"adresse":{"voie":"rue"}}]}"#,
            r#"{"type":"FeatureCollection","features":[{"properties":{"nom":"A","code":1,"services":["x","y"],"adresse":{"voie":"rue"}}}]}"#,
        ] {
            let lues = lignes(texte.as_bytes());
            assert_eq!(lues.len(), 1, "{texte}");
            assert_eq!(lues[0].lire("nom"), "A");
            assert_eq!(lues[0].lire("code"), "1");
            assert_eq!(lues[0].lire("services"), "x|y");
            assert_eq!(lues[0].lire("adresse.voie"), "rue");
        }
        assert!(matches!(lire_tout(b"{}"), Err(ErreurTable::SansListe)));
        assert!(matches!(lire_tout(b"[{"), Err(ErreurTable::Json { .. })));
        assert!(matches!(lire_tout(b" \n"), Err(ErreurTable::Vide)));
        assert!(lire_tout(b"[1]").unwrap()[0].is_err());
    }

    #[test]
    fn un_fichier_trop_large_ou_trop_long_est_refuse_sans_etre_developpe() {
        let large = |combien: usize| [&b",".repeat(combien - 1)[..], b"\nx\n"].concat();
        assert!(matches!(lire_tout(&large(100_000)), Err(ErreurTable::TropDeColonnes)));
        let lues = lire_tout(&[large(COLONNES_MAX), b"y\n".to_vec()].concat()).unwrap();
        let cellules: Vec<usize> = lues.iter().map(|l| l.as_ref().unwrap().cellules.len()).collect();
        assert_eq!(cellules, [COLONNES_MAX, 1], "la première nomme chaque colonne");

        let long = |combien: usize| [&b"nom\n"[..], &b"x\n".repeat(combien)].concat();
        assert_eq!(lire_tout(&long(LIGNES_MAX)).unwrap().len(), LIGNES_MAX);
        assert!(matches!(
            lire_tout(&long(LIGNES_MAX + 1)),
            Err(ErreurTable::TropDeLignes)
        ));
        let json = format!("[{}{{}}]", "{},".repeat(LIGNES_MAX));
        assert!(matches!(lire_tout(json.as_bytes()), Err(ErreurTable::TropDeLignes)));

        let objet = |combien: usize| {
            let cellules: Vec<String> = (0..combien).map(|n| format!("\"c{n}\":1")).collect();
            format!("[{{\"nom\":{{{}}}}},{{\"a\":1}}]", cellules.join(","))
        };
        let lues = lire_tout(objet(COLONNES_MAX + 1).as_bytes()).unwrap();
        assert!(lues[0].is_err() && lues[1].is_ok());
        assert!(lire_tout(objet(COLONNES_MAX).as_bytes()).unwrap()[0].is_ok());
    }

    #[test]
    fn aucun_texte_ne_garde_de_caractere_nul() {
        assert_eq!(lignes(b"id,nom\n1,a\0b\n")[0].lire("nom"), "ab");
        let json = br#"[{"nom":"a\u0000b","l":["\u0000c"],"v":[{"e":"d\u0000"}]}]"#;
        let lues = lignes(json);
        assert_eq!((lues[0].lire("nom"), lues[0].lire("l")), ("ab", "c"));
        assert_eq!(lues[0].lire("v"), r#"[{"e":"d"}]"#);
    }

    #[test]
    fn deux_colonnes_du_meme_nom_gardent_chacune_leur_texte() {
        let lues = lignes(b"h,h\na,b\n");
        assert_eq!((lues[0].lire("h"), lues[0].lire("h__1")), ("a", "b"));
        let lues = lignes(b"h__1,h,h,h\na,b,c,d\n");
        assert_eq!(
            ["h__1", "h", "h__2", "h__3"].map(|nom| lues[0].lire(nom)),
            ["a", "b", "c", "d"]
        );
    }
}
