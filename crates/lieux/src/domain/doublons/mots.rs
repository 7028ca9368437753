//! Names and streets as words: folded, abbreviations opened, small words dropped, common words weighed less.

use territoire::plier;

/// A word and what it tells: a common word of the field tells less than a proper name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mot {
    texte: String,
    poids: f32,
}

const POIDS_PROPRE: f32 = 1.0;
const POIDS_BANAL: f32 = 0.4;
/// Below this share of common letters, two words are not one word mistyped.
const RESSEMBLANCE_MINIMALE: f32 = 0.78;
const RESSEMBLANCE_ABREGE: f32 = 0.9;

/// Words that tell nothing.
const OUTILS: &[&str] = &[
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "n", "s", "sur", "sous", "un", "une",
];

/// Words of the field that half of the names hold.
const BANALS: &[&str] = &[
    "accueil",
    "aide",
    "annexe",
    "antenne",
    "asso",
    "association",
    "centre",
    "commun",
    "communal",
    "communale",
    "espace",
    "france",
    "intercommunal",
    "intercommunale",
    "lieu",
    "local",
    "locale",
    "maison",
    "municipal",
    "municipale",
    "numerique",
    "place",
    "point",
    "pole",
    "public",
    "publique",
    "rue",
    "service",
    "services",
    "site",
    "avenue",
    "boulevard",
    "chemin",
    "route",
    "allee",
    "impasse",
    "square",
    "quai",
    "cours",
    "faubourg",
    "passage",
];

/// Abbreviations of names, opened.
const SIGLES: &[(&str, &str)] = &[
    ("ccas", "centre communal action sociale"),
    ("cias", "centre intercommunal action sociale"),
    ("cms", "centre medico social"),
    ("cs", "centre social"),
    ("csc", "centre socio culturel"),
    ("epn", "espace public numerique"),
    ("evs", "espace vie sociale"),
    ("fs", "france services"),
    ("efs", "france services"),
    ("mfs", "france services"),
    ("rfs", "france services"),
    ("bm", "bibliotheque municipale"),
    ("biblio", "bibliotheque"),
    ("mediath", "mediatheque"),
    ("mdh", "maison habitants"),
    ("mds", "maison solidarites"),
    ("mde", "maison emploi"),
    ("mjc", "maison jeunes culture"),
    ("ml", "mission locale"),
    ("mq", "maison quartier"),
    ("msap", "maison services public"),
    ("mt", "mairie"),
    ("pij", "point information jeunesse"),
    ("bij", "bureau information jeunesse"),
    ("assoc", "association"),
    ("st", "saint"),
    ("ste", "sainte"),
];

