//! The perimeter over which a function is held: one code, and the codes of what holds it.

use socle::permissions::{Action, Actor, Forbidden, Permit, WHOLE, authorise, person_code};
use territoire::{
    CodeCollectivite, CodeCommune, CodeDepartement, CodeRegion, Commune, Referentiel, SirenEpci, plier_nom,
};
use uuid::Uuid;

/// A kind of perimeter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    /// Everything.
    Nation,
    /// A région.
    Region,
    /// A département.
    Departement,
    /// An overseas collectivity.
    Collectivite,
    /// An EPCI.
    Epci,
    /// A commune.
    Commune,
    /// An organisation.
    Organisation,
    /// A group: the communes of an arrondissement, the organisations of a network, the territories of a hub, a list of people.
    Groupement,
}

impl Genre {
    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Nation => "Toute la France",
            Self::Region => "Région",
            Self::Departement => "Département",
            Self::Collectivite => "Collectivité d’outre-mer",
            Self::Epci => "Intercommunalité",
            Self::Commune => "Commune",
            Self::Organisation => "Organisation",
            Self::Groupement => "Groupement (arrondissement, réseau, hub, liste)",
        }
    }
}

/// A perimeter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Perimetre {
    /// Everything.
    Nation,
    /// A région.
    Region(CodeRegion),
    /// A département.
    Departement(CodeDepartement),
    /// An overseas collectivity.
    Collectivite(CodeCollectivite),
    /// An EPCI, by its SIREN number.
    Epci(SirenEpci),
    /// A commune, by its INSEE code.
    Commune(CodeCommune),
    /// An organisation.
    Organisation(Uuid),
    /// A group.
    Groupement(Uuid),
}

/// The text does not name a perimeter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » ne désigne pas un périmètre : écrivez par exemple « Ain », « 69 », « Auvergne-Rhône-Alpes » ou « Bourg-en-Bresse (Ain, 01) »"
)]
pub struct ErreurPerimetre(pub String);

impl Perimetre {
    /// Its kind.
    pub fn genre(&self) -> Genre {
        match self {
            Self::Nation => Genre::Nation,
            Self::Region(_) => Genre::Region,
            Self::Departement(_) => Genre::Departement,
            Self::Collectivite(_) => Genre::Collectivite,
            Self::Epci(_) => Genre::Epci,
            Self::Commune(_) => Genre::Commune,
            Self::Organisation(_) => Genre::Organisation,
            Self::Groupement(_) => Genre::Groupement,
        }
    }

    /// Its stable code, as stored and compared.
    pub fn code(&self) -> String {
        match self {
            Self::Nation => WHOLE.to_owned(),
            Self::Region(code) => format!("R:{}", code.as_str()),
            Self::Departement(code) => format!("D:{}", code.as_str()),
            Self::Collectivite(code) => format!("T:{}", code.as_str()),
            Self::Epci(siren) => format!("E:{}", siren.as_str()),
            Self::Commune(code) => format!("C:{}", code.as_str()),
            Self::Organisation(id) => code_organisation(*id),
            Self::Groupement(id) => format!("G:{id}"),
        }
    }

    /// Reads a code.
    ///
    /// # Errors
    /// When it names no perimeter, or a territory that does not exist.
    pub fn lire(code: &str) -> Result<Self, ErreurPerimetre> {
        let inconnu = || ErreurPerimetre(code.chars().take(60).collect());
        let code = code.trim();
        if code == WHOLE {
            return Ok(Self::Nation);
        }
        let (genre, reste) = code.split_once(':').ok_or_else(inconnu)?;
        let carte = Referentiel::embarque();
        let lu = match genre {
            "R" => reste
                .parse()
                .ok()
                .filter(|c| carte.region(*c).is_some())
                .map(Self::Region),
            "D" => reste
                .parse()
                .ok()
                .filter(|c| carte.departement(*c).is_some())
                .map(Self::Departement),
            "T" => reste
                .parse()
                .ok()
                .filter(|c| carte.collectivite(*c).is_some())
                .map(Self::Collectivite),
            "E" => reste.parse().ok().filter(|c| carte.epci(*c).is_some()).map(Self::Epci),
            "C" => reste
                .parse()
                .ok()
                .and_then(|c| carte.resoudre(c))
                .map(|c| Self::Commune(c.code)),
            "O" => reste.parse().ok().map(Self::Organisation),
            "G" => reste.parse().ok().map(Self::Groupement),
            _ => None,
        };
        lu.ok_or_else(inconnu)
    }

