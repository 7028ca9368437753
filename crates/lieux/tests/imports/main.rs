//! Importing a file of places in the browser: looked at, confirmed, followed, given up and undone, on both engines.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod limites;
mod mains;
mod retour;
#[path = "../site/mod.rs"]
mod site;

use axum::{
    body::Body,
    http::{Request, header},
};
use comptes::domain::fonction::Fonction;
use jiff::civil::date;
use lieux::{
    actions::{Cadre, doublons::fusionner, ecriture::CONSUMER},
    domain::{
        depot::{Depot, EtatDepot},
        doublons::Couple,
        lieu::Lieu,
    },
    jobs,
    permissions::DeciderDoublons,
    store::{avant, depot, import::provenances, lieu, portee},
};
use site::{ORGANISATION, Personnage, Site, sites};
use socle::{
    change::Stored,
    clock::Clock,
    journal::{self, Search},
    outbox,
    permissions::{Actor, Everything, authorise},
    sql,
    testing::{self, Answer, instant, send, shared_data},
};
use uuid::Uuid;

const EN_TETE: &str = "id,nom,commune,code_postal,adresse,telephone,date_maj,pivot";
const BOURG: &str = "1,Médiathèque,Bourg-en-Bresse,01000,1 rue A,0474457000,2024-04-02";
const OYONNAX: &str = "2,Maison,Oyonnax,01100,2 rue B,0474457001,2024-04-02";
const LYON: &str = "3,Tiers-lieu,Lyon,69002,3 rue C,0474457002,2024-04-02";
const FRONTIERE: &str = "--limite";

fn csv(lignes: &[&str]) -> Vec<u8> {
    format!("{EN_TETE}\n{}\n", lignes.join("\n")).into_bytes()
}

/// What a page says under a term.
fn valeur_de<'p>(page: &'p str, terme: &str) -> &'p str {
    let apres = page.split_once(terme).map_or("", |(_, apres)| apres);
    let dd = apres.split_once("<dd").map_or("", |(_, dd)| dd);
    let contenu = dd.split_once('>').map_or("", |(_, contenu)| contenu);
    contenu.split('<').next().unwrap_or_default().trim()
}

/// As many places of Bourg.
fn nombreux(combien: usize) -> Vec<u8> {
    let lignes: Vec<String> = (0..combien)
        .map(|n| format!("n{n},Lieu {n},Bourg-en-Bresse,01000,{n} rue Longue,,2024-04-02"))
        .collect();
    csv(&lignes.iter().map(String::as_str).collect::<Vec<_>>())
}

impl Personnage<'_> {
    async fn deposer(&self, source: &str, nom: &str, octets: &[u8]) -> Answer {
        let mut corps = Vec::new();
        let entete = |partie: &str| format!("{FRONTIERE}\r\ncontent-disposition: form-data; {partie}\r\n\r\n");
        corps.extend_from_slice(entete("name=\"source\"").as_bytes());
        corps.extend_from_slice(source.as_bytes());
        corps.extend_from_slice(b"\r\n");
        corps.extend_from_slice(entete(&format!("name=\"fichier\"; filename=\"{nom}\"")).as_bytes());
        corps.extend_from_slice(octets);
        corps.extend_from_slice(format!("\r\n{FRONTIERE}--\r\n").as_bytes());
        self.envoyer_parties(corps).await
    }

    /// Sends a form made of these parts.
    async fn envoyer_parties(&self, corps: Vec<u8>) -> Answer {
        let requete = Request::post("/espace/import")
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_LENGTH, corps.len())
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limite");
        send(&self.site.service, requete.body(Body::from(corps)).unwrap()).await
    }

    /// Gives a file that reads, and gives where its page is.
    async fn depose(&self, octets: &[u8]) -> Uuid {
        let reponse = self.deposer("Hub de l’Ain", "lieux.csv", octets).await;
        assert_eq!(reponse.status, 303, "{}", reponse.text);
        let vers = reponse.headers[header::LOCATION].to_str().unwrap();
        vers.rsplit('/').next().unwrap().parse().unwrap()
    }

    async fn voir(&self, id: Uuid) -> String {
        let reponse = self.lire(&format!("/espace/import/{id}")).await;
        assert_eq!(reponse.status, 200, "{}", reponse.text);
        reponse.text
    }

    async fn lancer(&self, id: Uuid, champs: &[(&str, &str)]) -> Answer {
        self.poster(&format!("/espace/import/{id}/lancer"), champs).await
    }

    async fn annuler(&self, id: Uuid) -> Answer {
        self.poster(&format!("/espace/import/{id}/annuler"), &[]).await
    }

    /// Gives a file, confirms it, and lets it be written.
    async fn importe(&self, octets: &[u8]) -> Uuid {
        let id = self.depose(octets).await;
        let lance = self.lancer(id, &[("version", "0"), ("retrait", "oui")]).await;
        assert_eq!(lance.status, 303, "{}", lance.text);
        self.site.travailler().await;
        assert_eq!(self.site.depot(id).await.etat, EtatDepot::Termine);
        id
    }
}

