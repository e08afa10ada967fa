//! How fast an audience is decided, from Arrow to Arrow, by one thread: `cargo bench -p byleave-arrow`.
//!
//! The people are those of `bindings/python/bench/audience.py`: one or two time zones (one in ten has two), a state, a birth
//! date, an address, 0 to 8 consent events and as many past contacts, 3.6 of each as a rule; the rules are the twelve of
//! `tests/benches/policy`. `-- PEOPLE` asks about so many; `-- --turn outcome PEOPLE` and `-- --turn blocking PEOPLE` decide
//! once and do nothing else, for a tool that counts instructions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Int8Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, Schema};
use byleave::Engine;
use byleave::wire::Json;
use byleave_arrow::{Asked, Audience};
use std::sync::Arc;
use std::time::Instant;

const POLICY: &str = include_str!("../../../tests/benches/policy/twelve.leave");
/// 2026-07-01T16:00:00Z
const AT: i64 = 1_782_921_600_000_000;
const DAY: i64 = 86_400_000_000;
const CONTACT: &str = r#"{
    "at": "2026-07-01T16:00:00Z",
    "contact": {
        "channel": "sms", "purpose": "own_service", "topic": "running", "technology": "automated",
        "data": [], "fields": [], "uses": ["personalise"]
    },
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]},
    "complete": ["lists", "signals", "interactions"]
}"#;
/// Rows of a batch, as the Python binding cuts them.
const BATCH: usize = 1 << 16;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, n: i64) -> i64 {
        (self.next() % n as u64) as i64
    }

    fn of(&mut self, weights: &[i64]) -> i8 {
        let mut at = self.below(weights.iter().sum());
        let mut out = 0;
        for weight in weights {
            if at < *weight {
                break;
            }
            at -= weight;
            out += 1;
        }
        out
    }

    /// 3.6 of 8.
    fn many(&mut self) -> usize {
        (0..8).filter(|_| self.below(100) < 45).count()
    }

    fn words(&mut self, words: &[&str], weights: &[i64], rows: usize) -> ArrayRef {
        let keys: Vec<i8> = (0..rows).map(|_| self.of(weights)).collect();
        dictionary(Int8Array::from(keys), words)
    }

    fn instants(&mut self, rows: usize, days: i64) -> ArrayRef {
        let all: TimestampMicrosecondArray = (0..rows).map(|_| Some(AT - self.below(days * DAY))).collect();
        Arc::new(all.with_timezone("UTC"))
    }
}

fn dictionary(keys: Int8Array, words: &[&str]) -> ArrayRef {
    let words = StringArray::from(words.to_vec());
    Arc::new(DictionaryArray::<Int8Type>::try_new(keys, Arc::new(words)).unwrap())
}

fn frame(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields = columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, it)| it).collect()).unwrap()
}

fn people(dice: &mut Dice, names: &[String]) -> RecordBatch {
    let rows = names.len();
    let zones = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"];
    let mut members = Vec::new();
    let lengths = (0..rows).map(|_| {
        let first = dice.below(4) as i8;
        members.push(first);
        let two = dice.below(10) == 0;
        if two {
            members.push((first + 1) % 4);
        }
        1 + usize::from(two)
    });
    let offsets = OffsetBuffer::from_lengths(lengths.collect::<Vec<_>>());
    let members = dictionary(Int8Array::from(members), &zones);
    let item = Arc::new(Field::new("item", members.data_type().clone(), true));
    let born: Date32Array = (0..rows).map(|_| Some(dice.below(28_500) as i32 - 14_000)).collect();
    let states = ["US-NY", "US-FL", "US-TX", "US-CA", "US-WA"];
    let address: StringArray = (0..rows).map(|n| Some(format!("+1555{n:07}"))).collect();
    frame(vec![
        ("person.id", Arc::new(StringArray::from_iter_values(names))),
        ("person.time_zones", Arc::new(ListArray::try_new(item, offsets, members, None).unwrap())),
        ("person.jurisdictions", dice.words(&states, &[3, 2, 2, 2, 1], rows)),
        ("person.birth_date", Arc::new(born)),
        ("address.value", Arc::new(address)),
    ])
}

fn owners(dice: &mut Dice, names: &[String]) -> Vec<String> {
    names.iter().flat_map(|name| std::iter::repeat_n(name.clone(), dice.many())).collect()
}

