//! Rules on any file: its length, its name, and what must not be written in it.

use std::path::Path;

use super::Finding;

const QUESTION_LINES: usize = 500;
const FAULT_LINES: usize = 800;

/// A source file past 500 lines asks a question, past 800 it is split.
pub(super) fn length(path: &Path, text: &str) -> Option<Finding> {
    let written_by_hand = matches!(
        extension(path),
        "rs" | "html" | "mjs" | "js" | "scss" | "css" | "sql" | "toml"
    ) || path.starts_with("scripts");
    let lines = text.lines().count();
    if !written_by_hand || lines <= QUESTION_LINES {
        None
    } else if lines <= FAULT_LINES {
        Some(Finding::question(
            path,
            0,
            format!("{lines} lines: does it hold two things?"),
        ))
    } else {
        Some(Finding::fault(
            path,
            0,
            format!("{lines} lines: split it below {FAULT_LINES}"),
        ))
    }
}

/// A module is named after what it holds.
pub(super) fn module_name(path: &Path) -> Option<Finding> {
    let stem = path.file_stem()?.to_str()?;
    let empty = extension(path) == "rs" && ["util", "utils", "helper", "helpers", "common", "misc"].contains(&stem);
    empty.then(|| {
        let text = format!("a module named {stem} says nothing of what it holds");
        Finding::fault(path, 0, text)
    })
}

/// No path of the machine that wrote a file, and no address from which a lock file was filled.
pub(super) fn machine_traces(path: &Path, text: &str) -> Vec<Finding> {
    // Written in two pieces, so that this file does not hold what it looks for.
    let home = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Use", "rs/")];
    let is_npm_lock = path.file_name().is_some_and(|name| name == "package-lock.json");
    numbered(text)
        .filter_map(|(number, line)| {
            let machine_path = home.iter().find(|prefix| starts_a_path(line, prefix));
            if let Some(prefix) = machine_path {
                Some(Finding::fault(path, number, format!("a path of one machine: {prefix}")))
            } else if is_npm_lock && line.contains("\"resolved\": \"http") {
                let text = "a download address: npm install --omit-lockfile-registry-resolved leaves it out";
                Some(Finding::fault(path, number, text))
            } else {
                None
            }
        })
        .collect()
}

/// What is not finished is a ticket, not a comment.
pub(super) fn unfinished(path: &Path, text: &str) -> Vec<Finding> {
    if !matches!(extension(path), "rs" | "html" | "mjs" | "js" | "scss" | "sql") {
        return Vec::new();
    }
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    numbered(text)
        .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
        .map(|(number, _)| Finding::fault(path, number, "unfinished: do it, or write a ticket"))
        .collect()
}

fn starts_a_path(line: &str, prefix: &str) -> bool {
    line.match_indices(prefix).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '}' | ')' | '/'))
    })
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default()
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_fichier_trop_long_est_une_faute_et_un_fichier_long_une_question() {
        let path = Path::new("crates/ui/src/page.rs");
        let of = |lines: usize| length(path, &"x\n".repeat(lines)).map(|f| f.fault);
        assert_eq!(
            [of(500), of(501), of(800), of(801)],
            [None, Some(false), Some(false), Some(true)]
        );
        assert_eq!(length(Path::new("docs/generated/routes.md"), &"x\n".repeat(2000)), None);
    }

    #[test]
    fn un_chemin_de_machine_est_vu_et_un_chemin_du_projet_ne_l_est_pas() {
        let seen = |line: &str| !machine_traces(Path::new("a.md"), line).is_empty();
        assert!(seen(concat!("cd /ro", "ot/maillage")));
        assert!(seen(concat!("\"/wo", "rk/main\"")));
        assert!(!seen(concat!("see docs/wo", "rk/plan.md")));
    }

    #[test]
    fn un_verrou_npm_ne_garde_pas_d_adresse() {
        let line = r#"      "resolved": "https://registre.example/a.tgz","#;
        assert_eq!(machine_traces(Path::new("web/package-lock.json"), line).len(), 1);
        assert_eq!(machine_traces(Path::new("docs/a.md"), line).len(), 0);
    }

    #[test]
    fn un_travail_inacheve_se_voit() {
        let text = concat!("fn a() {}\n// TO", "DO: b");
        assert_eq!(unfinished(Path::new("a.rs"), text)[0].line, 2);
    }
}
