//! Every commune is found, however people write it.

use proptest::prelude::*;
use territoire::{Referentiel, plier_nom};

/// The labels of the first answers.
fn chercher(texte: &str, limite: usize) -> Vec<String> {
    let r = Referentiel::embarque();
    r.chercher(texte, limite).iter().map(|t| r.libelle(t.commune)).collect()
}

fn premiere(texte: &str) -> String {
    chercher(texte, 1).pop().unwrap_or_default()
}

#[test]
fn une_commune_se_trouve_comme_on_l_ecrit() {
    for (texte, attendue) in [
        ("paris", "Paris (Paris, 75)"),
        ("Marcq en Baroeul", "Marcq-en-Barœul (Nord, 59)"),
        ("l hay-les-roses", "L'Haÿ-les-Roses (Val-de-Marne, 94)"),
        ("lhay les roses", "L'Haÿ-les-Roses (Val-de-Marne, 94)"),
        ("st etienne", "Saint-Étienne (Loire, 42)"),
        ("STE FOY LES LYON", "Sainte-Foy-lès-Lyon (Rhône, 69)"),
        ("havre", "Le Havre (Seine-Maritime, 76)"),
        ("mans", "Le Mans (Sarthe, 72)"),
        ("rochelle (la)", "La Rochelle (Charente-Maritime, 17)"),
        ("Villeneuve Avignon", "Villeneuve-lès-Avignon (Gard, 30)"),
        ("saint denis 93", "Saint-Denis (Seine-Saint-Denis, 93)"),
        ("93200 Saint-Denis", "Saint-Denis (Seine-Saint-Denis, 93)"),
        (
            "Saint-Denis (Seine-Saint-Denis, 93)",
            "Saint-Denis (Seine-Saint-Denis, 93)",
        ),
        ("château chinon ville", "Château-Chinon (Ville) (Nièvre, 58)"),
        (
            "Château-Chinon (Campagne) (Nièvre, 58)",
            "Château-Chinon (Campagne) (Nièvre, 58)",
        ),
        ("2a004", "Ajaccio (Corse-du-Sud, 2A)"),
        ("20090", "Ajaccio (Corse-du-Sud, 2A)"),
        ("y", "Y (Somme, 80)"),
        ("Marigot", "Saint-Martin (Saint-Martin, 978)"),
        ("Noumea", "Nouméa (Nouvelle-Calédonie, 988)"),
        ("papeete", "Papeete (Polynésie française, 987)"),
        ("Mata Utu", "Uvea (Wallis et Futuna, 986)"),
        ("gustavia", "Saint-Barthélemy (Saint-Barthélemy, 977)"),
        ("97500", "Saint-Pierre (Saint-Pierre-et-Miquelon, 975)"),
        ("saint pierre 975", "Saint-Pierre (Saint-Pierre-et-Miquelon, 975)"),
        ("Arbignieu", "Arboys en Bugey (Ain, 01)"),
        ("97127", "Saint-Martin (Saint-Martin, 978)"),
        ("lyon 2ème", "Lyon (Rhône, 69)"),
        ("75015", "Paris (Paris, 75)"),
        ("marseile", "Marseille (Bouches-du-Rhône, 13)"),
        ("montpelleir", "Montpellier (Hérault, 34)"),
        ("bordaux", "Bordeaux (Gironde, 33)"),
        ("tolouse", "Toulouse (Haute-Garonne, 31)"),
        ("chateau roux", "Châteauroux (Indre, 36)"),
        ("Saint-Germian-en-Laye", "Saint-Germain-en-Laye (Yvelines, 78)"),
        ("Saint Denis de la Reuinon", ""),
        ("zzzz", ""),
        ("Москва", ""),
        ("", ""),
        ("  - ", ""),
    ] {
        assert_eq!(premiere(texte), attendue, "{texte}");
    }
}

#[test]
fn une_partie_du_nom_suffit() {
    for (texte, attendue) in [
        ("malo", "Saint-Malo"),
        ("gourouf", "Garouf"),
        ("aubervil", "Aubervilliers"),
        ("rmoutier", "Noirmoutier"),
    ] {
        let trouvees = chercher(texte, usize::MAX);
        let attendu = attendue != "Garouf";
        assert_eq!(
            trouvees.iter().any(|libelle| libelle.contains(attendue)),
            attendu,
            "{texte}"
        );
    }
}

