//! A street typed in the search box, through the whole service: found, late, refused, unknown, or with no address service.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::Router;
use serde_json::json;
use socle::{
    OutsideService, Settings, app,
    testing::{self, TestDb, get, post, sqlite},
};
use std::time::{Duration, Instant};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const MODULES: [socle::module::Module; 3] = [ui::MODULE, territoire::MODULE, lieux::MODULE];
const SAISIE: &str = "q=12+rue+Hoche%2C+38000+Grenoble";
const BUDGET: Duration = Duration::from_millis(300);

async fn site(adresses: Option<OutsideService>) -> (TestDb, Router) {
    let test = sqlite().await;
    let settings = Settings {
        addresses: adresses,
        ..Settings::default()
    };
    let app = testing::app(&test.db, &MODULES, settings).await;
    (test, app::service(app, &MODULES))
}

/// A site whose address service answers so.
async fn site_avec(reponse: ResponseTemplate) -> (MockServer, TestDb, Router) {
    let serveur = MockServer::start().await;
    Mock::given(path("/search")).respond_with(reponse).mount(&serveur).await;
    let adresses = OutsideService {
        url: serveur.uri(),
        budget: BUDGET,
    };
    let (test, service) = site(Some(adresses)).await;
    (serveur, test, service)
}

fn trouvee(commune: &str, nature: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"features": [{
        "geometry": {"type": "Point", "coordinates": [5.728_13, 45.182_47]},
        "properties": {"label": "12 Rue Hoche 38000 Grenoble", "score": 0.96, "type": nature, "citycode": commune}
    }]}))
}

/// Where the form of this page leads.
async fn suite(service: &Router, page: &str, saisie: &str) -> String {
    let reponse = post(service, page, saisie).await;
    assert_eq!(reponse.status, 303, "{}", reponse.text);
    reponse.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn une_rue_trouvee_mene_autour_de_son_point_arrondi_et_la_page_le_dit() {
    let (_serveur, _base, service) = site_avec(trouvee("38185", "housenumber")).await;
    let url = suite(&service, "/lieux", SAISIE).await;
    assert_eq!(url, "/lieux?latitude=45.18&longitude=5.73&compris=rue");
    let page = get(&service, &url).await.text;
    assert!(page.contains("Recherche autour de cette adresse"), "{page}");
    assert!(!page.contains("Hoche"));
    let url = suite(
        &service,
        "/orientation",
        &format!("{SAISIE}&etape=2&services=aide-demarches"),
    )
    .await;
    assert_eq!(
        url,
        "/orientation?services=aide-demarches&latitude=45.18&longitude=5.73&compris=rue&etape=3"
    );
}

#[tokio::test]
async fn sans_point_utile_la_commune_est_cherchee_et_la_page_le_dit() {
    let vide = ResponseTemplate::new(200).set_body_json(json!({"features": []}));
    for (cas, reponse) in [
        (
            "lente",
            trouvee("38185", "housenumber").set_delay(Duration::from_secs(20)),
        ),
        ("en panne", ResponseTemplate::new(503)),
        ("inconnue", vide),
        ("la commune seule", trouvee("38185", "municipality")),
        ("la même rue ailleurs", trouvee("67482", "housenumber")),
    ] {
        let (_serveur, _base, service) = site_avec(reponse).await;
        let debut = Instant::now();
        let url = suite(&service, "/lieux", SAISIE).await;
        assert!(
            debut.elapsed() < Duration::from_secs(10),
            "{cas}: {:?}",
            debut.elapsed()
        );
        assert_eq!(url, "/lieux?commune=38185&compris=rue-introuvable", "{cas}");
        let page = get(&service, &url).await.text;
        assert!(page.contains("Cette rue n’a pas pu être située"), "{cas}: {page}");
        assert!(page.contains("Nous cherchons autour de Grenoble"), "{cas}");
    }
}

#[tokio::test]
async fn sans_service_la_commune_repond_et_une_lecture_n_en_demande_jamais() {
    let (_base, service) = site(None).await;
    assert_eq!(
        suite(&service, "/lieux", SAISIE).await,
        "/lieux?commune=38185&compris=commune"
    );
    let (serveur, _base, service) = site_avec(trouvee("38185", "housenumber")).await;
    let reponse = get(&service, &format!("/lieux?{SAISIE}")).await;
    assert_eq!(reponse.headers["location"], "/lieux?commune=38185&compris=commune");
    for saisie in ["q=Grenoble", "q=38000", "q="] {
        post(&service, "/lieux", saisie).await;
    }
    assert_eq!(serveur.received_requests().await.unwrap().len(), 0);
}
