//! Identifiers: UUIDv7, made from the clock and from a source of chance that a seed can fix.

use crate::clock::Instant;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// Makes identifiers in time order. A seeded maker gives the same identifiers for the same instants and order of calls.
#[derive(Debug, Clone, Default)]
pub struct Ids(Option<Arc<AtomicU64>>);

impl Ids {
    /// Identifiers that nobody can guess.
    pub fn random() -> Self {
        Self(None)
    }

    /// Identifiers that a seed decides, for the demonstration and tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(AtomicU64::new(seed))))
    }

    /// A new identifier for something that happens at `at`.
    pub fn next(&self, at: Instant) -> Uuid {
        let millis = u64::try_from(at.micros() / 1000).unwrap_or(0);
        let random = match &self.0 {
            None => *Uuid::new_v4().as_bytes(),
            Some(state) => seeded_bytes(state),
        };
        let mut tail = [0; 10];
        tail.copy_from_slice(&random[..10]);
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

/// Sixteen bytes of SplitMix64, enough for identifiers that need no secrecy.
fn seeded_bytes(state: &AtomicU64) -> [u8; 16] {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut bytes = [0; 16];
    let start = state.fetch_add(STEP.wrapping_mul(2), Ordering::Relaxed);
    for (k, chunk) in bytes.chunks_exact_mut(8).enumerate() {
        let mut z = start.wrapping_add(STEP.wrapping_mul(k as u64 + 1));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_meme_graine_donne_les_memes_identifiants() {
        let at = Instant::from_micros(1_700_000_000_000_000);
        let (a, b) = (Ids::seeded(7), Ids::seeded(7));
        let first: Vec<_> = (0..100).map(|_| a.next(at)).collect();
        let second: Vec<_> = (0..100).map(|_| b.next(at)).collect();
        assert_eq!(first, second);
        assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 100);
        assert_eq!(first[0].get_version_num(), 7);
    }
}
