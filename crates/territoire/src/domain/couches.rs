//! Answers questions about a place on a day, from every vintage that was imported.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    code::{CodeCommune, SirenEpci},
    couche::{Classement, Contenu, Couche, Element, Fragilite, FranceServices, Nature},
    entites::Commune,
    point::Point,
    referentiel::Referentiel,
    surface::Surface,
};

/// A priority district.
#[derive(Clone, Debug, PartialEq)]
pub struct Quartier {
    /// National code.
    pub code: String,
    /// Name.
    pub libelle: String,
    surface: Surface,
}

/// What the zone layers say of a commune on a day; none where no vintage holds or the commune is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Zonage {
    /// France ruralités revitalisation.
    pub frr: Option<Classement>,
    /// Zones de revitalisation rurale.
    pub zrr: Option<Classement>,
}

#[derive(Debug, Default)]
struct Donnees {
    quartiers: Vec<Quartier>,
    classements: HashMap<CodeCommune, Classement>,
    fragilites: HashMap<CodeCommune, Fragilite>,
    fragilites_epci: HashMap<SirenEpci, Fragilite>,
    france_services: HashMap<CodeCommune, Vec<FranceServices>>,
}

/// Every imported layer, ready to answer; a copy of the database.
#[derive(Debug, Default)]
pub struct Couches(Vec<(Couche, Donnees)>);

/// The distance from a district under which a place counts as near it (in metres).
const PROXIMITE_QPV_M: f64 = 100.0;

impl Couches {
    /// Puts the rows of each layer under the present communes: former codes lead to theirs, and several rows of one commune are put together.
    pub fn construire(couches: impl IntoIterator<Item = (Couche, Vec<Element>)>) -> Self {
        Couches(
            couches
                .into_iter()
                .map(|(couche, elements)| (couche, Donnees::ranger(elements)))
                .collect(),
        )
    }

    /// The layer of this nature that holds on that day, the latest begun when several do.
    pub fn couche(&self, nature: Nature, jour: Date) -> Option<&Couche> {
        self.trouver(nature, jour).map(|(couche, _)| couche)
    }

    /// Every layer.
    pub fn toutes(&self) -> impl Iterator<Item = &Couche> {
        self.0.iter().map(|(couche, _)| couche)
    }

    /// Whether the point is in a priority district on that day; nothing when no vintage holds then.
    pub fn est_en_qpv(&self, point: Point, jour: Date) -> Option<bool> {
        let (_, donnees) = self.trouver(Nature::Qpv, jour)?;
        Some(
            donnees
                .quartiers
                .iter()
                .any(|quartier| quartier.surface.contient(point)),
        )
    }

    /// Whether the point is in a priority district or less than 100 metres from one; nothing when no vintage holds then.
    pub fn a_moins_de_100m_d_un_qpv(&self, point: Point, jour: Date) -> Option<bool> {
        let (_, donnees) = self.trouver(Nature::Qpv, jour)?;
        Some(
            donnees
                .quartiers
                .iter()
                .any(|quartier| quartier.surface.est_a_moins_de(PROXIMITE_QPV_M, point)),
        )
    }

    /// The priority district that holds the point on that day.
    pub fn quartier(&self, point: Point, jour: Date) -> Option<&Quartier> {
        let (_, donnees) = self.trouver(Nature::Qpv, jour)?;
        donnees
            .quartiers
            .iter()
            .find(|quartier| quartier.surface.contient(point))
    }

    /// Whether the commune is in a rural revitalisation zone on that day.
    pub fn zonage(&self, commune: &Commune, jour: Date) -> Zonage {
        let classement = |nature| self.trouver(nature, jour)?.1.classements.get(&commune.code).copied();
        Zonage {
            frr: classement(Nature::Frr),
            zrr: classement(Nature::Zrr),
        }
    }

    /// The commune's digital fragility on that day: that of the file, or the mean of its parts where the file has an older geography.
    pub fn fragilite(&self, commune: &Commune, jour: Date) -> Option<Fragilite> {
        self.trouver(Nature::FragiliteCommunes, jour)?
            .1
            .fragilites
            .get(&commune.code)
            .copied()
    }

