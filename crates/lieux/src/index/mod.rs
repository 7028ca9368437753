//! The in-memory read copy of the places: built from the database, refreshed within a second of a change, never the truth.

mod demande;
mod entrees;
pub mod facettes;
mod lecture;
mod mots;
mod recherche;

pub use demande::{Comptes, Curseur, Demande, Reponse, Trouve};
pub use entrees::CalendrierLocal;
pub use lecture::Lieux;

use crate::domain::lieu::Lieu;
use entrees::{Attaches, Entree, Partages, voisinage};
use horaires::Horaires;
use mots::Mots;
use rstar::{RTree, primitives::GeomWithData};
use std::collections::HashMap;
use territoire::{CodeCommune, plier};
use uuid::Uuid;

type PointRange = GeomWithData<[f32; 3], u32>;

/// Every public place, ready to be searched.
#[derive(Debug)]
pub struct Index {
    lieux: Vec<Lieu>,
    entrees: Vec<Entree>,
    attaches: Vec<Attaches>,
    partages: Partages,
    par_id: Vec<(Uuid, u32)>,
    /// The place of each in the order of names.
    rang_du_nom: Vec<u32>,
    alias: HashMap<Box<str>, Uuid>,
    arbre: RTree<PointRange>,
    mots: Mots,
    par_commune: HashMap<CodeCommune, Vec<u32>>,
}

impl Index {
    /// Builds the index; `alias` gives the former and external identifiers, `annee` the year around which holidays are kept ready.
    pub fn construire(mut lieux: Vec<Lieu>, alias: impl IntoIterator<Item = (String, Uuid)>, annee: i16) -> Self {
        lieux.shrink_to_fit();
        // Neighbours stand side by side: a search around a point reads few pages of memory.
        lieux.sort_unstable_by_key(|lieu| (lieu.position.map(|p| voisinage(p.point)), lieu.id));
        let mut partages = Partages::default();
        let entrees: Vec<Entree> = lieux.iter().map(Entree::de).collect();
        let attaches: Vec<Attaches> = lieux.iter().map(|lieu| partages.attaches(lieu, annee)).collect();
        partages.figer();
        let rangs = 0..u32::try_from(lieux.len()).unwrap_or(u32::MAX);
        let mut par_id: Vec<_> = lieux.iter().map(|lieu| lieu.id).zip(rangs.clone()).collect();
        par_id.sort_unstable();
        let points = rangs
            .clone()
            .zip(&entrees)
            .filter_map(|(rang, entree)| Some(PointRange::new(entree.direction?.simple(), rang)))
            .collect();
        let mut par_commune: HashMap<CodeCommune, Vec<u32>> = HashMap::new();
        for (rang, lieu) in rangs.zip(&attaches) {
            // An arrondissement's places are also those of its commune.
            let codes = [lieu.commune, lieu.actuelle.filter(|c| lieu.commune != Some(*c))];
            for code in codes.into_iter().flatten() {
                par_commune.entry(code).or_default().push(rang);
            }
        }
        let textes = lieux.iter().map(|lieu| {
            let adresse = &lieu.adresse;
            vec![
                lieu.nom.as_str(),
                adresse.voie.as_str(),
                adresse.commune.as_str(),
                adresse.code_postal.as_str(),
            ]
        });
        let mots = Mots::construire(textes);
        let alias = alias
            .into_iter()
            .map(|(texte, id)| (texte.into_boxed_str(), id))
            .collect();
        Self {
            arbre: RTree::bulk_load(points),
            mots,
            par_commune,
            alias,
            par_id,
            rang_du_nom: rangs_des_noms(&lieux),
            partages,
            entrees,
            attaches,
            lieux,
        }
    }

    /// How many places there are.
    pub fn total(&self) -> usize {
        self.lieux.len()
    }

    /// Every place, neighbours together.
    pub fn lieux(&self) -> &[Lieu] {
        &self.lieux
    }

    /// The place that has this identifier.
    pub fn fiche(&self, id: Uuid) -> Option<&Lieu> {
        self.rang(id).map(|rang| &self.lieux[rang])
    }

    /// The present identifier behind a present, former or external one.
    pub fn resoudre(&self, identifiant: &str) -> Option<Uuid> {
        let present = Uuid::try_parse(identifiant).ok().filter(|id| self.rang(*id).is_some());
        present.or_else(|| self.alias.get(identifiant).copied())
    }

    /// The opening hours of a place, when its text can be read.
    pub fn horaires(&self, id: Uuid) -> Option<&Horaires> {
        let attaches = &self.attaches[self.rang(id)?];
        self.partages.horaires(attaches.horaires?)
    }

    /// The clock and holidays of a place.
    pub fn calendrier(&self, id: Uuid) -> Option<&CalendrierLocal> {
        let attaches = &self.attaches[self.rang(id)?];
        Some(self.partages.calendrier(attaches.calendrier))
    }

    /// The places that stand or stop in one of these communes, sorted by name.
    pub fn des_communes(&self, communes: &[CodeCommune]) -> Vec<&Lieu> {
        let mut rangs: Vec<u32> = communes
            .iter()
            .filter_map(|c| self.par_commune.get(c))
            .flatten()
            .copied()
            .collect();
        let visiteurs = self.lieux.iter().zip(0_u32..).filter(|(lieu, _)| {
            lieu.visites
                .iter()
                .any(|v| v.commune.is_some_and(|c| communes.contains(&c)))
        });
        rangs.extend(visiteurs.map(|(_, rang)| rang));
        rangs.sort_unstable_by_key(|rang| self.rang_du_nom[*rang as usize]);
        rangs.dedup();
        rangs.into_iter().map(|rang| &self.lieux[rang as usize]).collect()
    }

    fn rang(&self, id: Uuid) -> Option<usize> {
        let place = self.par_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.par_id[place].1 as usize)
    }
}

/// The place of each in the order of names.
fn rangs_des_noms(lieux: &[Lieu]) -> Vec<u32> {
    let mut ordre: Vec<usize> = (0..lieux.len()).collect();
    ordre.sort_by_cached_key(|rang| (plier(&lieux[*rang].nom).into_boxed_str(), lieux[*rang].id));
    let mut rangs = vec![0; lieux.len()];
    for (place, rang) in (0..).zip(ordre) {
        rangs[rang] = place;
    }
    rangs
}
