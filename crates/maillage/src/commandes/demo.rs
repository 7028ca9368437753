//! `demo`: a database of invented places, made once, then served.

use super::{contexte, serve};
use crate::{
    cli::{Demo, Source},
    demo::{self, Plan},
    fin::{Fin, Interruption, Issue},
    progres::Progres,
};
use comptes::{
    domain::attribution::Attribution,
    store::{perimetre, personne},
};
use lieux::{domain::lieu::Lieu, store::lieu as store};
use serde_json::json;
use socle::{
    change::Stored,
    clock::{Clock, Day},
    db::{Db, DbOptions, Tx},
    files::Partial,
    ids::Ids,
    journal, outbox,
    permissions::Actor,
    secrets::Keys,
    telemetry,
};
use std::path::{Path, PathBuf};
use territoire::Referentiel;

/// Raised when the same seed begins to give other places, so that a database of a former program is not taken for it.
const EDITION: u32 = 3;

/// Makes the database unless it is there, then serves it.
pub async fn run(args: Demo) -> Result<Issue, Fin> {
    let file = file(&args);
    let given = [("listen", &args.listen), ("public_url", &args.public_url)];
    let flags = given
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    let source = Source {
        config: None,
        database: Some(file.display().to_string()),
    };
    let config = contexte::config(&source, flags.collect())?;
    if !file.exists() {
        let plan = Plan {
            seed: args.seed,
            places: args.places as usize,
            date: args.date.unwrap_or_else(today),
        };
        creer(plan, &file).await?;
    }
    if args.only_create {
        println!("{}", file.display());
        return Ok(Issue::Faite);
    }
    telemetry::start(config.log);
    let db = contexte::open(&config).await?;
    serve::serve(config, db, true).await
}

fn file(args: &Demo) -> PathBuf {
    let date = args.date.map(|date| format!("-{date}")).unwrap_or_default();
    args.data
        .join(format!("demo-{EDITION}-{}-{}{date}.sqlite", args.seed, args.places))
}

fn today() -> Day {
    Clock::system().now().day_in("Europe/Paris")
}

/// Writes the whole database beside its place, then gives it its name.
async fn creer(plan: Plan, file: &Path) -> Result<(), Fin> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut interruption = Interruption::watch()?;
    let partial = Partial::beside(file)?;
    let db = Db::open(&DbOptions::new(partial.path().to_string_lossy())).await?;
    let done = interruption.during(remplir(&db, plan)).await;
    // Closed before the partial file goes, so that nothing writes it again.
    db.close().await;
    done?;
    Ok(partial.keep()?)
}

async fn remplir(db: &Db, plan: Plan) -> Result<(), Fin> {
    db.migrate(demo::at(plan.date)).await?;
    let lieux = demo::lieux(plan, Referentiel::embarque());
    ecrire(db, plan, &lieux).await
}

/// Writes the places in one transaction.
async fn ecrire(db: &Db, plan: Plan, lieux: &[Lieu]) -> Result<(), Fin> {
    let mut progres = Progres::new("Création des lieux de démonstration", lieux.len() as u64);
    let at = demo::at(plan.date);
    let mut tx = db.write().await?;
    for (done, lieu) in (1..).zip(lieux) {
        store::creer(&mut tx, lieu, at).await?;
        progres.at(done);
    }
    // Another stream than the places', which begins at the seed.
    let ids = Ids::seeded(!plan.seed);
    let entry = journal::Entry::new(&ids, at, &Actor::operator(), "CreerDemonstration", ("base", plan.seed));
    // The line concerns nobody: no key is kept with it.
    journal::write(
        &mut tx,
        &Keys::ephemeral(),
        entry.detail(json!({ "lieux": lieux.len() })),
    )
    .await?;
    outbox::bump_version(&mut tx, "lieux").await?;
    // A stream of their own, so that more places do not make other people.
    let ids = Ids::seeded(plan.seed.rotate_left(32) ^ 0x6765_6e73);
    peupler(&mut tx, &ids, plan.date).await?;
    tx.commit().await?;
    progres.done(&format!("{} lieux", lieux.len()));
    Ok(())
}

/// Writes the organisations, the groups and the people.
async fn peupler(tx: &mut Tx, ids: &Ids, date: Day) -> Result<(), Fin> {
    let at = demo::at(date);
    let structures = demo::structures::structures(ids, at, date);
    for organisation in &structures.organisations {
        organisation.insert(tx).await?;
    }
    for groupe in &structures.groupes {
        groupe.insert(tx).await?;
    }
    for figurant in demo::gens::gens(ids, at, date, &structures) {
        figurant.personne.insert(tx).await?;
        personne::ajouter_contact(tx, &figurant.contact).await?;
        for attribution in figurant.attributions {
            // The territories of an organisation or a group are read from what was just written.
            let portee = perimetre::portee(tx, &attribution.perimetre, date).await?;
            let portee = portee.map_or_else(|| attribution.portee.clone(), |portee| portee.codes());
            Attribution { portee, ..attribution }.insert(tx).await?;
        }
    }
    Ok(())
}
