//! What the columns of the standard are called in the professional space.

/// The name of a column; the column itself when it has none.
pub fn libelle(champ: &str) -> &str {
    match champ {
        "nom" => "Nom",
        "pivot" => "SIRET, RNA, RIDET ou n° TAHITI",
        "adresse" => "Numéro et rue",
        "complement_adresse" => "Complément d’adresse",
        "commune" => "Commune",
        "code_postal" => "Code postal",
        "code_insee" => "Code INSEE",
        "latitude" => "Latitude",
        "longitude" => "Longitude",
        "typologie" => "Genre de lieu",
        "telephone" => "Téléphone",
        "courriels" => "Courriels",
        "site_web" => "Sites",
        "horaires" => "Horaires",
        "presentation_resume" => "Présentation courte",
        "presentation_detail" => "Présentation",
        "source" => "Source",
        "itinerance" => "Lieu fixe ou itinérant",
        "structure_parente" => "Réseau ou organisation",
        "date_maj" => "Mise à jour",
        "services" => "Services",
        "publics_specifiquement_adresses" => "Publics",
        "prise_en_charge_specifique" => "Prises en charge",
        "frais_a_charge" => "Frais",
        "dispositif_programmes_nationaux" => "Programmes nationaux",
        "formations_labels" => "Formations et labels",
        "autres_formations_labels" => "Autres labels",
        "modalites_acces" => "Comment venir",
        "modalites_accompagnement" => "Accompagnement",
        "fiche_acces_libre" => "Page d’accessibilité",
        "prise_rdv" => "Prise de rendez-vous",
        autre => autre,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::colonnes::COLONNES;

    #[test]
    fn chaque_colonne_du_standard_a_un_nom_a_elle() {
        let mut noms: Vec<_> = COLONNES.into_iter().map(libelle).collect();
        let sans_nom: Vec<_> = COLONNES.into_iter().filter(|c| libelle(c) == *c).collect();
        assert_eq!(sans_nom, ["id"]);
        noms.sort_unstable();
        noms.dedup();
        assert_eq!(noms.len(), COLONNES.len());
    }
}
