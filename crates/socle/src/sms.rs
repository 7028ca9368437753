//! SMS: queued like mails, given to whatever the operator sends them with; off unless a folder is set.

use crate::{
    App, Settings,
    db::{DbResult, Tx},
    files::Partial,
    letters::{self, Channel, Draft, Letter, Sending, Sink},
    module::BoxFuture,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// A text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// What kind of message it is, such as `comptes.code`.
    pub kind: &'static str,
    /// The number in international form, such as `+33612345678`.
    pub to: String,
    /// What it says.
    pub text: String,
    /// The person that it is about.
    pub about: Option<Uuid>,
}

/// Queues an SMS in the caller's transaction; gives its identifier.
///
/// # Errors
/// The engine's.
pub async fn queue(tx: &mut Tx, app: &App, sms: Sms) -> DbResult<Uuid> {
    let draft = Draft {
        channel: Channel::Sms,
        kind: sms.kind,
        about: sms.about,
        recipient: &sms.to,
        content: sms.text.as_bytes(),
    };
    letters::queue(tx, app, draft).await
}

/// Who carries SMS.
pub trait SmsSender: Send + Sync {
    /// Whether giving it the same identifier twice sends one message.
    fn is_idempotent(&self) -> bool;

    /// Sends a text to a number, within a minute.
    fn send<'a>(&'a self, id: Uuid, to: &'a str, text: &'a str) -> BoxFuture<'a, Sending>;
}

/// A sender as a sink of letters.
struct Carrier<S>(S);

impl<S: SmsSender> Sink for Carrier<S> {
    fn is_idempotent(&self) -> bool {
        self.0.is_idempotent()
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        Box::pin(async move {
            match std::str::from_utf8(&letter.content) {
                Ok(text) => self.0.send(letter.id, &letter.recipient, text).await,
                Err(_) => Sending::Refused("le message ne se lit pas".to_owned()),
            }
        })
    }
}

/// A sink from a sender, for an adapter of the operator's.
pub fn carried_by(sender: impl SmsSender + 'static) -> Arc<dyn Sink> {
    Arc::new(Carrier(sender))
}

/// The sink that the operator set.
pub(crate) fn sink(settings: &Settings) -> Option<Arc<dyn Sink>> {
    settings.sms_folder.clone().map(|folder| carried_by(Folder(folder)))
}

/// A folder with one file for each message.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl SmsSender for Folder {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, id: Uuid, to: &'a str, text: &'a str) -> BoxFuture<'a, Sending> {
        Box::pin(async move {
            let name = format!("{id}.txt");
            put(&self.0, &name, format!("{to}\n\n{text}\n").as_bytes())
        })
    }
}

/// Writes a letter in a folder under a name of its own; one that is already there is left as it is.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) -> Sending {
    let target = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        if target.exists() {
            return Ok(());
        }
        let partial = Partial::beside(&target)?;
        std::fs::write(partial.path(), bytes)?;
        partial.keep()
    });
    match written {
        Ok(()) => Sending::Sent,
        Err(error) => Sending::Later(format!("le dossier des envois ne s’écrit pas : {}", error.kind())),
    }
}
