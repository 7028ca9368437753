//! The selection given to HiGHS, a mixed-integer solver, from what the heuristic found.
//!
//! HiGHS decides posts only: people are then served by the same flow as everywhere, so that its tolerances never reach a
//! solution. It runs on one thread, with a seed that never changes.

use super::{
    faisable::Infaisable,
    heuristique::Trouvaille,
    modele::{MILLIEMES, POIDS_SERVIS},
    prix::{Guide, lignes},
    probleme::Probleme,
};
use highs::{Col, HighsSolutionStatus, HighsStatus, Model, RowProblem, Sense};

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limites {
    /// Seconds.
    pub secondes: f64,
    /// Nodes of the search tree.
    pub noeuds: u32,
    /// Gap to the bound under which it is enough, as a share.
    pub ecart: f64,
}

/// Why the solver gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ErreurSolveur {
    /// No distribution of posts respects the constraints.
    #[error(transparent)]
    Infaisable(#[from] Infaisable),
    /// HiGHS refuses the model or stops on a fault.
    #[error("HiGHS s’est arrêté sur une erreur ({0:?}) ; l’option --quick donne la solution de l’heuristique")]
    Highs(HighsStatus),
}

impl From<HighsStatus> for ErreurSolveur {
    fn from(statut: HighsStatus) -> Self {
        Self::Highs(statut)
    }
}

/// What the solver found: posts by candidate, if it has a solution, and a bound.
pub(super) struct Trouve {
    pub x: Option<Vec<u32>>,
    pub borne: f64,
}

/// The columns of the model.
struct Colonnes {
    postes: Vec<Col>,
    ouverts: Vec<Option<Col>>,
    arcs: Vec<Option<Col>>,
    part: Col,
    /// Starting value of each column.
    depart: Vec<f64>,
}

/// Looks for a better distribution until a limit.
///
/// # Errors
/// What HiGHS answers when it refuses the model.
pub(super) fn resoudre(
    p: &Probleme,
    guide: &Guide,
    depart: &Trouvaille,
    limites: Limites,
) -> Result<Trouve, ErreurSolveur> {
    let mut modele = RowProblem::new();
    let colonnes = colonnes(p, guide, depart, &mut modele);
    contraintes(p, &colonnes, &mut modele);
    let mut modele: Model = modele.try_optimise(Sense::Maximise)?;
    modele.make_quiet();
    modele.set_option("threads", 1);
    modele.set_option("random_seed", 0);
    modele.set_option("parallel", "off");
    modele.set_option("mip_max_nodes", i32::try_from(limites.noeuds).unwrap_or(i32::MAX));
    modele.set_option("time_limit", limites.secondes.max(0.0));
    modele.set_option("mip_rel_gap", limites.ecart.max(0.0));
    modele.try_set_solution(Some(&colonnes.depart), None, None, None)?;
    let resolu = modele.try_solve()?;
    let borne = resolu.double_info_value(c"mip_dual_bound").unwrap_or(f64::INFINITY);
    let trouve = resolu.primal_solution_status() == HighsSolutionStatus::Feasible;
    let valeurs = resolu.get_solution();
    let x = trouve.then(|| {
        let arrondi = |c: &Col| valeurs.columns()[c.index()].round().max(0.0) as u32;
        colonnes.postes.iter().map(arrondi).collect()
    });
    Ok(Trouve { x, borne })
}

fn personnes(milliemes: i64) -> f64 {
    milliemes as f64 / MILLIEMES as f64
}

fn colonnes(p: &Probleme, guide: &Guide, depart: &Trouvaille, modele: &mut RowProblem) -> Colonnes {
    let population = personnes(p.population).max(1.0);
    let mut valeurs = Vec::new();
    let mut postes = Vec::new();
    let mut ouverts = Vec::new();
    for (c, x) in p.candidats.iter().zip(&depart.x) {
        postes.push(modele.add_integer_column(0.0, 0..=c.ask as i32));
        valeurs.push(f64::from(*x));
        ouverts.push((c.min >= 2).then(|| {
            valeurs.push(f64::from(u8::from(*x > 0)));
            modele.add_integer_column(0.0, 0..=1)
        }));
    }
    let mut arcs = vec![None; p.arcs];
    for sorties in &p.sorties {
        for &(g, arc) in sorties {
            let pop = personnes(p.groupes[g].pop);
            arcs[arc] = Some(modele.add_column(POIDS_SERVIS / population, 0.0..=pop));
            valeurs.push(personnes(depart.arcs[arc]));
        }
    }
    let part = modele.add_column(p.poids_equite, 0.0..=guide.part_au_mieux);
    valeurs.push(depart.valeur.equite.min(guide.part_au_mieux));
    Colonnes {
        postes,
        ouverts,
        arcs,
        part,
        depart: valeurs,
    }
}

fn contraintes(p: &Probleme, c: &Colonnes, modele: &mut RowProblem) {
    let arc = |rang: usize| c.arcs[rang].expect("each arc has its column");
    let capacite = personnes(p.capacite);
    for (s, candidat) in p.candidats.iter().enumerate() {
        if let Some(ouvert) = c.ouverts[s] {
            modele.add_row(..=0.0, [(c.postes[s], 1.0), (ouvert, -f64::from(candidat.ask))]);
            modele.add_row(0.0.., [(c.postes[s], 1.0), (ouvert, -f64::from(candidat.min))]);
        }
        let servis = || p.sorties[s].iter().map(|(_, rang)| (arc(*rang), 1.0));
        if p.sorties[s].is_empty() {
            continue;
        }
        modele.add_row(..=0.0, servis().chain([(c.postes[s], -capacite)]));
        let total = p.sorties[s].iter().map(|(g, _)| personnes(p.groupes[*g].pop)).sum();
        // Lines that whole numbers of posts cannot pass: the relaxation is much nearer to the truth with them.
        for l in lignes(*candidat, capacite, total).iter().filter(|l| l.pente < 1.0) {
            modele.add_row(..=l.origine, servis().chain([(c.postes[s], -l.pente * capacite)]));
        }
    }
    for (g, groupe) in p.groupes.iter().enumerate() {
        modele.add_row(
            ..=personnes(groupe.pop),
            p.entrees[g].iter().map(|(_, rang)| (arc(*rang), 1.0)),
        );
    }
    for dep in &p.deps {
        let postes = dep.candidats.iter().map(|s| (c.postes[*s], 1.0));
        modele.add_row(f64::from(dep.min)..=f64::from(dep.max), postes);
        if dep.couvrable > 0 {
            let arcs = dep
                .groupes
                .iter()
                .flat_map(|g| p.entrees[*g].iter().map(|(_, rang)| (arc(*rang), 1.0)));
            modele.add_row(0.0.., arcs.chain([(c.part, -personnes(dep.couvrable))]));
        }
    }
    let posts = f64::from(p.posts);
    modele.add_row(posts..=posts, c.postes.iter().map(|col| (*col, 1.0)));
    let ruraux = p.candidats.iter().zip(&c.postes).filter(|(c, _)| c.rural);
    modele.add_row(f64::from(p.plancher_rural).., ruraux.map(|(_, col)| (*col, 1.0)));
}

/// The version of the solver, which is part of what names a run.
pub const VERSION: &str = "HiGHS 1.15.0";
