//! What follows a change: order, dead letters, work done once, jobs that one node runs at a time.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use serde_json::json;
use socle::{
    App, AppBuilder, Settings,
    clock::Clock,
    db::{Db, DbOptions, schema},
    errors::Erreur,
    ids::Ids,
    jobs::{self, Job, Report, Schedule},
    module::Consumer,
    outbox::{self, Event},
    params, sql,
    testing::{self, databases, instant},
};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};
use uuid::Uuid;

/// Fails while the payload says so; else says in the outbox's own table that it was done, once.
const SUITE: Consumer = Consumer {
    topic: "suite",
    run: |app, event: Event| {
        Box::pin(async move {
            if event.payload["panne"] == json!(true) {
                return Err(Erreur::faute("panne"));
            }
            assert_ne!(event.payload["panique"], json!(true), "une suite qui panique");
            let mut tx = app.db.write().await?;
            if outbox::once(&mut tx, &format!("suite:{}", event.id), app.clock.now()).await? {
                outbox::bump_version(&mut tx, "suites").await?;
            }
            Ok(tx.commit().await?)
        })
    },
};

async fn app(db: &Db, seed: u64) -> App {
    let settings = Settings {
        outbox_attempts: 3,
        ..Settings::default()
    };
    let builder = AppBuilder::new(db.clone(), Clock::fixed(instant()), Ids::seeded(seed), settings);
    builder.start(&[]).await.unwrap()
}

