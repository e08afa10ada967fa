//! Persons who are alike have the answer that each of them would have alone, under rules of many kinds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Int8Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema};
use byleave::decision::Verdict;
use byleave::time::{Date, Instant};
use byleave::wire::Json;
use byleave::{Engine, Scratch};
use byleave_arrow::{Asked, Audience};
use std::sync::Arc;

const TWELVE: &str = include_str!("../../../tests/benches/policy/twelve.leave");
/// Rules that look at the same people in other ways: the newest event, counts by calendar and without an end, what is
/// known, ages from both sides, revocations that are read wider than their words.
const MORE: &str = r#"
rule rested {
  cite     "more 1"
  when     by_phone
  require  5 local days have passed since latest visit
  because  "Whoever has just been there is left alone."
}

rule seldom {
  cite     "more 2"
  when     by_phone and recipient.jurisdictions is [US-TX, US-NY]
  require  at most 2 attempts this week from sunday, this one included, where purpose is marketing
  because  "Twice a week."
}

rule old_or_young {
  cite     "more 3"
  when     for_marketing
  require  not person.age is 40
  require  not known that person.age > 70
  because  "Ages."
}

rule wider {
  cite     "more 4"
  when     for_marketing and recipient.jurisdictions is US-CA
  require  not refused renewed at least express, counting each revocation where not by is inferred as reaching every channel
  because  "A no is a no."
}
"#;
/// 2026-07-01T16:00:00Z
const AT: i64 = 1_782_921_600_000_000;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) % n) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64)]
    }

    fn maybe<T>(&mut self, value: T, but_one_in: u64) -> Option<T> {
        (self.below(but_one_in) != 0).then_some(value)
    }

    /// Often near the edges of windows.
    fn ago(&mut self, days: u64) -> i64 {
        match self.below(12) {
            0 => self.of(&[0, 1, DAY, DAY - 1, DAY + 1, 7 * DAY, 7 * DAY + 1, 16 * 3600 * SECOND, -DAY, -1]),
            1 => self.below(3) as i64 * DAY + self.below(86_400) as i64 * SECOND,
            _ => self.below(days * 86_400) as i64 * SECOND,
        }
    }
}

