//! Reading the OpenStreetMap grammar of opening hours.
//!
//! A recursive descent over the text, without backtracking further than one word, so that any input ends in linear
//! time. It forgives what the field writes: one-digit hours, spaces around dashes and commas, days in small letters.

mod curseur;
mod dates;
mod jours;

use crate::erreur::{ErreurHoraires, LONGUEUR_MAX};
use crate::regle::{Effet, Intervalle, JOUR, Liaison, Regle};
use crate::selecteur::Jours;

use curseur::Curseur;

/// Read a whole expression.
pub(crate) fn lire(texte: &str) -> Result<Vec<Regle>, ErreurHoraires> {
    if texte.len() > LONGUEUR_MAX {
        return Err(ErreurHoraires::TropLong { octets: texte.len() });
    }
    let mut curseur = Curseur::new(texte);
    curseur.passer_espaces();
    if curseur.fini() {
        return Err(ErreurHoraires::Vide);
    }
    let mut regles = vec![regle(&mut curseur, Liaison::Remplace)?];
    while let Some(liaison) = liaison(&mut curseur)? {
        regles.push(regle(&mut curseur, liaison)?);
    }
    Ok(regles)
}

/// The separator before the next rule, or the end of the text, which may follow a last `;`.
fn liaison(curseur: &mut Curseur<'_>) -> Result<Option<Liaison>, ErreurHoraires> {
    curseur.passer_espaces();
    if curseur.fini() {
        return Ok(None);
    }
    if curseur.mange("||") {
        curseur.passer_espaces();
        return Ok(Some(Liaison::Repli));
    }
    if curseur.mange(",") {
        curseur.passer_espaces();
        return Ok(Some(Liaison::Ajoute));
    }
    if !curseur.mange(";") {
        return Err(curseur.refus("un point-virgule ou une heure"));
    }
    curseur.passer_espaces();
    while curseur.mange(";") {
        curseur.passer_espaces();
    }
    Ok((!curseur.fini()).then_some(Liaison::Remplace))
}

fn regle(curseur: &mut Curseur<'_>, liaison: Liaison) -> Result<Regle, ErreurHoraires> {
    let debut = curseur.position();
    let (jours, intervalles) = if curseur.mange("24/7") {
        (Jours::default(), Vec::new())
    } else {
        (jours::lire(curseur)?, heures(curseur)?)
    };
    curseur.passer_espaces();
    let dit = effet(curseur);
    let commentaire = commentaire(curseur)?;
    if curseur.position() == debut {
        return Err(curseur.refus("un jour, une date, une heure ou un commentaire"));
    }
    let effet = match (dit, &commentaire) {
        (Some(effet), _) => effet,
        // A bare comment ("sur rendez-vous") tells that nothing is certain.
        (None, Some(_)) => Effet::Inconnu,
        (None, None) => Effet::Ouvert,
    };
    Ok(Regle {
        liaison,
        jours,
        intervalles,
        effet,
        commentaire,
    })
}

fn effet(curseur: &mut Curseur<'_>) -> Option<Effet> {
    let effet = match curseur.mot().as_str() {
        "open" => Effet::Ouvert,
        "off" | "closed" => Effet::Ferme,
        "unknown" => Effet::Inconnu,
        _ => return None,
    };
    curseur.avance_du_mot();
    curseur.passer_espaces();
    Some(effet)
}

fn commentaire(curseur: &mut Curseur<'_>) -> Result<Option<Box<str>>, ErreurHoraires> {
    let position = curseur.position();
    if !curseur.mange("\"") {
        return Ok(None);
    }
    let texte = curseur
        .jusqu_au_guillemet()
        .ok_or(ErreurHoraires::GuillemetOuvert { position })?;
    Ok(Some(texte.trim()).filter(|t| !t.is_empty()).map(Into::into))
}

fn heures(curseur: &mut Curseur<'_>) -> Result<Vec<Intervalle>, ErreurHoraires> {
    let mut intervalles = Vec::new();
    curseur.passer_espaces();
    if curseur.mange("24/7") {
        return Ok(intervalles);
    }
    refuser_le_soleil(curseur)?;
    while curseur.heure_ici() {
        intervalles.push(intervalle(curseur)?);
        let apres = curseur.clone();
        curseur.passer_espaces();
        curseur.mange(",");
        curseur.passer_espaces();
        if !curseur.heure_ici() {
            *curseur = apres;
            break;
        }
    }
    Ok(intervalles)
}

fn intervalle(curseur: &mut Curseur<'_>) -> Result<Intervalle, ErreurHoraires> {
    let debut = heure(curseur, JOUR - 1, "une heure entre 00:00 et 23:59")?;
    if curseur.mange("+") {
        return Ok(Intervalle {
            debut,
            fin: debut,
            sans_fin: true,
        });
    }
    curseur.passer_espaces();
    if !curseur.mange_tiret() {
        return Err(curseur.refus("un tiret puis l'heure de fermeture"));
    }
    curseur.passer_espaces();
    refuser_le_soleil(curseur)?;
    let fin = heure(curseur, 2 * JOUR, "une heure entre 00:00 et 48:00")?;
    let fin = if fin <= debut { fin + JOUR } else { fin };
    Ok(Intervalle {
        debut,
        fin,
        sans_fin: curseur.mange("+"),
    })
}

fn heure(curseur: &mut Curseur<'_>, max: u16, attendu: &'static str) -> Result<u16, ErreurHoraires> {
    let position = curseur.position();
    let Some((heures, minutes)) = curseur.mange_heure() else {
        return Err(curseur.refus("une heure comme 09:00"));
    };
    let total = heures * 60 + minutes;
    if minutes > 59 || total > max {
        return Err(ErreurHoraires::HorsBornes {
            position,
            attendu,
            valeur: format!("{heures:02}:{minutes:02}"),
        });
    }
    Ok(total)
}

fn refuser_le_soleil(curseur: &Curseur<'_>) -> Result<(), ErreurHoraires> {
    let mot = curseur.mot();
    if matches!(mot.as_str(), "sunrise" | "sunset" | "dawn" | "dusk") {
        return Err(ErreurHoraires::Soleil {
            position: curseur.position(),
            evenement: mot,
        });
    }
    Ok(())
}
