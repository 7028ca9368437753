//! Mails: written in text and HTML, queued with the change that asks for them, sent by SMTP or written in a folder.

mod smtp;

pub use smtp::{Smtp, SmtpServer};

use crate::{
    App,
    db::{DbResult, Tx},
    letters::{self, Channel, Draft, Letter, Sending, Sink},
    module::BoxFuture,
    sms,
};
use lettre::message::{
    Mailbox, MultiPart,
    header::{HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};
use uuid::Uuid;

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What kind of mail it is, such as `comptes.lien`.
    pub kind: &'static str,
    /// The address that receives it.
    pub to: String,
    /// Its subject, in plain French.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML.
    pub html: String,
    /// The person that it is about.
    pub about: Option<Uuid>,
}

/// A mail to look at in the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct MailSample {
    /// Its name in the address of its page, such as `lien-de-connexion`.
    pub name: &'static str,
    /// When it is sent, in French.
    pub title: &'static str,
    /// The mail, for an invented person.
    pub make: fn() -> Mail,
}

/// The samples of every module.
#[derive(Debug, Default)]
pub struct MailSamples(pub Vec<MailSample>);

/// How the operator sends mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The server that takes them.
    pub smtp: Option<SmtpServer>,
    /// Who they come from.
    pub sender: String,
    /// Who reads the answers, when that is not the sender.
    pub reply_to: Option<String>,
    /// The folder that they are written in when there is no server.
    pub folder: Option<PathBuf>,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            smtp: None,
            sender: "Maillage <ne-pas-repondre@localhost>".to_owned(),
            reply_to: None,
            folder: None,
        }
    }
}

/// What is sealed until the mail leaves.
#[derive(Serialize, Deserialize)]
struct Content {
    subject: String,
    text: String,
    html: String,
}

/// Queues a mail in the caller's transaction; gives its identifier.
///
/// # Errors
/// The engine's.
pub async fn queue(tx: &mut Tx, app: &App, mail: Mail) -> DbResult<Uuid> {
    let content = Content {
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
    };
    let content = serde_json::to_vec(&content).map_err(|e| sqlx::Error::Encode(e.into()))?;
    let draft = Draft {
        channel: Channel::Mail,
        kind: mail.kind,
        about: mail.about,
        recipient: &mail.to,
        content: &content,
    };
    letters::queue(tx, app, draft).await
}

/// Whether an address can be written to.
pub fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

/// Whether a text names a sender: an address, with a name or not.
pub(crate) fn is_sender(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// Who mails come from, and who reads their answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// An address, with a name or not.
    pub from: String,
    /// The address of who reads the answers, when that is not the sender.
    pub reply_to: Option<String>,
}

impl From<&MailSettings> for Sender {
    fn from(settings: &MailSettings) -> Self {
        Self {
            from: settings.sender.clone(),
            reply_to: settings.reply_to.clone(),
        }
    }
}

/// The sink that the operator set: the server, else the folder.
pub(crate) fn sink(settings: &MailSettings) -> Option<Arc<dyn Sink>> {
    let sender = Sender::from(settings);
    match (&settings.smtp, &settings.folder) {
        (Some(server), _) => Some(Arc::new(Smtp::new(server.clone(), sender))),
        (None, Some(folder)) => Some(Arc::new(Folder {
            folder: folder.clone(),
            sender,
        })),
        (None, None) => None,
    }
}

/// A folder with one `.eml` file for each mail.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder, made when absent.
    pub folder: PathBuf,
    /// Who the mails come from.
    pub sender: Sender,
}

impl Sink for Folder {
    fn is_idempotent(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        Box::pin(async move {
            match message(letter, &self.sender) {
                Ok(message) => sms::put(&self.folder, &format!("{}.eml", letter.id), &message.formatted()),
                Err(why) => Sending::Refused(why),
            }
        })
    }
}

/// The message of a letter, the same at each attempt but for the boundary of its parts; or why it cannot be made.
fn message(letter: &Letter, sender: &Sender) -> Result<lettre::Message, String> {
    let content: Content =
        serde_json::from_slice(&letter.content).map_err(|_| "le contenu ne se lit pas".to_owned())?;
    let from: Mailbox = sender
        .from
        .parse()
        .map_err(|_| "l’expéditeur ne se lit pas".to_owned())?;
    let to: lettre::Address = letter
        .recipient
        .parse()
        .map_err(|_| "l’adresse ne se lit pas".to_owned())?;
    let domain = from.email.domain().to_owned();
    let micros = u64::try_from(letter.queued_at.micros()).unwrap_or(0);
    let mut builder = lettre::Message::builder();
    if let Some(address) = sender.reply_to.as_deref().and_then(|text| text.parse().ok()) {
        builder = builder.reply_to(Mailbox::new(None, address));
    }
    builder
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(content.subject)
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{}@{domain}>", letter.id)))
        // So that no out-of-office answer comes back (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(content.text, content.html))
        .map_err(|_| "le message ne se compose pas".to_owned())
}
