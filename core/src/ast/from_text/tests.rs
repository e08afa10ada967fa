//! Hostile texts, and forms whose tree is worth looking at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::super::*;
use super::{Parsed, parse};
use crate::source::{MAX_DEPTH, Sources};
use std::time::{Duration as Elapsed, Instant as Clock};

fn read(text: &str) -> (Parsed, Sources) {
    let mut sources = Sources::new();
    let id = sources.add("test", text);
    (parse(sources.get(id).unwrap()), sources)
}

fn good(text: &str) -> File {
    let (parsed, sources) = read(text);
    let lines: Vec<String> = parsed.diagnostics.iter().map(|d| d.to_line(&sources)).collect();
    assert!(lines.is_empty(), "{text}\n{}", lines.join("\n"));
    parsed.file
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).0.diagnostics.iter().map(|d| d.code).collect()
}

fn cond(text: &str) -> Cond {
    match good(&format!("define x: {text}")).items.remove(0) {
        Item::Define(Define { body: DefineBody::Cond(cond), .. }) => cond,
        other => panic!("{other:?}"),
    }
}

/// A condition as words with every bracket shown.
fn shape(cond: &Cond) -> String {
    let list = |word: &str, items: &[Cond]| {
        format!("({word} {})", items.iter().map(shape).collect::<Vec<_>>().join(" "))
    };
    match &cond.kind {
        CondKind::Or(items) => list("or", items),
        CondKind::And(items) => list("and", items),
        CondKind::Not(inner) => format!("(not {})", shape(inner)),
        CondKind::Known(inner) => format!("(known {})", shape(inner)),
        CondKind::Name(name) => name.text.clone(),
        CondKind::Any(events) => match &events.filter {
            Some(filter) => format!("(any {} {})", events.name.text, shape(filter)),
            None => format!("(any {})", events.name.text),
        },
        other => format!("{other:?}").split(['(', ' ']).next().unwrap().to_lowercase(),
    }
}

#[test]
fn precedence() {
    assert_eq!(shape(&cond("a or b and not c or d")), "(or a (and b (not c)) d)");
    assert_eq!(shape(&cond("not known that a and b")), "(and (not (known a)) b)");
    assert_eq!(shape(&cond("(a or b) and c")), "(and (or a b) c)");
    assert_eq!(shape(&cond("any x where a and b or c")), "(any x (or (and a b) c))");
    assert_eq!(shape(&cond("(any x where a) and b")), "(and (any x a) b)");
}

#[test]
fn dashes_nest_by_column() {
    let text = "all of\n  - a or b\n  - any of\n      - c\n      - all of\n          - d\n          - e\n      - f\n  - not any of\n     - g\n  - h";
    assert_eq!(shape(&cond(text)), "(and (or a b) (or c (and d e) f) (not (or g)) h)");
    let text = "a and any of\n - b\n - any x where all of\n    - c\n    - d\n - e";
    assert_eq!(shape(&cond(text)), "(and a (or b (any x (and c d)) e))");
    let text = "all of\n - (any of\n     - a\n     - b)\n - c";
    assert_eq!(shape(&cond(text)), "(and (or a b) c)");
}

#[test]
fn dashes_out_of_line_are_told() {
    for text in [
        "all of\n  - a\n    - b",
        "all of\n  - any of\n  - b",
        "all of\n    - a\n  - b",
        "a\n - b",
        "all of",
        "all of and b",
        "all of - a\n  - b",
        "all of\n  - a\n  and b",
    ] {
        assert!(codes(&format!("define x: {text}")).contains(&"E0106"), "{text}");
    }
}

#[test]
fn spans_end_with_their_last_word() {
    let (parsed, sources) = read("define a: b and c   // so\n\ndefine d: e\n");
    let source = sources.iter().next().unwrap();
    let texts: Vec<&str> = parsed.file.items.iter().map(|item| source.slice(item.span())).collect();
    assert_eq!(texts, ["define a: b and c", "define d: e"]);
}

#[test]
fn clause_since_is_not_a_window() {
    let file = good("rule r { when any transaction since 2020-01-01 require x }");
    let Item::Rule(rule) = &file.items[0] else { panic!() };
    assert!(matches!(rule.clauses[1].kind, ClauseKind::Since(_)), "{rule:?}");
}

#[test]
fn refusal_is_no_list() {
    let file = good("rule r { require a\n on refusal oblige b }");
    let Item::Rule(rule) = &file.items[0] else { panic!() };
    assert_eq!(rule.clauses.len(), 2);
}