async fn publish(app: &App, id: u128, object: &str, payload: serde_json::Value) {
    let mut tx = app.db.write().await.unwrap();
    let id = (Uuid::from_u128(id), app.clock.now());
    outbox::publish_in_order(&mut tx, id, "suite", object, payload)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Does everything that is due, hour after hour, for a day.
async fn une_journee(app: &App) {
    for _ in 0..24 {
        while outbox::work_once(app, &[SUITE]).await.unwrap() {}
        app.clock.set(app.clock.now().plus_seconds(3600));
    }
}

async fn faites(app: &App) -> i64 {
    outbox::version(&mut app.db.read().await.unwrap(), "suites")
        .await
        .unwrap()
}

async fn mortes(app: &App) -> Vec<(u128, i64)> {
    let mut tx = app.db.read().await.unwrap();
    let dead = outbox::list_dead(&mut tx, None, 10).await.unwrap();
    dead.iter().map(|e| (e.id.as_u128(), e.attempts)).collect()
}

#[tokio::test]
async fn une_suite_qui_echoue_toujours_attend_une_personne_et_retient_celles_de_son_objet() {
    for test in databases().await {
        let app = app(&test.db, 1).await;
        // Identifiers against the order, so that only the turn can give it.
        publish(&app, 9, "lieu:a", json!({ "panne": true })).await;
        publish(&app, 2, "lieu:a", json!({})).await;
        publish(&app, 3, "lieu:b", json!({})).await;
        publish(&app, 4, "lieu:c", json!({ "panique": true })).await;
        une_journee(&app).await;
        assert_eq!(faites(&app).await, 1, "seule la suite de lieu:b est faite");
        let mut dead = mortes(&app).await;
        dead.sort_unstable();
        assert_eq!(dead, [(4, 3), (9, 3)]);

        let mut tx = app.db.write().await.unwrap();
        assert!(
            outbox::replay(&mut tx, Uuid::from_u128(9), app.clock.now())
                .await
                .unwrap()
        );
        assert!(
            !outbox::replay(&mut tx, Uuid::from_u128(2), app.clock.now())
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        une_journee(&app).await;
        assert_eq!(
            (faites(&app).await, mortes(&app).await.len()),
            (1, 2),
            "rejouée, elle échoue encore"
        );

        let mut tx = app.db.write().await.unwrap();
        let id = Uuid::from_u128(9);
        assert!(
            outbox::abandon(&mut tx, id, app.clock.now(), "objet supprimé")
                .await
                .unwrap()
        );
        assert!(
            !outbox::abandon(&mut tx, id, app.clock.now(), "objet supprimé")
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        une_journee(&app).await;
        assert_eq!((faites(&app).await, mortes(&app).await), (2, vec![(4, 3)]));
    }
}

#[tokio::test]
async fn une_suite_deja_faite_ne_change_plus_rien_quand_elle_revient() {
    for test in databases().await {
        let app = app(&test.db, 1).await;
        publish(&app, 1, "lieu:a", json!({})).await;
        let mut tx = app.db.write().await.unwrap();
        let event = outbox::take(&mut tx, app.clock.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        (SUITE.run)(app.clone(), event).await.unwrap();
        // The process dies before it says that the event is done: the lease ends, and it comes back.
        une_journee(&app).await;
        assert_eq!(faites(&app).await, 1);
    }
}

#[tokio::test]
async fn une_suite_qui_tue_son_processus_ne_le_tue_pas_indefiniment() {
    let test = testing::sqlite().await;
    let app = app(&test.db, 1).await;
    publish(&app, 1, "lieu:a", json!({})).await;
    for _ in 0..3 {
        let mut tx = app.db.write().await.unwrap();
        assert!(outbox::take(&mut tx, app.clock.now()).await.unwrap().is_some());
        tx.commit().await.unwrap();
        app.clock.set(app.clock.now().plus_seconds(3600));
    }
    une_journee(&app).await;
    assert_eq!((faites(&app).await, mortes(&app).await), (0, vec![(1, 4)]));
}

#[tokio::test]
async fn l_ouvrier_s_eveille_des_qu_on_sonne() {
    let test = testing::sqlite().await;
    let app = app(&test.db, 1).await;
    let worker = tokio::spawn(outbox::work(app.clone(), vec![SUITE]));
    // Twenty changes one after the other would take twenty seconds without the bell.
    let begun = std::time::Instant::now();
    for id in 1..=20_u32 {
        publish(&app, id.into(), "lieu:a", json!({})).await;
        app.bell.ring();
        while faites(&app).await < i64::from(id) {
            assert!(
                begun.elapsed() < Duration::from_secs(15),
                "la cloche ne réveille personne"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    worker.abort();
}

const HEURE: Job = Job {
    name: "essai.heure",
    title: "Compter les heures",
    schedule: Schedule::Every(3600),
    run: |app| {
        Box::pin(async move {
            let mut tx = app.db.write().await?;
            outbox::bump_version(&mut tx, "heures").await?;
            let done = outbox::version(&mut tx, "heures").await?;
            tx.commit().await?;
            match done {
                2 => Ok(Report::nothing()),
                3 => Err(Erreur::faute("panne")),
                4 => panic!("un travail qui panique"),
                n => Ok(Report::new(1, format!("heure {n}"))),
            }
        })
    },
};

#[tokio::test]
async fn un_travail_garde_ce_que_chaque_fois_a_donne_et_un_retard_se_dit() {
    for test in databases().await {
        let (app, node) = (app(&test.db, 1).await, Uuid::from_u128(1));
        let mut outcomes = Vec::new();
        for _ in 0..5 {
            let due = jobs::turn(&app, &HEURE, node).await.unwrap();
            let again = jobs::turn(&app, &HEURE, node).await.unwrap();
            assert_eq!(due, again, "il ne revient pas avant son heure");
            let state = jobs::list(&mut app.db.read().await.unwrap()).await.unwrap().remove(0);
            assert_eq!((state.next_due_at, state.holder), (due, None));
            outcomes.push((state.last_outcome.unwrap(), state.failures));
            app.clock.set(due);
        }
        let expected = [("done", 0), ("nothing", 0), ("failed", 1), ("failed", 2), ("done", 0)];
        assert_eq!(
            outcomes,
            expected.map(|(outcome, failures)| (outcome.to_owned(), failures))
        );
        let mut tx = app.db.read().await.unwrap();
        let kept = jobs::runs(&mut tx, "essai.heure", None, 10).await.unwrap();
        let details: Vec<_> = kept.iter().map(|run| run.detail.as_str()).collect();
        let fault = "erreur interne\u{a0}: sa cause est au journal technique, au nom de ce travail";
        assert_eq!(details, ["heure 5", fault, fault, "heure 1"]);
        let rest = jobs::runs(&mut tx, "essai.heure", Some((kept[1].started_at, kept[1].id)), 1)
            .await
            .unwrap();
        assert_eq!(rest, kept[2..3]);

        let now = app.clock.now();
        assert!(jobs::late(&mut tx, now.plus_seconds(3660)).await.unwrap().is_empty());
        let late = jobs::late(&mut tx, now.plus_seconds(3661)).await.unwrap();
        assert_eq!(
            late.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(),
            ["essai.heure"]
        );
    }
}

/// Never ends: what a node that dies was doing.
const SANS_FIN: Job = Job {
    name: "essai.heure",
    title: "Ne pas finir",
    schedule: Schedule::Every(3600),
    run: |_| Box::pin(std::future::pending()),
};

#[tokio::test]
async fn un_noeud_qui_meurt_rend_son_travail_a_un_autre_apres_son_bail() {
    for test in databases().await {
        let (app, dead, other) = (app(&test.db, 1).await, Uuid::from_u128(1), Uuid::from_u128(2));
        let cut = tokio::time::timeout(Duration::from_millis(300), jobs::turn(&app, &SANS_FIN, dead)).await;
        assert!(cut.is_err());
        let wait = async || jobs::turn(&app, &HEURE, other).await.unwrap();
        assert!(wait().await <= app.clock.now().plus_seconds(30), "l’autre attend");
        assert_eq!(
            schema::count(&mut app.db.read().await.unwrap(), "job_run")
                .await
                .unwrap(),
            0
        );
        app.clock.set(instant().plus_seconds(61));
        wait().await;
        let mut tx = app.db.read().await.unwrap();
        let kept = jobs::runs(&mut tx, "essai.heure", None, 10).await.unwrap();
        let outcomes: Vec<_> = kept.iter().map(|run| run.outcome.as_str()).collect();
        assert_eq!(outcomes, ["done", "interrupted"]);
    }
}

/// The database that the two nodes share.
const CIBLE: &str = "MAILLAGE_ESSAI_TRAVAUX";

/// A job that both nodes find due at the same instant, every second.
const fn seul<const N: u8>(name: &'static str) -> Job {
    Job {
        name,
        title: "Être seul",
        schedule: Schedule::Every(1),
        run: |app| Box::pin(etre_seul::<N>(app)),
    }
}

const SEULS: [Job; 4] = [
    seul::<1>("seul.1"),
    seul::<2>("seul.2"),
    seul::<3>("seul.3"),
    seul::<4>("seul.4"),
];

/// Marks itself in the database while it runs, and says when another run was there.
async fn etre_seul<const N: u8>(app: App) -> Result<Report, Erreur> {
    let mut tx = app.db.write().await?;
    let alone = outbox::once(&mut tx, &format!("seul:{N}"), app.clock.now()).await?;
    tx.commit().await?;
    println!("{}", if alone { "seul" } else { "chevauchement" });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut tx = app.db.write().await?;
    tx.execute(
        sql!("DELETE FROM done_once WHERE key = $1"),
        &params![format!("seul:{N}")],
    )
    .await?;
    tx.commit().await?;
    Ok(Report::new(1, "seul"))
}

/// Not a test: a node of the next test.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test that starts two of them"]
async fn noeud() {
    let Ok(cible) = std::env::var(CIBLE) else { return };
    let db = Db::open(&DbOptions::new(cible)).await.unwrap();
    let app = AppBuilder::new(db, Clock::system(), Ids::random(), Settings::default());
    jobs::work(app.start(&[]).await.unwrap(), SEULS.to_vec()).await;
}

#[tokio::test]
async fn deux_processus_ne_font_jamais_le_meme_travail_en_meme_temps() {
    for test in databases().await {
        let nodes = [(); 2].map(|()| {
            Command::new(std::env::current_exe().unwrap())
                .args(["noeud", "--exact", "--ignored", "--nocapture"])
                .env(CIBLE, &test.url)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        });
        tokio::time::sleep(Duration::from_secs(6)).await;
        let mut said = Vec::new();
        for mut node in nodes {
            node.kill().unwrap();
            node.wait().unwrap();
            let lines = BufReader::new(node.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok);
            said.push(
                lines
                    .filter(|l| l.ends_with("seul") || l.ends_with("chevauchement"))
                    .collect::<Vec<_>>(),
            );
        }
        let runs: Vec<usize> = said.iter().map(Vec::len).collect();
        assert!(
            runs.iter().all(|n| *n > 0),
            "chaque nœud doit avoir travaillé : {runs:?}"
        );
        let overlaps = said.iter().flatten().filter(|l| l.ends_with("chevauchement")).count();
        assert_eq!(overlaps, 0, "sur {runs:?} exécutions");
    }
}

#[tokio::test]
async fn une_base_occupee_ne_fait_pas_recommencer_un_travail_fini() {
    const ENCOMBRANT: Job = Job {
        name: "essai.encombrant",
        title: "Laisser la base occupée",
        schedule: Schedule::Every(60),
        run: |app| {
            Box::pin(async move {
                let held = app.db.write().await?;
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(700)).await;
                    held.rollback().await.unwrap();
                });
                Ok(Report::new(1, "fait"))
            })
        },
    };
    for test in databases().await {
        let options = DbOptions {
            connections: 1,
            wait: Duration::from_millis(200),
            ..DbOptions::new(test.url.clone())
        };
        let app = app(&Db::open(&options).await.unwrap(), 1).await;
        let due = jobs::turn(&app, &ENCOMBRANT, Uuid::from_u128(1)).await.unwrap();
        assert_eq!(due, instant().plus_seconds(60));
        let kept = jobs::runs(&mut app.db.read().await.unwrap(), "essai.encombrant", None, 10)
            .await
            .unwrap();
        let told: Vec<_> = kept
            .iter()
            .map(|run| (run.outcome.as_str(), run.detail.as_str()))
            .collect();
        assert_eq!(told, [("done", "fait")]);
    }
}

#[tokio::test]
async fn un_ouvrier_en_retard_ne_decide_plus_de_l_evenement_qu_un_autre_a_repris() {
    for test in databases().await {
        let app = app(&test.db, 1).await;
        publish(&app, 1, "lieu:a", json!({})).await;
        let mut tx = app.db.write().await.unwrap();
        let late = outbox::take(&mut tx, instant()).await.unwrap().unwrap();
        let now = instant().plus_seconds(121);
        let taken = outbox::take(&mut tx, now).await.unwrap().unwrap();
        outbox::finish(&mut tx, &late, now).await.unwrap();
        assert!(!outbox::postpone(&mut tx, &late, now, "trop tard", 1).await.unwrap());
        assert!(outbox::list_dead(&mut tx, None, 1).await.unwrap().is_empty());
        assert!(outbox::postpone(&mut tx, &taken, now, "à temps", 1).await.unwrap());
        let dead = outbox::list_dead(&mut tx, None, 1).await.unwrap();
        assert_eq!(dead[0].failure.as_deref(), Some("à temps"));
    }
}
