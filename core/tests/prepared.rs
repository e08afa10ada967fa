//! Prepared facts are for the engine that prepared them: in another, the same numbers are other words.
#![allow(clippy::unwrap_used)]

use byleave::{Detail, Engine, Error, ErrorKind, Scratch, Verdict};

/// Texts wait for Monday; `channels` stand before them in their taxonomy.
fn engine(channels: &str) -> Engine {
    let text = r#"
        pack org { title "An organisation" source "Handbook" edition "1" }
        taxonomy channel { CHANNELS text, email }
        rule no_texts { cite "1" when contact.channel is text require weekday is [monday] because "Texts go out on Mondays." }
    "#;
    Engine::builder().source("org", "org.leave", &text.replace("CHANNELS", channels)).build().unwrap()
}

const WEDNESDAY: &str = r#"{
    "at": "2026-07-01T12:00:00Z",
    "person": {"time_zones": ["America/New_York"]},
    "contact": {"channel": "text"}
}"#;

#[test]
fn facts_of_another_engine_are_refused() {
    let old = engine("");
    let facts = old.facts(&old.request(WEDNESDAY).unwrap()).unwrap();
    let mut scratch = Scratch::default();
    let refused = |error: Error| {
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, None));
        assert_eq!(error.message(), "these facts were prepared by another engine");
        assert_eq!(error.hint(), Some("prepare them with `facts` of this one"));
    };
    // Loaded again, from the same text or with one channel more: a text would have been a letter, which no rule asks about.
    for other in [engine(""), engine("letter,"), engine("letter, call,")] {
        refused(other.verdict(&facts, &mut scratch).unwrap_err());
        for detail in [Detail::Outcome, Detail::Blocking, Detail::Full] {
            refused(other.decide_facts(&facts, detail, &mut scratch).unwrap_err());
        }
    }
    let bytes = old.compile(byleave::Zones::All).unwrap();
    refused(Engine::from_compiled(&bytes).unwrap().verdict(&facts, &mut scratch).unwrap_err());
    // The one that prepared them, by whatever handle, on whatever thread, also after a refusal.
    let clone = old.clone();
    let verdict = std::thread::scope(|it| it.spawn(|| clone.verdict(&facts, &mut Scratch::default())).join());
    assert!(matches!(verdict.unwrap().unwrap(), Verdict::Defer(_)));
    assert!(matches!(old.verdict(&facts, &mut scratch).unwrap(), Verdict::Defer(_)));
    assert!(old.decide_facts(&facts.clone(), Detail::Full, &mut scratch).unwrap().until.is_some());
}
