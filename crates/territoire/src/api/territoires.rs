//! `/api/v1/territoires`: communes, départements, régions, collectivities, EPCI and the layers over them.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Serialize;
use socle::{
    App,
    errors::{Erreur, Refus},
};
use utoipa::{OpenApi, ToSchema};

use crate::{
    actions::lire_couches::couches,
    domain::{
        code::{CodeCollectivite, CodeCommune, CodeDepartement, CodePostal, CodeRegion, SirenEpci},
        couche::{Couche, Fragilite, FranceServices, Nature},
        couches::Zonage,
        entites::{ATTRIBUTIONS, Attribution, Collectivite, Commune, Departement, Epci, Region, Zone},
        point::Point,
        recherche::Trouvee,
        referentiel::Referentiel,
    },
};

/// The description of these entries, to be merged into that of the whole API.
#[derive(OpenApi)]
#[openapi(paths(
    communes,
    commune,
    couches_de_la_commune,
    departements,
    regions,
    collectivites,
    epci,
    liste_des_couches
))]
pub struct Description;

const LIMITE_PAR_DEFAUT: usize = 10;
const LIMITE_MAX: usize = 100;

/// A commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommuneVue {
    /// INSEE code.
    pub code: CodeCommune,
    /// Official name.
    pub nom: &'static str,
    /// The name with what tells it from its namesakes.
    #[schema(example = "Saint-Denis (Seine-Saint-Denis, 93)")]
    pub libelle: String,
    /// Where it lies.
    pub zone: Zone,
    /// None in the overseas collectivities.
    pub departement: Option<CodeDepartement>,
    /// None in the overseas collectivities.
    pub region: Option<CodeRegion>,
    /// Only in the overseas collectivities.
    pub collectivite: Option<CodeCollectivite>,
    /// None in the overseas collectivities and on four islands.
    pub epci: Option<SirenEpci>,
    /// The territory of Greater Paris.
    pub territoire_metropolitain: Option<SirenEpci>,
    /// Postal codes.
    #[schema(value_type = Vec<CodePostal>)]
    pub codes_postaux: &'static [CodePostal],
    /// Municipal population.
    pub population: Option<u32>,
    /// Centroid, or main village.
    pub point: Point,
    /// IANA time zone.
    #[schema(example = "Europe/Paris")]
    pub fuseau: &'static str,
}

impl CommuneVue {
    fn de(commune: &'static Commune) -> Self {
        CommuneVue {
            code: commune.code,
            nom: commune.nom,
            libelle: Referentiel::embarque().libelle(commune),
            zone: commune.zone,
            departement: commune.departement,
            region: commune.region,
            collectivite: commune.collectivite,
            epci: commune.epci,
            territoire_metropolitain: commune.territoire_metropolitain,
            codes_postaux: commune.codes_postaux,
            population: commune.population,
            point: commune.point,
            fuseau: commune.fuseau(),
        }
    }
}

/// A commune that a text named.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reponse {
    /// The commune.
    #[serde(flatten)]
    pub commune: CommuneVue,
    /// The former name, arrondissement or village that was recognised, when it was not the commune's own name.
    pub via: Option<&'static str>,
    /// Whether the text is the whole name, or a whole code.
    pub exacte: bool,
}

/// A list, with the sources to name when it is published again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Liste<T> {
    /// What was asked for.
    pub resultats: Vec<T>,
    /// The sources.
    pub attributions: &'static [Attribution],
}

impl<T> Liste<T> {
    fn de(resultats: impl IntoIterator<Item = T>) -> Json<Self> {
        Json(Liste {
            resultats: resultats.into_iter().collect(),
            attributions: ATTRIBUTIONS,
        })
    }
}

/// An EPCI and its communes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EpciVue {
    /// The EPCI.
    #[serde(flatten)]
    pub epci: Epci,
    /// Its communes, by code.
    pub communes: Vec<CodeCommune>,
    /// The sources.
    pub attributions: &'static [Attribution],
}

