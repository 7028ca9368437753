use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const SIRET: &str = "13002526500013";

fn nom(id: u128, nom: &str, source: SourceNom, du: Day) -> NomDate {
    NomDate {
        id: Uuid::from_u128(id),
        nom: nom.to_owned(),
        source,
        du,
        au: None,
    }
}

fn etablissement(id: u128, numero: &str, siege: bool) -> Etablissement {
    Etablissement {
        id: Uuid::from_u128(id),
        identifiant: if numero.is_empty() {
            IdentifiantEtablissement::Aucun
        } else {
            IdentifiantEtablissement::reconnaitre(numero).unwrap()
        },
        nom: None,
        adresse: None,
        commune: "01053".parse().ok(),
        siege,
    }
}

fn organisation(id: u128) -> Organisation {
    Organisation {
        id: Uuid::from_u128(id),
        forme: FormeJuridique::Association,
        siren: None,
        rna: None,
        noms: vec![nom(id * 10, "Le Fil", SourceNom::Declare, date(2024, 1, 1))],
        etablissements: vec![etablissement(id * 10 + 1, "", true)],
        absorbees: Vec::new(),
        etat: EtatOrganisation::Active,
        creee_at: Instant::from_micros(0),
        version: 0,
    }
}

fn motivation() -> Motivation {
    let at = Instant::from_micros(1_700_000_000_000_000);
    Motivation::lire(Uuid::from_u128(99), at, " Même adresse et même présidente. ").unwrap()
}

#[test]
fn le_nom_d_un_jour_est_le_plus_recent_et_celui_que_l_organisation_choisit() {
    let o = organisation(1)
        .renommer(nom(2, "FIL", SourceNom::Annuaire, date(2024, 6, 1)))
        .unwrap()
        .renommer(nom(3, "Le Fil de l’Ain", SourceNom::Declare, date(2024, 6, 1)))
        .unwrap();
    let lu = |jour| o.nom_au(jour).map(|n| n.nom.as_str());
    assert_eq!(lu(date(2023, 12, 31)), None);
    assert_eq!(lu(date(2024, 1, 1)), Some("Le Fil"));
    assert_eq!(lu(date(2024, 5, 31)), Some("Le Fil"));
    assert_eq!(lu(date(2024, 6, 1)), Some("Le Fil de l’Ain"));
    assert_eq!(o.noms[0].au, Some(date(2024, 6, 1)));
}

#[test]
fn un_nom_ne_remonte_pas_le_temps_et_ne_se_repete_pas() {
    let o = organisation(1);
    let refus = o
        .clone()
        .renommer(nom(2, "Avant", SourceNom::Declare, date(2023, 1, 1)));
    assert_eq!(refus.unwrap_err().champ.as_deref(), Some("du"));
    let meme = o
        .clone()
        .renommer(nom(2, "Le Fil", SourceNom::Declare, date(2025, 1, 1)))
        .unwrap();
    assert_eq!(meme, o);
    let corrige = o
        .renommer(nom(2, "Le Fil !", SourceNom::Declare, date(2024, 1, 1)))
        .unwrap();
    assert_eq!(
        corrige.noms.iter().map(|n| n.nom.as_str()).collect::<Vec<_>>(),
        ["Le Fil !"]
    );
}

#[test]
fn un_nom_se_lit_sans_ses_espaces_en_trop() {
    assert_eq!(lire_nom("  Commune  de\u{a0}Bourg ").unwrap(), "Commune de Bourg");
    assert!(lire_nom(" \u{a0} ").is_err());
    assert!(lire_nom(&"é".repeat(NOM_MAX)).is_ok() && lire_nom(&"é".repeat(NOM_MAX + 1)).is_err());
}

#[test]
fn un_etablissement_donne_son_siren_et_n_entre_pas_ailleurs() {
    let o = organisation(1).ajouter(etablissement(5, SIRET, false)).unwrap();
    assert_eq!(o.siren.as_ref().map(Siren::as_str), Some("130025265"));
    assert_eq!(o.siege().map(|e| e.id), Some(Uuid::from_u128(11)));
    let deja = o.clone().ajouter(etablissement(6, SIRET, false)).unwrap_err();
    assert_eq!(deja.message, "cet établissement est déjà enregistré ici");
    let ailleurs = o
        .clone()
        .ajouter(etablissement(6, "35600000000048", false))
        .unwrap_err();
    assert!(ailleurs.message.contains("356\u{a0}000\u{a0}000") && ailleurs.message.contains("130\u{a0}025\u{a0}265"));
    // Two consulates have no number: they are not the same for that.
    let sans_numero = o.ajouter(etablissement(7, "", false)).unwrap();
    assert_eq!(sans_numero.etablissements.len(), 3);
}

