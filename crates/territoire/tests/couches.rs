//! Layers are imported once, keep their vintage, and answer for any day.

use jiff::civil::date;
use socle::{
    Settings,
    db::Db,
    ids::Ids,
    permissions::{Actor, Everything, authorise},
    testing::{app, databases, get, instant, keys, shared_data, sqlite},
};
use territoire::{
    Classement, Commune, ImporterCouche, MODULE, Nature, Point, Referentiel,
    actions::{
        importer_couche::{Bilan, Demande, importer_couche},
        lire_couches::LectureCouches,
    },
};

fn commune(code: &str) -> &'static Commune {
    Referentiel::embarque()
        .commune(code.parse().expect("un code"))
        .expect("une commune actuelle")
}

fn demande(nature: Nature, millesime: &str, annee: i16, fin: Option<i16>) -> Demande {
    Demande {
        nature,
        source: "essai".into(),
        millesime: millesime.into(),
        licence: "Licence Ouverte 2.0".into(),
        valable_du: date(annee, 1, 1),
        valable_au: fin.map(|annee| date(annee, 12, 31)),
    }
}

async fn importer(db: &Db, demande: Demande, fichier: &str) -> Bilan {
    let permis = authorise::<ImporterCouche>(&Actor::operator(), &Everything).expect("l'exploitant importe");
    let mut tx = db.write().await.expect("la base répond");
    let graine = fichier.len() as u64;
    let bilan = importer_couche(
        &mut tx,
        &permis,
        demande,
        fichier.as_bytes(),
        (&Ids::seeded(graine), &keys(), instant()),
    )
    .await;
    let bilan = bilan.expect("le fichier est bon");
    tx.commit().await.expect("la base répond");
    bilan
}

const QUARTIER: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
    "properties": {"code_qp": "QN07501M", "lib_qp": "Quartier troué", "insee_com": "75056"},
    "geometry": {"type": "MultiPolygon", "coordinates": [[
        [[2.34, 48.84], [2.36, 48.84], [2.36, 48.86], [2.34, 48.86], [2.34, 48.84]],
        [[2.345, 48.845], [2.355, 48.845], [2.355, 48.855], [2.345, 48.855], [2.345, 48.845]]]]}}]}"#;

#[tokio::test]
async fn un_quartier_repond_pour_chaque_jour_trous_compris() {
    for base in databases().await {
        importer(&base.db, demande(Nature::Qpv, "2024", 2024, None), QUARTIER).await;
        let couches = LectureCouches::default().a_jour(&base.db, instant()).await.unwrap();
        let (dedans, trou) = (
            Point {
                longitude: 2.342,
                latitude: 48.85,
            },
            Point {
                longitude: 2.35,
                latitude: 48.85,
            },
        );
        let pres = Point {
            longitude: 2.3612,
            latitude: 48.85,
        };
        let jour = date(2026, 3, 3);
        assert_eq!(couches.est_en_qpv(dedans, jour), Some(true));
        assert_eq!(couches.est_en_qpv(trou, jour), Some(false));
        assert_eq!(couches.est_en_qpv(pres, jour), Some(false));
        assert_eq!(couches.a_moins_de_100m_d_un_qpv(pres, jour), Some(true));
        assert_eq!(couches.a_moins_de_100m_d_un_qpv(trou, jour), Some(false));
        assert_eq!(
            couches.quartier(dedans, jour).map(|q| q.libelle.as_str()),
            Some("Quartier troué")
        );
        assert_eq!(couches.est_en_qpv(dedans, date(2023, 12, 31)), None);
    }
}

#[tokio::test]
async fn chaque_millesime_repond_pour_ses_jours() {
    let base = sqlite().await;
    importer(
        &base.db,
        demande(Nature::Zrr, "2021", 2018, Some(2023)),
        "INSEE;ZRR\n1001;1\n1002;0\n",
    )
    .await;
    importer(
        &base.db,
        demande(Nature::Frr, "2024", 2024, None),
        "codgeo;libgeo;codefrr\n01001;X;FRR\n01002;Y;\n",
    )
    .await;
    importer(
        &base.db,
        demande(Nature::Frr, "2025", 2025, None),
        "codgeo;libgeo;codefrr\n01001;X;FRR+\n01002;Y;FRR\n",
    )
    .await;
    let couches = LectureCouches::default().a_jour(&base.db, instant()).await.unwrap();
    for (annee, zrr, frr) in [
        (2017, None, None),
        (2020, Some(Classement::Oui), None),
        (2024, None, Some(Classement::Oui)),
        (2026, None, Some(Classement::Renforce)),
    ] {
        let zonage = couches.zonage(commune("01001"), date(annee, 6, 1));
        assert_eq!((zonage.zrr, zonage.frr), (zrr, frr), "{annee}");
    }
    assert_eq!(
        couches.zonage(commune("01002"), date(2024, 6, 1)).frr,
        Some(Classement::Non)
    );
    assert_eq!(couches.zonage(commune("75056"), date(2024, 6, 1)).frr, None);
}

