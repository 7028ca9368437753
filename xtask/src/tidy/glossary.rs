//! The glossary says where each term lives in the code, and stays true.

use std::path::{Path, PathBuf};

use super::{Files, Finding};

/// Each row `| term | meaning | `Type`, `path` |` of the glossary names files that exist, and types that stand in them.
pub(super) fn judge(files: &Files) -> Vec<Finding> {
    let path = Path::new("docs/glossaire.md");
    let Some(text) = files.get(path) else { return Vec::new() };
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("| ") && !line.starts_with("| ---"))
        .flat_map(|(index, line)| {
            row(files, line)
                .into_iter()
                .map(move |text| Finding::fault(path, index + 1, text))
        })
        .collect()
}

fn row(files: &Files, line: &str) -> Vec<String> {
    let Some(place) = line.trim_end_matches([' ', '|']).rsplit(" | ").next() else {
        return Vec::new();
    };
    let spans: Vec<&str> = place.split('`').skip(1).step_by(2).collect();
    let (paths, names): (Vec<&str>, Vec<&str>) = spans.into_iter().partition(|span| span.contains('/'));
    let mut faults: Vec<String> = paths
        .iter()
        .filter(|path| !exists(files, path))
        .map(|path| format!("{path} does not exist"))
        .collect();
    let texts: Vec<&String> = paths.iter().filter_map(|path| files.get(Path::new(path))).collect();
    if !texts.is_empty() {
        let absent = names
            .iter()
            .filter(|name| !texts.iter().any(|text| text.contains(last_segment(name))));
        faults.extend(absent.map(|name| format!("{name} does not stand in {}", paths.join(", "))));
    }
    faults
}

fn exists(files: &Files, path: &str) -> bool {
    let path = PathBuf::from(path);
    files.keys().any(|file| file.starts_with(&path))
}

fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name).trim_end_matches("()")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(row: &str) -> Vec<String> {
        let files = Files::from([
            (
                PathBuf::from("docs/glossaire.md"),
                format!("| Terme | Sens | Code |\n| --- | --- | --- |\n{row}\n"),
            ),
            (
                PathBuf::from("crates/territoire/src/domain/commune.rs"),
                "pub struct Commune;".to_owned(),
            ),
        ]);
        judge(&files).into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn un_terme_qui_vit_dans_le_code_est_juste() {
        let row = "| commune | la plus petite collectivité | `territoire::Commune`, `crates/territoire/src/domain/commune.rs` |";
        assert!(faults(row).is_empty());
    }

    #[test]
    fn un_fichier_absent_ou_un_type_absent_est_une_faute() {
        assert_eq!(
            faults("| epci | x | `crates/territoire/src/epci.rs` |"),
            ["crates/territoire/src/epci.rs does not exist"]
        );
        assert_eq!(
            faults("| epci | x | `Epci`, `crates/territoire/src/domain/commune.rs` |"),
            ["Epci does not stand in crates/territoire/src/domain/commune.rs"]
        );
    }

    #[test]
    fn un_terme_sans_code_est_admis() {
        assert!(faults("| médiation | accompagner une personne | domaine général |").is_empty());
    }
}
