//! The perimeter over which a function is held: one code, and the codes of what holds it.

use socle::permissions::{WHOLE, person_code};
use territoire::{CodeCollectivite, CodeCommune, CodeDepartement, CodeRegion, Commune, Referentiel, SirenEpci};
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
    "« {0} » n’est pas un périmètre : écrivez par exemple « N » pour toute la France, « D:69 » pour le Rhône ou « R:84 » pour une région"
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

    /// The codes of where it lies: itself, and the territories that hold it. An organisation's place is known by who stores it.
    pub fn codes(&self) -> Vec<String> {
        let carte = Referentiel::embarque();
        match self {
            Self::Commune(code) => carte.commune(*code).map_or_else(|| vec![self.code()], codes_de_commune),
            Self::Departement(code) => {
                let region = carte.departement(*code).map(|d| Self::Region(d.region).code());
                [Some(self.code()), region].into_iter().flatten().collect()
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

/// The code of what belongs to an organisation.
pub fn code_organisation(id: Uuid) -> String {
    format!("O:{id}")
}

/// The codes of what lies in a commune.
pub fn codes_de_commune(commune: &Commune) -> Vec<String> {
    let epci = [commune.epci, commune.territoire_metropolitain];
    [Some(Perimetre::Commune(commune.code))]
        .into_iter()
        .chain(epci.map(|siren| siren.map(Perimetre::Epci)))
        .chain([
            commune.departement.map(Perimetre::Departement),
            commune.region.map(Perimetre::Region),
            commune.collectivite.map(Perimetre::Collectivite),
        ])
        .flatten()
        .map(|perimetre| perimetre.code())
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
}
