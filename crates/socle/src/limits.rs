//! How many requests one address may make to this node: a token bucket, kept in memory because it protects the node and grants nothing.

use crate::clock::Clock;
use std::{collections::HashMap, net::IpAddr, sync::Mutex};

/// Above this many addresses the full buckets are forgotten.
const MAX_ADDRESSES: usize = 50_000;

/// A limiter by address; an IPv6 address counts by its /64.
#[derive(Debug)]
pub struct Limiter {
    per_minute: u32,
    clock: Clock,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: i64,
}

impl Limiter {
    /// A limiter of `per_minute` requests a minute, all of which may come at once; 0 means no limit.
    pub fn new(per_minute: u32, clock: Clock) -> Self {
        Self {
            per_minute,
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, or gives the seconds to wait for one.
    ///
    /// # Errors
    /// The whole seconds to wait.
    pub fn take(&self, from: IpAddr) -> Result<(), u32> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let full = f64::from(self.per_minute);
        let per_micro = full / 60_000_000.0;
        let now = self.clock.now().micros();
        let refilled = |b: &Bucket| (b.tokens + (now - b.at).max(0) as f64 * per_micro).min(full);
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() > MAX_ADDRESSES {
            buckets.retain(|_, b| refilled(b) < full);
        }
        let bucket = buckets.entry(network(from)).or_insert(Bucket { tokens: full, at: now });
        let tokens = refilled(bucket);
        if tokens < 1.0 {
            *bucket = Bucket { tokens, at: now };
            return Err(((1.0 - tokens) / per_micro / 1e6).ceil() as u32);
        }
        *bucket = Bucket {
            tokens: tokens - 1.0,
            at: now,
        };
        Ok(())
    }
}

fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;

    #[test]
    fn une_adresse_attend_quand_elle_a_tout_pris_et_une_autre_non() {
        let clock = Clock::fixed(Instant::from_micros(0));
        let limiter = Limiter::new(2, clock.clone());
        let (a, b): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert_eq!(
            [limiter.take(a), limiter.take(a), limiter.take(a)],
            [Ok(()), Ok(()), Err(30)]
        );
        assert_eq!(limiter.take(b), Ok(()));
        clock.set(Instant::from_micros(30_000_000));
        assert_eq!(limiter.take(a), Ok(()));
    }
}
