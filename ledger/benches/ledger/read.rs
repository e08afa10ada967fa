//! One person's facts, and the decision, against the bare query of the same rows.

use crate::bare::Bare;
use crate::events::{EACH, instant};
use byleave::wire::{Json, Limits};
use byleave::{Engine, Request};
use byleave_ledger::{Ask, Ledger, Sqlite};
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
    let number: u64 = person.rsplit('-').next().and_then(|it| it.parse().ok()).unwrap_or(0);
    format!(
        r#"{{"at":"{at}","person":{{"jurisdictions":["US-NY"],"time_zones":["America/New_York"],"relationships":["patient"]}},
        "sender":{{"id":"clinic","kind":["provider"]}},
        "contact":{{"channel":"sms","purpose":["appointment"],"topic":["visits"],"technology":["automated_dialing"],
        "fields":[{{"name":"time","category":["appointment_time"],"place":"body","needed":true}}]}},
        "address":{{"value":"{}","kind":"phone","line":["wireless"],"jurisdictions":["US-NY"],"provided_by":"person","free_to_recipient":true}},
        "content":{{"includes":["sender_identity","provider_contact","stop_instructions"],"length":131}}}}"#,
        crate::events::phone(number),
    )
}

struct World {
    engine: Engine,
    ledger: Ledger<Sqlite>,
    at: String,
}

impl World {
    fn lay(&mut self, person: &str) -> Json {
        let json = Json::parse(&request(person, &self.at), &Limits::MOST).expect("a request");
        let address = match json_text(&json, "address", "value") {
            Some(address) => address,
            None => String::new(),
        };
        let known_at = self.at.parse().expect("an instant");
        self.ledger.lay_under(json, &Ask { person, address: Some(&address), known_at }).expect("facts")
    }
}

fn json_text(json: &Json, entity: &str, key: &str) -> Option<String> {
    let Json::Map(entries) = json else { return None };
    let (_, Json::Map(inner)) = entries.iter().find(|(it, _)| it == entity)? else { return None };
    match inner.iter().find(|(it, _)| it == key)? {
        (_, Json::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn median(times: &mut [u128]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0) as f64 / 1e3
}

/// Asks about people with thirty events.
pub fn facts(file: &Path, bare: &mut Bare, many: u64) {
    let engine = byleave_packs::builder(["us.health"]).expect("packs");
    let engine = engine.source("org.clinic", "clinic.leave", CLINIC).build().expect("an engine");
    let mut world =
        World { engine, ledger: Ledger::open_to_read(file).expect("the ledger"), at: instant(many + 60) };
    let people = bare.people_with(EACH, EACH).expect("people");
    let (mut query, mut lay, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let mut outcomes = [0usize; 3];
    let mut bytes = 0;
    for round in 0..=ROUNDS {
        for person in &people {
            let start = Instant::now();
            let rows = bare.ask(person).expect("rows");
            let bare_took = start.elapsed().as_nanos();
            assert_eq!(rows.len() as u64, EACH);
            bytes += rows.iter().map(String::len).sum::<usize>();
            black_box(rows);
            let start = Instant::now();
            black_box(world.lay(person));
            let lay_took = start.elapsed().as_nanos();
            let start = Instant::now();
            let laid = Request::from_json(world.lay(person), &Limits::MOST).expect("a request");
            let decision = world.engine.decide(&laid).expect("a decision");
            let both_took = start.elapsed().as_nanos();
            outcomes[decision.outcome as usize] += 1;
            // The first is for the caches.
            if round > 0 {
                query.push(bare_took);
                lay.push(lay_took);
                both.push(both_took);
            }
        }
    }
    let asked = people.len() * (ROUNDS + 1);
    println!("{} people with {EACH} events, {} bytes each; medians of {}:", people.len(), bytes / asked.max(1), query.len());
    let (query, lay, both) = (median(&mut query), median(&mut lay), median(&mut both));
    println!("bare query {query:.1} µs");
    println!("lay_under {lay:.1} µs, {:.2}", lay / query);
    println!("lay_under and decide {both:.1} µs, {:.2}", both / query);
    println!("outcomes {outcomes:?}\n");
}
