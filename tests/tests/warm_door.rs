//! The warm door for requests gives the answers that the tree's door gives, or leaves the request to the quick one: whatever
//! was read before, and whatever that said.

use byleave::wire::Limits;
use byleave::wire::flat::{Flat, Keys, Shapes, Warm, Written};
use byleave::{Detail, Engine, Scratch};
use byleave_tests::spoil::spoil;
use byleave_tests::worlds::{Dice, World};
use byleave_tests::{corpus, harness, laws, load};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A host that hands over one request after another.
struct Host {
    engine: Engine,
    warm: Warm,
    written: Written,
    flat: Flat,
    shapes: Shapes,
}

impl Host {
    fn new(engine: Engine) -> Host {
        let warm = engine.warm().expect("a policy that the warm door knows");
        Host { engine, warm, written: Written::default(), flat: Flat::default(), shapes: Shapes::default() }
    }

    /// Whether the warm door read it; what is wrong between it and the tree's.
    fn both(&mut self, request: &Json) -> Result<bool, String> {
        let Host { engine, warm, written, flat, shapes } = self;
        written.begin();
        let Some(()) = value(written, engine.keys(), request) else { return Ok(false) };
        flat.begin(&Limits::MOST).expect("the usual limits");
        let taken = warm.take(written.tape(), shapes, flat);
        let read = taken.and_then(|()| warm.facts(flat));
        let mut scratch = Scratch::default();
        let said = read.map(|(facts, detail)| {
            (
                engine.verdict(facts, &mut scratch).unwrap(),
                engine.decide_facts(facts, Detail::Full, &mut scratch).unwrap(),
                detail,
            )
        });
        warm.forget();
        let kept = written.tape().keep();
        let quick =
            flat.begin(&Limits::MOST).and_then(|()| kept.tape().read(engine.keys().len(), shapes, flat));
        let quick = quick.and_then(|()| engine.read_flat(flat));
        let Some((verdict, decision, detail)) = said else { return Ok(false) };
        let tree = engine.request(request.to_string()).and_then(|it| Ok((engine.facts(&it)?, it.detail()?)));
        let (mut known, asked) =
            tree.map_err(|error| format!("only one door refuses: {error}\n{request}"))?;
        known.digest = None;
        if (asked, Some(&known)) != (detail, quick.as_ref().map(|it| &it.0)) {
            return Err(format!("the quick door does not read it alike: {request}"));
        }
        let meant = engine.decide_facts(&known, Detail::Full, &mut scratch).unwrap();
        if meant != decision || verdict != engine.verdict(&known, &mut scratch).unwrap() {
            return Err(format!("other answers:\n{request}\n{decision:?}\n{meant:?}"));
        }
        Ok(true)
    }
}

fn value(out: &mut Written, keys: &Keys, json: &Json) -> Option<()> {
    match json {
        Json::Null => out.null(),
        Json::Bool(b) => out.bool(*b),
        Json::Number(n) => out.int(n.as_i64()?),
        Json::String(text) => out.text(text),
        Json::Array(items) => {
            out.list(items.len())?;
            items.iter().try_for_each(|item| value(out, keys, item))
        }
        Json::Object(entries) => {
            let mut object = out.open()?;
            for (key, inner) in entries {
                out.key(&mut object, key, keys)?;
                value(out, keys, inner)?;
            }
            out.close(object)
        }
    }
}

#[test]
fn the_warm_door_agrees_on_the_corpus() {
    let mut hosts = BTreeMap::new();
    let (mut all, mut warm) = (0, 0);
    for round in 0..2 {
        for (_, file) in corpus::files().expect("the corpus") {
            for case in &file.cases {
                let texts = file.texts(case).expect("its policy");
                let host =
                    hosts.entry(texts.clone()).or_insert_with(|| load::of_texts(&texts).ok().map(Host::new));
                let Some(host) = host else { continue };
                let read = host.both(&case.request).unwrap_or_else(|why| panic!("{}: {why}", case.name));
                all += round;
                warm += round * usize::from(read);
            }
        }
    }
    println!("{warm} of {all} cases are read by the warm door");
    assert!(warm * 2 > all, "{warm} of {all} are too few to show anything");
}

#[test]
fn the_warm_door_agrees_on_random_requests() {
    let (mut all, mut warm) = (0, 0);
    for seed in 0..u64::from(harness::cases(60)) {
        let world = World::new(seed);
        let Ok(engine) = load::engine(&[laws::pack(&world)]) else { continue };
        let mut host = Host::new(engine);
        let mut dice = Dice::new(seed);
        for round in 0..40 {
            let mut request = world.request.clone();
            if let (true, Some(keys)) = (round % 2 == 1, request.as_object_mut()) {
                // Who gets it besides the person is seldom told.
                keys.remove("recipient");
            }
            for _ in 0..round % 5 {
                spoil(&mut dice, &mut request);
            }
            all += 1;
            warm += usize::from(host.both(&request).unwrap_or_else(|why| panic!("seed {seed}: {why}")));
        }
    }
    println!("{warm} of {all} requests are read by the warm door");
    assert!(warm * 16 > all, "{warm} of {all} are too few to show anything");
}

#[test]
fn events_that_nobody_told_before_are_forgotten_when_they_are_too_many() {
    const WORDS: [&str; 2] = ["text", "sms"];
    let head = laws::HEAD;
    let rule = "rule r { cite \"1\" when contact.channel is sms because \"No.\" }";
    let mut host = Host::new(load::engine(&[format!("{head}{rule}")]).expect("an engine"));
    let mut warm = 0;
    // Each list of words is another kind of event.
    for n in 0..5_000u32 {
        let channel: Vec<&str> = (0..13).map(|bit| WORDS[(n >> bit & 1) as usize]).collect();
        let event = json!({"at": "2026-06-01T12:00:00Z", "kind": "revoke", "scope": {"channel": channel}});
        let request = json!({"at": "2026-07-01T12:00:00Z", "consents": [event]});
        warm += u32::from(host.both(&request).unwrap_or_else(|why| panic!("{n}: {why}")));
    }
    assert!((4_990..5_000).contains(&warm), "{warm} were read warm: never or always forgotten");
}

#[test]
fn consent_lasts_no_longer_than_its_document_wherever_its_end_stands() {
    let head = laws::HEAD;
    let rule = "rule ask { require consent at least opted_in }";
    let mut host = Host::new(load::engine(&[format!("{head}{rule}")]).expect("an engine"));
    let days = [json!("2026-06-30"), json!("2026-07-02"), json!("2027-01-01"), json!(null)];
    let mut warm = 0;
    for own in &days {
        for document in &days {
            for also in [json!("x-1"), json!(null)] {
                let event = json!({
                    "at": "2026-06-01T12:00:00Z", "kind": "grant", "level": "opted_in", "expires_on": own,
                    "instrument": {"expires_on": document, "number": also}});
                let request = json!({
                    "at": "2026-07-01T12:00:00Z", "contact": {"channel": "sms"},
                    "person": {"id": "p", "time_zones": ["America/New_York"]}, "consents": [event]});
                warm += u32::from(host.both(&request).unwrap_or_else(|why| panic!("{why}")));
            }
        }
    }
    assert_eq!(warm, 32);
}
