//! Column mapping: how any table becomes rows of the national standard.
//!
//! A mapping is a TOML file. Each field of the standard says where its text is (`colonne`, `joindre`, `dissocier`, `valeur`); each list says
//! which terms mean which label. `correspondances/*.toml` holds the mappings of known sources, recognised by their columns.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use territoire::plier;

use super::standard::{colonnes::COLONNES, ligne::Ligne};

mod prereglages;

pub use prereglages::{prereglages, reconnaitre};

/// A mapping that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ErreurCorrespondance {
    /// Not TOML, or not a mapping; the message names the line.
    #[error("le fichier de correspondance n’est pas lisible : {0}")]
    Toml(#[from] toml::de::Error),
    /// A field that the standard does not have.
    #[error("« {0} » n’est pas un champ du standard ; les champs sont : {champs}", champs = COLONNES.join(", "))]
    ChampInconnu(String),
}

/// A whole mapping.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Correspondance {
    /// Columns that tell this shape from the others.
    #[serde(default)]
    pub signature: Vec<String>,
    /// Terms that make a row leave: a name that is no place.
    #[serde(default)]
    pub ecarter: Vec<Choix>,
    /// Where each field of the standard comes from.
    #[serde(flatten)]
    pub champs: BTreeMap<String, Regle>,
}

/// Where a field comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Regle {
    /// Terms to labels, for the closed lists.
    Choix(Vec<Choix>),
    /// Opening hours.
    Horaires(Box<HorairesDe>),
    /// One text.
    Texte(Box<Texte>),
}

/// One column, or several of which the first filled one counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Colonnes {
    /// One.
    Une(String),
    /// Several, by preference.
    Plusieurs(Vec<String>),
}

impl Colonnes {
    fn lire<'l>(&self, ligne: &'l Ligne) -> &'l str {
        match self {
            Colonnes::Une(nom) => ligne.lire(nom),
            Colonnes::Plusieurs(noms) => noms
                .iter()
                .map(|nom| ligne.lire(nom))
                .find(|v| !v.is_empty())
                .unwrap_or_default(),
        }
    }
}

/// One text, from a column, several, a part of one, or always the same.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texte {
    /// The column that holds it.
    pub colonne: Option<Colonnes>,
    /// Several columns, end to end.
    pub joindre: Option<Joindre>,
    /// A part of a column.
    pub dissocier: Option<Dissocier>,
    /// The same for every row, when the column is empty or absent.
    pub valeur: Option<String>,
}

/// Several columns, end to end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joindre {
    /// The columns, in order; empty ones are skipped.
    pub colonnes: Vec<String>,
    /// What stands between two of them.
    #[serde(default = "espace", alias = "séparateur")]
    pub separateur: String,
    /// What to take when all are empty.
    #[serde(default)]
    pub ou: Option<Box<Texte>>,
}

/// A part of a column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dissocier {
    /// The column.
    pub colonne: String,
    /// Where to cut.
    #[serde(alias = "séparateur")]
    pub separateur: String,
    /// Which part, from zero.
    pub partie: usize,
}

/// Terms that mean a label.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choix {
    /// Where to look; without columns, every row has the label.
    #[serde(default)]
    pub colonnes: Vec<String>,
    /// What to look for, whatever its case; without terms, any text counts.
    #[serde(default)]
    pub termes: Vec<String>,
    /// What makes a term not count.
    #[serde(default)]
    pub sauf: Vec<String>,
    /// The label; without one, the cell itself is read with the aliases of the list.
    #[serde(default)]
    pub cible: Option<String>,
}

/// Where opening hours come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HorairesDe {
    /// A column in the OSM grammar.
    pub osm: Option<String>,
    /// A column, or several by preference, of French text for the whole week.
    pub semaine: Option<Colonnes>,
    /// A column a day, from `lundi` to `dimanche`.
    pub jours: Option<Jours>,
    /// A column that says odd or even weeks.
    pub semaine_ouverture: Option<String>,
}

/// The columns of each day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jours {
    lundi: Vec<String>,
    mardi: Vec<String>,
    mercredi: Vec<String>,
    jeudi: Vec<String>,
    vendredi: Vec<String>,
    samedi: Vec<String>,
    dimanche: Vec<String>,
}

fn espace() -> String {
    " ".to_owned()
}

impl Correspondance {
    /// Reads a mapping.
    ///
    /// # Errors
    /// When the text is no TOML, or names a field that the standard does not have.
    pub fn lire(toml: &str) -> Result<Self, ErreurCorrespondance> {
        let correspondance: Correspondance = toml::from_str(toml)?;
        match correspondance.champs.keys().find(|c| !COLONNES.contains(&c.as_str())) {
            Some(inconnu) => Err(ErreurCorrespondance::ChampInconnu(inconnu.clone())),
            None => Ok(correspondance),
        }
    }

    /// The name that every row of this shape has as its source, when the mapping gives one.
    pub fn source(&self) -> Option<&str> {
        match self.champs.get("source")? {
            Regle::Texte(texte) => texte.valeur.as_deref(),
            _ => None,
        }
    }