impl Site {
    async fn travailler(&self) {
        while outbox::work_once(&self.app, &[CONSUMER]).await.unwrap() {}
    }

    async fn depot(&self, id: Uuid) -> Depot {
        let mut tx = self.app.db.read().await.unwrap();
        depot::trouver(&mut tx, id).await.unwrap().unwrap()
    }

    /// The places shown, by name.
    async fn publies(&self) -> Vec<Lieu> {
        let mut tx = self.app.db.read().await.unwrap();
        let mut lieux = lieu::publics(&mut tx).await.unwrap();
        lieux.sort_by(|a, b| a.nom.cmp(&b.nom));
        lieux
    }

    async fn noms(&self) -> Vec<String> {
        self.publies().await.into_iter().map(|l| l.nom).collect()
    }

    /// How many lines of the journal tell this action.
    async fn actions(&self, action: &str) -> usize {
        let mut tx = self.app.db.read().await.unwrap();
        let lignes = journal::search(&mut tx, &Search::default(), None, 1000).await.unwrap();
        lignes.iter().filter(|ligne| ligne.action == action).count()
    }

    async fn compter(&self, requete: impl Into<socle::db::Sql>) -> i64 {
        let (nombre,): (i64,) = self.app.db.read().await.unwrap().fetch_one(requete, &[]).await.unwrap();
        nombre
    }
}

#[tokio::test]
async fn un_fichier_reel_se_verifie_s_importe_et_se_retrouve_dans_la_liste() {
    let Some(donnees) = shared_data() else { return };
    let octets = std::fs::read(donnees.join("lieux/sources/bus-france-services-charente.json")).unwrap();
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let page = mourad.lire("/espace/import").await;
        assert!(
            page.text.contains("Aucun import") && page.text.contains("multipart/form-data"),
            "{}",
            page.text
        );
        let depose = mourad.deposer("Bus de la Charente", "bus.json", &octets).await;
        assert_eq!(depose.status, 303, "{}", depose.text);
        let chemin = depose.headers[header::LOCATION].to_str().unwrap().to_owned();
        let id: Uuid = chemin.rsplit('/').next().unwrap().parse().unwrap();
        let comptes = site.depot(id).await.apercu.comptes;
        assert_eq!((comptes.lues, comptes.creees + comptes.refusees), (12, 12));
        assert!(comptes.creees > 5, "{comptes:?}");
        assert!(
            site.publies().await.is_empty(),
            "rien n’est écrit avant la confirmation"
        );
        assert!(mourad.voir(id).await.contains("Ce qui changerait"));

        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        assert!(mourad.voir(id).await.contains("L’import est en cours"));
        site.travailler().await;
        assert_eq!(site.publies().await.len() as i64, comptes.creees);
        assert!(mourad.voir(id).await.contains("L’import est terminé"));
        let liste = mourad.lire("/espace/import").await.text;
        assert!(
            liste.contains("Bus de la Charente") && liste.contains("Agent de l’agence nationale"),
            "{liste}"
        );
        let mut tx = site.app.db.read().await.unwrap();
        assert!(
            depot::octets(&mut tx, id).await.unwrap().is_none(),
            "le fichier est effacé"
        );
        let lignes = socle::journal::about(&mut tx, "import", &id.to_string(), 10)
            .await
            .unwrap();
        let mut actions: Vec<_> = lignes.iter().map(|l| l.action.as_str()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["DeposerImport", "ImporterLieux", "LancerImport"]);
    }
}

