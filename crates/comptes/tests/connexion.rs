//! Signing in, staying signed in, and what a session lets do: through the pages, on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod navigateur;

use axum::http::{StatusCode, header};
use comptes::domain::fonction::Fonction;
use navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers};
use socle::{
    Settings,
    app::service,
    change::Stored,
    testing::{self, databases, instant},
};

#[tokio::test]
async fn un_lien_recu_par_courriel_connecte_une_fois_dans_son_navigateur() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let (mut awa, mut autre) = (Navigateur::new(&service), Navigateur::new(&service));

        assert_eq!(vers(&awa.lire("/compte").await), "/connexion?suite=%2Fcompte");
        let envoye = awa
            .poster(
                "/connexion",
                &[("courriel", " AWA@exemple.fr"), ("suite", "/compte?a=1")],
            )
            .await;
        assert_eq!(
            (envoye.status, vers(&envoye)),
            (StatusCode::SEE_OTHER, "/connexion/code?envoye=1")
        );
        let recus = courrier(&app).await;
        assert_eq!(recus.len(), 1);
        assert_eq!(recus[0].0, "awa@exemple.fr");
        let (lien, _) = lien_et_code(&recus[0].1);

        // A scanner that opens the link signs nobody in, and another browser cannot use it.
        assert_eq!(awa.lire(&lien).await.status, StatusCode::OK);
        assert_eq!(awa.cookie("session"), None);
        let ailleurs = autre.poster(&lien, &[]).await;
        assert_eq!(ailleurs.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            ailleurs.text.contains("vaut dans le navigateur où il a été demandé"),
            "{}",
            ailleurs.text
        );

        let entree = awa.poster(&lien, &[]).await;
        assert_eq!(vers(&entree), "/compte?a=1");
        let compte = awa.lire("/compte").await;
        assert_eq!(compte.status, StatusCode::OK);
        assert!(
            compte.text.contains("Awa Diarra") && compte.text.contains("Firefox sur Linux"),
            "{}",
            compte.text
        );
        assert_eq!(compte.headers[header::CACHE_CONTROL], "no-store");

        awa.cookies.clear();
        let encore = awa.poster(&lien, &[]).await;
        assert_eq!(encore.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(encore.text.contains("ne vaut plus"), "{}", encore.text);
    }
}

#[tokio::test]
async fn un_code_connecte_un_autre_appareil_et_se_bloque_apres_cinq_essais() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let (mut ordinateur, mut telephone) = (Navigateur::new(&service), Navigateur::new(&service));
        ordinateur.poster("/connexion", &[("courriel", "awa@exemple.fr")]).await;
        let (_, code) = lien_et_code(&courrier(&app).await[0].1);
        app.clock.set(instant().plus_seconds(29 * 60));
        let essai = telephone
            .poster("/connexion/code", &[("courriel", "awa@exemple.fr"), ("code", &code)])
            .await;
        assert_eq!(vers(&essai), "/compte", "{}", essai.text);
        assert!(telephone.lire("/compte").await.text.contains("code reçu par courriel"));

        let apres = instant().plus_seconds(86_400);
        app.clock.set(apres);
        ordinateur.poster("/connexion", &[("courriel", "awa@exemple.fr")]).await;
        let (_, code) = lien_et_code(&courrier(&app).await[0].1);
        let faux = if code == "00000000" { "00000001" } else { "00000000" };
        for rang in 0..5 {
            app.clock.set(apres.plus_seconds(60 * rang));
            let refus = ordinateur.poster("/connexion/code", &[("code", faux)]).await;
            assert!(
                refus.text.contains("ce code n’est pas celui") || refus.text.contains("Ce code n’est pas celui"),
                "{}",
                refus.text
            );
        }
        app.clock.set(apres.plus_seconds(600));
        let bloque = ordinateur.poster("/connexion/code", &[("code", &code)]).await;
        assert_eq!(bloque.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bloque.text.contains("ne vaut plus"), "{}", bloque.text);
    }
}

