//! How an address of the site carries the filters: the columns of the standard are its keys, one order is canonical,
//! and the addresses of the former national map are still understood.

use std::fmt::Write;

use territoire::Point;

use super::{Autour, Filtres, Ouverture, Presence, RAYON_MAXIMAL_KM, Territoire, actuel};
use crate::domain::lieu::ajouter_une_fois;
use crate::domain::listes::{
    Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge,
    Public, Service,
};
use crate::domain::typologie::Typologie;

const AUTRES_FORMATIONS: &str = "autres_formations_labels";
const SOURCE: &str = "source";
const AVEC: &str = "avec";
const LATITUDE: &str = "latitude";
const LONGITUDE: &str = "longitude";
const RAYON: &str = "distance";
const OUVERT: &str = "ouvert";
const RAYON_PAR_DEFAUT_KM: u16 = 20;

/// A value that a filter does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("le filtre « {cle} » ne connaît pas la valeur « {valeur} »")]
pub struct ValeurInconnue {
    /// The key of the address.
    pub cle: String,
    /// The value as it was written.
    pub valeur: String,
}

/// What an address says: the filters that were understood, and the values that were not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lecture {
    /// The filters understood.
    pub filtres: Filtres,
    /// The values left out, to be told to the person or refused to the program.
    pub inconnues: Vec<ValeurInconnue>,
}

impl Filtres {
    /// Reads the decoded pairs of an address; keys of other parts of the site are left alone.
    pub fn lire<'a>(paires: impl IntoIterator<Item = (&'a str, &'a str)>) -> Lecture {
        let mut lecteur = Lecteur::default();
        for (cle, valeur) in paires {
            lecteur.paire(cle, valeur.trim());
        }
        lecteur.fini()
    }

    /// The pairs of the canonical address: one order, each value once, the same filters always in the same words.
    pub fn paires(&self) -> Vec<(&'static str, String)> {
        let mut paires = Vec::new();
        ecrire_liste(&mut paires, &self.services);
        ecrire_liste(&mut paires, &self.publics);
        ecrire_liste(&mut paires, &self.prises_en_charge);
        ecrire_liste(&mut paires, &self.frais);
        ecrire_liste(&mut paires, &self.dispositifs);
        ecrire_liste(&mut paires, &self.formations);
        ecrire_textes(&mut paires, AUTRES_FORMATIONS, &self.autres_formations);
        ecrire_liste(&mut paires, &self.modalites_acces);
        ecrire_liste(&mut paires, &self.modalites_accompagnement);
        ecrire_liste(&mut paires, &self.typologies);
        ecrire_liste(&mut paires, &self.itinerance);
        ecrire_textes(&mut paires, SOURCE, &self.sources);
        paires.extend(ordonne(&self.avec).iter().map(|p| (AVEC, p.code().to_owned())));
        paires.extend(ordonne(&self.territoires).iter().map(|t| {
            let (cle, code) = t.cle_et_code();
            (cle, code.to_owned())
        }));
        if let Some(Autour { centre, rayon_km }) = self.autour {
            let centre = centre.arrondi();
            paires.push((LATITUDE, format!("{:.2}", centre.latitude)));
            paires.push((LONGITUDE, format!("{:.2}", centre.longitude)));
            paires.push((RAYON, rayon_km.to_string()));
        }
        paires.extend(self.ouverture.map(|quand| (OUVERT, quand.ecrire())));
        paires
    }

    /// The canonical query string, without its question mark; empty when nothing is asked.
    pub fn requete(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.paires())
            .finish()
    }
}

impl Ouverture {
    fn ecrire(self) -> String {
        match self {
            Self::Maintenant => "maintenant".to_owned(),
            Self::CeWeekEnd => "week-end".to_owned(),
            Self::Le(quand) => {
                let mut texte = quand.date().to_string();
                write!(texte, "T{:02}:{:02}", quand.hour(), quand.minute()).expect("writing to a text cannot fail");
                texte
            }
        }
    }

    fn lire(texte: &str) -> Option<Self> {
        match texte {
            "maintenant" | "true" | "1" => Some(Self::Maintenant),
            "week-end" => Some(Self::CeWeekEnd),
            _ => texte.parse().ok().map(Self::Le),
        }
    }
}

fn ordonne<T: Copy + Ord>(valeurs: &[T]) -> Vec<T> {
    let mut valeurs = valeurs.to_vec();
    valeurs.sort_unstable();
    valeurs.dedup();
    valeurs
}

