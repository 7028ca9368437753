//! A key replaced while the service runs: everything sealed follows, and an interruption loses nothing.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use socle::{
    App, AppBuilder, MODULE, Settings,
    clock::Clock,
    db::{Db, rotate::rotate},
    ids::Ids,
    secrets::Keys,
    sms::{self, Sms},
    sql,
    testing::{databases, instant},
    webhook::{self, NewWebhook},
};
use std::time::Duration;

fn keys(seeds: &[u8]) -> Keys {
    Keys::new(&seeds.iter().map(|seed| [*seed; 32]).collect::<Vec<_>>()).unwrap()
}

async fn app(db: &Db, seeds: &[u8], seed: u64) -> App {
    let settings = Settings {
        keys: keys(seeds),
        ..Settings::default()
    };
    let builder = AppBuilder::new(db.clone(), Clock::fixed(instant()), Ids::seeded(seed), settings);
    builder.start(&[]).await.unwrap()
}

async fn write(app: &App, letters: u32) {
    let mut tx = app.db.write().await.unwrap();
    for n in 0..letters {
        let sms = Sms {
            kind: "essai",
            to: format!("+336{n:08}"),
            text: format!("message {n}"),
            about: None,
        };
        sms::queue(&mut tx, app, sms).await.unwrap();
    }
    let new = NewWebhook {
        owner: "O:1".into(),
        url: "https://exemple.fr/".into(),
        topics: vec!["essai".into()],
    };
    webhook::register(&mut tx, app, new).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many recipients these keys open.
async fn readable(db: &Db, keys: &Keys) -> usize {
    let rows: Vec<(Vec<u8>,)> = db
        .read()
        .await
        .unwrap()
        .fetch_all(sql!("SELECT recipient FROM letter WHERE recipient IS NOT NULL"), &[])
        .await
        .unwrap();
    rows.iter().filter(|row| keys.open("mail", &row.0).is_ok()).count()
}

#[tokio::test]
async fn chaque_secret_passe_a_la_nouvelle_cle_et_une_fois_suffit() {
    for test in databases().await {
        write(&app(&test.db, &[1], 1).await, 1200).await;
        let both = keys(&[2, 1]);
        // Cut on its way, it goes on where it stopped.
        let cut = rotate(&test.db, &both, MODULE.sealed);
        let _ = tokio::time::timeout(Duration::from_millis(40), cut).await;
        write(&app(&test.db, &[2, 1], 2).await, 3).await;
        let done = rotate(&test.db, &both, MODULE.sealed).await.unwrap();
        let seen: Vec<_> = done.iter().map(|r| (r.table, r.column, r.seen, r.unreadable)).collect();
        assert_eq!(
            seen,
            [
                ("letter", "recipient", 1203, 0),
                ("letter", "content", 1203, 0),
                ("webhook", "secret", 2, 0),
                // No line of the journal concerns a person here.
                ("journal_key", "sealed", 0, 0),
            ]
        );
        assert_eq!(readable(&test.db, &keys(&[2])).await, 1203);
        let again = rotate(&test.db, &both, MODULE.sealed).await.unwrap();
        assert!(again.iter().all(|r| r.resealed == 0), "{again:?}");
    }
}

#[tokio::test]
async fn ce_qu_aucune_cle_n_ouvre_est_compte_et_laisse_en_place() {
    for test in databases().await {
        write(&app(&test.db, &[1], 1).await, 2).await;
        write(&app(&test.db, &[3], 2).await, 1).await;
        let done = rotate(&test.db, &keys(&[2, 1]), MODULE.sealed).await.unwrap();
        assert_eq!((done[0].resealed, done[0].unreadable), (2, 1));
        assert_eq!(readable(&test.db, &keys(&[3])).await, 1);
    }
}
