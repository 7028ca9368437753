//! The demonstration: invented places over the real territory, the same for the same seed and date.
//!
//! Nobody here exists: names are invented or those of great figures, telephone numbers are in the ranges that the regulator
//! keeps for fiction, and domains end in `.example`.

mod contacts;
mod doublons;
mod genres;
pub mod gens;
mod hasard;
mod heures;
mod noms;
mod repartition;
pub mod structures;
mod tournees;

use contacts::Contacts;
use genres::Genre;
use hasard::Hasard;
use jiff::{ToSpan, civil::Date};
use lieux::domain::{
    lieu::{Adresse, Lieu, Pivot, Position, Precision, Presentation},
    listes::{Dispositif, Frais, Itinerance, ModaliteAcces, ModaliteAccompagnement},
};
use repartition::Endroit;
use socle::{clock::Instant, ids::Ids};
use territoire::{Point, Referentiel};

/// What the demonstration is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The seed: the same gives the same places.
    pub seed: u64,
    /// How many places, duplicates included.
    pub places: usize,
    /// The day of the demonstration, from which dates are counted.
    pub date: Date,
}

/// One place in twenty-five is known by a second source too.
const UN_DOUBLON_SUR: usize = 25;

/// The places of a plan, in the order of communes.
pub fn lieux(plan: Plan, referentiel: &'static Referentiel) -> Vec<Lieu> {
    let doublons = plan.places / UN_DOUBLON_SUR;
    let mut fabrique = Fabrique {
        hasard: Hasard::new(plan.seed),
        ids: Ids::seeded(plan.seed),
        at: at(plan.date),
        date: plan.date,
        referentiel,
    };
    let endroits = repartition::endroits(referentiel, plan.places - doublons, &mut fabrique.hasard);
    let mut lieux = Vec::with_capacity(plan.places);
    let mut rang = 0;
    for (place, endroit) in endroits.iter().enumerate() {
        let meme_commune = place > 0 && endroits[place - 1].commune.code == endroit.commune.code;
        rang = if meme_commune { rang + 1 } else { 0 };
        lieux.push(fabrique.lieu(endroit, rang));
    }
    let pas = (lieux.len() / doublons.max(1)).max(1);
    let originaux: Vec<usize> = (0..lieux.len()).step_by(pas).take(doublons).collect();
    for original in originaux {
        let double = doublons::doubler(&lieux[original], &mut fabrique);
        lieux.push(double);
    }
    lieux
}

/// Noon of the day of the demonstration: what it writes happened then.
pub fn at(date: Date) -> Instant {
    let noon = date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    Instant::from_micros(noon.map_or(0, |z| z.timestamp().as_microsecond()))
}

/// What makes places.
struct Fabrique {
    hasard: Hasard,
    ids: Ids,
    at: Instant,
    date: Date,
    referentiel: &'static Referentiel,
}

impl Fabrique {
    /// The place of this rank in its commune: the first is the town hall.
    fn lieu(&mut self, endroit: &Endroit, rang: usize) -> Lieu {
        let genre = genres::choisir(endroit, rang, &mut self.hasard);
        let nom = noms::nom(genre, endroit, rang, &mut self.hasard);
        let Contacts { contact, prise_rdv } = contacts::inventer(genre, endroit, &mut self.hasard);
        let visites = if genre.itinerant {
            tournees::visites(endroit, self)
        } else {
            Vec::new()
        };
        let horaires = if genre.itinerant {
            None
        } else {
            heures::horaires(genre, &mut self.hasard)
        };
        Lieu {
            id: self.ids.next(self.at),
            pivot: self.pivot(endroit),
            presentation: presentation(genre, endroit, &mut self.hasard),
            adresse: self.adresse(endroit),
            position: self.position(endroit),
            typologies: vec![genre.typologie],
            horaires,
            source: Some(genres::SOURCES[usize::from(genre.reseau)].to_owned()),
            itinerance: match (genre.itinerant, self.hasard.une_fois_sur(5)) {
                (true, true) => vec![Itinerance::Itinerant, Itinerance::Fixe],
                (true, false) => vec![Itinerance::Itinerant],
                (false, _) => vec![Itinerance::Fixe],
            },
            structure_parente: genre.parente.map(str::to_owned),
            date_maj: self.date_maj(),
            services: self.services(genre),
            publics: self.hasard.quelques(genres::PUBLICS, 4),
            prises_en_charge: self.hasard.quelques(genres::PRISES_EN_CHARGE, 6),
            frais: vec![self.frais()],
            dispositifs: self.dispositifs(genre),
            formations: self.hasard.quelques(genres::FORMATIONS, 12),
            autres_formations: Vec::new(),
            modalites_acces: self.acces(prise_rdv.is_some()),
            modalites_accompagnement: self.accompagnement(),
            fiche_acces_libre: None,
            contact,
            prise_rdv,
            nom,
            visites,
        }
    }

    fn pivot(&mut self, endroit: &Endroit) -> Pivot {
        if endroit.commune.departement.is_none() || self.hasard.une_fois_sur(6) {
            return Pivot::Inconnu;
        }
        Pivot::Siret(siret(self.hasard.entre(0..=99_999_999), self.hasard.entre(1..=40)))
    }

