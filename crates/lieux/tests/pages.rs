//! Every page drawn with samples: nothing, one place, many, long texts, every language, the text version.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use askama::Template;
use jiff::civil::date;
use lieux::{
    domain::{
        lieu::{Adresse, Contact, Lieu, Passage, Pivot, Position, Precision, Presentation, SiteWeb, Telephone, Visite},
        listes::{Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Service},
        typologie::Typologie,
    },
    index::Index,
    pages::{accueil::Accueil, demande::Recherche, fiche::Fiche, recherche::Choisir, resultats::Resultats},
};
use socle::clock::Instant;
use territoire::Point;
use ui::{langue::Langue, page::Page};
use uuid::Uuid;

/// A Tuesday, at ten in Paris.
const MAINTENANT: &str = "2026-03-03T09:00:00.000000Z";

fn maintenant() -> Instant {
    MAINTENANT.parse().unwrap()
}

fn lieu(numero: u128, nom: &str) -> Lieu {
    Lieu {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + numero),
        pivot: Pivot::Inconnu,
        nom: nom.to_owned(),
        adresse: Adresse {
            voie: "12 rue des Lilas".into(),
            complement: None,
            commune: "Bourg-en-Bresse".into(),
            code_postal: "01000".into(),
            code_insee: "01053".parse().ok(),
        },
        position: Some(Position {
            point: Point {
                longitude: 5.23 + numero as f64 / 500.0,
                latitude: 46.2,
            },
            precision: Precision::Numero,
        }),
        typologies: vec![Typologie::Bib],
        contact: Contact {
            telephone: Telephone::lire("04 74 00 00 01").ok(),
            ..Contact::default()
        },
        horaires: Some("Mo-Fr 09:00-12:00,14:00-17:00; PH off".into()),
        presentation: Presentation::default(),
        source: Some("Conseil départemental".into()),
        itinerance: vec![Itinerance::Fixe],
        structure_parente: None,
        date_maj: date(2026, 1, 12),
        services: vec![Service::AideDemarches],
        publics: Vec::new(),
        prises_en_charge: Vec::new(),
        frais: vec![Frais::Gratuit],
        dispositifs: Vec::new(),
        formations: Vec::new(),
        autres_formations: Vec::new(),
        modalites_acces: vec![ModaliteAcces::SePresenter],
        modalites_accompagnement: Vec::new(),
        fiche_acces_libre: None,
        prise_rdv: None,
        visites: Vec::new(),
    }
}

/// Everything that a record can hold, in long words, and a text that would be markup if it were not escaped.
fn lieu_bavard() -> Lieu {
    let long = "Maison-des-services-et-des-associations-intercommunales ".repeat(4);
    Lieu {
        nom: format!("{long}<script>alert(1)</script>"),
        presentation: Presentation {
            resume: Some("</script><b>gras</b>".into()),
            detail: Some(long),
        },
        services: Service::toutes().collect(),
        prises_en_charge: PriseEnCharge::toutes().collect(),
        modalites_accompagnement: ModaliteAccompagnement::toutes().collect(),
        prise_rdv: SiteWeb::lire("https://rdv.example.org/x").ok(),
        fiche_acces_libre: SiteWeb::lire("https://acceslibre.example.org/x").ok(),
        itinerance: vec![Itinerance::Itinerant],
        visites: vec![Visite {
            endroit: Some("place de la Mairie".into()),
            commune: "01004".parse().ok(),
            quand: Passage::Date {
                date: date(2026, 3, 12),
                horaires: Some("14:00-17:00".into()),
            },
        }],
        date_maj: date(2023, 1, 1),
        ..lieu(45, "")
    }
}

fn index(lieux: Vec<Lieu>) -> Index {
    Index::construire(lieux, [], 2026)
}

fn beaucoup() -> Index {
    index(
        (0..45)
            .map(|n| lieu(n, &format!("Lieu {n:02}")))
            .chain([lieu_bavard()])
            .collect(),
    )
}

fn page(langue: Langue, chemin: &str) -> Page {
    Page::new("", &format!("{}{chemin}", langue.prefixe()))
}

fn resultats(index: &Index, requete: &str, page: Page) -> String {
    let recherche = Recherche::lire(requete);
    Resultats::nouveau(index, recherche, page, String::new(), maintenant())
        .render()
        .unwrap()
}

fn fiche(index: &Index, lieu: &Lieu, page: Page) -> String {
    Fiche::de(index, lieu.id, page, maintenant()).unwrap().render().unwrap()
}

#[test]
fn une_page_de_resultats_sans_lieu_dit_que_faire() {
    let html = resultats(
        &index(Vec::new()),
        "commune=01053&services=aide-demarches",
        page(Langue::Fr, "/lieux"),
    );
    assert!(
        html.contains("Aucun lieu ne correspond") && html.contains("voir tous les lieux"),
        "{html}"
    );

    let loin = index(vec![lieu(1, "Médiathèque")]);
    let html = resultats(
        &loin,
        "commune=01004&services=aide-demarches&distance=5",
        page(Langue::Fr, "/lieux"),
    );
    assert!(html.contains("chercher jusqu’à 30\u{a0}km (1 lieu)"), "{html}");
    assert!(html.contains("Le lieu le plus proche") && html.contains("Médiathèque"));

    let html = resultats(
        &loin,
        "commune=01053&services=loisirs-creations",
        page(Langue::Fr, "/lieux"),
    );
    assert!(
        html.contains("retirer le filtre «\u{a0}Loisirs et créations numériques\u{a0}» (1 lieu)"),
        "{html}"
    );
}

