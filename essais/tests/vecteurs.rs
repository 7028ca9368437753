//! Runs the vectors of the reference implementations; the folder `VECTEURS`, when set, replaces the shared one.

use std::path::PathBuf;

/// The least share of vectors that must pass, in percent, declared deviations apart.
const PART_REQUISE: usize = 85;

#[test]
fn nos_reponses_sont_celles_des_references_ou_devient_pour_une_raison_ecrite() {
    let Some(dossier) = dossier() else { return };
    let rapport = essais::vecteurs::executer(&dossier).expect("the folder holds collections of vectors");
    println!("{rapport}");
    let compte = rapport.compte();
    assert!(compte.total > 0, "{} ne contient aucun vecteur", dossier.display());
    assert!(
        compte.atteint(PART_REQUISE),
        "moins de {PART_REQUISE} % des vecteurs passent : {compte:?}"
    );
}

fn dossier() -> Option<PathBuf> {
    match std::env::var_os("VECTEURS") {
        Some(dossier) => Some(dossier.into()),
        None => socle::testing::shared_data().map(|partage| partage.join("vecteurs")),
    }
}
