//! The professional space about places, through its pages and on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod site;

use axum::http::header;
use comptes::domain::{
    fonction::Fonction,
    personne::{EtatPersonne, Nom, Personne},
};
use lieux::{
    actions::{
        Cadre,
        doublons::{defaire_fusion, fusionner},
        portee::completer,
        revendication::{self, Sort},
    },
    domain::{
        doublons::{Couple, comparer},
        import::interpreter,
        lieu::Lieu,
        revendication::{EtatRevendication, Revendication},
        standard::ligne::Ligne,
    },
    permissions::DeciderDoublons,
    store::{doublons, import::provenances, lieu, portee, ticket},
};
use site::{ORGANISATION, Site};
use socle::{
    change::{Act, Stored},
    db::Tx,
    params,
    permissions::{Actor, Everything, Grant, authorise},
    sql,
    testing::{self, Answer, instant},
};
use uuid::Uuid;

/// A place of Bourg-en-Bresse.
fn bourg(id: u128, nom: &str) -> Lieu {
    let cellules = [
        ("nom", nom),
        ("adresse", "2 rue de la Paix"),
        ("commune", "Bourg-en-Bresse"),
        ("code_postal", "01000"),
        ("code_insee", "01053"),
        ("telephone", "04 74 45 70 00"),
    ];
    let mut lieu = interpreter(&Ligne::nouvelle(1, cellules), "Essai").unwrap().lieu;
    lieu.id = Uuid::from_u128(id);
    lieu
}

const MAIRIE: u128 = 1;
const ANNEXE: u128 = 2;

/// Sites with two places of Bourg, that look alike.
async fn sites() -> Vec<Site> {
    let lieux = [(MAIRIE, "Mairie de Bourg"), (ANNEXE, "Mairie de Bourg annexe")];
    site::sites(&lieux.map(|(id, nom)| bourg(id, nom))).await
}

impl Site {
    async fn ouverts(&self) -> Vec<Uuid> {
        let mut tx = self.app.db.read().await.unwrap();
        let tickets = ticket::lister(&mut tx, "ouvert", 10).await.unwrap();
        tickets.into_iter().map(|t| t.id).collect()
    }

    /// Reports a mistake on the telephone of the town hall.
    async fn signaler(&self) -> Uuid {
        let avant = self.ouverts().await;
        let chemin = format!("/lieux/{}/signaler", Uuid::from_u128(MAIRIE));
        let corps = "champ=telephone&message=Le%20num%C3%A9ro%20a%20chang%C3%A9";
        let envoi = testing::post(&self.service, &chemin, corps).await;
        assert_eq!(envoi.status, 303, "{}", envoi.text);
        self.ouverts().await.into_iter().find(|id| !avant.contains(id)).unwrap()
    }

