//! The reference's functions on communes, territories and distances.

use serde::Deserialize;
use territoire::{Geometrie, Perimetre, Point, Referentiel, Surface, rapprocher};

use super::{
    Contexte, Fonction, Retour, Valeur,
    deviations::Predicat,
    valeur::{argument, entrees, texte},
};

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[
    ("findCommune.parCodePostal", par_code_postal),
    ("findCommune.parNom", par_nom),
    ("findCommune.parNomEtCodePostal", par_nom_et_code_postal),
    ("filterDepartementsByTerritoire", departements),
    ("filterDepartementsByTerritoire.some", au_moins_un),
    ("filterDepartementsByTerritoire.every", tous),
    ("filterRegionsByTerritoire", regions),
    ("geographicDistance", distance),
    ("isInQpv", est_en_qpv),
    ("qpvShapesMapFromTransfer", qpv_par_commune),
];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[];

fn communes<'a>(args: &'a [Valeur], code_postal: Option<&'a str>) -> impl Iterator<Item = &'a Valeur> {
    let bonne = move |commune: &&Valeur| {
        let codes = commune["codesPostaux"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        code_postal.is_none_or(|code| codes.iter().any(|autre| autre == code))
    };
    argument(args, 0)
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter(bonne)
}

fn la_plus_proche<'a>(nom: &str, communes: impl Iterator<Item = &'a Valeur>) -> Retour {
    let candidates = communes.map(|commune| (commune["nom"].as_str().unwrap_or_default(), commune));
    rapprocher(nom, candidates).map_or_else(Retour::rien, Retour::de)
}

fn par_code_postal(_: &Contexte, args: &[Valeur]) -> Retour {
    communes(args, Some(texte(args, 1)))
        .next()
        .map_or_else(Retour::rien, Retour::de)
}

fn par_nom(_: &Contexte, args: &[Valeur]) -> Retour {
    la_plus_proche(texte(args, 1), communes(args, None))
}

fn par_nom_et_code_postal(_: &Contexte, args: &[Valeur]) -> Retour {
    la_plus_proche(texte(args, 1), communes(args, Some(texte(args, 2))))
}

fn perimetre(args: &[Valeur]) -> Option<Perimetre> {
    let choix = argument(args, 0);
    let codes = choix["territoires"].as_array().map(Vec::as_slice).unwrap_or_default();
    Perimetre::lire(
        choix["territoire_type"].as_str().unwrap_or_default(),
        codes.iter().filter_map(Valeur::as_str),
    )
    .ok()
}

fn departements(_: &Contexte, args: &[Valeur]) -> Retour {
    perimetre(args).map_or_else(Retour::rien, |p| Retour::de(p.departements(Referentiel::embarque())))
}

fn regions(_: &Contexte, args: &[Valeur]) -> Retour {
    perimetre(args).map_or_else(Retour::rien, |p| Retour::de(p.regions(Referentiel::embarque())))
}

/// Whether each département lies in the chosen régions: the callback was not recorded, this one stands in.
fn dans_les_regions(args: &[Valeur]) -> Vec<bool> {
    let (perimetre, referentiel) = (perimetre(args).unwrap_or_default(), Referentiel::embarque());
    let regions = perimetre.regions(referentiel);
    let departements = perimetre.departements(referentiel).into_iter();
    departements
        .map(|d| regions.iter().any(|r| r.code == d.region))
        .collect()
}

fn au_moins_un(_: &Contexte, args: &[Valeur]) -> Retour {
    Retour::de(dans_les_regions(args).contains(&true))
}

fn tous(_: &Contexte, args: &[Valeur]) -> Retour {
    Retour::de(!dans_les_regions(args).contains(&false))
}

fn point(valeur: &Valeur) -> Option<Point> {
    Point::deserialize(valeur).ok()
}

fn distance(_: &Contexte, args: &[Valeur]) -> Retour {
    match (point(argument(args, 0)), point(argument(args, 1))) {
        (Some(depart), Some(arrivee)) => Retour::de(depart.distance_m(arrivee)),
        _ => Retour::rien(),
    }
}

fn surface(geometrie: &Valeur) -> Option<Surface> {
    Surface::lire(&Geometrie::deserialize(geometrie).ok()?)
}

fn est_en_qpv(_: &Contexte, args: &[Valeur]) -> Retour {
    let Some(point) = point(argument(args, 2)) else {
        return Retour::de(false);
    };
    let de_la_commune = entrees(argument(args, 0)).filter(|(commune, _)| *commune == argument(args, 1));
    let mut quartiers = de_la_commune
        .filter_map(|(_, formes)| formes.as_array())
        .flatten()
        .filter_map(surface);
    Retour::de(quartiers.any(|quartier| quartier.contient(point)))
}

/// Areas by commune, each polygon with its holes.
fn qpv_par_commune(_: &Contexte, args: &[Valeur]) -> Retour {
    let mut par_commune: Vec<(Valeur, Vec<Geometrie>)> = Vec::new();
    for quartier in argument(args, 0).as_array().map(Vec::as_slice).unwrap_or_default() {
        let commune = &quartier["properties"]["insee_com"];
        let formes = match Geometrie::deserialize(&quartier["geometry"]) {
            Ok(Geometrie::MultiPolygon(parties)) => parties.into_iter().map(Geometrie::Polygon).collect(),
            Ok(polygone) => vec![polygone],
            Err(erreur) => return Retour::Ignore(erreur.to_string()),
        };
        match par_commune.iter_mut().find(|(code, _)| code == commune) {
            Some((_, deja)) => deja.extend(formes),
            None => par_commune.push((commune.clone(), formes)),
        }
    }
    let entrees = par_commune
        .into_iter()
        .map(|(code, formes)| (code, serde_json::json!(formes)));
    Retour::Valeur(super::valeur::table(entrees))
}
