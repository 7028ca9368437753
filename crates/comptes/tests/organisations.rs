//! Organisations and groups on both engines: what is kept, who may, what two people do at once.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use comptes::{
    actions::{groupement, organisation as actions},
    domain::{
        forme::FormeJuridique,
        groupement::{GenreGroupement, Groupement},
        identifiant::IdentifiantEtablissement,
        organisation::{Etablissement, EtatOrganisation, Organisation, SourceNom},
        personne::{Nom, Personne},
    },
    store::{
        fusion_organisation, groupement as groupes,
        organisation::{self as store, Numero},
    },
};
use jiff::civil::date;
use socle::{
    App, Settings,
    change::{Act, Stored},
    db::Tx,
    errors::Erreur,
    journal::{self, Search},
    permissions::{Actor, Grant, Resource, Scope, WHOLE},
    testing::{self, databases},
};
use uuid::Uuid;

const DINUM: &str = "13002526500013";
const POSTE: &str = "35600000000048";

fn anct() -> Actor {
    Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Anct", WHOLE))
}

fn prefecture(departement: &str) -> Actor {
    Actor::signed_in(Uuid::from_u128(2)).with(Grant::over("Prefecture", format!("D:{departement}")))
}

fn nouvelle(act: &Act<'_>, nom: &str, numero: &str, commune: &str) -> actions::Nouvelle {
    actions::Nouvelle {
        forme: FormeJuridique::Association,
        nom: nom.to_owned(),
        source: SourceNom::Declare,
        rna: None,
        etablissement: Etablissement {
            id: act.id(),
            identifiant: IdentifiantEtablissement::reconnaitre(numero).unwrap_or_default(),
            nom: None,
            adresse: Some("1 rue de l’Exemple".to_owned()),
            commune: commune.parse().ok(),
            siege: true,
        },
    }
}

async fn creer(app: &App, actor: &Actor, nom: &str, numero: &str, commune: &str) -> Result<Organisation, Erreur> {
    let act = Act::now(app, actor);
    let nouvelle = nouvelle(&act, nom, numero, commune);
    let mut tx = app.db.write().await?;
    let creee = actions::creer(&act, &mut tx, nouvelle, date(2026, 3, 3)).await?;
    tx.commit().await?;
    Ok(creee)
}

async fn lue(app: &App, id: Uuid) -> Organisation {
    Organisation::load(&mut app.db.read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap()
}

async fn noms(app: &App, portee: &Scope, texte: &str) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let recherche = store::Recherche::lire(texte);
    let lignes = store::lister(&mut tx, portee, &recherche, None, 50).await.unwrap();
    lignes.into_iter().map(|ligne| ligne.nom).collect()
}

fn message(erreur: Erreur) -> String {
    match erreur {
        Erreur::Refus(refus) => format!("{}: {}", refus.champ.unwrap_or_default(), refus.message),
        autre => format!("{autre:?}"),
    }
}

#[tokio::test]
async fn une_organisation_se_garde_et_se_retrouve_par_son_nom_et_ses_numeros() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let fil = creer(&app, &anct(), "L’Étoffe de l’Ain", DINUM, "01053").await.unwrap();
        creer(&app, &anct(), "Zinc", "0123456001", "98818").await.unwrap();
        assert_eq!(lue(&app, fil.id).await, fil);
        assert_eq!(fil.siren.as_ref().map(|s| s.as_str()), Some("130025265"));
        let tout = Scope::Everything;
        assert_eq!(noms(&app, &tout, "").await, ["L’Étoffe de l’Ain", "Zinc"]);
        for (texte, attendu) in [
            ("etoffe", Some("L’Étoffe de l’Ain")),
            ("130 025 265", Some("L’Étoffe de l’Ain")),
            ("130 025 265 00013", Some("L’Étoffe de l’Ain")),
            ("0123456.001", Some("Zinc")),
            ("356 000 000", None),
            ("100 %", None),
        ] {
            assert_eq!(
                noms(&app, &tout, texte).await.first().map(String::as_str),
                attendu,
                "{texte}"
            );
        }
        let ain = Scope::Within(vec!["D:01".into()]);
        assert_eq!(noms(&app, &ain, "").await, ["L’Étoffe de l’Ain"]);
        assert!(noms(&app, &Scope::Within(vec!["D:69".into()]), "").await.is_empty());
    }
}

