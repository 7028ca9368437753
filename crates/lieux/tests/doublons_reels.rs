//! Duplicates among the real extracts, each file taken as one source: what a person read over once stays as it was.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::{HashMap, HashSet};

use lieux::domain::doublons::bareme::Bande;
use lieux::domain::doublons::detecter;
use lieux::domain::import::{Traduction, decider};
use lieux::domain::lieu::Lieu;
use lieux::domain::standard::table;
use uuid::Uuid;

fn fiches() -> Option<Vec<Lieu>> {
    let donnees = socle::testing::shared_data()?.join("lieux");
    let mut chemins: Vec<_> = std::fs::read_dir(donnees.join("sources"))
        .unwrap()
        .map(|entree| entree.unwrap().path())
        .collect();
    chemins.push(donnees.join("lieux-schema-0.1.json"));
    chemins.sort();
    let mut rang = 0;
    let mut fiches = Vec::new();
    for chemin in chemins {
        let lectures = table::lire_tout(&std::fs::read(&chemin).unwrap()).unwrap();
        let traduction = Traduction::deviner(&lectures).unwrap();
        let source = chemin.file_stem().unwrap().to_string_lossy().into_owned();
        let rapport = decider(lectures, &traduction, &source, &HashMap::new(), || {
            rang += 1;
            Uuid::from_u128(rang)
        });
        fiches.extend(rapport.gardees.into_iter().map(|g| Lieu {
            source: Some(source.clone()),
            ..g.lieu
        }));
    }
    Some(fiches)
}

#[test]
fn les_extraits_reels_ont_peu_de_doublons_et_aucun_des_couples_trompeurs() {
    let Some(fiches) = fiches() else { return };
    let par_id: HashMap<Uuid, &Lieu> = fiches.iter().map(|l| (l.id, l)).collect();
    let doublons = detecter(&fiches.iter().collect::<Vec<_>>(), &HashSet::new());
    let noms = |bande: Bande| -> Vec<(&str, &str)> {
        let de_la_bande = doublons.iter().filter(|d| d.bande == bande);
        de_la_bande
            .map(|d| {
                (
                    par_id[&d.couple.premier()].nom.as_str(),
                    par_id[&d.couple.second()].nom.as_str(),
                )
            })
            .collect()
    };
    let (surs, a_decider) = (noms(Bande::Fusionner), noms(Bande::ADecider));
    println!(
        "{} fiches : {} couples à fusionner, {} à décider",
        fiches.len(),
        surs.len(),
        a_decider.len()
    );
    assert!((15..=25).contains(&surs.len()), "{surs:?}");
    assert!(a_decider.len() <= 20, "{a_decider:?}");
    let se_croise = |mot: &str| {
        surs.iter()
            .chain(&a_decider)
            .any(|(a, b)| a.contains(mot) && b.contains(mot))
    };
    assert!(se_croise("Sermoyer"), "deux fiches de la mairie de Sermoyer");
    assert!(
        !se_croise("Bus France Services"),
        "les arrêts d'un bus ne sont pas un seul lieu"
    );
}