    async fn lieu(&self, id: u128) -> Lieu {
        let mut tx = self.app.db.read().await.unwrap();
        lieu::trouver(&mut tx, Uuid::from_u128(id)).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn une_prefecture_corrige_ce_qui_est_signale_chez_elle_et_ne_voit_pas_le_reste() {
    for site in sites().await {
        let id = site.signaler().await;
        let chemin = format!("/espace/signalements/{id}");
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let loic = site.personnage(Fonction::Prefecture, "D:29").await;
        assert!(
            nadia
                .lire("/espace/signalements")
                .await
                .text
                .contains("Mairie de Bourg")
        );
        assert!(
            loic.lire("/espace/signalements")
                .await
                .text
                .contains("Aucun signalement")
        );
        assert_eq!(loic.lire(&chemin).await.status, 404);
        assert_eq!(loic.poster(&chemin, &[]).await.status, 404);
        let vue = nadia.lire(&chemin).await;
        assert!(
            vue.text.contains("Le numéro a changé") && vue.text.contains("+33474457000"),
            "{}",
            vue.text
        );

        let versions = [("version", "0"), ("version_lieu", "0"), ("issue", "corrige")];
        let envoyer = |valeur: &'static str, reponse: &'static str| {
            let champs = [&versions[..], &[("valeur", valeur), ("reponse", reponse)]].concat();
            let (nadia, chemin) = (&nadia, &chemin);
            async move { nadia.poster(chemin, &champs).await }
        };
        for (valeur, reponse, attendu) in [
            ("douze", "Numéro vérifié", "Ce numéro ne se lit pas"),
            ("04 74 45 70 00", "Numéro vérifié", "C’est déjà ce que dit la fiche"),
            ("04 74 45 70 01", "", "Dites en 1000 caractères"),
        ] {
            let refus = envoyer(valeur, reponse).await;
            assert!(
                refus.status == 422 && refus.text.contains(attendu),
                "{} {}",
                refus.status,
                refus.text
            );
        }
        assert_eq!(
            site.lieu(MAIRIE).await.contact.telephone.unwrap().as_str(),
            "+33474457000"
        );
        let fait = envoyer("04 74 45 70 01", "Numéro vérifié auprès de la mairie").await;
        assert_eq!(fait.status, 303, "{}", fait.text);
        assert_eq!(
            site.lieu(MAIRIE).await.contact.telephone.unwrap().as_str(),
            "+33474457001"
        );
        let origines = provenances(&mut site.app.db.read().await.unwrap(), Uuid::from_u128(MAIRIE))
            .await
            .unwrap();
        assert_eq!(
            origines
                .iter()
                .map(|p| (p.champ.as_str(), p.source.as_str()))
                .collect::<Vec<_>>(),
            [("telephone", "Signalement vérifié")]
        );
        assert!(nadia.lire(&chemin).await.text.contains("fiche corrigée"));
        assert!(
            nadia
                .lire("/espace/signalements?etat=corrige")
                .await
                .text
                .contains("Mairie de Bourg")
        );
    }
}

#[tokio::test]
async fn qui_repond_trop_tard_voit_les_deux_reponses_et_rien_ne_change() {
    for site in sites().await {
        let chemin = format!("/espace/signalements/{}", site.signaler().await);
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let vu = [("version", "0"), ("version_lieu", "0")];
        let autre = format!("/espace/signalements/{}", site.signaler().await);
        let correction = [
            ("issue", "corrige"),
            ("valeur", "04 74 45 70 02"),
            ("reponse", "Vérifié"),
        ];
        assert_eq!(
            mourad.poster(&autre, &[&vu[..], &correction].concat()).await.status,
            303
        );
        // The place changed: the same ticket is still open, but what was seen of it is not what it says.
        let siens = [
            ("issue", "corrige"),
            ("valeur", "04 74 45 70 03"),
            ("reponse", "Appelé ce matin"),
        ];
        let trop_tard = nadia.poster(&chemin, &[&vu[..], &siens].concat()).await;
        assert_eq!(trop_tard.status, 409);
        assert!(
            trop_tard.text.contains("+33474457002") && trop_tard.text.contains("04 74 45 70 03"),
            "{}",
            trop_tard.text
        );
        let sans_suite = [
            ("version", "0"),
            ("version_lieu", "1"),
            ("issue", "sans_suite"),
            ("reponse", "Déjà corrigé"),
        ];
        assert_eq!(mourad.poster(&chemin, &sans_suite).await.status, 303);
        let trop_tard = nadia.poster(&chemin, &[&vu[..], &siens].concat()).await;
        assert_eq!(trop_tard.status, 409);
        assert!(
            trop_tard.text.contains("Déjà corrigé") && trop_tard.text.contains("Appelé ce matin"),
            "{}",
            trop_tard.text
        );
        assert_eq!(
            site.lieu(MAIRIE).await.contact.telephone.unwrap().as_str(),
            "+33474457002"
        );
    }
}

#[tokio::test]
async fn une_structure_repond_pour_ses_lieux_seulement() {
    for site in sites().await {
        let chemin = format!("/espace/signalements/{}", site.signaler().await);
        let yvonne = site.personnage(Fonction::Gestionnaire, ORGANISATION).await;
        assert_eq!(yvonne.lire(&chemin).await.status, 404);
        let mut tx = site.app.db.write().await.unwrap();
        portee::ajouter(&mut tx, Uuid::from_u128(MAIRIE), ORGANISATION)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(yvonne.lire(&chemin).await.status, 200);
        assert!(
            yvonne
                .lire("/espace/signalements")
                .await
                .text
                .contains("Mairie de Bourg")
        );
        assert_eq!(yvonne.lire("/espace/doublons").await.status, 404);
    }
}

#[tokio::test]
async fn deux_fiches_se_comparent_se_reunissent_et_se_separent() {
    for site in sites().await {
        let couple = Couple::de(Uuid::from_u128(MAIRIE), Uuid::from_u128(ANNEXE)).unwrap();
        let comparaison = comparer(&site.lieu(MAIRIE).await, &site.lieu(ANNEXE).await);
        let mut tx = site.app.db.write().await.unwrap();
        doublons::proposer(&mut tx, couple, &comparaison).await.unwrap();
        tx.commit().await.unwrap();
        let chemin = format!("/espace/doublons/{couple}");
        let nadia = site.personnage(Fonction::Prefecture, "R:84").await;
        let loic = site.personnage(Fonction::Prefecture, "D:29").await;
        assert!(
            nadia
                .lire("/espace/doublons")
                .await
                .text
                .contains("Mairie de Bourg et Mairie de Bourg annexe")
        );
        assert!(loic.lire("/espace/doublons").await.text.contains("Aucune paire"));
        for reponse in [
            loic.lire(&chemin).await,
            loic.poster(&chemin, &[("decision", "fusionner")]).await,
        ] {
            assert_eq!(reponse.status, 404);
        }
        let vue = nadia.lire(&chemin).await;
        assert!(
            vue.text.contains("la même rue") || vue.text.contains("Numéro et rue"),
            "{}",
            vue.text
        );
        assert_eq!(nadia.poster(&chemin, &[("decision", "fusionner")]).await.status, 409);
        for (decision, version, etats) in [
            ("fusionner", "1", "Défaire la réunion"),
            ("defaire", "2", "Rouvrir la question"),
            ("rouvrir", "3", "Ce sont deux lieux"),
            ("separer", "4", "Rouvrir la question"),
        ] {
            let fait = nadia
                .poster(&chemin, &[("decision", decision), ("version", version)])
                .await;
            assert_eq!(fait.status, 303, "{decision} : {}", fait.text);
            assert!(nadia.lire(&chemin).await.text.contains(etats), "{decision}");
        }
        assert_eq!(
            nadia
                .poster(&chemin, &[("decision", "fusionner"), ("version", "4")])
                .await
                .status,
            409
        );
        assert!(
            nadia
                .lire("/espace/doublons?etat=distincte")
                .await
                .text
                .contains("annexe")
        );
    }
}

#[tokio::test]
async fn une_base_d_avant_les_droits_se_range_au_demarrage() {
    for site in sites().await {
        let db = &site.app.db;
        let mut tx = db.write().await.unwrap();
        let oubli = sql!("DELETE FROM lieu_portee WHERE lieu_id = $1");
        tx.execute(oubli, &params![Uuid::from_u128(MAIRIE)]).await.unwrap();
        tx.commit().await.unwrap();
        completer(db).await.unwrap();
        let situe = portee::situe(&mut db.read().await.unwrap(), Uuid::from_u128(MAIRIE))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(situe.codes, ["C:01053", "D:01", "E:200071751", "R:84"]);
    }
}

/// The address that an answer leads to.
fn vers(reponse: &Answer) -> &str {
    reponse.headers[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn une_structure_demande_un_lieu_la_prefecture_decide_et_la_structure_le_tient() {
    for site in sites().await {
        let yvonne = site.personnage(Fonction::Gestionnaire, ORGANISATION).await;
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let loic = site.personnage(Fonction::Prefecture, "D:29").await;
        let mairie = Uuid::from_u128(MAIRIE);
        let demander = format!("/espace/revendications/nouvelle?lieu={mairie}");
        assert!(yvonne.lire(&format!("/lieux/{mairie}")).await.text.contains(&demander));
        assert!(
            !nadia
                .lire(&format!("/lieux/{mairie}"))
                .await
                .text
                .contains("Demander à gérer ce lieu")
        );
        assert!(yvonne.lire(&demander).await.text.contains("Mairie de Bourg"));
        let organisation = &ORGANISATION[2..];
        let lieu = mairie.to_string();
        let mut envoi = vec![
            ("lieu", lieu.as_str()),
            ("organisation", organisation),
            ("motivation", ""),
        ];
        assert_eq!(
            yvonne.poster("/espace/revendications/nouvelle", &envoi).await.status,
            422
        );
        envoi[2].1 = "Nos agents y tiennent une permanence";
        let demandee = yvonne.poster("/espace/revendications/nouvelle", &envoi).await;
        assert_eq!(demandee.status, 303, "{}", demandee.text);
        let chemin = vers(&demandee).to_owned();
        assert_eq!(
            yvonne.poster("/espace/revendications/nouvelle", &envoi).await.status,
            422
        );

        let decider = format!("{chemin}/decider");
        assert_eq!(loic.lire(&chemin).await.status, 404);
        assert_eq!(yvonne.lire(&decider).await.status, 404);
        assert!(
            nadia
                .lire("/espace/revendications")
                .await
                .text
                .contains("Mairie de Bourg")
        );
        let refus = [("version", "0"), ("issue", "refuser")];
        assert_eq!(nadia.poster(&decider, &refus).await.status, 422);
        let accord = [("version", "0"), ("issue", "accorder")];
        assert_eq!(nadia.poster(&decider, &accord).await.status, 303);
        assert_eq!(nadia.poster(&decider, &accord).await.status, 409);
        let dit = yvonne.lire("/compte/notifications").await.text;
        assert!(
            dit.contains("Votre demande de gérer «\u{a0}Mairie de Bourg\u{a0}» est accordée.") && dit.contains(&chemin),
            "{dit}"
        );
        let emporte = yvonne.lire("/compte/donnees.json").await.text;
        assert!(
            emporte.contains("Demandes de gérer un lieu") && emporte.contains("Nos agents y tiennent une permanence"),
            "{emporte}"
        );
        assert!(yvonne.lire("/espace/lieux").await.text.contains("Mairie de Bourg"));

        let fiche = format!("/espace/lieux/{mairie}");
        assert_eq!(yvonne.lire(&format!("{fiche}/modifier")).await.status, 200);
        let mut saisie = vec![
            ("version", "0"),
            ("nom", "Mairie de Bourg"),
            ("adresse", "2 Rue de la Paix"),
            ("commune", "Bourg-en-Bresse"),
            ("code_postal", "01000"),
            ("telephone", "04 74 45 70 09"),
            ("horaires", "lundi au vendredi 9h-12h"),
            ("frais_a_charge", "Gratuit"),
            ("frais_a_charge", "Payant"),
        ];
        let apercu = yvonne.poster(&format!("{fiche}/modifier"), &saisie).await;
        assert_eq!(apercu.status, 200, "{}", apercu.text);
        for mots in [
            "Ce qui change",
            "Du lundi au vendredi",
            "Gratuit, Payant",
            "+33474457009",
        ] {
            assert!(apercu.text.contains(mots), "{mots} : {}", apercu.text);
        }
        assert_eq!(site.lieu(MAIRIE).await, bourg(MAIRIE, "Mairie de Bourg"));
        saisie.push(("suite", "publier"));
        assert_eq!(yvonne.poster(&format!("{fiche}/modifier"), &saisie).await.status, 303);
        let change = site.lieu(MAIRIE).await;
        assert_eq!(change.horaires.as_deref(), Some("Mo-Fr 09:00-12:00"));
        assert_eq!(change.frais.len(), 2);
        let trop_tard = yvonne.poster(&format!("{fiche}/modifier"), &saisie).await;
        assert_eq!(trop_tard.status, 409);
        // A page that is too old is told so before its mistakes are: mending them would hide what somebody else wrote.
        saisie[5].1 = "douze";
        assert_eq!(yvonne.poster(&format!("{fiche}/modifier"), &saisie).await.status, 409);
        saisie[0].1 = "1";
        assert_eq!(yvonne.poster(&format!("{fiche}/modifier"), &saisie).await.status, 422);

        assert!(yvonne.lire(&fiche).await.text.contains("Défaire"));
        let defaire = format!("{fiche}/defaire");
        assert_eq!(yvonne.poster(&defaire, &[("version", "0")]).await.status, 409);
        assert_eq!(yvonne.poster(&defaire, &[("version", "1")]).await.status, 303);
        assert_eq!(site.lieu(MAIRIE).await, bourg(MAIRIE, "Mairie de Bourg"));
        assert_eq!(
            yvonne
                .poster(&format!("{chemin}/retirer"), &[("version", "1")])
                .await
                .status,
            303
        );
        assert_eq!(yvonne.lire(&fiche).await.status, 404);
    }
}

#[tokio::test]
async fn qui_demande_un_lieu_ne_se_l_accorde_pas() {
    for site in sites().await {
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let demande = |par| Revendication {
            id: site.app.ids.next(instant()),
            lieu: Uuid::from_u128(MAIRIE),
            organisation: Uuid::from_u128(10),
            par,
            motivation: "nous tenons ce lieu".into(),
            demandee_at: instant(),
            territoires: Vec::new(),
            etat: EtatRevendication::Demandee,
            version: 0,
        };
        // Nor under the file that was joined to theirs.
        let absorbee = site.personnage(Fonction::Prefecture, "D:01").await.attribution.personne;
        let (sienne, autre) = (
            demande(nadia.attribution.personne),
            Revendication {
                lieu: Uuid::from_u128(ANNEXE),
                ..demande(absorbee)
            },
        );
        let mut tx = site.app.db.write().await.unwrap();
        sienne.insert(&mut tx).await.unwrap();
        autre.insert(&mut tx).await.unwrap();
        let reunie = Personne {
            etat: EtatPersonne::Fusionnee {
                dans: nadia.attribution.personne,
            },
            ..Personne::load(&mut tx, absorbee).await.unwrap().unwrap()
        };
        assert!(reunie.update(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        for une in [sienne, autre] {
            let decider = format!("/espace/revendications/{}/decider", une.id);
            let refus = nadia.poster(&decider, &[("version", "0"), ("issue", "accorder")]).await;
            assert!(
                refus.status == 422 && refus.text.contains("une autre personne doit décider"),
                "{}",
                refus.text
            );
        }
    }
}

const TROISIEME: u128 = 3;

/// A claim of the organisation with this number, granted or not.
async fn demander(site: &Site, tx: &mut Tx, lieu: u128, organisation: u128, accordee: bool) -> Revendication {
    let nom = Nom {
        prenom: "Yvonne".into(),
        nom: "Petit".into(),
    };
    let yvonne = Personne::nouvelle(site.app.ids.next(instant()), nom, instant());
    yvonne.insert(tx).await.unwrap();
    let une = Revendication {
        id: site.app.ids.next(instant()),
        lieu: Uuid::from_u128(lieu),
        organisation: Uuid::from_u128(organisation),
        par: yvonne.id,
        motivation: "nous tenons ce lieu".into(),
        demandee_at: instant(),
        territoires: Vec::new(),
        etat: EtatRevendication::Demandee,
        version: 0,
    };
    une.insert(tx).await.unwrap();
    if !accordee {
        return une;
    }
    let agent = Actor::signed_in(Uuid::from_u128(98)).with(Grant::over("Prefecture", "D:01"));
    let acte = Act::now(&site.app, &agent);
    revendication::decider(&acte, tx, une.id, 0, Sort::Accorder)
        .await
        .unwrap()
}

/// The numbers of the organisations that answer for a place.
async fn structures(tx: &mut Tx, lieu: u128) -> Vec<u128> {
    let situe = portee::situe(tx, Uuid::from_u128(lieu)).await.unwrap().unwrap();
    let numeros = situe.codes.iter().filter_map(|code| code.strip_prefix("O:"));
    numeros.map(|id| id.parse::<Uuid>().unwrap().as_u128()).collect()
}

async fn reunir(site: &Site, tx: &mut Tx, gardee: u128, absorbee: u128) -> u128 {
    let permis = authorise::<DeciderDoublons>(&Actor::operator(), &Everything).unwrap();
    let couple = Couple::de(Uuid::from_u128(gardee), Uuid::from_u128(absorbee)).unwrap();
    let fusion = fusionner(tx, Cadre::de(&site.app, &permis), couple).await.unwrap();
    fusion.lieu.id.as_u128()
}

async fn defaire(site: &Site, tx: &mut Tx, lieu: u128) {
    let permis = authorise::<DeciderDoublons>(&Actor::operator(), &Everything).unwrap();
    let derniere = doublons::derniere_fusion(tx, Uuid::from_u128(lieu))
        .await
        .unwrap()
        .unwrap();
    defaire_fusion(tx, Cadre::de(&site.app, &permis), derniere)
        .await
        .unwrap();
}

#[tokio::test]
async fn un_lieu_reuni_garde_les_structures_des_deux_fiches_et_les_rend() {
    for site in sites().await {
        let mut tx = site.app.db.write().await.unwrap();
        let sienne = demander(&site, &mut tx, ANNEXE, 10, true).await;
        let attente = demander(&site, &mut tx, ANNEXE, 11, false).await;
        let gardee = reunir(&site, &mut tx, MAIRIE, ANNEXE).await;
        assert_eq!(structures(&mut tx, gardee).await, [10]);

        // What was asked for one record is granted on the place that is shown, and given up there.
        let agent = Actor::signed_in(Uuid::from_u128(98)).with(Grant::over("Prefecture", "D:01"));
        let acte = Act::now(&site.app, &agent);
        revendication::decider(&acte, &mut tx, attente.id, 0, Sort::Accorder)
            .await
            .unwrap();
        assert_eq!(structures(&mut tx, gardee).await, [10, 11]);
        let hote = Actor::signed_in(Uuid::from_u128(97)).with(Grant::over("Gestionnaire", ORGANISATION));
        let acte = Act::now(&site.app, &hote);
        revendication::retirer(&acte, &mut tx, sienne.id, sienne.version + 1)
            .await
            .unwrap();
        assert_eq!(structures(&mut tx, gardee).await, [11]);

        defaire(&site, &mut tx, gardee).await;
        assert_eq!(structures(&mut tx, MAIRIE).await, [0u128; 0]);
        assert_eq!(structures(&mut tx, ANNEXE).await, [11]);
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn defaire_une_reunion_laisse_les_structures_de_la_precedente() {
    for site in sites().await {
        let mut tx = site.app.db.write().await.unwrap();
        lieu::creer(&mut tx, &bourg(TROISIEME, "Mairie de Bourg accueil"), instant())
            .await
            .unwrap();
        for (lieu, organisation) in [(MAIRIE, 10), (ANNEXE, 11), (TROISIEME, 12)] {
            demander(&site, &mut tx, lieu, organisation, true).await;
        }
        let gardee = reunir(&site, &mut tx, MAIRIE, ANNEXE).await;
        site.app.clock.set(instant().plus_seconds(60));
        let finale = reunir(&site, &mut tx, gardee, TROISIEME).await;
        assert_eq!(structures(&mut tx, finale).await, [10, 11, 12]);
        defaire(&site, &mut tx, finale).await;
        assert_eq!(structures(&mut tx, gardee).await, [10, 11]);
        assert_eq!(structures(&mut tx, TROISIEME).await, [12]);
        tx.rollback().await.unwrap();
    }
}
