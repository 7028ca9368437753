//! Apportionment: its properties, an independent implementation, territories nested and unknown, and the grants of 2024.

use affectation::{
    besoin::{Besoin, Critere, ErreurBesoin, besoin},
    empreinte::Empreinte,
    fraction::Fraction,
    repartition::{ErreurRepartition, Methode, Noeud, Repartition, Territoire, rang, repartir, repartir_arbre},
    retour::{Reel, comparer},
};
use proptest::prelude::*;

const METHODES: [Methode; 3] = [Methode::SainteLague, Methode::Dhondt, Methode::PlusFortReste];

fn tirage() -> Empreinte {
    Empreinte::de("exécution 1".as_bytes())
}

fn territoire(code: &str, besoin: Option<i64>, plancher: u32, plafond: Option<u32>) -> Territoire {
    let besoin = besoin.map(Fraction::entier);
    Territoire {
        code: code.to_owned(),
        besoin,
        plancher,
        plafond,
    }
}

fn postes(repartition: &Repartition) -> Vec<u32> {
    repartition.postes.iter().map(|(_, n)| *n).collect()
}

#[test]
fn une_implementation_independante_donne_les_memes_postes() {
    let texte = include_str!("oracle/repartition.json");
    let oracle: serde_json::Value = serde_json::from_str(texte).unwrap();
    let vecteurs = oracle["vecteurs"].as_array().unwrap();
    assert_eq!(vecteurs.len(), 200);
    for vecteur in vecteurs {
        let methode: Methode = serde_json::from_value(vecteur["methode"].clone()).unwrap();
        let besoins = vecteur["besoins"].as_array().unwrap().iter().enumerate();
        let territoires: Vec<_> = besoins
            .map(|(i, b)| territoire(&format!("{i:03}"), b.as_i64(), 0, None))
            .collect();
        let n = u32::try_from(vecteur["postes"].as_u64().unwrap()).unwrap();
        let donnes = postes(&repartir(n, methode, &territoires, &tirage()).unwrap());
        assert_eq!(
            serde_json::to_value(donnes).unwrap(),
            vecteur["attendu"],
            "{methode:?}, {n} postes"
        );
    }
}

prop_compose! {
    fn cas()(
        besoins in prop::collection::vec((prop_oneof![3 => 1_i64..100_000, 1 => 1_i64..5], 0_u32..4, prop::option::of(0_u32..40)), 1..20),
        postes in 0_u32..300,
    ) -> (Vec<Territoire>, u32) {
        let territoires = besoins.into_iter().enumerate().map(|(i, (besoin, plancher, plafond))| {
            territoire(&format!("{i:02}"), Some(besoin), plancher, plafond.map(|p| p + plancher))
        }).collect();
        (territoires, postes)
    }
}

proptest! {
    #[test]
    fn la_somme_est_exacte_et_les_bornes_sont_tenues((territoires, n) in cas()) {
        let planchers: u32 = territoires.iter().map(|t| t.plancher).sum();
        let plafonds: u64 = territoires.iter().map(|t| u64::from(t.plafond.unwrap_or(n))).sum();
        for methode in METHODES {
            match repartir(n, methode, &territoires, &tirage()) {
                Ok(r) => {
                    prop_assert_eq!(postes(&r).iter().sum::<u32>(), n);
                    for (t, x) in territoires.iter().zip(postes(&r)) {
                        prop_assert!(x >= t.plancher && t.plafond.is_none_or(|p| x <= p), "{} : {}", t.code, x);
                    }
                }
                Err(ErreurRepartition::Planchers { .. }) => prop_assert!(planchers > n),
                Err(ErreurRepartition::Plafonds { .. }) => prop_assert!(plafonds < u64::from(n)),
                Err(erreur) => prop_assert!(false, "{}", erreur),
            }
        }
    }

    #[test]
    fn un_poste_de_plus_n_en_retire_a_personne_avec_un_diviseur((territoires, n) in cas()) {
        for methode in [Methode::SainteLague, Methode::Dhondt] {
            let avant = repartir(n, methode, &territoires, &tirage());
            let apres = repartir(n + 1, methode, &territoires, &tirage());
            if let (Ok(avant), Ok(apres)) = (avant, apres) {
                prop_assert!(postes(&avant).iter().zip(postes(&apres)).all(|(a, b)| *a <= b));
            }
        }
    }

    #[test]
    fn le_plus_fort_reste_tient_les_quotas((territoires, n) in cas()) {
        let libres: Vec<_> = territoires.iter().map(|t| Territoire { plancher: 0, plafond: None, ..t.clone() }).collect();
        let total: i128 = libres.iter().map(|t| t.besoin.unwrap().numerateur()).sum();
        let r = repartir(n, Methode::PlusFortReste, &libres, &tirage()).unwrap();
        for (t, x) in libres.iter().zip(postes(&r)) {
            let quota = Fraction::new(t.besoin.unwrap().numerateur() * i128::from(n), total).unwrap();
            prop_assert!((quota.plancher()..=quota.plafond()).contains(&i128::from(x)), "{} pour {}", x, quota);
        }
    }

    #[test]
    fn l_ordre_des_territoires_ne_change_rien((mut territoires, n) in cas()) {
        for methode in METHODES {
            let une = repartir(n, methode, &territoires, &tirage());
            territoires.reverse();
            prop_assert_eq!(une, repartir(n, methode, &territoires, &tirage()));
        }
    }

    #[test]
    fn la_meme_part_de_chaque_besoin_donne_les_memes_postes((territoires, n) in cas(), fois in 1_i64..50, sur in 1_i64..50) {
        let part = Fraction::new(fois.into(), sur.into()).unwrap();
        let autres: Vec<_> = territoires.iter().map(|t| Territoire { besoin: t.besoin.and_then(|b| b.fois(part)), ..t.clone() }).collect();
        for methode in METHODES {
            prop_assert_eq!(repartir(n, methode, &territoires, &tirage()), repartir(n, methode, &autres, &tirage()));
        }
    }
}

