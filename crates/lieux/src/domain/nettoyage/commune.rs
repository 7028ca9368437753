//! Communes: mending a name, then finding the one that it means.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;
use territoire::{CodeCommune, Point, Referentiel, plier, plier_nom};

use super::texte::nettoyer;

static CEDEX: LazyLock<Regex> = LazyLock::new(|| motif(r"(?i)[\s-]*\bc[eé]dex\b.*$"));
static CHIFFRES: LazyLock<Regex> =
    LazyLock::new(|| motif(r"(?i)[\s-]*\b\d+\s*(?:er|e|ᵉ|ème|eme|è|nd)?\b(?:\s*arr(?:t|ondissement)?\.?)?"));
static PARENTHESES: LazyLock<Regex> = LazyLock::new(|| motif(r"\s*\([^)]*\)?"));
static SAINT: LazyLock<Regex> = LazyLock::new(|| motif(r"(?i)(^|[\s'-])s(t|te|ts|tes)(?:\.|\b)[\s-]+"));
static ELISION: LazyLock<Regex> = LazyLock::new(|| motif(r"([\s-])([ld])(\p{Lu}\p{Ll})"));

fn motif(texte: &str) -> Regex {
    Regex::new(texte).expect("the patterns are constants that the tests run")
}

/// The name with hyphens for spaces, `St` in full, without CEDEX, arrondissement, postal code or parenthesis; a name that no commune
/// bears takes the spelling of the only one that it nearly is.
pub fn nettoyer_nom(texte: &str) -> String {
    let nom = nettoyer(texte).replace(['’', '`', '´'], "'").replace("' ", "'");
    let nom = PARENTHESES.replace_all(&nom, "");
    let nom = CEDEX.replace(&nom, "");
    let nom = CHIFFRES.replace_all(&nom, "");
    let nom = SAINT.replace_all(&nom, |c: &regex::Captures| {
        let mot = match c[2].to_lowercase().as_str() {
            "te" => "Sainte",
            "ts" => "Saints",
            "tes" => "Saintes",
            _ => "Saint",
        };
        format!("{}{mot}-", &c[1])
    });
    let nom = ELISION.replace_all(&nom, "$1$2'$3");
    let mecanique = nom.trim_matches([' ', '-', ',', '.']).replace(' ', "-");
    match Annuaire::national().orthographe(&mecanique) {
        Some(juste) => juste.replace(' ', "-"),
        None => mecanique,
    }
}

/// Whether a name holds only letters, digits, hyphens, apostrophes and spaces.
pub fn caracteres_admis(nom: &str) -> bool {
    !nom.trim().is_empty() && nom.chars().all(|c| c.is_alphanumeric() || " -'’".contains(c))
}

/// A commune as an address needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fiche<'a> {
    /// INSEE code.
    pub code: CodeCommune,
    /// Official name.
    pub nom: &'a str,
    /// Postal codes, in ascending order.
    pub codes_postaux: Vec<&'a str>,
}

impl Fiche<'_> {
    fn departement(&self) -> &str {
        prefixe(self.code.as_str())
    }
}

/// The département, or the collectivity, that a code begins with.
fn prefixe(code: &str) -> &str {
    let longueur = if code.starts_with("97") || code.starts_with("98") {
        3
    } else {
        2
    };
    code.get(..longueur).unwrap_or(code)
}

/// The département of a postal code; Corsica has one prefix for two.
fn departements_postaux(code_postal: &str) -> [&str; 2] {
    match prefixe(code_postal) {
        "20" => ["2A", "2B"],
        autre => [autre, autre],
    }
}

/// Communes by name and by postal code.
#[derive(Debug, Default)]
pub struct Annuaire<'a> {
    fiches: Vec<Fiche<'a>>,
    noms: HashMap<String, Vec<usize>>,
    anciens: HashMap<String, Vec<usize>>,
    postaux: HashMap<&'a str, Vec<usize>>,
    codes: HashMap<CodeCommune, usize>,
    /// Names without spaces, by first and last letter, for those who misspell.
    colles: HashMap<(u8, u8), Vec<(String, usize)>>,
}

fn extremites(colle: &str) -> Option<(u8, u8)> {
    Some((*colle.as_bytes().first()?, *colle.as_bytes().last()?))
}

