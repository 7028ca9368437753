//! `/api/v1/lieux`: a listing that reads on by cursor, and one place.

use super::{LieuVue, parametres::Parametres};
use crate::{domain::lieu::Lieu, index::Lieux};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use socle::{App, errors::Erreur};
use utoipa::ToSchema;

/// The usual size of an answer, in bytes.
const TAILLE: usize = 32 * 1024;
/// How long a copy of an answer may serve, in seconds.
const FRAICHEUR: &str = "public, max-age=60";

/// A page of places.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageDeLieux<'a> {
    /// Nombre total de lieux, quand `total=oui`.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    /// Les lieux, du plus proche au plus lointain quand un point est demandé.
    lieux: Vec<LieuVue<'a>>,
    /// À recopier dans `curseur` pour lire la suite ; absent à la fin.
    #[serde(skip_serializing_if = "Option::is_none")]
    curseur_suivant: Option<String>,
}

/// An error (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Probleme)]
pub struct ProblemeVue {
    /// Code HTTP.
    status: u16,
    /// Ce qui s’est passé.
    title: String,
    /// Ce qu’il faut changer.
    detail: String,
    /// Le paramètre en cause.
    parametre: Option<String>,
}

/// Lists places.
///
/// # Errors
/// A parameter that cannot be read, named.
#[utoipa::path(
    get,
    path = "/api/v1/lieux",
    tag = "lieux",
    summary = "Chercher des lieux",
    description = "Les filtres d’un même nom s’additionnent (ou) ; les filtres de noms différents se restreignent (et). Plusieurs valeurs s’écrivent en répétant le paramètre ou séparées par une barre verticale. Les valeurs sont les libellés du standard ou leurs codes.",
    params(
        ("bbox" = Option<String>, Query, description = "Rectangle : ouest,sud,est,nord, en degrés"),
        ("lat" = Option<f64>, Query, description = "Latitude du point autour duquel chercher", minimum = -90, maximum = 90),
        ("lon" = Option<f64>, Query, description = "Longitude du point autour duquel chercher", minimum = -180, maximum = 180),
        ("rayon" = Option<f64>, Query, description = "Rayon en kilomètres, 20 par défaut", minimum = 0, maximum = 500),
        ("q" = Option<String>, Query, description = "Mots du nom, de l’adresse ou de la commune", max_length = 100),
        ("code_insee" = Option<String>, Query, description = "Code INSEE de commune"),
        ("epci" = Option<String>, Query, description = "SIREN d’intercommunalité"),
        ("departement" = Option<String>, Query, description = "Code de département ou de collectivité d’outre-mer"),
        ("region" = Option<String>, Query, description = "Code de région"),
        ("services" = Option<String>, Query, description = "Services"),
        ("publics_specifiquement_adresses" = Option<String>, Query, description = "Publics"),
        ("prise_en_charge_specifique" = Option<String>, Query, description = "Prises en charge spécifiques"),
        ("frais_a_charge" = Option<String>, Query, description = "Frais à charge"),
        ("dispositif_programmes_nationaux" = Option<String>, Query, description = "Dispositifs nationaux"),
        ("formations_labels" = Option<String>, Query, description = "Formations et labels"),
        ("autres_formations_labels" = Option<String>, Query, description = "Autres labels, dont QPV et FRR"),
        ("modalites_acces" = Option<String>, Query, description = "Façons d’accéder au lieu"),
        ("modalites_accompagnement" = Option<String>, Query, description = "Façons d’être accompagné"),
        ("typologie" = Option<String>, Query, description = "Types de structure"),
        ("itinerance" = Option<String>, Query, description = "Fixe ou itinérant"),
        ("source" = Option<String>, Query, description = "Organisme qui a recueilli les données"),
        ("avec" = Option<String>, Query, description = "Ce que la fiche doit contenir"),
        ("ouvert" = Option<String>, Query, description = "Ouvert maintenant, à un moment donné ou ce week-end"),
        ("modifie_depuis" = Option<String>, Query, description = "Mis à jour à cette date ou après (AAAA-MM-JJ)"),
        ("limite" = Option<u16>, Query, description = "Lieux par page, 20 par défaut", minimum = 1, maximum = 100),
        ("curseur" = Option<String>, Query, description = "Où reprendre la lecture"),
        ("total" = Option<String>, Query, description = "oui pour connaître le nombre total"),
    ),
    responses(
        (status = 200, description = "Les lieux", body = PageDeLieux<'static>),
        (status = 400, description = "Un paramètre ne se lit pas", body = ProblemeVue, content_type = "application/problem+json"),
        (status = 429, description = "Trop de demandes", body = ProblemeVue, content_type = "application/problem+json"),
    )
)]
pub async fn lister(State(app): State<App>, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(requete.as_deref().unwrap_or_default()).map_err(Erreur::Demande)?;
    let index = app.part::<Lieux>().index();
    let maintenant = app.clock.now();
    let (trouves, suite) = index.lister(&parametres.demande, parametres.apres, maintenant);
    let total = parametres.total.then(|| {
        let compte = crate::index::Demande {
            limite: 0,
            ..parametres.demande.clone()
        };
        index.chercher(&compte, maintenant).total
    });
    let page = PageDeLieux {
        total,
        lieux: trouves.iter().map(|t| LieuVue::de(t.lieu, t.distance_m)).collect(),
        curseur_suivant: suite.map(|c| c.to_string()),
    };
    json(&page)
}

/// Shows a place; a former identifier is redirected to the present one.
///
/// # Errors
/// No place ever had this identifier.
#[utoipa::path(
    get,
    path = "/api/v1/lieux/{id}",
    tag = "lieux",
    summary = "Lire un lieu",
    params(("id" = String, Path, description = "Identifiant du lieu, ancien ou présent")),
    responses(
        (status = 200, description = "Le lieu", body = LieuVue<'static>),
        (status = 301, description = "L’identifiant a changé"),
        (status = 404, description = "Aucun lieu n’a eu cet identifiant", body = ProblemeVue, content_type = "application/problem+json"),
        (status = 429, description = "Trop de demandes", body = ProblemeVue, content_type = "application/problem+json"),
    )
)]
pub async fn montrer(State(app): State<App>, Path(identifiant): Path<String>) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let id = index.resoudre(&identifiant).ok_or(Erreur::Introuvable)?;
    if identifiant != id.to_string() {
        let adresse = format!("{}/api/v1/lieux/{id}", app.settings.base_path);
        return Ok((StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, adresse)]).into_response());
    }
    let lieu: &Lieu = index.fiche(id).ok_or(Erreur::Introuvable)?;
    json(&LieuVue::de(lieu, None))
}

fn json(valeur: &impl Serialize) -> Result<Response, Erreur> {
    let mut corps = Vec::with_capacity(TAILLE);
    serde_json::to_writer(&mut corps, valeur).map_err(Erreur::faute)?;
    let entetes = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static(FRAICHEUR)),
    ];
    Ok((entetes, corps).into_response())
}