    /// The EPCI's digital fragility on that day.
    pub fn fragilite_epci(&self, siren: SirenEpci, jour: Date) -> Option<Fragilite> {
        self.trouver(Nature::FragiliteEpci, jour)?
            .1
            .fragilites_epci
            .get(&siren)
            .copied()
    }

    /// The France Services houses of a commune on that day; nothing when no vintage holds then.
    pub fn france_services(&self, commune: &Commune, jour: Date) -> Option<&[FranceServices]> {
        let (_, donnees) = self.trouver(Nature::FranceServices, jour)?;
        Some(donnees.france_services.get(&commune.code).map_or(&[], Vec::as_slice))
    }

    fn trouver(&self, nature: Nature, jour: Date) -> Option<&(Couche, Donnees)> {
        let valables = self
            .0
            .iter()
            .filter(|(couche, _)| couche.nature == nature && couche.vaut(jour));
        valables.max_by_key(|(couche, _)| couche.valable_du)
    }
}

impl Donnees {
    fn ranger(elements: Vec<Element>) -> Self {
        let mut donnees = Donnees::default();
        let mut classements: HashMap<CodeCommune, Vec<Classement>> = HashMap::new();
        let mut fragilites: HashMap<CodeCommune, Vec<Fragilite>> = HashMap::new();
        for Element { code, libelle, contenu } in elements {
            match contenu {
                Contenu::Quartier(geometrie) => {
                    let surface = Surface::lire(&geometrie);
                    donnees
                        .quartiers
                        .extend(surface.map(|surface| Quartier { code, libelle, surface }));
                }
                Contenu::Zonage(classement) => {
                    commune_actuelle(&code)
                        .into_iter()
                        .for_each(|c| classements.entry(c).or_default().push(classement));
                }
                Contenu::Fragilite(fragilite) => match code.parse() {
                    Ok(siren) => drop(donnees.fragilites_epci.insert(siren, fragilite)),
                    Err(_) => commune_actuelle(&code)
                        .into_iter()
                        .for_each(|c| fragilites.entry(c).or_default().push(fragilite)),
                },
                Contenu::FranceServices(espace) => {
                    let commune = commune_actuelle(espace.commune.as_str());
                    commune
                        .into_iter()
                        .for_each(|c| donnees.france_services.entry(c).or_default().push(espace.clone()));
                }
            }
        }
        donnees.classements = classements
            .into_iter()
            .map(|(c, parties)| (c, ensemble(&parties)))
            .collect();
        donnees.fragilites = fragilites
            .into_iter()
            .map(|(c, parties)| (c, moyenne(&parties)))
            .collect();
        donnees
    }
}

fn commune_actuelle(code: &str) -> Option<CodeCommune> {
    Referentiel::embarque()
        .resoudre(code.parse().ok()?)
        .map(|commune| commune.code)
}

/// A commune is wholly in a zone when all its parts are.
fn ensemble(parties: &[Classement]) -> Classement {
    match parties {
        [premiere, suite @ ..] if suite.iter().all(|autre| autre == premiere) => *premiere,
        autres
            if autres
                .iter()
                .all(|c| matches!(c, Classement::Oui | Classement::Renforce)) =>
        {
            Classement::Oui
        }
        _ => Classement::Partiel,
    }
}

fn moyenne(parties: &[Fragilite]) -> Fragilite {
    let moyenne = |valeur: fn(&Fragilite) -> Option<f64>| {
        let valeurs: Vec<f64> = parties.iter().filter_map(valeur).collect();
        (!valeurs.is_empty()).then(|| valeurs.iter().sum::<f64>() / valeurs.len() as f64)
    };
    Fragilite {
        total: moyenne(|f| Some(f.total)).unwrap_or_default(),
        sans_tres_haut_debit: moyenne(|f| f.sans_tres_haut_debit),
        sans_4g: moyenne(|f| f.sans_4g),
        pauvrete: moyenne(|f| f.pauvrete),
        plus_de_65_ans: moyenne(|f| f.plus_de_65_ans),
        sans_diplome: moyenne(|f| f.sans_diplome),
    }
}
