//! A site on each engine, and people who hold a function in it.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use comptes::{
    actions::connexion::{Ouverture, ouvrir},
    domain::{
        attribution::{Accord, Attribution},
        fonction::Fonction,
        perimetre::Perimetre,
        personne::{Nom, Personne},
        session::MoyenConnexion,
    },
};
use lieux::{domain::lieu::Lieu, store::lieu};
use socle::{
    App, Settings,
    app::service,
    change::Stored,
    module::Module,
    testing::{self, Answer, TestDb, databases, instant, send},
};

pub const MODULES: &[Module] = &[
    socle::MODULE,
    ui::MODULE,
    territoire::MODULE,
    comptes::MODULE,
    lieux::MODULE,
];
pub const ORGANISATION: &str = "O:00000000-0000-0000-0000-00000000000a";

/// A site.
pub struct Site {
    _test: TestDb,
    pub app: App,
    pub service: Router,
}

/// A site on each engine, that knows these places from its start.
pub async fn sites(lieux: &[Lieu]) -> Vec<Site> {
    let mut sites = Vec::new();
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        for un in lieux {
            lieu::creer(&mut tx, un, instant()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let settings = Settings {
            keys: testing::keys(),
            ..Settings::default()
        };
        let app = testing::app(&test.db, MODULES, settings).await;
        let service = service(app.clone(), MODULES);
        sites.push(Site {
            _test: test,
            app,
            service,
        });
    }
    sites
}

/// Someone who is signed in.
pub struct Personnage<'s> {
    pub site: &'s Site,
    pub attribution: Attribution,
    pub cookie: String,
}

impl Site {
    pub async fn personnage(&self, fonction: Fonction, code: &str) -> Personnage<'_> {
        let (app, at) = (&self.app, instant());
        let nom = Nom {
            prenom: "Nadia".into(),
            nom: "Belkacem".into(),
        };
        let personne = Personne::nouvelle(app.ids.next(at), nom, at);
        let perimetre = Perimetre::lire(code).unwrap();
        let accord = Accord {
            personne: personne.id,
            fonction,
            portee: perimetre.codes(),
            perimetre,
            du: jiff::civil::date(2026, 1, 1),
            au: None,
        };
        let mut tx = app.db.write().await.unwrap();
        personne.insert(&mut tx).await.unwrap();
        let attribution = Attribution::accorder(app.ids.next(at), accord, None, at).unwrap();
        attribution.insert(&mut tx).await.unwrap();
        let ouverture = Ouverture {
            personne: personne.id,
            moyen: MoyenConnexion::Demonstration,
            fort: true,
            appareil: "essai",
            place: None,
        };
        let cookie = format!("session={}", ouvrir(&mut tx, app, ouverture).await.unwrap());
        tx.commit().await.unwrap();
        Personnage {
            site: self,
            attribution,
            cookie,
        }
    }
}

impl Personnage<'_> {
    pub async fn envoyer(&self, methode: Method, chemin: &str, corps: String) -> Answer {
        let requete = Request::builder()
            .method(methode)
            .uri(chemin)
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(&self.site.service, requete.body(Body::from(corps)).unwrap()).await
    }

    pub async fn lire(&self, chemin: &str) -> Answer {
        self.envoyer(Method::GET, chemin, String::new()).await
    }

    pub async fn poster(&self, chemin: &str, champs: &[(&str, &str)]) -> Answer {
        let corps = champs.iter().map(|(nom, valeur)| format!("{nom}={}", encoder(valeur)));
        self.envoyer(Method::POST, chemin, corps.collect::<Vec<_>>().join("&"))
            .await
    }
}

pub fn encoder(valeur: &str) -> String {
    let octet = |o: u8| match o {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(o).to_string(),
        _ => format!("%{o:02X}"),
    };
    valeur.bytes().map(octet).collect()
}
