//! What the sources themselves say: statements and closed lists.

use regex::Regex;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The root of the repository.
pub fn racine() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Each `sql!("...")` of the program, with the file and line where it stands; a list is expanded to two values.
///
/// # Panics
/// When the sources cannot be read.
pub fn requetes() -> Vec<(String, String)> {
    let literal = Regex::new(r#"(?s)\bsql!\s*\(\s*"((?:[^"\\]|\\.)*)""#).expect("the pattern reads");
    let list = Regex::new(r"\(\$(\d+), \.\.\.\)").expect("the pattern reads");
    let mut found = Vec::new();
    let crates = std::fs::read_dir(racine().join("crates")).expect("the crates are there");
    for folder in crates.filter_map(Result::ok) {
        fichiers(&folder.path().join("src"), "rs", &mut |path, text| {
            for literal in literal.captures_iter(text) {
                let start = literal.get(0).map_or(0, |m| m.start());
                let before = &text[..start];
                let in_comment = before
                    .lines()
                    .last()
                    .is_some_and(|line| line.trim_start().starts_with("//"));
                if in_comment {
                    continue;
                }
                let place = format!("{}:{}", path.display(), before.lines().count());
                let sql = unescape(&literal[1]);
                let sql = list.replace_all(&sql, |n: &regex::Captures<'_>| {
                    let first: u32 = n[1].parse().unwrap_or(0);
                    format!("(${first}, ${})", first + 1)
                });
                found.push((place, sql.into_owned()));
            }
        });
    }
    found.sort();
    found
}

/// The topic of each event that the program tells, with the file and line where it stands; a constant is read where it is declared.
///
/// # Panics
/// When the sources cannot be read, or a topic is neither a literal nor a constant of its file.
pub fn sujets() -> Vec<(String, String)> {
    // What `tell` and `publish` take: the first text, or the first name in capitals.
    let call =
        Regex::new(r#"(?s)(?:\.tell|\boutbox::publish(?:_in_order)?)\(([^;{}]*?)(?:"([a-z_.]+)"|\b([A-Z][A-Z_]+)\b)"#)
            .expect("the pattern reads");
    let mut found = Vec::new();
    sources(&mut |path, text| {
        for told in call.captures_iter(text) {
            let place = place(path, &text[..told.get(0).map_or(0, |m| m.start())]);
            let topic = match (told.get(2), told.get(3)) {
                (Some(literal), _) => literal.as_str().to_owned(),
                (None, Some(name)) => constante(text, name.as_str()).unwrap_or_else(|| panic!("{place}: {}", &told[0])),
                (None, None) => continue,
            };
            found.push((place, topic));
        }
    });
    found
}

/// The kind of each thing of which the program writes a line of the journal, with the file and line where it stands.
///
/// # Panics
/// When the sources cannot be read.
pub fn genres_du_journal() -> Vec<(String, String)> {
    let stored = Regex::new(r#"const KIND: &(?:'static )?str = "(\w+)""#).expect("the pattern reads");
    let called = Regex::new(r#"(?s)(?:Entry::(?:new|by|under)|\.journal|\.journaliser)\([^;]*?\("(\w+)","#)
        .expect("the pattern reads");
    let mut found = Vec::new();
    sources(&mut |path, text| {
        for kind in stored.captures_iter(text).chain(called.captures_iter(text)) {
            let before = &text[..kind.get(0).map_or(0, |m| m.start())];
            found.push((place(path, before), kind[1].to_owned()));
        }
    });
    found
}

/// The value of a constant of a file.
fn constante(text: &str, name: &str) -> Option<String> {
    let declared = Regex::new(&format!(r#"const {name}: &(?:'static )?str = "([^"]+)""#)).expect("the pattern reads");
    declared.captures(text).map(|found| found[1].to_owned())
}

/// Shows each source of the program, without its tests.
fn sources(see: &mut impl FnMut(&Path, &str)) {
    let crates = std::fs::read_dir(racine().join("crates")).expect("the crates are there");
    let mut folders: Vec<_> = crates
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("src"))
        .collect();
    folders.sort();
    for folder in folders {
        fichiers(&folder, "rs", &mut |path, text| {
            let program = text.split("\n#[cfg(test)]").next().unwrap_or_default();
            see(path, program);
        });
    }
}

fn place(path: &Path, before: &str) -> String {
    format!("{}:{}", path.display(), before.lines().count())
}

/// A literal as the compiler reads it, for the escapes that SQL needs.
fn unescape(literal: &str) -> String {
    let joined = Regex::new(r"\\\n\s*")
        .expect("the pattern reads")
        .replace_all(literal, "");
    joined.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
}

/// Each `CHECK (column IN ('a', 'b'))` of the migrations, by `table.column`.
///
/// # Panics
/// When the migrations cannot be read.
pub fn listes_fermees() -> BTreeMap<String, Vec<String>> {
    let table = Regex::new(r"(?s)CREATE TABLE (\w+) \((.*?)\n\);").expect("the pattern reads");
    let check = Regex::new(r"(?s)CHECK \((\w+) IN \(([^)]*)\)\)").expect("the pattern reads");
    let mut found = BTreeMap::new();
    fichiers(&racine().join("migrations"), "sql", &mut |_, text| {
        for table in table.captures_iter(text) {
            for check in check.captures_iter(&table[2]) {
                let codes = check[2]
                    .split(',')
                    .map(|code| code.trim().trim_matches('\'').to_owned());
                found.insert(format!("{}.{}", &table[1], &check[1]), codes.collect());
            }
        }
    });
    found
}

/// Shows each file of a folder that has this extension.
fn fichiers(folder: &Path, extension: &str, see: &mut impl FnMut(&Path, &str)) {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            fichiers(&path, extension, see);
        } else if path.extension().is_some_and(|e| e == extension) {
            let text = std::fs::read_to_string(&path).expect("a source is text");
            see(&path, &text);
        }
    }
}
