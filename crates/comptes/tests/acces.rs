//! Signing in with a passkey and by the identity provider, through the pages, and what each of them refuses.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../../identite/tests/certifie/mod.rs"]
mod certifie;
mod cle;
mod navigateur;

use axum::http::{StatusCode, header};
use certifie::{Certified, back, now};
use cle::Cle;
use comptes::domain::fonction::Fonction;
use navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers};
use serde_json::{Value, json};
use socle::{
    App, IdentityProvider, Settings,
    app::service,
    testing::{self, Answer, TestDb, databases, instant},
};

/// What the page gives to `cle-acces.js`.
fn options(page: &Answer) -> Value {
    let texte = page.text.split("data-options=\"").nth(1).unwrap();
    let texte = texte.split('"').next().unwrap();
    serde_json::from_str(
        &texte
            .replace("&#34;", "\"")
            .replace("&quot;", "\"")
            .replace("&#38;", "&"),
    )
    .unwrap()
}

async fn ajouter(navigateur: &mut Navigateur<'_>, cle: &Cle) -> Answer {
    let page = navigateur.lire("/compte/securite/cles/nouvelle").await;
    let reponse = cle.creer(&options(&page));
    navigateur
        .poster(
            "/compte/securite/cles/nouvelle",
            &[("nom", "Mon téléphone"), ("reponse", &reponse)],
        )
        .await
}

async fn utiliser(navigateur: &mut Navigateur<'_>, chemin: &str, cle: &mut Cle) -> Answer {
    let page = navigateur.lire(chemin).await;
    let reponse = cle.utiliser(&options(&page));
    navigateur
        .poster(
            chemin.split('?').next().unwrap(),
            &[("reponse", &reponse), ("suite", "/compte/identite")],
        )
        .await
}

fn est_refuse(reponse: &Answer, pourquoi: &str) {
    assert_eq!(reponse.status, StatusCode::UNPROCESSABLE_ENTITY, "{pourquoi}");
    assert!(reponse.text.contains(pourquoi), "{pourquoi} : {}", reponse.text);
}

#[tokio::test]
async fn une_cle_ajoutee_au_compte_connecte_sans_adresse_et_vaut_deux_facteurs() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
        let (mut ada, mut cle) = (Navigateur::new(&service), Cle::neuve());
        entrer(&app, &mut ada, "ada@exemple.fr").await;
        assert_eq!(
            vers(&ada.lire("/personnes").await),
            "/connexion/confirmer?suite=%2Fpersonnes"
        );

        // Without recovery codes, the first key brings them; the function is exercised at once.
        let codes = ajouter(&mut ada, &cle).await;
        assert!(codes.text.contains("Notez ces codes maintenant"), "{}", codes.text);
        assert_eq!(ada.lire("/personnes").await.status, StatusCode::OK);
        let recus = courrier(&app).await;
        assert!(
            recus
                .iter()
                .any(|(_, texte)| texte.contains("« Mon téléphone » a été ajoutée")),
            "{recus:?}"
        );
        let autre = ajouter(&mut ada, &Cle::neuve()).await;
        assert_eq!(vers(&autre), "/compte/securite", "{}", autre.text);
        let encore = ajouter(&mut ada, &cle).await;
        est_refuse(&encore, "est déjà enregistrée");

        let mut ailleurs = Navigateur::new(&service);
        assert!(
            ailleurs
                .lire("/connexion?suite=/compte/identite")
                .await
                .text
                .contains("/connexion/cle?suite=%2Fcompte%2Fidentite")
        );
        ailleurs.cookies.push(("session".into(), "a".repeat(64)));
        let entree = utiliser(&mut ailleurs, "/connexion/cle?suite=/compte/identite", &mut cle).await;
        assert_eq!(vers(&entree), "/compte/identite", "{}", entree.text);
        assert_ne!(ailleurs.cookie("session").unwrap(), "a".repeat(64));
        assert_eq!(ailleurs.lire("/personnes").await.status, StatusCode::OK);
        assert!(ailleurs.lire("/compte").await.text.contains("par clé d’accès"));
    }
}