#[tokio::test]
async fn deux_numeros_de_meme_ecriture_et_de_genre_different_ne_se_confondent_pas() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let siren = creer(&app, &anct(), "Le Fil", DINUM, "01053").await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let ecriture = siren.siren.as_ref().unwrap().as_str();
        for (numero, attendu) in [
            (Numero::Siren(ecriture), Some(siren.id)),
            (Numero::Etablissement("siret", DINUM), Some(siren.id)),
            (Numero::Etablissement("tahiti", ecriture), None),
            (Numero::Etablissement("ridet", DINUM), None),
            (Numero::Rna(ecriture), None),
        ] {
            assert_eq!(store::par_numero(&mut tx, numero).await.unwrap(), attendu, "{numero:?}");
        }
    }
}

#[tokio::test]
async fn un_nom_corrige_se_lit_ou_la_correction_dit_pourquoi_non() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let actor = anct();
        let act = Act::now(&app, &actor);
        let mut depuis_l_annuaire = nouvelle(&act, "FIL AIN", "", "01053");
        depuis_l_annuaire.source = SourceNom::Annuaire;
        let mut tx = app.db.write().await.unwrap();
        let une = actions::creer(&act, &mut tx, depuis_l_annuaire, date(2026, 3, 3))
            .await
            .unwrap();
        let correction = |depuis| actions::Correction {
            forme: FormeJuridique::Association,
            nom: "Le Fil de l’Ain".to_owned(),
            depuis,
            rna: None,
        };
        let refus = actions::corriger(&act, &mut tx, (une.id, 0), correction(date(2020, 1, 1))).await;
        let refus = message(refus.unwrap_err());
        assert!(
            refus.starts_with("du: un autre nom (annuaire des entreprises) vaut depuis le mardi 3 mars 2026"),
            "{refus}"
        );
        let corrigee = actions::corriger(&act, &mut tx, (une.id, 0), correction(date(2026, 3, 3)))
            .await
            .unwrap();
        assert_eq!(corrigee.nom(), "Le Fil de l’Ain");
    }
}

#[tokio::test]
async fn le_journal_dit_qui_entre_et_sort_d_un_groupement_sans_nommer_personne() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let actor = anct();
        let act = Act::now(&app, &actor);
        let mut tx = app.db.write().await.unwrap();
        let hub = groupement::creer(&act, &mut tx, GenreGroupement::Hub, "Hub")
            .await
            .unwrap();
        let jour = date(2026, 3, 3);
        groupement::ajouter(&act, &mut tx, (hub.id, 0), "D:75", jour)
            .await
            .unwrap();
        let sorti = groupement::retirer(&act, &mut tx, (hub.id, 1), "D:75", jour)
            .await
            .unwrap();
        // Ended on its first day, it covers nothing more, and is not forgotten.
        assert!(membres(&mut tx, hub.id, jour).await.is_empty());
        let gardes = Groupement::load(&mut tx, hub.id).await.unwrap().unwrap().membres;
        assert_eq!((gardes.len(), gardes == sorti.membres), (1, true));
        groupement::ajouter(&act, &mut tx, (hub.id, 2), "D:75", jour)
            .await
            .unwrap();
        assert_eq!(membres(&mut tx, hub.id, jour).await, ["D:75"]);

        let awa = Personne::nouvelle(app.ids.next(act.at), Nom::lire("Awa", "Diarra").unwrap(), act.at);
        awa.insert(&mut tx).await.unwrap();
        let liste = groupement::creer(&act, &mut tx, GenreGroupement::Liste, "Suivis")
            .await
            .unwrap();
        let code = socle::permissions::person_code(awa.id);
        groupement::ajouter(&act, &mut tx, (liste.id, 0), &code, jour)
            .await
            .unwrap();
        for absent in [
            socle::permissions::person_code(Uuid::nil()),
            format!("O:{}", Uuid::nil()),
        ] {
            let refus = groupement::ajouter(&act, &mut tx, (liste.id, 1), &absent, jour).await;
            assert!(message(refus.unwrap_err()).contains("cette fiche n’existe pas"));
        }
        let lignes = journal::search(&mut tx, &Search::default(), None, 100).await.unwrap();
        let details: Vec<String> = lignes.iter().map(|ligne| ligne.detail.to_string()).collect();
        let dits = |mots: &str| details.iter().filter(|d| d.contains(mots)).count();
        assert_eq!(
            (dits("\"code\":\"D:75\""), dits(&awa.id.to_string())),
            (3, 0),
            "{details:?}"
        );
        let concernent = journal::concerning(&mut tx, awa.id, None, 10).await.unwrap();
        assert_eq!(concernent.len(), 1);
    }
}

