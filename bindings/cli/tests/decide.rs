//! `decide`, `plan` and `explain`: the example contacts, several at once, what the command line puts in their place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, file, folder, root, with_input};
use serde_json::Value;

const HOSPITAL: [&str; 2] = ["--policy", "examples/hospital"];

fn example(name: &str) -> String {
    format!("examples/hospital/requests/{name}.json")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(example(name))).unwrap()
}

/// A command over the hospital's policy.
fn hospital(command: &str, rest: &[&str]) -> common::Run {
    byleave(&[&[command], &HOSPITAL[..], rest].concat())
}

#[test]
fn the_examples_are_decided() {
    for (name, outcome, until) in [
        ("appointment-reminder", "allow", None),
        ("cosmetic-offer", "deny", None),
        ("evening-text", "defer", Some("2026-10-29T12:00:00Z")),
        ("lab-result", "allow", None),
        ("missing-facts", "deny", None),
        ("primary-contact", "allow", None),
        ("public-reply", "deny", None),
        ("revoked", "deny", None),
        ("two-zones", "defer", Some("2026-10-29T13:00:00Z")),
        ("two-zones-clocks-change", "defer", Some("2026-11-01T14:00:00Z")),
    ] {
        let run = hospital("decide", &["--json", &example(name)]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{name}");
        let decision = run.json();
        assert_eq!(decision["outcome"], outcome, "{name}: {decision}");
        assert_eq!(decision["until"].as_str(), until, "{name}: {decision}");
    }
}

#[test]
fn exit_codes_tell_the_outcome_when_asked() {
    for (names, code) in [
        (&["lab-result"][..], 0),
        (&["evening-text"][..], 10),
        (&["revoked"][..], 11),
        (&["lab-result", "evening-text"][..], 10),
        (&["revoked", "evening-text"][..], 11),
    ] {
        let files: Vec<String> = names.iter().map(|name| example(name)).collect();
        let rest: Vec<&str> =
            std::iter::once("--exit-code").chain(files.iter().map(String::as_str)).collect();
        assert_eq!(hospital("decide", &rest).code, code, "{names:?}");
        assert_eq!(hospital("explain", &rest).code, code, "{names:?}");
        assert_eq!(hospital("decide", &rest[1..]).code, 0, "{names:?}: deciding is doing one's work");
    }
}

#[test]
fn nothing_decided_is_no_leave() {
    for command in ["decide", "explain"] {
        let run = with_input(&[command, "--policy", "examples/hospital", "--exit-code", "-"], b"[]");
        assert_eq!(run.code, 4, "{command}");
        assert!(run.err.contains("nothing is allowed"), "{command}: {}", run.err);
    }
    let run = with_input(&["decide", "--policy", "examples/hospital", "--exit-code", "--lines", "-"], b"");
    assert_eq!(run.code, 4);
    let run = with_input(&["decide", "--policy", "examples/hospital", "-"], b"[]");
    assert_eq!(run.code, 0);
}

#[test]
fn several_requests_in_one_document() {
    let folder = folder("several");
    let (a, b) = (text("lab-result"), text("revoked"));
    for (name, all) in [
        ("array.json", format!("[{a},\n{b}]")),
        ("row.json", format!("{a}\n{b}")),
        ("mixed.json", format!("[{a}]{b}")),
    ] {
        let path = file(&folder, name, all);
        let run = hospital("decide", &["--json", &path]);
        let json = run.json();
        let outcomes: Vec<&Value> =
            json["decisions"].as_array().unwrap().iter().map(|it| &it["decision"]["outcome"]).collect();
        assert_eq!(outcomes, ["allow", "deny"], "{name}");
        assert!(json["decisions"][1]["request"].as_str().unwrap().ends_with("#2"), "{name}");
    }
}

#[test]
fn one_bad_request_spoils_no_other() {
    let all = format!("{}\n{{\"at\": 3}}\n{}", text("lab-result"), text("revoked"));
    let run = with_input(&["decide", "--policy", "examples/hospital", "--json", "-"], all.as_bytes());
    assert_eq!(run.code, 4);
    let json = run.json();
    assert_eq!(json["decisions"][0]["decision"]["outcome"], "allow");
    assert_eq!(json["decisions"][1]["error"]["path"], "at");
    assert_eq!(json["decisions"][2]["decision"]["outcome"], "deny");
    let run = with_input(&["decide", "--policy", "examples/hospital"], all.as_bytes());
    assert_eq!(run.code, 4);
    assert!(
        run.out.contains("ALLOW  standard input#1") && run.out.contains("DENY  standard input#3"),
        "{}",
        run.out
    );
    assert!(run.err.contains("standard input#2: at"), "{}", run.err);
}

#[test]
fn lines_in_lines_out() {
    let compact = |name: &str| serde_json::from_str::<Value>(&text(name)).unwrap().to_string();
    let input = format!("{}\n\nnot json\n{}", compact("lab-result"), compact("revoked"));
    let run = with_input(&["decide", "--lines", "--policy", "examples/hospital"], input.as_bytes());
    assert_eq!(run.code, 4, "{}", run.err);
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["decision"]["outcome"], "allow");
    assert_eq!(lines[1]["error"]["kind"], "input");
    assert_eq!(lines[1]["request"], "standard input#3");
    assert_eq!(lines[2]["decision"]["outcome"], "deny");
}

