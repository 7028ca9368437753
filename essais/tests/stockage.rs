//! What a person sees, and what is kept, when the disk is full, when PostgreSQL goes away, and when a process is killed while it writes.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{extract::State, http::StatusCode};
use essais::grappe::Grappe;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use socle::{
    App, Settings,
    app::service,
    clock::Clock,
    db::{Db, DbOptions, backup, schema},
    errors::Erreur,
    ids::Ids,
    module::Module,
    outbox, permissions,
    routes::Routes,
    testing::{self, get, instant, post},
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

permissions! {
    /// What the tests do.
    Ecrire: Public Partout;
}

/// A module whose one form writes a large event, and whose one page counts them.
const ECRITURES: Module = Module {
    name: "ecritures",
    routes: || {
        Routes::new()
            .post::<Ecrire, _, _>("/ecrire", ecrire)
            .page::<Ecrire, _, _>("/compter", compter)
    },
    permissions: PERMISSIONS,
    ..Module::EMPTY
};

async fn ecrire(State(app): State<App>) -> Result<StatusCode, Erreur> {
    let mut tx = app.db.write().await?;
    let at = app.clock.now();
    outbox::publish(
        &mut tx,
        app.ids.next(at),
        at,
        "essai",
        json!({ "texte": "x".repeat(20_000) }),
    )
    .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn compter(State(app): State<App>) -> Result<String, Erreur> {
    let mut tx = app.db.read().await?;
    Ok(schema::count(&mut tx, "outbox").await?.to_string())
}

#[tokio::test]
async fn un_disque_plein_se_dit_ne_perd_rien_et_n_arrete_rien() {
    let test = testing::sqlite().await;
    test.db.close().await;
    let pages = std::fs::metadata(&test.url).unwrap().len() / 4096;
    let full = DbOptions {
        max_pages: Some(u32::try_from(pages).unwrap() + 100),
        ..DbOptions::new(test.url.clone())
    };
    let app = testing::app(&Db::open(&full).await.unwrap(), &[ECRITURES], Settings::default()).await;
    let service = service(app.clone(), &[ECRITURES]);
    let mut kept = 0;
    let refusal = loop {
        let answer = post(&service, "/ecrire", "").await;
        if answer.status != StatusCode::NO_CONTENT {
            break answer;
        }
        kept += 1;
        assert!(kept < 200, "the limit of pages is never met");
    };
    assert_eq!(refusal.status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(
        refusal.text.contains("l’espace de stockage est plein"),
        "{}",
        refusal.text
    );
    assert!(kept > 0);
    assert_eq!(get(&service, "/compter").await.text, kept.to_string());
    assert_eq!(
        post(&service, "/ecrire", "").await.status,
        StatusCode::INSUFFICIENT_STORAGE
    );
    app.db.close().await;

    let roomy = testing::app(
        &Db::open(&DbOptions::new(test.url.clone())).await.unwrap(),
        &[ECRITURES],
        Settings::default(),
    )
    .await;
    let service = socle::app::service(roomy.clone(), &[ECRITURES]);
    assert_eq!(get(&service, "/compter").await.text, kept.to_string());
    assert_eq!(backup::check(&roomy.db).await.unwrap().faults, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn une_base_postgresql_qui_part_et_revient_ne_perd_rien() {
    let Some(grappe) = Grappe::demarrer() else { return };
    let options = DbOptions {
        wait: Duration::from_secs(1),
        connections: 3,
        ..DbOptions::new(grappe.url())
    };
    let db = Db::open(&options).await.unwrap();
    db.migrate(instant()).await.unwrap();
    // Random identifiers: what was written before the crash must not be written again after it.
    let app = socle::AppBuilder::new(db, Clock::fixed(instant()), Ids::random(), Settings::default())
        .start(&[ECRITURES])
        .await
        .unwrap();
    let service = service(app, &[ECRITURES]);
    for _ in 0..5 {
        assert_eq!(post(&service, "/ecrire", "").await.status, StatusCode::NO_CONTENT);
    }
    grappe.arreter_net();
    for (path, answer) in [
        ("/ecrire", post(&service, "/ecrire", "").await),
        ("/compter", get(&service, "/compter").await),
    ] {
        assert_eq!(
            answer.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{path} : {}",
            answer.text
        );
        assert!(
            answer.text.contains("La base de données ne répond pas"),
            "{}",
            answer.text
        );
        assert_eq!(answer.headers["retry-after"], "60");
    }
    grappe.relancer();
    let mut back = StatusCode::SERVICE_UNAVAILABLE;
    for _ in 0..20 {
        back = post(&service, "/ecrire", "").await.status;
        if back == StatusCode::NO_CONTENT {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(back, StatusCode::NO_CONTENT);
    assert_eq!(get(&service, "/compter").await.text, "6");
}

/// The database that the child process writes to.
const CIBLE: &str = "MAILLAGE_ESSAI_CIBLE";

/// Not a test: the process that the next test kills. It says each number once it is committed.
#[tokio::test]
#[ignore = "run by the test that kills it"]
async fn ecrivain() {
    let Ok(cible) = std::env::var(CIBLE) else { return };
    let db = Db::open(&DbOptions::new(cible)).await.unwrap();
    let ids = Ids::random();
    loop {
        let mut tx = db.write().await.unwrap();
        outbox::bump_version(&mut tx, "ecritures").await.unwrap();
        let number = outbox::version(&mut tx, "ecritures").await.unwrap();
        outbox::publish(
            &mut tx,
            ids.next(instant()),
            instant(),
            "essai",
            json!({ "numero": number }),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        println!("commis {number}");
    }
}

/// Starts the writer, lets it commit for a while, kills it, and gives the last number that it said.
fn ecrire_puis_tuer(cible: &str, pendant: Duration) -> i64 {
    let mut enfant = Command::new(std::env::current_exe().unwrap())
        .args(["ecrivain", "--exact", "--ignored", "--nocapture"])
        .env(CIBLE, cible)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(enfant.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let number = |line: String| line.rsplit_once("commis ").and_then(|(_, n)| n.parse::<i64>().ok());
    let first = lines.by_ref().find_map(number).unwrap_or(0);
    std::thread::sleep(pendant);
    // SIGKILL: nothing is closed, nothing is written any more.
    enfant.kill().unwrap();
    enfant.wait().unwrap();
    lines.filter_map(number).last().unwrap_or(first)
}

#[tokio::test]
async fn endurance_ce_qui_est_commis_survit_a_la_mort_du_processus() {
    let kills = if std::env::var_os("MAILLAGE_ENDURANCE").is_some() {
        200
    } else {
        5
    };
    let mut hasard = ChaCha8Rng::seed_from_u64(20_260_303);
    let test = testing::sqlite().await;
    test.db.close().await;
    let mut said = 0;
    for _ in 0..kills {
        said = ecrire_puis_tuer(&test.url, Duration::from_millis(hasard.random_range(5..120)));
        let db = Db::open(&DbOptions::new(test.url.clone())).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let (rows, version) = (
            schema::count(&mut tx, "outbox").await.unwrap(),
            outbox::version(&mut tx, "ecritures").await.unwrap(),
        );
        drop(tx);
        assert!(version >= said, "{said} was said to be kept, {version} is");
        assert_eq!(rows, version, "a transaction is kept by half");
        assert_eq!(backup::check(&db).await.unwrap().faults, Vec::<String>::new());
        db.close().await;
    }
    println!("{kills} kills, {said} transactions, none lost");
    assert!(said > i64::from(kills));
}

#[tokio::test]
async fn chaque_base_d_une_version_passee_se_met_a_jour() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/bases"));
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "gz") {
            continue;
        }
        let copy = std::env::temp_dir().join(format!("maillage-{}.sqlite", uuid::Uuid::new_v4()));
        let mut unpacked = std::fs::File::create(&copy).unwrap();
        std::io::copy(
            &mut flate2::read::GzDecoder::new(std::fs::File::open(&path).unwrap()),
            &mut unpacked,
        )
        .unwrap();
        let db = Db::open(&DbOptions::new(copy.display().to_string())).await.unwrap();
        db.migrate(instant())
            .await
            .unwrap_or_else(|e| panic!("{} : {e}", path.display()));
        let report = backup::check(&db).await.unwrap();
        assert_eq!(report.faults, Vec::<String>::new(), "{}", path.display());
        assert!(
            report.tables.iter().any(|(_, rows)| *rows > 0),
            "{} is empty",
            path.display()
        );
        db.close().await;
        std::fs::remove_file(&copy).unwrap();
        seen += 1;
    }
    assert!(seen > 0, "no database of a former version in {}", folder.display());
}
