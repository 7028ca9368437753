//! Weeks, holidays and days of the week.

use jiff::civil::Weekday;

use super::curseur::Curseur;
use super::dates;
use crate::erreur::ErreurHoraires;
use crate::regle::{CODES_JOURS, rang_jour};
use crate::selecteur::{Conge, Jours, Rang, Suite};

/// Read the days that a rule names; nothing read means every day.
pub(super) fn lire(curseur: &mut Curseur<'_>) -> Result<Jours, ErreurHoraires> {
    let mut jours = Jours::default();
    dates::annees_et_periodes(curseur, &mut jours)?;
    if curseur.mot() == "week" {
        curseur.avance_du_mot();
        jours.semaines = semaines(curseur)?;
    }
    lisibilite(curseur);
    conges_et_jours(curseur, &mut jours)?;
    lisibilite(curseur);
    Ok(jours)
}

/// A colon may stand between the parts of a selector, for the reader's comfort.
fn lisibilite(curseur: &mut Curseur<'_>) {
    curseur.passer_espaces();
    curseur.mange(":");
    curseur.passer_espaces();
}

fn semaines(curseur: &mut Curseur<'_>) -> Result<Vec<Suite>, ErreurHoraires> {
    let mut semaines = Vec::new();
    loop {
        curseur.passer_espaces();
        let position = curseur.position();
        let debut = numero(curseur, 1..=53, "un numéro de semaine entre 1 et 53")?;
        let mut suite = Suite {
            debut,
            fin: debut,
            pas: 1,
        };
        if curseur.mange_tiret() {
            suite.fin = numero(curseur, 1..=53, "un numéro de semaine entre 1 et 53")?;
            if curseur.mange("/") {
                suite.pas = numero(curseur, 1..=53, "un pas entre 1 et 53")?;
            }
        }
        if suite.fin < suite.debut {
            return Err(ErreurHoraires::Inverse { position });
        }
        semaines.push(suite);
        if !curseur.mange_virgule_puis(|suite| suite.nombre().is_some()) {
            return Ok(semaines);
        }
    }
}

/// A number within its bounds.
pub(super) fn numero(
    curseur: &mut Curseur<'_>,
    bornes: std::ops::RangeInclusive<i16>,
    attendu: &'static str,
) -> Result<i16, ErreurHoraires> {
    let position = curseur.position();
    let Some(lu) = curseur.nombre() else {
        return Err(curseur.refus(attendu));
    };
    if !bornes.contains(&lu) {
        return Err(ErreurHoraires::HorsBornes {
            position,
            attendu,
            valeur: lu.to_string(),
        });
    }
    curseur.avance_du_nombre();
    Ok(lu)
}

/// `Mo-Fr,PH`, `PH Mo-Fr`, `SH,PH`, `Th[1]`: a comma means either, a space between holidays and days means both.
fn conges_et_jours(curseur: &mut Curseur<'_>, jours: &mut Jours) -> Result<(), ErreurHoraires> {
    liste(curseur, jours)?;
    let nomme_jours = jours.masque != 0 || !jours.rangs.is_empty();
    if jours.conges.is_empty() == nomme_jours {
        let mut apres = curseur.clone();
        apres.passer_espaces();
        if element_ici(&apres) && est_conge(&apres) == nomme_jours {
            *curseur = apres;
            liste(curseur, jours)?;
            jours.conges_et_jours = true;
        }
    }
    Ok(())
}

fn liste(curseur: &mut Curseur<'_>, jours: &mut Jours) -> Result<(), ErreurHoraires> {
    while element(curseur, jours)? && curseur.mange_virgule_puis(element_ici) {}
    Ok(())
}

fn est_conge(curseur: &Curseur<'_>) -> bool {
    matches!(curseur.mot().as_str(), "ph" | "sh")
}

fn element_ici(curseur: &Curseur<'_>) -> bool {
    est_conge(curseur) || jour_nomme(&curseur.mot()).is_some()
}

/// One holiday, day, range of days or nth day; false when none stands here.
fn element(curseur: &mut Curseur<'_>, jours: &mut Jours) -> Result<bool, ErreurHoraires> {
    let mot = curseur.mot();
    match mot.as_str() {
        "ph" => {
            curseur.avance_du_mot();
            let decalage = dates::decalage(curseur)?;
            jours.conges.push(Conge::Ferie { decalage });
            return Ok(true);
        }
        "sh" => {
            curseur.avance_du_mot();
            jours.conges.push(Conge::Scolaire);
            return Ok(true);
        }
        _ => {}
    }
    let Some(debut) = jour_nomme(&mot) else {
        return Ok(false);
    };
    curseur.avance_du_mot();
    if curseur.mange("[") {
        jours.rangs.push(rangs(curseur, debut)?);
        return Ok(true);
    }
    let fin = fin_de_plage(curseur).unwrap_or(debut);
    let mut rang = rang_jour(debut);
    jours.masque |= 1 << rang;
    while rang != rang_jour(fin) {
        rang = (rang + 1) % 7;
        jours.masque |= 1 << rang;
    }
    Ok(true)
}

fn fin_de_plage(curseur: &mut Curseur<'_>) -> Option<Weekday> {
    let mut apres = curseur.clone();
    apres.passer_espaces();
    if !apres.mange_tiret() {
        return None;
    }
    apres.passer_espaces();
    let fin = jour_nomme(&apres.mot())?;
    apres.avance_du_mot();
    *curseur = apres;
    Some(fin)
}

/// The day that these small letters name, by the OpenStreetMap abbreviation.
pub(super) fn jour_nomme(mot: &str) -> Option<Weekday> {
    let rang = CODES_JOURS.iter().position(|code| code.eq_ignore_ascii_case(mot))?;
    Weekday::from_monday_zero_offset(i8::try_from(rang).ok()?).ok()
}

fn rangs(curseur: &mut Curseur<'_>, jour: Weekday) -> Result<Rang, ErreurHoraires> {
    let mut rang = Rang {
        jour,
        du_debut: 0,
        de_la_fin: 0,
    };
    loop {
        let fin = curseur.mange_tiret();
        let de = numero(curseur, 1..=5, "un rang dans le mois entre 1 et 5")?;
        let a = if !fin && curseur.mange_tiret() {
            numero(curseur, de..=5, "un rang dans le mois entre le premier et 5")?
        } else {
            de
        };
        let masque = (de..=a).fold(0, |m, n| m | 1 << (n - 1));
        if fin {
            rang.de_la_fin |= masque;
        } else {
            rang.du_debut |= masque;
        }
        if !curseur.mange(",") {
            break;
        }
    }
    if curseur.mange("]") {
        Ok(rang)
    } else {
        Err(curseur.refus("un crochet fermant"))
    }
}
