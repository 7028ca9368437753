//! Checking a file against the standard: for each cell at fault, the rule and a suggestion.

use std::collections::HashMap;

use serde::Serialize;
use territoire::CodeCommune;

use super::{
    colonnes::{OBLIGATOIRES, Version, liste_fermee},
    ligne::Ligne,
};
use crate::domain::{
    contact::{Courriel, SiteWeb, Telephone},
    listes::{
        Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement,
        PriseEnCharge, Public, Service,
    },
    nettoyage::{adresse, commune, contact, date, horaires, position, presentation},
    pivot::Pivot,
    typologie::Typologie,
};

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
        let mut cellules = Cellules {
            ligne,
            version: self.version,
            fautes: Vec::new(),
        };
        cellules.obligatoires();
        cellules.formes();
        cellules.commune();
        cellules.position();
        cellules.listes();
        let mut fautes = cellules.fautes;
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

/// The candidate most like a text, when one is like it at all.
fn le_plus_proche<'c>(texte: &str, candidats: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let plie = territoire::plier(texte);
    candidats
        .map(|candidat| {
            (
                strsim::normalized_damerau_levenshtein(&plie, &territoire::plier(candidat)),
                candidat,
            )
        })
        .filter(|(score, _)| *score >= 0.55)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidat)| candidat)
}

struct Cellules<'l> {
    ligne: &'l Ligne,
    version: Version,
    fautes: Vec<Faute>,
}

