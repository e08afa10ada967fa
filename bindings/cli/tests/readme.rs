//! README.md says what is so: its example is the one that is built and run, its commands exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, root};
use std::fs::read_to_string;

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
