//! The workers that send letters.

use super::{Channel, Letter, Sending, Sink, State, USAGE, store};
use crate::{App, clock::Instant, db::DbResult, mail, queue, secrets::SecretError, sms};
use futures_util::future::join_all;
use std::sync::Arc;
use uuid::Uuid;

/// How long a worker keeps a letter: longer than any sink takes.
const LEASE_SECONDS: i64 = 180;
/// How many letters leave at the same time.
const TOGETHER: usize = 4;

/// Where the letters of each channel go.
#[derive(Clone, Default)]
pub struct Sinks {
    /// Mails.
    pub mail: Option<Arc<dyn Sink>>,
    /// SMS.
    pub sms: Option<Arc<dyn Sink>>,
}

impl std::fmt::Debug for Sinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sinks(mail: {}, sms: {})", self.mail.is_some(), self.sms.is_some())
    }
}

impl Sinks {
    /// Those that the operator set.
    pub fn of(app: &App) -> Self {
        Self {
            mail: mail::sink(&app.settings.mail),
            sms: sms::sink(&app.settings),
        }
    }
}

/// Sends letters until the task is dropped; a channel without sink keeps them.
pub async fn work(app: App, sinks: Sinks) {
    let each = [(Channel::Mail, sinks.mail), (Channel::Sms, sinks.sms)].map(|(channel, sink)| {
        let app = app.clone();
        async move {
            let Some(sink) = sink else {
                tracing::warn!(channel = channel.code(), "no sink is set: letters of this channel wait");
                return;
            };
            queue::drain(channel.code(), &app.bell, || send_once(&app, channel, &*sink)).await;
        }
    });
    join_all(each).await;
}

/// Sends the letters that are due, a few at once; gives whether there was one.
///
/// # Errors
/// The engine's; what a sink refuses is kept with the letter.
pub async fn send_once(app: &App, channel: Channel, sink: &dyn Sink) -> DbResult<bool> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let has_work = store::has_work(&mut tx, channel, now).await?;
    tx.rollback().await?;
    if !has_work {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    store::recover(&mut tx, channel, now, sink.is_idempotent()).await?;
    let mut taken = Vec::with_capacity(TOGETHER);
    while taken.len() < TOGETHER
        && let Some(letter) = store::take(&mut tx, channel, now, now.plus_seconds(LEASE_SECONDS)).await?
    {
        taken.push(letter);
    }
    tx.commit().await?;
    let sent = join_all(taken.iter().map(|taken| send(app, sink, taken))).await;
    let mut tx = app.db.write().await?;
    for (taken, sending) in taken.iter().zip(sent) {
        settle(&mut tx, app, channel, (taken.id, taken.attempts), sending).await?;
    }
    tx.commit().await?;
    Ok(!taken.is_empty())
}

async fn send(app: &App, sink: &dyn Sink, taken: &store::Taken) -> Sending {
    match open(app, taken) {
        Ok(letter) => sink.send(&letter).await,
        // A key may come back in the configuration: the letter waits for it before a person.
        Err(error) => Sending::Unknown(error.to_string()),
    }
}

fn open(app: &App, taken: &store::Taken) -> Result<Letter, SecretError> {
    let open = |sealed: &Option<Vec<u8>>| {
        let sealed = sealed.as_deref().ok_or(SecretError::Corrupt)?;
        app.settings.keys.open(USAGE, sealed)
    };
    Ok(Letter {
        id: taken.id,
        queued_at: taken.queued_at,
        recipient: String::from_utf8(open(&taken.recipient)?).map_err(|_| SecretError::Corrupt)?,
        content: open(&taken.content)?,
    })
}

async fn settle(
    tx: &mut crate::db::Tx,
    app: &App,
    channel: Channel,
    (id, attempts): (Uuid, i64),
    sending: Sending,
) -> DbResult<()> {
    let now = app.clock.now();
    let review = |state: State| {
        if state == State::ToReview {
            tracing::error!(letter = %id, channel = channel.code(), "a letter waits for a person");
            metrics::counter!("maillage_dead_letters_total", "queue" => channel.code()).increment(1);
        }
        state
    };
    metrics::counter!("maillage_letters_total", "channel" => channel.code(), "outcome" => outcome(&sending))
        .increment(1);
    match sending {
        Sending::Sent => store::end(tx, (id, attempts), State::Sent, now, None).await?,
        Sending::Refused(why) => store::end(tx, (id, attempts), State::Refused, now, Some(&why)).await?,
        Sending::Unknown(why) => store::put_back(tx, (id, attempts), review(State::ToReview), now, &why).await?,
        Sending::Later(why) => {
            let (state, due) = later(app, now, attempts, id);
            store::put_back(tx, (id, attempts), review(state), due, &why).await?
        }
    };
    Ok(())
}

fn later(app: &App, now: Instant, attempts: i64, id: Uuid) -> (State, Instant) {
    let is_last = attempts >= i64::from(app.settings.outbox_attempts);
    let state = if is_last { State::ToReview } else { State::Waiting };
    (state, now.plus_seconds(queue::delay_seconds(attempts, id)))
}

fn outcome(sending: &Sending) -> &'static str {
    match sending {
        Sending::Sent => "sent",
        Sending::Later(_) => "later",
        Sending::Refused(_) => "refused",
        Sending::Unknown(_) => "unknown",
    }
}
