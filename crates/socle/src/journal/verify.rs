//! The check of the whole chain, in one snapshot and constant memory: it finds what was changed, removed, reordered, inserted or cut, and names
//! the first broken link.

mod report;
mod rows;

pub use report::{Broken, Fault, Report, VerifyError};

use super::{
    chain::{self, Head, ORIGIN},
    heads::{self, Heads, ReadHead, Told},
    people::{self, FORGOTTEN},
    seal::Seal,
};
use crate::{
    clock::Day,
    db::{Db, Tx},
    secrets::Keys,
};
use rows::{Beside, Found};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// How many links are read at once.
const BATCH: u32 = 2000;

/// The keys of people, opened.
type Keyring = HashMap<Uuid, Vec<u8>>;

/// A break ends the check: what follows the first one proves nothing.
enum Stop {
    Broken(Box<Broken>),
    Failed(VerifyError),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Stop::Failed(error.into())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Failed(error.into())
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Stop::Broken(Box::new(broken))
    }
}

/// Checks the chain, its people, its head and its seals; `folder` is where heads and seals are kept outside the database.
///
/// # Errors
/// When the database does not answer, or a file of the folder cannot be read. What is wrong with the journal is in the report.
pub async fn verify(db: &Db, keys: &Keys, folder: Option<&Path>) -> Result<Report, VerifyError> {
    // Looked at before the snapshot: what is outside by then is also inside it.
    let (outside, published) = (Heads::open(folder)?, heads::published(folder)?);
    let mut check = Check {
        tx: db.snapshot().await?,
        keys,
        outside,
        anchors: BTreeMap::new(),
        waiting_head: None,
        report: Report::default(),
        forgotten: 0,
        previous: ORIGIN.to_vec(),
        seq: 0,
        batch: BATCH,
    };
    match check.run(published).await {
        Ok(()) => {}
        Err(Stop::Broken(broken)) => check.report.broken = Some(*broken),
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(check.report)
}

/// A seal to meet on the way.
struct Anchor {
    day: Day,
    hash: Vec<u8>,
    fault: Option<Fault>,
}

struct Check<'a> {
    tx: Tx,
    keys: &'a Keys,
    outside: Heads,
    /// The seals, by the rank that they cover.
    anchors: BTreeMap<i64, Vec<Anchor>>,
    /// The next head of the files, read and not yet met.
    waiting_head: Option<(String, Head)>,
    report: Report,
    /// The commitments that the lines of erasures say nobody can open any more.
    forgotten: i64,
    previous: Vec<u8>,
    seq: i64,
    batch: u32,
}

