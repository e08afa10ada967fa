//! Arrow's clocks and calendars as the engine's: whole microseconds, days, whole seconds.

use crate::trouble::Trouble;
use byleave::time::Date;
use byleave::wire::Path;

/// What a tick is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A second.
    Second,
    /// A thousandth.
    Milli,
    /// A millionth.
    Micro,
    /// A thousandth of that.
    Nano,
}

impl Unit {
    /// Ticks as microseconds, finer ones floored; nothing out of range.
    #[inline]
    pub fn micros(self, ticks: i64) -> Option<i64> {
        match self {
            Unit::Second => ticks.checked_mul(1_000_000),
            Unit::Milli => ticks.checked_mul(1_000),
            Unit::Micro => Some(ticks),
            Unit::Nano => Some(ticks.div_euclid(1_000)),
        }
    }

    fn a_second(self) -> i64 {
        match self {
            Unit::Second => 1,
            Unit::Milli => 1_000,
            Unit::Micro => 1_000_000,
            Unit::Nano => 1_000_000_000,
        }
    }
}

/// The day of an instant at midnight.
pub fn day_of_millis(millis: i64) -> Option<Date> {
    i32::try_from(millis.div_euclid(86_400_000)).ok().map(Date)
}

/// `86400 seconds`
pub fn duration(ticks: i64, unit: Unit, path: &Path<'_>) -> Result<String, Trouble> {
    let second = unit.a_second();
    if ticks < 0 || ticks % second != 0 {
        return Err(Trouble::input(path, "a length of time is whole seconds, and not negative"));
    }
    Ok(format!("{} seconds", ticks / second))
}

/// `09:00`, `09:00:15`
pub fn time_of_day(ticks: i64, unit: Unit, path: &Path<'_>) -> Result<String, Trouble> {
    let second = unit.a_second();
    if ticks < 0 || ticks % second != 0 {
        let message = "a time of day is whole seconds on the recipient's clock, without a zone";
        return Err(Trouble::input(path, message));
    }
    let seconds = ticks / second;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Ok(if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    })
}
