//! Where the places are: over the communes in proportion to their population.

use super::hasard::Hasard;
use territoire::{CodeCommune, CodePostal, Commune, NatureEntite, Point, Referentiel};

/// The seats that have places at any scale, with the village when the commune has another name.
const CHEFS_LIEUX: [(&str, Option<&str>); 6] = [
    ("97502", None),
    ("97701", Some("Gustavia")),
    ("97801", Some("Marigot")),
    ("98613", Some("Mata-Utu")),
    ("98735", None),
    ("98818", None),
];
/// How many places each of those seats has at least.
const AU_MOINS: u32 = 3;

/// A commune, or an arrondissement of one, where a place stands.
#[derive(Debug, Clone, Copy)]
pub struct Endroit {
    pub commune: &'static Commune,
    /// The arrondissement's code where there is one.
    pub code: CodeCommune,
    pub codes_postaux: &'static [CodePostal],
    pub habitants: u32,
    pub point: Point,
    pub bourg: Option<&'static str>,
}

impl Endroit {
    /// The name that people give to where they are.
    pub fn lieu(&self) -> &'static str {
        self.bourg.unwrap_or(self.commune.nom)
    }
}

/// One `Endroit` for each of `places` places, by commune. Large towns get their share exactly; small communes are drawn in turn.
pub fn endroits(referentiel: &'static Referentiel, places: usize, hasard: &mut Hasard) -> Vec<Endroit> {
    let parts: Vec<(Endroit, u32)> = referentiel
        .communes()
        .filter_map(|commune| {
            Some((
                endroit(commune),
                commune
                    .population
                    .filter(|p| *p > 0 && !commune.codes_postaux.is_empty())?,
            ))
        })
        .collect();
    let total: f64 = parts.iter().map(|(_, p)| f64::from(*p)).sum();
    let reserve = CHEFS_LIEUX.len() * AU_MOINS as usize;
    let libres = places.saturating_sub(reserve);
    let pas = total / libres.max(1) as f64;
    let (mut seuil, mut somme) = (pas * hasard.part(), 0.0);
    let mut liste = Vec::with_capacity(places);
    for (endroit, population) in &parts {
        somme += f64::from(*population);
        let garantis = if CHEFS_LIEUX
            .iter()
            .any(|(code, _)| *code == endroit.commune.code.as_str())
        {
            AU_MOINS
        } else {
            0
        };
        liste.extend((0..garantis).map(|_| *endroit));
        while seuil < somme && liste.len() < places {
            liste.push(arrondissement(*endroit, referentiel, hasard));
            seuil += pas;
        }
    }
    liste
}

fn endroit(commune: &'static Commune) -> Endroit {
    Endroit {
        commune,
        code: commune.code,
        codes_postaux: commune.codes_postaux,
        habitants: commune.population.unwrap_or(0),
        point: commune.point,
        bourg: CHEFS_LIEUX
            .iter()
            .find(|(code, _)| *code == commune.code.as_str())
            .and_then(|(_, bourg)| *bourg),
    }
}

/// In Paris, Lyon and Marseille an address names its arrondissement.
fn arrondissement(ville: Endroit, referentiel: &'static Referentiel, hasard: &mut Hasard) -> Endroit {
    if !matches!(ville.code.as_str(), "75056" | "69123" | "13055") {
        return ville;
    }
    let siens: Vec<_> = referentiel
        .lieux_dits()
        .filter(|e| e.commune == ville.code && e.nature == NatureEntite::ArrondissementMunicipal)
        .collect();
    match hasard.parmi(&siens) {
        Some(e) if !e.codes_postaux.is_empty() => Endroit {
            code: e.code,
            codes_postaux: e.codes_postaux,
            ..ville
        },
        _ => ville,
    }
}
