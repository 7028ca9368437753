//! The filters of the search: what a person asks of a place, and how an address of the site carries it.
//!
//! Values of one filter widen it (OR), filters narrow each other (AND). The keys of an address are the columns of the
//! standard; the addresses of the former national map are still understood.

use std::fmt::Write;

use jiff::civil::DateTime;
use territoire::{CodeCommune, CodeDepartement, CodeRegion, Commune, Point, SirenEpci};

use super::lieu::Lieu;
use super::listes::{
    Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge,
    Public, Service,
};
use super::typologie::Typologie;

/// Everything that a search may ask of a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filtres {
    /// Services offered.
    pub services: Vec<Service>,
    /// People for whom the place was made.
    pub publics: Vec<Public>,
    /// Special needs it meets.
    pub prises_en_charge: Vec<PriseEnCharge>,
    /// Price; "Gratuit" is the free filter.
    pub frais: Vec<Frais>,
    /// National programmes.
    pub dispositifs: Vec<Dispositif>,
    /// Trainings and labels of the standard.
    pub formations: Vec<FormationLabel>,
    /// Other labels, as free text.
    pub autres_formations: Vec<String>,
    /// Ways to get in.
    pub modalites_acces: Vec<ModaliteAcces>,
    /// Ways to be accompanied; "À distance" is the remote filter.
    pub modalites_accompagnement: Vec<ModaliteAccompagnement>,
    /// Kinds of place.
    pub typologies: Vec<Typologie>,
    /// Fixed or itinerant; a place with visits is itinerant.
    pub itinerance: Vec<Itinerance>,
    /// Bodies that collected the data.
    pub sources: Vec<String>,
    /// What the record must hold; each one asked narrows the search.
    pub avec: Vec<Presence>,
    /// Territories: a place in any of them is kept.
    pub territoires: Vec<Territoire>,
    /// A circle.
    pub autour: Option<Autour>,
    /// When the place must be open.
    pub ouverture: Option<Ouverture>,
}

/// A part of the record whose presence can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// A telephone number.
    Telephone,
    /// An e-mail address.
    Courriel,
    /// A site.
    SiteWeb,
    /// Opening hours.
    Horaires,
    /// A page of acceslibre.
    FicheAccesLibre,
    /// Appointments online.
    PriseRdv,
}

impl Presence {
    /// Every part, in the order of the standard.
    pub const TOUTES: [Self; 6] = [
        Self::Telephone,
        Self::Courriel,
        Self::SiteWeb,
        Self::Horaires,
        Self::FicheAccesLibre,
        Self::PriseRdv,
    ];

    /// Short stable code, for addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Courriel => "courriel",
            Self::SiteWeb => "site-web",
            Self::Horaires => "horaires",
            Self::FicheAccesLibre => "fiche-acces-libre",
            Self::PriseRdv => "prise-rdv",
        }
    }

    /// What the person reads.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Telephone => "Numéro de téléphone",
            Self::Courriel => "Adresse électronique",
            Self::SiteWeb => "Site internet",
            Self::Horaires => "Horaires connus",
            Self::FicheAccesLibre => "Accessibilité décrite",
            Self::PriseRdv => "Rendez-vous en ligne",
        }
    }

    /// Whether the record of this place holds it.
    pub fn est_dans(self, lieu: &Lieu) -> bool {
        match self {
            Self::Telephone => lieu.contact.telephone.is_some(),
            Self::Courriel => !lieu.contact.courriels.is_empty(),
            Self::SiteWeb => !lieu.contact.sites_web.is_empty(),
            Self::Horaires => lieu.horaires.is_some(),
            Self::FicheAccesLibre => lieu.fiche_acces_libre.is_some(),
            Self::PriseRdv => lieu.prise_rdv.is_some(),
        }
    }
}

/// A territory that a search may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Territoire {
    /// A region.
    Region(CodeRegion),
    /// A département.
    Departement(CodeDepartement),
    /// An EPCI.
    Epci(SirenEpci),
    /// A commune, or an arrondissement of Paris, Lyon or Marseille.
    Commune(CodeCommune),
}

impl Territoire {
    /// Whether a place that declares this code, in this current commune, stands in the territory.
    pub fn contient(self, code: Option<CodeCommune>, commune: Option<&Commune>) -> bool {
        match self {
            Self::Region(region) => commune.is_some_and(|c| c.region == Some(region)),
            Self::Departement(departement) => commune.is_some_and(|c| c.departement == Some(departement)),
            Self::Epci(epci) => commune.is_some_and(|c| c.epci == Some(epci)),
            Self::Commune(cherchee) => code == Some(cherchee) || commune.is_some_and(|c| c.code == cherchee),
        }
    }

