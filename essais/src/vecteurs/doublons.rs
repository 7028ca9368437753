//! The reference's functions on duplicates, answered by our compatible scores and our own merge.

use ::lieux::domain::doublons::fusion::fusionner;
use ::lieux::domain::doublons::reference::{Fiche, Scores, sont_candidats};
use ::lieux::domain::export::{json::objet, ligne::CodesInsee};
use ::lieux::domain::lieu::Lieu;
use serde_json::json;

use super::deviations::Predicat;
use super::valeur::{self, argument};
use super::{Contexte, Fonction, Retour, Valeur, Vecteur, fiches};

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[
    ("duplicationComparisons", comparer_toutes_les_paires),
    ("findDuplicates", trouver_les_doublons),
    ("mergeDuplicates", fondre_les_groupes),
];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[("coordonnees-absentes", coordonnees_absentes)];

/// One of the places compared has no coordinates.
fn coordonnees_absentes(vecteur: &Vecteur, _: &Retour) -> bool {
    let lieux = vecteur.args().filter_map(Valeur::as_array).flatten();
    lieux
        .filter(|lieu| lieu.get("nom").is_some())
        .any(|lieu| lieu.get("latitude").is_none_or(Valeur::is_null))
}

fn comparer_toutes_les_paires(_: &Contexte, args: &[Valeur]) -> Retour {
    let lieux = membres(argument(args, 0));
    let interne = argument(args, 1) == &json!(true);
    let mut paires: Vec<(u32, Valeur)> = Vec::new();
    for (rang, a) in lieux.iter().enumerate() {
        for b in lieux[rang + 1..]
            .iter()
            .filter(|b| sont_candidats(&fiche(a), &fiche(b), interne))
        {
            let scores = Scores::de(&fiche(a), &fiche(b));
            paires.push((scores.moyenne(), ligne(a, b, scores)));
        }
    }
    paires.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Retour::Valeur(paires.into_iter().map(|(_, ligne)| ligne).collect())
}

fn ligne(a: &Valeur, b: &Valeur, scores: Scores) -> Valeur {
    let adresse = |l: &Valeur| format!("{} {} {}", dit(l, "adresse"), dit(l, "code_postal"), dit(l, "commune"));
    let localisation = |l: &Valeur| format!("{} : {}", l["latitude"], l["longitude"]);
    json!({
        "id1": a["id"], "id2": b["id"], "score": scores.moyenne(),
        "adresseScore": scores.adresse, "adresse1": adresse(a), "adresse2": adresse(b),
        "nomScore": scores.nom, "nom1": a["nom"], "nom2": b["nom"],
        "distanceScore": scores.distance, "localisation1": localisation(a), "localisation2": localisation(b),
        "source1": a["source"], "source2": b["source"], "typologie1": a["typologie"], "typologie2": b["typologie"],
    })
}

/// By commune, each place and what may be its duplicates; a third argument holds the places to look for.
fn trouver_les_doublons(_: &Contexte, args: &[Valeur]) -> Retour {
    let lieux = membres(argument(args, 0));
    let interne = argument(args, 1) == &json!(true);
    let cherches = args.get(2).filter(|l| l.is_array()).map_or(lieux, membres);
    let mut communes: Vec<(&str, Vec<Valeur>)> = Vec::new();
    for cherche in cherches {
        let trouves: Vec<Valeur> = lieux.iter().filter(|l| sont_candidats(&fiche(cherche), &fiche(l), interne)).map(|l| {
            let scores = Scores::de(&fiche(cherche), &fiche(l));
            json!({"id": l["id"], "distanceScore": scores.distance, "nomFuzzyScore": scores.nom, "voieFuzzyScore": scores.adresse})
        }).collect();
        if trouves.is_empty() {
            continue;
        }
        let trouve = json!({"id": cherche["id"], "duplicates": trouves});
        match communes
            .iter_mut()
            .find(|(code, _)| *code == dit(cherche, "code_insee"))
        {
            Some((_, lieux)) => lieux.push(trouve),
            None => communes.push((dit(cherche, "code_insee"), vec![trouve])),
        }
    }
    Retour::Valeur(
        communes
            .into_iter()
            .map(|(code, lieux)| json!({"code_insee": code, "lieux": lieux}))
            .collect(),
    )
}

fn membres(liste: &Valeur) -> &[Valeur] {
    liste.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn dit<'a>(lieu: &'a Valeur, champ: &str) -> &'a str {
    lieu.get(champ).and_then(Valeur::as_str).unwrap_or_default()
}

fn fiche(lieu: &Valeur) -> Fiche<'_> {
    let optionnel = |champ| Some(dit(lieu, champ)).filter(|t| !t.is_empty());
    Fiche {
        id: dit(lieu, "id"),
        nom: dit(lieu, "nom"),
        adresse: dit(lieu, "adresse"),
        code_insee: optionnel("code_insee"),
        source: optionnel("source"),
        point: fiches::point(lieu),
        typologies: fiches::liste(lieu, "typologie"),
    }
}

/// The merged place of each group, under the identifier that the reference makes of those of its members.
fn fondre_les_groupes(_: &Contexte, args: &[Valeur]) -> Retour {
    let Some(at) = valeur::instant(argument(args, 0)) else {
        return Retour::Ignore("la date manque".into());
    };
    let aujourd_hui = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let fiches = membres(argument(args, 1));
    let groupes = valeur::entrees(&argument(args, 2)["mergeGroupsMap"]);
    let fondues = groupes.filter_map(|(groupe, ids)| {
        let du_groupe = |fiche: &&Valeur| membres(ids).contains(&fiche["id"]);
        let lieux: Vec<Lieu> = fiches
            .iter()
            .filter(du_groupe)
            .enumerate()
            .map(|(rang, f)| fiches::lieu(f, rang))
            .collect();
        let fusion = fusionner(&lieux.iter().collect::<Vec<_>>(), aujourd_hui)?;
        let mut noms: Vec<&str> = membres(ids)
            .iter()
            .filter_map(Valeur::as_str)
            .map(sans_enveloppe)
            .collect();
        noms.sort_unstable();
        let mut fondue = objet(&fusion.lieu, CodesInsee::default());
        fondue.insert("id".into(), json!(noms.join("__")));
        if let Some(position) = fusion.lieu.position {
            // The merge keeps the digits that our files round to a hand's breadth.
            fondue.insert("latitude".into(), json!(position.point.latitude));
            fondue.insert("longitude".into(), json!(position.point.longitude));
        }
        Some((groupe.clone(), Valeur::Object(fondue)))
    });
    Retour::Valeur(valeur::table(fondues))
}

/// Identifiers of the reference once wore the name of its programme on both sides.
fn sans_enveloppe(id: &str) -> &str {
    id.trim_start_matches("mediation-numerique-")
        .trim_end_matches("-mediation-numerique")
}
