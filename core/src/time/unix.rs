//! Instants from what programs count: seconds, milliseconds or microseconds since 1970-01-01Z, and the system's time.

use super::error::TimeError;
use super::instant::Instant;
use std::time::{SystemTime, UNIX_EPOCH};

impl Instant {
    /// So many seconds since 1970-01-01T00:00:00Z; at the end of the range it stays there.
    ///
    /// ```
    /// use byleave::Instant;
    /// assert_eq!(Instant::from_unix_seconds(1_782_907_200).to_string(), "2026-07-01T12:00:00Z");
    /// ```
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Instant {
        Instant(seconds.saturating_mul(1_000_000))
    }

    /// So many milliseconds since 1970-01-01T00:00:00Z, as JavaScript and Java count; at the end of the range it stays there.
    ///
    /// ```
    /// use byleave::Instant;
    /// assert_eq!(Instant::from_unix_millis(1_782_907_200_000).to_string(), "2026-07-01T12:00:00Z");
    /// ```
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Instant {
        Instant(millis.saturating_mul(1_000))
    }

    /// So many microseconds since 1970-01-01T00:00:00Z, as the field counts and databases do.
    ///
    /// ```
    /// use byleave::Instant;
    /// assert_eq!(Instant::from_unix_micros(7), Instant(7));
    /// ```
    #[must_use]
    pub const fn from_unix_micros(micros: i64) -> Instant {
        Instant(micros)
    }
}

/// A part finer than a microsecond is floored.
///
/// ```
/// use byleave::Instant;
/// use std::time::{Duration, UNIX_EPOCH};
/// let at = UNIX_EPOCH + Duration::from_millis(1_782_907_200_250);
/// assert_eq!(Instant::try_from(at), Ok(Instant::from_unix_millis(1_782_907_200_250)));
/// assert_eq!(Instant::try_from(UNIX_EPOCH - Duration::from_nanos(1)), Ok(Instant(-1)));
/// ```
impl TryFrom<SystemTime> for Instant {
    type Error = TimeError;

    /// # Errors
    /// [`TimeError::NoSuchDate`] for a time further away than 290,000 years.
    fn try_from(at: SystemTime) -> Result<Instant, TimeError> {
        let micros = match at.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_micros()).ok(),
            Err(before) => {
                let micros = before.duration().as_nanos().div_ceil(1_000);
                i64::try_from(micros).ok().map(|it| -it)
            }
        };
        micros.map(Instant).ok_or_else(|| TimeError::NoSuchDate("a time of the system".to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_is_counted_stays_in_range() {
        assert_eq!(Instant::from_unix_seconds(i64::MAX), Instant::MAX);
        assert_eq!(Instant::from_unix_seconds(i64::MIN), Instant::MIN);
        assert_eq!(Instant::from_unix_millis(i64::MIN), Instant::MIN);
        assert_eq!(Instant::from_unix_seconds(-1), Instant(-1_000_000));
        assert_eq!(Instant::try_from(UNIX_EPOCH).unwrap(), Instant(0));
        assert_eq!(Instant::try_from(UNIX_EPOCH - Duration::from_secs(1)).unwrap(), Instant(-1_000_000));
        if let Some(far) = UNIX_EPOCH.checked_add(Duration::from_secs(1 << 62)) {
            assert!(Instant::try_from(far).is_err());
        }
    }
}