    /// The row in the columns of the standard; several values of a list are joined by `|`.
    pub fn appliquer(&self, ligne: &Ligne) -> Ligne {
        let mut traduite = Ligne {
            numero: ligne.numero,
            cellules: Vec::new(),
        };
        for colonne in COLONNES {
            if let Some(regle) = self.champs.get(colonne) {
                traduite.ecrire(colonne, regle.lire(ligne));
            }
        }
        traduite
    }

    /// The term that says that the row is no place, if it holds one.
    pub fn ecartee(&self, ligne: &Ligne) -> Option<&str> {
        self.ecarter
            .iter()
            .find(|choix| choix.convient(ligne))
            .map(|choix| choix.cible.as_deref().unwrap_or("écartée"))
    }
}

impl Regle {
    fn lire(&self, ligne: &Ligne) -> String {
        match self {
            Regle::Choix(choix) => libelles(choix, ligne).join("|"),
            Regle::Horaires(horaires) => horaires.lire(ligne).unwrap_or_default(),
            Regle::Texte(texte) => texte.lire(ligne),
        }
    }
}

impl Texte {
    /// The text of a row, empty when there is none.
    pub fn lire(&self, ligne: &Ligne) -> String {
        let trouve = (self.colonne.as_ref().map(|c| Cow::from(c.lire(ligne))))
            .or_else(|| self.joindre.as_ref().map(|j| j.lire(ligne).into()))
            .or_else(|| self.dissocier.as_ref().map(|d| d.lire(ligne).into()))
            .filter(|texte| !texte.is_empty());
        trouve.map_or_else(|| self.valeur.clone().unwrap_or_default(), Cow::into_owned)
    }
}

impl Joindre {
    fn lire(&self, ligne: &Ligne) -> String {
        let remplies: Vec<&str> = self
            .colonnes
            .iter()
            .map(|c| ligne.lire(c))
            .filter(|v| !v.is_empty())
            .collect();
        match &self.ou {
            Some(ou) if remplies.len() < self.colonnes.len() => {
                let autre = ou.lire(ligne);
                if autre.is_empty() {
                    remplies.join(&self.separateur)
                } else {
                    autre
                }
            }
            _ => remplies.join(&self.separateur),
        }
    }
}

impl Dissocier {
    fn lire(&self, ligne: &Ligne) -> String {
        // A WKT point wears its name and parentheses around the two numbers.
        let texte = ligne
            .lire(&self.colonne)
            .trim_start_matches("POINT")
            .trim_matches([' ', '(', ')']);
        texte
            .split(&self.separateur)
            .nth(self.partie)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
}

/// Every label that a row has, in the order of the rules, each once.
pub fn libelles(choix: &[Choix], ligne: &Ligne) -> Vec<String> {
    let mut trouves = Vec::new();
    for regle in choix {
        let libelles = match &regle.cible {
            Some(cible) if regle.convient(ligne) => vec![cible.clone()],
            Some(_) => Vec::new(),
            None => regle.cellules(ligne).map(str::to_owned).collect(),
        };
        for libelle in libelles {
            super::lieu::ajouter_une_fois(&mut trouves, libelle);
        }
    }
    trouves
}

impl Choix {
    fn cellules<'l>(&'l self, ligne: &'l Ligne) -> impl Iterator<Item = &'l str> {
        self.colonnes.iter().map(|c| ligne.lire(c)).filter(|v| !v.is_empty())
    }

    fn convient(&self, ligne: &Ligne) -> bool {
        if self.colonnes.is_empty() {
            return true;
        }
        let contient = |plie: &str, termes: &[String]| termes.iter().any(|terme| contient_terme(plie, terme));
        self.cellules(ligne).any(|cellule| {
            let plie = plier(cellule);
            (self.termes.is_empty() || contient(&plie, &self.termes)) && !contient(&plie, &self.sauf)
        })
    }
}

/// Whether a folded cell holds a term; short terms such as `x` or `5` must be whole words.
fn contient_terme(cellule: &str, terme: &str) -> bool {
    let terme = plier(terme);
    if terme.is_empty() {
        return false;
    }
    if terme.len() <= 3 {
        return cellule.split(' ').any(|mot| mot == terme);
    }
    cellule.contains(&terme)
}

impl HorairesDe {
    /// The hours in the OSM grammar, or the text itself when it does not read as hours, for the report to say.
    fn lire(&self, ligne: &Ligne) -> Option<String> {
        if let Some(osm) = self.osm.as_ref().map(|c| ligne.lire(c)).filter(|v| !v.is_empty()) {
            return Some(self.par_semaines(osm, ligne));
        }
        if let Some(semaine) = self.semaine.as_ref().map(|c| c.lire(ligne)).filter(|v| !v.is_empty()) {
            let parite = self
                .semaine_ouverture
                .as_ref()
                .map(|c| ligne.lire(c))
                .unwrap_or_default();
            return Some(format!("{semaine} {parite}").trim().to_owned());
        }
        self.jours
            .as_ref()
            .map(|jours| jours.lire(ligne))
            .filter(|texte| !texte.is_empty())
    }