#[test]
fn what_the_command_line_puts_in_place() {
    let evening = example("evening-text");
    let noon = hospital("decide", &["--json", "--at", "2026-10-28T12:00:00-04:00", &evening]);
    assert_eq!(noon.json()["outcome"], "allow");
    assert_eq!(noon.json()["at"], "2026-10-28T16:00:00Z");
    let short = hospital("decide", &["--json", "--horizon", "2 hours", &evening]);
    assert_eq!(short.json()["outcome"], "deny");
    let read = hospital("decide", &["--json", "--setting", "us.tcpa.permission_lifts_hours=yes", &evening]);
    // New York's own hours no permission lifts.
    let reasons = read.json()["reasons"].clone();
    let blocking: Vec<&str> =
        reasons.as_array().unwrap().iter().filter_map(|it| it["rule"].as_str()).collect();
    assert_eq!(blocking, ["us.ny.hours"], "{}", read.out);
    assert_eq!(read.json()["evidence"]["settings"]["us.tcpa.permission_lifts_hours"], "yes");
    let brief = hospital("decide", &["--json", "--detail", "outcome", &evening]);
    assert_eq!(brief.json().get("reasons"), None);
    let run = hospital("decide", &["--setting", "us.tcpa.permision_lifts_hours=yes", &evening]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("did you mean `us.tcpa.permission_lifts_hours`?"), "{}", run.err);
    let now = hospital("decide", &["--json", "--at", "now", &evening]);
    assert!(now.code == 0 && now.json()["at"].as_str().unwrap() > "2026-01-01", "{}", now.err);
}

#[test]
fn a_plan_ranks_channels() {
    let run = hospital("plan", &["--channel", "sms", "--channel", "letter", &example("evening-text")]);
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!("plan", run.out);
    let json = hospital("plan", &["--json", "-c", "sms", "-c", "letter", &example("evening-text")]).json();
    assert_eq!(json["options"][0]["name"], "letter");
    assert_eq!(json["options"][1]["until"], "2026-10-29T12:00:00Z");
    let run = hospital("plan", &[&example("evening-text")]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("a plan has a list of options"), "{}", run.err);
}

/// Evidence changes with every edit of a pack; what an officer reads of the law does not.
fn page(name: &str, more: &[&str]) -> String {
    let rest: Vec<&str> = more.iter().copied().chain(std::iter::once(name)).collect();
    let run = hospital("explain", &rest);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let cut = run.out.find("\nEvidence\n").map_or(run.out.as_str(), |at| run.out.split_at(at).0);
    cut.to_owned()
}

#[test]
fn the_page_of_an_offer_at_night() {
    let quiet = page(&example("evening-text"), &["--rule", "quiet_hours"]);
    assert!(quiet.contains("\nWhy not: 1 rule\n") && !quiet.contains("Evidence"), "{quiet}");
    let whole = page(&example("evening-text"), &[]);
    assert!(whole.starts_with("DEFER until Thursday 29 October 2026, 08:00 (America/New_York)\n"), "{whole}");
    assert!(whole.contains("(--all names them)"));
    assert!(whole.lines().all(|line| line.chars().count() <= 100));
    let all = page(&example("evening-text"), &["--all"]);
    assert!(all.len() > whole.len() && all.contains("\nDid not apply: "));
}

