//! Names and addresses that nobody else has go through a whole story; none of them may show in a log, an address of the site, the journal or
//! an event, nor anywhere once the person is erased.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header, request::Builder},
};
use comptes::{
    actions::connexion::{Ouverture, ouvrir},
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        fonction::Fonction,
        perimetre::Perimetre,
        personne::{Contact, Moyen, Nom, Personne},
        session::MoyenConnexion,
    },
    store::{attribution, personne},
};
use lieux::{
    domain::{import::interpreter, lieu::Lieu, standard::ligne::Ligne},
    store::lieu,
};
use maillage::MODULES;
use socle::{
    App, Settings,
    app::service,
    change::Stored,
    db::{Engine, Statement},
    journal::{self, Search},
    letters::{self, Channel, Letter, Sending, Sink},
    module::BoxFuture,
    outbox,
    testing::{self, Answer, databases, instant, send},
};
use std::{
    collections::BTreeSet,
    io::Write,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// What must show nowhere, in small letters and without accents: names, and the parts of addresses.
const SECRETS: [&str; 6] = [
    "quachtrolle",
    "zephyrine",
    "xyndoreal",
    "wulfran",
    "brumeciel",
    "vantombre",
];

/// Lines of log, kept.
#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Mails, kept.
#[derive(Default)]
struct Boite(Mutex<Vec<String>>);

impl Sink for Boite {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        let content = String::from_utf8_lossy(&letter.content).into_owned();
        self.0.lock().unwrap().push(content);
        Box::pin(async { Sending::Sent })
    }
}

/// A browser, which keeps its cookies and every address that it was given or asked for.
struct Navigateur {
    service: Router,
    cookies: Vec<(String, String)>,
    adresses: Vec<String>,
}

impl Navigateur {
    fn new(service: &Router) -> Self {
        Self {
            service: service.clone(),
            cookies: Vec::new(),
            adresses: Vec::new(),
        }
    }

    async fn envoyer(&mut self, requete: Builder, chemin: &str, corps: String) -> Answer {
        self.adresses.push(chemin.to_owned());
        let cookies: Vec<_> = self.cookies.iter().map(|(nom, v)| format!("{nom}={v}")).collect();
        let requete = requete
            .uri(chemin)
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin");
        let reponse = send(&self.service, requete.body(Body::from(corps)).unwrap()).await;
        for pose in reponse.headers.get_all(header::SET_COOKIE) {
            let (paire, _) = pose.to_str().unwrap().split_once(';').unwrap();
            let (nom, valeur) = paire.split_once('=').unwrap();
            self.cookies.retain(|(n, _)| n != nom);
            self.cookies.push((nom.to_owned(), valeur.to_owned()));
        }
        if let Some(vers) = reponse.headers.get(header::LOCATION) {
            self.adresses.push(vers.to_str().unwrap().to_owned());
        }
        for attribut in ["href=\"", "action=\"", "src=\""] {
            let trouvees = reponse.text.split(attribut).skip(1);
            let adresses = trouvees.filter_map(|reste| reste.split('"').next());
            self.adresses.extend(
                adresses
                    .filter(|adresse| !adresse.starts_with("mailto:"))
                    .map(str::to_owned),
            );
        }
        reponse
    }

    async fn lire(&mut self, chemin: &str) -> Answer {
        let reponse = self.envoyer(Request::get("/"), chemin, String::new()).await;
        assert_eq!(reponse.status, StatusCode::OK, "{chemin}\n{}", reponse.text);
        reponse
    }

    /// Sends a form, which must be taken.
    async fn poster(&mut self, chemin: &str, champs: &[(&str, &str)]) -> Answer {
        let corps: Vec<_> = champs.iter().map(|(nom, v)| format!("{nom}={}", encoder(v))).collect();
        let requete = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let reponse = self.envoyer(requete, chemin, corps.join("&")).await;
        let prise = [StatusCode::OK, StatusCode::SEE_OTHER].contains(&reponse.status);
        assert!(prise, "{chemin}\n{}", reponse.text);
        reponse
    }
}

fn encoder(texte: &str) -> String {
    texte.bytes().map(|octet| format!("%{octet:02X}")).collect()
}

fn nom(prenom: &str, nom: &str) -> Nom {
    Nom {
        prenom: prenom.into(),
        nom: nom.into(),
    }
}

