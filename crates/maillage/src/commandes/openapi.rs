//! `openapi`: the document of the public API.

use crate::fin::{Fin, Issue};

/// Prints the document, as a server on this machine would give it.
pub fn run() -> Result<Issue, Fin> {
    let document = site::openapi("http://localhost:8080")
        .to_pretty_json()
        .map_err(std::io::Error::from)?;
    println!("{document}");
    Ok(Issue::Faite)
}
