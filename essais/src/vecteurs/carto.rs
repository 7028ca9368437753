//! The reference's functions on the public map: filters and telephone numbers.

use ::horaires::{Horaires, SansFerie};
use ::territoire::Referentiel;
use lieux::domain::filtres::{Filtres, Ouverture};
use lieux::domain::lieu::{Lieu, Telephone};
use serde_json::json;

use super::deviations::Predicat;
use super::valeur::argument;
use super::{Contexte, Fonction, Retour, Valeur, fiches, valeur};

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[
    ("filterLieux", filtrer_les_lieux),
    ("formatPhoneNumber", afficher_un_telephone),
];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[("numero-hors-du-standard", |_, obtenu| {
    *obtenu == Retour::leve("TelephoneError")
})];

/// The time zone of the reference's tests.
const FUSEAU: &str = "Europe/Paris";

fn filtrer_les_lieux(_: &Contexte, args: &[Valeur]) -> Retour {
    let filtres = filtres(argument(args, 1), argument(args, 2));
    let recherche = argument(args, 1).get("ouvert_actuellement").and_then(Valeur::as_str);
    let at = recherche
        .and_then(|at| at.parse().ok())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let retenues = argument(args, 0)
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(rang, fiche)| {
            let lieu = fiches::lieu(fiche, *rang);
            let commune = lieu
                .adresse
                .code_insee
                .and_then(|code| Referentiel::embarque().resoudre(code));
            filtres.retient(&lieu, commune, |quand| est_ouvert(&lieu, quand, at))
        });
    Retour::Valeur(retenues.map(|(_, fiche)| fiche.clone()).collect())
}

/// The filters of the former map, and the département whose page they stand on.
fn filtres(demandes: &Valeur, departement: &Valeur) -> Filtres {
    let mut paires: Vec<(String, String)> = Vec::new();
    for (cle, demande) in demandes.as_object().into_iter().flatten() {
        match demande {
            Valeur::Array(_) => paires.extend(fiches::textes(demandes, cle).into_iter().map(|v| (cle.clone(), v))),
            Valeur::String(texte) => paires.push((cle.clone(), texte.clone())),
            Valeur::Bool(oui) => paires.push((cle.clone(), oui.to_string())),
            _ => {}
        }
    }
    paires.extend(fiches::texte(departement, "code").map(|code| ("departement".to_owned(), code)));
    Filtres::lire(paires.iter().map(|(cle, v)| (cle.as_str(), v.as_str()))).filtres
}

fn est_ouvert(lieu: &Lieu, quand: Ouverture, at: jiff::Timestamp) -> bool {
    let Some(horaires) = lieu.horaires.as_ref().and_then(|h| Horaires::parse(h).ok()) else {
        return false;
    };
    let ici = at.in_tz(FUSEAU).expect("the zone is built in").datetime();
    match quand {
        Ouverture::Maintenant => horaires.est_ouvert(ici, &SansFerie) == Some(true),
        Ouverture::Le(moment) => horaires.est_ouvert(moment, &SansFerie) == Some(true),
        Ouverture::CeWeekEnd => horaires.ouvert_le_week_end(ici.date(), &SansFerie),
    }
}

fn afficher_un_telephone(_: &Contexte, args: &[Valeur]) -> Retour {
    match Telephone::lire(valeur::texte(args, 0)) {
        Ok(telephone) => Retour::Valeur(json!(telephone.affiche())),
        Err(_) => Retour::leve("TelephoneError"),
    }
}
