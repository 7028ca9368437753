//! Two thousand random expressions and instants, answered by us and by the npm package opening_hours, which serves as a
//! black-box oracle. The crate opening-hours answers them too, for comparison.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use horaires::{Calendrier, Horaires};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};
use serde_json::{Value, json};

const QUESTIONS: usize = 2_000;
const QUESTIONS_D_ENDURANCE: usize = 50_000;
/// The years whose school holidays the oracle knows.
const PREMIER: Date = date(2024, 1, 1);
const JOURS: i32 = 3 * 365;

/// Where we knowingly answer otherwise.
struct Difference {
    reconnait: fn(&str) -> bool,
    raison: &'static str,
}

const DIFFERENCES: [Difference; 3] = [
    Difference {
        reconnait: fin_connue_puis_ouverte,
        raison: "10:00-12:00+: the oracle ends the open end after one minute, we keep its guess for a bare 10:00+",
    },
    Difference {
        reconnait: |expression| expression.contains("Feb 15-29"),
        raison: "Feb 15-29: in a common year the oracle drops the range, we end it on the 28th",
    },
    Difference {
        reconnait: rangs_apres_un_mois,
        raison: "Oct We[1,3]: the oracle refuses several ranks right after a month, we read them as any other days",
    },
];

fn fin_connue_puis_ouverte(expression: &str) -> bool {
    expression
        .match_indices('+')
        .any(|(ici, _)| ici >= 6 && expression.as_bytes()[ici - 6] == b'-' && expression.as_bytes()[ici - 3] == b':')
}

fn rangs_apres_un_mois(expression: &str) -> bool {
    expression.match_indices('[').any(|(ici, _)| {
        let plusieurs = matches!(expression.as_bytes().get(ici + 2), Some(b',' | b'-'));
        let mois = ici.checked_sub(6).and_then(|debut| expression.get(debut..ici - 3));
        plusieurs && mois.is_some_and(|mois| MOIS.contains(&mois))
    })
}

#[test]
fn nos_reponses_sont_celles_du_paquet_de_reference() {
    comparer(QUESTIONS, 20_261_122);
}

#[test]
fn endurance_nos_reponses_restent_celles_du_paquet_de_reference() {
    if std::env::var_os("MAILLAGE_ENDURANCE").is_some() {
        comparer(QUESTIONS_D_ENDURANCE, 2_026);
    }
}

fn comparer(combien: usize, graine: u64) {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/oracle");
    if !dossier.join("node_modules/opening_hours").is_dir() || !node_est_la() {
        assert!(
            std::env::var_os("CI").is_none(),
            "l'oracle est absent : npm ci dans e2e/oracle"
        );
        println!("oracle: sauté, node ou e2e/oracle/node_modules manque");
        return;
    }
    let mut hasard = Hasard(graine);
    let questions: Vec<(String, DateTime)> = (0..combien)
        .map(|_| (expression(&mut hasard), instant(&mut hasard)))
        .collect();
    let mut reponses = interroger(&dossier, &questions).into_iter();
    let calendrier = Jours::lire(&reponses.next().expect("le calendrier vient d'abord"));
    let (mut accords, mut connues, mut ecarts) = (0, 0, Vec::new());
    let mut accords_crate = 0;
    for ((expression, instant), reponse) in questions.iter().zip(reponses) {
        let attendu = reponse["etat"].as_str().expect("chaque réponse a un état").to_owned();
        let obtenu = notre_etat(expression, *instant, &calendrier);
        accords_crate += usize::from(etat_du_crate(expression, *instant, &calendrier) == attendu);
        if obtenu == attendu {
            accords += 1;
        } else if DIFFERENCES.iter().any(|d| (d.reconnait)(expression)) {
            connues += 1;
        } else {
            ecarts.push(format!("{expression}  {instant}  attendu {attendu}, obtenu {obtenu}"));
        }
    }
    ecarts.iter().take(40).for_each(|ecart| println!("{ecart}"));
    for Difference { raison, .. } in DIFFERENCES {
        println!("différence connue : {raison}");
    }
    println!("crate opening-hours: {accords_crate}/{combien}");
    println!("oracle: {accords}/{combien} ({connues} différences connues)");
    assert!(accords * 100 >= combien * 99, "moins de 99 % d'accord");
}

