//! A context names only its own tables: its SQL is compared with the tables that its migrations create.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use regex::Regex;

use super::{Files, Finding};

/// Each table, with the context that owns it.
type Owners = BTreeMap<String, String>;

/// Compares every `sql!` statement of every crate with the tables its context owns.
pub(super) fn judge(files: &Files) -> Vec<Finding> {
    let owners = owners(files);
    files
        .iter()
        .filter_map(|(path, text)| Some((crate_of(path)?, path, text)))
        .flat_map(|(context, path, text)| foreign(&owners, context, path, text))
        .collect()
}

/// `migrations/0003_lieux_tickets.sql` gives its tables to the context `lieux`.
fn owners(files: &Files) -> Owners {
    static CREATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\bCREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_][a-z0-9_]*)")
            .expect("the pattern is a regular expression")
    });
    let mut owners = Owners::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("migrations")) {
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let Some(context) = stem.split('_').nth(1) else {
            continue;
        };
        for table in CREATE.captures_iter(text) {
            owners.insert(table[1].to_ascii_lowercase(), context.to_owned());
        }
    }
    owners
}

fn crate_of(path: &Path) -> Option<&str> {
    let mut parts = path.iter().map(|part| part.to_str().unwrap_or_default());
    let in_crates = parts.next() == Some("crates") && path.extension().is_some_and(|e| e == "rs");
    in_crates.then(|| parts.next()).flatten()
}

fn foreign(owners: &Owners, context: &str, path: &Path, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, statement) in statements(text) {
        for table in tables(statement) {
            if let Some(owner) = owners.get(&table).filter(|owner| *owner != context) {
                let text = format!(
                    "{context} names the table {table}, which is {owner}'s: ask {owner} for a read function or an event"
                );
                findings.push(Finding::fault(path, line, text));
            }
        }
    }
    findings
}

/// The text of each `sql!("...")`, with the line it begins on.
fn statements(text: &str) -> Vec<(usize, &str)> {
    static SQL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r###"(?s)\bsql!\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|r#"(.*?)"#|r"([^"]*)")"###)
            .expect("the pattern is a regular expression")
    });
    SQL.captures_iter(text)
        .filter_map(|found| {
            let before = &text[..found.get(0)?.start()];
            // An example in a comment is not a statement.
            if before
                .lines()
                .next_back()
                .unwrap_or_default()
                .trim_start()
                .starts_with("//")
            {
                return None;
            }
            let line = before.matches('\n').count() + 1;
            let statement = found.iter().skip(1).flatten().next()?;
            Some((line, statement.as_str()))
        })
        .collect()
}

/// The names that stand where a table does. A name made by `WITH` may be among them: it belongs to nobody, so it is not judged.
fn tables(statement: &str) -> Vec<String> {
    static TABLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_][a-z0-9_]*)")
            .expect("the pattern is a regular expression")
    });
    TABLE
        .captures_iter(statement)
        .map(|found| found[1].to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn files(source: &str) -> Files {
        Files::from([
            (
                PathBuf::from("migrations/0001_socle.sql"),
                "CREATE TABLE journal (id uuid);".to_owned(),
            ),
            (
                PathBuf::from("migrations/0003_lieux_tickets.sql"),
                "CREATE TABLE IF NOT EXISTS lieu (id uuid);".to_owned(),
            ),
            (PathBuf::from("crates/lieux/src/store.rs"), source.to_owned()),
        ])
    }

    #[test]
    fn un_contexte_nomme_ses_tables() {
        let source = r#"const A: Sql = sql!("SELECT nom FROM lieu AS l WHERE id = $1");"#;
        assert_eq!(judge(&files(source)), []);
    }

    #[test]
    fn un_contexte_ne_nomme_pas_celles_d_un_autre() {
        let source = "fn a() {}\nconst A: Sql = sql!(\n  \"SELECT 1 FROM lieu JOIN journal ON true\"\n);";
        let found = judge(&files(source));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(found[0].text.starts_with("lieux names the table journal"));
    }

    #[test]
    fn chaque_ecriture_d_un_texte_sql_est_lue() {
        let source = "sql!(r#\"UPDATE journal SET a = 1\"#); sql!(r\"DELETE FROM journal\"); sql!(\"INSERT INTO \\\n journal VALUES (1)\")";
        let texts = statements(source).len();
        assert_eq!(texts, 3);
        assert_eq!(judge(&files(source)).len(), 2);
    }

    #[test]
    fn un_exemple_dans_un_commentaire_n_est_pas_une_requete() {
        assert!(statements("/// `sql!(\"SELECT 1 FROM journal\")`\n").is_empty());
    }

    #[test]
    fn une_colonne_n_est_pas_une_table() {
        assert_eq!(tables("SELECT a, journal FROM lieu"), ["lieu"]);
    }
}