#[tokio::test]
async fn un_fichier_qui_ne_se_lit_pas_est_refuse_a_son_champ_sans_perdre_la_source() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let cas: [(&str, &str, &[u8], &str); 6] = [
            ("Mon réseau", "vide.csv", b"", "Choisissez un fichier"),
            ("Mon réseau", "a.json", b"[{\"nom\": ", "Le fichier JSON est mal formé"),
            ("Mon réseau", "a.json", b"{\"nom\": 3}", "ne contient pas de liste"),
            (
                "Mon réseau",
                "a.csv",
                b"couleur,taille\nbleu,3\n",
                "Nommez-les comme dans le standard",
            ),
            (
                "Mon réseau",
                "a.xlsx",
                b"PK\x03\x04\x14\x00",
                "enregistrez-le au format CSV",
            ),
            ("", "a.csv", b"nom\n", "Écrivez le nom de la source"),
        ];
        for (source, nom, octets, attendu) in cas {
            let refus = mourad.deposer(source, nom, octets).await;
            assert_eq!(refus.status, 422, "{nom} : {}", refus.text);
            assert!(refus.text.contains(attendu), "{attendu} : {}", refus.text);
            assert!(
                refus.text.contains(&format!("value=\"{source}\"")),
                "{nom} : {}",
                refus.text
            );
        }
        assert_eq!(site.compter(sql!("SELECT COUNT(*) FROM import_depose")).await, 0);
    }
}

#[tokio::test]
async fn un_fichier_trop_gros_est_refuse_avec_sa_limite_et_les_autres_formulaires_gardent_la_leur() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let mut octets = csv(&[BOURG]);
        octets.resize(10_000_000, b' ');
        assert_eq!(mourad.deposer("Hub", "a.csv", &octets).await.status, 303);
        octets.push(b' ');
        let refus = mourad.deposer("Mon réseau", "a.csv", &octets).await;
        assert_eq!(refus.status, 413);
        assert!(refus.text.contains("Ce fichier dépasse 10\u{a0}Mo"), "{}", refus.text);
        assert!(
            refus.text.contains("value=\"Mon réseau\"") && refus.text.contains("fichier-erreur"),
            "{}",
            refus.text
        );
        let long = "a".repeat(1 << 20);
        let autre = mourad
            .poster(&format!("/espace/import/{}/lancer", Uuid::nil()), &[("version", &long)])
            .await;
        assert_eq!(autre.status, 413);
    }
}

#[tokio::test]
async fn chacun_n_importe_que_dans_son_perimetre() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, OYONNAX, LYON])).await;
        let lyon = site
            .publies()
            .await
            .into_iter()
            .find(|l| l.nom == "Tiers-lieu")
            .unwrap();

        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let emmene = BOURG.replace("Bourg-en-Bresse,01000", "Lyon,69002");
        let id = nadia
            .depose(&csv(&[
                &emmene,
                &LYON.replace("Tiers-lieu", "Pris"),
                "4,Neuf,Belley,01300,4 rue D,,",
            ]))
            .await;
        let comptes = site.depot(id).await.apercu.comptes;
        assert_eq!(
            (comptes.creees, comptes.modifiees, comptes.refusees, comptes.retirees),
            (1, 0, 2, 1)
        );
        let vue = nadia.voir(id).await;
        assert!(vue.contains("Ce lieu n’est pas dans votre périmètre"), "{vue}");
        let refus = nadia.lire(&format!("/espace/import/{id}/refus.csv")).await;
        assert!(
            refus
                .text
                .contains("\"2\";\"Commune\";\"Ce lieu n’est pas dans votre périmètre\""),
            "{}",
            refus.text
        );
        let toutes = nadia.lire(&format!("/espace/import/{id}/refus?apres=0")).await.text;
        assert_eq!(toutes.matches("Ce lieu n’est pas").count(), 1);
        assert_eq!(nadia.lancer(id, &[("version", "0")]).await.status, 303);
        site.travailler().await;
        assert_eq!(
            site.noms().await,
            ["Médiathèque", "Neuf", "Tiers-lieu"],
            "Oyonnax a quitté la source"
        );
        assert!(
            site.publies().await.contains(&lyon),
            "ce qui est ailleurs ne change pas"
        );

        let loic = site.personnage(Fonction::Prefecture, "D:29").await;
        for chemin in ["", "/lancer", "/annuler", "/refus", "/refus.csv"] {
            assert_eq!(loic.lire(&format!("/espace/import/{id}{chemin}")).await.status, 404);
        }
        assert_eq!(loic.lancer(id, &[]).await.status, 404);
        assert_eq!(loic.annuler(id).await.status, 404);
        assert!(loic.lire("/espace/import").await.text.contains("Aucun import"));
        let helene = site.personnage(Fonction::Prefecture, "R:84").await;
        assert!(
            helene.voir(id).await.contains("L’import est terminé"),
            "la région contient le département"
        );
        let conseiller = site.personnage(Fonction::Conseiller, ORGANISATION).await;
        assert_eq!(conseiller.lire("/espace/import").await.status, 404);
    }
}

