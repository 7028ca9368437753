//! Those who no longer come: warned once, then anonymised unless they come back, on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[expect(dead_code, reason = "the other tests have more to do with a browser than this one")]
mod navigateur;

use comptes::{
    actions::{
        invitations::{self, Offre},
        personnes,
    },
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        delegation::{Acte, Delegation, GenreDelegation},
        fonction::Fonction,
        notification::{GenreNotification, Mode, Notification},
        perimetre::Perimetre,
        personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
    },
    references::{INACTIVITE, INVITATION_VALIDITE, INVITATIONS, PREAVIS},
    store::{
        conservation,
        defi::{self, Defi, GenreDefi},
        notification, personne,
    },
};
use jiff::civil::date;
use navigateur::{MODULES, courrier};
use socle::{
    App, Settings,
    change::{Act, Stored},
    clock::{Day, Instant},
    db::{Engine, Tx},
    errors::Erreur,
    jobs::Report,
    journal,
    letters::{self, Channel, Letter, Sending, Sink},
    module::BoxFuture,
    permissions::{Actor, Grant},
    reference::{self, Key, NewValue, Value},
    testing::{self, databases, instant},
};
use uuid::Uuid;

const JOUR: i64 = 86_400;

fn il_y_a(jours: i64) -> Instant {
    instant().plus_seconds(-jours * JOUR)
}

/// Someone whose file was opened three thousand days ago and who came this many days ago, with a confirmed address.
async fn venu(app: &App, tx: &mut Tx, nom: &str, jours: i64) -> Uuid {
    let awa = fiche(app, tx, nom, il_y_a(3_000)).await;
    personne::noter_venue(tx, awa.id, il_y_a(jours)).await.unwrap();
    adresser(app, tx, awa.id, nom).await;
    awa.id
}

async fn fiche(app: &App, tx: &mut Tx, nom: &str, creee_at: Instant) -> Personne {
    let une = Personne::nouvelle(app.ids.next(instant()), Nom::lire("Awa", nom).unwrap(), creee_at);
    une.insert(tx).await.unwrap();
    une
}

async fn adresser(app: &App, tx: &mut Tx, id: Uuid, nom: &str) {
    let contact = Contact {
        id: app.ids.next(instant()),
        personne: id,
        moyen: Moyen::Courriel(Courriel::lire(&format!("{nom}@exemple.fr")).unwrap()),
        confirme_at: Some(instant()),
        ajoute_at: instant(),
    };
    assert!(personne::ajouter_contact(tx, &contact).await.unwrap());
}

async fn accorder(app: &App, tx: &mut Tx, id: Uuid, au: Option<jiff::civil::Date>) -> Attribution {
    let perimetre = Perimetre::lire("D:69").unwrap();
    let accord = Accord {
        personne: id,
        fonction: Fonction::Prefecture,
        portee: perimetre.codes(),
        perimetre,
        du: date(2020, 1, 1),
        au,
    };
    let une = Attribution::accorder(app.ids.next(instant()), accord, None, il_y_a(2_000)).unwrap();
    une.insert(tx).await.unwrap();
    une
}

async fn administrer(app: &App, tx: &mut Tx, id: Uuid) {
    let accord = Accord {
        personne: id,
        fonction: Fonction::Administration,
        perimetre: Perimetre::Nation,
        portee: Perimetre::Nation.codes(),
        du: date(2026, 1, 1),
        au: None,
    };
    let une = Attribution::accorder(app.ids.next(instant()), accord, None, instant()).unwrap();
    une.insert(tx).await.unwrap();
}

async fn lancer(app: &App, nom: &str) -> Result<Report, Erreur> {
    let mut travaux = MODULES.iter().flat_map(|module| module.jobs);
    let travail = travaux.find(|job| job.name == nom).unwrap();
    (travail.run)(app.clone()).await
}

async fn passer(app: &App) -> Result<Report, Erreur> {
    lancer(app, "comptes.inactivite").await
}

