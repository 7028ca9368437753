//! A place as the API shows it: the fields of the national standard, lists as lists, labels exactly as the standard writes them.

use crate::domain::{
    lieu::{Courriel, Lieu, Precision, SiteWeb, Telephone, Visite},
    listes::ListeFermee,
};
use serde::{Serialize, Serializer};
use territoire::CodeCommune;
use utoipa::ToSchema;
use uuid::Uuid;

/// A place of digital mediation, in the fields of the national standard v1.0.2.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lieu)]
pub struct LieuVue<'a> {
    /// Identifiant stable du lieu.
    id: Uuid,
    /// SIRET, RNA ou RIDET de la structure, `00000000000000` quand il est inconnu.
    pivot: &'a str,
    /// Nom du lieu.
    nom: &'a str,
    /// Nom de la commune.
    commune: &'a str,
    /// Code postal.
    code_postal: &'a str,
    /// Code INSEE de la commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "33063")]
    code_insee: Option<CodeCommune>,
    /// Numéro et voie.
    adresse: &'a str,
    /// Complément d’adresse.
    #[serde(skip_serializing_if = "Option::is_none")]
    complement_adresse: Option<&'a str>,
    /// Latitude, en degrés (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    /// Longitude, en degrés (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
    /// Précision de la position.
    #[serde(skip_serializing_if = "Option::is_none")]
    precision_position: Option<Precision>,
    /// Distance au point demandé, en mètres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<u64>,
    /// Types de structure (codes du standard).
    #[schema(value_type = Vec<String>)]
    typologie: Codes<'a, crate::domain::typologie::Typologie>,
    /// Numéro de téléphone international.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+33199000000")]
    telephone: Option<&'a Telephone>,
    /// Adresses de courriel.
    #[schema(value_type = Vec<String>)]
    courriels: &'a [Courriel],
    /// Sites.
    #[schema(value_type = Vec<String>)]
    site_web: &'a [SiteWeb],
    /// Horaires dans la grammaire d’OpenStreetMap.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Mo-Fr 09:00-12:00,14:00-17:00; PH off")]
    horaires: Option<&'a str>,
    /// Présentation en 280 caractères.
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation_resume: Option<&'a str>,
    /// Présentation détaillée.
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation_detail: Option<&'a str>,
    /// Organisme qui a recueilli les données.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    /// Fixe, itinérant, ou les deux.
    #[schema(value_type = Vec<String>)]
    itinerance: Libelles<'a, crate::domain::listes::Itinerance>,
    /// Réseau ou structure dont dépend le lieu.
    #[serde(skip_serializing_if = "Option::is_none")]
    structure_parente: Option<&'a str>,
    /// Date de mise à jour ; absente quand la source ne la donne pas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    date_maj: Option<jiff::civil::Date>,
    /// Services proposés.
    #[schema(value_type = Vec<String>)]
    services: Libelles<'a, crate::domain::listes::Service>,
    /// Publics spécifiquement adressés ; une liste vide signifie tout le monde.
    #[schema(value_type = Vec<String>)]
    publics_specifiquement_adresses: Libelles<'a, crate::domain::listes::Public>,
    /// Prises en charge spécifiques.
    #[schema(value_type = Vec<String>)]
    prise_en_charge_specifique: Libelles<'a, crate::domain::listes::PriseEnCharge>,
    /// Frais à la charge de la personne.
    #[schema(value_type = Vec<String>)]
    frais_a_charge: Libelles<'a, crate::domain::listes::Frais>,
    /// Dispositifs et programmes nationaux.
    #[schema(value_type = Vec<String>)]
    dispositif_programmes_nationaux: Libelles<'a, crate::domain::listes::Dispositif>,
    /// Formations et labels du standard.
    #[schema(value_type = Vec<String>)]
    formations_labels: Libelles<'a, crate::domain::listes::FormationLabel>,
    /// Autres formations et labels.
    autres_formations_labels: &'a [String],
    /// Façons d’accéder au lieu.
    #[schema(value_type = Vec<String>)]
    modalites_acces: Libelles<'a, crate::domain::listes::ModaliteAcces>,
    /// Façons d’être accompagné.
    #[schema(value_type = Vec<String>)]
    modalites_accompagnement: Libelles<'a, crate::domain::listes::ModaliteAccompagnement>,
    /// Fiche d’accessibilité sur acceslibre.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    fiche_acces_libre: Option<&'a SiteWeb>,
    /// Page de prise de rendez-vous.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    prise_rdv: Option<&'a SiteWeb>,
    /// Passages d’un lieu itinérant.
    #[serde(skip_serializing_if = "<[Visite]>::is_empty")]
    visites: &'a [Visite],
}

/// Values written as the labels of the standard.
#[derive(Debug)]
struct Libelles<'a, L>(&'a [L]);

impl<L: ListeFermee> Serialize for Libelles<'_, L> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.iter().map(|v| v.libelle()))
    }
}

/// Values written as codes.
#[derive(Debug)]
struct Codes<'a, L>(&'a [L]);

impl<L: ListeFermee> Serialize for Codes<'_, L> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.iter().map(|v| v.code()))
    }
}

impl<'a> LieuVue<'a> {
    /// The view of a place, at a distance in metres when a point was asked for.
    pub fn de(lieu: &'a Lieu, distance_m: Option<f64>) -> Self {
        Self {
            id: lieu.id,
            pivot: lieu.pivot.as_str(),
            nom: &lieu.nom,
            commune: &lieu.adresse.commune,
            code_postal: &lieu.adresse.code_postal,
            code_insee: lieu.adresse.code_insee,
            adresse: &lieu.adresse.voie,
            complement_adresse: lieu.adresse.complement.as_deref(),
            latitude: lieu.position.map(|p| p.point.latitude),
            longitude: lieu.position.map(|p| p.point.longitude),
            precision_position: lieu.position.map(|p| p.precision),
            distance_m: distance_m.map(|m| m.round() as u64),
            typologie: Codes(&lieu.typologies),
            telephone: lieu.contact.telephone.as_ref(),
            courriels: &lieu.contact.courriels,
            site_web: &lieu.contact.sites_web,
            horaires: lieu.horaires.as_deref(),
            presentation_resume: lieu.presentation.resume.as_deref(),
            presentation_detail: lieu.presentation.detail.as_deref(),
            source: lieu.source.as_deref(),
            itinerance: Libelles(&lieu.itinerance),
            structure_parente: lieu.structure_parente.as_deref(),
            date_maj: lieu.mise_a_jour(),
            services: Libelles(&lieu.services),
            publics_specifiquement_adresses: Libelles(&lieu.publics),
            prise_en_charge_specifique: Libelles(&lieu.prises_en_charge),
            frais_a_charge: Libelles(&lieu.frais),
            dispositif_programmes_nationaux: Libelles(&lieu.dispositifs),
            formations_labels: Libelles(&lieu.formations),
            autres_formations_labels: &lieu.autres_formations,
            modalites_acces: Libelles(&lieu.modalites_acces),
            modalites_accompagnement: Libelles(&lieu.modalites_accompagnement),
            fiche_acces_libre: lieu.fiche_acces_libre.as_ref(),
            prise_rdv: lieu.prise_rdv.as_ref(),
            visites: &lieu.visites,
        }
    }
}
