//! Groups: the communes of an arrondissement, the organisations of a network, the territories of a hub, a list of people.

use serde::{Deserialize, Serialize};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
};
use uuid::Uuid;

use super::perimetre::{Genre, Perimetre};

/// A kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GenreGroupement {
    /// The communes of an arrondissement.
    Arrondissement,
    /// The organisations of a network.
    Reseau,
    /// The territories of a hub.
    Hub,
    /// People, such as those whom a coordinator follows.
    Liste,
}

impl GenreGroupement {
    /// Every kind, in the order of lists.
    pub const TOUS: [Self; 4] = [Self::Arrondissement, Self::Reseau, Self::Hub, Self::Liste];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Arrondissement => "arrondissement",
            Self::Reseau => "reseau",
            Self::Hub => "hub",
            Self::Liste => "liste",
        }
    }

    /// What people read.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Arrondissement => "Arrondissement",
            Self::Reseau => "Réseau",
            Self::Hub => "Hub",
            Self::Liste => "Liste de personnes",
        }
    }

    /// The kind of a code.
    pub fn lire(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|genre| genre.code() == code)
    }

    /// What its members are, in words.
    pub fn attendu(self) -> &'static str {
        match self {
            Self::Arrondissement => "Une commune, par son nom, par exemple «\u{a0}Bourg-en-Bresse (Ain, 01)\u{a0}»",
            Self::Reseau => "Une organisation, par son numéro SIREN, SIRET ou RIDET, ou par son nom",
            Self::Hub => {
                "Un département, une région ou une collectivité, par exemple «\u{a0}Ain\u{a0}» ou «\u{a0}Saint-Martin\u{a0}»"
            }
            Self::Liste => "Une personne, par une adresse de courriel qu’elle a confirmée ou par le numéro de sa fiche",
        }
    }

    /// The kinds of perimeter that its members are; none for people.
    pub fn genres(self) -> &'static [Genre] {
        match self {
            Self::Arrondissement => &[Genre::Commune],
            Self::Reseau => &[Genre::Organisation],
            Self::Hub => &[Genre::Departement, Genre::Region, Genre::Collectivite],
            Self::Liste => &[],
        }
    }

    /// The code of a member of such a group, read.
    ///
    /// # Errors
    /// When the code names nothing, or something that such a group does not hold.
    pub fn lire_membre(self, code: &str) -> Result<String, Refus> {
        let code = code.trim();
        let personne = code.strip_prefix("P:").and_then(|id| id.parse::<Uuid>().ok());
        let lu = match (self, personne) {
            (Self::Liste, Some(id)) => Some(socle::permissions::person_code(id)),
            (Self::Liste, None) | (_, Some(_)) => None,
            // A group never holds a group: a perimeter would otherwise need to be unrolled without end.
            _ => Perimetre::lire(code)
                .ok()
                .filter(|p| self.genres().contains(&p.genre()))
                .map(|p| p.code()),
        };
        lu.ok_or_else(|| {
            Refus::champ(
                "membre",
                format!("ce groupement ne réunit pas cela. {}", self.attendu()),
            )
        })
    }
}

/// A member from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membre {
    /// The code of a territory, an organisation or a person.
    pub code: String,
    /// First day.
    pub du: Day,
    /// First day when it is no longer one; nothing while it is.
    pub au: Option<Day>,
}

impl Membre {
    /// Whether it is one on a day.
    pub fn est_la(&self, jour: Day) -> bool {
        self.du <= jour && self.au.is_none_or(|au| jour < au)
    }
}

/// A group and its members through time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupement {
    /// Its identifier.
    pub id: Uuid,
    /// Its kind.
    pub genre: GenreGroupement,
    /// Its name.
    pub nom: String,
    /// Its members, present and past.
    pub membres: Vec<Membre>,
    /// When it was made.
    pub cree_at: Instant,
    /// How many times it was changed.
    pub version: i64,
}

impl Groupement {
    /// The codes of its members on a day.
    pub fn membres_au(&self, jour: Day) -> impl Iterator<Item = &str> {
        self.membres
            .iter()
            .filter(move |m| m.est_la(jour))
            .map(|m| m.code.as_str())
    }

