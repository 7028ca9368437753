//! Invitations: whom they lead to, and what they do not open.

use super::{connectee, est_refuse};
use crate::navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers};
use axum::http::StatusCode;
use comptes::{
    actions::invitations::inviter_administrateur,
    domain::{courriel::Courriel, fonction::Fonction},
    store::{attribution, personne},
};
use socle::{
    App, Settings,
    app::service,
    change::Act,
    permissions::Actor,
    testing::{self, databases},
};
use uuid::Uuid;

/// Nadia invites this address; gives the path of the link that the message holds.
async fn inviter(app: &App, nadia: &mut Navigateur<'_>, adresse: &str) -> String {
    let offre = [
        ("courriel", adresse),
        ("fonction", "coordinateur"),
        ("perimetre", "D:01"),
    ];
    let envoyee = nadia.poster("/invitations/nouvelle", &offre).await;
    assert_eq!(envoyee.status, StatusCode::SEE_OTHER, "{}", envoyee.text);
    let recus = courrier(app).await;
    let (_, texte) = recus.iter().find(|(a, _)| a == adresse).unwrap();
    let jeton: String = texte.split("/invitation/").nth(1).unwrap().chars().take(64).collect();
    format!("/invitation/{jeton}")
}

async fn nombre_de_fonctions(app: &App, personne: Uuid) -> usize {
    let mut tx = app.db.read().await.unwrap();
    attribution::de_personne(&mut tx, personne).await.unwrap().len()
}

async fn titulaire(app: &App, adresse: &str) -> Option<Uuid> {
    let mut tx = app.db.read().await.unwrap();
    let contact = personne::titulaire(&mut tx, &Courriel::lire(adresse).unwrap())
        .await
        .unwrap();
    contact.map(|c| c.personne)
}

const MAITE: [(&str, &str); 2] = [("prenom", "Maïté"), ("nom", "Etche")];

#[tokio::test]
async fn une_invitation_mene_une_inconnue_a_sa_fonction() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
        let mut nadia = Navigateur::new(&service);
        entrer(&app, &mut nadia, "nadia@exemple.fr").await;
        let offre = |perimetre: &'static str| {
            [
                ("courriel", "maite@exemple.fr"),
                ("fonction", "coordinateur"),
                ("perimetre", perimetre),
            ]
        };
        let hors = nadia.poster("/invitations/nouvelle", &offre("D:69")).await;
        assert!(
            hors.text.contains("Ce périmètre n’est pas dans le vôtre"),
            "{}",
            hors.text
        );
        assert_eq!(
            nadia.poster("/invitations/nouvelle", &offre("D:01")).await.status,
            StatusCode::SEE_OTHER
        );
        let recus = courrier(&app).await;
        assert_eq!(recus[0].0, "maite@exemple.fr");
        let jeton: String = recus[0]
            .1
            .split("/invitation/")
            .nth(1)
            .unwrap()
            .chars()
            .take(64)
            .collect();

        let mut maite = Navigateur::new(&service);
        let lien = format!("/invitation/{jeton}");
        assert!(maite.lire(&lien).await.text.contains("Coordinateur de conseillers"));
        let suite = maite.poster(&lien, &MAITE).await;
        assert_eq!(vers(&suite), "/invitation", "{}", suite.text);
        assert!(maite.lire("/invitation").await.text.contains("Accepter l’invitation"));
        let acceptee = maite.poster(&format!("{lien}/accepter"), &[]).await;
        assert_eq!(vers(&acceptee), "/compte", "{}", acceptee.text);
        assert!(
            maite
                .lire("/compte")
                .await
                .text
                .contains("Coordinateur de conseillers, Ain (01)")
        );
        let encore = maite.poster(&format!("{lien}/accepter"), &[]).await;
        assert_eq!(encore.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nadia.lire("/invitations").await.text.contains("acceptée"));
    }
}

#[tokio::test]
async fn une_adresse_revendiquee_sans_preuve_ne_mene_a_personne() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let nadia = creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
        let binta = creer(&app, "binta@exemple.fr", &[]).await;
        let mut nadia = connectee(&app, &service, nadia).await;
        let mut chez_binta = Navigateur::new(&service);
        entrer(&app, &mut chez_binta, "binta@exemple.fr").await;
        // Binta says that Maïté's address is hers, and shows nothing.
        let revendiquee = chez_binta
            .poster("/compte/contacts/nouveau", &[("courriel", "maite@exemple.fr")])
            .await;
        assert_eq!(revendiquee.status, StatusCode::SEE_OTHER, "{}", revendiquee.text);
        courrier(&app).await;

        let mut maite = Navigateur::new(&service);
        maite.poster("/connexion", &[("courriel", "maite@exemple.fr")]).await;
        assert_eq!(courrier(&app).await, []);
        let lien = inviter(&app, &mut nadia, "maite@exemple.fr").await;
        assert!(maite.lire(&lien).await.text.contains("comment vous vous appelez"));
        maite.poster(&lien, &MAITE).await;
        let acceptee = maite.poster(&format!("{lien}/accepter"), &[]).await;
        assert_eq!(vers(&acceptee), "/compte", "{}", acceptee.text);
        assert!(maite.lire("/compte").await.text.contains("Maïté Etche"));
        let la_sienne = titulaire(&app, "maite@exemple.fr").await.unwrap();
        assert_ne!(la_sienne, binta);
        assert_eq!(
            (
                nombre_de_fonctions(&app, la_sienne).await,
                nombre_de_fonctions(&app, binta).await
            ),
            (1, 0)
        );
    }
}

