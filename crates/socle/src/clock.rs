//! Time as an argument: an instant in UTC, a civil day, and the clock that gives them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A civil date.
pub type Day = Date;

/// A UTC instant, exact to the microsecond; its text always has six decimals, so that text order is time order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, brought back into the years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        // jiff reads back whole seconds only at the very ends of its range.
        Self(micros.clamp(
            Timestamp::MIN.as_second() * 1_000_000,
            Timestamp::MAX.as_second() * 1_000_000,
        ))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The same instant for jiff.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).expect("an Instant is made within jiff's range")
    }

    /// The civil day of this instant in an IANA zone; UTC when the zone is unknown.
    pub fn day_in(self, zone: &str) -> Day {
        self.civil_in(zone).date()
    }

    /// The civil date and time of this instant in an IANA zone; UTC when the zone is unknown.
    pub fn civil_in(self, zone: &str) -> jiff::civil::DateTime {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        self.timestamp().to_zoned(zone).datetime()
    }

    /// This instant moved by a number of seconds, forwards or backwards.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl FromStr for Instant {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where the current instant comes from: the system, or a hand that tests and the demonstration set.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is moved.
    pub fn fixed(at: Instant) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// The current instant.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Some(hand) => Instant(hand.load(Ordering::Relaxed)),
            None => Timestamp::now().into(),
        }
    }

    /// Moves a fixed clock; a system clock does not move.
    pub fn set(&self, at: Instant) {
        if let Some(hand) = &self.0 {
            hand.store(at.0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn l_ordre_du_texte_est_l_ordre_du_temps(a in 0..4_000_000_000_000_000_i64, b in 0..4_000_000_000_000_000_i64) {
            let (a, b) = (Instant::from_micros(a), Instant::from_micros(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(a.to_string().parse::<Instant>().unwrap(), a);
        }
    }

    #[test]
    fn un_instant_hors_des_annees_permises_est_ramene_a_leur_bord() {
        for (micros, text) in [
            (i64::MAX, "9999-12-30T22:00:00.000000Z"),
            (i64::MIN, "-009999-01-02T01:59:59.000000Z"),
        ] {
            assert_eq!(Instant::from_micros(micros).to_string(), text);
        }
    }

    #[test]
    fn un_meme_instant_n_est_pas_le_meme_jour_a_noumea_et_a_papeete() {
        let at: Instant = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-22T12:00:00.000000Z");
        assert_eq!(at.day_in("Pacific/Noumea").to_string(), "2026-11-22");
        assert_eq!(
            at.plus_seconds(3600 * 2).day_in("Pacific/Noumea").to_string(),
            "2026-11-23"
        );
        assert_eq!(
            at.plus_seconds(3600 * 2).day_in("Pacific/Tahiti").to_string(),
            "2026-11-22"
        );
    }
}
