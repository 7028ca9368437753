//! What is granted over organisations and groups, what is passed on, and who may see and end it.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod groupements;
#[expect(dead_code, reason = "other tests read cookies")]
#[path = "../navigateur/mod.rs"]
mod navigateur;
mod saisie;

use axum::http::StatusCode;
use comptes::{
    actions::{
        donnees,
        fonctions::{self, Octroi},
        groupement,
        invitations::{self, Offre},
        organisation, personnes,
    },
    domain::{
        attribution::Attribution,
        courriel::Courriel,
        delegation::{Acte, GenreDelegation},
        fonction::Fonction,
        forme::FormeJuridique,
        groupement::GenreGroupement,
        identifiant::IdentifiantEtablissement,
        organisation::{Etablissement, Organisation, SourceNom},
        perimetre::Perimetre,
    },
    store::{
        attribution, invitation,
        liberation::{self, Liberation},
    },
};
use jiff::civil::date;
use navigateur::{MODULES, Navigateur, courrier, creer, entrer, vers};
use socle::{
    App, Settings,
    app::service,
    change::Act,
    errors::Erreur,
    permissions::{Actor, Grant, Resource, Scope, WHOLE},
    testing::{self, Answer, databases, instant},
};
use uuid::Uuid;

fn admin() -> Actor {
    Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Administration", WHOLE))
}

async fn structure(app: &App, nom: &str, numero: &str, commune: &str) -> Organisation {
    let actor = admin();
    let act = Act::now(app, &actor);
    let nouvelle = organisation::Nouvelle {
        forme: FormeJuridique::Association,
        nom: nom.to_owned(),
        source: SourceNom::Declare,
        rna: None,
        etablissement: Etablissement {
            id: act.id(),
            identifiant: IdentifiantEtablissement::reconnaitre(numero).unwrap_or_default(),
            nom: None,
            adresse: None,
            commune: commune.parse().ok(),
            siege: true,
        },
    };
    let mut tx = app.db.write().await.unwrap();
    let creee = organisation::creer(&act, &mut tx, nouvelle, date(2026, 3, 3))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    creee
}

async fn accorder(app: &App, personne: Uuid, fonction: Fonction, perimetre: Perimetre) -> Result<Attribution, Erreur> {
    par(app, &admin(), personne, fonction, perimetre).await
}

async fn par(
    app: &App,
    actor: &Actor,
    personne: Uuid,
    fonction: Fonction,
    perimetre: Perimetre,
) -> Result<Attribution, Erreur> {
    let octroi = Octroi {
        personne,
        fonction,
        perimetre,
        du: date(2026, 1, 1),
        au: None,
    };
    let mut tx = app.db.write().await?;
    let attribution = fonctions::accorder(&Act::now(app, actor), &mut tx, octroi).await?;
    tx.commit().await?;
    Ok(attribution)
}

fn message<T: std::fmt::Debug>(essai: Result<T, Erreur>) -> String {
    match essai.unwrap_err() {
        Erreur::Refus(refus) => format!("{}: {}", refus.champ.unwrap_or_default(), refus.message),
        autre => format!("{autre:?}"),
    }
}

fn acte(personne: Uuid) -> Acte {
    Acte {
        personne,
        genre: GenreDelegation::Remplacement,
        reference: "arrêté 2026-12".into(),
        du: date(2026, 3, 3),
        au: date(2026, 4, 3),
    }
}

fn lit(page: &Answer, mots: &str) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(mots), "{mots} : {}", page.text);
}

