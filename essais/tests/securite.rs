//! What protects every request and every secret, asked of the whole application.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use comptes::{
    domain::{
        courriel::Courriel,
        personne::{Contact, Moyen, Nom, Personne},
    },
    store::personne,
};
use maillage::MODULES;
use socle::{
    App, Settings,
    app::{route_list, service},
    change::Stored,
    letters::{self, Channel, Letter, Sending, Sink},
    module::BoxFuture,
    permissions::PUBLIC,
    routes::Kind,
    testing::{self, Answer, instant, send},
};
use std::sync::Mutex;

async fn demander(service: &Router, methode: Method, chemin: &str, entetes: &[(&str, &str)], corps: &str) -> Answer {
    let requete = Request::builder()
        .method(methode)
        .uri(chemin)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let requete = entetes.iter().fold(requete, |r, (nom, valeur)| r.header(*nom, *valeur));
    send(service, requete.body(Body::from(corps.to_owned())).unwrap()).await
}

/// The cookies that an answer sets, whole.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap().to_owned())
        .collect()
}

async fn awa(app: &App) {
    let nom = Nom {
        prenom: "Awa".into(),
        nom: "Diarra".into(),
    };
    let awa = Personne::nouvelle(app.ids.next(instant()), nom, instant());
    let contact = Contact {
        id: app.ids.next(instant()),
        personne: awa.id,
        moyen: Moyen::Courriel(Courriel::lire("awa@exemple.fr").unwrap()),
        confirme_at: Some(instant()),
        ajoute_at: instant(),
    };
    let mut tx = app.db.write().await.unwrap();
    awa.insert(&mut tx).await.unwrap();
    assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
    tx.commit().await.unwrap();
}

#[derive(Default)]
struct Boite(Mutex<String>);

impl Sink for Boite {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        let contenu: serde_json::Value = serde_json::from_slice(&letter.content).unwrap();
        contenu["text"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.0.lock().unwrap());
        Box::pin(async { Sending::Sent })
    }
}

async fn dernier_message(app: &App) -> String {
    let boite = Boite::default();
    while letters::send_once(app, Channel::Mail, &boite).await.unwrap() {}
    boite.0.into_inner().unwrap()
}

fn jeton(message: &str) -> String {
    message
        .split("/connexion/lien/")
        .nth(1)
        .unwrap()
        .chars()
        .take(64)
        .collect()
}

#[tokio::test]
async fn chaque_page_porte_les_entetes_de_securite_et_aucun_script_dans_la_page() {
    let test = testing::sqlite().await;
    let settings = Settings {
        public_url: "https://maillage.example".into(),
        ..Settings::default()
    };
    let app = testing::app(&test.db, MODULES, settings).await;
    let service = service(app, MODULES);
    let mut vues = 0;
    for route in route_list(MODULES) {
        let lisible = route.method == Method::GET
            && !route.path.contains('{')
            && route.rules.iter().any(|(role, _)| *role == PUBLIC);
        if !lisible || route.kind == Kind::File {
            continue;
        }
        let reponse = demander(&service, Method::GET, route.path, &[], "").await;
        let texte = |nom: &str| reponse.headers.get(nom).map_or("", |v| v.to_str().unwrap()).to_owned();
        let politique = texte("content-security-policy");
        assert!(
            politique.contains("default-src 'none'") && politique.contains("script-src 'self'"),
            "{} : {politique}",
            route.path
        );
        assert!(!politique.contains("unsafe"), "{} : {politique}", route.path);
        assert_eq!(texte("x-content-type-options"), "nosniff", "{}", route.path);
        assert!(texte("strict-transport-security").contains("max-age"), "{}", route.path);
        if route.kind == Kind::Page {
            assert!(
                politique.contains("frame-ancestors 'self'"),
                "{} : {politique}",
                route.path
            );
            assert!(
                !reponse.text.contains("<script>") && !reponse.text.contains(" onclick="),
                "{}",
                route.path
            );
        }
        vues += 1;
    }
    assert!(vues > 20, "{vues}");
}