async fn inscrire(app: &App, nom: Nom, adresse: &str, tenue: (Fonction, &str)) -> Uuid {
    let at = instant();
    let personne = Personne::nouvelle(app.ids.next(at), nom, at);
    let mut tx = app.db.write().await.unwrap();
    personne.insert(&mut tx).await.unwrap();
    let contact = Contact {
        id: app.ids.next(at),
        personne: personne.id,
        moyen: Moyen::Courriel(Courriel::lire(adresse).unwrap()),
        confirme_at: Some(at),
        ajoute_at: at,
    };
    assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
    let perimetre = Perimetre::lire(tenue.1).unwrap();
    let accord = Accord {
        personne: personne.id,
        fonction: tenue.0,
        portee: perimetre.codes(),
        perimetre,
        du: jiff::civil::date(2026, 1, 1),
        au: None,
    };
    let attribution = Attribution::accorder(app.ids.next(at), accord, None, at).unwrap();
    attribution.insert(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    personne.id
}

/// A browser where this person is signed in with two factors.
async fn connectee(app: &App, service: &Router, id: Uuid) -> Navigateur {
    let ouverture = Ouverture {
        personne: id,
        moyen: MoyenConnexion::Demonstration,
        fort: true,
        appareil: "essai",
        place: None,
    };
    let mut tx = app.db.write().await.unwrap();
    let secret = ouvrir(&mut tx, app, ouverture).await.unwrap();
    tx.commit().await.unwrap();
    let mut navigateur = Navigateur::new(service);
    navigateur.cookies.push(("session".to_owned(), secret));
    navigateur
}

/// The story: signing in by a message, opening a file, correcting a name, inviting, reading the journal, acting in someone's place.
async fn raconter(app: &App, service: &Router) -> Vec<String> {
    let adresse = "zephyrine@brumeciel.example";
    let zephyrine = nom("Zéphyrine", "Quachtrolle");
    let elle = inscrire(app, zephyrine, adresse, (Fonction::Coordinateur, "D:01")).await;
    let wulfran = nom("Wulfran", "Xyndoréal");
    let lui = inscrire(
        app,
        wulfran,
        "wulfran@vantombre.example",
        (Fonction::Administration, "N"),
    )
    .await;

    let mut chez_elle = Navigateur::new(service);
    chez_elle
        .poster("/connexion", &[("courriel", adresse), ("suite", "/compte")])
        .await;
    let boite = Boite::default();
    while letters::send_once(app, Channel::Mail, &boite).await.unwrap() {}
    let message = boite.0.into_inner().unwrap().pop().unwrap();
    let jeton: String = message
        .split("/connexion/lien/")
        .nth(1)
        .unwrap()
        .chars()
        .take(64)
        .collect();
    chez_elle.poster(&format!("/connexion/lien/{jeton}"), &[]).await;
    for chemin in ["/compte", "/mon-journal", "/"] {
        chez_elle.lire(chemin).await;
    }

    let mut chez_lui = connectee(app, service, lui).await;
    let fiche = format!("/personnes/{elle}");
    chez_lui.lire("/personnes").await;
    chez_lui.lire(&fiche).await;
    let ouverte = [
        ("prenom", "Zéphyrine"),
        ("nom", "Vantombre"),
        ("annee_naissance", "1980"),
    ];
    chez_lui.poster("/personnes/nouvelle", &ouverte).await;
    let corrigee = [("prenom", "Zéphyrine"), ("nom", "Brumeciel"), ("version", "0")];
    chez_lui.poster(&format!("{fiche}/modifier"), &corrigee).await;
    let invitee = [
        ("courriel", "invitee@brumeciel.example"),
        ("fonction", Fonction::Prefecture.code()),
        ("perimetre", "D:01"),
    ];
    chez_lui.poster("/invitations/nouvelle", &invitee).await;
    for chemin in [
        "/invitations",
        "/journal",
        "/journal/etat",
        "/supervision",
        "/taches",
        "/suites",
    ] {
        chez_lui.lire(chemin).await;
    }
    let motif = [("motif", "Madame Quachtrolle m’a demandé de l’aide")];
    chez_lui.poster(&format!("{fiche}/place"), &motif).await;
    chez_lui.lire("/compte").await;
    chez_lui.poster("/place/rendre", &[]).await;
    [chez_elle.adresses, chez_lui.adresses].concat()
}

/// Every row of the journal and every event, as texts.
async fn ecrits(app: &App) -> Vec<String> {
    let mut tx = app.db.write().await.unwrap();
    let lignes = journal::search(&mut tx, &Search::default(), None, 1000).await.unwrap();
    let mut textes: Vec<_> = lignes.iter().map(|ligne| format!("{ligne:?}")).collect();
    while let Some(event) = outbox::take(&mut tx, instant().plus_seconds(60)).await.unwrap() {
        textes.push(format!("{event:?}"));
        outbox::finish(&mut tx, &event, instant()).await.unwrap();
    }
    tx.rollback().await.unwrap();
    textes
}

/// The first secret that a text holds, whatever its case, accents and encoding.
fn trahit(texte: &str) -> Option<&'static str> {
    let plie = territoire::plier(&texte.replace("%C3%A9", "é"));
    SECRETS.into_iter().find(|secret| plie.contains(secret))
}

