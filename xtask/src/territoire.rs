//! Builds `crates/territoire/donnees/territoire.bin`, the compact form of the French territory.
//!
//! Its layout is described in `crates/territoire/donnees/README.md`. Same sources, same bytes.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};

/// Where the facts are read.
#[derive(Debug, clap::Args)]
pub struct Sources {
    /// Folder of the npm package @etalab/decoupage-administratif (run `npm ci` in xtask/donnees).
    #[arg(long, default_value = "xtask/donnees/node_modules/@etalab/decoupage-administratif")]
    pub decoupage: PathBuf,
    /// CSV of the communes' centroids: code_insee, longitude, latitude.
    #[arg(long, default_value = "../shared/data/territoire/communes-centroides.csv")]
    pub centroides: PathBuf,
    /// CSV of the points that the centroids miss.
    #[arg(long, default_value = "crates/territoire/donnees/points.csv")]
    pub points: PathBuf,
}

/// What may stop the building.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// A file cannot be opened.
    #[error("{0} : {1}")]
    Fichier(PathBuf, std::io::Error),
    /// A JSON file does not have the expected form.
    #[error("{0} : {1}")]
    Json(PathBuf, serde_json::Error),
    /// A CSV file does not have the expected form.
    #[error("{0} : {1}")]
    Csv(PathBuf, csv::Error),
    /// Two sources contradict each other.
    #[error("{0}")]
    Incoherence(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommuneJson {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    nature: String,
    #[serde(default)]
    codes_postaux: Vec<String>,
    population: Option<u32>,
    #[serde(default)]
    anciens_codes: Vec<String>,
    #[serde(alias = "chefLieu")]
    commune: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegionJson {
    code: String,
    nom: String,
    chef_lieu: String,
    zone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DepartementJson {
    code: String,
    nom: String,
    region: String,
    chef_lieu: String,
    zone: String,
}

#[derive(Deserialize)]
struct EpciJson {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    nature: String,
    membres: Vec<MembreJson>,
}

#[derive(Deserialize)]
struct MembreJson {
    code: String,
}

#[derive(Deserialize)]
struct CentroideCsv {
    code_insee: String,
    longitude: f64,
    latitude: f64,
}

#[derive(Deserialize)]
struct PointCsv {
    code: String,
    longitude: f64,
    latitude: f64,
    lieu: String,
    anciens_codes: String,
}

/// Year of the official geographic code that the package holds.
const MILLESIME: u16 = 2026;

/// Reads the sources and returns the bytes of `territoire.bin`.
pub fn construire(sources: &Sources) -> Result<Vec<u8>, Erreur> {
    let donnees = sources.decoupage.join("data");
    let mut communes: Vec<CommuneJson> = lire_json(&donnees.join("communes.json"))?;
    communes.sort_by(|a, b| a.code.cmp(&b.code));
    let (actuelles, anciennes): (Vec<_>, Vec<_>) = communes.into_iter().partition(|c| c.nature == "commune-actuelle");
    let rangs: HashMap<&str, u16> = (0u16..)
        .zip(&actuelles)
        .map(|(rang, c)| (c.code.as_str(), rang))
        .collect();
    let points_manquants: Vec<PointCsv> = lire_csv(&sources.points)?;

    let mut sortie = Ecrivain(b"MAILTER1".to_vec());
    sortie.u16(MILLESIME);
    ecrire_regions(&mut sortie, &donnees)?;
    ecrire_departements(&mut sortie, &donnees)?;
    let groupements = ecrire_epci(&mut sortie, &donnees)?;
    let points = points_par_code(lire_csv(&sources.centroides)?, &points_manquants);
    ecrire_communes(&mut sortie, &actuelles, &groupements, &points)?;
    ecrire_territoires_metropolitains(&mut sortie, &groupements, &rangs)?;
    ecrire_anciennes(&mut sortie, &anciennes, &rangs)?;
    ecrire_anciens_codes(&mut sortie, &actuelles, &points_manquants, &rangs)?;
    ecrire_autres_noms(&mut sortie, &actuelles, &points_manquants, &rangs)?;
    Ok(sortie.0)
}

fn ecrire_regions(sortie: &mut Ecrivain, donnees: &Path) -> Result<(), Erreur> {
    let regions: Vec<RegionJson> = lire_json(&donnees.join("regions.json"))?;
    let mut regions: Vec<_> = regions.into_iter().filter(|r| r.zone != "com").collect();
    regions.sort_by(|a, b| a.code.cmp(&b.code));
    sortie.nombre(regions.len())?;
    for region in &regions {
        sortie.texte(&region.code)?;
        sortie.texte(&region.nom)?;
        sortie.texte(&region.chef_lieu)?;
    }
    Ok(())
}

/// Départements, then the overseas collectivities that the package lists among them.
fn ecrire_departements(sortie: &mut Ecrivain, donnees: &Path) -> Result<(), Erreur> {
    let mut tous: Vec<DepartementJson> = lire_json(&donnees.join("departements.json"))?;
    tous.sort_by(|a, b| a.code.cmp(&b.code));
    let (collectivites, departements): (Vec<_>, Vec<_>) = tous.into_iter().partition(|d| d.zone == "com");
    sortie.nombre(departements.len())?;
    for departement in &departements {
        sortie.texte(&departement.code)?;
        sortie.texte(&departement.nom)?;
        sortie.texte(&departement.region)?;
        sortie.texte(&departement.chef_lieu)?;
    }
    sortie.nombre(collectivites.len())?;
    for collectivite in &collectivites {
        sortie.texte(&collectivite.code)?;
        sortie.texte(&collectivite.nom)?;
    }
    Ok(())
}

/// Rank, from one, of the groupings that each commune belongs to.
struct Groupements {
    epci: HashMap<String, u16>,
    territoires_metropolitains: BTreeMap<String, u16>,
}

fn ecrire_epci(sortie: &mut Ecrivain, donnees: &Path) -> Result<Groupements, Erreur> {
    let mut tous: Vec<EpciJson> = lire_json(&donnees.join("epci.json"))?;
    let territoires: Vec<EpciJson> = lire_json(&donnees.join("ept.json"))?;
    tous.extend(territoires);
    tous.sort_by(|a, b| a.code.cmp(&b.code));
    let mut groupements = Groupements {
        epci: HashMap::new(),
        territoires_metropolitains: BTreeMap::new(),
    };
    sortie.nombre(tous.len())?;
    for (rang, epci) in (1u16..).zip(&tous) {
        sortie.texte(&epci.code)?;
        sortie.octet(nature_epci(&epci.nature)?);
        sortie.texte(&epci.nom)?;
        for membre in &epci.membres {
            let code = membre.code.clone();
            if epci.nature == "EPT" {
                groupements.territoires_metropolitains.insert(code, rang);
            } else {
                groupements.epci.insert(code, rang);
            }
        }
    }
    Ok(groupements)
}

fn nature_epci(nature: &str) -> Result<u8, Erreur> {
    let natures = ["CC", "CA", "CU", "METRO", "MET69", "EPT"];
    let rang = (0u8..)
        .zip(natures)
        .find_map(|(rang, connue)| (connue == nature).then_some(rang));
    rang.ok_or_else(|| Erreur::Incoherence(format!("nature d'EPCI inconnue : {nature}")))
}

fn points_par_code(centroides: Vec<CentroideCsv>, manquants: &[PointCsv]) -> HashMap<String, (f64, f64)> {
    let releves = manquants.iter().map(|p| (p.code.clone(), (p.longitude, p.latitude)));
    centroides
        .into_iter()
        .map(|c| (c.code_insee, (c.longitude, c.latitude)))
        .chain(releves)
        .collect()
}

fn ecrire_communes(
    sortie: &mut Ecrivain,
    communes: &[CommuneJson],
    groupements: &Groupements,
    points: &HashMap<String, (f64, f64)>,
) -> Result<(), Erreur> {
    sortie.nombre(communes.len())?;
    for commune in communes {
        let code = &commune.code;
        let point = points
            .get(code)
            .ok_or_else(|| Erreur::Incoherence(format!("aucun point pour {code}")))?;
        sortie.code(code)?;
        sortie.texte(&commune.nom)?;
        sortie.u16(groupements.epci.get(code).copied().unwrap_or(0));
        sortie.population(commune.population);
        sortie.degres(point.0);
        sortie.degres(point.1);
        sortie.codes_postaux(&commune.codes_postaux)?;
    }
    Ok(())
}

fn ecrire_territoires_metropolitains(
    sortie: &mut Ecrivain,
    groupements: &Groupements,
    rangs: &HashMap<&str, u16>,
) -> Result<(), Erreur> {
    sortie.nombre(groupements.territoires_metropolitains.len())?;
    for (code, groupement) in &groupements.territoires_metropolitains {
        sortie.u16(rang_de(rangs, code)?);
        sortie.u16(*groupement);
    }
    Ok(())
}

fn ecrire_anciennes(
    sortie: &mut Ecrivain,
    anciennes: &[CommuneJson],
    rangs: &HashMap<&str, u16>,
) -> Result<(), Erreur> {
    sortie.nombre(anciennes.len())?;
    for ancienne in anciennes {
        let parente = ancienne.commune.as_deref().unwrap_or_default();
        sortie.code(&ancienne.code)?;
        sortie.octet(match ancienne.nature.as_str() {
            "commune-deleguee" => 0,
            "commune-associee" => 1,
            "arrondissement-municipal" => 2,
            autre => return Err(Erreur::Incoherence(format!("nature inconnue : {autre}"))),
        });
        sortie.texte(&ancienne.nom)?;
        sortie.u16(rang_de(rangs, parente)?);
        sortie.population(ancienne.population);
        sortie.codes_postaux(&ancienne.codes_postaux)?;
    }
    Ok(())
}

fn ecrire_anciens_codes(
    sortie: &mut Ecrivain,
    communes: &[CommuneJson],
    points: &[PointCsv],
    rangs: &HashMap<&str, u16>,
) -> Result<(), Erreur> {
    let du_paquet = communes
        .iter()
        .flat_map(|c| c.anciens_codes.iter().map(|ancien| (ancien.as_str(), c.code.as_str())));
    let releves = points.iter().flat_map(|p| {
        p.anciens_codes
            .split_whitespace()
            .map(|ancien| (ancien, p.code.as_str()))
    });
    let anciens: BTreeMap<&str, &str> = du_paquet.chain(releves).collect();
    sortie.nombre(anciens.len())?;
    for (ancien, actuel) in anciens {
        sortie.code(ancien)?;
        sortie.u16(rang_de(rangs, actuel)?);
    }
    Ok(())
}

/// The main village, where it does not bear the commune's name: people look for Marigot, not for Saint-Martin.
fn ecrire_autres_noms(
    sortie: &mut Ecrivain,
    communes: &[CommuneJson],
    points: &[PointCsv],
    rangs: &HashMap<&str, u16>,
) -> Result<(), Erreur> {
    let mut noms = Vec::new();
    for point in points {
        let rang = rang_de(rangs, &point.code)?;
        if communes[usize::from(rang)].nom != point.lieu {
            noms.push((rang, &point.lieu));
        }
    }
    sortie.nombre(noms.len())?;
    for (rang, nom) in noms {
        sortie.u16(rang);
        sortie.texte(nom)?;
    }
    Ok(())
}

fn rang_de(rangs: &HashMap<&str, u16>, code: &str) -> Result<u16, Erreur> {
    rangs
        .get(code)
        .copied()
        .ok_or_else(|| Erreur::Incoherence(format!("{code} n'est pas une commune actuelle")))
}

fn lire_json<T: DeserializeOwned>(chemin: &Path) -> Result<T, Erreur> {
    let fichier = File::open(chemin).map_err(|e| Erreur::Fichier(chemin.to_owned(), e))?;
    serde_json::from_reader(BufReader::new(fichier)).map_err(|e| Erreur::Json(chemin.to_owned(), e))
}

fn lire_csv<T: DeserializeOwned>(chemin: &Path) -> Result<Vec<T>, Erreur> {
    let refus = |e| Erreur::Csv(chemin.to_owned(), e);
    csv::Reader::from_path(chemin)
        .map_err(refus)?
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(refus)
}

/// Little-endian integers, short texts.
struct Ecrivain(Vec<u8>);

impl Ecrivain {
    fn octet(&mut self, octet: u8) {
        self.0.push(octet);
    }

    fn u16(&mut self, entier: u16) {
        self.0.extend(entier.to_le_bytes());
    }

    fn nombre(&mut self, nombre: usize) -> Result<(), Erreur> {
        let nombre =
            u16::try_from(nombre).map_err(|_| Erreur::Incoherence(format!("{nombre} éléments, c'est trop")))?;
        self.u16(nombre);
        Ok(())
    }

    fn texte(&mut self, texte: &str) -> Result<(), Erreur> {
        let longueur =
            u8::try_from(texte.len()).map_err(|_| Erreur::Incoherence(format!("texte trop long : {texte}")))?;
        self.octet(longueur);
        self.0.extend(texte.as_bytes());
        Ok(())
    }

    fn code(&mut self, code: &str) -> Result<(), Erreur> {
        if code.len() != 5 {
            return Err(Erreur::Incoherence(format!("code INSEE mal formé : {code}")));
        }
        self.0.extend(code.as_bytes());
        Ok(())
    }

    /// Seven bits a byte, lowest first; zero is "unknown", else the population plus one.
    fn population(&mut self, population: Option<u32>) {
        let mut reste = population.map_or(0, |p| p + 1);
        while reste >= 0x80 {
            self.octet((reste & 0x7f) as u8 | 0x80);
            reste >>= 7;
        }
        self.octet(reste as u8);
    }

    /// Hundred-thousandths of a degree, about a metre.
    fn degres(&mut self, degres: f64) {
        self.0.extend(((degres * 1e5).round() as i32).to_le_bytes());
    }

    fn codes_postaux(&mut self, codes: &[String]) -> Result<(), Erreur> {
        let mut codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        codes.sort_unstable();
        let nombre = u8::try_from(codes.len()).map_err(|_| Erreur::Incoherence("trop de codes postaux".into()))?;
        self.octet(nombre);
        for code in codes {
            let entier: u32 = code
                .parse()
                .map_err(|_| Erreur::Incoherence(format!("code postal mal formé : {code}")))?;
            self.0.extend(&entier.to_le_bytes()[..3]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_fichier_compact_se_refait_a_l_identique() {
        let racine = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let partage = std::env::var_os("MAILLAGE_DATA").map_or_else(|| racine.join("../shared/data"), PathBuf::from);
        let sources = Sources {
            decoupage: racine.join("xtask/donnees/node_modules/@etalab/decoupage-administratif"),
            centroides: partage.join("territoire/communes-centroides.csv"),
            points: racine.join("crates/territoire/donnees/points.csv"),
        };
        if !sources.decoupage.exists() || !sources.centroides.exists() {
            println!("passé : il manque le paquet npm (npm ci dans xtask/donnees) ou les centroïdes (MAILLAGE_DATA)");
            assert!(
                std::env::var_os("CI").is_none(),
                "ces données sont obligatoires sous CI"
            );
            return;
        }
        let octets = construire(&sources).unwrap();
        let commis = std::fs::read(racine.join("crates/territoire/donnees/territoire.bin")).unwrap();
        assert!(
            octets == commis,
            "territoire.bin n'est plus à jour : lancez « cargo run -p xtask -- territoire »"
        );
    }
}
