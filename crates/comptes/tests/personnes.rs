//! Files of people on both engines: where they lie, the pairs that may be of one person, joining and separating, lifting the separation of
//! duties.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use comptes::{
    actions::{donnees, fonctions, groupement, invitations, personnes as actions, rapprochement},
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        delegation::{Acte, Delegation, GenreDelegation},
        fonction::Fonction,
        groupement::{GenreGroupement, Groupement},
        perimetre::Perimetre,
        personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
        rapprochement::{EtatPaire, Signalement},
        separation::Demande,
    },
    reconnaissance::jour,
    store::{
        attribution as attributions, identite_externe, invitation, notification,
        personne::{self as store},
        rapprochement::{self as paires, Rapproches},
        separation,
    },
};
use jiff::civil::date;
use socle::{
    App, Settings,
    change::{Act, Stored},
    db::Tx,
    errors::Erreur,
    journal, params,
    permissions::{Actor, Grant, Scope, WHOLE, person_code},
    sql,
    testing::{self, databases, instant},
};
use uuid::Uuid;

async fn creer(app: &App, prenom: &str, nom: &str, annee: Option<i16>) -> Uuid {
    let at = instant();
    let nom = Nom {
        prenom: prenom.into(),
        nom: nom.into(),
    };
    let personne = Personne {
        annee_naissance: annee,
        ..Personne::nouvelle(app.ids.next(at), nom, at)
    };
    let mut tx = app.db.write().await.unwrap();
    personne.insert(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    personne.id
}

async fn joindre(app: &App, personne: Uuid, adresse: &str, confirmee: bool) -> Uuid {
    let contact = Contact {
        id: app.ids.next(instant()),
        personne,
        moyen: Moyen::Courriel(Courriel::lire(adresse).unwrap()),
        confirme_at: confirmee.then(instant),
        ajoute_at: instant(),
    };
    let mut tx = app.db.write().await.unwrap();
    assert!(store::ajouter_contact(&mut tx, &contact).await.unwrap());
    tx.commit().await.unwrap();
    contact.id
}

/// The contact points of these people that bear an address, and whether each is confirmed.
async fn porteurs(tx: &mut Tx, adresse: &str, gens: &[Uuid]) -> Vec<(Uuid, bool)> {
    let mut tous = Vec::new();
    for personne in gens {
        tous.extend(store::contacts(tx, *personne).await.unwrap());
    }
    let portent = tous.iter().filter(|c| c.moyen.valeur() == adresse);
    portent.map(|c| (c.id, c.confirme_at.is_some())).collect()
}

async fn accorder(app: &App, personne: Uuid, fonction: Fonction, code: &str) -> Attribution {
    let perimetre = Perimetre::lire(code).unwrap();
    let accord = Accord {
        personne,
        fonction,
        portee: perimetre.codes(),
        perimetre,
        du: date(2026, 1, 1),
        au: Some(date(2026, 12, 31)),
    };
    let attribution = Attribution::accorder(app.ids.next(instant()), accord, None, instant()).unwrap();
    let mut tx = app.db.write().await.unwrap();
    attribution.insert(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    attribution
}

fn administration() -> Actor {
    Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Administration", WHOLE))
}

async fn visibles(app: &App, portee: &Scope) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let gens = store::lister(&mut tx, portee, date(2026, 3, 3), "", None, 50)
        .await
        .unwrap();
    gens.into_iter().map(|une| une.nom).collect()
}

async fn a_voir(app: &App, portee: &Scope) -> Vec<Rapproches> {
    let mut tx = app.db.read().await.unwrap();
    paires::lister(&mut tx, portee, date(2026, 3, 3), EtatPaire::AVoir, None, 50)
        .await
        .unwrap()
}

async fn comparer_tout(app: &App) {
    while rapprochement::comparer(app).await.unwrap() > 0 {}
}

fn message(erreur: Erreur) -> String {
    match erreur {
        Erreur::Refus(refus) => refus.message,
        autre => format!("{autre:?}"),
    }
}

#[tokio::test]
async fn une_fiche_ouverte_par_un_agent_se_trouve_ou_il_travaille() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let nadia = creer(&app, "Nadia", "Belkacem", None).await;
        let tenue = accorder(&app, nadia, Fonction::Prefecture, "D:01").await;
        let mut grant = Grant::over("Prefecture", "D:01");
        grant.source = Some(tenue.id);
        let actor = Actor::signed_in(nadia).with(grant);
        let fiche = actions::Fiche {
            nom: Nom::lire("Awa", "Diallo").unwrap(),
            annee_naissance: Some(1990),
            telephone: None,
        };
        let mut tx = app.db.write().await.unwrap();
        let awa = actions::ouvrir_fiche(&Act::now(&app, &actor), &mut tx, fiche)
            .await
            .unwrap();
        let codes = attributions::codes_du_jour(&mut tx, awa.id, jour(app.clock.now()))
            .await
            .unwrap();
        let semblable = Signalement {
            prenom: "awa".into(),
            nom: "Diallo".into(),
            naissance: Some(1990),
            ..Signalement::default()
        };
        let connues = rapprochement::ressemblants(&mut tx, Uuid::nil(), &semblable)
            .await
            .unwrap();
        assert_eq!(connues.iter().map(|une| une.0).collect::<Vec<_>>(), [awa.id]);
        tx.commit().await.unwrap();
        assert_eq!(codes, ["D:01", "R:84"]);
        for (code, attendus) in [("D:01", 2), ("R:84", 2), ("D:69", 0)] {
            let vus = visibles(&app, &Scope::Within(vec![code.into()])).await;
            assert_eq!(vus.len(), attendus, "{code}");
        }
    }
}

