//! A search as its address carries it: every state of the results page is an address that can be shared.

use crate::{
    domain::filtres::{Autour, Filtres, Ouverture, Territoire, ValeurInconnue},
    index,
};
use jiff::civil::{Date, Time};
use territoire::{Commune, Point, Referentiel};
use ui::page::Page;

/// The radius when the address says none, in kilometres.
pub const RAYON_HABITUEL_KM: u16 = 20;
/// The radii proposed, in kilometres.
pub const RAYONS_KM: [u16; 6] = [5, 10, 20, 30, 50, 100];
/// The hour meant when a day is asked without one.
const HEURE_HABITUELLE: Time = Time::constant(10, 0, 0, 0);
/// Longest text read in the search box, in bytes.
const TEXTE_MAXIMAL: usize = 200;

/// In which order places are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tri {
    /// The nearest first; by name without a starting point.
    #[default]
    Distance,
    /// By name.
    Nom,
    /// The most recently updated first.
    Fraicheur,
}

impl Tri {
    /// Every order.
    pub const TOUS: [Self; 3] = [Self::Distance, Self::Nom, Self::Fraicheur];

    /// The value in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Distance => "distance",
            Self::Nom => "nom",
            Self::Fraicheur => "fraicheur",
        }
    }
}

/// What the person typed and what was kept of it, when something was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compris {
    /// A street was typed, its commune was kept.
    Commune,
    /// A postal code that several communes share was typed, the largest was kept.
    CodePostal,
    /// A street was typed, a rounded point was kept.
    Rue,
    /// A street was typed that the address service could not place, its commune was kept.
    RueIntrouvable,
}

impl Compris {
    /// Every case.
    pub const TOUS: [Self; 4] = [Self::Commune, Self::CodePostal, Self::Rue, Self::RueIntrouvable];

    /// The value in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::CodePostal => "code-postal",
            Self::Rue => "rue",
            Self::RueIntrouvable => "rue-introuvable",
        }
    }
}

/// A search as its address carries it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recherche {
    /// What is asked of the places; a commune alone is a starting point, and is not among its territories.
    pub filtres: Filtres,
    /// The commune from which distances count.
    pub commune: Option<&'static Commune>,
    /// How far, in kilometres, when the address says it.
    pub rayon_km: Option<u16>,
    /// Words of the name of a place.
    pub nom: Option<String>,
    /// What was typed in the search box, not yet understood.
    pub saisie: Option<String>,
    /// What was kept of an address.
    pub compris: Option<Compris>,
    /// The order.
    pub tri: Tri,
    /// The page, from 1.
    pub page: usize,
    /// Whether the map of the country is shown.
    pub carte: bool,
    /// Whether the text version shows every filter.
    pub tous_les_filtres: bool,
    /// What the address asks that nothing understands.
    pub inconnues: Vec<ValeurInconnue>,
}

impl Recherche {
    /// Reads the query of an address.
    pub fn lire(requete: &str) -> Self {
        let paires: Vec<(String, String)> = form_urlencoded::parse(requete.as_bytes()).into_owned().collect();
        Self::des_paires(&paires)
    }

    /// Reads decoded pairs, of an address or of a form.
    pub fn des_paires(paires: &[(String, String)]) -> Self {
        let mut recherche = Self {
            page: 1,
            ..Self::default()
        };
        let mut heure = HEURE_HABITUELLE;
        let mut jour = None;
        let mut autres: Vec<(&str, &str)> = Vec::with_capacity(paires.len());
        for (cle, valeur) in paires {
            let valeur = valeur.trim();
            match cle.as_str() {
                "q" => recherche.saisie = texte(valeur),
                "nom" => recherche.nom = texte(valeur),
                "compris" => recherche.compris = Compris::TOUS.into_iter().find(|c| c.code() == valeur),
                "tri" => recherche.tri = Tri::TOUS.into_iter().find(|t| t.code() == valeur).unwrap_or_default(),
                "page" => recherche.page = valeur.parse().unwrap_or(1).max(1),
                "carte" => recherche.carte = !valeur.is_empty(),
                "filtres" => recherche.tous_les_filtres = valeur == "tous",
                "heure" => heure = valeur.parse().unwrap_or(heure),
                "ouvert" if valeur.parse::<Date>().is_ok() && valeur.len() == 10 => jour = valeur.parse::<Date>().ok(),
                // The script of "around me" and short addresses say it shorter.
                "lat" => autres.push(("latitude", valeur)),
                "lon" => autres.push(("longitude", valeur)),
                cle => autres.push((cle, valeur)),
            }
        }
        recherche.rayon_km = autres
            .iter()
            .find(|(cle, _)| *cle == "distance")
            .and_then(|(_, v)| v.parse().ok());
        let lecture = Filtres::lire(autres);
        recherche.filtres = lecture.filtres;
        recherche.inconnues = lecture.inconnues;
        if let Some(jour) = jour {
            recherche.filtres.ouverture = Some(Ouverture::Le(jour.to_datetime(heure)));
        }
        recherche.situer();
        recherche
    }