#[test]
fn les_homonymes_se_rangent_par_population_et_se_distinguent() {
    insta::assert_snapshot!(chercher("saint-denis", 4).join("\n"), @r"
    Saint-Denis (La Réunion, 974)
    Saint-Denis (Seine-Saint-Denis, 93)
    Saint-Denis (Aude, 11)
    Saint-Denis (Gard, 30)
    ");
    let r = Referentiel::embarque();
    let exactes = r.chercher("Sainte-Colombe", usize::MAX);
    let exactes: Vec<_> = exactes.iter().filter(|t| t.exacte && t.via.is_none()).collect();
    assert!(exactes.len() > 5 && exactes.is_sorted_by_key(|t| std::cmp::Reverse(t.commune.population)));
}

#[test]
fn la_reponse_dit_par_quel_nom_elle_a_trouve() {
    let r = Referentiel::embarque();
    assert_eq!(r.chercher("Marigot", 1)[0].via, Some("Marigot"));
    let lyon = r.chercher("lyon 2e", 1)[0];
    assert_eq!(lyon.entite.unwrap().code.as_str(), "69382");
    assert_eq!(r.chercher("lyon", 1)[0].via, None);
}

#[test]
fn chaque_commune_est_dans_la_reponse_complete_a_son_nom_et_a_ses_codes() {
    let r = Referentiel::embarque();
    let communes: Vec<_> = r.communes().collect();
    std::thread::scope(|taches| {
        for part in communes.chunks(communes.len().div_ceil(4)) {
            taches.spawn(move || {
                for c in part {
                    let trouvee = |texte: &str| r.chercher(texte, usize::MAX).iter().any(|t| t.commune == *c);
                    assert!(trouvee(c.nom), "{}", c.nom);
                    assert!(trouvee(c.code.as_str()), "{}", c.code);
                    assert!(
                        c.codes_postaux.iter().all(|code| trouvee(code.as_str())),
                        "{:?}",
                        c.codes_postaux
                    );
                    assert_eq!(r.chercher(&r.libelle(c), 1)[0].commune, *c);
                }
            });
        }
    });
}

#[test]
fn chaque_ancien_nom_et_chaque_ancien_code_mene_a_sa_commune() {
    let r = Referentiel::embarque();
    for entite in r.lieux_dits() {
        for texte in [entite.nom, entite.code.as_str()] {
            assert!(
                r.chercher(texte, usize::MAX)
                    .iter()
                    .any(|t| t.commune.code == entite.commune),
                "{texte}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn une_faute_de_frappe_n_empeche_pas_de_trouver(rang in 0usize..34_969, place in 0usize..40, lettre in b'a'..=b'z', genre in 0..4) {
        let r = Referentiel::embarque();
        let commune = r.communes().nth(rang).unwrap();
        let mut texte: Vec<char> = plier_nom(commune.nom).chars().collect();
        prop_assume!(texte.len() > 2);
        let place = place % (texte.len() - 1);
        match genre {
            0 => texte.insert(place, char::from(lettre)),
            1 => drop(texte.remove(place)),
            2 => texte[place] = char::from(lettre),
            _ => texte.swap(place, place + 1),
        }
        let texte: String = texte.into_iter().collect();
        prop_assert!(r.chercher(&texte, usize::MAX).iter().any(|t| t.commune == commune), "{} pour {}", texte, commune.nom);
    }

    #[test]
    fn aucun_texte_ne_fait_echouer_la_recherche(texte in "\\PC{0,60}", limite in 0usize..20) {
        let trouvees = Referentiel::embarque().chercher(&texte, limite);
        prop_assert!(trouvees.len() <= limite);
    }

    #[test]
    fn une_limite_garde_le_debut_de_la_reponse(debut in "[a-z]{2,5}( [a-z0-9]{1,3})?", limite in 1usize..30) {
        let r = Referentiel::embarque();
        let entiere = r.chercher(&debut, usize::MAX);
        prop_assert_eq!(&r.chercher(&debut, limite)[..], &entiere[..limite.min(entiere.len())]);
    }
}
