//! Which pairs are worth comparing: all pairs of a small commune, and elsewhere those that share a rare word of their
//! name, a street, a contact, a SIRET or a neighbourhood, so that the work grows with the places and not their square.

use std::collections::HashMap;

use super::empreinte::Empreinte;
use territoire::Point;

/// In a commune of at most so many places, every pair is compared.
const COMMUNE_ENTIERE: usize = 40;
/// A word, street or contact that more places share tells nothing and is left to the other keys.
const CLE_BANALE: usize = 150;
/// The height of a cell, in degrees.
const HAUTEUR: f64 = 0.002;
/// The width of a cell, in degrees.
const LARGEUR: f64 = 0.0028;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Cle<'a> {
    Commune(&'a str),
    Mot(&'a str, &'a str),
    Voie(&'a str, &'a str, Option<&'a str>),
    Siret(&'a str),
    Telephone(&'a str),
    Courriel(&'a str),
}

/// The candidate pairs, as ordered positions, each once and in order.
pub(super) fn candidats(empreintes: &[Empreinte]) -> Vec<(usize, usize)> {
    let mut blocs: HashMap<Cle, Vec<usize>> = HashMap::new();
    for (rang, empreinte) in empreintes.iter().enumerate() {
        for cle in cles(empreinte) {
            let bloc = blocs.entry(cle).or_default();
            if bloc.last() != Some(&rang) {
                bloc.push(rang);
            }
        }
    }
    let mut paires = Vec::new();
    for (cle, bloc) in &blocs {
        let limite = if matches!(cle, Cle::Commune(_)) {
            COMMUNE_ENTIERE
        } else {
            CLE_BANALE
        };
        if bloc.len() <= limite {
            toutes_les_paires(bloc, &mut paires);
        }
    }
    voisins(empreintes, &mut paires);
    paires.sort_unstable();
    paires.dedup();
    paires
}

fn cles(empreinte: &Empreinte) -> impl Iterator<Item = Cle<'_>> {
    let commune = empreinte.commune.as_str();
    let mots = empreinte
        .nom
        .iter()
        .filter(|mot| !mot.est_banal())
        .map(move |mot| Cle::Mot(commune, mot.texte()));
    let voie = empreinte
        .voie
        .last()
        .map(|mot| Cle::Voie(commune, mot.texte(), empreinte.numero.as_deref()));
    std::iter::once(Cle::Commune(commune))
        .chain(mots)
        .chain(voie)
        .chain(empreinte.siret.as_deref().map(Cle::Siret))
        .chain(empreinte.telephone.as_deref().map(Cle::Telephone))
        .chain(empreinte.courriels.iter().map(|courriel| Cle::Courriel(courriel)))
}

fn toutes_les_paires(bloc: &[usize], paires: &mut Vec<(usize, usize)>) {
    for (n, &i) in bloc.iter().enumerate() {
        paires.extend(bloc[n + 1..].iter().map(|&j| (i.min(j), i.max(j))));
    }
}

/// The pairs of one cell or of two cells that touch, whatever their communes.
fn voisins(empreintes: &[Empreinte], paires: &mut Vec<(usize, usize)>) {
    let mut cases: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
    for (rang, point) in empreintes
        .iter()
        .enumerate()
        .filter_map(|(rang, e)| Some((rang, e.point?)))
    {
        cases.entry(case(point)).or_default().push(rang);
    }
    for (&(x, y), bloc) in cases.iter().filter(|(_, bloc)| bloc.len() <= CLE_BANALE) {
        toutes_les_paires(bloc, paires);
        for voisine in [(x + 1, y - 1), (x + 1, y), (x + 1, y + 1), (x, y + 1)] {
            for &j in cases
                .get(&voisine)
                .filter(|autre| autre.len() <= CLE_BANALE)
                .into_iter()
                .flatten()
            {
                paires.extend(bloc.iter().map(|&i| (i.min(j), i.max(j))));
            }
        }
    }
}

/// The cell of a point: 220 metres from south to north and, in mainland France, as much from west to east.
fn case(point: Point) -> (i32, i32) {
    (
        (point.longitude / LARGEUR).floor() as i32,
        (point.latitude / HAUTEUR).floor() as i32,
    )
}