/// A column of what is given as JSON, by name.
enum Column {
    Words(Vec<Option<&'static str>>),
    Sets(Vec<Option<Vec<&'static str>>>),
    Instants(Vec<Option<i64>>),
    Days(Vec<Option<i32>>),
    Texts(Vec<Option<String>>),
}

impl Column {
    fn array(&self) -> ArrayRef {
        match self {
            Column::Words(all) => {
                let known: Vec<&str> = all
                    .iter()
                    .flatten()
                    .copied()
                    .collect::<std::collections::BTreeSet<_>>()
                    .into_iter()
                    .collect();
                let key =
                    |it: &Option<&str>| it.map(|it| known.iter().position(|word| *word == it).unwrap() as i8);
                let keys: Int8Array = all.iter().map(key).collect();
                Arc::new(
                    DictionaryArray::<Int8Type>::try_new(keys, Arc::new(StringArray::from(known.clone())))
                        .unwrap(),
                )
            }
            Column::Sets(all) => {
                let mut out =
                    arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
                for it in all {
                    it.iter().flatten().for_each(|word| out.values().append_value(word));
                    out.append(it.is_some());
                }
                Arc::new(out.finish())
            }
            Column::Instants(all) => {
                Arc::new(all.iter().copied().collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
            }
            Column::Days(all) => Arc::new(all.iter().copied().collect::<Date32Array>()),
            Column::Texts(all) => Arc::new(all.iter().map(Option::as_deref).collect::<StringArray>()),
        }
    }

    fn json(&self, row: usize) -> Option<String> {
        let quoted = |it: &dyn std::fmt::Display| format!("\"{it}\"");
        match self {
            Column::Words(all) => all[row].map(|it| quoted(&it)),
            Column::Sets(all) => {
                let words = all[row].as_ref()?.iter().map(|it| quoted(it)).collect::<Vec<_>>();
                Some(format!("[{}]", words.join(", ")))
            }
            Column::Instants(all) => all[row].map(|it| quoted(&Instant(it))),
            Column::Days(all) => all[row].map(|it| quoted(&Date(it))),
            Column::Texts(all) => all[row].as_ref().map(|it| quoted(it)),
        }
    }
}

struct Frame {
    /// Of an event: whose it is.
    owners: Vec<usize>,
    columns: Vec<(&'static str, Column)>,
}

impl Frame {
    fn batch(&self, names: &[String]) -> RecordBatch {
        let owners: ArrayRef =
            Arc::new(StringArray::from_iter_values(self.owners.iter().map(|n| &names[*n])));
        let mut columns = vec![("person.id", owners)];
        columns.extend(self.columns.iter().map(|(name, it)| (*name, it.array())));
        let fields = columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, it)| it).collect()).unwrap()
    }

    /// A row as the tree of a request.
    fn put(&self, row: usize, out: &mut serde_json::Value) {
        for (name, column) in &self.columns {
            let Some(json) = column.json(row) else { continue };
            let mut at = &mut *out;
            for key in name.split('.') {
                at = &mut at[key];
            }
            *at = serde_json::from_str(&json).unwrap();
        }
    }
}

/// Everything that is asked in one go.
struct World {
    people: Frame,
    events: Vec<(&'static str, Frame)>,
    names: Vec<String>,
}

fn world(dice: &mut Dice, count: usize, facts: &[&'static str], lists: &[&'static str]) -> World {
    let zones = ["America/New_York", "America/Chicago", "America/Los_Angeles"];
    let mut columns = Vec::new();
    for fact in facts {
        columns.push((
            *fact,
            match *fact {
                "person.time_zones" => Column::Sets(
                    (0..count)
                        .map(|_| {
                            let two = (0..1 + dice.below(2)).map(|_| dice.of(&zones)).collect();
                            dice.maybe(two, 40)
                        })
                        .collect(),
                ),
                "person.jurisdictions" => Column::Words(
                    (0..count)
                        .map(|_| {
                            Some(dice.of(&["US-NY", "US-FL", "US-TX", "US-CA"]))
                                .filter(|_| dice.below(40) > 0)
                        })
                        .collect(),
                ),
                "person.birth_date" => {
                    let today = (AT / DAY) as i32;
                    // Birthdays about today, and any other day.
                    let born = |dice: &mut Dice| match dice.below(4) {
                        0 => today - dice.of(&[18, 40, 41, 70, 71, 16]) * 365 - dice.below(40) as i32,
                        _ => today - dice.below(33_000) as i32,
                    };
                    Column::Days(
                        (0..count)
                            .map(|_| {
                                let day = born(dice);
                                dice.maybe(day, 30)
                            })
                            .collect(),
                    )
                }
                _ => Column::Texts((0..count).map(|n| Some(format!("+1555{n}"))).collect()),
            },
        ));
    }
    let owners = |dice: &mut Dice, list: &str| {
        let many = |dice: &mut Dice| if list == "interactions" { dice.below(4) / 3 } else { dice.below(5) };
        (0..count).flat_map(|n| vec![n; many(dice)]).collect::<Vec<usize>>()
    };
    let events = lists.iter().map(|list| {
        let owners = owners(dice, list);
        let rows = owners.len();
        let mut words = |all: &[&'static str], some: u64| {
            Column::Words(
                (0..rows)
                    .map(|_| {
                        let it = dice.of(all);
                        dice.maybe(it, some)
                    })
                    .collect(),
            )
        };
        let mut columns = match *list {
            "consents" => {
                let Column::Words(kinds) = words(&["grant", "grant", "grant", "revoke", "decline"], u64::MAX)
                else {
                    panic!()
                };
                let Column::Words(levels) = words(&["opted_in", "express", "express_written"], 60) else {
                    panic!()
                };
                let levels =
                    levels.iter().zip(&kinds).map(|(level, kind)| level.filter(|_| *kind == Some("grant")));
                let levels = Column::Words(levels.collect());
                let channel = words(&["text", "email", "sms", "voice"], 5);
                let purpose = words(&["marketing", "own_service", "billing"], 3);
                let topic = words(&["wellness", "running", "dental"], 3);
                vec![
                    ("kind", Column::Words(kinds)),
                    ("level", levels),
                    ("scope.channel", channel),
                    ("scope.purpose", purpose),
                    ("scope.topic", topic),
                    (
                        "expires_at",
                        Column::Instants(
                            (0..rows)
                                .map(|_| {
                                    (dice.below(8) == 0)
                                        .then(|| AT + dice.of(&[1, 0, -1, DAY, 40 * DAY, -90 * DAY]))
                                })
                                .collect(),
                        ),
                    ),
                ]
            }
            "contacts" => vec![
                ("channel", words(&["sms", "email"], 9)),
                ("purpose", words(&["own_service", "appointment", "billing"], 9)),
                ("topic", words(&["running", "dental"], 9)),
            ],
            _ => vec![("kind", words(&["transaction", "visit"], u64::MAX))],
        };
        let days = if *list == "contacts" { 20 } else { 200 };
        let plain = dice.below(3) > 0;
        let at = |dice: &mut Dice| {
            Some(AT - if plain { dice.below(days * 86_400) as i64 * SECOND } else { dice.ago(days) })
        };
        columns.push((
            "at",
            Column::Instants((0..rows).map(|_| at(dice).filter(|_| plain || dice.below(30) > 0)).collect()),
        ));
        (*list, Frame { owners, columns })
    });
    let events = events.collect();
    let names: Vec<String> = (0..count).map(|n| format!("p{n:04}")).collect();
    World { people: Frame { owners: (0..count).collect(), columns }, events, names }
}

/// Everything that a row of answers says, as text.
fn told(answers: &RecordBatch, row: usize) -> String {
    let mut out = Vec::new();
    for field in answers.schema().fields().iter().filter(|it| it.name() != "person.id") {
        let column = answers.column_by_name(field.name()).unwrap();
        let text = if column.is_null(row) {
            "-".to_owned()
        } else if let Some(words) = column.as_string_opt::<i32>() {
            words.value(row).to_owned()
        } else if let Some(at) = column.as_primitive_opt::<TimestampMicrosecondType>() {
            at.value(row).to_string()
        } else {
            let list: &ListArray = column.as_list();
            list.value(row)
                .as_string::<i32>()
                .iter()
                .map(|it| it.unwrap().to_owned())
                .collect::<Vec<_>>()
                .join("+")
        };
        out.push(format!("{}={text}", field.name()));
    }
    out.join(" ")
}

/// The same of the request that says the same.
fn expected(engine: &Engine, text: &str, detail: &str) -> String {
    let facts = match engine.request(text).and_then(|it| engine.facts(&it)) {
        Ok(facts) => facts,
        Err(error) => panic!("{error}: {text}"),
    };
    let brief = engine.brief(&facts, &mut Scratch::default());
    let verdict = engine.verdict(&facts, &mut Scratch::default());
    assert_eq!(verdict, brief.verdict);
    let number = |it: Option<i64>| it.map_or("-".to_owned(), |it| it.to_string());
    let until = match verdict {
        Verdict::Defer(at) => Some(at),
        _ => None,
    };
    let mut out = format!("outcome={} until={}", verdict.outcome().to_string().to_lowercase(), number(until));
    if detail == "blocking" {
        out += &format!(
            " valid_until={} blocking={} obligations={} withheld={} missing={}",
            number(brief.valid_until),
            brief.blocking.join("+"),
            brief.obligations.join("+"),
            brief.withheld.join("+"),
            brief.missing.join("+")
        );
    }
    out + " error=-"
}

fn hold(engine: &Engine, everybody: &str, world: &World, detail: &str) -> (usize, usize) {
    let mut request: serde_json::Value = serde_json::from_str(everybody).unwrap();
    let asked = Asked {
        request: Json::parse(
            &format!("{{{}, \"detail\": \"{detail}\"}}", &everybody[1..everybody.len() - 1]),
            &engine.limits(),
        )
        .unwrap(),
        key: "person.id".to_owned(),
        keep: Vec::new(),
        threads: 1,
    };
    let people = world.people.batch(&world.names);
    let frames = world.events.iter().map(|(list, it)| {
        let batch = it.batch(&world.names);
        (*list, batch.schema(), vec![batch])
    });
    let mut audience = Audience::new(engine.clone(), asked, &people.schema(), frames.collect()).unwrap();
    let answers = audience.decide(&people).unwrap();
    for (n, name) in world.names.iter().enumerate() {
        request["person"] = serde_json::json!({"id": name});
        request["address"] = serde_json::json!({});
        world.people.put(n, &mut request);
        // A set of one is a list in a request.
        if let Some(state) = request["person"].get("jurisdictions").cloned() {
            request["person"]["jurisdictions"] = serde_json::json!([state]);
        }
        for (list, frame) in &world.events {
            let rows = (0..frame.owners.len()).filter(|row| frame.owners[*row] == n);
            let events = rows.map(|row| {
                let mut event = serde_json::json!({});
                frame.put(row, &mut event);
                event
            });
            request[*list] = events.collect();
        }
        let text = request.to_string();
        assert_eq!(told(&answers, n), expected(engine, &text, detail), "{text}");
    }
    (audience.quick_rows(), audience.alike_rows())
}

const CONTACT: &str = r#"{"at": "2026-07-01T16:00:00Z", "contact": {"channel": "sms", "purpose": "own_service", "topic": "running",
    "technology": "automated", "data": [], "fields": [], "uses": ["personalise"]},
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]}, "complete": ["lists", "signals"]}"#;