fn consents(dice: &mut Dice, names: &[String]) -> RecordBatch {
    let owners = owners(dice, names);
    let rows = owners.len();
    let kind: Vec<i8> = (0..rows).map(|_| dice.of(&[9, 1])).collect();
    let level: Int8Array =
        kind.iter().map(|kind| Some(dice.of(&[2, 3, 1, 4])).filter(|_| *kind == 0)).collect();
    let levels = ["opted_in", "express", "implied", "express_written"];
    frame(vec![
        ("person.id", Arc::new(StringArray::from_iter_values(owners))),
        ("kind", dictionary(Int8Array::from(kind), &["grant", "revoke"])),
        ("level", dictionary(level, &levels)),
        ("at", dice.instants(rows, 1000)),
        ("scope.channel", dice.words(&["text", "email", "voice"], &[60, 25, 15], rows)),
    ])
}

fn history(dice: &mut Dice, names: &[String]) -> RecordBatch {
    let owners = owners(dice, names);
    let rows = owners.len();
    frame(vec![
        ("person.id", Arc::new(StringArray::from_iter_values(owners))),
        ("at", dice.instants(rows, 60)),
        ("channel", dice.words(&["sms", "email", "live_call"], &[5, 4, 1], rows)),
        ("purpose", dice.words(&["own_service", "appointment", "billing"], &[4, 4, 2], rows)),
        ("topic", dice.words(&["running", "dental", "nutrition"], &[3, 4, 3], rows)),
    ])
}

/// People, and what is known of them.
struct World {
    engine: Engine,
    people: RecordBatch,
    consents: RecordBatch,
    history: RecordBatch,
}

impl World {
    fn of(count: usize) -> World {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let names: Vec<String> = (0..count).map(|n| format!("p{n:07}")).collect();
        World {
            engine: Engine::builder().source("twelve", "twelve.leave", POLICY).build().unwrap(),
            people: people(&mut dice, &names),
            consents: consents(&mut dice, &names),
            history: history(&mut dice, &names),
        }
    }

    /// Everything from the frames that came in to the frame that goes out; how many had each outcome, and went the quick way.
    #[inline(never)]
    fn decide(&self, detail: &str) -> ([usize; 3], usize) {
        let Json::Map(mut request) = Json::parse(CONTACT, &self.engine.limits()).unwrap() else {
            panic!("the contact is an object");
        };
        request.push(("detail".to_owned(), Json::Text(detail.to_owned())));
        let asked =
            Asked { request: Json::Map(request), key: "person.id".to_owned(), keep: Vec::new(), threads: 1 };
        let frames = [("consents", &self.consents), ("contacts", &self.history)];
        let frames = frames.map(|(list, it)| (list, it.schema(), vec![it.clone()]));
        let mut audience =
            Audience::new(self.engine.clone(), asked, &self.people.schema(), frames.into()).unwrap();
        let mut seen = [0; 3];
        for at in (0..self.people.num_rows()).step_by(BATCH) {
            let batch = self.people.slice(at, BATCH.min(self.people.num_rows() - at));
            let answers = audience.decide(&batch).unwrap();
            let outcome = answers.column_by_name("outcome").unwrap();
            for row in outcome.as_any().downcast_ref::<StringArray>().unwrap() {
                let words = ["allow", "defer", "deny"];
                seen[words.iter().position(|word| Some(*word) == row).unwrap()] += 1;
            }
        }
        (seen, audience.quick_rows())
    }
}

/// How long this thread has had a processor so far, where the system tells: on a machine with much else to do the clock says little.
fn busy() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? * 1e-9)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let number = |text: &String| text.parse::<usize>().ok();
    if let Some([_, detail, count]) = args.windows(3).find(|args| args[0] == "--turn") {
        World::of(number(count).expect("how many people")).decide(detail);
        return;
    }
    // `cargo test --benches` asks about a few, and no clock.
    let timed = std::env::args().any(|arg| arg == "--bench");
    let count = args.iter().find_map(number).unwrap_or(if timed { 200_000 } else { 1_000 });
    let world = World::of(count);
    println!(
        "{count} people, {} consents, {} past contacts",
        world.consents.num_rows(),
        world.history.num_rows()
    );
    for detail in ["outcome", "blocking"] {
        let (mut best, mut least) = (f64::INFINITY, f64::INFINITY);
        let mut told = ([0; 3], 0);
        for _ in 0..if timed { 5 } else { 1 } {
            let (begun, before) = (Instant::now(), busy());
            told = world.decide(detail);
            best = best.min(begun.elapsed().as_secs_f64());
            least = least.min(busy().zip(before).map_or(f64::INFINITY, |(after, before)| after - before));
        }
        let ([allow, defer, deny], quick) = told;
        let each = least.min(best) / count as f64;
        println!(
            "{detail:<9}{:>6.2} million a second and core ({:.0} ns each; by the clock {:.0}): {allow} allow, {defer} defer, \
             {deny} deny, {quick} the quick way",
            1e-6 / each,
            each * 1e9,
            best / count as f64 * 1e9
        );
    }
}
