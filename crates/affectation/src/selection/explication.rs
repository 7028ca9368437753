//! Why each applicant got what it got, in a sentence and with figures that anybody can recompute.

use super::{
    etat::Etat,
    lecture::InstanceLue,
    modele::{Instance, MILLIEMES, Solution},
    probleme::Probleme,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many of the other structures are named in a sentence.
const NOMMEES: usize = 5;

/// What stopped an applicant from getting more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It got all that it asked for.
    DemandeSatisfaite,
    /// No commune of the instance is within its reach.
    HorsDePortee,
    /// More posts would serve nobody more: others serve the same people, or its own posts already do.
    DejaCouvertes,
    /// Its département is at its ceiling.
    PlafondDepartement,
    /// A post could only come from a rural structure, and the rural share is at its least.
    PartRurale,
    /// One post would be worth it, but its minimum grant is not.
    OctroiMinimal,
    /// The posts are all given where they serve more people.
    PostesEpuises,
    /// Exchanges one for one would serve more people: another choice, worth about as much, was found first.
    ChoixVoisin,
}

/// An applicant, explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explication {
    /// The structure.
    pub structure: u64,
    /// Posts asked for.
    pub demande: u32,
    /// Posts granted.
    pub octroi: u32,
    /// People that it serves in the solution.
    pub servis: f64,
    /// People who would no longer be served by anybody without it.
    pub nouveaux: f64,
    /// Other structures with posts that cover some of its communes, by identifier.
    pub autres: Vec<u64>,
    /// People more whom its next posts would serve.
    pub de_plus: f64,
    /// What stopped it from getting more.
    pub cause: Cause,
    /// All of this, in French.
    pub phrase: String,
}

/// Explains every applicant of a solution that respects its instance, in the order of identifiers.
#[must_use]
pub fn expliquer(lue: &InstanceLue, solution: &Solution) -> Vec<Explication> {
    let p = Probleme::new(&lue.instance);
    let octrois: HashMap<u64, u32> = solution.grants.iter().copied().collect();
    let id = |s: usize| lue.instance.structures[p.rang_structure[s]].id;
    let x: Vec<u32> = (0..p.candidats.len())
        .map(|s| octrois.get(&id(s)).copied().unwrap_or(0).min(p.candidats[s].ask))
        .collect();
    let mut servis: HashMap<u64, f64> = HashMap::new();
    for (s, _, n) in &solution.services {
        *servis.entry(*s).or_default() += n.0;
    }
    let mut etat = Etat::avec(&p, &x);
    let marche = Marche::new(&mut etat);
    (0..p.candidats.len())
        .map(|s| {
            let autres = autres(&p, &x, s).into_iter().map(id).collect();
            let sert = servis.get(&id(s)).copied().unwrap_or(0.0);
            expliquer_un(&mut etat, &marche, &lue.instance, (s, sert, autres))
        })
        .collect()
}

/// The cheapest posts to take elsewhere, in people for each post.
struct Marche {
    /// From any structure, and from those that are not rural.
    global: Option<i64>,
    sans_rural: Option<i64>,
}

impl Marche {
    fn new(etat: &mut Etat<'_>) -> Self {
        let p = etat.p;
        let mut marche = Self {
            global: None,
            sans_rural: None,
        };
        for s in 0..p.candidats.len() {
            let c = p.candidats[s];
            let Some(y) = c.au_dessous(etat.x[s]) else { continue };
            let pas = etat.x[s] - y;
            if etat.par_dep[c.dep] < p.deps[c.dep].min + pas {
                continue;
            }
            let perte = -etat.essayer(s, y) / i64::from(pas);
            let moindre = |avant: Option<i64>| Some(avant.map_or(perte, |a| a.min(perte)));
            marche.global = moindre(marche.global);
            if !c.rural {
                marche.sans_rural = moindre(marche.sans_rural);
            }
        }
        marche
    }
}

/// The other structures with posts that cover some communes of one.
fn autres(p: &Probleme, x: &[u32], s: usize) -> BTreeSet<usize> {
    let voisins = p.sorties[s]
        .iter()
        .flat_map(|(g, _)| p.entrees[*g].iter().map(|(autre, _)| *autre));
    voisins.filter(|autre| *autre != s && x[*autre] > 0).collect()
}

fn expliquer_un(
    etat: &mut Etat<'_>,
    marche: &Marche,
    instance: &Instance,
    (s, servis, autres): (usize, f64, Vec<u64>),
) -> Explication {
    let p = etat.p;
    let (c, x) = (p.candidats[s], etat.x[s]);
    let personnes = |milliemes: i64| milliemes as f64 / MILLIEMES as f64;
    let nouveaux = if x > 0 { personnes(-etat.essayer(s, 0)) } else { 0.0 };
    let suivant = c.au_dessus(x).map(|y| (y - x, etat.essayer(s, y)));
    let mut explication = Explication {
        structure: instance.structures[p.rang_structure[s]].id,
        demande: c.ask,
        octroi: x,
        servis,
        nouveaux,
        autres,
        de_plus: personnes(suivant.map_or(0, |(_, gain)| gain)),
        cause: cause(etat, marche, s, suivant),
        phrase: String::new(),
    };
    explication.phrase = phrase(&explication, etat, marche, (s, suivant.map_or(0, |(pas, _)| pas)));
    explication
}

