//! Audiences for tests: frames of people and of events, and the requests that say the same.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use arrow_array::builder::{ListBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Int8Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema};
use byleave::decision::Verdict;
use byleave::time::{Date, Instant};
use byleave::wire::{ErrorJson, Json};
use byleave::{Engine, Scratch};
use byleave_arrow::{Asked, Audience};
use std::ops::Range;
use std::sync::Arc;

/// 2026-07-01T16:00:00Z
pub const AT: i64 = 1_782_921_600_000_000;
pub const SECOND: i64 = 1_000_000;
pub const DAY: i64 = 86_400 * SECOND;

pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) % n) as usize
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64)]
    }

    pub fn maybe<T>(&mut self, value: T, but_one_in: u64) -> Option<T> {
        (self.below(but_one_in) != 0).then_some(value)
    }

    /// Often near the edges of windows.
    pub fn ago(&mut self, days: u64) -> i64 {
        match self.below(12) {
            0 => self.of(&[0, 1, DAY, DAY - 1, DAY + 1, 7 * DAY, 7 * DAY + 1, 16 * 3600 * SECOND, -DAY, -1]),
            1 => self.below(3) as i64 * DAY + self.below(86_400) as i64 * SECOND,
            _ => self.below(days * 86_400) as i64 * SECOND,
        }
    }
}

/// A column of what is given as JSON, by name.
pub enum Column {
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
                let mut out = ListBuilder::new(StringDictionaryBuilder::<Int8Type>::new());
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

    fn part(&self, rows: Range<usize>) -> Column {
        match self {
            Column::Words(all) => Column::Words(all[rows].to_vec()),
            Column::Sets(all) => Column::Sets(all[rows].to_vec()),
            Column::Instants(all) => Column::Instants(all[rows].to_vec()),
            Column::Days(all) => Column::Days(all[rows].to_vec()),
            Column::Texts(all) => Column::Texts(all[rows].to_vec()),
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

pub struct Frame {
    /// Of an event: whose it is.
    pub owners: Vec<usize>,
    pub columns: Vec<(&'static str, Column)>,
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

    /// Some rows, in dictionaries of their own.
    fn part(&self, rows: Range<usize>) -> Frame {
        let columns = self.columns.iter().map(|(name, it)| (*name, it.part(rows.clone())));
        Frame { columns: columns.collect(), owners: self.owners[rows.clone()].to_vec() }
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
pub struct World {
    pub people: Frame,
    pub events: Vec<(&'static str, Frame)>,
    pub names: Vec<String>,
    /// In how many batches each frame of events comes.
    pub batches: usize,
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

/// The same of the request that says the same; or what is wrong with it.
fn expected(engine: &Engine, text: &str, detail: &str) -> Result<String, String> {
    let facts = engine
        .request(text)
        .and_then(|it| engine.facts(&it))
        .map_err(|error| ErrorJson::from(&error).message)?;
    let brief = engine.brief(&facts, &mut Scratch::default()).unwrap();
    let verdict = engine.verdict(&facts, &mut Scratch::default()).unwrap();
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
    Ok(out + " error=-")
}

pub fn hold(engine: &Engine, everybody: &str, world: &World, detail: &str) -> (usize, usize) {
    let everything: serde_json::Value = serde_json::from_str(everybody).unwrap();
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
    // What a batch of people numbers in one way, the next one numbers in another.
    let all = world.names.len();
    let half = if world.batches > 1 { all / 2 } else { 0 };
    let parts: Vec<_> = [0..half, half..all].into_iter().filter(|rows| !rows.is_empty()).collect();
    let people: Vec<RecordBatch> =
        parts.iter().map(|rows| world.people.part(rows.clone()).batch(&world.names)).collect();
    let frames = world.events.iter().map(|(list, it)| {
        let batch = it.batch(&world.names);
        let rows = batch.num_rows().div_ceil(world.batches).max(1);
        let parts = (0..batch.num_rows()).step_by(rows);
        let parts = parts.map(|at| batch.slice(at, rows.min(batch.num_rows() - at))).collect();
        (*list, batch.schema(), parts)
    });
    let mut audience = Audience::new(engine.clone(), asked, &people[0].schema(), frames.collect()).unwrap();
    let answers: Vec<RecordBatch> = people.iter().map(|batch| audience.decide(batch).unwrap()).collect();
    let at = |n: usize| if n < half { (0, n) } else { (answers.len() - 1, n - half) };
    for (n, name) in world.names.iter().enumerate() {
        let mut request = everything.clone();
        request["person"]["id"] = serde_json::json!(name);
        world.people.put(n, &mut request);
        // A set of one is a list in a request.
        if let Some(state) = request["person"].get("jurisdictions").filter(|it| it.is_string()).cloned() {
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
        match expected(engine, &text, detail) {
            Ok(expected) => assert_eq!(told(&answers[at(n).0], at(n).1), expected, "{text}"),
            Err(message) => {
                let told = told(&answers[at(n).0], at(n).1);
                let begun = told.starts_with("outcome=- ") && told.contains(&format!("error=[{n}]"));
                assert!(begun && told.contains(&message), "{told}, not {message}: {text}");
            }
        }
    }
    (audience.quick_rows(), audience.alike_rows())
}