impl Annuaire<'static> {
    /// The communes of today and their former names.
    pub fn national() -> &'static Annuaire<'static> {
        static NATIONAL: LazyLock<Annuaire<'static>> =
            LazyLock::new(|| Annuaire::du_referentiel(Referentiel::embarque()));
        &NATIONAL
    }

    fn du_referentiel(referentiel: &'static Referentiel) -> Self {
        let fiches = referentiel.communes().map(|commune| Fiche {
            code: commune.code,
            nom: commune.nom,
            codes_postaux: commune.codes_postaux.iter().map(|c| c.as_str()).collect(),
        });
        let mut annuaire = Annuaire::nouveau(fiches);
        for ancienne in referentiel.lieux_dits() {
            if let Some(rang) = annuaire.codes.get(&ancienne.commune) {
                let entrees = annuaire.anciens.entry(plier_nom(ancienne.nom)).or_default();
                if !entrees.contains(rang) {
                    entrees.push(*rang);
                }
            }
        }
        annuaire
    }
}

impl<'a> Annuaire<'a> {
    /// An index of these communes.
    pub fn nouveau(fiches: impl IntoIterator<Item = Fiche<'a>>) -> Self {
        let mut annuaire = Annuaire {
            fiches: fiches.into_iter().collect(),
            ..Annuaire::default()
        };
        for (rang, fiche) in annuaire.fiches.iter().enumerate() {
            let nom = plier_nom(fiche.nom);
            let colle = nom.replace(' ', "");
            if let Some(extremites) = extremites(&colle) {
                annuaire.colles.entry(extremites).or_default().push((colle, rang));
            }
            annuaire.noms.entry(nom).or_default().push(rang);
            annuaire.codes.insert(fiche.code, rang);
            for code_postal in &fiche.codes_postaux {
                annuaire.postaux.entry(code_postal).or_default().push(rang);
            }
        }
        annuaire
    }

    fn nommees(&self, nom: &str) -> &[usize] {
        self.noms.get(&plier_nom(nom)).map_or(&[], Vec::as_slice)
    }

    fn du_code_postal(&self, code_postal: &str) -> &[usize] {
        self.postaux.get(code_postal).map_or(&[], Vec::as_slice)
    }

