//! Real files through the import: nine dirty extracts in nine shapes, and 687 places of the old standard.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{collections::HashMap, fmt::Write as _, path::Path};

use lieux::domain::{
    import::{Rapport, Traduction, decider},
    standard::table,
};
use uuid::Uuid;

fn importer(chemin: &Path) -> Rapport {
    let octets = std::fs::read(chemin).unwrap();
    let lectures = table::lire_tout(&octets).unwrap();
    let traduction = Traduction::deviner(&lectures).unwrap();
    let mut rang = 0;
    decider(lectures, &traduction, "essai", &HashMap::new(), || {
        rang += 1;
        Uuid::from_u128(rang)
    })
}

fn fichiers() -> Vec<std::path::PathBuf> {
    let Some(donnees) = socle::testing::shared_data() else {
        return Vec::new();
    };
    let mut chemins: Vec<_> = std::fs::read_dir(donnees.join("lieux/sources"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    chemins.push(donnees.join("lieux/lieux-schema-0.1.json"));
    chemins.sort();
    chemins
}

#[test]
fn chaque_fichier_entre_et_ses_refus_sont_comptes() {
    let chemins = fichiers();
    if chemins.is_empty() {
        return;
    }
    let mut bilan = String::new();
    for chemin in &chemins {
        let nom = chemin.file_stem().unwrap().to_string_lossy();
        let rapport = importer(chemin);
        let rempli =
            |f: &dyn Fn(&lieux::domain::lieu::Lieu) -> bool| rapport.gardees.iter().filter(|g| f(&g.lieu)).count();
        writeln!(
            bilan,
            "{nom} ({}) : {} gardés, dont {} avec téléphone, {} placés par la source ; refus {:?}",
            rapport.forme,
            rapport.gardees.len(),
            rempli(&|l| l.contact.telephone.is_some()),
            rempli(&|l| l
                .position
                .is_some_and(|p| p.precision == lieux::domain::lieu::Precision::Source)),
            rapport.refus_par_motif(),
        )
        .unwrap();
        if std::env::var_os("MAILLAGE_DETAIL").is_some() {
            for refusee in &rapport.refusees {
                println!("{nom} {} {}", refusee.ligne, refusee.raison);
            }
            for c in rapport.corrections().filter(|c| c.apres.is_empty()) {
                println!("{nom} {} {} : {:?} ({})", c.ligne, c.champ, c.avant, c.regle);
            }
        }
    }
    insta::assert_snapshot!(bilan);
}
