//! What is promised goes from thread to thread: said by the types, so that a field that cannot fails to compile here.

#![allow(clippy::expect_used)]

use byleave::native::{Event, FactsBuilder, Intake, Slot};
use byleave::wire::{explain::Explanation, plan::Plan};
use byleave::{Coverage, Decision, Engine, EngineBuilder, Error, Facts, Limits, Request, Scratch, Verdict};

fn shared<T: Send + Sync + 'static>() {}
fn sent<T: Send + 'static>() {}

#[test]
fn what_is_promised_is_send_and_sync() {
    shared::<Engine>();
    shared::<EngineBuilder>();
    shared::<Error>();
    shared::<Request>();
    shared::<Facts>();
    shared::<Intake>();
    shared::<Decision>();
    shared::<Explanation>();
    shared::<Plan>();
    shared::<Coverage>();
    shared::<Limits>();
    shared::<Verdict>();
    shared::<Slot>();
    shared::<Event>();
    shared::<FactsBuilder<'static>>();
    sent::<Scratch>();
}

#[test]
fn one_engine_serves_many_threads() {
    let shop = include_str!("../doc/shop.leave");
    let night = include_str!("../doc/night.json");
    let engine = Engine::builder().source("shop", "shop.leave", shop).build().expect("the policy is right");
    let expected = engine.decide_json(night).expect("the request is right");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                // A clone is the same engine; so is a reference.
                let engine = engine.clone();
                scope.spawn(move || {
                    (0..50).map(|_| engine.decide_json(night).expect("as before")).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|it| it.join().expect("no thread panics")).collect()
    });
    assert_eq!(answers.len(), 400);
    assert!(answers.iter().all(|answer| *answer == expected));
}
