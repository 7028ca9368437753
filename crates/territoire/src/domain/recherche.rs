//! Finds the communes that a text names.
//!
//! Every name of a commune (official, former, main village) is an entry. An entry is found when each word of the text is
//! one of its words (whole, begun, contained, or with one typing error) or one of its codes, or when the whole text without its spaces
//! is its name with at most one typing error. Entries are kept by population, so that a scan yields each class in order.

use super::{
    code::{CodeDepartement, CodePostal},
    decodage::Contenu,
    entites::{Commune, Entite},
    lexique::{Lexique, Recueil},
    pliage::{plier, plier_nom},
    referentiel::Referentiel,
};

/// A commune that a text names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trouvee<'t> {
    /// The present commune.
    pub commune: &'t Commune,
    /// The former commune or the arrondissement whose name or code was recognised, when it was not the commune's own.
    pub entite: Option<&'t Entite>,
    /// The other name that was recognised: that of the entity, or of the main village.
    pub via: Option<&'static str>,
    /// Whether the text is the whole name, or a whole code.
    pub exacte: bool,
}

/// What is read of a longer text.
const MOTS_LUS: usize = 12;
const OCTETS_LUS: usize = 120;

/// Shorter words match too much when a letter may change.
const FAUTE_A_PARTIR_DE: usize = 4;
const PARTIE_A_PARTIR_DE: usize = 3;

/// How well an entry answers; the order is that of the answers.
mod classe {
    pub const NOM_EXACT: u8 = 0;
    pub const AUTRE_NOM_EXACT: u8 = 1;
    pub const DEBUT_OU_MOTS: u8 = 2;
    pub const DEBUTS_DE_MOTS: u8 = 3;
    pub const PARTIES_DE_MOTS: u8 = 4;
    pub const UNE_FAUTE: u8 = 5;
    pub const ABSENTE: u8 = u8::MAX;
}

/// How well one word of the text fits one entry.
mod accord {
    pub const ENTIER: u8 = 0;
    pub const DEBUT: u8 = 1;
    pub const PARTIE: u8 = 2;
    pub const FAUTE: u8 = 3;
}

#[derive(Clone, Copy, Debug)]
enum Origine {
    Nom,
    Ancienne(u16),
    AutreNom(u16),
}

#[derive(Clone, Copy, Debug)]
struct Entree {
    commune: u16,
    origine: Origine,
}

/// The entries by word, by name without spaces and by code.
#[derive(Debug)]
pub(super) struct Index {
    entrees: Vec<Entree>,
    /// First entry of each commune; the others follow it.
    premieres: Vec<u16>,
    /// Length of each entry's name without spaces, zero when it is not the official one: tells a name from the same without its article.
    officiels: Vec<u8>,
    mots: Lexique,
    noms: Lexique,
    codes: Lexique,
}

/// What a text asks.
struct Demande {
    mots: Vec<String>,
    codes: Vec<String>,
    /// The words without spaces, with `st` written in full, and as they stand when that differs.
    noms: Vec<String>,
}

/// What is known of each entry while a search goes on.
struct Notes {
    /// How many words of the text it has matched so far.
    vus: Vec<u8>,
    /// The worst of these matches.
    pires: Vec<u8>,
    classes: Vec<u8>,
}

impl Index {
    pub(super) fn construire(contenu: &Contenu) -> Self {
        let entrees = entrees_par_population(contenu);
        let mut premieres = vec![0; contenu.communes.len()];
        let mut officiels = vec![0; entrees.len()];
        let (mut mots, mut noms, mut codes) = (Recueil::default(), Recueil::default(), Recueil::default());
        for (rang, entree) in (0u16..).zip(&entrees) {
            let (nom, code, postaux) = match entree.origine {
                Origine::Nom => {
                    let commune = &contenu.communes[usize::from(entree.commune)];
                    premieres[usize::from(entree.commune)] = rang;
                    (commune.nom, Some(commune.code), commune.codes_postaux)
                }
                Origine::Ancienne(place) => {
                    let ancienne = &contenu.anciennes[usize::from(place)];
                    (ancienne.nom, Some(ancienne.code), ancienne.codes_postaux)
                }
                Origine::AutreNom(place) => (contenu.autres_noms[usize::from(place)].1, None, &[] as &[CodePostal]),
            };
            let plie = plier_nom(nom);
            for mot in plie.split(' ') {
                mots.noter(sans_ordinal(mot), rang);
            }
            let sans_espace = plie.replace(' ', "");
            if matches!(entree.origine, Origine::Nom) {
                officiels[usize::from(rang)] = sans_espace.len() as u8;
            }
            noms.noter(&sans_espace, rang);
            if let Some(sans_article) = ["le ", "la ", "les ", "l "].iter().find_map(|a| plie.strip_prefix(a)) {
                noms.noter(&sans_article.replace(' ', ""), rang);
            }
            code.iter().for_each(|code| codes.noter(&plier(code.as_str()), rang));
            postaux.iter().for_each(|code| codes.noter(code.as_str(), rang));
        }
        for (ancien, commune) in &contenu.anciens_codes {
            codes.noter(&plier(ancien.as_str()), premieres[usize::from(*commune)]);
        }
        Index {
            entrees,
            premieres,
            officiels,
            mots: mots.ranger(),
            noms: noms.ranger(),
            codes: codes.ranger(),
        }
    }

