//! What tests start from: shared data, a database of each engine, an application, a page read as text.

use crate::{
    App, AppBuilder, Settings,
    clock::{Clock, Instant},
    db::{Db, DbOptions},
    ids::Ids,
    module::Module,
    params,
    secrets::{KEY_LEN, Keys},
    sql,
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use std::path::PathBuf;
use tower::ServiceExt;
use uuid::Uuid;

/// The instant at which tests happen unless they say otherwise: a Tuesday at 10:00 in Paris.
pub const TEST_INSTANT: &str = "2026-03-03T09:00:00.000000Z";

/// The folder of shared data, or `None` with a line that says so.
///
/// # Panics
/// Under CI, where an absent folder is a failure.
pub fn shared_data() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var_os("MAILLAGE_DATA").map_or_else(|| PathBuf::from(root), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "shared data are absent: {}",
        folder.display()
    );
    println!(
        "skipped: shared data are absent ({}); set MAILLAGE_DATA",
        folder.display()
    );
    None
}

/// A migrated database for one test, removed when dropped.
#[derive(Debug)]
pub struct TestDb {
    /// The handle.
    pub db: Db,
    /// Its address.
    pub url: String,
    folder: Option<PathBuf>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A fresh database on each engine: SQLite always, PostgreSQL when `MAILLAGE_TEST_POSTGRES` gives a server.
///
/// # Panics
/// When a database cannot be made, or under CI without PostgreSQL.
pub async fn databases() -> Vec<TestDb> {
    let mut list = vec![sqlite().await];
    match std::env::var("MAILLAGE_TEST_POSTGRES") {
        Ok(server) => list.push(postgres(&server).await),
        Err(_) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "MAILLAGE_TEST_POSTGRES names no server"
            );
            println!("skipped on PostgreSQL: MAILLAGE_TEST_POSTGRES names no server");
        }
    }
    list
}

/// A fresh SQLite database.
///
/// # Panics
/// When it cannot be made.
pub async fn sqlite() -> TestDb {
    let folder = std::env::temp_dir().join(format!("maillage-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    let url = folder.join("essai.sqlite").display().to_string();
    let db = Db::open(&DbOptions::new(url.clone())).await.expect("SQLite opens");
    db.migrate(instant()).await.expect("migrations apply to SQLite");
    TestDb {
        db,
        url,
        folder: Some(folder),
    }
}

/// A fresh database on this PostgreSQL server; the throw-away server of the tests keeps it until it stops.
///
/// # Panics
/// When it cannot be made.
pub async fn postgres(server: &str) -> TestDb {
    let name = format!("essai_{}", uuid::Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(server)
        .await
        .expect("the PostgreSQL of the tests answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&admin)
        .await
        .expect("a test database can be made");
    admin.close().await;
    let (base, query) = server
        .split_once('?')
        .map_or((server, String::new()), |(b, q)| (b, format!("?{q}")));
    let base = base.rsplit_once('/').map_or(base, |(b, _)| b);
    let url = format!("{base}/{name}{query}");
    let db = Db::open(&DbOptions {
        connections: 4,
        ..DbOptions::new(url.clone())
    })
    .await
    .expect("PostgreSQL opens");
    db.migrate(instant()).await.expect("migrations apply to PostgreSQL");
    TestDb { db, url, folder: None }
}

/// The same PostgreSQL database, through another role of the server of the tests, which asks for no password.
///
/// # Panics
/// When it does not answer.
pub async fn as_role(test: &TestDb, role: &str) -> TestDb {
    let (scheme, rest) = test.url.split_once("://").expect("the address has a scheme");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    let url = format!("{scheme}://{role}@{host}");
    let db = Db::open(&DbOptions {
        connections: 4,
        ..DbOptions::new(url.clone())
    })
    .await
    .expect("PostgreSQL opens");
    TestDb { db, url, folder: None }
}

/// [`TEST_INSTANT`].
///
/// # Panics
/// Never: the constant reads.
pub fn instant() -> Instant {
    TEST_INSTANT.parse().expect("the constant is an instant")
}

/// The keys of the tests, always the same.
///
/// # Panics
/// Never: there is one.
pub fn keys() -> Keys {
    Keys::new(&[[7; KEY_LEN]]).expect("one key is enough")
}

/// An application on a database, at [`TEST_INSTANT`], with seeded identifiers.
///
/// # Panics
/// When a module cannot start.
pub async fn app(db: &Db, modules: &[Module], settings: Settings) -> App {
    AppBuilder::new(db.clone(), Clock::fixed(instant()), Ids::seeded(1), settings)
        .start(modules)
        .await
        .expect("the modules start")
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: axum::http::HeaderMap,
    /// Its body.
    pub text: String,
}

/// Sends a request to a service and reads the answer whole.
///
/// # Panics
/// When the answer's body breaks off.
pub async fn send(service: &Router, request: Request<Body>) -> Answer {
    let answer = service
        .clone()
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {});
    let (head, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the body is whole");
    Answer {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Reads a page.
///
/// # Panics
/// When the path is not a URI.
pub async fn get(service: &Router, path: &str) -> Answer {
    send(
        service,
        Request::get(path).body(Body::empty()).expect("the path is a URI"),
    )
    .await
}

/// Sends a form.
///
/// # Panics
/// When the path is not a URI.
pub async fn post(service: &Router, path: &str, form: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    send(
        service,
        request.body(Body::from(form.to_owned())).expect("the path is a URI"),
    )
    .await
}

/// How many events of this topic wait or were done.
pub async fn events(db: &Db, topic: &str) -> usize {
    let mut tx = db.read().await.expect("a test database answers");
    let sql = sql!("SELECT id FROM outbox WHERE topic = $1");
    let rows: Vec<(Uuid,)> = tx.fetch_all(sql, &params![topic]).await.expect("events are read");
    rows.len()
}

/// Gives back the events that a process took before it died, as time does.
pub async fn free_events(db: &Db) {
    let mut tx = db.write().await.expect("a test database answers");
    let sql = sql!("UPDATE outbox SET taken_until = NULL WHERE done_at IS NULL");
    tx.execute(sql, &params![]).await.expect("events are given back");
    tx.commit().await.expect("events are given back");
}
