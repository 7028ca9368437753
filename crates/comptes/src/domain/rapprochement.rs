//! Whether two files are those of one person: names, birth year, telephones and e-mails give a score, its reasons and a verdict.
//!
//! A first name that differs, or births a generation apart, end the comparison: twins share all the rest, and so do a father
//! and his son. Nothing here decides alone: a certain pair is proposed first, a probable one is looked at by somebody.

use strsim::damerau_levenshtein;
use territoire::plier;

/// An e-mail address of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adresse {
    /// The address.
    pub courriel: String,
    /// Whether they showed that it is theirs; until then anyone may claim it.
    pub confirmee: bool,
}

/// What is compared of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signalement {
    /// First names, as written.
    pub prenom: String,
    /// Birth name, or the only name known.
    pub nom: String,
    /// The name used in daily life, when it is another.
    pub nom_usage: Option<String>,
    /// Year of birth.
    pub naissance: Option<i16>,
    /// Telephones, in international form.
    pub telephones: Vec<String>,
    /// E-mail addresses.
    pub courriels: Vec<Adresse>,
}

/// Why two files look like those of one person, or of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motif {
    /// Same first name and name.
    MemeNom,
    /// The first name of one is the name of the other, and the reverse.
    NomsInverses,
    /// Same first name, and a name in common: a married name, or one name of two.
    NomEnCommun,
    /// Same name, and one first name of two, or its initial.
    PrenomEnCommun,
    /// One typing error in the name or the first name.
    UneFaute,
    /// Same first name, no name in common.
    MemePrenom,
    /// First names that differ.
    PrenomsDifferents,
    /// Same year of birth.
    MemeAnnee,
    /// Years of birth that a typing error may explain.
    AnneesVoisines,
    /// Years of birth a generation apart.
    DeuxGenerations,
    /// A telephone in common.
    MemeTelephone,
    /// An e-mail in common.
    MemeCourriel,
}

impl Motif {
    /// What it says, in French.
    pub fn libelle(self) -> &'static str {
        match self {
            Motif::MemeNom => "même prénom et même nom",
            Motif::NomsInverses => "prénom et nom inversés",
            Motif::NomEnCommun => "même prénom, et un nom en commun",
            Motif::PrenomEnCommun => "même nom, et un prénom en commun",
            Motif::UneFaute => "une lettre d’écart dans le nom ou le prénom",
            Motif::MemePrenom => "même prénom, noms différents",
            Motif::PrenomsDifferents => "prénoms différents",
            Motif::MemeAnnee => "même année de naissance",
            Motif::AnneesVoisines => "années de naissance proches mais différentes",
            Motif::DeuxGenerations => "au moins quatorze ans d’écart",
            Motif::MemeTelephone => "même téléphone",
            Motif::MemeCourriel => "même adresse de courriel (l’une au moins n’est pas confirmée)",
        }
    }

    fn points(self) -> i16 {
        match self {
            Motif::MemeNom => 40,
            Motif::NomsInverses => 36,
            Motif::NomEnCommun => 32,
            Motif::UneFaute => 28,
            Motif::PrenomEnCommun => 24,
            Motif::MemePrenom => 8,
            Motif::MemeAnnee | Motif::MemeCourriel => 25,
            Motif::MemeTelephone => 18,
            Motif::AnneesVoisines => -10,
            Motif::PrenomsDifferents | Motif::DeuxGenerations => 0,
        }
    }

    /// Whether it is enough to say that there are two people.
    fn separe(self) -> bool {
        matches!(self, Motif::PrenomsDifferents | Motif::DeuxGenerations)
    }

    /// Whether the names agree whole: nothing less makes a certain pair.
    fn nomme(self) -> bool {
        matches!(self, Motif::MemeNom | Motif::NomsInverses | Motif::NomEnCommun)
    }
}

/// What to do of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Two people, or nothing that says otherwise.
    Aucun,
    /// Somebody should look.
    Probable,
    /// One person.
    Certain,
}

/// What the comparison of two files gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rapprochement {
    /// From 0 to 100; pairs are shown from the highest.
    pub score: u8,
    /// Why.
    pub motifs: Vec<Motif>,
    /// What to do.
    pub verdict: Verdict,
}

const SEUIL_CERTAIN: i16 = 80;
const SEUIL_PROBABLE: i16 = 50;

