//! What administrators do to files and rules: joining two files and separating them, lifting the separation of duties.

use super::{
    adresses::{contacts, donner_un_facteur},
    connectee, est_refuse,
};
use crate::navigateur::{MODULES, Navigateur, courrier, creer, entrer, vers};
use axum::http::StatusCode;
use comptes::{
    actions::{facteurs, fonctions, personnes as actions},
    domain::{
        courriel::Courriel,
        fonction::Fonction,
        perimetre::Perimetre,
        personne::{Contact, Moyen},
        separation::Demande,
    },
    store::{facteurs as store, personne},
};
use jiff::civil::date;
use socle::{
    App, Settings,
    app::service,
    change::Act,
    errors::Erreur,
    journal,
    permissions::{Actor, Grant, WHOLE},
    testing::{self, databases, instant},
};
use uuid::Uuid;

async fn reunir(app: &App, gardee: Uuid, absorbee: Uuid) -> Result<Uuid, Erreur> {
    let actor = Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Administration", WHOLE));
    let mut tx = app.db.write().await.unwrap();
    let fusion = actions::reunir(&Act::now(app, &actor), &mut tx, gardee, absorbee, "même téléphone").await?;
    tx.commit().await.unwrap();
    Ok(fusion)
}

async fn separer(app: &App, fusion: Uuid) {
    let actor = Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Administration", WHOLE));
    let mut tx = app.db.write().await.unwrap();
    actions::separer(&Act::now(app, &actor), &mut tx, fusion).await.unwrap();
    tx.commit().await.unwrap();
}

/// To whom the messages went that hold these words.
async fn prevenues(app: &App, mots: &str) -> Vec<String> {
    let recus = courrier(app).await.into_iter().filter(|(_, texte)| {
        let texte = texte.split_whitespace().collect::<Vec<_>>().join(" ");
        texte.contains(mots)
    });
    let mut adresses: Vec<String> = recus.map(|(adresse, _)| adresse).collect();
    adresses.sort();
    adresses
}

#[tokio::test]
async fn une_fiche_separee_ne_reste_pas_ouverte_chez_l_autre() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (awa, bis) = (
            creer(&app, "awa@exemple.fr", &[]).await,
            creer(&app, "bis@exemple.fr", &[]).await,
        );
        let mut avant = connectee(&app, &service, awa).await;
        let fusion = reunir(&app, awa, bis).await.unwrap();
        assert_eq!(avant.lire("/compte").await.status, StatusCode::SEE_OTHER);
        // A way to sign in is of one of them, and every address says so.
        assert_eq!(
            prevenues(&app, "ont été réunies dans votre compte").await,
            ["awa@exemple.fr", "bis@exemple.fr"]
        );

        let mut autre = Navigateur::new(&service);
        assert_eq!(vers(&entrer(&app, &mut autre, "bis@exemple.fr").await), "/compte");
        assert!(autre.lire("/compte").await.text.contains("awa@exemple.fr"));
        separer(&app, fusion).await;
        assert_eq!(autre.lire("/compte").await.status, StatusCode::SEE_OTHER);
        let mut recus = courrier(&app).await;
        recus.sort();
        let [(une, sienne), (deux, la_leur)] = recus.try_into().unwrap();
        assert!(
            une == "awa@exemple.fr" && sienne.contains("en a été séparée"),
            "{sienne}"
        );
        assert!(
            deux == "bis@exemple.fr" && la_leur.contains("de nouveau votre compte"),
            "{la_leur}"
        );
    }
}

/// The secret of a person's application, and how many recovery codes they have left.
async fn a(app: &App, qui: Uuid) -> (Option<Vec<u8>>, i64) {
    let mut tx = app.db.read().await.unwrap();
    let application = store::application(&mut tx, qui).await.unwrap();
    (
        application.map(|une| une.secret),
        store::secours_restants(&mut tx, qui).await.unwrap(),
    )
}

async fn proposer(app: &App, qui: Uuid) {
    let mut tx = app.db.write().await.unwrap();
    let scelle = app.settings.keys.seal(facteurs::USAGE, &[8; 20]);
    store::proposer(&mut tx, qui, &scelle).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn le_second_facteur_suit_vers_qui_n_en_a_pas_et_revient() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let (awa, bis) = (
            creer(&app, "awa@exemple.fr", &[]).await,
            creer(&app, "bis@exemple.fr", &[]).await,
        );
        donner_un_facteur(&app, bis).await;
        proposer(&app, awa).await;
        let sien = a(&app, bis).await;
        let fusion = reunir(&app, awa, bis).await.unwrap();
        assert_eq!((a(&app, awa).await, a(&app, bis).await), (sien.clone(), (None, 0)));
        separer(&app, fusion).await;
        assert_eq!((a(&app, awa).await, a(&app, bis).await), ((None, 0), sien.clone()));

        // What the file kept has serves on, and what came to it meanwhile stays its own.
        app.clock.set(instant().plus_seconds(60));
        let fusion = reunir(&app, awa, bis).await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        store::retirer_tous(&mut tx, awa).await.unwrap();
        let scelle = app.settings.keys.seal(facteurs::USAGE, &[9; 20]);
        store::proposer(&mut tx, awa, &scelle).await.unwrap();
        let at = app.clock.now();
        assert!(store::noter_pas(&mut tx, awa, 2, at).await.unwrap());
        store::remplacer_secours(&mut tx, awa, &[[9; 32], [10; 32]], at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        separer(&app, fusion).await;
        assert_eq!(
            (a(&app, awa).await, a(&app, bis).await),
            ((Some(scelle.clone()), 2), (None, 0))
        );
        donner_un_facteur(&app, bis).await;
        reunir(&app, awa, bis).await.unwrap();
        assert_eq!(a(&app, awa).await, (Some(scelle), 2));
        assert_eq!(a(&app, bis).await.1, 1);
    }
}

