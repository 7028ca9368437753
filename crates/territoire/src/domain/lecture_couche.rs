//! Reads the files in which layers are published: CSV (any usual separator), GeoJSON, JSON lists.

use serde::Deserialize;
use serde_json::Value;

use super::{
    code::{CodeCommune, SirenEpci},
    couche::{Classement, Contenu, Element, Fragilite, FranceServices, Nature},
    pliage::plier,
    point::Point,
    surface::{Geometrie, Surface},
};

/// A row that was set aside, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejet {
    /// Its rank in the file, from one, the header apart.
    pub rang: usize,
    /// What is wrong, in French.
    pub motif: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lecture {
    /// The rows that were understood.
    pub elements: Vec<Element>,
    /// Those that were not.
    pub rejets: Vec<Rejet>,
    /// Rows that have a code and no value: the index is unknown there.
    pub sans_valeur: usize,
}

/// The file as a whole cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ErreurLecture {
    /// Not the expected JSON.
    #[error("ce fichier n'est pas le JSON attendu : {0}")]
    Json(#[from] serde_json::Error),
    /// A column is missing.
    #[error("il manque une colonne : {0}")]
    Colonne(&'static str),
    /// Nothing in it was understood.
    #[error("aucune ligne de ce fichier n'a été comprise")]
    Vide,
}

/// Reads a file of this nature; a bad row never stops the rest.
///
/// # Errors
/// When the file as a whole is not of this nature.
pub fn lire(nature: Nature, octets: &[u8]) -> Result<Lecture, ErreurLecture> {
    let texte = texte(octets);
    let mut lecture = match nature {
        Nature::Qpv => lire_quartiers(&texte)?,
        Nature::Frr | Nature::Zrr => lire_zonage(Tableau::lire(&texte)?)?,
        Nature::FragiliteCommunes => lire_fragilite(Tableau::lire(&texte)?, |code| Some(reparer(code)?.to_string()))?,
        Nature::FragiliteEpci => lire_fragilite(Tableau::lire(&texte)?, |code| {
            Some(code.parse::<SirenEpci>().ok()?.to_string())
        })?,
        Nature::FranceServices => lire_france_services(Tableau::lire_ou_json(&texte)?)?,
    };
    lecture.ecarter_les_doublons();
    if lecture.elements.is_empty() {
        Err(ErreurLecture::Vide)
    } else {
        Ok(lecture)
    }
}

/// UTF-8 with or without its mark, else Windows-1252.
fn texte(octets: &[u8]) -> String {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    match std::str::from_utf8(octets) {
        Ok(texte) => texte.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(octets).0.into_owned(),
    }
}

/// The code of a commune, whose leading zero a spreadsheet may have lost.
pub fn reparer(code: &str) -> Option<CodeCommune> {
    let code = code.trim();
    if code.len() == 4 && code.bytes().all(|octet| octet.is_ascii_digit()) {
        return format!("0{code}").parse().ok();
    }
    code.parse().ok()
}

impl Lecture {
    fn retenir(&mut self, rang: usize, element: Result<Element, String>) {
        match element {
            Ok(element) => self.elements.push(element),
            Err(motif) => self.rejets.push(Rejet { rang, motif }),
        }
    }

    fn ecarter_les_doublons(&mut self) {
        let mut vus = std::collections::HashSet::new();
        let rejets = &mut self.rejets;
        let mut rang = 0;
        self.elements.retain(|element| {
            rang += 1;
            let nouveau = vus.insert(element.code.clone());
            if !nouveau {
                rejets.push(Rejet {
                    rang,
                    motif: format!("le code {} est déjà dans le fichier", element.code),
                });
            }
            nouveau
        });
    }
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Objet>,
}

#[derive(Deserialize)]
struct Objet {
    geometry: Value,
    #[serde(default)]
    properties: serde_json::Map<String, Value>,
}

fn lire_quartiers(texte: &str) -> Result<Lecture, ErreurLecture> {
    let collection: Collection = serde_json::from_str(texte)?;
    let mut lecture = Lecture::default();
    for (rang, objet) in (1..).zip(collection.features) {
        lecture.retenir(rang, quartier(&objet));
    }
    Ok(lecture)
}

fn quartier(objet: &Objet) -> Result<Element, String> {
    let propriete = |noms: &[&str]| {
        let trouvee = objet
            .properties
            .iter()
            .find(|(cle, _)| noms.contains(&plier(cle).as_str()));
        trouvee
            .and_then(|(_, valeur)| valeur.as_str())
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let code = propriete(&["code qp", "code qpv", "codeqp", "code"]);
    if code.is_empty() {
        return Err("le quartier n'a pas de code (code_qp)".into());
    }
    let geometrie =
        Geometrie::deserialize(&objet.geometry).map_err(|_| format!("{code} : la géométrie n'est pas une surface"))?;
    Surface::lire(&geometrie).ok_or_else(|| format!("{code} : le contour est mal formé"))?;
    let libelle = propriete(&["lib qp", "lib qpv", "libelle", "nom qp", "nom"]);
    Ok(Element {
        code,
        libelle,
        contenu: Contenu::Quartier(geometrie),
    })
}

fn lire_zonage(tableau: Tableau) -> Result<Lecture, ErreurLecture> {
    let code = tableau
        .colonne(CODE_COMMUNE)
        .ok_or(ErreurLecture::Colonne("le code de la commune (codgeo)"))?;
    let classement = tableau.colonne_contenant(&["frr", "zrr", "classement"]);
    let classement = classement.ok_or(ErreurLecture::Colonne("le classement (codefrr ou ZRR)"))?;
    let libelle = tableau.colonne(NOM);
    let mut lecture = Lecture::default();
    for (rang, ligne) in tableau.lignes() {
        let lu = reparer(ligne.valeur(code))
            .ok_or_else(|| format!("« {} » n'est pas un code de commune", ligne.valeur(code)));
        lecture.retenir(
            rang,
            lu.map(|code| Element {
                code: code.to_string(),
                libelle: libelle.map_or("", |colonne| ligne.valeur(colonne)).to_owned(),
                contenu: Contenu::Zonage(lire_classement(ligne.valeur(classement))),
            }),
        );
    }
    Ok(lecture)
}

fn lire_classement(texte: &str) -> Classement {
    match plier(texte).as_str() {
        "" | "0" | "n" | "false" => Classement::Non,
        non if non.starts_with("non") || non.starts_with("n ") => Classement::Non,
        partiel if partiel == "p" || partiel.starts_with("p ") || partiel.contains("partiel") => Classement::Partiel,
        _ if texte.contains('+') || plier(texte).contains("plus") => Classement::Renforce,
        _ => Classement::Oui,
    }
}

fn lire_fragilite(tableau: Tableau, lire_code: fn(&str) -> Option<String>) -> Result<Lecture, ErreurLecture> {
    let code = tableau
        .colonne(CODE_COMMUNE)
        .ok_or(ErreurLecture::Colonne("le code (code)"))?;
    let total = tableau
        .colonne(&["total", "score", "ifn"])
        .ok_or(ErreurLecture::Colonne("le total (total)"))?;
    let libelle = tableau.colonne(NOM);
    let composantes = [
        "no thd coverage rate",
        "no 4g coverage rate",
        "poverty rate",
        "older 65 rate",
        "nscol15p rate",
    ];
    let composantes = composantes.map(|nom| tableau.colonne(&[nom]));
    let mut lecture = Lecture::default();
    for (rang, ligne) in tableau.lignes() {
        let nombre = |colonne: Option<usize>| lire_nombre(ligne.valeur(colonne?)).filter(|n| (0.0..=10.0).contains(n));
        let Some(code) = lire_code(ligne.valeur(code)) else {
            lecture.retenir(rang, Err(format!("« {} » n'est pas un code", ligne.valeur(code))));
            continue;
        };
        let [sans_tres_haut_debit, sans_4g, pauvrete, plus_de_65_ans, sans_diplome] = composantes.map(nombre);
        let Some(total) = nombre(Some(total)) else {
            lecture.sans_valeur += 1;
            continue;
        };
        let libelle = libelle.map_or("", |colonne| ligne.valeur(colonne)).to_owned();
        let fragilite = Fragilite {
            total,
            sans_tres_haut_debit,
            sans_4g,
            pauvrete,
            plus_de_65_ans,
            sans_diplome,
        };
        lecture.elements.push(Element {
            code,
            libelle,
            contenu: Contenu::Fragilite(fragilite),
        });
    }
    Ok(lecture)
}

fn lire_france_services(tableau: Tableau) -> Result<Lecture, ErreurLecture> {
    let commune = tableau
        .colonne(CODE_COMMUNE)
        .ok_or(ErreurLecture::Colonne("le code de la commune (insee_com)"))?;
    let nom = tableau.colonne(NOM).ok_or(ErreurLecture::Colonne("le nom (lib_fs)"))?;
    let id = tableau.colonne(&["id fs", "id", "identifiant"]);
    let (latitude, longitude) = (
        tableau.colonne(&["latitude", "lat"]),
        tableau.colonne(&["longitude", "lon", "long", "lng"]),
    );
    let mut lecture = Lecture::default();
    for (rang, ligne) in tableau.lignes() {
        let lue = reparer(ligne.valeur(commune));
        let lue = lue.ok_or_else(|| format!("« {} » n'est pas un code de commune", ligne.valeur(commune)));
        let nombre = |colonne: Option<usize>| lire_nombre(ligne.valeur(colonne?));
        let point = || Point::valide(nombre(longitude)?, nombre(latitude)?);
        let nom = ligne.valeur(nom).to_owned();
        let code = id.map_or("", |colonne| ligne.valeur(colonne));
        lecture.retenir(
            rang,
            lue.map(|commune| Element {
                code: if code.is_empty() {
                    format!("{commune} {nom}")
                } else {
                    code.to_owned()
                },
                libelle: nom.clone(),
                contenu: Contenu::FranceServices(FranceServices {
                    nom,
                    commune,
                    point: point(),
                }),
            }),
        );
    }
    Ok(lecture)
}

/// A decimal number, with a point or a comma.
fn lire_nombre(texte: &str) -> Option<f64> {
    texte
        .trim()
        .replace(',', ".")
        .parse()
        .ok()
        .filter(|nombre: &f64| nombre.is_finite())
}

const CODE_COMMUNE: &[&str] = &[
    "codgeo",
    "insee",
    "code insee",
    "insee com",
    "code commune",
    "depcom",
    "com",
    "code insee commune",
    "code",
];
const NOM: &[&str] = &[
    "libgeo",
    "lib fs",
    "nom",
    "name",
    "libelle",
    "lib",
    "nom fs",
    "lib commune",
    "commune",
];

/// A table with folded headers.
struct Tableau {
    entetes: Vec<String>,
    lignes: Vec<Vec<String>>,
}

struct Ligne<'t>(&'t [String]);

impl Ligne<'_> {
    fn valeur(&self, colonne: usize) -> &str {
        self.0.get(colonne).map_or("", |valeur| valeur.trim())
    }
}

