//! The faults of the cells of one row.

use territoire::CodeCommune;

use super::{Faute, Regle};
use crate::domain::{
    contact::{Courriel, SiteWeb, Telephone},
    listes::{
        Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement,
        PriseEnCharge, Public, Service,
    },
    nettoyage::{adresse, commune, contact, date, horaires, position, presentation},
    pivot::Pivot,
    standard::{
        colonnes::{OBLIGATOIRES, Version, liste_fermee},
        ligne::Ligne,
    },
    typologie::Typologie,
};

/// The candidate most like a text, when one is like it at all.
pub(super) fn le_plus_proche<'c>(texte: &str, candidats: impl Iterator<Item = &'c str>) -> Option<&'c str> {
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

/// The cells of one row, and the faults found so far.
pub(super) struct Cellules<'l> {
    ligne: &'l Ligne,
    version: Version,
    fautes: Vec<Faute>,
}

impl<'l> Cellules<'l> {
    /// Every fault of a row, but those that other rows make.
    pub(super) fn fautes(ligne: &'l Ligne, version: Version) -> Vec<Faute> {
        let mut cellules = Cellules {
            ligne,
            version,
            fautes: Vec::new(),
        };
        cellules.obligatoires();
        cellules.formes();
        cellules.commune();
        cellules.position();
        cellules.listes();
        cellules.fautes
    }

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
