//! What a file may hold, and what becomes of what it may not.

use super::*;

/// What a page shows of a file that one gives.
async fn lu(personnage: &Personnage<'_>, nom: &str, octets: &[u8]) -> (Uuid, String) {
    let reponse = personnage.deposer("Hub de l’Ain", nom, octets).await;
    assert_eq!(reponse.status, 303, "{}", reponse.text);
    let vers = reponse.headers[header::LOCATION].to_str().unwrap();
    let id = vers.rsplit('/').next().unwrap().parse().unwrap();
    (id, personnage.voir(id).await)
}

#[tokio::test]
async fn un_petit_fichier_qui_se_developperait_est_refuse_a_son_champ() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let large = [&b",".repeat(100_000)[..], &b"\nx".repeat(100_000)].concat();
        let refus = mourad.deposer("Hub", "a.csv", &large).await;
        assert_eq!(refus.status, 422, "{}", refus.text);
        assert!(
            refus.text.contains("Le fichier a trop de colonnes (500 au plus)"),
            "{}",
            refus.text
        );
        let long = [&b"nom"[..], &b"\nx".repeat(100_001)].concat();
        let refus = mourad.deposer("Hub", "a.csv", &long).await;
        assert_eq!(refus.status, 422, "{}", refus.text);
        assert!(
            refus.text.contains("partagez-le en plusieurs sources"),
            "{}",
            refus.text
        );
    }
}

#[tokio::test]
async fn un_caractere_nul_n_arrete_ni_le_depot_ni_l_ecriture() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let lignes = [
            &BOURG.replace("Média", "Mé\0dia"),
            "7,Ailleurs,Nulle\0part,01000,2 rue,,",
        ];
        let (id, page) = lu(&mourad, "lieux.csv", &csv(&lignes)).await;
        assert!(page.contains("Nullepart"), "{page}");
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Médiathèque"]);
        let json = br#"[{"id":"8","pivot":"","nom":"Mai\u0000son","commune":"Oyonnax","code_postal":"01100","adresse":"2 rue B"}]"#;
        let (id, _) = lu(&mourad, "lieux.json", json).await;
        assert_eq!(
            mourad.lancer(id, &[("version", "0"), ("retrait", "oui")]).await.status,
            303
        );
        site.travailler().await;
        assert_eq!(site.noms().await, ["Maison"]);
    }
}

#[tokio::test]
async fn un_identifiant_trop_long_est_refuse_a_sa_colonne() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let longs = [200, 201].map(|combien| BOURG.replacen('1', &"é".repeat(combien), 1));
        let (id, page) = lu(&mourad, "a.csv", &csv(&[&longs[0], &longs[1]])).await;
        let comptes = site.depot(id).await.apercu.comptes;
        assert_eq!((comptes.creees, comptes.refusees), (1, 1));
        assert!(
            page.contains("Identifiant") && page.contains("200 caractères au plus"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn une_source_trop_longue_est_refusee_sans_etre_perdue() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let refus = mourad.deposer(&"a".repeat(5_000), "a.csv", &csv(&[BOURG])).await;
        assert_eq!(refus.status, 422);
        assert!(refus.text.contains("Écrivez 100 caractères au plus"), "{}", refus.text);
        assert!(
            refus.text.contains(&format!("value=\"{}", "a".repeat(100))),
            "{}",
            refus.text
        );
    }
}

#[tokio::test]
async fn un_formulaire_de_mille_champs_n_est_pas_lu_jusqu_au_bout() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let partie = |nom: &str| format!("{FRONTIERE}\r\ncontent-disposition: form-data; name=\"{nom}\"\r\n\r\nx\r\n");
        let vers_la_fin = |nom: &str| format!("{}{}{FRONTIERE}--\r\n", partie("autre").repeat(1_000), partie(nom));
        let refus = mourad.envoyer_parties(vers_la_fin("source").into_bytes()).await;
        assert_eq!(refus.status, 422);
        assert!(!refus.text.contains("value=\"x\""), "{}", refus.text);
    }
}

#[tokio::test]
async fn une_source_ecrite_autrement_se_confirme() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG])).await;
        let formulaire = mourad.lire("/espace/import").await.text;
        assert!(
            formulaire.contains("<option value=\"Hub de l’Ain\">") && !formulaire.contains("name=\"nouvelle\""),
            "{formulaire}"
        );
        let refus = mourad.deposer("HUB de l'Ain", "a.csv", &csv(&[BOURG])).await;
        assert_eq!(refus.status, 422);
        assert!(
            refus.text.contains("a déjà la source «\u{a0}Hub de l’Ain\u{a0}»")
                && refus.text.contains("name=\"nouvelle\""),
            "{}",
            refus.text
        );
        let partie = |nom: &str, contenu: &[u8]| {
            let entete = format!("{FRONTIERE}\r\ncontent-disposition: form-data; name={nom}\r\n\r\n");
            [entete.as_bytes(), contenu, b"\r\n"].concat()
        };
        let parties = [
            partie("\"source\"", "HUB de l'Ain".as_bytes()),
            partie("\"nouvelle\"", b"oui"),
            partie("\"fichier\"; filename=\"a.csv\"", &csv(&[BOURG])),
            format!("{FRONTIERE}--\r\n").into_bytes(),
        ];
        assert_eq!(mourad.envoyer_parties(parties.concat()).await.status, 303);
    }
}