    /// Reads what a person typed for a function held over such kinds: a code, a number or a name, such as `69`, `Ain` or `Bourg-en-Bresse`.
    /// The first kind that knows the name wins.
    ///
    /// # Errors
    /// When nothing, or several communes, bear that name.
    pub fn reconnaitre(texte: &str, genres: &[Genre]) -> Result<Self, ErreurPerimetre> {
        if let Ok(lu) = Self::lire(texte) {
            return Ok(lu);
        }
        let (carte, plie) = (Referentiel::embarque(), plier_nom(texte));
        let nomme = |nom: &str| plier_nom(nom) == plie;
        let trouve = genres.iter().find_map(|genre| match genre {
            Genre::Nation => ["france", "toute la france"]
                .contains(&plie.as_str())
                .then_some(Self::Nation),
            Genre::Region => carte.regions().find(|r| nomme(r.nom)).map(|r| Self::Region(r.code)),
            Genre::Departement => {
                let sien = |code: &str, nom: &str| nomme(nom) || code.eq_ignore_ascii_case(texte.trim());
                let trouve = carte.departements().find(|d| sien(d.code.as_str(), d.nom));
                trouve.map(|d| Self::Departement(d.code))
            }
            Genre::Collectivite => carte
                .collectivites()
                .find(|c| nomme(c.nom))
                .map(|c| Self::Collectivite(c.code)),
            Genre::Epci => carte
                .tous_les_epci()
                .find(|e| nomme(e.nom))
                .map(|e| Self::Epci(e.siren)),
            Genre::Commune => {
                let mut communes = carte.communes().filter(|c| nomme(c.nom) || nomme(&carte.libelle(c)));
                let premiere = communes.next()?;
                communes.next().is_none().then_some(Self::Commune(premiere.code))
            }
            Genre::Organisation | Genre::Groupement => None,
        });
        trouve.ok_or_else(|| ErreurPerimetre(texte.trim().chars().take(60).collect()))
    }

    /// The codes of where it lies: itself, and the territories that hold it. An organisation's place is known by who stores it.
    pub fn codes(&self) -> Vec<String> {
        let carte = Referentiel::embarque();
        match self {
            Self::Commune(code) => carte.commune(*code).map_or_else(|| vec![self.code()], codes_de_commune),
            Self::Departement(code) => {
                let region = carte.departement(*code).map(|d| Self::Region(d.region).code());
                [Some(self.code()), region].into_iter().flatten().collect()
            }
            Self::Epci(siren) => {
                let mut codes: Vec<String> = communes_d_epci(*siren).flat_map(territoires).collect();
                codes.push(self.code());
                codes.sort();
                codes.dedup();
                codes
            }
            _ => vec![self.code()],
        }
    }

    /// What it is called on screen; an organisation's or a group's own name is known by who stores it.
    pub fn nom(&self) -> String {
        let carte = Referentiel::embarque();
        let nom = match self {
            Self::Nation => Some("toute la France".to_owned()),
            Self::Region(code) => carte.region(*code).map(|r| r.nom.to_owned()),
            Self::Departement(code) => carte
                .departement(*code)
                .map(|d| format!("{} ({})", d.nom, code.as_str())),
            Self::Collectivite(code) => carte.collectivite(*code).map(|c| c.nom.to_owned()),
            Self::Epci(siren) => carte.epci(*siren).map(|e| e.nom.to_owned()),
            Self::Commune(code) => carte.commune(*code).map(|c| carte.libelle(c)),
            Self::Organisation(_) => Some("une organisation".to_owned()),
            Self::Groupement(_) => Some("un groupement".to_owned()),
        };
        nom.unwrap_or_else(|| self.code())
    }
}

