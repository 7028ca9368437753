//! `affectation apportion`: posts shared between the territories of a file.

use super::{dans, lire, poser};
use crate::{
    cli::affectation::{Apportion, MethodeDite},
    commandes::ecrire_json,
    fin::{Fin, Issue},
};
use affectation::{
    besoin::{Besoin, Critere, besoin},
    empreinte::{Empreinte, nommer_execution},
    fraction::Fraction,
    repartition::{self, Methode, Noeud, Part, Territoire, repartir_arbre},
    retour::{Reel, Retour, comparer},
};
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::stdout,
    str::FromStr,
};

/// A row by column; an empty cell is not there.
type Rangee = BTreeMap<String, String>;

/// What a row says.
struct Ligne {
    noeud: Noeud,
    manquants: Vec<String>,
    reel: Option<u32>,
}

/// Territories whose posts change when a weight moves by a fifth.
#[derive(Serialize)]
struct Variation {
    critere: String,
    variation: i32,
    changements: Vec<(String, u32, u32)>,
}

/// The answer.
#[derive(Serialize)]
struct Reponse {
    execution: String,
    methode: Methode,
    postes: u32,
    poids: BTreeMap<String, String>,
    parts: Vec<Part>,
    /// Territories whose need is not known, and the criteria that are missing.
    besoins_inconnus: BTreeMap<String, Vec<String>>,
    sensibilite: Vec<Variation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retour: Option<Retour>,
}

/// Shares posts and writes the answer.
pub(super) fn run(args: &Apportion) -> Result<Issue, Fin> {
    let nommer = |message: String| dans(&args.fichier, message);
    let criteres = criteres(&args.poids).map_err(Fin::Usage)?;
    let octets = lire(&args.fichier)?;
    let rangees = rangees(&octets).map_err(nommer)?;
    let lignes = |criteres: &[Critere]| -> Result<Vec<Ligne>, String> {
        rangees
            .iter()
            .enumerate()
            .map(|(i, r)| ligne(i + 1, r, criteres))
            .collect()
    };
    let methode = match args.methode {
        MethodeDite::SainteLague => Methode::SainteLague,
        MethodeDite::Dhondt => Methode::Dhondt,
        MethodeDite::PlusFortReste => Methode::PlusFortReste,
    };
    let poids: BTreeMap<_, _> = criteres.iter().map(|c| (c.code.clone(), c.poids.to_string())).collect();
    let mut parametres: BTreeMap<&str, String> = poids.iter().map(|(c, p)| (c.as_str(), p.clone())).collect();
    parametres.insert("--postes", args.postes.to_string());
    parametres.insert("--methode", format!("{methode:?}"));
    let execution = nommer_execution(&Empreinte::de(&octets), &parametres, &[repartition::VERSION]);
    let partager = |lignes: &[Ligne]| {
        let noeuds: Vec<_> = lignes.iter().map(|l| l.noeud.clone()).collect();
        repartir_arbre(args.postes, methode, &noeuds, &execution).map_err(|erreur| erreur.to_string())
    };
    let lues = lignes(&criteres).map_err(nommer)?;
    let parts = partager(&lues).map_err(nommer)?;
    let varier = |autres: &[Critere]| {
        lignes(autres)
            .and_then(|l| partager(&l))
            .map(|v| changements(&parts, &v))
    };
    let sensibilite = sensibilite(&criteres, varier).map_err(nommer)?;
    let reponse = Reponse {
        execution: execution.to_string(),
        methode,
        postes: args.postes,
        poids,
        besoins_inconnus: inconnus(&lues, &parts),
        retour: retour(&lues, methode, &execution).map_err(nommer)?,
        parts,
        sensibilite,
    };
    match &args.out {
        Some(fichier) => poser(fichier, &reponse)?,
        None => ecrire_json(&mut stdout().lock(), &reponse)?,
    }
    Ok(Issue::Faite)
}

