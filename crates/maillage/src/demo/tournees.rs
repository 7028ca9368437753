//! The rounds of itinerant places: a few neighbouring communes, each on its days.

use super::{Fabrique, heures, repartition::Endroit};
use jiff::ToSpan;
use lieux::domain::lieu::{Passage, Visite};
use territoire::Commune;

const ENDROITS: &[&str] = &[
    "Place de la mairie",
    "Parking de la salle des fêtes",
    "Devant l’école",
    "Place du marché",
    "Face à la boulangerie",
    "Parvis de la médiathèque",
    "Esplanade de la gare",
];
/// How far a round goes, in metres.
const RAYON_M: f64 = 25_000.0;

/// The stops of a round that starts here: most come back, some happen once.
pub(super) fn visites(endroit: &Endroit, fabrique: &mut Fabrique) -> Vec<Visite> {
    let voisines = voisines(endroit, fabrique);
    let arrets = fabrique.hasard.entre(3..=6) as usize;
    let mut visites = Vec::new();
    for commune in voisines.into_iter().take(arrets) {
        let hasard = &mut fabrique.hasard;
        let quand = if hasard.une_fois_sur(4) {
            let jours = i64::from(hasard.entre(1..=45));
            let date = fabrique.date.saturating_add(jours.days());
            Passage::Date {
                date,
                horaires: Some(heures::plage(hasard)),
            }
        } else {
            Passage::Recurrent {
                regle: heures::passage(hasard),
            }
        };
        let endroit = (!hasard.une_fois_sur(5)).then(|| (*hasard.pris(ENDROITS)).to_owned());
        visites.push(Visite {
            endroit,
            commune: Some(commune.code),
            quand,
        });
    }
    visites
}

/// The communes around, nearest first, in the same département or collectivity: a round stays with its funder.
fn voisines(endroit: &Endroit, fabrique: &Fabrique) -> Vec<&'static Commune> {
    let centre = endroit.commune;
    let mut proches: Vec<_> = fabrique
        .referentiel
        .communes()
        .filter(|c| {
            c.departement == centre.departement && c.collectivite == centre.collectivite && !c.codes_postaux.is_empty()
        })
        .map(|c| (centre.point.distance_m(c.point), c))
        .filter(|(distance, _)| *distance < RAYON_M)
        .collect();
    proches.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.code.cmp(&b.1.code)));
    proches.into_iter().map(|(_, commune)| commune).collect()
}