#[tokio::test]
async fn une_delegation_ne_donne_rien_de_plus_qu_une_attribution() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let (ada, awa) = (
            creer(&app, "ada@exemple.fr", &[]).await,
            creer(&app, "awa@exemple.fr", &[]).await,
        );
        let elise = creer(&app, "elise@exemple.fr", &[]).await;
        let administration = accorder(&app, ada, Fonction::Administration, Perimetre::Nation)
            .await
            .unwrap();
        let rhone = accorder(&app, ada, Fonction::Prefet, Perimetre::lire("D:69").unwrap())
            .await
            .unwrap();
        let decideuse = Actor::signed_in(awa).with(Grant::over("DecideurAnct", WHOLE));
        let deleguer = async |actor: &Actor, attribution: Uuid, acte: Acte| {
            let mut tx = app.db.write().await.unwrap();
            let faite = fonctions::deleguer(&Act::now(&app, actor), &mut tx, attribution, acte).await;
            tx.commit().await.unwrap();
            faite
        };
        // What she cannot grant, she cannot have passed on; what she can, not to herself nor under someone else's name.
        assert!(
            message(deleguer(&decideuse, administration.id, acte(elise)).await).contains("donc pas de la déléguer")
        );
        assert!(
            message(deleguer(&decideuse, rhone.id, acte(awa)).await).starts_with("personne: personne ne se délègue")
        );
        let mut a_la_place = decideuse.clone();
        a_la_place.really = Some(elise);
        assert!(message(deleguer(&a_la_place, rhone.id, acte(elise)).await).starts_with("personne: "));
        let une = deleguer(&decideuse, rhone.id, acte(elise)).await.unwrap();

        // A prefect passes on their own function, never their colleague's; only who could pass it on takes it back.
        let prefet = |id: Uuid| Actor::signed_in(id).with(Grant::over("Prefet", "R:84"));
        assert!(message(deleguer(&prefet(awa), rhone.id, acte(elise)).await).contains("donc pas de la déléguer"));
        let mut tx = app.db.write().await.unwrap();
        let refus = fonctions::retirer_delegation(&Act::now(&app, &prefet(awa)), &mut tx, une.id).await;
        assert!(message(refus).contains("donc pas de la déléguer"));
        drop(tx);
        deleguer(&prefet(ada), rhone.id, acte(elise)).await.unwrap();

        // What is over is passed on no more.
        let mut tx = app.db.write().await.unwrap();
        fonctions::retirer(&Act::now(&app, &admin()), &mut tx, rhone.id, None, "mutation à Lyon")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(message(deleguer(&decideuse, rhone.id, acte(elise)).await).contains("a pris fin"));
    }
}

#[tokio::test]
async fn une_prefecture_invite_pour_les_organisations_de_son_departement() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let lyon = structure(&app, "Pages Ouvertes", "13002526500013", "69123").await;
        structure(&app, "Pages Ouvertes de l’Est", "", "69381").await;
        structure(&app, "Pages Closes", "", "69123").await;
        structure(&app, "Fil de Bourg", "", "01053").await;
        creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
        let mut nadia = Navigateur::new(&service);
        entrer(&app, &mut nadia, "nadia@exemple.fr").await;
        let inviter = async |nadia: &mut Navigateur<'_>, perimetre: &str, choisi: &str| {
            let champs = [
                ("courriel", "yvonne@exemple.fr"),
                ("fonction", "gestionnaire"),
                ("perimetre", perimetre),
                ("perimetre_choisi", choisi),
            ];
            nadia.poster("/invitations/nouvelle", &champs).await
        };
        for (texte, ou) in [
            ("Fil de Bourg", "01"),
            ("", "vide"),
            ("01", "un code"),
            (&Uuid::nil().to_string(), "rien"),
        ] {
            let refus = inviter(&mut nadia, texte, "").await;
            assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY, "{ou}");
            assert!(courrier(&app).await.is_empty(), "{ou}");
        }
        let autre = inviter(&mut nadia, "", &Perimetre::Organisation(Uuid::nil()).code()).await;
        assert!(
            autre.text.contains("n’est pas dans le vôtre, ou n’existe pas"),
            "{}",
            autre.text
        );
        let plusieurs = inviter(&mut nadia, "pages", "").await;
        assert_eq!(plusieurs.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(plusieurs.text.contains("Pages Closes") && plusieurs.text.contains("SIREN 130025265"));
        for (texte, choisi) in [
            ("pages ouvertes", ""),
            ("130 025 265", ""),
            ("130 025 265 00013", ""),
            ("pages", Perimetre::Organisation(lyon.id).code().as_str()),
        ] {
            let faite = inviter(&mut nadia, texte, choisi).await;
            assert_eq!(vers(&faite), "/invitations", "{texte} : {}", faite.text);
            let recu = courrier(&app).await.pop().unwrap().1;
            assert!(recu.contains("Gestionnaire d’une structure (Pages Ouvertes)"), "{recu}");
        }
        // It lies in the département: its prefecture finds it, and that of the neighbour does not.
        lit(
            &nadia.lire("/invitations").await,
            "Gestionnaire d’une structure, Pages Ouvertes",
        );
        let mut tx = app.db.read().await.unwrap();
        let dans = async |tx: &mut _, code: &str| {
            let portee = Scope::Within(vec![code.to_owned()]);
            invitation::lister(tx, &portee, None, 50).await.unwrap().len()
        };
        assert_eq!([dans(&mut tx, "D:69").await, dans(&mut tx, "D:01").await], [4, 0]);
    }
}

