//! Opening hours in words, for explanations: `8 a.m. to 9 p.m.; Sunday from noon; not on holidays`.

use std::fmt;

use super::{DAY_SECONDS, Week, Windows};
use crate::time::date::Weekday;

impl fmt::Display for Windows {
    /// `8 a.m. to 9 p.m.`; a window that crosses midnight as one, `10 p.m. to 6 a.m.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows.as_slice() {
            [(0, end), between @ .., (start, DAY_SECONDS)] => {
                let joined = [(*start, *end)];
                f.write_str(&rows(between.iter().chain(&joined)))
            }
            _ => f.write_str(&row(self)),
        }
    }
}

impl fmt::Display for Week {
    /// The row that most days share, then the days that differ, then holidays.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alike = |row: &Windows| self.days.iter().filter(|other| *other == row).count();
        // The earliest of the most frequent.
        let Some(base) = self.days.iter().rev().max_by_key(|row| alike(row)) else { return Ok(()) };
        if alike(base) == 7 && self.holiday.as_ref().is_none_or(|row| row == base) {
            return base.fmt(f);
        }
        let mut parts = Vec::new();
        if base.constant() != Some(false) || alike(base) == 7 {
            parts.push(row(base));
        }
        let mut rest: Vec<&Windows> = Vec::new();
        for row in self.days.iter().chain(&self.holiday) {
            if row != base && !rest.contains(&row) {
                rest.push(row);
            }
        }
        rest.extend(self.holiday.iter().filter(|row| *row == base));
        for row in rest {
            // A holiday with the hours of most days is said too: it may fall on one of the others.
            let days = Weekday::ALL.into_iter().filter(|day| row != base && self.day(*day) == row);
            let names = names(days.collect(), self.holiday.as_ref() == Some(row));
            parts.push(exception(base, row, &names));
        }
        if base.constant() == Some(false) && alike(base) < 7 {
            f.write_str("only ")?;
        }
        f.write_str(&parts.join("; "))
    }
}

/// The hours of the days that differ; shortened where only one end does.
fn exception(base: &Windows, row: &Windows, names: &[String]) -> String {
    match (base.rows.as_slice(), row.rows.as_slice()) {
        (_, []) => format!("not on {}", list(names, "or")),
        _ if row == base => format!("{} {}", list(names, "and"), self::row(row)),
        ([(_, shared)], [(start, end)]) if shared == end && *end != DAY_SECONDS => {
            format!("{} from {}", list(names, "and"), hour(*start))
        }
        ([(shared, _)], [(start, end)]) if shared == start && *start != 0 => {
            format!("{} until {}", list(names, "and"), hour(*end))
        }
        _ => format!("{} {}", list(names, "and"), self::row(row)),
    }
}

/// `Monday to Friday`, `Sunday`, `holidays`: three or more days on end as one.
fn names(days: Vec<Weekday>, holidays: bool) -> Vec<String> {
    let mut names = Vec::new();
    for run in days.chunk_by(|a, b| a.index() + 1 == b.index()) {
        match run {
            [first, _, .., last] if run.len() > 2 => names.push(format!("{first} to {last}")),
            _ => names.extend(run.iter().map(Weekday::to_string)),
        }
    }
    names.extend(holidays.then(|| "holidays".to_owned()));
    names
}

fn list(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

fn row(windows: &Windows) -> String {
    match windows.constant() {
        Some(true) => "at any time".to_owned(),
        Some(false) => "never".to_owned(),
        None => rows(windows.rows.iter()),
    }
}

fn rows<'a>(rows: impl Iterator<Item = &'a (u32, u32)>) -> String {
    let each: Vec<String> = rows.map(|(start, end)| format!("{} to {}", hour(*start), hour(*end))).collect();
    list(&each, "and")
}

/// `8 a.m.`, `8:30 p.m.`, `noon`, `midnight`.
fn hour(second: u32) -> String {
    let half = match second % DAY_SECONDS {
        0 => return "midnight".to_owned(),
        43_200 => return "noon".to_owned(),
        1..43_200 => "a.m.",
        _ => "p.m.",
    };
    let (hour, minute, second) = ((second / 3_600 + 11) % 12 + 1, second / 60 % 60, second % 60);
    match (minute, second) {
        (0, 0) => format!("{hour} {half}"),
        (_, 0) => format!("{hour}:{minute:02} {half}"),
        _ => format!("{hour}:{minute:02}:{second:02} {half}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const H: u32 = 3_600;

    fn week(base: Windows, others: &[(Weekday, Windows)], holiday: Option<Windows>) -> String {
        let row = |day| others.iter().find(|(d, _)| *d == day).map_or(base.clone(), |(_, row)| row.clone());
        Week::new(Weekday::ALL.map(row), holiday).to_string()
    }

    #[test]
    fn windows_in_words() {
        for (start, end, words) in [
            (8 * H, 21 * H, "8 a.m. to 9 p.m."),
            (22 * H, 6 * H, "10 p.m. to 6 a.m."),
            (20 * H, 24 * H, "8 p.m. to midnight"),
            (0, 12 * H, "midnight to noon"),
            (H / 2, 12 * H + 5, "12:30 a.m. to 12:00:05 p.m."),
            (0, 24 * H, "at any time"),
        ] {
            assert_eq!(Windows::between(start, end).unwrap().to_string(), words);
        }
        assert_eq!(Windows::never().to_string(), "never");
        let three = Windows::new([(0, 6 * H), (9 * H, 12 * H), (22 * H, 24 * H)]).unwrap();
        assert_eq!(three.to_string(), "9 a.m. to noon and 10 p.m. to 6 a.m.");
    }

    #[test]
    fn weeks_in_words() {
        use Weekday::*;
        let hours = |start: u32, end: u32| Windows::between(start * H, end * H).unwrap();
        let day = || hours(8, 21);
        let never = Windows::never;
        assert_eq!(week(day(), &[], None), "8 a.m. to 9 p.m.");
        assert_eq!(week(day(), &[], Some(day())), "8 a.m. to 9 p.m.");
        assert_eq!(week(day(), &[(Sun, hours(12, 21))], None), "8 a.m. to 9 p.m.; Sunday from noon");
        assert_eq!(
            week(day(), &[(Sun, never())], Some(never())),
            "8 a.m. to 9 p.m.; not on Sunday or holidays"
        );
        assert_eq!(
            week(hours(9, 18), &[(Sat, hours(10, 17)), (Sun, never())], Some(hours(9, 12))),
            "9 a.m. to 6 p.m.; Saturday 10 a.m. to 5 p.m.; not on Sunday; holidays until noon"
        );
        assert_eq!(
            week(never(), &[(Sun, hours(12, 21))], Some(never())),
            "only Sunday noon to 9 p.m.; not on holidays"
        );
        assert_eq!(
            week(day(), &[(Fri, hours(9, 24)), (Sat, hours(9, 24)), (Sun, hours(9, 24))], Some(day())),
            "8 a.m. to 9 p.m.; Friday to Sunday 9 a.m. to midnight; holidays 8 a.m. to 9 p.m."
        );
        assert_eq!(week(never(), &[], Some(day())), "never; holidays 8 a.m. to 9 p.m.");
        assert_eq!(week(day(), &[(Sat, hours(0, 24))], None), "8 a.m. to 9 p.m.; Saturday at any time");
        assert_eq!(week(never(), &[], None), "never");
    }
}