#[tokio::test]
async fn les_fiches_d_une_meme_personne_se_trouvent_puis_se_jugent() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let awa = creer(&app, "Awa", "Diallo", Some(1990)).await;
        let bis = creer(&app, "awa", "DIALLO", Some(1990)).await;
        joindre(&app, awa, "awa@exemple.fr", true).await;
        creer(&app, "Binta", "Diallo", Some(1990)).await;
        comparer_tout(&app).await;
        let paire = (awa.min(bis), awa.max(bis));
        let trouvees = a_voir(&app, &Scope::Everything).await;
        assert_eq!(trouvees.iter().map(|une| une.paire).collect::<Vec<_>>(), [paire]);
        assert_eq!(rapprochement::comparer(&app).await.unwrap(), 0);

        // A contact in common makes the pair look more alike; a pair out of reach is not shown.
        let avant = trouvees[0].score;
        joindre(&app, bis, "awa@exemple.fr", false).await;
        comparer_tout(&app).await;
        assert!(a_voir(&app, &Scope::Everything).await[0].score > avant);
        accorder(&app, awa, Fonction::Elu, "D:01").await;
        let ain = Scope::Within(vec!["D:01".into()]);
        assert!(a_voir(&app, &ain).await.is_empty());
        accorder(&app, bis, Fonction::Elu, "D:01").await;
        assert_eq!(a_voir(&app, &ain).await.len(), 1);

        let une = a_voir(&app, &ain).await.remove(0);
        let actor = administration();
        let acte = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let examen = rapprochement::examiner(&app, &mut tx, &actor, une.id).await.unwrap();
        let tot = rapprochement::juger(&acte, &mut tx, &examen, 7, EtatPaire::Distinctes).await;
        assert!(matches!(tot, Err(Erreur::Conflit)));
        let vue = examen.rapproches.version;
        rapprochement::juger(&acte, &mut tx, &examen, vue, EtatPaire::Distinctes)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // What somebody judged is not asked again when a file changes.
        joindre(&app, awa, "awa.diallo@exemple.fr", false).await;
        comparer_tout(&app).await;
        assert!(a_voir(&app, &ain).await.is_empty());
    }
}

