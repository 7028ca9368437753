//! Nested apportionment: nation, département, EPCI, or any other tree; a territory without a level stands under the one above.

use super::{Egalite, ErreurRepartition, Methode, Territoire, repartir};
use crate::{empreinte::Empreinte, fraction::Fraction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A territory and the one that it is shared from; none for those shared from the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noeud {
    /// The territory; without a need of its own, it has the sum of those known below it.
    pub territoire: Territoire,
    /// Code of the territory above.
    pub parent: Option<String>,
}

/// What a territory gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its code.
    pub code: String,
    /// Code of the territory above.
    pub parent: Option<String>,
    /// Its need, exactly; none when it is not known.
    pub besoin: Option<String>,
    /// Some of those below have a need that is not known.
    pub besoin_partiel: bool,
    /// Posts; for a need that is not known, those kept for people to decide.
    pub postes: u32,
    /// Draws that decided something between those below, or at the top for the first.
    pub egalites: Vec<Egalite>,
}

/// What the territories below make of one.
struct Resume {
    territoire: Territoire,
    partiel: bool,
}

struct Arbre<'a> {
    noeuds: BTreeMap<&'a str, &'a Noeud>,
    enfants: BTreeMap<Option<&'a str>, Vec<&'a str>>,
}

/// Shares posts at the top, then those of each territory between the ones below it. The first part is the whole.
///
/// # Errors
/// A parent that does not exist, or what [`repartir`] refuses, named by its territory.
pub fn repartir_arbre(
    postes: u32,
    methode: Methode,
    noeuds: &[Noeud],
    tirage: &Empreinte,
) -> Result<Vec<Part>, ErreurRepartition> {
    let arbre = Arbre::new(noeuds)?;
    let mut resumes = BTreeMap::new();
    for code in arbre.enfants.get(&None).into_iter().flatten() {
        arbre.resumer(code, &mut resumes)?;
    }
    let mut parts = vec![Part {
        code: String::new(),
        parent: None,
        besoin: None,
        besoin_partiel: resumes.values().any(|r| r.territoire.besoin.is_none()),
        postes,
        egalites: Vec::new(),
    }];
    let mut file = vec![(None, 0)];
    while let Some((parent, rang)) = file.pop() {
        let Some(codes) = arbre.enfants.get(&parent) else {
            continue;
        };
        let territoires: Vec<_> = codes.iter().map(|c| resumes[c].territoire.clone()).collect();
        let partage = repartir(parts[rang].postes, methode, &territoires, tirage).map_err(|e| nommer(e, parent))?;
        parts[rang].egalites = partage.egalites;
        for (code, postes) in partage.postes.into_iter().chain(partage.inconnus) {
            let (cle, noeud) = arbre
                .noeuds
                .get_key_value(code.as_str())
                .expect("a share is that of a known territory");
            let resume = &resumes[cle];
            // What is kept for an unknown need is not shared any further: people decide.
            if resume.territoire.besoin.is_some() {
                file.push((Some(*cle), parts.len()));
            }
            parts.push(Part {
                code,
                parent: noeud.parent.clone(),
                besoin: resume.territoire.besoin.map(|b| b.to_string()),
                besoin_partiel: resume.partiel,
                postes,
                egalites: Vec::new(),
            });
        }
    }
    parts[1..].sort_by(|a, b| (&a.parent, &a.code).cmp(&(&b.parent, &b.code)));
    Ok(parts)
}

impl<'a> Arbre<'a> {
    fn new(noeuds: &'a [Noeud]) -> Result<Self, ErreurRepartition> {
        let mut arbre = Self {
            noeuds: BTreeMap::new(),
            enfants: BTreeMap::new(),
        };
        for noeud in noeuds {
            let code = noeud.territoire.code.as_str();
            if arbre.noeuds.insert(code, noeud).is_some() {
                return Err(ErreurRepartition::Doublon(code.to_owned()));
            }
            arbre.enfants.entry(noeud.parent.as_deref()).or_default().push(code);
        }
        let mut atteints = BTreeSet::new();
        let mut file: Vec<_> = arbre.enfants.get(&None).cloned().unwrap_or_default();
        while let Some(code) = file.pop() {
            atteints.insert(code);
            file.extend(arbre.enfants.get(&Some(code)).into_iter().flatten());
        }
        let perdu = arbre.noeuds.iter().find(|(code, _)| !atteints.contains(*code));
        perdu.map_or(Ok(()), |(code, noeud)| {
            let parent = noeud.parent.clone().unwrap_or_default();
            Err(ErreurRepartition::Parent {
                code: (*code).to_owned(),
                parent,
            })
        })?;
        Ok(arbre)
    }

    /// Need, floor and ceiling of a territory with what those below it ask.
    fn resumer(&self, code: &'a str, resumes: &mut BTreeMap<&'a str, Resume>) -> Result<(), ErreurRepartition> {
        let mut territoire = self.noeuds[code].territoire.clone();
        let enfants = self.enfants.get(&Some(code)).map_or(&[][..], Vec::as_slice);
        let (mut planchers, mut plafonds, mut somme) = (0_u32, Some(0_u32), None);
        let mut partiel = false;
        for enfant in enfants {
            self.resumer(enfant, resumes)?;
            let Resume {
                territoire: t,
                partiel: p,
            } = &resumes[enfant];
            partiel |= *p || t.besoin.is_none();
            planchers = planchers.saturating_add(t.plancher);
            plafonds = plafonds.zip(plafond(t)).map(|(a, b)| a.saturating_add(b));
            if let Some(besoin) = t.besoin {
                let avant = somme.unwrap_or(Fraction::ZERO);
                somme = Some(besoin.plus(avant).ok_or(ErreurRepartition::TropPrecis)?);
            }
        }
        if !enfants.is_empty() {
            territoire.besoin = territoire.besoin.or(somme);
            territoire.plancher = territoire.plancher.max(planchers);
            territoire.plafond = match (territoire.plafond, plafonds) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        resumes.insert(code, Resume { territoire, partiel });
        Ok(())
    }
}

/// Posts that a territory can take: its ceiling, or its floor when nothing says that it needs more.
fn plafond(t: &Territoire) -> Option<u32> {
    match t.besoin {
        Some(besoin) if !besoin.est_nulle() => t.plafond,
        _ => Some(t.plancher),
    }
}

fn nommer(erreur: ErreurRepartition, territoire: Option<&str>) -> ErreurRepartition {
    let parent = territoire.map_or_else(String::new, |code| format!("territoire {code} : "));
    match erreur {
        ErreurRepartition::Planchers { planchers, postes, .. } => ErreurRepartition::Planchers {
            parent,
            planchers,
            postes,
        },
        ErreurRepartition::Plafonds { plafonds, postes, .. } => ErreurRepartition::Plafonds {
            parent,
            plafonds,
            postes,
        },
        autre => autre,
    }
}
