//! Addresses and second factors: what signs in is changed by its owner, told to them, and given back to who lost it.

use super::{connectee, est_au_journal, est_refuse};
use crate::navigateur::{MODULES, Navigateur, courrier, creer, entrer, vers};
use axum::http::StatusCode;
use comptes::{
    actions::{facteurs, liberation::liberer},
    domain::{
        courriel::Courriel,
        fonction::Fonction,
        personne::{Contact, Moyen},
    },
    store::{facteurs as store, personne},
};
use socle::{
    App, Settings,
    app::service,
    change::Act,
    permissions::Actor,
    testing::{self, databases, instant},
};
use std::time::Duration;
use uuid::Uuid;

const PERSO: (&str, &str) = ("courriel", "awa.perso@exemple.fr");

/// The path of the link that confirms an address.
async fn lien_de_confirmation(app: &App, adresse: &str) -> String {
    let recus = courrier(app).await;
    let (_, texte) = recus.iter().find(|(a, _)| a == adresse).unwrap();
    let jeton = texte.split("/compte/contacts/confirmer/").nth(1).unwrap();
    let jeton: String = jeton.chars().take_while(char::is_ascii_hexdigit).collect();
    format!("/compte/contacts/confirmer/{jeton}")
}

pub(super) async fn contacts(app: &App, qui: Uuid) -> Vec<Contact> {
    let mut tx = app.db.read().await.unwrap();
    personne::contacts(&mut tx, qui).await.unwrap()
}

#[tokio::test]
async fn une_adresse_ajoutee_se_confirme_depuis_son_compte_et_se_dit_aux_autres() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let qui = creer(&app, "awa@exemple.fr", &[]).await;
        creer(&app, "binta@exemple.fr", &[]).await;
        let mut awa = Navigateur::new(&service);
        entrer(&app, &mut awa, "awa@exemple.fr").await;
        assert_eq!(vers(&awa.poster("/compte/contacts/nouveau", &[PERSO]).await), "/compte");
        let lien = lien_de_confirmation(&app, PERSO.1).await;

        // Who reads the message of an address that they did not add gives it to nobody.
        let mut lecteur = Navigateur::new(&service);
        assert!(lecteur.lire(&lien).await.text.contains("Connectez-vous d’abord"));
        assert_eq!(lecteur.poster(&lien, &[]).await.status, StatusCode::UNAUTHORIZED);
        let mut binta = Navigateur::new(&service);
        entrer(&app, &mut binta, "binta@exemple.fr").await;
        est_refuse(&binta.poster(&lien, &[]).await, "pas dans le compte ouvert");
        assert!(contacts(&app, qui).await.iter().any(|c| c.confirme_at.is_none()));

        assert_eq!(vers(&awa.poster(&lien, &[]).await), "/compte");
        assert!(contacts(&app, qui).await.iter().all(|c| c.confirme_at.is_some()));
        let recus = courrier(&app).await;
        assert_eq!(recus.len(), 1, "{recus:?}");
        assert!(recus[0].0 == "awa@exemple.fr" && recus[0].1.contains("a été ajoutée à votre compte"));

        // Removed, every address that signed in is told, the one that goes too.
        let premiere = contacts(&app, qui).await[0].id.to_string();
        let retiree = awa.poster("/compte/contacts/retirer", &[("contact", &premiere)]).await;
        assert_eq!(vers(&retiree), "/compte", "{}", retiree.text);
        let mut prevenues: Vec<_> = courrier(&app).await.into_iter().map(|(a, _)| a).collect();
        prevenues.sort();
        assert_eq!(prevenues, ["awa.perso@exemple.fr", "awa@exemple.fr"]);
        assert!(est_au_journal(&app, "confirme").await);
    }
}

#[tokio::test]
async fn une_session_laissee_ouverte_ne_suffit_pas_a_changer_d_adresse() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let qui = creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    app.clock.set(instant().plus_seconds(20 * 60));
    assert_eq!(
        vers(&awa.lire("/compte/contacts/nouveau").await),
        "/connexion/confirmer?suite=%2Fcompte%2Fcontacts%2Fnouveau"
    );
    let seule = contacts(&app, qui).await[0].id.to_string();
    for (chemin, champs) in [
        ("/compte/contacts/nouveau", PERSO),
        ("/compte/contacts/retirer", ("contact", seule.as_str())),
    ] {
        assert_eq!(awa.poster(chemin, &[champs]).await.status, StatusCode::UNAUTHORIZED);
    }
    // With a second factor in the account, a mailbox is not enough either.
    donner_un_facteur(&app, qui).await;
    let mut boite = Navigateur::new(&service);
    entrer(&app, &mut boite, "awa@exemple.fr").await;
    est_refuse(
        &boite.poster("/compte/contacts/nouveau", &[PERSO]).await,
        "ontrez d’abord votre second moyen",
    );
}