/// Abbreviations of streets, opened.
const VOIES: &[(&str, &str)] = &[
    ("all", "allee"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bd", "boulevard"),
    ("bld", "boulevard"),
    ("bvd", "boulevard"),
    ("boul", "boulevard"),
    ("ch", "chemin"),
    ("che", "chemin"),
    ("chem", "chemin"),
    ("crs", "cours"),
    ("fbg", "faubourg"),
    ("fg", "faubourg"),
    ("imp", "impasse"),
    ("pl", "place"),
    ("qu", "quai"),
    ("r", "rue"),
    ("rte", "route"),
    ("sq", "square"),
    ("cdt", "commandant"),
    ("col", "colonel"),
    ("dr", "docteur"),
    ("gal", "general"),
    ("mal", "marechal"),
    ("pdt", "president"),
    ("pr", "professeur"),
    ("st", "saint"),
    ("ste", "sainte"),
];

/// What a place is, as its name says it; the spaces keep whole words.
const GENRES: &[(&[&str], GenreDeLieu)] = &[
    (&[" mairie "], GenreDeLieu::Mairie),
    (&[" hotel ville "], GenreDeLieu::Mairie),
    (&[" mediatheque "], GenreDeLieu::Bibliotheque),
    (&[" bibliotheque "], GenreDeLieu::Bibliotheque),
    (&[" ludotheque "], GenreDeLieu::Ludotheque),
    (
        &[
            " centre communal action sociale ",
            " centre intercommunal action sociale ",
        ],
        GenreDeLieu::ActionSociale,
    ),
    (&[" poste "], GenreDeLieu::Poste),
    (
        &[" centre social ", " centre socio culturel "],
        GenreDeLieu::CentreSocial,
    ),
    (&[" mission locale "], GenreDeLieu::MissionLocale),
    (
        &[" france services ", " maison services public "],
        GenreDeLieu::FranceServices,
    ),
    (&[" france travail ", " pole emploi "], GenreDeLieu::FranceTravail),
    (&[" caf ", " caisse allocations familiales "], GenreDeLieu::Caf),
    (&[" cpam ", " assurance maladie "], GenreDeLieu::AssuranceMaladie),
    (
        &[
            " maison solidarites ",
            " maison departementale solidarites ",
            " centre medico social ",
        ],
        GenreDeLieu::Departement,
    ),
    (&[" maison jeunes culture "], GenreDeLieu::Jeunes),
    (&[" information jeunesse "], GenreDeLieu::Jeunes),
    (
        &[
            " espace public numerique ",
            " cyber base ",
            " cyberbase ",
            " cyberespace ",
        ],
        GenreDeLieu::EspaceNumerique,
    ),
    (&[" college ", " lycee ", " ecole "], GenreDeLieu::Enseignement),
    (&[" ehpad ", " residence autonomie "], GenreDeLieu::Hebergement),
];

/// A kind of place that its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GenreDeLieu {
    Mairie,
    Bibliotheque,
    Ludotheque,
    ActionSociale,
    Poste,
    CentreSocial,
    MissionLocale,
    FranceServices,
    FranceTravail,
    Caf,
    AssuranceMaladie,
    Departement,
    Jeunes,
    EspaceNumerique,
    Enseignement,
    Hebergement,
}

/// What a name says.
#[derive(Clone, Debug)]
pub(super) struct NomLu {
    /// Its words, without those of its commune unless nothing else is left.
    pub mots: Vec<Mot>,
    /// The kinds of place that it tells.
    pub genres: Vec<GenreDeLieu>,
}

/// Reads the name of a place of this commune.
pub(super) fn lire_le_nom(nom: &str, commune: &str) -> NomLu {
    let tous = ouvrir(&plier(nom), SIGLES);
    let commune = ouvrir(&plier(commune), SIGLES);
    let propres: Vec<Mot> = tous
        .iter()
        .filter(|mot| !commune.contains(mot))
        .map(|mot| Mot::de(mot))
        .collect();
    let mots = if propres.is_empty() {
        tous.iter().map(|mot| Mot::de(mot)).collect()
    } else {
        propres
    };
    let phrase = format!(" {} ", tous.join(" "));
    let dit = |formule: &&str| phrase.contains(formule);
    let genres = GENRES
        .iter()
        .filter(|(formules, _)| formules.iter().any(dit))
        .map(|(_, genre)| *genre)
        .collect();
    NomLu { mots, genres }
}

/// The words of a street, its number aside.
pub(super) fn mots_de_la_voie(voie: &str) -> Vec<Mot> {
    ouvrir(voie, VOIES).iter().map(|m| Mot::de(m)).collect()
}

/// Opens the abbreviations of a folded text and drops the words that tell nothing.
fn ouvrir(plie: &str, abreges: &[(&str, &str)]) -> Vec<String> {
    let ouvert = |mot: &'_ str| {
        abreges
            .iter()
            .find(|(abrege, _)| *abrege == mot)
            .map(|(_, entier)| *entier)
    };
    plie.split(' ')
        .flat_map(|mot| ouvert(mot).unwrap_or(mot).split(' '))
        .filter(|mot| !mot.is_empty() && !OUTILS.contains(mot))
        .map(str::to_owned)
        .collect()
}

impl Mot {
    fn de(texte: &str) -> Self {
        let poids = if BANALS.contains(&texte) {
            POIDS_BANAL
        } else {
            POIDS_PROPRE
        };
        Self {
            texte: texte.to_owned(),
            poids,
        }
    }

    /// The word itself.
    pub(super) fn texte(&self) -> &str {
        &self.texte
    }

    /// Whether it is a word that half of the names hold.
    pub(super) fn est_banal(&self) -> bool {
        self.poids < POIDS_PROPRE
    }
}

