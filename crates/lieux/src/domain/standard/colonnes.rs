//! The columns of the national standard, and how to tell its versions.

use crate::domain::listes::{
    Dispositif, FormationLabel, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge,
    Public, Service,
};

/// The 32 columns of the standard v1.0.2, in the order of the file.
pub const COLONNES: [&str; 32] = [
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
];

/// The columns of the standard 0.1, in the order of the file.
pub const COLONNES_0_1: [&str; 29] = [
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "cle_ban",
    "typologie",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "structure_parente",
    "date_maj",
    "services",
    "publics_accueillis",
    "conditions_acces",
    "labels_nationaux",
    "labels_autres",
    "modalites_accompagnement",
    "accessibilite",
    "prise_rdv",
];

/// The columns that must be filled, in both versions.
pub const OBLIGATOIRES: [&str; 7] = ["id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj"];

/// The columns that only the standard 0.1 has.
const PROPRES_A_0_1: [&str; 7] = [
    "cle_ban",
    "courriel",
    "publics_accueillis",
    "conditions_acces",
    "labels_nationaux",
    "labels_autres",
    "accessibilite",
];

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 0.1.0 and 0.1.1 (2022).
    V0_1,
    /// 1.0.0 to 1.0.2 (2024).
    V1_0,
}

impl Version {
    /// The version that a header announces, or nothing when it is no header of the standard.
    pub fn de_l_en_tete(colonnes: &[impl AsRef<str>]) -> Option<Self> {
        let a = |nom: &str| colonnes.iter().any(|c| c.as_ref() == nom);
        if !(a("id") && a("nom") && a("commune") && a("code_postal") && a("adresse")) {
            return None;
        }
        let propres_a_1_0 = COLONNES.iter().filter(|c| !COLONNES_0_1.contains(c) && a(c)).count();
        let propres_a_0_1 = PROPRES_A_0_1.iter().filter(|c| a(c)).count();
        if !a("pivot") && propres_a_0_1 + propres_a_1_0 == 0 {
            return None;
        }
        Some(if propres_a_0_1 > propres_a_1_0 {
            Version::V0_1
        } else {
            Version::V1_0
        })
    }

    /// The columns of the version, in order.
    pub fn colonnes(self) -> &'static [&'static str] {
        match self {
            Version::V0_1 => &COLONNES_0_1,
            Version::V1_0 => &COLONNES,
        }
    }

    /// What the version writes between two values of a cell.
    pub fn separateur(self) -> char {
        match self {
            Version::V0_1 => ';',
            Version::V1_0 => '|',
        }
    }

    /// The name of the version for people.
    pub fn nom(self) -> &'static str {
        match self {
            Version::V0_1 => "0.1",
            Version::V1_0 => "1.0",
        }
    }
}

/// The labels that a closed list of the standard v1.0.2 admits, or nothing for a free column.
pub fn liste_fermee(colonne: &str) -> Option<Vec<&'static str>> {
    fn libelles<L: ListeFermee>() -> Option<Vec<&'static str>> {
        Some(L::toutes().map(ListeFermee::libelle).collect())
    }
    match colonne {
        Itinerance::COLONNE => libelles::<Itinerance>(),
        Service::COLONNE => libelles::<Service>(),
        Public::COLONNE => libelles::<Public>(),
        PriseEnCharge::COLONNE => libelles::<PriseEnCharge>(),
        Frais::COLONNE => libelles::<Frais>(),
        Dispositif::COLONNE => libelles::<Dispositif>(),
        FormationLabel::COLONNE => libelles::<FormationLabel>(),
        ModaliteAcces::COLONNE => libelles::<ModaliteAcces>(),
        ModaliteAccompagnement::COLONNE => libelles::<ModaliteAccompagnement>(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_en_tete_dit_la_version() {
        assert_eq!(Version::de_l_en_tete(&COLONNES), Some(Version::V1_0));
        assert_eq!(Version::de_l_en_tete(&COLONNES_0_1), Some(Version::V0_1));
        assert_eq!(Version::de_l_en_tete(&["Lieu", "Commune"]), None);
        assert_eq!(Version::de_l_en_tete(&[""; 0]), None);
    }
}