#[tokio::test]
async fn une_structure_n_importe_que_les_lieux_dont_elle_repond() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, OYONNAX])).await;
        let bourg = site
            .publies()
            .await
            .into_iter()
            .find(|l| l.nom == "Médiathèque")
            .unwrap();
        let mut tx = site.app.db.write().await.unwrap();
        portee::ajouter(&mut tx, bourg.id, ORGANISATION).await.unwrap();
        tx.commit().await.unwrap();
        let yvonne = site.personnage(Fonction::Gestionnaire, ORGANISATION).await;
        let id = yvonne
            .depose(&csv(&[
                &BOURG.replace("Médiathèque", "Médiathèque neuve"),
                &OYONNAX.replace("Maison", "Prise"),
            ]))
            .await;
        assert!(yvonne.voir(id).await.contains("Votre structure ne gère pas ce lieu"));
        assert_eq!(yvonne.lancer(id, &[("version", "0")]).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Maison", "Médiathèque neuve"]);
        // The prefecture does not see what a structure did over its own perimeter alone.
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        assert_eq!(nadia.lire(&format!("/espace/import/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn deux_appuis_sur_lancer_n_importent_qu_une_fois() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&csv(&[BOURG, OYONNAX])).await;
        for _ in 0..2 {
            assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        }
        site.travailler().await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Maison", "Médiathèque"]);
        assert_eq!(site.depot(id).await.fait, 2);
        assert_eq!(site.actions("LancerImport").await, 1);
        assert_eq!(testing::events(&site.app.db, "lieux.import").await, 1);
    }
}

#[tokio::test]
async fn qui_confirme_ce_qui_a_change_voit_les_deux_comptes_et_rien_n_est_ecrit() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&csv(&[BOURG, OYONNAX])).await;
        mourad.importe(&csv(&[BOURG])).await;
        let conflit = mourad.lancer(id, &[("version", "0")]).await;
        assert_eq!(conflit.status, 409, "{}", conflit.text);
        assert!(
            conflit.text.contains("Vous aviez vu\u{a0}: 2") && conflit.text.contains("Maintenant\u{a0}: 1"),
            "{}",
            conflit.text
        );
        assert_eq!(site.depot(id).await.etat, EtatDepot::Depose);
        assert_eq!(
            mourad.lancer(id, &[("version", "0")]).await.status,
            409,
            "la page est trop ancienne"
        );
        assert_eq!(mourad.lancer(id, &[("version", "1")]).await.status, 303);
        site.travailler().await;
        assert_eq!(site.noms().await, ["Maison", "Médiathèque"]);

        // What changes after the confirmation and before the writing stops it.
        let id = mourad.depose(&csv(&[BOURG, OYONNAX, LYON])).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        let mut tx = site.app.db.write().await.unwrap();
        lieu::changer_etat(&mut tx, site.publies().await[0].id, lieu::Etat::Retire, instant())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        site.travailler().await;
        assert!(
            mourad
                .voir(id)
                .await
                .contains("ont changé juste après votre confirmation")
        );
        assert_eq!(site.noms().await, ["Médiathèque"]);
    }
}

