//! The ground's storage, by the same tests on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use serde_json::json;
use socle::{
    App, Settings,
    clock::Instant,
    db::schema,
    ids::Ids,
    journal,
    module::Consumer,
    outbox::{self, Event},
    params,
    permissions::Actor,
    sql,
    testing::{self, databases, instant},
};
use uuid::Uuid;

#[tokio::test]
async fn les_migrations_ne_s_appliquent_qu_une_fois_meme_a_deux_noeuds() {
    for test in databases().await {
        let (a, b) = tokio::join!(test.db.migrate(instant()), test.db.migrate(instant()));
        assert_eq!((a.unwrap(), b.unwrap()), (vec![], vec![]));
    }
}

#[tokio::test]
async fn le_journal_ne_se_modifie_ni_ne_s_efface() {
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        let entry = journal::Entry::new(
            &Ids::seeded(1),
            instant(),
            &Actor::operator(),
            "ImporterLieux",
            ("import", 1),
        );
        journal::write(&mut tx, &testing::keys(), entry.detail(json!({ "lignes": 3 })))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for statement in [
            sql!("UPDATE journal SET actor = 'personne'"),
            sql!("DELETE FROM journal"),
        ] {
            let mut tx = test.db.write().await.unwrap();
            assert!(tx.execute(statement, &[]).await.is_err(), "{:?}", test.db.engine());
        }
        let mut tx = test.db.read().await.unwrap();
        let lines = journal::about(&mut tx, "import", "1", 10).await.unwrap();
        assert_eq!(
            (lines.len(), lines[0].at, &lines[0].detail["lignes"]),
            (1, instant(), &json!(3))
        );
    }
}

async fn publish(app: &App, id: u128, topic: &str) {
    let mut tx = app.db.write().await.unwrap();
    outbox::publish(&mut tx, Uuid::from_u128(id), app.clock.now(), topic, json!({}))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

const COUNT: Consumer = Consumer {
    topic: "compter",
    run: |app, _| {
        Box::pin(async move {
            let mut tx = app.db.write().await?;
            outbox::bump_version(&mut tx, "compte").await?;
            Ok(tx.commit().await?)
        })
    },
};
const FAIL: Consumer = Consumer {
    topic: "echouer",
    run: |_, _| Box::pin(async { Err(socle::errors::Erreur::faute("panne")) }),
};

#[tokio::test]
async fn un_evenement_est_fait_une_fois_et_un_echec_revient_plus_tard() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        publish(&app, 1, "compter").await;
        publish(&app, 2, "echouer").await;
        while outbox::work_once(&app, &[COUNT, FAIL]).await.unwrap() {}
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(outbox::version(&mut tx, "compte").await.unwrap(), 1);
        drop(tx);
        app.clock.set(instant().plus_seconds(10));
        assert!(
            outbox::work_once(&app, &[COUNT, FAIL]).await.unwrap(),
            "l’échec est repris"
        );
        assert!(!outbox::work_once(&app, &[COUNT, FAIL]).await.unwrap());
    }
}

#[tokio::test]
async fn quarante_ecritures_simultanees_ne_se_perdent_pas() {
    for test in databases().await {
        let tasks = (0..40).map(|_| {
            let db = test.db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await?;
                outbox::bump_version(&mut tx, "compte").await?;
                tx.commit().await
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
        let mut tx = test.db.read().await.unwrap();
        assert_eq!(outbox::version(&mut tx, "compte").await.unwrap(), 40);
    }
}

#[tokio::test]
async fn ce_qui_est_fait_depuis_longtemps_s_efface_par_lots_et_ce_qui_attend_reste() {
    const FAITS: u128 = 2_500;
    for test in databases().await {
        let settings = Settings {
            outbox_days: 7,
            ..Settings::default()
        };
        let app = testing::app(&test.db, &[], settings).await;
        let mut tx = app.db.write().await.unwrap();
        for id in 0..FAITS + 2 {
            let id = Uuid::from_u128(id);
            outbox::publish(&mut tx, id, instant(), "essai", json!({}))
                .await
                .unwrap();
        }
        let event = |id: u128| Event {
            id: Uuid::from_u128(id),
            at: instant(),
            topic: "essai".to_owned(),
            object: None,
            payload: json!({}),
            attempts: 0,
        };
        for id in 0..FAITS {
            outbox::finish(&mut tx, &event(id), instant()).await.unwrap();
        }
        let hier = instant().plus_seconds(6 * 86_400);
        outbox::finish(&mut tx, &event(FAITS), hier).await.unwrap();
        tx.commit().await.unwrap();
        let restent = async || {
            schema::count(&mut app.db.read().await.unwrap(), "outbox")
                .await
                .unwrap()
        };

        app.clock.set(instant().plus_seconds(7 * 86_400));
        assert_eq!(outbox::purge_once(&app, instant()).await.unwrap(), 0);
        assert_eq!(restent().await, 2_502, "sept jours ne sont pas encore passés");
        app.clock.set(instant().plus_seconds(7 * 86_400 + 1));
        let mut lots = Vec::new();
        while outbox::purge_once(&app, instant()).await.unwrap() > 0 {
            lots.push(restent().await);
        }
        assert_eq!(lots, [1_502, 502, 2]);
        assert_eq!(restent().await, 2, "l’un attend, l’autre est fait de la veille");
    }
}

#[tokio::test]
async fn une_ligne_de_valeurs_se_repete() {
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        let insert = sql!(
            "INSERT INTO read_version (name, version) VALUES ($1, $2)
              ON CONFLICT (name) DO NOTHING"
        );
        let values = params!["a", 1_i64, "b", 2_i64, "a", 3_i64];
        assert_eq!(tx.execute(insert.with_rows(3), &values).await.unwrap(), 2);
        let rows: Vec<(String, i64)> = tx
            .fetch_all(sql!("SELECT name, version FROM read_version ORDER BY name"), &[])
            .await
            .unwrap();
        assert_eq!(rows, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
    }
}

#[tokio::test]
async fn une_liste_de_valeurs_se_deplie() {
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        for name in ["a", "b", "c"] {
            outbox::bump_version(&mut tx, name).await.unwrap();
        }
        let query = sql!("SELECT name FROM read_version WHERE version = $1 AND name IN ($2, ...) ORDER BY name");
        let rows: Vec<(String,)> = tx
            .fetch_all(query.with_list(2, 2), &params![1_i64, "a", "c"])
            .await
            .unwrap();
        assert_eq!(rows, [("a".to_owned(),), ("c".to_owned(),)]);
    }
}

#[tokio::test]
async fn un_instant_d_avant_l_histoire_se_compare_sur_les_deux_moteurs() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        publish(&app, 1, "essai").await;
        let mut tx = app.db.read().await.unwrap();
        for instant in ["-009000-01-01T00:00:00Z", "-009999-06-01T00:00:00Z"] {
            let bound: Instant = instant.parse().unwrap();
            let (after,): (i64,) = tx
                .fetch_one(sql!("SELECT COUNT(*) FROM outbox WHERE at > $1"), &params![bound])
                .await
                .unwrap();
            assert_eq!(after, 1, "{instant}");
        }
    }
}
