//! Row by row what `decide` says of the request that says the same, whichever way a row goes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int16Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, RecordBatch, StringArray, TimestampMicrosecondArray, TimestampSecondArray,
};
use arrow_schema::{Field, Schema};
use byleave::time::{Date, Instant};
use byleave::wire::Json;
use byleave::{Engine, Outcome, Scratch};
use byleave_arrow::{Asked, Audience};
use std::sync::Arc;

const POLICY: &str = include_str!("../../../tests/benches/policy/twelve.leave");
/// 2026-07-01T16:00:00Z
const AT: i64 = 1_782_921_600_000_000;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
const CONTACT: &str = r#""at": "2026-07-01T16:00:00Z",
    "contact": {"channel": "sms", "purpose": "own_service", "topic": "running", "technology": "automated",
        "data": [], "fields": [], "uses": ["personalise"]},
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]},
    "complete": ["lists", "signals", "interactions"]"#;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len() as u64) as usize]
    }

    fn maybe<T>(&mut self, value: T, but_one_in: u64) -> Option<T> {
        if self.one_in(but_one_in) { None } else { Some(value) }
    }
}

#[derive(Default)]
struct Person {
    name: String,
    zones: Option<Vec<&'static str>>,
    state: Option<&'static str>,
    born: Option<i32>,
    address: Option<String>,
}

#[derive(Clone)]
struct Event {
    of: String,
    id: Option<String>,
    kind: &'static str,
    level: Option<&'static str>,
    at: Option<i64>,
    recorded: Option<i64>,
    channels: Option<Vec<&'static str>>,
    address: Option<String>,
    purpose: Option<&'static str>,
}

fn person(dice: &mut Dice, n: usize) -> Person {
    let zones = ["America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix"];
    let mut some: Vec<&str> = (0..dice.below(3)).map(|_| dice.of(&zones)).collect();
    if dice.one_in(20) {
        some.push("Mars/Olympus");
    }
    let born = dice.below(25_000) as i32 - 5_000;
    Person {
        name: format!("p{n:04}"),
        zones: dice.maybe(some, 9),
        state: dice.maybe("US-NY", 2).or(dice.maybe("US-FL", 5)),
        born: dice.maybe(born, 6),
        address: dice.maybe(format!("+1555000{}", n % 7), 6),
    }
}

fn event(dice: &mut Dice, of: &str, days: i64) -> Event {
    let kind = dice.of(&["grant", "grant", "grant", "grant", "revoke", "decline"]);
    let ago = |dice: &mut Dice| AT - dice.below((days * 86_400) as u64) as i64 * SECOND + DAY;
    let named = format!("e{}", dice.below(40));
    let (at, recorded) = (ago(dice), ago(dice));
    // Now and then two at one instant.
    let at = if dice.one_in(4) { at - at.rem_euclid(30 * DAY) } else { at };
    let level = dice.of(&["opted_in", "express", "express_written", "nonesuch"]);
    // Now and then written as people write it.
    let address = format!("{}{}", dice.of(&["+1555000", "+1555000", "+1 (555) 000-"]), dice.below(7));
    let channels = vec![dice.of(&["text", "sms", "voice"]), dice.of(&["text", "email"])];
    Event {
        of: of.to_owned(),
        id: dice.maybe(named, 3),
        kind,
        level: dice.maybe(level, 6).filter(|_| kind == "grant"),
        at: dice.maybe(at, 25),
        recorded: dice.maybe(recorded, 2).filter(|_| dice.one_in(3)),
        channels: dice.maybe(channels, 2),
        address: dice.maybe(address, 2).filter(|_| dice.one_in(3)),
        purpose: dice.maybe("own_service", 2).or(dice.maybe("billing", 3)),
    }
}

fn texts<'t>(all: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(all.collect::<StringArray>())
}

fn numbered<'t>(all: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    let mut out = StringDictionaryBuilder::<Int16Type>::new();
    all.for_each(|it| out.append_option(it));
    Arc::new(out.finish())
}

fn lists<'t>(all: impl Iterator<Item = Option<&'t Vec<&'static str>>>) -> ArrayRef {
    let mut out = ListBuilder::new(StringBuilder::new());
    for words in all {
        words.into_iter().flatten().for_each(|word| out.values().append_value(word));
        out.append(words.is_some());
    }
    Arc::new(out.finish())
}

