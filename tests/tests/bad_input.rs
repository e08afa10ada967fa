//! Input that nobody should send, by the public door: each is told with its place or decided with care, and the same engine
//! answers the next request as before.

use byleave::{Engine, ErrorKind};
use byleave_tests::laws::HEAD;
use byleave_tests::load::{self, WORDS};
use serde_json::{Value, json};

const RULES: &str = "
rule hours { require local_time between 08:00 and 21:00 }
rule list  { require not address on no_call }
rule cap   { require at most 1 contacts in past 24 hours, this one included }
rule wait  { require person.count exists  require no later than 5 days after person.moment }
";

fn policy() -> Engine {
    load::engine(&[format!("{HEAD}{RULES}")]).expect("a policy")
}

/// A request that is allowed.
fn good() -> Value {
    json!({
        "at": "2026-07-01T16:00:00Z",
        "person": {"id": "p", "time_zones": ["America/New_York"], "count": 1, "moment": "2026-07-01T00:00:00Z"},
        "contact": {"channel": "sms", "purpose": ["marketing"], "topic": []},
        "address": {"value": "+1"},
        "contacts": [],
        "lists": [{"list": "no_call", "address": "+1", "result": "not_listed", "version_at": "2026-06-30"}],
    })
}

/// The good request with something else at a place.
fn with(path: &str, value: Value) -> Vec<u8> {
    let mut request = good();
    let (parent, key) = path.rsplit_once('/').expect("a place");
    request.pointer_mut(parent).expect("its parent")[key] = value;
    request.to_string().into_bytes()
}

