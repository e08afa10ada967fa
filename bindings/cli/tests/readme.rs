//! README.md says what is so: its example is the one that is built and run, its commands exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, root};
use std::fs::read_to_string;

fn readme() -> String {
    read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn the_example_is_the_one_that_is_built() {
    let example = read_to_string(root().join("examples/rust/decide.rs")).unwrap();
    assert!(
        readme().contains(&format!("```rust\n{example}```\n")),
        "copy examples/rust/decide.rs into README.md"
    );
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