impl Check<'_> {
    async fn run(&mut self, published: Vec<(PathBuf, Option<Seal>)>) -> Result<(), Stop> {
        self.gather_seals(published).await?;
        self.next_outside()?;
        loop {
            let read = match rows::read(&mut self.tx, self.seq, self.batch).await {
                Err(error) if rows::is_unreadable(&error) && self.batch > 1 => {
                    // One at a time until the one that does not read.
                    self.batch = 1;
                    continue;
                }
                Err(error) if rows::is_unreadable(&error) => {
                    return Err(rows::unreadable(&mut self.tx, self.seq).await?.into());
                }
                read => read?,
            };
            if read.links.is_empty() {
                break;
            }
            let keys = self.open_keys(&read.keys);
            for link in &read.links {
                self.link(link, read.beside(link), &keys).await?;
            }
        }
        self.end().await
    }

    /// Reads the seals of the database and those published; each seal published must still be in the database.
    async fn gather_seals(&mut self, published: Vec<(PathBuf, Option<Seal>)>) -> Result<(), Stop> {
        let mut held = BTreeMap::new();
        for seal in rows::seals(&mut self.tx).await? {
            let fault = (!seal.is_authentic(self.keys)).then(|| Fault::SealForged(seal.day()));
            self.anchor(&seal, fault);
            held.insert(seal.day(), seal);
            self.report.seals += 1;
        }
        for (path, seal) in published {
            let Some(seal) = seal else {
                return Err(Broken::of(Fault::FileForged(path.display().to_string())).into());
            };
            let fault = match held.get(&seal.day()) {
                _ if !seal.is_authentic(self.keys) => Some(Fault::FileForged(path.display().to_string())),
                None => Some(Fault::SealRemoved(seal.day())),
                Some(held) if *held != seal => Some(Fault::SealForged(seal.day())),
                Some(_) => None,
            };
            self.anchor(&seal, fault);
        }
        Ok(())
    }

    fn anchor(&mut self, seal: &Seal, fault: Option<Fault>) {
        // A seal forged with a rank that no link has is met at the first.
        let anchors = self.anchors.entry(seal.seq.max(1)).or_default();
        anchors.push(Anchor {
            day: seal.day(),
            hash: seal.hash.clone(),
            fault,
        });
    }

    /// Reads the next head of the files.
    fn next_outside(&mut self) -> Result<(), Stop> {
        while let Some(ReadHead { place, line }) = self.outside.next()? {
            match line {
                Told::Head(head) if head.is_authentic(self.keys) => {
                    self.report.heads += 1;
                    self.waiting_head = Some((place, head));
                    return Ok(());
                }
                // It says nothing; who wanted to hide a head would rather remove its line.
                Told::Torn => self.report.torn += 1,
                _ => return Err(Broken::of(Fault::FileForged(place)).into()),
            }
        }
        self.waiting_head = None;
        Ok(())
    }

    /// The keys of the people of a batch, by person; one that does not open is absent, and the first line that needs it is named.
    fn open_keys(&self, sealed: &[(Uuid, Vec<u8>)]) -> Keyring {
        sealed
            .iter()
            .filter_map(|(person, sealed)| Some((*person, people::open(self.keys, sealed).ok()?)))
            .collect()
    }

    async fn link(&mut self, link: &Found, beside: &[Beside], keys: &Keyring) -> Result<(), Stop> {
        if link.seq != self.seq + 1 {
            return Err(Broken::at(self.seq + 1, Fault::LinkRemoved).into());
        }
        let Some(line) = link.line() else {
            return Err(link.broken(Fault::LineRemoved).into());
        };
        let hash = chain::hash(&self.previous, &line);
        if hash[..] != link.hash[..] {
            return Err(link.broken(Fault::Changed).into());
        }
        self.people(link, &line.commitments, beside, keys)?;
        self.forgotten += declared(&line.detail);
        (self.seq, self.previous) = (link.seq, hash.to_vec());
        self.report.links += 1;
        for anchor in self.anchors.remove(&link.seq).unwrap_or_default() {
            if let Some(fault) = anchor.fault {
                return Err(link.broken(fault).into());
            }
            if anchor.hash[..] != hash[..] {
                return Err(link.broken(Fault::SealDiffers(anchor.day)).into());
            }
        }
        self.outside(link).await
    }

    /// Compares each commitment of a line with the person who stands beside it.
    fn people(&mut self, link: &Found, commitments: &Value, beside: &[Beside], keys: &Keyring) -> Result<(), Broken> {
        let list = commitments.as_array().map_or(&[] as &[_], Vec::as_slice);
        if beside.len() < list.len() {
            return Err(link.broken(Fault::PersonRemoved));
        }
        if beside.len() > list.len() {
            return Err(link.broken(Fault::PersonMoved));
        }
        for (rank, (expected, beside)) in (0_i64..).zip(list.iter().zip(beside)) {
            let same_link = expected["link"] == beside.link.as_str() && beside.rank == rank;
            let Some(person) = beside.person_id.filter(|_| same_link) else {
                if !same_link {
                    return Err(link.broken(Fault::PersonMoved));
                }
                self.report.forgotten += 1;
                continue;
            };
            let Some(key) = keys.get(&person) else {
                return Err(link.broken(Fault::KeyChanged));
            };
            if expected["commitment"] != people::commitment(key, link.journal_id, &beside.link) {
                return Err(link.broken(Fault::PersonMoved));
            }
            self.report.commitments += 1;
        }
        Ok(())
    }

    /// Compares the heads of the files that this link is, and those that came out of their order.
    async fn outside(&mut self, link: &Found) -> Result<(), Stop> {
        while let Some((place, head)) = self.waiting_head.take_if(|(_, head)| head.seq <= self.seq) {
            let same = if head.seq == self.seq {
                head.hash[..] == link.hash[..]
            } else {
                rows::hash_at(&mut self.tx, head.seq).await?.as_deref() == Some(&head.hash[..])
            };
            if !same {
                return Err(Broken::at(head.seq, Fault::HeadDiffers(place)).into());
            }
            self.next_outside()?;
        }
        Ok(())
    }

    /// What only the whole chain can tell: where it ends, what stands beside it, and what was forgotten.
    async fn end(&mut self) -> Result<(), Stop> {
        if self.waiting_head.is_some() || !self.anchors.is_empty() {
            let forged = self
                .anchors
                .pop_first()
                .and_then(|(_, anchors)| anchors.into_iter().find_map(|a| a.fault));
            return Err(Broken::at(self.seq + 1, forged.unwrap_or(Fault::Cut)).into());
        }
        match chain::head(&mut self.tx).await? {
            None if self.seq == 0 => {}
            None => return Err(Broken::at(self.seq, Fault::HeadRemoved).into()),
            Some(head) if !head.is_authentic(self.keys) => return Err(Broken::at(head.seq, Fault::HeadForged).into()),
            Some(head) if head.seq > self.seq => return Err(Broken::at(self.seq + 1, Fault::Cut).into()),
            Some(head) if head.seq < self.seq => return Err(Broken::at(head.seq + 1, Fault::Longer).into()),
            Some(head) if head.hash != self.previous => return Err(Broken::at(self.seq, Fault::Changed).into()),
            Some(_) => {}
        }
        if let Some(broken) = rows::stranger(&mut self.tx).await? {
            return Err(broken.into());
        }
        self.pending().await?;
        let (found, said) = (self.report.forgotten, self.forgotten);
        if i64::try_from(found).ok() != Some(said) {
            return Err(Broken::of(Fault::Forgotten { found, said }).into());
        }
        Ok(())
    }

    /// Counts what waits for its link, and what is forgotten there.
    async fn pending(&mut self) -> Result<(), Stop> {
        let mut after = None;
        loop {
            let batch = rows::pending(&mut self.tx, after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = Some((last.at, last.journal_id));
            for waiting in &batch {
                let Some(detail) = &waiting.detail else {
                    return Err(waiting.removed().into());
                };
                self.forgotten += declared(detail);
                self.report.pending += 1;
            }
        }
        self.report.forgotten += rows::forgotten_pending(&mut self.tx).await?;
        Ok(())
    }
}

/// How many commitments the line of an erasure says were forgotten; 0 for another line.
fn declared(detail: &Value) -> i64 {
    detail.get(FORGOTTEN).and_then(Value::as_i64).unwrap_or(0)
}
