//! Opening hours: windows of a day, a table of seven such days and holidays, and when they next change.

#[cfg(test)]
mod tests;
mod words;

use super::calendar::Calendar;
use super::date::Weekday;
use super::error::{TimeError, quoted};
use super::instant::{Instant, Micros};
use super::scan::Scan;
use super::zone::{Segment, Zone};

/// Seconds of a day from 00:00 to 24:00.
pub const DAY_SECONDS: u32 = 86_400;

/// Windows of one day: half-open rows of wall-clock seconds, sorted, neither overlapping nor touching.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Windows {
    rows: Vec<(u32, u32)>,
}

/// A table of opening hours: one row of windows a weekday, and perhaps one for holidays.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Week {
    days: [Windows; 7],
    holiday: Option<Windows>,
    constant: Option<bool>,
}

impl Windows {
    /// The most windows that one day may have.
    pub const MOST: usize = 8;

    /// Windows given as (start, end) in seconds of the day, in any order; those that overlap or touch are merged.
    ///
    /// # Errors
    /// A window that is empty, ends before it starts or reaches past 24:00; more than [`Windows::MOST`].
    pub fn new(rows: impl IntoIterator<Item = (u32, u32)>) -> Result<Windows, TimeError> {
        let mut given: Vec<(u32, u32)> = rows.into_iter().take(Windows::MOST + 1).collect();
        if given.len() > Windows::MOST {
            return Err(TimeError::TooManyWindows(given.len(), Windows::MOST));
        }
        given.sort_unstable();
        let mut rows: Vec<(u32, u32)> = Vec::with_capacity(given.len());
        for (start, end) in given {
            check(start, end)?;
            if start > end {
                return Err(TimeError::CrossesMidnight(clock(start), clock(end)));
            }
            match rows.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => rows.push((start, end)),
            }
        }
        Ok(Windows { rows })
    }

    /// The one window from `start` to `end`, which may cross midnight: 22:00 to 06:00 is the first six and the
    /// last two hours of every day.
    ///
    /// # Errors
    /// `start = end`, or either past 24:00.
    pub fn between(start: u32, end: u32) -> Result<Windows, TimeError> {
        check(start, end)?;
        if start < end {
            return Windows::new([(start, end)]);
        }
        // Midnight to midnight, written backwards.
        if (start, end) == (DAY_SECONDS, 0) {
            return Err(TimeError::EmptyWindow(clock(start)));
        }
        Windows::new([(start, DAY_SECONDS), (0, end)].into_iter().filter(|(start, end)| start < end))
    }

    /// No window.
    pub fn never() -> Windows {
        Windows { rows: Vec::new() }
    }

    /// Where both are open.
    #[must_use]
    pub fn and(&self, other: &Windows) -> Windows {
        let mut rows = Vec::new();
        for (start, end) in &self.rows {
            for (from, to) in &other.rows {
                let (start, end) = (*start.max(from), *end.min(to));
                if start < end {
                    rows.push((start, end));
                }
            }
        }
        Windows { rows }
    }

    /// The whole day.
    pub fn always() -> Windows {
        Windows { rows: vec![(0, DAY_SECONDS)] }
    }

    /// The rows: sorted, apart from each other, within 0 to 86 400.
    pub fn rows(&self) -> &[(u32, u32)] {
        &self.rows
    }

    /// The value, where it is the same all day.
    pub fn constant(&self) -> Option<bool> {
        match self.rows.as_slice() {
            [] => Some(false),
            [(0, DAY_SECONDS)] => Some(true),
            _ => None,
        }
    }

    /// Whether a second of the day is inside, and the next second at which that changes, 86 400 at the latest.
    #[inline]
    pub fn at(&self, second: u32) -> (bool, u32) {
        for (start, end) in &self.rows {
            if second < *start {
                return (false, *start);
            }
            if second < *end {
                return (true, *end);
            }
        }
        (false, DAY_SECONDS)
    }

    /// Whether the wall clock is inside at `t`, and an instant after `t` up to which that surely stays so.
    pub fn eval(&self, zone: &Zone, t: Instant) -> (bool, Instant) {
        let mut cursor = Segment::NONE;
        self.eval_from(zone, t, &mut cursor)
    }

    /// [`Windows::eval`] with the cursor of the zone.
    #[inline]
    pub fn eval_from(&self, zone: &Zone, t: Instant, cursor: &mut Segment) -> (bool, Instant) {
        if let Some(value) = self.constant() {
            return (value, Instant::MAX);
        }
        self.eval_within(&zone.segment_from(t, cursor), t)
    }

    /// Inside a segment the wall clock runs evenly, and up to its midnight the row stays the same.
    #[inline]
    fn eval_within(&self, segment: &Segment, t: Instant) -> (bool, Instant) {
        let of_day = segment.wall(t).rem_euclid(Micros::DAY.0);
        let (value, edge) = self.at((of_day / Micros::SECOND.0) as u32);
        let next = t + Micros(i64::from(edge) * Micros::SECOND.0 - of_day);
        (value, next.min(segment.end))
    }
}

