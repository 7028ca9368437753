//! An import from the file to the database, on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use jiff::civil::{Date, date};
use lieux::{
    actions::{
        Cadre,
        import::{BilanImport, Fichier, importer, preparer},
        tickets::{clore_ticket, lister_tickets, signaler_erreur},
    },
    domain::ticket::Issue,
    permissions::{GererLieux, SignalerErreur},
    store,
};
use socle::{
    clock::Instant,
    db::Db,
    ids::Ids,
    permissions::{Actor, Everything, Permit, authorise},
    testing::{databases, instant, keys},
};
use territoire::{
    Nature,
    actions::importer_couche::{self, Demande},
};

const EN_TETE: &str = "id,pivot,nom,commune,code_postal,adresse,horaires,date_maj,services";

fn csv(lignes: &[&str]) -> Vec<u8> {
    format!("{EN_TETE}\n{}\n", lignes.join("\n")).into_bytes()
}

fn operateur() -> Permit<GererLieux> {
    authorise(&Actor::operator(), &Everything).unwrap()
}

async fn importer_fichier(db: &Db, ids: &Ids, at: Instant, octets: &[u8]) -> BilanImport {
    let fichier = Fichier {
        nom: "essai.csv",
        octets,
        source: Some("Hub d’essai"),
        correspondance: None,
    };
    let mut tx = db.write().await.unwrap();
    let preparation = preparer(&mut tx, fichier, ids, at).await.unwrap();
    let bilan = importer(
        &mut tx,
        Cadre {
            permis: &operateur(),
            ids,
            keys: &keys(),
            at,
        },
        &preparation,
        false,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    bilan
}

const GRENOBLE: &str =
    "1,43493312300029,Médiathèque,Grenoble,38000,1 rue A,Lundi 9h-12h,2024-04-02,Loisirs et créations numériques";
const LYON: &str = "2,43493312300029,Maison,Lyon 2e,69002,2 rue B,,2024-04-02,";

#[tokio::test]
async fn un_second_import_ne_change_rien_et_ce_qui_part_de_la_source_est_retire() {
    for base in databases().await {
        let (db, ids, at) = (&base.db, Ids::seeded(1), instant());
        let premier = importer_fichier(db, &ids, at, &csv(&[GRENOBLE, LYON, "3,,,Nulle-Part,,,,,"]))
            .await
            .comptes;
        assert_eq!((premier.lues, premier.creees, premier.refusees), (3, 2, 1));

        let second = importer_fichier(db, &ids, at, &csv(&[GRENOBLE, LYON])).await.comptes;
        assert_eq!(
            (second.creees, second.modifiees, second.inchangees, second.retirees),
            (0, 0, 2, 0)
        );

        let troisieme = importer_fichier(db, &ids, at, &csv(&[&GRENOBLE.replace("Médiathèque", "Bibliothèque")])).await;
        assert_eq!((troisieme.comptes.modifiees, troisieme.comptes.retirees), (1, 1));

        let mut tx = db.read().await.unwrap();
        let publies = store::lieu::publics(&mut tx).await.unwrap();
        assert_eq!(
            publies.iter().map(|l| l.nom.as_str()).collect::<Vec<_>>(),
            ["Bibliothèque"]
        );
        assert_eq!(publies[0].horaires.as_deref(), Some("Mo 09:00-12:00"));
        let provenances = store::import::provenances(&mut tx, publies[0].id).await.unwrap();
        let horaires = provenances.iter().find(|p| p.champ == "horaires").unwrap();
        assert_eq!(horaires.recu.as_deref(), Some("Lundi 9h-12h"));
        assert_eq!(horaires.regle.as_deref(), Some("texte français traduit"));
        drop(tx);

        let retour = importer_fichier(db, &ids, at, &csv(&[GRENOBLE, LYON])).await.comptes;
        assert_eq!(
            (retour.creees, retour.modifiees),
            (0, 2),
            "un lieu qui revient garde son identifiant"
        );
    }
}

#[tokio::test]
async fn un_fichier_presque_vide_ne_retire_pas_toute_une_source() {
    let base = socle::testing::sqlite().await;
    let (ids, at) = (Ids::seeded(1), instant());
    let lignes: Vec<String> = (0..30).map(|i| GRENOBLE.replacen('1', &format!("l{i}"), 1)).collect();
    let lignes: Vec<&str> = lignes.iter().map(String::as_str).collect();
    importer_fichier(&base.db, &ids, at, &csv(&lignes)).await;
    let octets = csv(&lignes[..2]);
    let fichier = Fichier {
        nom: "x.csv",
        octets: &octets,
        source: Some("Hub d’essai"),
        correspondance: None,
    };
    let mut tx = base.db.write().await.unwrap();
    let preparation = preparer(&mut tx, fichier, &ids, at).await.unwrap();
    let refus = importer(
        &mut tx,
        Cadre {
            permis: &operateur(),
            ids: &ids,
            keys: &keys(),
            at,
        },
        &preparation,
        false,
    )
    .await
    .unwrap_err();
    assert!(
        refus.to_string().starts_with("ce fichier retirerait 28 lieux"),
        "{refus}"
    );
    let bilan = importer(
        &mut tx,
        Cadre {
            permis: &operateur(),
            ids: &ids,
            keys: &keys(),
            at,
        },
        &preparation,
        true,
    )
    .await
    .unwrap();
    assert_eq!(bilan.comptes.retirees, 28);
}

/// A square around the centre of Grenoble.
const QUARTIER: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
    "properties": {"code_qp": "QN03801M", "lib_qp": "Quartier d’essai", "insee_com": "38185"},
    "geometry": {"type": "Polygon", "coordinates": [[[5.72, 45.18], [5.74, 45.18], [5.74, 45.20], [5.72, 45.20], [5.72, 45.18]]]}}]}"#;