/// What the dated layers say of a commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct CouchesDeLaCommune {
    /// The day asked for.
    #[schema(value_type = String, format = Date)]
    pub jour: jiff::civil::Date,
    /// Rural revitalisation zones.
    pub zonage: Zonage,
    /// Digital fragility index; none where it is unknown.
    pub fragilite: Option<Fragilite>,
    /// France Services houses; none where no list holds on that day.
    pub france_services: Option<Vec<FranceServices>>,
    /// The layers that answered, with their sources and licences.
    pub couches: Vec<Couche>,
}

type Parametres = Query<Vec<(String, String)>>;

fn parametre<'p>(parametres: &'p [(String, String)], nom: &str) -> Option<&'p str> {
    let valeurs = parametres
        .iter()
        .filter(|(cle, valeur)| cle == nom && !valeur.trim().is_empty());
    valeurs.map(|(_, valeur)| valeur.as_str()).next()
}

/// Reads a code of the path or the query; the refusal names the parameter.
fn lire<T: std::str::FromStr<Err: std::fmt::Display>>(nom: &'static str, texte: &str) -> Result<T, Erreur> {
    texte
        .parse()
        .map_err(|e: T::Err| Erreur::Demande(Refus::champ(nom, e.to_string())))
}

/// Finds communes by name, part of a name, postal code, present or former code.
#[utoipa::path(get, path = "/api/v1/territoires/communes", tag = "territoires",
    params(
        ("q" = String, Query, description = "Nom, partie de nom, code postal ou code INSEE, actuel ou ancien"),
        ("limite" = Option<usize>, Query, description = "Nombre de réponses, de 1 à 100 (10 par défaut)", minimum = 1, maximum = 100)
    ),
    responses((status = 200, body = Liste<Reponse>), (status = 400, description = "Un paramètre est mal formé")))]
pub async fn communes(Query(parametres): Parametres) -> Result<Json<Liste<Reponse>>, Erreur> {
    let refus = |nom, message: &str| Erreur::Demande(Refus::champ(nom, message));
    let q = parametre(&parametres, "q").ok_or_else(|| refus("q", "Indiquez un nom de commune ou un code."))?;
    let limite = match parametre(&parametres, "limite") {
        None => LIMITE_PAR_DEFAUT,
        Some(texte) => {
            let limite = texte
                .trim()
                .parse()
                .ok()
                .filter(|limite| (1..=LIMITE_MAX).contains(limite));
            limite.ok_or_else(|| refus("limite", "La limite est un nombre de 1 à 100."))?
        }
    };
    let trouvees = Referentiel::embarque().chercher(q, limite);
    let reponse = |t: Trouvee<'static>| Reponse {
        commune: CommuneVue::de(t.commune),
        via: t.via,
        exacte: t.exacte,
    };
    Ok(Liste::de(trouvees.into_iter().map(reponse)))
}

/// A commune by its code; a former code, or an arrondissement's, leads to the present commune.
#[utoipa::path(get, path = "/api/v1/territoires/communes/{code}", tag = "territoires",
    params(("code" = CodeCommune, Path, description = "Code INSEE, actuel ou ancien")),
    responses((status = 200, body = CommuneVue), (status = 400, description = "Le code est mal formé"), (status = 404, description = "Aucune commune n'a ce code")))]
pub async fn commune(Path(code): Path<String>) -> Result<Json<CommuneVue>, Erreur> {
    resoudre(&code).map(|commune| Json(CommuneVue::de(commune)))
}

fn resoudre(code: &str) -> Result<&'static Commune, Erreur> {
    Referentiel::embarque()
        .resoudre(lire("code", code)?)
        .ok_or(Erreur::Introuvable)
}

