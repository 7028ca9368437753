//! What a request meets around its handler, in a whole service.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt, stream};
use socle::{
    App, Settings, app,
    errors::Erreur,
    module::Module,
    outbox, permissions,
    routes::{Kind, LONGEST_UPLOAD, Routes},
    testing::{self, Answer, TestDb, get, send, sqlite},
};
use std::time::{Duration, Instant};

permissions! {
    /// Asking for something slow.
    Attendre: Public Partout;
}

const DELAY: Duration = Duration::from_millis(200);

const SLOW: Module = Module {
    name: "essai",
    routes,
    permissions: PERMISSIONS,
    ..Module::EMPTY
};

fn routes() -> Routes {
    Routes::new()
        .page::<Attendre, _, _>("/lente", write_and_wait)
        .post::<Attendre, _, _>("/envoi", read)
        .upload::<Attendre, _, _>("/depot", measure)
        .api::<Attendre, _, _>("/api/lente", write_and_wait)
        .add::<Attendre, _, _>(Kind::File, Method::GET, "/fichier", long_file)
}

/// Writes, then never gets to commit.
async fn write_and_wait(State(app): State<App>) -> Result<(), Erreur> {
    let mut tx = app.db.write().await?;
    outbox::bump_version(&mut tx, "essai").await?;
    tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(tx.commit().await?)
}

async fn read(body: String) -> String {
    body
}

async fn measure(body: Bytes) -> String {
    body.len().to_string()
}

/// A file whose sending lasts longer than the delay.
async fn long_file() -> Response {
    let pieces = stream::iter(0..5).then(|_| async {
        tokio::time::sleep(DELAY / 2).await;
        Ok::<_, std::io::Error>(Bytes::from_static(b"morceau"))
    });
    Response::new(Body::from_stream(pieces))
}

async fn service() -> (TestDb, App, Router) {
    let test = sqlite().await;
    let settings = Settings {
        request_timeout: DELAY,
        ..Settings::default()
    };
    let app = testing::app(&test.db, &[SLOW], settings).await;
    let service = app::service(app.clone(), &[SLOW]);
    (test, app, service)
}

fn told(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "60");
    assert!(
        answer.text.contains("La réponse prend trop de temps"),
        "{}",
        answer.text
    );
    assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[tokio::test]
async fn une_demande_trop_longue_est_abandonnee_et_n_ecrit_rien() {
    let (_base, app, service) = service().await;
    let begun = Instant::now();
    told(&get(&service, "/lente").await);
    assert!(begun.elapsed() < DELAY * 10, "{:?}", begun.elapsed());
    let api = get(&service, "/api/lente").await;
    told(&api);
    assert_eq!(api.headers[header::CONTENT_TYPE], "application/problem+json");
    let mut tx = app.db.write().await.unwrap();
    assert_eq!(outbox::version(&mut tx, "essai").await.unwrap(), 0);
}

#[tokio::test]
async fn un_formulaire_qui_n_arrive_jamais_n_est_pas_attendu() {
    let (_base, _app, service) = service().await;
    let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    told(&send(&service, Request::post("/envoi").body(body).unwrap()).await);
}

/// Pieces of this size, without their number told beforehand; each waits for a while.
fn pieces(count: usize, size: usize, wait: Duration) -> Body {
    let pieces = stream::iter(0..count).then(move |_| async move {
        tokio::time::sleep(wait).await;
        Ok::<_, std::io::Error>(Bytes::from(vec![b'a'; size]))
    });
    Body::from_stream(pieces)
}

#[tokio::test]
async fn un_fichier_lent_est_attendu_et_un_fichier_sans_fin_est_refuse() {
    let (_base, _app, service) = service().await;
    let send_file = |body| send(&service, Request::post("/depot").body(body).unwrap());
    let slow = send_file(pieces(4, 1 << 20, DELAY / 2)).await;
    assert_eq!((slow.status, slow.text), (StatusCode::OK, (4 << 20).to_string()));
    let endless = send_file(pieces(LONGEST_UPLOAD / (1 << 20) + 1, 1 << 20, Duration::ZERO)).await;
    assert_eq!(endless.status, StatusCode::PAYLOAD_TOO_LARGE);
    told(&send_file(Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>())).await);
}

#[tokio::test]
async fn un_long_telechargement_n_est_pas_coupe() {
    let (_base, _app, service) = service().await;
    let answer = get(&service, "/fichier").await;
    assert_eq!(
        (answer.status, answer.text.len()),
        (StatusCode::OK, 5 * "morceau".len())
    );
}