/// Moves each weight by a fifth, down and up.
fn sensibilite(
    criteres: &[Critere],
    varier: impl Fn(&[Critere]) -> Result<Vec<(String, u32, u32)>, String>,
) -> Result<Vec<Variation>, String> {
    let variation = |(i, variation): (usize, i32)| {
        let mut autres = criteres.to_vec();
        let facteur = Fraction::new(100 + i128::from(variation), 100).unwrap_or(Fraction::UN);
        autres[i].poids = autres[i].poids.fois(facteur).unwrap_or(autres[i].poids);
        let critere = criteres[i].code.clone();
        Ok(Variation {
            critere,
            variation,
            changements: varier(&autres)?,
        })
    };
    (0..criteres.len())
        .flat_map(|i| [(i, -20), (i, 20)])
        .map(variation)
        .collect()
}

fn criteres(poids: &[String]) -> Result<Vec<Critere>, String> {
    let mut vus = BTreeSet::new();
    let lire = |texte: &String| {
        let (code, poids) = texte
            .split_once('=')
            .ok_or_else(|| format!("--poids {texte} : écrivez CRITERE=POIDS"))?;
        let poids = Fraction::from_str(poids).map_err(|erreur| format!("--poids {code} : {erreur}"))?;
        if poids.est_negative() || !vus.insert(code.to_owned()) {
            return Err(format!("--poids {code} : un seul poids, zéro ou plus"));
        }
        Ok(Critere {
            code: code.to_owned(),
            poids,
        })
    };
    poids.iter().map(lire).collect()
}

fn rangees(octets: &[u8]) -> Result<Vec<Rangee>, String> {
    let texte = std::str::from_utf8(octets).map_err(|_| "ce fichier n’est pas en UTF-8".to_owned())?;
    let texte = texte.trim_start_matches('\u{feff}');
    if texte.trim_start().starts_with(['[', '{']) {
        return rangees_json(texte);
    }
    let premiere = texte.lines().next().unwrap_or_default();
    let separateur = if premiere.contains(';') { b';' } else { b',' };
    let mut lecteur = csv::ReaderBuilder::new()
        .delimiter(separateur)
        .trim(csv::Trim::All)
        .from_reader(texte.as_bytes());
    let colonnes = lecteur.headers().map_err(|erreur| erreur.to_string())?.clone();
    let mut rangees = Vec::new();
    for (i, lue) in lecteur.records().enumerate() {
        let cases = lue.map_err(|_| format!("ligne {} : elle n’a pas le nombre de cases de l’en-tête", i + 2))?;
        let paires = colonnes.iter().zip(&cases).filter(|(_, case)| !case.is_empty());
        rangees.push(paires.map(|(c, v)| (c.to_owned(), v.to_owned())).collect());
    }
    Ok(rangees)
}

fn rangees_json(texte: &str) -> Result<Vec<Rangee>, String> {
    let valeur: Value = serde_json::from_str(texte).map_err(|erreur| {
        format!(
            "ce n’est pas du JSON lisible : arrêt à la ligne {}, colonne {}",
            erreur.line(),
            erreur.column()
        )
    })?;
    let liste = valeur.as_array().ok_or("une liste d’objets est attendue")?;
    let rangee = |(i, valeur): (usize, &Value)| {
        let objet = valeur
            .as_object()
            .ok_or_else(|| format!("rang {} : un objet est attendu", i + 1))?;
        let case = |(cle, valeur): (&String, &Value)| match valeur {
            Value::Null => None,
            Value::String(texte) => Some((cle.clone(), texte.clone())),
            autre => Some((cle.clone(), autre.to_string())),
        };
        Ok(objet.iter().filter_map(case).collect())
    };
    liste.iter().enumerate().map(rangee).collect()
}

