//! The allocation engine at the command line: what it writes, what it refuses, and that nothing is half-written.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{path::PathBuf, process::Command};

const INSTANCE: &str = r#"{"posts":3,"structures":[{"id":1,"dep":1,"ask":2,"min_grant":1,"rural":true},
  {"id":2,"dep":2,"ask":4,"min_grant":2,"rural":false}],"communes":[{"id":1,"pop":100,"dep":1,"cover":[1]},
  {"id":2,"pop":500,"dep":2,"cover":[2,1]}],"departments":[{"id":1,"min":0,"max":2},{"id":2,"min":0,"max":4}],
  "capacity_per_post":100,"rural_min_share":0.3}"#;

const TERRITOIRES: &str = "code;parent;diplome;ages;plancher;reel\n01;;100;50;1;4\n69;;300;10;1;3\n975;;;3;2;3\nE1;69;200;5;;\nE2;69;100;5;;\n";

/// A folder of one test, removed when dropped.
struct Dossier(PathBuf);

impl Dossier {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("maillage-affectation-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).unwrap();
        let dossier = Self(path);
        dossier.ecrire("instance.json", INSTANCE);
        dossier.ecrire("territoires.csv", TERRITOIRES);
        dossier
    }

    fn ecrire(&self, nom: &str, texte: &str) {
        std::fs::write(self.0.join(nom), texte).unwrap();
    }

    fn lire(&self, nom: &str) -> String {
        std::fs::read_to_string(self.0.join(nom)).unwrap()
    }

    /// Exit code and everything said.
    fn lancer(&self, arguments: &[&str]) -> (i32, String) {
        let sortie = Command::new(env!("CARGO_BIN_EXE_maillage"))
            .current_dir(&self.0)
            .arg("affectation")
            .args(arguments)
            .output()
            .unwrap();
        let dit = [sortie.stdout, sortie.stderr].concat();
        (sortie.status.code().unwrap(), String::from_utf8(dit).unwrap())
    }

