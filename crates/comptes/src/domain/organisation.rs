//! Organisations, their establishments and their names through time; merging two of them, and undoing it.

use serde::{Deserialize, Serialize};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
};
use territoire::CodeCommune;
use uuid::Uuid;

use super::{
    forme::FormeJuridique,
    identifiant::{IdentifiantEtablissement, Rna, Siren},
    motif::lire_motif,
};

/// The longest name that is kept, in characters.
pub const NOM_MAX: usize = 200;
/// The longest address that is kept, in characters.
pub const ADRESSE_MAX: usize = 300;

/// Who gave a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceNom {
    /// Somebody of the organisation, or an agent.
    Declare,
    /// The public company search.
    Annuaire,
    /// A file that was imported.
    Import,
}

impl SourceNom {
    /// Every source, the one that is shown first when several name an organisation since the same day.
    pub const TOUTES: [SourceNom; 3] = [SourceNom::Declare, SourceNom::Annuaire, SourceNom::Import];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            SourceNom::Declare => "declare",
            SourceNom::Annuaire => "annuaire",
            SourceNom::Import => "import",
        }
    }

    /// The source of a code.
    pub fn lire(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|source| source.code() == code)
    }

    /// What people read.
    pub fn libelle(self) -> &'static str {
        match self {
            SourceNom::Declare => "déclaré par l’organisation",
            SourceNom::Annuaire => "annuaire des entreprises",
            SourceNom::Import => "fichier importé",
        }
    }
}

/// A name from one day to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NomDate {
    /// Its identifier.
    pub id: Uuid,
    /// The name.
    pub nom: String,
    /// Who gave it.
    pub source: SourceNom,
    /// First day.
    pub du: Day,
    /// First day when it no longer holds; nothing while it does.
    pub au: Option<Day>,
}

/// A place of work of an organisation, known to a register or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Etablissement {
    /// Its identifier.
    pub id: Uuid,
    /// Its number.
    pub identifiant: IdentifiantEtablissement,
    /// Its own name, when it has one.
    pub nom: Option<String>,
    /// Number and street, on one line.
    pub adresse: Option<String>,
    /// Its commune; nothing abroad.
    pub commune: Option<CodeCommune>,
    /// Whether it is the seat.
    pub siege: bool,
}

/// Whether an organisation still stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EtatOrganisation {
    /// It does.
    Active,
    /// It was found to be another one.
    Fusionnee {
        /// The one that stays.
        dans: Uuid,
        /// When that was decided.
        at: Instant,
    },
}

impl EtatOrganisation {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Fusionnee { .. } => "fusionnee",
        }
    }
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its identifier.
    pub id: Uuid,
    /// What it is in law.
    pub forme: FormeJuridique,
    /// Its number in Sirene.
    pub siren: Option<Siren>,
    /// Its number as an association.
    pub rna: Option<Rna>,
    /// Its names, in the order in which they were given.
    pub noms: Vec<NomDate>,
    /// Its establishments.
    pub etablissements: Vec<Etablissement>,
    /// The files that were found to be this one, and those that had been found to be them.
    pub absorbees: Vec<Uuid>,
    /// Whether it stands.
    pub etat: EtatOrganisation,
    /// When it was registered here.
    pub creee_at: Instant,
    /// How many times it was changed.
    pub version: i64,
}

/// Reads a name: not empty, not longer than what is kept, its inner spaces single.
///
/// # Errors
/// When it is empty or too long.
pub fn lire_nom(texte: &str) -> Result<String, Refus> {
    let nom = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    if nom.is_empty() {
        return Err(Refus::champ(
            "nom",
            "écrivez le nom de l’organisation, par exemple Commune de Bourg-en-Bresse",
        ));
    }
    if nom.chars().count() > NOM_MAX {
        return Err(Refus::champ(
            "nom",
            format!("ce nom dépasse {NOM_MAX} caractères : raccourcissez-le"),
        ));
    }
    Ok(nom)
}

impl Organisation {
    /// The name that holds on a day: the most recent one, and of several since the same day, the one that the organisation chose.
    pub fn nom_au(&self, jour: Day) -> Option<&NomDate> {
        let tient = |nom: &&NomDate| nom.du <= jour && nom.au.is_none_or(|au| jour < au);
        self.noms
            .iter()
            .filter(tient)
            .max_by_key(|nom| (nom.du, std::cmp::Reverse(nom.source)))
    }

