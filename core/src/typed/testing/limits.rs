//! Limits: no text, however it is built, makes the checker run long or deep (law 10).

use super::{WORDS, reported};
use std::fmt::Write as _;

fn pack(body: &str) -> String {
    format!("pack own {{ title \"Own\" }}\nuse words\n{body}")
}

#[test]
fn definitions_that_double_are_cut_off() {
    let mut body = "define d0: contact.urgent or contact.length > 3\n".to_string();
    for i in 1..20 {
        let _ = writeln!(body, "define d{i}: d{0} and (d{0} or contact.length > {i})", i - 1);
    }
    body.push_str("rule r { require d19 }\n");
    let out = reported(&[("w", WORDS), ("o", &pack(&body))]);
    assert!(matches!(out.as_slice(), [one] if one.starts_with("E0706")), "{out:?}");
}

#[test]
fn definitions_that_nest_too_deep_are_cut_off() {
    let mut body = "define d0: contact.urgent\n".to_string();
    for i in 1..200 {
        let _ = writeln!(body, "define d{i}: not d{}", i - 1);
    }
    body.push_str("rule r { require d199 }\n");
    let out = reported(&[("w", WORDS), ("o", &pack(&body))]);
    assert!(matches!(out.as_slice(), [one] if one.starts_with("E0705")), "{out:?}");
}

#[test]
fn a_circle_is_told_once_with_both_places() {
    let body = "define a: b or contact.urgent\ndefine b: not c\ndefine c: a\nrule r { require a }\nrule s { require c }\n";
    let out = reported(&[("w", WORDS), ("o", &pack(body))]);
    assert_eq!(out, ["E0206 4: `c` is defined by itself", "E0206 5: `a` is defined by itself"]);
}

#[test]
fn rows_count_as_rules() {
    let mut body = "table t {\n  row x\n".to_string();
    for i in 0..2100 {
        let _ = writeln!(body, "  r{i} {i}");
    }
    body.push_str("}\nrule a for each row in t { require contact.length > row.x }\nrule b for each row in t { require contact.length > row.x }\n");
    let out = reported(&[("w", WORDS), ("o", &pack(&body))]);
    assert_eq!(out, ["E0707 2107: a policy has at most 4096 rules, rows of tables counted"]);
}
