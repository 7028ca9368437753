//! What is told of an import while it goes, stops and is undone.

use super::*;
use comptes::store::notification;
use lieux::store::avant::{Avant, Genre};
use socle::journal::Line;

impl Site {
    /// The lines of the journal about a file, by action.
    async fn ligne(&self, id: Uuid, action: &str) -> Option<Line> {
        let mut tx = self.app.db.read().await.unwrap();
        let lignes = journal::about(&mut tx, "import", &id.to_string(), 100).await.unwrap();
        lignes.into_iter().find(|ligne| ligne.action == action)
    }
}

impl Personnage<'_> {
    /// What was told to this person, the last thing first.
    async fn dit(&self) -> Vec<String> {
        let mut tx = self.site.app.db.read().await.unwrap();
        let dites = notification::lister(&mut tx, self.attribution.personne, 100)
            .await
            .unwrap();
        dites.into_iter().map(|une| une.phrase).collect()
    }
}

#[tokio::test]
async fn la_fin_l_arret_et_l_annulation_d_un_import_se_disent() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.importe(&csv(&[BOURG, OYONNAX])).await;
        assert_eq!(
            mourad.dit().await,
            ["Votre import de «\u{a0}Hub de l’Ain\u{a0}» est terminé."]
        );
        assert_eq!(mourad.annuler(id).await.status, 303);
        site.travailler().await;
        assert!(
            mourad
                .dit()
                .await
                .iter()
                .any(|phrase| phrase.contains("2 lieux remis comme avant, 0 laissés"))
        );
        assert_eq!(testing::events(&site.app.db, "lieux.import_annule").await, 1);
        let rendu = site.ligne(id, "RendreImport").await.unwrap();
        assert_eq!(
            (rendu.detail["rendus"].as_i64(), rendu.detail["laisses"].as_i64()),
            (Some(2), Some(0))
        );

        let id = mourad.depose(&csv(&[BOURG])).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        let mut tx = site.app.db.write().await.unwrap();
        let connu = lieux::store::import::connues(&mut tx, "Hub de l’Ain").await.unwrap();
        lieu::changer_etat(&mut tx, connu[0].lieu_id, lieu::Etat::Publie, instant())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        site.travailler().await;
        assert!(
            mourad
                .dit()
                .await
                .iter()
                .any(|phrase| phrase.contains("est interrompu\u{a0}: les lieux"))
        );
        let arret = site.ligne(id, "InterrompreImport").await.unwrap();
        assert_eq!(arret.detail["raison"].as_str(), Some("lieux-changes"));
    }
}

#[tokio::test]
async fn un_lieu_ecrit_deux_fois_par_un_import_ne_l_arrete_pas_et_le_bilan_dit_ce_qui_est_ecrit() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&nombreux(3)).await;
        let id = mourad.depose(&nombreux(1_050)).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        assert!(outbox::work_once(&site.app, &[CONSUMER]).await.unwrap());
        // Meanwhile somebody withdraws a place that the file leaves as it is, and one that it wrote already.
        let publies = site.publies().await;
        let mut tx = site.app.db.write().await.unwrap();
        for nom in ["Lieu 0", "Lieu 5"] {
            let retire = publies.iter().find(|l| l.nom == nom).unwrap();
            lieu::changer_etat(&mut tx, retire.id, lieu::Etat::Retire, instant())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        site.travailler().await;
        assert_eq!(site.depot(id).await.etat, EtatDepot::Termine);
        assert_eq!(site.publies().await.len(), 1_050);
        let bilan = site.ligne(id, "ImporterLieux").await.unwrap().detail;
        assert_eq!(
            (bilan["creees"].as_i64(), bilan["modifiees"].as_i64()),
            (Some(1_047), Some(1))
        );
        assert_eq!(mourad.annuler(id).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Lieu 1", "Lieu 2"]);
    }
}

