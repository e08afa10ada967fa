//! One person's facts, and the decision, against the bare query of the same rows.

use crate::bare::Bare;
use crate::events::{EACH, instant};
use byleave::{Engine, Outcome};
use byleave_ledger::{Ask, Ledger, List, Sqlite};
use jiff::Timestamp;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The organisation: its names, and what it reaches.
const CLINIC: &str = r#"
pack org.clinic { title "A clinic" source "Handbook" edition "1" clock America/New_York }
use core
use core.preferences
sender clinic_group marked seller { clinic, pharmacy, billing }
topic visits
reaches US by voice, text, email, mail, push
"#;

/// How often each person is asked about in each way.
const ROUNDS: usize = 5;
/// People who are asked about when nothing of the files is in memory.
const COLD: usize = 300;

fn request(person: &str, at: &str) -> String {
    format!(
        r#"{{"at":"{at}","complete":["preferences"],"person":{{"birth_date":"1961-05-17","jurisdictions":["US-NY"],"time_zones":["America/New_York"],"relationships":["patient"]}},
        "sender":{{"id":"clinic","kind":["provider"]}},
        "contact":{{"channel":"sms","purpose":["appointment"],"topic":["visits"],"technology":["automated_dialing"],
        "fields":[{{"name":"time","category":["appointment_time"],"place":"body","needed":true}}]}},
        "address":{{"value":"{}","kind":"phone","line":["wireless"],"jurisdictions":["US-NY"],"provided_by":"person","free_to_recipient":true}},
        "content":{{"includes":["sender_identity","provider_contact","stop_instructions"],"length":131}}}}"#,
        phone(person),
    )
}

struct World {
    engine: Engine,
    ledger: Ledger<Sqlite>,
    at: String,
}

/// What is asked of a person, and what the ledger laid under it before.
struct Asked {
    person: String,
    phone: String,
    request: String,
    laid: String,
}

/// What is timed, besides the bare query of the same person.
type Way = fn(&mut World, &Asked) -> Option<Outcome>;

/// From the text of the request on.
const WAYS: [(&str, Way); 6] = [
    ("facts laid under the request, as text", |world, asked| {
        black_box(world.ledger.lay_text(&asked.request, &world.ask(asked)).expect("facts"));
        None
    }),
    ("both, the outcome alone: Ledger::verdict", |world, asked| {
        let ask = world.ask(asked);
        Some(world.ledger.verdict(&world.engine, &asked.request, &ask).expect("a verdict").outcome())
    }),
    ("both: Ledger::answer", |world, asked| {
        let ask = world.ask(asked);
        Some(world.ledger.answer(&world.engine, &asked.request, &ask).expect("a decision").outcome)
    }),
    ("the outcome alone of what was laid, from text", |world, asked| {
        Some(world.engine.verdict_text(&asked.laid).expect("a verdict").outcome())
    }),
    ("deciding what was laid, from text", |world, asked| {
        Some(world.engine.decide_text(&asked.laid).expect("a decision").outcome)
    }),
    ("deciding what was laid, by its tree", |world, asked| {
        let request = world.engine.request(&asked.laid).expect("a request");
        Some(world.engine.decide(&request).expect("a decision").outcome)
    }),
];

impl World {
    fn ask<'a>(&self, asked: &'a Asked) -> Ask<'a> {
        let known_at: Timestamp = self.at.parse().expect("an instant");
        Ask { person: &asked.person, address: Some(&asked.phone), known_at }
    }

    fn about(&mut self, person: &str) -> Asked {
        let (request, phone) = (request(person, &self.at), phone(person));
        let mut asked = Asked { person: person.to_owned(), phone, request, laid: String::new() };
        asked.laid = self.ledger.lay_text(&asked.request, &self.ask(&asked)).expect("facts");
        asked
    }
}

fn phone(person: &str) -> String {
    crate::events::phone(person.rsplit('-').next().and_then(|it| it.parse().ok()).unwrap_or(0))
}

fn median(times: &mut [u128]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0) as f64 / 1e3
}

