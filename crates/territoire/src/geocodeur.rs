//! Streets: an address turned into a point by the national address service, or else its commune, and which of the two.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle::{
    App,
    errors::{Erreur, Refus},
    module::BoxFuture,
};
use utoipa::ToSchema;

use crate::{CodeCommune, Commune, Point, Referentiel};

/// How precise a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The door.
    Numero,
    /// Somewhere in the street.
    Rue,
    /// A hamlet or a place name.
    LieuDit,
    /// The commune's own point.
    Commune,
}

/// Why a point is only that of the commune.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repli {
    /// The operator has not set an address service.
    Desactive,
    /// The service did not answer within its time budget.
    HorsDelai,
    /// The service failed.
    Injoignable,
    /// The service does not know this address.
    AdresseInconnue,
}

/// An address found.
#[derive(Clone, Debug, PartialEq)]
pub struct Adresse {
    /// The address as the service writes it.
    pub libelle: String,
    /// Where it is.
    pub point: Point,
    /// How precisely.
    pub precision: Precision,
    /// Its commune.
    pub commune: Option<CodeCommune>,
}

/// Where an address is, as well as could be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Localisation {
    /// The address, or the commune.
    pub adresse: Adresse,
    /// Why it is only the commune; nothing when the address itself was found.
    pub repli: Option<Repli>,
}

/// A service that knows streets.
pub trait Geocodeur: Send + Sync {
    /// The best match for an address; nothing when it knows none.
    fn geocoder<'a>(&'a self, adresse: &'a str) -> BoxFuture<'a, Result<Option<Adresse>, Repli>>;
}

/// The address's point, or its commune's when the service is off, late, down or does not know it; nothing when no commune is recognised either.
pub async fn localiser(geocodeur: Option<&dyn Geocodeur>, adresse: &str) -> Option<Localisation> {
    let repli = match geocodeur {
        None => Repli::Desactive,
        Some(geocodeur) => match geocodeur.geocoder(adresse).await {
            Ok(Some(adresse)) => return Some(Localisation { adresse, repli: None }),
            Ok(None) => Repli::AdresseInconnue,
            Err(repli) => repli,
        },
    };
    let referentiel = Referentiel::embarque();
    let commune = referentiel.commune_dans(adresse)?;
    let adresse = Adresse {
        libelle: referentiel.libelle(commune),
        point: commune.point,
        precision: Precision::Commune,
        commune: Some(commune.code),
    };
    Some(Localisation {
        adresse,
        repli: Some(repli),
    })
}

/// As [`localiser`], with the service of this instance when its operator set one.
pub async fn situer(app: &App, adresse: &str) -> Option<Localisation> {
    let service = app.try_part::<ServiceNational>();
    localiser(service.as_deref().map(|s| s as &dyn Geocodeur), adresse).await
}

impl Referentiel {
    /// The commune that ends an address: the one of its postal code, else the longest ending that is a commune's whole name.
    pub fn commune_dans(&self, adresse: &str) -> Option<&Commune> {
        let mots: Vec<&str> = adresse
            .split([' ', ',', ';', '\n', '\t'])
            .filter(|mot| !mot.is_empty())
            .collect();
        let debut = mots.len().saturating_sub(MOTS_D_UNE_COMMUNE);
        let code = mots
            .iter()
            .rposition(|mot| mot.len() == 5 && mot.bytes().all(|octet| octet.is_ascii_digit()));
        let par_code = code.and_then(|place| {
            let nom = mots[place + 1..].join(" ");
            let seule = || {
                self.par_code_postal(mots[place])
                    .max_by_key(|commune| commune.population)
            };
            self.par_nom_et_code_postal(&nom, mots[place]).or_else(seule)
        });
        par_code.or_else(|| {
            let fins = (debut..mots.len()).map(|place| mots[place..].join(" "));
            fins.filter_map(|fin| self.chercher(&fin, 1).into_iter().next())
                .find(|t| t.exacte)
                .map(|t| t.commune)
        })
    }
}

/// The longest names of communes have eleven words.
const MOTS_D_UNE_COMMUNE: usize = 12;

/// Below this score, the service's answer is another address.
const SCORE_MINIMAL: f64 = 0.5;

/// The national address service (data.geopf.fr/geocodage), or one that speaks like it.
#[derive(Clone, Debug)]
pub struct ServiceNational {
    client: reqwest::Client,
    recherche: String,
}

/// A client of an outside service, which gives up after `budget` and asks no other host than the one it is given.
///
/// # Errors
/// When the system gives no TLS roots.
pub fn client_borne(budget: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // Another part of the program may have chosen the provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(budget)
        // What people type goes to the host that the operator named, and to no other.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("maillage")
        .build()
}

/// The refusal to start when a service cannot be asked from this machine; the usual cause is the absence of the authorities' certificates.
pub fn sans_service(cle: &'static str, service: &str, cause: &reqwest::Error) -> Erreur {
    let cause = std::error::Error::source(cause).map_or_else(|| cause.to_string(), ToString::to_string);
    Refus::champ(
        cle,
        format!("{service} ne peut pas être interrogé depuis cette machine : {cause}"),
    )
    .into()
}

#[derive(Deserialize)]
struct Reponse {
    features: Vec<Objet>,
}

#[derive(Deserialize)]
struct Objet {
    geometry: Position,
    properties: Proprietes,
}

#[derive(Deserialize)]
struct Position {
    coordinates: [f64; 2],
}