#[tokio::test]
async fn ce_qui_est_garde_d_un_lieu_est_ce_qu_il_etait_avant_le_premier_passage() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.importe(&csv(&[BOURG])).await;
        let mut tx = site.app.db.write().await.unwrap();
        let premier = avant::suivant(&mut tx, id).await.unwrap().unwrap();
        let second = Avant {
            genre: Genre::Retrait,
            version: 7,
            version_avant: Some(6),
            ..premier.clone()
        };
        avant::garder(&mut tx, id, &second).await.unwrap();
        let garde = avant::suivant(&mut tx, id).await.unwrap();
        assert_eq!(garde, Some(Avant { version: 7, ..premier }));
    }
}

#[tokio::test]
async fn deux_imports_de_suite_s_annulent_l_un_apres_l_autre() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, OYONNAX])).await;
        let avant = site.publies().await;
        let numero = |fin: &str| csv(&[&BOURG.replace("0474457000", &format!("047445700{fin}")), OYONNAX]);
        let premier = mourad.importe(&numero("8")).await;
        let second = mourad
            .importe(&csv(&[&BOURG.replace("0474457000", "0474457009")]))
            .await;
        for id in [second, premier] {
            assert_eq!(mourad.annuler(id).await.status, 303);
            site.travailler().await;
            let depot = site.depot(id).await;
            assert_eq!((depot.etat, depot.laisses), (EtatDepot::Annule, 0));
        }
        assert_eq!(site.publies().await, avant);
    }
}

#[tokio::test]
async fn chacun_voit_quels_lieux_viennent_partent_ou_restent() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let tous = nombreux(70);
        mourad.importe(&tous).await;
        let id = mourad
            .depose(&csv(&[
                BOURG,
                "n0,Lieu neuf,Bourg-en-Bresse,01000,0 rue Longue,,2024-04-02",
            ]))
            .await;
        let page = mourad.voir(id).await;
        for mots in [
            "Exemples de lieux créés",
            "Médiathèque",
            "Exemples de lieux modifiés",
            "Voir tous les lieux retirés",
        ] {
            assert!(page.contains(mots), "{mots} : {page}");
        }
        let ici = format!("/espace/import/{id}");
        let retraits = mourad.lire(&format!("{ici}/retraits.csv")).await.text;
        assert_eq!(retraits.lines().count(), 1 + 69);
        assert!(!retraits.contains("\"Lieu 0\"") && retraits.contains("\"Lieu 69\";\"Bourg-en-Bresse\""));
        let liste = mourad.lire(&format!("{ici}/retraits")).await.text;
        assert_eq!(liste.matches("href=\"/lieux/").count(), 50, "{liste}");
        let suite = liste
            .split("retraits?apres=")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let suite = mourad.lire(&format!("{ici}/retraits?apres={suite}")).await.text;
        assert_eq!(suite.matches("href=\"/lieux/").count(), 19, "{suite}");

        assert_eq!(
            mourad.lancer(id, &[("version", "0"), ("retrait", "oui")]).await.status,
            303
        );
        site.travailler().await;
        let mediatheque = site
            .publies()
            .await
            .into_iter()
            .find(|l| l.nom == "Médiathèque")
            .unwrap();
        let mut tx = site.app.db.write().await.unwrap();
        lieu::enregistrer(&mut tx, &mediatheque, instant()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(mourad.annuler(id).await.status, 303);
        site.travailler().await;
        let lien = format!("href=\"/lieux/{}\"", mediatheque.id);
        for page in [mourad.voir(id).await, mourad.lire(&format!("{ici}/laisses")).await.text] {
            assert_eq!(page.matches(&lien).count(), 1, "{page}");
        }
        // What was left is no more to put back, and keeps nothing of what the record said.
        let mut tx = site.app.db.read().await.unwrap();
        assert_eq!(avant::compter(&mut tx, id).await.unwrap(), (0, 0));
        drop(tx);

        let mut app = site.app.clone();
        app.clock = Clock::fixed(instant().plus_seconds(31 * 86_400));
        assert!((jobs::CONSERVATION.run)(app).await.is_ok());
        assert_eq!(site.compter(sql!("SELECT COUNT(*) FROM import_retrait")).await, 0);
    }
}
