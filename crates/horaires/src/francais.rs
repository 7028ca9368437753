//! From what people write in a cell to opening hours: "lundi au vendredi 9h-12h / 14h-17h" and its thousand typos.
//!
//! A tokenizer ([`lexique`]) tells times, days and the few words that matter from the rest; two small grammars read one
//! day ([`plages`]) or a week ([`semaine`]). What is not understood is left out, never guessed into hours.

mod agenda;
mod fusion;
mod heures;
mod lexique;
mod osm;
mod semaine;
mod vocabulaire;

pub use fusion::fusionner;
pub use semaine::{Parite, Semaine, vers_osm};

/// The hours that a text about one day tells, as OpenStreetMap ranges in the order of the text: `09:00-12:00,14:00-17:00`;
/// empty when it tells none.
#[must_use]
pub fn plages(texte: &str) -> String {
    let plages = heures::apparier(&heures::certaines(&heures::resoudre(&lexique::lire(texte))));
    fusion::ecrire(&plages)
}