async fn importer_couche(db: &Db, ids: &Ids, nature: Nature, du: Date, octets: &str) {
    let permis = authorise(&Actor::operator(), &Everything).unwrap();
    let demande = Demande {
        nature,
        source: "essai".into(),
        millesime: du.year().to_string(),
        licence: "Licence Ouverte 2.0".into(),
        valable_du: du,
        valable_au: None,
    };
    let mut tx = db.write().await.unwrap();
    importer_couche::importer_couche(&mut tx, &permis, demande, octets.as_bytes(), (ids, &keys(), instant()))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn les_labels_du_territoire_viennent_des_couches_du_jour_de_l_import() {
    const EN_TETE: &str =
        "id,pivot,nom,commune,code_postal,adresse,latitude,longitude,date_maj,autres_formations_labels";
    const LIEUX: [&str; 4] = [
        "1,43493312300029,Dans le quartier,Grenoble,38000,1 rue A,45.19,5.73,2024-04-02,FRR|Fab lab",
        "2,43493312300029,Hors du quartier,Grenoble,38000,2 rue B,45.17,5.70,2024-04-02,QPV",
        "3,43493312300029,Sans point,Grenoble,38000,3 rue C,,,2024-04-02,",
        "4,43493312300029,À la campagne,Ambléon,01300,4 rue D,,,2024-04-02,QPV",
    ];
    let octets = format!("{EN_TETE}\n{}\n", LIEUX.join("\n"));
    for base in databases().await {
        let (db, ids, at) = (&base.db, Ids::seeded(1), instant());
        let labels = async || -> Vec<String> {
            let mut lieux = store::lieu::publics(&mut db.read().await.unwrap()).await.unwrap();
            lieux.sort_by_key(|l| l.adresse.voie.clone());
            lieux.iter().map(|l| l.autres_formations.join("|")).collect()
        };
        importer_fichier(db, &ids, at, octets.as_bytes()).await;
        assert_eq!(
            labels().await,
            ["FRR|Fab lab", "QPV", "", "QPV"],
            "sans couche, rien ne change"
        );

        importer_couche(db, &ids, Nature::Qpv, date(2024, 1, 1), QUARTIER).await;
        let frr = "codgeo;libgeo;codefrr\n01006;Ambléon;FRR\n";
        importer_couche(db, &ids, Nature::Frr, date(2030, 1, 1), frr).await;
        importer_fichier(db, &ids, at, octets.as_bytes()).await;
        assert_eq!(
            labels().await,
            ["FRR|Fab lab|QPV", "", "", "QPV"],
            "la couche FRR ne vaut pas encore, et le centre d’une commune ne dit rien d’un quartier"
        );

        importer_couche(db, &ids, Nature::Frr, date(2024, 7, 1), frr).await;
        let bilan = importer_fichier(db, &ids, at, octets.as_bytes()).await;
        assert_eq!(labels().await, ["Fab lab|QPV", "", "", "QPV|FRR"]);
        assert_eq!((bilan.comptes.modifiees, bilan.comptes.inchangees), (2, 2));
        let mut tx = db.read().await.unwrap();
        for lieu in store::lieu::publics(&mut tx).await.unwrap() {
            let provenances = store::import::provenances(&mut tx, lieu.id).await.unwrap();
            let d_une_couche = provenances.iter().any(|p| {
                p.champ == "autres_formations_labels"
                    && p.regle.as_deref()
                        == Some("quartier prioritaire et zone rurale d’après les couches du territoire")
            });
            assert_eq!(d_une_couche, lieu.nom != "Sans point", "{}", lieu.nom);
        }
    }
}

#[tokio::test]
async fn un_signalement_se_liste_puis_se_clot() {
    for base in databases().await {
        let (db, ids, at) = (&base.db, Ids::seeded(1), instant());
        importer_fichier(db, &ids, at, &csv(&[GRENOBLE])).await;
        let mut tx = db.write().await.unwrap();
        let lieu = store::lieu::publics(&mut tx).await.unwrap()[0].id;
        let public: Permit<SignalerErreur> = authorise(&Actor::public(), &Everything).unwrap();
        signaler_erreur(
            &mut tx,
            Cadre {
                permis: &public,
                ids: &ids,
                keys: &keys(),
                at,
            },
            lieu,
            "horaires",
            "fermé le lundi",
        )
        .await
        .unwrap();
        let ouverts = lister_tickets(&mut tx, &operateur(), "ouvert").await.unwrap();
        assert_eq!(ouverts[0].message, "fermé le lundi");
        clore_ticket(
            &mut tx,
            Cadre {
                permis: &operateur(),
                ids: &ids,
                keys: &keys(),
                at,
            },
            ouverts[0].id,
            Issue::Corrige,
            "horaires corrigés",
        )
        .await
        .unwrap();
        assert!(
            lister_tickets(&mut tx, &operateur(), "ouvert")
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(lister_tickets(&mut tx, &operateur(), "corrige").await.unwrap().len(), 1);
        tx.rollback().await.unwrap();
    }
}
