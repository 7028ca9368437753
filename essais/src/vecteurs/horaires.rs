//! The reference's functions on opening hours.

use horaires::francais::{self, Parite, Semaine};
use horaires::tableau::{self, JourDeTableau};
use horaires::{Etat, Heure, Horaires, JourOuvert, Nature, SansFerie};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde_json::json;

use super::chaine::{Contexte, Retour};
use super::deviations::Predicat;
use super::valeur::{self, Valeur, argument, texte};
use super::{Fonction, Vecteur};

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[
    ("toOsmHours", |_, args| Retour::de(francais::plages(texte(args, 0)))),
    ("processHoraires", |_, args| {
        Retour::de(cellules(argument(args, 0), argument(args, 1)))
    }),
    ("mergeHoursRanges", fusionner),
    ("mergeMultipleHoursRanges", fusionner),
    ("fromTimetableOsmOpeningHours", |_, args| {
        Retour::de(depuis_jours(argument(args, 0)))
    }),
    ("fromTimetableOpeningHours", |_, args| {
        Retour::de(depuis_tableau(argument(args, 0)))
    }),
    ("toTimetableOsmOpeningHours", vers_jours),
    ("toTimetableOpeningHours", vers_tableau),
    ("parseWeekOsmOpeningHours", semaine),
    ("openingState", etat),
    ("isOpenNow", |_, args| ou_rien(ouvert_maintenant(args))),
    ("isOpenOn", |_, args| ou_rien(ouvert_ce_jour(args))),
    ("getComment", |_, args| {
        ou_rien(
            Horaires::parse(texte(args, 0))
                .ok()
                .and_then(|h| h.commentaire().map(Valeur::from)),
        )
    }),
    ("firstDayOfTheWeek", |_, args| jour_de_semaine(args, Weekday::Monday)),
    ("lastDayOfTheWeek", |_, args| jour_de_semaine(args, Weekday::Sunday)),
    ("dayOfTheWeek", |contexte, args| {
        match jour_numero(contexte, argument(args, 1)) {
            Some(jour) => jour_de_semaine(args, jour),
            None => Retour::Ignore("le jour n'est pas un numéro".into()),
        }
    }),
    ("dateTimeFor", |_, args| ou_rien(instant_pour(args))),
];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[
    ("sauf-jours", tient_compte_de_sauf),
    ("rang-du-mois", tient_compte_du_rang),
    ("demi-journee-fermee", tient_compte_de_la_demi_journee),
];

const CODES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

fn ou_rien(valeur: Option<Valeur>) -> Retour {
    valeur.map_or_else(Retour::rien, Retour::Valeur)
}

fn fusionner(_: &Contexte, args: &[Valeur]) -> Retour {
    Retour::de(francais::fusionner(args.iter().filter_map(Valeur::as_str)))
}

/// A row of a source and the mapping that tells which columns hold its hours.
fn cellules(ligne: &Valeur, colonnes: &Valeur) -> Option<String> {
    let cellule = |nom: &Valeur| nom.as_str().and_then(|nom| ligne[nom].as_str()).unwrap_or_default();
    let horaires = &colonnes["horaires"];
    let mut jours = [""; 7];
    for jour in horaires["jours"].as_array().into_iter().flatten() {
        if let Some(rang) = CODES.iter().position(|code| jour["osm"] == *code) {
            jours[rang] = cellule(&jour["colonne"]);
        }
    }
    let parite = cellule(&colonnes["semaine_ouverture"]["colonne"]);
    Semaine {
        jours,
        texte: cellule(&horaires["semaine"]),
        osm: cellule(&horaires["osm"]),
        parite: Parite::lire(parite),
    }
    .vers_osm()
}

fn depuis_jours(liste: &Valeur) -> String {
    let mut jours = [""; 7];
    for jour in liste.as_array().into_iter().flatten() {
        if let Some(rang) = CODES.iter().position(|code| jour["day"] == *code) {
            jours[rang] = jour["osmHours"].as_str().unwrap_or_default();
        }
    }
    tableau::compacter(&jours)
}

