//! Mails and SMS: sealed until they leave, sent once, tried again or shown to a person.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use socle::{
    App, AppBuilder, Settings,
    clock::Clock,
    db::{Db, DbOptions},
    ids::Ids,
    jobs,
    letters::{self, Channel, Letter, Sending, Sink, State},
    mail::{self, Folder, Mail, Sender, Smtp, SmtpServer},
    module::BoxFuture,
    params, sms, sql,
    testing::{self, databases, instant},
};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use uuid::Uuid;

const ADRESSE: &str = "camille.martin@exemple.fr";

async fn app(db: &Db) -> App {
    let settings = Settings {
        outbox_attempts: 3,
        ..Settings::default()
    };
    let builder = AppBuilder::new(db.clone(), Clock::fixed(instant()), Ids::seeded(1), settings);
    builder.start(&[]).await.unwrap()
}

async fn queue(app: &App, to: &str) -> Uuid {
    let mail = Mail {
        kind: "essai.lien",
        to: to.to_owned(),
        subject: "Votre lien de connexion à Maillage".to_owned(),
        text: "Voici votre lien : https://exemple.fr/é\n.\nÀ bientôt".to_owned(),
        html: "<p>Voici votre lien</p>".to_owned(),
        about: Some(Uuid::from_u128(7)),
    };
    let mut tx = app.db.write().await.unwrap();
    let id = mail::queue(&mut tx, app, mail).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Sends everything that is due, hour after hour, for a day.
async fn une_journee(app: &App, channel: Channel, sink: &dyn Sink) {
    for _ in 0..24 {
        while letters::send_once(app, channel, sink).await.unwrap() {}
        app.clock.set(app.clock.now().plus_seconds(3600));
    }
}

#[derive(sqlx::FromRow, Debug, PartialEq)]
struct Row {
    state: String,
    recipient: Option<Vec<u8>>,
    content: Option<Vec<u8>>,
    attempts: i64,
    failure: Option<String>,
}

async fn row(app: &App, id: Uuid) -> Row {
    let mut tx = app.db.read().await.unwrap();
    tx.fetch_one(
        sql!("SELECT state, recipient, content, attempts, failure FROM letter WHERE id = $1"),
        &params![id],
    )
    .await
    .unwrap()
}

fn sender() -> Sender {
    Sender {
        from: "ne-pas-repondre@exemple.fr".into(),
        reply_to: None,
    }
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("maillage-courriels-{}", Uuid::new_v4()))
}

/// Answers what the test says, and counts.
struct Scripted {
    answers: Mutex<Vec<Sending>>,
    idempotent: bool,
}

impl Scripted {
    fn new(idempotent: bool, answers: &[Sending]) -> Self {
        let answers = Mutex::new(answers.iter().rev().cloned().collect());
        Self { answers, idempotent }
    }
}

impl Sink for Scripted {
    fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Sending> {
        let answer = self.answers.lock().unwrap().pop().unwrap_or(Sending::Sent);
        Box::pin(async move { answer })
    }
}