    pub(super) fn chercher<'t>(&self, referentiel: &'t Referentiel, texte: &str, limite: usize) -> Vec<Trouvee<'t>> {
        let demande = Demande::lire(texte);
        if demande.mots.is_empty() && demande.codes.is_empty() {
            return Vec::new();
        }
        let mut notes = Notes::nouvelles(self.entrees.len());
        self.noter_codes(&mut notes, &demande);
        self.noter_noms(&mut notes, &demande);
        self.noter_mots(&mut notes, &demande, false);
        let mut trouvees = self.recolter(referentiel, &notes, limite);
        // Answers with an error come last, so they are worth looking for only when there is room.
        if trouvees.len() < limite && !demande.mots.is_empty() {
            let mut avec_faute = Notes {
                classes: notes.classes,
                ..Notes::nouvelles(self.entrees.len())
            };
            self.noter_codes(&mut avec_faute, &demande);
            self.noter_noms_avec_faute(&mut avec_faute, &demande);
            self.noter_mots(&mut avec_faute, &demande, true);
            trouvees = self.recolter(referentiel, &avec_faute, limite);
        }
        trouvees
    }

    /// Keeps the entries whose commune bears every code, whole or begun.
    fn noter_codes(&self, notes: &mut Notes, demande: &Demande) {
        for (tour, code) in (0u8..).zip(&demande.codes) {
            let entier = if code.len() == 5 {
                classe::AUTRE_NOM_EXACT
            } else {
                classe::DEBUT_OU_MOTS
            };
            for texte in self.codes.commencant_par(code) {
                for entree in self.codes.entrees(texte) {
                    // The code itself comes first, then the other names of its commune.
                    notes.voir(*entree, tour, accord::ENTIER);
                    if demande.mots.is_empty() && usize::from(tour) + 1 == demande.codes.len() {
                        notes.classer(*entree, usize::from(tour) + 1, entier);
                    }
                }
            }
            for texte in self.codes.commencant_par(code) {
                for entree in self.codes.entrees(texte) {
                    self.soeurs(*entree)
                        .for_each(|soeur| notes.voir(soeur, tour, accord::ENTIER));
                }
            }
            // A number may also be that of an arrondissement.
            if let Some(mot) = self.mots.exact(code) {
                self.mots
                    .entrees(mot)
                    .iter()
                    .for_each(|entree| notes.voir(*entree, tour, accord::ENTIER));
            }
        }
    }

    /// The whole text is a name, with or without its article, or its beginning.
    fn noter_noms(&self, notes: &mut Notes, demande: &Demande) {
        for nom in &demande.noms {
            for texte in self.noms.commencant_par(nom) {
                let entier = self.noms.texte(texte).len() == nom.len();
                for entree in self.noms.entrees(texte) {
                    let classe = match entier {
                        true if self.officiels[usize::from(*entree)] == nom.len() as u8 => classe::NOM_EXACT,
                        true => classe::AUTRE_NOM_EXACT,
                        false => classe::DEBUT_OU_MOTS,
                    };
                    notes.classer(*entree, demande.codes.len(), classe);
                }
            }
        }
    }

    fn noter_noms_avec_faute(&self, notes: &mut Notes, demande: &Demande) {
        for nom in &demande.noms {
            for texte in self.noms.a_une_faute(nom) {
                let entrees = self.noms.entrees(texte);
                entrees
                    .iter()
                    .for_each(|entree| notes.classer(*entree, demande.codes.len(), classe::UNE_FAUTE));
            }
        }
    }

    /// Each word of the text is in the name; with `faute`, one of them may be misspelt.
    fn noter_mots(&self, notes: &mut Notes, demande: &Demande, faute: bool) {
        let premier = demande.codes.len() as u8;
        for (tour, mot) in (premier..).zip(&demande.mots) {
            for (texte, accord) in self.mots_accordes(mot, faute) {
                self.mots
                    .entrees(texte)
                    .iter()
                    .for_each(|entree| notes.voir(*entree, tour, accord));
            }
        }
        let tours = premier + demande.mots.len() as u8;
        for entree in 0..notes.vus.len() {
            if notes.vus[entree] == tours && tours > premier {
                let classe = match notes.pires[entree] {
                    accord::ENTIER => classe::DEBUT_OU_MOTS,
                    accord::DEBUT => classe::DEBUTS_DE_MOTS,
                    accord::PARTIE => classe::PARTIES_DE_MOTS,
                    _ => classe::UNE_FAUTE,
                };
                notes.classes[entree] = notes.classes[entree].min(classe);
            }
        }
    }

    /// The words of the lexicon that a word of the text may stand for, the best first.
    fn mots_accordes(&self, mot: &str, faute: bool) -> Vec<(usize, u8)> {
        let debuts = self.mots.commencant_par(mot);
        let accord_du_debut = |texte| {
            if self.mots.texte(texte).len() == mot.len() {
                accord::ENTIER
            } else {
                accord::DEBUT
            }
        };
        let mut accordes: Vec<_> = debuts.map(|texte| (texte, accord_du_debut(texte))).collect();
        if mot.len() >= PARTIE_A_PARTIR_DE {
            accordes.extend(self.mots.contenant(mot).map(|texte| (texte, accord::PARTIE)));
        }
        if faute && mot.len() >= FAUTE_A_PARTIR_DE {
            accordes.extend(self.mots.a_une_faute(mot).map(|texte| (texte, accord::FAUTE)));
        }
        accordes
    }

    fn soeurs(&self, entree: u16) -> impl Iterator<Item = u16> {
        let commune = self.entrees[usize::from(entree)].commune;
        let premiere = self.premieres[usize::from(commune)];
        let suivantes = self.entrees[usize::from(premiere)..]
            .iter()
            .take_while(move |autre| autre.commune == commune);
        (premiere..).zip(suivantes).map(|(rang, _)| rang)
    }

    /// The best entry of each commune, class after class, the most populated first.
    fn recolter<'t>(&self, referentiel: &'t Referentiel, notes: &Notes, limite: usize) -> Vec<Trouvee<'t>> {
        let mut deja = vec![false; self.premieres.len()];
        let mut trouvees = Vec::new();
        for classe in classe::NOM_EXACT..=classe::UNE_FAUTE {
            for place in memchr::memchr_iter(classe, &notes.classes) {
                let entree = self.entrees[place];
                if trouvees.len() == limite {
                    return trouvees;
                }
                if !std::mem::replace(&mut deja[usize::from(entree.commune)], true) {
                    trouvees.push(referentiel.trouvee(entree, classe <= classe::AUTRE_NOM_EXACT));
                }
            }
        }
        trouvees
    }
}

