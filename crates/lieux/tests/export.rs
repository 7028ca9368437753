//! Open data of a full import: 687 places and nine extracts, out in every format.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{collections::HashMap, path::PathBuf, process::Command};

use ::territoire::Perimetre;
use lieux::domain::{
    export::{csv, data_inclusion, geojson, json, ligne::CodesInsee, territoire},
    import::{Traduction, decider},
    lieu::{Lieu, Precision},
    standard::{colonnes::Version, table, verification::Verificateur},
};
use serde_json::Value;
use uuid::Uuid;

fn tout_importer() -> Option<(PathBuf, Vec<Lieu>)> {
    let donnees = socle::testing::shared_data()?.join("lieux");
    let mut chemins: Vec<PathBuf> = std::fs::read_dir(donnees.join("sources"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    chemins.push(donnees.join("lieux-schema-0.1.json"));
    let mut rang = 0;
    let mut lieux = Vec::new();
    for chemin in chemins {
        let lectures = table::lire_tout(&std::fs::read(chemin).unwrap()).unwrap();
        let traduction = Traduction::deviner(&lectures).unwrap();
        let rapport = decider(lectures, &traduction, "essai", &HashMap::new(), || {
            rang += 1;
            Uuid::from_u128(rang)
        });
        lieux.extend(rapport.gardees.into_iter().map(|g| g.lieu));
    }
    Some((donnees, lieux))
}

#[test]
fn le_csv_d_un_import_complet_n_a_pas_de_faute_et_revient_tel_quel() {
    let Some((_, lieux)) = tout_importer() else { return };
    let mut sortie = Vec::new();
    csv::ecrire(&mut sortie, &lieux, CodesInsee::Communes).unwrap();
    let lectures = table::lire_tout(&sortie).unwrap();
    let mut verificateur = Verificateur::nouveau(Version::V1_0);
    let fautes: Vec<_> = lectures
        .iter()
        .flatten()
        .flat_map(|ligne| verificateur.ligne(ligne))
        .collect();
    // A key that the source got wrong is a warning that an export cannot mend.
    let graves: Vec<_> = fautes.iter().filter(|f| f.colonne != "pivot").collect();
    assert!(
        graves.is_empty(),
        "{} fautes, dont {:?}",
        graves.len(),
        &graves[..graves.len().min(5)]
    );
    let traduction = Traduction::deviner(&lectures).unwrap();
    let relus = decider(lectures, &traduction, "", &HashMap::new(), Uuid::nil);
    assert_eq!(relus.refusees, []);
    let mut encore = Vec::new();
    let revenus: Vec<Lieu> = (relus.gardees.into_iter())
        .map(|g| Lieu {
            id: g.id_externe.parse().unwrap(),
            ..g.lieu
        })
        .collect();
    csv::ecrire(&mut encore, &revenus, CodesInsee::Communes).unwrap();
    let (avant, apres) = (String::from_utf8(sortie).unwrap(), String::from_utf8(encore).unwrap());
    let differe = avant.lines().zip(apres.lines()).find(|(a, b)| a != b);
    assert_eq!(differe, None);
}

#[test]
fn le_csv_d_un_import_complet_passe_le_table_schema_chez_frictionless() {
    let Some((donnees, lieux)) = tout_importer() else {
        return;
    };
    let Some(python) = python() else { return };
    let dossier = tempfile::tempdir().unwrap();
    let fichier = dossier.path().join("lieux.csv");
    csv::ecrire(std::fs::File::create(&fichier).unwrap(), &lieux, CodesInsee::Communes).unwrap();
    let schema = dossier.path().join("schema.json");
    std::fs::copy(donnees.join("schema-1.0.2.json"), &schema).unwrap();
    let sortie = Command::new(python)
        .args([
            "-m",
            "frictionless",
            "validate",
            "lieux.csv",
            "--schema",
            "schema.json",
            "--json",
        ])
        .current_dir(dossier.path())
        .output()
        .unwrap();
    let texte = String::from_utf8_lossy(&sortie.stdout);
    assert!(
        sortie.status.success(),
        "{}{}",
        &texte[..texte.len().min(3000)],
        String::from_utf8_lossy(&sortie.stderr)
    );
}

/// The Python that has the validator, which `make test` names.
fn python() -> Option<std::ffi::OsString> {
    let python = std::env::var_os("MAILLAGE_PYTHON");
    if python.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "MAILLAGE_PYTHON is absent: run scripts/python-modules"
        );
        println!("skipped: frictionless is absent; set MAILLAGE_PYTHON to what scripts/python-modules prints");
    }
    python
}

#[test]
fn le_json_le_geojson_et_data_inclusion_disent_la_meme_chose() {
    let Some((_, lieux)) = tout_importer() else { return };
    let lire = |octets: Vec<u8>| serde_json::from_slice::<Value>(&octets).unwrap();
    let mut sortie = Vec::new();
    json::ecrire(&mut sortie, &lieux, CodesInsee::Communes).unwrap();
    assert_eq!(lire(sortie).as_array().unwrap().len(), lieux.len());
    let mut sortie = Vec::new();
    geojson::ecrire(&mut sortie, &lieux, CodesInsee::Communes).unwrap();
    assert_eq!(lire(sortie)["features"].as_array().unwrap().len(), lieux.len());
    let mut sortie = Vec::new();
    data_inclusion::ecrire(&mut sortie, &lieux).unwrap();
    let inclusion = lire(sortie);
    assert_eq!(inclusion["structures"].as_array().unwrap().len(), lieux.len());
    for service in inclusion["services"].as_array().unwrap() {
        assert!(service["thematiques"].as_array().is_some_and(|t| !t.is_empty()));
        assert!(
            service.get("frais").is_none_or(Value::is_string),
            "les frais sont un seul mot"
        );
    }
}

#[test]
fn un_territoire_ne_donne_que_ses_lieux() {
    let Some((_, lieux)) = tout_importer() else { return };
    let corse = territoire::lire("R94").unwrap();
    let de_corse: Vec<&Lieu> = lieux.iter().filter(|l| territoire::contient(&corse, l)).collect();
    assert!(de_corse.len() > 140, "{}", de_corse.len());
    assert!(de_corse.iter().all(|l| l.adresse.code_postal.starts_with("20")));
    assert_eq!(
        lieux
            .iter()
            .filter(|l| territoire::contient(&Perimetre::France, l))
            .count(),
        lieux.len()
    );
}

#[test]
fn un_lieu_sans_coordonnees_n_est_ni_au_large_de_l_afrique_ni_au_milieu_de_sa_commune() {
    let Some((_, lieux)) = tout_importer() else { return };
    let sans: Vec<&Lieu> = lieux
        .iter()
        .filter(|l| l.position.is_none_or(|p| p.precision == Precision::Commune))
        .collect();
    assert!(!sans.is_empty());
    for lieu in sans {
        let objet = json::objet(lieu, CodesInsee::Communes);
        assert!(
            !objet.contains_key("latitude") && !objet.contains_key("longitude"),
            "{objet:?}"
        );
    }
}
