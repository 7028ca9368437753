//! What an import does, decided before anything is written.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use socle::permissions::Scope;
use uuid::Uuid;

use super::{
    forme::Traduction,
    interpretation::{Interpretee, Motif, Provenance, id_recu, interpreter},
    portee::refus_de_portee,
};
use crate::domain::{
    lieu::Lieu,
    standard::{ligne::Ligne, table::Lecture},
};

/// A row that comes in.
#[derive(Clone, Debug, PartialEq)]
pub struct Gardee {
    /// Number of the row.
    pub ligne: usize,
    /// Identifier in the source.
    pub id_externe: String,
    /// The place, with its stable identifier.
    pub lieu: Lieu,
    /// Whether the source is heard of it for the first time.
    pub nouvelle: bool,
    /// Where each field comes from.
    pub provenances: Vec<Provenance>,
}

/// A field that was changed on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Number of the row.
    pub ligne: usize,
    /// Column of the standard.
    pub champ: &'static str,
    /// What the source wrote.
    pub avant: String,
    /// What was kept.
    pub apres: String,
    /// Why.
    pub regle: &'static str,
}

/// A row that does not come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusee {
    /// Number of the row.
    pub ligne: usize,
    /// Column of the standard at fault, when it is one.
    pub champ: Option<&'static str>,
    /// Short code of the reason.
    pub code: &'static str,
    /// The reason, in French.
    pub raison: String,
}

impl Refusee {
    /// A row refused for this reason.
    pub fn pour(ligne: usize, motif: &Motif) -> Self {
        Self {
            ligne,
            champ: motif.champ(),
            code: motif.code(),
            raison: motif.to_string(),
        }
    }
}

/// A place that the source no longer lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retiree {
    /// Identifier in the source.
    pub id_externe: String,
    /// The place.
    pub id: Uuid,
}

/// What an import did, for the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comptes {
    /// Rows read.
    pub lues: i64,
    /// Places made.
    pub creees: i64,
    /// Places changed.
    pub modifiees: i64,
    /// Places that were the same.
    pub inchangees: i64,
    /// Rows refused.
    pub refusees: i64,
    /// Places withdrawn.
    pub retirees: i64,
}

/// What an import keeps, mends, refuses and withdraws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rapport {
    /// What was recognised.
    pub forme: String,
    /// Rows that come in.
    pub gardees: Vec<Gardee>,
    /// Rows that do not.
    pub refusees: Vec<Refusee>,
    /// Places that left the source.
    pub retirees: Vec<Retiree>,
}

impl Rapport {
    /// Every field that was changed, in the order of the file.
    pub fn corrections(&self) -> impl Iterator<Item = Correction> {
        self.gardees.iter().flat_map(|gardee| {
            gardee
                .provenances
                .iter()
                .filter(|p| p.est_une_correction())
                .map(|p| Correction {
                    ligne: gardee.ligne,
                    champ: p.champ,
                    avant: p.recu.clone(),
                    apres: p.retenu.clone(),
                    regle: p.regle,
                })
        })
    }