#[tokio::test]
async fn une_liste_se_lit_page_apres_page() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        for nom in ["Alpha", "Beta", "Beta", "Gamma", "Omega"] {
            creer(&app, &anct(), nom, "", "01053").await.unwrap();
        }
        let mut tx = app.db.read().await.unwrap();
        let (mut vues, mut apres) = (Vec::new(), None);
        loop {
            let suite = apres.as_ref().map(|(nom, id): &(String, Uuid)| (nom.as_str(), *id));
            let page = store::lister(&mut tx, &Scope::Everything, &store::Recherche::Tout, suite, 2)
                .await
                .unwrap();
            let Some(derniere) = page.last() else { break };
            apres = Some((derniere.nom_plie.clone(), derniere.id));
            vues.extend(page.into_iter().map(|ligne| ligne.nom));
        }
        assert_eq!(vues, ["Alpha", "Beta", "Beta", "Gamma", "Omega"]);
    }
}

#[tokio::test]
async fn une_prefecture_enregistre_chez_elle_et_pas_chez_sa_voisine() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        assert!(creer(&app, &prefecture("01"), "Le Fil", DINUM, "01053").await.is_ok());
        let ailleurs = creer(&app, &prefecture("01"), "Le Rhône", POSTE, "69123").await;
        assert!(matches!(ailleurs, Err(Erreur::Introuvable)));
        assert!(matches!(
            creer(&app, &Actor::public(), "Personne", "", "01053").await,
            Err(Erreur::Introuvable)
        ));
    }
}

#[tokio::test]
async fn un_numero_ne_s_enregistre_qu_une_fois() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        creer(&app, &anct(), "Le Fil", DINUM, "01053").await.unwrap();
        let encore = creer(&app, &anct(), "Le Fil bis", DINUM, "01053").await.unwrap_err();
        assert_eq!(
            message(encore),
            "numero: une organisation enregistrée ici porte déjà ce numéro : cherchez-la dans la liste"
        );
        assert_eq!(noms(&app, &Scope::Everything, "").await, ["Le Fil"]);
    }
}

#[tokio::test]
async fn deux_corrections_a_la_fois_n_en_font_qu_une() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let fil = creer(&app, &anct(), "Le Fil", DINUM, "01053").await.unwrap();
        let acteur = prefecture("01");
        let act = Act::now(&app, &acteur);
        let correction = |nom: &str| actions::Correction {
            forme: FormeJuridique::Ess,
            nom: nom.to_owned(),
            depuis: date(2026, 3, 4),
            rna: "W751004076".parse().ok(),
        };
        let mut tx = app.db.write().await.unwrap();
        actions::corriger(&act, &mut tx, (fil.id, fil.version), correction("Le Fil de l’Ain"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        let tardive = actions::corriger(&act, &mut tx, (fil.id, fil.version), correction("Autre")).await;
        assert!(matches!(tardive, Err(Erreur::Conflit)));
        drop(tx);
        let relue = lue(&app, fil.id).await;
        assert_eq!(
            (relue.nom(), relue.version, relue.forme),
            ("Le Fil de l’Ain", 1, FormeJuridique::Ess)
        );
        assert_eq!(relue.nom_au(date(2026, 3, 3)).map(|n| n.nom.as_str()), Some("Le Fil"));
        assert_eq!(
            noms(&app, &Scope::Everything, "fil de l ain").await,
            ["Le Fil de l’Ain"]
        );
        let voisine = prefecture("69");
        let mut tx = app.db.write().await.unwrap();
        let refus = actions::corriger(&Act::now(&app, &voisine), &mut tx, (fil.id, 1), correction("Pirate")).await;
        assert!(matches!(refus, Err(Erreur::Introuvable)));
    }
}