/// Records a value of a key from a day on.
async fn decider(app: &App, tx: &mut Tx, cle: &Key<i64>, valeur: i64, from: Day) {
    let valeur = Value::Number(valeur);
    let nouvelle = NewValue {
        id: app.ids.next(instant()),
        from,
        turn: 1,
        value: Some(&valeur),
        source: "Décision d’essai",
        author: None,
        author_role: "Administration",
        at: instant(),
    };
    assert!(reference::record(tx, &cle.reference, nouvelle).await.unwrap());
}

async fn etat(app: &App, id: Uuid) -> EtatPersonne {
    let mut tx = app.db.read().await.unwrap();
    Personne::load(&mut tx, id).await.unwrap().unwrap().etat
}

/// Who was written to since the last call, in the order of their addresses.
async fn destinataires(app: &App) -> Vec<String> {
    let mut adresses: Vec<_> = courrier(app).await.into_iter().map(|(adresse, _)| adresse).collect();
    adresses.sort();
    adresses
}

async fn verifier_le_journal(app: &App) {
    journal::seal_pending(app).await.unwrap();
    let verdict = journal::verify(&app.db, &app.settings.keys, None).await.unwrap();
    assert!(verdict.links > 0 && verdict.broken.is_none(), "{:?}", verdict.broken);
}

#[tokio::test]
async fn seuls_ceux_qui_ne_viennent_plus_et_n_exercent_rien_sont_prevenus_puis_anonymises() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let tx_ref = &mut tx;
        let active = venu(&app, tx_ref, "active", 0).await;
        let mut par_jours = Vec::new();
        for jours in [699, 700, 701, 730, 731] {
            par_jours.push((jours, venu(&app, tx_ref, &format!("j{jours}"), jours).await));
        }
        let jamais = fiche(&app, tx_ref, "jamais", il_y_a(701)).await.id;
        adresser(&app, tx_ref, jamais, "jamais").await;
        let recente = fiche(&app, tx_ref, "recente", il_y_a(10)).await.id;
        let exerce = venu(&app, tx_ref, "exerce", 900).await;
        let attribution = accorder(&app, tx_ref, exerce, None).await;
        let a_exerce = venu(&app, tx_ref, "passe", 900).await;
        let passee = accorder(&app, tx_ref, a_exerce, Some(date(2024, 1, 1))).await;
        let remplace = venu(&app, tx_ref, "remplace", 900).await;
        let acte = Acte {
            personne: remplace,
            genre: GenreDelegation::Remplacement,
            reference: "arrêté 1".into(),
            du: date(2026, 3, 3),
            au: date(2026, 3, 10),
        };
        let delegation = Delegation::accorder(app.ids.next(instant()), &attribution, acte, exerce, instant()).unwrap();
        delegation.insert(tx_ref).await.unwrap();
        let (gardee, reunie) = (
            venu(&app, tx_ref, "gardee", 5).await,
            venu(&app, tx_ref, "reunie", 900).await,
        );
        let absorbee = Personne::load(tx_ref, reunie).await.unwrap().unwrap();
        let absorbee = Personne {
            etat: EtatPersonne::Fusionnee { dans: gardee },
            ..absorbee
        };
        assert!(absorbee.update(tx_ref).await.unwrap());
        let effacee = venu(&app, tx_ref, "effacee", 900).await;
        let anonyme = Personne::load(tx_ref, effacee)
            .await
            .unwrap()
            .unwrap()
            .anonymiser()
            .unwrap();
        assert!(anonyme.update(tx_ref).await.unwrap());
        tx.commit().await.unwrap();

        let rapport = passer(&app).await.unwrap();
        assert_eq!(
            rapport.detail,
            "personnes prévenues\u{a0}: 6, rendues anonymes\u{a0}: 0"
        );
        let prevenues = ["j700", "j701", "j730", "j731", "jamais", "passe"].map(|nom| format!("{nom}@exemple.fr"));
        assert_eq!(destinataires(&app).await, prevenues);
        // Run again, the same day and the next: nobody is told twice.
        assert_eq!(passer(&app).await.unwrap(), Report::nothing());
        app.clock.set(instant().plus_seconds(JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await, ["j699@exemple.fr"]);

        app.clock.set(instant().plus_seconds(29 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1, "the replacement is over");
        assert_eq!(destinataires(&app).await, ["remplace@exemple.fr"]);
        app.clock.set(instant().plus_seconds(30 * JOUR));
        let rapport = passer(&app).await.unwrap();
        assert_eq!(
            rapport.detail,
            "personnes prévenues\u{a0}: 0, rendues anonymes\u{a0}: 6"
        );
        for (_, id) in &par_jours[1..] {
            assert_eq!(etat(&app, *id).await, EtatPersonne::Anonymisee);
        }
        for id in [jamais, a_exerce, effacee] {
            assert_eq!(etat(&app, id).await, EtatPersonne::Anonymisee);
        }
        for id in [active, par_jours[0].1, recente, exerce, remplace, gardee] {
            assert_eq!(etat(&app, id).await, EtatPersonne::Active);
        }
        let mut tx = app.db.read().await.unwrap();
        let oubliee = Personne::load(&mut tx, a_exerce).await.unwrap().unwrap();
        assert_eq!(
            (oubliee.nom.to_string(), oubliee.vue_at),
            ("Personne effacée".to_owned(), None)
        );
        assert!(personne::contacts(&mut tx, a_exerce).await.unwrap().is_empty());
        // What they held stays: public archives are not removed by a job.
        let gardee = Attribution::load(&mut tx, passee.id).await.unwrap().unwrap();
        assert_eq!(gardee.personne, a_exerce);
        drop(tx);
        verifier_le_journal(&app).await;
    }
}

