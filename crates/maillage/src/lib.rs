//! The one binary: the list of modules, and the commands.

mod cli;
mod commandes;
pub mod demo;
mod fin;
mod progres;
mod sante;

use clap::Parser;
use cli::{Cli, Command, Db, Secrets};
use fin::{Fin, Issue};
use socle::module::Module;
use std::{ffi::OsString, process::ExitCode};

/// The contexts, in the order of their dependencies; the ground first.
pub const MODULES: &[Module] = &[
    socle::MODULE,
    ui::MODULE,
    territoire::MODULE,
    comptes::MODULE,
    lieux::MODULE,
    site::MODULE,
    exploitation::MODULE,
    sante::MODULE,
];

/// Runs a command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fin::report(&Fin::from(error)),
    };
    let issue = runtime.block_on(execute(cli.command));
    // A task that still runs must not keep a stopped program alive.
    runtime.shutdown_background();
    match issue {
        Ok(Issue::Faite) => ExitCode::SUCCESS,
        Ok(Issue::Constats) => ExitCode::from(1),
        Err(fin) => fin::report(&fin),
    }
}

async fn execute(command: Command) -> Result<Issue, Fin> {
    match command {
        Command::Serve(args) => commandes::serve::run(args).await,
        Command::Demo(args) => commandes::demo::run(args).await,
        Command::Db(command) => fin::unless_interrupted(database(command)).await,
        Command::Territoire(command) => fin::unless_interrupted(commandes::territoire::run(command)).await,
        Command::Affectation(command) => fin::unless_interrupted(commandes::affectation::run(command)).await,
        Command::Comptes(command) => fin::unless_interrupted(commandes::comptes::run(command)).await,
        Command::Lieux(command) => fin::unless_interrupted(commandes::lieux::run(command)).await,
        Command::Secrets(Secrets::Rotate(args)) => fin::unless_interrupted(commandes::secrets::rotate(args)).await,
        Command::Journal(command) => fin::unless_interrupted(commandes::journal::run(command)).await,
        Command::Openapi => commandes::openapi::run(),
        Command::BenchSelect(args) => commandes::bench_comptes::select(args).await,
        Command::BenchComptes(args) => commandes::bench_comptes::comptes(args).await,
        Command::BenchHello(args) => commandes::serve::hello(args).await,
        Command::BenchJournal(args) => commandes::bench_journal::run(args).await,
    }
}

async fn database(command: Db) -> Result<Issue, Fin> {
    match command {
        Db::Migrate(args) => commandes::base::migrate(args).await,
        Db::Backup(args) => commandes::base::backup(args).await,
        Db::Restore(args) => commandes::base::restore(args).await,
        Db::Check(args) => commandes::base::check(args).await,
        Db::Copy(args) => commandes::base::copy(args).await,
    }
}