#[tokio::test]
async fn on_n_ecrit_pas_sans_fin_a_des_adresses_qui_n_ont_rien_demande() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let qui = creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = connectee(&app, &service, qui).await;
    for rang in 0..4 {
        let adresse = format!("autre{rang}@exemple.fr");
        let ajout = awa.poster("/compte/contacts/nouveau", &[("courriel", &adresse)]).await;
        let attendu = [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY][usize::from(rang == 3)];
        assert_eq!(ajout.status, attendu, "{rang} {}", ajout.text);
    }
    assert_eq!(courrier(&app).await.len(), 3);
    for rang in 0..16 {
        let numero = format!("01990012{rang:02}");
        awa.poster("/compte/contacts/nouveau", &[("telephone", &numero)]).await;
    }
    assert_eq!(contacts(&app, qui).await.len(), 20);
    est_refuse(
        &awa.poster("/compte/contacts/nouveau", &[("telephone", "0199001399")])
            .await,
        "retirez-en un d’abord",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn une_adresse_que_deux_comptes_confirment_a_la_fois_est_a_un_seul() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (awa, binta) = (
            creer(&app, "awa@exemple.fr", &[]).await,
            creer(&app, "binta@exemple.fr", &[]).await,
        );
        let mut chez_awa = connectee(&app, &service, awa).await;
        chez_awa.poster("/compte/contacts/nouveau", &[PERSO]).await;
        courrier(&app).await;
        let mut chez_binta = connectee(&app, &service, binta).await;
        chez_binta.poster("/compte/contacts/nouveau", &[PERSO]).await;
        let lien = lien_de_confirmation(&app, PERSO.1).await;
        let sienne = contacts(&app, awa).await.into_iter().find(|c| c.confirme_at.is_none());

        // Awa's confirmation is written, and not yet committed, when Binta's comes.
        let mut tx = app.db.write().await.unwrap();
        assert!(
            personne::confirmer_contact(&mut tx, sienne.unwrap().id, instant())
                .await
                .unwrap()
        );
        let finir = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            tx.commit().await.unwrap();
        };
        let (refus, ()) = tokio::join!(chez_binta.poster(&lien, &[]), finir);
        est_refuse(&refus, "déjà confirmée par une autre personne");
    }
}

