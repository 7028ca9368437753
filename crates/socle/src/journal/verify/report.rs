//! What the check found, in numbers and in French.

use crate::clock::{Day, Instant};
use serde::{Serialize, Serializer};
use std::fmt;
use uuid::Uuid;

/// What stops a check before its end.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database failed.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
    /// A file of the heads or seals cannot be read.
    #[error("le dossier des têtes du journal ne se lit pas : {0}")]
    File(#[from] std::io::Error),
}

/// What was checked, and the first break.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Links whose hash is right.
    #[serde(rename = "maillons")]
    pub links: u64,
    /// Lines that wait for their link.
    #[serde(rename = "en_attente")]
    pub pending: u64,
    /// Commitments that open on the person beside them.
    #[serde(rename = "engagements_verifies")]
    pub commitments: u64,
    /// Commitments that nobody can open any more, because the person was erased.
    #[serde(rename = "engagements_oublies")]
    pub forgotten: u64,
    /// Daily seals of the database.
    #[serde(rename = "sceaux")]
    pub seals: u64,
    /// Heads kept outside the database.
    #[serde(rename = "tetes")]
    pub heads: u64,
    /// Heads that were not written whole outside the database, and prove nothing.
    #[serde(rename = "tetes_incompletes")]
    pub torn: u64,
    /// The first broken link.
    #[serde(rename = "rupture")]
    pub broken: Option<Broken>,
}

/// The first broken link, as far as it can be named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Broken {
    /// Its rank in the chain.
    #[serde(rename = "rang")]
    pub seq: Option<i64>,
    /// Its line.
    #[serde(rename = "ligne")]
    pub journal_id: Option<Uuid>,
    /// When the line says it was done.
    #[serde(rename = "instant")]
    pub at: Option<Instant>,
    /// The action that the line tells.
    pub action: Option<String>,
    /// What is wrong.
    #[serde(rename = "defaut")]
    pub fault: Fault,
}

impl Broken {
    pub(super) fn of(fault: Fault) -> Self {
        Self {
            seq: None,
            journal_id: None,
            at: None,
            action: None,
            fault,
        }
    }

    pub(super) fn at(seq: i64, fault: Fault) -> Self {
        Self {
            seq: Some(seq),
            ..Self::of(fault)
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            self.seq.map(|seq| format!("rang {seq}")),
            self.journal_id.map(|id| format!("ligne {id}")),
            self.at.map(|at| format!("du {at}")),
            self.action.clone(),
        ];
        let named: Vec<_> = named.into_iter().flatten().collect();
        if !named.is_empty() {
            write!(f, "{} : ", named.join(", "))?;
        }
        self.fault.fmt(f)
    }
}

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its rank is missing.
    LinkRemoved,
    /// Its line is not in the journal.
    LineRemoved,
    /// The line, its hash or the order is not what was chained.
    Changed,
    /// The line cannot be read.
    Unreadable,
    /// A person stands beside the line who is not the one committed to.
    PersonMoved,
    /// The key of the person beside the line does not open.
    KeyChanged,
    /// Nobody stands beside the line where it commits to somebody.
    PersonRemoved,
    /// The end of the chain is missing.
    Cut,
    /// The chain goes further than its head.
    Longer,
    /// There is no head.
    HeadRemoved,
    /// The head was not made with the operator's keys.
    HeadForged,
    /// A head kept outside the database, at this place, is not that of this chain.
    HeadDiffers(String),
    /// A file kept outside the database, at this place, was not made with the operator's keys.
    FileForged(String),
    /// A seal was not signed with the operator's keys.
    SealForged(Day),
    /// A seal is not that of this chain.
    SealDiffers(Day),
    /// A published seal is no longer in the database.
    SealRemoved(Day),
    /// The line was put in the journal by something else than this program.
    Inserted,
    /// A line that waited for its link is no longer in the journal.
    WaitingRemoved,
    /// Commitments were forgotten without a line that says so, or said so without being forgotten.
    Forgotten {
        /// How many commitments nobody can open.
        found: u64,
        /// How many the lines of erasures tell.
        said: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::LinkRemoved => f.write_str("ce maillon a été retiré de la chaîne"),
            Fault::LineRemoved => f.write_str("la ligne de ce maillon a été retirée du journal, ou son identifiant modifié"),
            Fault::Changed => f.write_str("la ligne, son empreinte ou l’ordre de la chaîne a été modifié"),
            Fault::Unreadable => f.write_str("cette ligne a été modifiée et ne se lit plus"),
            Fault::PersonMoved => f.write_str("la personne liée à cette ligne n’est pas celle qui y était engagée"),
            Fault::KeyChanged => f.write_str(
                "la clé de la personne liée à cette ligne a été modifiée ou retirée, ou bien les clés données ne sont pas celles de l’exploitant",
            ),
            Fault::PersonRemoved => f.write_str("le lien de cette ligne avec une personne a été retiré"),
            Fault::Cut => f.write_str("la fin de la chaîne a été retirée à partir d’ici"),
            Fault::Longer => f.write_str("la chaîne a été prolongée après sa tête"),
            Fault::HeadRemoved => f.write_str("la tête de la chaîne a été retirée"),
            Fault::HeadForged => f.write_str("la tête de la chaîne a été modifiée, ou bien les clés données ne sont pas celles de l’exploitant"),
            Fault::HeadDiffers(place) => {
                write!(f, "la chaîne a été réécrite : elle ne correspond plus à la tête gardée dans {place}")
            }
            Fault::FileForged(place) => write!(f, "{place} a été modifié, ou bien les clés données ne sont pas celles de l’exploitant"),
            Fault::SealForged(day) => write!(f, "le sceau du {day} a été modifié, ou bien les clés données ne sont pas celles de l’exploitant"),
            Fault::SealDiffers(day) => write!(f, "la chaîne a été réécrite : elle ne correspond plus au sceau du {day}"),
            Fault::SealRemoved(day) => write!(f, "le sceau du {day} a été publié, mais n’est plus dans la base"),
            Fault::Inserted => f.write_str("cette ligne a été ajoutée au journal sans passer par le programme"),
            Fault::WaitingRemoved => f.write_str("cette ligne, qui attendait son maillon, a été retirée du journal"),
            Fault::Forgotten { found, said } => write!(
                f,
                "{found} liens avec des personnes sont effacés, alors que les effacements enregistrés en comptent {said}"
            ),
        }
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