#[tokio::test]
async fn aucun_nom_ne_sort_des_pages() {
    let logs = Logs::default();
    let ecrivain = logs.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || ecrivain.clone())
        .finish();
    let _garde = tracing::subscriber::set_default(subscriber);
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let adresses = raconter(&app, &service).await;
        assert!(adresses.len() > 100, "{}", adresses.len());
        for adresse in &adresses {
            assert_eq!(trahit(adresse), None, "{adresse}");
        }
        let ecrits = ecrits(&app).await;
        assert!(ecrits.len() > 8, "{}", ecrits.len());
        for ecrit in &ecrits {
            assert_eq!(trahit(ecrit), None, "{ecrit}");
        }
    }
    let logs = logs.0.lock().unwrap();
    let logs = String::from_utf8_lossy(&logs);
    assert!(logs.lines().count() > 10, "{logs}");
    for ligne in logs.lines() {
        assert_eq!(trahit(ligne), None, "{ligne}");
    }
}

/// A place of Bourg-en-Bresse.
fn mairie() -> Lieu {
    let cellules = [
        ("nom", "Mairie de Bourg"),
        ("adresse", "2 rue de la Paix"),
        ("commune", "Bourg-en-Bresse"),
        ("code_postal", "01000"),
        ("code_insee", "01053"),
    ];
    interpreter(&Ligne::nouvelle(1, cellules), "Essai").unwrap().lieu
}

/// Every value of every table, a text for each row.
async fn tout_ce_qui_est_garde(app: &App) -> Vec<(&'static str, String)> {
    let mut tx = app.db.read().await.unwrap();
    let mut gardees = Vec::new();
    for table in MODULES.iter().flat_map(|module| module.data) {
        let colonnes: Vec<_> = table
            .columns
            .iter()
            .map(|(colonne, _)| format!("COALESCE(CAST({colonne} AS TEXT), '')"))
            .collect();
        let (ligne, nom) = (colonnes.join(" || ' ' || "), table.table);
        let lignes: Vec<String> = match app.db.engine() {
            // What is sealed is no text there.
            Engine::Sqlite => {
                let requete = format!("SELECT CAST({ligne} AS BLOB) FROM {nom}").leak();
                let lues: Vec<(Vec<u8>,)> = tx.fetch_all(Statement(requete), &[]).await.unwrap();
                lues.iter()
                    .map(|(lue,)| String::from_utf8_lossy(lue).into_owned())
                    .collect()
            }
            Engine::Postgres => {
                let requete = format!("SELECT {ligne} FROM {nom}").leak();
                let lues: Vec<(String,)> = tx.fetch_all(Statement(requete), &[]).await.unwrap();
                lues.into_iter().map(|(lue,)| lue).collect()
            }
        };
        gardees.extend(lignes.into_iter().map(|ligne| (nom, ligne)));
    }
    gardees
}

#[tokio::test]
async fn qui_est_efface_n_est_plus_nomme_nulle_part() {
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        let lieu = mairie();
        lieu::creer(&mut tx, &lieu, instant()).await.unwrap();
        tx.commit().await.unwrap();
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (adresse, organisation) = ("zephyrine@brumeciel.example", "00000000-0000-0000-0000-00000000000a");
        let perimetre = format!("O:{organisation}");
        let zephyrine = nom("Zéphyrine", "Quachtrolle");
        let elle = inscrire(&app, zephyrine, adresse, (Fonction::Gestionnaire, &perimetre)).await;

        let mut chez_elle = Navigateur::new(&service);
        let demande = [("courriel", adresse), ("suite", "/compte")];
        chez_elle.poster("/connexion", &demande).await;
        chez_elle = connectee(&app, &service, elle).await;
        let autre = [("courriel", "wulfran@vantombre.example")];
        chez_elle.poster("/compte/contacts/nouveau", &autre).await;
        let voulu = lieu.id.to_string();
        let demande = [
            ("lieu", voulu.as_str()),
            ("organisation", organisation),
            ("motivation", "Zéphyrine Quachtrolle y tient une permanence"),
        ];
        chez_elle.poster("/espace/revendications/nouvelle", &demande).await;
        let nommee = |gardees: &[(&'static str, String)]| -> BTreeSet<&'static str> {
            let trahies = gardees.iter().filter(|(_, ligne)| trahit(ligne).is_some());
            trahies.map(|(table, _)| *table).collect()
        };
        let avant = nommee(&tout_ce_qui_est_garde(&app).await);
        for table in ["personne", "contact", "revendication"] {
            assert!(avant.contains(table), "{avant:?}");
        }

        let mut tx = app.db.write().await.unwrap();
        for tenue in attribution::de_personne(&mut tx, elle).await.unwrap() {
            let finie = tenue
                .retirer(Some(elle), instant(), jiff::civil::date(2026, 3, 3), "fin de mission")
                .unwrap();
            assert!(finie.update(&mut tx).await.unwrap());
        }
        tx.commit().await.unwrap();
        chez_elle.poster("/compte/donnees/effacer", &[("accord", "oui")]).await;
        let apres = tout_ce_qui_est_garde(&app).await;
        assert!(apres.len() > 20, "{}", apres.len());
        assert_eq!(nommee(&apres), BTreeSet::new());
    }
}