#[tokio::test]
async fn une_paire_que_quelqu_un_regarde_reste_la_meme_tant_qu_elle_se_ressemble() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let awa = creer(&app, "Awa", "Diallo", Some(1990)).await;
        let bis = creer(&app, "Awa", "Diallo", Some(1990)).await;
        comparer_tout(&app).await;
        let vue = a_voir(&app, &Scope::Everything).await.remove(0);
        joindre(&app, awa, "awa@exemple.fr", true).await;
        comparer_tout(&app).await;
        assert_eq!(a_voir(&app, &Scope::Everything).await, std::slice::from_ref(&vue));
        // The same address on both is a change that whoever judges must see.
        joindre(&app, bis, "awa@exemple.fr", false).await;
        comparer_tout(&app).await;
        let change = a_voir(&app, &Scope::Everything).await.remove(0);
        assert_eq!((change.id, change.version), (vue.id, vue.version + 1));
        let mut tx = app.db.write().await.unwrap();
        let deux = paires::signalements(&mut tx, &[awa, bis]).await.unwrap();
        let confirmees = [awa, bis].map(|id| deux[&id].courriels[0].confirmee);
        assert_eq!(confirmees, [true, false]);
        let nom = Nom::lire("Binta", "Sow").unwrap();
        actions::corriger(&Act::now(&app, &administration()), &mut tx, bis, 0, nom)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        comparer_tout(&app).await;
        assert!(a_voir(&app, &Scope::Everything).await.is_empty());
    }
}

#[tokio::test]
async fn la_fiche_gardee_prend_la_place_de_l_autre_dans_les_listes_de_personnes() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let [awa, bis] = [
            creer(&app, "Awa", "Diallo", None).await,
            creer(&app, "Awa", "Diallo", None).await,
        ];
        let actor = administration();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let liste = groupement::creer(&act, &mut tx, GenreGroupement::Liste, "Suivies")
            .await
            .unwrap();
        let (sienne, autre) = (person_code(awa), person_code(bis));
        groupement::ajouter(&act, &mut tx, (liste.id, 0), &autre, date(2026, 1, 1))
            .await
            .unwrap();
        let fusion = actions::reunir(&act, &mut tx, awa, bis, "même téléphone")
            .await
            .unwrap();
        let membres = async |tx: &mut Tx| {
            let liste = Groupement::load(tx, liste.id).await.unwrap().unwrap();
            let codes: Vec<String> = liste.membres_au(date(2026, 3, 3)).map(str::to_owned).collect();
            (codes, liste.version)
        };
        assert_eq!(membres(&mut tx).await, (vec![sienne], 2));
        actions::separer(&act, &mut tx, fusion).await.unwrap();
        assert_eq!(membres(&mut tx).await, (vec![autre], 3));
    }
}

