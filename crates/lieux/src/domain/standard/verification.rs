//! Checking a file against the standard: for each cell at fault, the rule and a suggestion.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    colonnes::{OBLIGATOIRES, Version},
    ligne::Ligne,
};

mod cellules;

use cellules::{Cellules, le_plus_proche};

/// A rule of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regle {
    /// A column of the standard is absent.
    ColonneAbsente,
    /// A column that the standard does not have.
    ColonneInconnue,
    /// The columns are not in the order of the standard.
    OrdreDesColonnes,
    /// A row that does not read.
    LigneIllisible,
    /// A cell that must be filled is empty.
    Obligatoire,
    /// An identifier stands twice.
    Unique,
    /// A text that has not the right form.
    Forme,
    /// A value that is in no closed list.
    Liste,
    /// A value that stands twice in a cell.
    Repetition,
    /// A text that is too long.
    Longueur,
    /// A number out of its bounds.
    Bornes,
    /// A code that names nothing, or not what the other cells say.
    Coherence,
}

/// A cell at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Faute {
    /// Number of the row; 1 for the header.
    pub ligne: usize,
    /// Column.
    pub colonne: String,
    /// What the cell holds.
    pub valeur: String,
    /// The rule that it breaks.
    pub regle: Regle,
    /// What is wrong, in French.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

/// Checks the rows of one file, one at a time.
#[derive(Debug)]
pub struct Verificateur {
    version: Version,
    vus: HashMap<String, usize>,
}

impl Verificateur {
    /// A checker for a version.
    pub fn nouveau(version: Version) -> Self {
        Verificateur {
            version,
            vus: HashMap::new(),
        }
    }

    /// The faults of the header: columns absent, unknown, out of order; a JSON object may leave out what it does not fill.
    pub fn en_tete(&self, colonnes: &[String], csv: bool) -> Vec<Faute> {
        let attendues = self.version.colonnes();
        let mut fautes = Vec::new();
        for attendue in attendues {
            let presente = colonnes.iter().any(|c| c == attendue);
            if !presente && (csv || OBLIGATOIRES.contains(attendue)) {
                fautes.push(faute_de_colonne(
                    attendue,
                    Regle::ColonneAbsente,
                    "cette colonne du standard manque",
                    None,
                ));
            }
        }
        for colonne in colonnes {
            if !attendues.contains(&colonne.as_str()) {
                let proche = le_plus_proche(colonne, attendues.iter().copied());
                let suggestion = proche.map(|nom| format!("renommez-la « {nom} »"));
                fautes.push(faute_de_colonne(
                    colonne,
                    Regle::ColonneInconnue,
                    "le standard n’a pas cette colonne",
                    suggestion,
                ));
            }
        }
        if fautes.is_empty() && csv && !colonnes.iter().zip(attendues).all(|(c, a)| c == a) {
            let message = "les colonnes ne sont pas dans l’ordre du standard";
            fautes.push(faute_de_colonne(
                "",
                Regle::OrdreDesColonnes,
                message,
                Some(attendues.join(",")),
            ));
        }
        fautes
    }

    /// The faults of a row.
    pub fn ligne(&mut self, ligne: &Ligne) -> Vec<Faute> {
        let mut fautes = Cellules::fautes(ligne, self.version);
        let id = ligne.lire("id");
        if !id.is_empty() {
            match self.vus.get(id) {
                Some(premiere) => fautes.push(Faute {
                    ligne: ligne.numero,
                    colonne: "id".to_owned(),
                    valeur: id.to_owned(),
                    regle: Regle::Unique,
                    message: format!("cet identifiant est déjà celui de la ligne {premiere}"),
                    suggestion: Some("donnez à chaque lieu un identifiant à lui".to_owned()),
                }),
                None => {
                    self.vus.insert(id.to_owned(), ligne.numero);
                }
            }
        }
        fautes
    }
}