fn node_est_la() -> bool {
    Command::new("node")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// All the questions in one run of node.
fn interroger(dossier: &Path, questions: &[(String, DateTime)]) -> Vec<Value> {
    let mut node = Command::new("node")
        .arg("etats.mjs")
        .current_dir(dossier)
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node démarre");
    let mut lignes = format!("{}\n", json!({ "calendrier": [PREMIER.to_string(), JOURS] }));
    for (expression, instant) in questions {
        let question = json!({ "expression": expression, "instant": instant.strftime("%Y-%m-%dT%H:%M").to_string() });
        lignes.push_str(&format!("{question}\n"));
    }
    let mut entree = node.stdin.take().expect("l'entrée est ouverte");
    let ecrivain = std::thread::spawn(move || entree.write_all(lignes.as_bytes()));
    let sortie = node.wait_with_output().expect("node se termine");
    ecrivain.join().expect("le fil finit").expect("node lit tout");
    assert!(sortie.status.success(), "node a échoué");
    String::from_utf8_lossy(&sortie.stdout)
        .lines()
        .map(|ligne| serde_json::from_str(ligne).expect("une réponse par ligne"))
        .collect()
}

fn notre_etat(expression: &str, at: DateTime, calendrier: &Jours) -> &'static str {
    match Horaires::parse(expression).map(|h| h.est_ouvert(at, calendrier)) {
        Ok(Some(true)) => "ouvert",
        Ok(Some(false)) => "ferme",
        Ok(None) => "inconnu",
        Err(_) => "erreur",
    }
}

/// Holidays as the oracle knows them, so that both sides have the same.
struct Jours {
    feries: HashSet<Date>,
    scolaires: HashSet<Date>,
}

impl Jours {
    fn lire(reponse: &Value) -> Self {
        let jours = |nom: &str| -> HashSet<Date> {
            let liste = reponse[nom].as_array().expect("une liste de jours");
            liste
                .iter()
                .map(|j| j.as_str().expect("un jour").parse().expect("une date"))
                .collect()
        };
        let lus = Self {
            feries: jours("feries"),
            scolaires: jours("scolaires"),
        };
        assert!(
            lus.feries.contains(&date(2026, 7, 14)),
            "l'oracle connaît les jours fériés"
        );
        lus
    }
}

impl Calendrier for Jours {
    fn ferie(&self, date: Date) -> bool {
        self.feries.contains(&date)
    }

    fn vacances_scolaires(&self, date: Date) -> Option<bool> {
        Some(self.scolaires.contains(&date))
    }
}

fn etat_du_crate(expression: &str, at: DateTime, calendrier: &Jours) -> &'static str {
    use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};

    let Ok(lu) = expression.parse::<OpeningHours>() else {
        return "erreur";
    };
    let conges = ContextHolidays::new(
        Arc::new(calendrier.feries.iter().map(|j| en_chrono(*j)).collect()),
        Arc::new(calendrier.scolaires.iter().map(|j| en_chrono(*j)).collect()),
    );
    let instant = en_chrono(at.date())
        .and_hms_opt(
            u32::from(at.hour().unsigned_abs()),
            u32::from(at.minute().unsigned_abs()),
            0,
        )
        .expect("une heure du jour");
    match lu
        .with_context(Context::default().with_holidays(conges))
        .state(instant)
        .0
    {
        RuleKind::Open => "ouvert",
        RuleKind::Closed => "ferme",
        RuleKind::Unknown => "inconnu",
    }
}

fn en_chrono(date: Date) -> chrono::NaiveDate {
    let (mois, jour) = (
        u32::from(date.month().unsigned_abs()),
        u32::from(date.day().unsigned_abs()),
    );
    chrono::NaiveDate::from_ymd_opt(i32::from(date.year()), mois, jour).expect("une date")
}

/// SplitMix64: chance from a fixed seed.
struct Hasard(u64);

impl Hasard {
    fn jusqu_a(&mut self, borne: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % borne as u64).expect("sous la borne")
    }

    fn une_fois_sur(&mut self, n: usize) -> bool {
        self.jusqu_a(n) == 0
    }

    fn parmi<'a>(&mut self, choix: &[&'a str]) -> &'a str {
        choix[self.jusqu_a(choix.len())]
    }
}

fn instant(hasard: &mut Hasard) -> DateTime {
    let jours = i64::try_from(180 + hasard.jusqu_a(730)).expect("petit");
    let (heure, minute) = (hasard.jusqu_a(24), 5 * hasard.jusqu_a(12));
    // Hours of work more often than nights, so that answers differ.
    let heure = if hasard.une_fois_sur(3) { heure } else { 8 + heure % 11 };
    let (heure, minute) = (
        i8::try_from(heure).expect("petit"),
        i8::try_from(minute).expect("petit"),
    );
    PREMIER
        .checked_add(jours.days())
        .expect("une date")
        .at(heure, minute, 0, 0)
}

fn expression(hasard: &mut Hasard) -> String {
    let mut texte = regle(hasard);
    for _ in 0..hasard.jusqu_a(4) {
        // The oracle refuses a comma after 24/7.
        let ajoute = hasard.une_fois_sur(6) && !texte.ends_with("24/7");
        texte.push_str(if ajoute { ", " } else { "; " });
        texte.push_str(&regle(hasard));
    }
    if hasard.une_fois_sur(10) {
        texte.push_str(hasard.parmi(&[" || \"sur rendez-vous\"", " || Sa 10:00-12:00", " || unknown"]));
    }
    texte
}