impl Tableau {
    fn lire(texte: &str) -> Result<Self, ErreurLecture> {
        // Some publishers put remarks above the header.
        let debut = texte.lines().take(20).position(|ligne| {
            let entetes: Vec<_> = ligne
                .split([',', ';', '\t'])
                .map(|e| plier(e.trim_matches('"')))
                .collect();
            entetes.len() > 1 && entetes.iter().any(|e| CODE_COMMUNE.contains(&e.as_str()))
        });
        let debut = debut.ok_or(ErreurLecture::Colonne("le code de la commune"))?;
        let utile = texte.split_inclusive('\n').skip(debut).collect::<String>();
        let entete = utile.lines().next().unwrap_or_default();
        let separateur = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|s| entete.bytes().filter(|o| o == s).count());
        let mut lecteur = csv::ReaderBuilder::new()
            .delimiter(separateur.unwrap_or(b','))
            .flexible(true)
            .from_reader(utile.as_bytes());
        let entetes = lecteur
            .headers()
            .map(|e| e.iter().map(plier).collect())
            .unwrap_or_default();
        let lignes = lecteur.records().filter_map(Result::ok);
        Ok(Tableau {
            entetes,
            lignes: lignes.map(|l| l.iter().map(str::to_owned).collect()).collect(),
        })
    }

    /// A CSV, or a JSON list of flat objects.
    fn lire_ou_json(texte: &str) -> Result<Self, ErreurLecture> {
        if !texte.trim_start().starts_with('[') {
            return Tableau::lire(texte);
        }
        let objets: Vec<serde_json::Map<String, Value>> = serde_json::from_str(texte)?;
        let mut cles: Vec<&String> = objets.iter().flat_map(|objet| objet.keys()).collect();
        cles.sort();
        cles.dedup();
        let cellule = |valeur: Option<&Value>| match valeur {
            Some(Value::String(texte)) => texte.clone(),
            Some(Value::Null) | None => String::new(),
            Some(autre) => autre.to_string(),
        };
        let lignes = objets
            .iter()
            .map(|objet| cles.iter().map(|cle| cellule(objet.get(*cle))).collect())
            .collect();
        Ok(Tableau {
            entetes: cles.iter().map(|cle| plier(cle)).collect(),
            lignes,
        })
    }

    /// The first of these names that is a header.
    fn colonne(&self, noms: &[&str]) -> Option<usize> {
        noms.iter()
            .find_map(|nom| self.entetes.iter().position(|entete| entete == nom))
    }

    fn colonne_contenant(&self, parties: &[&str]) -> Option<usize> {
        parties
            .iter()
            .find_map(|partie| self.entetes.iter().position(|entete| entete.contains(partie)))
    }

    fn lignes(&self) -> impl Iterator<Item = (usize, Ligne<'_>)> {
        (1..).zip(self.lignes.iter().map(|ligne| Ligne(ligne)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zonage(texte: &str) -> Vec<(String, Classement)> {
        let classement = |e: Element| match e.contenu {
            Contenu::Zonage(classement) => (e.code, classement),
            autre => panic!("{autre:?}"),
        };
        lire(Nature::Frr, texte.as_bytes())
            .unwrap()
            .elements
            .into_iter()
            .map(classement)
            .collect()
    }

    #[test]
    fn une_liste_zrr_retrouve_ses_zeros() {
        assert_eq!(
            zonage("INSEE;ZRR\n1001;1\n2A004;0\n97411;1\n"),
            [
                ("01001".into(), Classement::Oui),
                ("2A004".into(), Classement::Non),
                ("97411".into(), Classement::Oui)
            ]
        );
    }

    #[test]
    fn une_liste_frr_dit_le_niveau() {
        assert_eq!(
            zonage(
                "# Observatoire des territoires\ncodgeo;libgeo;codefrr\n01001;X;FRR\n01002;Y;FRR+\n01004;Z;non FRR\n01005;W;P - partiellement\n"
            ),
            [
                ("01001".into(), Classement::Oui),
                ("01002".into(), Classement::Renforce),
                ("01004".into(), Classement::Non),
                ("01005".into(), Classement::Partiel)
            ]
        );
    }

    #[test]
    fn une_ligne_fautive_ou_en_double_est_ecartee_avec_son_motif() {
        let lecture = lire(Nature::Zrr, b"insee,zrr\n01001,1\nabc,1\n01001,0\n").unwrap();
        assert_eq!(lecture.elements.len(), 1);
        let motifs: Vec<_> = lecture.rejets.iter().map(|r| r.motif.as_str()).collect();
        assert_eq!(
            motifs,
            [
                "« abc » n'est pas un code de commune",
                "le code 01001 est déjà dans le fichier"
            ]
        );
    }

    #[test]
    fn les_france_services_se_lisent_en_csv_et_en_json() {
        let csv =
            "id_fs,lib_fs,insee_com,latitude,longitude\n12,FS de Bourg,01053,\"46,2\",5.22\n13,FS sans point,1004,,\n";
        let json = r#"[{"id_fs": 12, "lib_fs": "FS de Bourg", "insee_com": "01053", "latitude": 46.2, "longitude": 5.22},
            {"id_fs": 13, "lib_fs": "FS sans point", "insee_com": "01004", "latitude": null}]"#;
        let lus = lire(Nature::FranceServices, csv.as_bytes()).unwrap();
        assert_eq!(lus, lire(Nature::FranceServices, json.as_bytes()).unwrap());
        let point = Some(Point {
            longitude: 5.22,
            latitude: 46.2,
        });
        assert!(matches!(&lus.elements[0].contenu, Contenu::FranceServices(fs) if fs.point == point));
    }

    #[test]
    fn un_fichier_d_une_autre_nature_est_refuse() {
        for (nature, texte) in [
            (Nature::Qpv, "a,b\n"),
            (Nature::Qpv, r#"{"features": []}"#),
            (Nature::Frr, "a,b\n1,2\n"),
            (Nature::Frr, "codgeo,libgeo\n01001,X\n"),
            (Nature::FragiliteCommunes, "{}"),
            (Nature::FranceServices, "[1]"),
            (Nature::Zrr, ""),
        ] {
            assert!(lire(nature, texte.as_bytes()).is_err(), "{nature:?} {texte}");
        }
    }

    #[test]
    fn un_fichier_en_windows_1252_garde_ses_accents() {
        let lecture = lire(Nature::Zrr, b"codgeo;libgeo;zrr\n01001;Ch\xe2tillon;1\n").unwrap();
        assert_eq!(lecture.elements[0].libelle, "Châtillon");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn aucun_octet_ne_fait_paniquer_la_lecture(octets in proptest::collection::vec(any::<u8>(), 0..200), rang in 0..6usize) {
            let _ = lire(Nature::TOUTES[rang], &octets);
        }
    }
}
