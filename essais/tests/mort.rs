//! The server killed at any moment while people change things: what was acknowledged is there, whole, and every mail leaves once.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use socle::{
    App, AppBuilder, Settings, app,
    clock::Clock,
    db::{Db, DbOptions, Tx, backup},
    errors::Erreur,
    ids::Ids,
    journal::{self, Link, Report},
    letters::{self, Channel, Sinks},
    mail::{self, Mail, MailSettings},
    module::{Consumer, Module},
    outbox::{self, Event},
    params, permissions,
    permissions::Actor,
    routes::Routes,
    secrets::Keys,
    sql,
    testing::{TestDb, databases},
};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// Whom every change concerns.
const AWA: Uuid = Uuid::from_u128(1);

permissions! {
    /// What the clients do.
    Changer: Public Partout;
}

/// A module whose one form writes a row, a line of the journal, an event and a mail, in one transaction.
const CHANGEMENTS: Module = Module {
    name: "changements",
    routes: || Routes::new().post::<Changer, _, _>("/changer/{nom}", changer),
    permissions: PERMISSIONS,
    consumers: &[SUITE],
    ..Module::EMPTY
};

async fn changer(State(app): State<App>, Path(nom): Path<String>) -> Result<StatusCode, Erreur> {
    let at = app.clock.now();
    let mut tx = app.db.write().await?;
    outbox::bump_version(&mut tx, &nom).await?;
    let entry = journal::Entry::new(&app.ids, at, &Actor::public(), "Changer", ("changement", &nom));
    journal::write(&mut tx, &app.settings.keys, entry.about(Link::Concerne, AWA)).await?;
    let event = (app.ids.next(at), at);
    // Few objects, so that events wait for each other.
    let object = format!("objet:{}", nom.len() % 3);
    outbox::publish_in_order(&mut tx, event, "changement", &object, json!({ "nom": nom.as_str() })).await?;
    mail::queue(&mut tx, &app, courriel(&nom)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn courriel(nom: &str) -> Mail {
    Mail {
        kind: "changement",
        to: "awa@exemple.fr".into(),
        subject: nom.to_owned(),
        text: format!("changement {nom}"),
        html: format!("<p>changement {nom}</p>"),
        about: None,
    }
}

/// What follows a change, once: a second row.
const SUITE: Consumer = Consumer {
    topic: "changement",
    run: |app, event: Event| {
        Box::pin(async move {
            let nom = event.payload["nom"].as_str().unwrap_or_default();
            let mut tx = app.db.write().await?;
            if outbox::once(&mut tx, &format!("suite:{}", event.id), app.clock.now()).await? {
                outbox::bump_version(&mut tx, &format!("suite-{nom}")).await?;
            }
            Ok(tx.commit().await?)
        })
    },
};

/// The database and the folder of mails of the server that is killed.
const CIBLE: &str = "MAILLAGE_ESSAI_MORT";
const COURRIELS: &str = "MAILLAGE_ESSAI_COURRIELS";
const CLIENTS: u32 = 8;

/// Where the heads of the journal are kept, beside the mails.
fn tetes(courriels: &str) -> PathBuf {
    format!("{courriels}-journal").into()
}

async fn application(url: &str, courriels: &str, clock: Clock) -> App {
    let settings = Settings {
        keys: Keys::new(&[[7; 32]]).unwrap(),
        api_per_minute: 0,
        mail: MailSettings {
            folder: Some(courriels.into()),
            ..MailSettings::default()
        },
        journal_heads: Some(tetes(courriels)),
        ..Settings::default()
    };
    let options = DbOptions {
        connections: 12,
        ..DbOptions::new(url)
    };
    let db = Db::open(&options).await.unwrap();
    let builder = AppBuilder::new(db, clock, Ids::random(), settings);
    builder.start(&[CHANGEMENTS]).await.unwrap()
}

/// Not a test: the server that the next test kills. It says its port, then works until it dies.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test that kills it"]
async fn serveur() {
    let (Ok(url), Ok(courriels)) = (std::env::var(CIBLE), std::env::var(COURRIELS)) else {
        return;
    };
    let app = application(&url, &courriels, Clock::system()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("port {}", listener.local_addr().unwrap().port());
    tokio::spawn(app::work(app.clone(), vec![socle::MODULE, CHANGEMENTS]));
    axum::serve(listener, app::service(app, &[CHANGEMENTS])).await.unwrap();
}

fn demarrer(url: &str, courriels: &str) -> (Child, u16) {
    let mut enfant = Command::new(std::env::current_exe().unwrap())
        .args(["serveur", "--exact", "--ignored", "--nocapture"])
        .env(CIBLE, url)
        .env(COURRIELS, courriels)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(enfant.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let port = lines.find_map(|line| line.rsplit_once("port ").and_then(|(_, n)| n.parse().ok()));
    (enfant, port.unwrap())
}

/// Asks for a change; gives whether the server acknowledged it.
fn demander(port: u16, nom: &str) -> bool {
    let request =
        format!("POST /changer/{nom} HTTP/1.1\r\nhost: essai\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    let sent = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(request.as_bytes())?;
        stream.read_to_string(&mut answer)
    });
    sent.is_ok() && answer.starts_with("HTTP/1.1 204")
}

/// One life of the server: clients change things until it is killed; gives what it acknowledged.
fn une_vie(url: &str, courriels: &str, next: &Arc<AtomicU32>, pendant: Duration) -> Vec<String> {
    let (mut enfant, port) = demarrer(url, courriels);
    let dead = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (next, dead) = (next.clone(), dead.clone());
            std::thread::spawn(move || {
                let mut kept = Vec::new();
                while !dead.load(Ordering::Relaxed) {
                    let nom = format!("c{}", next.fetch_add(1, Ordering::Relaxed));
                    if demander(port, &nom) {
                        kept.push(nom);
                    }
                }
                kept
            })
        })
        .collect();
    std::thread::sleep(pendant);
    // SIGKILL: nothing is closed, nothing is written any more.
    enfant.kill().unwrap();
    enfant.wait().unwrap();
    dead.store(true, Ordering::Relaxed);
    clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
}

async fn noms(tx: &mut Tx, statement: socle::db::Statement) -> BTreeSet<String> {
    let rows: Vec<(String,)> = tx.fetch_all(statement, &[]).await.unwrap();
    let all: BTreeSet<_> = rows.iter().map(|row| row.0.clone()).collect();
    assert_eq!(all.len(), rows.len(), "something was written twice");
    all
}

/// Each change is whole: its row, its line of the journal, its event and its mail, or none of them.
async fn rien_a_moitie(app: &App, said: &BTreeSet<String>) -> usize {
    let mut tx = app.db.read().await.unwrap();
    let rows = noms(&mut tx, sql!("SELECT name FROM read_version WHERE name LIKE 'c%'")).await;
    let lines = noms(
        &mut tx,
        sql!("SELECT object_id FROM journal WHERE object_kind = 'changement'"),
    )
    .await;
    let payloads: Vec<(serde_json::Value,)> = tx.fetch_all(sql!("SELECT payload FROM outbox"), &[]).await.unwrap();
    let events: BTreeSet<String> = payloads
        .iter()
        .map(|row| row.0["nom"].as_str().unwrap().to_owned())
        .collect();
    let (letters,): (i64,) = tx.fetch_one(sql!("SELECT COUNT(*) FROM letter"), &[]).await.unwrap();
    let lost: Vec<_> = said.difference(&rows).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!((&lines, &events), (&rows, &rows));
    assert_eq!(
        (payloads.len(), letters),
        (rows.len(), i64::try_from(rows.len()).unwrap())
    );
    rows.len()
}

/// The chain of the journal holds, and each line is in it or waits for it.
async fn chaine_intacte(app: &App, lines: usize) -> Report {
    let folder = app.settings.journal_heads.as_deref();
    let report = journal::verify(&app.db, &app.settings.keys, folder).await.unwrap();
    assert_eq!(report.broken, None);
    assert_eq!(report.links + report.pending, u64::try_from(lines).unwrap());
    report
}

/// What remains to be done once the server is gone for good: an hour later, every lease has ended.
async fn finir(app: &App) {
    app.clock.set(app.clock.now().plus_seconds(3600));
    while outbox::work_once(app, &[SUITE]).await.unwrap() {}
    while journal::seal_pending(app).await.unwrap() > 0 {}
    let sink = Sinks::of(app).mail.unwrap();
    while letters::send_once(app, Channel::Mail, &*sink).await.unwrap() {}
}

/// Each letter is a file, whole, and no file is anything else.
async fn chaque_courriel_une_fois(app: &App, courriels: &str, changes: usize) {
    let mut tx = app.db.read().await.unwrap();
    let sent: Vec<(Uuid,)> = tx
        .fetch_all(
            sql!("SELECT id FROM letter WHERE state = $1 AND recipient IS NULL"),
            &params![letters::State::Sent.code()],
        )
        .await
        .unwrap();
    let mut subjects = BTreeSet::new();
    for (id,) in &sent {
        let text = std::fs::read_to_string(PathBuf::from(courriels).join(format!("{id}.eml"))).unwrap();
        assert!(text.trim_end().ends_with("--"), "{id} is cut");
        let subject = text.lines().find_map(|line| line.strip_prefix("Subject: "));
        subjects.insert(subject.unwrap().to_owned());
    }
    let files = std::fs::read_dir(courriels).unwrap().count();
    assert_eq!((sent.len(), files, subjects.len()), (changes, changes, changes));
    let done = noms(
        &mut tx,
        sql!("SELECT name FROM read_version WHERE name LIKE 'suite-%' AND version = 1"),
    )
    .await;
    assert_eq!(done.len(), changes, "what follows a change is done once");
}

async fn endurer(test: &TestDb, kills: u32) {
    let engine = test.db.engine();
    let courriels = std::env::temp_dir().join(format!("maillage-courriels-{}", Uuid::new_v4()));
    let folder = courriels.display().to_string();
    let mut hasard = ChaCha8Rng::seed_from_u64(20_260_303);
    let next = Arc::new(AtomicU32::new(1));
    let mut said = BTreeSet::new();
    for _ in 0..kills {
        let pendant = Duration::from_millis(hasard.random_range(50..900));
        let (url, folder, next) = (test.url.clone(), folder.clone(), next.clone());
        let kept = tokio::task::spawn_blocking(move || une_vie(&url, &folder, &next, pendant));
        said.extend(kept.await.unwrap());
        let app = application(&test.url, &courriels.display().to_string(), Clock::system()).await;
        let lines = rien_a_moitie(&app, &said).await;
        chaine_intacte(&app, lines).await;
        app.db.close().await;
    }
    let app = application(&test.url, &folder, Clock::fixed(Clock::system().now())).await;
    finir(&app).await;
    let changes = rien_a_moitie(&app, &said).await;
    chaque_courriel_une_fois(&app, &folder, changes).await;
    assert_eq!(chaine_intacte(&app, changes).await.pending, 0);
    assert_eq!(backup::check(&app.db).await.unwrap().faults, Vec::<String>::new());
    app.db.close().await;
    std::fs::remove_dir_all(&courriels).unwrap();
    std::fs::remove_dir_all(tetes(&folder)).unwrap();
    println!(
        "{engine:?} : {kills} kills, {} changes acknowledged, {changes} kept",
        said.len()
    );
    assert!(said.len() > kills as usize);
}

#[tokio::test(flavor = "multi_thread")]
async fn endurance_un_serveur_tue_ne_perd_rien_et_n_envoie_rien_deux_fois() {
    let is_long = std::env::var_os("MAILLAGE_ENDURANCE").is_some();
    for test in databases().await {
        test.db.close().await;
        endurer(&test, if is_long { 200 } else { 20 }).await;
    }
}