/// Fewer years between two births than this may be a typing error; more are two generations of one name.
const GENERATION: u16 = 14;

/// Compares two files; the order does not count.
pub fn rapprocher(a: &Signalement, b: &Signalement) -> Rapprochement {
    let motifs: Vec<Motif> = [
        Some(comparer_noms(&Noms::de(a), &Noms::de(b))),
        comparer_annees(a.naissance, b.naissance),
        en_commun(courriels(a), courriels(b)).then_some(Motif::MemeCourriel),
        en_commun(telephones(a), telephones(b)).then_some(Motif::MemeTelephone),
    ]
    .into_iter()
    .flatten()
    .collect();
    let points = if motifs.iter().any(|m| m.separe()) {
        0
    } else {
        motifs.iter().map(|m| m.points()).sum::<i16>().clamp(0, 100)
    };
    Rapprochement {
        score: u8::try_from(points).unwrap_or(100),
        verdict: verdict(points, &motifs),
        motifs,
    }
}

fn verdict(points: i16, motifs: &[Motif]) -> Verdict {
    // Without the year, a father and his son who share an address would pass for one.
    let sur = motifs.contains(&Motif::MemeAnnee) && motifs.iter().any(|m| m.nomme());
    // An address is confirmed by one person alone: of two who bear it, one at least only claims it.
    let prouves: i16 = motifs
        .iter()
        .filter(|m| **m != Motif::MemeCourriel)
        .map(|m| m.points())
        .sum();
    match points {
        _ if prouves >= SEUIL_CERTAIN && sur => Verdict::Certain,
        p if p >= SEUIL_PROBABLE => Verdict::Probable,
        _ => Verdict::Aucun,
    }
}

/// The keys under which the file of a person is found again: files that share none need no comparison.
pub fn cles(personne: &Signalement) -> Vec<String> {
    let noms = Noms::de(personne);
    let mut cles: Vec<String> = Vec::new();
    let contacts = courriels(personne).chain(telephones(personne));
    cles.extend(contacts.map(|contact| format!("c:{contact}")));
    for nom in &noms.noms {
        for mot in nom.mots.iter().filter(|mot| mot.len() > 1) {
            let lettres = noms.prenom.compact.chars().take(1).chain(mot.chars().take(3));
            cles.push(format!("n:{}", lettres.collect::<String>()));
        }
        let mut entier = [noms.prenom.compact.as_str(), nom.compact.as_str()];
        entier.sort_unstable();
        cles.push(format!("p:{}", entier.concat()));
    }
    cles.sort_unstable();
    cles.dedup();
    cles
}

/// What somebody said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatPaire {
    /// Nothing yet.
    AVoir,
    /// That they are two people.
    Distinctes,
}

impl EtatPaire {
    /// Every state.
    pub const TOUS: [Self; 2] = [Self::AVoir, Self::Distinctes];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AVoir => "a_voir",
            Self::Distinctes => "distinctes",
        }
    }

    /// The state that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        [Self::AVoir, Self::Distinctes]
            .into_iter()
            .find(|etat| etat.code() == code)
    }
}

/// A name, folded.
#[derive(Debug, PartialEq, Eq)]
struct Nom {
    mots: Vec<String>,
    compact: String,
}

/// The names of a person, folded.
struct Noms {
    prenom: Nom,
    noms: Vec<Nom>,
}

/// Particles, which people leave out or glue to the name.
const PARTICULES: [&str; 12] = ["de", "du", "des", "d", "la", "le", "les", "l", "von", "van", "el", "al"];

impl Nom {
    fn de(texte: &str) -> Self {
        let mots: Vec<String> = plier(texte).split_whitespace().map(str::to_owned).collect();
        let sans = |particules: &[&str]| -> Vec<String> {
            let garde = mots.iter().filter(|mot| !particules.contains(&mot.as_str()));
            garde.cloned().collect()
        };
        let utiles = sans(&PARTICULES);
        // Of a name made of particles alone, such as "Le Du", all are kept.
        let mots = if utiles.is_empty() { mots } else { utiles };
        Nom {
            compact: mots.concat(),
            mots,
        }
    }

    fn est_vide(&self) -> bool {
        self.compact.is_empty()
    }