#[tokio::test]
async fn un_groupement_s_accorde_a_qui_couvre_tous_ses_membres() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let awa = creer(&app, "awa@exemple.fr", &[]).await;
        let lyon = structure(&app, "Pages Ouvertes", "", "69123").await;
        let actor = admin();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let arrondissement = groupement::creer(&act, &mut tx, GenreGroupement::Arrondissement, "Bourg")
            .await
            .unwrap();
        let ajout = (arrondissement.id, 0);
        groupement::ajouter(&act, &mut tx, ajout, "C:01053", date(2026, 1, 1))
            .await
            .unwrap();
        let reseau = groupement::creer(&act, &mut tx, GenreGroupement::Reseau, "Réseau")
            .await
            .unwrap();
        let membre = Perimetre::Organisation(lyon.id).code();
        groupement::ajouter(&act, &mut tx, (reseau.id, 0), &membre, date(2026, 1, 1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let prefet = |code: &str| Actor::signed_in(Uuid::from_u128(2)).with(Grant::over("Prefet", code));
        let bourg = Perimetre::Groupement(arrondissement.id);
        let faite = par(&app, &prefet("D:01"), awa, Fonction::Prefecture, bourg.clone())
            .await
            .unwrap();
        assert!(faite.codes().contains(&"R:84".to_owned()) && faite.codes().contains(&bourg.code()));
        assert_eq!(
            message(par(&app, &prefet("D:69"), awa, Fonction::Prefecture, bourg).await),
            "Introuvable"
        );
        let tete = accorder(&app, awa, Fonction::GrandReseau, Perimetre::Groupement(reseau.id))
            .await
            .unwrap();
        assert!(tete.codes().contains(&"D:69".to_owned()) && !tete.codes().contains(&membre));
        for absent in [Perimetre::Groupement(Uuid::nil()), Perimetre::Organisation(Uuid::nil())] {
            assert!(message(accorder(&app, awa, Fonction::Hub, absent).await).starts_with("perimetre: "));
        }
    }
}

