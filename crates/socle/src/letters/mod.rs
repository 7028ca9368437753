//! Letters: mails and SMS queued with the change that asks for them, sealed until they are sent, and sent exactly once or listed for review.

mod store;
mod worker;

pub use store::{LetterState, empty_unreviewed, exists, forget, give_up, last_about, list, purge, resend};
pub use worker::{Sinks, send_once, work};

use crate::{App, clock::Instant, db::DbResult, db::Tx, module::BoxFuture, module::StateMachine};
use uuid::Uuid;

/// What the content of a letter is sealed for.
pub(crate) const USAGE: &str = "mail";

/// What carries a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// An e-mail.
    Mail,
    /// A text message.
    Sms,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Sms];

    /// What the database keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// How far a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for its turn.
    Waiting,
    /// A worker has it.
    Sending,
    /// It left; nothing of it remains.
    Sent,
    /// Nobody knows whether it left, it was rejected, or it failed too often: a person decides.
    ToReview,
    /// It will never leave; nothing of it remains.
    Refused,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sending, Self::Sent, Self::ToReview, Self::Refused];

    /// What the database keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::ToReview => "to_review",
            Self::Refused => "refused",
        }
    }
}

/// How a letter goes from one state to the next.
pub const STATES: StateMachine = StateMachine {
    name: "letter",
    transitions: &[
        ("", "queue", "waiting"),
        ("waiting", "take", "sending"),
        ("sending", "leave", "sent"),
        ("sending", "postpone", "waiting"),
        ("sending", "refuse", "refused"),
        ("sending", "doubt", "to_review"),
        ("to_review", "resend", "waiting"),
        ("to_review", "give_up", "refused"),
        ("to_review", "forget", "refused"),
        ("waiting", "forget", "refused"),
        ("sending", "forget", "refused"),
    ],
};

/// A letter to queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub channel: Channel,
    pub kind: &'a str,
    pub about: Option<Uuid>,
    pub recipient: &'a str,
    pub content: &'a [u8],
}

/// Seals a letter and queues it in the caller's transaction; gives its identifier.
///
/// # Errors
/// The engine's.
pub(crate) async fn queue(tx: &mut Tx, app: &App, draft: Draft<'_>) -> DbResult<Uuid> {
    let at = app.clock.now();
    let id = app.ids.next(at);
    let keys = &app.settings.keys;
    let sealed = [draft.recipient.as_bytes(), draft.content].map(|clear| keys.seal(USAGE, clear));
    store::insert(tx, id, at, &draft, sealed).await?;
    Ok(id)
}

/// A letter opened to be sent.
#[derive(Clone)]
pub struct Letter {
    /// Its identifier, the same at each attempt.
    pub id: Uuid,
    /// When it was queued.
    pub queued_at: Instant,
    /// Who receives it: an address or a number.
    pub recipient: String,
    /// What it says, as its channel wrote it.
    pub content: Vec<u8>,
}

// Neither the recipient nor the words may reach a log.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.id)
    }
}

/// What became of a letter; the reasons are shown to operators, in French, without the recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// It left.
    Sent,
    /// It did not leave, and may later.
    Later(String),
    /// It did not leave, and never will: nobody can do anything about it.
    Refused(String),
    /// It did not leave, and somebody must see why.
    Stuck(String),
    /// It may have left.
    Unknown(String),
}

/// What letters are given to.
pub trait Sink: Send + Sync {
    /// Whether giving it the same letter twice delivers it once.
    fn is_idempotent(&self) -> bool;

    /// Sends a letter, within a minute.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending>;
}
