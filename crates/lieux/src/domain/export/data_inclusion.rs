//! The data.inclusion schema, version 1: a structure and, when it helps with one of the four digital themes, a service.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{
    json::ecrire_liste,
    ligne::{CodesInsee, code_insee, coordonnees},
};
use crate::domain::{
    lieu::Lieu,
    listes::{Dispositif, Frais, ModaliteAcces, ModaliteAccompagnement, Public, Service},
    typologie::Typologie,
};

/// Shortest and longest name that the schema admits.
const NOM: std::ops::RangeInclusive<usize> = 3..=150;
/// Shortest description that the schema admits.
const DESCRIPTION_MIN: usize = 5;
/// Longest description that the schema admits.
const DESCRIPTION_MAX: usize = 10_000;

/// Writes `{"structures": [...], "services": [...]}`; `lieux` is walked twice.
///
/// # Errors
/// When the output cannot be written.
pub fn ecrire<'l, L>(mut sortie: impl Write, lieux: L) -> io::Result<()>
where
    L: IntoIterator<Item = &'l Lieu> + Clone,
{
    sortie.write_all(br#"{"structures":"#)?;
    ecrire_liste(&mut sortie, lieux.clone().into_iter().map(structure))?;
    sortie.write_all(br#","services":"#)?;
    ecrire_liste(&mut sortie, lieux.into_iter().filter_map(service))?;
    sortie.write_all(b"}\n")?;
    sortie.flush()
}

/// The structure of a place.
pub fn structure(lieu: &Lieu) -> Value {
    let mut structure = communs(lieu);
    structure["id"] = json!(lieu.id);
    structure["siret"] = json!(lieu.pivot.siret());
    structure["description"] = json!(description(lieu));
    structure["reseaux_porteurs"] = json!(reseaux(lieu));
    structure["accessibilite_lieu"] = json!(lieu.fiche_acces_libre);
    structure["horaires_accueil"] = json!(lieu.horaires);
    structure["site_web"] = json!(lieu.contact.sites_web.first());
    sans_vides(structure)
}

/// The service of a place, or nothing when none of its services has a theme in the schema.
pub fn service(lieu: &Lieu) -> Option<Value> {
    let thematiques = thematiques(&lieu.services);
    if thematiques.is_empty() {
        return None;
    }
    let mut service = communs(lieu);
    service["id"] = json!(format!("{}--service", lieu.id));
    service["structure_id"] = json!(lieu.id);
    service["nom"] = json!("Médiation numérique");
    service["description"] = json!(description(lieu).unwrap_or_else(|| format!("Médiation numérique : {}", lieu.nom)));
    service["type"] = json!(genre(lieu));
    service["thematiques"] = json!(thematiques);
    service["frais"] = json!(frais(&lieu.frais));
    service["frais_precisions"] = json!(
        lieu.frais
            .contains(&Frais::GratuitSousCondition)
            .then_some("Gratuit sous condition")
    );
    service["publics"] = json!(publics(&lieu.publics));
    service["modes_accueil"] = json!(modes_accueil(lieu));
    service["modes_mobilisation"] = json!(modes_mobilisation(lieu));
    service["lien_mobilisation"] = json!(lieu.prise_rdv);
    service["mobilisable_par"] = json!(["usagers", "professionnels"]);
    Some(sans_vides(service))
}

fn communs(lieu: &Lieu) -> Value {
    let coordonnees = coordonnees(lieu);
    let adresse = &lieu.adresse;
    json!({
        "source": lieu.source.as_deref().unwrap_or("maillage"),
        "nom": nom(&lieu.nom),
        "date_maj": lieu.date_maj,
        "adresse": adresse.voie,
        "complement_adresse": adresse.complement,
        "commune": adresse.commune,
        "code_postal": adresse.code_postal,
        "code_insee": adresse.code_insee.map(|code| code_insee(code, &adresse.code_postal, CodesInsee::Arrondissements)),
        "latitude": coordonnees.map(|(latitude, _)| latitude),
        "longitude": coordonnees.map(|(_, longitude)| longitude),
        "telephone": lieu.contact.telephone,
        "courriel": lieu.contact.courriels.first(),
    })
}

fn nom(nom: &str) -> String {
    if nom.chars().count() < *NOM.start() {
        return format!("Lieu {nom}");
    }
    nom.chars().take(*NOM.end()).collect()
}

fn description(lieu: &Lieu) -> Option<String> {
    let presentation = &lieu.presentation;
    let texte = presentation.detail.as_ref().or(presentation.resume.as_ref())?;
    let coupe: String = texte.chars().take(DESCRIPTION_MAX).collect();
    (coupe.chars().count() >= DESCRIPTION_MIN).then_some(coupe)
}

fn sans_vides(mut objet: Value) -> Value {
    if let Some(champs) = objet.as_object_mut() {
        champs.retain(|_, valeur| !valeur.is_null() && valeur.as_array().is_none_or(|liste| !liste.is_empty()));
    }
    objet
}

fn thematiques(services: &[Service]) -> Vec<&'static str> {
    let theme = |service: &Service| match service {
        Service::AideDemarches => Some("numerique--acceder-a-des-services-en-ligne"),
        Service::AccesInternetMateriel => Some("numerique--acceder-a-une-connexion-internet"),
        Service::AcquisitionMateriel => Some("numerique--acquerir-un-equipement"),
        Service::MaitriseOutils => Some("numerique--maitriser-les-fondamentaux-du-numerique"),
        _ => None,
    };
    services.iter().filter_map(theme).collect()
}

fn genre(lieu: &Lieu) -> &'static str {
    match lieu.modalites_accompagnement.as_slice() {
        [ModaliteAccompagnement::AtelierCollectif] => "atelier",
        [ModaliteAccompagnement::EnAutonomie] => "aide-materielle",
        _ => "accompagnement",
    }
}