#[tokio::test]
async fn ce_qui_est_demande_a_une_cle_sert_une_fois_dans_son_navigateur_et_dix_minutes() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        creer(&app, "awa@exemple.fr", &[]).await;
        let (mut awa, mut cle) = (Navigateur::new(&service), Cle::neuve());
        entrer(&app, &mut awa, "awa@exemple.fr").await;
        ajouter(&mut awa, &cle).await;

        let (mut un, mut autre) = (Navigateur::new(&service), Navigateur::new(&service));
        let page = un.lire("/connexion/cle").await;
        let reponse = cle.utiliser(&options(&page));
        let cookies = un.cookies.clone();
        autre.lire("/connexion/cle").await;
        let refus = autre.poster("/connexion/cle", &[("reponse", &reponse)]).await;
        est_refuse(&refus, "a expiré ou a déjà servi");
        assert_eq!(
            vers(&un.poster("/connexion/cle", &[("reponse", &reponse)]).await),
            "/compte"
        );
        un.cookies = cookies;
        let rejoue = un.poster("/connexion/cle", &[("reponse", &reponse)]).await;
        est_refuse(&rejoue, "a expiré ou a déjà servi");
        assert_eq!(un.cookie("session"), None);

        let page = un.lire("/connexion/cle").await;
        let reponse = cle.utiliser(&options(&page));
        app.clock.set(instant().plus_seconds(600));
        let tard = un.poster("/connexion/cle", &[("reponse", &reponse)]).await;
        est_refuse(&tard, "a expiré ou a déjà servi");

        // A key that nobody has, one that was copied, and no answer at all.
        let inconnue = utiliser(&mut un, "/connexion/cle", &mut Cle::neuve()).await;
        est_refuse(&inconnue, "n’est liée à aucun compte");
        cle.compteur = 0;
        let copiee = utiliser(&mut un, "/connexion/cle", &mut cle).await;
        est_refuse(&copiee, "a peut-être été copiée");
        un.lire("/connexion/cle").await;
        est_refuse(&un.poster("/connexion/cle", &[]).await, "Recevoir plutôt un lien");
        assert_eq!(un.cookie("session"), None);
    }
}

#[tokio::test]
async fn une_cle_confirme_qui_l_on_est_et_celle_d_un_autre_non() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    creer(&app, "binta@exemple.fr", &[]).await;
    let (mut awa, mut binta) = (Navigateur::new(&service), Navigateur::new(&service));
    let (mut sienne, mut autre) = (Cle::neuve(), Cle::neuve());
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    entrer(&app, &mut binta, "binta@exemple.fr").await;
    ajouter(&mut awa, &sienne).await;
    ajouter(&mut binta, &autre).await;

    app.clock.set(instant().plus_seconds(16 * 60));
    assert_eq!(
        vers(&awa.lire("/compte/securite").await),
        "/connexion/confirmer?suite=%2Fcompte%2Fsecurite"
    );
    let page = awa.lire("/connexion/confirmer?suite=/compte/securite").await;
    assert!(
        page.text
            .contains("/connexion/confirmer/cle?suite=%2Fcompte%2Fsecurite"),
        "{}",
        page.text
    );
    let refus = utiliser(&mut awa, "/connexion/confirmer/cle?suite=/compte/securite", &mut autre).await;
    est_refuse(&refus, "n’est pas celle qui est attendue");
    let prouve = utiliser(&mut awa, "/connexion/confirmer/cle?suite=/compte/securite", &mut sienne).await;
    assert_eq!(vers(&prouve), "/compte/securite", "{}", prouve.text);
    assert!(awa.lire("/compte/securite").await.text.contains("Mon téléphone"));
}

