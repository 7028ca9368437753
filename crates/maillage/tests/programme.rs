//! The program as its users run it: commands, exit codes, signals, two processes at once.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant as Stopwatch},
};

/// A folder of one test, removed when dropped.
struct Dossier(PathBuf);

impl Dossier {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("maillage-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn ecrire(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn chemin(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn maillage(dossier: &Dossier) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maillage"));
    command
        .current_dir(&dossier.0)
        .env_remove("MAILLAGE_DATABASE")
        .env_remove("MAILLAGE_CONFIG");
    command
}

fn lancer(dossier: &Dossier, arguments: &[&str]) -> Output {
    maillage(dossier).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn texte(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server of one test, killed when dropped.
struct Serveur {
    enfant: Child,
    adresse: String,
}

impl Serveur {
    fn demarrer(dossier: &Dossier, arguments: &[&str]) -> Self {
        let mut enfant = maillage(dossier)
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::from(
                std::fs::File::create(dossier.0.join("journal.txt")).unwrap(),
            ))
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(enfant.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| line.ok().filter(|l| l.contains("est prêt")));
        let ready =
            ready.unwrap_or_else(|| panic!("{}", std::fs::read_to_string(dossier.0.join("journal.txt")).unwrap()));
        let adresse = ready
            .rsplit_once("://localhost")
            .map(|(_, port)| format!("127.0.0.1{port}"))
            .unwrap();
        Self { enfant, adresse }
    }

    fn lire(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.adresse).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        texte(&answer)
    }

    /// Asks the server to stop, and gives its exit code.
    fn arreter(mut self) -> Option<i32> {
        let pid = self.enfant.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.enfant.wait().unwrap().code()
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        let _ = self.enfant.kill();
        let _ = self.enfant.wait();
    }
}

#[test]
fn une_commande_mal_ecrite_sort_avec_2_et_une_aide_avec_0() {
    let dossier = Dossier::new();
    let cases: [(&[&str], i32, &str); 5] = [
        (&["--help"], 0, "Usage : maillage"),
        (&["db", "--help"], 0, "backup"),
        (&["sreve"], 2, "vouliez-vous écrire « serve »"),
        (&["db", "backup"], 2, "il manque"),
        (&["demo", "--places", "3"], 2, "ne convient pas pour --places"),
    ];
    for (arguments, expected, words) in cases {
        let output = lancer(&dossier, arguments);
        let said = texte(&output.stdout) + &texte(&output.stderr);
        assert_eq!(code(&output), expected, "{arguments:?} : {said}");
        assert!(said.contains(words), "{arguments:?} : {said}");
    }
}

#[test]
fn la_configuration_se_verifie_sans_rien_demarrer() {
    let dossier = Dossier::new();
    let file = dossier.ecrire("maillage.toml", "listen = \"partout\"\n\nlog = \"xml\"\n");
    let output = lancer(&dossier, &["serve", "--check-config", "--config", &file]);
    let said = texte(&output.stderr);
    assert_eq!(code(&output), 2);
    assert!(
        said.contains("ligne 1 : listen") && said.contains("ligne 3 : log"),
        "{said}"
    );
    let good = dossier.ecrire("bonne.toml", "public_url = \"https://exemple.fr/lieux\"\n");
    assert_eq!(
        code(&lancer(&dossier, &["serve", "--check-config", "--config", &good])),
        0
    );
    assert_eq!(
        std::fs::read_dir(&dossier.0).unwrap().count(),
        2,
        "nothing else was written"
    );
}

