//! Merging, undoing and keeping apart, by the same tests on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use lieux::actions::doublons::{self, Cadre};
use lieux::domain::doublons::Couple;
use lieux::domain::lieu::{Adresse, Contact, Lieu, Pivot, Position, Precision, Presentation, Telephone};
use lieux::domain::listes::Service;
use lieux::permissions::DeciderDoublons;
use lieux::store;
use socle::db::{Db, Tx};
use socle::errors::Erreur;
use socle::ids::Ids;
use socle::permissions::{Actor, Everything, Permit, authorise};
use socle::testing::{TestDb, databases, instant};
use territoire::Point;
use uuid::Uuid;

/// The town library of Bourg, as a source tells it.
fn mediatheque(rang: u128, source: &str, service: Service) -> Lieu {
    Lieu {
        id: Uuid::from_u128(rang),
        pivot: Pivot::Inconnu,
        nom: "Médiathèque Elisabeth et Roger Vailland".into(),
        adresse: Adresse {
            voie: "1 rue du Moulin de Brou".into(),
            complement: None,
            commune: "Bourg-en-Bresse".into(),
            code_postal: "01000".into(),
            code_insee: "01053".parse().ok(),
        },
        position: Point::valide(5.2368, 46.2001).map(|point| Position {
            point,
            precision: Precision::Source,
        }),
        typologies: vec![],
        contact: Contact {
            telephone: Telephone::lire("0474000001").ok(),
            ..Contact::default()
        },
        horaires: None,
        presentation: Presentation::default(),
        source: Some(source.into()),
        itinerance: vec![],
        structure_parente: None,
        date_maj: jiff::civil::date(2026, 2, 1),
        services: vec![service],
        publics: vec![],
        prises_en_charge: vec![],
        frais: vec![],
        dispositifs: vec![],
        formations: vec![],
        autres_formations: vec![],
        modalites_acces: vec![],
        modalites_accompagnement: vec![],
        fiche_acces_libre: None,
        prise_rdv: None,
        visites: vec![],
    }
}

/// A database that holds one place told by two sources, and who may decide.
struct Scene {
    test: TestDb,
    permis: Permit<DeciderDoublons>,
    ids: Ids,
    fiches: [Lieu; 2],
}

impl Scene {
    async fn toutes() -> Vec<Self> {
        let mut scenes = Vec::new();
        for test in databases().await {
            let fiches = [
                mediatheque(1, "hinaura", Service::AideDemarches),
                mediatheque(2, "res-in", Service::AccesInternetMateriel),
            ];
            let mut tx = test.db.write().await.unwrap();
            for fiche in &fiches {
                store::lieu::creer(&mut tx, fiche, instant()).await.unwrap();
            }
            store::lieu::ajouter_alias(&mut tx, "res-in:436", fiches[1].id, instant())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let permis = authorise::<DeciderDoublons>(&Actor::operator(), &Everything).unwrap();
            scenes.push(Self {
                test,
                permis,
                ids: Ids::seeded(1),
                fiches,
            });
        }
        scenes
    }

    fn cadre(&self) -> Cadre<'_> {
        Cadre {
            permis: &self.permis,
            ids: &self.ids,
            at: instant(),
        }
    }

    fn couple(&self) -> Couple {
        Couple::de(self.fiches[0].id, self.fiches[1].id).unwrap()
    }

    fn db(&self) -> &Db {
        &self.test.db
    }

    /// One run, as the command does it.
    async fn rechercher(&self) -> doublons::Bilan {
        let (lieux, jamais) = doublons::lire(&mut self.db().read().await.unwrap()).await.unwrap();
        let groupes = doublons::analyser(&lieux, &jamais);
        let mut tx = self.db().write().await.unwrap();
        let bilan = doublons::appliquer(&mut tx, self.cadre(), &groupes).await.unwrap();
        tx.commit().await.unwrap();
        bilan
    }

    async fn publics(&self) -> Vec<Lieu> {
        store::lieu::publics(&mut self.db().read().await.unwrap())
            .await
            .unwrap()
    }

    async fn alias(&self) -> Vec<(String, Uuid)> {
        let mut alias = store::lieu::alias(&mut self.db().read().await.unwrap()).await.unwrap();
        alias.sort();
        alias
    }

    async fn fusion(&self, tx: &mut Tx) -> Uuid {
        store::doublons::derniere_fusion(tx, self.fiches[0].id)
            .await
            .unwrap()
            .unwrap()
    }
}

