//! The site's own pages, as a browser would ask for them.

use socle::{
    Operator, Settings, app,
    testing::{self, get, sqlite},
};

const MODULES: [socle::module::Module; 3] = [ui::MODULE, lieux::MODULE, site::MODULE];

#[tokio::test]
async fn chaque_page_du_site_se_lit_en_francais_et_en_anglais() {
    let test = sqlite().await;
    let operator = Operator {
        name: Some("Association Exemple".into()),
        ..Operator::default()
    };
    let settings = Settings {
        operator,
        public_url: "https://exemple.fr".into(),
        ..Settings::default()
    };
    let app = testing::app(&test.db, &MODULES, settings).await;
    let service = app::service(app, &MODULES);
    let cases = [
        ("/accessibilite", "Accessibilité\u{a0}: non conforme"),
        ("/en/accessibilite", "The audit of this site"),
        ("/mentions-legales", "Association Exemple"),
        ("/en/mentions-legales", "to be filled in by the operator"),
        ("/donnees-personnelles", "arrondi à un kilomètre"),
        ("/en/donnees-personnelles", "rounded to about one kilometre"),
        ("/statut", "mardi 3 mars 2026"),
        ("/plan", "Saint-Martin"),
        ("/api", "GET /api/v1/lieux"),
        ("/robots.txt", "Sitemap: https://exemple.fr/sitemap.xml"),
        ("/sitemap.xml", "https://exemple.fr/sitemap/0.xml"),
        ("/sitemap/0.xml", "https://exemple.fr/orientation"),
        ("/api/v1/openapi.json", "\"openapi\":\"3.1"),
    ];
    for (path, expected) in cases {
        let answer = get(&service, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains(expected), "{path} : {}", answer.text);
    }
    assert_eq!(get(&service, "/sitemap/9.xml").await.status, 404);
}

#[tokio::test]
async fn la_demonstration_ne_se_laisse_pas_indexer() {
    let test = sqlite().await;
    let app = testing::app(
        &test.db,
        &MODULES,
        Settings {
            demo: true,
            ..Settings::default()
        },
    )
    .await;
    let answer = get(&app::service(app, &MODULES), "/robots.txt").await;
    assert_eq!(answer.text, "User-agent: *\nDisallow: /\n");
}
