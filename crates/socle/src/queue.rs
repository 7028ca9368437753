//! What the queues share: the bell that wakes their workers, the growing delay between two attempts, and the loop that empties a queue.

use crate::db::DbResult;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::sync::watch;
use uuid::Uuid;

/// How long a worker waits before it looks for what another node queued.
const POLL: Duration = Duration::from_secs(1);
/// How long a worker waits for a database that went away.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest delay between two attempts.
const MAX_DELAY_SECONDS: i64 = 6 * 3600;

/// Seconds before the next attempt: they triple each time up to six hours, more or less a quarter that the identifier decides, so that what
/// failed together does not come back together. Twelve attempts take twenty hours: a night without the other side loses nothing.
pub fn delay_seconds(attempts: i64, id: Uuid) -> i64 {
    let tripled = 3_i64.saturating_pow(u32::try_from(attempts).unwrap_or(u32::MAX));
    let delay = tripled.clamp(3, MAX_DELAY_SECONDS);
    let spread = delay / 2;
    let share = i64::from(id.as_bytes()[15]) * 256 + i64::from(id.as_bytes()[14]);
    delay - spread / 2 + spread * share / 65_535
}

/// Rings in this process when something may have been queued, and when the process is asked to stop.
#[derive(Debug, Clone)]
pub struct Bell(Arc<watch::Sender<bool>>);

impl Default for Bell {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }
}

impl Bell {
    /// Wakes every worker; one that is busy looks again before it waits.
    pub fn ring(&self) {
        self.0.send_modify(|_| {});
    }

    /// Asks every worker to end once it has finished what it is doing.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether workers are asked to end.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until workers are asked to end.
    pub async fn stopped(&self) {
        // The sender lives in this value: the wait cannot fail.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Waits this long, or until workers are asked to end.
    pub async fn pause(&self, at_most: Duration) {
        // The end of the pause and the end of work both mean looking again.
        let _ = tokio::time::timeout(at_most, self.stopped()).await;
    }

    /// What a worker listens with.
    pub fn listen(&self) -> Ear {
        Ear(self.0.subscribe())
    }
}

/// Hears a [`Bell`].
#[derive(Debug)]
pub struct Ear(watch::Receiver<bool>);

impl Ear {
    /// Waits for the next ring, at most this long; a ring since the last wait ends it at once.
    pub async fn wait(&mut self, at_most: Duration) {
        // A silent bell is one that is late: both mean looking again.
        let _ = tokio::time::timeout(at_most, self.0.changed()).await;
    }
}

/// Does again, about every second, what fails because the database is busy or away: what is known of an outside world must be kept. Gives
/// up once `patience` is over, which stays within the lease of what is kept.
///
/// # Errors
/// The last failure.
pub(crate) async fn patiently<T, F>(patience: Duration, mut keep: impl FnMut() -> F + Send) -> DbResult<T>
where
    F: Future<Output = DbResult<T>> + Send,
{
    let until = tokio::time::Instant::now() + patience;
    loop {
        match keep().await {
            Err(error) if tokio::time::Instant::now() < until => {
                tracing::warn!(%error, "what was done cannot be written yet; trying again");
                tokio::time::sleep(POLL).await;
            }
            kept => return kept,
        }
    }
}

/// Takes step after step until the bell asks to stop; waits when there was nothing to do, and longer while the database is away.
pub(crate) async fn drain<F>(name: &'static str, bell: &Bell, mut step: impl FnMut() -> F + Send)
where
    F: Future<Output = DbResult<bool>> + Send,
{
    let mut ear = bell.listen();
    while !bell.is_stopped() {
        match step().await {
            Ok(true) => {}
            Ok(false) => ear.wait(POLL).await,
            Err(error) => {
                tracing::warn!(queue = name, %error, "a queue cannot be read; waiting");
                bell.pause(PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn le_delai_grandit_jusqu_a_six_heures_a_un_quart_pres(attempts in 1_i64..100, id in any::<u128>()) {
            let delay = delay_seconds(attempts, Uuid::from_u128(id));
            let middle = if attempts >= 10 { 21_600 } else { 3_i64.pow(u32::try_from(attempts).unwrap()) };
            prop_assert!((delay - middle).abs() <= middle / 4 + 1, "{delay} for {middle}");
        }
    }

    #[test]
    fn douze_essais_prennent_une_nuit_et_une_journee() {
        let hours = |id| (1..12).map(|n| delay_seconds(n, Uuid::from_u128(id))).sum::<i64>() / 3600;
        assert_eq!((hours(0), hours(u128::MAX)), (15, 25));
    }

    #[test]
    fn deux_echecs_du_meme_moment_ne_reviennent_pas_ensemble() {
        assert_ne!(
            delay_seconds(10, Uuid::from_u128(0)),
            delay_seconds(10, Uuid::from_u128(0xffff))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn une_file_finit_son_pas_avant_de_s_arreter() {
        let (bell, done) = (Bell::default(), std::sync::atomic::AtomicU32::new(0));
        let (told, seen) = (&bell, &done);
        drain("essai", &bell, || async move {
            told.stop();
            tokio::time::sleep(Duration::from_secs(3)).await;
            seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(true)
        })
        .await;
        assert_eq!(done.into_inner(), 1, "the step under way ends, and no other begins");
    }

    #[tokio::test(start_paused = true)]
    async fn ce_qui_est_su_se_reecrit_jusqu_a_la_fin_du_bail() {
        for (failures, patience, kept) in [(0, 0, true), (3, 50, true), (3, 1, false)] {
            let left = std::sync::atomic::AtomicU32::new(failures);
            let left = &left;
            let written = patiently(Duration::from_secs(patience), || async move {
                match left.load(std::sync::atomic::Ordering::Relaxed) {
                    0 => Ok(()),
                    n => {
                        left.store(n - 1, std::sync::atomic::Ordering::Relaxed);
                        Err(sqlx::Error::PoolTimedOut)
                    }
                }
            })
            .await;
            assert_eq!(written.is_ok(), kept, "{failures} failures, {patience} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn une_cloche_sonnee_avant_l_attente_s_entend_encore() {
        let bell = Bell::default();
        let mut ear = bell.listen();
        bell.ring();
        let begun = tokio::time::Instant::now();
        ear.wait(Duration::from_secs(60)).await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        ear.wait(Duration::from_secs(60)).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(60));
    }
}
