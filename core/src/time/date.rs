//! Calendar days: the proleptic Gregorian calendar as one number per day, with the two month arithmetics.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use super::error::{TimeError, quoted};
use super::scan::Scan;

/// A calendar day, counted from 1970-01-01 in the proleptic Gregorian calendar.
///
/// Every `i32` is a day (years −5 877 641 to 5 881 580), so arithmetic saturates and never fails; texts are
/// limited to the years 0001 to 9999.
///
/// ```
/// use byleave::native::Date;
/// let day = Date::from_ymd(2026, 7, 1).unwrap();
/// assert_eq!(day.to_string(), "2026-07-01");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(pub i32);

/// A day of the week. The order is Monday first, which says nothing about where a week starts.
///
/// ```
/// use byleave::native::{Date, Weekday};
/// assert_eq!(Date::EPOCH.weekday(), Weekday::Thu);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A day of which perhaps only the month or the year is known: any day of `lo..=hi`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PartialDate {
    /// The earliest day it can be.
    pub lo: Date,
    /// The latest day it can be.
    pub hi: Date,
}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Date = Date(0);

    /// The day with this year, month (1–12) and day of the month, if it exists.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert!(Date::from_ymd(2028, 2, 29).is_some());
    /// assert!(Date::from_ymd(2026, 2, 29).is_none());
    /// ```
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Date> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Years start in March here, so that the leap day is the last of its year.
        let (y, m) = (i64::from(year) - i64::from(month <= 2), (i64::from(month) + 9) % 12);
        let (era, year_of_era) = (y.div_euclid(400), y.rem_euclid(400));
        let day_of_year = (153 * m + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok().map(Date)
    }

    /// Year, month (1–12) and day of the month (1–31).
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::EPOCH.ymd(), (1970, 1, 1));
    /// ```
    pub fn ymd(self) -> (i32, u8, u8) {
        let z = i64::from(self.0) + 719_468;
        let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * m + 2) / 5 + 1;
        let month = if m < 10 { m + 3 } else { m - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        // All three are in range by construction, so the casts lose nothing.
        (year as i32, month as u8, day as u8)
    }

    /// The year alone.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::parse("1999-12-31").unwrap().next().year(), 2000);
    /// ```
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// Which day of the week it is.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert!(Date::parse("2026-07-04").unwrap().weekday().is_weekend());
    /// ```
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::from_index((i64::from(self.0) + 3).rem_euclid(7) as usize)
    }

    /// `n` days later (earlier if negative); at the end of the range it stays there.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::EPOCH.add_days(-1).to_string(), "1969-12-31");
    /// ```
    #[must_use]
    pub fn add_days(self, n: i64) -> Date {
        let day = i64::from(self.0).saturating_add(n).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Date(day as i32)
    }

    /// `n` days later, or nothing past the end of the range.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date(i32::MAX).checked_add_days(1), None);
    /// ```
    pub fn checked_add_days(self, n: i64) -> Option<Date> {
        i64::from(self.0).checked_add(n).and_then(|day| i32::try_from(day).ok()).map(Date)
    }

    /// The next day.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::parse("2026-02-28").unwrap().next().to_string(), "2026-03-01");
    /// ```
    #[must_use]
    pub fn next(self) -> Date {
        Date(self.0.saturating_add(1))
    }

    /// `n` months later; a day that the month lacks becomes its last: 31 January + 1 → 28 February.
    ///
    /// For what *permits*: a permission is short.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::parse("2026-01-31").unwrap().add_months_down(1).to_string(), "2026-02-28");
    /// ```
    #[must_use]
    pub fn add_months_down(self, n: i64) -> Date {
        self.add_months(n, |year, month| Date::from_ymd(year, month, days_in_month(year, month)))
    }

    /// `n` months later; a day that the month lacks becomes the next 1st: 31 January + 1 → 1 March.
    ///
    /// For what *makes wait*: a waiting time is long.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::parse("2026-01-31").unwrap().add_months_up(1).to_string(), "2026-03-01");
    /// ```
    #[must_use]
    pub fn add_months_up(self, n: i64) -> Date {
        self.add_months(n, |year, month| {
            Date::from_ymd(year, month, days_in_month(year, month)).map(Date::next)
        })
    }

    fn add_months(self, n: i64, lacking: impl Fn(i32, u8) -> Option<Date>) -> Date {
        let (year, month, day) = self.ymd();
        let months = (i64::from(year) * 12 + i64::from(month) - 1).saturating_add(n);
        let month = (months.rem_euclid(12) + 1) as u8;
        let there = i32::try_from(months.div_euclid(12))
            .ok()
            .and_then(|year| Date::from_ymd(year, month, day).or_else(|| lacking(year, month)));
        there.unwrap_or(if n < 0 { Date(i32::MIN) } else { Date(i32::MAX) })
    }

    /// The first day of its month.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert_eq!(Date::parse("2026-07-15").unwrap().month_start().to_string(), "2026-07-01");
    /// ```
    #[must_use]
    pub fn month_start(self) -> Date {
        self.add_days(1 - i64::from(self.ymd().2))
    }

    /// The first day of its week, for weeks that begin on `first`.
    ///
    /// ```
    /// use byleave::native::{Date, Weekday};
    /// let wednesday = Date::parse("2026-07-01").unwrap();
    /// assert_eq!(wednesday.week_start(Weekday::Sun).to_string(), "2026-06-28");
    /// ```
    #[must_use]
    pub fn week_start(self, first: Weekday) -> Date {
        let back = (self.weekday().index() + 7 - first.index()) % 7;
        self.add_days(-(back as i64))
    }

    /// Reads `YYYY-MM-DD`, years 0001 to 9999.
    ///
    /// ```
    /// use byleave::native::Date;
    /// assert!(Date::parse("2026-07-01").is_ok());
    /// assert_eq!(Date::parse("1 July").unwrap_err().to_string(), "`1 July` is not a date such as `2026-07-01`");
    /// ```
    pub fn parse(text: &str) -> Result<Date, TimeError> {
        let mut scan = Scan::new(text);
        let parts = scan_date(&mut scan).filter(|_| scan.is_done());
        let (year, month, day) = parts.ok_or_else(|| TimeError::NotADate(quoted(text)))?;
        date_in_range(year, month, day).ok_or_else(|| TimeError::NoSuchDate(quoted(text)))
    }
}