#[tokio::test]
async fn une_venue_apres_l_avertissement_garde_le_compte() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let revenue = venu(&app, &mut tx, "revenue", 700).await;
        let nommee = venu(&app, &mut tx, "nommee", 700).await;
        let partie = venu(&app, &mut tx, "partie", 700).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 3);
        assert_eq!(destinataires(&app).await.len(), 3);

        app.clock.set(instant().plus_seconds(29 * JOUR));
        let mut tx = app.db.write().await.unwrap();
        personne::noter_venue(&mut tx, revenue, app.clock.now()).await.unwrap();
        accorder(&app, &mut tx, nommee, None).await;
        tx.commit().await.unwrap();
        app.clock.set(instant().plus_seconds(31 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(etat(&app, revenue).await, EtatPersonne::Active);
        assert_eq!(etat(&app, nommee).await, EtatPersonne::Active);
        assert_eq!(etat(&app, partie).await, EtatPersonne::Anonymisee);
        // Two years after that visit, she is warned anew.
        app.clock.set(instant().plus_seconds((29 + 700) * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await, ["revenue@exemple.fr"]);
    }
}

#[tokio::test]
async fn deux_noeuds_ensemble_ne_previennent_et_n_effacent_qu_une_fois() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        for rang in 0..8 {
            venu(&app, &mut tx, &format!("p{rang}"), 800).await;
        }
        tx.commit().await.unwrap();
        for (jours, attendus) in [(0, 8), (30, 0)] {
            app.clock.set(instant().plus_seconds(jours * JOUR));
            let (une, autre) = tokio::join!(passer(&app), passer(&app));
            assert_eq!(une.unwrap().done + autre.unwrap().done, 8);
            assert_eq!(destinataires(&app).await.len(), attendus);
        }
        verifier_le_journal(&app).await;
    }
}