async fn ajouter(app: &App, qui: Uuid, rang: u8) {
    let contact = Contact {
        id: app.ids.next(instant()),
        personne: qui,
        moyen: Moyen::Courriel(Courriel::lire(&format!("a{rang}@exemple.fr")).unwrap()),
        confirme_at: None,
        ajoute_at: instant().plus_seconds(-60),
    };
    let mut tx = app.db.write().await.unwrap();
    assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn deux_fiches_ne_font_pas_un_compte_ou_l_on_n_entre_plus() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (awa, bis) = (
            creer(&app, "awa@exemple.fr", &[]).await,
            creer(&app, "bis@exemple.fr", &[]).await,
        );
        for rang in 0..19 {
            ajouter(&app, awa, rang).await;
        }
        let Err(Erreur::Refus(refus)) = reunir(&app, awa, bis).await else {
            panic!("the join passed");
        };
        assert!(refus.message.contains("plus de 20 adresses"), "{refus}");
        // Joined before, such files leave more contact points than a page shows: each of them still signs in.
        ajouter(&app, awa, 19).await;
        assert!(contacts(&app, awa).await.iter().all(|c| c.confirme_at.is_none()));
        let mut navigateur = Navigateur::new(&service);
        let entree = entrer(&app, &mut navigateur, "awa@exemple.fr").await;
        assert_eq!(vers(&entree), "/compte", "{}", entree.text);
    }
}

#[tokio::test]
async fn un_motif_oublie_garde_les_deux_fiches_et_chaque_lecture_est_au_journal() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let ada = creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
    let (awa, bis) = (
        creer(&app, "awa@exemple.fr", &[]).await,
        creer(&app, "bis@exemple.fr", &[]).await,
    );
    let lectures = async |qui: Uuid| {
        let mut tx = app.db.read().await.unwrap();
        let lignes = journal::concerning(&mut tx, qui, None, 10).await.unwrap();
        lignes
            .iter()
            .filter(|ligne| format!("{ligne:?}").contains("vue"))
            .count()
    };
    let mut ada = connectee(&app, &service, ada).await;
    let chemin = format!("/personnes/{awa}/reunir");
    let page = ada.lire(&format!("{chemin}?avec={bis}")).await;
    assert!(page.text.contains("Fiche réunie à la première"), "{}", page.text);
    assert_eq!((lectures(awa).await, lectures(bis).await), (1, 1));
    let (autre, vide) = (bis.to_string(), ("motif", "la même"));
    let refus = ada.poster(&chemin, &[("absorbee", &autre), vide]).await;
    est_refuse(&refus, "les administrateurs le liront");
    assert!(refus.text.contains("Fiche réunie à la première"), "{}", refus.text);
    assert_eq!((lectures(awa).await, lectures(bis).await), (2, 2));
    // What is refused is the second file itself: another one is asked for.
    let sienne = awa.to_string();
    let refus = ada
        .poster(&chemin, &[("absorbee", &sienne), ("motif", "même téléphone")])
        .await;
    est_refuse(&refus, "hoisissez deux fiches différentes");
    assert!(refus.text.contains("Numéro de l’autre fiche"), "{}", refus.text);
}

#[tokio::test]
async fn la_liste_des_levees_dit_qui_et_quand() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let ada = creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
    let actor = Actor::signed_in(ada).with(Grant::over("Administration", WHOLE));
    let demande = Demande {
        perimetre: Perimetre::lire("D:976").unwrap(),
        motif: "un seul agent à Mayotte".into(),
        du: date(2026, 3, 10),
        au: date(2026, 3, 20),
    };
    let mut tx = app.db.write().await.unwrap();
    fonctions::lever_separation(&Act::now(&app, &actor), &mut tx, demande)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = connectee(&app, &service, ada).await.lire("/separation").await.text;
    for mots in ["levée par Awa Diarra", "enregistrée le mardi 3 mars 2026"] {
        assert!(page.contains(mots), "{mots} : {page}");
    }
}
