//! Signing in by the identity provider, and linking an account to it.

use super::est_refuse;
use crate::{
    certifie::{Certified, back, now},
    navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers},
};
use axum::http::StatusCode;
use comptes::domain::fonction::Fonction;
use serde_json::json;
use socle::{
    App, IdentityProvider, Settings,
    app::service,
    testing::{self, Answer, TestDb, databases},
};

/// A site with this provider; the test happens in real time, as the provider's tokens do.
async fn site(test: &TestDb, issuer: &str) -> App {
    let provider = IdentityProvider {
        issuer: issuer.into(),
        client: "es256-json-post".into(),
        secret: "sel & poivre: 100 %+".into(),
        ..IdentityProvider::default()
    };
    site_avec(test, provider).await
}

async fn site_avec(test: &TestDb, provider: IdentityProvider) -> App {
    let settings = Settings {
        provider: Some(provider),
        ..Settings::default()
    };
    let app = testing::app(&test.db, MODULES, settings).await;
    app.clock.set(now());
    app
}

const RETOUR: &str = "http://localhost:8080/connexion/fournisseur/retour";

/// Goes to the provider and comes back: the path of our page, with what the provider adds.
async fn aller_retour(depart: &str) -> String {
    let retour = back(depart, RETOUR).await;
    format!("{}?{}", retour.path(), retour.query().unwrap())
}

async fn par_le_fournisseur(navigateur: &mut Navigateur<'_>) -> Answer {
    let depart = navigateur.lire("/connexion/fournisseur?suite=/compte/identite").await;
    assert!(vers(&depart).contains("code_challenge"), "{}", depart.text);
    let retour = aller_retour(vers(&depart)).await;
    navigateur.lire(&retour).await
}

#[tokio::test]
async fn awa_entre_par_le_fournisseur_et_en_sort() {
    let Some(certifie) = Certified::start() else { return };
    for test in databases().await {
        certifie.alter(json!({})).await;
        let app = site(&test, &certifie.issuer).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa.diallo@exemple.fr", &[(Fonction::Administration, "N")]).await;
        let mut awa = Navigateur::new(&service);
        awa.cookies.push(("session".into(), "a".repeat(64)));
        assert!(
            awa.lire("/connexion")
                .await
                .text
                .contains("Se connecter avec ProConnect")
        );

        // The first time by the address, told to its owner; then by the identifier alone. Two factors there are two factors here.
        assert_eq!(vers(&par_le_fournisseur(&mut awa).await), "/compte/identite");
        assert_ne!(awa.cookie("session").unwrap(), "a".repeat(64));
        assert_eq!(awa.lire("/personnes").await.status, StatusCode::OK);
        let recus = courrier(&app).await;
        assert!(
            recus
                .iter()
                .any(|(a, texte)| a == "awa.diallo@exemple.fr" && texte.contains("lié à ProConnect")),
            "{recus:?}"
        );
        certifie.alter(json!({"userinfo": {"claims": {"email": "autre@exemple.fr"}}, "id_token": {"claims": {"amr": ["pwd"], "acr": "eidas1"}}})).await;
        let mut encore = Navigateur::new(&service);
        assert_eq!(
            vers(&par_le_fournisseur(&mut encore).await),
            "/connexion/confirmer?suite=%2Fcompte%2Fidentite"
        );

        let sortie = awa.poster("/deconnexion", &[]).await;
        assert_eq!(sortie.status, StatusCode::OK);
        let lien = sortie.text.split("id_token_hint=").nth(1);
        assert!(
            lien.is_some() && sortie.text.contains("Me déconnecter aussi de ProConnect"),
            "{}",
            sortie.text
        );
        assert!(sortie.text.contains(">Se connecter<"), "{}", sortie.text);
        assert_eq!(vers(&awa.lire("/compte").await), "/connexion?suite=%2Fcompte");
    }
}

#[tokio::test]
async fn un_fournisseur_peut_vouloir_le_secret_dans_l_en_tete_et_signer_ce_qu_il_dit() {
    let Some(certifie) = Certified::start() else { return };
    let test = testing::sqlite().await;
    let provider = IdentityProvider {
        issuer: certifie.issuer.clone(),
        client: "es256-jwt-basic".into(),
        secret: "sel & poivre: 100 %+".into(),
        basic: true,
        signed: true,
        means: vec!["mfa".into()],
        ..IdentityProvider::default()
    };
    let app = site_avec(&test, provider).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa.diallo@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    let depart = awa.lire("/connexion/fournisseur").await;
    assert!(vers(&depart).contains("scope=openid+email&"), "{}", vers(&depart));
    assert_eq!(vers(&par_le_fournisseur(&mut awa).await), "/compte/identite");
    certifie.alter(json!({"id_token": {"claims": {"amr": ["pwd"]}}})).await;
    let mut encore = Navigateur::new(&service);
    est_refuse(
        &par_le_fournisseur(&mut encore).await,
        "demande une double authentification",
    );
}