#[tokio::test]
async fn le_meme_fichier_deux_fois_ne_change_rien_un_autre_le_remplace() {
    for base in databases().await {
        let zrr = || demande(Nature::Zrr, "2021", 2018, None);
        let premier = importer(&base.db, zrr(), "INSEE;ZRR\n1001;1\n1002;1\nx;1\n").await;
        assert_eq!(
            (premier.retenus, premier.rejets.len(), premier.inchangee),
            (2, 1, false)
        );
        let lecture = LectureCouches::default();
        lecture.a_jour(&base.db, instant()).await.unwrap();
        assert!(
            importer(&base.db, zrr(), "INSEE;ZRR\n1001;1\n1002;1\nx;1\n")
                .await
                .inchangee
        );
        let autre = importer(&base.db, zrr(), "INSEE;ZRR\n1001;0\n").await;
        assert_eq!((autre.couche.id, autre.inchangee), (premier.couche.id, false));
        // Within the second, the copy is believed; then it follows.
        let jour = date(2026, 3, 3);
        let zonage = async |at| {
            lecture
                .a_jour(&base.db, at)
                .await
                .unwrap()
                .zonage(commune("01001"), jour)
                .zrr
        };
        assert_eq!(zonage(instant()).await, Some(Classement::Oui));
        assert_eq!(zonage(instant().plus_seconds(2)).await, Some(Classement::Non));
    }
}

#[tokio::test]
async fn l_indice_de_fragilite_suit_les_communes_qui_ont_change() {
    let Some(donnees) = shared_data() else { return };
    let lire = |nom: &str| std::fs::read_to_string(donnees.join("territoire").join(nom)).unwrap();
    let base = sqlite().await;
    let communes = importer(
        &base.db,
        demande(Nature::FragiliteCommunes, "2024", 2024, None),
        &lire("ifn-communes.csv"),
    )
    .await;
    let epci = importer(
        &base.db,
        demande(Nature::FragiliteEpci, "2024", 2024, None),
        &lire("ifn-epci.csv"),
    )
    .await;
    assert_eq!(communes.retenus + communes.sans_valeur, 35_008);
    // One row of the file stands for the communes that have no EPCI.
    let sans_objet: Vec<_> = epci.rejets.iter().map(|rejet| rejet.motif.as_str()).collect();
    assert_eq!(
        (epci.retenus, sans_objet),
        (1_254, vec!["« ZZZZZZZZZ » n'est pas un code"])
    );
    let couches = LectureCouches::default().a_jour(&base.db, instant()).await.unwrap();
    let jour = date(2026, 3, 3);
    let total = |code| couches.fragilite(commune(code), jour).map(|f| f.total);
    assert_eq!(total("01001"), Some(6.0));
    // Paris and Lyon have no row and Marseille an empty one: theirs is the mean of their arrondissements.
    for ville in ["75056", "69123", "13055"] {
        assert!(
            total(ville).is_some_and(|total| (0.0..10.0).contains(&total)),
            "{ville}"
        );
    }
    for inconnue in ["98818", "97502"] {
        assert_eq!(total(inconnue), None, "{inconnue}");
    }
    let connues = Referentiel::embarque()
        .communes()
        .filter(|c| couches.fragilite(c, jour).is_some())
        .count();
    assert!(connues > 34_700, "{connues}");
    assert!(couches.fragilite_epci("200000172".parse().unwrap(), jour).is_some());
}

#[tokio::test]
async fn l_api_dit_les_communes_et_leurs_couches() {
    let base = sqlite().await;
    importer(
        &base.db,
        demande(Nature::Frr, "2024", 2024, None),
        "codgeo;libgeo;codefrr\n01001;X;FRR\n",
    )
    .await;
    let app = app(&base.db, &[MODULE], Settings::default()).await;
    let service = socle::app::service(app, &[MODULE]);
    let texte = async |chemin: &str| get(&service, &format!("/api/v1/territoires/{chemin}")).await;
    for (chemin, attendu) in [
        ("communes?q=Marigot&limite=1", r#""nom":"Saint-Martin""#),
        ("communes?q=marseile", r#""libelle":"Marseille (Bouches-du-Rhône, 13)""#),
        ("communes/01340", r#""nom":"Arboys en Bugey""#),
        ("communes/98818", r#""departement":null"#),
        ("communes/01001/couches", r#""frr":"oui""#),
        ("communes/01001/couches?jour=2020-01-01", r#""frr":null"#),
        ("departements", r#""code":"2A""#),
        ("regions", r#""nom":"Corse""#),
        ("collectivites", r#""nom":"Nouvelle-Calédonie""#),
        ("epci/200057867", r#""nom":"Plaine Commune""#),
        ("couches", r#""licence":"Licence Ouverte 2.0""#),
    ] {
        let reponse = texte(chemin).await;
        assert!(
            reponse.status.is_success() && reponse.text.contains(attendu),
            "{chemin} : {}",
            reponse.text
        );
    }
    for (chemin, statut, attendu) in [
        ("communes", 400, r#""parametre":"q""#),
        ("communes?q=a&limite=0", 400, r#""parametre":"limite""#),
        ("communes?q=a&limite=beaucoup", 400, r#""parametre":"limite""#),
        ("communes/1001", 400, r#""parametre":"code""#),
        ("communes/00000", 404, "application/problem"),
        ("communes/01001/couches?jour=hier", 400, r#""parametre":"jour""#),
        ("epci/123", 400, r#""parametre":"siren""#),
        ("epci/000000000", 404, ""),
    ] {
        let reponse = texte(chemin).await;
        let contenu = format!("{:?}{}", reponse.headers.get("content-type"), reponse.text);
        assert!(
            reponse.status.as_u16() == statut && contenu.contains(attendu),
            "{chemin} : {contenu}"
        );
    }
}
