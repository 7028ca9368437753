//! Functions over what spans several territories: who may grant them may pass them on, end them and invite again, and nobody else.

use super::{
    accorder, acte, admin, message,
    navigateur::{MODULES, courrier, creer},
    par, structure,
};
use comptes::{
    actions::{
        fonctions, groupement,
        invitations::{self, Offre},
        organisation,
    },
    domain::{
        courriel::Courriel,
        fonction::Fonction,
        groupement::{GenreGroupement, Groupement},
        perimetre::Perimetre,
    },
};
use jiff::civil::date;
use socle::{
    App, Settings,
    change::Act,
    permissions::{Actor, Grant, WHOLE},
    testing::{self, databases},
};
use uuid::Uuid;

fn prefet(code: &str) -> Actor {
    Actor::signed_in(Uuid::from_u128(2)).with(Grant::over("Prefet", code))
}

/// A hub in the Rhône and the Ain.
async fn hub(app: &App) -> Groupement {
    let actor = admin();
    let act = Act::now(app, &actor);
    let mut tx = app.db.write().await.unwrap();
    let mut hub = groupement::creer(&act, &mut tx, GenreGroupement::Hub, "Hub du Rhône")
        .await
        .unwrap();
    for (vue, code) in ["D:69", "D:01"].into_iter().enumerate() {
        let vu = (hub.id, i64::try_from(vue).unwrap());
        hub = groupement::ajouter(&act, &mut tx, vu, code, date(2026, 1, 1))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    hub
}

const AILLEURS: &str = "hors de votre périmètre";

#[tokio::test]
async fn ce_qui_s_exerce_dans_deux_departements_ne_se_change_pas_depuis_un_seul() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let hub = Perimetre::Groupement(hub(&app).await.id);
        let (ada, elise) = (
            creer(&app, "ada@exemple.fr", &[]).await,
            creer(&app, "elise@exemple.fr", &[]).await,
        );
        let tenue = accorder(&app, ada, Fonction::Prefecture, hub.clone()).await.unwrap();
        let (tout, rhone, region) = (admin(), prefet("D:69"), prefet("R:84"));
        let mut tx = app.db.write().await.unwrap();
        let une = fonctions::deleguer(&Act::now(&app, &tout), &mut tx, tenue.id, acte(elise))
            .await
            .unwrap();
        let offre = Offre {
            courriel: Courriel::lire("binta@exemple.fr").unwrap(),
            fonction: Fonction::Prefecture,
            perimetre: hub,
            au: None,
        };
        let invitation = invitations::inviter(&Act::now(&app, &tout), &mut tx, offre)
            .await
            .unwrap();

        let act = Act::now(&app, &rhone);
        assert!(message(fonctions::deleguer(&act, &mut tx, tenue.id, acte(elise)).await).contains(AILLEURS));
        assert!(message(fonctions::retirer_delegation(&act, &mut tx, une.id).await).contains(AILLEURS));
        assert!(message(fonctions::retirer(&act, &mut tx, tenue.id, None, "fin de mission").await).contains(AILLEURS));
        assert!(message(invitations::renvoyer(&act, &mut tx, invitation.id).await).contains(AILLEURS));

        // Who reaches both does, and so does everyone for their own function.
        let act = Act::now(&app, &region);
        fonctions::retirer_delegation(&act, &mut tx, une.id).await.unwrap();
        fonctions::deleguer(&act, &mut tx, tenue.id, acte(elise)).await.unwrap();
        invitations::renvoyer(&act, &mut tx, invitation.id).await.unwrap();
        let sienne = Actor::signed_in(ada).with(Grant::over("Prefet", "D:69"));
        fonctions::retirer(&Act::now(&app, &sienne), &mut tx, tenue.id, None, "fin de mission")
            .await
            .unwrap();
        tx.commit().await.unwrap();

        // Whoever had received it is told that it is over.
        let recus = courrier(&app).await;
        let dit = |(adresse, texte): &(String, String)| {
            adresse == "elise@exemple.fr" && texte.contains("a été retirée à la personne qui vous l’a déléguée")
        };
        assert_eq!(recus.iter().filter(|recu| dit(recu)).count(), 1, "{recus:?}");
    }
}

#[tokio::test]
async fn une_intercommunalite_de_trois_departements_ne_s_accorde_pas_depuis_un_seul() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let awa = creer(&app, "awa@exemple.fr", &[]).await;
        // Aix-Marseille-Provence lies in the Bouches-du-Rhône, the Var and the Vaucluse.
        let metropole = Perimetre::lire("E:200054807").unwrap();
        let refus = par(&app, &prefet("D:13"), awa, Fonction::Elu, metropole.clone()).await;
        assert_eq!(message(refus), "Introuvable");
        let faite = par(&app, &prefet("R:93"), awa, Fonction::Elu, metropole).await.unwrap();
        for code in ["D:13", "D:83", "D:84", "R:93", "E:200054807"] {
            assert!(faite.portee.contains(&code.to_owned()), "{code}");
        }
        let bourg = Perimetre::lire("E:200071751").unwrap();
        par(&app, &prefet("D:01"), awa, Fonction::Elu, bourg).await.unwrap();
    }
}

#[tokio::test]
async fn nul_n_agrandit_le_groupement_sur_lequel_il_exerce() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let (hub, awa) = (hub(&app).await, creer(&app, "awa@exemple.fr", &[]).await);
        accorder(&app, awa, Fonction::Hub, Perimetre::Groupement(hub.id))
            .await
            .unwrap();
        let elle = Actor::signed_in(awa).with(Grant::over("Administration", WHOLE));
        let mut a_sa_place = admin();
        a_sa_place.really = Some(awa);
        let mut tx = app.db.write().await.unwrap();
        for actor in [&elle, &a_sa_place] {
            let ajout =
                groupement::ajouter(&Act::now(&app, actor), &mut tx, (hub.id, 2), "D:42", date(2026, 3, 3)).await;
            assert!(message(ajout).contains("une autre personne doit y ajouter"));
        }
        groupement::ajouter(
            &Act::now(&app, &admin()),
            &mut tx,
            (hub.id, 2),
            "D:42",
            date(2026, 3, 3),
        )
        .await
        .unwrap();
        let retrait = groupement::retirer(&Act::now(&app, &elle), &mut tx, (hub.id, 3), "D:42", date(2026, 3, 3)).await;
        assert!(retrait.is_ok());
    }
}

#[tokio::test]
async fn une_fiche_reunie_a_une_autre_n_entre_pas_dans_un_reseau() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let (reste, part) = (
            structure(&app, "Pages Ouvertes", "", "69123").await,
            structure(&app, "Les Pages ouvertes", "", "69123").await,
        );
        let actor = admin();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        organisation::fusionner(&act, &mut tx, (reste.id, 0), (part.id, 0), "même SIRET")
            .await
            .unwrap();
        let reseau = groupement::creer(&act, &mut tx, GenreGroupement::Reseau, "Réseau")
            .await
            .unwrap();
        let membre = Perimetre::Organisation(part.id).code();
        let refus = groupement::ajouter(&act, &mut tx, (reseau.id, 0), &membre, date(2026, 3, 3)).await;
        assert!(message(refus).contains("a été réunie à une autre"));
    }
}