/// What the dated layers say of a commune on a day (today by default).
#[utoipa::path(get, path = "/api/v1/territoires/communes/{code}/couches", tag = "territoires",
    params(("code" = CodeCommune, Path, description = "Code INSEE, actuel ou ancien"),
        ("jour" = Option<String>, Query, description = "Jour, au format AAAA-MM-JJ", example = "2026-03-03")),
    responses((status = 200, body = CouchesDeLaCommune), (status = 400, description = "Un paramètre est mal formé"), (status = 404, description = "Aucune commune n'a ce code")))]
pub async fn couches_de_la_commune(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(parametres): Parametres,
) -> Result<Json<CouchesDeLaCommune>, Erreur> {
    let commune = resoudre(&code)?;
    let jour = match parametre(&parametres, "jour") {
        None => app.clock.now().day_in(commune.fuseau()),
        Some(texte) => texte.trim().parse().map_err(|_| {
            Erreur::Demande(Refus::champ(
                "jour",
                format!("« {texte} » n'est pas un jour au format AAAA-MM-JJ."),
            ))
        })?,
    };
    let couches = couches(&app).await?;
    let natures = [
        Nature::Frr,
        Nature::Zrr,
        Nature::FragiliteCommunes,
        Nature::FranceServices,
    ];
    Ok(Json(CouchesDeLaCommune {
        jour,
        zonage: couches.zonage(commune, jour),
        fragilite: couches.fragilite(commune, jour),
        france_services: couches.france_services(commune, jour).map(<[_]>::to_vec),
        couches: natures
            .into_iter()
            .filter_map(|nature| couches.couche(nature, jour))
            .cloned()
            .collect(),
    }))
}

/// The départements.
#[utoipa::path(get, path = "/api/v1/territoires/departements", tag = "territoires",
    responses((status = 200, body = Liste<Departement>)))]
pub async fn departements() -> Json<Liste<Departement>> {
    Liste::de(Referentiel::embarque().departements().cloned())
}

/// The régions.
#[utoipa::path(get, path = "/api/v1/territoires/regions", tag = "territoires",
    responses((status = 200, body = Liste<Region>)))]
pub async fn regions() -> Json<Liste<Region>> {
    Liste::de(Referentiel::embarque().regions().cloned())
}

/// The overseas collectivities, which are neither départements nor régions.
#[utoipa::path(get, path = "/api/v1/territoires/collectivites", tag = "territoires",
    responses((status = 200, body = Liste<Collectivite>)))]
pub async fn collectivites() -> Json<Liste<Collectivite>> {
    Liste::de(Referentiel::embarque().collectivites().cloned())
}

/// An EPCI, or a territory of Greater Paris, with its communes.
#[utoipa::path(get, path = "/api/v1/territoires/epci/{siren}", tag = "territoires",
    params(("siren" = SirenEpci, Path, description = "Numéro SIREN")),
    responses((status = 200, body = EpciVue), (status = 400, description = "Le numéro est mal formé"), (status = 404, description = "Aucun EPCI n'a ce numéro")))]
pub async fn epci(Path(siren): Path<String>) -> Result<Json<EpciVue>, Erreur> {
    let referentiel = Referentiel::embarque();
    let epci = referentiel
        .epci(lire("siren", &siren)?)
        .ok_or(Erreur::Introuvable)?
        .clone();
    let membre = |c: &&Commune| c.epci == Some(epci.siren) || c.territoire_metropolitain == Some(epci.siren);
    let communes = referentiel.communes().filter(membre).map(|c| c.code).collect();
    Ok(Json(EpciVue {
        epci,
        communes,
        attributions: ATTRIBUTIONS,
    }))
}

/// The dated layers that were imported, with their sources, vintages and licences.
#[utoipa::path(get, path = "/api/v1/territoires/couches", tag = "territoires",
    responses((status = 200, body = Vec<Couche>)))]
pub async fn liste_des_couches(State(app): State<App>) -> Result<Json<Vec<Couche>>, Erreur> {
    Ok(Json(couches(&app).await?.toutes().cloned().collect()))
}
