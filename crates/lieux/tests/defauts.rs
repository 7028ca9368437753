//! Defects seen on other maps, each held by a test; and rows spoiled at random, none of which may stop an import.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::HashMap;

use lieux::domain::{
    export::{csv, geojson, json, ligne::CodesInsee},
    import::{Rapport, Traduction, decider, interpreter},
    lieu::{Lieu, Precision},
    listes::{ModaliteAcces, PriseEnCharge},
    standard::{
        colonnes::{COLONNES, Version},
        ligne::Ligne,
        table,
        verification::Verificateur,
    },
};
use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

const BASE: [(&str, &str); 8] = [
    ("id", "1"),
    ("pivot", "43493312300029"),
    ("nom", "Maison \"du Lac\""),
    ("commune", "Grenoble"),
    ("code_postal", "38000"),
    ("adresse", "14 bis rue Malakoff"),
    ("date_maj", "2024-04-02"),
    ("structure_parente", "Réseau des maisons"),
];

fn lieu(plus: &[(&str, &str)]) -> Lieu {
    let mut ligne = Ligne::nouvelle(1, BASE);
    for (colonne, valeur) in plus {
        ligne.ecrire(colonne, *valeur);
    }
    interpreter(&ligne, "essai").unwrap().lieu
}

#[test]
fn un_lieu_en_frr_garde_son_label_et_une_zrr_abolie_ne_reste_pas() {
    let lieu = lieu(&[("autres_formations_labels", "QPV|ZRR|FRR")]);
    assert_eq!(lieu.autres_formations, ["QPV", "FRR"]);
}

#[test]
fn les_langues_etrangeres_sans_precision_sont_une_valeur_du_standard() {
    let lieu = lieu(&[(
        "prise_en_charge_specifique",
        "Langues étrangères|Langues étrangères (anglais)",
    )]);
    assert_eq!(
        lieu.prises_en_charge,
        [PriseEnCharge::LanguesAutres, PriseEnCharge::LanguesAnglais]
    );
}

#[test]
fn zero_zero_n_est_pas_une_position() {
    let lieu = lieu(&[("latitude", "0"), ("longitude", "0")]);
    assert_eq!(lieu.position.unwrap().precision, Precision::Commune);
    let mut sortie = Vec::new();
    geojson::ecrire(&mut sortie, [&lieu], CodesInsee::Communes).unwrap();
    let collection: serde_json::Value = serde_json::from_slice(&sortie).unwrap();
    assert!(collection["features"][0]["geometry"].is_null());
}

#[test]
fn des_coordonnees_interverties_sont_remises_a_l_endroit() {
    let position = lieu(&[("latitude", "5.72"), ("longitude", "45.18")]).position.unwrap();
    assert_eq!(
        (position.point.latitude, position.precision),
        (45.18, Precision::Source)
    );
}

#[test]
fn les_guillemets_sont_doubles_et_la_structure_parente_et_le_complement_restent() {
    let lieu = lieu(&[("complement_adresse", "Bâtiment B")]);
    let mut sortie = Vec::new();
    csv::ecrire(&mut sortie, [&lieu], CodesInsee::Communes).unwrap();
    let texte = String::from_utf8(sortie).unwrap();
    assert!(texte.contains("\"Maison \"\"du Lac\"\"\""), "{texte}");
    let objet = json::objet(&lieu, CodesInsee::Communes);
    assert_eq!(objet["structure_parente"], "Réseau des maisons");
    assert_eq!(objet["complement_adresse"], "Bâtiment B");
}

#[test]
fn le_numero_reste_dans_la_rue() {
    assert_eq!(lieu(&[]).adresse.voie, "14 bis rue Malakoff");
}

#[test]
fn se_presenter_n_est_pas_sur_rendez_vous() {
    let lieu = lieu(&[("modalites_acces", "Se présenter|Sur rendez-vous")]);
    assert_eq!(lieu.modalites_acces, [ModaliteAcces::SePresenter]);
}

#[test]
fn un_lieu_d_outre_mer_garde_sa_commune_son_indicatif_et_son_ridet() {
    let lieu = lieu(&[
        ("commune", "Nouméa"),
        ("code_postal", "98800"),
        ("telephone", "24 15 41"),
        ("pivot", "1 049 345.001"),
    ]);
    assert_eq!(lieu.adresse.code_insee.unwrap().as_str(), "98818");
    assert_eq!(lieu.contact.telephone.unwrap().as_str(), "+687241541");
    assert_eq!(lieu.pivot.to_string(), "1049345001");
}

