//! The routes of the design system, in a real application.

use axum::http::{StatusCode, header};
use socle::{Settings, app, testing};
use ui::MODULE;

async fn service(base_path: &str) -> (testing::TestDb, axum::Router) {
    let base = testing::sqlite().await;
    let reglages = Settings {
        base_path: base_path.into(),
        ..Settings::default()
    };
    let application = testing::app(&base.db, &[MODULE], reglages).await;
    let service = app::service(application, &[MODULE]);
    (base, service)
}

#[tokio::test]
async fn le_choix_des_couleurs_se_garde_et_ramene_a_la_page() {
    let (_base, service) = service("/aide").await;
    let reponse = testing::post(
        &service,
        "/aide/preferences",
        "apparence=sombre&retour=%2Faide%2F_composants",
    )
    .await;
    assert_eq!(reponse.status, StatusCode::SEE_OTHER);
    assert_eq!(reponse.headers[header::LOCATION], "/aide/_composants");
    let cookie = reponse.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("apparence=sombre; Path=/aide;"), "{cookie}");
    let ailleurs = testing::post(
        &service,
        "/aide/preferences",
        "version=texte&retour=%2F%2Failleurs.example",
    )
    .await;
    assert_eq!(ailleurs.headers[header::LOCATION], "/aide/");
}

#[tokio::test]
async fn une_page_absente_parle_la_langue_de_la_personne() {
    let (_base, service) = service("").await;
    for (chemin, titre) in [
        ("/rien", "Cette page n’existe pas"),
        ("/en/rien", "This page does not exist"),
    ] {
        let reponse = testing::get(&service, chemin).await;
        assert_eq!(reponse.status, StatusCode::NOT_FOUND);
        assert!(reponse.text.contains(&format!("<h1>{titre}</h1>")), "{}", reponse.text);
    }
}

#[tokio::test]
async fn le_catalogue_varie_selon_les_choix() {
    let (_base, service) = service("/aide").await;
    let reponse = testing::get(&service, "/aide/_composants").await;
    assert_eq!(reponse.status, StatusCode::OK);
    assert!(
        reponse
            .headers
            .get_all(header::VARY)
            .iter()
            .any(|v| v == "cookie, save-data")
    );
    assert!(reponse.text.contains("href=\"/aide/assets/"));
}
