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
fn what_is_not_covered_is_named_or_excepted_with_a_reason() {
    let folder = folder("complete");
    let log = "rule log { cite \"House rule 2\"  when contact.channel is email  oblige keep_log  because \"Kept.\" }\n";
    file(&folder, "tea.leave", format!("{GOOD}{log}"));
    file(&folder, "tea.test.leave", TESTS);
    let path = folder.to_str().unwrap();
    let run = byleave(&["test", "--complete", path]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    for gap in ["org.tea.log  never owed where a test expects it", "contact.channel is text  never false"] {
        assert!(run.out.contains(gap), "{gap}: {}", run.out);
    }
    // That it applies is not enough: a test must expect what is owed.
    let mail = "test \"mail\" { at 2026-07-01T12:00:00Z contact { channel email } expect allow }\n";
    file(&folder, "tea.test.leave", format!("{TESTS}{mail}"));
    let run = byleave(&["test", "--complete", path]);
    assert!(run.code == 1 && run.out.contains("never owed where a test expects it"), "{}", run.out);
    let kept = mail.replace("expect allow", "expect allow expect oblige keep_log");
    file(&folder, "tea.test.leave", format!("{TESTS}{kept}"));
    let run = byleave(&["test", "--complete", path]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("coverage: 2 of 2 rules and 3 of 3 conditions seen both ways\n"), "{}", run.out);
    // Excepted, with a reason; without one it is refused, and one that is no gap is told.
    file(&folder, "tea.test.leave", format!("{TESTS}{mail}"));
    let line = "org.tea  org.tea.log  never owed where a test expects it";
    let list = file(&folder, "uncovered.txt", format!("// known\n{line}  // nobody looks\n"));
    let run = byleave(&["test", "--complete", "--except", &list, path]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("1 of 2 rules") && run.out.contains("1 excepted with a reason"), "{}", run.out);
    file(&folder, "tea.test.leave", format!("{TESTS}{kept}"));
    let run = byleave(&["test", "--complete", "--except", &list, path]);
    assert!(run.code == 1 && run.out.contains("uncovered.txt:2"), "{}", run.out);
    file(&folder, "uncovered.txt", line);
    let run = byleave(&["test", "--except", &list, path]);
    assert!(run.code == 4 && run.err.contains("gives no reason"), "{}", run.err);
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
    assert_eq!(byleave(&["packs"]).out, list.out);
    let json = byleave(&["packs", "list", "--json"]).json();
    assert!(json["packs"].as_array().unwrap().iter().any(|it| it["name"] == "core"));
    assert!(
        list.out.contains("us.health         Hospitals and clinics in the United States"),
        "{}",
        list.out
    );
    let health = json["presets"].as_array().unwrap().iter().find(|it| it["name"] == "us.health").unwrap();
    assert!(health["packs"].as_array().unwrap().contains(&"us.part2".into()), "{health}");
    let show = byleave(&["packs", "show", "us.health", "--json"]).json();
    assert_eq!(show["packs"].as_array().unwrap().len(), health["packs"].as_array().unwrap().len());
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

/// How a law is known is told of everything that may say it, from text as from compiled packs.
#[test]
fn documents_lists_and_settings_say_how_they_are_known() {
    let text = r#"pack org.deli { title "The deli" source "Act" edition "1" }
use core
list hungry  cite "Act, s. 1"  sheet act.hungry  verified secondary  because "Read every month."
setting snack: one of [no, yes] { cite "Act, s. 2"  sheet "act.snack"  verified unverified  because "Whether it counts." }
instrument menu grants express { cite "Act, s. 3"  verified text  sheet act.menu  elements signature }
exemption regulars { cite "Act, s. 4"  verified text  when snack is yes }
rule calm { cite "Act, s. 5"  require not address on hungry or valid menu  unless regulars  because "Nobody hungry is called." }
"#;
    let folder = folder("known");
    let (path, compiled) = (file(&folder, "deli.leave", text), folder.join("deli.packs"));
    let compiled = compiled.to_str().unwrap();
    let run = byleave(&["compile", &path, "--output", compiled, "--zones", "us"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    for path in [path.as_str(), compiled] {
        let run = byleave(&["packs", "show", path, "--json"]).json();
        let pack = run["packs"].as_array().unwrap().iter().find(|it| it["name"] == "org.deli").unwrap();
        let told = |part: &str| {
            let it = &pack[part][0];
            let words = ["verified", "sheet"].map(|key| it[key].as_str().unwrap_or("-"));
            (words[0], words[1], it["citations"][0].as_str().unwrap_or("-"))
        };
        assert_eq!(told("lists"), ("secondary", "act.hungry", "Act, s. 1"));
        assert_eq!(told("settings"), ("unverified", "act.snack", "Act, s. 2"));
        assert_eq!(told("instruments"), ("text", "act.menu", "Act, s. 3"));
        assert_eq!(told("exemptions"), ("text", "-", "Act, s. 4"));
        let page = byleave(&["packs", "show", path]).out;
        for line in ["org.deli.menu  Act, s. 3  (text read)", "sheet act.hungry", "Read every month."] {
            assert!(page.contains(line), "{line}: {page}");
        }
    }
}

#[test]
fn the_contract_as_schema() {
    let request = byleave(&["schema", "request", "--pack", "us.tcpa"]).json();
    assert!(request["properties"]["contact"].is_object() || request["$defs"].is_object());
    assert!(byleave(&["schema", "decision"]).json()["properties"]["outcome"].is_object());
}

#[test]
fn a_folder_that_asks_to_be_passed_over_is_taken_only_by_name() {
    // From the root of the project: what is wrong on purpose is not among it.
    for command in ["check", "test"] {
        let run = byleave(&[command]);
        assert_eq!(run.code, 0, "{command}: {}{}", run.out, run.err);
    }
    let run = byleave(&["check", "tests/diagnostics"]);
    assert_eq!(run.code, 3, "{}", run.out);

    let folder = folder("skip");
    for name in ["a", "b", "b/c"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    file(&folder.join("a"), "tea.leave", GOOD);
    file(&folder.join("b/c"), "wrong.leave", "rul x {}");
    let whole = folder.to_str().unwrap();
    assert_eq!(byleave(&["check", whole]).code, 3);
    file(&folder.join("b"), ".byleave-skip", "wrong on purpose");
    let run = byleave(&["check", whole]);
    assert!(run.code == 0 && run.out.contains("1 file in 1 pack"), "{}", run.out);
    let named = folder.join("b");
    assert_eq!(byleave(&["check", named.to_str().unwrap()]).code, 3);
}

#[test]
fn policies_that_no_host_would_load_together_are_checked_apart() {
    let folder = folder("apart");
    for (name, text) in [
        ("vocabulary", GOOD.to_owned()),
        ("other", GOOD.replace("org.tea", "org.tea2")),
        ("shop", "pack org.shop { title \"S\" edition \"1\" }\nuse core\nreaches US by text\n".to_owned()),
        ("mill", "pack org.mill { title \"M\" edition \"1\" }\nuse core\nreaches US by mail\n".to_owned()),
    ] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        file(&folder.join(name), "p.leave", text);
    }
    let run = byleave(&["check", folder.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    // Packs that add to the same words are held against each other.
    for name in ["north", "south"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        let text = format!("pack org.{name} {{ title \"N\" edition \"1\" }}\nuse core\ntopic roses\n");
        file(&folder.join(name), "p.leave", text);
    }
    let run = byleave(&["check", folder.to_str().unwrap()]);
    assert!(run.code == 3 && run.out.contains("`roses`"), "{}", run.out);
}

#[test]
fn a_pack_with_errors_keeps_no_other_from_being_tested() {
    let folder = folder("test-on");
    for name in ["bad", "tea"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    file(&folder.join("bad"), "bad.leave", "pack bad { title \"B\" edition \"1\" }\nrul x {}\n");
    file(&folder.join("tea"), "tea.leave", GOOD);
    file(&folder.join("tea"), "tea.test.leave", TESTS);
    let run = byleave(&["test", folder.to_str().unwrap()]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert!(run.out.contains("3 tests in 1 pack: 3 passed"), "{}", run.out);
    assert!(run.out.contains("1 pack with errors, not tested: bad"), "{}", run.out);
    let json = byleave(&["test", "--json", folder.to_str().unwrap()]).json();
    assert_eq!(
        (&json["ok"], &json["passed"], &json["refused"][0]["pack"]),
        (&false.into(), &3.into(), &"bad".into())
    );
}
