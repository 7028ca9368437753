//! What a search reads of each place: bits, unit vector, territory, opening hours shared between places that keep the same.

use super::facettes::Masque;
use crate::domain::lieu::Lieu;
use horaires::{Calendrier, Horaires};
use jiff::civil::{Date, DateTime};
use socle::clock::Instant;
use std::collections::{BTreeSet, HashMap};
use territoire::{
    CodeCollectivite, CodeCommune, CodeDepartement, CodeRegion, Commune, Point, RAYON_TERRE_M, Referentiel, SirenEpci,
};

/// Years of public holidays kept ready around the year of construction.
const ANNEES: std::ops::RangeInclusive<i16> = -1..=2;

/// What every search reads of a place: small, since a search reads thousands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entree {
    pub masque: Masque,
    pub direction: Option<Direction>,
}

impl Entree {
    pub fn de(lieu: &Lieu) -> Self {
        Self {
            masque: Masque::de(lieu),
            direction: lieu.position.map(|p| Direction::de(p.point)),
        }
    }
}

/// Where a place belongs: what some filters read.
#[derive(Debug, Clone)]
pub(super) struct Attaches {
    pub commune: Option<CodeCommune>,
    pub departement: Option<CodeDepartement>,
    pub region: Option<CodeRegion>,
    pub collectivite: Option<CodeCollectivite>,
    pub epci: Option<SirenEpci>,
    pub actuelle: Option<CodeCommune>,
    pub horaires: Option<u32>,
    pub calendrier: u16,
}

/// The opening hours and calendars that places share.
#[derive(Debug, Default)]
pub(super) struct Partages {
    horaires: Vec<Option<Horaires>>,
    par_texte: HashMap<Box<str>, u32>,
    calendriers: Vec<CalendrierLocal>,
    par_zone: HashMap<(String, String), u16>,
}

/// The public holidays and the clock of a territory.
#[derive(Debug, Clone)]
pub struct CalendrierLocal {
    /// The IANA zone.
    pub fuseau: &'static str,
    feries: BTreeSet<Date>,
}

impl CalendrierLocal {
    /// The calendar of a commune around a year.
    pub fn de(commune: &Commune, annee: i16) -> Self {
        let feries = ANNEES
            .flat_map(|n| territoire::jours_feries(annee + n, commune))
            .map(|(jour, _)| jour)
            .collect();
        Self {
            fuseau: commune.fuseau(),
            feries,
        }
    }

    /// Paris, for a place whose commune is unknown.
    fn par_defaut() -> Self {
        Self {
            fuseau: "Europe/Paris",
            feries: BTreeSet::new(),
        }
    }

    /// The local date and time of an instant.
    pub fn heure_locale(&self, at: Instant) -> DateTime {
        at.civil_in(self.fuseau)
    }
}

impl Calendrier for CalendrierLocal {
    fn ferie(&self, date: Date) -> bool {
        self.feries.contains(&date)
    }

    fn vacances_scolaires(&self, _: Date) -> Option<bool> {
        None
    }
}

impl Partages {
    /// The hours of a text, read once; `None` when the text cannot be read.
    pub fn horaires(&self, rang: u32) -> Option<&Horaires> {
        self.horaires[rang as usize].as_ref()
    }

    pub fn calendrier(&self, rang: u16) -> &CalendrierLocal {
        &self.calendriers[usize::from(rang)]
    }

    fn ranger_horaires(&mut self, texte: &str) -> u32 {
        if let Some(rang) = self.par_texte.get(texte) {
            return *rang;
        }
        let rang = u32::try_from(self.horaires.len()).unwrap_or(u32::MAX);
        self.horaires.push(Horaires::parse(texte).ok());
        self.par_texte.insert(texte.into(), rang);
        rang
    }

    /// One calendar for each département or collectivity and zone: holidays and clocks do not vary within one.
    fn ranger_calendrier(&mut self, commune: Option<&Commune>, annee: i16) -> u16 {
        let cle = commune.map_or_else(Default::default, |c| {
            let code = c.code.as_str();
            let territoire = if code.starts_with("97") || code.starts_with("98") {
                &code[..3]
            } else {
                &code[..2]
            };
            (territoire.to_owned(), c.fuseau().to_owned())
        });
        if let Some(rang) = self.par_zone.get(&cle) {
            return *rang;
        }
        let rang = u16::try_from(self.calendriers.len()).unwrap_or(u16::MAX);
        self.calendriers
            .push(commune.map_or_else(CalendrierLocal::par_defaut, |c| CalendrierLocal::de(c, annee)));
        self.par_zone.insert(cle, rang);
        rang
    }

    /// Forgets what only the construction needs.
    pub fn figer(&mut self) {
        self.par_texte = HashMap::new();
        self.par_zone = HashMap::new();
    }

    /// Where a place belongs; the calendars cover the years around `annee`.
    pub fn attaches(&mut self, lieu: &Lieu, annee: i16) -> Attaches {
        let commune = lieu
            .adresse
            .code_insee
            .and_then(|code| Referentiel::embarque().resoudre(code));
        Attaches {
            commune: lieu.adresse.code_insee,
            departement: commune.and_then(|c| c.departement),
            region: commune.and_then(|c| c.region),
            collectivite: commune.and_then(|c| c.collectivite),
            epci: commune.and_then(|c| c.epci),
            actuelle: commune.map(|c| c.code),
            horaires: lieu.horaires.as_deref().map(|texte| self.ranger_horaires(texte)),
            calendrier: self.ranger_calendrier(commune, annee),
        }
    }
}

/// A point of the unit sphere: straight distances there sort as distances on the ground, at the poles and across the date line too, and cost no sine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction([f64; 3]);

impl Direction {
    pub fn de(point: Point) -> Self {
        let (lat, lon) = (point.latitude.to_radians(), point.longitude.to_radians());
        Self([lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()])
    }

    pub fn ecart(self, autre: Direction) -> Ecart {
        let carre = |k: usize| (self.0[k] - autre.0[k]).powi(2);
        Ecart(carre(0) + carre(1) + carre(2))
    }

    /// In single precision, as the tree keeps it.
    pub fn simple(self) -> [f32; 3] {
        self.0.map(|x| x as f32)
    }
}

/// How far two points are: the square of the straight distance in the unit sphere.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Ecart(pub f64);

impl Ecart {
    /// Of a place that has no position, or when nothing says from where.
    pub const INCONNU: Self = Self(f64::INFINITY);

    pub fn de_metres(metres: f64) -> Self {
        let demi_angle = (metres / (2.0 * RAYON_TERRE_M)).clamp(0.0, std::f64::consts::FRAC_PI_2);
        Self((2.0 * demi_angle.sin()).powi(2))
    }

    /// The distance on the ground, in metres.
    pub fn metres(self) -> Option<f64> {
        let demi_corde = (self.0.sqrt() / 2.0).min(1.0);
        (self != Self::INCONNU).then(|| 2.0 * RAYON_TERRE_M * demi_corde.asin())
    }
}

/// Sorts points so that neighbours mostly follow one another: the digits of longitude and latitude take turns (Morton).
pub(super) fn voisinage(point: Point) -> u64 {
    let entier = |part: f64| (part.clamp(0.0, 1.0) * f64::from(u16::MAX)) as u64;
    let (x, y) = (
        entier((point.longitude + 180.0) / 360.0),
        entier((point.latitude + 90.0) / 180.0),
    );
    (0..16).fold(0, |cle, bit| {
        cle | (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1)
    })
}
