//! What people write in a cell, and the hours it tells.

use horaires::francais::{Parite, Semaine, fusionner, plages, vers_osm};

#[test]
fn un_jour_se_lit_malgre_ses_fautes() {
    for (texte, attendu) in [
        ("9h-12h / 14h-17h", "09:00-12:00,14:00-17:00"),
        ("de 9 heures à 12 heures 30", "09:00-12:30"),
        ("9 h 20 - 17 h 10", "09:20-17:10"),
        ("9h à midi et de 14h à minuit", "09:00-12:00,14:00-24:00"),
        ("9.30-12.00", "09:30-12:00"),
        ("08:30:00-12:15:00", "08:30-12:15"),
        ("9-12-14-18", "09:00-12:00,14:00-18:00"),
        ("24h/24", "00:00-24:00"),
        ("14h-18h au 12 rue des Lilas, 02 40 12 14 18", "14:00-18:00"),
        ("du 14/04 au 15/05/2022 : 9h-12h", "09:00-12:00"),
        ("sur rendez-vous", ""),
        ("à partir de 14h", ""),
    ] {
        assert_eq!(plages(texte), attendu, "{texte}");
    }
}

#[test]
fn une_semaine_se_lit_jours_d_abord_ou_heures_d_abord() {
    for (texte, attendu) in [
        ("du lundi au vendredi de 9h à 17h", Some("Mo-Fr 09:00-17:00")),
        (
            "9h-17h du lundi au jeudi ; 9h-12h le vendredi",
            Some("Mo-Th 09:00-17:00; Fr 09:00-12:00"),
        ),
        ("lundi - mardi - jeudi : 9h-12h", Some("Mo-Th 09:00-12:00; We off")),
        ("L M M J V 9h-12h", Some("Mo-Fr 09:00-12:00")),
        ("Lun. au Ven. : 9h-12h", Some("Mo-Fr 09:00-12:00")),
        ("mercedi et vendredis 14h-17h", Some("We,Fr 14:00-17:00")),
        (
            "en semaine 9h-17h, week-end 10h-12h",
            Some("Mo-Fr 09:00-17:00; Sa,Su 10:00-12:00"),
        ),
        ("7j/7 de 9h à 18h", Some("09:00-18:00")),
        ("24h/24 et 7j/7", Some("24/7")),
        ("du lundi au dimanche 24h/24", Some("24/7")),
        ("9h-17h", None),
        ("sur rendez-vous le lundi", None),
    ] {
        assert_eq!(vers_osm(texte).as_deref(), attendu, "{texte}");
    }
}

#[test]
fn une_exception_ou_une_fermeture_compte() {
    for (texte, attendu) in [
        ("tous les jours sauf le mercredi : 9h-12h", "Mo-Fr 09:00-12:00; We off"),
        (
            "du lundi au vendredi 9h-12h sauf le mercredi",
            "Mo-Fr 09:00-12:00; We off",
        ),
        (
            "lundi au vendredi 9h-17h, sauf le jeudi de 9h à 12h",
            "Mo-Fr 09:00-17:00; Th 09:00-12:00",
        ),
        ("fermé le lundi. Du mardi au samedi : 10h-18h", "Tu-Sa 10:00-18:00"),
        (
            "du lundi au vendredi 9h-12h et 14h-17h, fermé les mardi et jeudi après-midi",
            "Mo-Fr 09:00-12:00,14:00-17:00; Tu,Th 09:00-12:00",
        ),
        (
            "du lundi au vendredi sauf le mercredi matin : 9h-12h30 / 14h-17h",
            "Mo-Fr 09:00-12:30,14:00-17:00; We 14:00-17:00",
        ),
        (
            "lundi 9h-12h mardi : fermé le matin, 14h-17h",
            "Mo 09:00-12:00; Tu 14:00-17:00",
        ),
        ("vendredi 21/04 : 10:00 - 12:30, samedi 22/04 : fermé", "Fr 10:00-12:30"),
        ("lundi : fermé, mardi : 9h-12h", "Tu 09:00-12:00"),
        (
            "Lundi au vendredi : 9h à 18h (lundi et jeudi matin fermé)",
            "Mo-Fr 09:00-18:00",
        ),
        (
            "Lundi au jeudi : 9h-16h, sauf mercredi jusqu'à 15h30",
            "Mo-Th 09:00-16:00",
        ),
    ] {
        assert_eq!(vers_osm(texte).as_deref(), Some(attendu), "{texte}");
    }
}

