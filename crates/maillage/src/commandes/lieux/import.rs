//! `lieux import`: a file into the database.

use crate::commandes::{ecrire_json, lire, permis};
use crate::{
    cli::{Format, lieux::Import},
    commandes::contexte,
    fin::{Fin, Issue},
    progres::Progres,
};
use lieux::{
    actions::{
        Cadre,
        import::{BilanImport, Fichier, Preparation, importer, preparer},
    },
    domain::correspondance::Correspondance,
    permissions::GererLieux,
};
use serde_json::json;
use std::io::{BufWriter, Write, stdout};

/// Decides of each row, then writes what was decided unless it is a dry run.
pub async fn run(args: Import) -> Result<Issue, Fin> {
    let octets = lire(&args.fichier)?;
    let correspondance = args.columns.as_deref().map(correspondance).transpose()?;
    let nom = args.fichier.display().to_string();
    let regles_nom = args
        .columns
        .as_ref()
        .map(|c| c.display().to_string())
        .unwrap_or_default();
    let fichier = Fichier {
        nom: &nom,
        octets: &octets,
        source: args.source.as_deref(),
        correspondance: correspondance.as_ref().map(|c| (regles_nom.as_str(), c)),
    };
    let atelier = contexte::atelier(&args.base).await?;
    let at = atelier.clock.now();
    let progres = Progres::new("Lecture du fichier", 0);
    let mut tx = atelier.db.read().await?;
    let preparation = preparer(&mut tx, fichier, &atelier.ids, at).await?;
    drop(tx);
    progres.done(&format!(
        "{} lignes",
        preparation.rapport.gardees.len() + preparation.rapport.refusees.len()
    ));
    let bilan = if args.dry_run {
        None
    } else {
        let progres = Progres::new("Écriture des lieux", 0);
        let permis = permis::<GererLieux>()?;
        let cadre = Cadre {
            permis: &permis,
            ids: &atelier.ids,
            keys: &atelier.keys,
            at,
        };
        let mut tx = atelier.db.write().await?;
        let bilan = importer(&mut tx, cadre, &preparation, args.allow_mass_removal).await?;
        tx.commit().await?;
        progres.done("faite");
        Some(bilan)
    };
    atelier.db.close().await;
    let mut sortie = BufWriter::new(stdout().lock());
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &en_json(&preparation, bilan.as_ref()))?,
        Format::Texte => raconter(&mut sortie, &preparation, bilan.as_ref())?,
    }
    sortie.flush()?;
    Ok(if preparation.rapport.refusees.is_empty() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

fn correspondance(fichier: &std::path::Path) -> Result<Correspondance, Fin> {
    let texte = String::from_utf8_lossy(&lire(fichier)?).into_owned();
    Correspondance::lire(&texte).map_err(|erreur| Fin::Usage(format!("{} : {erreur}", fichier.display())))
}

fn en_json(preparation: &Preparation, bilan: Option<&BilanImport>) -> serde_json::Value {
    let rapport = &preparation.rapport;
    json!({
        "source": preparation.source,
        "forme": rapport.forme,
        "gardees": rapport.gardees.len(),
        "corrections": rapport.corrections().collect::<Vec<_>>(),
        "refusees": rapport.refusees,
        "refus_par_motif": rapport.refus_par_motif(),
        "retirees": rapport.retirees,
        "bilan": bilan,
    })
}

fn raconter(sortie: &mut impl Write, preparation: &Preparation, bilan: Option<&BilanImport>) -> Result<(), Fin> {
    let rapport = &preparation.rapport;
    writeln!(sortie, "Source « {} », {}.", preparation.source, rapport.forme)?;
    for correction in rapport.corrections() {
        writeln!(
            sortie,
            "ligne {} : {} réparé, « {} » devient « {} » ({})",
            correction.ligne, correction.champ, correction.avant, correction.apres, correction.regle
        )?;
    }
    for refusee in &rapport.refusees {
        writeln!(
            sortie,
            "ligne {} refusée : {} ({})",
            refusee.ligne, refusee.raison, refusee.code
        )?;
    }
    for retiree in &rapport.retirees {
        writeln!(sortie, "{} a quitté la source : le lieu est retiré", retiree.id_externe)?;
    }
    let refusees = rapport.refusees.len();
    match bilan {
        Some(BilanImport { comptes, .. }) => writeln!(
            sortie,
            "{} lignes lues : {} lieux créés, {} modifiés, {} inchangés, {} retirés, {refusees} lignes refusées.",
            comptes.lues, comptes.creees, comptes.modifiees, comptes.inchangees, comptes.retirees
        )?,
        None => writeln!(
            sortie,
            "Rien n’a été écrit : {} lignes seraient gardées, {refusees} refusées, {} lieux retirés.",
            rapport.gardees.len(),
            rapport.retirees.len()
        )?,
    }
    Ok(())
}
