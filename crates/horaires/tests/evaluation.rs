//! What the rules say, told as the people who read them would.

use horaires::{Calendrier, ErreurHoraires, Etat, Horaires, Nature, SansFerie};
use jiff::civil::{Date, DateTime, date};

/// France in 2026: 14 July, 11 November, and nobody knows the school holidays unless told.
#[derive(Default)]
struct France {
    vacances: Option<bool>,
}

impl Calendrier for France {
    fn ferie(&self, date: Date) -> bool {
        [(7, 14), (11, 11)].contains(&(date.month(), date.day()))
    }

    fn vacances_scolaires(&self, _date: Date) -> Option<bool> {
        self.vacances
    }
}

const VENDREDI: Date = date(2026, 11, 20);
const SAMEDI: Date = date(2026, 11, 21);
const DIMANCHE: Date = date(2026, 11, 22);
const LUNDI: Date = date(2026, 11, 23);
const ARMISTICE: Date = date(2026, 11, 11);

fn lire(texte: &str) -> Horaires {
    Horaires::parse(texte).unwrap_or_else(|erreur| panic!("{texte} : {erreur}"))
}

fn a(date: Date, heure: i8, minute: i8) -> DateTime {
    date.at(heure, minute, 0, 0)
}

#[track_caller]
fn assert_ouvert(texte: &str, at: DateTime, attendu: Option<bool>) {
    assert_eq!(
        lire(texte).est_ouvert(at, &France::default()),
        attendu,
        "{texte} à {at}"
    );
}

#[test]
fn chaque_partie_de_la_grammaire_ouvre_et_ferme_quand_elle_le_dit() {
    for (texte, at, attendu) in [
        ("Mo-Fr 09:00-12:00,14:00-17:00", a(VENDREDI, 11, 59), Some(true)),
        ("Mo-Fr 09:00-12:00,14:00-17:00", a(VENDREDI, 12, 0), Some(false)),
        ("Mo-Fr 9:00 - 12:00, 14:00 - 17:00", a(VENDREDI, 14, 0), Some(true)),
        ("mo-fr 09:00–12:00", a(VENDREDI, 9, 0), Some(true)),
        ("24/7", a(DIMANCHE, 3, 0), Some(true)),
        ("off", a(LUNDI, 10, 0), Some(false)),
        ("Sa-Mo 10:00-12:00", a(DIMANCHE, 10, 0), Some(true)),
        ("Mo-Fr 09:00-18:00; 12:00-14:00 off", a(VENDREDI, 13, 0), Some(false)),
        ("Mo-Fr 09:00-18:00; PH off", a(ARMISTICE, 10, 0), Some(false)),
        ("Mo-Fr 09:00-18:00; PH 10:00-12:00", a(ARMISTICE, 11, 0), Some(true)),
        ("PH Mo-Fr 10:00-12:00", a(VENDREDI, 11, 0), Some(false)),
        ("PH,Mo-Fr 10:00-12:00", a(VENDREDI, 11, 0), Some(true)),
        ("PH +1 day off; Mo-Su 10:00-12:00", a(ARMISTICE, 11, 0), Some(true)),
        ("week 1-53/2 Fr 09:00-12:00", a(VENDREDI, 10, 0), Some(true)),
        ("week 2-52/2 Fr 09:00-12:00", a(VENDREDI, 10, 0), Some(false)),
        ("Fr[3] 09:00-12:00", a(VENDREDI, 10, 0), Some(true)),
        ("Fr[1] 09:00-12:00", a(VENDREDI, 10, 0), Some(false)),
        ("Fr[-2] 09:00-12:00", a(VENDREDI, 10, 0), Some(true)),
        ("Nov-Feb 09:00-12:00", a(VENDREDI, 10, 0), Some(true)),
        ("Mar-Oct 09:00-12:00", a(VENDREDI, 10, 0), Some(false)),
        ("09:00-12:00; Nov 18-25 off", a(VENDREDI, 10, 0), Some(false)),
        (
            "09:00-12:00; Dec 24-Jan 02 off",
            a(date(2027, 1, 2), 10, 0),
            Some(false),
        ),
        (
            "2026 Dec 24-2027 Jan 02 09:00-12:00",
            a(date(2027, 12, 25), 10, 0),
            Some(false),
        ),
        ("2026 Sep 01+ 09:00-12:00", a(VENDREDI, 10, 0), Some(true)),
        ("Dec 24,31 09:00-12:00", a(date(2026, 12, 31), 10, 0), Some(true)),
        ("Feb 29 09:00-12:00", a(VENDREDI, 10, 0), Some(false)),
        ("easter 10:00-12:00", a(date(2026, 4, 5), 11, 0), Some(true)),
        ("Mar Su[-1]-Oct Su[-1] 10:00-12:00", a(VENDREDI, 11, 0), Some(false)),
        ("Fr 22:00-02:00", a(SAMEDI, 1, 59), Some(true)),
        ("Fr 22:00-26:00", a(SAMEDI, 2, 0), Some(false)),
        ("Fr 10:00-12:00 \"sur rendez-vous\"", a(VENDREDI, 11, 0), None),
        (
            "Fr 10:00-12:00 open \"entrée par la cour\"",
            a(VENDREDI, 11, 0),
            Some(true),
        ),
        ("Fr 10:00+", a(VENDREDI, 20, 0), None),
        ("Fr 10:00-12:00 || \"sur rendez-vous\"", a(VENDREDI, 11, 0), Some(true)),
        ("Fr 10:00-12:00 || \"sur rendez-vous\"", a(LUNDI, 11, 0), None),
    ] {
        assert_ouvert(texte, at, attendu);
    }
}

