//! What a shell sees: exit codes, one JSON document, no panic when a pipe closes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, command, file, folder, with_input};
use std::io::Read;

#[test]
fn help_is_help_and_a_slip_is_told() {
    for command in [
        "check",
        "fmt",
        "test",
        "decide",
        "plan",
        "locate",
        "explain",
        "packs",
        "codes",
        "schema",
        "completions",
    ] {
        let run = byleave(&[command, "--help"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{command}");
        assert!(run.out.contains("Usage:"), "{command}");
        let wide = run.out.lines().find(|line| line.chars().count() > 100);
        assert_eq!(wide, None, "{command}: fits a page");
    }
    assert!(byleave(&["--help"]).out.contains("Exit codes:"));
    let run = byleave(&["chekc"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("'check'"), "{}", run.err);
}

#[test]
fn a_word_that_is_nothing_gets_a_suggestion() {
    let run = byleave(&["check", "us.tcpaa"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`us.tcpaa` is neither a file, a folder nor a pack"), "{}", run.err);
    assert!(run.err.contains("did you mean `us.tcpa`?"), "{}", run.err);
    let run = byleave(&["--json", "check", "us.tcpaa"]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    assert_eq!(run.json()["error"]["kind"], "usage");
}

#[test]
fn codes_are_explained() {
    let all = byleave(&["codes", "--json"]).json();
    assert!(all["codes"].as_array().unwrap().len() > 15);
    let run = byleave(&["codes", "e0102"]);
    assert!(run.out.starts_with("E0102  unterminated text\n"), "{}", run.out);
    let run = byleave(&["codes", "E9999"]);
    assert_eq!(run.code, 2);
}

#[test]
fn completions_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = byleave(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains("explain"), "{shell}");
    }
}

#[test]
fn a_pipe_that_closes_is_no_failure() {
    let mut child = command().args(["completions", "bash"]).spawn().unwrap();
    // Nobody reads: the first write past the pipe's room fails.
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn colour_only_when_asked() {
    let plain = byleave(&["codes", "E0101"]);
    assert!(!plain.out.contains('\u{1b}'));
    let colour = byleave(&["codes", "E0101", "--color", "always"]);
    assert!(colour.out.contains("\u{1b}[1;31mE0101"), "{}", colour.out);
}

#[test]
fn instants_and_settings_are_looked_at_first() {
    for (args, said) in [
        (["--at", "yesterday"], "--at"),
        (["--known-at", "2026-07-01T20:30:00"], "--known-at"),
        (["--setting", "x"], "NAME=VALUE"),
    ] {
        let mut all = vec!["decide", "--pack", "core"];
        all.extend(args);
        let run = with_input(&all, b"{}");
        assert_eq!(run.code, 2, "{said}: {}", run.err);
        assert!(run.err.contains(said), "{}", run.err);
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder("unreadable");
    let run = byleave(&["decide", "--pack", "core", "no-such-file.json"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("cannot read `no-such-file.json`: no such file"), "{}", run.err);
    let run = byleave(&["check", folder.to_str().unwrap()]);
    assert_eq!(run.code, 4, "a folder without policy: {} {}", run.out, run.err);
    let empty = file(&folder, "empty.json", "  \n");
    let run = byleave(&["decide", "--pack", "core", &empty]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("holds no request"), "{}", run.err);
}

#[test]
fn slips_of_the_hand_are_told() {
    let empty = folder("empty");
    let empty = empty.to_str().unwrap();
    let request = "examples/hospital/requests/evening-text.json";
    for (args, code, said) in [
        (vec!["decide", "-P", empty, request], 4, "there is no `.leave` file"),
        (vec!["plan", "--channel", "smss", request], 2, "did you mean `sms`?"),
        (vec!["chek"], 2, "unrecognized subcommand"),
    ] {
        let run = byleave(&args);
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?}: {}", run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
        // The same for a program: one document, on standard output.
        let run = byleave(&[args.as_slice(), &["--json"]].concat());
        let json = run.json();
        assert_eq!(run.code, code, "{args:?}");
        let text = format!("{}{}", json["error"]["message"], json["error"]["hint"]);
        assert!(text.contains(said), "{args:?}: {json}");
    }
    let run = byleave(&["explain", "--rule", "no_such_rule", request]);
    assert!(run.code == 0 && run.out.contains("No rule's name holds `no_such_rule`"), "{}", run.out);
    // A word that no pack knows counts as unknown; the short answer says so too.
    let text = std::fs::read_to_string(common::root().join(request)).unwrap().replace("\"sms\"", "\"smss\"");
    let run = with_input(&["decide", "-P", "examples/hospital"], text.as_bytes());
    assert!(run.out.contains("warning contact.channel: no channel is called `smss`"), "{}", run.out);
}