#[tokio::test]
async fn deux_fiches_d_un_lieu_n_en_font_qu_une_et_l_ancien_identifiant_y_mene() {
    for scene in Scene::toutes().await {
        let bilan = scene.rechercher().await;
        assert_eq!((bilan.fusions, bilan.absorbes), (1, 1));
        let publics = scene.publics().await;
        assert_eq!(publics.len(), 1);
        assert_eq!(publics[0].id, scene.fiches[0].id);
        assert_eq!(
            publics[0].services,
            [Service::AideDemarches, Service::AccesInternetMateriel]
        );
        let garde = scene.fiches[0].id;
        assert_eq!(
            scene.alias().await,
            [(scene.fiches[1].id.to_string(), garde), ("res-in:436".into(), garde)]
        );
        assert_eq!(scene.rechercher().await, doublons::Bilan::default());
    }
}

#[tokio::test]
async fn une_fusion_defaite_rend_les_fiches_telles_qu_elles_etaient_et_ne_se_refait_pas() {
    for scene in Scene::toutes().await {
        scene.rechercher().await;
        let mut tx = scene.db().write().await.unwrap();
        let fusion = scene.fusion(&mut tx).await;
        doublons::defaire_fusion(&mut tx, scene.cadre(), fusion).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.publics().await, scene.fiches);
        assert_eq!(scene.alias().await, [("res-in:436".to_owned(), scene.fiches[1].id)]);
        assert_eq!(scene.rechercher().await, doublons::Bilan::default());
        let mut tx = scene.db().write().await.unwrap();
        let encore = doublons::defaire_fusion(&mut tx, scene.cadre(), fusion).await;
        assert!(matches!(encore, Err(Erreur::Refus(_))), "{encore:?}");
    }
}

#[tokio::test]
async fn deux_fiches_dites_distinctes_le_restent_jusqu_a_ce_que_quelqu_un_rouvre() {
    for scene in Scene::toutes().await {
        let mut tx = scene.db().write().await.unwrap();
        let comparaison = lieux::domain::doublons::comparer(&scene.fiches[0], &scene.fiches[1]);
        assert!(
            store::doublons::proposer(&mut tx, scene.couple(), &comparaison)
                .await
                .unwrap()
        );
        assert!(
            !store::doublons::proposer(&mut tx, scene.couple(), &comparaison)
                .await
                .unwrap()
        );
        assert_eq!(store::doublons::a_decider(&mut tx, 10).await.unwrap().len(), 1);
        doublons::separer(&mut tx, scene.cadre(), scene.couple()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.rechercher().await, doublons::Bilan::default());
        let mut tx = scene.db().write().await.unwrap();
        let fusion = doublons::fusionner(&mut tx, scene.cadre(), scene.couple()).await;
        assert!(matches!(fusion, Err(Erreur::Refus(_))), "{fusion:?}");
        doublons::rouvrir(&mut tx, scene.cadre(), scene.couple()).await.unwrap();
        doublons::fusionner(&mut tx, scene.cadre(), scene.couple())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.publics().await.len(), 1);
    }
}

#[tokio::test]
async fn une_fiche_deja_absorbee_ne_se_fusionne_plus() {
    for scene in Scene::toutes().await {
        scene.rechercher().await;
        let mut tx = scene.db().write().await.unwrap();
        let tierce = Uuid::from_u128(3);
        let lieu = Lieu {
            id: tierce,
            nom: "Mairie".into(),
            ..scene.fiches[0].clone()
        };
        store::lieu::creer(&mut tx, &lieu, instant()).await.unwrap();
        let couple = Couple::de(scene.fiches[1].id, tierce).unwrap();
        let fusion = doublons::fusionner(&mut tx, scene.cadre(), couple).await;
        assert!(matches!(fusion, Err(Erreur::Conflit)), "{fusion:?}");
    }
}

#[tokio::test]
async fn ce_qu_une_source_change_apres_la_fusion_se_lit_dans_le_lieu_fusionne() {
    for scene in Scene::toutes().await {
        scene.rechercher().await;
        let mut tx = scene.db().write().await.unwrap();
        let changee = Lieu {
            horaires: Some("Tu-Sa 10:00-18:00".into()),
            ..scene.fiches[1].clone()
        };
        doublons::reporter(&mut tx, &changee, instant()).await.unwrap();
        let fusion = scene.fusion(&mut tx).await;
        tx.commit().await.unwrap();
        let publics = scene.publics().await;
        assert_eq!(publics.len(), 1);
        assert_eq!(publics[0].id, scene.fiches[0].id);
        assert_eq!(publics[0].horaires, changee.horaires);
        assert_eq!(publics[0].services.len(), 2);
        let mut tx = scene.db().write().await.unwrap();
        doublons::defaire_fusion(&mut tx, scene.cadre(), fusion).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.publics().await, [scene.fiches[0].clone(), changee]);
    }
}
