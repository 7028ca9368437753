//! What is asked of the index, and what it answers.

use super::facettes::Facette;
use crate::domain::{filtres::Filtres, lieu::Lieu};
use jiff::civil::Date;
use territoire::{Boite, Point};
use uuid::Uuid;

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Demande {
    /// What the places must be; its circle serves as centre and radius when none is given beside it.
    pub filtres: Filtres,
    /// From where distances count; the answer is then sorted by distance.
    pub centre: Option<Point>,
    /// How far, in metres; only with a centre.
    pub rayon_m: Option<f64>,
    /// Updated on or after this day.
    pub modifie_depuis: Option<Date>,
    /// A rectangle of the map.
    pub boite: Option<Boite>,
    /// Words of the name, address or commune.
    pub texte: Option<String>,
    /// How many places to pass over.
    pub decalage: usize,
    /// How many places to give.
    pub limite: usize,
    /// How many positions to give for a map, those of the places asked for first.
    pub points: usize,
    /// Whether to count the values of every list.
    pub comptes: bool,
}

impl Demande {
    /// From where distances count.
    pub fn origine(&self) -> Option<Point> {
        self.centre.or(self.filtres.autour.map(|cercle| cercle.centre))
    }

    /// How far places may be, in metres.
    pub fn portee_m(&self) -> Option<f64> {
        self.rayon_m
            .or(self.filtres.autour.map(|cercle| f64::from(cercle.rayon_km) * 1000.0))
    }
}

/// A place found.
#[derive(Debug, Clone, Copy)]
pub struct Trouve<'a> {
    /// The place.
    pub lieu: &'a Lieu,
    /// How far it is, in metres, when a centre was given and the place has a position.
    pub distance_m: Option<f64>,
}

/// What a search gives.
#[derive(Debug, Clone)]
pub struct Reponse<'a> {
    /// How many places there are in all.
    pub total: usize,
    /// Those asked for.
    pub lieux: Vec<Trouve<'a>>,
    /// The positions of the first places found.
    pub points: Vec<Point>,
    /// How many places each value would give, all other filters kept.
    pub comptes: Option<Comptes>,
}

/// How many places each value of the closed lists would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comptes(pub(super) Box<[u32; super::facettes::BITS]>);

impl Comptes {
    /// How many places this value would give.
    pub fn de<L: Facette>(&self, valeur: L) -> usize {
        self.bit(valeur.bit())
    }

    /// How many places this bit would give.
    pub fn bit(&self, bit: usize) -> usize {
        self.0[bit] as usize
    }
}

/// Where a listing stopped: an opaque text for programs that read on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curseur {
    /// After this identifier.
    ApresId(Uuid),
    /// After this distance in millimetres, and this identifier at the same distance.
    ApresDistance(u64, Uuid),
}

impl std::fmt::Display for Curseur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ApresId(id) => write!(f, "i{}", id.simple()),
            Self::ApresDistance(mm, id) => write!(f, "d{mm}-{}", id.simple()),
        }
    }
}

impl std::str::FromStr for Curseur {
    type Err = ();
    fn from_str(texte: &str) -> Result<Self, ()> {
        let id = |t: &str| Uuid::try_parse(t).map_err(drop);
        if let Some(reste) = texte.strip_prefix('i') {
            return Ok(Self::ApresId(id(reste)?));
        }
        let (mm, reste) = texte.strip_prefix('d').and_then(|t| t.split_once('-')).ok_or(())?;
        Ok(Self::ApresDistance(mm.parse().map_err(drop)?, id(reste)?))
    }
}
