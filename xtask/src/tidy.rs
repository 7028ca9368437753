//! What no compiler sees: each rule is a function from text to findings, and `run` applies them to the files that git knows.

mod glossary;
mod prose;
mod tables;
mod templates;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// Something to mend, or to ask oneself about.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// A fault stops the build; a question is only printed.
    fault: bool,
    file: PathBuf,
    /// Counted from 1; 0 speaks of the whole file.
    line: usize,
    text: String,
}

impl Finding {
    fn fault(file: &Path, line: usize, text: impl Into<String>) -> Self {
        Self {
            fault: true,
            file: file.to_owned(),
            line,
            text: text.into(),
        }
    }

    fn question(file: &Path, line: usize, text: impl Into<String>) -> Self {
        Self {
            fault: false,
            ..Self::fault(file, line, text)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.fault { "fault" } else { "question" };
        write!(f, "{kind}: {}:{}: {}", self.file.display(), self.line, self.text)
    }
}

/// The text files that git tracks, or would track, by path from the root.
type Files = BTreeMap<PathBuf, String>;

/// Applies every rule to the repository at `root`, prints what it finds, and fails on a fault.
pub fn run(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let files = read(root)?;
    let findings = judge(&files);
    for finding in &findings {
        println!("{finding}");
    }
    let faults = findings.iter().filter(|f| f.fault).count();
    println!(
        "tidy: {} files, {faults} faults, {} questions",
        files.len(),
        findings.len() - faults
    );
    if faults > 0 {
        return Err("tidy: mend the faults above".into());
    }
    Ok(())
}

fn judge(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in files {
        findings.extend(prose::length(path, text));
        findings.extend(prose::module_name(path));
        findings.extend(prose::machine_traces(path, text));
        findings.extend(prose::unfinished(path, text));
        findings.extend(templates::judge(path, text));
    }
    findings.extend(tables::judge(files));
    findings.extend(glossary::judge(files));
    findings
}

fn read(root: &Path) -> Result<Files, Box<dyn std::error::Error>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err("tidy: git lists no file here".into());
    }
    let names = String::from_utf8(output.stdout)?;
    let mut files = Files::new();
    for name in names.split_terminator('\0') {
        // What is not text (a font, a picture, a compact file) or is no longer there has nothing to be read.
        if let Ok(text) = std::fs::read_to_string(root.join(name)) {
            files.insert(PathBuf::from(name), text);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_regle_juge_tous_les_fichiers() {
        let files = Files::from([
            (PathBuf::from("crates/ui/src/utils.rs"), String::new()),
            (PathBuf::from("README.md"), "rien à dire".to_owned()),
        ]);
        let found = judge(&files);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].to_string(),
            "fault: crates/ui/src/utils.rs:0: a module named utils says nothing of what it holds"
        );
    }
}
