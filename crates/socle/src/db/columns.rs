//! How our own types are stored by each engine.

use crate::clock::{Day, Instant};
use sqlx::{
    Decode, Encode, Postgres, Sqlite, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef},
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};

/// PostgreSQL counts from 2000-01-01.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;
/// The first instant that PostgreSQL holds: 24 November 4714 before our era. Nothing is older, so that an earlier bound says the same.
const POSTGRES_FIRST_MICROS: i64 = -210_866_803_200_000_000;
const POSTGRES_EPOCH_DAY: Day = jiff::civil::date(2000, 1, 1);

/// A civil day in a row: DATE for PostgreSQL, `AAAA-MM-JJ` for SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayColumn(pub Day);

impl From<Day> for DayColumn {
    fn from(day: Day) -> Self {
        Self(day)
    }
}

impl Type<Sqlite> for Instant {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Instant {
    fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.to_string(), buf)
    }
}

impl<'r> Decode<'r, Sqlite> for Instant {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(<String as Decode<Sqlite>>::decode(value)?.parse()?)
    }
}

impl Type<Postgres> for Instant {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamptz")
    }
}

impl Encode<'_, Postgres> for Instant {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let micros = self.micros().max(POSTGRES_FIRST_MICROS);
        Encode::<Postgres>::encode(micros.saturating_sub(POSTGRES_EPOCH_MICROS), buf)
    }
}

impl<'r> Decode<'r, Postgres> for Instant {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary_only(&value)?;
        let micros = <i64 as Decode<Postgres>>::decode(value)?;
        Ok(Instant::from_micros(micros.saturating_add(POSTGRES_EPOCH_MICROS)))
    }
}

impl Type<Sqlite> for DayColumn {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for DayColumn {
    fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.to_string(), buf)
    }
}

impl<'r> Decode<'r, Sqlite> for DayColumn {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<String as Decode<Sqlite>>::decode(value)?.parse()?))
    }
}

impl Type<Postgres> for DayColumn {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("date")
    }
}

impl Encode<'_, Postgres> for DayColumn {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = POSTGRES_EPOCH_DAY.until(self.0)?.get_days();
        Encode::<Postgres>::encode(days, buf)
    }
}

impl<'r> Decode<'r, Postgres> for DayColumn {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary_only(&value)?;
        let days = <i32 as Decode<Postgres>>::decode(value)?;
        Ok(Self(POSTGRES_EPOCH_DAY.checked_add(jiff::Span::new().try_days(days)?)?))
    }
}

fn binary_only(value: &PgValueRef<'_>) -> Result<(), BoxDynError> {
    match value.format() {
        PgValueFormat::Binary => Ok(()),
        PgValueFormat::Text => Err("a prepared statement answers in binary".into()),
    }
}
