//! Merging, undoing and keeping apart, by the same tests on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use lieux::actions::doublons::{self, Cadre};
use lieux::actions::import::{Fichier, importer, preparer};
use lieux::domain::doublons::Couple;
use lieux::domain::lieu::{Adresse, Contact, Lieu, Pivot, Position, Precision, Presentation, Telephone};
use lieux::domain::listes::Service;
use lieux::permissions::{DeciderDoublons, GererLieux};
use lieux::store;
use socle::clock::Instant;
use socle::db::{Db, Tx};
use socle::errors::Erreur;
use socle::ids::Ids;
use socle::permissions::{Actor, Everything, Permit, authorise};
use socle::secrets::Keys;
use socle::testing::{TestDb, databases, instant, keys};
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
    keys: Keys,
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
                keys: keys(),
                fiches,
            });
        }
        scenes
    }

    fn cadre(&self) -> Cadre<'_> {
        Cadre {
            permis: &self.permis,
            ids: &self.ids,
            keys: &self.keys,
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

/// The same place as two sources tell it, in files.
async fn importer_source(scene: &Scene, source: &str, ligne: &str, at: Instant) {
    let octets = format!("id,pivot,nom,commune,code_postal,code_insee,adresse,date_maj,services,telephone\n{ligne}\n");
    let fichier = Fichier {
        nom: "essai.csv",
        octets: octets.as_bytes(),
        source: Some(source),
        correspondance: None,
    };
    let cadre = lieux::actions::Cadre {
        permis: &authorise::<GererLieux>(&Actor::operator(), &Everything).unwrap(),
        ids: &scene.ids,
        keys: &scene.keys,
        at,
    };
    let mut tx = scene.db().write().await.unwrap();
    let preparation = preparer(&mut tx, fichier, &scene.ids, at).await.unwrap();
    importer(&mut tx, cadre, &preparation, false).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn un_lieu_fusionne_garde_l_union_de_ses_listes_quand_une_source_revient_plus_tard() {
    const A: &str = "a1,,France services,Ambléon,01300,01006,4 place du Four,2026-02-01,Aide aux démarches administratives,0474000001";
    const B: &str = "b7,,France services,Ambléon,01300,01006,4 place du Four,2026-01-15,Maîtrise des outils numériques du quotidien,0474000001";
    for scene in Scene::toutes().await {
        importer_source(&scene, "a", A, instant()).await;
        importer_source(&scene, "b", B, instant()).await;
        let fiches: Vec<Lieu> = scene
            .publics()
            .await
            .into_iter()
            .filter(|l| l.nom == "France services")
            .collect();
        let couple = Couple::de(fiches[0].id, fiches[1].id).unwrap();
        let mut tx = scene.db().write().await.unwrap();
        let fusion = doublons::fusionner(&mut tx, scene.cadre(), couple).await.unwrap();
        tx.commit().await.unwrap();
        let fusionne = async || {
            scene
                .publics()
                .await
                .into_iter()
                .find(|l| l.id == fusion.lieu.id)
                .unwrap()
        };
        let union = [Service::AideDemarches, Service::MaitriseOutils];
        assert_eq!(fusionne().await.services, union);

        // Eight months later: what the other source said is then more than half a year old.
        let plus_tard = instant().plus_seconds(240 * 86_400);
        let change = A
            .replace("2026-02-01", "2026-10-20")
            .replace("0474000001", "0474000002");
        importer_source(&scene, "a", &change, plus_tard).await;
        let lieu = fusionne().await;
        assert_eq!(lieu.contact.telephone, Telephone::lire("0474000002").ok());
        assert_eq!(lieu.services, union);

        let mut tx = scene.db().read().await.unwrap();
        let origines = store::import::origines(&mut tx, lieu.id).await.unwrap();
        let sources: Vec<_> = origines
            .iter()
            .filter(|o| o.champ == "services")
            .map(|o| o.source.as_str())
            .collect();
        assert_eq!(sources, ["a", "b"]);
        let id = store::doublons::derniere_fusion(&mut tx, lieu.id)
            .await
            .unwrap()
            .unwrap();
        drop(tx);
        let mut tx = scene.db().write().await.unwrap();
        doublons::defaire_fusion(&mut tx, scene.cadre(), id).await.unwrap();
        tx.commit().await.unwrap();
        let mut rendues: Vec<_> = scene.publics().await;
        rendues.retain(|l| l.nom == "France services");
        let services: Vec<_> = rendues.iter().map(|l| (l.id, l.services.clone())).collect();
        assert_eq!(
            services,
            [(fiches[0].id, vec![union[0]]), (fiches[1].id, vec![union[1]])]
        );
    }
}
