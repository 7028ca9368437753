//! What holds for any text and any hours.

use horaires::{Calendrier, Horaires, SansFerie, francais, tableau};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};
use proptest::prelude::*;

/// Every fifth day is a holiday, every other fortnight is school holidays.
struct Reguliers;

impl Calendrier for Reguliers {
    fn ferie(&self, date: Date) -> bool {
        date.day_of_year() % 5 == 0
    }

    fn vacances_scolaires(&self, date: Date) -> Option<bool> {
        Some(date.day_of_year() % 28 < 14)
    }
}

fn instant() -> impl Strategy<Value = DateTime> {
    (0..1_500_i64, 0..1_440_i64).prop_map(|(jours, minutes)| {
        let debut = date(2024, 1, 1).at(0, 0, 0, 0);
        debut
            .checked_add(jours.days())
            .and_then(|at| at.checked_add(minutes.minutes()))
            .expect("une date proche")
    })
}

fn heure() -> impl Strategy<Value = String> {
    (0..24_u8, 0..12_u8).prop_map(|(h, m)| format!("{h:02}:{:02}", m * 5))
}

fn plage() -> impl Strategy<Value = String> {
    (heure(), heure(), prop::sample::select(vec!["", "", "", "+"])).prop_map(|(a, b, fin)| format!("{a}-{b}{fin}"))
}

fn regle() -> impl Strategy<Value = String> {
    let larges = prop::sample::select(vec![
        "",
        "",
        "",
        "Jan-Mar",
        "Nov-Feb",
        "Dec 24-Jan 02",
        "2025",
        "week 1-53/2",
        "week 10-20",
        "Jul 14",
        "easter +1 day",
        "2025 Sep 01+",
        "Mar Su[-1]-Oct Su[-1]",
    ]);
    let jours = prop::sample::select(vec![
        "",
        "Mo-Fr",
        "Sa,Su",
        "Fr-Mo",
        "PH",
        "SH",
        "PH Mo-Fr",
        "Mo,PH",
        "Th[1]",
        "We,Sa[-1]",
        "PH +1 day",
    ]);
    let effets = prop::sample::select(vec![
        "",
        "",
        "",
        "off",
        "open",
        "unknown",
        "\"sur rendez-vous\"",
        "off \"congés\"",
    ]);
    (larges, jours, prop::collection::vec(plage(), 0..3), effets).prop_filter_map("vide", |(l, j, p, e)| {
        let mots = [l.to_owned(), j.to_owned(), p.join(","), e.to_owned()];
        let texte = mots.into_iter().filter(|m| !m.is_empty()).collect::<Vec<_>>().join(" ");
        (!texte.is_empty()).then_some(texte)
    })
}

