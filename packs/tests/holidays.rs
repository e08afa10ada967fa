//! Holiday calendars against what others take for holidays: every day from 2000 to 2040, and every difference with its reason.
//!
//! `holidays/vectors.py` writes the tables. A calendar of a state is held against them as soon as some pack declares it; a
//! difference that is no longer there fails too, so that no reason outlives what it explains.

#![allow(clippy::expect_used, clippy::panic)] // a test may fail

use byleave::Engine;
use byleave::time::{Calendar, Date};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

const FIRST: i32 = 2000;
const LAST: i32 = 2040;

/// One of our calendars, and how it differs from the others' on purpose.
struct Held {
    /// Its name, as the tables have it.
    calendar: &'static str,
    /// Whether its rules bar the federal holidays beside it, in a condition of their own.
    beside_federal: bool,
    /// Theirs that is none here: its name, and why.
    fewer: &'static [(&'static str, &'static str)],
    /// Ours that is none there: its name, and why.
    more: &'static [(&'static str, &'static str)],
}

/// A holiday more bars one day more; one less must be no legal holiday.
const HELD: &[Held] = &[
    Held { calendar: "us_federal", beside_federal: false, fewer: &[], more: &[] },
    Held {
        calendar: "alabama",
        beside_federal: false,
        fewer: &[],
        more: &[
            ("mardi_gras", "a legal holiday in Mobile and Baldwin counties (Ala. Code 1-3-8)"),
            ("parks", "kept by offices that choose to, and closes everywhere here (Ala. Code 1-3-8)"),
        ],
    },
    Held {
        calendar: "louisiana",
        beside_federal: false,
        fewer: &[],
        more: &[
            ("lee", "a day of public rest until 2022, which the package leaves out (La. R.S. 1:55)"),
            ("confederate", "a day of public rest until 2022, which the package leaves out (La. R.S. 1:55)"),
            ("new_orleans", "a day of public rest, which the package leaves out (La. R.S. 1:55)"),
            ("long", "a day of public rest, which the package leaves out (La. R.S. 1:55)"),
            ("columbus", "a day of public rest, which the package leaves out (La. R.S. 1:55)"),
            ("all_saints", "a day of public rest, which the package leaves out (La. R.S. 1:55)"),
            ("acadian", "a legal holiday, which the package leaves out (La. R.S. 1:55)"),
            ("election", "here in every year, there in even ones"),
        ],
    },
    Held {
        calendar: "pennsylvania",
        beside_federal: false,
        fewer: &[(
            "Day After Thanksgiving",
            "a day off of the state's offices, and no legal holiday (44 P.S. 11)",
        )],
        more: &[
            ("good_friday", "a legal holiday on which offices work (44 P.S. 11)"),
            ("flag", "a legal holiday on which offices work (44 P.S. 11)"),
            ("election", "a legal holiday on which offices work (44 P.S. 11)"),
        ],
    },
    Held {
        calendar: "rhode_island",
        beside_federal: true,
        fewer: &[],
        more: &[
            (
                "independence_ri",
                "Rhode Island Independence Day, which the package leaves out (R.I. Gen. Laws 25-1-1)",
            ),
            ("election", "the day of general elections; here in every year (R.I. Gen. Laws 25-1-1)"),
        ],
    },
    Held {
        calendar: "utah",
        beside_federal: false,
        fewer: &[(
            "Juneteenth National Independence Day",
            "of 2021: Utah has kept it since 2022 (63G-1-301)",
        )],
        more: &[
            ("juneteenth", "the Monday on which Utah keeps it (63G-1-301), the 19th besides"),
            ("good_friday", "a legal holiday from 2027 on, which the package does not know yet (63G-1-301)"),
        ],
    },
];

fn read(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/holidays").join(name);
    fs::read_to_string(&file).expect(name)
}