#[tokio::test]
async fn un_courriel_est_scelle_en_attendant_puis_ecrit_une_fois_et_efface() {
    for test in databases().await {
        let (app, folder) = (app(&test.db).await, folder());
        let sink = Folder {
            folder: folder.clone(),
            sender: Sender {
                from: "Maillage <ne-pas-repondre@exemple.fr>".into(),
                reply_to: Some("contact@exemple.fr".into()),
            },
        };
        let id = queue(&app, ADRESSE).await;
        let waiting = row(&app, id).await;
        let bytes = [waiting.recipient.unwrap(), waiting.content.unwrap()].concat();
        for clear in [ADRESSE, "lien", "connexion"] {
            assert!(
                !bytes.windows(clear.len()).any(|w| w == clear.as_bytes()),
                "{clear} se lit dans la base"
            );
        }
        une_journee(&app, Channel::Mail, &sink).await;
        let sent = row(&app, id).await;
        assert_eq!(
            (sent.state.as_str(), sent.recipient, sent.content),
            ("sent", None, None)
        );
        let files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|f| f.unwrap().file_name())
            .collect();
        assert_eq!(files, [format!("{id}.eml").as_str()]);
        let text = std::fs::read_to_string(folder.join(&files[0])).unwrap();
        for part in [
            "To: camille.martin@exemple.fr",
            "From: Maillage <ne-pas-repondre@exemple.fr>",
            "Reply-To: contact@exemple.fr",
            &format!("Message-ID: <{id}@exemple.fr>"),
            "Date: Tue, 03 Mar 2026 09:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "multipart/alternative",
            "text/plain",
            "text/html",
        ] {
            assert!(text.contains(part), "{part} manque dans {text}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[tokio::test]
async fn un_envoi_interrompu_repart_vers_un_dossier_et_se_revoit_pour_un_serveur() {
    for test in databases().await {
        let app = app(&test.db).await;
        for (idempotent, state) in [(true, "sent"), (false, "to_review")] {
            let id = queue(&app, ADRESSE).await;
            // A worker takes it and dies while it sends.
            struct Mourant;
            impl Sink for Mourant {
                fn is_idempotent(&self) -> bool {
                    true
                }
                fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Sending> {
                    Box::pin(std::future::pending())
                }
            }
            let cut = letters::send_once(&app, Channel::Mail, &Mourant);
            assert!(tokio::time::timeout(Duration::from_millis(200), cut).await.is_err());
            let sink = Scripted::new(idempotent, &[]);
            assert!(
                !letters::send_once(&app, Channel::Mail, &sink).await.unwrap(),
                "son bail court encore"
            );
            une_journee(&app, Channel::Mail, &sink).await;
            let found = row(&app, id).await;
            assert_eq!((found.state.as_str(), found.content.is_some()), (state, !idempotent));
        }
    }
}

#[tokio::test]
async fn chaque_reponse_donne_a_la_lettre_son_etat() {
    for test in databases().await {
        let app = app(&test.db).await;
        let later = || Sending::Later("plus tard".into());
        let cases = [
            (vec![], "sent", 1, None),
            (vec![later(), later()], "sent", 3, None),
            (vec![later(), later(), later()], "to_review", 3, Some("plus tard")),
            (vec![Sending::Refused("non".into())], "refused", 1, Some("non")),
            (vec![Sending::Stuck("à voir".into())], "to_review", 1, Some("à voir")),
            (
                vec![Sending::Unknown("peut-être".into())],
                "to_review",
                1,
                Some("peut-être"),
            ),
        ];
        for (answers, state, attempts, failure) in cases {
            let id = queue(&app, ADRESSE).await;
            une_journee(&app, Channel::Mail, &Scripted::new(false, &answers)).await;
            let found = row(&app, id).await;
            assert_eq!(
                (found.state.as_str(), found.attempts, found.failure.as_deref()),
                (state, attempts, failure)
            );
            let is_erased = found.recipient.is_none() && found.content.is_none();
            assert_eq!(is_erased, state != "to_review", "{state}");
        }
    }
}

#[tokio::test]
async fn une_personne_renvoie_ou_abandonne_ce_qui_est_a_revoir() {
    for test in databases().await {
        let app = app(&test.db).await;
        let doubt = Scripted::new(false, &[Sending::Unknown("?".into()), Sending::Unknown("?".into())]);
        let ids = [queue(&app, ADRESSE).await, queue(&app, ADRESSE).await];
        une_journee(&app, Channel::Mail, &doubt).await;
        let mut tx = app.db.write().await.unwrap();
        let first = letters::list(&mut tx, State::ToReview, None, 1).await.unwrap();
        let rest = letters::list(&mut tx, State::ToReview, Some((first[0].queued_at, first[0].id)), 9)
            .await
            .unwrap();
        let mut listed = [first[0].id, rest[0].id];
        listed.sort_unstable();
        let mut sorted = ids;
        sorted.sort_unstable();
        assert_eq!((listed, rest.len()), (sorted, 1));
        let now = app.clock.now();
        assert!(letters::resend(&mut tx, ids[0], now).await.unwrap());
        assert!(letters::give_up(&mut tx, ids[1], now, "déjà reçu").await.unwrap());
        assert!(!letters::resend(&mut tx, ids[1], now).await.unwrap());
        tx.commit().await.unwrap();
        une_journee(&app, Channel::Mail, &Scripted::new(false, &[])).await;
        assert_eq!(row(&app, ids[0]).await.state, "sent");
        let given_up = row(&app, ids[1]).await;
        assert_eq!((given_up.state.as_str(), given_up.recipient), ("refused", None));
    }
}

#[tokio::test]
async fn deux_ouvriers_n_envoient_pas_la_meme_lettre() {
    for test in databases().await {
        let app = app(&test.db).await;
        for _ in 0..30 {
            queue(&app, ADRESSE).await;
        }
        let sink = Arc::new(Scripted::new(false, &vec![Sending::Sent; 100]));
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (app, sink) = (app.clone(), sink.clone());
                tokio::spawn(async move { while letters::send_once(&app, Channel::Mail, &*sink).await.unwrap() {} })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        while letters::send_once(&app, Channel::Mail, &*sink).await.unwrap() {}
        assert_eq!(sink.answers.lock().unwrap().len(), 70);
    }
}

#[tokio::test]
async fn un_sms_va_dans_son_dossier() {
    let test = testing::sqlite().await;
    let (app, folder) = (app(&test.db).await, folder());
    let sms = sms::Sms {
        kind: "essai.code",
        to: "+33612345678".into(),
        text: "Votre code : 123 456".into(),
        about: None,
    };
    let mut tx = app.db.write().await.unwrap();
    let id = sms::queue(&mut tx, &app, sms).await.unwrap();
    tx.commit().await.unwrap();
    let sink = sms::carried_by(sms::Folder(folder.clone()));
    une_journee(&app, Channel::Mail, &*sink).await;
    assert_eq!(
        row(&app, id).await.state,
        "waiting",
        "un SMS ne part pas comme un courriel"
    );
    une_journee(&app, Channel::Sms, &*sink).await;
    assert_eq!(row(&app, id).await.state, "sent");
    let text = std::fs::read_to_string(folder.join(format!("{id}.txt"))).unwrap();
    assert_eq!(text, "+33612345678\n\nVotre code : 123 456\n");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Sends at once, and leaves the database busy for longer than it is waited for.
struct Encombrant(Db);

impl Sink for Encombrant {
    fn is_idempotent(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Sending> {
        Box::pin(async move {
            let held = self.0.write().await.unwrap();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(700)).await;
                held.rollback().await.unwrap();
            });
            Sending::Sent
        })
    }
}

#[tokio::test]
async fn une_base_occupee_ne_fait_pas_douter_de_ce_qui_est_parti() {
    for test in databases().await {
        let options = DbOptions {
            connections: 1,
            wait: Duration::from_millis(200),
            ..DbOptions::new(test.url.clone())
        };
        let db = Db::open(&options).await.unwrap();
        let app = app(&db).await;
        let id = queue(&app, ADRESSE).await;
        let sink = Encombrant(db.clone());
        assert!(letters::send_once(&app, Channel::Mail, &sink).await.unwrap());
        let found = row(&app, id).await;
        assert_eq!((found.state.as_str(), found.content), ("sent", None));
    }
}

#[tokio::test]
async fn les_lettres_d_une_personne_effacee_ne_partent_plus_et_ne_disent_plus_rien() {
    for test in databases().await {
        let app = app(&test.db).await;
        let sent = queue(&app, ADRESSE).await;
        une_journee(&app, Channel::Mail, &Scripted::new(false, &[])).await;
        let doubtful = queue(&app, ADRESSE).await;
        let doubt = Scripted::new(false, &[Sending::Unknown("?".into())]);
        une_journee(&app, Channel::Mail, &doubt).await;
        let waiting = queue(&app, ADRESSE).await;
        let mut tx = app.db.write().await.unwrap();
        letters::forget(&mut tx, Uuid::from_u128(7), app.clock.now())
            .await
            .unwrap();
        let (named,): (i64,) = tx
            .fetch_one(sql!("SELECT COUNT(*) FROM letter WHERE about IS NOT NULL"), &[])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(named, 0);
        let states = [
            row(&app, sent).await,
            row(&app, doubtful).await,
            row(&app, waiting).await,
        ];
        assert!(
            states
                .iter()
                .all(|row| row.recipient.is_none() && row.content.is_none())
        );
        assert_eq!(states.map(|row| row.state), ["sent", "refused", "refused"]);
    }
}

#[tokio::test]
async fn une_lettre_a_revoir_ne_garde_pas_son_adresse_plus_de_trente_jours() {
    for test in databases().await {
        let app = app(&test.db).await;
        let id = queue(&app, ADRESSE).await;
        let doubt = Scripted::new(false, &[Sending::Unknown("?".into())]);
        assert!(letters::send_once(&app, Channel::Mail, &doubt).await.unwrap());
        let menage = socle::MODULE.jobs[0];
        for (days, state, is_kept) in [(30, "to_review", true), (31, "refused", false)] {
            app.clock.set(instant().plus_seconds(days * 86_400));
            jobs::turn(&app, &menage, app.ids.next(app.clock.now())).await.unwrap();
            let found = row(&app, id).await;
            assert_eq!(
                (found.state.as_str(), found.recipient.is_some(), found.content.is_some()),
                (state, is_kept, is_kept)
            );
        }
    }
}

/// A server that answers each command as the script says (`220` for its greeting, `EHLO`, `MAIL`, `RCPT`, `DATA`, `.`), hangs up at an empty answer, and gives what it took.
async fn serveur(script: &'static [(&'static str, &'static str)]) -> (SmtpServer, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::new(Mutex::new(String::new()));
    let kept = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let at = |verb: &str| script.iter().find(|(at, _)| *at == verb).map(|(_, answer)| *answer);
            let greeting = at("220").unwrap_or("220 essai");
            let _ = write.write_all(format!("{greeting}\r\n").as_bytes()).await;
            let mut in_content = false;
            while let Ok(Some(line)) = lines.next_line().await {
                let verb = if in_content {
                    "."
                } else {
                    line.get(..4).unwrap_or("").trim()
                };
                if in_content && line != "." {
                    kept.lock().unwrap().push_str(&format!("{line}\n"));
                    continue;
                }
                let usual = match verb {
                    "EHLO" => "250-essai\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                    "DATA" => "354 dites",
                    "QUIT" => "221 au revoir",
                    _ => "250 bien",
                };
                let answer = at(verb).unwrap_or(usual);
                if answer.is_empty() {
                    break;
                }
                in_content = verb == "DATA" && answer.starts_with("354");
                let _ = write.write_all(format!("{answer}\r\n").as_bytes()).await;
            }
        }
    });
    (
        SmtpServer::parse(&format!("smtp://moi:secret@127.0.0.1:{port}")).unwrap(),
        taken,
    )
}