impl Referentiel {
    fn trouvee(&self, entree: Entree, exacte: bool) -> Trouvee<'_> {
        let contenu = self.contenu();
        let commune = &contenu.communes[usize::from(entree.commune)];
        let (entite, via) = match entree.origine {
            Origine::Nom => (None, None),
            Origine::Ancienne(place) => {
                let entite = &contenu.anciennes[usize::from(place)];
                (Some(entite), Some(entite.nom))
            }
            Origine::AutreNom(place) => (None, Some(contenu.autres_noms[usize::from(place)].1)),
        };
        Trouvee {
            commune,
            entite,
            via,
            exacte,
        }
    }
}

fn entrees_par_population(contenu: &Contenu) -> Vec<Entree> {
    let noms = (0u16..).zip(&contenu.communes).map(|(commune, _)| Entree {
        commune,
        origine: Origine::Nom,
    });
    let anciennes = (0u16..).zip(&contenu.anciennes).filter_map(|(place, ancienne)| {
        let commune = contenu
            .communes
            .binary_search_by_key(&ancienne.commune, |c| c.code)
            .ok()?;
        Some(Entree {
            commune: u16::try_from(commune).ok()?,
            origine: Origine::Ancienne(place),
        })
    });
    let autres = (0u16..).zip(&contenu.autres_noms);
    let autres = autres.map(|(place, (commune, _))| Entree {
        commune: *commune,
        origine: Origine::AutreNom(place),
    });
    let mut entrees: Vec<_> = noms.chain(anciennes).chain(autres).collect();
    // The sort is stable: within a commune, its own name stays first.
    entrees.sort_by_key(|e| {
        (
            std::cmp::Reverse(contenu.communes[usize::from(e.commune)].population),
            e.commune,
        )
    });
    entrees
}