/// An application of codes, and recovery codes.
pub(super) async fn donner_un_facteur(app: &App, qui: Uuid) {
    let mut tx = app.db.write().await.unwrap();
    store::proposer(&mut tx, qui, &app.settings.keys.seal(facteurs::USAGE, &[7; 20]))
        .await
        .unwrap();
    assert!(store::noter_pas(&mut tx, qui, 1, instant()).await.unwrap());
    store::remplacer_secours(&mut tx, qui, &[[7; 32]], instant())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn a_un_facteur(app: &App, qui: Uuid) -> bool {
    let mut tx = app.db.read().await.unwrap();
    store::application(&mut tx, qui).await.unwrap().is_some()
        || store::secours_restants(&mut tx, qui).await.unwrap() > 0
}

const MOTIF: [(&str, &str); 1] = [("motif", "téléphone perdu, vérifié de vive voix")];

#[tokio::test]
async fn qui_a_tout_perdu_retrouve_son_compte_par_un_autre_administrateur() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let ada = creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
        let paul = creer(&app, "paul@exemple.fr", &[(Fonction::Prefet, "D:01")]).await;
        donner_un_facteur(&app, ada).await;
        donner_un_facteur(&app, paul).await;
        let (mut chez_ada, mut ailleurs) = (
            connectee(&app, &service, ada).await,
            connectee(&app, &service, paul).await,
        );
        let mut chez_paul = Navigateur::new(&service);
        entrer(&app, &mut chez_paul, "paul@exemple.fr").await;
        let page = chez_paul.lire("/connexion/confirmer?suite=%2Fpersonnes").await.text;
        assert!(page.contains("Vous avez perdu votre appareil"), "{page}");

        let fiche = chez_ada.lire(&format!("/personnes/{paul}")).await.text;
        assert!(fiche.contains("Retirer ses seconds moyens de connexion"), "{fiche}");
        let chemin = format!("/personnes/{paul}/facteurs");
        est_refuse(
            &chez_ada.poster(&chemin, &[("motif", "perdu")]).await,
            "la personne le lira",
        );
        est_refuse(
            &chez_ada.poster(&format!("/personnes/{ada}/facteurs"), &MOTIF).await,
            "vos propres moyens de connexion",
        );
        assert!(a_un_facteur(&app, paul).await);
        courrier(&app).await;
        let liberes = chez_ada.poster(&chemin, &MOTIF).await;
        assert_eq!(vers(&liberes), format!("/personnes/{paul}"), "{}", liberes.text);
        assert!(!a_un_facteur(&app, paul).await && a_un_facteur(&app, ada).await);
        assert_eq!(ailleurs.lire("/compte").await.status, StatusCode::SEE_OTHER);
        let recus = courrier(&app).await;
        assert!(
            recus[0].0 == "paul@exemple.fr" && recus[0].1.contains("vérifié de vive voix"),
            "{recus:?}"
        );
        assert!(est_au_journal(&app, "liberation_facteurs").await && !est_au_journal(&app, "de vive voix").await);
        assert!(chez_ada.lire(&chemin).await.text.contains("Déjà retirés le"));
        est_refuse(&chez_ada.poster(&chemin, &MOTIF).await, "n’a pas de second moyen");

        // Paul signs in by a message, and is asked to add a factor before he decides anything.
        let entree = entrer(&app, &mut chez_paul, "paul@exemple.fr").await;
        assert_eq!(vers(&entree), "/connexion/confirmer?suite=%2Fcompte");
        assert!(
            chez_paul
                .lire(vers(&entree))
                .await
                .text
                .contains("Ajoutez un second moyen")
        );

        // The only administrator asks the operator.
        let operateur = Actor::operator();
        let mut tx = app.db.write().await.unwrap();
        liberer(&Act::now(&app, &operateur), &mut tx, ada, MOTIF[0].1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!a_un_facteur(&app, ada).await);
    }
}

#[tokio::test]
async fn une_application_ajoutee_garde_les_codes_de_secours_imprimes() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let qui = creer(&app, "awa@exemple.fr", &[]).await;
    let mut tx = app.db.write().await.unwrap();
    store::remplacer_secours(&mut tx, qui, &[[7; 32]], instant())
        .await
        .unwrap();
    let scelle = app.settings.keys.seal(facteurs::USAGE, &[7; 20]);
    store::proposer(&mut tx, qui, &scelle).await.unwrap();
    tx.commit().await.unwrap();
    let mut awa = connectee(&app, &service, qui).await;
    let code = identite::totp::code(&[7; 20], instant().micros() / 1_000_000 / 30);
    let ajoutee = awa.poster("/compte/securite/application", &[("code", &code)]).await;
    assert_eq!(vers(&ajoutee), "/compte/securite", "{}", ajoutee.text);
    let mut tx = app.db.read().await.unwrap();
    assert_eq!(store::secours_restants(&mut tx, qui).await.unwrap(), 1);
}

#[tokio::test]
async fn seule_une_adresse_confirmee_a_un_titulaire() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let awa = creer(&app, "awa@exemple.fr", &[]).await;
        let binta = creer(&app, "binta@exemple.fr", &[]).await;
        let partagee = Courriel::lire("accueil@exemple.fr").unwrap();
        let mut tx = app.db.write().await.unwrap();
        for (qui, confirme_at) in [(awa, None), (binta, Some(instant()))] {
            assert_eq!(personne::titulaire(&mut tx, &partagee).await.unwrap(), None);
            let contact = Contact {
                id: app.ids.next(instant()),
                personne: qui,
                moyen: Moyen::Courriel(partagee.clone()),
                confirme_at,
                ajoute_at: instant(),
            };
            assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
        }
        let titulaire = personne::titulaire(&mut tx, &partagee).await.unwrap();
        assert_eq!(titulaire.map(|c| c.personne), Some(binta));
    }
}
