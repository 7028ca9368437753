//! The pages of organisations, through the whole service: who sees what, two steps to register, errors at their fields, two people at once.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{Router, body::Body, http::Request, http::request::Parts};
use comptes::{
    pages::{groupements, organisations},
    permissions::PERMISSIONS,
};
use serde_json::json;
use socle::{
    App, AppBuilder, OutsideService, Settings, app,
    errors::Erreur,
    module::{BoxFuture, Module},
    permissions::{Actor, Grant, Proof, WHOLE},
    testing::{self, Answer, TestDb, sqlite},
};
use std::time::Duration;
use uuid::Uuid;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const SIRET: &str = "13002526500013";

/// The organisations alone, whose visitors say who they are in a header: `Anct N`, `Prefecture D:01`.
const ESSAI: Module = Module {
    name: "comptes",
    routes: || organisations::routes().merge(groupements::routes()),
    permissions: PERMISSIONS,
    start,
    ..Module::EMPTY
};
const MODULES: [Module; 3] = [ui::MODULE, territoire::MODULE, ESSAI];

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    Box::pin(async {
        builder.authenticate = reconnaitre;
        comptes::annuaire::demarrer(builder)
    })
}

fn reconnaitre<'a>(_: &'a App, parts: &'a Parts) -> BoxFuture<'a, Result<Actor, Erreur>> {
    let dit = parts
        .headers
        .get("x-acteur")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let (role, perimetre) = dit.split_once(' ').unwrap_or_default();
    let role = ["Anct", "Prefecture", "Gestionnaire", "Chercheur"]
        .into_iter()
        .find(|r| *r == role);
    let acteur = role.map_or_else(Actor::public, |role| {
        let perimetre = if perimetre == "N" { WHOLE } else { perimetre };
        let mut acteur = Actor::signed_in(Uuid::from_u128(7)).with(Grant::over(role, perimetre));
        acteur.proof = Some(Proof {
            strong: true,
            at: testing::instant(),
        });
        acteur
    });
    Box::pin(async { Ok(acteur) })
}

struct Site {
    _base: TestDb,
    service: Router,
}

async fn site(annuaire: Option<OutsideService>) -> Site {
    let base = sqlite().await;
    let settings = Settings {
        directory: annuaire,
        ..Settings::default()
    };
    let app = testing::app(&base.db, &MODULES, settings).await;
    Site {
        _base: base,
        service: app::service(app, &MODULES),
    }
}

impl Site {
    async fn lire(&self, acteur: &str, chemin: &str) -> Answer {
        let demande = Request::get(chemin)
            .header("x-acteur", acteur)
            .body(Body::empty())
            .unwrap();
        testing::send(&self.service, demande).await
    }

    async fn envoyer(&self, acteur: &str, chemin: &str, champs: &[(&str, &str)]) -> Answer {
        let corps = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(champs)
            .finish();
        let demande = Request::post(chemin)
            .header("x-acteur", acteur)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(corps))
            .unwrap();
        testing::send(&self.service, demande).await
    }

    /// Registers an organisation and gives the address of its file.
    async fn enregistrer(&self, acteur: &str, nom: &str, numero: &str, commune: &str) -> String {
        let genre = if numero.is_empty() { "aucun" } else { "siret" };
        let champs = [
            ("genre", genre),
            ("numero", numero),
            ("nom", nom),
            ("forme", "association"),
            ("commune", commune),
        ];
        let reponse = self.envoyer(acteur, "/organisations", &champs).await;
        assert_eq!(reponse.status, 303, "{}", reponse.text);
        reponse.headers["location"].to_str().unwrap().to_owned()
    }
}

fn version(page: &Answer, champ: &str) -> String {
    let debut = page
        .text
        .split(&format!("name=\"{champ}\" value=\""))
        .nth(1)
        .expect("the field is hidden in the form");
    debut.split('"').next().unwrap_or_default().to_owned()
}

const ANCT: &str = "Anct N";
const AIN: &str = "Prefecture D:01";
const RHONE: &str = "Prefecture D:69";

