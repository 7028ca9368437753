//! How a command ends.

use socle::{
    config::Fault,
    db::{backup::BackupError, migrations::MigrationError, roles::RoleError, transfer::CopyError},
    errors::Erreur,
    journal::{SealError, VerifyError},
};
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a command that ran to its end found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// Nothing to say.
    Faite,
    /// Something that the person must look at.
    Constats,
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Fin {
    /// The configuration has faults.
    #[error("{}", lines(.0))]
    Configuration(Vec<Fault>),
    /// The person asked for something that cannot be done.
    #[error("{0}")]
    Refus(String),
    /// The command line does not make sense as a whole.
    #[error("{0}")]
    Usage(String),
    /// The person stopped the command.
    #[error("interrompu : rien n’a été écrit à moitié")]
    Interrompu,
    /// The database cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The role that serves cannot be given what it needs.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// The journal cannot be sealed.
    #[error(transparent)]
    Scellement(#[from] SealError),
    /// The journal cannot be checked.
    #[error(transparent)]
    Verification(#[from] VerifyError),
    /// A backup, a restoration or a check stopped.
    #[error(transparent)]
    Sauvegarde(#[from] BackupError),
    /// A copy between engines stopped.
    #[error(transparent)]
    Copie(#[from] CopyError),
    /// The database failed.
    #[error("la base de données a répondu par une erreur : {0}")]
    Db(#[from] sqlx::Error),
    /// A file or the network failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A context failed.
    #[error("{}", cause(.0))]
    Erreur(#[from] Erreur),
}

/// The wait for SIGINT and SIGTERM, which from its making no longer kill the program.
#[derive(Debug)]
pub struct Interruption {
    interrupt: Signal,
    terminate: Signal,
}

impl Interruption {
    /// Begins to wait.
    pub fn watch() -> Result<Self, Fin> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Runs long work, and drops it at the first signal: its transaction is undone and its partial files removed.
    pub async fn during<T>(&mut self, work: impl Future<Output = Result<T, Fin>>) -> Result<T, Fin> {
        tokio::select! {
            done = work => done,
            _ = self.interrupt.recv() => Err(Fin::Interrompu),
            _ = self.terminate.recv() => Err(Fin::Interrompu),
        }
    }
}

/// Runs a command that leaves nothing half-written when it is dropped.
pub async fn unless_interrupted<T>(work: impl Future<Output = Result<T, Fin>>) -> Result<T, Fin> {
    Interruption::watch()?.during(work).await
}

fn lines(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// On the command line the operator is the person to tell, so the cause is shown.
fn cause(error: &Erreur) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), |cause| format!("{error} : {cause}"))
}

/// Says why on the standard error, and gives the exit code.
pub fn report(fin: &Fin) -> ExitCode {
    if matches!(fin, Fin::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe) {
        // Who reads the output has read enough.
        return ExitCode::SUCCESS;
    }
    eprintln!("{fin}");
    match fin {
        Fin::Configuration(_) | Fin::Usage(_) => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}
