//! `affectation solve` and `check`.

use super::{dans, decimal, lire, poser};
use crate::{
    cli::{
        Format,
        affectation::{Check, Solve},
    },
    commandes::ecrire_json,
    fin::{Fin, Issue},
};
use affectation::selection::{
    self, Resolution,
    lecture::{InstanceLue, lire_instance},
    modele::Solution,
    verification::{Verdict, lire_solution, verifier},
};
use serde_json::json;
use std::{
    io::{Write, stdout},
    path::Path,
};

pub(super) fn instance(fichier: &Path) -> Result<InstanceLue, Fin> {
    lire_instance(&lire(fichier)?).map_err(|erreur| dans(fichier, erreur))
}

pub(super) fn solution(fichier: &Path) -> Result<Solution, Fin> {
    lire_solution(&lire(fichier)?).map_err(|erreur| dans(fichier, erreur))
}

/// Solves an instance and writes its solution.
pub(super) async fn solve(args: Solve) -> Result<Issue, Fin> {
    let lue = instance(&args.instance)?;
    let (quick, secondes, noeuds) = (args.quick, args.time_limit, args.node_limit);
    // The search computes without a pause: apart, so that an interruption is heard at once.
    let resolution = tokio::task::spawn_blocking(move || resoudre(&lue, quick, (secondes, noeuds))).await;
    let resolution = resolution
        .map_err(|erreur| Fin::Refus(erreur.to_string()))?
        .map_err(|erreur| dans(&args.instance, erreur))?;
    poser(&args.out, &resolution.solution)?;
    let mut sortie = stdout().lock();
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &en_json(&resolution, quick))?,
        Format::Texte => raconter(&mut sortie, &resolution, (quick, &args.out))?,
    }
    Ok(Issue::Faite)
}

/// This program has the solver.
const SOLVEUR: bool = cfg!(feature = "solveur");

#[cfg(feature = "solveur")]
fn resoudre(lue: &InstanceLue, quick: bool, (secondes, noeuds): (u32, u32)) -> Result<Resolution, String> {
    let limites = selection::Limites {
        secondes: f64::from(secondes),
        noeuds,
        ecart: 1e-4,
    };
    if quick {
        selection::resoudre_vite(lue).map_err(|erreur| erreur.to_string())
    } else {
        selection::resoudre(lue, limites).map_err(|erreur| erreur.to_string())
    }
}

#[cfg(not(feature = "solveur"))]
fn resoudre(lue: &InstanceLue, _: bool, _: (u32, u32)) -> Result<Resolution, String> {
    selection::resoudre_vite(lue).map_err(|erreur| erreur.to_string())
}

const fn methode(quick: bool) -> &'static str {
    if SOLVEUR && !quick { "solveur" } else { "heuristique" }
}

fn en_json(resolution: &Resolution, quick: bool) -> serde_json::Value {
    let Resolution { solution, valeur } = resolution;
    json!({
        "instance_sha256": solution.instance_sha256,
        "methode": methode(quick),
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "personnes_servies": valeur.servis,
        "departement_le_moins_servi": valeur.equite,
        "structures_retenues": solution.grants.len(),
    })
}

fn raconter(sortie: &mut impl Write, resolution: &Resolution, (quick, out): (bool, &Path)) -> Result<(), Fin> {
    let Resolution { solution, valeur } = resolution;
    if !SOLVEUR && !quick {
        writeln!(
            sortie,
            "Ce programme est construit sans solveur : l’heuristique répond seule."
        )?;
    }
    writeln!(
        sortie,
        "Objectif : {} ; borne : {} ; écart : {} %.",
        decimal(solution.objective, 4),
        decimal(solution.bound, 4),
        decimal(solution.gap * 100.0, 4)
    )?;
    writeln!(
        sortie,
        "{} personnes servies ; le département le moins servi l’est à {} %.",
        decimal(valeur.servis, 0),
        decimal(valeur.equite * 100.0, 2)
    )?;
    let n = solution.grants.len();
    Ok(writeln!(
        sortie,
        "{n} structures retenues ; solution écrite dans {}.",
        out.display()
    )?)
}

/// Judges a solution.
pub(super) fn check(args: &Check) -> Result<Issue, Fin> {
    let verdict = verifier(&instance(&args.instance)?, &solution(&args.solution)?);
    let objectif = verdict.valeur.objectif();
    let mut sortie = stdout().lock();
    match args.sortie.format {
        Format::Json => ecrire_json(
            &mut sortie,
            &json!({
                "violations": verdict.violations,
                "objective": objectif,
                "postes": verdict.postes,
                "personnes_servies": verdict.valeur.servis,
                "departement_le_moins_servi": verdict.valeur.equite,
            }),
        )?,
        Format::Texte => juger(&mut sortie, &verdict)?,
    }
    Ok(if verdict.violations.is_empty() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

fn juger(sortie: &mut impl Write, verdict: &Verdict) -> Result<(), Fin> {
    for violation in &verdict.violations {
        writeln!(sortie, "{} ({})", violation.message, violation.regle)?;
    }
    writeln!(
        sortie,
        "{} postes donnés ; {} personnes servies ; objectif recalculé : {}.",
        verdict.postes,
        decimal(verdict.valeur.servis, 0),
        decimal(verdict.valeur.objectif(), 4)
    )?;
    let bilan = match verdict.violations.len() {
        0 => "La solution respecte toutes les règles.".to_owned(),
        1 => "1 règle n’est pas respectée.".to_owned(),
        n => format!("{n} règles ne sont pas respectées."),
    };
    Ok(writeln!(sortie, "{bilan}")?)
}