#[tokio::test]
async fn sans_annuaire_on_remplit_soi_meme_puis_la_fiche_s_affiche() {
    let site = site(None).await;
    let vide = site.lire(AIN, "/organisations").await;
    assert!(vide.text.contains("Aucune organisation dans votre périmètre"));
    assert!(vide.text.contains("Enregistrer une organisation"));
    let seconde = site
        .envoyer(
            AIN,
            "/organisations/nouvelle",
            &[("genre", "siret"), ("numero", "130 025 265 00013")],
        )
        .await;
    assert_eq!(seconde.status, 200);
    assert!(
        seconde.text.contains("n’est pas consulté sur ce site"),
        "{}",
        seconde.text
    );
    assert!(seconde.text.contains("SIRET 130\u{a0}025\u{a0}265\u{a0}00013"));
    let fiche = site
        .enregistrer(AIN, "Le Fil de l’Ain", SIRET, "01000 Bourg-en-Bresse")
        .await;
    let lue = site.lire(AIN, &fiche).await;
    for attendu in [
        "Le Fil de l’Ain",
        "Association",
        "130\u{a0}025\u{a0}265",
        "Bourg-en-Bresse (Ain, 01)",
        "déclaré par l’organisation",
        "mardi 3 mars 2026",
    ] {
        assert!(lue.text.contains(attendu), "{attendu}");
    }
    let liste = site.lire(AIN, "/organisations?q=fil").await;
    assert!(liste.text.contains("Le Fil de l’Ain") && liste.text.contains(&fiche));
    let rien = site.lire(AIN, "/organisations?q=introuvable").await;
    assert!(rien.text.contains("Aucune organisation trouvée"));
}

#[tokio::test]
async fn chacun_ne_voit_et_ne_change_que_son_perimetre() {
    let site = site(None).await;
    let fiche = site.enregistrer(AIN, "Le Fil", SIRET, "01000 Bourg-en-Bresse").await;
    for (acteur, statut) in [
        (AIN, 200),
        (ANCT, 200),
        ("Prefecture R:84", 200),
        (RHONE, 404),
        ("Chercheur N", 404),
        ("", 404),
    ] {
        assert_eq!(site.lire(acteur, &fiche).await.status, statut, "{acteur}");
    }
    assert!(
        site.lire(RHONE, "/organisations")
            .await
            .text
            .contains("Aucune organisation")
    );
    let chez_elle = format!("Gestionnaire O:{}", fiche.rsplit('/').next().unwrap());
    let lue = site.lire(&chez_elle, &fiche).await;
    assert!(lue.text.contains("Modifier le nom") && !lue.text.contains("Réunir avec une autre fiche"));
    assert_eq!(site.lire(&chez_elle, "/organisations/nouvelle").await.status, 404);
    for suite in ["modifier", "etablissement", "reunir"] {
        assert_eq!(
            site.lire(RHONE, &format!("{fiche}/{suite}")).await.status,
            404,
            "{suite}"
        );
        assert_eq!(site.lire(AIN, &format!("{fiche}/{suite}")).await.status, 200, "{suite}");
    }
    let csv = site.lire(AIN, "/organisations/liste.csv").await;
    assert!(
        csv.text.starts_with('\u{feff}') && csv.text.contains("\"Le Fil\";\"association\";\"130025265\";\"01053\""),
        "{}",
        csv.text
    );
    assert!(
        !site
            .lire(RHONE, "/organisations/liste.csv")
            .await
            .text
            .contains("Le Fil")
    );
    assert_eq!(site.lire("", "/organisations/liste.csv").await.status, 404);
}