#[derive(Deserialize)]
struct Proprietes {
    label: String,
    #[serde(default)]
    score: f64,
    #[serde(rename = "type", default)]
    nature: String,
    citycode: Option<String>,
}

impl ServiceNational {
    /// A client of the service at this address, which gives up after `budget`.
    ///
    /// # Errors
    /// When the system gives no TLS roots.
    pub fn nouveau(url: &str, budget: Duration) -> Result<Self, reqwest::Error> {
        Ok(ServiceNational {
            client: client_borne(budget)?,
            recherche: format!("{}/search", url.trim_end_matches('/')),
        })
    }

    async fn chercher(&self, adresse: &str) -> Result<Option<Adresse>, Repli> {
        let requete = self
            .client
            .get(&self.recherche)
            .query(&[("q", adresse), ("limit", "1")]);
        let reponse = requete
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(repli)?;
        let reponse: Reponse = reponse.json().await.map_err(repli)?;
        Ok(reponse
            .features
            .into_iter()
            .next()
            .filter(|o| o.properties.score >= SCORE_MINIMAL)
            .and_then(Objet::adresse))
    }
}

fn repli(erreur: reqwest::Error) -> Repli {
    if erreur.is_timeout() {
        Repli::HorsDelai
    } else {
        Repli::Injoignable
    }
}

impl Objet {
    fn adresse(self) -> Option<Adresse> {
        let [longitude, latitude] = self.geometry.coordinates;
        Some(Adresse {
            libelle: self.properties.label,
            point: Point::valide(longitude, latitude)?,
            precision: match self.properties.nature.as_str() {
                "housenumber" => Precision::Numero,
                "street" => Precision::Rue,
                "locality" => Precision::LieuDit,
                _ => Precision::Commune,
            },
            commune: self.properties.citycode.and_then(|code| code.parse().ok()),
        })
    }
}

impl Geocodeur for ServiceNational {
    fn geocoder<'a>(&'a self, adresse: &'a str) -> BoxFuture<'a, Result<Option<Adresse>, Repli>> {
        Box::pin(self.chercher(adresse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{method, path, query_param},
    };

    async fn demander(reponse: ResponseTemplate, adresse: &str) -> Option<Localisation> {
        let serveur = MockServer::start().await;
        let attendue = Mock::given(method("GET"))
            .and(path("/geocodage/search"))
            .and(query_param("q", adresse));
        attendue.respond_with(reponse).mount(&serveur).await;
        let service =
            ServiceNational::nouveau(&format!("{}/geocodage/", serveur.uri()), Duration::from_millis(1500)).unwrap();
        localiser(Some(&service), adresse).await
    }

    fn trouvee(score: f64) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_json(json!({"type": "FeatureCollection", "features": [{
            "geometry": {"type": "Point", "coordinates": [2.33, 48.87]},
            "properties": {"label": "12 Rue de la Paix 75002 Paris", "score": score, "type": "housenumber", "citycode": "75102"}
        }]}))
    }

    const ADRESSE: &str = "12 rue de la Paix, 75002 Paris";

    #[tokio::test]
    async fn une_adresse_connue_donne_sa_porte() {
        let Localisation { adresse, repli } = demander(trouvee(0.97), ADRESSE).await.unwrap();
        assert_eq!((adresse.precision, repli), (Precision::Numero, None));
        assert_eq!(
            adresse.point,
            Point {
                longitude: 2.33,
                latitude: 48.87
            }
        );
        assert_eq!(
            Referentiel::embarque().resoudre(adresse.commune.unwrap()).unwrap().nom,
            "Paris"
        );
    }

    #[tokio::test]
    async fn sans_reponse_utile_la_commune_repond_et_le_dit() {
        let lente = trouvee(0.97).set_delay(Duration::from_secs(6));
        let vide = ResponseTemplate::new(200).set_body_json(json!({"features": []}));
        for (reponse, attendu) in [
            (lente, Repli::HorsDelai),
            (ResponseTemplate::new(503), Repli::Injoignable),
            (
                ResponseTemplate::new(302).insert_header("location", "https://ailleurs.example/"),
                Repli::Injoignable,
            ),
            (ResponseTemplate::new(200).set_body_string("<html>"), Repli::Injoignable),
            (vide, Repli::AdresseInconnue),
            (trouvee(0.2), Repli::AdresseInconnue),
        ] {
            let localisation = demander(reponse, ADRESSE).await.unwrap();
            assert_eq!(
                (localisation.repli, localisation.adresse.precision),
                (Some(attendu), Precision::Commune)
            );
            assert_eq!(localisation.adresse.libelle, "Paris (Paris, 75)");
        }
    }

    #[tokio::test]
    async fn sans_service_la_commune_de_l_adresse_est_reconnue() {
        for (adresse, attendue) in [
            (ADRESSE, Some("75056")),
            ("3 place de la Mairie 93200 St Denis", Some("93066")),
            ("route de Bourg, 01300 Arbignieu", Some("01015")),
            ("5 rue du Port, Le Havre", Some("76351")),
            ("avenue du Général, Nouméa", Some("98818")),
            ("12 rue du Bac 93200", Some("93066")),
            ("nulle part", None),
            ("", None),
        ] {
            let localisation = localiser(None, adresse).await;
            let commune = localisation.as_ref().and_then(|l| l.adresse.commune);
            assert_eq!(commune.as_ref().map(CodeCommune::as_str), attendue, "{adresse}");
            assert!(localisation.is_none_or(|l| l.repli == Some(Repli::Desactive)));
        }
    }
}