/// The most codes kept of where a group lies: beyond, its communes and intercommunalities count through their départements.
const CODES_MAX: usize = 500;

/// Where a perimeter lies on a day. A group lies where its members lie, but is within someone's reach only when each of them is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portee {
    propres: Vec<String>,
    /// The codes of each member of a group.
    membres: Vec<Vec<String>>,
}

impl Portee {
    /// That of one perimeter that is no group.
    pub fn simple(codes: Vec<String>) -> Self {
        Self {
            propres: codes,
            membres: Vec::new(),
        }
    }

    /// That of a group, from where each of its members lies.
    pub fn groupement(id: Uuid, membres: Vec<Vec<String>>) -> Self {
        Self {
            propres: vec![Perimetre::Groupement(id).code()],
            membres,
        }
    }

    /// That of an EPCI: it may lie in several départements, and is then within reach as a group of them is.
    pub fn epci(siren: SirenEpci) -> Self {
        let mut membres: Vec<Vec<String>> = communes_d_epci(siren).map(territoires).collect();
        membres.sort();
        membres.dedup();
        Self {
            propres: vec![Perimetre::Epci(siren).code()],
            membres,
        }
    }

    /// The codes under which what is held over the perimeter is found: itself and its territories, a bounded number of them.
    pub fn codes(&self) -> Vec<String> {
        let territoire = |code: &&String| !code.starts_with("O:") && !code.starts_with("P:");
        let mut codes: Vec<String> = self.membres.iter().flatten().filter(territoire).cloned().collect();
        codes.sort();
        codes.dedup();
        if codes.len() > CODES_MAX {
            codes.retain(|code| ["D:", "R:", "T:"].iter().any(|large| code.starts_with(large)));
        }
        codes.extend(self.propres.iter().cloned());
        codes
    }

    /// Whether someone may do `A` over all of it.
    ///
    /// # Errors
    /// [`Forbidden`] when it, or one of its members, lies out of their reach.
    pub fn exiger<A: Action>(&self, actor: &Actor) -> Result<Permit<A>, Forbidden> {
        let propre = authorise::<A>(actor, &self.propres);
        if propre.is_ok() || self.membres.is_empty() {
            return propre;
        }
        let mut permis = propre;
        for membre in &self.membres {
            permis = Ok(authorise::<A>(actor, membre)?);
        }
        permis
    }
}

/// The code of what belongs to an organisation.
pub fn code_organisation(id: Uuid) -> String {
    format!("O:{id}")
}

/// The organisation that a code names.
pub fn lire_code_organisation(code: &str) -> Option<Uuid> {
    code.strip_prefix("O:")?.parse().ok()
}

/// The communes of an EPCI, or of a territory of a metropolis.
fn communes_d_epci(siren: SirenEpci) -> impl Iterator<Item = &'static Commune> {
    let sienne = move |c: &&Commune| [c.epci, c.territoire_metropolitain].contains(&Some(siren));
    Referentiel::embarque().communes().filter(sienne)
}

/// The codes of the département and région of a commune, or of its collectivity.
fn territoires(commune: &Commune) -> Vec<String> {
    let larges = [
        commune.departement.map(Perimetre::Departement),
        commune.region.map(Perimetre::Region),
        commune.collectivite.map(Perimetre::Collectivite),
    ];
    larges.into_iter().flatten().map(|perimetre| perimetre.code()).collect()
}

/// The codes of what lies in a commune.
pub fn codes_de_commune(commune: &Commune) -> Vec<String> {
    let epci = [commune.epci, commune.territoire_metropolitain];
    [Some(Perimetre::Commune(commune.code))]
        .into_iter()
        .chain(epci.map(|siren| siren.map(Perimetre::Epci)))
        .flatten()
        .map(|perimetre| perimetre.code())
        .chain(territoires(commune))
        .collect()
}