#[tokio::test]
async fn une_erreur_se_lit_a_son_champ_et_la_saisie_reste() {
    let site = site(None).await;
    for (champs, attendu) in [
        (
            vec![("genre", "siret"), ("numero", "13002526500014")],
            "contient une faute de frappe",
        ),
        (vec![("genre", "tahiti"), ("numero", "12")], "par exemple A12345-001"),
        (
            vec![("numero", SIRET)],
            "Choisissez le numéro que porte l’établissement",
        ),
    ] {
        let refus = site.envoyer(AIN, "/organisations/nouvelle", &champs).await;
        assert_eq!(refus.status, 422);
        assert!(refus.text.contains(attendu), "{attendu}");
    }
    let champs = [
        ("genre", "siret"),
        ("numero", SIRET),
        ("nom", " "),
        ("forme", "royaume"),
        ("rna", "12"),
        ("commune", "nulle part"),
        ("adresse", "1 rue Verte"),
    ];
    let refus = site.envoyer(AIN, "/organisations", &champs).await;
    assert_eq!(refus.status, 422);
    for attendu in [
        "Écrivez le nom",
        "Choisissez la nature",
        "Le numéro RNA compte",
        "Écrivez le code postal",
        "value=\"1 rue Verte\"",
        "href=\"#commune\"",
    ] {
        assert!(refus.text.contains(attendu), "{attendu}");
    }
    let ailleurs = [
        ("genre", "siret"),
        ("numero", SIRET),
        ("nom", "X"),
        ("forme", "commune"),
        ("commune", "69001 Lyon"),
    ];
    let refus = site.envoyer(AIN, "/organisations", &ailleurs).await;
    assert!(refus.status == 422 && refus.text.contains("hors de votre périmètre"));
    site.enregistrer(AIN, "Le Fil", SIRET, "01053").await;
    let deux_fois = site
        .envoyer(AIN, "/organisations/nouvelle", &[("genre", "siret"), ("numero", SIRET)])
        .await;
    assert!(deux_fois.status == 422 && deux_fois.text.contains("Voir l’organisation qui porte ce numéro"));
    let ailleurs = site
        .envoyer(
            RHONE,
            "/organisations/nouvelle",
            &[("genre", "siret"), ("numero", SIRET)],
        )
        .await;
    assert!(ailleurs.status == 422 && !ailleurs.text.contains("Voir l’organisation"));
}

#[tokio::test]
async fn l_annuaire_remplit_et_son_nom_garde_sa_source() {
    let serveur = MockServer::start().await;
    let unite = json!({"results": [{
        "siren": "130025265", "nom_raison_sociale": "LE FIL", "nature_juridique": "9220", "etat_administratif": "A",
        "siege": {"siret": SIRET, "adresse": "1 RUE VERTE 01000 BOURG-EN-BRESSE", "commune": "01053", "etat_administratif": "A"},
        "complements": {"identifiant_association": "W011000001"}
    }]});
    Mock::given(path("/search"))
        .respond_with(ResponseTemplate::new(200).set_body_json(unite))
        .mount(&serveur)
        .await;
    let service = OutsideService {
        url: serveur.uri(),
        budget: Duration::from_millis(2000),
    };
    let site = site(Some(service)).await;
    let seconde = site
        .envoyer(AIN, "/organisations/nouvelle", &[("genre", "siret"), ("numero", SIRET)])
        .await;
    for attendu in [
        "connaît ce numéro",
        "value=\"LE FIL\"",
        "value=\"association\" selected",
        "value=\"W011000001\"",
        "value=\"01000 Bourg-en-Bresse\"",
    ] {
        assert!(seconde.text.contains(attendu), "{attendu}");
    }
    let fiche = site.enregistrer(AIN, "LE FIL", SIRET, "01000 Bourg-en-Bresse").await;
    assert!(site.lire(AIN, &fiche).await.text.contains("annuaire des entreprises"));
}

#[tokio::test]
async fn deux_personnes_qui_corrigent_voient_les_deux_versions() {
    let site = site(None).await;
    let fiche = site.enregistrer(AIN, "Le Fil", SIRET, "01053").await;
    let modifier = format!("{fiche}/modifier");
    let page = site.lire(AIN, &modifier).await;
    let vue = version(&page, "version");
    let champs = |nom: &'static str, vue: &str| -> Vec<(&str, String)> {
        let mut champs: Vec<(&str, String)> = vec![
            ("version", vue.to_owned()),
            ("nom", nom.into()),
            ("forme", "ess".into()),
            ("rna", String::new()),
        ];
        champs.extend(
            [("depuis_jour", "3"), ("depuis_mois", "3"), ("depuis_annee", "2026")].map(|(k, v)| (k, v.to_owned())),
        );
        champs
    };
    let envoyer = async |champs: Vec<(&str, String)>| {
        let champs: Vec<(&str, &str)> = champs.iter().map(|(k, v)| (*k, v.as_str())).collect();
        site.envoyer(AIN, &modifier, &champs).await
    };
    assert_eq!(envoyer(champs("Le Fil de l’Ain", &vue)).await.status, 303);
    let conflit = envoyer(champs("Le Fil des Dombes", &vue)).await;
    assert_eq!(conflit.status, 409);
    for attendu in [
        "pendant que vous écriviez",
        "Le Fil de l’Ain",
        "Le Fil des Dombes",
        "Enregistré par une autre personne",
    ] {
        assert!(conflit.text.contains(attendu), "{attendu}");
    }
    let reprise = version(&conflit, "version");
    assert_eq!(envoyer(champs("Le Fil des Dombes", &reprise)).await.status, 303);
    let mut demain = champs("Plus tard", "2");
    demain[4].1 = "4".into();
    let refus = envoyer(demain).await;
    assert!(refus.status == 422 && refus.text.contains("Cette date est à venir"));
    assert!(site.lire(AIN, &fiche).await.text.contains("Le Fil des Dombes"));
}