#[test]
fn une_egalite_est_tiree_de_l_empreinte_et_publiee() {
    let territoires = ["01", "02", "03"].map(|code| territoire(code, Some(10), 0, None));
    for methode in METHODES {
        let mut gagnants = std::collections::BTreeSet::new();
        for graine in 0..40_u8 {
            let tirage = Empreinte::de(&[graine]);
            let r = repartir(4, methode, &territoires, &tirage).unwrap();
            let attendu = ["01", "02", "03"]
                .into_iter()
                .min_by_key(|code| rang(&tirage, code))
                .unwrap();
            assert_eq!(r.egalites.len(), 1);
            assert_eq!(
                (r.egalites[0].servis.as_slice(), r.egalites[0].ecartes.len()),
                (&[attendu.to_owned()][..], 2)
            );
            assert!(r.postes.contains(&(attendu.to_owned(), 2)));
            gagnants.insert(attendu);
        }
        assert_eq!(gagnants.len(), 3, "no code is favoured for ever");
        assert!(
            repartir(3, methode, &territoires, &tirage())
                .unwrap()
                .egalites
                .is_empty()
        );
    }
}

#[test]
fn un_besoin_inconnu_est_mis_a_part_et_jamais_compte_pour_zero() {
    let territoires = [
        territoire("01", Some(30), 0, None),
        territoire("975", None, 2, None),
        territoire("976", Some(0), 1, None),
        territoire("69", Some(60), 0, None),
    ];
    let r = repartir(12, Methode::SainteLague, &territoires, &tirage()).unwrap();
    assert_eq!(r.inconnus, [("975".to_owned(), 2)]);
    assert_eq!(
        r.postes,
        [("01".to_owned(), 3), ("69".to_owned(), 6), ("976".to_owned(), 1)]
    );
    let nuls = [territoire("01", Some(0), 1, None)];
    let erreur = repartir(2, Methode::Dhondt, &nuls, &tirage()).unwrap_err().to_string();
    assert_eq!(
        erreur,
        "les plafonds et les besoins connus n’admettent que 1 postes, il faut en répartir 2"
    );
}

fn noeud(code: &str, parent: Option<&str>, besoin: Option<i64>, plancher: u32) -> Noeud {
    Noeud {
        territoire: territoire(code, besoin, plancher, None),
        parent: parent.map(str::to_owned),
    }
}

#[test]
fn les_postes_descendent_de_la_nation_aux_epci_et_un_niveau_peut_manquer() {
    let noeuds = [
        noeud("D01", None, None, 0),
        noeud("E1", Some("D01"), Some(300), 0),
        noeud("E2", Some("D01"), Some(100), 3),
        noeud("D69", None, None, 0),
        noeud("E3", Some("D69"), Some(400), 0),
        noeud("E4", Some("D69"), None, 1),
        // Saint-Martin has no EPCI, the other no département above it.
        noeud("978", None, Some(80), 0),
        noeud("977", None, None, 1),
    ];
    let parts = repartir_arbre(20, Methode::SainteLague, &noeuds, &tirage()).unwrap();
    let recus: Vec<_> = parts
        .iter()
        .map(|p| (p.code.as_str(), p.postes, p.besoin_partiel))
        .collect();
    assert_eq!(
        recus,
        [
            ("", 20, true),
            ("977", 1, false),
            ("978", 2, false),
            ("D01", 8, false),
            ("D69", 9, true),
            ("E1", 5, false),
            ("E2", 3, false),
            ("E3", 8, false),
            ("E4", 1, false),
        ]
    );
    let mut perdus = noeuds.to_vec();
    perdus.push(noeud("X", Some("Y"), Some(1), 0));
    let erreur = repartir_arbre(20, Methode::Dhondt, &perdus, &tirage())
        .unwrap_err()
        .to_string();
    assert_eq!(erreur, "territoire X : son parent Y n’existe pas, ou dépend de lui");
}