    /// The rules with the weeks that another column names: a bus that comes every other Monday.
    fn par_semaines(&self, osm: &str, ligne: &Ligne) -> String {
        let parite = plier(
            self.semaine_ouverture
                .as_ref()
                .map(|c| ligne.lire(c))
                .unwrap_or_default(),
        );
        let semaines = if parite.contains("impaire") {
            "week 1-53/2"
        } else if parite.contains("paire") {
            "week 2-53/2"
        } else {
            return osm.to_owned();
        };
        let regles = osm.split(';').map(str::trim).filter(|r| !r.is_empty());
        let datees = regles.map(|r| {
            if r.starts_with("PH") {
                r.to_owned()
            } else {
                format!("{semaines} {r}")
            }
        });
        datees.collect::<Vec<_>>().join("; ")
    }
}

impl Jours {
    fn lire(&self, ligne: &Ligne) -> String {
        let jours = [
            ("lundi", &self.lundi),
            ("mardi", &self.mardi),
            ("mercredi", &self.mercredi),
            ("jeudi", &self.jeudi),
            ("vendredi", &self.vendredi),
            ("samedi", &self.samedi),
            ("dimanche", &self.dimanche),
        ];
        let remplis = jours.into_iter().filter_map(|(jour, colonnes)| {
            let heures: Vec<&str> = colonnes
                .iter()
                .map(|c| ligne.lire(c))
                .filter(|v| !v.is_empty())
                .collect();
            (!heures.is_empty()).then(|| format!("{jour} : {}", heures.join(" / ")))
        });
        remplis.collect::<Vec<_>>().join(" ; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lire(toml: &str) -> Correspondance {
        Correspondance::lire(toml).unwrap()
    }

    #[test]
    fn un_champ_vient_d_une_colonne_de_plusieurs_ou_d_une_partie() {
        let c = lire(
            r#"
            nom = { colonne = ["Enseigne", "Nom"] }
            adresse = { joindre = { colonnes = ["N°", "Voie"], separateur = " ", ou = { colonne = "Adresse" } } }
            latitude = { dissocier = { colonne = "Point", separateur = " ", partie = 1 } }
            source = { valeur = "Hub" }
            "#,
        );
        let traduite = c.appliquer(&Ligne::nouvelle(
            3,
            [
                ("Enseigne", ""),
                ("Nom", "A"),
                ("Adresse", "1 rue B"),
                ("Point", "POINT (-0.49 43.8)"),
            ],
        ));
        let textes: Vec<&str> = ["nom", "adresse", "latitude", "source"]
            .map(|c| traduite.lire(c))
            .into();
        assert_eq!(textes, ["A", "1 rue B", "43.8", "Hub"]);
        assert_eq!(traduite.numero, 3);
    }

    #[test]
    fn un_terme_donne_un_libelle_sauf_exception() {
        let c = lire(
            r#"
            services = [
                { colonnes = ["S"], termes = ["ordinateur"], sauf = ["sans ordinateur"], cible = "Maîtrise" },
                { colonnes = ["X"], termes = ["x"], cible = "Accès" },
                { cible = "Toujours" },
                { colonnes = ["Libre"] },
            ]
            "#,
        );
        let services =
            |cellules: [(&str, &str); 3]| c.appliquer(&Ligne::nouvelle(1, cellules)).lire("services").to_owned();
        assert_eq!(
            services([("S", "Un Ordinateur"), ("X", "X"), ("Libre", "Autre")]),
            "Maîtrise|Accès|Toujours|Autre"
        );
        assert_eq!(
            services([("S", "sans ordinateur"), ("X", "exemple"), ("Libre", "")]),
            "Toujours"
        );
    }

    #[test]
    fn les_semaines_impaires_entrent_dans_la_regle() {
        let c = lire(r#"horaires = { osm = "h", semaine_ouverture = "s" }"#);
        let ligne = Ligne::nouvelle(1, [("h", "Mo 09:30-12:30; PH off"), ("s", "Semaine impaire")]);
        assert_eq!(
            c.appliquer(&ligne).lire("horaires"),
            "week 1-53/2 Mo 09:30-12:30; PH off"
        );
    }

    #[test]
    fn un_champ_inconnu_est_refuse_par_son_nom() {
        let erreur = Correspondance::lire("nome = { colonne = \"a\" }")
            .unwrap_err()
            .to_string();
        assert!(
            erreur.starts_with("« nome » n’est pas un champ du standard"),
            "{erreur}"
        );
        assert!(Correspondance::lire("nom = [").is_err());
    }

    #[test]
    fn chaque_prereglage_se_lit_et_se_reconnait() {
        assert_eq!(prereglages().len(), 9);
        for (nom, correspondance) in prereglages() {
            let reconnu = reconnaitre(&correspondance.signature).map(|(nom, _)| nom);
            assert_eq!(reconnu, Some(*nom));
        }
        assert!(reconnaitre(&["a".to_owned()]).is_none());
    }
}