/// The codes of a person, wherever they are: their own.
pub fn codes_de_personne(id: Uuid) -> Vec<String> {
    vec![person_code(id)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_code_se_lit_se_relit_et_dit_ou_il_se_trouve() {
        let cas = [
            ("N", "toute la France", vec!["N"]),
            ("R:84", "Auvergne-Rhône-Alpes", vec!["R:84"]),
            ("D:69", "Rhône (69)", vec!["D:69", "R:84"]),
            ("T:988", "Nouvelle-Calédonie", vec!["T:988"]),
            (
                "C:01053",
                "Bourg-en-Bresse (Ain, 01)",
                vec!["C:01053", "E:200071751", "D:01", "R:84"],
            ),
            ("C:98818", "Nouméa (Nouvelle-Calédonie, 988)", vec!["C:98818", "T:988"]),
            (
                "E:200071751",
                "CA du Bassin de Bourg-en-Bresse",
                vec!["D:01", "E:200071751", "R:84"],
            ),
        ];
        for (code, nom, codes) in cas {
            let perimetre = Perimetre::lire(code).unwrap();
            assert_eq!((perimetre.code(), perimetre.nom()), (code.to_owned(), nom.to_owned()));
            assert_eq!(perimetre.codes(), codes, "{code}");
        }
        for faux in ["", "D", "D:", "D:99", "X:1", "O:abc", "R:00", "E:123456789"] {
            assert!(Perimetre::lire(faux).is_err(), "{faux}");
        }
    }

    #[test]
    fn un_groupement_n_est_a_la_portee_que_de_qui_couvre_tous_ses_membres() {
        use crate::permissions::AccorderFonction;
        let prefet = |code: String| Actor::signed_in(Uuid::nil()).with(socle::permissions::Grant::over("Prefet", code));
        let codes = |code| Perimetre::lire(code).unwrap().codes();
        let portee = Portee::groupement(Uuid::nil(), vec![codes("C:01053"), codes("D:69")]);
        assert_eq!(
            portee.codes(),
            [
                "C:01053",
                "D:01",
                "D:69",
                "E:200071751",
                "R:84",
                "G:00000000-0000-0000-0000-000000000000"
            ]
        );
        let permis = |portee: &Portee, code: &str| portee.exiger::<AccorderFonction>(&prefet(code.to_owned())).is_ok();
        assert!(permis(&portee, "R:84") && permis(&portee, &Perimetre::Groupement(Uuid::nil()).code()));
        assert!(!permis(&portee, "D:69") && !permis(&portee, "D:01"));
        assert!(!permis(&Portee::groupement(Uuid::nil(), Vec::new()), "R:84"));
        let vaste = (0..600).map(|n| vec![format!("C:{n}"), "D:69".to_owned(), format!("O:{n}")]);
        let vaste = Portee::groupement(Uuid::nil(), vaste.collect());
        assert_eq!(vaste.codes(), ["D:69", "G:00000000-0000-0000-0000-000000000000"]);
    }

    #[test]
    fn un_perimetre_se_reconnait_a_son_nom_ou_a_son_numero() {
        let tous = [
            Genre::Nation,
            Genre::Region,
            Genre::Departement,
            Genre::Collectivite,
            Genre::Epci,
            Genre::Commune,
        ];
        for (texte, code) in [
            ("Toute la France", "N"),
            ("auvergne rhone alpes", "R:84"),
            ("69", "D:69"),
            ("2a", "D:2A"),
            ("AIN", "D:01"),
            ("nouvelle-calédonie", "T:988"),
            ("Bourg-en-Bresse", "C:01053"),
            ("Saint-Denis (Seine-Saint-Denis, 93)", "C:93066"),
            ("D:69", "D:69"),
        ] {
            assert_eq!(Perimetre::reconnaitre(texte, &tous).unwrap().code(), code, "{texte}");
        }
        // Several communes bear this name, and this kind is not the function's.
        assert!(Perimetre::reconnaitre("Saint-Denis", &tous).is_err());
        assert!(Perimetre::reconnaitre("Bourg-en-Bresse", &[Genre::Departement]).is_err());
    }
}