    /// How many rows were refused for each reason.
    pub fn refus_par_motif(&self) -> BTreeMap<&'static str, usize> {
        let mut comptes = BTreeMap::new();
        for refusee in &self.refusees {
            *comptes.entry(refusee.code).or_default() += 1;
        }
        comptes
    }

    /// Refuses the rows, and leaves the places, that who imports does not reach; `tenus` gives the codes of the scope in which each place
    /// of the source lies.
    pub fn restreindre(&mut self, portee: &Scope, tenus: &HashMap<Uuid, Vec<String>>) {
        if portee.is_everything() {
            return;
        }
        let vide = Vec::new();
        let (gardees, hors): (Vec<_>, Vec<_>) = std::mem::take(&mut self.gardees)
            .into_iter()
            .map(|gardee| {
                let actuels = (!gardee.nouvelle).then(|| tenus.get(&gardee.lieu.id).unwrap_or(&vide).as_slice());
                (refus_de_portee(portee, actuels, gardee.lieu.adresse.code_insee), gardee)
            })
            .partition(|(refus, _)| refus.is_none());
        self.gardees = gardees.into_iter().map(|(_, gardee)| gardee).collect();
        let refusees = hors
            .into_iter()
            .filter_map(|(refus, gardee)| refus.map(|motif| Refusee::pour(gardee.ligne, &motif)));
        self.refusees.extend(refusees);
        self.refusees.sort_by_key(|refusee| refusee.ligne);
        self.retirees.retain(|retiree| tenus.contains_key(&retiree.id));
    }

    /// Whether the import would withdraw more than half of what the source had: more likely a broken file than a fact.
    pub fn est_un_retrait_massif(&self) -> bool {
        let connues = self.retirees.len() + self.gardees.iter().filter(|g| !g.nouvelle).count();
        self.retirees.len() > 10 && self.retirees.len() * 2 > connues
    }
}

/// Decides of every row; `connus` says which place each identifier of the source already names.
///
/// The same rows over the same places give the same decision: an import done twice does nothing the second time.
pub fn decider(
    lectures: impl IntoIterator<Item = Lecture>,
    traduction: &Traduction,
    source: &str,
    connus: &HashMap<String, Uuid>,
    mut nouvel_id: impl FnMut() -> Uuid,
) -> Rapport {
    let mut rapport = Rapport {
        forme: traduction.libelle(),
        ..Rapport::default()
    };
    let mut vus: HashMap<String, usize> = HashMap::new();
    for lecture in lectures {
        let (numero, interpretee) = match lecture {
            Ok(ligne) => (ligne.numero, traduire(ligne, traduction, source)),
            Err(illisible) => (
                illisible.numero,
                Err((Motif::Illisible(illisible.raison), String::new())),
            ),
        };
        let interpretee = interpretee.and_then(|i| match vus.get(&i.id_externe) {
            Some(premiere) => Err((Motif::Doublon(*premiere), String::new())),
            None => Ok(i),
        });
        match interpretee {
            Ok(Interpretee {
                id_externe,
                mut lieu,
                provenances,
            }) => {
                vus.insert(id_externe.clone(), numero);
                let connu = connus.get(&id_externe).copied();
                lieu.id = connu.unwrap_or_else(&mut nouvel_id);
                rapport.gardees.push(Gardee {
                    ligne: numero,
                    id_externe,
                    lieu,
                    nouvelle: connu.is_none(),
                    provenances,
                });
            }
            Err((motif, id_recu)) => {
                // A row that became unreadable is still in the source: its place stays as it was.
                if !matches!(motif, Motif::PasDePublic | Motif::Ecartee(_)) && !id_recu.is_empty() {
                    vus.entry(id_recu).or_insert(numero);
                }
                rapport.refusees.push(Refusee::pour(numero, &motif));
            }
        }
    }
    rapport.retirees = retirees(connus, &vus);
    rapport
}

/// The place of a row, or why there is none with the identifier that the row gives.
fn traduire(ligne: Ligne, traduction: &Traduction, source: &str) -> Result<Interpretee, (Motif, String)> {
    let traduite = traduction
        .traduire(ligne)
        .map_err(|terme| (Motif::Ecartee(terme), String::new()))?;
    interpreter(&traduite, source).map_err(|motif| (motif, id_recu(&traduite)))
}

fn retirees(connus: &HashMap<String, Uuid>, vus: &HashMap<String, usize>) -> Vec<Retiree> {
    let mut parties: Vec<Retiree> = connus
        .iter()
        .filter(|(id_externe, _)| !vus.contains_key(*id_externe))
        .map(|(id_externe, id)| Retiree {
            id_externe: id_externe.clone(),
            id: *id,
        })
        .collect();
    parties.sort_by(|a, b| a.id_externe.cmp(&b.id_externe));
    parties
}