    fn seule(&self, rangs: &[usize]) -> Option<&Fiche<'a>> {
        match rangs {
            [seule] => Some(&self.fiches[*seule]),
            _ => None,
        }
    }

    /// The commune of this code.
    pub fn par_code(&self, code: CodeCommune) -> Option<&Fiche<'a>> {
        self.codes.get(&code).map(|rang| &self.fiches[*rang])
    }

    /// The only commune of this name.
    pub fn par_nom(&self, nom: &str) -> Option<&Fiche<'a>> {
        self.seule(self.nommees(nom))
    }

    /// The only commune of this postal code.
    pub fn par_code_postal(&self, code_postal: &str) -> Option<&Fiche<'a>> {
        self.seule(self.du_code_postal(code_postal))
    }

    /// The commune of this postal code that has this name, else the only one whose name begins it or that it begins.
    pub fn par_nom_et_code_postal(&self, nom: &str, code_postal: &str) -> Option<&Fiche<'a>> {
        let voisines = self.du_code_postal(code_postal);
        let nom = plier_nom(nom);
        let plie = |rang: &usize| plier_nom(self.fiches[*rang].nom);
        let exactes: Vec<usize> = voisines.iter().copied().filter(|r| plie(r) == nom).collect();
        if !exactes.is_empty() {
            return self.seule(&exactes);
        }
        if nom.is_empty() {
            return None;
        }
        let commence = |rang: &usize| plie(rang).starts_with(&nom) || nom.starts_with(&format!("{} ", plie(rang)));
        let approchees: Vec<usize> = voisines.iter().copied().filter(commence).collect();
        self.seule(&approchees)
    }

    /// Among the communes of this name in the département of the postal code, the one whose own postal code is nearest.
    pub fn par_nom_pres_de(&self, nom: &str, code_postal: &str) -> Option<&Fiche<'a>> {
        let departements = departements_postaux(code_postal);
        let numero = |code: &str| code.parse::<i64>().unwrap_or(i64::MAX / 2);
        let ecart = |fiche: &&Fiche| {
            let ecarts = fiche
                .codes_postaux
                .iter()
                .map(|c| numero(c).abs_diff(numero(code_postal)));
            ecarts.min().unwrap_or(u64::MAX)
        };
        self.nommees(nom)
            .iter()
            .map(|rang| &self.fiches[*rang])
            .filter(|fiche| departements.contains(&fiche.departement()))
            .min_by_key(ecart)
    }

    /// The commune nearest to a point among those of this name, else among those of this postal code, within twenty kilometres.
    pub fn par_position(&self, nom: &str, code_postal: &str, point: Point) -> Option<&Fiche<'a>> {
        let nommees = self.nommees(nom);
        let rangs = if nommees.is_empty() {
            self.du_code_postal(code_postal)
        } else {
            nommees
        };
        rangs
            .iter()
            .map(|rang| &self.fiches[*rang])
            .filter_map(|fiche| {
                Some((
                    Referentiel::embarque().commune(fiche.code)?.point.distance_m(point),
                    fiche,
                ))
            })
            .filter(|(distance, _)| *distance <= PROCHE_M)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, fiche)| fiche)
    }

    /// The commune that took in the former one of this name, told by its postal code or its département when several did.
    pub fn par_ancien_nom(&self, nom: &str, code_postal: &str) -> Option<&Fiche<'a>> {
        let rangs = self.anciens.get(&plier_nom(nom)).map_or(&[][..], Vec::as_slice);
        let parmi = |convient: &dyn Fn(&Fiche<'a>) -> bool| -> Option<&Fiche<'a>> {
            let gardes: Vec<usize> = rangs.iter().copied().filter(|r| convient(&self.fiches[*r])).collect();
            self.seule(&gardes)
        };
        let departements = departements_postaux(code_postal);
        parmi(&|fiche| fiche.codes_postaux.contains(&code_postal))
            .or_else(|| parmi(&|fiche| departements.contains(&fiche.departement())))
            .or_else(|| code_postal.is_empty().then(|| self.seule(rangs)).flatten())
    }

    /// The official name that a misspelt one nearly is: an article forgotten, or one or two letters; nothing when the name is right.
    fn orthographe(&self, nom: &str) -> Option<&'a str> {
        let plie = plier_nom(nom);
        if plie.len() < 4 || self.noms.contains_key(&plie) || self.anciens.contains_key(&plie) {
            return None;
        }
        for article in ["le", "la", "les", "l"] {
            if let Some(fiche) = self.par_nom(&format!("{article} {plie}")) {
                return Some(fiche.nom);
            }
        }
        let colle = plie.replace(' ', "");
        if colle.len() < 8 {
            return None;
        }
        let voisins = self.colles.get(&extremites(&colle)?)?;
        let proche = |autre: &str| autre.len().abs_diff(colle.len()) <= 1 && strsim::levenshtein(autre, &colle) <= 1;
        let proches: Vec<usize> = voisins
            .iter()
            .filter(|(autre, _)| proche(autre))
            .map(|(_, rang)| *rang)
            .collect();
        self.seule(&proches).map(|fiche| fiche.nom)
    }
}

/// A place is not farther than this from the centre of its commune, in metres, but in Guyane.
const PROCHE_M: f64 = 20_000.0;

/// A commune found, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// INSEE code of the present commune.
    pub code: CodeCommune,
    /// Official name.
    pub nom: String,
    /// One of its postal codes: that of the source when it is one.
    pub code_postal: String,
    /// The rule that found it.
    pub regle: &'static str,
}