    fn adresse(&mut self, endroit: &Endroit) -> Adresse {
        let codes = endroit.codes_postaux;
        Adresse {
            voie: noms::voie(&mut self.hasard),
            complement: endroit.bourg.map(str::to_owned),
            commune: endroit.commune.nom.to_owned(),
            code_postal: self
                .hasard
                .parmi(codes)
                .map_or_else(String::new, |code| code.as_str().to_owned()),
            code_insee: Some(endroit.code),
        }
    }

    /// Around the centre, further in a large town; one place in thirty has no known point.
    fn position(&mut self, endroit: &Endroit) -> Option<Position> {
        if self.hasard.une_fois_sur(30) {
            return None;
        }
        let rayon_m = 120.0 + f64::from(endroit.habitants).sqrt() * 5.0;
        let (angle, distance) = (
            self.hasard.part() * std::f64::consts::TAU,
            rayon_m * self.hasard.part().sqrt(),
        );
        let latitude = endroit.point.latitude + distance * angle.sin() / 111_320.0;
        let longitude = endroit.point.longitude + distance * angle.cos() / (111_320.0 * latitude.to_radians().cos());
        let arrondi = |degres: f64| (degres * 1e6).round() / 1e6;
        let point = Point {
            longitude: arrondi(longitude),
            latitude: arrondi(latitude),
        };
        let precision = *self
            .hasard
            .pris(&[Precision::Numero, Precision::Numero, Precision::Rue, Precision::Source]);
        Some(Position { point, precision })
    }

    /// Most places were seen within the year, some long ago.
    fn date_maj(&mut self) -> Date {
        let jours = if self.hasard.une_fois_sur(7) {
            self.hasard.entre(400..=1500)
        } else {
            self.hasard.entre(0..=330)
        };
        self.date.saturating_sub(i64::from(jours).days())
    }

    fn services(&mut self, genre: &Genre) -> Vec<lieux::domain::listes::Service> {
        let mut services = genre.services.to_vec();
        for autre in self.hasard.quelques(genres::SERVICES, 4) {
            lieux::domain::lieu::ajouter_une_fois(&mut services, autre);
        }
        services.sort_unstable();
        services
    }

    fn frais(&mut self) -> Frais {
        match self.hasard.entre(1..=20) {
            1 => Frais::Payant,
            2 | 3 => Frais::GratuitSousCondition,
            _ => Frais::Gratuit,
        }
    }

    fn dispositifs(&mut self, genre: &Genre) -> Vec<Dispositif> {
        let mut dispositifs = genre.dispositifs.to_vec();
        if self.hasard.une_fois_sur(4) {
            lieux::domain::lieu::ajouter_une_fois(&mut dispositifs, Dispositif::ConseillersNumeriques);
        }
        if self.hasard.une_fois_sur(6) {
            lieux::domain::lieu::ajouter_une_fois(&mut dispositifs, Dispositif::AidantsConnect);
        }
        dispositifs
    }

    fn acces(&mut self, rdv: bool) -> Vec<ModaliteAcces> {
        let mut acces = vec![ModaliteAcces::SePresenter];
        match self.hasard.entre(1..=12) {
            1 => acces = vec![ModaliteAcces::Telephoner],
            2 => acces = vec![ModaliteAcces::Telephoner, ModaliteAcces::ContacterParMail],
            3..=7 => acces.push(ModaliteAcces::Telephoner),
            8 if !rdv => acces = vec![ModaliteAcces::PasDePublic],
            _ => {}
        }
        if rdv {
            acces.push(ModaliteAcces::PrendreRdvEnLigne);
        }
        acces
    }

    fn accompagnement(&mut self) -> Vec<ModaliteAccompagnement> {
        use ModaliteAccompagnement::{ADistance, AtelierCollectif, EnAutonomie, Individuel};
        let choix: &[&[ModaliteAccompagnement]] = &[
            &[Individuel],
            &[Individuel, AtelierCollectif],
            &[EnAutonomie, Individuel],
            &[EnAutonomie, Individuel, AtelierCollectif],
            &[Individuel, ADistance],
            &[EnAutonomie],
        ];
        self.hasard.pris(choix).to_vec()
    }
}

fn presentation(genre: &Genre, endroit: &Endroit, hasard: &mut Hasard) -> Presentation {
    if hasard.une_fois_sur(4) {
        return Presentation::default();
    }
    let resume = format!("{} {}", genre.resume, hasard.pris(genres::COMPLEMENTS));
    let detail = hasard.une_fois_sur(3).then(|| {
        format!(
            "{resume} Ce lieu de démonstration n’existe pas : il montre ce que verrait une personne {}.",
            noms::a(endroit.lieu())
        )
    });
    Presentation {
        resume: Some(resume),
        detail,
    }
}

/// A SIRET whose key is right, so that checks of the key have nothing to say.
fn siret(huit: u32, etablissement: u32) -> String {
    let sans_cle = |debut: String| {
        (0..10)
            .map(|cle| format!("{debut}{cle}"))
            .find(|essai| luhn(essai))
            .unwrap_or(debut)
    };
    let siren = sans_cle(format!("{huit:08}"));
    sans_cle(format!("{siren}{etablissement:04}"))
}

fn luhn(chiffres: &str) -> bool {
    let somme: u32 = chiffres
        .bytes()
        .rev()
        .enumerate()
        .map(|(rang, octet)| match (rang % 2, u32::from(octet - b'0')) {
            (0, chiffre) => chiffre,
            (_, chiffre) if chiffre > 4 => chiffre * 2 - 9,
            (_, chiffre) => chiffre * 2,
        })
        .sum();
    somme.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