#[tokio::test]
async fn un_retrait_massif_se_confirme_et_une_source_s_importe_une_fois_a_la_fois() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&nombreux(30)).await;
        let id = mourad.depose(&nombreux(2)).await;
        let refus = mourad.lancer(id, &[("version", "0")]).await;
        assert!(
            refus.status == 422 && refus.text.contains("Cochez la case"),
            "{}",
            refus.text
        );
        let autre = mourad.depose(&nombreux(31)).await;
        assert_eq!(mourad.lancer(autre, &[("version", "0")]).await.status, 303);
        let occupee = mourad.lancer(id, &[("version", "0"), ("retrait", "oui")]).await;
        assert!(
            occupee.status == 422 && occupee.text.contains("Un autre import de cette source"),
            "{}",
            occupee.text
        );
        site.travailler().await;
        assert_eq!(
            mourad.lancer(id, &[("version", "0"), ("retrait", "oui")]).await.status,
            409
        );
        assert_eq!(
            mourad.lancer(id, &[("version", "1"), ("retrait", "oui")]).await.status,
            303
        );
        site.travailler().await;
        assert_eq!(site.publies().await.len(), 2);
        let rien = mourad.depose(&nombreux(2)).await;
        assert!(mourad.voir(rien).await.contains("Ce fichier ne change rien"));
        assert_eq!(mourad.lancer(rien, &[("version", "0")]).await.status, 422);
    }
}

#[tokio::test]
async fn un_fichier_non_confirme_s_annule_ou_s_oublie() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&csv(&[BOURG])).await;
        assert_eq!(mourad.annuler(id).await.status, 303);
        assert!(mourad.voir(id).await.contains("L’import est annulé"));
        assert_eq!(mourad.annuler(id).await.status, 422);
        assert_eq!(mourad.lancer(id, &[("version", "1")]).await.status, 422);
        site.travailler().await;
        assert!(site.publies().await.is_empty());
        for _ in 0..5 {
            mourad.depose(&csv(&[BOURG, "9,,,,,,"])).await;
        }
        let trop = mourad.deposer("Hub", "a.csv", &csv(&[BOURG])).await;
        assert!(
            trop.status == 422 && trop.text.contains("attendent déjà"),
            "{}",
            trop.text
        );
        let mut app = site.app.clone();
        app.clock = Clock::fixed(instant().plus_seconds(8 * 86_400));
        let fait = (jobs::CONSERVATION.run)(app).await.unwrap();
        // Each file goes with its place in the perimeter and its refused row.
        assert_eq!(fait.done, 15, "{}", fait.detail);
        for requete in [
            sql!("SELECT COUNT(*) FROM import_depose WHERE octets IS NOT NULL"),
            sql!("SELECT COUNT(*) FROM import_refus"),
        ] {
            assert_eq!(site.compter(requete).await, 0);
        }
    }
}

#[tokio::test]
async fn un_import_arrete_en_route_remet_tout_comme_avant() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&nombreux(1_050)).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        assert!(outbox::work_once(&site.app, &[CONSUMER]).await.unwrap());
        let vue = mourad.voir(id).await;
        assert!(vue.contains("1000 sur 1050 lieux"), "{vue}");
        assert_eq!(site.publies().await.len(), 1_000);
        assert_eq!(mourad.annuler(id).await.status, 303);
        assert!(mourad.voir(id).await.contains("L’annulation est en cours"));
        site.travailler().await;
        assert!(site.publies().await.is_empty());
        let depot = site.depot(id).await;
        assert_eq!((depot.etat, depot.rendus, depot.laisses), (EtatDepot::Annule, 1_000, 0));
        assert_eq!(testing::events(&site.app.db, "lieux.import").await, 0);
    }
}