fn expression() -> impl Strategy<Value = String> {
    let liaison = prop::sample::select(vec!["; ", "; ", ", ", " || "]);
    (regle(), prop::collection::vec((liaison, regle()), 0..4)).prop_map(|(premiere, suite)| {
        suite.into_iter().fold(premiere, |texte, (lien, regle)| {
            // A comma after days only goes on with the same list of days.
            let lien = if texte.ends_with(['"', '+', 'f', 'n']) {
                lien
            } else {
                "; "
            };
            texte + lien + &regle
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn aucun_texte_ne_fait_paniquer(texte in "\\PC{0,80}", at in instant()) {
        if let Ok(horaires) = Horaires::parse(&texte) {
            let _ = horaires.etat(at, &SansFerie);
        }
        let _ = francais::plages(&texte);
        let _ = francais::vers_osm(&texte);
        let _ = francais::fusionner([texte.as_str()]);
    }

    #[test]
    fn aucun_texte_proche_de_la_grammaire_ne_fait_paniquer(
        texte in "((Mo|Tu|Su|PH|SH|Jan|Dec|week|easter|2026|24/7|off|[0-9]{1,2}(:[0-9]{2})?|\"x\"|lundi|à|h|[-,;|+/\\[\\] ]) ?){0,14}",
        at in instant(),
    ) {
        if let Ok(horaires) = Horaires::parse(&texte) {
            let _ = horaires.etat(at, &Reguliers);
            let _ = horaires.jour(at.date(), &Reguliers);
        }
        let _ = francais::vers_osm(&texte);
    }

    #[test]
    fn la_forme_normale_se_relit_et_dit_la_meme_chose(texte in expression(), at in instant()) {
        let horaires = Horaires::parse(&texte).expect(&texte);
        let normale = horaires.to_string();
        let relue = Horaires::parse(&normale).expect(&normale);
        prop_assert_eq!(relue.to_string(), normale);
        prop_assert_eq!(relue.etat(at, &Reguliers), horaires.etat(at, &Reguliers));
    }

    #[test]
    fn l_etat_le_jour_et_le_chemin_rapide_s_accordent(texte in expression(), at in instant()) {
        let horaires = Horaires::parse(&texte).expect(&texte);
        let ouvert = horaires.est_ouvert(at, &Reguliers);
        let etat = match horaires.etat(at, &Reguliers) {
            horaires::Etat::Ouvert { jusqu_a, .. } => {
                if let Some(fin) = jusqu_a {
                    prop_assert!(fin > at);
                    prop_assert_ne!(horaires.est_ouvert(fin, &Reguliers), Some(true));
                }
                Some(true)
            }
            horaires::Etat::Ferme { ouvre_a, .. } => {
                if let Some(debut) = ouvre_a {
                    prop_assert!(debut > at);
                    prop_assert_eq!(horaires.est_ouvert(debut, &Reguliers), Some(true));
                }
                Some(false)
            }
            horaires::Etat::Inconnu { .. } => None,
        };
        prop_assert_eq!(etat, ouvert);
    }

    #[test]
    fn les_plages_reunies_se_suivent_sans_se_toucher(paires in prop::collection::vec((0..1_440_u16, 1..600_u16), 0..8)) {
        let ecrire = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let plages: Vec<String> =
            paires.iter().map(|(debut, duree)| format!("{}-{}", ecrire(*debut), ecrire((debut + duree).min(1_440)))).collect();
        let reunies = francais::fusionner(plages.iter().map(String::as_str));
        let bornes: Vec<&str> = reunies.split([',', '-']).filter(|b| !b.is_empty()).collect();
        prop_assert!(bornes.windows(2).all(|paire| paire[0] < paire[1]), "{}", reunies);
    }

    #[test]
    fn un_tableau_compacte_dit_les_memes_heures_chaque_jour(choix in prop::array::uniform7(0..4_usize)) {
        const HEURES: [&str; 4] = ["", "09:00-12:00", "14:00-17:00", "09:00-12:00,14:00-17:00"];
        let jours = choix.map(|rang| HEURES[rang]);
        let osm = tableau::compacter(&jours);
        let lundi = date(2026, 11, 23);
        let relus = if osm.is_empty() { Vec::new() } else {
            tableau::jours_depuis_osm(&osm, lundi, &SansFerie).expect(&osm)
        };
        let attendus: Vec<(&str, String)> = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
            .into_iter()
            .zip(jours.map(str::to_owned))
            .filter(|(_, heures)| !heures.is_empty())
            .collect();
        prop_assert_eq!(relus, attendus, "{}", osm);
    }
}

#[test]
fn un_texte_hostile_reste_bon_marche() {
    let plages: Vec<String> = (0..150)
        .map(|r| format!("{:02}:{:02}-{:02}:{:02}", r / 60, r % 60, r / 60, r % 60 + 1))
        .collect();
    let textes = [
        format!("2020 {}", plages.join(",")),
        "Mo[1] off;".repeat(200),
        "easter off,".repeat(180) + "easter",
        "[".repeat(2_000),
        "9h-".repeat(5_000),
        "lundi ".repeat(2_000),
    ];
    let depart = std::time::Instant::now();
    for texte in textes {
        if let Ok(horaires) = Horaires::parse(&texte) {
            let _ = horaires.etat(date(2026, 11, 23).at(10, 0, 0, 0), &Reguliers);
        }
        let _ = francais::vers_osm(&texte);
    }
    // Generous: the debug build on a busy machine; a quadratic reader would take minutes.
    assert!(depart.elapsed().as_secs() < 20);
}