#[tokio::test]
async fn un_etablissement_s_ajoute_et_celui_d_une_autre_est_refuse() {
    let site = site(None).await;
    let fiche = site.enregistrer(AIN, "Le Fil", SIRET, "01053").await;
    let ajouter = format!("{fiche}/etablissement");
    let refus = site
        .envoyer(
            AIN,
            &ajouter,
            &[
                ("version", "0"),
                ("genre", "siret"),
                ("numero", "35600000000048"),
                ("commune", "01053"),
            ],
        )
        .await;
    assert!(
        refus.status == 422 && refus.text.contains("appartient à une autre organisation"),
        "{}",
        refus.text
    );
    let antenne = [
        ("version", "0"),
        ("genre", "aucun"),
        ("nom_etablissement", "Antenne"),
        ("commune", "01500 Ambérieu-en-Bugey"),
    ];
    assert_eq!(site.envoyer(AIN, &ajouter, &antenne).await.status, 303);
    assert!(site.lire(AIN, &fiche).await.text.contains("Antenne"));
    assert_eq!(site.envoyer(AIN, &ajouter, &antenne).await.status, 409);
}

#[tokio::test]
async fn deux_fiches_se_comparent_se_reunissent_et_se_separent() {
    let site = site(None).await;
    let reste = site.enregistrer(AIN, "Le Fil", "", "01053").await;
    let part = site.enregistrer(AIN, "Le Fil bis", SIRET, "01053").await;
    let id = part.rsplit('/').next().unwrap();
    assert!(
        site.lire(AIN, &format!("{reste}/reunir"))
            .await
            .text
            .contains("Le Fil bis")
    );
    let chemin = format!("{reste}/reunir/{id}");
    let comparaison = site.lire(AIN, &chemin).await;
    assert!(comparaison.text.contains("Fiche qui disparaît") && comparaison.text.contains("130\u{a0}025\u{a0}265"));
    let (ici, la) = (version(&comparaison, "version"), version(&comparaison, "version_autre"));
    let sans = site
        .envoyer(
            AIN,
            &chemin,
            &[("version", &ici), ("version_autre", &la), ("raison", " ")],
        )
        .await;
    assert!(sans.status == 422 && sans.text.contains("Dites pourquoi"));
    let vieille = site
        .envoyer(
            AIN,
            &chemin,
            &[
                ("version", "9"),
                ("version_autre", &la),
                ("raison", "doublon manifeste"),
            ],
        )
        .await;
    assert_eq!(vieille.status, 409);
    let faite = site
        .envoyer(
            AIN,
            &chemin,
            &[("version", &ici), ("version_autre", &la), ("raison", "Même adresse")],
        )
        .await;
    assert_eq!(faite.status, 303);
    let fiche = site.lire(AIN, &reste).await;
    assert!(fiche.text.contains("Raison : Même adresse") && fiche.text.contains("130\u{a0}025\u{a0}265"));
    let separer = fiche
        .text
        .split("action=\"")
        .find_map(|suite| suite.split('"').next().filter(|url| url.ends_with("/separer")))
        .unwrap()
        .to_owned();
    assert!(site.envoyer(RHONE, &separer, &[]).await.status == 404);
    assert_eq!(site.envoyer(AIN, &separer, &[]).await.status, 303);
    assert!(site.lire(AIN, &reste).await.text.contains("séparée le"));
    assert!(site.lire(AIN, &part).await.text.contains("130\u{a0}025\u{a0}265"));
    let encore = site.envoyer(AIN, &separer, &[]).await;
    assert!(encore.status == 422 && encore.text.contains("ont déjà été séparées"));
}

