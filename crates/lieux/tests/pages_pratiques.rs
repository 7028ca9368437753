//! Sheets, poster, reports, calendar, open data and embedding, asked as a browser would.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use lieux::{
    domain::import::Provenance,
    domain::lieu::{
        Adresse, Contact, DATE_INCONNUE, Lieu, Passage, Pivot, Position, Precision, Presentation, Telephone, Visite,
    },
    domain::listes::{Frais, Itinerance, ModaliteAcces, Service},
    publication::Publication,
    store,
};
use socle::{
    App, Settings, app,
    testing::{self, TestDb, get, instant, post, sqlite},
};
use std::path::PathBuf;
use territoire::Point;
use uuid::Uuid;

const MODULES: [socle::module::Module; 2] = [ui::MODULE, lieux::MODULE];
/// What another map called the same place.
const ANCIEN: &str = "Hubik_436";
const ID: Uuid = Uuid::from_u128(0x0123_4567_89ab_7cde_8f01_2345_6789_abcd);

fn bus() -> Lieu {
    Lieu {
        id: ID,
        pivot: Pivot::lire("00000000000000").unwrap(),
        nom: "Bus du numérique".into(),
        adresse: Adresse {
            voie: "Place de la Mairie".into(),
            complement: None,
            commune: "Guéret".into(),
            code_postal: "23000".into(),
            code_insee: Some("23096".parse().unwrap()),
        },
        position: Some(Position {
            point: Point {
                longitude: 1.87,
                latitude: 46.17,
            },
            precision: Precision::Source,
        }),
        typologies: vec![],
        contact: Contact {
            telephone: Some(Telephone::lire("0199000000").unwrap()),
            ..Contact::default()
        },
        horaires: Some("Mo-Fr 09:00-12:00".into()),
        presentation: Presentation::default(),
        source: Some("essai".into()),
        itinerance: vec![Itinerance::Itinerant],
        structure_parente: None,
        date_maj: jiff::civil::date(2026, 2, 1),
        services: vec![Service::AideDemarches],
        publics: vec![],
        prises_en_charge: vec![],
        frais: vec![Frais::Gratuit],
        dispositifs: vec![],
        formations: vec![],
        autres_formations: vec![],
        modalites_acces: vec![ModaliteAcces::SePresenter],
        modalites_accompagnement: vec![],
        fiche_acces_libre: None,
        prise_rdv: None,
        visites: vec![Visite {
            endroit: Some("Salle des fêtes".into()),
            commune: Some("23096".parse().unwrap()),
            quand: Passage::Recurrent {
                regle: "Tu[1] 14:00-17:00".into(),
            },
        }],
    }
}

/// A site with one place; the open data go beside its database, and leave with it.
async fn site() -> (TestDb, App) {
    site_de(bus()).await
}

async fn site_de(lieu: Lieu) -> (TestDb, App) {
    let test = sqlite().await;
    let mut tx = test.db.write().await.unwrap();
    store::lieu::creer(&mut tx, &lieu, instant()).await.unwrap();
    store::lieu::ajouter_alias(&mut tx, ANCIEN, lieu.id, instant())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let open_data = PathBuf::from(&test.url).parent().map(|folder| folder.join("donnees"));
    let settings = Settings {
        public_url: "https://exemple.fr".into(),
        open_data,
        ..Settings::default()
    };
    let app = testing::app(&test.db, &MODULES, settings).await;
    (test, app)
}

#[tokio::test]
async fn les_feuilles_disent_ou_quand_et_comment() {
    let (_test, app) = site().await;
    let service = app::service(app, &MODULES);
    let cases = [
        ("imprimer", "Place de la Mairie, 23000 Guéret"),
        ("orientation", "rien n’est envoyé ni conservé"),
        ("affiche", "https://exemple.fr/l/456789abcd"),
        ("signaler", "Quelle information est fausse"),
    ];
    for (page, expected) in cases {
        let answer = get(&service, &format!("/lieux/{ID}/{page}")).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.text.contains(expected), "{page} : {}", answer.text);
    }
    assert_eq!(
        get(&service, "/l/456789abcd").await.headers["location"],
        format!("/lieux/{ID}")
    );
    assert_eq!(get(&service, "/l/zzz").await.status, 404);
    assert_eq!(get(&service, "/lieux/inconnu/affiche").await.status, 404);
}

