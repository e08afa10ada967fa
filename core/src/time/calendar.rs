//! Holidays and business days: rules for days of the year, worked out once into tables.

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
            for (position, rule) in rules.iter().enumerate() {
                let in_force = rule.since.is_none_or(|y| y <= year) && rule.until.is_none_or(|y| year <= y);
                if in_force && let Some(day) = rule.on.in_year(year) {
                    days.push((day, position));
                }
            }
        }
        days.sort_unstable();
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
        calendar.named.sort_unstable();
        calendar.named.dedup();
        calendar.rules = rules;
        Ok(calendar)
    }

    fn mark(&mut self, day: Date, off: Date, position: usize) {
        set(&mut self.kept, self.first, day);
        set(&mut self.kept, self.first, off);
        set(&mut self.observed, self.first, off);
        self.named.extend([(day, position), (off, position)]);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn rule(name: &str, on: Holiday, observed: Observed, since: Option<i32>) -> HolidayRule {
        HolidayRule { name: name.into(), on, observed, since, until: None }
    }

    /// The legal public holidays of 5 U.S.C. 6103, as fixture.
    pub(crate) fn us_federal() -> Calendar {
        use Holiday::*;
        use Weekday::*;
        let fixed =
            |name, month, day, since| rule(name, Fixed { month, day }, Observed::NearestWeekday, since);
        let nth = |name, nth, weekday, month, since| {
            rule(name, NthWeekday { nth, weekday, month }, Observed::OnTheDay, since)
        };
        let rules = vec![
            fixed("New Year", 1, 1, None),
            nth("Martin Luther King", 3, Mon, 1, Some(1986)),
            nth("Washington", 3, Mon, 2, None),
            rule("Memorial", LastWeekday { weekday: Mon, month: 5 }, Observed::OnTheDay, None),
            fixed("Juneteenth", 6, 19, Some(2021)),
            fixed("Independence", 7, 4, None),
            nth("Labor", 1, Mon, 9, None),
            nth("Columbus", 2, Mon, 10, None),
            fixed("Veterans", 11, 11, None),
            nth("Thanksgiving", 4, Thu, 11, None),
            fixed("Christmas", 12, 25, None),
        ];
        Calendar::new("us.federal", 1990..=2100, rules).unwrap()
    }

    #[test]
    fn the_days_of_the_federal_calendar() {
        let calendar = us_federal();
        for (day, holiday, business) in [
            ("2026-07-02", false, true),
            ("2026-07-03", true, false), // observed
            ("2026-07-04", true, false), // the day itself, a Saturday
            ("2026-11-26", true, false),
            ("2026-11-27", false, true), // the day after Thanksgiving
            ("2027-12-31", true, false), // New Year 2028, in the year before
            ("2028-01-01", true, false),
            ("2020-06-19", false, true), // before its first year
            ("2021-06-18", true, false),
            ("2026-05-25", true, false),
            ("2100-12-31", true, false), // New Year 2101, past the years covered
        ] {
            assert_eq!(calendar.is_holiday(d(day)), Ok(holiday), "{day}");
            assert_eq!(calendar.is_business_day(d(day)), Ok(business), "{day}");
        }
        assert_eq!(calendar.is_holiday(d("2101-01-01")), Err(NoData { year: 2101 }));
        assert_eq!(calendar.is_business_day(d("1989-12-31")), Err(NoData { year: 1989 }));
        assert_eq!(calendar.is_holiday(Date(i32::MIN)).unwrap_err().year, -5_877_641);
        let names = |day| calendar.holidays_on(d(day)).map(|rule| rule.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names("2027-12-31"), ["New Year"]);
        assert_eq!(names("2026-07-02"), [""; 0]);
        assert_eq!(NoData { year: 2101 }.to_string(), "calendar has no data for 2101");
    }

    #[test]
    fn traps_h1_h3() {
        let calendar = us_federal();
        for (receipt, n, through) in [
            ("2027-12-30", 1, "2028-01-03"),
            ("2026-11-25", 10, "2026-12-10"),
            ("2026-11-28", 10, "2026-12-11"),
            ("2026-12-18", 15, "2027-01-12"),
            ("2026-07-03", 0, "2026-07-03"),
        ] {
            assert_eq!(calendar.add_business_days(d(receipt), n), Ok(d(through)), "{receipt} + {n}");
        }
        assert_eq!(calendar.add_business_days(d("2100-12-28"), 9), Err(NoData { year: 2101 }));
        assert!(calendar.add_business_days(d("1990-01-01"), u32::MAX).is_err());
        assert!(calendar.add_business_days(Date(i32::MAX), 1).is_err());
    }

    #[test]
    fn easter_sundays() {
        for (year, day) in [
            (1818, "1818-03-22"),
            (1943, "1943-04-25"),
            (2000, "2000-04-23"),
            (2024, "2024-03-31"),
            (2026, "2026-04-05"),
            (2038, "2038-04-25"),
            (2285, "2285-03-22"),
        ] {
            assert_eq!(easter(year), Some(d(day)));
        }
        assert!((0..=10_000).all(|year| easter(year).is_some_and(|day| day.weekday() == Weekday::Sun)));
    }

    #[test]
    fn kinds_of_days() {
        use Holiday::*;
        use Weekday::*;
        for (on, year, day) in [
            (WeekdayBefore { weekday: Mon, month: 5, day: 25 }, 2026, Some("2026-05-18")), // Victoria Day
            (WeekdayAfter { weekday: Sat, month: 6, day: 19 }, 2026, Some("2026-06-20")),  // Midsummer
            (WeekdayAfter { weekday: Sat, month: 6, day: 20 }, 2026, Some("2026-06-27")),
            (NthWeekday { nth: 5, weekday: Mon, month: 2 }, 2026, None),
            (NthWeekday { nth: 5, weekday: Sun, month: 2 }, 2032, Some("2032-02-29")),
            (LastWeekday { weekday: Fri, month: 2 }, 2026, Some("2026-02-27")),
            (Fixed { month: 2, day: 29 }, 2026, None),
            (Fixed { month: 2, day: 29 }, 2028, Some("2028-02-29")),
            (Easter { offset: -2 }, 2026, Some("2026-04-03")),
            (Once(d("2022-09-19")), 2022, Some("2022-09-19")),
            (Once(d("2022-09-19")), 2023, None),
        ] {
            assert_eq!(on.in_year(year), day.map(d), "{on:?} {year}");
        }
    }

    #[test]
    fn substitute_days_do_not_collide() {
        let fixed = |month, day| Holiday::Fixed { month, day };
        let rules = vec![
            rule("Christmas", fixed(12, 25), Observed::FollowingWeekday, None),
            rule("Boxing", fixed(12, 26), Observed::FollowingWeekday, None),
            rule("Republic", fixed(6, 6), Observed::NextMonday, None),
        ];
        let calendar = Calendar::new("uk", 2000..=2030, rules).unwrap();
        for (off, of) in [
            ("2021-12-27", "Christmas"), // Saturday and Sunday
            ("2021-12-28", "Boxing"),
            ("2022-12-27", "Christmas"), // Sunday, and Monday is Boxing Day
            ("2022-12-26", "Boxing"),
            ("2021-06-07", "Republic"), // Sunday
            ("2020-06-06", "Republic"), // Saturday stays
        ] {
            let names: Vec<_> = calendar.holidays_on(d(off)).map(|rule| rule.name.as_str()).collect();
            assert_eq!(names, [of], "{off}");
        }
        assert_eq!(calendar.is_business_day(d("2020-06-08")), Ok(true));
    }

    #[test]
    fn refused() {
        let bad =
            |on| Calendar::new("x", 2000..=2001, vec![rule("bad", on, Observed::OnTheDay, None)]).is_err();
        assert!(bad(Holiday::Fixed { month: 2, day: 30 }));
        assert!(bad(Holiday::Fixed { month: 13, day: 1 }));
        assert!(bad(Holiday::NthWeekday { nth: 6, weekday: Weekday::Mon, month: 1 }));
        assert!(bad(Holiday::NthWeekday { nth: 0, weekday: Weekday::Mon, month: 1 }));
        assert!(bad(Holiday::LastWeekday { weekday: Weekday::Mon, month: 0 }));
        assert!(bad(Holiday::Easter { offset: i32::MIN }));
        #[allow(clippy::reversed_empty_ranges)]
        for years in [0..=10, 1..=10_000, 2001..=2000, 1..=401, i32::MIN..=i32::MAX] {
            assert!(Calendar::new("x", years, vec![]).is_err());
        }
        assert!(Calendar::new("x", 9600..=9999, vec![]).is_ok());
    }

    proptest! {
        /// The tables against asking every rule of the three years around a day.
        #[test]
        fn tables_equal_rules(day in 7_305i32..47_846) {
            let (calendar, day) = (us_federal(), Date(day));
            let free = BTreeSet::new();
            let mut holiday = false;
            let mut off = day.weekday().is_weekend();
            for year in day.year() - 1..=day.year() + 1 {
                for rule in calendar.rules().iter().filter(|rule| rule.since.is_none_or(|y| y <= year)) {
                    if let Some(on) = rule.on.in_year(year) {
                        let observed = rule.observed.day(on, &free);
                        holiday |= on == day || observed == day;
                        off |= observed == day;
                    }
                }
            }
            prop_assert_eq!(calendar.is_holiday(day), Ok(holiday));
            prop_assert_eq!(calendar.is_business_day(day), Ok(!off));
        }
    }
}