/// `2`, for `2e`, `2eme` or `2nd`; other words unchanged.
fn sans_ordinal(mot: &str) -> &str {
    let chiffres = mot.trim_start_matches(|c: char| c.is_ascii_digit());
    let suffixe = matches!(chiffres, "e" | "er" | "ere" | "eme" | "ieme" | "nd" | "nde");
    if suffixe && chiffres.len() < mot.len() {
        &mot[..mot.len() - chiffres.len()]
    } else {
        mot
    }
}

impl Demande {
    fn lire(texte: &str) -> Self {
        let debut: String = texte
            .char_indices()
            .take_while(|(place, _)| *place < OCTETS_LUS)
            .map(|(_, c)| c)
            .collect();
        let (nom, departement) = separer_situation(&debut);
        let plie = plier_nom(nom);
        let mut demande = Demande {
            mots: Vec::new(),
            codes: Vec::new(),
            noms: Vec::new(),
        };
        demande.codes.extend(departement.map(|code| plier(code.as_str())));
        for mot in plie
            .split(' ')
            .filter(|mot| !mot.is_empty())
            .take(MOTS_LUS)
            .map(sans_ordinal)
        {
            if ressemble_a_un_code(mot) {
                demande.codes.push(mot.to_owned())
            } else {
                demande.mots.push(mot.to_owned())
            }
        }
        let sans_codes = |plie: &str| {
            plie.split(' ')
                .filter(|mot| !ressemble_a_un_code(mot))
                .collect::<String>()
        };
        let tel_quel = sans_codes(&plier(nom));
        demande.noms.push(sans_codes(&plie));
        if tel_quel != demande.noms[0] {
            demande.noms.push(tel_quel);
        }
        demande.noms.retain(|nom| !nom.is_empty());
        demande
    }
}

/// Takes off what [`Referentiel::libelle`] adds to a name: ` (Seine-Saint-Denis, 93)`.
fn separer_situation(texte: &str) -> (&str, Option<CodeDepartement>) {
    let parenthese = texte
        .trim_end()
        .strip_suffix(')')
        .and_then(|debut| debut.rsplit_once('('));
    let situation = parenthese.and_then(|(nom, situation)| Some((nom, situation.rsplit_once(',')?.1.parse().ok()?)));
    situation.map_or((texte, None), |(nom, code)| (nom, Some(code)))
}

/// Two to five digits, or a Corsican code: a code, or its beginning.
fn ressemble_a_un_code(mot: &str) -> bool {
    let chiffres = mot.strip_prefix("2a").or(mot.strip_prefix("2b")).unwrap_or(mot);
    (2..=5).contains(&mot.len()) && chiffres.bytes().all(|octet| octet.is_ascii_digit())
}

impl Notes {
    fn nouvelles(nombre: usize) -> Self {
        Notes {
            vus: vec![0; nombre],
            pires: vec![0; nombre],
            classes: vec![classe::ABSENTE; nombre],
        }
    }

    /// The word of this turn fits the entry, which has matched all those before.
    fn voir(&mut self, entree: u16, tour: u8, accord: u8) {
        let place = usize::from(entree);
        let deja_une_faute = accord == accord::FAUTE && self.pires[place] == accord::FAUTE;
        if self.vus[place] == tour && !deja_une_faute {
            self.vus[place] = tour + 1;
            self.pires[place] = self.pires[place].max(accord);
        }
    }

    /// Gives a class to an entry that has matched every code.
    fn classer(&mut self, entree: u16, codes: usize, classe: u8) {
        let place = usize::from(entree);
        if usize::from(self.vus[place]) >= codes {
            self.classes[place] = self.classes[place].min(classe);
        }
    }
}