/// How much two sets of words have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recouvrement {
    /// The weight in common, as a share of the two weights (0 to 1).
    pub commun: f32,
    /// The weight in common, as a share of the lesser weight (0 to 1).
    pub du_moindre: f32,
}

/// Compares two sets of words; `None` when either is empty.
pub(super) fn recouvrement(a: &[Mot], b: &[Mot]) -> Option<Recouvrement> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (poids_a, poids_b) = (poids(a), poids(b));
    let commun: f32 = a
        .iter()
        .map(|mot| b.iter().map(|autre| mot.ressemble(autre)).fold(0.0, f32::max) * mot.poids)
        .sum();
    let retour: f32 = b
        .iter()
        .map(|mot| a.iter().map(|autre| mot.ressemble(autre)).fold(0.0, f32::max) * mot.poids)
        .sum();
    let du_moindre = if poids_a <= poids_b {
        commun / poids_a
    } else {
        retour / poids_b
    };
    Some(Recouvrement {
        commun: (commun + retour) / (poids_a + poids_b),
        du_moindre,
    })
}

fn poids(mots: &[Mot]) -> f32 {
    mots.iter().map(|m| m.poids).sum()
}

impl Mot {
    fn ressemble(&self, autre: &Self) -> f32 {
        let (a, b) = (self.texte.as_str(), autre.texte.as_str());
        if a == b {
            return 1.0;
        }
        let (court, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        if court.len() < 4 || court.bytes().any(|c| c.is_ascii_digit()) {
            return 0.0;
        }
        if long.starts_with(court) {
            return RESSEMBLANCE_ABREGE;
        }
        if long.len() - court.len() > 2 {
            return 0.0;
        }
        let longueur = long.len() as f32;
        Some(1.0 - ecart(court, long) as f32 / longueur)
            .filter(|r| *r >= RESSEMBLANCE_MINIMALE)
            .unwrap_or(0.0)
    }
}

/// The edits between two words; what both begin and end with costs nothing to compare.
fn ecart(a: &str, b: &str) -> usize {
    let debut = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(debut..).unwrap_or(a), b.get(debut..).unwrap_or(b));
    let fin = a.bytes().rev().zip(b.bytes().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(..a.len() - fin).unwrap_or(a), b.get(..b.len() - fin).unwrap_or(b));
    if a.is_empty() || b.is_empty() {
        a.len().max(b.len())
    } else {
        strsim::osa_distance(a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commun(a: &str, b: &str) -> f32 {
        recouvrement(&lire_le_nom(a, "Lyon").mots, &lire_le_nom(b, "Lyon").mots).map_or(0.0, |r| r.commun)
    }

    #[test]
    fn abreges_accents_et_fautes_de_frappe_se_ressemblent() {
        for (a, b) in [
            ("CCAS de Lyon", "Centre communal d'action sociale"),
            ("Médiathèque Jean-Moulin", "mediatheque jean moulin (Lyon)"),
            ("MJC Les Alizés", "Maison des jeunes et de la culture les Alizes"),
            ("Bibliothéque Marguerite Duras", "Biblothèque Marguerite-Duras"),
        ] {
            assert!(commun(a, b) > 0.9, "{a} / {b} : {}", commun(a, b));
        }
        assert!(commun("Médiathèque Jean Moulin", "Médiathèque Simone Veil") < 0.5);
        assert!(commun("École 12", "École 13") < 0.6);
    }

    #[test]
    fn un_nom_dit_ce_qu_est_le_lieu() {
        let genres = |nom| lire_le_nom(nom, "").genres;
        assert_eq!(genres("Hôtel de Ville de Bourg"), [GenreDeLieu::Mairie]);
        assert_eq!(genres("CCAS"), [GenreDeLieu::ActionSociale]);
        assert_eq!(
            genres("France Services - La Poste"),
            [GenreDeLieu::Poste, GenreDeLieu::FranceServices]
        );
        assert_eq!(genres("La Fabrique"), []);
    }

    #[test]
    fn le_nom_qui_n_est_que_celui_de_la_commune_reste_un_nom() {
        let mots = |nom| lire_le_nom(nom, "Lyon").mots;
        assert!(!mots("Lyon").is_empty());
        assert_eq!(recouvrement(&mots("!!!"), &mots("Lyon")), None);
    }
}