fn each(engine: &Engine, everybody: &[String], lists: &[&'static str]) -> (usize, usize) {
    let facts = ["person.time_zones", "person.jurisdictions", "person.birth_date", "address.value"];
    let (mut quick, mut alike) = (0, 0);
    for (seed, everybody) in (1u64..).zip(everybody.iter().cycle().take(8)) {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let world = world(&mut dice, 300, &facts, lists);
        for detail in ["outcome", "blocking"] {
            let (a, b) = hold(engine, everybody, &world, detail);
            (quick, alike) = (quick + a, alike + b);
        }
    }
    (quick, alike)
}

#[test]
fn under_rules_of_many_kinds() {
    let engine =
        Engine::builder().source("twelve", "twelve.leave", &format!("{TWELVE}{MORE}")).build().unwrap();
    let care = CONTACT.replace("own_service", "appointment");
    let evening = CONTACT.replace("T16:00", "T01:30");
    let sharing = CONTACT.replace("personalise", "share");
    let all = [CONTACT.to_owned(), care, evening, sharing];
    let (quick, alike) = each(&engine, &all, &["consents", "contacts", "interactions"]);
    assert!(quick > 3_000 && alike > 10, "{quick} quick, {alike} alike");
    let all = all.map(|it| it.replace("\"signals\"", "\"signals\", \"interactions\""));
    let (quick, alike) = each(&engine, &all, &["consents", "contacts"]);
    assert!(quick > 3_000 && alike > 100, "{quick} quick, {alike} alike");
    let engine = Engine::builder().source("twelve", "twelve.leave", TWELVE).build().unwrap();
    let (quick, alike) = each(&engine, &all, &["consents", "contacts"]);
    assert!(quick > 3_000 && alike > 200, "{quick} quick, {alike} alike");
}
