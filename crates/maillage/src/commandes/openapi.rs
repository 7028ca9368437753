//! `openapi`: the document of the public API.

use crate::fin::{Fin, Issue};

/// Prints the document.
pub fn run() -> Result<Issue, Fin> {
    let document = lieux::openapi()
        .merge_from(territoire::openapi())
        .to_pretty_json()
        .map_err(std::io::Error::from)?;
    println!("{document}");
    Ok(Issue::Faite)
}
