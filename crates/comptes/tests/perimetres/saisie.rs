//! What a form that grants, or that adds a member, says and keeps when something is refused.

use super::{
    accorder, acte, admin, lit, message,
    navigateur::{MODULES, Navigateur, courrier, creer, entrer},
    structure,
};
use axum::http::StatusCode;
use comptes::{
    actions::{
        fonctions::{self, Octroi},
        groupement, rapprochement,
    },
    domain::{
        fonction::Fonction,
        groupement::GenreGroupement,
        perimetre::Perimetre,
        personne::{Nom, Personne},
        separation::Demande,
    },
    store::personne,
};
use jiff::civil::date;
use socle::{
    App, Settings,
    app::service,
    change::{Act, Stored},
    testing::{self, databases, instant},
};
use uuid::Uuid;

#[tokio::test]
async fn un_choix_entre_plusieurs_survit_a_une_autre_erreur() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let lyon = structure(&app, "Pages Ouvertes", "", "69123").await;
    structure(&app, "Pages Closes", "", "69123").await;
    creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
    let mut nadia = Navigateur::new(&service);
    entrer(&app, &mut nadia, "nadia@exemple.fr").await;
    let code = Perimetre::Organisation(lyon.id).code();
    let champs = [
        ("courriel", "yvonne"),
        ("fonction", "gestionnaire"),
        ("perimetre", "pages"),
        ("perimetre_choisi", code.as_str()),
    ];
    let refus = nadia.poster("/invitations/nouvelle", &champs).await;
    assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY);
    let choix = format!("value=\"{code}\" checked");
    assert!(
        refus.text.contains(&choix) && refus.text.contains("Pages Closes"),
        "{}",
        refus.text
    );

    // A territory or an organisation: what is said names both.
    let champs = [
        ("courriel", "yvonne@exemple.fr"),
        ("fonction", "prescripteur"),
        ("perimetre", "Nulle part"),
    ];
    let refus = nadia.poster("/invitations/nouvelle", &champs).await;
    for mots in ["ne désigne pas un périmètre", "Aucune organisation de votre périmètre"] {
        assert!(refus.text.contains(mots), "{mots} : {}", refus.text);
    }
}

#[tokio::test]
async fn un_membre_mal_nomme_se_dit_et_un_membre_choisi_reste_choisi() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let lyon = structure(&app, "Pages Ouvertes", "", "69123").await;
    structure(&app, "Pages Closes", "", "69123").await;
    creer(&app, "anne@exemple.fr", &[(Fonction::Anct, "N")]).await;
    let mut tx = app.db.write().await.unwrap();
    let reseau = groupement::creer(&Act::now(&app, &admin()), &mut tx, GenreGroupement::Reseau, "Réseau")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut anne = Navigateur::new(&service);
    entrer(&app, &mut anne, "anne@exemple.fr").await;
    let chemin = format!("/groupements/{}/ajouter", reseau.id);
    let rien = anne
        .poster(&chemin, &[("membre", "Nulle part"), ("version", "0")])
        .await;
    assert_eq!(rien.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        rien.text
            .contains("Aucune organisation de votre périmètre ne porte ce nom"),
        "{}",
        rien.text
    );

    let code = Perimetre::Organisation(lyon.id).code();
    let champs = [("membre", "pages"), ("membre_choisi", code.as_str()), ("version", "7")];
    let tard = anne.poster(&chemin, &champs).await;
    assert_eq!(tard.status, StatusCode::CONFLICT);
    assert!(
        tard.text.contains(&format!("value=\"{code}\" checked")),
        "{}",
        tard.text
    );
}

