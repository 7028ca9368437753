//! In whose hands a file is: who gave it, who confirms it, who sees a part of it.

use super::*;
use lieux::{
    actions::import::{Fichier, importer, preparer},
    domain::import::{Motif, Refusee},
    permissions::GererLieux,
};
use socle::{clock::Instant, errors::Erreur};

#[tokio::test]
async fn une_region_qui_lance_le_fichier_d_un_departement_ne_touche_que_ce_departement() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, LYON])).await;
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let helene = site.personnage(Fonction::Prefecture, "R:84").await;
        let corrige = BOURG.replace("0474457000", "0474457009");
        let id = nadia.depose(&csv(&[&corrige, OYONNAX])).await;
        let vu = site.depot(id).await;
        assert_eq!((vu.apercu.comptes.creees, vu.apercu.comptes.retirees), (1, 0));

        // What changed since is decided again over the same département, and stays in the same hands.
        let mut tx = site.app.db.write().await.unwrap();
        let bourg = site.publies().await[0].id;
        lieu::changer_etat(&mut tx, bourg, lieu::Etat::Retire, instant())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(helene.lancer(id, &[("version", "0")]).await.status, 409);
        let relu = site.depot(id).await;
        assert_eq!((relu.apercu.comptes.retirees, &relu.qualite), (0, &vu.qualite));
        assert_eq!(relu.portee, ["D:01"]);

        assert_eq!(helene.lancer(id, &[("version", "1")]).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Maison", "Médiathèque", "Tiers-lieu"]);
        assert!(nadia.voir(id).await.contains("L’import est terminé"));
    }
}

/// A file over two départements, as a hub gives it.
async fn commun(site: &Site, mourad: &Personnage<'_>) -> Uuid {
    let id = mourad.depose(&csv(&[BOURG, "9,,,,,,"])).await;
    let mut depot = site.depot(id).await;
    depot.id = site.app.ids.next(instant());
    depot.portee = vec!["D:01".into(), "D:69".into()];
    depot.qualite.attribution = None;
    let refus = [Refusee::pour(3, &Motif::NomAbsent)];
    let mut tx = site.app.db.write().await.unwrap();
    depot::creer(&mut tx, &depot, Vec::new()).await.unwrap();
    depot::garder_refus(&mut tx, depot.id, &refus).await.unwrap();
    tx.commit().await.unwrap();
    depot.id
}

#[tokio::test]
async fn qui_ne_tient_qu_une_partie_d_un_fichier_n_en_lit_pas_les_lignes() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = commun(&site, &mourad).await;
        let helene = site.personnage(Fonction::Prefecture, "R:84").await;
        let entiere = helene.voir(id).await;
        for mots in ["Importer ces lieux", "Exemples de lieux créés", "Télécharger les refus"] {
            assert!(entiere.contains(mots), "{mots} : {entiere}");
        }
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let partie = nadia.voir(id).await;
        assert_eq!(valeur_de(&partie, "Lignes refusées"), "1", "{partie}");
        for mots in ["Importer ces lieux", "Annuler cet import", "Médiathèque", "Télécharger"] {
            assert!(!partie.contains(mots), "{mots} : {partie}");
        }
        for chemin in [
            "lancer",
            "annuler",
            "refus",
            "refus.csv",
            "retraits",
            "retraits.csv",
            "laisses",
        ] {
            let adresse = format!("/espace/import/{id}/{chemin}");
            assert_eq!(nadia.lire(&adresse).await.status, 404, "{chemin}");
            assert_eq!(helene.lire(&adresse).await.status, 200, "{chemin}");
        }
        let refus = nadia.lancer(id, &[("version", "0")]).await;
        assert!(
            refus.status == 422 && refus.text.contains("hors de votre périmètre"),
            "{}",
            refus.text
        );
    }
}

#[tokio::test]
async fn de_deux_fichiers_d_une_source_lances_ensemble_un_seul_l_est() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let premier = mourad.depose(&csv(&[BOURG])).await;
        let second = mourad.depose(&csv(&[OYONNAX])).await;
        let mut tx = site.app.db.write().await.unwrap();
        assert!(depot::lancer(&mut tx, &site.depot(premier).await).await.unwrap());
        // The second one looks before the first is committed, and writes after.
        let (refus, ()) = tokio::join!(mourad.lancer(second, &[("version", "0")]), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            tx.commit().await.unwrap();
        });
        assert_eq!(refus.status, 422, "{}", refus.text);
        assert!(refus.text.contains("Un autre import de cette source"), "{}", refus.text);
        assert_eq!(site.depot(second).await.etat, EtatDepot::Depose);
    }
}

#[tokio::test]
async fn la_ligne_de_commande_attend_la_fin_d_un_import_de_la_meme_source() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&csv(&[BOURG])).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        let ecrire = async |at: Instant| {
            let octets = csv(&[OYONNAX]);
            let fichier = Fichier {
                nom: "a.csv",
                octets: &octets,
                source: Some("Hub de l’Ain"),
                correspondance: None,
            };
            let permis = authorise::<GererLieux>(&Actor::operator(), &Everything).unwrap();
            let mut tx = site.app.db.write().await.unwrap();
            let preparation = preparer(&mut tx, fichier, &site.app.ids, at).await.unwrap();
            importer(&mut tx, Cadre::de(&site.app, &permis), &preparation, true).await
        };
        let refus = ecrire(instant()).await.unwrap_err();
        assert!(matches!(refus, Erreur::Refus(r) if r.champ.as_deref() == Some("source")));
        site.travailler().await;
        assert!(ecrire(instant()).await.is_ok());
    }
}

#[tokio::test]
async fn un_fichier_interrompu_qu_on_lance_dit_pourquoi_il_ne_l_est_pas() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&csv(&[BOURG])).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        let autre = mourad.depose(&csv(&[BOURG])).await;
        let mut tx = site.app.db.write().await.unwrap();
        let fin = (instant(), instant());
        let de_vers = (EtatDepot::EnCours, EtatDepot::Interrompu);
        assert!(depot::passer(&mut tx, id, de_vers, Some("essai"), fin).await.unwrap());
        tx.commit().await.unwrap();
        let refus = mourad.lancer(id, &[("version", "0")]).await;
        assert_eq!(refus.status, 422);
        for mots in [
            "Cet import n’est pas lancé",
            "Cet import est interrompu",
            "Où en est ce fichier",
        ] {
            assert!(refus.text.contains(mots), "{mots} : {}", refus.text);
        }
        assert_eq!(mourad.annuler(autre).await.status, 303);
        let refus = mourad.lancer(autre, &[("version", "0")]).await;
        assert!(refus.text.contains("Cet import a été annulé"), "{}", refus.text);
    }
}