fn cause(etat: &mut Etat<'_>, marche: &Marche, s: usize, suivant: Option<(u32, i64)>) -> Cause {
    let p = etat.p;
    let c = p.candidats[s];
    let Some((pas, gain)) = suivant else {
        return Cause::DemandeSatisfaite;
    };
    if p.sorties[s].is_empty() {
        return Cause::HorsDePortee;
    }
    if gain <= 0 {
        return Cause::DejaCouvertes;
    }
    if etat.par_dep[c.dep] + pas > p.deps[c.dep].max {
        return Cause::PlafondDepartement;
    }
    let par_poste = gain / i64::from(pas);
    let vaut_mieux = |prix: Option<i64>, gain: i64| prix.is_some_and(|prix| gain > prix);
    if vaut_mieux(marche.global, par_poste) {
        let rural_tendu = etat.ruraux == p.plancher_rural && !c.rural;
        return if rural_tendu && !vaut_mieux(marche.sans_rural, par_poste) {
            Cause::PartRurale
        } else {
            Cause::ChoixVoisin
        };
    }
    // What a first post alone would serve, if it could be granted alone.
    if pas > 1 && vaut_mieux(marche.global, etat.essayer(s, 1)) {
        return Cause::OctroiMinimal;
    }
    Cause::PostesEpuises
}

fn phrase(e: &Explication, etat: &Etat<'_>, marche: &Marche, (s, pas): (usize, u32)) -> String {
    let mut phrase = if e.octroi == 0 && e.demande == 1 {
        format!("La structure {} ne reçoit pas le poste demandé", e.structure)
    } else if e.octroi == 0 {
        format!(
            "La structure {} ne reçoit aucun des {} demandés",
            e.structure,
            postes(e.demande)
        )
    } else {
        format!(
            "La structure {} reçoit {} sur {} : ",
            e.structure,
            postes(e.octroi),
            e.demande
        ) + &format!(
            "elle sert {}, dont {} que personne d’autre ne servirait",
            personnes(e.servis),
            nombre(e.nouveaux)
        )
    };
    phrase.push_str(&voisines(&e.autres));
    let fin = fin(e, etat, marche, (s, pas));
    format!("{phrase}. {fin}")
}

/// What stopped an applicant, told with its figures.
fn fin(e: &Explication, etat: &Etat<'_>, marche: &Marche, (s, pas): (usize, u32)) -> String {
    let p = etat.p;
    let dep = &p.deps[p.candidats[s].dep];
    let de_plus = format!(
        "{} de plus servirai{} {} de plus",
        postes(pas),
        if pas > 1 { "ent" } else { "t" },
        personnes(e.de_plus)
    );
    let prix = personnes(marche.global.unwrap_or(0) as f64 / MILLIEMES as f64);
    match e.cause {
        Cause::DemandeSatisfaite => "Sa demande est satisfaite.".to_owned(),
        Cause::HorsDePortee => "Aucune commune de l’instance n’est à sa portée.".to_owned(),
        Cause::DejaCouvertes => format!("{} de plus ne serviraient personne de plus.", postes(pas)).replacen(
            "1 poste de plus ne serviraient",
            "1 poste de plus ne servirait",
            1,
        ),
        Cause::PlafondDepartement => {
            format!(
                "{de_plus}, mais son département {} est à son plafond de {}.",
                dep.id,
                postes(dep.max)
            )
        }
        Cause::PartRurale => {
            format!(
                "{de_plus}, mais il faudrait les prendre à des structures rurales, dont la part est à son minimum de {}.",
                postes(p.plancher_rural)
            )
        }
        Cause::OctroiMinimal => format!(
            "Son octroi minimal est de {} : {de_plus}, moins par poste que les derniers donnés ailleurs ({prix}).",
            postes(pas)
        ),
        Cause::PostesEpuises => {
            format!("Les postes sont tous donnés : {de_plus}, et les derniers donnés ailleurs servent chacun {prix}.")
        }
        Cause::ChoixVoisin => format!("{de_plus} ; un choix voisin, qui vaut à peu près autant, a été retenu."),
    }
}

fn voisines(autres: &[u64]) -> String {
    let noms: Vec<_> = autres.iter().take(NOMMEES).map(u64::to_string).collect();
    let suite = if autres.len() > NOMMEES { ", …" } else { "" };
    match autres.len() {
        0 => " ; aucune autre structure retenue ne couvre ses communes".to_owned(),
        1 => format!(
            " ; une autre structure retenue couvre certaines de ses communes ({})",
            noms[0]
        ),
        n => format!(
            " ; {n} autres structures retenues couvrent certaines de ses communes ({}{suite})",
            noms.join(", ")
        ),
    }
}

fn postes(n: u32) -> String {
    if n > 1 {
        format!("{n} postes")
    } else {
        format!("{n} poste")
    }
}

fn personnes(n: f64) -> String {
    let mot = if n >= 2.0 { "personnes" } else { "personne" };
    format!("{} {mot}", nombre(n))
}

/// A number as French writes it: thousands apart, one decimal when it is not whole.
fn nombre(n: f64) -> String {
    let dixiemes = (n * 10.0).round() as i64;
    let entier = (dixiemes / 10).to_string();
    let mut texte = String::new();
    for (i, chiffre) in entier.chars().enumerate() {
        if i > 0 && (entier.len() - i).is_multiple_of(3) {
            texte.push('\u{202f}');
        }
        texte.push(chiffre);
    }
    match dixiemes % 10 {
        0 => texte,
        d => format!("{texte},{d}"),
    }
}

/// How many applicants each cause stopped.
#[must_use]
pub fn causes(explications: &[Explication]) -> BTreeMap<String, usize> {
    let mut causes = BTreeMap::new();
    for e in explications {
        let code = serde_json::to_value(e.cause)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned));
        *causes.entry(code.unwrap_or_default()).or_default() += 1;
    }
    causes
}
