//! What is kept of places, and for how long, on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use jiff::civil::date;
use lieux::{
    domain::{
        import::interpreter,
        lieu::{Lieu, Passage, Visite},
        standard::ligne::Ligne,
        ticket::{Issue, Signalement},
    },
    jobs,
    store::{
        import::{garder_provenances, provenances},
        lieu::{self, Etat},
        ticket,
    },
};
use socle::{
    App, Settings,
    clock::{Clock, Instant},
    module::Module,
    testing::{self, TestDb, databases, instant},
};
use uuid::Uuid;

const JOUR: i64 = 86_400;
const MAIRIE: Uuid = Uuid::from_u128(1);

fn dans(jours: i64) -> Instant {
    instant().plus_seconds(jours * JOUR)
}

/// The town hall of Bourg, where someone comes on the day of the tests.
fn mairie() -> (Lieu, Vec<lieux::domain::import::Provenance>) {
    let cellules = [
        ("nom", "Mairie de Bourg"),
        ("adresse", "2 rue de la Paix"),
        ("commune", "Bourg-en-Bresse"),
        ("code_postal", "01000"),
        ("code_insee", "01053"),
        ("telephone", "04 74 45 70 00"),
        ("courriels", "mairie@bourg.example"),
    ];
    let lue = interpreter(&Ligne::nouvelle(1, cellules), "Essai").unwrap();
    let mut lieu = lue.lieu;
    lieu.id = MAIRIE;
    lieu.visites = [instant().day_in("Europe/Paris"), date(2199, 1, 1)]
        .map(|date| Visite {
            endroit: None,
            commune: None,
            quand: Passage::Date { date, horaires: None },
        })
        .into();
    (lieu, lue.provenances)
}

const MODULES: &[Module] = &[
    socle::MODULE,
    ui::MODULE,
    territoire::MODULE,
    comptes::MODULE,
    lieux::MODULE,
];

/// A site where the town hall is.
struct Site {
    _test: TestDb,
    app: App,
}

async fn sites() -> Vec<Site> {
    let mut sites = Vec::new();
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        lieu::creer(&mut tx, &mairie().0, instant()).await.unwrap();
        tx.commit().await.unwrap();
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        sites.push(Site { _test: test, app });
    }
    sites
}

impl Site {
    async fn effacer(&self, jours: i64) -> u64 {
        let mut app = self.app.clone();
        app.clock = Clock::fixed(dans(jours));
        (jobs::CONSERVATION.run)(app).await.unwrap().done
    }

    async fn mairie(&self) -> Lieu {
        let mut tx = self.app.db.read().await.unwrap();
        lieu::trouver(&mut tx, MAIRIE).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn un_signalement_repondu_s_efface_apres_deux_ans_et_un_autre_reste() {
    for site in sites().await {
        let mut tx = site.app.db.write().await.unwrap();
        for id in [1, 2] {
            let signale = Signalement::lire("telephone", "Le numéro a changé").unwrap();
            let ouvert = signale.ouvrir(Uuid::from_u128(id), MAIRIE, instant());
            ticket::creer(&mut tx, &ouvert).await.unwrap();
            if id == 1 {
                let clos = ouvert
                    .clore(Issue::SansSuite, "Vérifié auprès du lieu", instant())
                    .unwrap();
                assert!(ticket::clore(&mut tx, &clos).await.unwrap());
            }
        }
        tx.commit().await.unwrap();
        let restent = async || {
            let mut tx = site.app.db.read().await.unwrap();
            let un = ticket::trouver(&mut tx, Uuid::from_u128(1)).await.unwrap().is_some();
            (
                un,
                ticket::trouver(&mut tx, Uuid::from_u128(2)).await.unwrap().is_some(),
            )
        };
        site.effacer(730).await;
        assert_eq!(restent().await, (true, true));
        site.effacer(731).await;
        assert_eq!(restent().await, (false, true));
    }
}

#[tokio::test]
async fn un_passage_s_efface_un_an_apres_son_jour() {
    for site in sites().await {
        site.effacer(365).await;
        assert_eq!(site.mairie().await.visites.len(), 2);
        assert_eq!(site.effacer(366).await, 1);
        let reste: Vec<_> = site.mairie().await.visites.into_iter().map(|v| v.quand).collect();
        let a_venir = Passage::Date {
            date: date(2199, 1, 1),
            horaires: None,
        };
        assert_eq!(reste, [a_venir]);
    }
}

#[tokio::test]
async fn les_coordonnees_d_un_lieu_retire_s_effacent_apres_cinq_ans() {
    let (_, origines) = mairie();
    for site in sites().await {
        let mut tx = site.app.db.write().await.unwrap();
        garder_provenances(&mut tx, "Essai", &[(MAIRIE, &origines)], instant())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        site.effacer(1_826).await;
        assert!(
            site.mairie().await.contact.telephone.is_some(),
            "un lieu publié garde les siennes"
        );

        let mut tx = site.app.db.write().await.unwrap();
        assert!(
            lieu::changer_etat(&mut tx, MAIRIE, Etat::Retire, instant())
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        site.effacer(1_825).await;
        assert!(site.mairie().await.contact.telephone.is_some());
        site.effacer(1_826).await;
        let sans = site.mairie().await;
        assert_eq!((sans.contact.telephone, sans.contact.courriels.len()), (None, 0));
        assert_eq!(sans.nom, "Mairie de Bourg");
        let champs: Vec<String> = provenances(&mut site.app.db.read().await.unwrap(), MAIRIE)
            .await
            .unwrap()
            .into_iter()
            .map(|p| p.champ)
            .collect();
        assert!(champs.contains(&"nom".to_owned()), "{champs:?}");
        assert!(
            !champs.iter().any(|c| c == "telephone" || c == "courriels"),
            "{champs:?}"
        );
        assert_eq!(site.effacer(1_827).await, 0);
    }
}