#[test]
fn un_lieu_montre_son_telephone_son_etat_et_qu_il_recoit_sans_rendez_vous() {
    let html = resultats(
        &index(vec![lieu(1, "Médiathèque")]),
        "commune=01053",
        page(Langue::Fr, "/lieux"),
    );
    for attendu in [
        "1 lieu à moins de 20\u{a0}km</p>",
        "Bibliothèque ou médiathèque · à",
        "jusqu’à 12\u{a0}h",
        "tel:",
        "Sans rendez-vous",
        "Gratuit",
        "12 rue des Lilas, 01000 Bourg-en-Bresse",
    ] {
        assert!(html.contains(attendu), "{attendu}\n{html}");
    }
}

#[test]
fn un_lieu_sur_rendez_vous_ne_dit_pas_sans_rendez_vous() {
    let sur = Lieu {
        modalites_acces: vec![ModaliteAcces::PrendreRdvEnLigne],
        ..lieu(1, "Mairie")
    };
    let index = index(vec![sur.clone()]);
    let html = fiche(&index, &sur, page(Langue::Fr, "/lieux/x"));
    assert!(
        html.contains("Sur rendez-vous") && !html.contains("Sans rendez-vous"),
        "{html}"
    );
}

#[test]
fn beaucoup_de_lieux_se_lisent_vingt_par_vingt() {
    let index = beaucoup();
    let lire = |requete| resultats(&index, requete, page(Langue::Fr, "/lieux"));
    let cartes = |html: &str| html.matches("class=\"m-carte\"").count();
    assert_eq!(cartes(&lire("commune=01053")), 20);
    assert_eq!(cartes(&lire("commune=01053&page=3")), 6);
    assert_eq!(cartes(&lire("commune=01053&page=99")), 6);
    assert!(lire("commune=01053&page=2").contains("/lieux?commune=01053&#38;page=3"));
}

#[test]
fn un_texte_du_lieu_ne_devient_jamais_du_balisage() {
    let index = beaucoup();
    let html = fiche(&index, &lieu_bavard(), page(Langue::Fr, "/lieux/x"));
    assert!(!html.contains("<script>alert") && !html.contains("</script><b>"));
    assert!(html.contains("plus d’un an"));
    assert!(html.contains("Ambérieu-en-Bugey, place de la Mairie"), "{html}");
}

#[test]
fn la_fiche_se_decrit_aux_moteurs_de_recherche() {
    let mediatheque = lieu(1, "Médiathèque");
    let html = fiche(
        &index(vec![mediatheque.clone()]),
        &mediatheque,
        page(Langue::Fr, "/lieux/x"),
    );
    let debut = html.find("application/ld+json\">").unwrap() + "application/ld+json\">".len();
    let fin = html[debut..].find("</script>").unwrap();
    let json: serde_json::Value = serde_json::from_str(&html[debut..debut + fin]).unwrap();
    assert_eq!(json["telephone"], "+33474000001");
    assert_eq!(json["isAccessibleForFree"], true);
    // Tuesday to Monday, two stretches a day, none at the weekend.
    assert_eq!(json["openingHoursSpecification"].as_array().unwrap().len(), 10);
}

#[test]
fn chaque_page_existe_dans_chaque_langue_et_en_version_texte() {
    let index = beaucoup();
    for langue in Langue::TOUTES {
        for allege in [false, true] {
            let page = |chemin: &str| Page {
                allege,
                ..page(langue, chemin)
            };
            let pages = [
                Accueil::nouveau(&index, page("/")).render().unwrap(),
                resultats(&index, "commune=01053", page("/lieux")),
                resultats(&index, "carte=1", page("/lieux")),
                fiche(&index, &lieu_bavard(), page("/lieux/x")),
                Choisir::nouveau(&index, &Recherche::default(), "x", &[], page("/lieux"))
                    .render()
                    .unwrap(),
            ];
            for html in pages {
                assert!(html.contains(&format!("lang=\"{}\"", langue.code())));
                assert!(!html.contains(" style="), "no inline style");
                if allege {
                    assert!(html.len() < 45_000 && !html.contains("<svg"), "{} bytes", html.len());
                    assert!(!html.replace("application/ld+json", "").contains("type=\"module\""));
                }
            }
        }
    }
}

#[test]
fn la_carte_locale_montre_les_lieux_de_la_page_et_la_nationale_les_departements() {
    let index = beaucoup();
    let locale = resultats(&index, "commune=01053", page(Langue::Fr, "/lieux"));
    assert!(locale.contains("m-plan__epingle") && locale.contains("href=\"#lieu-1\""));
    let nationale = resultats(&index, "carte=1", page(Langue::Fr, "/lieux"));
    assert!(nationale.contains("aria-label=\"Ain\u{a0}: 46 lieux\""), "{nationale}");
    assert!(nationale.contains("/carte/fond.svg") && nationale.contains("loading=\"lazy\""));
}
