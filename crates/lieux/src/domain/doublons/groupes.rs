//! From pairs to groups: "same place" carries over, but never across two places that are known to differ.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::bareme::Bande;
use super::empreinte::Empreinte;
use super::{Comparaison, Couple, Doublon};
use crate::domain::lieu::Lieu;

/// What to do with what was detected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groupes {
    /// The groups to merge, each of at least two places, in the order of their identifiers.
    pub a_fusionner: Vec<Vec<Uuid>>,
    /// The pairs to ask about: those of the middle band, and those whose merge would join places that differ.
    pub a_decider: Vec<Doublon>,
}

/// Closes the pairs to merge, surest first. A link that would bring together two places that compare as distinct, or
/// that nobody may merge, is left to a person instead.
pub fn grouper(lieux: &[&Lieu], doublons: Vec<Doublon>, jamais: &HashSet<Couple>) -> Groupes {
    let (liens, mut a_decider): (Vec<_>, Vec<_>) = doublons.into_iter().partition(|d| d.bande == Bande::Fusionner);
    let mut familles = Familles::de(lieux, &liens);
    for lien in liens {
        if !familles.unir(lien.couple, jamais) {
            a_decider.push(Doublon {
                bande: Bande::ADecider,
                ..lien
            });
        }
    }
    Groupes {
        a_fusionner: familles.finies(),
        a_decider,
    }
}

/// Disjoint groups under construction.
struct Familles {
    empreintes: HashMap<Uuid, Empreinte>,
    famille: HashMap<Uuid, usize>,
    membres: Vec<Vec<Uuid>>,
}

impl Familles {
    fn de(lieux: &[&Lieu], liens: &[Doublon]) -> Self {
        let lies: HashSet<Uuid> = liens
            .iter()
            .flat_map(|l| [l.couple.premier(), l.couple.second()])
            .collect();
        let empreintes: HashMap<Uuid, Empreinte> = lieux
            .iter()
            .filter(|l| lies.contains(&l.id))
            .map(|l| (l.id, Empreinte::de(l)))
            .collect();
        let membres: Vec<Vec<Uuid>> = empreintes.keys().map(|id| vec![*id]).collect();
        let famille = membres.iter().enumerate().map(|(rang, seul)| (seul[0], rang)).collect();
        Self {
            empreintes,
            famille,
            membres,
        }
    }

    /// Joins the groups of two places; false when two of their members must stay apart.
    fn unir(&mut self, couple: Couple, jamais: &HashSet<Couple>) -> bool {
        let (Some(&a), Some(&b)) = (self.famille.get(&couple.premier()), self.famille.get(&couple.second())) else {
            return false;
        };
        if a == b {
            return true;
        }
        let separes = |x: &Uuid, y: &Uuid| {
            let interdit = Couple::de(*x, *y).is_some_and(|c| jamais.contains(&c));
            interdit || Comparaison::de(&self.empreintes[x], &self.empreintes[y]).bande() == Bande::Distincts
        };
        if self.membres[a]
            .iter()
            .any(|x| self.membres[b].iter().any(|y| separes(x, y)))
        {
            return false;
        }
        let arrivants = std::mem::take(&mut self.membres[b]);
        self.famille.extend(arrivants.iter().map(|id| (*id, a)));
        self.membres[a].extend(arrivants);
        true
    }

    fn finies(self) -> Vec<Vec<Uuid>> {
        let mut groupes: Vec<Vec<Uuid>> = self.membres.into_iter().filter(|m| m.len() > 1).collect();
        groupes.iter_mut().for_each(|g| g.sort_unstable());
        groupes.sort_unstable();
        groupes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::doublons::detecter;
    use crate::domain::doublons::mesure::Tirage;

    /// Three records of one place, from three sources.
    fn trois_fiches() -> Vec<Lieu> {
        let mut tirage = Tirage::de(3);
        let lieu = tirage.lieu_quelconque();
        ["une", "deux", "trois"]
            .into_iter()
            .map(|source| Lieu {
                id: tirage.identifiant(),
                source: Some(source.into()),
                ..lieu.clone()
            })
            .collect()
    }

    fn groupes(fiches: &[Lieu], jamais: &HashSet<Couple>) -> Groupes {
        let fiches: Vec<&Lieu> = fiches.iter().collect();
        grouper(&fiches, detecter(&fiches, jamais), jamais)
    }

    #[test]
    fn trois_fiches_d_un_lieu_font_un_groupe() {
        let fiches = trois_fiches();
        let trouves = groupes(&fiches, &HashSet::new());
        assert_eq!(trouves.a_fusionner, [fiches.iter().map(|f| f.id).collect::<Vec<_>>()]);
        assert_eq!(trouves.a_decider, []);
    }

    #[test]
    fn un_couple_interdit_ne_se_retrouve_pas_par_un_tiers() {
        let fiches = trois_fiches();
        let interdit = Couple::de(fiches[0].id, fiches[2].id).unwrap();
        let trouves = groupes(&fiches, &HashSet::from([interdit]));
        assert_eq!(trouves.a_fusionner.len(), 1);
        let groupe = &trouves.a_fusionner[0];
        assert!(!(groupe.contains(&interdit.premier()) && groupe.contains(&interdit.second())));
        assert_eq!(trouves.a_decider.len(), 1);
    }
}