#[tokio::test]
async fn une_boite_aux_lettres_ne_suffit_pas_a_oter_le_second_facteur() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let (mut awa, mut cle) = (Navigateur::new(&service), Cle::neuve());
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    ajouter(&mut awa, &cle).await;
    let page = awa.lire("/compte/securite").await.text;
    let id: String = page.split("renommer?cle=").nth(1).unwrap().chars().take(36).collect();

    let mut voleur = Navigateur::new(&service);
    app.clock.set(instant().plus_seconds(60));
    entrer(&app, &mut voleur, "awa@exemple.fr").await;
    assert_eq!(
        vers(&voleur.lire("/compte/securite").await),
        "/connexion/confirmer?suite=%2Fcompte%2Fsecurite"
    );
    for (chemin, champs) in [
        ("/compte/securite/cles/retirer", vec![("cle", id.as_str())]),
        (
            "/compte/securite/cles/renommer",
            vec![("cle", id.as_str()), ("nom", "À moi")],
        ),
        ("/compte/securite/secours", vec![]),
        ("/compte/securite/application/retirer", vec![]),
    ] {
        est_refuse(
            &voleur.poster(chemin, &champs).await,
            "ontrez d’abord votre second moyen",
        );
    }
    est_refuse(
        &voleur.lire("/compte/securite/cles/nouvelle").await,
        "ontrez d’abord votre second moyen",
    );

    // Its owner names it, shows it, and removes it.
    let renommee = awa
        .poster(
            "/compte/securite/cles/renommer",
            &[("cle", &id), ("nom", "  Ma   clé ")],
        )
        .await;
    assert_eq!(vers(&renommee), "/compte/securite");
    assert!(awa.lire("/compte/securite").await.text.contains("Ma clé"));
    courrier(&app).await;
    assert_eq!(
        vers(&awa.poster("/compte/securite/cles/retirer", &[("cle", &id)]).await),
        "/compte/securite"
    );
    assert!(courrier(&app).await[0].1.contains("« Ma clé » a été retirée"));
    let oubliee = utiliser(&mut Navigateur::new(&service), "/connexion/cle", &mut cle).await;
    est_refuse(&oubliee, "n’est liée à aucun compte");
}

#[tokio::test]
async fn qui_n_a_pas_encore_de_second_facteur_confirme_par_un_message_pour_en_ajouter_un() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "ada@exemple.fr", &[(Fonction::Administration, "N")]).await;
    let mut ada = Navigateur::new(&service);
    entrer(&app, &mut ada, "ada@exemple.fr").await;
    app.clock.set(instant().plus_seconds(20 * 60));
    let porte = "/connexion/confirmer?suite=%2Fcompte%2Fsecurite%2Fcles%2Fnouvelle";
    assert_eq!(vers(&ada.lire("/compte/securite/cles/nouvelle").await), porte);
    assert!(ada.lire(porte).await.text.contains("Recevoir un code"));
    let suite = ("suite", "/compte/securite/cles/nouvelle");
    ada.poster("/connexion/confirmer/code", &[suite]).await;
    let (_, code) = lien_et_code(&courrier(&app).await[0].1);
    let confirme = ada.poster("/connexion/confirmer", &[suite, ("code", &code)]).await;
    assert_eq!(vers(&confirme), suite.1, "{}", confirme.text);
    ajouter(&mut ada, &Cle::neuve()).await;
    assert_eq!(ada.lire("/personnes").await.status, StatusCode::OK);
}

/// A site with this provider; the test happens in real time, as the provider's tokens do.
async fn site(test: &TestDb, issuer: &str) -> App {
    let provider = IdentityProvider {
        issuer: issuer.into(),
        client: "es256-json-post".into(),
        secret: "sel & poivre: 100 %+".into(),
        ..IdentityProvider::default()
    };
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

#[tokio::test]
async fn sans_fournisseur_ni_nom_de_domaine_les_pages_ne_les_proposent_pas() {
    let test = testing::sqlite().await;
    let settings = Settings {
        public_url: "http://192.0.2.1:8080".into(),
        ..Settings::default()
    };
    let app = testing::app(&test.db, MODULES, settings).await;
    let service = service(app.clone(), MODULES);
    creer(&app, "awa@exemple.fr", &[]).await;
    let mut awa = Navigateur::new(&service);
    let page = awa.lire("/connexion").await;
    assert!(
        !page.text.contains("/connexion/cle") && !page.text.contains("ProConnect"),
        "{}",
        page.text
    );
    est_refuse(&awa.lire("/connexion/cle").await, "ne permet pas les clés d’accès");
    est_refuse(
        &awa.lire("/connexion/fournisseur").await,
        "n’a pas de service de connexion extérieur",
    );
    entrer(&app, &mut awa, "awa@exemple.fr").await;
    let page = awa.lire("/compte/securite").await;
    assert!(page.text.contains("ne permet pas d’en ajouter") && !page.text.contains("cles/nouvelle"));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}