    /// Adds a member from a day on.
    ///
    /// # Errors
    /// When the group does not hold such a member, or holds it already.
    pub fn ajouter(mut self, code: &str, du: Day) -> Result<Self, Refus> {
        let code = self.genre.lire_membre(code)?;
        if self
            .membres
            .iter()
            .any(|m| m.code == code && m.au.is_none_or(|au| du < au))
        {
            return Err(Refus::champ(
                "membre",
                "ce membre fait déjà partie du groupement à cette date",
            ));
        }
        // A membership ended on the day it began is taken up again: a day counts once.
        match self.membres.iter_mut().find(|m| m.code == code && m.du == du) {
            Some(meme) => meme.au = None,
            None => self.membres.push(Membre { code, du, au: None }),
        }
        Ok(self)
    }

    /// Ends a membership on a day; it stays in the history, even when it held for some hours of one day.
    ///
    /// # Errors
    /// When there is no such member on that day.
    pub fn retirer(mut self, code: &str, au: Day) -> Result<Self, Refus> {
        let membre = self
            .membres
            .iter_mut()
            .find(|m| m.code == code && m.au.is_none() && m.du <= au);
        membre
            .ok_or_else(|| Refus::champ("membre", "ce membre ne fait pas partie du groupement à cette date"))?
            .au = Some(au);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn hub() -> Groupement {
        Groupement {
            id: Uuid::nil(),
            genre: GenreGroupement::Hub,
            nom: "Hub Antilles-Guyane".into(),
            membres: Vec::new(),
            cree_at: Instant::from_micros(0),
            version: 0,
        }
    }

    #[test]
    fn chaque_genre_n_admet_que_les_siens() {
        let organisation = format!("O:{}", Uuid::nil());
        let personne = format!("P:{}", Uuid::nil());
        let groupe = format!("G:{}", Uuid::nil());
        for (genre, admis) in [
            (GenreGroupement::Arrondissement, vec!["C:01053"]),
            (GenreGroupement::Reseau, vec![organisation.as_str()]),
            (GenreGroupement::Hub, vec!["D:971", "R:84", "T:978"]),
            (GenreGroupement::Liste, vec![personne.as_str()]),
        ] {
            for code in [
                "C:01053",
                "D:971",
                "R:84",
                "T:978",
                &organisation,
                &personne,
                &groupe,
                "N",
                "",
                "P:abc",
            ] {
                assert_eq!(
                    genre.lire_membre(code).is_ok(),
                    admis.contains(&code),
                    "{genre:?} {code}"
                );
            }
            assert_eq!(GenreGroupement::lire(genre.code()), Some(genre));
        }
    }

    #[test]
    fn un_membre_entre_un_jour_et_sort_un_autre() {
        let hub = hub()
            .ajouter("D:971", date(2024, 1, 1))
            .and_then(|h| h.ajouter("T:978", date(2024, 1, 1)))
            .and_then(|h| h.retirer("T:978", date(2025, 1, 1)))
            .unwrap();
        let au = |jour| hub.membres_au(jour).collect::<Vec<_>>();
        assert_eq!(au(date(2023, 12, 31)), Vec::<&str>::new());
        assert_eq!(au(date(2024, 12, 31)), ["D:971", "T:978"]);
        assert_eq!(au(date(2025, 1, 1)), ["D:971"]);
        assert!(hub.clone().ajouter("D:971", date(2025, 1, 1)).is_err());
        assert!(hub.clone().ajouter("T:978", date(2025, 1, 1)).is_ok());
        assert!(hub.clone().retirer("T:978", date(2026, 1, 1)).is_err());
        // What held for some hours holds no more, leaves its trace, and can begin again on the same day.
        let jour = date(2025, 1, 1);
        let bref = hub
            .ajouter("D:972", jour)
            .and_then(|h| h.retirer("D:972", jour))
            .unwrap();
        let passages = |hub: &Groupement| hub.membres.iter().filter(|m| m.code == "D:972").count();
        assert_eq!((bref.membres_au(jour).count(), passages(&bref)), (1, 1));
        let repris = bref.ajouter("D:972", jour).unwrap();
        assert_eq!((repris.membres_au(jour).count(), passages(&repris)), (2, 1));
    }
}