fn instants(all: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(all.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn frame(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields = columns.iter().map(|(name, it)| Field::new(*name, it.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, it)| it).collect()).unwrap()
}

fn people(all: &[Person]) -> RecordBatch {
    frame(vec![
        ("person.id", texts(all.iter().map(|it| Some(it.name.as_str())))),
        ("person.time_zones", lists(all.iter().map(|it| it.zones.as_ref()))),
        ("person.jurisdictions", numbered(all.iter().map(|it| it.state))),
        ("person.birth_date", Arc::new(all.iter().map(|it| it.born).collect::<Date32Array>())),
        ("address.value", texts(all.iter().map(|it| it.address.as_deref()))),
    ])
}

/// In several batches, the persons of which are no whole ones.
fn batches(whole: &RecordBatch, rows: usize) -> Vec<RecordBatch> {
    let each = (0..whole.num_rows()).step_by(rows);
    each.map(|at| whole.slice(at, rows.min(whole.num_rows() - at))).collect()
}

fn consents(all: &[Event]) -> RecordBatch {
    frame(vec![
        ("person.id", texts(all.iter().map(|it| Some(it.of.as_str())))),
        ("id", texts(all.iter().map(|it| it.id.as_deref()))),
        ("kind", numbered(all.iter().map(|it| Some(it.kind)))),
        ("level", texts(all.iter().map(|it| it.level))),
        ("at", instants(all.iter().map(|it| it.at))),
        ("recorded_at", instants(all.iter().map(|it| it.recorded))),
        ("scope.channel", lists(all.iter().map(|it| it.channels.as_ref()))),
        ("scope.address", texts(all.iter().map(|it| it.address.as_deref()))),
    ])
}

fn contacts(all: &[Event]) -> RecordBatch {
    let seconds = all.iter().map(|it| it.at.map(|at| at / SECOND));
    frame(vec![
        ("person.id", numbered(all.iter().map(|it| Some(it.of.as_str())))),
        ("id", texts(all.iter().map(|it| it.id.as_deref()))),
        ("at", Arc::new(seconds.collect::<TimestampSecondArray>().with_timezone("UTC"))),
        ("purpose", texts(all.iter().map(|it| it.purpose))),
    ])
}

/// `"key": value, ` as JSON, of what stands there.
fn said(out: &mut String, key: &str, value: Option<String>) {
    if let Some(value) = value {
        out.push_str(&format!("{}\"{key}\": {value}", if out.ends_with('{') { "" } else { ", " }));
    }
}

fn quoted(text: impl std::fmt::Display) -> String {
    format!("\"{text}\"")
}

fn listed(words: &[&str]) -> String {
    format!("[{}]", words.iter().map(quoted).collect::<Vec<_>>().join(", "))
}

fn event_json(it: &Event, consent: bool) -> String {
    let mut out = String::from("{");
    said(&mut out, "id", it.id.as_ref().map(quoted));
    said(&mut out, "at", it.at.map(|at| quoted(Instant(at))));
    if consent {
        said(&mut out, "kind", Some(quoted(it.kind)));
        said(&mut out, "level", it.level.map(quoted));
        said(&mut out, "recorded_at", it.recorded.map(|at| quoted(Instant(at))));
        let mut scope = String::from("{");
        said(&mut scope, "channel", it.channels.as_deref().map(listed));
        said(&mut scope, "address", it.address.as_ref().map(quoted));
        said(&mut out, "scope", Some(scope + "}"));
    } else {
        said(&mut out, "purpose", it.purpose.map(quoted));
    }
    out + "}"
}

fn request(it: &Person, consents: &[Event], contacts: &[Event]) -> String {
    let mut person = format!("{{\"id\": \"{}\"", it.name);
    said(&mut person, "time_zones", it.zones.as_deref().map(listed));
    said(&mut person, "jurisdictions", it.state.map(|state| listed(&[state])));
    said(&mut person, "birth_date", it.born.map(|day| quoted(Date(day))));
    let mut address = String::from("{");
    said(&mut address, "value", it.address.as_ref().map(quoted));
    let events = |all: &[Event], consent| {
        let own = all.iter().filter(|event| event.of == it.name);
        own.map(|event| event_json(event, consent)).collect::<Vec<_>>().join(", ")
    };
    let (consents, contacts) = (events(consents, true), events(contacts, false));
    format!(
        "{{{CONTACT}, \"person\": {person}}}, \"address\": {address}}}, \"consents\": [{consents}], \
         \"contacts\": [{contacts}]}}"
    )
}

fn engine() -> Engine {
    Engine::builder().source("twelve", "twelve.leave", POLICY).build().unwrap()
}

/// The outcome, none of a row that cannot be read, and until when it waits.
type Answer = (Option<String>, Option<i64>);

/// Outcome and instant by row, and how many rows went the quick way.
fn decided(
    engine: &Engine,
    people: &RecordBatch,
    frames: Vec<(&'static str, Vec<RecordBatch>)>,
) -> (Vec<Answer>, usize) {
    decided_of(engine, CONTACT, people, frames)
}

/// The same of another contact.
fn decided_of(
    engine: &Engine,
    contact: &str,
    people: &RecordBatch,
    frames: Vec<(&'static str, Vec<RecordBatch>)>,
) -> (Vec<Answer>, usize) {
    let text = format!("{{{contact}, \"detail\": \"outcome\"}}");
    let asked = Asked {
        request: Json::parse(&text, &engine.limits()).unwrap(),
        key: "person.id".to_owned(),
        keep: Vec::new(),
        threads: 1,
    };
    let frames = frames.into_iter().map(|(list, batches)| (list, batches[0].schema(), batches)).collect();
    let mut audience = Audience::new(engine.clone(), asked, &people.schema(), frames).unwrap();
    let mut out = Vec::new();
    for batch in batches(people, 50) {
        let answers = audience.decide(&batch).unwrap();
        let column = |name: &str| Arc::clone(answers.column_by_name(name).unwrap());
        let (outcome, until) = (column("outcome"), column("until"));
        let outcome = outcome.as_any().downcast_ref::<StringArray>().unwrap();
        let until = until.as_any().downcast_ref::<TimestampMicrosecondArray>().unwrap();
        out.extend(outcome.iter().map(|it| it.map(str::to_owned)).zip(until.iter()));
    }
    (out, audience.quick_rows())
}

fn expected(engine: &Engine, text: &str) -> Answer {
    let request = engine.request(text).unwrap();
    let Ok(facts) = engine.facts(&request) else { return (None, None) };
    let verdict = engine.verdict(&facts, &mut Scratch::default()).unwrap();
    let word = match verdict.outcome() {
        Outcome::Allow => "allow",
        Outcome::Defer => "defer",
        Outcome::Deny => "deny",
    };
    (Some(word.to_owned()), verdict.until().map(|it| it.0))
}

#[test]
fn random_rows_are_answered_as_requests_are() {
    let engine = engine();
    let mut told = std::collections::BTreeMap::<String, usize>::new();
    let mut quickly = 0;
    for seed in 1..9u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let all: Vec<Person> = (0..120).map(|n| person(&mut dice, n)).collect();
        let events = |dice: &mut Dice, days| {
            let mut out = Vec::new();
            for it in &all {
                out.extend((0..dice.below(6)).map(|_| event(dice, &it.name, days)).collect::<Vec<_>>());
            }
            out
        };
        let (mut given, mut sent) = (events(&mut dice, 900), events(&mut dice, 12));
        if seed % 2 == 0 {
            // Out of order: each person's events stand apart.
            given.sort_by_key(|it| it.at);
            sent.sort_by_key(|it| it.at);
        }
        let frames = vec![("consents", batches(&consents(&given), 70)), ("contacts", vec![contacts(&sent)])];
        let (answers, quick) = decided(&engine, &people(&all), frames);
        quickly += quick;
        assert_eq!(answers.len(), all.len());
        for (it, answer) in all.iter().zip(answers) {
            let text = request(it, &given, &sent);
            assert_eq!(answer, expected(&engine, &text), "{text}");
            *told.entry(answer.0.unwrap_or_else(|| "error".to_owned())).or_default() += 1;
        }
    }
    assert!(quickly > 500, "{quickly} rows went the quick way");
    assert!(told["allow"] > 20 && told["deny"] > 200 && told["error"] > 20, "{told:?}");
}

/// What a person before had is no fact of the next one, also where a row between them went the long way.
#[test]
fn nothing_is_left_of_a_person_before() {
    let engine = engine();
    let (zone, nowhere) = (vec!["America/New_York"], vec!["Mars/Olympus"]);
    let named = |n: usize, zones: &Vec<&'static str>, born| Person {
        name: format!("p{n}"),
        zones: Some(zones.clone()),
        state: Some("US-NY"),
        born,
        address: None,
    };
    let all = [
        named(0, &zone, Some(0)),
        named(1, &nowhere, None),
        // Of whom nobody knows whether they are of age.
        named(2, &zone, None),
        named(3, &zone, Some(0)),
        Person { zones: Some(zone.clone()), name: "p4".to_owned(), born: Some(0), ..Person::default() },
    ];
    let grant = |it: &Person| Event {
        of: it.name.clone(),
        id: None,
        kind: "grant",
        level: Some("express_written"),
        at: Some(AT - 3 * DAY),
        recorded: None,
        channels: Some(vec!["text"]),
        address: None,
        purpose: None,
    };
    let given: Vec<Event> = all.iter().map(grant).collect();
    let frames = vec![("consents", vec![consents(&given)]), ("contacts", vec![contacts(&given[..0])])];
    let (answers, quick) = decided(&engine, &people(&all), frames);
    let outcomes: Vec<Option<&str>> = answers.iter().map(|it| it.0.as_deref()).collect();
    for (it, answer) in all.iter().zip(&answers) {
        assert_eq!(*answer, expected(&engine, &request(it, &given, &[])), "{}", it.name);
    }
    assert_eq!(outcomes[0], Some("allow"));
    assert_eq!((outcomes[1], outcomes[2]), (None, Some("deny")));
    assert_eq!(quick, 4);
}

/// A contact that answers an event of which the rows alone tell: each person's own by that name, or none.
#[test]
fn what_the_contact_answers_is_found_in_the_rows() {
    let policy = format!(
        "{POLICY}\nrule answers {{ cite \"A page\"  require not contact.responds_to is revocation }}\n"
    );
    let engine = Engine::builder().source("twelve", "twelve.leave", &policy).build().unwrap();
    let contact = CONTACT.replace(r#""channel""#, r#""responds_to": "asked", "channel""#);
    assert!(contact.contains("responds_to"));
    let all: Vec<Person> = (0..4)
        .map(|n| Person {
            name: format!("p{n}"),
            zones: Some(vec!["America/New_York"]),
            state: Some("US-NY"),
            born: Some(0),
            address: None,
        })
        .collect();
    let event = |n: usize, id: Option<&str>, kind: &'static str, channel: &'static str| Event {
        of: format!("p{n}"),
        id: id.map(str::to_owned),
        kind,
        level: (kind == "grant").then_some("express_written"),
        at: Some(AT - 3 * DAY),
        recorded: None,
        channels: Some(vec![channel]),
        address: None,
        purpose: None,
    };
    let given = vec![
        // What is answered is a yes of this person, a no of the next one, and of the others nothing that is told.
        event(0, Some("asked"), "grant", "text"),
        event(1, None, "grant", "text"),
        event(1, Some("asked"), "revoke", "email"),
        event(2, Some("other"), "grant", "text"),
        event(3, None, "grant", "text"),
    ];
    let frames = || vec![("consents", vec![consents(&given)]), ("contacts", vec![contacts(&given[..0])])];
    let (answers, _) = decided_of(&engine, &contact, &people(&all), frames());
    for (it, answer) in all.iter().zip(&answers) {
        let text = request(it, &given, &[]).replace(CONTACT, &contact);
        assert_eq!(*answer, expected(&engine, &text), "{}", it.name);
    }
    let outcomes: Vec<Option<&str>> = answers.iter().map(|it| it.0.as_deref()).collect();
    assert_eq!(outcomes, [Some("allow"), Some("deny"), Some("deny"), Some("deny")]);
    // Of a contact that answers nothing the quick way is open as before.
    let contact = CONTACT.replace(r#""channel""#, r#""responds_to": null, "channel""#);
    let (answers, quick) = decided_of(&engine, &contact, &people(&all), frames());
    assert!(answers.iter().all(|it| it.0.as_deref() == Some("allow")), "{answers:?}");
    assert_eq!(quick, 4);
}