#[test]
fn des_vacances_que_personne_ne_connait_rendent_les_heures_inconnues_et_elles_seules() {
    let mairie = lire("Mo-Fr 09:00-17:00; SH off");
    let france = |vacances| France { vacances };
    assert_eq!(mairie.est_ouvert(a(LUNDI, 10, 0), &france(Some(true))), Some(false));
    assert_eq!(mairie.est_ouvert(a(LUNDI, 10, 0), &france(Some(false))), Some(true));
    assert_eq!(mairie.est_ouvert(a(LUNDI, 10, 0), &france(None)), None);
    assert_eq!(mairie.est_ouvert(a(LUNDI, 20, 0), &france(None)), Some(false));
    assert_eq!(mairie.jour(LUNDI, &france(None)).plages[0].nature, Nature::Inconnu);
}

#[test]
fn l_etat_dit_jusqu_a_quand() {
    let mairie = lire("Mo-Fr 09:00-12:00,14:00-17:00; PH off");
    let ouvert = |fin| Etat::Ouvert {
        jusqu_a: fin,
        commentaire: None,
    };
    let ferme = |debut| Etat::Ferme {
        ouvre_a: debut,
        commentaire: None,
    };
    let france = France::default();
    assert_eq!(
        mairie.etat(a(VENDREDI, 10, 0), &france),
        ouvert(Some(a(VENDREDI, 12, 0)))
    );
    assert_eq!(mairie.etat(a(VENDREDI, 17, 0), &france), ferme(Some(a(LUNDI, 9, 0))));
    assert_eq!(
        mairie.etat(a(date(2026, 11, 10), 18, 0), &france),
        ferme(Some(a(date(2026, 11, 12), 9, 0)))
    );
    assert_eq!(lire("24/7").etat(a(LUNDI, 3, 0), &france), ouvert(None));
    assert_eq!(lire("2020 10:00-12:00").etat(a(LUNDI, 3, 0), &france), ferme(None));
    assert_eq!(
        lire("Fr 20:00-02:00").etat(a(VENDREDI, 23, 0), &france),
        ouvert(Some(a(SAMEDI, 2, 0))),
        "minuit ne coupe pas la soirée"
    );
    assert_eq!(
        lire("\"sur rendez-vous\"").etat(a(LUNDI, 3, 0), &france),
        Etat::Inconnu {
            commentaire: Some("sur rendez-vous".into())
        }
    );
}