#[tokio::test]
async fn un_import_coupe_reprend_ou_il_en_etait_et_finit_une_seule_fois() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        let id = mourad.depose(&nombreux(500)).await;
        assert_eq!(mourad.lancer(id, &[("version", "0")]).await.status, 303);
        // The process dies while it writes: what is in a transaction is lost, what was committed stays.
        let jusqu_au_premier_lot = async {
            while site.depot(id).await.fait == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            fini = outbox::work_once(&site.app, &[CONSUMER]) => panic!("cut too late: {fini:?}"),
            () = jusqu_au_premier_lot => {}
        }
        let depot = site.depot(id).await;
        assert!(depot.fait >= 200 && depot.fait < 500, "{}", depot.fait);
        testing::free_events(&site.app.db).await;
        site.travailler().await;
        let depot = site.depot(id).await;
        assert_eq!((depot.etat, depot.fait), (EtatDepot::Termine, 500));
        assert_eq!(site.publies().await.len(), 500);
        assert_eq!(site.compter(sql!("SELECT COUNT(*) FROM lieu")).await, 500);
        assert_eq!(testing::events(&site.app.db, "lieux.import").await, 1);
    }
}

#[tokio::test]
async fn un_import_termine_s_annule_sauf_ce_qui_a_change_depuis() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, OYONNAX, LYON])).await;
        let avant = site.publies().await;
        let mediatheque = avant.iter().find(|l| l.nom == "Médiathèque").unwrap().id;
        let sources = provenances(&mut site.app.db.read().await.unwrap(), mediatheque)
            .await
            .unwrap();
        let suivant = csv(&[
            &BOURG.replace("0474457000", "0474457009"),
            &OYONNAX.replace("Maison", "Grande maison"),
            "4,Nouveau,Belley,01300,4 rue D,,",
        ]);
        let id = mourad.importe(&suivant).await;
        assert_eq!(site.noms().await, ["Grande maison", "Médiathèque", "Nouveau"]);
        let page = mourad.lire(&format!("/espace/import/{id}/annuler")).await.text;
        assert_eq!(valeur_de(&page, "Lieux à remettre comme avant"), "4", "{page}");

        // Somebody corrects one of them by hand: that stays.
        let maison = site
            .publies()
            .await
            .into_iter()
            .find(|l| l.nom == "Grande maison")
            .unwrap();
        let corrigee = Lieu {
            nom: "Maison corrigée".into(),
            ..maison
        };
        let mut tx = site.app.db.write().await.unwrap();
        lieu::enregistrer(&mut tx, &corrigee, instant()).await.unwrap();
        assert_eq!(avant::compter(&mut tx, id).await.unwrap(), (4, 1));
        tx.commit().await.unwrap();
        assert_eq!(mourad.annuler(id).await.status, 303);
        site.travailler().await;
        assert!(mourad.voir(id).await.contains("sauf pour quelques lieux"));
        assert_eq!(site.noms().await, ["Maison corrigée", "Médiathèque", "Tiers-lieu"]);
        let apres = site.publies().await;
        assert_eq!(
            apres.iter().find(|l| l.id == mediatheque),
            avant.iter().find(|l| l.id == mediatheque)
        );
        let rendues = provenances(&mut site.app.db.read().await.unwrap(), mediatheque)
            .await
            .unwrap();
        assert_eq!(rendues, sources);
        // The source is known as before: the same file changes again what was put back.
        let de_nouveau = mourad.depose(&suivant).await;
        let comptes = site.depot(de_nouveau).await.apercu.comptes;
        assert_eq!(
            (comptes.creees, comptes.modifiees, comptes.inchangees, comptes.retirees),
            (0, 2, 1, 1)
        );
        assert!(
            mourad.voir(de_nouveau).await.contains("devient"),
            "un exemple de changement"
        );

        let mut app = site.app.clone();
        app.clock = Clock::fixed(instant().plus_seconds(31 * 86_400));
        assert!((jobs::CONSERVATION.run)(app).await.is_ok());
        assert_eq!(site.compter(sql!("SELECT COUNT(*) FROM import_avant")).await, 0);
        let clos = sql!("SELECT COUNT(*) FROM import_depose WHERE clos_at IS NOT NULL");
        assert_eq!(site.compter(clos).await, 2);
        let mut app = site.app.clone();
        app.clock = Clock::fixed(instant().plus_seconds(1_826 * 86_400));
        assert!((jobs::CONSERVATION.run)(app).await.is_ok());
        assert_eq!(site.compter(sql!("SELECT COUNT(*) FROM import_depose")).await, 0);
    }
}

