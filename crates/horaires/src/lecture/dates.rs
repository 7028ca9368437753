//! Years, months and dates.

use super::curseur::Curseur;
use super::jours::{jour_nomme, numero};
use crate::erreur::ErreurHoraires;
use crate::selecteur::{CODES_MOIS, Jalon, Jours, Periode, Point, Suite};

const ANNEE: &str = "une année entre 1900 et 9998";

/// What one end of a date range may be.
enum Borne {
    Mois(i8),
    Point(Point),
}

/// Read `2026`, `2025-2027`, `Jan-Mar`, `2026 Dec 24-Jan 02`, `easter +1 day`.
pub(super) fn annees_et_periodes(curseur: &mut Curseur<'_>, jours: &mut Jours) -> Result<(), ErreurHoraires> {
    while curseur.nombre().is_some() && (!jours.annees.is_empty() || !annee_de_date(curseur)) {
        jours.annees.push(suite_d_annees(curseur)?);
        if !curseur.mange_virgule_puis(|suite| suite.nombre().is_some_and(|n| n > 31)) {
            break;
        }
    }
    curseur.passer_espaces();
    while debut_de_periode(curseur) {
        let dernier = periode(curseur)?;
        jours.periodes.push(dernier);
        autres_quantiemes(curseur, dernier, &mut jours.periodes)?;
        if !curseur.mange_virgule_puis(debut_de_periode) {
            break;
        }
    }
    curseur.passer_espaces();
    Ok(())
}

/// `Dec 24,31`: more days of the month just read.
fn autres_quantiemes(
    curseur: &mut Curseur<'_>,
    dernier: Periode,
    periodes: &mut Vec<Periode>,
) -> Result<(), ErreurHoraires> {
    let Periode::Dates {
        fin:
            Jalon {
                annee,
                point: Point::Quantieme { mois, .. },
                decalage: 0,
            },
        ..
    } = dernier
    else {
        return Ok(());
    };
    while curseur.mange_virgule_puis(|suite| suite.nombre().is_some_and(|n| n <= 31)) {
        let debut = Jalon {
            annee,
            point: quantieme(curseur, mois)?,
            decalage: 0,
        };
        let mut fin = debut;
        if curseur.mange_tiret() {
            fin.point = quantieme(curseur, mois)?;
        }
        periodes.push(Periode::Dates { debut, fin });
    }
    Ok(())
}

fn quantieme(curseur: &mut Curseur<'_>, mois: i8) -> Result<Point, ErreurHoraires> {
    let jour = numero(curseur, 1..=31, "un jour du mois entre 1 et 31")?;
    Ok(Point::Quantieme { mois, jour: jour as i8 })
}

/// Is the year here the first word of a date, as in `2026 Dec 24`?
fn annee_de_date(curseur: &Curseur<'_>) -> bool {
    let mut apres = curseur.clone();
    apres.avance_du_nombre();
    apres.passer_espaces();
    mois_ou_paques(&apres.mot())
}

fn debut_de_periode(curseur: &Curseur<'_>) -> bool {
    mois_ou_paques(&curseur.mot()) || (curseur.nombre().is_some() && annee_de_date(curseur))
}

fn mois_ou_paques(mot: &str) -> bool {
    mot == "easter" || mois_nomme(mot).is_some()
}

fn mois_nomme(mot: &str) -> Option<i8> {
    let rang = CODES_MOIS.iter().position(|code| code.eq_ignore_ascii_case(mot))?;
    i8::try_from(rang + 1).ok()
}

fn suite_d_annees(curseur: &mut Curseur<'_>) -> Result<Suite, ErreurHoraires> {
    let position = curseur.position();
    let debut = numero(curseur, 1900..=9998, ANNEE)?;
    let mut suite = Suite {
        debut,
        fin: debut,
        pas: 1,
    };
    if curseur.mange("+") {
        suite.fin = 9998;
    } else if curseur.mange_tiret() {
        suite.fin = numero(curseur, 1900..=9998, ANNEE)?;
        if curseur.mange("/") {
            suite.pas = numero(curseur, 1..=100, "un pas entre 1 et 100")?;
        }
    }
    if suite.fin < suite.debut {
        return Err(ErreurHoraires::Inverse { position });
    }
    Ok(suite)
}

fn periode(curseur: &mut Curseur<'_>) -> Result<Periode, ErreurHoraires> {
    let (annee, borne) = borne(curseur)?;
    let point = match borne {
        Borne::Mois(debut) => return mois(curseur, annee, debut),
        Borne::Point(point) => point,
    };
    let debut = Jalon {
        annee,
        point,
        decalage: decalage(curseur)?,
    };
    if curseur.mange("+") {
        return Ok(Periode::APartir { debut });
    }
    let mut apres = curseur.clone();
    apres.passer_espaces();
    if !apres.mange_tiret() {
        return Ok(Periode::Dates { debut, fin: debut });
    }
    apres.passer_espaces();
    *curseur = apres;
    let fin = match (curseur.nombre(), point) {
        (Some(n), Point::Quantieme { mois, .. }) if n <= 31 => Jalon {
            annee,
            point: quantieme(curseur, mois)?,
            decalage: 0,
        },
        _ => fin_de_periode(curseur)?,
    };
    Ok(Periode::Dates { debut, fin })
}