#[tokio::test]
async fn une_reponse_du_fournisseur_sert_une_fois_dans_son_navigateur_et_dix_minutes() {
    let Some(certifie) = Certified::start() else { return };
    for test in databases().await {
        let app = site(&test, &certifie.issuer).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa.diallo@exemple.fr", &[]).await;
        let (mut awa, mut autre) = (Navigateur::new(&service), Navigateur::new(&service));
        let depart = awa.lire("/connexion/fournisseur").await;
        let retour = aller_retour(vers(&depart)).await;
        let cookies = awa.cookies.clone();
        let pas_ici = "n’a pas été commencée dans ce navigateur, ou elle a déjà servi";
        est_refuse(&autre.lire(&retour).await, pas_ici);
        // With an exchange of its own, another browser is no better off.
        autre.lire("/connexion/fournisseur").await;
        est_refuse(&autre.lire(&retour).await, pas_ici);
        assert_eq!(vers(&awa.lire(&retour).await), "/compte");
        awa.cookies = cookies;
        est_refuse(&awa.lire(&retour).await, pas_ici);
        assert_eq!(awa.cookie("session"), None);

        let depart = awa.lire("/connexion/fournisseur").await;
        let retour = aller_retour(vers(&depart)).await;
        app.clock.set(now().plus_seconds(660));
        est_refuse(&awa.lire(&retour).await, pas_ici);
        let renonce = Navigateur::new(&service)
            .lire("/connexion/fournisseur/retour?error=access_denied")
            .await;
        est_refuse(&renonce, pas_ici);
    }
}

#[tokio::test]
async fn une_adresse_que_personne_n_a_confirmee_ne_mene_a_personne() {
    let Some(certifie) = Certified::start() else { return };
    for test in databases().await {
        certifie.alter(json!({})).await;
        let app = site(&test, &certifie.issuer).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "binta@exemple.fr", &[]).await;
        let mut binta = Navigateur::new(&service);
        entrer(&app, &mut binta, "binta@exemple.fr").await;
        // Binta claims an address that is not hers.
        binta
            .poster(
                "/compte/contacts/nouveau",
                &[("genre", "courriel"), ("courriel", "awa.diallo@exemple.fr")],
            )
            .await;
        let mut awa = Navigateur::new(&service);
        est_refuse(
            &par_le_fournisseur(&mut awa).await,
            "ucun compte n’a confirmé l’adresse que ProConnect nous donne",
        );
        assert_eq!(awa.cookie("session"), None);

        creer(&app, "awa.diallo@exemple.fr", &[]).await;
        certifie
            .alter(json!({"userinfo": {"claims": {"email_verified": false}}}))
            .await;
        est_refuse(
            &par_le_fournisseur(&mut awa).await,
            "ucun compte n’a confirmé l’adresse que ProConnect nous donne",
        );
    }
}

#[tokio::test]
async fn un_compte_se_lie_au_fournisseur_et_s_en_delie() {
    let Some(certifie) = Certified::start() else { return };
    for test in databases().await {
        let app = site(&test, &certifie.issuer).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "autre.adresse@exemple.fr", &[]).await;
        creer(&app, "binta@exemple.fr", &[]).await;
        let (mut awa, mut binta) = (Navigateur::new(&service), Navigateur::new(&service));
        entrer(&app, &mut awa, "autre.adresse@exemple.fr").await;
        entrer(&app, &mut binta, "binta@exemple.fr").await;
        let lier = |page: &Answer| {
            let lien = page.text.split(&format!("href=\"{}", certifie.issuer)).nth(1).unwrap();
            format!(
                "{}{}",
                certifie.issuer,
                lien.split('"').next().unwrap().replace("&#38;", "&")
            )
        };
        let page = awa.poster("/compte/securite/fournisseur", &[]).await;
        let retour = aller_retour(&lier(&page)).await;
        assert_eq!(vers(&awa.lire(&retour).await), "/compte/securite");
        let page = binta.poster("/compte/securite/fournisseur", &[]).await;
        let retour = aller_retour(&lier(&page)).await;
        est_refuse(&binta.lire(&retour).await, "est déjà liée à un autre compte");

        let mut encore = Navigateur::new(&service);
        assert_eq!(vers(&par_le_fournisseur(&mut encore).await), "/compte/identite");
        let champs = [("emetteur", certifie.issuer.as_str()), ("sujet", "awa")];
        est_refuse(
            &binta.poster("/compte/securite/fournisseur/retirer", &champs).await,
            "n’est pas, ou plus, liée",
        );
        assert_eq!(
            vers(&awa.poster("/compte/securite/fournisseur/retirer", &champs).await),
            "/compte/securite"
        );
        let mut apres = Navigateur::new(&service);
        est_refuse(&par_le_fournisseur(&mut apres).await, "ucun compte n’a confirmé");
    }
}

#[tokio::test]
async fn un_fournisseur_en_panne_laisse_se_connecter_par_un_message() {
    let test = testing::sqlite().await;
    // Nobody listens on this port.
    let app = site(&test, "http://127.0.0.1:1").await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    let panne = awa.lire("/connexion/fournisseur?suite=/compte/identite").await;
    est_refuse(&panne, "e service de connexion ne répond pas");
    assert!(panne.text.contains("value=\"/compte/identite\"") && panne.text.contains("name=\"courriel\""));
    awa.poster("/connexion", &[("courriel", "awa@exemple.fr"), ("suite", "/compte")])
        .await;
    let (lien, _) = lien_et_code(&courrier(&app).await[0].1);
    assert_eq!(vers(&awa.poster(&lien, &[]).await), "/compte");
}