/// How long the bare query takes of a person; and the way, before it or after it by turns.
fn both(bare: &Bare, world: &mut World, asked: &Asked, way: Way, first: bool) -> [u128; 2] {
    let query = || {
        let start = Instant::now();
        let rows = bare.ask(&asked.person).expect("rows");
        let took = start.elapsed().as_nanos();
        assert_eq!(rows.len() as u64, EACH);
        took
    };
    let mut way = || {
        let start = Instant::now();
        black_box(way(world, asked));
        start.elapsed().as_nanos()
    };
    if first {
        let query = query();
        [query, way()]
    } else {
        let way = way();
        [query(), way]
    }
}

fn told(name: &str, query: &mut [u128], way: &mut [u128]) {
    let (query, way) = (median(query), median(way));
    println!("{query:>12.1} µs{way:>12.1} µs{:>8.2}  {name}", way / query);
}

/// Asks about people with thirty events, who come in no order.
pub fn facts(file: &Path, bare_file: &Path, bare: Bare, many: u64) {
    let engine = byleave_packs::builder(["us.health"]).expect("packs");
    let engine = engine.source("org.clinic", "clinic.leave", CLINIC).build().expect("an engine");
    // The clinic's systems tell everything.
    let mut kept = Ledger::open(file).expect("the ledger");
    for list in List::ALL.into_iter().take(5) {
        kept.keeps(list, None).expect("a claim");
    }
    drop(kept);
    let people = bare.people_with(EACH, EACH).expect("people");
    let mut world =
        World { engine, ledger: Ledger::open_to_read(file).expect("the ledger"), at: instant(many + 60) };
    let asked: Vec<Asked> = people.iter().map(|person| world.about(person)).collect();
    let (mut outcomes, mut reasons) = ([0usize; 3], 0);
    for asked in &asked {
        let decision = world.engine.decide_text(&asked.laid).expect("a decision");
        let ask = world.ask(asked);
        let verdict = world.ledger.verdict(&world.engine, &asked.request, &ask).expect("a verdict");
        assert_eq!(verdict.outcome(), decision.outcome);
        outcomes[decision.outcome as usize] += 1;
        reasons += decision.reasons.len();
        drop(bare.ask(&asked.person).expect("rows"));
    }
    let laid: usize = asked.iter().map(|it| it.laid.len()).sum();
    println!(
        "{} people with {EACH} events, {} bytes of facts each, each asked about {ROUNDS} times in each way; medians",
        people.len(),
        laid / people.len().max(1)
    );
    println!("{:>15}{:>15}{:>8}", "bare query", "", "ratio");
    for (name, way) in WAYS {
        let (mut query, mut took) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for (n, asked) in asked.iter().enumerate() {
                let [bare, way] = both(&bare, &mut world, asked, way, n % 2 == 0);
                query.push(bare);
                took.push(way);
            }
        }
        told(name, &mut query, &mut took);
    }
    // Nothing of the files in memory: neither in the process nor in the system, as after the machine was started.
    let World { engine, ledger, at } = world;
    drop((ledger, bare));
    for (name, way) in WAYS.into_iter().take(3) {
        if ![file, bare_file].into_iter().all(forgotten) {
            println!("(nothing is known of how it is when the files are not in memory)");
            break;
        }
        let bare = Bare::open(bare_file).expect("bare tables");
        let ledger = Ledger::open_to_read(file).expect("the ledger");
        let mut world = World { engine: engine.clone(), ledger, at: at.clone() };
        let (mut query, mut took) = (Vec::new(), Vec::new());
        for (n, asked) in asked.iter().take(COLD).enumerate() {
            let [bare, way] = both(&bare, &mut world, asked, way, n % 2 == 0);
            query.push(bare);
            took.push(way);
        }
        told(&format!("{name}; cold, {} people once", took.len()), &mut query, &mut took);
    }
    let [allow, defer, deny] = outcomes;
    let reasons = reasons as f64 / people.len().max(1) as f64;
    println!("outcomes: {allow} allow, {defer} defer, {deny} deny; {reasons:.1} reasons a decision\n");
}

/// Lets the system forget what it holds of a file.
fn forgotten(file: &Path) -> bool {
    let mut dd = Command::new("dd");
    dd.arg(format!("if={}", file.display())).args(["iflag=nocache", "count=0"]).stderr(Stdio::null());
    dd.status().is_ok_and(|it| it.success())
}