/// Reads a row; without weights, the column `besoin` is the only criterion.
fn ligne(rang: usize, rangee: &Rangee, criteres: &[Critere]) -> Result<Ligne, String> {
    let code = rangee
        .get("code")
        .cloned()
        .ok_or_else(|| format!("rang {rang} : la colonne « code » est vide ou absente"))?;
    let refus =
        |champ: &str, raison: &dyn std::fmt::Display| format!("rang {rang} ({code}), colonne « {champ} » : {raison}");
    let nombre = |champ: &str| -> Result<Option<Fraction>, String> {
        rangee
            .get(champ)
            .map(|texte| texte.parse().map_err(|erreur| refus(champ, &erreur)))
            .transpose()
    };
    let entier = |champ: &str| -> Result<Option<u32>, String> {
        let lire = |texte: &String| {
            texte
                .parse()
                .map_err(|_| refus(champ, &format!("« {texte} » n’est pas un nombre entier, zéro ou plus")))
        };
        rangee.get(champ).map(lire).transpose()
    };
    let servis = nombre("servis")?.unwrap_or(Fraction::ZERO);
    let seul = [Critere {
        code: "besoin".to_owned(),
        poids: Fraction::UN,
    }];
    let criteres = if criteres.is_empty() { &seul[..] } else { criteres };
    let effectifs: Vec<_> = criteres.iter().map(|c| nombre(&c.code)).collect::<Result<_, _>>()?;
    let calcule = besoin(criteres, &effectifs, servis).map_err(|erreur| format!("rang {rang} ({code}) : {erreur}"))?;
    let territoire = Territoire {
        besoin: calcule.connu(),
        plancher: entier("plancher")?.unwrap_or(0),
        plafond: entier("plafond")?,
        code: code.clone(),
    };
    let manquants = match calcule {
        Besoin::Connu(_) => Vec::new(),
        Besoin::Inconnu { manquants } => manquants,
    };
    let noeud = Noeud {
        territoire,
        parent: rangee.get("parent").cloned(),
    };
    Ok(Ligne {
        noeud,
        manquants,
        reel: entier("reel")?,
    })
}

/// Territories that people decide on: no need of their own, none below.
fn inconnus(lignes: &[Ligne], parts: &[Part]) -> BTreeMap<String, Vec<String>> {
    let sans: BTreeSet<&str> = parts[1..]
        .iter()
        .filter(|p| p.besoin.is_none())
        .map(|p| p.code.as_str())
        .collect();
    let code = |l: &Ligne| l.noeud.territoire.code.clone();
    let vus: BTreeSet<&str> = parts.iter().map(|p| p.code.as_str()).collect();
    lignes
        .iter()
        .filter(|l| {
            let code = l.noeud.territoire.code.as_str();
            sans.contains(code) || !vus.contains(code)
        })
        .map(|l| (code(l), l.manquants.clone()))
        .collect()
}

fn changements(avant: &[Part], apres: &[Part]) -> Vec<(String, u32, u32)> {
    let nouveaux: BTreeMap<&str, u32> = apres.iter().map(|p| (p.code.as_str(), p.postes)).collect();
    let change = |p: &Part| {
        let n = nouveaux.get(p.code.as_str()).copied().unwrap_or(0);
        (n != p.postes).then(|| (p.code.clone(), p.postes, n))
    };
    avant.iter().filter_map(change).collect()
}

fn retour(lignes: &[Ligne], methode: Methode, tirage: &Empreinte) -> Result<Option<Retour>, String> {
    let reel = |l: &Ligne| {
        let Territoire { code, besoin, .. } = l.noeud.territoire.clone();
        l.reel.map(|montant| Reel { code, montant, besoin })
    };
    let reels: Vec<_> = lignes.iter().filter_map(reel).collect();
    if reels.is_empty() {
        return Ok(None);
    }
    comparer(&reels, methode, tirage)
        .map(Some)
        .map_err(|erreur| format!("colonne « reel » : {erreur}"))
}