fn table(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn date(text: &str) -> Date {
    Date::parse(text).expect(text)
}

fn every_day() -> impl Iterator<Item = Date> {
    let day = |year, month, day| Date::from_ymd(year, month, day).expect("a date");
    (day(FIRST, 1, 1).0..=day(LAST, 12, 31).0).map(Date)
}

/// Every calendar that comes with Byleave, by its own name.
fn ours() -> BTreeMap<String, Arc<Calendar>> {
    let mut builder = Engine::builder();
    for pack in byleave_packs::all() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    let engine = builder.build().expect("our packs check");
    let calendars = engine.policy().calendars.iter();
    calendars.map(|it| (it.name().rsplit('.').next().unwrap_or_default().to_owned(), it.clone())).collect()
}

#[test]
fn every_calendar_knows_the_holidays_that_others_know() {
    let ours = ours();
    let text = read("pypi.tsv");
    let mut theirs: BTreeMap<(&str, Date), Vec<&str>> = BTreeMap::new();
    for row in table(&text) {
        let [calendar, day, name] = row.as_slice() else { panic!("{row:?}") };
        theirs.entry((*calendar, date(day))).or_default().extend(name.split("; "));
    }
    let federal = ours.get("us_federal").expect("the federal calendar");
    let mut wrong = Vec::new();
    for held in HELD {
        let Some(calendar) = ours.get(held.calendar) else {
            println!("{}: no pack declares it", held.calendar);
            continue;
        };
        let mut used = BTreeSet::new();
        for day in every_day() {
            let names: Vec<&str> = calendar.holidays_on(day).map(|it| it.name.as_str()).collect();
            let barred = !names.is_empty() || (held.beside_federal && federal.is_holiday(day) == Ok(true));
            assert_eq!(calendar.is_holiday(day), Ok(!names.is_empty()), "{}: {day}", held.calendar);
            let there = theirs.get(&(held.calendar, day)).map_or(&[][..], |it| it);
            let plain = |it: &&str| it.strip_suffix(" (observed)").unwrap_or(it).to_owned();
            let known = |list: &[(&'static str, &str)], name: &str| {
                list.iter().find(|(it, _)| *it == name).map(|(it, _)| *it)
            };
            match (barred, there) {
                (true, []) => {
                    let reasons: Vec<_> = names.iter().filter_map(|it| known(held.more, it)).collect();
                    if reasons.is_empty() {
                        wrong.push(format!("{}: {day} is {names:?} here, and nothing there", held.calendar));
                    }
                    used.extend(reasons);
                }
                (false, [_, ..]) => {
                    for name in there.iter().map(plain) {
                        match known(held.fewer, &name) {
                            Some(reason) => drop(used.insert(reason)),
                            None => wrong.push(format!(
                                "{}: {day} is `{name}` there, and nothing here",
                                held.calendar
                            )),
                        }
                    }
                }
                _ => {}
            }
        }
        for (name, why) in held.fewer.iter().chain(held.more) {
            if !used.contains(name) {
                wrong.push(format!("{}: nothing differs by `{name}` any more ({why})", held.calendar));
            }
        }
        println!("{}: held", held.calendar);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The day off as well: it decides what a business day is.
#[test]
fn federal_business_days_are_those_of_the_government() {
    let ours = ours();
    let federal = ours.get("us_federal").expect("the federal calendar");
    let text = read("npm.tsv");
    let (mut own, mut off) = (BTreeMap::new(), BTreeMap::new());
    for row in table(&text) {
        let [day, observed, name] = row.as_slice() else { panic!("{row:?}") };
        own.insert(date(day), *name);
        off.insert(date(observed), *name);
    }
    // The table ends with the holidays of 2040: New Year's Day of 2041 is a Tuesday, and moves nothing into that year.
    for day in every_day() {
        let kept = own.get(&day).or_else(|| off.get(&day));
        assert_eq!(federal.is_holiday(day), Ok(kept.is_some()), "{day}: {kept:?}");
        let works = !day.weekday().is_weekend() && !off.contains_key(&day);
        assert_eq!(federal.is_business_day(day), Ok(works), "{day}: {:?}", off.get(&day));
    }
    assert!(own.len() > 400, "{}", own.len());
}

/// What the federal calendar leaves out by law is in neither table, so that nothing above holds it.
#[test]
fn what_is_no_legal_public_holiday_everywhere_is_none() {
    let ours = ours();
    let federal = ours.get("us_federal").expect("the federal calendar");
    for (day, what) in [
        ("2021-01-20", "Inauguration Day is kept in and around Washington only (5 U.S.C. 6103(c))"),
        ("2020-06-19", "Juneteenth is a holiday from 2021 on (Public Law 117-17)"),
        ("2004-06-11", "a day of mourning is closed by executive order"),
        ("2018-12-05", "a day of mourning is closed by executive order"),
        ("2024-12-24", "Christmas Eve is closed by executive order"),
        ("2026-11-27", "the day after Thanksgiving is nobody's by federal law"),
    ] {
        assert_eq!(federal.is_business_day(date(day)), Ok(true), "{what}");
    }
}