#[test]
fn endurance_des_lignes_abimees_ne_font_ni_panique_ni_refus_muet() {
    let lignes = if std::env::var_os("MAILLAGE_ENDURANCE").is_some() {
        10_000
    } else {
        1_000
    };
    let mut hasard = ChaCha8Rng::seed_from_u64(42);
    let mut refusees = 0;
    for numero in 0..lignes {
        let mut ligne = Ligne::nouvelle(numero, BASE);
        for colonne in COLONNES {
            if hasard.random_ratio(1, 4) {
                ligne.ecrire(colonne, abimer(ligne.lire(colonne), &mut hasard));
            }
        }
        for version in [Version::V0_1, Version::V1_0] {
            for faute in Verificateur::nouveau(version).ligne(&ligne) {
                assert!(!faute.message.is_empty(), "{faute:?}");
            }
        }
        let rapport = importer(ligne);
        assert_eq!(rapport.gardees.len() + rapport.refusees.len(), 1);
        for refusee in &rapport.refusees {
            assert!(refusee.raison.len() > 10, "{refusee:?}");
            refusees += 1;
        }
        let mut sortie = Vec::new();
        csv::ecrire(
            &mut sortie,
            rapport.gardees.iter().map(|g| &g.lieu),
            CodesInsee::Arrondissements,
        )
        .unwrap();
    }
    println!("lignes abîmées : {lignes}, dont {refusees} refusées, toutes avec leur raison");
    assert!(refusees > 0);
}

#[test]
fn endurance_des_fichiers_abimes_se_lisent_ou_se_refusent_sans_panique() {
    let essais = if std::env::var_os("MAILLAGE_ENDURANCE").is_some() {
        5_000
    } else {
        500
    };
    let mut hasard = ChaCha8Rng::seed_from_u64(7);
    let bon = b"id,pivot,nom,commune,code_postal,adresse,date_maj\n1,,\"A, b\",Lyon,69001,1 rue C,2024-01-01\n2,,D,Nice,06000,2 rue E,\n";
    let json = br#"[{"id":"1","nom":"A","commune":"Lyon","code_postal":69001,"adresse":"1 rue C","pivot":null,"date_maj":"2024-01-01"}]"#;
    for essai in 0..essais {
        let mut octets = if essai % 2 == 0 { bon.to_vec() } else { json.to_vec() };
        for _ in 0..hasard.random_range(1..6) {
            let place = hasard.random_range(0..octets.len());
            octets[place] = hasard.random();
        }
        let Ok(lectures) = table::lire_tout(&octets) else {
            continue;
        };
        if let Ok(traduction) = Traduction::deviner(&lectures) {
            decider(lectures, &traduction, "essai", &HashMap::new(), Uuid::nil);
        }
    }
}

fn importer(ligne: Ligne) -> Rapport {
    decider(
        [Ok(ligne)],
        &Traduction::Standard(Version::V1_0),
        "essai",
        &HashMap::new(),
        Uuid::nil,
    )
}

/// A text spoiled: cut, doubled, swapped for what people and machines put in cells.
fn abimer(texte: &str, hasard: &mut impl Rng) -> String {
    const PIEGES: [&str; 24] = [
        "",
        " ",
        "null",
        "#N/D",
        "-1",
        "0",
        "1e999",
        "NaN",
        "\"",
        "|",
        "||||",
        ";;;",
        "\u{0}",
        "\u{202e}",
        "é̀̂",
        "𓀀𓀁",
        "2024-02-30",
        "99999",
        "00000000000000",
        "+33",
        "javascript:alert(1)",
        "Mo-Fr 25:00-99:99",
        "Gratuit|Gratuit|x",
        "<script>",
    ];
    match hasard.random_range(0..5) {
        0 => (*PIEGES.choose(hasard).expect("there are traps")).to_owned(),
        1 => texte.chars().rev().collect(),
        2 => texte.repeat(hasard.random_range(2..50)),
        3 => texte.chars().take(hasard.random_range(0..5)).collect(),
        _ => texte
            .chars()
            .map(|c| if hasard.random_ratio(1, 5) { hasard.random() } else { c })
            .collect(),
    }
}