    /// A commune alone is where the person is, not a limit: places across the boundary count too.
    fn situer(&mut self) {
        if let Some(autour) = &mut self.filtres.autour {
            autour.centre = autour.centre.arrondi();
        }
        if let ([Territoire::Commune(code)], None) = (self.filtres.territoires.as_slice(), self.filtres.autour) {
            self.commune = Referentiel::embarque().resoudre(*code);
            if self.commune.is_some() {
                self.filtres.territoires.clear();
            }
        }
        self.rayon_km = self
            .rayon_km
            .filter(|km| RAYONS_KM.contains(km) || self.filtres.autour.is_some_and(|a| a.rayon_km == *km));
    }

    /// From where distances count.
    pub fn centre(&self) -> Option<Point> {
        self.filtres
            .autour
            .map(|a| a.centre)
            .or_else(|| self.commune.map(|c| c.point))
    }

    /// How far, in kilometres, when there is a starting point.
    pub fn rayon(&self) -> Option<u16> {
        self.centre().map(|_| self.rayon_km.unwrap_or(RAYON_HABITUEL_KM))
    }

    /// The same search from this commune.
    pub fn depuis_commune(mut self, commune: &'static Commune) -> Self {
        self.commune = Some(commune);
        self.filtres.autour = None;
        self.sans_saisie()
    }

    /// The same search from this point.
    pub fn depuis_point(mut self, centre: Point) -> Self {
        self.commune = None;
        let rayon_km = self.rayon_km.unwrap_or(RAYON_HABITUEL_KM);
        self.filtres.autour = Some(Autour {
            centre: centre.arrondi(),
            rayon_km,
        });
        self.sans_saisie()
    }

    /// The same search for this name, anywhere.
    pub fn par_nom(mut self, nom: &str) -> Self {
        self.commune = None;
        self.filtres.autour = None;
        self.nom = texte(nom);
        self.saisie = None;
        self.page = 1;
        self
    }

    /// The same search, which says what was kept of what was typed.
    pub fn comprise(mut self, compris: Compris) -> Self {
        self.compris = Some(compris);
        self
    }

    fn sans_saisie(mut self) -> Self {
        self.nom = None;
        self.saisie = None;
        self.compris = None;
        self.page = 1;
        self
    }

    /// The same search at this distance.
    pub fn a(mut self, rayon_km: u16) -> Self {
        self.rayon_km = Some(rayon_km);
        if let Some(autour) = &mut self.filtres.autour {
            autour.rayon_km = rayon_km;
        }
        self.page = 1;
        self
    }

    /// Where one is, by name or by place, without any filter.
    pub fn sans_filtres(&self) -> Self {
        Self {
            filtres: Filtres {
                autour: self.filtres.autour,
                territoires: self.filtres.territoires.clone(),
                ..Filtres::default()
            },
            page: 1,
            inconnues: Vec::new(),
            ..self.clone()
        }
    }

    /// What makes the person's place in the address: these pairs are not filters that can be removed.
    pub fn est_de_lieu(cle: &str) -> bool {
        matches!(
            cle,
            "commune" | "latitude" | "longitude" | "nom" | "tri" | "page" | "carte" | "compris"
        )
    }

