use super::*;
use proptest::prelude::*;

#[test]
fn un_siret_se_lit_comme_on_le_tape() {
    for texte in [
        "13002526500013",
        "130 025 265 00013",
        " 130.025.265.00013 ",
        "130\u{a0}025\u{202f}265\u{a0}00013",
        "130-025-265-00013",
        "130‑025‑265/00013",
    ] {
        let siret: Siret = texte.parse().unwrap();
        assert_eq!(siret.as_str(), "13002526500013", "{texte}");
        assert_eq!(siret.presente(), "130\u{a0}025\u{a0}265\u{a0}00013");
        assert_eq!(siret.siren(), "130025265".parse().unwrap());
    }
}

#[test]
fn la_poste_suit_sa_propre_cle() {
    for (texte, juste) in [
        ("35600000000048", true),
        ("35600000000006", true),
        ("35600000049837", true),
        ("35600000000007", false),
        // The exception is La Poste's alone.
        ("13002526500018", false),
    ] {
        assert_eq!(texte.parse::<Siret>().is_ok(), juste, "{texte}");
    }
}

#[test]
fn le_refus_nomme_le_numero_sa_regle_et_un_exemple() {
    let refus = |texte: &str| texte.parse::<Siret>().unwrap_err().to_string();
    assert_eq!(
        refus("130 025 265"),
        "le numéro SIRET compte 14 chiffres, par exemple 130 025 265 00013 ; « 130 025 265 » ne convient pas"
    );
    assert_eq!(
        refus("13002526500014"),
        "le numéro SIRET « 13002526500014 » contient une faute de frappe : sa clé de contrôle ne correspond pas. Comparez chaque chiffre avec celui de vos documents"
    );
    for texte in ["", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣", "1300252650001O", "00000000000000", "ééééééé"] {
        assert!(texte.parse::<Siret>().is_err(), "{texte}");
    }
    for texte in ["000000000", "123456789", "130025266", "É30025265"] {
        assert!(texte.parse::<Siren>().is_err(), "{texte}");
    }
}

#[test]
fn chaque_registre_a_sa_forme() {
    for (texte, garde, presente) in [
        ("0123456.001", "0123456001", "0123456.001"),
        ("123 456.001", "0123456001", "0123456.001"),
        ("1049345 001", "1049345001", "1049345.001"),
    ] {
        let ridet: Ridet = texte.parse().unwrap();
        assert_eq!((ridet.as_str(), ridet.presente().as_str()), (garde, presente));
    }
    for (texte, presente) in [("075390-001", "075390-001"), ("a12345001", "A12345-001")] {
        assert_eq!(texte.parse::<Tahiti>().unwrap().presente(), presente);
    }
    for texte in ["W751004076", "w2a 1000123", "W9R2003255"] {
        assert!(texte.parse::<Rna>().is_ok(), "{texte}");
    }
    assert!("1234567".parse::<Ridet>().is_err() && "12345678901".parse::<Ridet>().is_err());
    assert!("A1234".parse::<Tahiti>().is_err() && "AB2345001".parse::<Tahiti>().is_err());
    for texte in ["X751004076", "W75100407", "WA51004076", "W75A004076", "Wé5100407", "W"] {
        assert!(texte.parse::<Rna>().is_err(), "{texte}");
    }
}

#[test]
fn un_etablissement_se_lit_par_genre_ou_se_reconnait() {
    for (genre, texte) in [
        ("siret", "13002526500013"),
        ("ridet", "0123456001"),
        ("tahiti", "A12345001"),
    ] {
        let identifiant = IdentifiantEtablissement::lire(genre, texte).unwrap();
        assert_eq!((identifiant.genre(), identifiant.numero()), (genre, Some(texte)));
        assert_eq!(IdentifiantEtablissement::reconnaitre(texte), Some(identifiant.clone()));
        let json = serde_json::to_string(&identifiant).unwrap();
        assert_eq!(
            serde_json::from_str::<IdentifiantEtablissement>(&json).unwrap(),
            identifiant
        );
        assert!(GENRES.iter().any(|(code, _)| *code == genre));
    }
    let aucun = IdentifiantEtablissement::lire("aucun", "").unwrap();
    assert_eq!((aucun.genre(), aucun.numero()), ("aucun", None));
    // Nine digits may be a SIREN, a RIDET without its zero, or a number of Polynesia.
    assert_eq!(IdentifiantEtablissement::reconnaitre("075390001"), None);
    assert_eq!(
        IdentifiantEtablissement::reconnaitre("0123456.001")
            .unwrap()
            .to_string(),
        "RIDET 0123456.001"
    );
}

fn avec_cle(debut: &str) -> String {
    (0..10)
        .map(|cle| format!("{debut}{cle}"))
        .find(|numero| luhn(numero))
        .expect("one of ten digits makes Luhn's key right")
}

proptest! {
    #[test]
    fn un_chiffre_change_est_toujours_refuse(siren in "[1-9][0-9]{7}", nic in "[0-9]{4}", rang in 0..14_usize, ecart in 1..10_u8) {
        let siren = avec_cle(&siren);
        prop_assume!(siren != SIREN_LA_POSTE);
        let siret = avec_cle(&format!("{siren}{nic}"));
        prop_assert!(siret.parse::<Siret>().is_ok());
        let mut faux = siret.into_bytes();
        faux[rang] = b'0' + (faux[rang] - b'0' + ecart) % 10;
        let faux = String::from_utf8(faux).unwrap();
        prop_assert!(faux.parse::<Siret>().is_err() || faux.starts_with(SIREN_LA_POSTE));
    }

    #[test]
    fn lire_ce_qui_est_presente_rend_le_meme_numero(debut in "[1-9][0-9]{7}", ridet in "[0-9]{10}", tahiti in "[0-9A-Z][0-9]{8}") {
        let siren: Siren = avec_cle(&debut).parse().unwrap();
        prop_assert_eq!(siren.presente().parse::<Siren>().unwrap(), siren);
        let ridet: Ridet = ridet.parse().unwrap();
        prop_assert_eq!(ridet.presente().parse::<Ridet>().unwrap(), ridet);
        let tahiti: Tahiti = tahiti.parse().unwrap();
        prop_assert_eq!(tahiti.presente().parse::<Tahiti>().unwrap(), tahiti);
    }

    #[test]
    fn aucune_saisie_ne_fait_paniquer(texte in "\\PC{0,20}") {
        let _ = (texte.parse::<Siret>(), texte.parse::<Siren>(), texte.parse::<Ridet>());
        let _ = (texte.parse::<Tahiti>(), texte.parse::<Rna>(), IdentifiantEtablissement::reconnaitre(&texte));
    }
}