fn ecrire_liste<L: ListeFermee>(paires: &mut Vec<(&'static str, String)>, valeurs: &[L]) {
    paires.extend(ordonne(valeurs).iter().map(|v| (L::COLONNE, v.code().to_owned())));
}

fn ecrire_textes(paires: &mut Vec<(&'static str, String)>, cle: &'static str, valeurs: &[String]) {
    let mut valeurs: Vec<&String> = valeurs.iter().collect();
    valeurs.sort_unstable();
    valeurs.dedup();
    paires.extend(valeurs.into_iter().map(|v| (cle, v.clone())));
}

/// Collects the pairs of one address.
#[derive(Default)]
struct Lecteur {
    lecture: Lecture,
    latitude: Option<f64>,
    longitude: Option<f64>,
    rayon_km: Option<u16>,
    /// The kind of territory of the former map, whose codes stand apart.
    genre_de_territoire: Option<String>,
    territoires: Vec<String>,
}

impl Lecteur {
    fn paire(&mut self, cle: &str, texte: &str) {
        if texte.is_empty() {
            return;
        }
        match cle {
            // The former map sends the instant of the search, which is now.
            "ouvert_actuellement" if texte != "false" => self.lecture.filtres.ouverture = Some(Ouverture::Maintenant),
            "ouvert_le_week_end" if texte == "true" => self.lecture.filtres.ouverture = Some(Ouverture::CeWeekEnd),
            OUVERT => match Ouverture::lire(texte) {
                Some(quand) => self.lecture.filtres.ouverture = Some(quand),
                None => self.inconnue(cle, texte),
            },
            LATITUDE => self.latitude = self.nombre(cle, texte, -90.0..=90.0),
            LONGITUDE => self.longitude = self.nombre(cle, texte, -180.0..=180.0),
            RAYON => match texte.parse() {
                Ok(km @ 1..=RAYON_MAXIMAL_KM) => self.rayon_km = Some(km),
                _ => self.inconnue(cle, texte),
            },
            "territoire_type" => self.genre_de_territoire = Some(texte.to_owned()),
            _ => texte
                .split(['|', ','])
                .map(str::trim)
                .filter(|v| !v.is_empty())
                .for_each(|v| self.valeur(cle, v)),
        }
    }

    fn valeur(&mut self, cle: &str, valeur: &str) {
        let filtres = &mut self.lecture.filtres;
        let connue = match cle {
            Service::COLONNE => ajouter(&mut filtres.services, valeur),
            Public::COLONNE => ajouter(&mut filtres.publics, valeur),
            // One value of the former map stands for two of the standard.
            PriseEnCharge::COLONNE if valeur == "Langues étrangères" => {
                for langues in [PriseEnCharge::LanguesAnglais, PriseEnCharge::LanguesAutres] {
                    une_fois(&mut filtres.prises_en_charge, langues);
                }
                true
            }
            PriseEnCharge::COLONNE => ajouter(&mut filtres.prises_en_charge, valeur),
            Frais::COLONNE => ajouter(&mut filtres.frais, valeur),
            Dispositif::COLONNE => ajouter(&mut filtres.dispositifs, valeur),
            FormationLabel::COLONNE => ajouter(&mut filtres.formations, valeur),
            ModaliteAcces::COLONNE => ajouter(&mut filtres.modalites_acces, valeur),
            ModaliteAccompagnement::COLONNE => ajouter(&mut filtres.modalites_accompagnement, valeur),
            Typologie::COLONNE => ajouter(&mut filtres.typologies, valeur),
            Itinerance::COLONNE => ajouter(&mut filtres.itinerance, valeur),
            AUTRES_FORMATIONS => une_fois(&mut filtres.autres_formations, actuel(valeur).to_owned()),
            SOURCE => une_fois(&mut filtres.sources, valeur.to_owned()),
            AVEC => ajouter_presence(&mut filtres.avec, valeur),
            "prise_rdv" => une_fois(&mut filtres.avec, Presence::PriseRdv),
            "fiche_acces_libre" => une_fois(&mut filtres.avec, Presence::FicheAccesLibre),
            "territoires" => une_fois(&mut self.territoires, valeur.to_owned()),
            "region" | "departement" | "epci" | "commune" => ajouter_territoire(&mut filtres.territoires, cle, valeur),
            _ => true,
        };
        if !connue {
            self.inconnue(cle, valeur);
        }
    }

    fn nombre(&mut self, cle: &str, texte: &str, bornes: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let nombre = texte.parse().ok().filter(|n| bornes.contains(n));
        if nombre.is_none() {
            self.inconnue(cle, texte);
        }
        nombre
    }

    fn inconnue(&mut self, cle: &str, valeur: &str) {
        self.lecture.inconnues.push(ValeurInconnue {
            cle: cle.to_owned(),
            valeur: valeur.to_owned(),
        });
    }

    fn fini(mut self) -> Lecture {
        if let (Some(latitude), Some(longitude)) = (self.latitude, self.longitude) {
            let rayon_km = self.rayon_km.unwrap_or(RAYON_PAR_DEFAUT_KM);
            self.lecture.filtres.autour = Point::valide(longitude, latitude).map(|centre| Autour { centre, rayon_km });
        }
        let cle = match self.genre_de_territoire.as_deref() {
            Some("regions") => "region",
            Some("communes") => "commune",
            _ => "departement",
        };
        for code in std::mem::take(&mut self.territoires) {
            if !ajouter_territoire(&mut self.lecture.filtres.territoires, cle, &code) {
                self.inconnue("territoires", &code);
            }
        }
        self.lecture
    }
}

fn ajouter<L: ListeFermee>(valeurs: &mut Vec<L>, texte: &str) -> bool {
    L::lire(texte).is_some_and(|valeur| une_fois(valeurs, valeur))
}

fn ajouter_presence(valeurs: &mut Vec<Presence>, code: &str) -> bool {
    Presence::TOUTES
        .into_iter()
        .find(|p| p.code() == code)
        .is_some_and(|presence| une_fois(valeurs, presence))
}

fn ajouter_territoire(valeurs: &mut Vec<Territoire>, cle: &str, code: &str) -> bool {
    let territoire = match cle {
        "region" => code.parse().ok().map(Territoire::Region),
        "departement" => code.parse().ok().map(Territoire::Departement),
        "epci" => code.parse().ok().map(Territoire::Epci),
        _ => code.parse().ok().map(Territoire::Commune),
    };
    territoire.is_some_and(|territoire| une_fois(valeurs, territoire))
}

/// Adds a value that the list does not hold yet; it is known either way.
fn une_fois<T: PartialEq>(valeurs: &mut Vec<T>, valeur: T) -> bool {
    ajouter_une_fois(valeurs, valeur);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lire(requete: &str) -> Lecture {
        let paires: Vec<_> = form_urlencoded::parse(requete.as_bytes()).into_owned().collect();
        Filtres::lire(paires.iter().map(|(cle, valeur)| (cle.as_str(), valeur.as_str())))
    }

    #[test]
    fn l_adresse_canonique_a_un_seul_ordre_et_se_relit() {
        let lecture = lire(
            "ouvert=2026-11-24T14:30&services=insertion-professionnelle,aide-demarches&services=aide-demarches\
             &frais_a_charge=gratuit&departement=971&commune=01004&latitude=46.123456&longitude=5.99&distance=10",
        );
        assert_eq!(lecture.inconnues, []);
        let requete = lecture.filtres.requete();
        insta::assert_snapshot!(requete, @"services=aide-demarches&services=insertion-professionnelle&frais_a_charge=gratuit&departement=971&commune=01004&latitude=46.12&longitude=5.99&distance=10&ouvert=2026-11-24T14%3A30");
        assert_eq!(lire(&requete).filtres.requete(), requete);
    }

    #[test]
    fn une_valeur_inconnue_est_nommee_et_n_efface_pas_les_autres() {
        let lecture = lire("services=cuisine,aide-demarches&distance=0&ouvert=demain&avec=piscine&page=2");
        let messages: Vec<String> = lecture.inconnues.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "le filtre « services » ne connaît pas la valeur « cuisine »",
                "le filtre « distance » ne connaît pas la valeur « 0 »",
                "le filtre « ouvert » ne connaît pas la valeur « demain »",
                "le filtre « avec » ne connaît pas la valeur « piscine »",
            ]
        );
        assert_eq!(lecture.filtres.services, [Service::AideDemarches]);
    }

    #[test]
    fn les_adresses_de_l_ancienne_carte_sont_comprises() {
        let lecture = lire(
            "autres_formations_labels=ZRR&prise_en_charge_specifique=Langues+%C3%A9trang%C3%A8res\
             &prise_rdv=Prise+de+RDV+en+ligne&territoire_type=departements&territoires=75,13\
             &ouvert_actuellement=2026-05-06T12:00:00.000Z&services=Acc%C3%A8s+internet+et+mat%C3%A9riel+informatique",
        );
        assert_eq!(lecture.inconnues, []);
        let filtres = lecture.filtres;
        assert_eq!(filtres.autres_formations, ["FRR"]);
        assert_eq!(
            filtres.prises_en_charge,
            [PriseEnCharge::LanguesAnglais, PriseEnCharge::LanguesAutres]
        );
        assert_eq!(filtres.avec, [Presence::PriseRdv]);
        assert_eq!(filtres.territoires.len(), 2);
        assert_eq!(filtres.ouverture, Some(Ouverture::Maintenant));
        assert_eq!(filtres.services, [Service::AccesInternetMateriel]);
    }
}