#[test]
fn definitions_show_what_they_are() {
    let body = |text: &str| match good(&format!("define x: {text}")).items.remove(0) {
        Item::Define(define) => format!("{:?}", define.body).split('(').next().unwrap().to_owned(),
        _ => panic!(),
    };
    assert_eq!(body("attempts where a"), "Events");
    assert_eq!(body("revocations of contact.asks"), "Events");
    assert_eq!(body("revocations of [a, b] covering contact"), "Events");
    assert_eq!(body("attempts in past 3 days"), "Events");
    assert_eq!(body("latest grant where a"), "Event");
    assert_eq!(body("transactions"), "Bare");
    assert_eq!(body("(transactions)"), "Cond");
    assert_eq!(body("slots of contact.a at contact.b >= 1"), "Cond");
    assert_eq!(body("slots of contact.a >= 1"), "Cond");
}

#[test]
fn docs_go_to_what_follows() {
    let file = good(
        "/// one\n/// two\nrule r {\n  /// three\n  // not this\n  cite \"a\"\n}\nfacts person {\n  /// four\n  a: boolean\n}",
    );
    let Item::Rule(rule) = &file.items[0] else { panic!() };
    assert_eq!(rule.doc.as_ref().unwrap().text, "one\ntwo");
    assert_eq!(rule.clauses[0].doc.as_ref().unwrap().text, "three");
    let Item::Facts(facts) = &file.items[1] else { panic!() };
    assert_eq!(facts.facts[0].doc.as_ref().unwrap().text, "four");
    assert_eq!(codes("rule r { cite \"a\" } /// lost\n"), ["E0109"]);
}

#[test]
fn windows_line_breaks_and_byte_order_mark() {
    good(
        "\u{feff}rule r {\r\n  cite \"a\"\r\n  require all of\r\n    - a\r\n    - b\r\n}\r\ntable t {\r\n  row a b\r\n  x 1 2\r\n}\r\n",
    );
}

fn hostile(text: &str) -> Vec<&'static str> {
    let clock = Clock::now();
    let codes = codes(text);
    assert!(clock.elapsed() < Elapsed::from_secs(60), "{} bytes took {:?}", text.len(), clock.elapsed());
    codes
}

#[test]
fn depth_is_limited_and_the_limit_is_reached() {
    let wraps: [(&str, &str, &str); 9] = [
        ("define x: ", "(", ")"),
        ("define x: ", "not ", ""),
        ("define x: ", "known that ", ""),
        ("define x: ", "not known that ", ""),
        ("define x: ", "any y where ", ""),
        ("define x: ", "any y, where (", ")"),
        ("define x: ", "before latest y where not ", ""),
        ("define x: ", "at most 1 y where 1 day have passed since latest z where ", ""),
        ("define x: ", "not (any y where not (", "))"),
    ];
    for (head, open, close) in wraps {
        let text = |n: usize| format!("{head}{}a{}", open.repeat(n), close.repeat(n));
        assert!(hostile(&text(6)).is_empty(), "{open}");
        for n in [MAX_DEPTH + 1, 1000, 10_000] {
            assert!(hostile(&text(n)).contains(&"E0702"), "{open} {n}");
        }
        // A mistake in the depth must not be searched for exponentially.
        hostile(&format!("{head}{}] {}", open.repeat(12), close.repeat(12)));
    }
    let most = MAX_DEPTH;
    assert!(hostile(&format!("define x: {}a{}", "(".repeat(most), ")".repeat(most))).is_empty());
    assert!(hostile(&format!("define x: {}a", "any y where ".repeat(most))).is_empty());
    assert!(!hostile(&format!("define x: {}a{}", "(".repeat(most), ")".repeat(most - 1))).is_empty());
    for (open, close) in [("{ a ", "}"), ("[", "]"), ("{ a [", "]}")] {
        let text =
            |n: usize| format!("test \"x\" {{ person {{ a {} {} }} }}", open.repeat(n), close.repeat(n));
        assert!(hostile(&text(10_000)).contains(&"E0702"));
    }
    let nodes = |n: usize| format!("taxonomy t {{ {} {} }}", "a { ".repeat(n), "}".repeat(n));
    assert!(hostile(&nodes(MAX_DEPTH - 1)).is_empty());
    assert!(hostile(&nodes(10_000)).contains(&"E0702"));
    let mut dashes = String::from("define x: ");
    for column in 1..2000 {
        dashes.push_str(&format!("any of\n{}- ", " ".repeat(column % 700)));
    }
    hostile(&dashes);
}