#[tokio::test]
async fn un_serveur_de_courriel_est_cru_selon_le_moment_ou_il_repond() {
    type Script = &'static [(&'static str, &'static str)];
    let cases: [(Script, &str, Option<&str>); 16] = [
        (&[], "sent", None),
        (
            &[("220", "554 votre adresse est bloquée")],
            "waiting",
            Some("le serveur de courriel refuse nos envois (554)"),
        ),
        (
            &[("EHLO", "550 non")],
            "waiting",
            Some("le serveur de courriel refuse nos envois (550)"),
        ),
        (
            &[("MAIL", "553 expéditeur refusé")],
            "waiting",
            Some("le serveur de courriel refuse notre adresse d’expéditeur (553)"),
        ),
        (
            &[("RCPT", "554 5.7.1 relais refusé")],
            "waiting",
            Some("le serveur de courriel refuse nos envois (554)"),
        ),
        (
            &[("RCPT", "550 Relay not permitted")],
            "waiting",
            Some("le serveur de courriel refuse nos envois (550)"),
        ),
        (
            &[("DATA", "554 non")],
            "waiting",
            Some("le serveur de courriel refuse nos envois (554)"),
        ),
        (
            &[("AUTH", "535 identifiants inconnus")],
            "waiting",
            Some("le serveur de courriel refuse notre identification (535)"),
        ),
        (
            &[("MAIL", "451 plus tard")],
            "waiting",
            Some("le serveur de courriel demande d’attendre (451)"),
        ),
        (&[("MAIL", "")], "waiting", Some("le serveur de courriel ne répond pas")),
        (
            &[("RCPT", "550 <camille.martin@exemple.fr> inconnue")],
            "refused",
            Some("le serveur de courriel a refusé le destinataire (550)"),
        ),
        (
            &[("RCPT", "450 boîte pleine")],
            "waiting",
            Some("le serveur de courriel demande d’attendre (450)"),
        ),
        (&[("DATA", "")], "waiting", Some("le serveur de courriel ne répond pas")),
        (
            &[(".", "554 indésirable")],
            "to_review",
            Some("le serveur de courriel a refusé le message (554)"),
        ),
        (
            &[(".", "452 plus de place")],
            "waiting",
            Some("le serveur de courriel demande d’attendre (452)"),
        ),
        (
            &[(".", "")],
            "to_review",
            Some("la connexion s’est rompue avant l’accusé de réception du serveur de courriel"),
        ),
    ];
    let test = testing::sqlite().await;
    let app = app(&test.db).await;
    for (script, state, failure) in cases {
        let (server, taken) = serveur(script).await;
        let sink = Smtp::new(server, sender()).within(Duration::from_secs(5));
        let id = queue(&app, ADRESSE).await;
        assert!(letters::send_once(&app, Channel::Mail, &sink).await.unwrap());
        let found = row(&app, id).await;
        assert_eq!(
            (found.state.as_str(), found.failure.as_deref()),
            (state, failure),
            "{script:?}"
        );
        let text = taken.lock().unwrap().clone();
        assert_eq!(
            text.contains("Auto-Submitted"),
            state == "sent" || script.iter().any(|(at, _)| *at == ".")
        );
        // So that the next case finds nothing of this one.
        let mut tx = app.db.write().await.unwrap();
        tx.execute(sql!("DELETE FROM letter"), &[]).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn un_serveur_de_courriel_qui_se_tait_ne_retient_pas_les_autres_lettres() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let test = testing::sqlite().await;
    let app = app(&test.db).await;
    let server = SmtpServer::parse(&format!("smtp://127.0.0.1:{port}")).unwrap();
    let sink = Smtp::new(server, sender()).within(Duration::from_millis(300));
    let id = queue(&app, ADRESSE).await;
    assert!(letters::send_once(&app, Channel::Mail, &sink).await.unwrap());
    assert_eq!(row(&app, id).await.state, "waiting");
}