#[tokio::test]
async fn aucun_envoi_ne_peut_etre_commence_par_un_autre_site() {
    let test = testing::sqlite().await;
    let settings = Settings {
        api_per_minute: 0,
        ..Settings::default()
    };
    let app = testing::app(&test.db, MODULES, settings).await;
    let service = service(app, MODULES);
    let cookie = format!("session={}", "a".repeat(64));
    let mut envois = 0;
    for route in route_list(MODULES).iter().filter(|r| !r.method.is_safe()) {
        let chemin = route.path.replace(['{', '}'], "");
        for entetes in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("origin", "https://ailleurs.example"), ("host", "ici.example")],
            // A session and no word of where the write comes from.
            &[("cookie", cookie.as_str())],
        ] {
            let reponse = demander(&service, route.method.clone(), &chemin, entetes, "").await;
            assert_eq!(reponse.status, StatusCode::FORBIDDEN, "{} {entetes:?}", route.path);
        }
        envois += 1;
    }
    assert!(envois > 20, "{envois}");
}

#[tokio::test]
async fn les_cookies_ne_se_lisent_ni_ne_sortent_et_rien_ne_suit_l_en_tete_host() {
    let test = testing::sqlite().await;
    let settings = Settings {
        public_url: "https://maillage.example".into(),
        ..Settings::default()
    };
    let app = testing::app(&test.db, MODULES, settings).await;
    awa(&app).await;
    let service = service(app.clone(), MODULES);
    let ici = [
        ("sec-fetch-site", "same-origin"),
        ("host", "ailleurs.example"),
        ("x-forwarded-host", "ailleurs.example"),
    ];
    let envoi = demander(
        &service,
        Method::POST,
        "/connexion",
        &ici,
        "courriel=awa%40exemple.fr&suite=%2F%2Failleurs.example",
    )
    .await;
    let message = dernier_message(&app).await;
    assert!(
        message.contains("https://maillage.example/connexion/lien/"),
        "{message}"
    );
    assert!(!message.contains("ailleurs.example"));
    let navigateur = cookies(&envoi.headers)
        .into_iter()
        .find(|c| c.contains("navigateur"))
        .unwrap();
    let paire = navigateur.split(';').next().unwrap();
    let lien = format!("/connexion/lien/{}", jeton(&message));
    let entree = demander(
        &service,
        Method::POST,
        &lien,
        &[("sec-fetch-site", "same-origin"), ("cookie", paire)],
        "",
    )
    .await;
    // The address to go on to was another site's: the account is shown instead.
    assert_eq!(entree.headers[header::LOCATION], "/compte");
    let poses = [cookies(&envoi.headers), cookies(&entree.headers)].concat();
    assert!(poses.len() >= 3, "{poses:?}");
    for cookie in poses {
        for attendu in ["__Host-", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/;"] {
            assert!(cookie.contains(attendu), "{attendu} : {cookie}");
        }
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
}

#[tokio::test]
async fn aucun_jeton_ni_code_ne_se_lit_dans_la_base() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    awa(&app).await;
    let service = service(app.clone(), MODULES);
    let ici = [("sec-fetch-site", "same-origin")];
    let envoi = demander(&service, Method::POST, "/connexion", &ici, "courriel=awa%40exemple.fr").await;
    let message = dernier_message(&app).await;
    let jeton = jeton(&message);
    let code = message
        .lines()
        .map(|l| l.chars().filter(char::is_ascii_digit).collect::<String>())
        .find(|chiffres| chiffres.len() == 8)
        .unwrap();
    let valeur = |pose: &str| pose.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
    let navigateur = cookies(&envoi.headers)
        .into_iter()
        .find(|c| c.starts_with("navigateur="))
        .unwrap();
    let paire = navigateur.split(';').next().unwrap().to_owned();
    let lien = format!("/connexion/lien/{jeton}");
    let entree = demander(
        &service,
        Method::POST,
        &lien,
        &[("sec-fetch-site", "same-origin"), ("cookie", &paire)],
        "",
    )
    .await;
    let session = cookies(&entree.headers)
        .into_iter()
        .find(|c| c.starts_with("session="))
        .unwrap();
    let secrets = [jeton, code, valeur(&navigateur), valeur(&session)];
    app.db.close().await;
    let octets = std::fs::read(&test.url).unwrap();
    let present = |aiguille: &[u8]| octets.windows(aiguille.len()).any(|fenetre| fenetre == aiguille);
    assert!(present(b"awa@exemple.fr"), "the file is the one that was written");
    for secret in &secrets {
        assert!(secret.len() >= 8);
        assert!(!present(secret.as_bytes()), "{secret} is kept as it is");
        let bruts: Option<Vec<u8>> = (0..secret.len() / 2)
            .map(|n| u8::from_str_radix(&secret[2 * n..2 * n + 2], 16).ok())
            .collect();
        assert!(
            secret.len() == 8 || bruts.is_some_and(|bruts| !present(&bruts)),
            "{secret} is kept as bytes"
        );
    }
}
