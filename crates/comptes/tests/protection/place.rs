//! Acting in someone's place: who may, for how long, and what it never lets do.

use super::{connectee, est_au_journal, est_refuse};
use crate::navigateur::{MODULES, Navigateur, courrier, creer, vers};
use axum::http::StatusCode;
use comptes::{
    domain::{
        delegation::{Acte, Delegation, GenreDelegation},
        fonction::Fonction,
    },
    store::attribution,
};
use socle::{
    App, Settings,
    app::service,
    change::Stored,
    testing::{self, databases, instant},
};
use uuid::Uuid;

const MOTIF: [(&str, &str); 1] = [("motif", "à sa demande par téléphone")];
const CONSEIL: (Fonction, &str) = (Fonction::Conseiller, "O:00000000-0000-0000-0000-00000000000a");

/// Ada, who administers, and Awa, who advises.
async fn ada_et_awa(app: &App) -> (Uuid, Uuid) {
    let ada = creer(app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
    (ada, creer(app, "awa@exemple.fr", &[CONSEIL]).await)
}

async fn prendre(navigateur: &mut Navigateur<'_>, de: Uuid) {
    let prise = navigateur.poster(&format!("/personnes/{de}/place"), &MOTIF).await;
    assert_eq!(vers(&prise), "/compte", "{}", prise.text);
}

async fn est_en_place(navigateur: &mut Navigateur<'_>) -> bool {
    let page = navigateur.lire("/compte").await;
    page.text.contains("Vous agissez à la place de Awa Diarra")
}

#[tokio::test]
async fn agir_a_la_place_de_quelqu_un_se_voit_se_dit_et_se_rend() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (ada, awa) = ada_et_awa(&app).await;
        let mut chez_ada = connectee(&app, &service, ada).await;
        let mut la_sienne = Navigateur::new(&service);
        la_sienne.cookies.clone_from(&chez_ada.cookies);
        est_refuse(
            &chez_ada
                .poster(&format!("/personnes/{awa}/place"), &[("motif", "")])
                .await,
            "la personne le lira",
        );
        prendre(&mut chez_ada, awa).await;
        assert!(est_en_place(&mut chez_ada).await);
        let recus = courrier(&app).await;
        assert!(
            recus
                .iter()
                .any(|(a, texte)| a == "awa@exemple.fr" && texte.contains("à sa demande par téléphone")),
            "{recus:?}"
        );
        // The session that she had ended; the devices of the person helped are left alone.
        assert_eq!(la_sienne.lire("/compte").await.status, StatusCode::SEE_OTHER);
        connectee(&app, &service, awa).await;
        let compte = chez_ada.lire("/compte").await.text;
        assert!(
            compte.contains("Où je suis connecté") && !compte.contains("/compte/sessions/fermer"),
            "{compte}"
        );

        let rendue = chez_ada.poster("/place/rendre", &[]).await;
        assert_eq!(vers(&rendue), format!("/personnes/{awa}"), "{}", rendue.text);
        assert_eq!(chez_ada.lire(&format!("/personnes/{awa}")).await.status, StatusCode::OK);
        assert!(!est_en_place(&mut chez_ada).await);
        // What she had shown still counts, and no longer than it did.
        assert_eq!(chez_ada.lire("/compte/securite").await.status, StatusCode::OK);
        app.clock.set(instant().plus_seconds(16 * 60));
        assert_eq!(chez_ada.lire("/compte/securite").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn nul_n_agit_a_sa_propre_place_ni_a_celle_de_qui_decide() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (ada, awa) = ada_et_awa(&app).await;
        let autre = creer(&app, "alix@exemple.fr", &[(Fonction::Administration, "N")]).await;
        let paul = creer(&app, "paul@exemple.fr", &[(Fonction::Prefet, "D:01")]).await;
        let mut chez_ada = connectee(&app, &service, ada).await;
        let decide = "nul n’agit à sa place";
        for (qui, pourquoi) in [(ada, "votre propre compte"), (autre, decide), (paul, decide)] {
            est_refuse(
                &chez_ada.poster(&format!("/personnes/{qui}/place"), &MOTIF).await,
                pourquoi,
            );
        }
        // Awa replaces the prefect: she decides too.
        deleguer(&app, paul, awa).await;
        est_refuse(
            &chez_ada.poster(&format!("/personnes/{awa}/place"), &MOTIF).await,
            decide,
        );
    }
}

