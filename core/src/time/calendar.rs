//! Holidays and business days: rules for days of the year, worked out once into tables.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::date::{Date, Weekday, days_in_month};
use super::error::{TimeError, quoted};

/// A named list of holidays for a range of years.
///
/// The tables are made when the calendar is built, so that a question is one look at a bit. Outside its years
/// a calendar answers [`NoData`], never "no holiday".
#[derive(Clone, Debug)]
pub struct Calendar {
    name: String,
    covers: RangeInclusive<i32>,
    rules: Vec<HolidayRule>,
    first: Date,
    last: Date,
    /// One bit per day from `first`: a holiday itself, or the day on which one is observed.
    kept: Vec<u64>,
    /// One bit per day from `first`: the day on which a holiday is observed.
    observed: Vec<u64>,
    /// Which rule made which day, by day.
    named: Vec<(Date, usize)>,
}

/// One holiday of a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HolidayRule {
    /// Its name, as explanations show it.
    pub name: String,
    /// The day itself.
    pub on: Holiday,
    /// The day off for it, where that is another one.
    pub observed: Observed,
    /// The first year in which it is a holiday. The year is that of the day itself.
    pub since: Option<i32>,
    /// The last year in which it is a holiday.
    pub until: Option<i32>,
}

/// Which day of a year a holiday is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holiday {
    /// The same date every year. The 29th of February: leap years only.
    Fixed {
        /// 1–12.
        month: u8,
        /// 1–31.
        day: u8,
    },
    /// The first to fifth such weekday of a month; none where there is no fifth.
    NthWeekday {
        /// 1–5.
        nth: u8,
        /// Which weekday.
        weekday: Weekday,
        /// 1–12.
        month: u8,
    },
    /// The last such weekday of a month.
    LastWeekday {
        /// Which weekday.
        weekday: Weekday,
        /// 1–12.
        month: u8,
    },
    /// The latest such weekday before a date, that date not included.
    WeekdayBefore {
        /// Which weekday.
        weekday: Weekday,
        /// 1–12.
        month: u8,
        /// 1–31.
        day: u8,
    },
    /// The earliest such weekday after a date, that date not included.
    WeekdayAfter {
        /// Which weekday.
        weekday: Weekday,
        /// 1–12.
        month: u8,
        /// 1–31.
        day: u8,
    },
    /// So many days after Western Easter Sunday, or before it if negative; at most a year.
    Easter {
        /// −2 for Good Friday, 1 for Easter Monday.
        offset: i32,
    },
    /// One day, once.
    Once(Date),
}

/// Where the day off goes when a holiday falls on a weekend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Observed {
    /// It stays where it is.
    OnTheDay,
    /// From Saturday to the Friday before, from Sunday to the Monday after.
    NearestWeekday,
    /// From Sunday to the Monday after; Saturday stays.
    NextMonday,
    /// To the next weekday that is no holiday and has not been taken by an earlier one.
    FollowingWeekday,
}

/// The calendar has no data for that year.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("calendar has no data for {year}")]
pub struct NoData {
    /// The year that was asked about.
    pub year: i32,
}

impl Calendar {
    /// The most holidays that are admitted.
    pub const MOST_HOLIDAYS: usize = 512;
    /// The most years that are admitted.
    pub const MOST_YEARS: i32 = 400;

    /// No calendar: what is read of damaged bytes has one until it is thrown away.
    pub(crate) fn blank() -> Calendar {
        let (first, last) = (Date(0), Date(0));
        let (kept, observed, named) = (Vec::new(), Vec::new(), Vec::new());
        Calendar { name: String::new(), covers: 0..=0, rules: Vec::new(), first, last, kept, observed, named }
    }