impl Week {
    /// A table of rows from Monday to Sunday, and one for holidays. Without that one, holidays are days like others.
    pub fn new(days: [Windows; 7], holiday: Option<Windows>) -> Week {
        let [first, ..] = &days;
        let constant = first.constant().filter(|_| days.iter().chain(&holiday).all(|row| row == first));
        Week { days, holiday, constant }
    }

    /// Open where both are; holidays have a row of their own where both have one.
    #[must_use]
    pub fn and(&self, other: &Week) -> Week {
        let days = Weekday::ALL.map(|day| self.day(day).and(other.day(day)));
        Week::new(days, self.holiday.as_ref().zip(other.holiday.as_ref()).map(|(a, b)| a.and(b)))
    }

    /// The row of a weekday.
    pub fn day(&self, weekday: Weekday) -> &Windows {
        let [mon, tue, wed, thu, fri, sat, sun] = &self.days;
        match weekday {
            Weekday::Mon => mon,
            Weekday::Tue => tue,
            Weekday::Wed => wed,
            Weekday::Thu => thu,
            Weekday::Fri => fri,
            Weekday::Sat => sat,
            Weekday::Sun => sun,
        }
    }

    /// The row of holidays, if there is one.
    pub fn holiday(&self) -> Option<&Windows> {
        self.holiday.as_ref()
    }

    /// The value, where it is the same at any time.
    pub fn constant(&self) -> Option<bool> {
        self.constant
    }

    /// Whether the table is open at `t`, and an instant after `t` up to which the answer surely stays so.
    ///
    /// The row is that of the local date: the holiday row on a holiday and on the day on which it is observed.
    /// `None` is "unknown": there is a holiday row, and the calendar is not given or has no data for that year.
    pub fn eval(&self, zone: &Zone, t: Instant, holidays: Option<&Calendar>) -> (Option<bool>, Instant) {
        let mut cursor = Segment::NONE;
        self.eval_from(zone, t, holidays, &mut cursor)
    }

    /// [`Week::eval`] with the cursor of the zone.
    #[inline]
    pub fn eval_from(
        &self,
        zone: &Zone,
        t: Instant,
        holidays: Option<&Calendar>,
        cursor: &mut Segment,
    ) -> (Option<bool>, Instant) {
        if self.constant.is_some() {
            return (self.constant, Instant::MAX);
        }
        let segment = zone.segment_from(t, cursor);
        let date = segment.day(t);
        let row = match &self.holiday {
            None => Some(self.day(date.weekday())),
            Some(holiday) => match holidays.map(|calendar| calendar.is_holiday(date)) {
                Some(Ok(true)) => Some(holiday),
                Some(Ok(false)) => Some(self.day(date.weekday())),
                Some(Err(_)) | None => None,
            },
        };
        match row {
            Some(row) => {
                let (value, next) = row.eval_within(&segment, t);
                (Some(value), next)
            }
            // Unknown at least until the wall clock's next midnight.
            None => (None, NO_WINDOW.eval_within(&segment, t).1),
        }
    }
}

static NO_WINDOW: Windows = Windows { rows: Vec::new() };

/// Reads a time of day, `08:00`, `08:00:30` or `24:00`, as seconds of the day.
///
/// # Errors
/// Any other form, or a time past 24:00.
pub fn parse_time_of_day(text: &str) -> Result<u32, TimeError> {
    let mut scan = Scan::new(text);
    let mut read = || {
        let hour = scan.two()?;
        scan.one_of(b":")?;
        let minute = scan.two()?;
        let second = if scan.is_done() { 0 } else { scan.one_of(b":").and_then(|_| scan.two())? };
        let of_day = u32::from(hour) * 3_600 + u32::from(minute) * 60 + u32::from(second);
        (scan.is_done() && minute < 60 && second < 60 && of_day <= DAY_SECONDS).then_some(of_day)
    };
    read().ok_or_else(|| TimeError::NotATimeOfDay(quoted(text)))
}

fn check(start: u32, end: u32) -> Result<(), TimeError> {
    if let Some(past) = [start, end].into_iter().find(|second| *second > DAY_SECONDS) {
        return Err(TimeError::NotATimeOfDay(clock(past)));
    }
    if start == end { Err(TimeError::EmptyWindow(clock(start))) } else { Ok(()) }
}

/// `08:00` or `08:00:30`.
fn clock(second: u32) -> String {
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}
