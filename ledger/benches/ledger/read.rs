//! One person's facts, and the decision, against the bare query of the same rows.

use crate::bare::Bare;
use crate::events::{EACH, instant};
use byleave::wire::{Json, Limits};
use byleave::{Engine, Outcome};
use byleave_ledger::{Ask, Ledger, List, Sqlite};
use jiff::Timestamp;
use std::hint::black_box;
use std::path::Path;
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

/// What is timed, after the bare query of the same person.
type Way = fn(&mut World, &str, &str) -> Option<Outcome>;

/// From the text of the request on; `facts` is what the ledger laid under it before.
const WAYS: [(&str, Way); 7] = [
    ("facts laid under the request, as text", |world, person, _| {
        let (request, address) = world.request(person);
        let ask = Ask { person, address: Some(&address), known_at: world.known_at() };
        black_box(world.ledger.lay_text(request, &ask).expect("facts"));
        None
    }),
    ("the same as a tree", |world, person, _| {
        let (request, address) = world.request(person);
        let ask = Ask { person, address: Some(&address), known_at: world.known_at() };
        black_box(world.ledger.lay_under(request, &ask).expect("facts"));
        None
    }),
    ("deciding what was laid, from text", |world, _, facts| {
        Some(world.engine.decide_text(facts).expect("a decision").outcome)
    }),
    ("deciding what was laid, by its tree", |world, _, facts| {
        let request = world.engine.request(facts).expect("a request");
        Some(world.engine.decide(&request).expect("a decision").outcome)
    }),
    ("the same, the outcome and its instants alone", |world, _, facts| {
        let facts = brief(facts);
        Some(world.engine.decide_text(facts).expect("a decision").outcome)
    }),
    ("both: Ledger::decide", |world, person, _| {
        let (request, address) = world.request(person);
        let ask = Ask { person, address: Some(&address), known_at: world.known_at() };
        Some(world.ledger.answer(&world.engine, request, &ask).expect("a decision").outcome)
    }),
    ("both, the outcome and its instants alone", |world, person, _| {
        let (request, address) = world.request(person);
        let ask = Ask { person, address: Some(&address), known_at: world.known_at() };
        let facts = brief(&world.ledger.lay_text(request, &ask).expect("facts"));
        Some(world.engine.decide_text(facts).expect("a decision").outcome)
    }),
];

/// The request asking for less.
fn brief(facts: &str) -> String {
    format!("{{\"detail\":\"outcome\",{}", facts.strip_prefix('{').expect("an object"))
}

impl World {
    fn request(&self, person: &str) -> (Json, String) {
        let json = Json::parse(&request(person, &self.at), &Limits::MOST).expect("a request");
        (json, phone(person))
    }

    fn known_at(&self) -> Timestamp {
        self.at.parse().expect("an instant")
    }
}

fn phone(person: &str) -> String {
    crate::events::phone(person.rsplit('-').next().and_then(|it| it.parse().ok()).unwrap_or(0))
}

fn median(times: &mut [u128]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0) as f64 / 1e3
}

/// Asks about people with thirty events.
pub fn facts(file: &Path, bare: &mut Bare, many: u64) {
    let engine = byleave_packs::builder(["us.health"]).expect("packs");
    let engine = engine.source("org.clinic", "clinic.leave", CLINIC).build().expect("an engine");
    // The clinic's systems tell everything.
    let mut kept = Ledger::open(file).expect("the ledger");
    for list in List::ALL.into_iter().take(5) {
        kept.keeps(list, None).expect("a claim");
    }
    drop(kept);
    let mut world =
        World { engine, ledger: Ledger::open_to_read(file).expect("the ledger"), at: instant(many + 60) };
    let people = bare.people_with(EACH, EACH).expect("people");
    let (mut query, mut ways) = (Vec::new(), WAYS.map(|_| Vec::new()));
    let (mut outcomes, mut bytes, mut reasons) = ([0usize; 3], 0, 0);
    for round in 0..=ROUNDS {
        for person in &people {
            let (json, address) = world.request(person);
            let ask = Ask { person, address: Some(&address), known_at: world.known_at() };
            let laid = world.ledger.lay_text(json, &ask).expect("facts");
            reasons += world.engine.decide_text(&laid).expect("a decision").reasons.len();
            let start = Instant::now();
            let rows = bare.ask(person).expect("rows");
            let took = start.elapsed().as_nanos();
            assert_eq!(rows.len() as u64, EACH);
            bytes += rows.iter().map(String::len).sum::<usize>();
            black_box(rows);
            // The first round is for the caches.
            if round > 0 {
                query.push(took);
            }
            for ((_, way), times) in WAYS.iter().zip(&mut ways) {
                let start = Instant::now();
                let outcome = way(&mut world, person, &laid);
                let took = start.elapsed().as_nanos();
                if let Some(outcome) = outcome {
                    outcomes[outcome as usize] += 1;
                }
                if round > 0 {
                    times.push(took);
                }
            }
        }
    }
    let each = bytes / (people.len() * (ROUNDS + 1)).max(1);
    println!(
        "{} people with {EACH} events of {each} bytes together, each asked about {ROUNDS} times; medians",
        people.len()
    );
    let query = median(&mut query);
    println!("{query:>10.1} µs        the bare query, rows read as text");
    for ((name, _), times) in WAYS.iter().zip(&mut ways) {
        let took = median(times);
        println!("{took:>10.1} µs {:>6.2} {name}", took / query);
    }
    let [allow, defer, deny] = outcomes;
    let reasons = reasons as f64 / (people.len() * (ROUNDS + 1)) as f64;
    println!("outcomes: {allow} allow, {defer} defer, {deny} deny; {reasons:.1} reasons a decision\n");
}
