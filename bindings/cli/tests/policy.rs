//! `check`, `test`, `packs`, `schema`: on the packs that ship and on policy with mistakes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, file, folder};

/// A pack that is all right, with a test that passes and one that does not.
const GOOD: &str = r#"pack org.tea { title "The tea house" edition "1" clock America/New_York }
taxonomy channel { text, email }
/// No texts before noon.
rule late_riser {
  cite    "House rule 1"
  verified text
  when    contact.channel is text
  require local_time between 12:00 and 20:00
  because "Nobody is woken for tea."
}
"#;

const TESTS: &str = r#"test "noon is fine" {
  at 2026-07-01T12:00:00[America/New_York]
  person { time_zones [America/New_York] }
  contact { channel text }
  expect allow
}
cases "the morning" for late_riser {
  base { person { time_zones [America/New_York] } contact { channel text } }
  2026-07-01T11:59:59 wait 2026-07-01T12:00:00
  2026-07-01T12:00:00 pass
}
"#;

#[test]
fn the_packs_that_ship_have_no_mistakes() {
    let run = byleave(&["check", "packs", "examples"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.ends_with(": no mistakes\n"), "{}", run.out);
    let json = byleave(&["check", "--json", "core", "us.tcpa"]).json();
    assert_eq!((&json["ok"], &json["errors"]), (&true.into(), &0.into()));
}

#[test]
fn mistakes_are_drawn_with_their_lines_many_at_once() {
    let folder = folder("mistakes");
    let text =
        GOOD.replace("contact.channel is text", "contact.chanel is text").replace("12:00 and", "25:00 and");
    let path = file(&folder, "tea.leave", text);
    let run = byleave(&["check", &path]);
    assert_eq!(run.code, 3);
    assert!(run.out.contains("25:00") && run.out.contains("tea.leave:8"), "{}", run.out);
    let text = GOOD
        .replace("contact.channel is text", "contact.chanel is text")
        .replace("clock America/New_York", "clock Amerika/New_York");
    let path = file(&folder, "tea.leave", text);
    let run = byleave(&["check", &path]);
    assert_eq!(run.code, 3);
    assert!(run.out.contains("contact.chanel") && run.out.contains("Amerika"), "{}", run.out);
    assert!(run.out.contains("did you mean `contact.channel`?"), "{}", run.out);
    assert!(run.out.contains("checked 1 file in 1 pack: 2 errors"), "{}", run.out);
    let json = byleave(&["check", "--json", &path]).json();
    assert_eq!(json["ok"], false);
    assert_eq!(json["diagnostics"][0]["at"]["start"]["line"], 1);
    // Every other command says the same and exits with the same code.
    let run = common::with_input(&["decide", "--policy", &path], b"{}");
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert!(run.err.contains("the policy cannot be used: 2 errors"), "{}", run.err);
}

#[test]
fn tests_pass_and_fail() {
    let folder = folder("tests");
    file(&folder, "tea.leave", GOOD);
    file(&folder, "tea.test.leave", TESTS);
    let path = folder.to_str().unwrap();
    let run = byleave(&["test", "--coverage", path]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.ends_with("3 tests in 1 pack: 3 passed\n"), "{}", run.out);
    assert!(run.out.contains("coverage: 1 of 1 rules and 1 of 2 conditions seen both ways"), "{}", run.out);
    assert!(run.out.contains("contact.channel is text  never false"), "{}", run.out);
    file(&folder, "tea.test.leave", TESTS.replace("expect allow", "expect deny because late_riser"));
    let junit = folder.join("out.xml");
    let run = byleave(&["test", path, "--junit", junit.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("noon is fine") && run.out.contains("expected `deny`, got `allow`"),
        "{}",
        run.out
    );
    assert!(run.out.ends_with("3 tests in 1 pack: 2 passed, 1 failed\n"), "{}", run.out);
    let xml = std::fs::read_to_string(junit).unwrap();
    assert!(xml.contains("<testsuites name=\"byleave\" tests=\"3\" failures=\"1\">"), "{xml}");
    assert!(xml.contains("<failure message=\"expected `deny`, got `allow`\">"), "{xml}");
    let json = byleave(&["test", "--json", path]).json();
    assert_eq!((&json["tests"], &json["failed"]), (&3.into(), &1.into()));
    let run = byleave(&["test", path, "--filter", "MORNING"]);
    assert!(run.out.contains("2 tests in 1 pack: 2 passed"), "{}", run.out);
    assert_eq!(byleave(&["test", path, "--filter", "xyzzy"]).code, 2);
}

#[test]
fn a_pack_that_ships_is_tested_by_name() {
    let run = byleave(&["test", "us.calendar"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.ends_with(" passed\n"), "{}", run.out);
}

#[test]
fn the_one_layout() {
    let folder = folder("layout");
    let (head, body) = GOOD.split_once("\n").unwrap();
    let good = common::with_input(&["fmt", "-"], GOOD.as_bytes()).out;
    let crooked =
        format!("{head}\n\n\n{}", body.replace("  cite    ", "cite ").replace("  when    ", "        when "));
    let path = file(&folder, "tea.leave", &crooked);
    let run = byleave(&["fmt", "--check", &path]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("tea.leave") && run.out.contains("1 file, 1 not in the one layout"),
        "{}",
        run.out
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), crooked, "--check changes nothing");
    let run = byleave(&["fmt", folder.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), good);
    let run = byleave(&["fmt", "--check", folder.to_str().unwrap()]);
    assert_eq!((run.code, run.out.as_str()), (0, "1 file, all in the one layout\n"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
    // A file with mistakes stays as it is, and keeps none of the others from being formatted.
    let broken = file(&folder, "a.leave", "rule {");
    std::fs::write(&path, &crooked).unwrap();
    let run = byleave(&["fmt", folder.to_str().unwrap()]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert!(
        run.err.contains("a.leave:1") && run.out.contains("2 files, 1 formatted, 1 with mistakes"),
        "{}",
        run.out
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), good);
    assert_eq!(std::fs::read_to_string(&broken).unwrap(), "rule {");
    let run = common::with_input(&["fmt", "-"], b"rule {");
    assert_eq!((run.code, run.out.as_str()), (3, ""));
}

#[test]
fn the_packs_that_ship_are_in_the_one_layout() {
    let run = byleave(&["fmt", "--check", "packs", "examples"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn packs_are_listed_and_shown_and_read() {
    let list = byleave(&["packs", "list"]);
    assert!(list.out.contains("us.tcpa           Telephone Consumer Protection Act"), "{}", list.out);
    let json = byleave(&["packs", "list", "--json"]).json();
    assert!(json["packs"].as_array().unwrap().iter().any(|it| it["name"] == "core"));
    let show = byleave(&["packs", "show", "us.tcpa"]);
    assert!(show.out.contains("us.tcpa.permission_lifts_hours is no"), "{}", show.out);
    insta::assert_snapshot!(
        "quiet-hours-text",
        byleave(&["packs", "text", "us.tcpa", "--rule", "quiet_hours"]).out
    );
    let json = byleave(&["packs", "text", "us.tcpa", "--json"]).json();
    let quiet =
        json["rules"].as_array().unwrap().iter().find(|it| it["id"] == "us.tcpa.quiet_hours").unwrap();
    assert_eq!(quiet["verified"], "text");
    assert!(quiet["text"].as_str().unwrap().starts_with("rule quiet_hours {"));
    assert_eq!(byleave(&["packs", "text", "us.tcpa", "--rule", "xyzzy"]).code, 2);
    assert_eq!(byleave(&["packs", "show", "us.tpca"]).code, 2);
    // The folder of the same name is another matter.
    assert_eq!(byleave(&["packs", "show", "core"]).code, 0);
}

#[test]
fn the_contract_as_schema() {
    let request = byleave(&["schema", "request", "--pack", "us.tcpa"]).json();
    assert!(request["properties"]["contact"].is_object() || request["$defs"].is_object());
    assert!(byleave(&["schema", "decision"]).json()["properties"]["outcome"].is_object());
}