#[tokio::test]
async fn une_saisie_a_corriger_n_ecrase_pas_ce_qu_un_autre_vient_d_ecrire() {
    let site = site(None).await;
    let fiche = site.enregistrer(AIN, "Le Fil", "", "01000 Bourg-en-Bresse").await;
    let chemin = format!("{fiche}/modifier");
    let saisie = |nom: &'static str, rna: &'static str, version: String| {
        let (site, chemin) = (&site, &chemin);
        async move {
            let champs = [
                ("nom", nom),
                ("forme", "association"),
                ("rna", rna),
                ("version", version.as_str()),
                ("depuis_jour", "3"),
                ("depuis_mois", "3"),
                ("depuis_annee", "2026"),
            ];
            site.envoyer(AIN, chemin, &champs).await
        }
    };
    // Ada opens the page, Binta renames, Ada mistypes then mends.
    let vue = version(&site.lire(AIN, &chemin).await, "version");
    assert_eq!(saisie("Le Fil de l’Ain", "", vue.clone()).await.status, 303);
    let refus = saisie("Le Fil", "W7510", vue.clone()).await;
    assert_eq!((refus.status.as_u16(), version(&refus, "version")), (422, vue.clone()));
    let tard = saisie("Le Fil", "W751004076", vue).await;
    assert_eq!(tard.status, 409, "{}", tard.text);
    assert!(tard.text.contains("Le Fil de l’Ain"));
    let apres = version(&tard, "version");
    assert_eq!(saisie("Le Fil", "W751004076", apres).await.status, 303);
}

#[tokio::test]
async fn un_hub_se_cree_et_ses_membres_entrent_et_sortent() {
    let site = site(None).await;
    assert!(site.lire(ANCT, "/groupements").await.text.contains("Aucun groupement"));
    assert_eq!(site.lire(AIN, "/groupements").await.status, 404);
    let refus = site
        .envoyer(ANCT, "/groupements", &[("genre", "hub"), ("nom", " ")])
        .await;
    assert!(refus.status == 422 && refus.text.contains("Écrivez le nom"));
    let cree = site
        .envoyer(
            ANCT,
            "/groupements",
            &[("genre", "hub"), ("nom", "Hub Antilles-Guyane")],
        )
        .await;
    let fiche = cree.headers["location"].to_str().unwrap().to_owned();
    let refus = site
        .envoyer(
            ANCT,
            &format!("{fiche}/ajouter"),
            &[("version", "0"), ("membre", "C:01053")],
        )
        .await;
    assert!(refus.status == 422 && refus.text.contains("ne réunit pas cela. Un département"));
    let entre = site
        .envoyer(
            ANCT,
            &format!("{fiche}/ajouter"),
            &[("version", "0"), ("membre", "D:971")],
        )
        .await;
    assert_eq!(entre.status, 303);
    let lue = site.lire(ANCT, &fiche).await;
    assert!(
        lue.text.contains("Guadeloupe") && lue.text.contains("mardi 3 mars 2026"),
        "{}",
        lue.text
    );
    let vieux = site
        .envoyer(
            ANCT,
            &format!("{fiche}/retirer"),
            &[("version", "0"), ("membre", "D:971")],
        )
        .await;
    assert_eq!(vieux.status, 409);
    let sorti = site
        .envoyer(
            ANCT,
            &format!("{fiche}/retirer"),
            &[("version", "1"), ("membre", "D:971")],
        )
        .await;
    assert_eq!(sorti.status, 303);
    let sortie = site.lire(ANCT, &fiche).await.text;
    assert!(
        sortie.contains("jusqu’au mardi 3 mars 2026") && !sortie.contains("Retirer"),
        "{sortie}"
    );
    let nomme = [("version", "2"), ("membre", "Guyane")];
    assert_eq!(
        site.envoyer(ANCT, &format!("{fiche}/ajouter"), &nomme).await.status,
        303
    );
    assert!(site.lire(ANCT, &fiche).await.text.contains("Retirer Guyane"));
}