fn faute_de_colonne(colonne: &str, regle: Regle, message: &str, suggestion: Option<String>) -> Faute {
    Faute {
        ligne: 1,
        colonne: colonne.to_owned(),
        valeur: String::new(),
        regle,
        message: message.to_owned(),
        suggestion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BONNE: [(&str, &str); 12] = [
        ("id", "structure-1"),
        ("pivot", "43493312300029"),
        ("nom", "Anonymal"),
        ("commune", "Reims"),
        ("code_postal", "51100"),
        ("code_insee", "51454"),
        ("adresse", "12 BIS RUE DE LECLERCQ"),
        ("latitude", "49.25"),
        ("longitude", "4.03"),
        ("telephone", "+33180059880"),
        ("date_maj", "2024-04-02"),
        ("formations_labels", "Étapes numériques(La Poste)"),
    ];

    fn fautes(changements: &[(&str, &str)]) -> Vec<(String, Regle, Option<String>)> {
        let mut ligne = Ligne::nouvelle(2, BONNE);
        for (colonne, valeur) in changements {
            ligne.ecrire(colonne, *valeur);
        }
        let fautes = Verificateur::nouveau(Version::V1_0).ligne(&ligne);
        fautes.into_iter().map(|f| (f.colonne, f.regle, f.suggestion)).collect()
    }

    #[test]
    fn une_bonne_ligne_n_a_pas_de_faute_sous_les_deux_graphies_des_etapes_numeriques() {
        assert_eq!(fautes(&[]), []);
        assert_eq!(fautes(&[("formations_labels", "Étapes numériques (La Poste)")]), []);
    }

    #[test]
    fn chaque_cellule_fautive_a_sa_regle_et_sa_suggestion() {
        let cas: [(&str, &str, Regle, &str); 11] = [
            ("telephone", "01 80 05 98 80", Regle::Forme, "+33180059880"),
            ("date_maj", "02/04/2024", Regle::Forme, "2024-04-02"),
            (
                "services",
                "Aide aux démarche administrative",
                Regle::Liste,
                "Aide aux démarches administratives",
            ),
            (
                "services",
                "Prendre en main un ordinateur",
                Regle::Liste,
                "Maîtrise des outils numériques du quotidien",
            ),
            ("frais_a_charge", "Gratuit ", Regle::Liste, ""),
            ("courriels", "accueil@ville", Regle::Forme, ""),
            ("site_web", "www.ville.fr", Regle::Forme, "http://www.ville.fr"),
            ("code_insee", "38185", Regle::Coherence, "51454"),
            ("horaires", "Lundi 9h-12h", Regle::Forme, "Mo 09:00-12:00"),
            ("pivot", "434 933 123 00029", Regle::Forme, "43493312300029"),
            ("nom", "", Regle::Obligatoire, ""),
        ];
        for (colonne, valeur, regle, suggestion) in cas {
            let trouvees = fautes(&[(colonne, valeur)]);
            if valeur.ends_with(' ') {
                assert_eq!(trouvees, [], "{colonne} : {valeur}");
                continue;
            }
            let premiere = trouvees.first().unwrap_or_else(|| panic!("{colonne} : {valeur} passe"));
            assert_eq!(
                (premiere.0.as_str(), premiere.1),
                (colonne, regle),
                "{valeur} : {trouvees:?}"
            );
            if !suggestion.is_empty() {
                assert_eq!(premiere.2.as_deref(), Some(suggestion), "{valeur}");
            }
        }
        assert_eq!(fautes(&[("latitude", "0"), ("longitude", "0")]).len(), 2);
        assert_eq!(fautes(&[("frais_a_charge", "Gratuit|Gratuit")])[0].1, Regle::Repetition);
    }

    #[test]
    fn un_identifiant_ne_sert_qu_une_fois() {
        let mut verificateur = Verificateur::nouveau(Version::V1_0);
        assert!(verificateur.ligne(&Ligne::nouvelle(2, BONNE)).is_empty());
        assert_eq!(verificateur.ligne(&Ligne::nouvelle(3, BONNE))[0].regle, Regle::Unique);
    }

    #[test]
    fn l_en_tete_dit_ce_qui_manque_et_ce_qui_est_de_trop() {
        let verificateur = Verificateur::nouveau(Version::V1_0);
        let mut colonnes: Vec<String> = Version::V1_0.colonnes().iter().map(|c| (*c).to_owned()).collect();
        assert_eq!(verificateur.en_tete(&colonnes, true), []);
        colonnes[3] = "communes".to_owned();
        let regles: Vec<Regle> = verificateur.en_tete(&colonnes, true).iter().map(|f| f.regle).collect();
        assert_eq!(regles, [Regle::ColonneAbsente, Regle::ColonneInconnue]);
        colonnes[3] = "commune".to_owned();
        colonnes.swap(0, 1);
        assert_eq!(verificateur.en_tete(&colonnes, true)[0].regle, Regle::OrdreDesColonnes);
    }
}