#[tokio::test]
async fn reunir_donne_tout_a_la_fiche_gardee_et_separer_le_rend() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let awa = creer(&app, "Awa", "Diallo", None).await;
        let bis = creer(&app, "Awa", "Diallo", None).await;
        let chef = creer(&app, "Chantal", "Roux", None).await;
        let sienne = joindre(&app, awa, "awa@exemple.fr", false).await;
        let confirmee = joindre(&app, bis, "awa@exemple.fr", true).await;
        let tenue = accorder(&app, bis, Fonction::Elu, "C:01053").await;
        let du_chef = accorder(&app, chef, Fonction::Prefet, "D:01").await;
        let acte = Acte {
            personne: bis,
            genre: GenreDelegation::Remplacement,
            reference: "arrêté 2026-12".into(),
            du: date(2026, 3, 1),
            au: date(2026, 3, 31),
        };
        let delegation = Delegation::accorder(app.ids.next(instant()), &du_chef, acte, chef, instant()).unwrap();
        let mut tx = app.db.write().await.unwrap();
        delegation.insert(&mut tx).await.unwrap();
        assert!(
            identite_externe::lier(&mut tx, ("https://idp.example", "42"), bis, instant())
                .await
                .unwrap()
        );
        store::situer(&mut tx, bis, &["D:01".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();

        let actor = administration();
        let mut tx = app.db.write().await.unwrap();
        let fusion = actions::reunir(&Act::now(&app, &actor), &mut tx, awa, bis, "même date et même lieu")
            .await
            .unwrap();
        assert_eq!(
            Personne::load(&mut tx, bis).await.unwrap().unwrap().etat,
            EtatPersonne::Fusionnee { dans: awa }
        );
        assert_eq!(porteurs(&mut tx, "awa@exemple.fr", &[awa]).await, [(sienne, true)]);
        assert_eq!(
            Attribution::load(&mut tx, tenue.id).await.unwrap().unwrap().personne,
            awa
        );
        assert_eq!(
            Delegation::load(&mut tx, delegation.id)
                .await
                .unwrap()
                .unwrap()
                .personne,
            awa
        );
        assert_eq!(
            identite_externe::personne(&mut tx, "https://idp.example", "42")
                .await
                .unwrap(),
            Some(awa)
        );
        assert_eq!(
            attributions::codes_du_jour(&mut tx, bis, date(2026, 3, 3))
                .await
                .unwrap(),
            [""; 0]
        );
        assert_eq!(notification::lister(&mut tx, awa, 10).await.unwrap().len(), 1);

        actions::separer(&Act::now(&app, &actor), &mut tx, fusion)
            .await
            .unwrap();
        assert_eq!(
            Personne::load(&mut tx, bis).await.unwrap().unwrap().etat,
            EtatPersonne::Active
        );
        assert_eq!(
            porteurs(&mut tx, "awa@exemple.fr", &[bis, awa]).await,
            [(confirmee, true), (sienne, false)]
        );
        assert_eq!(
            Attribution::load(&mut tx, tenue.id).await.unwrap().unwrap().personne,
            bis
        );
        assert_eq!(
            Delegation::load(&mut tx, delegation.id)
                .await
                .unwrap()
                .unwrap()
                .personne,
            bis
        );
        assert_eq!(
            identite_externe::personne(&mut tx, "https://idp.example", "42")
                .await
                .unwrap(),
            Some(bis)
        );
        assert!(
            attributions::codes_du_jour(&mut tx, bis, date(2026, 3, 3))
                .await
                .unwrap()
                .contains(&"D:01".to_owned())
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn nul_ne_reunit_sa_propre_fiche() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let awa = creer(&app, "Awa", "Diallo", None).await;
        let moi = creer(&app, "Ada", "Lheureux", None).await;
        let actor = Actor::signed_in(moi).with(Grant::over("Administration", WHOLE));
        let mut place = administration();
        place.really = Some(moi);
        for actor in [&actor, &place] {
            for (gardee, absorbee) in [(moi, awa), (awa, moi)] {
                let mut tx = app.db.write().await.unwrap();
                let refus =
                    actions::reunir(&Act::now(&app, actor), &mut tx, gardee, absorbee, "la même personne").await;
                assert!(message(refus.unwrap_err()).contains("demandez à un autre administrateur"));
            }
        }
        let mut tx = app.db.write().await.unwrap();
        let refus = actions::reunir(
            &Act::now(&app, &administration()),
            &mut tx,
            awa,
            awa,
            "la même personne",
        )
        .await;
        assert!(message(refus.unwrap_err()).contains("deux fiches différentes"));
    }
}

#[tokio::test]
async fn la_separation_des_roles_se_leve_quelque_part_pour_un_temps() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let actor = administration();
        let acte = Act::now(&app, &actor);
        let demande = Demande {
            perimetre: Perimetre::lire("D:976").unwrap(),
            motif: "un seul agent à Mayotte".into(),
            du: date(2026, 3, 3),
            au: date(2026, 12, 31),
        };
        let mut tx = app.db.write().await.unwrap();
        let levee = fonctions::lever_separation(&acte, &mut tx, demande).await.unwrap();
        for (codes, jour, attendu) in [
            (vec!["D:976".to_owned()], date(2026, 3, 3), true),
            (vec!["C:97608".to_owned(), "D:976".to_owned()], date(2026, 12, 31), true),
            (vec!["D:976".to_owned()], date(2027, 1, 1), false),
            (vec!["D:974".to_owned()], date(2026, 3, 3), false),
            (vec![], date(2026, 3, 3), false),
        ] {
            assert_eq!(
                separation::est_levee(&mut tx, &codes, jour).await.unwrap(),
                attendu,
                "{codes:?} {jour}"
            );
        }
        let levees = separation::lister(&mut tx, None, 10).await.unwrap();
        assert_eq!(levees, std::slice::from_ref(&levee));
        fonctions::retablir_separation(&acte, &mut tx, levee.id).await.unwrap();
        assert!(
            !separation::est_levee(&mut tx, &["D:976".to_owned()], date(2026, 3, 3))
                .await
                .unwrap()
        );
        let encore = fonctions::retablir_separation(&acte, &mut tx, levee.id).await;
        assert_eq!(message(encore.unwrap_err()), "la règle s’applique déjà de nouveau");
        let partout = Demande {
            perimetre: Perimetre::Nation,
            motif: "grève dans tout le pays".into(),
            du: date(2026, 3, 3),
            au: date(2026, 3, 31),
        };
        fonctions::lever_separation(&acte, &mut tx, partout).await.unwrap();
        for (jour, attendu) in [(date(2026, 3, 3), true), (date(2026, 4, 1), false)] {
            let levee = separation::est_levee(&mut tx, &["D:69".to_owned()], jour)
                .await
                .unwrap();
            assert_eq!(levee, attendu, "{jour}");
        }
    }
}

