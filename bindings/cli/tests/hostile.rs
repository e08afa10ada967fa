//! Hostile input: refused with a place or a path, in bounded time, by exit code and never by a signal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, file, folder, with_input};
use std::time::{Duration, Instant};

/// Long enough for a busy machine and an unoptimised build; a hang is longer.
const SOON: Duration = Duration::from_secs(60);

#[test]
fn policy() {
    let folder = folder("hostile-policy");
    let head = "pack org.x { title \"X\" edition \"1\" }\n";
    let big = format!("{head}// {}\n", "x".repeat(50 << 20));
    let deep = format!("{head}define x: {}true{}\n", "(".repeat(10_000), ")".repeat(10_000));
    let dashes: String = (0..5_000).map(|n| format!("{}- any of\n", " ".repeat(n % 500))).collect();
    for (name, text, code) in [
        ("big", big.into_bytes(), "E0701"),
        ("deep", deep.into_bytes(), "E0702"),
        ("not-utf8", [head.as_bytes(), b"rule \xff\xfe {}"].concat(), "E0103"),
        ("nul", [head.as_bytes(), b"rule a\0b {}"].concat(), "E0103"),
        ("escape", [head.as_bytes(), b"rule \x1b[31mred {}"].concat(), "E0103"),
        ("open", format!("{head}rule x {{ {}", "when (".repeat(1_000)).into_bytes(), "E0"),
        ("dashes", format!("{head}define x: all of\n{dashes}").into_bytes(), "E0"),
        ("date", format!("{head}rule x {{ since 2026-02-30 because \"x\" }}").into_bytes(), "E0501"),
        ("one-line", format!("{head}{}", "rule ".repeat(100_000)).into_bytes(), "E0"),
        ("quotes", format!("{head}{}", "\"".repeat(100_001)).into_bytes(), "E0"),
        ("nothing", Vec::new(), "E0209"),
    ] {
        let path = file(&folder, &format!("{name}.leave"), text);
        let started = Instant::now();
        let run = byleave(&["check", &path]);
        assert_eq!(run.code, 3, "{name}: {}", run.err);
        assert!(run.out.contains(code), "{name}: {:?}", run.out.lines().take(20).collect::<Vec<_>>());
        assert!(run.out.contains(&format!("{name}.leave")), "{name}: a place is told");
        assert!(
            !run.out.contains('\u{1b}') && !run.out.contains('\0'),
            "{name}: nothing reaches the terminal"
        );
        assert!(run.out.len() < 200_000, "{name}: {} bytes are no message", run.out.len());
        assert!(started.elapsed() < SOON, "{name}: {:?}", started.elapsed());
    }
}

#[test]
fn requests() {
    let whole = |inner: &str| format!("{{\"at\":\"2026-07-01T12:00:00Z\",{inner}}}").into_bytes();
    let good = whole(r#""person":{"time_zones":["America/New_York"]}"#);
    for (name, bytes, said) in [
        ("not json", b"{\"at\": }".to_vec(), "this is not JSON"),
        ("cut short", b"{\"at\": \"2026".to_vec(), "this is not JSON"),
        ("not utf-8", b"{\"at\": \"\xff\"}".to_vec(), "UTF-8"),
        ("deep lists", [vec![b'['; 100_000], vec![b']'; 100_000]].concat(), ""),
        ("deep", whole(&format!("\"person\":{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000))), ""),
        ("a list", b"[[1]]".to_vec(), "a request is an object"),
        ("a number", b"3".to_vec(), "a request is an object"),
        ("no instant", b"{}".to_vec(), "at"),
        ("unknown key", whole(r#""persom":{}"#), "did you mean `person`?"),
        ("unknown key within", whole(r#""contact":{"chanel":"sms"}"#), "did you mean `channel`?"),
        ("twice", whole(r#""person":{},"person":{}"#), "given twice"),
        ("fraction", whole(r#""content":{"length":1.5}"#), "content.length"),
        ("negative", whole(r#""content":{"length":-1}"#), "content.length"),
        ("huge", whole(r#""content":{"length":99999999999999999999}"#), "content.length"),
        ("year 99999", whole(r#""known_at":"99999-01-01T00:00:00Z""#), "known_at"),
        ("horizon", whole(r#""horizon":"-3 days""#), "horizon"),
        ("escape", whole("\"\\u001b[31mred\":1"), "[31mred"),
        ("big", whole(&format!("\"person\":{{\"id\":\"{}\"}}", "x".repeat(5 << 20))), "bytes"),
    ] {
        let started = Instant::now();
        let run = with_input(&["decide", "--pack", "us.tcpa"], &bytes);
        assert_eq!(run.code, 4, "{name}: {} {}", run.out, run.err);
        assert!(run.err.contains(said), "{name}: {}", run.err);
        assert!(run.err.contains("standard input"), "{name}: {}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{name}: nothing reaches the terminal");
        assert!(run.err.len() < 4_000, "{name}: {} bytes are no message", run.err.len());
        assert!(started.elapsed() < SOON, "{name}");
        // The same engine answers the next request, in the same run.
        let line: Vec<u8> = bytes.iter().map(|b| if *b == b'\n' { b' ' } else { *b }).collect();
        let both = [line.as_slice(), b"\n", &good, b"\n"].concat();
        let run = with_input(&["decide", "--pack", "us.tcpa", "--lines"], &both);
        let last: serde_json::Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
        assert!(last["decision"]["outcome"].is_string(), "{name}: {last}");
        assert_eq!(run.out.lines().count(), 2, "{name}");
    }
}

#[test]
fn odd_facts_are_decided_and_never_allowed_by_their_oddness() {
    for (name, person) in [
        ("no zone", r#"{"time_zones":[]}"#),
        ("unknown zone", r#"{"time_zones":["Mars/Olympus"]}"#),
        ("nothing", "{}"),
    ] {
        let request = format!(
            r#"{{"at":"2026-07-01T12:00:00Z","person":{person},"contact":{{"channel":"sms","purpose":["marketing"]}}}}"#
        );
        let run = with_input(&["decide", "--pack", "us.tcpa", "--json"], request.as_bytes());
        let json = run.json();
        assert!(json["outcome"] == "deny" || json["error"]["path"].is_string(), "{name}: {json}");
    }
}