#[tokio::test]
async fn sans_adresse_l_agent_qui_a_ouvert_la_fiche_est_prevenu_sans_que_personne_soit_nomme() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let agent = venu(&app, &mut tx, "agent", 0).await;
        let admin = venu(&app, &mut tx, "admin", 0).await;
        administrer(&app, &mut tx, admin).await;
        let nom = Nom::lire("Solange", "Introuvable").unwrap();
        accorder(&app, &mut tx, agent, None).await;
        // Nobody can choose not to know at all.
        notification::choisir(&mut tx, agent, GenreNotification::Fiche, Mode::Rien)
            .await
            .unwrap();
        let suivie = Personne {
            ouverte_par: Some(agent),
            ..Personne::nouvelle(app.ids.next(instant()), nom.clone(), il_y_a(800))
        };
        suivie.insert(&mut tx).await.unwrap();
        // Who opened this one exercises nothing any more: they could not keep it.
        let parti = venu(&app, &mut tx, "parti", 0).await;
        let laissee = Personne {
            ouverte_par: Some(parti),
            ..Personne::nouvelle(app.ids.next(instant()), nom, il_y_a(800))
        };
        laissee.insert(&mut tx).await.unwrap();
        let orpheline = fiche(&app, &mut tx, "Orpheline", il_y_a(800)).await;
        // An address that nobody showed to be theirs may be someone else's: nothing is sent to it.
        let contact = Contact {
            id: app.ids.next(instant()),
            personne: orpheline.id,
            moyen: Moyen::Courriel(Courriel::lire("autre@exemple.fr").unwrap()),
            confirme_at: None,
            ajoute_at: instant(),
        };
        assert!(personne::ajouter_contact(&mut tx, &contact).await.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(passer(&app).await.unwrap().done, 3);
        assert_eq!(destinataires(&app).await, ["admin@exemple.fr", "admin@exemple.fr"]);
        let mut tx = app.db.read().await.unwrap();
        for (qui, fiches) in [
            (agent, vec![suivie.id]),
            (admin, vec![laissee.id, orpheline.id]),
            (parti, vec![]),
        ] {
            let dites = notification::lister(&mut tx, qui, 5).await.unwrap();
            assert_eq!(dites.len(), fiches.len());
            for fiche in fiches {
                let une = dites
                    .iter()
                    .find(|dite| dite.phrase.contains(&fiche.to_string()))
                    .unwrap();
                assert_eq!(une.genre, GenreNotification::Fiche);
                assert_eq!(une.chemin, format!("/personnes/{fiche}"));
                assert!(une.phrase.contains("jeudi 2 avril 2026"));
                assert!(!une.phrase.contains("Introuvable") && !une.phrase.contains("Orpheline"));
            }
        }
        drop(tx);
        app.clock.set(instant().plus_seconds(30 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 3);
        assert_eq!(etat(&app, suivie.id).await, EtatPersonne::Anonymisee);
        verifier_le_journal(&app).await;
    }
}

#[tokio::test]
async fn le_jour_annonce_est_tenu_meme_si_les_durees_changent() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let prevenue = venu(&app, &mut tx, "prevenue", 700).await;
        let absente = venu(&app, &mut tx, "absente", 400).await;
        decider(&app, &mut tx, &INACTIVITE, 400, date(2026, 3, 10)).await;
        decider(&app, &mut tx, &PREAVIS, 15, date(2026, 3, 10)).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await, ["prevenue@exemple.fr"]);

        app.clock.set("2026-03-10T09:00:00Z".parse().unwrap());
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await, ["absente@exemple.fr"]);
        app.clock.set("2026-03-25T09:00:00Z".parse().unwrap());
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(etat(&app, absente).await, EtatPersonne::Anonymisee);
        assert_eq!(etat(&app, prevenue).await, EtatPersonne::Active);
        app.clock.set("2026-04-02T09:00:00Z".parse().unwrap());
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(etat(&app, prevenue).await, EtatPersonne::Anonymisee);
    }
}

