//! Which numbers of a text are hours, and which go together.

use super::fusion::Paire;
use super::lexique::Jeton;
use crate::regle::JOUR;

/// Settle what was doubtful: bare numbers and short names of days become what their neighbours make of them.
pub(super) fn resoudre(jetons: &[Jeton]) -> Vec<Jeton> {
    jetons
        .iter()
        .enumerate()
        .map(|(ici, jeton)| match *jeton {
            Jeton::Nombre(heures) if est_une_heure(jetons, ici) => Jeton::Heure(heures * 60),
            Jeton::JourPeutEtre(jour) if est_un_jour(jetons, ici) => Jeton::Jour(jour),
            Jeton::Nombre(_) | Jeton::JourPeutEtre(_) => Jeton::Mot,
            autre => autre,
        })
        .collect()
}

/// The times of a text in order, in minutes.
pub(super) fn certaines(jetons: &[Jeton]) -> Vec<u16> {
    jetons
        .iter()
        .flat_map(|jeton| match *jeton {
            Jeton::Heure(minutes) => vec![minutes],
            Jeton::JourEtNuit => vec![0, JOUR],
            _ => vec![],
        })
        .collect()
}

/// Two by two; one left alone tells no range.
pub(super) fn apparier(heures: &[u16]) -> Vec<Paire> {
    heures
        .chunks_exact(2)
        .map(|paire| (paire[0], paire[1]))
        .filter(|(debut, fin)| debut != fin)
        .collect()
}

/// "9" is an hour in "9-12h" or "de 10 à 12", not in "9 rue", "1 samedi sur 2" or "4 septembre".
fn est_une_heure(jetons: &[Jeton], ici: usize) -> bool {
    if !peut_etre_une_heure(jetons, ici) {
        return false;
    }
    let voisine = |rang: usize| match jetons.get(rang) {
        Some(Jeton::Heure(_)) => true,
        Some(Jeton::Nombre(_)) => peut_etre_une_heure(jetons, rang),
        _ => false,
    };
    let gauche = (0..ici).rev().find(|r| !relie(jetons.get(*r)));
    let droite = (ici + 1..jetons.len()).find(|r| !relie(jetons.get(*r)));
    gauche.is_some_and(voisine) || droite.is_some_and(voisine)
}

fn peut_etre_une_heure(jetons: &[Jeton], ici: usize) -> bool {
    let avant = ici.checked_sub(1).and_then(|r| jetons.get(r));
    let apres = jetons.get(ici + 1);
    match (avant, apres) {
        (Some(Jeton::Annonce | Jeton::Compte), _) | (_, Some(Jeton::Compte | Jeton::DuMois)) => false,
        // "14-18 mercredi", "9h30-12 sur rendez-vous": the number ends a range.
        (Some(Jeton::Signe('-' | '/') | Jeton::A), _) => {
            let ouvre = ici.checked_sub(2).and_then(|r| jetons.get(r));
            matches!(ouvre, Some(Jeton::Heure(_) | Jeton::Nombre(_))) || !commence_un_mot(apres)
        }
        // "bâtiment 5, 9h-12h"
        (Some(Jeton::Mot), Some(Jeton::Signe(',') | Jeton::Et)) => false,
        _ => !commence_un_mot(apres),
    }
}

fn commence_un_mot(jeton: Option<&Jeton>) -> bool {
    matches!(
        jeton,
        Some(Jeton::Mot | Jeton::Jour(_) | Jeton::JourPeutEtre(_) | Jeton::Jours(_) | Jeton::Rang(_))
    )
}

fn relie(jeton: Option<&Jeton>) -> bool {
    matches!(
        jeton,
        Some(Jeton::Signe('-' | '/' | ',' | '_' | '|') | Jeton::A | Jeton::Et | Jeton::Article)
    )
}

/// "sa" is a day in "ve sa 9h-12h", not in "sa permanence".
fn est_un_jour(jetons: &[Jeton], ici: usize) -> bool {
    let passe = |r: &usize| !relie(jetons.get(*r)) && jetons.get(*r) != Some(&Jeton::Signe(':'));
    let compagnon = |rang: usize| {
        matches!(
            jetons.get(rang),
            Some(Jeton::Heure(_) | Jeton::Nombre(_) | Jeton::Jour(_) | Jeton::JourPeutEtre(_) | Jeton::Ferme)
        )
    };
    (ici + 1..jetons.len()).find(passe).is_some_and(compagnon)
        || (0..ici)
            .rev()
            .find(passe)
            .is_some_and(|r| compagnon(r) && !matches!(jetons[r], Jeton::Heure(_)))
}
