//! What an operator does with a database: check, back up, restore, copy.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use serde_json::json;
use socle::{
    db::{
        Db, DbOptions,
        backup::{self, BackupError},
        schema,
        transfer::{self, CopyError},
    },
    outbox, params, sql,
    testing::{self, TestDb, databases, instant},
};
use std::path::{Path, PathBuf};
use uuid::Uuid;

fn folder(test: &TestDb) -> PathBuf {
    Path::new(&test.url).parent().unwrap().to_owned()
}

async fn fill(db: &Db, rows: u32) {
    let mut tx = db.write().await.unwrap();
    for n in 0..rows {
        let payload = json!({ "numero": n, "accent": "é", "reel": 1.5, "vide": null });
        outbox::publish(
            &mut tx,
            Uuid::from_u128(n.into()),
            instant().plus_seconds(n.into()),
            "essai",
            payload,
        )
        .await
        .unwrap();
    }
    outbox::bump_version(&mut tx, "essai").await.unwrap();
    tx.execute(
        sql!("INSERT INTO lease (name, holder, until) VALUES ('a', $1, $2)"),
        &params![Uuid::from_u128(9), instant()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn count(db: &Db, table: &str) -> i64 {
    schema::count(&mut db.read().await.unwrap(), table).await.unwrap()
}

#[tokio::test]
async fn une_base_neuve_passe_la_verification_et_une_base_abimee_non() {
    for test in databases().await {
        fill(&test.db, 3).await;
        let report = backup::check(&test.db).await.unwrap();
        assert_eq!(report.faults, Vec::<String>::new());
        assert!(report.tables.contains(&("outbox".to_owned(), 3)));
        let mut tx = test.db.write().await.unwrap();
        tx.execute(sql!("ALTER TABLE outbox DROP COLUMN failure"), &[])
            .await
            .unwrap();
        tx.execute(sql!("DROP TABLE lease"), &[]).await.unwrap();
        tx.commit().await.unwrap();
        let report = backup::check(&test.db).await.unwrap();
        assert_eq!(
            report.faults,
            ["la table « lease » manque", "la colonne « outbox.failure » manque"]
        );
    }
}

#[tokio::test]
async fn une_sauvegarde_faite_pendant_les_ecritures_se_restaure_entiere() {
    let test = testing::sqlite().await;
    fill(&test.db, 50).await;
    let file = folder(&test).join("sauvegarde.sqlite");
    let other = Db::open(&DbOptions::new(test.url.clone())).await.unwrap();
    let mut open = test.db.write().await.unwrap();
    outbox::bump_version(&mut open, "pendant").await.unwrap();
    backup::backup(&other, &file).await.unwrap();
    open.commit().await.unwrap();
    assert!(matches!(
        backup::backup(&other, &file).await,
        Err(BackupError::Exists(_))
    ));

    let target = DbOptions::new(folder(&test).join("neuve.sqlite").display().to_string());
    assert_eq!(backup::restore(&file, &target).await.unwrap(), None);
    let restored = Db::open(&target).await.unwrap();
    assert_eq!(
        (count(&restored, "outbox").await, count(&restored, "read_version").await),
        (50, 1)
    );
    assert_eq!(backup::check(&restored).await.unwrap().faults, Vec::<String>::new());
    restored.close().await;
    let mut names: Vec<_> = std::fs::read_dir(folder(&test))
        .unwrap()
        .map(|f| f.unwrap().file_name())
        .collect();
    names.retain(|name| name.to_string_lossy().contains("en-cours"));
    assert!(names.is_empty(), "{names:?}");
}

#[tokio::test]
async fn une_restauration_garde_l_ancienne_base_et_refuse_une_base_ouverte_ou_un_fichier_quelconque() {
    let (old, new) = (testing::sqlite().await, testing::sqlite().await);
    fill(&old.db, 2).await;
    fill(&new.db, 7).await;
    let file = folder(&new).join("sauvegarde.sqlite");
    backup::backup(&new.db, &file).await.unwrap();
    let target = DbOptions::new(old.url.clone());
    assert!(matches!(
        backup::restore(&file, &target).await,
        Err(BackupError::InUse(_))
    ));
    assert_eq!(count(&old.db, "outbox").await, 2);
    old.db.close().await;
    let any = folder(&new).join("notes.txt");
    std::fs::write(&any, "Ceci n’est pas une base.").unwrap();
    assert!(matches!(
        backup::restore(&any, &target).await,
        Err(BackupError::Unusable { .. })
    ));
    let former = backup::restore(&file, &target).await.unwrap().unwrap();
    for (path, rows) in [(old.url.clone(), 7), (former.display().to_string(), 2)] {
        let db = Db::open(&DbOptions::new(path)).await.unwrap();
        assert_eq!(count(&db, "outbox").await, rows);
        db.close().await;
    }
}

#[tokio::test]
async fn une_base_se_copie_vers_postgresql_a_l_identique_et_une_seule_fois() {
    let [sqlite, postgres] = &databases().await[..] else {
        return;
    };
    fill(&sqlite.db, 2500).await;
    let copied = transfer::copy(&sqlite.db, &postgres.db, instant(), |_| {})
        .await
        .unwrap();
    let rows = |table: &str| copied.iter().find(|t| t.table == table).map(|t| t.rows);
    assert_eq!(
        (rows("outbox"), rows("lease"), rows("journal")),
        (Some(2500), Some(1), Some(0))
    );
    let mut tx = postgres.db.read().await.unwrap();
    let one: (Uuid, serde_json::Value) = tx
        .fetch_one(
            sql!("SELECT id, payload FROM outbox WHERE id = $1"),
            &params![Uuid::from_u128(7)],
        )
        .await
        .unwrap();
    assert_eq!((one.0, &one.1["numero"]), (Uuid::from_u128(7), &json!(7)));
    drop(tx);
    let again = transfer::copy(&sqlite.db, &postgres.db, instant(), |_| {}).await;
    assert!(matches!(again, Err(CopyError::NotEmpty(_))), "{again:?}");
    let backwards = transfer::copy(&postgres.db, &sqlite.db, instant(), |_| {}).await;
    assert!(matches!(backwards, Err(CopyError::Engines)));
}
