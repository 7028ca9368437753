//! A browser in front of the site, the messages that it waits for, and people to be.

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use comptes::{
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        fonction::Fonction,
        perimetre::Perimetre,
        personne::{Contact, Moyen, Nom, Personne},
    },
    store::personne,
};
use socle::{
    App,
    change::Stored,
    letters::{self, Channel, Letter, Sending, Sink},
    module::{BoxFuture, Module},
    testing::{Answer, instant, send},
};
use std::sync::Mutex;
use uuid::Uuid;

/// What the site is made of here.
pub const MODULES: &[Module] = &[socle::MODULE, ui::MODULE, territoire::MODULE, comptes::MODULE];

/// A browser: it keeps its cookies and says where it stands.
pub struct Navigateur<'a> {
    service: &'a Router,
    pub cookies: Vec<(String, String)>,
}

impl<'a> Navigateur<'a> {
    pub fn new(service: &'a Router) -> Self {
        Self {
            service,
            cookies: Vec::new(),
        }
    }

    async fn envoyer(&mut self, requete: axum::http::request::Builder, corps: String) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(nom, valeur)| format!("{nom}={valeur}"))
            .collect();
        let requete = requete
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        let reponse = send(self.service, requete.body(Body::from(corps)).unwrap()).await;
        for pose in reponse.headers.get_all(header::SET_COOKIE) {
            let (paire, _) = pose.to_str().unwrap().split_once(';').unwrap();
            let (nom, valeur) = paire.split_once('=').unwrap();
            self.cookies.retain(|(n, _)| n != nom);
            if !valeur.is_empty() {
                self.cookies.push((nom.to_owned(), valeur.to_owned()));
            }
        }
        reponse
    }

    pub async fn lire(&mut self, chemin: &str) -> Answer {
        self.envoyer(Request::get(chemin), String::new()).await
    }

    pub async fn poster(&mut self, chemin: &str, champs: &[(&str, &str)]) -> Answer {
        let corps = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(champs)
            .finish();
        self.envoyer(
            Request::post(chemin).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            corps,
        )
        .await
    }

    pub fn cookie(&self, nom: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|(n, _)| n == nom)
            .map(|(_, valeur)| valeur.as_str())
    }
}

/// Where an answer leads.
pub fn vers(reponse: &Answer) -> &str {
    reponse
        .headers
        .get(header::LOCATION)
        .map_or("", |v| v.to_str().unwrap())
}

#[derive(Default)]
struct Boite(Mutex<Vec<(String, String)>>);

impl Sink for Boite {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        let contenu: serde_json::Value = serde_json::from_slice(&letter.content).unwrap();
        let texte = contenu["text"].as_str().unwrap().to_owned();
        self.0.lock().unwrap().push((letter.recipient.clone(), texte));
        Box::pin(async { Sending::Sent })
    }
}

/// The text of the messages sent since the last call, with their addresses.
pub async fn courrier(app: &App) -> Vec<(String, String)> {
    let boite = Boite::default();
    while letters::send_once(app, Channel::Mail, &boite).await.unwrap() {}
    boite.0.into_inner().unwrap()
}

/// The link and the code of a message.
pub fn lien_et_code(texte: &str) -> (String, String) {
    let jeton = texte
        .split("/connexion/lien/")
        .nth(1)
        .unwrap()
        .chars()
        .take(64)
        .collect::<String>();
    let code = texte
        .lines()
        .map(|l| l.chars().filter(char::is_ascii_digit).collect::<String>())
        .find(|chiffres| chiffres.len() == 8)
        .unwrap();
    (format!("/connexion/lien/{jeton}"), code)
}

/// Awa, with a confirmed address and functions over the perimeters of these codes.
pub async fn creer(app: &App, courriel: &str, tenues: &[(Fonction, &str)]) -> Uuid {
    let at = instant();
    let nom = Nom {
        prenom: "Awa".into(),
        nom: "Diarra".into(),
    };
    let awa = Personne::nouvelle(app.ids.next(at), nom, at);
    let mut tx = app.db.write().await.unwrap();
    awa.insert(&mut tx).await.unwrap();
    let contact = Contact {
        id: app.ids.next(at),
        personne: awa.id,
        moyen: Moyen::Courriel(Courriel::lire(courriel).unwrap()),
        confirme_at: Some(at),
        ajoute_at: at,
    };
    assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
    for (fonction, code) in tenues {
        let perimetre = Perimetre::lire(code).unwrap();
        let accord = Accord {
            personne: awa.id,
            fonction: *fonction,
            portee: perimetre.codes(),
            perimetre,
            du: jiff::civil::date(2026, 1, 1),
            au: None,
        };
        Attribution::accorder(app.ids.next(at), accord, None, at)
            .unwrap()
            .insert(&mut tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    awa.id
}

/// Signs in by the link of a message.
pub async fn entrer(app: &App, navigateur: &mut Navigateur<'_>, courriel: &str) -> Answer {
    navigateur
        .poster("/connexion", &[("courriel", courriel), ("suite", "/compte")])
        .await;
    let recus = courrier(app).await;
    let (lien, _) = lien_et_code(&recus.last().unwrap().1);
    navigateur.poster(&lien, &[]).await
}
