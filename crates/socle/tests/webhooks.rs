//! Webhooks against a real server: signed, in the order of each object, tried again, replayed, and kept out of private networks.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;
use socle::{
    App, AppBuilder, Settings,
    clock::Clock,
    db::Db,
    errors::Erreur,
    ids::Ids,
    outbox,
    testing::{self, databases, instant},
    webhook::{self, Allowed, Client, NewWebhook, Registered},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use uuid::Uuid;

/// What a receiver got.
#[derive(Debug, Clone)]
struct Recu {
    timestamp: i64,
    signature: String,
    body: String,
}

impl Recu {
    fn event(&self) -> u128 {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        body["id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128()
    }
}

/// A receiver that answers what the test says of each event, then 200.
#[derive(Clone, Default)]
struct Destinataire {
    recus: Arc<Mutex<Vec<Recu>>>,
    refus: Arc<Mutex<Vec<(u128, StatusCode)>>>,
}

impl Destinataire {
    async fn ecouter(&self) -> String {
        let router = Router::new().route("/rappel", post(recevoir)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/rappel", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn refuser(&self, event: u128, status: StatusCode, times: usize) {
        self.refus.lock().unwrap().extend(vec![(event, status); times]);
    }

    fn events(&self) -> Vec<u128> {
        self.recus.lock().unwrap().iter().map(Recu::event).collect()
    }
}

async fn recevoir(State(ici): State<Destinataire>, headers: HeaderMap, body: String) -> Response {
    let text = |name| headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap();
    let recu = Recu {
        timestamp: text("maillage-timestamp").parse().unwrap(),
        signature: text("maillage-signature"),
        body,
    };
    let event = recu.event();
    ici.recus.lock().unwrap().push(recu);
    let mut refus = ici.refus.lock().unwrap();
    match refus.iter().position(|(id, _)| *id == event) {
        Some(at) => {
            let (_, status) = refus.remove(at);
            (status, [(LOCATION, "/rappel")]).into_response()
        }
        None => StatusCode::OK.into_response(),
    }
}

const LOCAL: Allowed = Allowed {
    loopback: true,
    private: false,
};

async fn app(db: &Db, demo: bool) -> App {
    let settings = Settings {
        outbox_attempts: 3,
        demo,
        ..Settings::default()
    };
    let builder = AppBuilder::new(db.clone(), Clock::fixed(instant()), Ids::seeded(1), settings);
    builder.start(&[]).await.unwrap()
}

async fn register(app: &App, url: &str, topics: &[&str]) -> Result<Registered, Erreur> {
    let new = NewWebhook {
        owner: "O:1".into(),
        url: url.to_owned(),
        topics: topics.iter().map(|t| (*t).to_owned()).collect(),
    };
    let mut tx = app.db.write().await?;
    let registered = webhook::register(&mut tx, app, new).await?;
    tx.commit().await?;
    Ok(registered)
}

async fn publish(app: &App, id: u128, topic: &str, object: &str) {
    let mut tx = app.db.write().await.unwrap();
    let id = (Uuid::from_u128(id), app.clock.now());
    outbox::publish_in_order(&mut tx, id, topic, object, json!({ "tu": "ne vois pas ceci" }))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn client() -> Client {
    Client::new(LOCAL, Duration::from_secs(2)).unwrap()
}

/// Does everything that is due, once an hour, for so many hours.
async fn heures(app: &App, hours: u32) {
    let client = client();
    for _ in 0..hours {
        while outbox::work_once(app, &[]).await.unwrap() {}
        while webhook::deliver_once(app, &client).await.unwrap() {}
        app.clock.set(app.clock.now().plus_seconds(3600));
    }
}

#[tokio::test]
async fn un_destinataire_recoit_peu_et_verifie_la_signature() {
    for test in databases().await {
        let (app, ici) = (app(&test.db, true).await, Destinataire::default());
        let secret = register(&app, &ici.ecouter().await, &["lieux.modifie"])
            .await
            .unwrap()
            .secret;
        publish(&app, 1, "lieux.modifie", "lieu:a").await;
        publish(&app, 2, "lieux.retire", "lieu:a").await;
        heures(&app, 2).await;
        let recus = ici.recus.lock().unwrap().clone();
        assert_eq!(recus.len(), 1, "{recus:?}");
        let body = "{\"id\":\"00000000-0000-0000-0000-000000000001\",\"topic\":\"lieux.modifie\",\"object\":\"lieu:a\",\"at\":\"2026-03-03T09:00:00.000000Z\"}";
        assert_eq!(recus[0].body, body);
        let is_signed = |secret: &str, body: &str| {
            webhook::is_signed(
                secret,
                recus[0].timestamp,
                body.as_bytes(),
                &recus[0].signature,
                instant(),
                300,
            )
        };
        assert!(is_signed(&secret, body));
        assert!(!is_signed("autre", body) && !is_signed(&secret, "{}"));
    }
}

#[tokio::test]
async fn l_ordre_de_chaque_objet_est_garde_quand_une_remise_echoue() {
    for test in databases().await {
        let (app, ici) = (app(&test.db, true).await, Destinataire::default());
        register(&app, &ici.ecouter().await, &["essai"]).await.unwrap();
        ici.refuser(9, StatusCode::INTERNAL_SERVER_ERROR, 2);
        for (id, object) in [(9, "lieu:a"), (2, "lieu:a"), (3, "lieu:b"), (1, "lieu:a")] {
            publish(&app, id, "essai", object).await;
        }
        heures(&app, 6).await;
        let events = ici.events();
        let of = |ids: &[u128]| events.iter().copied().filter(|id| ids.contains(id)).collect::<Vec<_>>();
        assert_eq!(of(&[9, 2, 1]), [9, 9, 9, 2, 1]);
        assert_eq!(of(&[3]), [3], "un autre objet n’attend pas");
        assert!(events.iter().position(|id| *id == 3) < events.iter().position(|id| *id == 2));
    }
}

#[tokio::test]
async fn une_remise_refusee_trop_souvent_attend_une_personne_qui_la_rejoue_ou_l_abandonne() {
    for test in databases().await {
        let (app, ici) = (app(&test.db, true).await, Destinataire::default());
        let id = register(&app, &ici.ecouter().await, &["essai"]).await.unwrap().id;
        ici.refuser(1, StatusCode::BAD_GATEWAY, 3);
        // A redirection is not followed: it is a failure like another.
        ici.refuser(2, StatusCode::TEMPORARY_REDIRECT, 3);
        for (event, object) in [(1, "lieu:a"), (2, "lieu:b"), (3, "lieu:a"), (4, "lieu:b")] {
            publish(&app, event, "essai", object).await;
        }
        heures(&app, 24).await;
        assert_eq!(ici.events().len(), 6, "ce qui suit une remise morte attend");
        let mut tx = app.db.write().await.unwrap();
        let dead = webhook::dead(&mut tx, None, 9).await.unwrap();
        let mut why: Vec<_> = dead
            .iter()
            .map(|d| (d.event_id.as_u128(), d.failure.clone().unwrap()))
            .collect();
        why.sort();
        assert_eq!(
            why,
            [
                (1, "le destinataire a répondu 502".to_owned()),
                (2, "le destinataire renvoie ailleurs (307)".to_owned())
            ]
        );
        let of = |event: u128| dead.iter().find(|d| d.event_id.as_u128() == event).unwrap().id;
        let now = app.clock.now();
        assert!(webhook::replay(&mut tx, of(1), now).await.unwrap());
        assert!(webhook::abandon(&mut tx, of(2), now, "sans objet").await.unwrap());
        assert!(!webhook::replay(&mut tx, of(2), now).await.unwrap());
        tx.commit().await.unwrap();
        heures(&app, 2).await;
        let mut after = ici.events().split_off(6);
        after.sort_unstable();
        assert_eq!(after, [1, 3, 4]);
        let mut tx = app.db.write().await.unwrap();
        assert!(webhook::dead(&mut tx, None, 9).await.unwrap().is_empty());
        let told = webhook::deliveries(&mut tx, id, None, 3).await.unwrap();
        let rest = webhook::deliveries(&mut tx, id, Some(told[2].id), 3).await.unwrap();
        assert_eq!((told.len(), rest.len()), (3, 1));
        // What was delivered can be asked for again.
        assert!(webhook::replay(&mut tx, of(1), app.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        heures(&app, 1).await;
        assert_eq!(ici.events().last(), Some(&1));
    }
}

#[tokio::test]
async fn un_evenement_repris_n_est_pas_dit_deux_fois() {
    for test in databases().await {
        let (app, ici) = (app(&test.db, true).await, Destinataire::default());
        let id = register(&app, &ici.ecouter().await, &["essai"]).await.unwrap().id;
        publish(&app, 1, "essai", "lieu:a").await;
        let mut tx = app.db.write().await.unwrap();
        let event = outbox::take(&mut tx, app.clock.now()).await.unwrap().unwrap();
        webhook::fan_out(&mut tx, &app, &event).await.unwrap();
        tx.commit().await.unwrap();
        heures(&app, 3).await;
        assert_eq!(ici.events(), [1]);
        // A stopped webhook is told nothing more.
        let mut tx = app.db.write().await.unwrap();
        assert!(webhook::set_active(&mut tx, id, false).await.unwrap());
        tx.commit().await.unwrap();
        publish(&app, 2, "essai", "lieu:a").await;
        heures(&app, 3).await;
        assert_eq!(ici.events(), [1]);
    }
}

#[tokio::test]
async fn ce_qui_attend_un_systeme_suspendu_ou_une_decision_n_occupe_pas_l_ecrivain() {
    for test in databases().await {
        let (app, ici) = (app(&test.db, true).await, Destinataire::default());
        let id = register(&app, &ici.ecouter().await, &["essai"]).await.unwrap().id;
        ici.refuser(1, StatusCode::BAD_GATEWAY, 3);
        publish(&app, 1, "essai", "lieu:a").await;
        heures(&app, 24).await;
        publish(&app, 2, "essai", "lieu:a").await;
        publish(&app, 3, "essai", "lieu:b").await;
        while outbox::work_once(&app, &[]).await.unwrap() {}
        let mut tx = app.db.write().await.unwrap();
        webhook::set_active(&mut tx, id, false).await.unwrap();
        tx.commit().await.unwrap();
        let (client, held) = (client(), app.db.write().await.unwrap());
        assert!(!webhook::deliver_once(&app, &client).await.unwrap(), "suspended");
        held.rollback().await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        webhook::set_active(&mut tx, id, true).await.unwrap();
        tx.commit().await.unwrap();
        assert!(webhook::deliver_once(&app, &client).await.unwrap(), "of another object");
        let held = app.db.write().await.unwrap();
        assert!(
            !webhook::deliver_once(&app, &client).await.unwrap(),
            "behind a dead one"
        );
        held.rollback().await.unwrap();
        assert_eq!(ici.events(), [1, 1, 1, 3]);
    }
}

#[tokio::test]
async fn une_adresse_privee_est_refusee_a_l_enregistrement_et_a_l_appel() {
    let test = testing::sqlite().await;
    let (demo, ici) = (app(&test.db, true).await, Destinataire::default());
    let url = ici.ecouter().await;
    let service = app(&test.db, false).await;
    let refused = register(&service, &url, &["essai"]).await;
    assert!(matches!(refused, Err(Erreur::Refus(refus)) if refus.champ.as_deref() == Some("url")));
    assert!(
        matches!(register(&demo, &url, &[]).await, Err(Erreur::Refus(refus)) if refus.champ.as_deref() == Some("topics"))
    );

    // Registered while it was allowed, called when it no longer is: by its address, and by a name that leads there.
    let named = url.replace("127.0.0.1", "localhost");
    for url in [&url, &named] {
        register(&demo, url, &["essai"]).await.unwrap();
    }
    publish(&demo, 1, "essai", "lieu:a").await;
    while outbox::work_once(&demo, &[]).await.unwrap() {}
    let strict = Allowed {
        loopback: false,
        private: false,
    };
    let strict = Client::new(strict, Duration::from_secs(2)).unwrap();
    assert!(webhook::deliver_once(&demo, &strict).await.unwrap());
    assert_eq!(ici.events().len(), 0);
    heures(&demo, 2).await;
    assert_eq!(ici.events().len(), 2, "les mêmes remises partent une fois permises");
}

#[tokio::test]
async fn un_destinataire_qui_se_tait_ne_retient_pas_l_ouvrier() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let test = testing::sqlite().await;
    let app = app(&test.db, true).await;
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let id = register(&app, &url, &["essai"]).await.unwrap().id;
    publish(&app, 1, "essai", "lieu:a").await;
    while outbox::work_once(&app, &[]).await.unwrap() {}
    let quick = Client::new(LOCAL, Duration::from_millis(300)).unwrap();
    assert!(webhook::deliver_once(&app, &quick).await.unwrap());
    let told = webhook::deliveries(&mut app.db.read().await.unwrap(), id, None, 1)
        .await
        .unwrap();
    assert_eq!(
        (told[0].state.as_str(), told[0].failure.as_deref()),
        ("waiting", Some("le destinataire ne répond pas à temps"))
    );
}