/// A policy of its own: the law that ships gets better words now and then, and this page stays as it is.
const TEA: &str = r#"pack org.tea { title "The tea house" edition "1" clock America/New_York }
taxonomy channel { text, email }
taxonomy purpose { news { offer } reminder }
fact person.regular: boolean
fact person.asleep: boolean  absent none
/// Nobody is woken for tea.
rule late_riser {
  cite     "House rule 1", "House rule 2"
  verified text
  since    2020-01-01
  when     contact.channel is text
  require  local_time between 12:00 and 20:00
  unless   regulars, reminders
  because  "Texts go out between noon and eight."
}
exemption regulars {
  cite     "House rule 3"
  when     person.regular
  provided local_time between 10:00 and 22:00
}
exemption reminders {
  cite     "House rule 4"
  when     contact.purpose only reminder
}
rule offers {
  cite     "House rule 5"
  verified unverified
  when     contact.purpose is offer
  require  all of
    - not person.asleep
    - any of
      - weekday is [saturday, sunday]
      - person.regular
  oblige   retain_proof: 2 years
  because  "Offers are for weekends, and for regulars."
}
rule by_mail {
  cite     "House rule 6"
  when     contact.channel is email
  require  contact.purpose is news
  because  "Mail is for news."
}
"#;

#[test]
fn a_page_in_full() {
    let folder = folder("page");
    let policy = file(&folder, "tea.leave", TEA);
    let request = r#"{"at":"2026-07-01T21:30:00-04:00","person":{"time_zones":["America/New_York"]},
        "contact":{"channel":"text","purpose":["offer"]}}"#;
    for (name, more) in [("page", &[][..]), ("page-all", &["--all"][..])] {
        let args = [&["explain", "--policy", &policy, "-"], more].concat();
        let run = with_input(&args, request.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let (page, evidence) = run.out.split_once("\nEvidence\n").expect("evidence comes last");
        insta::assert_snapshot!(name, page);
        assert!(
            evidence.contains("  pack        org.tea 1 ") && evidence.contains("\n  zones "),
            "{evidence}"
        );
    }
}

#[test]
fn the_page_tells_what_is_missing_withheld_and_owed() {
    let missing = page(&example("missing-facts"), &[]);
    assert!(
        missing.contains("\nWhat nobody said, and the answer hangs on\n  dialing_technology\n"),
        "{missing}"
    );
    let reminder = page(&example("appointment-reminder"), &[]);
    assert!(reminder.starts_with("ALLOW\n"), "{reminder}");
    assert!(reminder.contains("  no   reason  org.riverside.no_diagnosis_in_text"), "{reminder}");
    let clocks = page(&example("two-zones-clocks-change"), &[]);
    assert!(
        clocks.starts_with("DEFER until Sunday 1 November 2026, 08:00 (America/Chicago), 09:00"),
        "{clocks}"
    );
}

#[test]
fn an_explanation_for_programs() {
    let json = hospital("explain", &["--json", &example("revoked")]).json();
    assert_eq!(json["decision"]["outcome"], "deny");
    assert!(json["rules"].as_array().unwrap().iter().any(|it| it["rule"] == "us.tcpa.revoke_any_means"));
    let json = hospital("explain", &["--json", &example("revoked"), &example("lab-result")]).json();
    assert_eq!(json["explanations"][1]["explanation"]["decision"]["outcome"], "allow");
}

#[test]
fn one_no_of_the_person_is_told_once() {
    let json = hospital("explain", &["--json", &example("revoked")]).json();
    let acts = json["refusals"].as_array().unwrap();
    assert_eq!(acts.len(), 1, "{acts:?}");
    assert_eq!(
        acts[0]["breaks"],
        serde_json::json!([
            "core.preferences.topic_optout",
            "us.tcpa.revoke_any_means",
            "us.hipaa.unencrypted"
        ])
    );
    let also = acts[0]["also"].as_array().unwrap();
    assert!(also.contains(&"us.tcpa.auto_consent".into()) && also.contains(&"us.tcpa.dnc_internal".into()));
    // Nothing is lost: each of them is a reason of its own, and names the act.
    let reasons = json["decision"]["reasons"].as_array().unwrap();
    let resting = reasons.iter().filter(|it| it["refused_by"] == serde_json::json!([acts[0]["refusal"]]));
    assert_eq!(resting.count(), 3 + also.len());

    let page = hospital("explain", &[&example("revoked")]).out;
    let told: Vec<&str> = page.lines().filter(|line| line.starts_with("Why not")).collect();
    assert!(
        matches!(told.as_slice(), [one] if one.contains("the person said no on Monday 14 September 2026, 08:00")),
        "{told:?}"
    );
    assert!(page.contains("For the same no, 8 rules more:") && !page.contains("And besides"), "{page}");
    let short = hospital("decide", &[&example("revoked")]).out;
    let words: String = short.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("event `sms-5521`: 11 rules"), "{short}");
    // A block for another cause stands apart from it.
    let night = hospital("explain", &["--at", "2026-10-28T23:30:00-04:00", &example("revoked")]).out;
    assert!(night.contains("And besides: ") && night.contains("us.tcpa.quiet_hours"), "{night}");
}