#[tokio::test]
async fn qui_vient_sous_une_fiche_reunie_est_venu() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let ancienne = venu(&app, &mut tx, "ancienne", 800).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 1);
        let mut tx = app.db.write().await.unwrap();
        let nouvelle = venu(&app, &mut tx, "nouvelle", 3).await;
        let admin = fiche(&app, &mut tx, "admin", instant()).await.id;
        let actor = Actor::signed_in(admin).with(Grant::over(Fonction::Administration.role(), "N"));
        let acte = Act::now(&app, &actor);
        personnes::reunir(&acte, &mut tx, ancienne, nouvelle, "même téléphone")
            .await
            .unwrap();
        let situation = conservation::situation(&mut tx, ancienne, date(2026, 3, 3))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((situation.venue_at, situation.preavis), (il_y_a(3), None));
        tx.commit().await.unwrap();
        app.clock.set(instant().plus_seconds(60 * JOUR));
        assert_eq!(passer(&app).await.unwrap(), Report::nothing());
        assert_eq!(etat(&app, ancienne).await, EtatPersonne::Active);
    }
}

/// A server that refuses every recipient.
struct Refus;

impl Sink for Refus {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Sending> {
        Box::pin(async { Sending::Refused("cette boîte n’existe pas".into()) })
    }
}

#[tokio::test]
async fn un_avertissement_qui_n_est_pas_parti_n_efface_personne_et_s_il_est_refuse_les_agents_sont_prevenus() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let absente = venu(&app, &mut tx, "absente", 800).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 1);
        app.clock.set(instant().plus_seconds(30 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 0, "the mail still waits");

        assert!(letters::send_once(&app, Channel::Mail, &Refus).await.unwrap());
        // Nobody else is there to be told: the warning is given anew.
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(etat(&app, absente).await, EtatPersonne::Active);
        let mut tx = app.db.write().await.unwrap();
        let admin = venu(&app, &mut tx, "admin", 0).await;
        administrer(&app, &mut tx, admin).await;
        tx.commit().await.unwrap();
        assert!(letters::send_once(&app, Channel::Mail, &Refus).await.unwrap());
        app.clock.set(instant().plus_seconds(60 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await, ["admin@exemple.fr"]);
        assert_eq!(etat(&app, absente).await, EtatPersonne::Active);
        app.clock.set(instant().plus_seconds(90 * JOUR));
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(etat(&app, absente).await, EtatPersonne::Anonymisee);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn qui_recoit_une_fonction_ou_vient_a_l_instant_de_l_effacement_n_est_pas_efface() {
    for test in databases().await {
        // On the other engine, one transaction writes at a time.
        if test.db.engine() != Engine::Postgres {
            continue;
        }
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let nommee = venu(&app, &mut tx, "nommee", 800).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 1);
        assert_eq!(destinataires(&app).await.len(), 1);
        app.clock.set(instant().plus_seconds(30 * JOUR));

        let mut tx = app.db.write().await.unwrap();
        assert!(personne::tenir(&mut tx, nommee).await.unwrap());
        accorder(&app, &mut tx, nommee, None).await;
        let passage = tokio::spawn({
            let app = app.clone();
            async move { passer(&app).await.unwrap() }
        });
        // Without the hold it ends meanwhile, and forgets someone who holds a function.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit().await.unwrap();
        passage.await.unwrap();
        assert_eq!(etat(&app, nommee).await, EtatPersonne::Active);

        let mut tx = app.db.write().await.unwrap();
        let effacee = Personne::load(&mut tx, nommee).await.unwrap().unwrap();
        assert!(effacee.anonymiser().unwrap().update(&mut tx).await.unwrap());
        let visite = tokio::spawn({
            let app = app.clone();
            async move {
                let mut tx = app.db.write().await.unwrap();
                personne::noter_venue(&mut tx, nommee, instant()).await.unwrap()
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        tx.commit().await.unwrap();
        assert!(!visite.await.unwrap(), "who was forgotten opens nothing");
    }
}

#[tokio::test]
async fn un_preavis_se_prend_une_fois() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let awa = venu(&app, &mut tx, "awa", 800).await;
        tx.commit().await.unwrap();
        assert_eq!(passer(&app).await.unwrap().done, 1);
        let mut tx = app.db.write().await.unwrap();
        personne::noter_venue(&mut tx, awa, instant()).await.unwrap();
        assert!(
            !conservation::lever(&mut tx, awa).await.unwrap(),
            "a visit lifts the warning"
        );
    }
}

#[tokio::test]
async fn une_invitation_vaut_et_se_garde_le_temps_decide() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let ada = fiche(&app, &mut tx, "Ada", instant()).await.id;
        let actor = Actor::signed_in(ada).with(Grant::over(Fonction::Administration.role(), "N"));
        let offre = |courriel: &str| Offre {
            courriel: Courriel::lire(courriel).unwrap(),
            fonction: Fonction::Auditeur,
            perimetre: Perimetre::Nation,
            au: None,
        };
        let avant = invitations::inviter(&Act::now(&app, &actor), &mut tx, offre("a@exemple.fr"))
            .await
            .unwrap();
        assert_eq!(avant.expire_at, instant().plus_seconds(7 * JOUR));
        decider(&app, &mut tx, &INVITATION_VALIDITE, 2, date(2026, 3, 4)).await;
        decider(&app, &mut tx, &INVITATIONS, 40, date(2026, 3, 4)).await;
        tx.commit().await.unwrap();

        app.clock.set(instant().plus_seconds(JOUR));
        let acte = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let apres = invitations::inviter(&acte, &mut tx, offre("b@exemple.fr"))
            .await
            .unwrap();
        assert_eq!(apres.expire_at, acte.at.plus_seconds(2 * JOUR));
        let renvoyee = invitations::renvoyer(&acte, &mut tx, avant.id).await.unwrap();
        assert_eq!(renvoyee.expire_at, acte.at.plus_seconds(2 * JOUR));
        tx.commit().await.unwrap();
        // Both ended three days in: forty days later, and not before, they are removed.
        for (jours, effacees) in [(42, 0), (44, 2)] {
            app.clock.set(instant().plus_seconds(jours * JOUR));
            assert_eq!(
                lancer(&app, "comptes.conservation").await.unwrap().done,
                effacees,
                "{jours}"
            );
        }
    }
}

