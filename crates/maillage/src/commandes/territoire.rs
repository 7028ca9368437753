//! `territoire`: the dated layers.

use super::{contexte, ecrire_json, lire, permis};
use crate::{
    cli::{
        Format,
        territoire::{Import, Territoire},
    },
    fin::{Fin, Issue},
    progres::Progres,
};
use serde_json::json;
use std::io::{Write, stdout};
use territoire::{
    ImporterCouche,
    actions::importer_couche::{Bilan, Demande, importer_couche},
};

/// Runs a command on the territory.
pub async fn run(command: Territoire) -> Result<Issue, Fin> {
    match command {
        Territoire::Import(args) => import(args).await,
    }
}

async fn import(args: Import) -> Result<Issue, Fin> {
    let octets = lire(&args.fichier)?;
    let demande = Demande {
        nature: args.nature,
        source: args.source,
        millesime: args.millesime,
        licence: args.licence,
        valable_du: args.valable_du,
        valable_au: args.valable_au,
    };
    let atelier = contexte::atelier(&args.base).await?;
    let progres = Progres::new("Import de la couche", 0);
    let permis = permis::<ImporterCouche>()?;
    let at = atelier.clock.now();
    let mut tx = atelier.db.write().await?;
    let bilan = importer_couche(&mut tx, &permis, demande, &octets, (&atelier.ids, &atelier.keys, at)).await?;
    tx.commit().await?;
    atelier.db.close().await;
    progres.done(&format!("{} lignes gardées", bilan.retenus));
    let mut sortie = stdout().lock();
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &en_json(&bilan))?,
        Format::Texte => raconter(&mut sortie, &bilan)?,
    }
    Ok(if bilan.rejets.is_empty() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

fn en_json(bilan: &Bilan) -> serde_json::Value {
    let rejets: Vec<_> = bilan
        .rejets
        .iter()
        .map(|r| json!({ "rang": r.rang, "motif": r.motif }))
        .collect();
    json!({
        "couche": bilan.couche,
        "retenus": bilan.retenus,
        "sans_valeur": bilan.sans_valeur,
        "inchangee": bilan.inchangee,
        "rejets": rejets,
    })
}

fn raconter(sortie: &mut impl Write, bilan: &Bilan) -> Result<(), Fin> {
    for rejet in &bilan.rejets {
        writeln!(sortie, "ligne {} écartée : {}", rejet.rang, rejet.motif)?;
    }
    let suite = if bilan.inchangee {
        "elle était déjà là, rien n’a changé"
    } else {
        "elle est en place"
    };
    Ok(writeln!(
        sortie,
        "Couche « {} », millésime {} : {} lignes gardées, {} sans valeur, {} écartées ; {suite}.",
        bilan.couche.nature.libelle(),
        bilan.couche.millesime,
        bilan.retenus,
        bilan.sans_valeur,
        bilan.rejets.len()
    )?)
}
