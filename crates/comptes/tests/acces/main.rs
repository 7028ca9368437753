//! Signing in with a passkey and by the identity provider, through the pages, and what each of them refuses.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../../../identite/tests/certifie/mod.rs"]
mod certifie;
#[path = "../cle/mod.rs"]
mod cle;
mod fournisseur;
#[path = "../navigateur/mod.rs"]
mod navigateur;

use axum::http::{StatusCode, header};
use cle::Cle;
use comptes::domain::fonction::Fonction;
use navigateur::{MODULES, Navigateur, courrier, creer, entrer, lien_et_code, vers};
use serde_json::Value;
use socle::{
    Settings,
    app::service,
    testing::{self, Answer, databases, instant},
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
