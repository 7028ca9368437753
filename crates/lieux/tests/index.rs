//! The read index answers what a plain walk over every place answers.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use lieux::{
    domain::{
        filtres::{Autour, Filtres, Ouverture, Presence, Territoire},
        lieu::{Adresse, Contact, Lieu, Passage, Pivot, Position, Precision, Presentation, Telephone, Visite},
        listes::{Dispositif, Frais, Itinerance, ListeFermee, ModaliteAcces, PriseEnCharge, Public, Service},
        typologie::Typologie,
    },
    index::{Curseur, Demande, Index},
};
use proptest::prelude::*;
use socle::testing::instant;
use territoire::{Commune, Point, Referentiel};
use uuid::Uuid;

/// Communes of several worlds: a city with arrondissements, a village, four oceans.
const COMMUNES: [&str; 8] = ["75056", "69123", "23008", "97411", "97502", "98735", "98818", "67482"];

fn commune(k: usize) -> &'static Commune {
    Referentiel::embarque()
        .commune(COMMUNES[k % COMMUNES.len()].parse().unwrap())
        .unwrap()
}

fn parmi<L: ListeFermee>(bits: u32) -> Vec<L> {
    L::toutes().filter(|v| bits & (1 << (v.indice() % 32)) != 0).collect()
}

fn lieu(rang: u128, k: usize, bits: u32, decale: f64) -> Lieu {
    let commune = commune(k);
    let point = Point {
        longitude: commune.point.longitude + decale,
        latitude: commune.point.latitude - decale / 2.0,
    };
    Lieu {
        id: Uuid::from_u128(rang),
        pivot: Pivot::lire("00000000000000").unwrap(),
        nom: format!("{} n° {}", ["Mairie", "Médiathèque", "Tiers-lieu"][k % 3], rang % 7),
        adresse: Adresse {
            voie: "1 rue de l’Église".into(),
            complement: None,
            commune: commune.nom.into(),
            code_postal: commune.codes_postaux.first().map_or("00000".into(), |c| c.to_string()),
            code_insee: (!bits.is_multiple_of(11)).then_some(commune.code),
        },
        position: (!bits.is_multiple_of(7)).then_some(Position {
            point,
            precision: Precision::Source,
        }),
        typologies: parmi::<Typologie>(bits).into_iter().take(1).collect(),
        contact: Contact {
            telephone: (bits.is_multiple_of(2)).then(|| Telephone::lire("0199000000").unwrap()),
            ..Contact::default()
        },
        horaires: [
            None,
            Some("Mo-Fr 09:00-12:00,14:00-17:00"),
            Some("Sa 10:00-12:00"),
            Some("24/7"),
            Some("n’importe quoi"),
        ][(bits % 5) as usize]
            .map(str::to_owned),
        presentation: Presentation::default(),
        source: Some(["hub", "coop"][(bits % 2) as usize].into()),
        itinerance: parmi::<Itinerance>(bits >> 3),
        structure_parente: None,
        date_maj: jiff::civil::date(2026, 1, 1),
        services: parmi::<Service>(bits),
        publics: parmi::<Public>(bits >> 5),
        prises_en_charge: parmi::<PriseEnCharge>(bits >> 7),
        frais: parmi::<Frais>(bits >> 9),
        dispositifs: parmi::<Dispositif>(bits >> 4),
        formations: vec![],
        autres_formations: if bits.is_multiple_of(3) {
            vec!["QPV".into()]
        } else {
            vec![]
        },
        modalites_acces: parmi::<ModaliteAcces>(bits >> 2),
        modalites_accompagnement: vec![],
        fiche_acces_libre: None,
        prise_rdv: None,
        visites: if bits.is_multiple_of(13) {
            vec![Visite {
                endroit: None,
                commune: Some(commune.code),
                quand: Passage::Recurrent {
                    regle: "Mo 09:00-12:00".into(),
                },
            }]
        } else {
            vec![]
        },
    }
}

