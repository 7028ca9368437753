//! The page that keeps what was typed until the person has proved who they are.

use askama::Template;
use ui::page::Page;

/// A form kept, to be sent again.
#[derive(Debug, Template)]
#[template(path = "comptes/renvoi.html")]
pub struct Renvoi {
    /// The page.
    pub page: Page,
    /// What happened and what to do.
    pub texte: &'static str,
    /// The words of the link.
    pub lien: &'static str,
    /// Where to prove who one is.
    pub porte: String,
    /// Where the form is sent again.
    pub action: String,
    /// What was typed.
    pub champs: Vec<(String, String)>,
}
