//! Compares two places trait by trait.

use serde::{Deserialize, Serialize};

use super::bareme::{BAREME, Bande, Poids};
use super::empreinte::Empreinte;
use super::mots::{Mot, recouvrement};
use crate::domain::typologie::Typologie;

/// How the names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nom {
    /// The same words.
    Identique,
    /// The same words but for a few letters or a common word.
    Proche,
    /// One name holds the other.
    Inclus,
    /// Half of the words.
    Voisin,
    /// Other words.
    Different,
    /// A name without words.
    Inconnu,
}

/// How the addresses compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adresse {
    /// The same street and number, or the same street without numbers.
    Identique,
    /// The same street, where one number is missing or only its letter differs.
    MemeVoie,
    /// The same street, another number.
    AutreNumero,
    /// Another street.
    Differente,
    /// A street is missing.
    Inconnue,
}

/// How the communes compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Communes {
    /// The same, former ones and arrondissements included.
    Meme,
    /// Two.
    Differentes,
    /// A code is missing.
    Inconnues,
}

/// How far apart they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ecart {
    /// Under 40 metres.
    SurPlace,
    /// Under 120 metres.
    ToutPres,
    /// Under 500 metres.
    Quartier,
    /// Under 2 kilometres.
    Eloigne,
    /// Further.
    Loin,
    /// A position is missing or too vague.
    Inconnu,
}

/// How the SIRET compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identifiant {
    /// The same SIRET: one establishment.
    MemeEtablissement,
    /// The same SIREN: a town runs many places.
    MemeUnite,
    /// Another SIREN.
    Autre,
    /// A SIRET is missing.
    Inconnu,
}

/// How a telephone or an e-mail compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joignable {
    /// The same.
    Meme,
    /// Another.
    Autre,
    /// One is missing.
    Inconnu,
}

/// How the kinds of the standard compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Typologies {
    /// One in common, or two that go together.
    Commune,
    /// None in common.
    Incompatibles,
    /// One side says nothing.
    Inconnues,
}

/// How what the names say of the kinds compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Genre {
    /// One kind in common.
    Meme,
    /// A town hall and a library: two services, even at one address.
    ServicesDistincts,
    /// One name does not say.
    Inconnu,
}

/// Two places compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparaison {
    /// The names.
    pub nom: Nom,
    /// The addresses.
    pub adresse: Adresse,
    /// The communes.
    pub communes: Communes,
    /// The distance, as a level.
    pub ecart: Ecart,
    /// The distance in metres, when both positions are known.
    pub metres: Option<f64>,
    /// The SIRET.
    pub identifiant: Identifiant,
    /// The telephone numbers.
    pub telephone: Joignable,
    /// The e-mail addresses.
    pub courriel: Joignable,
    /// The kinds of the standard.
    pub typologies: Typologies,
    /// The kinds that the names tell.
    pub genre: Genre,
    /// Whether one source gave both.
    pub meme_source: bool,
}

const METRES_SUR_PLACE: f64 = 40.0;
const METRES_TOUT_PRES: f64 = 120.0;
const METRES_QUARTIER: f64 = 500.0;
const METRES_ELOIGNE: f64 = 2000.0;

impl Comparaison {
    pub(super) fn de(a: &Empreinte, b: &Empreinte) -> Self {
        Self {
            nom: nom(&a.nom, &b.nom),
            adresse: adresse(a, b),
            ..Self::sans_mots(a, b)
        }
    }

    /// The comparison, unless even the best name and address could not reach this weight: words are dear to compare.
    pub(super) fn si_possible(a: &Empreinte, b: &Empreinte, seuil: i32) -> Option<Self> {
        let sans_mots = Self::sans_mots(a, b);
        if sans_mots.note() + Nom::Identique.poids() + Adresse::Identique.poids() < seuil {
            return None;
        }
        let sans_nom = Self {
            adresse: adresse(a, b),
            ..sans_mots
        };
        if sans_nom.note() + Nom::Identique.poids() < seuil {
            return None;
        }
        Some(Self {
            nom: nom(&a.nom, &b.nom),
            ..sans_nom
        })
    }

    fn sans_mots(a: &Empreinte, b: &Empreinte) -> Self {
        let metres = a.point.zip(b.point).map(|(p, q)| p.distance_m(q));
        Self {
            nom: Nom::Inconnu,
            adresse: Adresse::Inconnue,
            communes: communes(a, b),
            ecart: ecart(metres),
            metres,
            identifiant: identifiant(a.siret.as_deref(), b.siret.as_deref()),
            telephone: joignable(a.telephone.as_slice(), b.telephone.as_slice()),
            courriel: joignable(&a.courriels, &b.courriels),
            typologies: typologies(&a.typologies, &b.typologies),
            genre: genre(a, b),
            meme_source: a.source.is_some() && a.source == b.source,
        }
    }

    /// The evidence for "same place", in tenths of a bit.
    pub fn note(&self) -> i32 {
        self.nom.poids()
            + self.adresse.poids()
            + self.communes.poids()
            + self.ecart.poids()
            + self.identifiant.poids()
            + self.telephone.poids()
            + self.courriel.poids()
            + self.typologies.poids()
            + self.genre.poids()
    }

