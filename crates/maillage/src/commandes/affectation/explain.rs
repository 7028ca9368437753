//! `affectation explain`: why, for whom, how fairly, and what another choice would change.

use super::{
    dans, decimal,
    selection::{instance, solution},
};
use crate::{
    cli::{Format, affectation::Explain},
    commandes::ecrire_json,
    fin::{Fin, Issue},
};
use affectation::selection::{
    bilan::{Bilan, Changement, bilan, changements},
    explication::{Explication, causes, expliquer},
    lecture::InstanceLue,
    modele::Solution,
    sensibilite::{Variante, sensibilite},
    verification::verifier,
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{Write, stdout},
    path::Path,
};

/// Everything that is told of a solution.
#[derive(Serialize)]
struct Recit {
    instance_sha256: String,
    bilan: Bilan,
    causes: BTreeMap<String, usize>,
    explications: Vec<Explication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changements: Option<Vec<Changement>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensibilite: Option<Vec<Variante>>,
}

/// Explains a solution that respects its instance.
pub(super) async fn run(args: Explain) -> Result<Issue, Fin> {
    let lue = instance(&args.instance)?;
    let retenue = juste(&lue, &args.solution)?;
    let autre = args
        .compare
        .as_deref()
        .map(|fichier| juste(&lue, fichier))
        .transpose()?;
    let inconnue = |id: &&u64| !lue.instance.structures.iter().any(|s| s.id == **id);
    if let Some(id) = args.structure.iter().find(inconnue) {
        return Err(dans(
            &args.instance,
            format!("la structure {id} n’est pas dans l’instance"),
        ));
    }
    let toutes = expliquer(&lue, &retenue);
    let mut recit = Recit {
        instance_sha256: lue.empreinte.to_string(),
        bilan: bilan(&lue.instance, &retenue, &BTreeMap::new()),
        causes: causes(&toutes),
        explications: toutes,
        changements: autre.map(|autre| changements(&autre, &retenue)),
        sensibilite: None,
    };
    if !args.structure.is_empty() {
        recit.explications.retain(|e| args.structure.contains(&e.structure));
    }
    if args.sensitivity {
        let variantes = tokio::task::spawn_blocking(move || sensibilite(&lue)).await;
        recit.sensibilite = Some(variantes.map_err(|erreur| Fin::Refus(erreur.to_string()))?);
    }
    let mut sortie = stdout().lock();
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &recit)?,
        Format::Texte => raconter(&mut sortie, &recit)?,
    }
    Ok(Issue::Faite)
}

/// A solution that breaks no rule of its instance.
fn juste(lue: &InstanceLue, fichier: &Path) -> Result<Solution, Fin> {
    let solution = solution(fichier)?;
    let violations = verifier(lue, &solution).violations;
    violations.first().map_or(Ok(solution), |premiere| {
        let suite = match violations.len() {
            1 => String::new(),
            n => format!(" (et {} autres règles : voyez « maillage affectation check »)", n - 1),
        };
        Err(dans(fichier, format!("{}{suite}", premiere.message)))
    })
}

fn raconter(sortie: &mut impl Write, recit: &Recit) -> Result<(), Fin> {
    for explication in &recit.explications {
        writeln!(sortie, "{}", explication.phrase)?;
    }
    let bilan = &recit.bilan;
    let rapport = bilan
        .rapport_max_min
        .map_or_else(|| "sans objet".to_owned(), |r| decimal(r, 2));
    writeln!(
        sortie,
        "Postes pour 10 000 personnes entre départements : indice de Gini {}, rapport du plus grand au plus petit {rapport}. Part rurale : {} %.",
        decimal(bilan.gini, 3),
        decimal(bilan.part_rurale * 100.0, 1)
    )?;
    for variante in recit.sensibilite.iter().flatten() {
        let effet = match &variante.changements {
            None => "aucune répartition possible".to_owned(),
            Some(liste) => format!("{} structures changeraient", liste.len()),
        };
        writeln!(
            sortie,
            "{} {:+} % ({}) : {effet}.",
            variante.poids,
            variante.variation,
            variante.valeur.replace('.', ",")
        )?;
    }
    for c in recit.changements.iter().flatten() {
        writeln!(
            sortie,
            "Structure {} : {} postes dans l’autre solution, {} dans celle-ci.",
            c.structure, c.avant, c.apres
        )?;
    }
    Ok(())
}
