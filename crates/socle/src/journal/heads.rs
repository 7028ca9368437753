//! What is kept outside the database: each head of the chain in a file a day, and each seal, to be published. A chain cut with its head shows there.

use super::{chain::Head, seal::Seal};
use crate::{clock::Instant, files::Partial};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// A head as a line of a file tells it.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    seq: i64,
    hash: String,
    mac: String,
    at: Instant,
}

fn heads_folder(folder: &Path) -> PathBuf {
    folder.join("tetes")
}

/// Where the seals to publish are.
fn seals_folder(folder: &Path) -> PathBuf {
    folder.join("sceaux")
}

/// Adds a head to the file of its day (UTC), and makes sure of it.
pub(super) fn append(folder: &Path, head: &Head, at: Instant) -> io::Result<()> {
    let folder = heads_folder(folder);
    fs::create_dir_all(&folder)?;
    let written = Written {
        seq: head.seq,
        hash: hex::encode(&head.hash),
        mac: hex::encode(&head.mac),
        at,
    };
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(folder.join(format!("{}.jsonl", at.day_in("UTC"))))?;
    // A full disk or a power cut may have taken half of the line before: it ends here, so that this one reads.
    let end = if is_torn(&mut file)? { "\n" } else { "" };
    file.write_all(format!("{end}{}\n", serde_json::to_string(&written)?).as_bytes())?;
    file.sync_data()
}

/// Whether the last line of a file was not written whole.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// The heads that were written before this value was made, oldest file first, without reading more than a line at a time.
#[derive(Debug)]
pub(super) struct Heads {
    /// The files that remain, last first, with the length that they had.
    files: Vec<(PathBuf, u64)>,
    current: Option<Reading>,
}

/// A file being read, the number of the last line read, and the lines that remain of what it held at first.
type Reading = (PathBuf, usize, io::Lines<BufReader<io::Take<File>>>);

/// A head read, and where.
#[derive(Debug)]
pub(super) struct ReadHead {
    /// The file and line, counted from 1.
    pub place: String,
    /// What the line holds.
    pub line: Told,
}

/// What a line of a file of heads holds.
#[derive(Debug)]
pub(super) enum Told {
    /// A head.
    Head(Head),
    /// The beginning of a head, which a power cut or a full disk left.
    Torn,
    /// Something that this program never writes.
    Unreadable,
}

impl Heads {
    /// Looks at what is there now; no folder holds no head.
    pub fn open(folder: Option<&Path>) -> io::Result<Self> {
        let mut files = Vec::new();
        for path in listed(folder.map(heads_folder), "jsonl")? {
            files.push((path.clone(), fs::metadata(&path)?.len()));
        }
        files.reverse();
        Ok(Self { files, current: None })
    }

    /// The next head.
    pub fn next(&mut self) -> io::Result<Option<ReadHead>> {
        loop {
            if let Some((path, number, lines)) = &mut self.current {
                if let Some(line) = lines.next() {
                    *number += 1;
                    let place = format!("{}, ligne {number}", path.display());
                    return Ok(Some(ReadHead {
                        place,
                        line: read_line(&line?),
                    }));
                }
                self.current = None;
            }
            let Some((path, length)) = self.files.pop() else {
                return Ok(None);
            };
            let lines = BufReader::new(File::open(&path)?.take(length)).lines();
            self.current = Some((path, 0, lines));
        }
    }
}

fn read_line(line: &str) -> Told {
    // A power cut may leave zeros where bytes were to be written.
    let line = line.trim_end_matches('\0');
    let written: Written = match serde_json::from_str(line) {
        Ok(written) => written,
        Err(error) if error.is_eof() => return Told::Torn,
        Err(_) => return Told::Unreadable,
    };
    match (hex::decode(written.hash), hex::decode(written.mac)) {
        (Ok(hash), Ok(mac)) => Told::Head(Head {
            seq: written.seq,
            hash,
            mac,
        }),
        _ => Told::Unreadable,
    }
}

/// The files of a folder that have this extension, by name; an absent folder holds none.
fn listed(folder: Option<PathBuf>, extension: &str) -> io::Result<Vec<PathBuf>> {
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Writes a seal where it is published from, unless it is there.
pub(super) fn publish(folder: &Path, seal: &Seal) -> io::Result<()> {
    let folder = seals_folder(folder);
    let path = folder.join(format!("{}.json", seal.day()));
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let partial = Partial::beside(&path)?;
    fs::write(partial.path(), serde_json::to_vec_pretty(&seal.document())?)?;
    partial.keep()
}

/// The seals that were published; `None` for a file that does not read.
pub(super) fn published(folder: Option<&Path>) -> io::Result<Vec<(PathBuf, Option<Seal>)>> {
    let mut seals = Vec::new();
    for path in listed(folder.map(seals_folder), "json")? {
        let seal = serde_json::from_slice(&fs::read(&path)?)
            .ok()
            .and_then(|document| Seal::of_document(&document));
        seals.push((path, seal));
    }
    Ok(seals)
}