fn des_lieux() -> impl Strategy<Value = Vec<Lieu>> {
    prop::collection::vec((0..8_usize, any::<u32>(), -0.3..0.3_f64), 1..80).prop_map(|v| {
        (1..)
            .zip(v)
            .map(|(rang, (k, bits, d))| lieu(rang, k, bits, d))
            .collect()
    })
}

fn des_filtres() -> impl Strategy<Value = Filtres> {
    let territoire = prop_oneof![
        Just(vec![]),
        (0..8_usize).prop_map(|k| vec![Territoire::Commune(commune(k).code)]),
        (0..8_usize).prop_map(|k| commune(k)
            .departement
            .map(Territoire::Departement)
            .into_iter()
            .collect()),
        (0..8_usize).prop_map(|k| commune(k).epci.map(Territoire::Epci).into_iter().collect()),
    ];
    let autour = prop::option::of((0..8_usize, 5..100_u16).prop_map(|(k, rayon_km)| Autour {
        centre: commune(k).point,
        rayon_km,
    }));
    let ouverture = prop_oneof![
        Just(None),
        Just(Some(Ouverture::Maintenant)),
        Just(Some(Ouverture::CeWeekEnd))
    ];
    (any::<u32>(), any::<u32>(), territoire, autour, ouverture).prop_map(|(a, b, territoires, autour, ouverture)| {
        Filtres {
            services: if a % 2 == 0 { parmi(a & b) } else { vec![] },
            publics: if a % 3 == 0 { parmi(a) } else { vec![] },
            frais: if b % 4 == 0 { vec![Frais::Gratuit] } else { vec![] },
            itinerance: if b % 5 == 0 {
                vec![Itinerance::Itinerant]
            } else {
                vec![]
            },
            autres_formations: if b % 6 == 0 { vec!["QPV".into()] } else { vec![] },
            avec: if a % 5 == 0 { vec![Presence::Telephone] } else { vec![] },
            territoires,
            autour,
            ouverture,
            ..Filtres::default()
        }
    })
}

/// The same question asked place by place.
fn retenus(index: &Index, filtres: &Filtres) -> Vec<Uuid> {
    let ouvert = |lieu: &Lieu, quand: Ouverture| -> bool {
        let (Some(horaires), Some(calendrier)) = (index.horaires(lieu.id), index.calendrier(lieu.id)) else {
            return false;
        };
        let local = calendrier.heure_locale(instant());
        match quand {
            Ouverture::Maintenant => horaires.est_ouvert(local, calendrier) == Some(true),
            Ouverture::Le(quand) => horaires.est_ouvert(quand, calendrier) == Some(true),
            Ouverture::CeWeekEnd => (0..7)
                .map(|n| local.date().saturating_add(jiff::Span::new().days(n)))
                .filter(|j| {
                    matches!(
                        j.weekday(),
                        jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
                    )
                })
                .any(|j| !horaires.jour(j, calendrier).plages.is_empty()),
        }
    };
    let commune = |lieu: &Lieu| {
        lieu.adresse
            .code_insee
            .and_then(|c| Referentiel::embarque().resoudre(c))
    };
    let mut ids: Vec<Uuid> = index
        .lieux()
        .iter()
        .filter(|lieu| filtres.retient(lieu, commune(lieu), |quand| ouvert(lieu, quand)))
        .map(|lieu| lieu.id)
        .collect();
    ids.sort_unstable();
    ids
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn l_index_repond_comme_une_lecture_lieu_par_lieu(lieux in des_lieux(), filtres in des_filtres()) {
        let index = Index::construire(lieux, [], 2026);
        let attendus = retenus(&index, &filtres);
        let demande = Demande { filtres: filtres.clone(), limite: 1000, comptes: true, ..Demande::default() };
        let reponse = index.chercher(&demande, instant());
        let mut trouves: Vec<Uuid> = reponse.lieux.iter().map(|t| t.lieu.id).collect();
        let distances: Vec<f64> = reponse.lieux.iter().filter_map(|t| t.distance_m).collect();
        prop_assert!(distances.is_sorted());
        trouves.sort_unstable();
        prop_assert_eq!(&trouves, &attendus);
        prop_assert_eq!(reponse.total, attendus.len());
        let comptes = reponse.comptes.unwrap();
        for service in Service::toutes() {
            let seul = Filtres { services: vec![service], ..filtres.clone() };
            prop_assert_eq!(comptes.de(service), retenus(&index, &seul).len(), "{:?}", service);
        }
        let seul = Filtres { frais: vec![Frais::Gratuit], ..filtres };
        prop_assert_eq!(comptes.de(Frais::Gratuit), retenus(&index, &seul).len());
    }

    #[test]
    fn une_lecture_par_pages_donne_chaque_lieu_une_fois(lieux in des_lieux(), filtres in des_filtres(), limite in 1..9_usize) {
        let index = Index::construire(lieux, [], 2026);
        let demande = Demande { filtres: filtres.clone(), limite, ..Demande::default() };
        let (mut tous, mut apres): (Vec<Uuid>, Option<Curseur>) = (vec![], None);
        loop {
            let (page, suite) = index.lister(&demande, apres, instant());
            prop_assert!(page.len() <= limite);
            tous.extend(page.iter().map(|t| t.lieu.id));
            let Some(suite) = suite else { break };
            apres = Some(suite.to_string().parse().unwrap());
        }
        tous.sort_unstable();
        prop_assert_eq!(tous, retenus(&index, &filtres));
    }
}