#[tokio::test]
async fn une_fiche_reunie_a_une_autre_est_remise_comme_avant_a_travers_le_lieu_reuni() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[BOURG, OYONNAX])).await;
        let [maison, mediatheque] = <[Lieu; 2]>::try_from(site.publies().await).unwrap();
        let permis = authorise::<DeciderDoublons>(&Actor::operator(), &Everything).unwrap();
        let couple = Couple::de(maison.id, mediatheque.id).unwrap();
        let mut tx = site.app.db.write().await.unwrap();
        let reuni = fusionner(&mut tx, Cadre::de(&site.app, &permis), couple)
            .await
            .unwrap()
            .lieu
            .id;
        tx.commit().await.unwrap();
        let avant = site.publies().await;
        assert_eq!((avant.len(), avant[0].id), (1, reuni));
        let neuf = |ligne: &str| {
            ligne
                .replace("04744570", "04744580")
                .replace("2024-04-02", "2025-05-05")
        };
        let id = mourad.importe(&csv(&[&neuf(BOURG), &neuf(OYONNAX)])).await;
        assert_ne!(site.publies().await, avant);
        assert_eq!(mourad.annuler(id).await.status, 303);
        site.travailler().await;
        let depot = site.depot(id).await;
        assert_eq!((depot.etat, depot.rendus, depot.laisses), (EtatDepot::Annule, 2, 0));
        assert_eq!(site.publies().await, avant);
    }
}

#[tokio::test]
async fn le_lien_d_un_lieu_ne_mene_pas_a_celui_d_une_autre_source() {
    for site in sites(&[]).await {
        let mourad = site.personnage(Fonction::Anct, "N").await;
        mourad.importe(&csv(&[&BOURG.replacen('1', "a_b", 1)])).await;
        let premier = site.publies().await[0].id;
        let second = mourad
            .deposer("Hub de l’Ain_a", "b.csv", &csv(&[&OYONNAX.replacen('2', "b", 1)]))
            .await;
        let chemin = second.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert_eq!(
            mourad
                .poster(&format!("{chemin}/lancer"), &[("version", "0")])
                .await
                .status,
            303
        );
        site.travailler().await;
        let mut tx = site.app.db.read().await.unwrap();
        let alias: Vec<_> = lieu::alias(&mut tx).await.unwrap();
        let noms = |lieu| {
            alias
                .iter()
                .filter(|(_, l)| *l == lieu)
                .map(|(nom, _)| nom.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(noms(premier), ["Hub-de-l’Ain_a_b"], "{alias:?}");
    }
}

#[tokio::test]
async fn un_envoi_sans_session_mene_a_la_connexion_puis_au_formulaire() {
    for site in sites(&[]).await {
        let mut parti = site.personnage(Fonction::Anct, "N").await;
        parti.cookie = format!("session={}", "0".repeat(64));
        let reponse = parti.deposer("Hub", "a.csv", &csv(&[BOURG])).await;
        assert_eq!(reponse.status, 303);
        assert_eq!(reponse.headers[header::LOCATION], "/connexion?suite=%2Fespace%2Fimport");
    }
}

#[tokio::test]
async fn une_fonction_retiree_avant_l_ecriture_l_arrete() {
    for site in sites(&[]).await {
        let nadia = site.personnage(Fonction::Prefecture, "D:01").await;
        let id = nadia.depose(&csv(&[BOURG])).await;
        assert_eq!(nadia.lancer(id, &[("version", "0")]).await.status, 303);
        let retiree = nadia
            .attribution
            .clone()
            .retirer(None, instant(), date(2026, 3, 3), "mutation à Lyon")
            .unwrap();
        let mut tx = site.app.db.write().await.unwrap();
        assert!(retiree.update(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        site.travailler().await;
        assert!(site.publies().await.is_empty());
        let helene = site.personnage(Fonction::Prefecture, "R:84").await;
        let vue = helene.voir(id).await;
        assert!(
            vue.contains("n’est plus exercée") && vue.contains("Annuler cet import"),
            "{vue}"
        );
    }
}
