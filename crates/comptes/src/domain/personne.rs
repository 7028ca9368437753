//! A person, for life: an identity that no address, role or employer changes.

use super::{courriel::Courriel, perimetre::codes_de_personne};
use socle::{clock::Instant, errors::Refus, permissions::Resource};
use territoire::plier_nom;
use uuid::Uuid;

/// The longest first or last name kept.
const NOM_MAX: usize = 100;
/// The years of birth that a living person can have, as seen from this year: younger than 7 is not met in the programme (domain notes, 0).
const AGES: std::ops::RangeInclusive<i16> = 7..=120;

/// What is still known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtatPersonne {
    /// A person as any.
    Active,
    /// The same person as another record, which is the one kept.
    Fusionnee {
        /// The record kept.
        dans: Uuid,
    },
    /// Nothing that names them is kept.
    Anonymisee,
}

impl EtatPersonne {
    /// Its stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Fusionnee { .. } => "fusionnee",
            Self::Anonymisee => "anonymisee",
        }
    }
}

/// A first and last name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nom {
    /// The first name.
    pub prenom: String,
    /// The last name.
    pub nom: String,
}

impl Nom {
    /// Reads what a person typed; spaces are tidied, nothing else is changed.
    ///
    /// # Errors
    /// When one is missing, too long, or holds what no name holds.
    pub fn lire(prenom: &str, nom: &str) -> Result<Self, Refus> {
        Ok(Self {
            prenom: lire_un(prenom, "prenom", "écrivez le prénom")?,
            nom: lire_un(nom, "nom", "écrivez le nom de famille")?,
        })
    }

    /// The name as it is searched: without case or accents, last name first.
    pub fn plie(&self) -> String {
        plier_nom(&format!("{} {}", self.nom, self.prenom))
    }
}

impl std::fmt::Display for Nom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.prenom, self.nom)
    }
}

fn lire_un(texte: &str, champ: &'static str, absent: &str) -> Result<String, Refus> {
    let propre = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    if propre.is_empty() {
        return Err(Refus::champ(champ, absent));
    }
    let permis = |c: char| c.is_alphabetic() || c.is_alphanumeric() || " '’-.·".contains(c);
    if propre.chars().count() > NOM_MAX || !propre.chars().all(permis) || !propre.chars().any(char::is_alphabetic) {
        return Err(Refus::champ(
            champ,
            format!(
                "un nom s’écrit avec des lettres, des espaces, des traits d’union et des apostrophes, en {NOM_MAX} caractères au plus"
            ),
        ));
    }
    Ok(propre)
}