#[test]
fn une_fois_par_mois_n_est_pas_chaque_semaine() {
    for (texte, attendu) in [
        ("1er mardi du mois de 9h à 12h", "Tu[1] 09:00-12:00"),
        (
            "le premier et le troisième jeudi de chaque mois : 14h-17h",
            "Th[1,3] 14:00-17:00",
        ),
        (
            "les deuxièmes et quatrièmes jeudis du mois de 14h à 17h",
            "Th[2,4] 14:00-17:00",
        ),
        ("1er étage, mardi 9h-12h", "Tu 09:00-12:00"),
        ("2ème et 4ème samedi 9h-12h", "Sa[2,4] 09:00-12:00"),
        (
            "mardi 14h-17h, dernier samedi du mois 9h-12h",
            "Tu 14:00-17:00; Sa[-1] 09:00-12:00",
        ),
    ] {
        assert_eq!(vers_osm(texte).as_deref(), Some(attendu), "{texte}");
    }
}

#[test]
fn une_cellule_deja_en_osm_est_gardee_et_ses_accrocs_reprises() {
    for (texte, attendu) in [
        ("Mo-Fr 9:00-16:00;PH off; ", "Mo-Fr 09:00-16:00;PH off"),
        ("Mo, Tu 9h00 - 12 :00", "Mo,Tu 09:00-12:00"),
        ("mo-fr 09:00-12:00 14:00-17:00", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("Mo 09:00-12:00, Tu 14:00-16:00", "Mo 09:00-12:00, Tu 14:00-16:00"),
        (
            "Mo-Fr 09:00-12:00 \"sur rendez-vous , 9h00\"",
            "Mo-Fr 09:00-12:00 \"sur rendez-vous , 9h00\"",
        ),
    ] {
        assert_eq!(vers_osm(texte).as_deref(), Some(attendu), "{texte}");
    }
}

#[test]
fn la_parite_des_semaines_vaut_pour_chaque_jour_et_pas_pour_les_feries() {
    let semaine = Semaine {
        osm: "Mo 09:00-12:00; We 14:00-17:00; PH off",
        parite: Parite::lire("Semaine paire"),
        ..Semaine::default()
    };
    let attendu = "week 2-52/2 Mo 09:00-12:00; week 2-52/2 We 14:00-17:00; PH off";
    assert_eq!(semaine.vers_osm().as_deref(), Some(attendu));
}

#[test]
fn les_jours_l_emportent_sur_le_texte() {
    let semaine = Semaine {
        jours: ["9h-12h", "9h-12h", "fermé", "", "", "", ""],
        texte: "lundi au vendredi 8h-20h",
        ..Semaine::default()
    };
    assert_eq!(semaine.vers_osm().as_deref(), Some("Mo,Tu 09:00-12:00"));
}

#[test]
fn des_plages_se_reunissent_quand_elles_se_touchent_meme_apres_minuit() {
    for (listes, attendu) in [
        (["09:00-12:00", "12:00-14:00"], "09:00-14:00"),
        (["22:00-02:00", "01:00-04:00"], "01:00-04:00,22:00-02:00"),
        (["22:00-02:00", "23:00-03:00"], "22:00-03:00"),
        (["n'importe quoi", "09:00-12:00"], "09:00-12:00"),
    ] {
        assert_eq!(fusionner(listes), attendu);
    }
}