    /// A calendar of these holidays for these years.
    ///
    /// # Errors
    /// Years that run backwards, leave 0001 to 9999 or are more than [`Calendar::MOST_YEARS`]; more than
    /// [`Calendar::MOST_HOLIDAYS`] holidays; a holiday on a day that exists in no year.
    pub fn new(
        name: impl Into<String>,
        covers: RangeInclusive<i32>,
        rules: Vec<HolidayRule>,
    ) -> Result<Calendar, TimeError> {
        let (from, to) = (*covers.start(), *covers.end());
        let bad_years = || TimeError::BadYears(from, to);
        if from < 1 || to > 9999 || from > to || to - from >= Self::MOST_YEARS {
            return Err(bad_years());
        }
        if rules.len() > Self::MOST_HOLIDAYS {
            return Err(TimeError::TooManyHolidays(rules.len(), Self::MOST_HOLIDAYS));
        }
        if let Some(rule) = rules.iter().find(|rule| !rule.on.exists()) {
            return Err(TimeError::NoSuchHoliday(quoted(&rule.name)));
        }
        let first = Date::from_ymd(from, 1, 1).ok_or_else(bad_years)?;
        let last = Date::from_ymd(to, 12, 31).ok_or_else(bad_years)?;

        // A holiday may be observed in the year before or after its own, so both neighbours are worked out.
        let mut days: Vec<(Date, usize)> = Vec::new();
        for year in from - 1..=to + 1 {
            let before = days.len();
            for (position, rule) in rules.iter().enumerate() {
                let in_force = rule.since.is_none_or(|y| y <= year) && rule.until.is_none_or(|y| year <= y);
                if in_force && let Some(day) = rule.on.in_year(year) {
                    days.push((day, position));
                }
            }
            days.get_mut(before..).unwrap_or_default().sort_unstable();
        }
        sort_seldom(&mut days);
        let mut taken: BTreeSet<Date> = days.iter().map(|(day, _)| *day).collect();
        let words = usize::try_from((last.0 - first.0) / 64 + 1).unwrap_or(0);
        let mut calendar = Calendar {
            name: name.into(),
            covers,
            first,
            last,
            kept: vec![0; words],
            observed: vec![0; words],
            named: Vec::new(),
            rules: Vec::new(),
        };
        for (day, position) in days {
            let Some(rule) = rules.get(position) else { continue };
            let off = rule.observed.day(day, &taken);
            taken.insert(off);
            calendar.mark(day, off, position);
        }
        sort_seldom(&mut calendar.named);
        calendar.named.dedup();
        calendar.rules = rules;
        Ok(calendar)
    }