fn depuis_tableau(jours: &Valeur) -> String {
    tableau::vers_osm(&CODES.map(|code| JourDeTableau {
        matin: demi_journee(&jours[code]["am"]),
        apres_midi: demi_journee(&jours[code]["pm"]),
    }))
}

fn demi_journee(demi: &Valeur) -> tableau::DemiJournee {
    let ouverte = demi["isOpen"].as_bool() == Some(true);
    ouverte
        .then(|| Some((heure(&demi["startTime"])?, heure(&demi["endTime"])?)))
        .flatten()
}

fn heure(texte: &Valeur) -> Option<Heure> {
    let (heures, minutes) = texte.as_str()?.split_once(':')?;
    Heure::depuis_minuit(heures.parse::<u16>().ok()? * 60 + minutes.parse::<u16>().ok()?)
}

/// The reference works in the machine's zone, UTC in its tests.
fn instant(args: &[Valeur]) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(valeur::instant(argument(args, 0))?))
}

fn date_de(at: DateTime) -> Option<Valeur> {
    Some(valeur::date(at.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

fn vers_jours(_: &Contexte, args: &[Valeur]) -> Retour {
    let jours = instant(args).and_then(|at| tableau::jours_depuis_osm(texte(args, 1), at.date(), &SansFerie).ok());
    let objets = |jours: Vec<(&str, String)>| {
        jours
            .into_iter()
            .map(|(jour, plages)| json!({ "day": jour, "osmHours": plages }))
            .collect()
    };
    ou_rien(jours.map(objets))
}

fn vers_tableau(_: &Contexte, args: &[Valeur]) -> Retour {
    let tableau = instant(args).and_then(|at| tableau::depuis_osm(texte(args, 1), at.date(), &SansFerie).ok());
    let demi = |demi: tableau::DemiJournee| match demi {
        Some((debut, fin)) => {
            json!({ "startTime": debut.to_string(), "endTime": fin.to_string(), "isOpen": true })
        }
        None => json!({ "isOpen": false }),
    };
    let objet = |tableau: [JourDeTableau; 7]| {
        let jours = CODES.into_iter().zip(tableau);
        jours
            .map(|(code, jour)| {
                (
                    code.to_owned(),
                    json!({ "am": demi(jour.matin), "pm": demi(jour.apres_midi) }),
                )
            })
            .collect()
    };
    ou_rien(tableau.map(objet))
}

/// The week by the number of the day, Sunday 0.
fn semaine(_: &Contexte, args: &[Valeur]) -> Retour {
    let lire = || {
        let semaine = Horaires::parse(texte(args, 1))
            .ok()?
            .semaine(tableau::premier_jour(instant(args)?.date()), &SansFerie);
        let jours = semaine.iter().map(|jour| {
            let numero = jour.date.weekday().to_sunday_zero_offset().to_string();
            (numero, plages(jour))
        });
        Some(jours.collect())
    };
    ou_rien(lire())
}

fn plages(jour: &JourOuvert) -> Valeur {
    let ouvertes = jour.plages.iter().filter(|p| p.nature == Nature::Ouvert);
    ouvertes
        .map(|p| {
            json!({
                "start": p.debut.to_string(),
                "end": p.fin.to_string(),
                "startAM": tableau::commence_le_matin(p),
            })
        })
        .collect()
}

fn etat(_: &Contexte, args: &[Valeur]) -> Retour {
    let lire = || {
        let etat = Horaires::parse(texte(args, 1)).ok()?.etat(instant(args)?, &SansFerie);
        Some(match etat {
            Etat::Ouvert { jusqu_a, .. } => json!({ "isOpen": true, "time": jusqu_a.and_then(date_de) }),
            Etat::Ferme { ouvre_a, .. } => json!({
                "isOpen": false,
                "day": ouvre_a.map(|at| at.weekday().to_sunday_zero_offset()),
                "time": ouvre_a.and_then(date_de),
            }),
            Etat::Inconnu { .. } => json!({ "isOpen": false }),
        })
    };
    ou_rien(lire())
}

fn ouvert_maintenant(args: &[Valeur]) -> Option<Valeur> {
    let horaires = Horaires::parse(texte(args, 1)).ok()?;
    Some((horaires.est_ouvert(instant(args)?, &SansFerie) == Some(true)).into())
}

/// Open on a day of this week, during the given hours when there are some.
fn ouvert_ce_jour(args: &[Valeur]) -> Option<Valeur> {
    let horaires = Horaires::parse(texte(args, 1)).ok()?;
    let date = jour_du_dimanche_zero(instant(args)?.date(), argument(args, 2))?;
    let ouvert = match (heure(argument(args, 3)), heure(argument(args, 4))) {
        (Some(de), Some(a)) => horaires.ouvert_entre(a_l_heure(date, de)?, a_l_heure(date, a)?, &SansFerie),
        _ => horaires
            .jour(date, &SansFerie)
            .plages
            .iter()
            .any(|p| p.nature == Nature::Ouvert),
    };
    Some(ouvert.into())
}

fn instant_pour(args: &[Valeur]) -> Option<Valeur> {
    let date = jour_du_dimanche_zero(instant(args)?.date(), argument(args, 1))?;
    date_de(a_l_heure(date, heure(argument(args, 2))?)?)
}

fn a_l_heure(date: Date, heure: Heure) -> Option<DateTime> {
    let minutes = i64::from(heure.minutes_depuis_minuit());
    date.at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()
}

fn jour_du_dimanche_zero(date: Date, numero: &Valeur) -> Option<Date> {
    let jour = Weekday::from_sunday_zero_offset(i8::try_from(numero.as_i64()?).ok()?).ok()?;
    Some(tableau::jour_de_la_semaine(date, jour))
}

/// Two references share this name: one counts days from Monday, the other from Sunday.
fn jour_numero(contexte: &Contexte, numero: &Valeur) -> Option<Weekday> {
    let numero = i8::try_from(numero.as_i64()?).ok()?;
    if contexte.fichier == "carto-horaires-presentation" {
        Weekday::from_sunday_zero_offset(numero).ok()
    } else {
        Weekday::from_monday_zero_offset(numero).ok()
    }
}

/// The same time of another day of the week.
fn jour_de_semaine(args: &[Valeur], jour: Weekday) -> Retour {
    let lire = || {
        let at = instant(args)?;
        date_de(tableau::jour_de_la_semaine(at.date(), jour).to_datetime(at.time()))
    };
    ou_rien(lire())
}

/// A week with an exception, where ours told hours: the reference drops the exception.
fn tient_compte_de_sauf(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    parle_de(vecteur, "sauf ") && matches!(obtenu, Retour::Valeur(Valeur::String(_)))
}

/// A day of the month ("1er mardi du mois"), where ours told that occurrence alone: the reference tells every week.
fn tient_compte_du_rang(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    let rang = matches!(obtenu, Retour::Valeur(Valeur::String(osm)) if osm.contains('['));
    rang && ["mois", "1er", "premier", "dernier", "ème"]
        .iter()
        .any(|mot| parle_de(vecteur, mot))
}

/// "Fermé le mercredi après-midi", where ours took that half away: the reference keeps it open.
fn tient_compte_de_la_demi_journee(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    let demi = parle_de(vecteur, "matin") || parle_de(vecteur, "midi");
    demi && parle_de(vecteur, "ferm") && matches!(obtenu, Retour::Valeur(Valeur::String(_)))
}

fn parle_de(vecteur: &Vecteur, mot: &str) -> bool {
    let args = vecteur.appel.iter().flat_map(|etape| etape.args.iter().flatten());
    let mut cellules = args
        .filter_map(Valeur::as_object)
        .flat_map(|ligne| ligne.values())
        .filter_map(Valeur::as_str);
    cellules.any(|texte| texte.to_lowercase().contains(mot))
}