#[test]
fn une_soiree_qui_passe_minuit_reste_entiere_au_jour_ou_elle_commence() {
    let bar = lire("Fr,Sa 20:00-02:00; Su 10:00-12:00");
    let plages = |date| -> Vec<String> {
        let jour = bar.jour(date, &SansFerie);
        jour.plages.iter().map(|p| format!("{}-{}", p.debut, p.fin)).collect()
    };
    assert_eq!(plages(VENDREDI), ["20:00-02:00"]);
    assert_eq!(plages(DIMANCHE), ["10:00-12:00"]);
}

#[test]
fn le_week_end_qui_vient_se_lit_depuis_n_importe_quel_jour() {
    let samedi = lire("Mo-Fr 09:00-17:00; Sa 09:00-12:00");
    assert!(samedi.ouvert_le_week_end(LUNDI, &SansFerie));
    assert!(samedi.ouvert_le_week_end(SAMEDI, &SansFerie));
    assert!(!samedi.ouvert_le_week_end(DIMANCHE, &SansFerie), "le samedi est passé");
    assert!(!lire("Mo-Fr 09:00-17:00").ouvert_le_week_end(LUNDI, &SansFerie));
}

#[test]
fn la_forme_normale_range_les_parties_et_les_heures() {
    for (texte, attendu) in [
        (
            "mo-fr 9:00 - 12:00, 14:00-17:00 ;PH off",
            "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
        ),
        ("Mo,Tu,We 08:00-24:00", "Mo-We 08:00-24:00"),
        ("Mo open, 10:00-12:00", "Mo open, 10:00-12:00"),
        ("week 1-53/2 Th[1,-1] 22:00-26:00", "week 1-53/2 Th[1,-1] 22:00-02:00"),
        (
            "2026 Dec 24 - 2027 Jan 2 closed \"congés\"",
            "2026 Dec 24-2027 Jan 02 off \"congés\"",
        ),
        ("Fr 10:00+ || unknown \"au téléphone\"", "Fr 10:00+ || \"au téléphone\""),
        ("SH Mo-Fr 10:00-12:00", "SH Mo-Fr 10:00-12:00"),
        ("24/7", "24/7"),
    ] {
        assert_eq!(lire(texte).to_string(), attendu);
        assert_eq!(lire(attendu).to_string(), attendu, "la forme normale est stable");
    }
}

#[test]
fn un_refus_dit_ou_et_quoi() {
    for (texte, message) in [
        ("  ", "les horaires sont vides"),
        (
            "Mo-AM 09:00-12:00",
            "au caractère 3, un point-virgule ou une heure est attendu au lieu de « - »",
        ),
        (
            "Mo 25:00-26:00",
            "au caractère 4, « 25:00 » n'est pas une heure entre 00:00 et 23:59",
        ),
        (
            "Mo 09:00",
            "les horaires s'arrêtent trop tôt : au caractère 9, un tiret puis l'heure de fermeture est attendu",
        ),
        (
            "week 60 Mo",
            "au caractère 6, « 60 » n'est pas un numéro de semaine entre 1 et 53",
        ),
        (
            "week 10-2 Mo",
            "au caractère 6, la fin de l'intervalle vient avant son début",
        ),
        ("Mo \"fermé", "au caractère 4, le guillemet ouvrant n'est jamais fermé"),
        (
            "Mo sunrise-sunset",
            "au caractère 4, « sunrise » dépend du soleil : écrivez une heure",
        ),
        (
            "été",
            "au caractère 1, un jour, une date, une heure ou un commentaire est attendu au lieu de « été »",
        ),
    ] {
        let erreur = Horaires::parse(texte).expect_err(texte);
        assert_eq!(erreur.to_string(), message);
    }
    assert_eq!(
        Horaires::parse(&"Mo;".repeat(1_000)),
        Err(ErreurHoraires::TropLong { octets: 3_000 })
    );
}