#[tokio::test]
async fn ce_qui_serait_deja_fini_ne_s_enregistre_pas() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let (awa, binta) = (
            creer(&app, "awa@exemple.fr", &[]).await,
            creer(&app, "binta@exemple.fr", &[]).await,
        );
        let tenue = accorder(&app, awa, Fonction::Elu, Perimetre::lire("D:69").unwrap())
            .await
            .unwrap();
        let actor = admin();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let octroi = |au| Octroi {
            personne: awa,
            fonction: Fonction::Elu,
            perimetre: Perimetre::lire("D:01").unwrap(),
            du: date(2026, 1, 1),
            au: Some(au),
        };
        let (hier, aujourdhui) = (date(2026, 3, 2), date(2026, 3, 3));
        let passe = "au: le dernier jour ne peut pas être passé";
        assert_eq!(message(fonctions::accorder(&act, &mut tx, octroi(hier)).await), passe);
        fonctions::accorder(&act, &mut tx, octroi(aujourdhui)).await.unwrap();
        let passee = |du, au| comptes::domain::delegation::Acte { du, au, ..acte(binta) };
        let delegation = fonctions::deleguer(&act, &mut tx, tenue.id, passee(date(2026, 2, 1), hier)).await;
        assert_eq!(message(delegation), passe);
        fonctions::deleguer(&act, &mut tx, tenue.id, passee(hier, aujourdhui))
            .await
            .unwrap();
        let demande = |du, au| Demande {
            perimetre: Perimetre::lire("D:976").unwrap(),
            motif: "un seul agent à Mayotte".into(),
            du,
            au,
        };
        let levee = fonctions::lever_separation(&act, &mut tx, demande(hier, hier)).await;
        assert_eq!(message(levee), passe);
        let levee = fonctions::lever_separation(&act, &mut tx, demande(hier, aujourdhui)).await;
        assert!(message(levee).starts_with("du: le premier jour ne peut pas être passé"));
        fonctions::lever_separation(&act, &mut tx, demande(aujourdhui, aujourdhui))
            .await
            .unwrap();
    }
}

/// A file opened where this code lies.
async fn fiche(app: &App, nom: &str, code: &str) -> Uuid {
    let (at, nom) = (instant(), Nom::lire("Awa", nom).unwrap());
    let une = Personne {
        annee_naissance: Some(1990),
        ..Personne::nouvelle(app.ids.next(at), nom, at)
    };
    let mut tx = app.db.write().await.unwrap();
    une.insert(&mut tx).await.unwrap();
    personne::situer(&mut tx, une.id, &[code.to_owned()]).await.unwrap();
    rapprochement::indexer(&mut tx, une.id).await.unwrap();
    tx.commit().await.unwrap();
    une.id
}

const AWA: [(&str, &str); 3] = [("prenom", "Awa"), ("nom", "Diallo"), ("annee_naissance", "1990")];

#[tokio::test]
async fn une_fiche_qui_ressemble_se_montre_meme_apres_cinq_d_ailleurs() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    for _ in 0..5 {
        fiche(&app, "Diallo", "D:01").await;
    }
    // A letter apart: it comes after those.
    let ici = fiche(&app, "Dialo", "D:69").await;
    creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
    let mut nadia = Navigateur::new(&service);
    entrer(&app, &mut nadia, "nadia@exemple.fr").await;
    let connues = nadia.poster("/personnes/nouvelle", &AWA).await;
    lit(&connues, &format!("/personnes/{ici}"));
    assert_eq!(connues.text.matches("Voir la fiche de").count(), 1, "{}", connues.text);
}

#[tokio::test]
async fn un_agent_qui_ne_voit_pas_les_personnes_apprend_qu_une_fiche_ressemble() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let maison = structure(&app, "Maison France Services", "", "69123").await;
    let agent = creer(&app, "agent@exemple.fr", &[]).await;
    accorder(
        &app,
        agent,
        Fonction::AgentFranceServices,
        Perimetre::Organisation(maison.id),
    )
    .await
    .unwrap();
    courrier(&app).await;
    let mut agent = Navigateur::new(&service);
    entrer(&app, &mut agent, "agent@exemple.fr").await;
    fiche(&app, "Diallo", "D:01").await;
    lit(&agent.poster("/personnes/nouvelle", &AWA).await, "Numéro de la fiche");
    let encore = agent.poster("/personnes/nouvelle", &AWA).await;
    lit(&encore, "Une fiche de votre périmètre ressemble déjà à celle-ci");
    assert!(!encore.text.contains("Voir la fiche de"), "{}", encore.text);
    let autre = [AWA[0], AWA[1], AWA[2], ("autre_personne", "oui")];
    lit(&agent.poster("/personnes/nouvelle", &autre).await, "Numéro de la fiche");
}