    /// The same once particles glued to the name are set aside: "Delatour" is "de La Tour".
    fn est(&self, autre: &Nom) -> bool {
        let colle = |long: &str, court: &str| {
            long.strip_suffix(court)
                .is_some_and(|debut| court.len() > 2 && ["de", "du", "la", "le", "dela", "des", "d"].contains(&debut))
        };
        !self.est_vide()
            && (self.compact == autre.compact
                || colle(&self.compact, &autre.compact)
                || colle(&autre.compact, &self.compact))
    }

    /// One word of several in common.
    fn partage(&self, autre: &Nom) -> bool {
        self.mots.iter().any(|mot| mot.len() > 2 && autre.mots.contains(mot))
    }

    /// One letter changed, added, left out or swapped, in a name long enough for that to mean little.
    fn a_une_faute(&self, autre: &Nom) -> bool {
        self.compact.len().min(autre.compact.len()) > 3 && damerau_levenshtein(&self.compact, &autre.compact) == 1
    }

    /// An initial, or one first name of two.
    fn abrege(&self, autre: &Nom) -> bool {
        let initiale = |court: &Nom, long: &Nom| court.compact.len() == 1 && long.compact.starts_with(&court.compact);
        let debut = |court: &Nom, long: &Nom| court.mots.len() < long.mots.len() && long.mots.starts_with(&court.mots);
        initiale(self, autre) || initiale(autre, self) || debut(self, autre) || debut(autre, self)
    }
}

impl Noms {
    fn de(personne: &Signalement) -> Self {
        let noms = [Some(personne.nom.as_str()), personne.nom_usage.as_deref()];
        let noms = noms.into_iter().flatten().map(Nom::de).filter(|nom| !nom.est_vide());
        Noms {
            prenom: Nom::de(&personne.prenom),
            noms: noms.collect(),
        }
    }

    fn un_nom(&self, autre: &Noms, test: impl Fn(&Nom, &Nom) -> bool) -> bool {
        self.noms.iter().any(|a| autre.noms.iter().any(|b| test(a, b)))
    }
}

fn comparer_noms(a: &Noms, b: &Noms) -> Motif {
    let premier = |noms: &Noms| noms.noms.first().map(|nom| nom.compact.clone());
    let inverses = || {
        let croise = |x: &Noms, y: &Noms| x.noms.iter().any(|nom| nom.est(&y.prenom));
        croise(a, b) && croise(b, a)
    };
    if a.prenom.est(&b.prenom) {
        return match () {
            () if premier(a) == premier(b) && premier(a).is_some() => Motif::MemeNom,
            () if a.un_nom(b, Nom::est) || a.un_nom(b, Nom::partage) => Motif::NomEnCommun,
            () if a.un_nom(b, Nom::a_une_faute) => Motif::UneFaute,
            () if inverses() => Motif::NomsInverses,
            () => Motif::MemePrenom,
        };
    }
    if inverses() {
        return Motif::NomsInverses;
    }
    let meme_nom = a.un_nom(b, Nom::est);
    if meme_nom && a.prenom.abrege(&b.prenom) {
        return Motif::PrenomEnCommun;
    }
    if meme_nom && a.prenom.a_une_faute(&b.prenom) {
        return Motif::UneFaute;
    }
    Motif::PrenomsDifferents
}

fn comparer_annees(a: Option<i16>, b: Option<i16>) -> Option<Motif> {
    Some(match a?.abs_diff(b?) {
        0 => Motif::MemeAnnee,
        ecart if ecart < GENERATION => Motif::AnneesVoisines,
        _ => Motif::DeuxGenerations,
    })
}

fn courriels(personne: &Signalement) -> impl Iterator<Item = String> {
    utiles(personne.courriels.iter().map(|adresse| adresse.courriel.as_str()))
}

fn telephones(personne: &Signalement) -> impl Iterator<Item = String> {
    utiles(personne.telephones.iter().map(String::as_str))
}

/// Contact points, folded, without those that say nothing.
fn utiles<'a>(contacts: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    let replies = contacts.map(|contact| contact.trim().to_lowercase());
    replies.filter(|contact| !contact.is_empty())
}

fn en_commun(mut a: impl Iterator<Item = String>, b: impl Iterator<Item = String>) -> bool {
    let b: Vec<String> = b.collect();
    a.any(|contact| b.contains(&contact))
}

#[cfg(test)]
mod tests;