#[tokio::test]
async fn un_ancien_identifiant_mene_a_la_fiche_en_chaque_langue_et_a_ses_feuilles() {
    let (_test, app) = site().await;
    let service = app::service(app, &MODULES);
    for langue in ["", "/en", "/ar"] {
        let answer = get(&service, &format!("{langue}/lieux/{ANCIEN}")).await;
        assert_eq!(answer.status, 308);
        assert_eq!(answer.headers["location"], format!("{langue}/lieux/{ID}"));
    }
    let affiche = get(&service, &format!("/lieux/{ANCIEN}/affiche")).await;
    assert!(affiche.text.contains("https://exemple.fr/l/456789abcd"));
}

#[tokio::test]
async fn une_date_que_la_source_ne_donne_pas_se_dit_inconnue_et_seul_le_standard_l_ecrit() {
    let (_test, app) = site_de(Lieu {
        date_maj: DATE_INCONNUE,
        ..bus()
    })
    .await;
    let service = app::service(app, &MODULES);
    for (page, dit) in [
        (format!("/lieux/{ID}"), "Date de mise à jour inconnue"),
        (format!("/en/lieux/{ID}"), "Date of update unknown"),
        (format!("/lieux/{ID}/imprimer"), "Date de mise à jour inconnue"),
        (format!("/api/v1/lieux/{ID}"), "Bus du numérique"),
    ] {
        let texte = get(&service, &page).await.text;
        assert!(texte.contains(dit) && !texte.contains("1970"), "{page} : {texte}");
    }
    let csv = get(&service, "/donnees-ouvertes/lieux-23.csv").await.text;
    assert!(csv.contains("1970-01-01"), "{csv}");
}

#[tokio::test]
async fn la_fiche_dit_d_ou_vient_chaque_information_sans_repeter_ce_qui_fut_recu() {
    let (_test, app) = site().await;
    let service = app::service(app.clone(), &MODULES);
    let fiche = format!("/lieux/{ID}");
    assert!(
        !get(&service, &fiche)
            .await
            .text
            .contains("D’où viennent ces informations")
    );
    let provenance = |champ, recu: &str, regle| Provenance {
        champ,
        recu: recu.into(),
        retenu: "x".into(),
        regle,
    };
    let provenances = [
        provenance("telephone", "Paul 06 98 76 54 32", "remis en forme"),
        provenance("code_postal", "23000", "tel quel"),
        provenance("adresse", "Place de la mairie", "tel quel"),
        provenance("horaires", "Lundi 9h", "texte français traduit"),
    ];
    let mut tx = app.db.write().await.unwrap();
    store::import::garder_provenances(&mut tx, "Hub d’essai", &[(ID, &provenances)], instant())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = get(&service, &fiche).await.text;
    let details = page.split("D’où viennent ces informations").nth(1).unwrap();
    let details = details.split("</details>").next().unwrap();
    assert_eq!(details.matches("Hub d’essai, sans changement").count(), 1, "{details}");
    assert!(details.contains("texte français traduit"), "{details}");
    let rang = |mot: &str| details.find(mot).unwrap();
    assert!(rang("Adresse") < rang("Téléphone") && rang("Téléphone") < rang("Horaires"));
    assert!(!page.contains("Paul") && !page.contains("98 76 54 32"));

    let mut occupees = Vec::new();
    for _ in 0..8 {
        occupees.push(app.db.read().await.unwrap());
    }
    let debut = std::time::Instant::now();
    let sans_base = get(&service, &fiche).await;
    assert!(
        debut.elapsed().as_secs() < 4,
        "la base occupée est attendue {:?}",
        debut.elapsed()
    );
    assert!(sans_base.text.contains("Bus du numérique"));
    assert!(!sans_base.text.contains("D’où viennent ces informations"));
}

