//! Tries: who waits, who does not, and what a refusal lets do next.

use super::{connectee, est_au_journal, est_refuse};
use crate::navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers};
use axum::http::{StatusCode, header};
use comptes::{
    actions::{
        connexion::{Recherche, par_code},
        limites::{Cle, compter},
    },
    domain::connexion::RefusConnexion,
    store::connexion::compter_essai,
};
use socle::{
    Settings,
    app::service,
    errors::Erreur,
    testing::{self, databases, instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How many of twenty, begun at once, pass.
async fn combien_passent<F: Future<Output = bool> + Send + 'static>(essayer: impl Fn(u8) -> F) -> usize {
    let essais: JoinSet<bool> = (0..20).map(essayer).collect();
    essais.join_all().await.into_iter().filter(|passe| *passe).count()
}

const AWA: (&str, &str) = ("courriel", "awa@exemple.fr");

#[tokio::test]
async fn soixante_personnes_d_un_meme_reseau_se_connectent_le_meme_matin() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    for rang in 0..60 {
        let adresse = format!("agent{rang}@prefecture.exemple.fr");
        creer(&app, &adresse, &[]).await;
        app.clock.set(instant().plus_seconds(rang * 10));
        let mut agent = Navigateur::new(&service);
        agent.poster("/connexion", &[("courriel", &adresse)]).await;
        let (_, code) = lien_et_code(&courrier(&app).await[0].1);
        // A typing error each.
        agent.poster("/connexion/code", &[("code", "1")]).await;
        let entree = agent.poster("/connexion/code", &[("code", &code)]).await;
        assert_eq!(vers(&entree), "/compte", "{rang} {}", entree.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn vingt_essais_a_la_fois_comptent_un_par_un() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let personne = creer(&app, "awa@exemple.fr", &[]).await;
        for cle in [Cle::Personne(personne), Cle::Adresse("binta@exemple.fr")] {
            let passes = combien_passent(|_| {
                let app = app.clone();
                async move {
                    let mut tx = app.db.write().await.unwrap();
                    let reseau = Cle::Reseau([192, 0, 2, 1].into());
                    let essai = compter(&mut tx, &app, "essai", &[cle, reseau], instant()).await;
                    tx.commit().await.unwrap();
                    essai.is_ok()
                }
            });
            assert_eq!(passes.await, 3, "{:?}", test.db.engine());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn un_code_se_tente_cinq_fois_meme_d_un_coup() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let mut awa = Navigateur::new(&service);
        awa.poster("/connexion", &[AWA]).await;
        let demande: Uuid = awa.cookie("demande").unwrap().parse().unwrap();
        let faux = combien_passent(|rang| {
            let app = app.clone();
            async move {
                let mut tx = app.db.write().await.unwrap();
                // Each from a network of its own: the count of one network would hold the others back.
                let reseau = [192, 0, 2, rang].into();
                let essai = par_code(&mut tx, &app, &Recherche::Demande(demande), "1", reseau).await;
                tx.commit().await.unwrap();
                matches!(essai, Ok(Err(RefusConnexion::CodeFaux)))
            }
        });
        assert_eq!(faux.await, 5, "{:?}", test.db.engine());
        let (_, code) = lien_et_code(&courrier(&app).await[0].1);
        est_refuse(&awa.poster("/connexion/code", &[("code", &code)]).await, "ne vaut plus");
    }
}

#[tokio::test]
async fn un_sixieme_essai_ne_commence_pas_meme_s_il_a_lu_la_demande_avant() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let mut awa = Navigateur::new(&service);
        awa.poster("/connexion", &[AWA]).await;
        let demande: Uuid = awa.cookie("demande").unwrap().parse().unwrap();
        let mut tx = app.db.write().await.unwrap();
        let mut permis = Vec::new();
        for _ in 0..7 {
            permis.push(compter_essai(&mut tx, demande).await.unwrap());
        }
        assert_eq!(permis, [true, true, true, true, true, false, false]);
    }
}

#[tokio::test]
async fn le_code_d_une_autre_demande_se_tape_avec_son_adresse() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let (mut ordinateur, mut telephone) = (Navigateur::new(&service), Navigateur::new(&service));
    let posee = ordinateur.poster("/connexion", &[AWA]).await;
    // The browser keeps its request for as long as the code holds.
    let cookies: Vec<_> = posee
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap())
        .collect();
    assert!(
        cookies
            .iter()
            .any(|c| c.starts_with("demande=") && c.contains("Max-Age=1800;")),
        "{cookies:?}"
    );
    app.clock.set(instant().plus_seconds(60));
    telephone.poster("/connexion", &[AWA]).await;
    let (_, code) = lien_et_code(&courrier(&app).await.last().unwrap().1);
    assert!(
        ordinateur
            .lire("/connexion/code")
            .await
            .text
            .contains("/connexion/code?autre=1")
    );
    assert!(
        ordinateur
            .lire("/connexion/code?autre=1")
            .await
            .text
            .contains("name=\"courriel\"")
    );
    let entree = ordinateur
        .poster("/connexion/code", &[("autre", "1"), AWA, ("code", &code)])
        .await;
    assert_eq!(vers(&entree), "/compte", "{}", entree.text);
}

