//! `lieux`: places, from files and to files.

mod check;
mod dedup;
mod export;
mod import;
mod tickets;

use crate::{
    cli::lieux::Lieux,
    fin::{Fin, Issue},
};

/// Runs a command on places.
pub async fn run(command: Lieux) -> Result<Issue, Fin> {
    match command {
        Lieux::Import(args) => import::run(args).await,
        Lieux::Check(args) => check::run(&args),
        Lieux::Export(args) => export::run(args).await,
        Lieux::Dedup(args) => dedup::run(args).await,
        Lieux::Tickets(args) => tickets::run(args).await,
    }
}