#[tokio::test]
async fn la_page_du_mois_liste_chaque_passage() {
    let (_test, app) = site().await;
    let service = app::service(app, &MODULES);
    let mars = get(&service, "/calendrier/23096/2026-03").await;
    assert!(
        mars.text.contains("mardi 3 mars") && mars.text.contains("Salle des fêtes"),
        "{}",
        mars.text
    );
    assert!(!mars.text.contains("mardi 10 mars"));
    assert!(
        get(&service, "/mois?q=gueret")
            .await
            .text
            .contains("/calendrier/23096/2026-03")
    );
    assert_eq!(get(&service, "/calendrier/23096/2026-13").await.status, 404);
    assert_eq!(get(&service, "/calendrier/99999/2026-03").await.status, 404);
}

#[tokio::test]
async fn un_signalement_est_garde_ou_refuse_sans_perdre_le_texte() {
    let (_test, app) = site().await;
    let service = app::service(app.clone(), &MODULES);
    let page = format!("/lieux/{ID}/signaler");
    let refused = post(&service, &page, "champ=&message=Le+lieu+ferme+%C3%A0+17+h").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Le lieu ferme à 17 h"), "{}", refused.text);
    let kept = post(&service, &page, "champ=horaires&message=Le+lieu+ferme+%C3%A0+17+h").await;
    assert_eq!(kept.status, 303);
    let mut tx = app.db.read().await.unwrap();
    let tickets = store::ticket::lister(&mut tx, "ouvert", 10).await.unwrap();
    assert_eq!(
        tickets.iter().map(|t| t.champ.as_str()).collect::<Vec<_>>(),
        ["horaires"]
    );
}

#[tokio::test]
async fn les_donnees_se_telechargent_avec_date_empreinte_et_licence() {
    let (_test, app) = site().await;
    let publication = app.part::<Publication>();
    while publication.edition().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let service = app::service(app, &MODULES);
    let csv = get(&service, "/donnees-ouvertes/lieux.csv").await;
    assert_eq!(csv.status, 200);
    assert!(
        csv.text.starts_with("\"id\",\"pivot\",\"nom\",") && csv.text.contains("Bus du numérique"),
        "{}",
        csv.text
    );
    assert!(csv.headers["link"].to_str().unwrap().contains("etalab-2.0"));
    let again = axum::http::Request::get("/donnees-ouvertes/lieux.csv").header("if-none-match", &csv.headers["etag"]);
    assert_eq!(
        testing::send(&service, again.body(axum::body::Body::empty()).unwrap())
            .await
            .status,
        304
    );
    assert!(
        get(&service, "/donnees-ouvertes/lieux-23.geojson")
            .await
            .text
            .contains("FeatureCollection")
    );
    assert!(
        !get(&service, "/donnees-ouvertes/lieux-75.csv")
            .await
            .text
            .contains("Bus")
    );
    assert_eq!(get(&service, "/donnees-ouvertes/lieux-zz.csv").await.status, 400);
    assert_eq!(get(&service, "/donnees-ouvertes/autre.csv").await.status, 404);
    let page = get(&service, "/donnees-ouvertes").await.text;
    assert!(page.contains("SHA-256") && page.contains("lieux.geojson"), "{page}");
}

#[tokio::test]
async fn la_recherche_integree_se_montre_dans_un_autre_site_et_elle_seule() {
    let (_test, app) = site().await;
    let service = app::service(app, &MODULES);
    let policy = |answer: &testing::Answer| answer.headers["content-security-policy"].to_str().unwrap().to_owned();
    let frame = get(&service, "/integration?departement=23").await;
    assert!(frame.text.contains("Bus du numérique") && policy(&frame).ends_with("frame-ancestors *"));
    assert!(
        !get(&service, "/integration?departement=75")
            .await
            .text
            .contains("Bus du numérique")
    );
    assert!(policy(&get(&service, "/integrer").await).ends_with("frame-ancestors 'self'"));
}