/// Passes on what someone holds.
async fn deleguer(app: &App, de: Uuid, a: Uuid) {
    let mut tx = app.db.write().await.unwrap();
    let tenue = attribution::de_personne(&mut tx, de).await.unwrap().remove(0);
    let acte = Acte {
        personne: a,
        genre: GenreDelegation::Remplacement,
        reference: "arrêté 1".into(),
        du: jiff::civil::date(2026, 3, 3),
        au: jiff::civil::date(2026, 3, 30),
    };
    let delegation = Delegation::accorder(app.ids.next(instant()), &tenue, acte, de, instant()).unwrap();
    delegation.insert(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn ce_qui_est_confie_ensuite_ne_s_exerce_pas_en_place() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let ada = creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
        let awa = creer(&app, "awa@exemple.fr", &[]).await;
        let paul = creer(&app, "paul@exemple.fr", &[(Fonction::Prefet, "D:01")]).await;
        let mut chez_ada = connectee(&app, &service, ada).await;
        prendre(&mut chez_ada, awa).await;
        deleguer(&app, paul, awa).await;
        // Absent, rather than behind a proof that the administrator could give.
        assert_eq!(chez_ada.lire("/personnes").await.status, StatusCode::NOT_FOUND);
        assert!(
            chez_ada
                .lire("/compte")
                .await
                .text
                .contains("ne s’exerce que par la personne elle-même")
        );
        // Awa herself decides once she has shown two factors.
        let mut chez_awa = connectee(&app, &service, awa).await;
        assert_eq!(chez_awa.lire("/personnes").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn une_place_se_rend_au_bout_d_une_heure_meme_en_usage() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (ada, awa) = ada_et_awa(&app).await;
        let mut chez_ada = connectee(&app, &service, ada).await;
        prendre(&mut chez_ada, awa).await;
        for minute in (6..60).step_by(6) {
            app.clock.set(instant().plus_seconds(60 * minute));
            assert!(est_en_place(&mut chez_ada).await, "{minute}");
        }
        app.clock.set(instant().plus_seconds(60 * 60));
        assert_eq!(chez_ada.lire("/compte").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn une_place_se_perd_avec_la_fonction_qui_la_donne() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (ada, awa) = ada_et_awa(&app).await;
        let remplacante = creer(&app, "rose@exemple.fr", &[]).await;
        deleguer(&app, ada, remplacante).await;
        let mut places = Vec::new();
        for qui in [ada, remplacante] {
            let mut navigateur = connectee(&app, &service, qui).await;
            prendre(&mut navigateur, awa).await;
            assert!(est_en_place(&mut navigateur).await);
            places.push(navigateur);
        }
        let mut tx = app.db.write().await.unwrap();
        let tenue = attribution::de_personne(&mut tx, ada).await.unwrap().remove(0);
        let retiree = tenue
            .retirer(None, instant(), jiff::civil::date(2026, 3, 3), "mutation à Lyon")
            .unwrap();
        assert!(retiree.update(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        for mut navigateur in places {
            assert_eq!(navigateur.lire("/compte").await.status, StatusCode::SEE_OTHER);
        }
    }
}

#[tokio::test]
async fn en_place_on_n_accepte_ni_ne_change_ce_qui_est_a_la_personne() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let (ada, awa) = ada_et_awa(&app).await;
    let mut chez_ada = connectee(&app, &service, ada).await;
    let offre = [
        ("courriel", "awa@exemple.fr"),
        ("fonction", "coordinateur"),
        ("perimetre", "D:01"),
    ];
    chez_ada.poster("/invitations/nouvelle", &offre).await;
    let recus = courrier(&app).await;
    let jeton: String = recus[0]
        .1
        .split("/invitation/")
        .nth(1)
        .unwrap()
        .chars()
        .take(64)
        .collect();
    prendre(&mut chez_ada, awa).await;
    let acceptee = chez_ada.poster(&format!("/invitation/{jeton}/accepter"), &[]).await;
    est_refuse(&acceptee, "Un autre compte est ouvert");
    for (chemin, champs) in [
        ("/compte/contacts/nouveau", [("courriel", "ada.perso@exemple.fr")]),
        ("/compte/sessions/fermer-les-autres", [("", "")]),
    ] {
        let refus = chez_ada.poster(chemin, &champs).await;
        assert_eq!(
            refus.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{chemin} {}",
            refus.text
        );
    }
    // Her own other devices, she ends at once, and the journal says so.
    let mut chez_awa = connectee(&app, &service, awa).await;
    let mut ailleurs = connectee(&app, &service, awa).await;
    chez_awa.poster("/compte/sessions/fermer-les-autres", &[]).await;
    assert_eq!(ailleurs.lire("/compte").await.status, StatusCode::SEE_OTHER);
    assert!(est_au_journal(&app, "fermees").await);
}
