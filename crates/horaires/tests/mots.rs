//! Opening hours in words, in two languages.

use horaires::mots::{ANGLAIS, FRANCAIS, Mots};
use horaires::{Calendrier, Horaires};
use jiff::civil::{Date, DateTime, date};

struct Armistice;

impl Calendrier for Armistice {
    fn ferie(&self, date: Date) -> bool {
        (date.month(), date.day()) == (11, 11)
    }
}

const LUNDI: Date = date(2026, 11, 23);

/// The words with plain spaces, so that the expected text reads.
fn sans_insecables(texte: &str) -> String {
    texte.replace('\u{a0}', " ")
}

fn ligne(texte: &str, date: Date, mots: &Mots) -> String {
    let horaires = Horaires::parse(texte).expect(texte);
    sans_insecables(&mots.ligne(&horaires.jour(date, &Armistice)))
}

#[test]
fn un_jour_se_lit_comme_on_le_dit() {
    for (texte, jour, attendu) in [
        (
            "Mo 09:00-12:00,14:00-17:30",
            LUNDI,
            "lundi 23 novembre : de 9 h à 12 h et de 14 h à 17 h 30",
        ),
        ("Mo 09:00-17:00", LUNDI, "lundi 23 novembre : de 9 h à 17 h"),
        (
            "Mo 08:00-10:00,11:00-12:00,14:00-24:00",
            LUNDI,
            "lundi 23 novembre : de 8 h à 10 h, de 11 h à 12 h et de 14 h à minuit",
        ),
        ("Mo 20:00-02:00", LUNDI, "lundi 23 novembre : de 20 h à 2 h"),
        ("Mo 14:00+", LUNDI, "lundi 23 novembre : à partir de 14 h"),
        ("Tu 09:00-12:00", LUNDI, "lundi 23 novembre : fermé"),
        ("Mo off \"travaux\"", LUNDI, "lundi 23 novembre : fermé (travaux)"),
        ("24/7", date(2026, 5, 1), "vendredi 1er mai : 24 heures sur 24"),
        (
            "We 09:00-12:00; PH off",
            date(2026, 11, 11),
            "mercredi 11 novembre (jour férié) : fermé",
        ),
        ("\"sur rendez-vous\"", LUNDI, "lundi 23 novembre : sur rendez-vous"),
        (
            "Mo 09:00-12:00 \"sur rendez-vous\"",
            LUNDI,
            "lundi 23 novembre : de 9 h à 12 h (sur rendez-vous)",
        ),
        (
            "Mo 09:00-12:00 unknown",
            LUNDI,
            "lundi 23 novembre : de 9 h à 12 h (à confirmer)",
        ),
    ] {
        assert_eq!(ligne(texte, jour, &FRANCAIS), attendu, "{texte}");
    }
    assert_eq!(
        ligne("Mo 09:00-12:00,14:00-17:30", LUNDI, &ANGLAIS),
        "Monday 23 November: 9:00 to 12:00 and 14:00 to 17:30"
    );
}

fn etat(texte: &str, at: DateTime) -> String {
    let horaires = Horaires::parse(texte).expect(texte);
    sans_insecables(&FRANCAIS.etat(&horaires.etat(at, &Armistice), at))
}

#[test]
fn l_etat_dit_quand_revenir() {
    let mairie = "Mo-Fr 09:00-12:00,14:00-17:00";
    for (texte, at, attendu) in [
        (mairie, LUNDI.at(10, 0, 0, 0), "ouvert jusqu’à 12 h"),
        (mairie, LUNDI.at(12, 0, 0, 0), "fermé, ouvre à 14 h"),
        (mairie, LUNDI.at(18, 0, 0, 0), "fermé, ouvre demain à 9 h"),
        (
            mairie,
            date(2026, 11, 21).at(10, 0, 0, 0),
            "fermé, ouvre lundi 23 novembre à 9 h",
        ),
        ("Mo 20:00-24:00", LUNDI.at(21, 0, 0, 0), "ouvert jusqu’à minuit"),
        ("Mo 20:00-02:00", LUNDI.at(21, 0, 0, 0), "ouvert jusqu’à demain, 2 h"),
        ("24/7", LUNDI.at(21, 0, 0, 0), "ouvert"),
        ("off \"travaux\"", LUNDI.at(21, 0, 0, 0), "fermé (travaux)"),
        ("\"sur rendez-vous\"", LUNDI.at(21, 0, 0, 0), "sur rendez-vous"),
        ("unknown", LUNDI.at(21, 0, 0, 0), "à confirmer"),
    ] {
        assert_eq!(etat(texte, at), attendu, "{texte}");
    }
}

#[test]
fn une_autre_langue_est_un_autre_jeu_de_mots_et_un_commentaire_n_est_pas_un_modele() {
    let breton = Mots {
        ferme: "serret".into(),
        ..FRANCAIS
    };
    assert_eq!(ligne("Tu 09:00-12:00", LUNDI, &breton), "lundi 23 novembre : serret");
    assert_eq!(
        ligne("Mo 09:00-12:00 open \"{debut} {\"", LUNDI, &FRANCAIS),
        "lundi 23 novembre : de 9 h à 12 h ({debut} {)"
    );
}
