//! Ranges of hours as text, put together.

use crate::regle::JOUR;

/// From and to, in minutes; a range that ends at or before its start runs past midnight.
pub(crate) type Paire = (u16, u16);

/// Put lists of ranges together: sorted, and joined where they overlap or touch.
///
/// Ranges that are not hours are left out.
#[must_use]
pub fn fusionner<'a>(listes: impl IntoIterator<Item = &'a str>) -> String {
    let paires: Vec<Paire> = listes.into_iter().flat_map(|l| l.split(',')).filter_map(lire).collect();
    ecrire(&unir(&paires))
}

/// Sorted and joined where they overlap or touch.
pub(crate) fn unir(paires: &[Paire]) -> Vec<Paire> {
    let mut triees: Vec<Paire> = paires
        .iter()
        .map(|&(debut, fin)| (debut, if fin <= debut { fin + JOUR } else { fin }))
        .collect();
    triees.sort_unstable();
    let mut unies: Vec<Paire> = Vec::with_capacity(triees.len());
    for (debut, fin) in triees {
        match unies.last_mut() {
            Some(derniere) if debut <= derniere.1 => derniere.1 = derniere.1.max(fin),
            _ => unies.push((debut, fin)),
        }
    }
    unies.into_iter().map(|(debut, fin)| replier(debut, fin)).collect()
}

/// Back to a clock: past midnight, the end of the next morning; never more than a whole day.
fn replier(debut: u16, fin: u16) -> Paire {
    match fin {
        _ if fin >= debut + JOUR => (0, JOUR),
        _ if fin > JOUR => (debut, fin - JOUR),
        _ => (debut, fin),
    }
}

/// `09:00-12:00,14:00-17:00`
pub(crate) fn ecrire(paires: &[Paire]) -> String {
    let textes: Vec<_> = paires
        .iter()
        .map(|(a, b)| format!("{:02}:{:02}-{:02}:{:02}", a / 60, a % 60, b / 60, b % 60))
        .collect();
    textes.join(",")
}

fn lire(plage: &str) -> Option<Paire> {
    let (debut, fin) = plage.split_once('-')?;
    Some((lire_heure(debut)?, lire_heure(fin)?))
}

fn lire_heure(texte: &str) -> Option<u16> {
    let (heures, minutes) = texte.trim().split_once(':')?;
    let (heures, minutes): (u16, u16) = (heures.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && heures * 60 <= JOUR)
        .then(|| heures * 60 + minutes)
        .filter(|total| *total <= JOUR)
}