#[tokio::test]
async fn les_defis_et_les_notifications_passes_sont_effaces() {
    for test in databases().await {
        let app = testing::app(&test.db, MODULES, Settings::default()).await;
        let mut tx = app.db.write().await.unwrap();
        let awa = fiche(&app, &mut tx, "Awa", instant()).await.id;
        for (id, pose_at) in [(1_u8, il_y_a(2)), (2, instant())] {
            let un = Defi {
                personne_id: None,
                donnees: vec![1],
                suite: "/compte".into(),
                pose_at,
            };
            defi::poser(&mut tx, &[id], GenreDefi::CleConnexion, &un).await.unwrap();
        }
        for faite_at in [il_y_a(366), il_y_a(364)] {
            let une = Notification {
                id: app.ids.next(instant()),
                genre: GenreNotification::Fonction,
                phrase: "Une fonction vous a été accordée.".into(),
                chemin: "/compte".into(),
                faite_at,
                lue_at: None,
            };
            notification::creer(&mut tx, awa, &une, false).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(lancer(&app, "comptes.conservation").await.unwrap().done, 2);
        let mut tx = app.db.write().await.unwrap();
        assert_eq!(notification::lister(&mut tx, awa, 5).await.unwrap().len(), 1);
        assert!(
            defi::prendre(&mut tx, &[1], GenreDefi::CleConnexion)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            defi::prendre(&mut tx, &[2], GenreDefi::CleConnexion)
                .await
                .unwrap()
                .is_some()
        );
    }
}