#[test]
fn le_besoin_compte_des_personnes_et_deduit_ce_qui_existe() {
    let f = |texte: &str| texte.parse::<Fraction>().unwrap();
    let criteres = [("diplome", "1"), ("ages", "0,5"), ("zrr", "0")].map(|(code, poids)| Critere {
        code: code.to_owned(),
        poids: f(poids),
    });
    let compter = |a: Option<&str>, b: Option<&str>, servis: &str| besoin(&criteres, &[a.map(f), b.map(f)], f(servis));
    assert_eq!(compter(Some("100"), Some("31"), "40"), Ok(Besoin::Connu(f("75.5"))));
    assert_eq!(compter(Some("10"), Some("0"), "40"), Ok(Besoin::Connu(Fraction::ZERO)));
    assert_eq!(
        compter(None, Some("3"), "0"),
        Ok(Besoin::Inconnu {
            manquants: vec!["diplome".to_owned()]
        })
    );
    assert_eq!(
        compter(Some("-1"), Some("3"), "0"),
        Err(ErreurBesoin::Negatif("diplome".to_owned()))
    );
}

/// The grants of 2024 for the engineering of local governance, in hundreds of euros, by département.
const DOTATIONS_2024: &str = "01 456; 02 485; 03 438; 04 410; 05 410; 06 600; 07 421; 08 425; 09 410; 10 422; 11 453; 12 410; 13 725; 14 491; 15 410; 16 431; 17 506; 18 418; 19 410; 2A 410; 2B 410; 21 442; 22 471; 23 410; 24 455; 25 440; 26 451; 27 474; 28 425; 29 524; 30 525; 31 643; 32 410; 33 711; 34 633; 35 554; 36 412; 37 457; 38 611; 39 410; 40 439; 41 417; 42 517; 43 410; 44 646; 45 485; 46 410; 47 429; 48 410; 49 505; 50 446; 51 455; 52 410; 53 410; 54 495; 55 410; 56 501; 57 583; 58 410; 59 725; 60 518; 61 424; 62 696; 63 472; 64 482; 65 410; 66 486; 67 589; 68 505; 69 725; 70 410; 71 471; 72 470; 73 410; 74 479; 75 725; 76 633; 77 635; 78 618; 79 414; 80 472; 81 436; 82 413; 83 603; 84 478; 85 479; 86 419; 87 412; 88 435; 89 440; 90 410; 91 596; 92 662; 93 725; 94 635; 95 597; 971 423; 972 462; 973 433; 974 574; 976 459; 988 410";

#[test]
fn les_dotations_de_2024_se_comparent_au_besoin() {
    let reels: Vec<_> = DOTATIONS_2024
        .split("; ")
        .map(|paire| {
            let (code, montant) = paire.split_once(' ').unwrap();
            let montant = montant.parse().unwrap();
            // A need above the floor alone: what need alone would give is then the amount without its flat part.
            let besoin = (code != "988").then(|| Fraction::entier(i64::from(montant - 409)));
            Reel {
                code: code.to_owned(),
                montant,
                besoin,
            }
        })
        .collect();
    assert_eq!(reels.iter().map(|r| r.montant).sum::<u32>(), 50_067);
    let retour = comparer(&reels, Methode::SainteLague, &tirage()).unwrap();
    assert_eq!((retour.lignes.len(), retour.total), (101, 49_657));
    assert_eq!((retour.plancher, retour.plafond), ((410, 22), (725, 5)));
    assert_eq!(retour.inconnus, [("988".to_owned(), 410)]);
    assert_eq!((retour.part_egale * 1000.0).round(), 834.0);
    assert_eq!(
        retour.lignes.iter().map(|l| u64::from(l.par_besoin)).sum::<u64>(),
        retour.total
    );
    let paris = retour.lignes.iter().find(|l| l.code == "75").unwrap();
    assert!(paris.par_besoin > 1500 && paris.ecart < 0, "{paris:?}");
    assert!((0.37..0.39).contains(&retour.part_deplacee));
}
