//! The documents of docs/generated, written from the modules.

use exploitation::valeurs;
use socle::{
    app,
    module::{DataClass, Module},
    reference::fill,
    routes::Kind,
};
use std::fmt::Write;

/// Each document with its name.
pub fn tous(modules: &[Module]) -> [(&'static str, String); 5] {
    [
        ("permissions.md", permissions(modules)),
        ("states.md", etats(modules)),
        ("routes.md", routes(modules)),
        ("data.md", donnees(modules)),
        ("references.md", references(modules)),
    ]
}

const ENTETE: &str =
    "Written by a test from the modules; do not edit. `UPDATE_DOCS=1 cargo nextest run -p essais` rewrites it.\n";

fn permissions(modules: &[Module]) -> String {
    let mut text = format!(
        "# Permissions\n\n{ENTETE}\n| Context | Action | What it lets do | Who, and how far |\n|---|---|---|---|\n"
    );
    for module in modules {
        for permission in module.permissions {
            let rules: Vec<_> = permission
                .rules
                .iter()
                .map(|(role, reach)| format!("{role} ({})", reach.name()))
                .collect();
            let again = if permission.sensitive {
                " Asks again who they are."
            } else {
                ""
            };
            let about = format!("{}{again}", permission.about.trim());
            ligne(&mut text, &[module.name, permission.action, &about, &rules.join(", ")]);
        }
    }
    text
}

fn etats(modules: &[Module]) -> String {
    let mut text = format!("# States\n\n{ENTETE}");
    for machine in modules.iter().flat_map(|m| m.states) {
        let _ = write!(text, "\n## {}\n\n```mermaid\nstateDiagram-v2\n", machine.name);
        for (from, verb, to) in machine.transitions {
            let ends = |state: &str| {
                if state.is_empty() {
                    "[*]".to_owned()
                } else {
                    state.to_owned()
                }
            };
            let _ = writeln!(text, "    {} --> {} : {verb}", ends(from), ends(to));
        }
        text.push_str("```\n");
    }
    text
}

fn routes(modules: &[Module]) -> String {
    let mut text = format!("# Routes\n\n{ENTETE}\n| Method | Path | Action | Kind |\n|---|---|---|---|\n");
    let mut routes = app::route_list(modules);
    routes.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
    for route in routes {
        let kind = match route.kind {
            Kind::Page => "page",
            Kind::Embed => "embed",
            Kind::Api => "api",
            Kind::File => "file",
        };
        ligne(
            &mut text,
            &[route.method.as_str(), &format!("`{}`", route.path), route.action, kind],
        );
    }
    text
}

fn donnees(modules: &[Module]) -> String {
    let mut text = format!("# Data\n\n{ENTETE}\nA column is public unless it is named as personal or secret.\n\n");
    text.push_str(
        "Where a duration is a reference value, the first one is written; the register shows that of the day.\n\n",
    );
    text.push_str("| Context | Table | Purpose | Legal basis | Kept | Then | Public | Personal | Secret |\n|---|---|---|---|---|---|---|---|---|\n");
    let premiere = |key: &str| {
        let mut all = modules.iter().flat_map(|module| module.references);
        all.find(|reference| reference.key == key)
            .map(|reference| valeurs::dite(reference, &reference.first()))
    };
    for module in modules {
        for table in module.data {
            let of = |wanted: DataClass| {
                let names: Vec<_> = table
                    .columns
                    .iter()
                    .filter(|(_, class)| *class == wanted)
                    .map(|(name, _)| *name)
                    .collect();
                if names.is_empty() {
                    "–".to_owned()
                } else {
                    names.join(", ")
                }
            };
            let (public, personal, secret) = (of(DataClass::Public), of(DataClass::Personal), of(DataClass::Secret));
            ligne(
                &mut text,
                &[
                    module.name,
                    table.table,
                    table.purpose,
                    table.legal_basis.words(),
                    &fill(table.retention, premiere),
                    table.fate.words(),
                    &public,
                    &personal,
                    &secret,
                ],
            );
        }
    }
    text
}

fn references(modules: &[Module]) -> String {
    let mut text = format!(
        "# Reference values\n\n{ENTETE}\nThe first value of each key; those recorded later are at `/references`.\n\n"
    );
    text.push_str("| Context | Key | Label | First value | May be | Since | Source |\n|---|---|---|---|---|---|---|\n");
    for module in modules {
        for reference in module.references {
            ligne(
                &mut text,
                &[
                    module.name,
                    &format!("`{}`", reference.key),
                    reference.label,
                    &valeurs::dite(reference, &reference.first()),
                    &valeurs::attendue(reference),
                    &reference.origin.from.to_string(),
                    reference.origin.source,
                ],
            );
        }
    }
    text
}

fn ligne(text: &mut String, cells: &[&str]) {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}