fn regle(hasard: &mut Hasard) -> String {
    match hasard.jusqu_a(30) {
        0 => return "24/7".into(),
        1..=3 => return "PH off".into(),
        4 => return "SH off".into(),
        5 => return "\"sur rendez-vous\"".into(),
        _ => {}
    }
    let mut mots = vec![];
    match hasard.jusqu_a(12) {
        0 => mots.push(mois(hasard)),
        1 => mots.push(dates(hasard)),
        2 | 3 => mots.push(semaines(hasard)),
        _ => {}
    }
    if !hasard.une_fois_sur(8) || mots.is_empty() {
        mots.push(jours(hasard));
    }
    let effet = hasard.parmi(&[
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "off",
        "closed",
        "open",
        "unknown",
        "\"avec un agent\"",
        "open \"entrée par la cour\"",
        "off \"travaux\"",
    ]);
    if effet.is_empty() || hasard.une_fois_sur(2) {
        mots.push(heures(hasard));
    }
    mots.push(effet.to_owned());
    mots.retain(|m| !m.is_empty());
    mots.join(" ")
}

const SEMAINE: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const MOIS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn jours(hasard: &mut Hasard) -> String {
    let (un, deux) = (hasard.parmi(&SEMAINE), hasard.parmi(&SEMAINE));
    match hasard.jusqu_a(14) {
        0..=3 => "Mo-Fr".into(),
        4 => un.into(),
        5 => hasard.parmi(&["Sa,Su", "Fr-Mo", "Mo-We,Fr", "Mo-Su", "Tu-Sa"]).into(),
        6 if un != deux => format!("{un},{deux}"),
        7 if un != deux => format!("{un}-{deux}"),
        8 => format!(
            "{un}[{}]",
            hasard.parmi(&["1", "2", "3", "4", "5", "-1", "-2", "1,3", "2-3"])
        ),
        9 => hasard
            .parmi(&["PH", "Mo-Fr,PH", "PH,Su", "PH Mo-Fr", "PH +1 day"])
            .into(),
        10 => hasard.parmi(&["SH Mo-Fr", "SH", "SH,PH", "PH,SH", "Mo-Fr SH"]).into(),
        11 => format!("{un},{deux}[{}]", 1 + hasard.jusqu_a(4)),
        _ => "Mo,Tu,Th,Fr".into(),
    }
}

fn mois(hasard: &mut Hasard) -> String {
    let (un, deux) = (hasard.parmi(&MOIS), hasard.parmi(&MOIS));
    if un == deux { un.into() } else { format!("{un}-{deux}") }
}

fn dates(hasard: &mut Hasard) -> String {
    let (un, deux) = (hasard.parmi(&MOIS), hasard.parmi(&MOIS));
    let (a, b) = (1 + hasard.jusqu_a(28), 1 + hasard.jusqu_a(28));
    match hasard.jusqu_a(6) {
        0 => format!("{un} {a:02}"),
        1 if un != deux => format!("{un} {a:02}-{deux} {b:02}"),
        2 if a < b => format!("{un} {a:02}-{b:02}"),
        3 => format!("2024 {un} {a:02}-2025 {un} {b:02}"),
        _ => hasard
            .parmi(&[
                "Dec 24-Jan 02",
                "Jul-Aug",
                "easter",
                "easter +1 day",
                "easter -2 days",
                "Dec 24,31",
                "Feb 29",
                "Feb 15-29",
                "Mar-May,Oct",
                "Jan 01,May 01",
                "Mar Su[-1]-Oct Su[-1]",
                "2025",
                "2025-2026",
            ])
            .into(),
    }
}

fn semaines(hasard: &mut Hasard) -> String {
    let debut = 1 + hasard.jusqu_a(40);
    match hasard.jusqu_a(3) {
        0 => format!("week {}-53/2", 1 + hasard.jusqu_a(2)),
        1 => format!("week {debut}-{}", debut + 5),
        _ => format!("week {debut},{}", debut + 7),
    }
}

fn heures(hasard: &mut Hasard) -> String {
    let matin = 7 + hasard.jusqu_a(4);
    let soir = 16 + hasard.jusqu_a(5);
    match hasard.jusqu_a(12) {
        0 => format!("{soir}:00-{:02}:30", hasard.jusqu_a(5)),
        1 => format!("{matin:02}:30+"),
        2 => format!("{soir}:00-26:00"),
        3 => "00:00-24:00".into(),
        4 if hasard.une_fois_sur(8) => format!("{matin:02}:00-{matin:02}:45+"),
        5..=8 => format!("{matin:02}:30-12:00,14:00-{soir}:15"),
        9 => hasard
            .parmi(&["10:00-10:00", "9:00-12:00", "00:00-06:00,22:00-24:00", "11:15-12:30"])
            .into(),
        10 => format!("14:00-{soir}:00"),
        _ => format!("{matin:02}:00-{soir}:00"),
    }
}
