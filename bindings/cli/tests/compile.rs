//! `compile`: what it writes, what it says, and that a compiled file answers as text does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, file, folder};

const REQUEST: &str = "examples/hospital/requests/evening-text.json";

fn compiled(name: &str, rest: &[&str]) -> (String, common::Run) {
    let path = folder(name).join("packs.byleave").to_str().unwrap().to_owned();
    let run = byleave(&[&["compile", "examples/hospital", "-o", &path], rest].concat());
    (path, run)
}

#[test]
fn a_compiled_file_answers_as_text_does() {
    for zones in ["us", "all", "America/New_York,America/Chicago,America/Detroit,America/Los_Angeles"] {
        let (path, run) = compiled("compile_answers", &["--zones", zones]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{zones}");
        for (command, rest) in
            [("decide", &[][..]), ("explain", &[]), ("plan", &["--channel", "sms", "--channel", "email"])]
        {
            let ask =
                |policy: &str| byleave(&[&[command, "--json", "--policy", policy, REQUEST], rest].concat());
            let (text, file) = (ask("examples/hospital"), ask(&path));
            assert_eq!((file.code, file.err.as_str()), (0, ""), "{command} {zones}");
            assert_eq!(text.out, file.out, "{command} {zones}");
        }
        let shown = byleave(&["packs", "show", &path, "--json"]).json();
        assert!(shown["packs"].as_array().unwrap().iter().any(|pack| pack["name"] == "us.tcpa"), "{shown}");
    }
}

#[test]
fn it_says_what_it_wrote_and_writes_the_same_again() {
    let (path, run) = compiled("compile_says", &["--zones", "America/New_York", "--json"]);
    let told = run.json();
    let first = std::fs::read(&path).unwrap();
    assert_eq!(told["bytes"], first.len());
    let names: Vec<&str> =
        told["zones"]["names"].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    assert!(names.contains(&"America/New_York") && !names.contains(&"Asia/Tokyo"), "{names:?}");
    let (_, run) = compiled("compile_says", &["--zones", "America/New_York"]);
    assert!(
        run.out.contains("us.tcpa") && run.out.contains(&format!("{} bytes", first.len())),
        "{}",
        run.out
    );
    assert_eq!(first, std::fs::read(&path).unwrap());
}

#[test]
fn what_cannot_be_is_refused() {
    let (path, _) = compiled("compile_refuses", &["--zones", "us"]);
    let run = byleave(&["decide", "--policy", &path, "--pack", "us.tcpa", REQUEST]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("which nothing can be added to"), "{}", run.err);
    let run = byleave(&["packs", "text", &path]);
    assert!(run.code == 4 && run.err.contains("which have no text"), "{}", run.err);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let bent = file(&folder("compile_bent"), "bent.byleave", bytes);
    let run = byleave(&["decide", "--policy", &bent, REQUEST]);
    assert!(run.code == 4 && run.err.contains("these compiled packs are damaged"), "{}", run.err);
    let (_, run) = compiled("compile_zones", &["--zones", "America/New_Yrok"]);
    assert!(run.code == 4 && run.err.contains("did you mean `America/New_York`?"), "{}", run.err);
    let (_, run) = compiled("compile_none", &[]);
    assert_eq!(run.code, 2);
}
