//! Why each applicant got what it got, how fair it is, and what moves with the weights.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod commun;

use affectation::{
    empreinte::{Empreinte, nommer_execution},
    selection::{
        bilan::{bilan, changements},
        explication::{Cause, Explication, causes, expliquer},
        lecture::{InstanceLue, lire_instance},
        modele::Solution,
        resoudre_vite,
        sensibilite::sensibilite,
    },
};
use commun::{Tirage, instance};
use std::collections::{BTreeMap, BTreeSet};

const CAS: &str = r#"{"posts":4,"structures":[
  {"id":1,"dep":1,"ask":2,"min_grant":1,"rural":true},{"id":2,"dep":1,"ask":1,"min_grant":1,"rural":false},
  {"id":3,"dep":2,"ask":2,"min_grant":1,"rural":false},{"id":4,"dep":2,"ask":1,"min_grant":1,"rural":false},
  {"id":5,"dep":2,"ask":1,"min_grant":1,"rural":false},{"id":6,"dep":2,"ask":4,"min_grant":3,"rural":false},
  {"id":7,"dep":2,"ask":1,"min_grant":1,"rural":false}],
  "communes":[{"id":1,"pop":1000,"dep":1,"cover":[1]},{"id":2,"pop":500,"dep":1,"cover":[2]},
  {"id":3,"pop":150,"dep":2,"cover":[3,4]},{"id":6,"pop":100,"dep":2,"cover":[6]},{"id":7,"pop":40,"dep":2,"cover":[7]}],
  "departments":[{"id":1,"min":0,"max":2},{"id":2,"min":0,"max":5}],"capacity_per_post":100,"rural_min_share":0.25}"#;

fn resoudre(texte: &str) -> (InstanceLue, Solution, Vec<Explication>) {
    let lue = lire_instance(texte.as_bytes()).unwrap();
    let solution = resoudre_vite(&lue).unwrap().solution;
    let explications = expliquer(&lue, &solution);
    (lue, solution, explications)
}

#[test]
fn chaque_candidat_a_sa_cause_et_ses_chiffres() {
    let (_, solution, explications) = resoudre(CAS);
    assert_eq!(solution.grants, [(1, 2), (3, 2)]);
    let trouvees: Vec<_> = explications.iter().map(|e| (e.structure, e.cause)).collect();
    assert_eq!(
        trouvees,
        [
            (1, Cause::DemandeSatisfaite),
            (2, Cause::PlafondDepartement),
            (3, Cause::DemandeSatisfaite),
            (4, Cause::DejaCouvertes),
            (5, Cause::HorsDePortee),
            (6, Cause::OctroiMinimal),
            (7, Cause::PostesEpuises),
        ]
    );
    let phrases: Vec<_> = explications.iter().map(|e| e.phrase.as_str()).collect();
    assert_eq!(
        phrases[1],
        "La structure 2 ne reçoit pas le poste demandé ; aucune autre structure retenue ne couvre ses communes. 1 poste de plus servirait 100 personnes de plus, mais son département 1 est à son plafond de 2 postes."
    );
    assert_eq!(
        phrases[2],
        "La structure 3 reçoit 2 postes sur 2 : elle sert 150 personnes, dont 150 que personne d’autre ne servirait ; aucune autre structure retenue ne couvre ses communes. Sa demande est satisfaite."
    );
    assert_eq!(
        phrases[3],
        "La structure 4 ne reçoit pas le poste demandé ; une autre structure retenue couvre certaines de ses communes (3). 1 poste de plus ne servirait personne de plus."
    );
    assert_eq!(
        phrases[5],
        "La structure 6 ne reçoit aucun des 4 postes demandés ; aucune autre structure retenue ne couvre ses communes. Son octroi minimal est de 3 postes : 3 postes de plus serviraient 100 personnes de plus, moins par poste que les derniers donnés ailleurs (50 personnes)."
    );
    assert_eq!(
        phrases[6],
        "La structure 7 ne reçoit pas le poste demandé ; aucune autre structure retenue ne couvre ses communes. Les postes sont tous donnés : 1 poste de plus servirait 40 personnes de plus, et les derniers donnés ailleurs servent chacun 50 personnes."
    );
    assert_eq!(causes(&explications).values().sum::<usize>(), 7);
}

#[test]
fn la_part_rurale_qui_contraint_est_nommee() {
    let texte = r#"{"posts":1,"structures":[{"id":1,"dep":1,"ask":1,"min_grant":1,"rural":true},
      {"id":2,"dep":1,"ask":1,"min_grant":1,"rural":false}],"communes":[{"id":1,"pop":10,"dep":1,"cover":[1]},
      {"id":2,"pop":90,"dep":1,"cover":[2]}],"departments":[{"id":1,"min":0,"max":2}],"capacity_per_post":100,"rural_min_share":1}"#;
    let (_, solution, explications) = resoudre(texte);
    assert_eq!(solution.grants, [(1, 1)]);
    assert_eq!(explications[1].cause, Cause::PartRurale);
}

#[test]
fn les_explications_tiennent_sur_une_vraie_taille() {
    let (lue, solution, explications) = resoudre(&instance(Tirage::default()));
    assert_eq!(explications.len(), lue.instance.structures.len());
    let octrois: BTreeMap<_, _> = solution.grants.iter().copied().collect();
    for e in &explications {
        assert_eq!(e.octroi, octrois.get(&e.structure).copied().unwrap_or(0));
        assert!(e.nouveaux <= e.servis + 1e-6 && e.de_plus >= 0.0, "{e:?}");
        assert!(e.phrase.ends_with('.') && !e.phrase.contains("NaN"), "{}", e.phrase);
    }
}

#[test]
fn le_bilan_dit_l_equite() {
    let (lue, solution, _) = resoudre(CAS);
    let groupes = BTreeMap::from([("QPV".to_owned(), BTreeSet::from([3, 4]))]);
    let bilan = bilan(&lue.instance, &solution, &groupes);
    assert_eq!((bilan.part_rurale, bilan.parts["QPV"]), (0.5, 0.5));
    let deps: Vec<_> = bilan
        .departements
        .iter()
        .map(|d| (d.departement, d.postes, d.besoin))
        .collect();
    assert_eq!(deps, [(1, 2, 1500.0), (2, 2, 290.0)]);
    // 2 for 1 500 and 2 for 290: rates of 13.33 and 68.97.
    assert!((bilan.rapport_max_min.unwrap() - 1500.0 / 290.0).abs() < 1e-9);
    assert!((bilan.gini - 0.338).abs() < 1e-3, "{}", bilan.gini);
}

#[test]
fn un_poids_qui_bouge_dit_qui_change_et_une_execution_a_son_nom() {
    let (lue, solution, _) = resoudre(CAS);
    let variantes = sensibilite(&lue);
    assert_eq!(variantes.len(), 6);
    assert!(variantes.iter().all(|v| v.changements.is_some()));
    let mut autre = solution.clone();
    autre.grants = vec![(1, 2), (3, 1), (7, 1)];
    let ids: Vec<_> = changements(&solution, &autre)
        .iter()
        .map(|c| (c.structure, c.avant, c.apres))
        .collect();
    assert_eq!(ids, [(3, 2, 1), (7, 0, 1)]);
    let nom = |entree: &str, poids: &str| {
        nommer_execution(
            &Empreinte::de(entree.as_bytes()),
            &BTreeMap::from([("poids", poids.to_owned())]),
            &["1"],
        )
    };
    assert_eq!(nom("a", "1"), nom("a", "1"));
    assert!(nom("a", "1") != nom("b", "1") && nom("a", "1") != nom("a", "2"));
}
