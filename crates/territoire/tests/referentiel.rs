//! The embedded territory holds what its sources hold.

use territoire::{CodeCommune, Commune, NatureEntite, NatureEpci, Referentiel, Zone};

fn referentiel() -> &'static Referentiel {
    Referentiel::embarque()
}

fn code(texte: &str) -> CodeCommune {
    texte.parse().expect("un code bien formé")
}

fn commune(texte: &str) -> &'static Commune {
    referentiel().commune(code(texte)).expect("une commune actuelle")
}

#[test]
fn toute_la_france_est_la() {
    let r = referentiel();
    assert_eq!(r.communes().count(), 34_969);
    assert_eq!(r.lieux_dits().count(), 2_105 + 471 + 45);
    assert_eq!(
        (r.departements().count(), r.regions().count(), r.collectivites().count()),
        (101, 18, 8)
    );
    assert_eq!(
        r.tous_les_epci()
            .filter(|e| e.nature != NatureEpci::TerritoireMetropolitain)
            .count(),
        1_255
    );
    assert_eq!(
        r.tous_les_epci()
            .filter(|e| e.nature == NatureEpci::TerritoireMetropolitain)
            .count(),
        11
    );
    assert_eq!(
        r.communes().filter_map(|c| c.population).map(u64::from).sum::<u64>(),
        68_952_941
    );
}

#[test]
fn une_commune_dit_tout_ce_qu_elle_est() {
    let denis = commune("93066");
    assert_eq!((denis.nom, denis.zone), ("Saint-Denis", Zone::Metropole));
    assert_eq!(denis.departement.unwrap().as_str(), "93");
    assert_eq!(denis.region.unwrap().as_str(), "11");
    assert_eq!(
        referentiel().epci(denis.epci.unwrap()).unwrap().nom,
        "Métropole du Grand Paris"
    );
    assert_eq!(
        referentiel().epci(denis.territoire_metropolitain.unwrap()).unwrap().nom,
        "Plaine Commune"
    );
    assert_eq!(referentiel().libelle(denis), "Saint-Denis (Seine-Saint-Denis, 93)");
}

#[test]
fn une_commune_d_outre_mer_n_a_ni_epci_ni_departement() {
    for (code, nom, territoire) in [
        ("97502", "Saint-Pierre", "Saint-Pierre-et-Miquelon"),
        ("97801", "Saint-Martin", "Saint-Martin"),
        ("98613", "Uvea", "Wallis et Futuna"),
        ("98735", "Papeete", "Polynésie française"),
        ("98818", "Nouméa", "Nouvelle-Calédonie"),
    ] {
        let commune = commune(code);
        assert_eq!((commune.nom, commune.zone), (nom, Zone::Collectivite));
        assert_eq!((commune.departement, commune.region, commune.epci), (None, None, None));
        assert_eq!(referentiel().situation(commune).0, territoire);
    }
}

#[test]
fn un_ancien_code_mene_a_la_commune_d_aujourd_hui() {
    for (ancien, actuelle) in [
        ("01340", "01015"),
        ("75101", "75056"),
        ("13208", "13055"),
        ("69385", "69123"),
        ("97123", "97701"),
        ("97127", "97801"),
        ("38185", "38185"),
    ] {
        assert_eq!(
            referentiel().resoudre(code(ancien)).unwrap().code,
            code(actuelle),
            "{ancien}"
        );
    }
    assert_eq!(referentiel().resoudre(code("00000")), None);
}

#[test]
fn une_commune_deleguee_garde_son_nom_sous_le_code_de_la_nouvelle() {
    assert_eq!(commune("01015").nom, "Arboys en Bugey");
    let deleguee = referentiel().lieu_dit(code("01015")).unwrap();
    assert_eq!(
        (deleguee.nom, deleguee.nature),
        ("Arbignieu", NatureEntite::CommuneDeleguee)
    );
}

#[test]
fn une_entite_sans_point_prend_celui_de_sa_commune_et_le_dit() {
    let premier = referentiel().lieu_dit(code("75101")).unwrap();
    assert_eq!(premier.nature, NatureEntite::ArrondissementMunicipal);
    assert_eq!(premier.point, commune("75056").point);
    assert!(premier.point_approche && !commune("75056").point_approche);
}

#[test]
fn toute_commune_a_un_point_pres_de_ses_voisines() {
    let r = referentiel();
    for commune in r.communes().filter(|c| c.zone == Zone::Metropole) {
        let chef_lieu = r
            .commune(r.departement(commune.departement.unwrap()).unwrap().chef_lieu)
            .unwrap();
        assert!(commune.point.distance_m(chef_lieu.point) < 200_000.0, "{commune:?}");
    }
    // Fifteen hundred kilometres is the reach of Polynesia.
    for (siege, prefixe, reste_a) in [
        ("98735", "987", 2_000_000.0),
        ("98818", "988", 450_000.0),
        ("98613", "986", 260_000.0),
    ] {
        let communes = r.communes().filter(|c| c.code.prefixe() == prefixe);
        for voisine in communes {
            assert!(voisine.point.distance_m(commune(siege).point) < reste_a, "{voisine:?}");
        }
    }
}

#[test]
fn un_code_postal_mene_a_ses_communes() {
    let noms = |code| referentiel().par_code_postal(code).map(|c| c.nom).collect::<Vec<_>>();
    assert_eq!(noms("97133"), ["Saint-Barthélemy"]);
    assert!(noms("74130").contains(&"Bonneville"));
    for inconnu in ["00000", "", "7500", "abcde"] {
        assert!(noms(inconnu).is_empty());
    }
}

#[test]
fn chaque_commune_se_retrouve_par_ses_codes() {
    let r = referentiel();
    for c in r.communes() {
        assert_eq!(r.resoudre(c.code), Some(c));
        assert!(
            c.codes_postaux
                .iter()
                .all(|code| r.par_code_postal(code.as_str()).any(|autre| autre == c))
        );
    }
}

#[test]
fn un_fichier_abime_est_refuse_sans_panique() {
    let sain: &'static [u8] = include_bytes!("../donnees/territoire.bin");
    assert!(Referentiel::decoder(b"").is_err() && Referentiel::decoder(b"MAILTER2").is_err());
    for fin in [9, 500, 20_000, 200_000, sain.len() - 1] {
        assert!(Referentiel::decoder(&sain[..fin]).is_err(), "{fin}");
    }
}