#[tokio::test]
async fn deux_fiches_se_reunissent_et_se_separent() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let reste = creer(&app, &anct(), "Le Fil", "", "01053").await.unwrap();
        let part = creer(&app, &anct(), "LE FIL", DINUM, "01053").await.unwrap();
        let acteur = prefecture("01");
        let act = Act::now(&app, &acteur);
        let mut tx = app.db.write().await.unwrap();
        let fusion = actions::fusionner(&act, &mut tx, (reste.id, 0), (part.id, 0), "Même adresse")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(noms(&app, &Scope::Everything, "").await, ["LE FIL"]);
        let reunie = lue(&app, reste.id).await;
        assert_eq!(reunie.etablissements.len(), 2);
        assert_eq!(reunie.siren, part.siren);
        assert!(matches!(lue(&app, part.id).await.etat, EtatOrganisation::Fusionnee { dans, .. } if dans == reste.id));
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(
            fusion_organisation::de_organisation(&mut tx, reste.id)
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            store::par_numero(&mut tx, Numero::Etablissement("siret", DINUM))
                .await
                .unwrap(),
            Some(reste.id)
        );
        drop(tx);
        let mut tx = app.db.write().await.unwrap();
        actions::separer(&act, &mut tx, fusion.id).await.unwrap();
        tx.commit().await.unwrap();
        let (ici, la) = (lue(&app, reste.id).await, lue(&app, part.id).await);
        assert_eq!(
            (ici.noms.clone(), ici.etablissements.clone()),
            (reste.noms, reste.etablissements)
        );
        assert_eq!(
            (la.siren.clone(), la.etablissements.clone(), la.etat.clone()),
            (part.siren, part.etablissements, EtatOrganisation::Active)
        );
        assert!(la.codes().contains(&"D:01".to_owned()));
        let mut tx = app.db.write().await.unwrap();
        let encore = actions::separer(&act, &mut tx, fusion.id).await.unwrap_err();
        assert_eq!(message(encore), ": ces deux fiches ont déjà été séparées");
    }
}

#[tokio::test]
async fn reunir_demande_de_pouvoir_agir_sur_les_deux_et_de_les_avoir_vues() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let ain = creer(&app, &anct(), "Le Fil", "", "01053").await.unwrap();
        let rhone = creer(&app, &anct(), "Le Fil", "", "69123").await.unwrap();
        let acteur = prefecture("01");
        let (ici, national) = (Act::now(&app, &acteur), anct());
        let partout = Act::now(&app, &national);
        let mut tx = app.db.write().await.unwrap();
        let refus = actions::fusionner(&ici, &mut tx, (ain.id, 0), (rhone.id, 0), "même adresse").await;
        assert!(matches!(refus, Err(Erreur::Introuvable)));
        let vieille = actions::fusionner(&partout, &mut tx, (ain.id, 7), (rhone.id, 0), "même adresse").await;
        assert!(matches!(vieille, Err(Erreur::Conflit)));
        let muette = actions::fusionner(&partout, &mut tx, (ain.id, 0), (rhone.id, 0), " ")
            .await
            .unwrap_err();
        assert!(message(muette).starts_with("raison: "));
    }
}

async fn membres(tx: &mut Tx, id: Uuid, jour: jiff::civil::Date) -> Vec<String> {
    groupes::membres_au(tx, id, jour).await.unwrap()
}

#[tokio::test]
async fn un_hub_a_les_membres_du_jour() {
    for test in databases().await {
        let app = testing::app(&test.db, &[], Settings::default()).await;
        let acteur = anct();
        let act = Act::now(&app, &acteur);
        let mut tx = app.db.write().await.unwrap();
        let hub = groupement::creer(&act, &mut tx, GenreGroupement::Hub, " Hub Antilles-Guyane ")
            .await
            .unwrap();
        groupement::ajouter(&act, &mut tx, (hub.id, 0), "D:971", date(2024, 1, 1))
            .await
            .unwrap();
        groupement::ajouter(&act, &mut tx, (hub.id, 1), "T:978", date(2024, 1, 1))
            .await
            .unwrap();
        groupement::retirer(&act, &mut tx, (hub.id, 2), "T:978", date(2025, 1, 1))
            .await
            .unwrap();
        let stale = groupement::ajouter(&act, &mut tx, (hub.id, 1), "D:972", date(2024, 1, 1)).await;
        assert!(matches!(stale, Err(Erreur::Conflit)));
        let prefet = prefecture("971");
        let refus = groupement::ajouter(
            &Act::now(&app, &prefet),
            &mut tx,
            (hub.id, 3),
            "D:972",
            date(2024, 1, 1),
        )
        .await;
        assert!(matches!(refus, Err(Erreur::Introuvable)));
        assert_eq!(membres(&mut tx, hub.id, date(2024, 12, 31)).await, ["D:971", "T:978"]);
        assert_eq!(membres(&mut tx, hub.id, date(2025, 1, 1)).await, ["D:971"]);
        assert_eq!(membres(&mut tx, hub.id, date(2023, 1, 1)).await, Vec::<String>::new());
        let liste = groupes::lister(&mut tx, None, 10).await.unwrap();
        assert_eq!(
            liste.iter().map(|g| g.nom.as_str()).collect::<Vec<_>>(),
            ["Hub Antilles-Guyane"]
        );
    }
}
