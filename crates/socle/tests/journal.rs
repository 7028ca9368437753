//! The sealed journal, by the same tests on SQLite and PostgreSQL: what is written is chained, what is erased breaks nothing, two nodes make one
//! chain, and whatever is tampered with is named.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod sabotage;

use sabotage::{Dossier, Saboteur};
use serde_json::json;
use socle::{
    App, Settings,
    db::{
        Db, Engine,
        roles::{self, RoleError},
        schema, transfer,
    },
    journal::{self, Entry, Fault, Link, Report, SealError},
    permissions::{Actor, Everything, Grant, authorise},
    testing::{self, TestDb, databases, instant, keys},
};
use std::path::Path;
use uuid::Uuid;

const NADIA: Uuid = Uuid::from_u128(0xa);
const PAUL: Uuid = Uuid::from_u128(0xb);

fn nadia() -> Actor {
    Actor::signed_in(NADIA).with(Grant::over("Prefecture", "D:69"))
}

async fn application(db: &Db, folder: Option<&Path>) -> App {
    let settings = Settings {
        keys: keys(),
        journal_heads: folder.map(Path::to_owned),
        ..Settings::default()
    };
    testing::app(db, &[], settings).await
}

/// Writes a line by Nadia about Paul, in its own transaction.
async fn write(app: &App, numero: u32) -> Uuid {
    let at = app.clock.now();
    let entry = Entry::new(&app.ids, at, &nadia(), "DeciderEssai", ("dossier", numero))
        .detail(json!({ "numero": numero }))
        .about(Link::Concerne, PAUL);
    let id = entry.id;
    let mut tx = app.db.write().await.unwrap();
    journal::write(&mut tx, &app.settings.keys, entry).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn seal_all(app: &App) -> usize {
    let mut sealed = 0;
    loop {
        match journal::seal_pending(app).await.unwrap() {
            0 => return sealed,
            n => sealed += n,
        }
    }
}

async fn verify(app: &App) -> Report {
    let folder = app.settings.journal_heads.as_deref();
    journal::verify(&app.db, &app.settings.keys, folder).await.unwrap()
}

/// Eight lines in two batches, the first of which the seal of 2 March covers, with heads and seals kept in a folder.
async fn histoire(test: &TestDb, dossier: &Dossier) -> (App, Vec<Uuid>) {
    let app = application(&test.db, Some(dossier.path())).await;
    let yesterday = instant().plus_seconds(-86_400);
    let mut lines = Vec::new();
    for numero in 1..=8_i64 {
        if numero == 5 {
            seal_all(&app).await;
            app.clock.set(instant());
            assert!(journal::seal_day(&app).await.unwrap());
        }
        let base = if numero < 5 { yesterday } else { instant() };
        app.clock.set(base.plus_seconds(numero));
        lines.push(write(&app, u32::try_from(numero).unwrap()).await);
    }
    seal_all(&app).await;
    (app, lines)
}

#[tokio::test]
async fn ce_qui_est_ecrit_est_enchaine_puis_scelle_chaque_jour() {
    for test in databases().await {
        let dossier = Dossier::new();
        let (app, _) = histoire(&test, &dossier).await;
        assert!(!journal::seal_day(&app).await.unwrap(), "a day is sealed once");
        let report = verify(&app).await;
        let expected = Report {
            links: 8,
            commitments: 16,
            seals: 1,
            heads: 2,
            ..Report::default()
        };
        assert_eq!(report, expected);
        assert_eq!(std::fs::read_dir(dossier.path().join("sceaux")).unwrap().count(), 1);
        write(&app, 9).await;
        assert_eq!(verify(&app).await, Report { pending: 1, ..expected });
    }
}

#[tokio::test]
async fn une_ligne_ne_dit_le_nom_de_personne() {
    for test in databases().await {
        let app = application(&test.db, None).await;
        write(&app, 1).await;
        let mut tx = app.db.read().await.unwrap();
        let line = journal::about(&mut tx, "dossier", "1", 1).await.unwrap().remove(0);
        assert_eq!(
            (line.actor.as_str(), line.function.as_str(), line.perimeter.as_str()),
            ("Prefecture D:69", "Prefecture", "D:69")
        );
        let told = format!("{line:?}");
        assert!(
            !told.contains(&NADIA.to_string()) && !told.contains(&PAUL.to_string()),
            "{told}"
        );
        assert_eq!(line.commitments.as_array().map(Vec::len), Some(2));
    }
}

socle::permissions! {
    /// Say that something is wrong.
    SignalerEssai: Public Partout;
}

#[test]
fn une_ligne_dit_la_qualite_qui_a_permis_et_non_la_derniere_tenue() {
    let ids = socle::ids::Ids::seeded(1);
    let permit = authorise::<SignalerEssai>(&nadia(), &Everything).unwrap();
    let line = Entry::under(&ids, instant(), &permit, "OuvrirEssai", ("dossier", 1));
    assert_eq!((line.function.as_str(), line.perimeter.as_str()), ("Public", ""));
    assert_eq!(
        (line.action.as_str(), line.people),
        ("OuvrirEssai", vec![(Link::Acteur, NADIA)])
    );
}

#[tokio::test]
async fn effacer_une_personne_ne_rompt_aucun_maillon() {
    for test in databases().await {
        let dossier = Dossier::new();
        let (app, _) = histoire(&test, &dossier).await;
        write(&app, 9).await;
        let entry = Entry::new(
            &app.ids,
            app.clock.now(),
            &Actor::operator(),
            "EffacerPersonne",
            ("personne", ""),
        );
        let mut tx = app.db.write().await.unwrap();
        assert_eq!(journal::forget(&mut tx, &keys(), PAUL, entry).await.unwrap(), 9);
        tx.commit().await.unwrap();
        for links in [8, 10] {
            let report = verify(&app).await;
            assert_eq!((report.links, report.forgotten, &report.broken), (links, 9, &None));
            seal_all(&app).await;
        }
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(
            schema::count(&mut tx, "journal_key").await.unwrap(),
            1,
            "only Nadia’s is left"
        );
    }
}

#[tokio::test]
async fn deux_noeuds_qui_scellent_ensemble_font_une_seule_chaine() {
    for test in databases().await {
        let app = application(&test.db, None).await;
        for numero in 0..60 {
            write(&app, numero).await;
        }
        let nodes = (0..4).map(|_| {
            let app = app.clone();
            tokio::spawn(async move { seal_all(&app).await })
        });
        let mut sealed = 0;
        for node in nodes.collect::<Vec<_>>() {
            sealed += node.await.unwrap();
        }
        assert_eq!(sealed, 60);
        let report = verify(&app).await;
        assert_eq!((report.links, report.pending, report.broken), (60, 0, None));
    }
}

#[tokio::test]
async fn rien_n_est_scelle_apres_une_falsification() {
    for test in databases().await {
        let dossier = Dossier::new();
        let (app, _) = histoire(&test, &dossier).await;
        Saboteur::new(&test)
            .await
            .run("DELETE FROM journal_chain WHERE seq = 8")
            .await;
        write(&app, 9).await;
        assert!(matches!(journal::seal_pending(&app).await, Err(SealError::Broken)));
        let report = verify(&app).await;
        assert_eq!(report.broken.and_then(|b| b.seq), Some(8));
    }
}

/// What must be named: the rank of the link, and what is wrong with it.
type Named = (Option<i64>, Fault);

/// A way to tamper: its name, its statements (`{3}` is the identifier of the third line), and what must be named.
type Case = (&'static str, &'static [&'static str], Named);

fn day() -> socle::clock::Day {
    instant().day_in("Europe/Paris").yesterday().unwrap()
}

/// Every way that SQL alone describes.
fn cases() -> Vec<Case> {
    use Fault::*;
    let at = |seq: i64, fault: Fault| (Some(seq), fault);
    vec![
        (
            "octet changé : id",
            &["UPDATE journal SET id = {new} WHERE id = {3}"],
            at(3, LineRemoved),
        ),
        (
            "octet changé : at",
            &["UPDATE journal SET at = '2026-03-02T09:00:03.000001Z' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : actor",
            &["UPDATE journal SET actor = 'Prefecture D:68' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : function",
            &["UPDATE journal SET function = 'Prefecturf' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : perimeter",
            &["UPDATE journal SET perimeter = 'D:68' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : action",
            &["UPDATE journal SET action = 'DeciderEssaj' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : object_kind",
            &["UPDATE journal SET object_kind = 'dossies' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : object_id",
            &["UPDATE journal SET object_id = '4' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "octet changé : detail",
            &[r#"UPDATE journal SET detail = '{"numero":4}' WHERE id = {3}"#],
            at(3, Changed),
        ),
        (
            "octet changé : commitments",
            &["UPDATE journal SET commitments = '[]' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "texte déplacé d’une colonne à sa voisine",
            &["UPDATE journal SET object_kind = 'dossier3', object_id = '' WHERE id = {3}"],
            at(3, Changed),
        ),
        (
            "deux lignes changées : la première est nommée",
            &["UPDATE journal SET action = 'X' WHERE id IN ({7}, {2})"],
            at(2, Changed),
        ),
        (
            "ligne retirée",
            &["DELETE FROM journal WHERE id = {3}"],
            at(3, LineRemoved),
        ),
        (
            "première ligne retirée",
            &["DELETE FROM journal WHERE id = {1}"],
            at(1, LineRemoved),
        ),
        (
            "ligne et maillon retirés",
            &[
                "DELETE FROM journal WHERE id = {3}",
                "DELETE FROM journal_chain WHERE seq = 3",
            ],
            at(3, LinkRemoved),
        ),
        (
            "ligne et maillon retirés, rangs resserrés",
            &[
                "DELETE FROM journal WHERE id = {3}",
                "DELETE FROM journal_chain WHERE seq = 3",
                "UPDATE journal_chain SET seq = seq - 1 WHERE seq = 4",
            ],
            at(3, Changed),
        ),
        (
            "maillons échangés",
            &[
                "UPDATE journal_chain SET journal_id = {new} WHERE seq = 3",
                "UPDATE journal_chain SET journal_id = {3} WHERE seq = 4",
                "UPDATE journal_chain SET journal_id = {4} WHERE seq = 3",
            ],
            at(3, Changed),
        ),
        (
            "contenus échangés",
            &[
                "UPDATE journal SET id = {new} WHERE id = {3}",
                "UPDATE journal SET id = {3} WHERE id = {4}",
                "UPDATE journal SET id = {4} WHERE id = {new}",
            ],
            at(3, Changed),
        ),
        (
            "empreinte changée",
            &["UPDATE journal_chain SET hash = {hash} WHERE seq = 4"],
            at(4, Changed),
        ),
        (
            "ligne insérée dans le journal",
            &[
                "INSERT INTO journal (id, at, actor, action, object_kind, object_id, detail) VALUES ({new}, '2026-03-02T09:00:03.500000Z', 'Operateur', 'X', 'x', 'x', '{}')",
            ],
            (None, Inserted),
        ),
        (
            "ligne insérée avec un maillon de rang 0",
            &[
                "INSERT INTO journal (id, at, actor, action, object_kind, object_id, detail) VALUES ({new}, '2026-03-02T09:00:03.500000Z', 'Operateur', 'X', 'x', 'x', '{}')",
                "INSERT INTO journal_chain (seq, journal_id, hash) VALUES (0, {new}, {hash})",
            ],
            (None, Inserted),
        ),
        (
            "ligne insérée avec un maillon de rang -1",
            &[
                "INSERT INTO journal (id, at, actor, action, object_kind, object_id, detail) VALUES ({new}, '2026-03-02T09:00:03.500000Z', 'Operateur', 'X', 'x', 'x', '{}')",
                "INSERT INTO journal_chain (seq, journal_id, hash) VALUES (-1, {new}, {hash})",
            ],
            (None, Inserted),
        ),
        (
            "maillon ajouté au bout",
            &[
                "UPDATE journal_chain SET seq = 9 WHERE seq = 8",
                "INSERT INTO journal_chain (seq, journal_id, hash) SELECT 8, {new}, hash FROM journal_chain WHERE seq = 7",
            ],
            at(8, LineRemoved),
        ),
        (
            "fin coupée",
            &[
                "DELETE FROM journal_chain WHERE seq > 6",
                "DELETE FROM journal WHERE id IN ({7}, {8})",
            ],
            at(7, Cut),
        ),
        (
            "chaîne vidée",
            &[
                "DELETE FROM journal_chain",
                "DELETE FROM journal",
                "DELETE FROM journal_head",
                "DELETE FROM journal_seal",
            ],
            at(1, SealRemoved(day())),
        ),
        ("tête retirée", &["DELETE FROM journal_head"], at(8, HeadRemoved)),
        (
            "tête forgée",
            &["UPDATE journal_head SET hash = {hash}"],
            at(8, HeadForged),
        ),
        (
            "sceau forgé : empreinte",
            &["UPDATE journal_seal SET hash = {hash}"],
            at(4, SealForged(day())),
        ),
        (
            "sceau forgé : signature",
            &["UPDATE journal_seal SET signature = public_key"],
            at(4, SealForged(day())),
        ),
        (
            "sceau forgé : rang",
            &["UPDATE journal_seal SET seq = 3"],
            at(3, SealForged(day())),
        ),
        ("sceau retiré", &["DELETE FROM journal_seal"], at(4, SealRemoved(day()))),
        (
            "personne déplacée",
            &["UPDATE journal_person SET person_id = {nadia} WHERE journal_id = {3} AND rank = 1"],
            at(3, PersonMoved),
        ),
        (
            "sens d’un lien changé",
            &["UPDATE journal_person SET link = 'objet' WHERE journal_id = {3} AND rank = 1"],
            at(3, PersonMoved),
        ),
        (
            "lien avec une personne retiré",
            &["DELETE FROM journal_person WHERE journal_id = {3} AND rank = 1"],
            at(3, PersonRemoved),
        ),
        (
            "lien avec une personne ajouté",
            &["INSERT INTO journal_person (journal_id, rank, link, person_id) VALUES ({3}, 2, 'objet', {nadia})"],
            at(3, PersonMoved),
        ),
        (
            "clé d’une personne changée",
            &["UPDATE journal_key SET sealed = {hash} WHERE person_id = {nadia}"],
            at(1, KeyChanged),
        ),
        (
            "personne vidée sans effacement",
            &["UPDATE journal_person SET person_id = NULL WHERE journal_id = {3} AND rank = 1"],
            (None, Forgotten { found: 1, said: 0 }),
        ),
    ]
}

#[tokio::test]
async fn chaque_falsification_est_trouvee_et_son_premier_maillon_nomme() {
    let mut wrong = Vec::new();
    for (name, statements, (seq, fault)) in cases() {
        for test in databases().await {
            let dossier = Dossier::new();
            let (app, lines) = histoire(&test, &dossier).await;
            let saboteur = Saboteur::new(&test).await;
            for statement in statements {
                saboteur.run(&saboteur.fill(statement, &lines)).await;
            }
            let broken = verify(&app).await.broken;
            let named = broken.clone().map(|broken| (broken.seq, broken.fault));
            if named != Some((seq, fault.clone())) {
                wrong.push(format!("{name} ({:?}) : {named:?}", test.db.engine()));
            }
            // What names a link that still has its line names the line too.
            let in_place = matches!(fault, Fault::Changed | Fault::PersonMoved) && seq.is_some();
            assert!(!in_place || broken.unwrap().journal_id.is_some(), "{name}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn chaque_colonne_du_journal_a_sa_falsification() {
    let cases = cases();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let columns = runtime.block_on(schema::expected()).unwrap().remove("journal").unwrap();
    for column in columns {
        let name = format!("octet changé : {}", column.name);
        assert!(cases.iter().any(|case| case.0 == name), "{name}");
    }
    assert!(cases.len() >= 30);
}

/// A tail cut with its head put back as it was at the sixth link: only what is kept outside the database shows it.
#[tokio::test]
async fn une_fin_coupee_avec_une_ancienne_tete_se_voit_par_le_dossier() {
    for test in databases().await {
        let dossier = Dossier::new();
        let app = application(&test.db, Some(dossier.path())).await;
        let saboteur = Saboteur::new(&test).await;
        let mut lines = Vec::new();
        for numero in 1..=6 {
            lines.push(write(&app, numero).await);
        }
        seal_all(&app).await;
        saboteur
            .run("CREATE TABLE ancienne AS SELECT * FROM journal_head")
            .await;
        lines.extend([write(&app, 7).await, write(&app, 8).await]);
        seal_all(&app).await;
        saboteur.run("DELETE FROM journal_head").await;
        saboteur
            .run("INSERT INTO journal_head (name, seq, hash, mac) SELECT name, seq, hash, mac FROM ancienne")
            .await;
        let named = verify(&app).await.broken.map(|b| (b.seq, b.fault));
        assert_eq!(named, Some((Some(7), Fault::Longer)), "a head replayed alone");
        saboteur.run("DELETE FROM journal_chain WHERE seq > 6").await;
        saboteur
            .run(&saboteur.fill("DELETE FROM journal WHERE id IN ({7}, {8})", &lines))
            .await;
        let named = verify(&app).await.broken.map(|b| (b.seq, b.fault));
        assert_eq!(named, Some((Some(7), Fault::Cut)));
    }
}

/// The whole chain made again by the program itself after a change: its hashes and head are right, and no longer those that were kept.
#[tokio::test]
async fn une_chaine_refaite_se_voit_par_le_dossier_et_par_les_sceaux_publies() {
    for test in databases().await {
        let dossier = Dossier::new();
        let (app, lines) = histoire(&test, &dossier).await;
        let saboteur = Saboteur::new(&test).await;
        for statement in [
            "UPDATE journal SET action = 'Autre' WHERE id = {3}",
            "DELETE FROM journal_chain",
            "DELETE FROM journal_head",
            "DELETE FROM journal_seal",
            "INSERT INTO journal_pending (at, journal_id) SELECT at, id FROM journal",
        ] {
            saboteur.run(&saboteur.fill(statement, &lines)).await;
        }
        seal_all(&app).await;
        let named = verify(&app).await.broken.map(|b| b.seq);
        assert_eq!(
            named,
            Some(Some(4)),
            "the head and the seal of the fourth link are kept"
        );
        std::fs::remove_dir_all(dossier.path().join("sceaux")).unwrap();
        let broken = verify(&app).await.broken.unwrap();
        assert!(matches!(broken.fault, Fault::HeadDiffers(_)), "{broken}");
        assert_eq!(broken.seq, Some(4));
    }
}

#[tokio::test]
async fn un_fichier_de_tetes_modifie_est_nomme_avec_sa_ligne() {
    let test = testing::sqlite().await;
    let dossier = Dossier::new();
    let (app, _) = histoire(&test, &dossier).await;
    let file = dossier.path().join("tetes/2026-03-02.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"seq\":4", "\"seq\":5")).unwrap();
    let broken = verify(&app).await.broken.unwrap();
    assert_eq!(broken.fault, Fault::FileForged(format!("{}, ligne 1", file.display())));
}

#[tokio::test]
async fn une_valeur_illisible_nomme_son_maillon() {
    let test = testing::sqlite().await;
    let dossier = Dossier::new();
    let (app, lines) = histoire(&test, &dossier).await;
    let saboteur = Saboteur::new(&test).await;
    saboteur
        .run(&saboteur.fill("UPDATE journal SET detail = '{' WHERE id = {5}", &lines))
        .await;
    let broken = verify(&app).await.broken.unwrap();
    assert_eq!(
        (broken.seq, broken.journal_id, broken.action.as_deref(), broken.fault),
        (Some(5), Some(lines[4]), Some("DeciderEssai"), Fault::Unreadable)
    );
}

#[tokio::test]
async fn les_declencheurs_refusent_de_changer_la_chaine_et_de_faire_reculer_la_tete() {
    for test in databases().await {
        let dossier = Dossier::new();
        let (_, lines) = histoire(&test, &dossier).await;
        let saboteur = Saboteur::honest(&test).await;
        let mut attempts = vec![
            "UPDATE journal_chain SET seq = 9 WHERE seq = 8",
            "DELETE FROM journal_chain",
            "INSERT INTO journal_chain (seq, journal_id, hash) VALUES (0, {new}, {hash})",
            "INSERT INTO journal_chain (seq, journal_id, hash) VALUES (-1, {new}, {hash})",
            "UPDATE journal_seal SET seq = 9",
            "DELETE FROM journal_seal",
            "UPDATE journal_head SET seq = 7",
            "DELETE FROM journal_head",
        ];
        match test.db.engine() {
            Engine::Sqlite => attempts.extend([
                "REPLACE INTO journal (id, at, actor, action, object_kind, object_id, detail) SELECT id, at, 'X', action, object_kind, object_id, detail FROM journal WHERE id = {3}",
                "REPLACE INTO journal_chain (seq, journal_id, hash) SELECT seq, journal_id, {hash} FROM journal_chain WHERE seq = 3",
                "REPLACE INTO journal_head (name, seq, hash, mac) SELECT name, 2, hash, mac FROM journal_head",
            ]),
            Engine::Postgres => attempts.extend(["TRUNCATE journal", "TRUNCATE journal_chain", "TRUNCATE journal_seal", "TRUNCATE journal_head"]),
        }
        for attempt in attempts {
            assert!(
                saboteur.try_run(&saboteur.fill(attempt, &lines)).await.is_err(),
                "{attempt}"
            );
        }
    }
}

/// The program itself inserts a seal that may be there: on SQLite, a replacement changes nothing rather than failing.
#[tokio::test]
async fn un_sceau_ne_se_remplace_pas() {
    let test = testing::sqlite().await;
    let dossier = Dossier::new();
    let (app, _) = histoire(&test, &dossier).await;
    let before = journal::seal_of_day(&mut app.db.read().await.unwrap(), day())
        .await
        .unwrap();
    Saboteur::honest(&test)
        .await
        .run("REPLACE INTO journal_seal (day, seq, hash, public_key, signature, at) SELECT day, 2, hash, public_key, signature, at FROM journal_seal")
        .await;
    let after = journal::seal_of_day(&mut app.db.read().await.unwrap(), day())
        .await
        .unwrap();
    assert_eq!((after.clone(), after.is_some()), (before, true));
}

#[tokio::test]
async fn une_tete_ecrite_a_moitie_ne_fait_pas_crier_a_la_falsification() {
    let test = testing::sqlite().await;
    let dossier = Dossier::new();
    let (app, _) = histoire(&test, &dossier).await;
    let file = dossier.path().join("tetes/2026-03-03.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    // A power cut took the end of the line.
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    write(&app, 9).await;
    seal_all(&app).await;
    let report = verify(&app).await;
    assert_eq!((report.heads, report.torn, report.broken), (2, 1, None));
    // A line that is whole, and that nobody could have cut, is a forgery.
    let told = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, told.replace("\"seq\":9", "\"seq\":8")).unwrap();
    let broken = verify(&app).await.broken.unwrap();
    assert!(matches!(broken.fault, Fault::FileForged(_)), "{broken}");
}

/// Each criterion has an index that serves it: the whole journal is never read.
#[tokio::test]
async fn une_recherche_ne_parcourt_pas_tout_le_journal() {
    let test = testing::sqlite().await;
    let source = include_str!("../src/journal/search.rs");
    let searches: Vec<_> = source
        .split("sql!(")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1))
        .filter(|text| text.contains("LIMIT $7"))
        .collect();
    assert_eq!(searches.len(), 5);
    let saboteur = Saboteur::honest(&test).await;
    for (search, index) in searches.into_iter().zip([
        "journal_person_person",
        "journal_at",
        "journal_kind",
        "journal_action",
        "journal_object",
    ]) {
        let plan = saboteur.plan(search).await;
        assert!(plan.contains(index) && !plan.contains("SCAN"), "{index} : {plan}");
    }
}

#[tokio::test]
async fn le_jour_n_est_scelle_qu_une_fois_ses_lignes_enchainees() {
    for test in databases().await {
        let app = application(&test.db, None).await;
        app.clock.set(instant().plus_seconds(-86_400));
        write(&app, 1).await;
        seal_all(&app).await;
        write(&app, 2).await;
        app.clock.set(instant());
        assert!(!journal::seal_day(&app).await.unwrap());
        seal_all(&app).await;
        assert!(journal::seal_day(&app).await.unwrap());
        let mut tx = app.db.read().await.unwrap();
        let seal = journal::seal_of_day(&mut tx, day()).await.unwrap().unwrap();
        assert_eq!((seal.seq, seal.is_authentic(&keys())), (2, true));
        let listed = journal::seals(&mut tx, app.clock.now().day_in("UTC"), 10)
            .await
            .unwrap();
        assert_eq!(listed, [seal]);
    }
}

#[tokio::test]
async fn une_personne_voit_ce_qui_la_concerne_sans_que_la_ligne_la_nomme() {
    for test in databases().await {
        let app = application(&test.db, None).await;
        let lines = [write(&app, 1).await, write(&app, 2).await, write(&app, 3).await];
        let at = app.clock.now();
        let replaced = Actor {
            really: Some(PAUL),
            ..Actor::signed_in(NADIA)
        };
        let entry = Entry::new(&app.ids, at, &replaced, "LireEssai", ("dossier", 4));
        assert_eq!(
            (entry.actor.as_str(), &entry.people[..]),
            ("Connecte", &[(Link::Acteur, PAUL), (Link::AuNomDe, NADIA)][..])
        );
        let mut tx = app.db.read().await.unwrap();
        let seen = journal::concerning(&mut tx, PAUL, None, 2).await.unwrap();
        let ids: Vec<_> = seen.iter().map(|line| line.id).collect();
        let mut newest = lines.to_vec();
        newest.sort_by(|a, b| b.cmp(a));
        assert_eq!(ids, newest[..2]);
        let rest = journal::concerning(&mut tx, PAUL, ids.last().copied(), 2)
            .await
            .unwrap();
        assert_eq!(rest.iter().map(|line| line.id).collect::<Vec<_>>(), newest[2..]);
    }
}

/// On PostgreSQL, the role that serves writes, seals and checks, and cannot touch what was written.
#[tokio::test]
async fn le_role_qui_sert_ne_peut_ni_changer_ni_vider_le_journal_ni_desarmer_ses_declencheurs() {
    for test in databases().await {
        if test.db.engine() == Engine::Sqlite {
            assert!(matches!(roles::grant(&test.db, &test.db).await, Err(RoleError::Engine)));
            continue;
        }
        assert!(matches!(
            roles::grant(&test.db, &test.db).await,
            Err(RoleError::TooPowerful(_))
        ));
        let role = format!("essai_{}", Uuid::new_v4().simple());
        Saboteur::honest(&test)
            .await
            .run(&format!("CREATE ROLE {role} LOGIN"))
            .await;
        let serving = testing::as_role(&test, &role).await;
        roles::grant(&test.db, &serving.db).await.unwrap();
        let dossier = Dossier::new();
        let (app, lines) = histoire(&serving, &dossier).await;
        assert_eq!(verify(&app).await.broken, None);
        let entry = Entry::new(
            &app.ids,
            instant(),
            &Actor::operator(),
            "EffacerPersonne",
            ("personne", ""),
        );
        let mut tx = app.db.write().await.unwrap();
        assert_eq!(journal::forget(&mut tx, &keys(), PAUL, entry).await.unwrap(), 8);
        tx.commit().await.unwrap();
        let saboteur = Saboteur::honest(&serving).await;
        for table in ["journal", "journal_chain", "journal_seal"] {
            for attempt in [
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
                format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
                format!("DROP TABLE {table}"),
            ] {
                refused(&saboteur, &attempt).await;
            }
        }
        refused(
            &saboteur,
            &saboteur.fill("UPDATE journal SET action = 'X' WHERE id = {1}", &lines),
        )
        .await;
        refused(&saboteur, "UPDATE journal_chain SET seq = 99 WHERE seq = 1").await;
        refused(&saboteur, "SET session_replication_role = replica").await;
        refused(&saboteur, "DROP TRIGGER journal_no_change ON journal").await;
        refused(
            &saboteur,
            "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        )
        .await;
    }
}

/// The engine refuses for want of a right (42501), before any trigger.
async fn refused(saboteur: &Saboteur, attempt: &str) {
    let error = saboteur.try_run(attempt).await.expect_err(attempt);
    let code = error.as_database_error().and_then(|e| e.code());
    assert_eq!(code.as_deref(), Some("42501"), "{attempt} : {error}");
}

#[tokio::test]
async fn le_journal_copie_dans_postgresql_se_verifie_la_bas() {
    let Ok(server) = std::env::var("MAILLAGE_TEST_POSTGRES") else {
        return;
    };
    let (from, to) = (testing::sqlite().await, testing::postgres(&server).await);
    let dossier = Dossier::new();
    let (app, _) = histoire(&from, &dossier).await;
    let before = verify(&app).await;
    transfer::copy(&from.db, &to.db, instant(), |_| {}).await.unwrap();
    let app = application(&to.db, Some(dossier.path())).await;
    assert_eq!(verify(&app).await, before);
    write(&app, 9).await;
    seal_all(&app).await;
    assert_eq!(verify(&app).await.links, 9);
}