#[tokio::test]
async fn une_invitation_n_ouvre_pas_un_compte_qui_existe() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let nadia = creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
        creer(&app, "maite@exemple.fr", &[]).await;
        let mut nadia = connectee(&app, &service, nadia).await;
        let lien = inviter(&app, &mut nadia, "maite@exemple.fr").await;

        // Whoever has the link is signed in to nothing: the address is written to.
        let mut lecteur = Navigateur::new(&service);
        assert!(lecteur.lire(&lien).await.text.contains("Recevoir un lien de connexion"));
        let envoye = lecteur.poster(&lien, &MAITE).await;
        assert_eq!(vers(&envoye), "/connexion/code?envoye=1", "{}", envoye.text);
        assert_eq!(lecteur.cookie("session"), None);
        assert_eq!(courrier(&app).await[0].0, "maite@exemple.fr");

        let mut maite = Navigateur::new(&service);
        maite.poster(&lien, &[]).await;
        let (connexion, _) = lien_et_code(&courrier(&app).await[0].1);
        let entree = maite.poster(&connexion, &[]).await;
        assert_eq!(vers(&entree), "/invitation", "{}", entree.text);
        assert!(maite.lire("/invitation").await.text.contains("Accepter l’invitation"));
        assert_eq!(vers(&maite.poster(&format!("{lien}/accepter"), &[]).await), "/compte");

        // A browser that was given no invitation is told what to do.
        let page = Navigateur::new(&service).lire("/invitation").await;
        assert!(
            page.text.contains("Ouvrez de nouveau votre invitation"),
            "{}",
            page.text
        );
    }
}

#[tokio::test]
async fn deux_envois_a_la_fois_ouvrent_un_seul_compte() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let nadia = creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
        let mut nadia = connectee(&app, &service, nadia).await;
        let lien = inviter(&app, &mut nadia, "maite@exemple.fr").await;
        let (mut un, mut deux) = (Navigateur::new(&service), Navigateur::new(&service));
        tokio::join!(un.poster(&lien, &MAITE), deux.poster(&lien, &MAITE));
        let entres: Vec<_> = [un, deux]
            .into_iter()
            .filter(|n| n.cookie("session").is_some())
            .collect();
        assert_eq!(entres.len(), 1);
        for mut entre in entres {
            assert_eq!(vers(&entre.poster(&format!("{lien}/accepter"), &[]).await), "/compte");
        }
    }
}

#[tokio::test]
async fn qui_est_connecte_avec_une_autre_adresse_peut_en_changer() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let nadia = creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
    creer(&app, "binta@exemple.fr", &[]).await;
    let mut nadia = connectee(&app, &service, nadia).await;
    let lien = inviter(&app, &mut nadia, "maite@exemple.fr").await;
    let mut binta = Navigateur::new(&service);
    entrer(&app, &mut binta, "binta@exemple.fr").await;
    let page = binta.lire(&lien).await;
    assert!(
        page.text.contains("Un autre compte est ouvert") && page.text.contains("Awa Diarra"),
        "{}",
        page.text
    );
    est_refuse(&binta.poster(&format!("{lien}/accepter"), &[]).await, "Me déconnecter");
    let sortie = binta.poster("/deconnexion", &[("suite", "/invitation")]).await;
    assert_eq!(vers(&sortie), "/invitation");
    assert!(
        binta
            .lire("/invitation")
            .await
            .text
            .contains("comment vous vous appelez")
    );
}

#[tokio::test]
async fn le_lien_de_l_exploitant_ouvre_le_compte_du_premier_administrateur() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let actor = Actor::operator();
    let mut tx = app.db.write().await.unwrap();
    let courriel = Courriel::lire("ada@exemple.fr").unwrap();
    let lien = inviter_administrateur(&Act::now(&app, &actor), &mut tx, courriel)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let lien = lien.strip_prefix("http://localhost:8080").unwrap();
    let mut ada = Navigateur::new(&service);
    ada.poster(lien, &MAITE).await;
    assert!(ada.lire("/compte").await.text.contains("par lien de l’exploitant"));
    assert_eq!(vers(&ada.poster(&format!("{lien}/accepter"), &[]).await), "/compte");
}
