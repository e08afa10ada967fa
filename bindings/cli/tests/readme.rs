//! README.md says what is so: its example is the one that is built and run, its commands exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, folder, root};
use std::fs::read_to_string;
use std::process::Command;

fn readme() -> String {
    read_to_string(root().join("README.md")).unwrap()
}

/// The first fence of that language under that heading.
fn block(heading: &str, language: &str) -> String {
    let readme = readme();
    let section = readme.split(&format!("\n### {heading}\n")).nth(1).expect("the heading");
    let fence = section.split(&format!("```{language}\n")).nth(1).expect("the fence");
    fence.split("```").next().unwrap().to_owned()
}

#[test]
fn the_question_has_the_answer_that_stands_below_it() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("request.json"), block("The question", "json")).unwrap();
    let words = block("In a shell", "console");
    let words: Vec<&str> = words.trim().strip_prefix("byleave ").unwrap().split(' ').collect();
    let run =
        std::process::Command::new(env!("CARGO_BIN_EXE_byleave")).args(words).current_dir(folder).output();
    assert_eq!(String::from_utf8(run.unwrap().stdout).unwrap(), block("In a shell", "text"));
}

#[test]
fn an_example_in_ten_lines_has_no_more() {
    for (heading, language) in
        [("Rust", "rust"), ("Python", "python"), ("Node", "js"), ("In the browser", "js")]
    {
        let lines = block(heading, language).lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= 10, "{heading}: {lines} lines");
    }
}

#[test]
fn the_main_job_does_what_it_says() {
    let readme = readme();
    let command = readme.lines().find_map(|line| line.strip_prefix("cargo run -- ")).expect("a command");
    // The shell fills in the star; so do we.
    let mut args = Vec::new();
    for word in command.split_whitespace() {
        match word.strip_suffix("*.json") {
            None => args.push(word.to_owned()),
            Some(folder) => {
                let files = std::fs::read_dir(root().join(folder)).unwrap();
                let mut names: Vec<String> = files
                    .map(|it| format!("{folder}{}", it.unwrap().file_name().into_string().unwrap()))
                    .collect();
                names.sort();
                args.extend(names);
            }
        }
    }
    let run = byleave(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for name in ["evening-text", "two-zones", "two-zones-clocks-change"] {
        assert!(run.out.contains(&format!("examples/hospital/requests/{name}.json")), "{name}");
    }
    assert!(
        run.out.contains(
            "DEFER until Sunday 1 November 2026, 08:00 (America/Chicago), 09:00 (America/New_York)"
        )
    );
    assert!(run.out.contains("\n10 contacts\n"));
}

/// A folder from which the examples are found as the README names them, and the command by its name.
fn clone(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    let examples = folder.join("examples/ledger");
    std::fs::create_dir_all(&examples).unwrap();
    for entry in std::fs::read_dir(root().join("examples/ledger")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), examples.join(entry.file_name())).unwrap();
        }
    }
    folder
}

#[test]
fn consent_is_kept_and_proven_in_five_commands() {
    let readme = readme();
    let section = readme.split("\n## Consent, kept and proven\n").nth(1).expect("the heading");
    let fence = section.split("```console\n").nth(1).expect("the fence").split("```").next().unwrap();
    let commands: Vec<&str> = fence.lines().collect();
    assert_eq!(commands.len(), 5);
    let folder = clone("readme_ledger");
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_byleave")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(bin.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let said: Vec<String> = commands
        .iter()
        .map(|command| {
            // Word for word, as a shell reads them.
            let run = Command::new("sh")
                .args(["-ec", command])
                .current_dir(&folder)
                .env("PATH", &path)
                .output()
                .unwrap();
            assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
            String::from_utf8(run.stdout).unwrap()
        })
        .collect();
    assert!(said[0].starts_with("5 events added"), "{}", said[0]);
    assert!(said[1].starts_with("ALLOW") && said[1].contains("recorded as event 6"), "{}", said[1]);
    assert!(said[2].starts_with("2 events added"), "{}", said[2]);
    assert!(said[3].starts_with("DENY") && said[3].contains("us.tcpa.revoke_any_means"), "{}", said[3]);
    let holds =
        "holds: 8 events about p-1, 8 of them under 1 checkpoint; 2 of 2 decisions the same, byte for byte";
    assert!(said[4].contains(holds), "{}", said[4]);
    // Elsewhere: nothing but the bundle.
    let elsewhere = common::folder("readme_elsewhere");
    std::fs::copy(folder.join("bundle.json"), elsewhere.join("bundle.json")).unwrap();
    let run = Command::new("byleave")
        .args(["verify", "bundle.json"])
        .current_dir(&elsewhere)
        .env("PATH", &path)
        .output();
    assert!(String::from_utf8(run.unwrap().stdout).unwrap().starts_with(holds));
    assert!(read_to_string(folder.join("report.html")).unwrap().contains("<h1>Record of p-1</h1>"));
}

#[test]
fn the_map_names_what_is_there() {
    let readme = readme();
    for entry in std::fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let ours = entry.file_type().unwrap().is_dir() && !name.starts_with('.') && name != "target";
        assert!(
            !ours || readme.contains(&format!("\n{name}/ ")),
            "the map of README.md does not name {name}/"
        );
    }
}