#[test]
fn un_ancien_identifiant_mene_au_lieu_qui_l_a_repris() {
    let index = Index::construire(
        vec![lieu(5, 0, 6, 0.0)],
        [("hub_42".to_owned(), Uuid::from_u128(5))],
        2026,
    );
    assert_eq!(index.resoudre("hub_42"), Some(Uuid::from_u128(5)));
    assert_eq!(
        index.resoudre(&Uuid::from_u128(5).to_string()),
        Some(Uuid::from_u128(5))
    );
    assert_eq!(index.resoudre("inconnu"), None);
}

#[test]
fn des_mots_trouvent_un_lieu_par_son_nom_sa_commune_ou_a_une_faute_pres() {
    let index = Index::construire((1..=24).map(|n| lieu(n, n as usize, 6, 0.0)).collect(), [], 2026);
    let compte = |texte: &str| {
        let demande = Demande {
            texte: Some(texte.into()),
            limite: 50,
            ..Demande::default()
        };
        index.chercher(&demande, instant()).total
    };
    assert_eq!(
        [
            compte("mediatheque"),
            compte("médiathéque strasbourg"),
            compte("mediathequue"),
            compte("piscine")
        ],
        [8, 1, 8, 0]
    );
}

#[test]
fn deux_lieux_du_meme_millimetre_se_lisent_tous_les_deux() {
    // A tenth of a millimetre apart, the nearer with the later identifier.
    let (mut pres, mut loin) = (lieu(9, 1, 6, 0.001), lieu(2, 1, 6, 0.001));
    let voisin = pres.position.unwrap().point;
    loin.position.as_mut().unwrap().point.longitude = voisin.longitude + 1e-9;
    pres.nom = "Mairie".into();
    loin.nom = "Mairie".into();
    let index = Index::construire(vec![pres, loin], [], 2026);
    for texte in [None, Some("mairie".to_owned())] {
        let demande = Demande {
            centre: Some(commune(1).point),
            texte,
            limite: 1,
            ..Demande::default()
        };
        let (premiere, suite) = index.lister(&demande, None, instant());
        let (seconde, fin) = index.lister(&demande, suite, instant());
        let ids: Vec<u128> = premiere.iter().chain(&seconde).map(|t| t.lieu.id.as_u128()).collect();
        assert_eq!((ids, fin), (vec![2, 9], None));
    }
}
