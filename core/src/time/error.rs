//! The one error type of this room: what was wrong with a text or a table about time.

/// Why a text or a table about time was refused. Inputs are quoted as given, cut to 60 characters.
///
/// ```
/// let error = byleave::Instant::parse("2026-02-30T00:00:00Z").unwrap_err();
/// assert_eq!(error.to_string(), "`2026-02-30T00:00:00Z` does not exist in the calendar");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not of the form `2026-07-01T20:30:00-04:00`.
    #[error("`{0}` is not a date and time such as `2026-07-01T20:30:00-04:00`")]
    NotAnInstant(String),
    /// A local time that names neither an offset nor (where that is allowed) a zone.
    #[error("`{0}` has no offset: end it with `Z` or with one such as `-04:00`")]
    NoOffset(String),
    /// Not of the form `2026-07-01`.
    #[error("`{0}` is not a date such as `2026-07-01`")]
    NotADate(String),
    /// Of the right form, but no such day or time exists (`2026-02-30`, `25:00`).
    #[error("`{0}` does not exist in the calendar")]
    NoSuchDate(String),
    /// No bundled zone has that name.
    #[error("no time zone is called `{0}`")]
    NoSuchZone(String),
    /// The clocks of the zone skipped that reading.
    #[error("`{0}` never happened: the clocks went forward past it")]
    Gap(String),
    /// The clocks of the zone showed that reading twice.
    #[error("`{0}` happened twice: add the offset that is meant")]
    Fold(String),
    /// The offset and the zone in brackets cannot both be right.
    #[error("the offset in `{0}` is not the one of its zone at that time")]
    OffsetDisagrees(String),
    /// Not of the form `08:00`, `08:00:30` or `24:00`.
    #[error("`{0}` is not a time of day such as `08:00`")]
    NotATimeOfDay(String),
    /// A window that starts where it ends.
    #[error("the window from `{0}` to `{0}` is empty: write `00:00` to `24:00` for the whole day")]
    EmptyWindow(String),
    /// A window of a table that ends before it starts.
    #[error("the window from `{0}` to `{1}` crosses midnight: write two rows")]
    CrossesMidnight(String, String),
    /// More windows on one day than are admitted.
    #[error("a day has `{0}` windows, more than the {1} that are admitted")]
    TooManyWindows(usize, usize),
    /// The years of a calendar run backwards, leave 0001 to 9999, or are too many.
    #[error("a calendar cannot cover the years `{0}` to `{1}`")]
    BadYears(i32, i32),
    /// A calendar with more holidays than are admitted.
    #[error("a calendar has `{0}` holidays, more than the {1} that are admitted")]
    TooManyHolidays(usize, usize),
    /// A holiday on a day that exists in no year.
    #[error("the holiday `{0}` is on a day that exists in no year")]
    NoSuchHoliday(String),
}

/// The input as it may stand in a message: a hostile megabyte must not become a megabyte of message.
pub(crate) fn quoted(input: &str) -> String {
    const LONGEST: usize = 60;
    if input.chars().nth(LONGEST).is_none() {
        return input.to_owned();
    }
    input.chars().take(LONGEST).chain(['…']).collect()
}