#[test]
fn deux_noeuds_qui_demarrent_ensemble_migrent_une_seule_fois() {
    let dossier = Dossier::new();
    // Several files: the moment where two nodes meet is short.
    let mut bases: Vec<_> = (0..8).map(|n| dossier.chemin(&format!("deux-{n}.sqlite"))).collect();
    bases.extend(postgres_neuf());
    for base in bases {
        let noeuds: Vec<_> = (0..4)
            .map(|_| {
                maillage(&dossier)
                    .args(["db", "migrate", "--database", &base])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let said: Vec<_> = noeuds.into_iter().map(|n| n.wait_with_output().unwrap()).collect();
        for output in &said {
            assert_eq!(code(output), 0, "{}", texte(&output.stderr));
        }
        let applied = said
            .iter()
            .filter(|o| texte(&o.stdout).contains("Migrations appliquées"))
            .count();
        assert_eq!(applied, 1, "{said:?}");
        assert_eq!(code(&lancer(&dossier, &["db", "check", "--database", &base])), 0);
    }
}

/// A database of its own on the PostgreSQL of the tests.
fn postgres_neuf() -> Option<String> {
    let server = std::env::var("MAILLAGE_TEST_POSTGRES").ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // It is migrated: the copy of its empty neighbour would not be. A schema of its own is as good as a database.
    let test = runtime.block_on(socle::testing::postgres(&server));
    let name = format!("neuf_{}", uuid::Uuid::new_v4().simple());
    runtime.block_on(async {
        let pool = sqlx::PgPool::connect(&test.url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}")))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    });
    let separator = if test.url.contains('?') { '&' } else { '?' };
    Some(format!("{}{separator}options=-csearch_path%3D{name}", test.url))
}

#[test]
fn la_demonstration_se_cree_se_sert_se_sauvegarde_et_s_arrete() {
    let dossier = Dossier::new();
    let demo = ["demo", "--data", "donnees", "--places", "600", "--seed", "3"];
    let serveur = Serveur::demarrer(&dossier, &demo);
    let sante = serveur.lire("/sante");
    assert!(
        sante.starts_with("HTTP/1.1 200") && sante.contains("\"etat\":\"bon\""),
        "{sante}"
    );
    let lieux = serveur.lire("/api/v1/lieux?q=nom-secret&code_insee=31555");
    assert!(lieux.starts_with("HTTP/1.1 200"), "{lieux}");
    let absente = serveur.lire("/n-existe-pas");
    assert!(absente.starts_with("HTTP/1.1 404"), "{absente}");

    let base = base(&dossier);
    let saved = lancer(&dossier, &["db", "backup", "copie.sqlite", "--database", &base]);
    assert_eq!(code(&saved), 0, "{}", texte(&saved.stderr));
    let checked = lancer(
        &dossier,
        &["db", "check", "--database", "copie.sqlite", "--format", "json"],
    );
    assert!(
        texte(&checked.stdout).contains("\"lieu\",\n      600"),
        "{}",
        texte(&checked.stdout)
    );
    let refused = lancer(&dossier, &["db", "restore", "copie.sqlite", "--database", &base]);
    assert_eq!(code(&refused), 1);
    assert!(
        texte(&refused.stderr).contains("est utilisée par un programme"),
        "{}",
        texte(&refused.stderr)
    );

    assert_eq!(serveur.arreter(), Some(0));
    let journal = std::fs::read_to_string(dossier.0.join("journal.txt")).unwrap();
    assert!(journal.contains("/api/v1/lieux"), "{journal}");
    assert!(
        !journal.contains("nom-secret") && !journal.contains("127.0.0.1,"),
        "{journal}"
    );

    let begun = Stopwatch::now();
    let again = Serveur::demarrer(&dossier, &demo);
    assert!(begun.elapsed() < Duration::from_secs(5), "the same seed starts at once");
    assert_eq!(again.arreter(), Some(0));
}

fn base(dossier: &Dossier) -> String {
    let mut found = std::fs::read_dir(dossier.0.join("donnees"))
        .unwrap()
        .map(|e| e.unwrap().path());
    let base = found
        .find(|p: &PathBuf| p.extension().is_some_and(|e| e == "sqlite"))
        .unwrap();
    base.display().to_string()
}

#[test]
fn un_fichier_du_standard_s_importe_s_exporte_et_se_verifie() {
    let dossier = Dossier::new();
    assert_eq!(
        code(&lancer(
            &dossier,
            &["demo", "--data", "donnees", "--places", "300", "--only-create"]
        )),
        0
    );
    let demo = base(&dossier);
    let exported = lancer(
        &dossier,
        &["lieux", "export", "--database", &demo, "--sortie", "lieux.csv"],
    );
    assert_eq!(code(&exported), 0, "{}", texte(&exported.stderr));
    let checked = lancer(&dossier, &["lieux", "check", "lieux.csv"]);
    assert_eq!(code(&checked), 0, "{}", texte(&checked.stdout));

    let import = [
        "lieux",
        "import",
        "lieux.csv",
        "--source",
        "Reprise",
        "--database",
        "neuve.sqlite",
    ];
    let dry = lancer(&dossier, &[&import[..], &["--dry-run"]].concat());
    assert!(
        texte(&dry.stdout).contains("Rien n’a été écrit"),
        "{}",
        texte(&dry.stdout)
    );
    let first = lancer(&dossier, &import);
    let said = texte(&first.stdout);
    assert!(
        said.contains("lieux créés") && !said.contains(" 0 lieux créés"),
        "{said}{}",
        texte(&first.stderr)
    );
    let second = texte(&lancer(&dossier, &import).stdout);
    assert!(second.contains(" 0 lieux créés, 0 modifiés"), "{second}");

    let faulty = dossier.ecrire("faux.csv", "id,nom,commune\n1,Mairie,Lyon\n");
    let checked = lancer(&dossier, &["lieux", "check", &faulty]);
    assert_eq!(code(&checked), 1);
    assert!(texte(&checked.stdout).contains("cette colonne du standard manque"));
    let dedup = lancer(&dossier, &["lieux", "dedup", "--dry-run", "--database", &demo]);
    assert_eq!(code(&dedup), 0, "{}", texte(&dedup.stderr));
    assert_eq!(code(&lancer(&dossier, &["lieux", "tickets", "--database", &demo])), 0);
}

#[test]
fn une_creation_interrompue_ne_laisse_rien() {
    let dossier = Dossier::new();
    let mut enfant = maillage(&dossier)
        .args(["demo", "--data", "donnees", "--places", "60000", "--only-create"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let partiel = |folder: &Path| std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    let begun = Stopwatch::now();
    while !partiel(&dossier.0.join("donnees")) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the creation never began");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(
        Command::new("kill")
            .args(["-INT", &enfant.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(enfant.wait().unwrap().code(), Some(1));
    assert!(!partiel(&dossier.0.join("donnees")), "something was left");
}

#[test]
fn une_couche_du_territoire_s_importe_une_fois() {
    let Some(data) = socle::testing::shared_data() else {
        return;
    };
    let dossier = Dossier::new();
    let file = data.join("territoire/ifn-communes.csv").display().to_string();
    let import = [
        "territoire",
        "import",
        &file,
        "--nature",
        "fragilite_communes",
        "--source",
        "France Numérique Ensemble",
        "--millesime",
        "2023",
        "--licence",
        "Licence Ouverte 2.0",
        "--valable-du",
        "2023-01-01",
        "--database",
        "t.sqlite",
    ];
    let first = lancer(&dossier, &import);
    assert!(
        texte(&first.stdout).contains("elle est en place"),
        "{}{}",
        texte(&first.stdout),
        texte(&first.stderr)
    );
    let second = lancer(&dossier, &import);
    assert!(
        texte(&second.stdout).contains("rien n’a changé"),
        "{}",
        texte(&second.stdout)
    );
    let wrong = lancer(&dossier, &["territoire", "import", &file, "--nature", "zus"]);
    assert_eq!(code(&wrong), 2);
}
