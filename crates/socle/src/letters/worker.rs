//! The workers that send letters.

use super::{Channel, Letter, Sending, Sink, State, USAGE, store};
use crate::{
    App,
    db::{DbResult, Tx},
    mail, queue,
    secrets::SecretError,
    sms,
};
use futures_util::future::join_all;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// How long a worker keeps a letter: longer than any sink takes.
const LEASE_SECONDS: i64 = 180;
/// How long what became of letters is kept in mind while it cannot be written: with what a sink takes, less than the lease.
const PATIENCE: Duration = Duration::from_secs(50);
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

/// Sends letters until the bell asks to stop; a channel without sink keeps them.
pub async fn work(app: App, sinks: Sinks) {
    let each = [(Channel::Mail, sinks.mail), (Channel::Sms, sinks.sms)].map(|(channel, sink)| {
        let app = app.clone();
        async move {
            let Some(sink) = sink else {
                tracing::warn!(channel = channel.code(), "no sink is set: letters of this channel wait");
                return app.bell.stopped().await;
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
    queue::patiently(PATIENCE, || async {
        let mut tx = app.db.write().await?;
        for (taken, sending) in taken.iter().zip(&sent) {
            settle(&mut tx, app, (taken.id, taken.attempts), sending).await?;
        }
        tx.commit().await
    })
    .await?;
    for (taken, sending) in taken.iter().zip(&sent) {
        tell(app, channel, taken, sending);
    }
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

/// Keeps what became of a letter; twice changes nothing more.
async fn settle(tx: &mut Tx, app: &App, (id, attempts): (Uuid, i64), sending: &Sending) -> DbResult<()> {
    let now = app.clock.now();
    match sending {
        Sending::Sent => store::end(tx, (id, attempts), State::Sent, now, None).await?,
        Sending::Refused(why) => store::end(tx, (id, attempts), State::Refused, now, Some(why)).await?,
        Sending::Unknown(why) | Sending::Stuck(why) => {
            store::put_back(tx, (id, attempts), State::ToReview, now, why).await?
        }
        Sending::Later(why) => {
            let state = if is_last(app, attempts) {
                State::ToReview
            } else {
                State::Waiting
            };
            let due = now.plus_seconds(queue::delay_seconds(attempts, id));
            store::put_back(tx, (id, attempts), state, due, why).await?
        }
    };
    Ok(())
}

fn is_last(app: &App, attempts: i64) -> bool {
    attempts >= i64::from(app.settings.outbox_attempts)
}

/// Counts what became of a letter, and says that one waits for a person.
fn tell(app: &App, channel: Channel, taken: &store::Taken, sending: &Sending) {
    let (outcome, waits) = match sending {
        Sending::Sent => ("sent", false),
        Sending::Later(_) => ("later", is_last(app, taken.attempts)),
        Sending::Refused(_) => ("refused", false),
        Sending::Stuck(_) => ("stuck", true),
        Sending::Unknown(_) => ("unknown", true),
    };
    metrics::counter!("maillage_letters_total", "channel" => channel.code(), "outcome" => outcome).increment(1);
    if waits {
        tracing::error!(letter = %taken.id, channel = channel.code(), "a letter waits for a person");
        metrics::counter!("maillage_dead_letters_total", "queue" => channel.code()).increment(1);
    }
}
