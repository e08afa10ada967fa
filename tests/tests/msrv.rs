//! The least Rust that we state is one that every dependency of the published crates states, too, or less.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const PUBLISHED: [&str; 5] = ["byleave-grammar", "byleave", "byleave-packs", "byleave-ledger", "byleave-cli"];

fn version(text: &str) -> Vec<u64> {
    let numbers = text.split('.').map(|it| it.parse().expect("a number"));
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn no_dependency_asks_for_more_than_we_state() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let ran = Command::new(env!("CARGO"))
        // What other systems need besides is not there before somebody asks for it: this may fetch.
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let metadata: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let packages: BTreeMap<&str, &Value> =
        list(&metadata["packages"]).map(|it| (text(&it["id"]), it)).collect();
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).map(|it| (text(&it["id"]), it)).collect();
    let mut queue: Vec<&str> =
        packages.iter().filter(|(_, it)| PUBLISHED.contains(&text(&it["name"]))).map(|(id, _)| *id).collect();
    assert_eq!(queue.len(), PUBLISHED.len());
    let ours = text(&packages[queue[0]]["rust_version"]).to_owned();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = packages[id];
        if let Some(stated) = package["rust_version"].as_str()
            && version(stated) > version(&ours)
        {
            wrong.push(format!("{} {} wants Rust {stated}", package["name"], package["version"]));
        }
        for dep in list(&nodes[id]["deps"]) {
            // Tests may want more.
            if list(&dep["dep_kinds"]).any(|it| it["kind"] != "dev") {
                queue.push(text(&dep["pkg"]));
            }
        }
    }
    assert!(seen.len() > PUBLISHED.len(), "no dependencies were found");
    assert!(wrong.is_empty(), "we state Rust {ours}, but {}", wrong.join(", "));
}

#[test]
fn what_we_state_is_said_everywhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("the file is there");
    let manifest = read("Cargo.toml");
    let stated = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("stated");
    let stated = stated.trim_matches('"');
    for name in ["README.md", "core/README.md", "core/src/lib.rs"] {
        assert!(read(name).contains(stated), "{name} does not say {stated}");
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}