#[tokio::test]
async fn un_code_de_confirmation_perdu_se_redemande() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let mut awa = Navigateur::new(&service);
        entrer(&app, &mut awa, "awa@exemple.fr").await;
        app.clock.set(instant().plus_seconds(20 * 60));
        let (porte, suite) = (
            "/connexion/confirmer?suite=%2Fcompte%2Fsecurite",
            ("suite", "/compte/securite"),
        );
        awa.poster("/connexion/confirmer/code", &[suite]).await;
        let page = awa.lire(porte).await.text;
        assert!(page.contains("Recevoir un autre code"), "{page}");
        courrier(&app).await;
        // Half an hour later the code no longer holds, and the page offers another one.
        app.clock.set(instant().plus_seconds(51 * 60));
        let perime = awa.poster("/connexion/confirmer", &[suite, ("code", "00000000")]).await;
        est_refuse(&perime, "demandez-en un autre");
        assert!(perime.text.contains(">Recevoir un code<") || perime.text.contains("Recevoir un code"));
        assert_eq!(awa.cookie("demande"), None);
        awa.poster("/connexion/confirmer/code", &[suite]).await;
        let (_, code) = lien_et_code(&courrier(&app).await[0].1);
        let prouve = awa.poster("/connexion/confirmer", &[suite, ("code", &code)]).await;
        assert_eq!(vers(&prouve), "/compte/securite", "{}", prouve.text);
        assert!(est_au_journal(&app, "message").await);
    }
}

#[tokio::test]
async fn un_lien_qui_ne_vaut_plus_mene_a_ce_qui_vaut() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let (mut awa, mut autre) = (Navigateur::new(&service), Navigateur::new(&service));
    awa.poster("/connexion", &[AWA]).await;
    let (lien, code) = lien_et_code(&courrier(&app).await[0].1);
    // In another browser, the code of the same message; too late, another message.
    let ailleurs = autre.poster(&lien, &[]).await;
    est_refuse(&ailleurs, "action=\"/connexion/code\"");
    assert!(ailleurs.text.contains("name=\"courriel\""));
    app.clock.set(instant().plus_seconds(600));
    est_refuse(&awa.poster(&lien, &[]).await, "action=\"/connexion\"");
    let entree = autre
        .poster("/connexion/code", &[("autre", "1"), AWA, ("code", &code)])
        .await;
    assert_eq!(vers(&entree), "/compte", "{}", entree.text);
}

#[tokio::test]
async fn une_saisie_survit_a_une_deconnexion_et_a_sa_longueur() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let awa = creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = connectee(&app, &service, awa).await;
    // Signed out in another tab: no cookie of ours is left.
    awa.poster("/deconnexion", &[]).await;
    assert!(awa.cookies.is_empty(), "{:?}", awa.cookies);
    let long = "é".repeat(100_000);
    let gardee = awa
        .poster("/compte/identite", &[("prenom", "Aïssa"), ("nom", &long)])
        .await;
    assert_eq!(gardee.status, StatusCode::UNAUTHORIZED);
    assert!(gardee.text.contains("value=\"Aïssa\"") && gardee.text.contains(&long));
    let trop = awa.poster("/compte/identite", &[("nom", &"a".repeat(1 << 20))]).await;
    assert_eq!(trop.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn une_adresse_qui_insiste_attend_seule() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let reseau = [192, 0, 2, 1].into();
    let mut essais = Vec::new();
    for adresse in [AWA.1, AWA.1, AWA.1, AWA.1, "binta@exemple.fr"] {
        let mut tx = app.db.write().await.unwrap();
        let cles = [Cle::Adresse(adresse), Cle::Reseau(reseau)];
        let essai = compter(&mut tx, &app, "connexion", &cles, instant()).await;
        essais.push(match essai {
            Ok(()) => 0,
            Err(Erreur::Limite { secondes }) => secondes,
            Err(autre) => panic!("{autre}"),
        });
        tx.commit().await.unwrap();
    }
    assert_eq!(essais, [0, 0, 0, 5, 0]);
}
