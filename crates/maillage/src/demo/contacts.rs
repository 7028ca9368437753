//! Contact details that reach nobody: the regulator's numbers for fiction, and domains reserved for examples.

use super::{genres::Genre, hasard::Hasard, repartition::Endroit};
use lieux::domain::lieu::{Contact, Courriel, SiteWeb, Telephone};
use territoire::plier;

/// The ranges that the regulator (decision 2018-0881) keeps for works of fiction, by the region they belong to.
const ILE_DE_FRANCE: &str = "019900";
const NORD_OUEST: &str = "026191";
const NORD_EST: &str = "035301";
const SUD_EST: &str = "046571";
const SUD_OUEST: &str = "053649";
const MOBILES: &str = "063998";

/// How to reach a place.
pub struct Contacts {
    pub contact: Contact,
    pub prise_rdv: Option<SiteWeb>,
}

/// Invents what a place says of how to reach it.
pub fn inventer(genre: &Genre, endroit: &Endroit, hasard: &mut Hasard) -> Contacts {
    let domaine = format!("{}-{}.example", genre.domaine, etiquette(endroit.lieu()));
    let telephone = (!hasard.une_fois_sur(9)).then(|| telephone(endroit, hasard)).flatten();
    let courriels = (!hasard.une_fois_sur(3))
        .then(|| Courriel::lire(&format!("contact@{domaine}")).ok())
        .flatten();
    let site = (!hasard.une_fois_sur(2))
        .then(|| SiteWeb::lire(&format!("https://www.{domaine}")).ok())
        .flatten();
    let prise_rdv = hasard
        .une_fois_sur(10)
        .then(|| SiteWeb::lire(&format!("https://rdv.{domaine}")).ok())
        .flatten();
    Contacts {
        contact: Contact {
            telephone,
            courriels: courriels.into_iter().collect(),
            sites_web: site.into_iter().collect(),
        },
        prise_rdv,
    }
}

fn telephone(endroit: &Endroit, hasard: &mut Hasard) -> Option<Telephone> {
    let fixe = match endroit.commune.region.as_ref().map(|region| region.as_str()) {
        Some("11") => ILE_DE_FRANCE,
        Some("24" | "28" | "52" | "53") => NORD_OUEST,
        Some("27" | "32" | "44") => NORD_EST,
        Some("84" | "93" | "94") => SUD_EST,
        Some("75" | "76") => SUD_OUEST,
        _ => MOBILES,
    };
    let debut = if hasard.une_fois_sur(8) { MOBILES } else { fixe };
    Telephone::lire(&format!("{debut}{:04}", hasard.entre(0..=9999))).ok()
}

/// A name as one label of a domain.
fn etiquette(nom: &str) -> String {
    let mots: Vec<_> = plier(nom)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|mot| !mot.is_empty())
        .map(str::to_owned)
        .collect();
    mots.join("-")
}
