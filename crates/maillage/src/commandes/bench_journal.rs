//! The measure of the journal for `make bench`, on SQLite: how fast lines are added, linked and checked, and what must follow taken and done.

use crate::{
    cli::journal::BenchJournal,
    fin::{Fin, Issue},
};
use serde_json::json;
use socle::{
    App, AppBuilder, Settings,
    clock::Clock,
    db::{Db, DbOptions},
    ids::Ids,
    journal::{self, Entry},
    outbox::{self, publish_in_order as queue},
    permissions::Actor,
    secrets::Keys,
};
use std::time::Instant as Stopwatch;
use uuid::Uuid;

/// Clients that write at once, and lines that each of them writes one by one.
const CLIENTS: u32 = 8;
const ALONE: u32 = 1000;
/// Lines a transaction when they are written together.
const TOGETHER: u32 = 1000;
/// Events that wait, and the objects that they are about, each of whose events are done in order.
const EVENTS: u32 = 10_000;
const OBJECTS: u32 = 3;

/// Writes, links and checks lines in a database of its own, and says how long each took, as JSON.
pub async fn run(args: BenchJournal) -> Result<Issue, Fin> {
    let folder = std::env::temp_dir().join(format!("maillage-{}", Uuid::new_v4()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(&folder.join("banc.sqlite").display().to_string(), args.rows).await;
    std::fs::remove_dir_all(&folder)?;
    println!("{}", measured?);
    Ok(Issue::Faite)
}

async fn measure(file: &str, rows: u32) -> Result<serde_json::Value, Fin> {
    let clock = Clock::system();
    let db = Db::open(&DbOptions::new(file)).await?;
    db.migrate(clock.now()).await?;
    let settings = Settings {
        keys: Keys::ephemeral(),
        ..Settings::default()
    };
    let app = AppBuilder::new(db, clock, Ids::random(), settings).start(&[]).await?;
    let alone = alone(&app).await?;
    let begun = Stopwatch::now();
    for _ in 0..rows.div_ceil(TOGETHER) {
        write(&app, TOGETHER).await?;
    }
    let together = begun.elapsed().as_secs_f64();
    let begun = Stopwatch::now();
    while journal::seal_pending(&app).await? > 0 {}
    let linked = begun.elapsed().as_secs_f64();
    let begun = Stopwatch::now();
    let report = journal::verify(&app.db, &app.settings.keys, None).await?;
    let checked = begun.elapsed().as_secs_f64();
    let followed = follow(&app).await?;
    app.db.close().await;
    if let Some(broken) = report.broken {
        return Err(Fin::Refus(broken.to_string()));
    }
    let written = f64::from(rows.div_ceil(TOGETHER) * TOGETHER);
    Ok(json!({
        "ajouts_par_seconde_un_par_transaction": f64::from(CLIENTS * ALONE) / alone,
        "ajouts_par_seconde_mille_par_transaction": written / together,
        "maillons_par_seconde": report.links as f64 / linked,
        "maillons_verifies": report.links,
        "verification_secondes": checked,
        "suites_par_seconde": f64::from(EVENTS) / followed,
    }))
}

/// How long a queue of events of few objects takes to be emptied, one event a transaction, in seconds.
async fn follow(app: &App) -> Result<f64, Fin> {
    let mut tx = app.db.write().await?;
    for number in 0..EVENTS {
        let at = app.clock.now();
        let object = format!("banc-{}", number % OBJECTS);
        // Nobody hears of it: it is no topic of a module.
        queue(&mut tx, (app.ids.next(at), at), "banc", &object, json!({})).await?;
    }
    tx.commit().await?;
    let begun = Stopwatch::now();
    while outbox::work_once(app, &[]).await? {}
    Ok(begun.elapsed().as_secs_f64())
}

/// How long the clients take to write their lines one by one, in seconds.
async fn alone(app: &App) -> Result<f64, Fin> {
    let begun = Stopwatch::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                for _ in 0..ALONE {
                    write(&app, 1).await?;
                }
                Ok::<_, sqlx::Error>(())
            })
        })
        .collect();
    for client in clients {
        client.await.map_err(std::io::Error::from)??;
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Writes lines in one transaction.
async fn write(app: &App, lines: u32) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    for number in 0..lines {
        let at = app.clock.now();
        let entry = Entry::new(&app.ids, at, &Actor::operator(), "MesurerJournal", ("banc", number))
            .detail(json!({ "numero": number, "etat": "depose", "motif": null }));
        journal::write(&mut tx, &app.settings.keys, entry).await?;
    }
    tx.commit().await
}