fn fin_de_periode(curseur: &mut Curseur<'_>) -> Result<Jalon, ErreurHoraires> {
    if !debut_de_periode(curseur) {
        return Err(curseur.refus("la date de fin"));
    }
    let (annee, borne) = borne(curseur)?;
    match borne {
        Borne::Point(point) => Ok(Jalon {
            annee,
            point,
            decalage: decalage(curseur)?,
        }),
        Borne::Mois(_) => Err(curseur.refus("un jour du mois")),
    }
}

fn mois(curseur: &mut Curseur<'_>, annee: Option<i16>, debut: i8) -> Result<Periode, ErreurHoraires> {
    let seul = Periode::Mois {
        annee,
        debut,
        annee_fin: None,
        fin: debut,
    };
    let mut apres = curseur.clone();
    apres.passer_espaces();
    if !apres.mange_tiret() {
        return Ok(seul);
    }
    apres.passer_espaces();
    *curseur = apres;
    let position = curseur.position();
    let annee_fin = annee_ici(curseur)?;
    let Some(fin) = mois_nomme(&curseur.mot()).filter(|_| annee.is_some() || annee_fin.is_none()) else {
        return Err(curseur.refus("le mois de fin"));
    };
    curseur.avance_du_mot();
    if annee_fin.is_some_and(|a| (Some(a), fin) < (annee, debut)) {
        return Err(ErreurHoraires::Inverse { position });
    }
    Ok(Periode::Mois {
        annee,
        debut,
        annee_fin,
        fin,
    })
}

fn annee_ici(curseur: &mut Curseur<'_>) -> Result<Option<i16>, ErreurHoraires> {
    let annee = match curseur.nombre() {
        Some(_) => Some(numero(curseur, 1900..=9998, ANNEE)?),
        None => None,
    };
    curseur.passer_espaces();
    Ok(annee)
}

fn borne(curseur: &mut Curseur<'_>) -> Result<(Option<i16>, Borne), ErreurHoraires> {
    let annee = annee_ici(curseur)?;
    let mot = curseur.mot();
    curseur.avance_du_mot();
    let Some(mois) = mois_nomme(&mot) else {
        return Ok((annee, Borne::Point(Point::Paques)));
    };
    let apres = curseur.clone();
    curseur.passer_espaces();
    if curseur.nombre().is_some_and(|n| n <= 31) {
        return Ok((annee, Borne::Point(quantieme(curseur, mois)?)));
    }
    if let Some(point) = jour_du_mois(curseur, mois)? {
        return Ok((annee, Borne::Point(point)));
    }
    *curseur = apres;
    Ok((annee, Borne::Mois(mois)))
}

/// `Oct Su[-1]`, told apart from `Oct Su`.
fn jour_du_mois(curseur: &mut Curseur<'_>, mois: i8) -> Result<Option<Point>, ErreurHoraires> {
    let mut apres = curseur.clone();
    let Some(jour) = jour_nomme(&apres.mot()) else {
        return Ok(None);
    };
    apres.avance_du_mot();
    if !apres.mange("[") {
        return Ok(None);
    }
    let signe = if apres.mange_tiret() { -1 } else { 1 };
    let rang = numero(&mut apres, 1..=5, "un rang dans le mois entre 1 et 5")?;
    // Several ranks, or a list of days: a plain `Oct` followed by days of the week.
    if !apres.mange("]") || apres.clone().mange(",") {
        return Ok(None);
    }
    *curseur = apres;
    Ok(Some(Point::JourDuMois {
        mois,
        jour,
        rang: signe * rang as i8,
    }))
}

/// ` +1 day`, ` -2 days`, or nothing.
pub(super) fn decalage(curseur: &mut Curseur<'_>) -> Result<i16, ErreurHoraires> {
    let mut apres = curseur.clone();
    apres.passer_espaces();
    let signe = if apres.mange("+") {
        1
    } else if apres.mange_tiret() {
        -1
    } else {
        return Ok(0);
    };
    if apres.nombre().is_none() {
        return Ok(0);
    }
    let mut mesure = apres.clone();
    mesure.avance_du_nombre();
    mesure.passer_espaces();
    if !matches!(mesure.mot().as_str(), "day" | "days") {
        return Ok(0);
    }
    let jours = numero(&mut apres, 0..=366, "un nombre de jours entre 0 et 366")?;
    mesure.avance_du_mot();
    *curseur = mesure;
    Ok(signe * jours)
}
