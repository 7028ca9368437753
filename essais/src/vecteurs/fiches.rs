//! Reads the places of the vectors, in the shapes of the references, into ours: what is not recorded stays empty.

use ::territoire::Point;
use lieux::domain::lieu::{Adresse, Contact, Courriel, Lieu, Position, Precision, Presentation, SiteWeb, Telephone};
use lieux::domain::listes::ListeFermee;
use lieux::domain::pivot::Pivot;
use uuid::Uuid;

use super::Valeur;

/// A place of the standard (`a|b` lists, flat address) or of the national map (JSON lists, nested address); `rang`
/// makes its identifier.
pub fn lieu(fiche: &Valeur, rang: usize) -> Lieu {
    Lieu {
        id: Uuid::from_u128(rang as u128),
        pivot: texte(fiche, "pivot")
            .and_then(|p| Pivot::lire(&p).ok())
            .unwrap_or_default(),
        nom: texte(fiche, "nom").unwrap_or_default(),
        adresse: adresse(fiche),
        position: point(fiche).map(|point| Position {
            point,
            precision: Precision::Source,
        }),
        typologies: liste(fiche, "typologie"),
        contact: Contact {
            telephone: texte(fiche, "telephone").and_then(|t| Telephone::lire(&t).ok()),
            courriels: textes(fiche, "courriels")
                .iter()
                .filter_map(|c| Courriel::lire(c).ok())
                .collect(),
            sites_web: textes(fiche, "site_web")
                .iter()
                .filter_map(|s| SiteWeb::lire(s).ok())
                .collect(),
        },
        horaires: texte(fiche, "horaires"),
        presentation: Presentation {
            resume: texte(fiche, "presentation_resume"),
            detail: texte(fiche, "presentation_detail"),
        },
        source: texte(fiche, "source"),
        itinerance: liste(fiche, "itinerance"),
        structure_parente: texte(fiche, "structure_parente"),
        date_maj: texte(fiche, "date_maj")
            .and_then(|d| d.parse().ok())
            .unwrap_or(jiff::civil::date(1970, 1, 1)),
        services: liste(fiche, "services"),
        publics: liste(fiche, "publics_specifiquement_adresses"),
        prises_en_charge: liste(fiche, "prise_en_charge_specifique"),
        frais: liste(fiche, "frais_a_charge"),
        dispositifs: liste(fiche, "dispositif_programmes_nationaux"),
        formations: liste(fiche, "formations_labels"),
        autres_formations: textes(fiche, "autres_formations_labels"),
        modalites_acces: liste(fiche, "modalites_acces"),
        modalites_accompagnement: liste(fiche, "modalites_accompagnement"),
        fiche_acces_libre: texte(fiche, "fiche_acces_libre").and_then(|u| SiteWeb::lire(&u).ok()),
        prise_rdv: texte(fiche, "prise_rdv").and_then(|u| SiteWeb::lire(&u).ok()),
        visites: Vec::new(),
    }
}

/// The text of a field, unless it is absent or empty.
pub fn texte(fiche: &Valeur, champ: &str) -> Option<String> {
    fiche.get(champ)?.as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The texts of a field that is a list or an `a|b` text.
pub fn textes(fiche: &Valeur, champ: &str) -> Vec<String> {
    match fiche.get(champ) {
        Some(Valeur::Array(liste)) => liste.iter().filter_map(Valeur::as_str).map(str::to_owned).collect(),
        Some(Valeur::String(texte)) => texte.split('|').filter(|t| !t.is_empty()).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The known values of a closed list.
pub fn liste<L: ListeFermee>(fiche: &Valeur, champ: &str) -> Vec<L> {
    textes(fiche, champ).iter().filter_map(|t| L::lire(t)).collect()
}

/// The position, when both coordinates are recorded.
pub fn point(fiche: &Valeur) -> Option<Point> {
    let nombre = |champ| fiche.get(champ).and_then(Valeur::as_f64);
    Point::valide(nombre("longitude")?, nombre("latitude")?)
}

fn adresse(fiche: &Valeur) -> Adresse {
    let imbriquee = fiche.get("adresse").filter(|a| a.is_object());
    let de = imbriquee.unwrap_or(fiche);
    let voie = match imbriquee {
        Some(a) => [texte(a, "numero_voie"), texte(a, "nom_voie")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        None => texte(fiche, "adresse").unwrap_or_default(),
    };
    Adresse {
        voie,
        complement: texte(de, "complement_adresse"),
        commune: texte(de, "commune").unwrap_or_default(),
        code_postal: texte(de, "code_postal").unwrap_or_default(),
        code_insee: texte(de, "code_insee").and_then(|c| c.parse().ok()),
    }
}