    fn cle_et_code(&self) -> (&'static str, &str) {
        match self {
            Self::Region(code) => ("region", code.as_str()),
            Self::Departement(code) => ("departement", code.as_str()),
            Self::Epci(siren) => ("epci", siren.as_str()),
            Self::Commune(code) => ("commune", code.as_str()),
        }
    }
}

/// A circle around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autour {
    /// The centre, rounded to 0.01 degree in addresses: an address says nothing of where a person lives.
    pub centre: Point,
    /// The radius, in kilometres.
    pub rayon_km: u16,
}

/// The greatest radius of a search, in kilometres.
pub const RAYON_MAXIMAL_KM: u16 = 200;

/// When a place must be open, in its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ouverture {
    /// At the moment of the search.
    Maintenant,
    /// On that day at that time, as the clock on the wall of the place shows it.
    Le(DateTime),
    /// At any moment of the coming Saturday or Sunday.
    CeWeekEnd,
}

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

    /// Whether nothing is asked.
    pub fn est_vide(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a place answers every filter. `commune` is the current commune of the place and `ouvert` says whether
    /// it is open; unknown hours are not open.
    pub fn retient(&self, lieu: &Lieu, commune: Option<&Commune>, ouvert: impl FnOnce(Ouverture) -> bool) -> bool {
        self.retient_les_champs(lieu)
            && self.retient_le_territoire(lieu, commune)
            && self.autour.is_none_or(|cercle| cercle.contient(lieu))
            && self.ouverture.is_none_or(ouvert)
    }

    fn retient_les_champs(&self, lieu: &Lieu) -> bool {
        un_de(&self.services, &lieu.services)
            && un_de(&self.publics, &lieu.publics)
            && un_de(&self.prises_en_charge, &lieu.prises_en_charge)
            && un_de(&self.frais, &lieu.frais)
            && un_de(&self.dispositifs, &lieu.dispositifs)
            && un_de(&self.formations, &lieu.formations)
            && self.retient_les_autres_formations(lieu)
            && un_de(&self.modalites_acces, &lieu.modalites_acces)
            && un_de(&self.modalites_accompagnement, &lieu.modalites_accompagnement)
            && un_de(&self.typologies, &lieu.typologies)
            && (self.itinerance.is_empty() || self.itinerance.iter().any(|i| a_l_itinerance(lieu, *i)))
            && (self.sources.is_empty() || lieu.source.as_ref().is_some_and(|s| self.sources.contains(s)))
            && self.avec.iter().all(|presence| presence.est_dans(lieu))
    }

    fn retient_les_autres_formations(&self, lieu: &Lieu) -> bool {
        let demandees = &self.autres_formations;
        let porte = |label: &String| demandees.iter().any(|d| actuel(d) == actuel(label));
        demandees.is_empty() || lieu.autres_formations.iter().any(porte)
    }

    fn retient_le_territoire(&self, lieu: &Lieu, commune: Option<&Commune>) -> bool {
        self.territoires.is_empty()
            || self
                .territoires
                .iter()
                .any(|t| t.contient(lieu.adresse.code_insee, commune))
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

impl Autour {
    /// Whether a place stands within the circle; a place whose position is unknown does not.
    pub fn contient(self, lieu: &Lieu) -> bool {
        lieu.position
            .is_some_and(|p| p.point.distance_m(self.centre) <= f64::from(self.rayon_km) * 1000.0)
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

const AUTRES_FORMATIONS: &str = "autres_formations_labels";
const SOURCE: &str = "source";
const AVEC: &str = "avec";
const LATITUDE: &str = "latitude";
const LONGITUDE: &str = "longitude";
const RAYON: &str = "distance";
const OUVERT: &str = "ouvert";
const RAYON_PAR_DEFAUT_KM: u16 = 20;

fn un_de<T: PartialEq>(demandes: &[T], presents: &[T]) -> bool {
    demandes.is_empty() || demandes.iter().any(|d| presents.contains(d))
}

/// FRR replaced ZRR on 1 July 2024; older addresses and older files still say ZRR.
fn actuel(label: &str) -> &str {
    if label == "ZRR" { "FRR" } else { label }
}

fn a_l_itinerance(lieu: &Lieu, itinerance: Itinerance) -> bool {
    match itinerance {
        Itinerance::Itinerant => lieu.est_itinerant(),
        Itinerance::Fixe => !lieu.est_itinerant() || lieu.itinerance.contains(&Itinerance::Fixe),
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
    super::lieu::ajouter_une_fois(valeurs, valeur);
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