    /// What to do with the pair. One source is trusted to tell its own places apart.
    pub fn bande(&self) -> Bande {
        let exigence = if self.meme_source {
            BAREME.exigence_meme_source
        } else {
            0
        };
        let note = self.note() - exigence;
        if note < BAREME.seuil_question {
            Bande::Distincts
        } else if note < BAREME.seuil_fusion || !self.permet_la_fusion() {
            Bande::ADecider
        } else {
            Bande::Fusionner
        }
    }

    /// Whatever the weight, a machine merges only records that agree on what the place is called and where it stands.
    fn permet_la_fusion(&self) -> bool {
        let meme_nom = !matches!(self.nom, Nom::Different | Nom::Inconnu);
        meme_nom && self.genre != Genre::ServicesDistincts && self.est_au_meme_endroit()
    }

    fn est_au_meme_endroit(&self) -> bool {
        let tout_pres = matches!(self.ecart, Ecart::SurPlace | Ecart::ToutPres);
        let meme_adresse = matches!(self.adresse, Adresse::Identique | Adresse::MemeVoie);
        let contredit = self.ecart == Ecart::Loin || self.adresse == Adresse::AutreNumero;
        (tout_pres || meme_adresse) && !contredit
    }
}

fn nom(a: &[Mot], b: &[Mot]) -> Nom {
    const IDENTIQUE: f32 = 0.97;
    const PROCHE: f32 = 0.8;
    const INCLUS: f32 = 0.9;
    const VOISIN: f32 = 0.5;
    match recouvrement(a, b) {
        None => Nom::Inconnu,
        Some(r) if r.commun >= IDENTIQUE => Nom::Identique,
        Some(r) if r.commun >= PROCHE => Nom::Proche,
        Some(r) if r.du_moindre >= INCLUS => Nom::Inclus,
        Some(r) if r.commun >= VOISIN => Nom::Voisin,
        Some(_) => Nom::Different,
    }
}

fn adresse(a: &Empreinte, b: &Empreinte) -> Adresse {
    const MEME_VOIE: f32 = 0.8;
    let Some(r) = recouvrement(&a.voie, &b.voie) else {
        return Adresse::Inconnue;
    };
    if r.commun < MEME_VOIE {
        return Adresse::Differente;
    }
    match (a.numero.as_deref(), b.numero.as_deref()) {
        (x, y) if x == y => Adresse::Identique,
        (Some(x), Some(y)) if sans_indice(x) != sans_indice(y) => Adresse::AutreNumero,
        _ => Adresse::MemeVoie,
    }
}

fn sans_indice(numero: &str) -> &str {
    numero.trim_end_matches(|c: char| c.is_ascii_alphabetic())
}

fn communes(a: &Empreinte, b: &Empreinte) -> Communes {
    match (a.commune_connue && b.commune_connue, a.commune == b.commune) {
        (_, true) => Communes::Meme,
        (true, false) => Communes::Differentes,
        (false, false) => Communes::Inconnues,
    }
}

fn ecart(metres: Option<f64>) -> Ecart {
    match metres {
        None => Ecart::Inconnu,
        Some(m) if m < METRES_SUR_PLACE => Ecart::SurPlace,
        Some(m) if m < METRES_TOUT_PRES => Ecart::ToutPres,
        Some(m) if m < METRES_QUARTIER => Ecart::Quartier,
        Some(m) if m < METRES_ELOIGNE => Ecart::Eloigne,
        Some(_) => Ecart::Loin,
    }
}

fn identifiant(a: Option<&str>, b: Option<&str>) -> Identifiant {
    const LONGUEUR_DU_SIREN: usize = 9;
    match (a, b) {
        (Some(a), Some(b)) if a == b => Identifiant::MemeEtablissement,
        (Some(a), Some(b)) if a.get(..LONGUEUR_DU_SIREN) == b.get(..LONGUEUR_DU_SIREN) => Identifiant::MemeUnite,
        (Some(_), Some(_)) => Identifiant::Autre,
        _ => Identifiant::Inconnu,
    }
}

fn joignable(a: &[String], b: &[String]) -> Joignable {
    if a.is_empty() || b.is_empty() {
        Joignable::Inconnu
    } else if a.iter().any(|x| b.contains(x)) {
        Joignable::Meme
    } else {
        Joignable::Autre
    }
}

fn typologies(a: &[Typologie], b: &[Typologie]) -> Typologies {
    if a.is_empty() || b.is_empty() {
        Typologies::Inconnues
    } else if a.iter().any(|x| b.iter().any(|y| vont_ensemble(*x, *y))) {
        Typologies::Commune
    } else {
        Typologies::Incompatibles
    }
}

/// The same kind, or two that one place often is at once.
pub(super) fn vont_ensemble(a: Typologie, b: Typologie) -> bool {
    use Typologie::{Msap, Pimms, Rfs};
    a == b
        || [(Rfs, Pimms), (Rfs, Msap)]
            .iter()
            .any(|(x, y)| (a, b) == (*x, *y) || (b, a) == (*x, *y))
}

fn genre(a: &Empreinte, b: &Empreinte) -> Genre {
    if a.genres.is_empty() || b.genres.is_empty() {
        Genre::Inconnu
    } else if a.genres.iter().any(|g| b.genres.contains(g)) {
        Genre::Meme
    } else {
        Genre::ServicesDistincts
    }
}