/// Reads a year of birth, which may be left empty.
///
/// # Errors
/// When it is not a year in which someone alive was born.
pub fn lire_annee_naissance(texte: &str, cette_annee: i16) -> Result<Option<i16>, Refus> {
    let texte = texte.trim();
    if texte.is_empty() {
        return Ok(None);
    }
    let (premiere, derniere) = (cette_annee - AGES.end(), cette_annee - AGES.start());
    texte
        .parse()
        .ok()
        .filter(|annee| (premiere..=derniere).contains(annee))
        .map(Some)
        .ok_or_else(|| {
            Refus::champ(
                "annee_naissance",
                format!("l’année de naissance s’écrit en quatre chiffres, entre {premiere} et {derniere} ; vous pouvez la laisser vide"),
            )
        })
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personne {
    /// The identity, which never changes.
    pub id: Uuid,
    /// How they are called.
    pub nom: Nom,
    /// Their year of birth, when they gave it.
    pub annee_naissance: Option<i16>,
    /// The code of the language in which they are written to.
    pub langue: String,
    /// The IANA name of their time zone.
    pub fuseau: String,
    /// What is still known of them.
    pub etat: EtatPersonne,
    /// The agent who opened the file for them, when they did not do it themselves.
    pub ouverte_par: Option<Uuid>,
    /// When the file was opened.
    pub creee_at: Instant,
    /// When they last came.
    pub vue_at: Option<Instant>,
    /// How many times the file changed.
    pub version: i64,
}

impl Personne {
    /// A person met for the first time.
    pub fn nouvelle(id: Uuid, nom: Nom, creee_at: Instant) -> Self {
        Self {
            id,
            nom,
            annee_naissance: None,
            langue: "fr".into(),
            fuseau: "Europe/Paris".into(),
            etat: EtatPersonne::Active,
            ouverte_par: None,
            creee_at,
            vue_at: None,
            version: 0,
        }
    }

    /// The same person under corrected facts.
    ///
    /// # Errors
    /// When the record is no longer the one in use.
    pub fn corriger(self, nom: Nom, annee_naissance: Option<i16>, fuseau: String) -> Result<Self, Refus> {
        self.exiger_active()?;
        Ok(Self {
            nom,
            annee_naissance,
            fuseau,
            ..self
        })
    }

    /// Forgets everything that names the person.
    ///
    /// # Errors
    /// When it was done before, or the record was merged into another.
    pub fn anonymiser(self) -> Result<Self, Refus> {
        self.exiger_active()?;
        Ok(Self {
            nom: Nom {
                prenom: "Personne".into(),
                nom: "effacée".into(),
            },
            annee_naissance: None,
            etat: EtatPersonne::Anonymisee,
            ..self
        })
    }

    /// When they last came, or when their file was opened if they never did.
    pub fn derniere_venue(&self) -> Instant {
        self.vue_at.unwrap_or(self.creee_at)
    }

    /// Refuses when the record is no longer the one in use.
    ///
    /// # Errors
    /// When it was merged or anonymised.
    pub fn exiger_active(&self) -> Result<(), Refus> {
        match self.etat {
            EtatPersonne::Active => Ok(()),
            EtatPersonne::Fusionnee { .. } => Err(Refus::new(
                "cette fiche a été réunie avec une autre : modifiez celle qui est gardée",
            )),
            EtatPersonne::Anonymisee => Err(Refus::new("cette personne a été effacée : sa fiche ne change plus")),
        }
    }
}

impl Resource for Personne {
    fn codes(&self) -> Vec<String> {
        codes_de_personne(self.id)
    }
}

/// A way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its identifier.
    pub id: Uuid,
    /// Whose it is.
    pub personne: Uuid,
    /// What kind, and the address or number.
    pub moyen: Moyen,
    /// When the person showed that it is theirs.
    pub confirme_at: Option<Instant>,
    /// When it was given.
    pub ajoute_at: Instant,
}

/// An address or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moyen {
    /// An e-mail address.
    Courriel(Courriel),
    /// A telephone number, in international form (E.164).
    Telephone(String),
}

impl Moyen {
    /// Its stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Courriel(_) => "courriel",
            Self::Telephone(_) => "telephone",
        }
    }

    /// The address or number.
    pub fn valeur(&self) -> &str {
        match self {
            Self::Courriel(courriel) => courriel.as_str(),
            Self::Telephone(numero) => numero,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_nom_se_lit_tel_qu_il_s_ecrit_et_se_cherche_sans_accents() {
        let nom = Nom::lire("  Zoé  Anne ", "d’Été-Le Goff").unwrap();
        assert_eq!(nom.to_string(), "Zoé Anne d’Été-Le Goff");
        assert!(nom.plie().is_ascii() && nom.plie().starts_with("d"), "{}", nom.plie());
        for (prenom, nom, champ) in [
            ("", "Diallo", "prenom"),
            ("Awa", " ", "nom"),
            ("Awa", "<b>", "nom"),
            ("--", "Diallo", "prenom"),
        ] {
            assert_eq!(Nom::lire(prenom, nom).unwrap_err().champ.unwrap(), champ);
        }
    }

    #[test]
    fn une_annee_de_naissance_est_celle_de_quelqu_un_de_vivant() {
        assert_eq!(lire_annee_naissance(" ", 2026), Ok(None));
        assert_eq!(lire_annee_naissance("1950", 2026), Ok(Some(1950)));
        for faux in ["2020", "1905", "50", "mille"] {
            assert!(lire_annee_naissance(faux, 2026).is_err(), "{faux}");
        }
    }

    #[test]
    fn une_personne_effacee_ne_change_plus() {
        let awa = Personne::nouvelle(
            Uuid::nil(),
            Nom::lire("Awa", "Diallo").unwrap(),
            Instant::from_micros(0),
        );
        let effacee = awa.anonymiser().unwrap();
        assert_eq!(effacee.nom.to_string(), "Personne effacée");
        assert!(effacee.clone().anonymiser().is_err());
        assert!(
            effacee
                .corriger(Nom::lire("Awa", "Diallo").unwrap(), None, "Europe/Paris".into())
                .is_err()
        );
    }
}