    /// Gives a new name from a day on; the one that the same source gave before ends there.
    ///
    /// # Errors
    /// When the same source already gave a name from a later day.
    pub fn renommer(mut self, nom: NomDate) -> Result<Self, Refus> {
        let memes = self
            .noms
            .iter_mut()
            .filter(|n| n.source == nom.source && n.au.is_none());
        let mut precedents: Vec<&mut NomDate> = memes.collect();
        if precedents.iter().any(|precedent| precedent.du > nom.du) {
            return Err(Refus::champ(
                "du",
                "un nom plus récent est déjà enregistré : choisissez une date plus tardive",
            ));
        }
        if precedents.iter().any(|precedent| precedent.nom == nom.nom) {
            return Ok(self);
        }
        for precedent in &mut precedents {
            precedent.au = Some(nom.du);
        }
        // A name that would hold from a day to the same day never held.
        self.noms.retain(|n| n.au != Some(n.du));
        self.noms.push(nom);
        Ok(self)
    }

    /// The name that holds from now on.
    pub fn nom(&self) -> &str {
        let present = self.noms.iter().filter(|nom| nom.au.is_none());
        present
            .max_by_key(|nom| (nom.du, std::cmp::Reverse(nom.source)))
            .map_or("", |nom| nom.nom.as_str())
    }

    /// The seat, else the first establishment.
    pub fn siege(&self) -> Option<&Etablissement> {
        let siege = self.etablissements.iter().find(|e| e.siege);
        siege.or_else(|| self.etablissements.first())
    }

    /// Adds an establishment.
    ///
    /// # Errors
    /// When its number is already there, or belongs to another organisation.
    pub fn ajouter(mut self, etablissement: Etablissement) -> Result<Self, Refus> {
        let connu = |e: &Etablissement| e.identifiant.numero().is_some() && e.identifiant == etablissement.identifiant;
        if self.etablissements.iter().any(connu) {
            return Err(Refus::champ("numero", "cet établissement est déjà enregistré ici"));
        }
        match (&self.siren, etablissement.identifiant.siren()) {
            (Some(ici), Some(la)) if *ici != la => {
                let message = format!(
                    "ce SIRET appartient à une autre organisation (SIREN {}) : les neuf premiers chiffres doivent être {}",
                    la.presente(),
                    ici.presente()
                );
                return Err(Refus::champ("numero", message));
            }
            (None, Some(la)) => self.siren = Some(la),
            _ => {}
        }
        self.etablissements.push(etablissement);
        Ok(self)
    }
}

/// What a merge moved, enough to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fusion {
    /// Its identifier.
    pub id: Uuid,
    /// The organisation that stays.
    pub reste: Uuid,
    /// The one that goes.
    pub part: Uuid,
    /// Why, in the words of who decided.
    pub raison: String,
    /// When.
    pub at: Instant,
    /// The names that came from the one that goes.
    pub noms: Vec<Uuid>,
    /// The establishments that came from it.
    pub etablissements: Vec<Uuid>,
    /// The number in Sirene, when it came from it.
    pub siren: Option<Siren>,
    /// The number of the association, when it came from it.
    pub rna: Option<Rna>,
    /// The establishments that stop being a seat, because the one that stays has its own.
    pub anciens_sieges: Vec<Uuid>,
}

/// Why and when a merge is done, and its identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motivation {
    /// The merge's identifier.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// Why.
    pub raison: String,
}

impl Motivation {
    /// Reads the reason, which is compulsory.
    ///
    /// # Errors
    /// When it is too short to say anything, or too long.
    pub fn lire(id: Uuid, at: Instant, raison: &str) -> Result<Self, Refus> {
        let raison = lire_motif(raison, "raison", "la raison reste dans l’historique")?;
        Ok(Motivation {
            id,
            at,
            raison: raison.to_owned(),
        })
    }
}

/// Two organisations after a merge, or after it was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paire {
    /// The one that stays.
    pub reste: Organisation,
    /// The one that goes.
    pub part: Organisation,
}