#[test]
fn une_fusion_reunit_tout_et_complete_ce_qui_manque() {
    let part = organisation(2).ajouter(etablissement(7, SIRET, false)).unwrap();
    let (apres, fusion) = Paire {
        reste: organisation(1),
        part,
    }
    .fusionner(motivation())
    .unwrap();
    assert_eq!(apres.reste.siren.as_ref().map(Siren::as_str), Some("130025265"));
    assert_eq!(apres.reste.etablissements.len(), 3);
    assert_eq!(apres.reste.etablissements.iter().filter(|e| e.siege).count(), 1);
    assert_eq!(apres.reste.noms.len(), 2);
    assert!(apres.part.etablissements.is_empty() && apres.part.siren.is_none());
    assert!(matches!(apres.part.etat, EtatOrganisation::Fusionnee { dans, .. } if dans == apres.reste.id));
    assert_eq!(fusion.raison, "Même adresse et même présidente.");
    let json = serde_json::to_string(&fusion).unwrap();
    assert_eq!(serde_json::from_str::<Fusion>(&json).unwrap(), fusion);
}

#[test]
fn deux_organisations_ne_se_confondent_pas() {
    let avec = |id, siret| organisation(id).ajouter(etablissement(id + 50, siret, false)).unwrap();
    let refus = |reste, part| Paire { reste, part }.fusionner(motivation()).unwrap_err().message;
    assert!(refus(avec(1, SIRET), avec(2, "35600000000048")).contains("SIREN diffèrent"));
    assert!(refus(organisation(1), organisation(1)).contains("deux organisations différentes"));
    let rna = |id, rna: &str| Organisation {
        rna: rna.parse().ok(),
        ..organisation(id)
    };
    assert!(refus(rna(1, "W751004076"), rna(2, "W751004077")).contains("RNA diffèrent"));
    let deja = Organisation {
        etat: EtatOrganisation::Fusionnee {
            dans: Uuid::nil(),
            at: Instant::from_micros(0),
        },
        ..organisation(2)
    };
    assert!(refus(organisation(1), deja).contains("déjà été réunie"));
    assert_eq!(
        Motivation::lire(Uuid::nil(), Instant::from_micros(0), "doublon")
            .unwrap_err()
            .champ
            .as_deref(),
        Some("raison")
    );
}

#[test]
fn defaire_garde_ce_qui_a_change_depuis() {
    let part = organisation(2).ajouter(etablissement(7, SIRET, false)).unwrap();
    let (mut paire, fusion) = Paire {
        reste: organisation(1),
        part: part.clone(),
    }
    .fusionner(motivation())
    .unwrap();
    paire.reste = paire
        .reste
        .renommer(nom(40, "Le Fil réuni", SourceNom::Declare, date(2026, 1, 1)))
        .unwrap()
        .ajouter(etablissement(41, "0123456001", false))
        .unwrap();
    let defaite = paire.clone().defaire(&fusion).unwrap();
    assert_eq!(defaite.part.etablissements, part.etablissements);
    assert_eq!(
        (defaite.part.siren.clone(), defaite.part.etat.clone()),
        (part.siren, EtatOrganisation::Active)
    );
    assert_eq!(defaite.reste.siren, None);
    assert!(defaite.reste.noms.iter().any(|n| n.nom == "Le Fil réuni"));
    assert!(
        defaite
            .reste
            .etablissements
            .iter()
            .any(|e| e.identifiant.genre() == "ridet")
    );
    assert!(
        defaite
            .defaire(&fusion)
            .unwrap_err()
            .message
            .contains("ne sont plus réunies")
    );
    let autre = Fusion {
        part: Uuid::from_u128(3),
        ..fusion
    };
    assert!(paire.defaire(&autre).is_err());
}

proptest! {
    #[test]
    fn defaire_une_fusion_rend_les_deux_fiches(ici in 0..4_u128, la in 0..4_u128, siege in any::<bool>(), siret in any::<bool>(), rna in any::<bool>()) {
        let remplie = |id: u128, n: u128, siret: bool, siege: bool| {
            let mut o = organisation(id);
            o.etablissements = (0..n).map(|k| etablissement(id * 100 + k, "", siege && k == 0)).collect();
            if siret {
                o = o.ajouter(etablissement(id * 100 + 9, SIRET, false)).unwrap();
            }
            o
        };
        let reste = remplie(1, ici, !siret, true);
        let part = Organisation { rna: rna.then(|| "W751004076".parse().unwrap()), ..remplie(2, la, siret, siege) };
        let avant = Paire { reste, part };
        let (apres, fusion) = avant.clone().fusionner(motivation()).unwrap();
        prop_assert!(apres.reste.etablissements.iter().filter(|e| e.siege).count() <= 1);
        prop_assert_eq!(apres.defaire(&fusion).unwrap(), avant);
    }
}
