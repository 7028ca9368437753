//! The theme keeps its promises: contrasts in both colour schemes, and the weight of what a first visit downloads.

use std::{collections::HashMap, fs, path::PathBuf};

fn web(fichier: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../web")
        .join(fichier)
}

/// The colours of one mixin of the token file.
fn jetons(schema: &str) -> HashMap<String, [f64; 3]> {
    let texte = fs::read_to_string(web("theme/_jetons.scss")).expect("the token file is there");
    let debut = texte
        .find(&format!("@mixin {schema}"))
        .expect("the colour scheme is there");
    let bloc = &texte[debut..debut + texte[debut..].find('}').expect("the mixin ends")];
    let couleur = |ligne: &str| {
        let (nom, valeur) = ligne.trim().strip_prefix("--")?.split_once(": #")?;
        let canal = |i: usize| u8::from_str_radix(valeur.get(i..i + 2)?, 16).ok().map(f64::from);
        Some((nom.to_owned(), [canal(0)?, canal(2)?, canal(4)?]))
    };
    bloc.lines().filter_map(couleur).collect()
}

/// The contrast ratio of WCAG 2.
fn contraste(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |couleur: [f64; 3]| {
        let [r, v, b] = couleur.map(|canal| {
            let c = canal / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * v + 0.0722 * b
    };
    let (x, y) = (luminance(a), luminance(b));
    (x.max(y) + 0.05) / (x.min(y) + 0.05)
}

/// What is written on what: 4.5 for words, 3 for the edges of controls and the focus ring.
fn paires() -> Vec<(&'static str, &'static str, f64)> {
    let fonds = ["fond", "surface", "surface-2", "primaire-pale"];
    let mots = ["texte", "texte-2", "lien", "lien-visite", "primaire"];
    let mut paires: Vec<_> = mots
        .iter()
        .flat_map(|mot| fonds.map(|fond| (*mot, fond, 4.5)))
        .collect();
    paires.extend(fonds.map(|fond| ("focus", fond, 3.0)));
    paires.extend(["fond", "surface", "surface-2"].map(|fond| ("bordure-champ", fond, 3.0)));
    paires.extend([("sur-primaire", "primaire", 4.5), ("sur-primaire", "primaire-2", 4.5)]);
    for (ton, pale) in [
        ("info", "info-pale"),
        ("succes", "succes-pale"),
        ("attention", "attention-pale"),
        ("erreur", "erreur-pale"),
    ] {
        paires.extend([
            (ton, pale, 4.5),
            (ton, "fond", 4.5),
            (ton, "surface", 4.5),
            ("texte", pale, 4.5),
            ("lien", pale, 4.5),
            ("lien-visite", pale, 4.5),
            ("focus", pale, 3.0),
        ]);
    }
    paires
}

#[test]
fn chaque_mot_se_lit_sur_son_fond_en_clair_et_en_sombre() {
    for schema in ["clair", "sombre"] {
        let jetons = jetons(schema);
        for (devant, derriere, minimum) in paires() {
            let mesure = contraste(jetons[devant], jetons[derriere]);
            assert!(
                mesure >= minimum,
                "{schema} : {devant} sur {derriere}, {mesure:.2} < {minimum}"
            );
        }
    }
}

#[test]
fn le_contraste_se_calcule_comme_dans_la_norme() {
    assert!((contraste([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contraste([119.0; 3], [255.0; 3]) - 4.48).abs() < 0.01);
}

/// The compressed size of a built file, or nothing when `make assets` did not run.
fn poids(nom: &str) -> Option<u64> {
    let Ok(texte) = fs::read_to_string(web("dist/manifest.json")) else {
        assert!(std::env::var_os("CI").is_none(), "run `make assets` before the tests");
        println!("skipped: web/dist is absent, run `make assets`");
        return None;
    };
    let noms: HashMap<String, String> = serde_json::from_str(&texte).expect("the manifest is JSON");
    let publie = &noms[nom];
    let taille = |fichier: String| fs::metadata(web(&fichier)).map(|m| m.len());
    Some(
        taille(format!("dist/{publie}.br"))
            .or_else(|_| taille(format!("dist/{publie}")))
            .expect("the manifest names files"),
    )
}

#[test]
fn une_premiere_visite_reste_legere() {
    const KIO: u64 = 1024;
    let budgets = [
        (vec!["app.css"], 20 * KIO),
        (vec!["leger.css"], 4 * KIO),
        (
            vec![
                "base.js",
                "recherche.js",
                "autour.js",
                "filtres.js",
                "compte.js",
                "copie.js",
                "imprimer.js",
            ],
            14 * KIO,
        ),
        (vec!["atkinson-400.woff2", "atkinson-700.woff2"], 40 * KIO),
        (vec!["icones.svg", "icone.svg"], 4 * KIO),
    ];
    for (fichiers, budget) in budgets {
        let Some(total) = fichiers.iter().map(|nom| poids(nom)).sum::<Option<u64>>() else {
            return;
        };
        println!("{fichiers:?} : {total} octets sur {budget}");
        assert!(total <= budget, "{fichiers:?} : {total} octets, plus que {budget}");
    }
}
