//! The labels that come from the territory: a priority district is a fact of a place's point, a rural zone one of its commune.

use jiff::civil::Date;
use territoire::{Classement, Commune, Couches, Nature, Referentiel};

use super::{decision::Gardee, interpretation::Provenance};
use crate::domain::lieu::{Lieu, Precision, ajouter_une_fois};

/// The layers that say a label.
pub const NATURES: [Nature; 3] = [Nature::Qpv, Nature::Frr, Nature::Zrr];

const CHAMP: &str = "autres_formations_labels";
const REGLE: &str = "quartier prioritaire et zone rurale d’après les couches du territoire";

/// Gives the places the labels that the layers of that day say, and takes away those that they deny. Where no layer
/// holds, or where it cannot tell, the word of the source stays.
pub fn etiqueter(gardees: &mut [Gardee], couches: &Couches, jour: Date) {
    for gardee in gardees {
        let labels = labels(&gardee.lieu, couches, jour);
        if labels != gardee.lieu.autres_formations {
            noter(&mut gardee.provenances, labels.join("|"));
            gardee.lieu.autres_formations = labels;
        }
    }
}

fn labels(lieu: &Lieu, couches: &Couches, jour: Date) -> Vec<String> {
    let mut labels = lieu.autres_formations.clone();
    let code = lieu.adresse.code_insee;
    let commune = code.and_then(|code| Referentiel::embarque().resoudre(code));
    let faits = [
        ("QPV", en_quartier(lieu, couches, jour)),
        ("FRR", commune.and_then(|c| en_zone(Nature::Frr, c, couches, jour))),
        ("ZRR", commune.and_then(|c| en_zone(Nature::Zrr, c, couches, jour))),
    ];
    for (label, fait) in faits {
        match fait {
            Some(true) => ajouter_une_fois(&mut labels, label.to_owned()),
            Some(false) => labels.retain(|l| l != label),
            None => {}
        }
    }
    labels
}

/// The centre of a commune says nothing of the district in which a place stands.
fn en_quartier(lieu: &Lieu, couches: &Couches, jour: Date) -> Option<bool> {
    let position = lieu.position.filter(|p| p.precision != Precision::Commune)?;
    couches.est_en_qpv(position.point, jour)
}

/// A layer lists the communes of its zone: one that it leaves out is not in it, and one that is so in part does not tell.
fn en_zone(nature: Nature, commune: &Commune, couches: &Couches, jour: Date) -> Option<bool> {
    couches.couche(nature, jour)?;
    let zonage = couches.zonage(commune, jour);
    let classement = match nature {
        Nature::Zrr => zonage.zrr,
        _ => zonage.frr,
    };
    match classement {
        Some(Classement::Oui | Classement::Renforce) => Some(true),
        Some(Classement::Partiel) => None,
        Some(Classement::Non) | None => Some(false),
    }
}

fn noter(provenances: &mut Vec<Provenance>, retenu: String) {
    match provenances.iter_mut().find(|p| p.champ == CHAMP) {
        Some(provenance) => (provenance.retenu, provenance.regle) = (retenu, REGLE),
        None => provenances.push(Provenance {
            champ: CHAMP,
            recu: String::new(),
            retenu,
            regle: REGLE,
        }),
    }
}