/// One value: a place that is free for some is free, with the condition beside.
fn frais(frais: &[Frais]) -> Option<&'static str> {
    match frais {
        [] => None,
        _ if frais.iter().any(|f| *f != Frais::Payant) => Some("gratuit"),
        _ => Some("payant"),
    }
}

fn publics(publics: &[Public]) -> Vec<&'static str> {
    let code = |public: &Public| match public {
        Public::Jeunes => "jeunes",
        Public::Etudiants => "etudiants",
        Public::Familles => "familles",
        Public::Seniors => "seniors",
        Public::Femmes => "femmes",
    };
    publics.iter().map(code).collect()
}

fn modes_accueil(lieu: &Lieu) -> Vec<&'static str> {
    let modalites = &lieu.modalites_accompagnement;
    let a_distance = modalites.contains(&ModaliteAccompagnement::ADistance);
    let sur_place = modalites.is_empty() || modalites.iter().any(|m| *m != ModaliteAccompagnement::ADistance);
    [(sur_place, "en-presentiel"), (a_distance, "a-distance")]
        .into_iter()
        .filter_map(|(vrai, code)| vrai.then_some(code))
        .collect()
}

fn modes_mobilisation(lieu: &Lieu) -> Vec<&'static str> {
    let code = |modalite: &ModaliteAcces| match modalite {
        ModaliteAcces::SePresenter => Some("se-presenter"),
        ModaliteAcces::Telephoner => Some("telephoner"),
        ModaliteAcces::ContacterParMail | ModaliteAcces::FicheDePrescription => Some("envoyer-un-courriel"),
        ModaliteAcces::PrendreRdvEnLigne => Some("utiliser-lien-mobilisation"),
        ModaliteAcces::PasDePublic => None,
    };
    let mut codes: Vec<&str> = lieu.modalites_acces.iter().filter_map(code).collect();
    codes.dedup();
    codes
}

fn reseaux(lieu: &Lieu) -> Vec<&'static str> {
    let dispositif = |dispositif: &Dispositif| match dispositif {
        Dispositif::AidantsConnect => Some("aidants-connect"),
        Dispositif::ConseillersNumeriques => Some("conseillers-numeriques"),
        Dispositif::FranceServices => Some("france-service"),
        Dispositif::EmmausConnect => Some("emmaus-connect"),
        Dispositif::CroixRouge => Some("croix-rouge"),
        _ => None,
    };
    let typologie = |typologie: &Typologie| match typologie {
        Typologie::Epn => Some("espaces-publics-numeriques"),
        Typologie::Ccas | Typologie::Cias => Some("ccas-cias"),
        Typologie::Muni => Some("communes"),
        _ => None,
    };
    let mut codes: Vec<&str> = lieu.dispositifs.iter().filter_map(dispositif).collect();
    for code in lieu.typologies.iter().filter_map(typologie) {
        crate::domain::lieu::ajouter_une_fois(&mut codes, code);
    }
    codes
}