impl Paire {
    /// Makes one organisation of the two: the one that stays keeps all it has, takes the establishments and names of the other, and the numbers it lacks.
    ///
    /// # Errors
    /// When they are the same, when one was merged before, or when their SIREN or RNA differ.
    pub fn fusionner(mut self, motivation: Motivation) -> Result<(Self, Fusion), Refus> {
        self.verifier()?;
        let Motivation { id, at, raison } = motivation;
        let (reste, part) = (&mut self.reste, &mut self.part);
        let a_un_siege = reste.etablissements.iter().any(|e| e.siege);
        let mut fusion = Fusion {
            id,
            reste: reste.id,
            part: part.id,
            raison,
            at,
            noms: part.noms.iter().map(|nom| nom.id).collect(),
            etablissements: Vec::new(),
            siren: part.siren.clone().filter(|_| reste.siren.is_none()),
            rna: part.rna.clone().filter(|_| reste.rna.is_none()),
            anciens_sieges: Vec::new(),
        };
        reste.siren = reste.siren.take().or_else(|| fusion.siren.clone());
        reste.rna = reste.rna.take().or_else(|| fusion.rna.clone());
        part.siren = part.siren.take().filter(|_| fusion.siren.is_none());
        part.rna = part.rna.take().filter(|_| fusion.rna.is_none());
        reste.noms.append(&mut part.noms);
        for mut etablissement in std::mem::take(&mut part.etablissements) {
            if a_un_siege && etablissement.siege {
                etablissement.siege = false;
                fusion.anciens_sieges.push(etablissement.id);
            }
            fusion.etablissements.push(etablissement.id);
            reste.etablissements.push(etablissement);
        }
        reste.absorbees.push(part.id);
        reste.absorbees.extend(part.absorbees.iter().copied());
        part.etat = EtatOrganisation::Fusionnee { dans: reste.id, at };
        Ok((self, fusion))
    }

    fn verifier(&self) -> Result<(), Refus> {
        let (reste, part) = (&self.reste, &self.part);
        let differents = |a: Option<&str>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
        if reste.id == part.id {
            return Err(Refus::champ("autre", "choisissez deux organisations différentes"));
        }
        if [reste, part].iter().any(|o| o.etat != EtatOrganisation::Active) {
            return Err(Refus::new("l’une des deux fiches a déjà été réunie à une autre"));
        }
        if differents(
            reste.siren.as_ref().map(Siren::as_str),
            part.siren.as_ref().map(Siren::as_str),
        ) {
            return Err(Refus::champ(
                "autre",
                "leurs numéros SIREN diffèrent : ce sont deux organisations, même si l’une a pris la suite de l’autre",
            ));
        }
        if differents(reste.rna.as_ref().map(Rna::as_str), part.rna.as_ref().map(Rna::as_str)) {
            return Err(Refus::champ(
                "autre",
                "leurs numéros RNA diffèrent : ce sont deux associations",
            ));
        }
        Ok(())
    }

    /// Gives back to the one that went what the merge took from it; what was changed since stays where it is now.
    ///
    /// # Errors
    /// When this merge is not the one that joined the two.
    pub fn defaire(mut self, fusion: &Fusion) -> Result<Self, Refus> {
        let (reste, part) = (&mut self.reste, &mut self.part);
        let jointe =
            matches!(part.etat, EtatOrganisation::Fusionnee { dans, at } if dans == reste.id && at == fusion.at);
        if !jointe || fusion.part != part.id {
            return Err(Refus::new("ces deux fiches ne sont plus réunies"));
        }
        if reste.etat != EtatOrganisation::Active {
            return Err(Refus::new(
                "la fiche a été réunie à une autre depuis : séparez d’abord celles-là",
            ));
        }
        let (noms, gardes) = reste.noms.drain(..).partition(|nom| fusion.noms.contains(&nom.id));
        (part.noms, reste.noms) = (noms, gardes);
        for mut etablissement in std::mem::take(&mut reste.etablissements) {
            if fusion.etablissements.contains(&etablissement.id) {
                etablissement.siege |= fusion.anciens_sieges.contains(&etablissement.id);
                part.etablissements.push(etablissement);
            } else {
                reste.etablissements.push(etablissement);
            }
        }
        reste
            .absorbees
            .retain(|id| *id != part.id && !part.absorbees.contains(id));
        rendre(&fusion.siren, &mut reste.siren, &mut part.siren);
        rendre(&fusion.rna, &mut reste.rna, &mut part.rna);
        part.etat = EtatOrganisation::Active;
        Ok(self)
    }
}

/// Gives a number back, unless it was changed since.
fn rendre<T: PartialEq>(pris: &Option<T>, reste: &mut Option<T>, part: &mut Option<T>) {
    if pris.is_some() && pris == reste {
        *part = reste.take();
    }
}

#[cfg(test)]
mod tests;