impl<'l> Cellules<'l> {
    fn valeur(&self, colonne: &str) -> &'l str {
        self.ligne.lire(colonne)
    }

    fn fauter(
        &mut self,
        colonne: &str,
        valeur: &str,
        regle: Regle,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.fautes.push(Faute {
            ligne: self.ligne.numero,
            colonne: colonne.to_owned(),
            valeur: valeur.to_owned(),
            regle,
            message: message.into(),
            suggestion,
        });
    }

    fn obligatoires(&mut self) {
        for colonne in OBLIGATOIRES {
            if self.valeur(colonne).is_empty() {
                let suggestion =
                    (colonne == "pivot").then(|| "écrivez 00000000000000 si personne ne le connaît".to_owned());
                self.fauter(
                    colonne,
                    "",
                    Regle::Obligatoire,
                    "cette cellule doit être remplie",
                    suggestion,
                );
            }
        }
        if self.version == Version::V0_1 && self.valeur("services").is_empty() {
            self.fauter(
                "services",
                "",
                Regle::Obligatoire,
                "la version 0.1 veut au moins un service",
                None,
            );
        }
    }

    /// A cell that is filled and that `suggestion` finds fault with.
    fn forme(
        &mut self,
        colonne: &str,
        juste: impl Fn(&str) -> bool,
        message: &str,
        suggerer: impl Fn(&str) -> Option<String>,
    ) {
        let valeur = self.valeur(colonne);
        if !valeur.is_empty() && !juste(valeur) {
            self.fauter(colonne, valeur, Regle::Forme, message, suggerer(valeur));
        }
    }

    fn formes(&mut self) {
        let code_postal = self.valeur("code_postal");
        self.forme(
            "pivot",
            |p| (9..=14).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()),
            "il faut un SIRET, un RNA, un RIDET ou un numéro TAHITI, de 9 à 14 lettres ou chiffres",
            |p| {
                Pivot::lire(p)
                    .ok()
                    .map(|pivot| pivot.to_string())
                    .or_else(|| Some("00000000000000".to_owned()))
            },
        );
        if let Ok(pivot) = Pivot::lire(self.valeur("pivot"))
            && !pivot.cle_juste()
        {
            let message = "la clé de ce SIRET est fausse : un chiffre est sans doute mal recopié";
            self.fauter("pivot", pivot.as_str(), Regle::Coherence, message, None);
        }
        self.forme(
            "code_postal",
            |c| c.len() == 5 && c.bytes().all(|b| b.is_ascii_digit()),
            "il faut cinq chiffres",
            |c| adresse::code_postal(c, ""),
        );
        self.forme(
            "date_maj",
            |d| d.parse::<jiff::civil::Date>().is_ok_and(|lue| lue.to_string() == d),
            "il faut une date comme 2024-04-02",
            |d| date::lire(d).map(|instant| instant.date().to_string()),
        );
        self.forme(
            "telephone",
            |t| Telephone::lire(t).is_ok_and(|lu| lu.as_str() == t),
            "il faut un seul numéro, en forme internationale, comme +33123456789",
            |t| contact::telephone(t, code_postal).map(String::from),
        );
        self.forme(
            "horaires",
            |h| ::horaires::Horaires::parse(h).is_ok(),
            "il faut des horaires dans la grammaire d’OpenStreetMap, comme Mo-Fr 09:00-12:00",
            |h| horaires::lire(h).map(|(osm, _)| osm),
        );
        self.contacts();
        self.textes();
    }

    fn contacts(&mut self) {
        let courriels = if self.version == Version::V0_1 {
            "courriel"
        } else {
            "courriels"
        };
        self.chacune(
            courriels,
            |c| Courriel::lire(c).is_ok(),
            "cette adresse de courriel n’est pas complète",
            |c| contact::courriels(c).first().map(ToString::to_string),
        );
        for colonne in ["site_web", "fiche_acces_libre", "prise_rdv", "accessibilite"] {
            self.chacune(
                colonne,
                |s| SiteWeb::lire(s).is_ok(),
                "cette adresse de site n’est pas complète",
                |s| contact::site_web(s).map(String::from),
            );
        }
    }

    /// Each value of a cell that holds several.
    fn chacune(
        &mut self,
        colonne: &str,
        juste: impl Fn(&str) -> bool,
        message: &str,
        suggerer: impl Fn(&str) -> Option<String>,
    ) {
        for valeur in morceaux(self.valeur(colonne), self.version) {
            if !juste(valeur) {
                self.fauter(colonne, valeur, Regle::Forme, message, suggerer(valeur));
            }
        }
    }

    fn textes(&mut self) {
        let maximum = match self.version {
            Version::V0_1 => 500,
            Version::V1_0 => presentation::RESUME_MAX,
        };
        let resume = self.valeur("presentation_resume");
        let longueur = resume.chars().count();
        if longueur > maximum {
            let message = format!("le résumé a {longueur} caractères, il en faut au plus {maximum}");
            let suggestion = "déplacez-le dans presentation_detail, ou raccourcissez-le".to_owned();
            self.fauter(
                "presentation_resume",
                resume,
                Regle::Longueur,
                message,
                Some(suggestion),
            );
        }
        let rue = self.valeur("adresse");
        if rue.is_empty() {
            return;
        }
        let voie = adresse::voie(rue);
        if voie.is_none() {
            self.fauter(
                "adresse",
                rue,
                Regle::Forme,
                "cette adresse ne donne ni rue ni lieu-dit",
                None,
            );
        } else if !adresse::caracteres_admis(rue) {
            self.fauter(
                "adresse",
                rue,
                Regle::Forme,
                "un caractère n’a pas sa place dans une adresse",
                voie,
            );
        }
    }

    fn commune(&mut self) {
        let (nom, code_postal, insee) = (
            self.valeur("commune"),
            self.valeur("code_postal"),
            self.valeur("code_insee"),
        );
        let resolue = commune::resoudre(nom, code_postal, insee, None);
        if !insee.is_empty() {
            let code = insee.parse::<CodeCommune>().ok();
            let connue = code.and_then(|code| territoire::Referentiel::embarque().resoudre(code));
            let suggestion = resolue.as_ref().map(|r| r.code.to_string());
            match (code, connue) {
                (None, _) => self.fauter(
                    "code_insee",
                    insee,
                    Regle::Forme,
                    "il faut les cinq caractères du code INSEE",
                    suggestion,
                ),
                (_, None) => self.fauter(
                    "code_insee",
                    insee,
                    Regle::Coherence,
                    "aucune commune n’a ce code INSEE",
                    suggestion,
                ),
                (_, Some(connue)) if resolue.as_ref().is_some_and(|r| r.code != connue.code) => {
                    let message = format!("ce code est celui de {}", connue.nom);
                    self.fauter("code_insee", insee, Regle::Coherence, message, suggestion);
                }
                _ => {}
            }
        }
        match resolue {
            None if !nom.is_empty() => {
                self.fauter(
                    "commune",
                    nom,
                    Regle::Coherence,
                    "aucune commune ne répond à ce nom et à ce code postal",
                    None,
                );
            }
            Some(trouvee)
                if code_postal.len() == 5 && trouvee.code_postal != code_postal && !code_postal.is_empty() =>
            {
                let message = format!("ce code postal n’est pas de {}", trouvee.nom);
                self.fauter(
                    "code_postal",
                    code_postal,
                    Regle::Coherence,
                    message,
                    Some(trouvee.code_postal),
                );
            }
            _ => {}
        }
    }

    fn position(&mut self) {
        for (colonne, borne) in [("latitude", 90.0), ("longitude", 180.0)] {
            let valeur = self.valeur(colonne);
            if valeur.is_empty() {
                continue;
            }
            match valeur.parse::<f64>() {
                Ok(degres) if !(-borne..=borne).contains(&degres) => {
                    let message = format!("il faut des degrés entre -{borne} et {borne}");
                    let point = position::lire(self.valeur("latitude"), self.valeur("longitude"));
                    let suggestion = point.map(|p| if colonne == "latitude" { p.latitude } else { p.longitude });
                    self.fauter(
                        colonne,
                        valeur,
                        Regle::Bornes,
                        message,
                        suggestion.map(|d| format!("{d:.6}")),
                    );
                }
                Ok(0.0) => {
                    let message = "zéro n’est pas une position en France : laissez la cellule vide";
                    self.fauter(colonne, valeur, Regle::Bornes, message, Some(String::new()));
                }
                Ok(_) => {}
                Err(_) => {
                    let suggestion = position::nombre(valeur).map(|d| d.to_string());
                    self.fauter(
                        colonne,
                        valeur,
                        Regle::Forme,
                        "il faut un nombre avec un point, comme 48.8566",
                        suggestion,
                    );
                }
            }
        }
        if self.valeur("latitude").is_empty() != self.valeur("longitude").is_empty() {
            let colonne = if self.valeur("latitude").is_empty() {
                "latitude"
            } else {
                "longitude"
            };
            self.fauter(
                colonne,
                "",
                Regle::Obligatoire,
                "latitude et longitude vont ensemble",
                None,
            );
        }
    }

    fn listes(&mut self) {
        match self.version {
            Version::V1_0 => {
                self.liste::<Typologie>(Typologie::COLONNE);
                self.liste::<Itinerance>(Itinerance::COLONNE);
                self.liste::<Service>(Service::COLONNE);
                self.liste::<Public>(Public::COLONNE);
                self.liste::<PriseEnCharge>(PriseEnCharge::COLONNE);
                self.liste::<Frais>(Frais::COLONNE);
                self.liste::<Dispositif>(Dispositif::COLONNE);
                self.liste::<FormationLabel>(FormationLabel::COLONNE);
                self.liste::<ModaliteAcces>(ModaliteAcces::COLONNE);
                self.liste::<ModaliteAccompagnement>(ModaliteAccompagnement::COLONNE);
            }
            Version::V0_1 => self.listes_0_1(),
        }
    }

    /// Each value must be a label of the list, both spellings of Étapes numériques admitted; an alias is a fault with its label beside.
    fn liste<L: ListeFermee>(&mut self, colonne: &str) {
        let mut vues: Vec<L> = Vec::new();
        for valeur in morceaux(self.valeur(colonne), self.version) {
            match L::lire(valeur) {
                Some(lue) if lue.ecrire() != valeur && lue.libelle() != valeur => {
                    let message = "ce n’est pas le libellé exact de la liste";
                    self.fauter(colonne, valeur, Regle::Liste, message, Some(lue.ecrire().to_owned()));
                }
                Some(lue) if vues.contains(&lue) => {
                    self.fauter(
                        colonne,
                        valeur,
                        Regle::Repetition,
                        "cette valeur est déjà dans la cellule",
                        None,
                    );
                }
                Some(lue) => vues.push(lue),
                None => {
                    let libelles =
                        liste_fermee(colonne).unwrap_or_else(|| L::toutes().map(ListeFermee::code).collect());
                    let proche = le_plus_proche(valeur, libelles.iter().copied());
                    let suggestion =
                        proche.map_or_else(|| format!("l’une de : {}", libelles.join(", ")), str::to_owned);
                    self.fauter(
                        colonne,
                        valeur,
                        Regle::Liste,
                        "cette valeur n’est pas dans la liste du standard",
                        Some(suggestion),
                    );
                }
            }
        }
    }

    /// The lists of the standard 0.1, whose labels our aliases know.
    fn listes_0_1(&mut self) {
        let connue = |colonne: &str, valeur: &str| match colonne {
            "services" => Service::lire(valeur).is_some(),
            "publics_accueillis" => {
                territoire::plier(valeur) == "adultes"
                    || Public::lire(valeur).is_some()
                    || PriseEnCharge::lire(valeur).is_some()
            }
            "conditions_acces" => Frais::lire(valeur).is_some(),
            "modalites_accompagnement" => ModaliteAccompagnement::lire(valeur).is_some(),
            "labels_nationaux" => {
                let autres = ["aptic", "relais pole emploi", "french tech", "campus connecte"];
                Dispositif::lire(valeur).is_some()
                    || FormationLabel::lire(valeur).is_some()
                    || autres.contains(&territoire::plier(valeur).as_str())
            }
            _ => Typologie::lire(valeur).is_some(),
        };
        for colonne in [
            "services",
            "publics_accueillis",
            "conditions_acces",
            "labels_nationaux",
            "modalites_accompagnement",
            "typologie",
        ] {
            for valeur in morceaux(self.valeur(colonne), self.version) {
                if !connue(colonne, valeur) {
                    self.fauter(
                        colonne,
                        valeur,
                        Regle::Liste,
                        "cette valeur n’est pas dans la liste du standard 0.1",
                        None,
                    );
                }
            }
        }
    }
}

/// The values of a cell; an empty one between two separators is skipped.
fn morceaux(cellule: &str, version: Version) -> Vec<&str> {
    let separateurs: &[char] = match version {
        Version::V0_1 => &[';', '|'],
        Version::V1_0 => &['|'],
    };
    cellule
        .split(separateurs)
        .map(str::trim)
        .filter(|m| !m.is_empty())
        .collect()
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
