//! When a job comes back.

use crate::clock::Instant;
use jiff::{civil::time, tz::TimeZone};

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// This many seconds after the end of the last run.
    Every(u32),
    /// Once a day, at this hour of an IANA zone.
    Daily {
        /// From 0 to 23.
        hour: i8,
        /// From 0 to 59.
        minute: i8,
        /// Such as `Europe/Paris`; UTC when unknown.
        zone: &'static str,
    },
}

/// How late a job may be before somebody is told, beyond its period.
const MARGIN_SECONDS: i64 = 60;
/// How late a daily job may be: a whole period would hide a day without it.
const DAILY_GRACE_SECONDS: i64 = 3600;
/// The first and longest delays before a failed job is tried again.
const RETRY_SECONDS: (i64, i64) = (30, 3600);

impl Schedule {
    /// The next time after this one.
    pub fn next(self, after: Instant) -> Instant {
        match self {
            Self::Every(seconds) => after.plus_seconds(seconds.into()),
            Self::Daily { hour, minute, zone } => {
                let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
                let today = after.timestamp().to_zoned(zone.clone()).date();
                let at = time(hour.clamp(0, 23), minute.clamp(0, 59), 0, 0);
                // An hour that a change of clocks skips or repeats gives one instant all the same.
                let on = |day: jiff::civil::Date| day.at(at.hour(), at.minute(), 0, 0).to_zoned(zone.clone()).ok();
                let days = [Some(today), today.tomorrow().ok()];
                let next = days.into_iter().flatten().filter_map(on);
                next.map(|at| Instant::from(at.timestamp()))
                    .find(|at| *at > after)
                    .unwrap_or_else(|| after.plus_seconds(86_400))
            }
        }
    }

    /// When a job that failed this many times in a row is tried again: later each time; a daily job never waits for more than its own hour.
    pub fn after_failures(self, now: Instant, failures: i64) -> Instant {
        let (first, longest) = RETRY_SECONDS;
        let doubled = 2_i64.saturating_pow(u32::try_from(failures.max(1) - 1).unwrap_or(u32::MAX));
        let retry = now.plus_seconds(first.saturating_mul(doubled).min(longest));
        match self {
            Self::Every(_) => self.next(now).max(retry),
            Self::Daily { .. } => self.next(now).min(retry),
        }
    }

    /// Seconds beyond its hour after which a job is late.
    pub fn grace_seconds(self) -> i64 {
        match self {
            Self::Every(seconds) => i64::from(seconds) + MARGIN_SECONDS,
            Self::Daily { .. } => DAILY_GRACE_SECONDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: Schedule = Schedule::Daily {
        hour: 2,
        minute: 30,
        zone: "Europe/Paris",
    };

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn un_travail_quotidien_revient_a_son_heure_locale_meme_quand_elle_change() {
        let cases = [
            ("2026-03-03T09:00:00Z", "2026-03-04T01:30:00.000000Z"),
            ("2026-03-04T01:29:59Z", "2026-03-04T01:30:00.000000Z"),
            ("2026-03-04T01:30:00Z", "2026-03-05T01:30:00.000000Z"),
            // 02:30 does not exist on that day: the hour after.
            ("2026-03-28T12:00:00Z", "2026-03-29T01:30:00.000000Z"),
            ("2026-03-29T12:00:00Z", "2026-03-30T00:30:00.000000Z"),
            // 02:30 comes twice on that day: the first.
            ("2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000000Z"),
            ("2026-10-25T00:30:00Z", "2026-10-26T01:30:00.000000Z"),
        ];
        for (after, next) in cases {
            assert_eq!(NIGHT.next(at(after)).to_string(), next, "after {after}");
        }
    }

    #[test]
    fn un_echec_revient_de_plus_en_plus_tard_sans_sauter_un_jour() {
        let now = at("2026-03-03T09:00:00Z");
        let waits =
            |schedule: Schedule, failures| (schedule.after_failures(now, failures).micros() - now.micros()) / 1_000_000;
        assert_eq!(
            [1, 2, 3, 20].map(|n| waits(Schedule::Every(60), n)),
            [60, 60, 120, 3600]
        );
        assert_eq!([1, 2, 20].map(|n| waits(NIGHT, n)), [30, 60, 3600]);
        let soon = at("2026-03-04T01:29:55Z");
        assert_eq!(NIGHT.after_failures(soon, 20), at("2026-03-04T01:30:00Z"));
    }
}