#[test]
fn long_chains_are_flat() {
    let and = format!("define x: a{}", " and a".repeat(5_000));
    assert!(hostile(&and).is_empty());
    let or = format!("define x: a{}", " or not a".repeat(5_000));
    assert!(hostile(&or).is_empty());
    let dashes = format!("define x: all of{}", "\n - any of\n   - a\n   - b".repeat(2_000));
    assert!(hostile(&dashes).is_empty());
}

#[test]
fn hostile_texts_are_told_and_survived() {
    for text in [
        "\0",
        "\u{feff}",
        "\u{feff}\u{feff}",
        "\"",
        "\"\\",
        "//",
        "///",
        "/",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ":",
        "-",
        "rule",
        "rule r",
        "rule r {",
        "define",
        "define x",
        "define x:",
        "table t { row a\n x",
        "table t {",
        "2026-",
        "test \"",
        "cases \"a\" for",
        "\r",
        "\r\r\n",
        "é",
        "rule é {}",
        "🦀",
        "all of",
        "///\n///\n",
        "a b c d e f",
        "test \"x\" { at 2026-01-01T00:00:00[",
        "define x: 99999999999999999999999999 = 1",
        "use use use",
    ] {
        hostile(text);
    }
    assert_eq!(hostile("define x: \u{1}a"), ["E0103"]);
    assert_eq!(hostile("use a\0"), ["E0103"]);
    assert_eq!(hostile("define x: 99999999999999999999999999 = 1"), ["E0108"]);
    for piece in [
        "{",
        "}",
        "(",
        "[",
        "\"",
        "\"\n",
        "a ",
        "a\n",
        "rule r {\n",
        "define a: b c\n",
        "/// x\n",
        "- ",
        "\n- ",
        "not ",
        "é",
        "\u{0}",
        "table t {\n row a\n",
        "where ",
        "all of\n",
        ", ",
        "2026-",
        "use a ",
    ] {
        hostile(&piece.repeat(30_000 / piece.len()));
    }
}

#[test]
fn limits_of_files() {
    let mut sources = Sources::new();
    let id = sources.add("long", "a".repeat(8 << 20));
    assert!(sources.get(id).unwrap().text.len() <= 1 << 20);
    assert_eq!(parse(sources.get(id).unwrap()).diagnostics[0].code, "E0701");
    let id = sources.add_bytes("bytes", b"use a\xff");
    let parsed = parse(sources.get(id).unwrap());
    assert_eq!((parsed.diagnostics[0].code, parsed.diagnostics[0].span.start), ("E0103", 5));
    for n in 2..513 {
        let id = sources.add(n.to_string(), "");
        assert_eq!(parse(sources.get(id).unwrap()).diagnostics.is_empty(), n < 512);
    }
    let full = "define a: b\n".repeat(5_000);
    assert!(hostile(&full).is_empty());
}

#[test]
fn keyword_rules_lie_together() {
    for rule in byleave_grammar::Rule::all_rules() {
        let name = format!("{rule:?}");
        let mark = name.starts_with("kw_")
            || [
                "brace_open",
                "brace_close",
                "list_open",
                "list_close",
                "paren_open",
                "paren_close",
                "comma",
                "colon",
            ]
            .contains(&name.as_str());
        assert_eq!(super::reader::is_mark(*rule), mark, "{name}");
    }
}

#[test]
fn forms_that_packs_use() {
    good("define a: count of grants where channel is text >= 2");
    good("define a: not refused, counting each revocation where b as reaching channel in [voice, text]");
    good(
        "taxonomy jurisdiction { US marked abstract { US-AK // Alaska\n US-GU { GU } } }\njurisdiction XX is US",
    );
    good("taxonomy data_use { share, disclose, list, topic, since, kind }");
}

/// Where items start is guessed before the grammar reads; a guess inside an item must not part it.
#[test]
fn lines_that_go_on_at_the_margin_stay_with_their_item() {
    for text in [
        "define a: attempts\nwhere purpose is marketing",
        "define a: any attempt\nwhere kind is b\nand c is d",
        "define a: b and\nvalid c for d",
        "define a: not\nsignal gpc is on",
        "fact person.a:\nlist of { b: c }",
        "fact person.a:\n  list\n  of {\n  b: c }",
        "define a: b\nor test is c",
    ] {
        assert_eq!(good(text).items.len(), 1, "{text}");
    }
}