    fn mark(&mut self, day: Date, off: Date, position: usize) {
        set(&mut self.kept, self.first, day);
        set(&mut self.kept, self.first, off);
        set(&mut self.observed, self.first, off);
        self.named.push((day.min(off), position));
        if day != off {
            self.named.push((day.max(off), position));
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The years it knows.
    pub fn covers(&self) -> RangeInclusive<i32> {
        self.covers.clone()
    }

    /// Its holidays, as given.
    pub fn rules(&self) -> &[HolidayRule] {
        &self.rules
    }

    /// Whether the day is a holiday or the day on which one is observed.
    ///
    /// # Errors
    /// [`NoData`] outside the years of the calendar.
    #[inline]
    pub fn is_holiday(&self, day: Date) -> Result<bool, NoData> {
        self.look(&self.kept, day)
    }

    /// Whether the day is Monday to Friday and no holiday is observed on it.
    ///
    /// # Errors
    /// [`NoData`] outside the years of the calendar.
    pub fn is_business_day(&self, day: Date) -> Result<bool, NoData> {
        Ok(!self.look(&self.observed, day)? && !day.weekday().is_weekend())
    }

    /// The `n`-th business day after a receipt. The day of receipt is day 0, whether a business day or not.
    ///
    /// # Errors
    /// [`NoData`] if that leads outside the years of the calendar.
    pub fn add_business_days(&self, receipt: Date, n: u32) -> Result<Date, NoData> {
        let mut day = receipt;
        let mut left = n;
        // Ends at the latest with the calendar's years.
        while left > 0 {
            day = day.next();
            left -= u32::from(self.is_business_day(day)?);
        }
        Ok(day)
    }

    /// The holidays that make the day one, by their rules' order; none outside the calendar's years.
    pub fn holidays_on(&self, day: Date) -> impl Iterator<Item = &HolidayRule> {
        let from = self.named.partition_point(|(named, _)| *named < day);
        let known = self.is_holiday(day) == Ok(true);
        self.named
            .iter()
            .skip(from)
            .take_while(move |(named, _)| known && *named == day)
            .filter_map(|(_, position)| self.rules.get(*position))
    }

    #[inline]
    fn look(&self, table: &[u64], day: Date) -> Result<bool, NoData> {
        if day < self.first || day > self.last {
            return Err(NoData { year: day.year() });
        }
        let at = place(self.first, day);
        Ok(table.get(at.0).is_some_and(|word| word & at.1 != 0))
    }
}

/// The word and the bit of a day that is not before `first`.
fn place(first: Date, day: Date) -> (usize, u64) {
    let at = i64::from(day.0) - i64::from(first.0);
    (usize::try_from(at / 64).unwrap_or(usize::MAX), 1 << at.rem_euclid(64))
}

fn set(table: &mut [u64], first: Date, day: Date) {
    let (word, bit) = place(first, day);
    if day >= first
        && let Some(word) = table.get_mut(word)
    {
        *word |= bit;
    }
}

impl Holiday {
    /// Whether it exists in some year.
    fn exists(self) -> bool {
        let date = |month, day: u8| (1..=days_in_month(2000, month)).contains(&day);
        match self {
            Holiday::Fixed { month, day }
            | Holiday::WeekdayBefore { month, day, .. }
            | Holiday::WeekdayAfter { month, day, .. } => date(month, day),
            Holiday::NthWeekday { nth, month, .. } => (1..=5).contains(&nth) && date(month, 1),
            Holiday::LastWeekday { month, .. } => date(month, 1),
            Holiday::Easter { offset } => (-366..=366).contains(&offset),
            Holiday::Once(_) => true,
        }
    }

    /// The day in that year, if it has one. `year` is 0 to 10 000.
    fn in_year(self, year: i32) -> Option<Date> {
        match self {
            Holiday::Fixed { month, day } => Date::from_ymd(year, month, day),
            Holiday::NthWeekday { nth, weekday, month } => {
                let start = Date::from_ymd(year, month, 1)?;
                let day = after(start.add_days(-1), weekday).add_days(7 * (i64::from(nth) - 1));
                (day.ymd().1 == month).then_some(day)
            }
            Holiday::LastWeekday { weekday, month } => {
                let end = Date::from_ymd(year, month, days_in_month(year, month))?;
                Some(end.week_start(weekday))
            }
            Holiday::WeekdayBefore { weekday, month, day } => {
                Some(Date::from_ymd(year, month, day)?.add_days(-1).week_start(weekday))
            }
            Holiday::WeekdayAfter { weekday, month, day } => {
                Some(after(Date::from_ymd(year, month, day)?, weekday))
            }
            Holiday::Easter { offset } => Some(easter(year)?.add_days(i64::from(offset))),
            Holiday::Once(day) => (day.year() == year).then_some(day),
        }
    }
}

/// Sorts days that nearly always stand in order: a year's are in order of their own, and two centuries of them are many to whoever waits
/// for packs to be loaded.
fn sort_seldom(days: &mut [(Date, usize)]) {
    if !days.is_sorted() {
        days.sort_unstable();
    }
}

/// The earliest such weekday after `day`: the one on which a week can begin that `day + 7` is in.
fn after(day: Date, weekday: Weekday) -> Date {
    day.add_days(7).week_start(weekday)
}

/// Western Easter Sunday, by the anonymous Gregorian computus. `year` is not negative.
fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::from_ymd(year, u8::try_from(n / 31).ok()?, u8::try_from(n % 31 + 1).ok()?)
}

impl Observed {
    fn day(self, day: Date, taken: &BTreeSet<Date>) -> Date {
        match (self, day.weekday()) {
            (Observed::NearestWeekday, Weekday::Sat) => day.add_days(-1),
            (Observed::NearestWeekday | Observed::NextMonday, Weekday::Sun) => day.next(),
            (Observed::FollowingWeekday, Weekday::Sat | Weekday::Sun) => {
                let mut off = day.next();
                while off.weekday().is_weekend() || taken.contains(&off) {
                    off = off.next();
                }
                off
            }
            _ => day,
        }
    }
}