#[tokio::test]
async fn qui_gere_une_fiche_reunie_a_une_autre_gere_les_deux_jusqu_a_leur_separation() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let (reste, part) = (
            structure(&app, "Pages Ouvertes", "", "69123").await,
            structure(&app, "Les Pages ouvertes", "", "69123").await,
        );
        for (courriel, une) in [("yvonne@exemple.fr", part.id), ("zoe@exemple.fr", reste.id)] {
            let id = creer(&app, courriel, &[]).await;
            accorder(&app, id, Fonction::Gestionnaire, Perimetre::Organisation(une))
                .await
                .unwrap();
        }
        let (mut yvonne, mut zoe) = (Navigateur::new(&service), Navigateur::new(&service));
        courrier(&app).await;
        entrer(&app, &mut yvonne, "yvonne@exemple.fr").await;
        entrer(&app, &mut zoe, "zoe@exemple.fr").await;
        courrier(&app).await;
        let fiche = |id: Uuid| format!("/organisations/{id}");
        assert_eq!(yvonne.lire(&fiche(reste.id)).await.status, StatusCode::NOT_FOUND);

        let actor = admin();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let fusion = organisation::fusionner(&act, &mut tx, (reste.id, 0), (part.id, 0), "même SIRET")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for navigateur in [&mut yvonne, &mut zoe] {
            for id in [reste.id, part.id] {
                assert_eq!(navigateur.lire(&fiche(id)).await.status, StatusCode::OK);
            }
        }
        lit(&yvonne.lire("/organisations").await, "Association");
        let recus = courrier(&app).await;
        assert_eq!(recus.len(), 1, "{recus:?}");
        assert_eq!(recus[0].0, "yvonne@exemple.fr");
        assert!(
            recus[0]
                .1
                .contains("Les Pages ouvertes\u{a0}» a été réunie à celle de «\u{a0}Pages Ouvertes\u{a0}»"),
            "{recus:?}"
        );
        // Both see each other among the people of one organisation.
        for navigateur in [&mut yvonne, &mut zoe] {
            let gens = navigateur.lire("/personnes").await;
            assert_eq!(gens.text.matches("/personnes/0").count(), 2, "{}", gens.text);
        }

        // Her own perimeter, whose file went, is that of the file that stays: she still invites there.
        let champs = [
            ("courriel", "nouvelle@exemple.fr"),
            ("fonction", "mediateur"),
            ("perimetre", ""),
        ];
        let invitee = yvonne.poster("/invitations/nouvelle", &champs).await;
        assert_eq!(vers(&invitee), "/invitations", "{}", invitee.text);

        let mut tx = app.db.write().await.unwrap();
        organisation::separer(&act, &mut tx, fusion.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(yvonne.lire(&fiche(reste.id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(yvonne.lire(&fiche(part.id)).await.status, StatusCode::OK);
        assert_eq!(zoe.lire(&fiche(part.id)).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn on_ne_lit_d_une_personne_que_les_fonctions_de_son_perimetre() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let (ici, ailleurs) = (
        structure(&app, "Pages Ouvertes", "", "69123").await,
        structure(&app, "Fil de Bourg", "", "01053").await,
    );
    let awa = creer(&app, "awa@exemple.fr", &[]).await;
    accorder(&app, awa, Fonction::Mediateur, Perimetre::Organisation(ici.id))
        .await
        .unwrap();
    let avant = accorder(&app, awa, Fonction::Aidant, Perimetre::Organisation(ailleurs.id))
        .await
        .unwrap();
    let mut tx = app.db.write().await.unwrap();
    fonctions::retirer(
        &Act::now(&app, &admin()),
        &mut tx,
        avant.id,
        None,
        "désaccord sur les horaires",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let yvonne = creer(&app, "yvonne@exemple.fr", &[]).await;
    accorder(&app, yvonne, Fonction::Gestionnaire, Perimetre::Organisation(ici.id))
        .await
        .unwrap();
    courrier(&app).await;
    let mut yvonne = Navigateur::new(&service);
    entrer(&app, &mut yvonne, "yvonne@exemple.fr").await;
    let fiche = yvonne.lire(&format!("/personnes/{awa}")).await;
    lit(&fiche, "Médiateur numérique, Pages Ouvertes");
    assert!(
        !fiche.text.contains("Aidant") && !fiche.text.contains("désaccord sur les horaires"),
        "{}",
        fiche.text
    );
    lit(
        &yvonne.lire("/compte").await,
        "Gestionnaire d’une structure, Pages Ouvertes",
    );
}

#[tokio::test]
async fn une_delegation_se_voit_se_dit_et_prend_fin() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app.clone(), MODULES);
    let agent = creer(&app, "agent@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
    let awa = creer(&app, "awa@exemple.fr", &[(Fonction::Elu, "D:69")]).await;
    creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
    let mut tx = app.db.write().await.unwrap();
    let attribution = attribution::de_personne(&mut tx, agent).await.unwrap().remove(0);
    let prefet = Actor::signed_in(Uuid::from_u128(2)).with(Grant::over("Prefet", "D:69"));
    let act = Act::now(&app, &prefet);
    let une = fonctions::deleguer(&act, &mut tx, attribution.id, acte(awa))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let recus = courrier(&app).await;
    let dit = |recus: &[(String, String)], qui: &str, quoi: &str| {
        let sien = recus.iter().find(|(adresse, _)| adresse == qui).unwrap();
        assert!(sien.1.contains(quoi), "{sien:?}");
    };
    dit(
        &recus,
        "agent@exemple.fr",
        "(Rhône (69)) a été déléguée à une autre personne",
    );
    dit(&recus, "awa@exemple.fr", "vous a été déléguée");
    let mut nadia = Navigateur::new(&service);
    entrer(&app, &mut nadia, "nadia@exemple.fr").await;
    lit(&nadia.lire(&format!("/personnes/{agent}")).await, "donnée à Awa Diarra");
    lit(&nadia.lire(&format!("/personnes/{awa}")).await, "reçue de Awa Diarra");
    lit(&nadia.lire(&format!("/personnes/{awa}")).await, "arrêté 2026-12");
    let mut tx = app.db.write().await.unwrap();
    let titulaire = fonctions::retirer_delegation(&act, &mut tx, une.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(titulaire.personne, agent);
    dit(&courrier(&app).await, "awa@exemple.fr", "ne vous est plus déléguée");
    lit(&nadia.lire(&format!("/personnes/{agent}")).await, "terminée le");
}

#[tokio::test]
async fn retirer_une_fonction_que_quelqu_un_vient_de_changer_montre_les_deux() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let service = service(app.clone(), MODULES);
        let awa = creer(&app, "awa@exemple.fr", &[]).await;
        let lyon = structure(&app, "Pages Ouvertes", "", "69123").await;
        let une = accorder(&app, awa, Fonction::Gestionnaire, Perimetre::Organisation(lyon.id))
            .await
            .unwrap();
        creer(&app, "nadia@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
        courrier(&app).await;
        let mut nadia = Navigateur::new(&service);
        entrer(&app, &mut nadia, "nadia@exemple.fr").await;
        let chemin = format!("/attributions/{}/retirer", une.id);
        lit(&nadia.lire(&chemin).await, "name=\"version\" value=\"0\"");
        let mut tx = app.db.write().await.unwrap();
        fonctions::retirer(
            &Act::now(&app, &admin()),
            &mut tx,
            une.id,
            Some(0),
            "départ en retraite",
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let tard = nadia
            .poster(&chemin, &[("motif", "fin de contrat"), ("version", "0")])
            .await;
        assert_eq!(tard.status, StatusCode::CONFLICT, "{}", tard.text);
        assert!(
            tard.text.contains("fin de contrat") && tard.text.contains("départ"),
            "{}",
            tard.text
        );
    }
}

#[tokio::test]
async fn on_emporte_ce_qui_est_garde_de_ses_delegations_notifications_et_invitations() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let awa = creer(&app, "awa@exemple.fr", &[(Fonction::Prefecture, "D:69")]).await;
        let elu = accorder(&app, awa, Fonction::Elu, Perimetre::lire("D:69").unwrap())
            .await
            .unwrap();
        let binta = creer(&app, "binta@exemple.fr", &[]).await;
        let ancienne = creer(&app, "ancienne@exemple.fr", &[]).await;
        let actor = admin();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        fonctions::deleguer(&act, &mut tx, elu.id, acte(binta)).await.unwrap();
        let lyon = Offre {
            courriel: Courriel::lire("awa@exemple.fr").unwrap(),
            fonction: Fonction::Prefecture,
            perimetre: Perimetre::lire("D:01").unwrap(),
            au: None,
        };
        invitations::inviter(&act, &mut tx, lyon).await.unwrap();
        let sans_telephone = Liberation {
            id: app.ids.next(instant()),
            personne_id: ancienne,
            par: None,
            motif: "téléphone perdu, vu au guichet".into(),
            faite_at: instant(),
        };
        liberation::garder(&mut tx, &sans_telephone).await.unwrap();
        personnes::reunir(&act, &mut tx, awa, ancienne, "même téléphone")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let emporte = serde_json::to_string(&donnees::exporter(&app, awa, None).await.unwrap()).unwrap();
        for mots in [
            "\"acte\":\"arrêté 2026-12\"",
            "\"sens\":\"donnée\"",
            "a été déléguée à une autre personne",
            "\"adresse\":\"awa@exemple.fr\"",
            "Ain (01)",
            "Mes fonctions changent",
            "téléphone perdu, vu au guichet",
        ] {
            assert!(emporte.contains(mots), "{mots} : {emporte}");
        }
        assert_eq!(emporte.matches("\"fiche ouverte\"").count(), 2, "{emporte}");
        assert!(
            !emporte.contains("binta") && !emporte.contains(&binta.to_string()),
            "{emporte}"
        );
    }
}