    fn fichiers(&self) -> usize {
        std::fs::read_dir(&self.0).unwrap().count()
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn une_instance_est_resolue_verifiee_et_expliquee() {
    let d = Dossier::new();
    for quick in [&["--quick"][..], &[]] {
        let (code, dit) = d.lancer(&[&["solve", "instance.json", "--out", "s.json"], quick].concat());
        assert!(
            code == 0 && dit.contains("Objectif :") && dit.contains("borne :") && dit.contains("écart :"),
            "{dit}"
        );
    }
    let (code, dit) = d.lancer(&["check", "instance.json", "s.json"]);
    assert!(code == 0 && dit.contains("respecte toutes les règles"), "{dit}");
    let (code, dit) = d.lancer(&[
        "explain",
        "instance.json",
        "s.json",
        "--structure",
        "2",
        "--compare",
        "s.json",
    ]);
    assert!(
        code == 0 && dit.starts_with("La structure 2 reçoit 2 postes sur 4") && dit.contains("Gini"),
        "{dit}"
    );
    let (code, dit) = d.lancer(&[
        "explain",
        "instance.json",
        "s.json",
        "--format",
        "json",
        "--sensitivity",
    ]);
    let recit: serde_json::Value = serde_json::from_str(&dit).unwrap();
    assert_eq!(
        (
            code,
            recit["explications"].as_array().unwrap().len(),
            recit["sensibilite"].as_array().unwrap().len()
        ),
        (0, 2, 6)
    );
}

#[test]
fn une_solution_qui_ment_est_decouverte() {
    let d = Dossier::new();
    d.lancer(&["solve", "instance.json", "--out", "s.json", "--quick"]);
    let bonne = d.lire("s.json");
    d.ecrire("autre.json", &INSTANCE.replace("\"pop\":100", "\"pop\":101"));
    let (code, dit) = d.lancer(&["check", "autre.json", "s.json"]);
    assert!(
        code == 1 && dit.contains("la solution est celle d’une autre instance"),
        "{dit}"
    );
    d.ecrire("s.json", &bonne.replace("[2,2]", "[2,3]"));
    let (code, dit) = d.lancer(&["check", "instance.json", "s.json", "--format", "json"]);
    let verdict: serde_json::Value = serde_json::from_str(&dit).unwrap();
    assert_eq!(
        (code, verdict["violations"][0]["regle"].as_str()),
        (1, Some("total")),
        "{dit}"
    );
    let (code, dit) = d.lancer(&["explain", "instance.json", "s.json"]);
    assert!(
        code == 1 && dit.contains("s.json : 4 postes sont donnés, il faut en donner 3"),
        "{dit}"
    );
}

#[test]
fn un_mauvais_fichier_est_nomme_avec_son_champ_et_rien_n_est_ecrit() {
    let d = Dossier::new();
    d.ecrire("coupee.json", &INSTANCE[..90]);
    d.ecrire("inconnue.json", &INSTANCE.replace("\"cover\":[1]", "\"cover\":[8]"));
    d.ecrire(
        "impossible.json",
        &INSTANCE.replace("\"min_grant\":2", "\"min_grant\":4"),
    );
    d.ecrire("s.json", "gardé");
    let avant = d.fichiers();
    for (fichier, mots) in [
        ("absente.json", "absente.json"),
        (
            "coupee.json",
            "coupee.json : ce n’est pas du JSON lisible : arrêt à la ligne 2",
        ),
        (
            "inconnue.json",
            "communes, rang 1 (id 1), champ « cover » : la structure 8",
        ),
        ("impossible.json", "impossible.json : aucun choix d’octrois"),
    ] {
        let (code, dit) = d.lancer(&["solve", fichier, "--out", "s.json", "--quick"]);
        assert!(code == 1 && dit.contains(mots), "{fichier} : {dit}");
        assert_eq!(d.lire("s.json"), "gardé");
    }
    let (code, dit) = d.lancer(&["solve", "instance.json", "--out", "nulle/part.json", "--quick"]);
    assert!(code == 1 && dit.contains("nulle/part.json"), "{dit}");
    let (code, dit) = d.lancer(&["check", "instance.json", "s.json"]);
    assert!(
        code == 1 && dit.contains("s.json : ce n’est pas du JSON lisible"),
        "{dit}"
    );
    assert_eq!(d.fichiers(), avant);
}

#[test]
fn des_postes_sont_repartis_entre_territoires_et_le_calcul_se_refait() {
    let d = Dossier::new();
    let poids = ["--poids", "diplome=1", "--poids", "ages=0,5"];
    let (code, dit) = d.lancer(&[&["apportion", "territoires.csv", "--postes", "12"], &poids[..]].concat());
    assert_eq!(code, 0, "{dit}");
    let reponse: serde_json::Value = serde_json::from_str(&dit).unwrap();
    let parts: Vec<_> = reponse["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["code"].as_str().unwrap(), p["postes"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        parts,
        [("", 12), ("01", 3), ("69", 7), ("975", 2), ("E1", 5), ("E2", 2)]
    );
    assert_eq!(reponse["besoins_inconnus"]["975"][0], "diplome");
    assert_eq!(reponse["retour"]["total"], 7);
    assert_eq!(reponse["sensibilite"].as_array().unwrap().len(), 4);
    let (_, encore) = d.lancer(&[&["apportion", "territoires.csv", "--postes", "12"], &poids[..]].concat());
    assert_eq!(dit, encore);
    let json = r#"[{"code":"01","besoin":3,"plafond":1},{"code":"02","besoin":"0,5"},{"code":"975","besoin":null}]"#;
    d.ecrire("t.json", json);
    let (code, dit) = d.lancer(&[
        "apportion",
        "t.json",
        "--postes",
        "4",
        "--methode",
        "dhondt",
        "--out",
        "r.json",
    ]);
    assert!(
        code == 0 && dit.is_empty() && d.lire("r.json").contains(r#""code":"02","parent":null,"besoin":"1/2""#),
        "{dit}"
    );
}

#[test]
fn un_territoire_mal_ecrit_est_nomme_avec_sa_colonne() {
    let d = Dossier::new();
    for (texte, mots) in [
        (
            "code,besoin\n01,beaucoup\n",
            "t.csv : rang 1 (01), colonne « besoin » : « beaucoup » n’est pas un nombre comme",
        ),
        ("code,besoin,plancher\n01,3,-1\n", "rang 1 (01), colonne « plancher »"),
        ("besoin\n3\n", "rang 1 : la colonne « code » est vide ou absente"),
        (
            "code,besoin\n01,3,4\n",
            "ligne 2 : elle n’a pas le nombre de cases de l’en-tête",
        ),
        (
            "code,besoin\n01,3\n01,4\n",
            "territoire 01 : ce code est donné deux fois",
        ),
        (
            "code,besoin,plancher\n01,3,9\n",
            "les planchers demandent 9 postes, il y en a 4",
        ),
        ("[{\"code\":", "ce n’est pas du JSON lisible : arrêt à la ligne 1"),
    ] {
        d.ecrire("t.csv", texte);
        let (code, dit) = d.lancer(&["apportion", "t.csv", "--postes", "4"]);
        assert!(code == 1 && dit.contains(mots), "{texte} : {dit}");
    }
    let (code, dit) = d.lancer(&["apportion", "territoires.csv", "--postes", "4", "--poids", "diplome"]);
    assert!(code == 2 && dit.contains("écrivez CRITERE=POIDS"), "{dit}");
}