    /// The pairs of the canonical address.
    pub fn paires(&self) -> Vec<(&'static str, String)> {
        let mut paires = self.filtres.paires();
        paires.retain(|(cle, _)| *cle != "distance");
        if let Some(commune) = self.commune {
            paires.push(("commune", commune.code.to_string()));
        }
        let rayon = self.rayon().filter(|km| *km != RAYON_HABITUEL_KM);
        paires.extend(rayon.map(|km| ("distance", km.to_string())));
        paires.extend(self.nom.as_ref().map(|nom| ("nom", nom.clone())));
        if self.tri != Tri::default() {
            paires.push(("tri", self.tri.code().to_owned()));
        }
        if self.carte {
            paires.push(("carte", "1".to_owned()));
        }
        paires.extend(self.compris.map(|c| ("compris", c.code().to_owned())));
        if self.page > 1 {
            paires.push(("page", self.page.to_string()));
        }
        paires
    }

    /// Its address in the language of the page.
    pub fn url(&self, page: &Page) -> String {
        url(page, "/lieux", &self.paires())
    }

    /// What the index is asked.
    pub fn pour_l_index(&self, par_page: usize) -> index::Demande {
        index::Demande {
            filtres: self.filtres.clone(),
            centre: self.centre(),
            rayon_m: self.rayon().map(|km| f64::from(km) * 1000.0),
            texte: self.nom.clone(),
            decalage: (self.page - 1).saturating_mul(par_page),
            limite: par_page,
            comptes: true,
            ..index::Demande::default()
        }
    }
}

/// An address in the language of the page, with these pairs as its query.
pub fn url(page: &Page, chemin: &str, paires: &[(&'static str, String)]) -> String {
    let chemin = page.url(chemin);
    if paires.is_empty() {
        return chemin;
    }
    let requete = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(paires)
        .finish();
    format!("{chemin}?{requete}")
}

fn texte(valeur: &str) -> Option<String> {
    let fin = valeur.floor_char_boundary(TEXTE_MAXIMAL);
    Some(valeur[..fin].trim().to_owned()).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonique(requete: &str) -> String {
        Recherche::lire(requete).url(&Page::new("", "/lieux"))
    }

    #[test]
    fn chaque_recherche_a_une_adresse_canonique() {
        let cas = [
            ("", "/lieux"),
            ("commune=01053&distance=20&page=1&tri=distance", "/lieux?commune=01053"),
            (
                "services=aide-demarches&commune=01053&page=3",
                "/lieux?services=aide-demarches&commune=01053&page=3",
            ),
            ("lat=48.85661&lon=2.35222", "/lieux?latitude=48.86&longitude=2.35"),
            (
                "commune=01053&distance=50&tri=nom",
                "/lieux?commune=01053&distance=50&tri=nom",
            ),
            ("nom=m%C3%A9diath%C3%A8que", "/lieux?nom=m%C3%A9diath%C3%A8que"),
            ("ouvert=2026-11-24&heure=14:30", "/lieux?ouvert=2026-11-24T14%3A30"),
            ("ouvert=&heure=10:00&services=", "/lieux"),
            ("commune=01053&commune=01004", "/lieux?commune=01004&commune=01053"),
        ];
        for (requete, attendue) in cas {
            assert_eq!(canonique(requete), attendue, "{requete}");
            let relue = attendue.split_once('?').map_or("", |(_, r)| r);
            assert_eq!(canonique(relue), attendue);
        }
    }

    #[test]
    fn un_point_precis_est_arrondi_avant_toute_chose() {
        let recherche = Recherche::lire("latitude=48.856614&longitude=2.352222&distance=5");
        let centre = recherche.centre().unwrap();
        assert_eq!(
            (centre.latitude, centre.longitude, recherche.rayon()),
            (48.86, 2.35, Some(5))
        );
    }

    #[test]
    fn une_commune_seule_est_un_point_de_depart_et_plusieurs_sont_une_limite() {
        let depart = Recherche::lire("commune=01053");
        assert_eq!(depart.commune.map(|c| c.nom), Some("Bourg-en-Bresse"));
        assert!(depart.filtres.territoires.is_empty());
        let limite = Recherche::lire("commune=01053&commune=01004");
        assert_eq!((limite.commune, limite.filtres.territoires.len()), (None, 2));
    }
}