#[tokio::test]
async fn une_adresse_connue_et_une_inconnue_recoivent_la_meme_reponse() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let (mut connue, mut inconnue) = (Navigateur::new(&service), Navigateur::new(&service));
    let a = connue.poster("/connexion", &[("courriel", "awa@exemple.fr")]).await;
    let b = inconnue
        .poster("/connexion", &[("courriel", "personne@exemple.fr")])
        .await;
    assert_eq!(
        (a.status, vers(&a), a.text.clone()),
        (b.status, vers(&b), b.text.clone())
    );
    let noms = |n: &Navigateur<'_>| {
        n.cookies
            .iter()
            .map(|(nom, v)| (nom.clone(), v.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(noms(&connue), noms(&inconnue));
    let pages = (
        connue.lire("/connexion/code?envoye=1").await,
        inconnue.lire("/connexion/code?envoye=1").await,
    );
    assert_eq!(pages.0.text, pages.1.text);
    assert_eq!(courrier(&app).await.len(), 1);
    // A wrong code says nothing more, as often as it is tried, and as late as it is.
    for minute in [0, 1, 2, 3, 4, 5, 40] {
        app.clock.set(instant().plus_seconds(60 * minute));
        let faux = (
            connue.poster("/connexion/code", &[("code", "00000000")]).await,
            inconnue.poster("/connexion/code", &[("code", "00000000")]).await,
        );
        assert_eq!((faux.0.status, &faux.0.text), (faux.1.status, &faux.1.text), "{minute}");
        assert_eq!(noms(&connue), noms(&inconnue), "{minute}");
    }
}

#[tokio::test]
async fn qui_insiste_attend_de_plus_en_plus() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let mut navigateur = Navigateur::new(&service);
    for _ in 0..3 {
        let envoye = navigateur.poster("/connexion", &[("courriel", "awa@exemple.fr")]).await;
        assert_eq!(envoye.status, StatusCode::SEE_OTHER);
    }
    let refus = navigateur.poster("/connexion", &[("courriel", "awa@exemple.fr")]).await;
    assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.text.contains("attendez 5 secondes"), "{}", refus.text);
    assert!(refus.text.contains("value=\"awa@exemple.fr\""));
    app.clock.set(instant().plus_seconds(6));
    assert_eq!(
        navigateur
            .poster("/connexion", &[("courriel", "awa@exemple.fr")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn un_cookie_pose_d_avance_ne_devient_pas_une_session() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    let pose = "a".repeat(64);
    awa.cookies.push(("session".into(), pose.clone()));
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    let vraie = awa.cookie("session").unwrap().to_owned();
    assert_ne!(vraie, pose);
    let mut voleur = Navigateur::new(&service);
    voleur.cookies.push(("session".into(), pose));
    assert_eq!(voleur.lire("/compte").await.status, StatusCode::SEE_OTHER);

    // Signing in again ends the session that the browser had.
    app.clock.set(instant().plus_seconds(60));
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    let mut ancienne = Navigateur::new(&service);
    ancienne.cookies.push(("session".into(), vraie));
    assert_eq!(ancienne.lire("/compte").await.status, StatusCode::SEE_OTHER);
    assert_eq!(awa.lire("/compte").await.status, StatusCode::OK);
}

#[tokio::test]
async fn une_fonction_retiree_se_perd_a_la_demande_suivante() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let nadia = creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:01")]).await;
        let mut navigateur = Navigateur::new(&service);
        entrer(&app, &mut navigateur, "nadia@exemple.fr").await;
        assert_eq!(navigateur.lire("/personnes").await.status, StatusCode::OK);
        let mut tx = app.db.write().await.unwrap();
        let tenues = comptes::store::attribution::de_personne(&mut tx, nadia).await.unwrap();
        let retiree = tenues[0]
            .clone()
            .retirer(None, instant(), jiff::civil::date(2026, 3, 3), "mutation à Lyon")
            .unwrap();
        assert!(retiree.update(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(navigateur.lire("/personnes").await.status, StatusCode::NOT_FOUND);
        assert_eq!(navigateur.lire("/compte").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn une_fonction_qui_decide_attend_un_second_facteur() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
    let mut ada = Navigateur::new(&service);
    let entree = entrer(&app, &mut ada, "ada@exemple.fr").await;
    assert_eq!(vers(&entree), "/connexion/confirmer?suite=%2Fcompte");
    assert_eq!(
        vers(&ada.lire("/personnes").await),
        "/connexion/confirmer?suite=%2Fpersonnes"
    );

    let page = ada.lire("/compte/securite/application").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let cle = page
        .text
        .split("translate=\"no\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    let secret = decoder_base32(&cle);
    let pas = instant().micros() / 1_000_000 / 30;
    let refus = ada.poster("/compte/securite/application", &[("code", "000000")]).await;
    assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = identite::totp::code(&secret, pas);
    let codes = ada.poster("/compte/securite/application", &[("code", &code)]).await;
    assert!(codes.text.contains("Notez ces codes maintenant"), "{}", codes.text);
    assert_eq!(ada.lire("/personnes").await.status, StatusCode::OK);

    // Fifteen minutes later a sensitive page asks again; a code that served does not serve again.
    app.clock.set(instant().plus_seconds(16 * 60));
    assert_eq!(
        vers(&ada.lire("/compte/securite").await),
        "/connexion/confirmer?suite=%2Fcompte%2Fsecurite"
    );
    let rejoue = ada
        .poster(
            "/connexion/confirmer",
            &[("code", &code), ("suite", "/compte/securite")],
        )
        .await;
    assert_eq!(rejoue.status, StatusCode::UNPROCESSABLE_ENTITY);
    let frais = identite::totp::code(&secret, pas + 32);
    let prouve = ada
        .poster(
            "/connexion/confirmer",
            &[("code", &frais), ("suite", "/compte/securite")],
        )
        .await;
    assert_eq!(vers(&prouve), "/compte/securite", "{}", prouve.text);
    assert_eq!(ada.lire("/compte/securite").await.status, StatusCode::OK);

    // A recovery code serves once.
    let secours = codes.text.split("Code 1<").nth(1).unwrap();
    let secours = secours
        .split("__value\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    app.clock.set(instant().plus_seconds(40 * 60));
    let un = ada
        .poster("/connexion/confirmer", &[("code", &secours.to_lowercase())])
        .await;
    assert_eq!(un.status, StatusCode::SEE_OTHER, "{}", un.text);
    let deux = ada.poster("/connexion/confirmer", &[("code", &secours)]).await;
    assert_eq!(deux.status, StatusCode::UNPROCESSABLE_ENTITY);
}

fn decoder_base32(texte: &str) -> [u8; 20] {
    let mut octets = Vec::new();
    let (mut bits, mut nombre) = (0_u32, 0);
    for c in texte.bytes().filter(|c| *c != b' ') {
        let valeur = if c.is_ascii_digit() { c - b'2' + 26 } else { c - b'A' };
        bits = bits << 5 | u32::from(valeur);
        nombre += 5;
        if nombre >= 8 {
            nombre -= 8;
            octets.push((bits >> nombre) as u8);
        }
    }
    octets.try_into().unwrap()
}

#[tokio::test]
async fn un_geste_sensible_trop_tardif_garde_ce_qui_etait_saisi() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    app.clock.set(instant().plus_seconds(20 * 60));
    let page = awa.poster("/compte/securite/application", &[("code", "<123>")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(
        page.text.contains("name=\"code\" value=\"&#60;123&#62;\""),
        "{}",
        page.text
    );
    // The session over, the same page keeps the form.
    app.clock.set(instant().plus_seconds(13 * 3600));
    let finie = awa.poster("/compte/identite", &[("prenom", "Aïssa")]).await;
    assert_eq!(finie.status, StatusCode::UNAUTHORIZED);
    assert!(
        finie.text.contains("Votre session a pris fin") && finie.text.contains("value=\"Aïssa\""),
        "{}",
        finie.text
    );
}

#[tokio::test]
async fn une_saisie_perimee_montre_les_deux_versions() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let mut awa = Navigateur::new(&service);
        entrer(&app, &mut awa, "awa@exemple.fr").await;
        let champs = |prenom: &'static str, version: &'static str| {
            [
                ("prenom", prenom),
                ("nom", "Diarra"),
                ("annee_naissance", ""),
                ("fuseau", "Indian/Reunion"),
                ("version", version),
            ]
        };
        assert_eq!(
            awa.poster("/compte/identite", &champs("Aïssa", "0")).await.status,
            StatusCode::SEE_OTHER
        );
        let perimee = awa.poster("/compte/identite", &champs("Awa-Marie", "0")).await;
        assert_eq!(perimee.status, StatusCode::CONFLICT);
        assert!(
            perimee.text.contains("enregistré : Aïssa") && perimee.text.contains("votre saisie : Awa-Marie"),
            "{}",
            perimee.text
        );
        assert_eq!(
            awa.poster("/compte/identite", &champs("Awa-Marie", "1")).await.status,
            StatusCode::SEE_OTHER
        );
        assert!(awa.lire("/compte").await.text.contains("Awa-Marie"));
    }
}

#[tokio::test]
async fn la_liste_de_la_demonstration_n_existe_que_la() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app, MODULES);
    let mut navigateur = Navigateur::new(&service);
    assert_eq!(navigateur.lire("/demonstration").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        navigateur.poster("/demonstration", &[("personne", "x")]).await.status,
        StatusCode::NOT_FOUND
    );
}