/// Refused: the kind and the place. Decided: the outcome, what blocks, what is warned of.
fn said(engine: &Engine, bytes: &[u8]) -> String {
    let before = engine.decide_json(good().to_string().as_bytes()).expect("the good request");
    assert!(before.starts_with(r#"{"outcome":"allow""#), "{before}");
    let said = match engine.decide_json(bytes) {
        Err(e) => {
            let message = e.to_string();
            assert!(message.len() > 10 && message.len() < 2_000, "a sentence: {message}");
            assert!(
                !message.chars().any(char::is_control),
                "nothing that a terminal would obey: {message:?}"
            );
            format!("{} at {}", e.kind().as_str(), e.path().unwrap_or("the request"))
        }
        Ok(answer) => {
            let answer: Value = serde_json::from_str(&answer).expect("JSON");
            let texts = |list: &str, key: &str| {
                let all = answer[list].as_array().into_iter().flatten();
                all.filter_map(|r| r[key].as_str()).collect::<Vec<_>>().join(" ")
            };
            format!(
                "{} {} {}",
                answer["outcome"].as_str().unwrap(),
                texts("reasons", "rule"),
                texts("warnings", "code")
            )
        }
    };
    assert_eq!(engine.decide_json(good().to_string().as_bytes()).as_deref(), Ok(&*before), "as before");
    said.trim_end().to_string()
}

#[test]
fn requests() {
    let engine = policy();
    let deep = |n: usize| {
        format!(r#"{{"at":"2026-07-01T16:00:00Z","person":{}1{}}}"#, "[".repeat(n), "]".repeat(n))
            .into_bytes()
    };
    // The place of the first bracket that is too many.
    let deepest = format!("limit at person{}", "[0]".repeat(63));
    let mut not_text = good().to_string().into_bytes();
    let quote = not_text.iter().rposition(|b| *b == b'p').expect("a letter");
    not_text[quote] = 0xff;
    let sent = |at: &str, id: &str| json!({"id": id, "at": at, "channel": "sms"});
    let looked = |result: &str| json!({"list": "no_call", "address": "+1", "result": result, "version_at": "2026-06-30"});
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), "input at the request"),
        ("ten thousand brackets", deep(10_000), &deepest),
        ("not UTF-8", not_text, "input at the request"),
        ("NUL bytes", b"\0\0\0\0".to_vec(), "input at the request"),
        ("a NUL in a text", with("/person/id", json!("p\0q")), "allow"),
        ("a NUL in a word", with("/contact/channel", json!("sms\0")), "allow  undeclared"),
        ("a million brackets", deep(1_000_000), &deepest),
        ("the year 9999", with("/at", json!("9999-12-31T23:59:59Z")), "deny case.list case.wait"),
        ("past the year 9999", with("/at", json!("+10000-01-01T00:00:00Z")), "input at at"),
        ("an end that nobody will see", with("/person/moment", json!("9999-12-31T23:59:59Z")), "allow"),
        ("before all time", with("/person/moment", json!("-9999-01-01T00:00:00Z")), "input at person.moment"),
        ("a negative horizon", with("/horizon", json!("-3 days")), "input at horizon"),
        ("no horizon at all", with("/horizon", json!("0 days")), "allow"),
        ("a horizon past the limit", with("/horizon", json!("401 days")), "limit at horizon"),
        ("a negative number", with("/person/count", json!(-1)), "input at person.count"),
        ("a number that no machine holds", with("/person/count", json!(1e300)), "input at person.count"),
        (
            "an unknown zone",
            with("/person/time_zones", json!(["Mars/Olympus"])),
            "input at person.time_zones[0]",
        ),
        (
            "one unknown zone of two",
            with("/person/time_zones", json!(["America/New_York", "Mars/Olympus"])),
            "input at person.time_zones[1]",
        ),
        ("no zone", with("/person/time_zones", json!([])), "deny case.hours"),
        ("zones that are no list", with("/person/time_zones", json!({"a": 1})), "input at person.time_zones"),
        (
            "an event to come",
            with("/contacts", json!([sent("2026-07-01T18:00:00Z", "a")])),
            "allow  later_dated",
        ),
        (
            "an event in the year 9999",
            with("/contacts", json!([sent("9999-12-31T23:59:59Z", "a")])),
            "allow  later_dated",
        ),
        (
            "an event twice",
            with("/contacts", json!([sent("2026-06-01T18:00:00Z", "a"), sent("2026-06-01T18:00:00Z", "a")])),
            "allow",
        ),
        (
            "two events of one id",
            with("/contacts", json!([sent("2026-06-01T18:00:00Z", "a"), sent("2026-07-01T15:00:00Z", "a")])),
            "input at contacts[1]",
        ),
        (
            "lists that contradict each other",
            with("/lists", json!([looked("listed"), looked("not_listed")])),
            "deny case.list",
        ),
        (
            "the same look-up twice",
            with("/lists", json!([looked("not_listed"), looked("not_listed")])),
            "allow",
        ),
        (
            "a key twice",
            br#"{"at":"2026-07-01T16:00:00Z","at":"2026-07-02T16:00:00Z"}"#.to_vec(),
            "input at at",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, expected) in cases {
        let got = said(&engine, &bytes);
        if got != expected {
            wrong.push(format!("{name}: {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The codes with which a policy of these bytes is refused.
fn refused(bytes: &[u8]) -> String {
    let built = Engine::builder()
        .source("words", "words.leave", WORDS)
        .source_bytes("case", "case.leave", bytes)
        .build();
    let error = built.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Policy);
    let placed = error.diagnostics().iter().zip(error.lines());
    let mut codes: Vec<&str> = placed
        .map(|(d, line)| {
            assert!(line.contains(".leave:"), "with its place: {line}");
            d.code
        })
        .collect();
    codes.dedup();
    codes.join(" ")
}

#[test]
fn policies() {
    let policy = |body: &str| format!("{HEAD}{body}").into_bytes();
    let n = 10_000;
    let nested = format!("rule r {{ require {}person.a{} }}", "(".repeat(n), ")".repeat(n));
    let mut large = policy("rule r { require person.a }\n");
    large.resize(50 << 20, b' ');
    let rules: String = (0..400_000)
        .map(|i| format!("rule r{i} {{ require person.a and person.b or person.c and person.a }}\n"))
        .collect();
    assert!(policy(&rules).len() > 20 << 20);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("ten thousand parentheses", policy(&nested), "E0702"),
        ("fifty megabytes of space", large, "E0701"),
        ("megabytes of rules", policy(&rules), "E0701"),
        (
            "not UTF-8",
            policy("rule r { require person.a }\n").into_iter().chain([0xff, 0xfe]).collect(),
            "E0103",
        ),
        ("a NUL", policy("rule r { require person.a\0 }"), "E0103"),
        ("a negative span", policy("rule r { require -3 days have passed since person.day }"), "E0101"),
        (
            "an unknown zone",
            policy("rule r { require before 2026-07-01T12:00:00[Mars/Olympus] }"),
            "W0809 E0210",
        ),
        ("past the year 9999", policy("rule r { since 10000-01-01  require person.a }"), "E0101"),
        ("nothing", Vec::new(), "E0209"),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, expected) in cases {
        let got = refused(&bytes);
        if got != expected {
            wrong.push(format!("{name}: {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(policy_still_works());
}

/// A policy that was refused leaves nothing behind.
fn policy_still_works() -> bool {
    policy().decide_json(good().to_string().as_bytes()).is_ok()
}