#[tokio::test]
async fn effacer_quelqu_un_efface_toutes_les_fiches_reunies_a_la_sienne() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let [premiere, deuxieme, awa] = [
            creer(&app, "Awa", "Diarra", Some(1990)).await,
            creer(&app, "Awa", "Diara", None).await,
            creer(&app, "Awa", "Diarra", None).await,
        ];
        let binta = creer(&app, "Binta", "Sow", None).await;
        joindre(&app, premiere, "awa@exemple.fr", true).await;
        joindre(&app, awa, "awa.diarra@exemple.fr", true).await;
        joindre(&app, awa, "binta@exemple.fr", false).await;
        let actor = administration();
        let acte = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        actions::reunir(&acte, &mut tx, deuxieme, premiere, "même téléphone")
            .await
            .unwrap();
        actions::reunir(&acte, &mut tx, awa, deuxieme, "même téléphone")
            .await
            .unwrap();
        for courriel in ["awa@exemple.fr", "awa.diarra@exemple.fr", "binta@exemple.fr"] {
            let offre = invitations::Offre {
                courriel: Courriel::lire(courriel).unwrap(),
                fonction: Fonction::Prefecture,
                perimetre: Perimetre::lire("D:01").unwrap(),
                au: None,
            };
            invitations::inviter(&acte, &mut tx, offre).await.unwrap();
        }
        donnees::effacer(&Act::now(&app, &Actor::signed_in(awa)), &mut tx)
            .await
            .unwrap();

        for fiche in [premiere, deuxieme, awa] {
            let vide = Personne::load(&mut tx, fiche).await.unwrap().unwrap();
            assert_eq!(
                (vide.nom.to_string().as_str(), vide.annee_naissance),
                ("Personne effacée", None)
            );
            assert!(store::contacts(&mut tx, fiche).await.unwrap().is_empty());
            assert!(journal::concerning(&mut tx, fiche, None, 1).await.unwrap().is_empty());
            for reste in [
                sql!("SELECT COUNT(*) FROM notification WHERE personne_id = $1"),
                sql!("SELECT COUNT(*) FROM fusion_personne WHERE absorbee_id = $1 AND motif <> ''"),
            ] {
                let (nombre,): (i64,) = tx.fetch_one(reste, &params![fiche]).await.unwrap();
                assert_eq!(nombre, 0);
            }
        }
        // An address that she only claimed is someone else's, and so is the invitation that it received.
        let restantes = invitation::lister(&mut tx, &Scope::Everything, None, 10).await.unwrap();
        let adresses: Vec<&str> = restantes.iter().map(|une| une.courriel.as_str()).collect();
        assert_eq!(adresses, ["binta@exemple.fr"]);
        assert_eq!(Personne::load(&mut tx, binta).await.unwrap().unwrap().nom.nom, "Sow");
    }
}