/// How many days the month (1–12) has in that year; 0 for a month that does not exist.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// `YYYY-MM-DD` from the front, without asking whether that day exists.
pub(crate) fn scan_date(scan: &mut Scan<'_>) -> Option<(i32, u8, u8)> {
    let year = i32::try_from(scan.number(4)?).ok()?;
    scan.one_of(b"-")?;
    let month = scan.two()?;
    scan.one_of(b"-")?;
    Some((year, month, scan.two()?))
}

/// The day, if it exists and its year may be written.
pub(crate) fn date_in_range(year: i32, month: u8, day: u8) -> Option<Date> {
    (1..=9999).contains(&year).then(|| Date::from_ymd(year, month, day)).flatten()
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`; years outside 0 to 9999 carry a sign and as many digits as they need.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        match year {
            0..=9999 => write!(f, "{year:04}-{month:02}-{day:02}"),
            _ => write!(f, "{year:+05}-{month:02}-{day:02}"),
        }
    }
}

impl FromStr for Date {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Date, TimeError> {
        Date::parse(text)
    }
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

    /// 0 for Monday to 6 for Sunday.
    ///
    /// ```
    /// use byleave::native::Weekday;
    /// assert_eq!(Weekday::Sun.index(), 6);
    /// ```
    pub fn index(self) -> usize {
        self as usize
    }

    /// The inverse of [`Weekday::index`], counted round: 7 is Monday again.
    ///
    /// ```
    /// use byleave::native::Weekday;
    /// assert_eq!(Weekday::from_index(7), Weekday::Mon);
    /// ```
    pub fn from_index(index: usize) -> Weekday {
        match index % 7 {
            0 => Weekday::Mon,
            1 => Weekday::Tue,
            2 => Weekday::Wed,
            3 => Weekday::Thu,
            4 => Weekday::Fri,
            5 => Weekday::Sat,
            _ => Weekday::Sun,
        }
    }

    /// Saturday or Sunday.
    ///
    /// ```
    /// use byleave::native::Weekday;
    /// assert!(Weekday::Sat.is_weekend() && !Weekday::Fri.is_weekend());
    /// ```
    pub fn is_weekend(self) -> bool {
        self >= Weekday::Sat
    }

    /// The English name, `Monday`.
    ///
    /// ```
    /// use byleave::native::Weekday;
    /// assert_eq!(Weekday::Wed.name(), "Wednesday");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Mon => "Monday",
            Weekday::Tue => "Tuesday",
            Weekday::Wed => "Wednesday",
            Weekday::Thu => "Thursday",
            Weekday::Fri => "Friday",
            Weekday::Sat => "Saturday",
            Weekday::Sun => "Sunday",
        }
    }

    /// Reads `monday` or `mon`, in any case.
    ///
    /// ```
    /// use byleave::native::Weekday;
    /// assert_eq!(Weekday::parse("Fri"), Some(Weekday::Fri));
    /// ```
    pub fn parse(text: &str) -> Option<Weekday> {
        Weekday::ALL.into_iter().find(|day| {
            let name = day.name();
            name.eq_ignore_ascii_case(text) || name.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(text))
        })
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PartialDate {
    /// A day that is fully known.
    pub fn exact(date: Date) -> PartialDate {
        PartialDate { lo: date, hi: date }
    }

    /// Whether the day itself is known.
    pub fn is_exact(self) -> bool {
        self.lo == self.hi
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, years 0001 to 9999.
    pub fn parse(text: &str) -> Result<PartialDate, TimeError> {
        let no_form = || TimeError::NotADate(quoted(text));
        let no_day = || TimeError::NoSuchDate(quoted(text));
        if text.len() > 7 {
            return Date::parse(text).map(PartialDate::exact);
        }
        let mut scan = Scan::new(text);
        let year = scan.number(4).and_then(|year| i32::try_from(year).ok()).ok_or_else(no_form)?;
        let (first, last) = if scan.is_done() {
            (1, 12)
        } else {
            let month = scan.one_of(b"-").and_then(|_| scan.two()).filter(|_| scan.is_done());
            let month = month.ok_or_else(no_form)?;
            (month, month)
        };
        let lo = date_in_range(year, first, 1).ok_or_else(no_day)?;
        let hi = date_in_range(year, last, days_in_month(year, last)).ok_or_else(no_day)?;
        Ok(PartialDate { lo, hi })
    }
}

impl fmt::Display for PartialDate {
    /// As it was written: `2008`, `2008-03` or `2008-03-29`; any other range as `lo/hi`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = self.lo.ymd();
        if self.is_exact() {
            self.lo.fmt(f)
        } else if Some(self.lo) == Date::from_ymd(year, 1, 1) && Some(self.hi) == Date::from_ymd(year, 12, 31)
        {
            write!(f, "{year:04}")
        } else if self.lo == self.lo.month_start() && self.hi.next() == self.lo.add_months_down(1) {
            write!(f, "{year:04}-{month:02}")
        } else {
            write!(f, "{}/{}", self.lo, self.hi)
        }
    }
}