/// The present commune that a name, a postal code, an INSEE code and a point mean, from the surest sign to the weakest.
pub fn resoudre(nom: &str, code_postal: &str, code_insee: &str, point: Option<Point>) -> Option<Resolution> {
    let annuaire = Annuaire::national();
    let propre = nettoyer_nom(nom);
    let code = code_insee.trim().to_uppercase();
    let code = if code.len() == 4 { format!("0{code}") } else { code };
    let insee = || {
        let commune = Referentiel::embarque().resoudre(code.parse().ok()?)?;
        annuaire.par_code(commune.code)
    };
    let insee_du_code_postal = || insee().filter(|f| f.codes_postaux.contains(&code_postal));
    let (fiche, regle) = None
        .or_else(|| {
            Some((
                annuaire.par_nom_et_code_postal(&propre, code_postal)?,
                "nom et code postal",
            ))
        })
        .or_else(|| Some((insee().filter(|f| plier(f.nom) == plier(&propre))?, "nom et code INSEE")))
        .or_else(|| Some((annuaire.par_nom(&propre)?, "nom")))
        .or_else(|| Some((insee_du_code_postal()?, "code INSEE et code postal")))
        .or_else(|| Some((annuaire.par_ancien_nom(&propre, code_postal)?, "ancienne commune")))
        .or_else(|| {
            Some((
                annuaire.par_nom_pres_de(&propre, code_postal)?,
                "nom dans le département",
            ))
        })
        .or_else(|| Some((annuaire.par_code_postal(code_postal)?, "code postal")))
        .or_else(|| Some((insee()?, "code INSEE")))
        .or_else(|| {
            Some((
                annuaire.par_position(&propre, code_postal, point?)?,
                "nom ou code postal, et position",
            ))
        })?;
    let garde = fiche
        .codes_postaux
        .iter()
        .find(|c| **c == code_postal)
        .or(fiche.codes_postaux.first())?;
    Some(Resolution {
        code: fiche.code,
        nom: fiche.nom.to_owned(),
        code_postal: (*garde).to_owned(),
        regle,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_nom_est_remis_en_forme() {
        for (texte, attendu) in [
            ("St Jorioz", "Saint-Jorioz"),
            ("Bournoncle-St-Pierre", "Bournoncle-Saint-Pierre"),
            ("Ste Croix Volvestre", "Sainte-Croix-Volvestre"),
            ("L' Arbresle", "L'Arbresle"),
            ("Aix-en-Provence CEDEX 1", "Aix-en-Provence"),
            ("SAINT-NICOLAS-cédex", "SAINT-NICOLAS"),
            ("Lyon 2e", "Lyon"),
            ("Lyon 2ème", "Lyon"),
            ("Lyon 2eme Arrondissement", "Lyon"),
            ("Amplepuis 69550", "Amplepuis"),
            ("Etreux (Le Gard)", "Etreux"),
            ("Prêcheur", "Le-Prêcheur"),
            ("Les-Molettes", "Les-Mollettes"),
            ("Saint-Donat-sur-lHerbasse", "Saint-Donat-sur-l'Herbasse"),
        ] {
            assert_eq!(nettoyer_nom(texte), attendu, "{texte}");
        }
    }

    #[test]
    fn deux_communes_du_meme_nom_se_departagent_par_la_position() {
        let point = Point {
            longitude: -0.52,
            latitude: 44.9,
        };
        assert_eq!(resoudre("Bassens", "", "", None), None);
        let trouvee = resoudre("Bassens", "", "", Some(point)).unwrap();
        assert_eq!(
            (trouvee.code.as_str(), trouvee.code_postal.as_str()),
            ("33032", "33530")
        );
    }

    #[test]
    fn une_commune_se_trouve_par_ses_signes() {
        for (nom, code_postal, insee, attendu) in [
            ("Grenoble", "38000", "38110", "38185 38000"),
            ("Saint-Barbant", "87330", "", "87028 87330"),
            ("Blois", "42000", "42218", "41018 41000"),
            ("Villefranche-de-Rouergue", "12204", "", "12300 12200"),
            ("SAINT PAUL TROIS CH╢TEAUX", "26130", "", "26324 26130"),
            ("Paris 20e", "75020", "", "75056 75020"),
            ("Paris", "", "75120", "75056 75001"),
            ("Nouméa", "98800", "", "98818 98800"),
            ("", "63340", "", "63074"),
        ] {
            let trouvee = resoudre(nom, code_postal, insee, None).map(|r| format!("{} {}", r.code, r.code_postal));
            assert!(
                trouvee.as_deref() == Some(attendu) || (attendu.len() == 5 && trouvee.is_none()),
                "{nom} {code_postal} : {trouvee:?}"
            );
        }
        assert_eq!(resoudre("Nulle-Part-les-Bains", "", "", None), None);
    }
}
