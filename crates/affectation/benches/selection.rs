//! How long a selection takes, and how far from its bound: `cargo bench -p affectation [--features solveur] -- INSTANCE…`.

#![expect(clippy::unwrap_used, reason = "a failed step stops the measure")]

use affectation::selection::{lecture::lire_instance, resoudre_vite, verification::verifier};
use std::time::Instant;

fn main() {
    let fichiers: Vec<_> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    for fichier in fichiers {
        let octets = std::fs::read(&fichier).unwrap();
        let depart = Instant::now();
        let lue = lire_instance(&octets).unwrap();
        let resolution = resoudre_vite(&lue).unwrap();
        let duree = depart.elapsed();
        let fautes = verifier(&lue, &resolution.solution).violations.len();
        let s = &resolution.solution;
        println!(
            "{fichier}\n  heuristic: {duree:.2?}, objective {:.4}, bound {:.4}, gap {:.4} %, {fautes} violations",
            s.objective,
            s.bound,
            s.gap * 100.0
        );
        #[cfg(feature = "solveur")]
        par_le_solveur(&lue);
    }
}

#[cfg(feature = "solveur")]
fn par_le_solveur(lue: &affectation::selection::lecture::InstanceLue) {
    let limites = affectation::selection::Limites {
        secondes: 22.0,
        noeuds: 1_000_000,
        ecart: 1e-4,
    };
    let depart = Instant::now();
    let resolution = affectation::selection::resoudre(lue, limites).unwrap();
    let duree = depart.elapsed();
    let fautes = verifier(lue, &resolution.solution).violations.len();
    let s = &resolution.solution;
    println!(
        "  solver: {duree:.2?}, objective {:.4}, bound {:.4}, gap {:.4} %, {fautes} violations",
        s.objective,
        s.bound,
        s.gap * 100.0
    );
}
